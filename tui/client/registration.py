"""From an open link to being welcome: capabilities, password, nick, device, rooms to be in.

Specification: IRCv3 capability-negotiation; modern IRC "Connection Registration";
docs/protocol.md "resend".
"""

from collections.abc import Iterable
from typing import Final

from common.capabilities import CAPABILITIES, RESEND
from common.casemap import NICK_CHARACTERS_MAX, fold, is_nick, user_name
from tui.client import login, missed, security
from tui.client.cleaning import cleaned, read_number
from tui.client.core import Core
from tui.client.intents import IntentRefused
from tui.client.session import Negotiation, Request, Session
from tui.client.state import Connection
from tui.client.updates import ConnectionChanged, NickRefused, Told

REGISTRATION_TIMEOUT_S: Final = 30.0
GREETING: Final = "greeting"
"""Token of the PING behind the welcome: its PONG ends the greeting even without a MOTD."""

NICK_RECLAIM_S: Final = 30.0
"""How often we ask for the wanted nick again while our own old link still holds it."""

NICK_FREED_S: Final = 8.0
"""When we ask first: by then a server that knows the device has found the old link dead."""

ERRONEOUS: Final = "432"
"""The numeric for a nick that nobody can have; the others are about who has it."""

NICKS_TRIED_MAX: Final = 5
OFFERED_MAX: Final = 500
REQ_BYTES_MAX: Final = 400
"""Names in one CAP REQ: the line stays below 512 bytes with its frame."""

WANTED: Final = {row.name: row for row in CAPABILITIES if row.wanted}


def is_one_word(nick: str) -> bool:
    """Whether `nick` can stand in a line at all; what a server allows is for the server to say."""
    return bool(nick) and " " not in nick and nick[0] != ":" and cleaned(nick) == nick


def begin(core: Core, encrypted: bool) -> None:
    """The link is open: introduce ourselves."""
    core.session = Session(opened_at=core.now, last_heard=core.now, encrypted=encrypted)
    core.state.capabilities = frozenset()
    core.state.isupport, core.state.offered, core.state.account = {}, {}, ""
    core.state.operator = False
    core.state.connection = Connection.REGISTERING
    core.state.nick = core.nick_wanted
    core.changes.add(ConnectionChanged())
    core.send("CAP", "LS", "302")
    if core.options.password:
        core.send("PASS", core.options.password)
    core.send("NICK", core.nick_wanted)
    core.send("USER", user_name(core.nick_wanted), "0", "*", core.nick_wanted)


def offered(core: Core, names: Iterable[str], more: bool) -> None:
    """A line of CAP LS: collect, and after the last one request what we want."""
    found = core.session.offered
    found.extend(_note_offered(core, names))
    del found[OFFERED_MAX:]
    if more or core.session.negotiation is not Negotiation.LISTING:
        return
    if security.port_required(core):
        return
    core.session.negotiation = Negotiation.REQUESTING
    request(core, found)
    _end_when_answered(core)


def came_up(core: Core, names: Iterable[str]) -> None:
    """CAP NEW: there is more on offer."""
    found = _note_offered(core, names)
    if not security.port_required(core):
        request(core, found)


def _note_offered(core: Core, names: Iterable[str]) -> list[str]:
    """Keep the values of capabilities on offer; their names."""
    held, found = core.state.offered, []
    for word in names:
        name, _, value = word.partition("=")
        found.append(name)
        if name in held or len(held) < OFFERED_MAX:
            held[name] = value
    return found


def request(core: Core, names: Iterable[str]) -> None:
    """Ask for those of `names` that we want and do not have."""
    wanted = [
        name
        for name in dict.fromkeys(names)
        if name in WANTED and name not in core.state.capabilities
    ]
    line: list[str] = []
    for name in wanted:
        if line and len(" ".join([*line, name])) > REQ_BYTES_MAX:
            _request_line(core, line)
            line = []
        line.append(name)
    if line:
        _request_line(core, line)


def _request_line(core: Core, names: list[str]) -> None:
    core.session.unanswered_reqs += 1
    core.send("CAP", "REQ", " ".join(names))


def acknowledged(core: Core, names: Iterable[str]) -> None:
    """CAP ACK: the capabilities are on, those with a dash off."""
    held = dict.fromkeys(core.state.capabilities)
    for name in names:
        if name.startswith("-"):
            held.pop(name[1:], None)
        elif name in WANTED:
            held[name] = None
    core.state.capabilities = frozenset(held)
    _answered(core)


def refused(core: Core, names: list[str]) -> None:
    """CAP NAK: a refused group is asked for one by one, a single one is done without."""
    if len(names) > 1:
        for name in names:
            if name in WANTED:
                _request_line(core, [name])
    _answered(core)


def withdrawn(core: Core, names: list[str]) -> None:
    """CAP DEL: the capabilities are off."""
    core.state.capabilities = core.state.capabilities.difference(names)
    for name in names:
        core.state.offered.pop(name, None)


def _answered(core: Core) -> None:
    core.session.unanswered_reqs = max(0, core.session.unanswered_reqs - 1)
    _end_when_answered(core)


def _end_when_answered(core: Core) -> None:
    session = core.session
    if session.negotiation is not Negotiation.REQUESTING or session.unanswered_reqs:
        return
    session.negotiation = Negotiation.ENDED
    if not login.begin(core):
        complete(core)


def complete(core: Core) -> None:
    """Everything is agreed on and we are logged in, if we want to be: let us in."""
    if core.has(RESEND) and core.options.device:
        core.session.device_sent = True
        core.send("DEVICE", core.options.device)
    core.send("CAP", "END")


