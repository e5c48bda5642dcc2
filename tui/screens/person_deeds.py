"""What is done about a person: TABLE of the deeds a card offers, and one function for each.

A deed is offered only to those who may do it, by `powers.may` and what the server can.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from functools import partial
from typing import Any, Final, NamedTuple, Protocol

from textual.app import App

from common.casemap import fold
from tui.client.client import Client
from tui.client.powers import Deed, may
from tui.client.room_settings import knows_mutes, mutes_of
from tui.client.serving import OURS
from tui.client.state import Buffer, BufferKind, Connection, Member, State
from tui.commands.moderation import DURATION
from tui.screens.card import Card
from tui.screens.dialogs import Field, Form
from tui.screens.go_to import GoTo, Place
from tui.screens.menus import Entry
from tui.screens.room_settings import RoomSettings
from tui.widgets.composer import Composer


class View(NamedTuple):
    """A person as one meets them: in the room on the screen, or in none."""

    state: State
    nick: str
    room: Buffer | None
    member: Member | None  # of that room

    @property
    def account(self) -> str:
        """Whose they are, if that is known."""
        person = self.state.people.get(fold(self.nick))
        return person.account if person is not None else ""

    @property
    def is_self(self) -> bool:
        """Whether it is oneself."""
        return fold(self.nick) == fold(self.state.nick)

    @property
    def muted(self) -> bool:
        """Whether a mute here is about them."""
        return self.room is not None and bool(mutes_of(self.room, self.nick, self.account))

    def may(self, deed: Deed) -> bool:
        """Whether one may do it to them here."""
        if self.is_self or self.state.connection is not Connection.ONLINE:
            return False
        room, member = self.room, self.member
        if deed is not Deed.KILL and (room is None or member is None):
            return False
        own = room.members.get(fold(self.state.nick)) if room is not None else None
        return may(
            deed,
            own.signs if own is not None else "",
            member.signs if member is not None else "",
            self.state.prefixes,
            self.state.operator,
        )

    def has(self, letter: str) -> bool:
        """Whether they have the role `letter` here."""
        signs = self.member.signs if self.member is not None else ""
        return any(self.state.prefixes.get(sign) == letter for sign in signs)


def view_of(state: State, room: str, nick: str) -> View:
    """`nick` as seen from the buffer `room`."""
    buffer = state.buffers.get(room)
    if buffer is None or buffer.kind is not BufferKind.ROOM or not buffer.joined:
        return View(state, nick, None, None)
    return View(state, nick, buffer, buffer.members.get(fold(nick)))


def rooms_to_invite_to(view: View) -> list[Buffer]:
    """The rooms of ours into which one may invite them."""
    state = view.state
    found = []
    for buffer in state.buffers.values():
        own = buffer.members.get(fold(state.nick))
        if not buffer.joined or own is None or fold(view.nick) in buffer.members:
            continue
        closed = "i" in (buffer.modes or {})
        if not closed or may(Deed.INVITE, own.signs, "", state.prefixes):
            found.append(buffer)
    return found


def _others(view: View) -> bool:
    return not view.is_self


def _ignored(view: View) -> bool:
    return fold(view.nick) in view.state.ignored


def _may_mute(view: View) -> bool:
    return view.may(Deed.MUTE) and knows_mutes(view.state.isupport)


class PersonDeed(NamedTuple):
    """One row: the letter on the card, the words, and for whom it is offered."""

    name: str
    sign: str
    words: str
    can: Callable[[View], bool]


DEEDS: Final = (
    PersonDeed("message", "m", "Write to them", _others),
    PersonDeed("mention", "@", "Name them in this room", lambda v: v.member is not None),
    PersonDeed("invite", "i", "Invite them to…", lambda v: _others(v) and _can_invite(v)),
    PersonDeed("ignore", "x", "Read nothing of them", lambda v: _others(v) and not _ignored(v)),
    PersonDeed("unignore", "x", "Read them again", _ignored),
    PersonDeed("voice", "v", "Give voice", lambda v: v.may(Deed.VOICE) and not v.has("v")),
    PersonDeed("devoice", "v", "Take voice", lambda v: v.may(Deed.VOICE) and v.has("v")),
    PersonDeed("moderator", "h", "Make moderator", lambda v: v.may(Deed.HALFOP) and not v.has("h")),
    PersonDeed(
        "demoderator", "h", "Take the moderator's role", lambda v: v.may(Deed.HALFOP) and v.has("h")
    ),
    PersonDeed("operator", "o", "Make operator", lambda v: v.may(Deed.OP) and not v.has("o")),
    PersonDeed(
        "deoperator", "o", "Take the operator's role", lambda v: v.may(Deed.OP) and v.has("o")
    ),
    PersonDeed(
        "mute", "q", "Mute: they read, and say nothing", lambda v: _may_mute(v) and not v.muted
    ),
    PersonDeed("unmute", "q", "Let them speak again", lambda v: _may_mute(v) and v.muted),
    PersonDeed("kick", "k", "Remove from the room…", lambda v: v.may(Deed.KICK)),
    PersonDeed("ban", "b", "Ban from the room…", lambda v: v.may(Deed.BAN)),
    PersonDeed("kill", "D", "End their connection…", lambda v: v.may(Deed.KILL)),
)


def _can_invite(view: View) -> bool:
    online = view.state.connection is Connection.ONLINE
    return online and bool(rooms_to_invite_to(view))


def deeds_for(view: View) -> list[PersonDeed]:
    """What one may do about a person."""
    return [deed for deed in DEEDS if deed.can(view)]


_ROLES: Final = {"voice": "voice", "moderator": "moderator", "operator": "operator"}


class Frame(Protocol):
    """What the deeds need of the frame."""

    composer: Composer

    @property
    def app(self) -> App[Any]:
        """The app."""

    def want(self, intent: Callable[[Client], None]) -> None:
        """Ask the core for something."""


class PersonDeeds:
    """The cards of one frame. `state` gives that of the server on the screen."""

    def __init__(self, frame: Frame, state: Callable[[], State], zone: tzinfo | None) -> None:
        self._frame = frame
        self._state = state
        self._zone = zone
        self._deeds: dict[str, Callable[[View], None]] = {
            "message": self._message,
            "mention": self._mention,
            "invite": self._invite,
            "ignore": lambda view: self._want(lambda client: client.ignore(view.nick)),
            "unignore": lambda view: self._want(lambda client: client.unignore(view.nick)),
            "mute": partial(self._mute, True),
            "unmute": partial(self._mute, False),
            "kick": self._kick,
            "ban": self._ban,
            "kill": self._kill,
            **{role: partial(self._role, role, True) for role in _ROLES},
            **{f"de{role}": partial(self._role, role, False) for role in _ROLES},
        }
        assert set(self._deeds) == {deed.name for deed in DEEDS}

    def open(self, nick: str) -> None:
        """Show someone's card, and ask the server who they are."""
        state = self._state()
        room = state.current
        view = view_of(state, room, nick)

        def entries() -> Sequence[Entry]:
            deeds = deeds_for(view_of(state, room, nick))
            return [Entry(deed.name, deed.sign, deed.words) for deed in deeds]

        def do(name: str | None) -> None:
            if name:
                self._deeds[name](view_of(state, room, nick))
            else:
                self._frame.composer.focus()

        self._frame.app.push_screen(Card(state, room, nick, entries, self._zone), do)
        if state.connection is not Connection.ONLINE:
            return
        self._want(lambda client: client.look_up(nick))
        if view.room is not None and view.room.bans is None and _may_mute(view):
            self._want(lambda client: client.look_for_bans(room))

    def choose(self) -> None:
        """Show the card of one of those who are here, to be found by a few letters."""
        state = self._state()
        here = state.buffers[state.current].members.values()
        everyone = [each for buffer in state.buffers.values() for each in buffer.members.values()]
        nicks = {fold(each.nick): each for each in [*here, *everyone]}
        places = [
            Place("card", each.nick, f"{each.signs[:1]}{each.nick}", "away" if each.away else "")
            for each in nicks.values()
        ]

        def take(place: Place | None) -> None:
            if place is not None:
                self.open(place.target)

        self._frame.app.push_screen(People(places), take)

    def open_settings(self) -> None:
        """Show how the room on the screen is set, and change it."""
        state = self._state()
        want = self._frame.want
        self._frame.app.push_screen(
            RoomSettings(state, state.current, want, self.choose, self._zone)
        )

    # -- one by one ------------------------------------------------------------------------------

    def _want(self, intent: Callable[[Client], None]) -> None:
        self._frame.want(intent)
        self._frame.composer.focus()

    def _message(self, view: View) -> None:
        self._want(lambda client: client.open_direct(view.nick))

    def _mention(self, view: View) -> None:
        composer = self._frame.composer
        begins = not composer.text.strip()
        composer.type(f"{view.nick}: " if begins else f"{view.nick} ")
        composer.focus()

    def _invite(self, view: View) -> None:
        rooms = rooms_to_invite_to(view)
        places = [Place("room", room.key, room.title, room.topic) for room in rooms]

        def take(place: Place | None) -> None:
            if place is not None:
                self._want(lambda client: client.invite(place.target, view.nick))

        self._frame.app.push_screen(RoomsToInviteTo(places), take)

    def _role(self, role: str, gives: bool, view: View) -> None:
        self._in_room(view, lambda client, room: client.set_role(room, view.nick, role, gives))

    def _mute(self, mutes: bool, view: View) -> None:
        self._in_room(view, lambda client, room: client.mute(room, view.nick, mutes))

    def _in_room(self, view: View, intent: Callable[[Client, str], None]) -> None:
        room = view.room
        if room is not None:
            self._want(lambda client: intent(client, room.key))

    def _kick(self, view: View) -> None:
        def take(given: Mapping[str, str] | None) -> None:
            if given is not None:
                self._in_room(
                    view, lambda client, room: client.kick(room, view.nick, given["reason"])
                )

        title = f"Remove {view.nick} from {view.room.title if view.room else ''}?"
        self._frame.app.push_screen(Form(title, [_REASON], "removes them"), take)

    def _ban(self, view: View) -> None:
        fields = [_REASON, *([_UNTIL] if OURS in view.state.capabilities else [])]

        def take(given: Mapping[str, str] | None) -> None:
            if given is not None:
                reason, until = given["reason"], given.get("until", "")
                self._in_room(view, lambda client, room: client.ban(room, view.nick, reason, until))

        title = f"Keep {view.nick} out of {view.room.title if view.room else ''}, and remove them?"
        self._frame.app.push_screen(Form(title, fields, "bans them"), take)

    def _kill(self, view: View) -> None:
        def take(given: Mapping[str, str] | None) -> None:
            if given is not None:
                self._want(lambda client: client.kill(view.nick, given["reason"]))

        title = f"End the connection of {view.nick} to the server?"
        self._frame.app.push_screen(Form(title, [_REASON], "ends it"), take)


def _until_problem(typed: str) -> str:
    return "" if not typed or DURATION.match(typed) else "Write 30m, 2h, 7d or the like."


_REASON: Final = Field("reason", "Reason", placeholder="none")
_UNTIL: Final = Field(
    "until", "For how long", placeholder="for good; or 2h, 7d", problem=_until_problem
)


class People(GoTo):
    """Whose card to show."""

    PLACEHOLDER = "Whose card?"
    HINT = "Enter shows the card · Esc goes back"


class RoomsToInviteTo(GoTo):
    """Where to invite someone."""

    PLACEHOLDER = "Into which room?"
    HINT = "Enter invites · Esc goes back"
