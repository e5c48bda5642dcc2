"""What the person chose before connecting: plain data, handed to `Client` once."""

from dataclasses import dataclass


@dataclass(slots=True)
class Options:
    """The choices for one server.

    `server` is shown and never opened; `device` is the token of docs/protocol.md "resend".
    """

    server: str  # host:port as the person wrote it
    nick: str
    password: str = ""
    device: str = ""
    autojoin: tuple[str, ...] = ()
