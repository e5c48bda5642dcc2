"""When the program itself fails: what led to it and what was written are kept in a file."""

import traceback
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

FILE_NAME: Final = "failure.txt"


def keep_report(
    folder: Path, error: BaseException, drafts: Iterable[tuple[str, Mapping[str, str]]]
) -> str:
    """Write the report, readable by the user only; the sentence that says so.

    `drafts` are those of each server, with its name.
    """
    parts = traceback.format_exception(error)
    parts += [
        f"\nNot sent, in {buffer or 'the lobby'} on {server}:\n{text}\n"
        for server, texts in drafts
        for buffer, text in texts.items()
    ]
    path = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text("".join(parts), encoding="utf-8")
    except OSError as problem:
        return f"chat-tui failed ({error!r}), and no report could be written: {problem.strerror}."
    return f"chat-tui failed ({type(error).__name__}). What led to it and what you wrote: {path}"