def welcomed(core: Core, nick: str, network: str) -> None:
    """001: we are registered under `nick`."""
    state, session = core.state, core.session
    state.nick, state.network = nick or state.nick, network
    if session.negotiation is Negotiation.LISTING:  # the server knows nothing of CAP
        login.begin(core)
    state.connection, state.reason, state.retry_at = Connection.ONLINE, "", 0.0
    session.negotiation = Negotiation.ENDED
    core.changes.add(ConnectionChanged())
    if fold(state.nick) != fold(core.nick_wanted):
        if session.nick_with_person:
            core.nick_wanted = state.nick
        else:
            session.nick_deadline = core.now + NICK_FREED_S
            text = (
                f"The nick {core.nick_wanted} is taken for now: using {state.nick}, and "
                f"{core.nick_wanted} again as soon as it is free."
            )
            core.changes.add(Told(text))
    core.send("PING", GREETING)


def greeted(core: Core) -> None:
    """The greeting is read to its end: enter the rooms we belong in."""
    if core.session.ready:
        return
    core.session.ready = True
    first_time = not core.was_online
    core.was_online = True
    rooms = dict(core.rejoin)
    if first_time:
        for name in core.options.autojoin:
            room = name if core.is_room(name) else f"#{name}"
            rooms.setdefault(fold(room), room)
    focus = first_time
    for key, room in rooms.items():
        entering = Request("JOIN", key, key, quiet=key in core.rejoin, focus=focus)
        focus = False
        _enter(core, entering, room)
    missed.ask(core)
    if core.state.away:
        core.ask(Request("AWAY", quiet=True), "AWAY", core.state.away)


def _enter(core: Core, entering: Request, room: str) -> None:
    try:
        core.ask(entering, "JOIN", room, *filter(None, [core.room_keys.get(fold(room))]))
    except IntentRefused:
        core.changes.add(Told(f"{room} is not the name of a room.", failure=True))


def nick_variant(nick: str, tried: list[str], characters_max: int) -> str:
    """A nick like `nick` that was not tried yet on this link."""
    endings = ["_", *(str(number) for number in range(2, 100))]
    refused_nicks = {fold(name): None for name in tried}
    for ending in endings:
        variant = nick[: characters_max - len(ending)] + ending
        if fold(variant) not in refused_nicks:
            return variant
    return nick


def nick_words(code: str, nick: str, reason: str) -> str:
    """Why a nick cannot be had, with what in it is to blame where that can be told.

    `code` is the numeric, `reason` the server's own words.
    """
    if code != ERRONEOUS:
        return f"{nick}: {reason}" if "in use" in reason.lower() else f"{nick} is taken: {reason}"
    marks = _to_blame(nick)
    because = f" because of {', '.join(marks)}" if marks else ""
    return f"{nick} is not allowed here{because}: {reason}"


def _to_blame(nick: str) -> list[str]:
    """What in a nick many servers do not take; empty where that cannot be seen."""
    marks = [mark for mark in dict.fromkeys(nick) if not is_nick(f"a{mark}")]
    return marks or ([f"its beginning with {nick[0]}"] if not is_nick(nick[:1]) else [])


def nick_refused(core: Core, nick: str, code: str, reason: str) -> None:
    """The nick cannot be had while registering: ask the person, or heal by a variant.

    After a reconnect nobody may be watching and the holder is most likely our own dead link,
    so a variant is taken and the wanted nick asked for again from time to time.
    """
    session = core.session
    session.nicks_tried.append(nick)
    allowed = read_number(core.state.isupport.get("NICKLEN", "")) or NICK_CHARACTERS_MAX
    variant = nick_variant(core.nick_wanted, session.nicks_tried, allowed)
    if core.was_online and len(session.nicks_tried) <= NICKS_TRIED_MAX:
        core.state.nick = variant
        core.send("NICK", variant)
        return
    session.nick_with_person = True
    core.changes.add(NickRefused(nick, nick_words(code, nick, reason), variant))


def nick_taken(core: Core, nick: str, wanted: bool) -> None:
    """Our nick is now `nick`; `wanted` by us, and so to be had on later links too."""
    core.state.nick = nick
    if wanted:
        core.nick_wanted = nick
    if fold(nick) == fold(core.nick_wanted):
        core.session.nick_deadline = None
    if core.source:
        core.source = f"{nick}!{core.source.partition('!')[2]}"
    core.changes.add(ConnectionChanged())


def nick_given_up(core: Core, nick: str) -> None:
    """Someone has left or is called otherwise now: the nick we wait for may be free."""
    if core.session.nick_deadline is not None and fold(nick) == fold(core.nick_wanted):
        core.session.nick_deadline = core.now


def next_deadline(core: Core) -> float | None:
    """When registration has taken too long, or the wanted nick is asked for again."""
    session = core.session
    if core.state.connection is Connection.REGISTERING:
        return None if session.nick_with_person else session.opened_at + REGISTRATION_TIMEOUT_S
    return session.nick_deadline if core.online else None


def reclaim_nick(core: Core) -> None:
    """Ask for the wanted nick again when it is time to."""
    deadline = core.session.nick_deadline
    if core.online and deadline is not None and core.now >= deadline:
        core.session.nick_deadline = core.now + NICK_RECLAIM_S
        wanted = core.nick_wanted
        core.ask(Request("NICK", fold(wanted), quiet=True), "NICK", wanted)
