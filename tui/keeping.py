"""Nothing typed is lost: what is written and not sent goes into the file of what is remembered.

Looks at the composer now and then and at the end; writes only when something changed.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Final

from tui.client.client import Client
from tui.config import Launch, Remembered

CHECK_S: Final = 2.0
"""What a `kill -9` may cost of what is being typed."""


class Keeper:
    """Keeps rooms, ignored people and drafts of one connection at a time."""

    def __init__(self, launch: Launch) -> None:
        self._launch = launch
        self._saved: Remembered | None = None

    def keep(self, client: Client, drafts: Mapping[str, str]) -> str:
        """Take over what changed, and write it; a sentence when that failed, else ""."""
        for buffer in {*client.state.drafts, *drafts}:
            client.keep_draft(buffer, drafts.get(buffer, ""))
        return self._write(client, client.state.drafts)

    def keep_all(self, client: Client, drafts: Mapping[str, str]) -> str:
        """The same at the end: messages without an echo become drafts, too."""
        self.keep(client, drafts)
        kept = dict(client.state.drafts)
        for buffer, item in reversed(client.unsent):
            kept[buffer] = "\n".join(filter(None, [item.text, kept.get(buffer, "")]))
        return self._write(client, kept)

    def _write(self, client: Client, drafts: Mapping[str, str]) -> str:
        remembered = self._launch.remembered
        remembered.keep(client.state, drafts)
        if remembered == self._saved:
            return ""
        complaint = self._launch.save()
        self._saved = None if complaint else deepcopy(remembered)
        return complaint


def drafts_to_keep(drafts: Mapping[str, str], is_secret: Callable[[str], bool]) -> dict[str, str]:
    """`drafts` without lines that hold a password."""
    return {buffer: text for buffer, text in drafts.items() if not is_secret(text)}
