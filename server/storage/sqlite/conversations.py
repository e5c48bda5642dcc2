"""What belongs to people in the SQLite store: direct conversations, read markers, metadata, edits.

Each class is one port on the store's single writer; it is handed how to write and how to read.
"""

from collections.abc import Callable, Sequence
from typing import Any

from server.storage.ports import Kind, Version

Row = Sequence[Any]
Write = Callable[[str, Row], None]
Read = Callable[[str, Row], list[Row]]


class SqliteConversations:
    """The `Conversations` port."""

    def __init__(self, write: Write, read: Read) -> None:
        self._write = write
        self._read = read

    def start(self, conversation_id: int, first: str, second: str) -> None:
        for holder, other in dict.fromkeys([(first, second), (second, first)]):
            row = (holder, other, conversation_id)
            self._write("INSERT INTO conversations VALUES (?, ?, ?)", row)

    def between(self, first: str, second: str) -> int | None:
        sql = "SELECT channel_id FROM conversations WHERE holder = ? AND other = ?"
        rows = self._read(sql, (first, second))
        return int(rows[0][0]) if rows else None

    def of_holder(self, holder: str) -> dict[int, str]:
        sql = "SELECT channel_id, other FROM conversations WHERE holder = ?"
        return {int(row[0]): str(row[1]) for row in self._read(sql, (holder,))}

    def ids(self) -> list[int]:
        rows = self._read("SELECT DISTINCT channel_id FROM conversations", ())
        return [int(row[0]) for row in rows]


class SqliteMarkers:
    """The `Markers` port."""

    def __init__(self, write: Write, read: Read) -> None:
        self._write = write
        self._read = read

    def read_markers(self, holder: str) -> dict[str, int]:
        sql = "SELECT target, wall_ms FROM markers WHERE holder = ?"
        return {str(row[0]): int(row[1]) for row in self._read(sql, (holder,))}

    def set_marker(self, holder: str, target: str, wall_ms: int) -> None:
        if wall_ms:
            row = (holder, target, wall_ms)
            self._write("INSERT OR REPLACE INTO markers VALUES (?, ?, ?)", row)
        else:
            sql = "DELETE FROM markers WHERE holder = ? AND target = ?"
            self._write(sql, (holder, target))


class SqliteMetadata:
    """The `Metadata` port."""

    def __init__(self, write: Write, read: Read) -> None:
        self._write = write
        self._read = read

    def load_metadata(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for subject, key, value in self._read("SELECT subject, key, value FROM metadata", ()):
            found.setdefault(subject, {})[key] = value
        return found

    def set_metadata(self, subject: str, key: str, value: str | None) -> None:
        if value is None:
            sql = "DELETE FROM metadata WHERE subject = ? AND key = ?"
            self._write(sql, (subject, key))
        else:
            row = (subject, key, value)
            self._write("INSERT OR REPLACE INTO metadata VALUES (?, ?, ?)", row)


class SqliteEdits:
    """The `Edits` port."""

    def __init__(self, write: Write, read: Read) -> None:
        self._write = write
        self._read = read

    def amend(self, channel_id: int, position: int, text: str, edit: int, wall_ms: int) -> None:
        self._write(
            "INSERT INTO versions SELECT channel_id, position, ?, text, ? FROM events"
            " WHERE channel_id = ? AND position = ?",
            (edit, wall_ms, channel_id, position),
        )
        self._write(
            "UPDATE events SET text = ? WHERE channel_id = ? AND position = ?",
            (text, channel_id, position),
        )
        self._write(
            "UPDATE events SET kind = ?, text = '', tags = ''"
            " WHERE channel_id = ? AND refers = ? AND kind = ? AND position < ?",
            (int(Kind.EMPTY), channel_id, position, int(Kind.EDIT), edit),
        )

    def versions(self, channel_id: int, position: int) -> list[Version]:
        rows = self._read(
            "SELECT text, replaced_ms FROM versions WHERE channel_id = ? AND position = ?"
            " ORDER BY edit",
            (channel_id, position),
        )
        return [Version(*row) for row in rows]
