"""People with our client: the real client core, and a shell on a virtual socket.

A person does what `tui.net` does after any stimulus: `advance`, write, hand over the updates.
A mirror keeps every buffer's items by the updates alone, as a screen does.
"""

import re
from collections.abc import Callable
from typing import Final

from tests.simulation.chance import Chance, Clock
from tests.simulation.checkers import Checkers
from tests.simulation.network import Link, Network
from tests.simulation.shelf_rows import Rows
from tests.simulation.trace import Trace
from tui.client.client import Client, IntentRefused
from tui.client.options import Options
from tui.client.order import Rank, rank
from tui.client.pending import KEY_LIFETIME_MS
from tui.client.shelf import Shelf
from tui.client.state import STATUS, BufferKind, Connection, Delivery, Item
from tui.client.updates import (
    BufferClosed,
    BufferOpened,
    ItemsAppended,
    ItemsPrepended,
    ItemsReordered,
    NickRefused,
    Told,
    Update,
)

READ_BYTES_MAX: Final = 64 << 10

CAPACITIES_BYTES: Final = (4 << 10, 32 << 10, 256 << 10)
"""What a link holds in the kernel's buffers, both ends together."""

UNKNOWN: Final = -1

KEPT_ITEMS: Final = 50
"""Of a room, for the next start: few enough that older ones are cut off."""

_LINKED: Final = (Connection.REGISTERING, Connection.ONLINE)

_TAKEN: Final = re.compile(r"The nick (\S+) is taken for now: using (\S+),")


