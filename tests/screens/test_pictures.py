"""Pictures as they leave for the terminal: decoded again by what the protocols say.

Specifications: kitty graphics protocol (transmission, Unicode placeholders); DEC STD 070 "Sixel".
"""

import io
import re
import sys
from base64 import b64decode
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from rich.console import Console

from tests.screens.language import Session, session
from tui.pictures import fetch
from tui.screens.gallery import Gallery
from tui.screens.picture import PictureScreen

Image = pytest.importorskip("PIL.Image")
widget = pytest.importorskip("textual_image.widget")

RED, BLUE, GREEN = (255, 0, 0), (0, 0, 255), (0, 255, 0)
PLACEHOLDER = "\U0010eeee"
KITTY = re.compile(r"\x1b_G([^;\x1b]*);?([^\x1b]*)\x1b\\")
SIXEL = re.compile(r"\x1bP([0-9;]*)q([^\x1b]*)\x1b\\")
STEP = re.compile(r'"([\d;]+)|#(\d+)((?:;\d+)*)|!(\d+)([?-~])|([?-~])|([$-])')


def quarters() -> Any:
    """Red and green above, blue and white below."""
    picture = Image.new("RGBA", (120, 120), (*RED, 255))
    picture.paste((*GREEN, 255), (60, 0, 120, 60))
    picture.paste((*BLUE, 255), (0, 60, 60, 120))
    picture.paste((255, 255, 255, 255), (60, 60, 120, 120))
    return picture


async def written(s: Session) -> str:
    """What the picture on the screen is for the terminal."""
    s.app.push_screen(PictureScreen("https://example.org/a.png", lambda _: quarters()))
    await s.misses("Fetching")
    await s.pilot.pause()
    strips = s.app.screen._compositor.render_strips()  # the only way to what is written
    console = Console(color_system="truecolor", force_terminal=True)
    return "\n".join(strip.render(console) for strip in strips)


def looks_right(picture: Any) -> None:
    """The four colours are where they were, whatever the size is now."""
    width, height = picture.size
    assert width > 20
    assert abs(width - height) <= 2
    for (x, y), wanted in {
        (1, 1): RED,
        (3, 1): GREEN,
        (1, 3): BLUE,
        (3, 3): (255, 255, 255),
    }.items():
        found = picture.convert("RGB").getpixel((width * x // 4, height * y // 4))
        assert max(abs(a - b) for a, b in zip(found, wanted, strict=True)) < 8, (x, y, found)


async def test_kitty_gets_the_picture_and_cells_that_name_its_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(widget, "Image", widget.TGPImage)
    monkeypatch.setattr(sys, "__stdout__", terminal)
    async with session(tmp_path, (80, 24)) as s:
        cells = await written(s)
        messages = [
            (dict(pair.split("=") for pair in keys.split(",")), payload)
            for keys, payload in KITTY.findall(terminal.getvalue())
        ]
        placed = [keys for keys, _ in messages if keys.get("a") == "p"][-1]
        number = int(placed["i"])
        parts = [(keys, load) for keys, load in messages if keys.get("i") == placed["i"] and load]
        assert [keys["m"] for keys, _ in parts] == ["1"] * (len(parts) - 1) + ["0"]
        assert all(keys["f"] == "100" and keys["q"] == "2" for keys, _ in parts)
        assert all(len(load) <= 4096 for _, load in parts)
        looks_right(Image.open(io.BytesIO(b64decode("".join(load for _, load in parts)))))
        assert placed["U"] == "1"
        rows = [line for line in cells.splitlines() if PLACEHOLDER in line]
        assert len(rows) == int(placed["r"])
        assert all(row.count(PLACEHOLDER) == int(placed["c"]) for row in rows)
        of_rows = [row[row.index(PLACEHOLDER) + 1] for row in rows]
        assert len(set(of_rows)) == len(rows), "each row has a mark of its own"
        red, green, blue = (number >> shift & 255 for shift in (16, 8, 0))
        assert f"38;2;{red};{green};{blue}" in rows[0]


async def test_sixel_is_drawn_where_the_picture_belongs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(widget, "Image", widget.SixelImage)
    async with session(tmp_path, (80, 24)) as s:
        output = await written(s)
        found = SIXEL.search(output)
        assert found is not None
        looks_right(decode_sixel(found[2]))
        x, y = re.findall(r"\x1b\[(\d+);(\d+)H", output[: found.start()])[-1][::-1]
        region = s.app.screen.query_one(widget.SixelImage).region
        assert (int(x) - 1, int(y) - 1) == (region.x, region.y)


def decode_sixel(data: str) -> Any:
    """The picture that sixel data draws; every byte of it has to mean something."""
    colors: dict[int, tuple[int, ...]] = {}
    pixels: dict[tuple[int, int], tuple[int, ...]] = {}
    size = (0, 0)
    x = top = color = at = 0
    while at < len(data):
        step = STEP.match(data, at)
        assert step is not None, data[at : at + 20]
        at = step.end()
        raster, register, defined, times, repeated, once, moved = step.groups()
        if raster:
            size = tuple(map(int, raster.split(";")))[2:]  # type: ignore[assignment]
        elif register:
            color = int(register)
            if defined:
                kind, *shares = map(int, defined[1:].split(";"))
                assert kind == 2, "red, green, blue in parts of a hundred"
                colors[color] = tuple(round(share * 255 / 100) for share in shares)
        elif moved:
            x, top = 0, top + 6 * (moved == "-")
        else:
            bits, end = ord(repeated or once) - 63, x + int(times or 1)
            drawn = [bit for bit in range(6) if bits >> bit & 1]
            pixels |= {(at_x, top + bit): colors[color] for at_x in range(x, end) for bit in drawn}
            x = end
    picture = Image.new("RGB", size)
    assert len(pixels) == size[0] * size[1], "every pixel is drawn, and none beside"
    for place, shade in pixels.items():
        picture.putpixel(place, shade)
    return picture


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20)])
@pytest.mark.parametrize("form", [(1600, 400), (300, 1200), (12, 12)])
async def test_a_picture_of_any_form_fits_with_its_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], form: tuple[int, int]
) -> None:
    monkeypatch.setattr(widget, "Image", widget.SixelImage)
    async with session(tmp_path, size) as s:
        picture = quarters().resize(form)
        s.app.push_screen(PictureScreen("https://example.org/a.png", lambda _: picture))
        await s.misses("Fetching")
        await s.sees("Esc goes back")
        shown = s.app.screen.query_one(widget.SixelImage).region
        cells = widget.get_cell_size()
        wide, high = shown.width * cells.width, shown.height * cells.height
        assert s.app.screen.region.contains_region(shown)
        assert abs(wide * form[1] - high * form[0]) <= max(form) * max(cells) * 2


