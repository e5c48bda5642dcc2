"""Ctrl+F: search this room or all of them; and the list of mentions.

The words and filters are those of `tui.client.search_query`; what is found shows in its place
with Enter.
"""

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static

from common.casemap import fold
from common.search_text import matches, parts_of
from tui.client.search_query import FILTERS
from tui.client.state import Buffer, Hit, Search, Stage, State
from tui.render.hits import moment_of, snippet_of, title_of
from tui.render.nick_color import nick_style
from tui.screens.choosing import Chooser

PAUSE_S: Final = 0.25
"""Behind the last letter, before it is searched: nobody waits for half a word."""

SNIPPET_LINES: Final = 2
_AHEAD: Final = 5
"""Rows before the last at which older ones are asked for."""

_EDGE_CELLS: Final = 2
"""Of the scroll bar, and so that no word is broken at the very end."""

_YEAR_CELLS_MIN: Final = 44
"""Narrower than this, the year is left out."""

Ask = Callable[[str, str, bool], str]
"""Search for what was typed, in a conversation, best first: a refusal, or ``""``."""


class HitList(Chooser[Hit]):
    """Lists messages, each with where and when it was said."""

    LARGE = True

    def __init__(self, zone: tzinfo | None, typed: str = "") -> None:
        super().__init__(typed)
        self._zone = zone

    def on_resize(self) -> None:
        """What is shown of a message goes by the width."""
        self.call_after_refresh(self.show_anew)

    def label(self, row: Hit) -> Content:
        """Room, sender and time above the words, those that were sought marked."""
        width = max(20, self.query_one(OptionList).size.width - _EDGE_CELLS)
        snippet = snippet_of(row, width * SNIPPET_LINES - 2)
        words = Content(snippet.text)
        for start, end in snippet.marks:
            words = words.stylize("bold underline $text-accent", start, end)
        color = nick_style(row.item.sender, self.app.current_theme.dark).color
        moment = moment_of(row, self._zone, with_year=width >= _YEAR_CELLS_MIN)
        return Content.assemble(
            (row.item.sender, f"bold {color.name}" if color else "bold"),
            (f"  {title_of(row)} · {moment}\n", "$foreground 60%"),
            words,
        )


class FindScreen(HitList):
    """Searches while one types. `room` is where one is, None in the lobby."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+f", "leave", "Back", priority=True, id="search"),
        Binding("tab,shift+tab", "scope", "This room or all", priority=True),
        Binding("ctrl+r", "order", "Newest or best first", priority=True),
    ]

    def __init__(
        self,
        state: State,
        room: Buffer | None,
        zone: tzinfo | None,
        *,
        ask: Ask,
        more: Callable[[], object],
        can_rank: bool,
        typed: str = "",
    ) -> None:
        super().__init__(zone, typed)
        self._state = state
        self._room = room
        self._everywhere = room is None
        self._ask = ask
        self._more = more
        self._can_rank = can_rank
        self._best_first = False
        self._timer: Timer | None = None
        self._asked = ""
        self._refusal = ""

    def on_mount(self) -> None:
        """Search at once for what is given."""
        self.ready = True
        self._show_hint()
        if self.typed:
            self._search()
        else:
            self.update_found()

    def find(self, typed: str) -> None:
        """Search when nothing was typed for a moment."""
        if self._timer is not None:
            self._timer.stop()
        if typed != self._asked:
            self._timer = self.set_timer(PAUSE_S, self._search)

    def choose(self, index: int | None) -> None:
        """Go to a message; what was typed since is searched first."""
        if self.typed != self._asked:
            self._search()
        elif self._found is not None:
            super().choose(index)

    def action_scope(self) -> None:
        """Search this room, or all of them."""
        if self._room is not None:
            self._everywhere = not self._everywhere
            self._show_hint()
            self._search()

    def action_order(self) -> None:
        """The newest first, or the best."""
        if self._can_rank:
            self._best_first = not self._best_first
            self._show_hint()
            self._search()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Near the end, older ones are searched for."""
        event.stop()
        if self._state.search.more and event.option_index >= len(self.rows) - _AHEAD:
            self._more()

    def update_found(self) -> None:
        """`State.search` is another."""
        found = self._found
        hits = found.hits if found is not None else []
        waits = found is not None and found.stage is Stage.UNDER_WAY and not hits
        if not self._refusal and not waits:  # until then, what was found before stays
            self.show_rows(hits)
        self._say(found)

    @property
    def _found(self) -> Search | None:
        """The search that was asked for here, if there is one."""
        found = self._state.search
        return found if self._asked and found.typed == self._asked else None

    def _search(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._asked = self.typed
        self._refusal = self._ask(self._asked, self._scope, self._best_first)
        self.update_found()

    @property
    def _scope(self) -> str:
        return "" if self._everywhere or self._room is None else self._room.key

    def _say(self, found: Search | None) -> None:
        if self._refusal:
            self.note(self._refusal, problem=True)
        elif found is None or found.stage is Stage.NOTHING:
            self.note(_help())
        elif found.failure:
            self.note(found.failure, problem=True)
        else:
            self.note(_words(found, self._place(found)))

    def _place(self, found: Search) -> str:
        if found.query.room and self._room is not None and found.query.room == self._room.key:
            return self._room.title
        return found.query.room.removeprefix("#") or "all rooms"

    def _show_hint(self) -> None:
        other = "all rooms"
        if self._everywhere and self._room is not None:
            other = self._room.title
        here = "all rooms" if self._everywhere or self._room is None else self._room.title
        self.query_one(Input).placeholder = f"Find messages in {here}"
        hints = ["Enter goes there", f"Tab {other}" if self._room is not None else ""]
        hints.append(f"^R {'newest' if self._best_first else 'best'} first" * self._can_rank)
        hints.append("Esc back")
        self.query_one(".dialog-hint", Static).update(Content(" · ".join(filter(None, hints))))


def _help() -> Content:
    """The filters there are, by their examples."""
    examples = [*FILTERS.values(), '"a phrase"', "begin*"]
    return Content("  ".join(examples))


def _words(found: Search, place: str) -> str:
    """How the search stands."""
    if found.stage is Stage.UNDER_WAY and not found.hits:
        return f"Searching {place}…"
    many = f"{len(found.hits)}{'+' if found.more else ''}" if found.hits else "Nothing"
    order = f", {'best' if found.best_first else 'newest'} first" if len(found.hits) > 1 else ""
    sentences = [f"{many} found in {place}{order}"]
    if found.local:
        sentences.append("only what is loaded here was searched")
    if not found.complete:
        sentences.append("there may be more: it took too long")
    return " · ".join(sentences)


class Mentions(HitList):
    """Where one was named, newest first; typing narrows it."""

    PLACEHOLDER = "Mentions of you"

    def __init__(self, zone: tzinfo | None, hits: Callable[[], Sequence[Hit]]) -> None:
        """`hits` gives those that are known by now."""
        super().__init__(zone)
        self._hits = hits

    def find(self, typed: str) -> None:
        """List those with the words in them, or by someone, or in a room."""
        parts = parts_of(f"{typed}*" if typed and typed[-1].isalnum() else typed)
        found = [hit for hit in self._hits() if not parts or matches(parts, _everything(hit))]
        self.show_rows(found)
        self.note("" if found else "Nobody has named you yet." if not typed else "Nothing found.")

    def update_found(self) -> None:
        """The server has found more."""
        self.find(self.typed)


def _everything(hit: Hit) -> str:
    return f"{fold(hit.item.sender)} {title_of(hit)} {hit.item.text}"
