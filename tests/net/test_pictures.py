"""Pictures from the web: fetched within limits, from public addresses, and only pictures."""

import io
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tui import pictures
from tui.pictures import NoPicture, fetch, thumbnail_of

Image = pytest.importorskip("PIL.Image")


def png(width: int, height: int) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(data, "PNG")
    return data.getvalue()


MOVED = {"/moved": "file:///etc/passwd", "/round": "/round?", "/round?": "/round"}


def drip(file: io.BufferedIOBase) -> None:
    """A header that never ends, a character at a time: no read ever times out."""
    file.write(b"HTTP/1.0 200 OK\r\nContent-Type: ")
    while True:
        try:
            file.write(b"x")
            file.flush()
        except OSError:
            return
        time.sleep(0.02)


class Web(BaseHTTPRequestHandler):
    """Pages by their path."""

    def do_GET(self) -> None:
        kind, body = {
            "/small.png": ("image/png", png(30, 20)),
            "/large.png": ("image/png", png(3_000, 2_000)),
            "/page": ("text/html", b"<html>"),
            "/program.png": ("image/png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
            "/broken.png": ("image/png", b"\x89PNG no"),
            "/endless.png": ("image/png", bytes(pictures.BYTES_MAX + 1)),
        }.get(self.path, ("text/plain", b""))
        if self.path == "/slow.png":
            drip(self.wfile)
            return
        moved = self.path in MOVED
        self.send_response(302 if moved else 200 if body else 404)
        if moved:
            self.send_header("Location", MOVED[self.path])
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def web() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_picture_is_fetched_and_made_small(web: str) -> None:
    assert fetch(f"{web}/small.png", anywhere=True).size == (30, 20)
    assert fetch(f"{web}/large.png", anywhere=True).size == (1_600, 1_067)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/page", "no picture but text/html"),
        ("/program.png", "no picture that can be read"),
        ("/round", "cannot be fetched: HTTP Error 302"),
        ("/broken.png", "no picture that can be read"),
        ("/endless.png", "more than 10 MB"),
        ("/gone.png", "cannot be fetched"),
        ("/moved", "cannot be fetched"),
    ],
)
def test_what_is_no_picture_or_too_much_is_told(web: str, path: str, why: str) -> None:
    with pytest.raises(NoPicture, match=why):
        fetch(f"{web}{path}", anywhere=True)


def test_one_who_dawdles_is_cut_off(web: str) -> None:
    with pytest.raises(NoPicture, match="too long to come"):
        fetch(f"{web}/slow.png", anywhere=True, total_s=0.2)


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "10.0.0.1", "169.254.1.1"],
)
def test_no_name_of_a_private_address_is_followed(host: str) -> None:
    with pytest.raises(NoPicture, match="private network"):
        fetch(f"http://{host}:9/a.png")


def test_a_thumbnail_is_small_and_stands_on_the_ground_of_the_screen() -> None:
    picture = Image.new("RGBA", (400, 90), (255, 0, 0, 0))
    thumbnail = thumbnail_of(picture, (1, 2, 3))
    assert (thumbnail.columns, thumbnail.rows) == (40, 10)
    assert thumbnail.pixels == bytes((1, 2, 3)) * 400


def test_a_link_does_not_reach_into_the_readers_own_network(web: str) -> None:
    with pytest.raises(NoPicture, match="private network"):
        fetch(f"{web}/small.png")


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.org/a.png", ""])
def test_only_the_web_is_asked(address: str) -> None:
    with pytest.raises(NoPicture, match="Only http"):
        fetch(address)