async def test_half_cells_are_two_pixels_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(widget, "Image", widget.HalfcellImage)
    async with session(tmp_path, (80, 24)) as s:
        output = await written(s)
        rows = [line for line in output.splitlines() if "▀" in line or "▄" in line]
        assert len(rows) > 4
        assert "2;255;0;0" in rows[1]
        assert "2;0;0;255" in rows[-2]


class Web(BaseHTTPRequestHandler):
    """One picture; who asked for what is kept."""

    asked: list[str] = []  # noqa: RUF012 - of one server at a time

    def do_GET(self) -> None:
        self.asked.append(self.path)
        data = io.BytesIO()
        Image.new("RGB", (60, 30), RED).save(data, "PNG")
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(data.getvalue())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def web() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    Web.asked.clear()
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


async def test_pictures_of_people_who_are_allowed_stand_below_their_message(
    tmp_path: Path, web: str
) -> None:
    async with session(tmp_path, (80, 24)) as s:
        s.app.main.gallery = Gallery(s.app.main, partial(fetch, anywhere=True))
        s.server.enters("#trail", ["bob", "eve"])
        await s.pilot.press("alt+1")
        s.server.says(
            f":bob!b@h PRIVMSG #trail :look {web}/bob.png",
            f":eve!e@h PRIVMSG #trail :look {web}/eve.png",
            f":bob!b@h PRIVMSG #trail :and {web}/page",
        )
        await s.sees("/page")
        assert Web.asked == []
        await s.writes("/images allow Bob")
        await s.sees("▀▀▀▀", "Pictures that Bob links to are shown")
        assert Web.asked == ["/bob.png"]
        lines = s.text().splitlines()
        picture = next(at for at, line in enumerate(lines) if "▀▀▀" in line)
        assert "bob.png" in lines[picture - 1]
        await s.writes("/images hide bob")
        s.server.says(f":bob!b@h PRIVMSG #trail :and {web}/bob2.jpg")
        await s.sees("bob2.jpg", "Pictures of bob are not fetched any more.")
        assert Web.asked == ["/bob.png"]


async def test_whose_pictures_are_shown_is_remembered_and_told(tmp_path: Path) -> None:
    async with session(tmp_path) as s:
        await s.writes("/images")
        await s.sees("Nobody's pictures are shown.")
        await s.writes("/images show bob")
        await s.sees("Write /images allow nick, or /images hide nick.")
        await s.pilot.press("ctrl+c")
        await s.writes("/images allow bob")
        await s.pilot.press("ctrl+q")
        await s.ends()
    async with session(tmp_path) as s:
        await s.writes("/images")
        await s.sees("Pictures of bob are shown.")
