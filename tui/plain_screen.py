"""The client as lines: what is said and what happened goes out, one line each, in words.

One conversation at a time is spoken to; what is said in another is printed with its name. The
commands are those of the table. Nothing here draws, and nothing is printed twice.
"""

from collections.abc import Callable, Iterable
from typing import Final

import tui.commands  # noqa: F401 - fills the table
from common.casemap import fold
from tui.address import AddressInvalid, join_line, join_words, read_address
from tui.client.client import Client, IntentRefused
from tui.client.state import STATUS, BufferKind, Connection, Delivery, Item, ItemKind, Member
from tui.client.updates import (
    BufferClosed,
    BufferOpened,
    CertificateChanged,
    ConnectionChanged,
    InvitationMade,
    ItemChanged,
    ItemsAppended,
    ItemsPrepended,
    LobbyChanged,
    Told,
    Update,
)
from tui.commands.complete import where_is
from tui.commands.parse import AskOnce, Parsed, Refused, Run, Say, parse
from tui.commands.run import run
from tui.commands.table import COMMANDS, CommandRefused, Context, is_offered
from tui.config import Launch
from tui.connector import MakeLink
from tui.headless import Headless
from tui.preferences import Value
from tui.render.sides import Spot, next_unread, rooms_in_order, server_titles
from tui.render.spoken import spoken
from tui.render.words import connection_words

ITEMS_AT_ONCE_MAX: Final = 20
"""Of a page of history the newest lines are printed, the rest counted."""

ROOMS_LISTED_MAX: Final = 50
"""Of the rooms there are those with the most people are printed."""

_ANSWERS: Final = ("run", "say")


