"""What the person chose before connecting: plain data, handed to `Client` once."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Options:
    """The choices for one server.

    `server` is shown and never opened; `device` is the token of docs/protocol.md "resend".
    `private`: the link is encrypted or does not leave this machine, so that an account's
    password may be sent. `ignored`, `pictured`, `attention` and `drafts` are what `State` held
    at the end of last time.
    """

    server: str  # host:port as the person wrote it
    nick: str
    password: str = ""  # the server's own, sent by PASS
    device: str = ""
    autojoin: tuple[str, ...] = ()
    keys: tuple[tuple[str, str], ...] = ()  # (room, what lets one in)
    account: str = ""  # to log in to; "" for a guest
    account_password: str = ""
    mechanism: str = ""  # how to log in, as SASL calls it; "" for the strongest one there is
    sign: Callable[[bytes], bytes] | None = None  # by a key of one's own, for ECDSA
    has_certificate: bool = False  # the link shows one of one's own, for EXTERNAL
    private: bool = False
    ignored: tuple[str, ...] = ()
    pictured: tuple[str, ...] = ()
    attention: tuple[tuple[str, str], ...] = ()  # (buffer key, a value of `Attention`)
    drafts: tuple[tuple[str, str], ...] = ()  # (buffer key, text)
