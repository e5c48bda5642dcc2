"""The first screen: which server, under which nick. Checks while one types, connects on Enter.

Stays until the server has welcomed us, so that a wrong address or a nick in use is put right here.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Button, Input, Static

from common.casemap import NICK_CHARACTERS_MAX, is_nick
from tui.config import Address, AddressInvalid, read_address

_WELCOME: Final = "Rooms to talk in, from a terminal."


class ConnectScreen(Screen[None]):
    """Posts `Wanted`, `ServerWanted` and `LeaveWanted`."""

    AUTO_FOCUS = "#nick-field"
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-medium")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+q", "leave", "Quit", priority=True),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    @dataclass
    class Wanted(Message):
        """Connect to a server under a nick."""

        form: "ConnectScreen"
        address: Address
        nick: str

    @dataclass
    class ServerWanted(Message):
        """Start a server here and connect to it."""

        form: "ConnectScreen"
        address: Address
        nick: str

    @dataclass
    class LeaveWanted(Message):
        """Quit."""

    def __init__(self, server: str, nick: str, complaint: str = "") -> None:
        super().__init__()
        self._server = server
        self._nick = nick
        self._complaint = complaint

    def compose(self) -> ComposeResult:
        """The form, in the middle of the screen."""
        with Vertical(id="form"):
            yield Static("chat", id="form-title")
            yield Static(_WELCOME, classes="form-note")
            yield Static("Server", classes="form-label")
            yield Input(self._server, placeholder="host or host:port", id="server-field")
            yield Static("", id="server-note", classes="form-note")
            yield Static("Nick", classes="form-label")
            yield Input(self._nick, placeholder="what others call you", id="nick-field")
            yield Static("", id="nick-note", classes="form-note")
            yield Button("Connect", id="connect", variant="primary", compact=True)
            yield Static("", id="news")
            yield Button("Start a server here", id="start-server", compact=True)
            yield Static("Enter connects · Tab goes on · Esc quits", classes="form-note")

    def on_mount(self) -> None:
        """Nothing failed yet."""
        self.query_one("#start-server").display = False
        if self._complaint:
            self._say(self._complaint, failure=True)

    # -- what the app tells ----------------------------------------------------------------------

    def connecting(self, words: str) -> None:
        """Something is under way."""
        self.query_one("#start-server").display = False
        self._say(words, failure=False)

    def failed(self, reason: str, offer_server: bool) -> None:
        """It did not work; offer to start a server where that would help."""
        self._say(reason, failure=True)
        button = self.query_one("#start-server", Button)
        button.display = offer_server
        if offer_server:
            button.focus()

    def nick_refused(self, reason: str, suggestion: str) -> None:
        """Another nick is needed: the suggestion stands in the field, Enter takes it."""
        field = self.query_one("#nick-field", Input)
        if suggestion:
            field.value = suggestion
            reason = f"{reason.rstrip('.')}. {suggestion} looks free: Enter takes it."
        field.focus()
        self._say(reason, failure=True)

    # -- what the person does ----------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once what is wrong with a field."""
        event.stop()
        if event.input.id == "server-field":
            self._note("#server-note", self._address_problem())
        else:
            self._note("#nick-note", nick_problem(event.value.strip()))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in any field connects."""
        event.stop()
        self.connect()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """One of the two buttons."""
        event.stop()
        if event.button.id == "start-server":
            self._send(self.ServerWanted)
        else:
            self.connect()

    def connect(self) -> None:
        """Connect with what the form holds."""
        self._send(self.Wanted)

    def action_leave(self) -> None:
        """Quit."""
        self.post_message(self.LeaveWanted())

    # -- inside --------------------------------------------------------------------------------

    def _send(self, kind: "type[ConnectScreen.Wanted] | type[ConnectScreen.ServerWanted]") -> None:
        nick = self.query_one("#nick-field", Input).value.strip()
        problems = [self._address_problem(), nick_problem(nick)]
        self._note("#server-note", problems[0])
        self._note("#nick-note", problems[1])
        if any(problems):
            self.query_one("#server-field" if problems[0] else "#nick-field").focus()
            return
        self.post_message(kind(self, read_address(self._typed_server()), nick))

    def _typed_server(self) -> str:
        return self.query_one("#server-field", Input).value

    def _address_problem(self) -> str:
        try:
            read_address(self._typed_server())
        except AddressInvalid as error:
            return str(error)
        return ""

    def _note(self, selector: str, problem: str) -> None:
        note = self.query_one(selector, Static)
        note.update(Content(problem))
        note.set_class(bool(problem), "-problem")

    def _say(self, text: str, failure: bool) -> None:
        news = self.query_one("#news", Static)
        news.update(Content(text))
        news.set_class(failure, "-problem")


def nick_problem(nick: str) -> str:
    """What is wrong with a nick, and what would be right; "" for a good one."""
    if not nick:
        return "A nick is what others call you; give one."
    if len(nick) > NICK_CHARACTERS_MAX:
        return f"A nick has at most {NICK_CHARACTERS_MAX} characters."
    if not is_nick(nick):
        return "Letters, digits and -_[]{}\\|^` only, beginning with a letter."
    return ""
