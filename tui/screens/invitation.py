"""How a friend gets into a room: a line for a shell, and one for a chat-tui that runs; to copy."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.address import join_line, join_words, read_address
from tui.client.updates import InvitationMade


class InvitationScreen(ModalScreen[None]):
    """`c` copies the line for a shell, `w` the words for one who is connected; Esc leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "leave", "Back", priority=True),
        Binding("c", "copy_line", "Copy the line"),
        Binding("w", "copy_words", "Copy the words"),
    ]

    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow")]  # noqa: RUF012 - as Textual has it

    def __init__(self, server: str, invitation: InvitationMade) -> None:
        """`server` is the one whose room it is, as `State` has it."""
        super().__init__()
        self._invitation = invitation
        self._server = server
        self._line = join_line(server, invitation.room, invitation.token)
        self._words = join_words(invitation.room, invitation.token)

    def compose(self) -> ComposeResult:
        """Both lines, each below what it is for."""
        title = self._invitation.room.removeprefix("#")
        terms = self._invitation.terms
        good = f"Good {terms}. " if terms else ""
        with Vertical(classes="dialog", id="invitation"):
            yield Static(Content(f"A friend gets into {title} so:"), classes="dialog-question")
            yield Static("In a shell", classes="form-label")
            yield Static(Content(self._line), id="invitation-line")
            yield Static("In a chat-tui that is connected here", classes="form-label")
            yield Static(Content(self._words), id="invitation-words")
            yield Static(Content(f"{good}{_reach(self._server)}".strip()), id="invitation-note")
            yield Static("c copies the line · w the words · Esc goes back", classes="dialog-hint")

    def action_copy_line(self) -> None:
        """Fill the clipboard with the line."""
        self._copy(self._line, "Copied the line.")

    def action_copy_words(self) -> None:
        """Fill the clipboard with the words."""
        self._copy(self._words, "Copied the words.")

    def _copy(self, text: str, said: str) -> None:
        self.app.copy_to_clipboard(text)
        self.query_one("#invitation-note", Static).update(Content(said))

    def action_leave(self) -> None:
        """Back to where one was."""
        self.dismiss(None)


def _reach(server: str) -> str:
    """That a link to one's own machine leads nobody else there."""
    if not read_address(server, plain="://" in server).is_local:
        return ""
    return "It leads to this machine, so it is for friends on this machine only."
