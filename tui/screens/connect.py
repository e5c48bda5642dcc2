"""The first screen: which server, under which nick. Checks while one types, connects on Enter.

Stays until the server has welcomed us, so that a wrong address or a nick in use is put right here.
While it connects its fields are closed, and what is typed is meant for the frame: it is kept, and
typed into the command bar there.
"""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Button, Input, Static

from common.casemap import NICK_CHARACTERS_MAX, channel_name, is_channel, is_nick
from tui.address import Address, AddressInvalid, read_address
from tui.widgets.choice_line import ChoiceLine

_WELCOME: Final = "Rooms to talk in, from a terminal."
_ON_THIS_MACHINE: Final = "on this machine"
_ENCRYPTED: Final = "encrypted"
_IN_THE_OPEN: Final = "NOT encrypted: everyone on the way can read what is said."
_ONLY_ENCRYPTED: Final = "A password is never sent unencrypted. Write ircs:// before the server."


class Way(Enum):
    """As whom one comes in; the value is how the form says it."""

    GUEST = "guest"
    LOGIN = "log in"
    ACCOUNT = "register"


_PASSWORDS: Final = {
    Way.GUEST: ("", ""),
    Way.LOGIN: ("Password", "of the account with this name"),
    Way.ACCOUNT: ("Password", "choose one: it makes the nick yours"),
}
"""Label and placeholder of the field for the password."""


