"""What finds something, for one app: search, mentions, unread rooms; and the way to it."""

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import Final, Protocol

from textual.app import App

from tui.client.client import Client, IntentRefused
from tui.client.naming import names, places
from tui.client.state import STATUS, Hit, State
from tui.render.sides import Spot, rooms_in_order, server_titles
from tui.screens.find import FindScreen, Mentions
from tui.screens.go_to import Place, UnreadRooms
from tui.screens.main import MainScreen

MENTIONS_MAX: Final = 500


class Host(Protocol):
    """What finding needs of the app."""

    @property
    def client(self) -> Client:
        """The core one is talking through."""

    @property
    def main(self) -> MainScreen:
        """The frame."""

    @property
    def clients(self) -> Sequence[Client]:
        """The cores of all servers."""

    def go(self, spot: Spot) -> None:
        """Bring a buffer of any server to the front."""

    def intend(self, intent: Callable[[], None]) -> bool:
        """Ask the core for something; False when it refused, which was told."""


class Finding:
    """The actions that find something, by name in `actions`."""

    def __init__(self, host: Host, app: App[None]) -> None:
        self._host = host
        self._app = app
        self._typed = ""
        self.actions: dict[str, Callable[[], None]] = {
            "find": self.open_search,
            "mentions": self._open_mentions,
            "previous_mention": lambda: self._step_mention(-1),
            "next_mention": lambda: self._step_mention(1),
            "unread_rooms": self._open_unread,
        }

    @property
    def _state(self) -> State:
        return self._host.client.state

    def open_search(self, typed: str = "") -> None:
        """Search for what is typed, or go on with what was sought last."""
        state, main = self._state, self._host.main
        room = state.buffers[main.shown.buffer] if main.shown.buffer != STATUS else None
        screen = FindScreen(
            state,
            room,
            main.zone,
            ask=self._ask,
            more=lambda: self._host.intend(self._host.client.search_more),
            can_rank=self._host.client.can_rank,
            typed=typed or self._typed,
        )
        self._app.push_screen(screen, self._go_to)

    def _ask(self, typed: str, room: str, best_first: bool) -> str:
        self._typed = typed
        return self._search(typed, room, best_first=best_first)

    def _search(self, typed: str, room: str = "", *, best_first: bool = False) -> str:
        """Ask the core; why it refused, "" where it did not."""
        refusals: list[str] = []
        zone: tzinfo | None = self._host.main.zone

        def intent() -> None:
            try:
                self._host.client.search(typed, room, zone, best_first=best_first)
            except IntentRefused as refusal:
                refusals.append(str(refusal))

        self._host.intend(intent)
        return "".join(refusals)

    def _go_to(self, hit: Hit | None) -> None:
        if hit is None:
            return
        buffer = self._state.buffers.get(hit.buffer)
        if buffer is not None and any(item is hit.item for item in buffer.items):
            self._host.main.reveal(buffer.key, hit.item.id)
        else:
            client = self._host.client
            self._host.intend(lambda: client.show_message(hit.name, hit.item.msgid))

    def _open_mentions(self) -> None:
        self._app.push_screen(Mentions(self._host.main.zone, self._mentions), self._go_to)
        self._search(self._state.nick)  # what is not held here

    def _mentions(self) -> list[Hit]:
        """Where one was named, as far as it is held here or was found by the server."""
        state = self._state
        held = [
            Hit(buffer.key, buffer.name, item, places(state.nick, state.keywords, item.text))
            for buffer in state.buffers.values()
            for item in buffer.items
            if item.mention
        ]
        known = {hit.item.msgid for hit in held if hit.item.msgid}
        found = state.search.hits if state.search.typed == state.nick else []
        held += [
            hit
            for hit in found
            if hit.item.msgid not in known and not hit.item.own and names(state.nick, hit.item.text)
        ]
        held.sort(key=lambda hit: -hit.item.time_ms)
        return held[:MENTIONS_MAX]

    def _step_mention(self, step: int) -> None:
        """Go to the mention before or after the message that is chosen, or the end."""
        main = self._host.main
        items = self._state.buffers[main.shown.buffer].items
        chosen = main.chosen
        ids = [item.id for item in items]
        at = ids.index(chosen.id) if chosen is not None and chosen.id in ids else len(items)
        way = range(at - 1, -1, -1) if step < 0 else range(at + 1, len(items))
        found = next((items[index] for index in way if items[index].mention), None)
        if found is not None:
            main.reveal(main.shown.buffer, found.id)
        else:
            side = "earlier" if step < 0 else "later"
            main.tell(f"Nobody names you in {side} messages that are loaded here.", failure=False)

    def _open_unread(self) -> None:
        states = [client.state for client in self._host.clients]
        titles = server_titles(states) if len(states) > 1 else {}
        places = [
            Place("show", room.spot.word, room.title, room.badge, titles.get(room.spot.server, ""))
            for room in rooms_in_order(states, self._state)
            if room.badge and not room.muted
        ]
        if not places:
            self._host.main.tell("Nothing is unread.", failure=False)
            return
        places.sort(key=lambda place: not place.note.startswith("●"))
        self._app.push_screen(UnreadRooms(places), self._go_to_place)

    def _go_to_place(self, place: Place | None) -> None:
        if place is not None:
            self._host.go(Spot.read(place.target))
