"""TABLE of the keys that act on a message that is chosen: by name, its own keys and what it does.

Letters are free there, because nothing is written. What can be done with which message, and how,
is not known here.
"""

from typing import Final, NamedTuple

PREFIX: Final = "message."
"""Before their names in the key map, where commands have theirs, too."""


class MessageKey(NamedTuple):
    """One row. `keys` are Textual key names, the first being shown."""

    keys: tuple[str, ...]
    words: str


MESSAGE_KEYS: Final = {
    "reply": MessageKey(("r",), "Reply"),
    "react": MessageKey(("plus", "colon"), "React with an emoji"),
    "edit": MessageKey(("e",), "Edit"),
    "copy": MessageKey(("y",), "Copy the text"),
    "copy_link": MessageKey(("Y",), "Copy a link to it"),
    "open": MessageKey(("o",), "Open a link"),
    "view": MessageKey(("v",), "Look at a picture it links to"),
    "quoted": MessageKey(("g",), "Go to what it answers"),
    "thread": MessageKey(("t",), "Read the thread alone"),
    "card": MessageKey(("p",), "Show who sent it, and what you may do"),
    "retry": MessageKey(("R",), "Send again"),
    "info": MessageKey(("i",), "Show what is known of it"),
    "delete": MessageKey(("d", "delete"), "Delete"),
    "older": MessageKey(("k",), "Choose the message before"),
    "newer": MessageKey(("j",), "Choose the message after"),
}

KEPT: Final = frozenset(
    {
        *("escape", "enter", "tab", "shift+tab", "up", "down", "home", "end"),
        *("pageup", "pagedown", "ctrl+c", "ctrl+q"),
    }
)
"""Keys that choosing and leaving need."""
