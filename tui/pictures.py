"""Pictures from the web, fetched when someone asks for one, or for those whose pictures they allow.

Only http and https, only from public addresses (a link must not reach into the reader's own
network), only what says it is a picture of a usual kind, within limits of bytes, pixels, seconds
and redirections. Blocking: callers use a thread. Needs the extra `images`.
"""

import http.client
import io
import ipaddress
import socket
import threading
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any, Final

from tui.render.thumbnail import COLUMNS_MAX, PIXEL_ROWS_MAX, Thumbnail

if TYPE_CHECKING:
    from PIL.Image import Image  # type: ignore[import-not-found, unused-ignore]  # the extra

BYTES_MAX: Final = 10 << 20
PIXELS_MAX: Final = 40_000_000
"""Four bytes of memory each, for a moment."""

SHOWN_PIXELS: Final = (1_600, 1_200)
"""More than any terminal shows: what is larger is made smaller at once."""

KINDS: Final = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
"""What is decoded; of others some are programs."""

READ_BYTES: Final = 64 << 10
ANSWER_TIMEOUT_S: Final = 10.0
TOTAL_TIMEOUT_S: Final = 20.0
REDIRECTIONS_MAX: Final = 5
PROGRAM: Final = "chat-tui"


class NoPicture(Exception):  # noqa: N818 - told in words
    """It cannot be shown; the text says why."""


def fetch(address: str, *, anywhere: bool = False, total_s: float = TOTAL_TIMEOUT_S) -> "Image":
    """The picture at `address`, made small, within `total_s` seconds. Raises `NoPicture`.

    `anywhere` allows private addresses too; for tests.
    """
    from PIL import (  # type: ignore[import-not-found, unused-ignore]  # the extra
        Image,
        UnidentifiedImageError,
    )

    data = _read(address, _Guard(anywhere, total_s))
    try:
        picture = Image.open(io.BytesIO(data), formats=KINDS)
        if picture.width * picture.height > PIXELS_MAX:
            raise NoPicture("The picture is too large")
        picture.thumbnail(SHOWN_PIXELS)
        return picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise NoPicture("There is no picture that can be read there") from None


def thumbnail_of(picture: "Image", ground: tuple[int, int, int]) -> Thumbnail:
    """The picture small enough to stand below a message, on a `ground` where it lets one see it."""
    from PIL import Image  # type: ignore[import-not-found, unused-ignore]  # the extra

    small = picture.copy()
    small.thumbnail((COLUMNS_MAX, PIXEL_ROWS_MAX))
    rows = small.height + small.height % 2
    whole = Image.new("RGBA", (small.width, rows), (*ground, 255))
    whole.alpha_composite(small)
    return Thumbnail(small.width, rows, whole.convert("RGB").tobytes())


def _read(address: str, guard: "_Guard") -> bytes:
    if not address.startswith(("http://", "https://")):
        raise NoPicture("Only http and https links are followed")
    opener = urllib.request.OpenerDirector()
    for handler in (
        _Plain(guard),
        _Encrypted(guard),
        _Redirections(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
    ):
        opener.add_handler(handler)
    headers = {"User-Agent": PROGRAM}
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - checked above
    try:
        with guard, opener.open(request, timeout=ANSWER_TIMEOUT_S) as answer:
            guard.check_time()
            kind = answer.headers.get_content_type()
            if not kind.startswith("image/"):
                raise NoPicture(f"That is no picture but {kind}")
            return _bounded(answer, guard)
    except (OSError, http.client.HTTPException, ValueError) as error:
        guard.check_time()
        raise NoPicture(f"The picture cannot be fetched: {error}") from None


def _bounded(answer: IO[bytes], guard: "_Guard") -> bytes:
    """The body, within the limits of bytes and time."""
    data = bytearray()
    while chunk := answer.read(READ_BYTES):
        data += chunk
        if len(data) > BYTES_MAX:
            raise NoPicture(f"The picture has more than {BYTES_MAX >> 20} MB")
    guard.check_time()  # what was cut off by us is not all of it
    return bytes(data)


class _Guard:
    """Opens the connections of one fetch: to public addresses only, and all cut off in time."""

    def __init__(self, anywhere: bool, total_s: float) -> None:
        self._anywhere = anywhere
        self._open: list[socket.socket] = []
        self._timer = threading.Timer(total_s, self._cut)
        self._timer.daemon = True
        self._is_late = False

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        self._is_late = True
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def check_time(self) -> None:
        """Raises `NoPicture` where the time is over."""
        if self._is_late:
            raise NoPicture("The picture takes too long to come")

    def connect(self, host: str, port: int, timeout_s: float) -> socket.socket:
        """A connection to the first public address of `host` that answers. Raises `OSError`.

        The address is looked at before anything is sent to it, and is the one that is used: a
        name cannot mean something else a moment later.
        """
        failure = OSError("the link leads into a private network")
        for family, kind, protocol, _, place in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        ):
            if self._is_late or not (self._anywhere or _is_public(str(place[0]))):
                continue
            opened = socket.socket(family, kind, protocol)
            try:
                opened.settimeout(timeout_s)
                opened.connect(place)
            except OSError as error:
                opened.close()
                failure = error
                continue
            self._open.append(opened)
            return opened
        raise failure


def _is_public(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_global


class _HTTP(http.client.HTTPConnection):
    def __init__(self, *arguments: Any, guard: _Guard, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._guard = guard

    def connect(self) -> None:
        self.sock = self._guard.connect(self.host, self.port, ANSWER_TIMEOUT_S)


class _HTTPS(http.client.HTTPSConnection, _HTTP):
    """Encrypts what the other has opened."""


class _Redirections(urllib.request.HTTPRedirectHandler):
    max_redirections = REDIRECTIONS_MAX


class _Plain(urllib.request.HTTPHandler):
    """Opens guarded connections."""

    def __init__(self, guard: _Guard) -> None:
        super().__init__()
        self._guard = guard

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        connection: Callable[..., Any] = _HTTP
        return self.do_open(connection, req, guard=self._guard)


class _Encrypted(urllib.request.HTTPSHandler):
    """The same, encrypted."""

    def __init__(self, guard: _Guard) -> None:
        super().__init__()
        self._guard = guard

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        connection: Callable[..., Any] = _HTTPS
        return self.do_open(connection, req, guard=self._guard)
