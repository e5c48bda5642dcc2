"""A shelf in memory: rows are kept as a file keeps them, so that a client can begin anew."""

from dataclasses import dataclass, field

from tui.client.shelf import Batch, Kept, KeptItem, KeptRoom, KeptServer


@dataclass(slots=True)
class Rows:
    """What batches have left."""

    server: KeptServer = field(default_factory=KeptServer)
    rooms: dict[str, KeptRoom] = field(default_factory=dict)
    items: dict[str, dict[int, KeptItem]] = field(default_factory=dict)

    def write(self, batch: Batch | None) -> None:
        """Do what a batch says."""
        if batch is None:
            return
        if batch.anew:
            self.rooms, self.items = {}, {}
        self.server = batch.server
        for key in batch.closed:
            del self.rooms[key], self.items[key]
        for room, gone, items in batch.rooms:
            self.rooms[room.key] = room
            held = self.items.setdefault(room.key, {})
            for place in gone:
                del held[place]
            held.update({item.place: item for item in items})

    @property
    def kept(self) -> Kept:
        """Everything, as a client begins with it."""
        rooms = [(room, self._in_order(key)) for key, room in self.rooms.items()]
        return Kept(self.server, tuple(rooms))

    def said(self, key: str) -> list[str]:
        """The texts kept of a conversation."""
        spoken = ("MESSAGE", "ACTION", "NOTICE")
        return [row.text for row in self._in_order(key) if row.kind in spoken and row.text]

    def _in_order(self, key: str) -> list[KeptItem]:
        return [row for _, row in sorted(self.items[key].items())]
