"""A thread: a message, what answers it, and what answers that."""

from collections.abc import Iterable

from tui.client.state import Item


class Thread:
    """The items of one thread. Asked about items in reading order, it takes in new answers."""

    def __init__(self, items: Iterable[Item], chosen: Item) -> None:
        self.root = chosen
        while self.root.quoted is not None:
            self.root = self.root.quoted
        self._ids = {self.root.id}
        for item in items:
            self.holds(item)

    def holds(self, item: Item) -> bool:
        """Whether `item` is of this thread."""
        if item.quoted is not None and item.quoted.id in self._ids:
            self._ids.add(item.id)
        return item.id in self._ids

    @property
    def answers(self) -> int:
        """How many answers there are."""
        return len(self._ids) - 1
