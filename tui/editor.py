"""The person's own editor for what is being written, while the connection goes on.

The editor has the terminal to itself; the loop runs on, so that pings are answered and messages
taken. What was written is in a file that only its owner may read, and that is removed.
"""

import asyncio
import os
import shlex
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from textual.app import App, SuspendNotSupported

EDITOR_DEFAULT: Final = "vi"


class EditorFailed(Exception):  # noqa: N818 - told in words, the text stays as it was
    """Nothing was edited; the text says why and what to do."""


def command(environment: Mapping[str, str]) -> list[str]:
    """The words of the person's editor. Raises `EditorFailed` for what is no command."""
    wanted = environment.get("VISUAL") or environment.get("EDITOR") or EDITOR_DEFAULT
    try:
        words = shlex.split(wanted)
    except ValueError as error:
        raise EditorFailed(f"The editor “{wanted}” is no command: {error}.") from None
    if not words:
        raise EditorFailed("Set EDITOR to the editor you want, e.g. export EDITOR=nano.")
    return words


async def edit(app: App[None], text: str, environment: Mapping[str, str] = os.environ) -> str:
    """`text` as the person left it in their editor. Raises `EditorFailed`."""
    words = command(environment)
    with tempfile.TemporaryDirectory(prefix="chat-tui-") as folder:
        path = Path(folder) / "message.txt"
        path.write_text(f"{text}\n" if text else "", encoding="utf-8")
        await _run(app, [*words, str(path)])
        try:
            written = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise EditorFailed(f"What the editor left cannot be read: {error}.") from None
    return written.removesuffix("\n")


async def _run(app: App[None], words: list[str]) -> None:
    try:
        with app.suspend(), app.batch_update():  # a frame drawn now would go into the editor
            process = await asyncio.create_subprocess_exec(*words)
            status = await process.wait()
    except SuspendNotSupported:
        raise EditorFailed("This terminal cannot be lent to an editor.") from None
    except OSError as error:
        raise EditorFailed(
            f"{words[0]} cannot be started: {error.strerror}. Set EDITOR to another."
        ) from None
    if status:
        raise EditorFailed(f"{words[0]} ended with status {status}; your text is as it was.")
