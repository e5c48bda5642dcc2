"""Pictures from the web, fetched when someone asks for one and never by themselves.

Only http and https, only from public addresses (a link must not reach into the reader's own
network), only what says it is a picture, within limits of bytes, pixels and seconds. Blocking:
callers use a thread. Needs the extra `images`.
"""

import http.client
import io
import ipaddress
import socket
import time
import urllib.request
from typing import IO, TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from PIL.Image import Image  # type: ignore[import-not-found, unused-ignore]  # the extra

BYTES_MAX: Final = 10 << 20
PIXELS_MAX: Final = 40_000_000
"""Four bytes of memory each, for a moment."""

SHOWN_PIXELS: Final = (1_600, 1_200)
"""More than any terminal shows: what is larger is made smaller at once."""

READ_BYTES: Final = 64 << 10
ANSWER_TIMEOUT_S: Final = 10.0
TOTAL_TIMEOUT_S: Final = 20.0
PROGRAM: Final = "chat-tui"


class NoPicture(Exception):  # noqa: N818 - told in words
    """It cannot be shown; the text says why."""


def fetch(address: str, *, anywhere: bool = False) -> "Image":
    """The picture at `address`, made small. Raises `NoPicture`.

    `anywhere` allows private addresses too; for tests.
    """
    from PIL import (  # type: ignore[import-not-found, unused-ignore]  # the extra
        Image,
        UnidentifiedImageError,
    )

    data = _read(address, anywhere)
    try:
        picture = Image.open(io.BytesIO(data))
        if picture.width * picture.height > PIXELS_MAX:
            raise NoPicture("The picture is too large")
        picture.thumbnail(SHOWN_PIXELS)
        return picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise NoPicture("There is no picture that can be read there") from None


def _read(address: str, anywhere: bool) -> bytes:
    if not address.startswith(("http://", "https://")):
        raise NoPicture("Only http and https links are followed")
    connections = (http.client.HTTPConnection, http.client.HTTPSConnection)
    plain, encrypted = connections if anywhere else (_PublicHTTP, _PublicHTTPS)
    opener = urllib.request.OpenerDirector()
    for handler in (
        _Plain(plain),
        _Encrypted(encrypted),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
    ):
        opener.add_handler(handler)
    headers = {"User-Agent": PROGRAM}
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - checked above
    try:
        with opener.open(request, timeout=ANSWER_TIMEOUT_S) as answer:
            kind = answer.headers.get_content_type()
            if not kind.startswith("image/"):
                raise NoPicture(f"That is no picture but {kind}")
            return _bounded(answer)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoPicture(f"The picture cannot be fetched: {error}") from None


def _bounded(answer: IO[bytes]) -> bytes:
    """The body, within the limits of bytes and time."""
    end = time.monotonic() + TOTAL_TIMEOUT_S
    data = bytearray()
    while chunk := answer.read(READ_BYTES):
        data += chunk
        if len(data) > BYTES_MAX:
            raise NoPicture(f"The picture has more than {BYTES_MAX >> 20} MB")
        if time.monotonic() > end:
            raise NoPicture("The picture takes too long to come")
    return bytes(data)


def _check_public(connection: http.client.HTTPConnection) -> None:
    """Asked of the socket that is open: a name cannot mean something else a moment later."""
    assert isinstance(connection.sock, socket.socket)
    peer = ipaddress.ip_address(connection.sock.getpeername()[0].partition("%")[0])
    if not peer.is_global:
        connection.close()
        raise OSError("the link leads into a private network")


class _PublicHTTP(http.client.HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _check_public(self)


class _PublicHTTPS(http.client.HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _check_public(self)


class _Plain(urllib.request.HTTPHandler):
    """Opens connections of a kind."""

    def __init__(self, connection: Any) -> None:
        super().__init__()
        self._connection = connection

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req)


class _Encrypted(urllib.request.HTTPSHandler):
    """The same, encrypted."""

    def __init__(self, connection: Any) -> None:
        super().__init__()
        self._connection = connection

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._connection, req)
