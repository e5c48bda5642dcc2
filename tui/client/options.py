"""What the person chose before connecting: plain data, handed to `Client` once."""

from dataclasses import dataclass


@dataclass(slots=True)
class Options:
    """The choices for one server.

    `server` is shown and never opened; `device` is the token of docs/protocol.md "resend".
    `private`: the link is encrypted or does not leave this machine, so that an account's
    password may be sent. `ignored` and `drafts` are what `State` held at the end of last time.
    """

    server: str  # host:port as the person wrote it
    nick: str
    password: str = ""  # the server's own, sent by PASS
    device: str = ""
    autojoin: tuple[str, ...] = ()
    account: str = ""  # to log in to; "" for a guest
    account_password: str = ""
    private: bool = False
    ignored: tuple[str, ...] = ()
    drafts: tuple[tuple[str, str], ...] = ()  # (buffer key, text)
