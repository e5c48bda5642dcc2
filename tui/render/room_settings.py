"""How a room is set, in plain words: what one may change, and what one is only told.

Reads state and makes rows; a setting of a server that is not ours has its letter for a name where
there are no words for it.
"""

from datetime import tzinfo
from enum import Enum, auto
from typing import Final, NamedTuple

from common.casemap import fold
from common.text import plain
from tui.client.items import CHANMODES_DEFAULT
from tui.client.mode_words import takes_of
from tui.client.powers import Deed, may
from tui.client.room_settings import BAN, KEEPING, NAME, TOPIC, can_rename
from tui.client.serving import OURS
from tui.client.state import Ban, Buffer, Connection, State
from tui.render.clock import day_and_time

BANS_SHOWN_MAX: Final = 200

PEOPLE: Final = "people"
INVITATION: Final = "invitation"
"""Rows that lead elsewhere."""


class Kind(Enum):
    """What changing a setting is like."""

    FLAG = auto()  # on or off
    WORD = auto()  # typed; nothing typed takes it off
    TEXT = auto()  # typed, and never nothing
    BAN = auto()  # there, or lifted
    LINK = auto()  # no setting: leads elsewhere


class Setting(NamedTuple):
    """One row. `value` is what stands, in the words of the server; `shown` in ours."""

    name: str
    label: str
    kind: Kind
    value: str
    shown: str
    editable: bool
    hint: str = ""  # what can be typed


class Section(NamedTuple):
    """Rows under a heading; `sentence` is said where there are none."""

    heading: str
    settings: list[Setting]
    sentence: str = ""


class _Mode(NamedTuple):
    """A mode in words. With a `hint` it takes a parameter; `none` says that it has none."""

    letter: str
    label: str
    none: str = ""
    hint: str = ""


_ENTERING: Final = (
    _Mode("i", "Only people who were invited"),
    _Mode("R", "Only people with an account"),
    _Mode("k", "Key that is asked for", "none", "one word, or nothing for no key"),
    _Mode("l", "People at most", "any number", "a number, or nothing for no limit"),
    _Mode("s", "Left out of the list of rooms"),
)

_SPEAKING: Final = (
    _Mode("m", "Only people with voice, and those who run it"),
    _Mode("M", "Only people with an account"),
    _Mode("n", "Only people who are inside"),
    _Mode("C", "No requests between programs (CTCP)"),
)

_OURS_ONLY: Final = (
    _Mode("W", "Seconds between messages", "none", "a number, or nothing; for each person"),
    _Mode("U", "What people without a role say is for moderators only"),
    _Mode("u", "People without a role do not see one another"),
)

_OF_THE_TOPIC: Final = (_Mode("t", "Only those who run the room set the topic"),)

_KEEPING: Final = {"forever": "for ever", "nothing": "nothing is kept"}


def sections_of(state: State, buffer: Buffer, zone: tzinfo | None) -> list[Section]:
    """Everything about how a room is set, the most wanted first."""
    chanmodes = state.isupport.get("CHANMODES") or CHANMODES_DEFAULT
    known = takes_of(chanmodes, ())
    ours = OURS in state.capabilities
    speaking = (*_SPEAKING, *(_OURS_ONLY if ours else ()))
    everything = (*_ENTERING, *speaking, *_OF_THE_TOPIC)
    told = [] if buffer.modes is None else [*buffer.modes]
    besides = [letter for letter in told if letter not in {mode.letter for mode in everything}]

    def modes(rows: tuple[_Mode, ...]) -> list[Setting]:
        settings = [_mode(state, buffer, row) for row in rows if row.letter in known]
        return [each for each in settings if each.editable or each.value]

    sections = [
        Section("The room", _of_the_room(state, buffer, modes(_OF_THE_TOPIC))),
        Section("Who may enter", modes(_ENTERING), "Everyone."),
        Section("Who may speak", modes(speaking), "Everyone."),
        Section(f"Banned or muted{_count(buffer)}", _bans(state, buffer, zone), _no_bans(buffer)),
    ]
    if besides:
        held = buffer.modes or {}
        sentence = ", ".join(f"mode {letter} {held[letter]}".strip() for letter in besides)
        sections.append(Section("Besides", [], plain(sentence)))
    if buffer.modes is None:
        return [sections[0], Section("", [], "Asking the server for the rest…")]
    return sections


