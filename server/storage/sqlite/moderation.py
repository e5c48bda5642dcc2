"""The `Moderation` port on SQLite."""

from collections.abc import Callable, Sequence
from typing import Any

from common.casemap import fold
from server.storage.ports import Deed, Sanction

Row = Sequence[Any]
Write = Callable[[str, Row], None]
Read = Callable[[str, Row], list[Row]]


class SqliteModeration:
    """The `Moderation` port."""

    def __init__(self, write: Write, read: Read) -> None:
        self._write = write
        self._read = read

    def load_sanctions(self) -> list[Sanction]:
        sql = "SELECT kind, mask, setter, set_ms, until_ms, reason FROM sanctions ORDER BY set_ms"
        return [Sanction(*row) for row in self._read(f"{sql}, kind, folded", ())]

    def save_sanction(self, sanction: Sanction) -> None:
        row = (
            sanction.kind,
            fold(sanction.mask),
            sanction.mask,
            sanction.setter,
            sanction.set_ms,
            sanction.until_ms,
            sanction.reason,
        )
        self._write("INSERT OR REPLACE INTO sanctions VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def drop_sanction(self, kind: str, mask: str) -> None:
        self._write("DELETE FROM sanctions WHERE kind = ? AND folded = ?", (kind, fold(mask)))

    def note_deed(self, deed: Deed) -> None:
        row = (deed.wall_ms, deed.actor, deed.action, deed.target, deed.text, deed.channel_id)
        sql = "INSERT INTO deeds (wall_ms, actor, action, target, text, channel_id)"
        self._write(f"{sql} VALUES (?, ?, ?, ?, ?, ?)", row)

    def deeds(self, before: int, limit: int, channel_id: int = 0) -> list[Deed]:
        sql = "SELECT wall_ms, actor, action, target, text, channel_id, number FROM deeds"
        sql += " WHERE number < ?"
        values = [before]
        if channel_id:
            sql += " AND channel_id = ?"
            values.append(channel_id)
        rows = self._read(f"{sql} ORDER BY number DESC LIMIT ?", (*values, limit))
        return [Deed(*row) for row in rows]

    def forget_deeds(self, before_ms: int) -> None:
        self._write("DELETE FROM deeds WHERE wall_ms < ?", (before_ms,))