class ConnectScreen(Screen[None]):
    """Posts `Wanted`, `ServerWanted` and `LeaveWanted`."""

    AUTO_FOCUS = "#nick-field"
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-medium")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-high")]  # noqa: RUF012 - as Textual declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+q", "leave", "Quit", priority=True),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    @dataclass
    class Wanted(Message):
        """Connect to a server under a nick; the password is that of an account of that name."""

        form: "ConnectScreen"
        address: Address
        nick: str
        password: str
        way: Way
        room: str  # to go to first, as typed

    @dataclass
    class ServerWanted(Message):
        """Start a server here and connect to it."""

        form: "ConnectScreen"
        address: Address
        nick: str
        password: str
        way: Way
        room: str

    @dataclass
    class LeaveWanted(Message):
        """Quit."""

    def __init__(
        self,
        server: str,
        nick: str,
        complaint: str = "",
        plain: bool = False,
        is_over: bool = False,
        at_once: bool = False,
        has_account: bool = False,
    ) -> None:
        """`plain` accepts links that are not encrypted, beyond this machine.

        `is_over`: it lies over the frame, to connect to a further server, and Esc leads back.
        `at_once`: it connects by itself; only when that fails is there something to fill in.
        `has_account`: one was logged in there last time.
        """
        super().__init__()
        self.is_over = is_over
        self.typed_ahead = [""]  # lines ended by Enter, and the one begun
        self._busy = at_once
        self._server = server
        self._nick = nick
        self._complaint = complaint
        self._plain = plain
        self._way = Way.LOGIN if has_account else Way.GUEST

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
            yield ChoiceLine([(way.name, way.value) for way in Way], self._way.name, id="way")
            yield Static("", id="password-label", classes="form-label")
            yield Input(password=True, id="password-field")
            yield Static("", id="password-note", classes="form-note")
            yield Static("First room (optional)", classes="form-label")
            yield Input(placeholder="its ID, or: create [name]", id="room-field")
            yield Static("", id="room-note", classes="form-note")
            yield Button("Connect", id="connect", variant="primary", compact=True)
            yield Static("", id="news")
            yield Button("Start a server here", id="start-server", compact=True)
            way_out = "Esc goes back" if self.is_over else "Esc quits"
            yield Static(f"Enter connects · Tab goes on · {way_out}", classes="form-note")

    def on_mount(self) -> None:
        """Nothing failed yet."""
        self.query_one("#start-server").display = False
        self._show_way()
        self._check()
        if self._complaint:
            self._say(self._complaint, failure=True)
        if self._busy:
            self._close_fields()
            self.call_after_refresh(self.connect)
        elif not self._server:
            self.query_one("#server-field").focus()

    # -- what the app tells ----------------------------------------------------------------------

    def connecting(self, words: str) -> None:
        """Something is under way."""
        self.query_one("#start-server").display = False
        self._close_fields()
        self._say(words, failure=False)

    def failed(self, reason: str, offer_server: bool) -> None:
        """It did not work; offer to start a server where that would help."""
        self._open_fields()
        self._say(reason, failure=True)
        button = self.query_one("#start-server", Button)
        button.display = offer_server
        password = self.query_one("#password-field", Input)
        if offer_server:
            button.focus()
        elif password.display and password.value:
            password.focus()

    def nick_refused(self, reason: str, suggestion: str) -> None:
        """Another nick is needed: the suggestion stands in the field, Enter takes it.

        A nick beyond ASCII stays as typed: its letters may be the reason, and a variant has them.
        """
        self._open_fields()
        field = self.query_one("#nick-field", Input)
        if suggestion and suggestion.isascii():
            field.value = suggestion
            reason = f"{reason.rstrip('.')}. {suggestion} looks free: Enter takes it."
        field.focus()
        self._say(reason, failure=True)

    # -- what the person does ----------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Keep what is typed while no field is open."""
        if not self._busy:
            return
        if event.key == "backspace":
            self.typed_ahead[-1] = self.typed_ahead[-1][:-1]
        elif event.key == "enter":
            self.typed_ahead.append("")
        elif event.character is not None and event.is_printable:
            self.typed_ahead[-1] += event.character

    def on_paste(self, event: events.Paste) -> None:
        """Keep what is pasted, too."""
        if self._busy:
            event.stop()
            self.typed_ahead[-1] += event.text

    def on_choice_line_changed(self, event: ChoiceLine.Changed) -> None:
        """As somebody else: a guest needs no password."""
        event.stop()
        self._way = Way[event.name]
        self._show_way()
        self._check()

    def _show_way(self) -> None:
        label, placeholder = _PASSWORDS[self._way]
        for part in ("#password-label", "#password-field"):
            self.query_one(part).display = bool(label)
        self.query_one("#password-label", Static).update(label)
        self.query_one("#password-field", Input).placeholder = placeholder

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once what is wrong with a field."""
        event.stop()
        self._check()

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

    def _close_fields(self) -> None:
        self._busy = True
        self.query("Input, Button, ChoiceLine").set(disabled=True)

    def _open_fields(self) -> None:
        """Something has to be put right here; what was typed meanwhile still waits."""
        self._busy = False
        self.query("Input, Button, ChoiceLine").set(disabled=False)
        self.query_one("#nick-field").focus()

    def _send(self, kind: "type[ConnectScreen.Wanted] | type[ConnectScreen.ServerWanted]") -> None:
        wrong = self._check()
        address = self._address()
        if wrong or isinstance(address, str):
            self._open_fields()
            self.query_one(f"#{wrong or 'server'}-field").focus()
            return
        nick, password = self._typed("nick").strip(), self._typed("password")
        password = "" if self._way is Way.GUEST else password
        room = self._typed("room").strip()
        self.post_message(kind(self, address, nick, password, self._way, room))

    def _check(self) -> str:
        """Say beside each field what is wrong with it; the first that is wrong, "" for none."""
        address = self._address()
        problems = {
            "server": address if isinstance(address, str) else "",
            "nick": nick_problem(self._typed("nick").strip()),
            "password": self._password_problem(address),
            "room": room_problem(self._typed("room")),
        }
        for name, problem in problems.items():
            self._note(f"#{name}-note", problem, is_problem=bool(problem))
        if not isinstance(address, str):
            self._note("#server-note", safety(address), is_problem=not address.is_private)
        return next((name for name, problem in problems.items() if problem), "")

    def _password_problem(self, address: Address | str) -> str:
        if self._way is Way.GUEST:
            return ""
        typed = self._typed("password")
        if not typed and self._way is Way.ACCOUNT:
            return "An account needs a password; choose one."
        return password_problem(typed, address)

    def _typed(self, name: str) -> str:
        return self.query_one(f"#{name}-field", Input).value

    def _address(self) -> Address | str:
        """Where to; or in words, why that is no address."""
        try:
            return read_address(self._typed("server"), self._plain)
        except AddressInvalid as error:
            return f"{error}."

    def _note(self, selector: str, text: str, is_problem: bool) -> None:
        note = self.query_one(selector, Static)
        note.update(Content(text))
        note.set_class(is_problem, "-problem")
        note.set_class(not text, "-empty")

    def _say(self, text: str, failure: bool) -> None:
        news = self.query_one("#news", Static)
        news.update(Content(text))
        news.set_class(failure, "-problem")


def nick_problem(nick: str) -> str:
    """What is wrong with a nick, and what would be right; "" for one that some server takes.

    Letters of every script pass: which of them a server takes, it says itself, and the form shows.
    """
    if not nick:
        return "A nick is what others call you; give one."
    if len(nick.encode()) > NICK_CHARACTERS_MAX:
        fewer = "" if nick.isascii() else ", and fewer beyond a to z"
        return f"A nick has at most {NICK_CHARACTERS_MAX} characters{fewer}."
    if not is_nick(nick, beyond_ascii=True):
        return "Letters, digits and -_[]{}\\|^` only, beginning with a letter."
    return ""


def read_room(typed: str) -> tuple[bool, str]:
    """Whether a room is to be made, and its name: ``kfm4ra7q``, ``create``, ``create trail``."""
    first, _, rest = typed.strip().partition(" ")
    if first.lower() in ("create", "join"):
        return first.lower() == "create", rest.strip()
    return False, typed.strip()


def room_problem(typed: str) -> str:
    """What is wrong with a first room; "" for nothing."""
    makes, name = read_room(typed)
    if not name:
        return "" if makes or not typed.strip() else "Write the ID of the room, too."
    if " " in name or not is_channel(channel_name(name)):
        return f"{name} is not the name of a room; it is one word."
    return ""


def safety(address: Address) -> str:
    """Who can read what is said on the way there."""
    if not address.is_private:
        return _IN_THE_OPEN
    return _ENCRYPTED if address.tls else _ON_THIS_MACHINE


def password_problem(password: str, address: Address | str) -> str:
    """Why a password cannot be used there; "" when it can."""
    if not password:
        return ""
    if " " in password or not password.isprintable():
        return "A password is one word, without spaces."
    return "" if isinstance(address, str) or address.is_private else _ONLY_ENCRYPTED