def may_here(state: State, buffer: Buffer, deed: Deed) -> bool:
    """Whether one may do something in a room, by one's own signs."""
    member = buffer.members.get(fold(state.nick))
    if member is None or not buffer.joined or state.connection is not Connection.ONLINE:
        return False
    return may(deed, member.signs, "", state.prefixes, state.operator)


def _of_the_room(state: State, buffer: Buffer, of_topic: list[Setting]) -> list[Setting]:
    open_topic = buffer.modes is not None and "t" not in buffer.modes
    inside = buffer.joined and state.connection is Connection.ONLINE
    sets_topic = (inside and open_topic) or may_here(state, buffer, Deed.TOPIC)
    topic = plain(buffer.topic)
    rows = [
        Setting(TOPIC, "Topic", Kind.WORD, topic, topic or "none", sets_topic, "a line of text"),
        *of_topic,
    ]
    renames = can_rename(state.offered) and may_here(state, buffer, Deed.RENAME)
    rows.append(Setting(NAME, "Name", Kind.TEXT, buffer.title, buffer.title, renames, "one word"))
    if buffer.keeping:
        keeps = OURS in state.capabilities and may_here(state, buffer, Deed.KEEPING)
        rows.append(
            Setting(
                KEEPING,
                "What is said is kept",
                Kind.TEXT,
                buffer.keeping,
                keeping_words(buffer.keeping),
                keeps,
                "forever, nothing, 30d, or 5000 messages",
            )
        )
    count = len(buffer.members)
    if inside:
        rows.append(
            Setting(PEOPLE, "People and roles", Kind.LINK, "", f"{count} here…", editable=True)
        )
        rows.append(
            Setting(INVITATION, "A link that lets friends in", Kind.LINK, "", "…", editable=True)
        )
    return rows


def keeping_words(choice: str) -> str:
    """How long a room keeps what is said: ``30d``, ``5000``, ``forever``, ``nothing``."""
    if choice.endswith("d") and choice[:-1].isdecimal():
        return f"{choice[:-1]} days"
    return f"the newest {choice}" if choice.isdecimal() else _KEEPING.get(choice, choice)


def _mode(state: State, buffer: Buffer, row: _Mode) -> Setting:
    modes = buffer.modes or {}
    is_set = row.letter in modes
    parameter = plain(modes.get(row.letter, ""))
    editable = may_here(state, buffer, Deed.SETTINGS)
    if row.hint:
        shown = (parameter or "yes") if is_set else row.none
        return Setting(row.letter, row.label, Kind.WORD, parameter, shown, editable, row.hint)
    value = "yes" if is_set else ""
    return Setting(row.letter, row.label, Kind.FLAG, value, value or "no", editable)


def _count(buffer: Buffer) -> str:
    return f" ({len(buffer.bans)})" if buffer.bans else ""


def _no_bans(buffer: Buffer) -> str:
    return "Asking…" if buffer.bans is None else "Nobody."


def _bans(state: State, buffer: Buffer, zone: tzinfo | None) -> list[Setting]:
    editable = may_here(state, buffer, Deed.BAN)
    bans = (buffer.bans or [])[:BANS_SHOWN_MAX]
    return [
        Setting(
            f"{BAN}{ban.mask}", mask_words(ban.mask), Kind.BAN, "yes", _by_whom(ban, zone), editable
        )
        for ban in bans
    ]


def mask_words(mask: str) -> str:
    """A mask for people: that it mutes only, and that an account is meant."""
    bare, is_mute = mask.removeprefix("m:"), mask.startswith("m:")
    kind, _, name = bare.partition(":")
    whom = f"the account {name}" if kind in ("a", "account") and name else bare
    return f"{plain(whom)}{' (muted)' if is_mute else ''}"


def _by_whom(ban: Ban, zone: tzinfo | None) -> str:
    when = day_and_time(ban.set_ms, zone) if ban.set_ms else ""
    return ", ".join(filter(None, [f"by {plain(ban.setter)}" if ban.setter else "", when]))