class PlainScreen:
    """What the commands ask of a screen, in lines.

    `out` prints one, `leave` ends the program, `now` is the clock of `State.retry_at`.
    """

    def __init__(
        self,
        launch: Launch,
        out: Callable[[str], None],
        leave: Callable[[], None],
        now: Callable[[], float],
        make_link: MakeLink,
    ) -> None:
        self._launch = launch
        self._out = out
        self._now = now
        self._last: Spot | None = None
        self._connection_said: dict[str, str] = {}  # by server
        self._awaited: dict[int, None] = {}  # our own items without an echo
        self._opened: dict[Spot, None] = {}  # conversations whose history was printed
        self._newest: dict[Spot, int] = {}  # the newest item printed, by its id
        self._question: AskOnce | None = None
        self.headless = Headless(launch, self._take, make_link)
        self._actions: dict[str, Callable[[], None]] = {
            "quit": leave,
            "help": self._help,
            "lobby": lambda: self.show(STATUS),
            "status": lambda: self.show(STATUS),
            "next_room": lambda: self._step(1),
            "previous_room": lambda: self._step(-1),
            "next_unread": self._next_unread,
            "last_room": lambda: self._go(self._last) if self._last else None,
            "go_to_room": self._list_rooms,
            "toggle_rooms": self._list_rooms,
            "toggle_members": self._list_members,
            "retry_connection": self._reconnect,
            "disconnect": self._hang_up,
        }

    # -- where one is --------------------------------------------------------------------------

    @property
    def client(self) -> Client:
        """The core one is talking through."""
        return self.headless.servers.active

    @property
    def prompt(self) -> str:
        """Where what is typed will go."""
        if not self.headless.servers.clients:
            return "> "
        state = self.client.state
        return f"{self._title(self.client, state.current)}> "

    def _title(self, client: Client, key: str) -> str:
        """A conversation's name; with its server's where there are several."""
        buffer = client.state.buffers[key]
        title = "lobby" if buffer.kind is BufferKind.STATUS else buffer.title
        states = self.headless.servers.states
        if len(states) < 2:
            return title
        return f"{server_titles(states)[client.state.server]}/{title}"

    # -- what the person writes ----------------------------------------------------------------

    def take_line(self, line: str) -> None:
        """Do what a typed line means."""
        if not line.strip():
            return
        if not self.headless.servers.clients:
            self.connect(line.strip())
            return
        question, self._question = self._question, None
        if question is not None and line.strip() in _ANSWERS:
            self._do(question.run if line.strip() == "run" else Say(question.text))
            return
        state = self.client.state
        where = where_is(state, state.current)
        self._do(parse(line, where, self._is_room, state.offered))

    def _do(self, parsed: Parsed) -> None:
        current = self.client.state.current
        match parsed:
            case Refused(text=text):
                self.tell(text, failure=True)
            case AskOnce(text=text):
                self._question = parsed
                self.tell(f"“{text}” is also a command: write run to run it, say to say it.")
            case Say(text=text):
                self._intend(lambda: self._say(current, text))
            case Run():
                context = Context(self.client, self, current)
                self._intend(lambda: run(parsed, context))

    def _say(self, key: str, text: str) -> None:
        """Say it; what cannot be said now is told again when one comes here next."""
        before = self.client.state.drafts.get(key, "")
        try:
            self.client.say(key, text)
        except IntentRefused:
            self.client.keep_draft(key, "\n".join(filter(None, [before, text])))
            raise
        self.client.keep_draft(key, "")

    def leave_typed(self, text: str) -> None:
        """Keep what is begun and not ended, unless it is a command: that may hold a password."""
        if not text.strip() or text.startswith("/") or not self.headless.servers.clients:
            return
        key = self.client.state.current
        if key != STATUS:
            before = self.client.state.drafts.get(key, "")
            self.client.keep_draft(key, "\n".join(filter(None, [before, text])))

    def _intend(self, intent: Callable[[], None]) -> None:
        try:
            intent()
        except (IntentRefused, CommandRefused) as refusal:
            self.tell(str(refusal), failure=True)
        self.headless.servers.poke()

    def _is_room(self, name: str) -> bool:
        state = self.client.state
        known = [buffer.name for buffer in state.buffers.values()]
        known += [listing.name for listing in state.lobby]
        return fold(name.removeprefix("#")) in {fold(each.removeprefix("#")) for each in known}

    # -- what commands ask of a screen ---------------------------------------------------------

    def tell(self, text: str, failure: bool = False) -> None:
        """One line of answer or refusal."""
        self._out(f"! {text}" if failure else f"- {text}")

    def show(self, buffer: str) -> None:
        """Speak to another conversation of this server from now on."""
        self._go(Spot(self.client.state.server, buffer))

    def connect(self, server: str) -> None:
        """Connect to a server, too. Raises `CommandRefused`."""
        if not server:
            raise CommandRefused("Write the server, too: /connect chat.example.org")
        try:
            address = read_address(server, self._launch.plain)
        except AddressInvalid as error:
            raise CommandRefused(f"{error}.") from None
        found = self.headless.servers.find(str(address))
        if found is not None:
            found.connect()
        else:
            self.headless.connect(address, self._launch.remembered.nick)
        self._go(Spot(str(address)))

    def prefer(self, name: str, value: Value) -> None:  # noqa: ARG002
        """Preferences are for the full screen."""
        raise CommandRefused("This is for the full screen: start chat-tui without --plain.")

    def keep_quiet(self, how_long: str = "") -> None:  # noqa: ARG002
        """Lines disturb nobody who does not read them."""
        raise CommandRefused("This is for the full screen: start chat-tui without --plain.")

    def perform(self, action: str) -> None:
        """Run an action that only exists on a screen, as far as it can be put in lines."""
        if action not in self._actions:
            raise CommandRefused("This needs the full screen: start chat-tui without --plain.")
        self._actions[action]()

    def _go(self, spot: Spot) -> None:
        before = Spot(self.client.state.server, self.client.state.current)
        client = self.headless.servers.activate(spot)
        if client is None:
            return
        if spot != before:
            self._last = before
        buffer = client.state.buffers[spot.buffer]
        about = buffer.topic or ("the rooms there are: /list" if not spot.buffer else "")
        self.tell(f"You are in {self._title(client, spot.buffer)}.{' ' if about else ''}{about}")
        self._print_missed(client, spot)
        for line in client.state.drafts.get(spot.buffer, "").splitlines():
            self.tell(f"You wrote here, and did not send: {line}")
        client.mark_read(spot.buffer)

    def _print_missed(self, client: Client, spot: Spot) -> None:
        buffer = client.state.buffers[spot.buffer]
        if spot not in self._opened and spot.buffer != STATUS and buffer.items:
            self._opened[spot] = None
            self._print(client, spot.buffer, buffer.items)

    def _step(self, step: int) -> None:
        rooms = rooms_in_order(self.headless.servers.states, self.client.state)
        at = next((index for index, room in enumerate(rooms) if room.current), 0)
        self._go(rooms[(at + step) % len(rooms)].spot)

    def _next_unread(self) -> None:
        spot = next_unread(self.headless.servers.states, self.client.state)
        if spot is None:
            self.tell("Nothing is unread.")
        else:
            self._go(spot)

    def _list_rooms(self) -> None:
        for room in rooms_in_order(self.headless.servers.states, self.client.state):
            client = next(
                c for c in self.headless.servers.clients if c.state.server == room.spot.server
            )
            unread = f", {room.badge} unread" if room.badge else ""
            here = ", you are here" if room.current else ""
            self._out(f"  {self._title(client, room.spot.buffer)}{unread}{here}")

    def _list_members(self) -> None:
        state = self.client.state
        members = state.buffers[state.current].members.values()
        self.tell(", ".join(map(_member, members)) or "Nobody to list here.")

    def _reconnect(self) -> None:
        connector = self.headless.servers.find(self.client.state.server)
        assert connector is not None
        connector.connect()

    def _hang_up(self) -> None:
        connector = self.headless.servers.find(self.client.state.server)
        assert connector is not None
        connector.hang_up()

    def _help(self) -> None:
        state = self.client.state
        where = where_is(state, state.current)
        for row in COMMANDS.values():
            known = not row.screen_action or row.screen_action in self._actions
            if row.slash and known and row.where & where and is_offered(row, state.offered):
                self._out(f"  /{row.usage}: {row.summary}")

    # -- what happens --------------------------------------------------------------------------

    def _take(self, client: Client, update: Update) -> None:
        match update:
            case ConnectionChanged():
                self._say_connection(client)
            case CertificateChanged(text=text):
                self.tell(text, failure=True)
            case Told(text=text, failure=failure):
                self.tell(text, failure)
            case InvitationMade(room=room, token=token):
                self.tell(f"A friend gets into {room.removeprefix('#')} so:")
                self._out(f"  {join_line(client.state.server, room, token)}")
                self._out(f"  {join_words(room, token)}")
            case BufferOpened(buffer=key, focus=True) if client is self.client:
                self._go(Spot(client.state.server, key))
            case BufferClosed(buffer=key):
                self._opened.pop(Spot(client.state.server, key), None)
                here = self._title(self.client, self.client.state.current)
                self.tell(f"{key} is closed; you are in {here}.")
            case LobbyChanged():
                self._list_lobby(client)
            case ItemsAppended(buffer=key, items=items):
                newest = self._newest.get(Spot(client.state.server, key), 0)
                self._print(client, key, [item for item in items if item.id > newest])
            case ItemsPrepended(buffer=key, count=count):
                spot = Spot(client.state.server, key)
                if spot not in self._opened or client.state.current == key:
                    self._print(client, key, client.state.buffers[key].items[:count])
                self._opened[spot] = None
            case ItemChanged(buffer=key, item=item) if item.id in self._awaited:
                del self._awaited[item.id]
                self._print(client, key, [item])
            case _:
                pass

    def _list_lobby(self, client: Client) -> None:
        listings = client.state.lobby
        self.tell(f"{len(listings)} rooms on {client.state.network or client.state.server}")
        for room in sorted(listings, key=lambda room: -room.members)[:ROOMS_LISTED_MAX]:
            topic = f": {room.topic}" if room.topic else ""
            self._out(f"  {room.name.removeprefix('#')}, {room.members} there{topic}")

    def _say_connection(self, client: Client) -> None:
        words = connection_words(client.state, self._now(), "/reconnect").text
        online = client.state.connection is Connection.ONLINE
        text = words or (
            f"You are on {client.state.network or client.state.server} as {client.state.nick}."
            if online
            else ""
        )
        kind = f"{client.state.connection}{client.state.nick}"
        if self._connection_said.get(client.state.server) != kind:
            self._connection_said[client.state.server] = kind
            self.tell(text, failure=client.state.connection is Connection.WAITING)

    def _print(self, client: Client, key: str, items: Iterable[Item]) -> None:
        shown = [item for item in items if item.kind is not ItemKind.GREETING]
        spot = Spot(client.state.server, key)
        self._newest[spot] = max((item.id for item in shown), default=self._newest.get(spot, 0))
        pending = [item for item in shown if item.delivery is Delivery.PENDING]
        self._awaited.update({item.id: None for item in pending})
        shown = [item for item in shown if item.delivery is not Delivery.PENDING]
        elsewhere = client is not self.client or key != client.state.current
        before = f"[{self._title(client, key)}] " if elsewhere and key else ""
        if len(shown) > ITEMS_AT_ONCE_MAX:
            self.tell(f"{before}{len(shown) - ITEMS_AT_ONCE_MAX} earlier lines are left out.")
        for item in shown[-ITEMS_AT_ONCE_MAX:]:
            for line in spoken(item).splitlines():
                self._out(f"{before}{line}")


def _member(member: Member) -> str:
    return f"{member.signs[:1]}{member.nick}{' (away)' if member.away else ''}"
