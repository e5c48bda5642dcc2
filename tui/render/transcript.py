"""One conversation laid out: entries, their heights, and what each looks like.

Holds no Textual and reads no clock. Heights are estimates until someone looks: whoever draws
an entry reports its true height to `heights`.
"""

from collections.abc import Container, Iterable, Sequence

from tui.client.state import Item, ItemKind
from tui.render.amounts import Amounts
from tui.render.entries import (
    Entry,
    Run,
    Setting,
    first_item,
    gather,
    identity,
    last_item,
    setting_of,
)
from tui.render.heights import Heights
from tui.render.item import lines_of, signature
from tui.render.page import Drawing, Line, Piece
from tui.render.speech import words_of
from tui.render.thread import Thread
from tui.render.thumbnail import Thumbnail, thumbnail_lines


class Transcript:
    """The entries of one buffer, drawn with `drawing`.

    `base` makes a serial of an index: serials stay with their entry when older ones come in
    front, and grow in reading order.
    """

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self.entries: list[Entry] = []
        self.heights = Heights()
        self._amounts = Amounts()
        self.base = 0
        self.first_unread_id = 0
        self.holes: Container[int] = ()
        self.hidden: frozenset[ItemKind] = frozenset()
        self.thread: Thread | None = None  # only this is shown
        self.pictures: dict[int, Thumbnail] = {}  # by the item they stand below

    def __len__(self) -> int:
        return len(self.entries)

    def load(self, items: Sequence[Item], first_unread_id: int, holes: Container[int] = ()) -> None:
        """Begin anew with `items`; above those in `holes` some are not loaded."""
        self.entries = []
        self.first_unread_id = first_unread_id
        self.holes = holes
        gather(self._seen(items), self.entries, holes)
        self.base = 0
        self._amounts = Amounts(self.entries)
        self._estimate_all()

    def append(self, items: Sequence[Item]) -> None:
        """Add `items` at the end."""
        known = len(self.entries)
        changed = gather(self._seen(items), self.entries)
        if changed < known:
            self.heights.forget(changed)
        self._amounts.append(self.entries[known:])
        self.heights.append(self._amounts.heights(self.drawing.layout.text_cells, known))

    def prepend(self, items: Sequence[Item]) -> int:
        """Add older `items` at the front; returns how many entries they make."""
        front: list[Entry] = []
        gather(self._seen(items), front)
        self.entries[0:0] = front
        self._amounts.prepend(front)
        self.heights.prepend(self._amounts.heights(self.drawing.layout.text_cells, 0, len(front)))
        self.base -= len(front)
        if len(front) < len(self.entries):
            self.heights.forget(len(front))  # its date or nick may have gone
        return len(front)

    def change(self, item: Item, before: Item | None) -> bool:
        """Take note that `item` changed; False when it now stands elsewhere than it did.

        `before` is the item that precedes it in the buffer.
        """
        index = self.index_of(item.id)
        if index is None:
            return False
        entry = self.entries[index]
        if not isinstance(entry, Run):
            above = last_item(self.entries[index - 1]) if index else None
            if above is not before:
                return False
        self.heights.forget(index)
        return True

    def mark_unread_from(self, first_unread_id: int) -> None:
        """Move the new-messages rule above another item; 0 takes it away."""
        for item_id in (self.first_unread_id, first_unread_id):
            index = self.index_of(item_id) if item_id else None
            if index is not None:
                self.heights.forget(index)
        self.first_unread_id = first_unread_id

    def redraw(self, drawing: Drawing) -> None:
        """Use other columns, colours or another zone."""
        self.drawing = drawing
        self._estimate_all()

    def index_of(self, item_id: int) -> int | None:
        """Where the item is; looked for from the end, where changes happen."""
        for index in range(len(self.entries) - 1, -1, -1):
            entry = self.entries[index]
            if isinstance(entry, Run):
                if any(item.id == item_id for item in entry.items):
                    return index
            elif entry.id == item_id:
                return index
        return None

    def setting(self, index: int) -> Setting:
        """What the entry at `index` shows besides its words."""
        before = self.entries[index - 1] if index else None
        entry = self.entries[index]
        return setting_of(entry, before, self.first_unread_id, self.drawing.zone, self.holes)

    def drawn_as(self, index: int) -> tuple[object, ...]:
        """What the look of an entry depends on, besides what all are drawn with."""
        entry = self.entries[index]
        return (*identity(entry), self.setting(index), first_item(entry).id in self.pictures)

    def lines(self, index: int, selected: tuple[int, int] | None = None) -> list[Line]:
        """The lines of the entry at `index`."""
        entry = self.entries[index]
        lines = lines_of(entry, self.setting(index), self.drawing, selected)
        if not isinstance(entry, Run) and entry.id in self.pictures and not entry.redacted:
            layout, palette = self.drawing.layout, self.drawing.palette
            indent = Piece(" " * layout.indent, palette.text)
            picture = thumbnail_lines(self.pictures[entry.id], layout.text_cells)
            lines += [[indent, *line] for line in picture]
        return lines

    def copied(self, first: tuple[int, int], last: tuple[int, int | None]) -> str:
        """The text between two places, each an index and a character. None: to the end.

        What begins with an entry comes with time and nick, parts of one without.
        """
        (start, start_at), (end, end_at) = first, last
        texts = []
        for index in range(max(0, start), min(end, len(self.entries) - 1) + 1):
            left = start_at if index == start else 0
            right = end_at if index == end else None
            entry = self.entries[index]
            words = words_of(entry)[left:right]
            inside = left > 0 or (start == end and right is not None)
            texts.append(words if inside else f"{signature(entry, self.drawing.zone)}{words}")
        return "\n".join(texts)

    def top_item_id(self, index: int) -> int:
        """The id that finds the entry at `index` again after a reload."""
        return first_item(self.entries[index]).id

    def shows(self, item: Item) -> bool:
        """Whether `item` is among the entries."""
        return item.kind not in self.hidden and (self.thread is None or self.thread.holds(item))

    def _seen(self, items: Sequence[Item]) -> Iterable[Item]:
        if not self.hidden and self.thread is None:
            return items
        return [item for item in items if self.shows(item)]

    def _estimate_all(self) -> None:
        self.heights = Heights(self._amounts.heights(self.drawing.layout.text_cells))
