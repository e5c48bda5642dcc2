"""What changed since the screens last looked, kept small: a flood becomes few updates."""

from dataclasses import dataclass, field

from tui.client.state import Item
from tui.client.updates import (
    BufferChanged,
    ConnectionChanged,
    ItemChanged,
    ItemsAppended,
    ItemsReordered,
    LobbyChanged,
    MembersChanged,
    PersonChanged,
    Said,
    SearchChanged,
    Update,
)

_MERGED = (
    BufferChanged,
    ConnectionChanged,
    ItemsReordered,
    LobbyChanged,
    MembersChanged,
    PersonChanged,
    SearchChanged,
)


@dataclass(slots=True)
class Changes:
    """The updates not yet taken, in order. One that says the same thing again is left out."""

    updates: list[Update] = field(default_factory=list)
    _said: dict[tuple[type, str], None] = field(default_factory=dict)
    _spoken: dict[str, Said] = field(default_factory=dict)

    def add(self, update: Update) -> None:
        """Note `update`."""
        if isinstance(update, _MERGED):
            about = update.person if isinstance(update, PersonChanged) else ""
            told = (type(update), getattr(update, "buffer", about))
            if told in self._said:
                return
            self._said[told] = None
        self.updates.append(update)

    def appended(self, buffer: str, items: list[Item]) -> None:
        """Note items at the end of `buffer`; joins an update of the same kind just before."""
        last = self.updates[-1] if self.updates else None
        if isinstance(last, ItemsAppended) and last.buffer == buffer:
            last.items.extend(items)
        else:
            self.add(ItemsAppended(buffer, list(items)))

    def said(self, buffer: str, item: Item, mention: bool) -> None:
        """Note what others said just now; one update for each buffer, after all others."""
        told = self._spoken.get(buffer)
        if told is None:
            self._spoken[buffer] = Said(buffer, item, mention)
        elif mention or not told.mention:
            told.item, told.mention = item, mention

    def item_changed(self, buffer: str, item: Item) -> None:
        """Note that `item` is another; its version grows, so that caches see it."""
        item.version += 1
        self.add(ItemChanged(buffer, item))

    def take(self) -> list[Update]:
        """Everything noted since the last call."""
        taken, self.updates = [*self.updates, *self._spoken.values()], []
        self._said.clear()
        self._spoken.clear()
        return taken