class Person:
    """Someone at a terminal. `device` is ``""`` for a client without a device token."""

    private = False  # whether a password may be sent
    account = ("", "")  # to log in to, and its password

    def __init__(
        self,
        name: str,
        device: str,
        network: Network,
        clock: Clock,
        chance: Chance,
        trace: Trace,
        checkers: Checkers,
    ) -> None:
        self.name = name
        self.device = device
        self.clogged_until = 0.0
        self.link: Link | None = None
        self._network = network
        self._clock = clock
        self._chance = chance
        self._trace = trace
        self._checkers = checkers
        self._unwritten = b""
        self._links = 0  # that this client has been welcomed on
        self._nick_wanted = ""
        self._nick_for_now = ""  # the one we have until we get the one we want
        self._mirror: dict[str, list[int]] = {}
        self._read_anew: dict[str, None] = {}  # buffers read whole in this turn
        self.rows = Rows()  # what is kept for the next start
        self._shelf = Shelf()
        self.client = self._new_client()

    def _new_client(self) -> Client:
        rooms = [room for room, _ in self.rows.kept.rooms if room.kind == BufferKind.ROOM.name]
        autojoin = tuple(room.name for room in rooms)
        options = Options("chat.test:5555", self.name, device=self.device, autojoin=autojoin)
        options.private = self.private
        options.account, options.account_password = self.account
        client = Client(options, self._chance.token)
        self._shelf = Shelf()
        client.restore(self._shelf, self.rows.kept)
        client.advance(self._clock.now, self._clock.wall_ms)
        client.start()
        self._mirror = {STATUS: []}
        self._links = 0
        return client

    def start_anew(self) -> None:
        """The program is gone without a word, and started again with nothing kept."""
        self._hang_up()
        self.rows = Rows()
        self.client = self._new_client()
        self._trace.mark("client started anew")

    def start_again(self) -> None:
        """The program is gone without a word, and started again with what it kept last."""
        self._hang_up()
        self.client = self._new_client()
        if self.rows.rooms:
            self._trace.mark("client started with what it had kept")

    def keep(self) -> None:
        """Keep what there is for the next start."""
        self.rows.write(self.client.changes_for(self._shelf, KEPT_ITEMS))

    @property
    def online(self) -> bool:
        """Whether the client believes to be connected."""
        return self.client.state.connection is Connection.ONLINE

    @property
    def rooms(self) -> list[str]:
        """Keys of the rooms that the client is in."""
        return [key for key, each in self.client.state.buffers.items() if each.joined]

    @property
    def settled(self) -> bool:
        """Whether nothing waits to be written or answered."""
        waits = [item for _, item in self.client.unsent if item.delivery is Delivery.PENDING]
        gaps = [each for each in self.client.state.buffers.values() if not each.gap_free]
        return (
            self.online
            and not waits
            and not self._unwritten
            and not any(each.joined for each in gaps)
        )

    def outlived(self, item: Item) -> bool:
        """Whether keys as old as the item's are forgotten by now."""
        return self._clock.wall_ms_most - item.time_ms > KEY_LIFETIME_MS

    def try_to(self, intent: Callable[[Client], None]) -> bool:
        """Do something at the screen; False where the client refuses."""
        try:
            intent(self.client)
        except IntentRefused as refused:
            self._trace.note(f"{self.name} was refused: {refused}")
            self._trace.mark("intent refused")
            return False
        return True

    def step(self) -> None:
        """One turn of the shell."""
        client, before = self.client, self.client.state.connection
        self._read()
        client.advance(self._clock.now, self._clock.wall_ms)
        self._see_to_link()
        self._write()
        updates = client.take_updates()
        self._note_connection(before)
        self._read_anew = {}
        self._shelf.note(updates)
        for update in updates:
            self._see(update)
        if updates:
            self._check_mirror()
            self.check_buffers()

    def _read(self) -> None:
        link = self.link
        if link is None or self._clock.now < self.clogged_until or not link.client.readable:
            return
        try:
            data = link.client.recv(READ_BYTES_MAX)
        except ConnectionResetError as error:
            self._lose(error.strerror or "")
            return
        if not data:
            self._lose("the server closed the connection")
            return
        self.client.receive(data)

    def _see_to_link(self) -> None:
        if self.link is not None and self.client.state.connection not in _LINKED:
            self._write()
            self._hang_up()
        if self.link is None and self.client.wants_link:
            self._connect()

    def _connect(self) -> None:
        self.link = self._network.connect(self._chance.choose(CAPACITIES_BYTES))
        if self.link is None:
            self._trace.mark("connection refused")
            self.client.disconnected("the server refused the connection")
            return
        self._checkers.link_opened(self.link.number, exact=True)
        self._trace.note(f"{self.name} opens link {self.link.number}")
        self.client.connected()

    def _write(self) -> None:
        self._unwritten += self.client.take_outgoing()
        if self.link is None:
            self._unwritten = b""
        if not self._unwritten:
            return
        assert self.link is not None
        try:
            count = self.link.client.send(self._unwritten)
        except BlockingIOError:
            return
        except (BrokenPipeError, ConnectionResetError):
            return  # reading tells the end of the link
        self._unwritten = self._unwritten[count:]

    def _lose(self, reason: str) -> None:
        self._note_cut()
        self._hang_up()
        self.client.disconnected(reason)

    def _hang_up(self) -> None:
        self._unwritten = b""
        if self.link is not None:
            self.link.client.close()
            self._trace.note(f"{self.name} leaves link {self.link.number}")
            self.link = None

    def _note_cut(self) -> None:
        texts = self._checkers.ledger.texts
        for _, item in self.client.unsent:
            if item.delivery is Delivery.PENDING and item.text in texts:
                self._trace.mark("cut between write and echo")

    def _note_connection(self, before: Connection) -> None:
        state = self.client.state
        if self._nick_for_now and state.nick == self._nick_wanted:
            self._trace.mark("nick reclaimed")
            self._nick_for_now = ""
        if state.connection is before:
            return
        if state.connection is Connection.ONLINE:
            self._links += 1
            if self._links > 1:
                self._trace.mark("reconnected")
        self._trace.note(f"{self.name}: {before.name} to {state.connection.name} {state.reason}")
        if state.connection is Connection.WAITING and "no answer from" in state.reason:
            self._trace.mark("client found a silent server")

    # What a screen makes of the updates

    def _see(self, update: Update) -> None:
        if isinstance(update, NickRefused):
            self.try_to(lambda client: client.change_nick(update.suggestion))
        elif isinstance(update, Told):
            self._trace.note(f"{self.name} is told: {update.text}")
            taken = _TAKEN.match(update.text)
            if taken:
                self._nick_wanted, self._nick_for_now = taken.groups()
            if "Did you mean" in update.text:
                self._trace.mark("near match told")
        elif isinstance(update, BufferClosed):
            self._mirror.pop(update.buffer, None)
        else:
            self._see_items(update)

    def _see_items(self, update: Update) -> None:
        """A buffer that was read whole holds already what later updates tell."""
        if isinstance(update, BufferOpened | ItemsReordered):
            self._read_anew[update.buffer] = None
            if update.buffer in self.client.state.buffers:
                self._mirror[update.buffer] = self._ids(update.buffer)
        elif isinstance(update, ItemsAppended) and update.buffer not in self._read_anew:
            self._mirror[update.buffer] += [item.id for item in update.items]
        elif isinstance(update, ItemsPrepended) and update.buffer not in self._read_anew:
            self._mirror[update.buffer][:0] = [UNKNOWN] * update.count

    def _ids(self, key: str) -> list[int]:
        return [item.id for item in self.client.state.buffers[key].items]

    def _check_mirror(self) -> None:
        buffers = self.client.state.buffers
        assert set(buffers) == set(self._mirror), f"{self.name}: buffers"
        for key, seen in self._mirror.items():
            held = self._ids(key)
            matching = len(seen) == len(held) and all(
                left in (UNKNOWN, right) for left, right in zip(seen, held, strict=True)
            )
            assert matching, f"{self.name}: updates of {key} lead to {seen}, it holds {held}"
            self._mirror[key] = held

    def check_buffers(self) -> None:
        """What is held is in order and nothing twice, and what one looks at is read."""
        state = self.client.state
        for key, buffer in state.buffers.items():
            seen = state.looking and key == state.current
            assert 0 <= buffer.mentions <= buffer.unread, f"{self.name}: counts of {key}"
            assert not (seen and buffer.unread), f"{self.name}: unread in {key}, which is seen"
            if buffer.kind is BufferKind.ROOM:
                check_order(f"{self.name}: {key}", buffer.items)


def check_order(where: str, items: list[Item]) -> None:
    """What the log has given a place stands in its order, each once."""
    last: dict[int, Rank] = {}  # by log: a room may have been made anew under its name
    for item in items:
        place = rank(item)
        if place is not None:
            before = last.get(place[0])
            assert before is None or before < place, f"{where}: {place} after {before}"
            last[place[0]] = place
