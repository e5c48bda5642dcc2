"""The `Invitations` port on SQLite."""

from collections.abc import Callable, Sequence
from typing import Any

from server.storage.ports import Invitation

Row = Sequence[Any]
Write = Callable[[str, Row], None]
Read = Callable[[str, Row], list[Row]]


class SqliteInvitations:
    """The `Invitations` port."""

    def __init__(self, write: Write, read: Read) -> None:
        self._write = write
        self._read = read

    def load_invitations(self) -> list[Invitation]:
        sql = "SELECT channel_id, digest, maker, uses, until_ms FROM invitations ORDER BY digest"
        return [Invitation(*row) for row in self._read(sql, ())]

    def save_invitation(self, invitation: Invitation) -> None:
        self._write(
            "INSERT OR REPLACE INTO invitations (channel_id, digest, maker, uses, until_ms)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                invitation.channel_id,
                invitation.digest,
                invitation.maker,
                invitation.uses,
                invitation.until_ms,
            ),
        )

    def drop_invitation(self, digest: str) -> None:
        self._write("DELETE FROM invitations WHERE digest = ?", (digest,))
