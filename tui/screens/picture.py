"""One picture, over the frame: fetched because it was asked for."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import nullcontext, suppress
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import App, ComposeResult, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from tui.render.wrap import shorten

if TYPE_CHECKING:
    from PIL.Image import Image  # type: ignore[import-not-found, unused-ignore]  # the extra

TITLE_CELLS_MAX = 72

Fetch = Callable[[str], "Image"]


def can_show() -> bool:
    """Whether the extra `images` is there."""
    return find_spec("textual_image") is not None


def _image_widget(app: App[Any]) -> Callable[[object], Widget]:
    """What shows a picture best in this terminal.

    The import asks the terminal, so it has to have the terminal to itself for that moment; at
    the start it would eat what is typed ahead.
    """
    lent = nullcontext() if "textual_image.widget" in sys.modules else app.suspend()
    with suppress(SuspendNotSupported), lent:
        import_module("textual_image.widget")
    widget: Callable[[object], Widget] = import_module("textual_image.widget").Image
    return widget


class PictureScreen(ModalScreen[None]):
    """Shows the picture at an address as well as the terminal can."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "leave", "Back", priority=True),
    ]

    def __init__(self, address: str, fetch: Fetch | None = None) -> None:
        """`fetch` is blocking, and raises `NoPicture`."""
        super().__init__()
        self._address = address
        self._fetch_from = fetch

    def compose(self) -> ComposeResult:
        """The address, room for the picture, the way out."""
        with Vertical(classes="dialog -large", id="picture"):
            title = shorten(self._address, TITLE_CELLS_MAX)
            yield Static(Content(title), classes="dialog-question")
            with Container(id="picture-place"):
                yield Static("Fetching…", id="picture-state")
            yield Static("Esc goes back", classes="dialog-hint")

    def on_mount(self) -> None:
        """Fetch it, off the loop."""
        self._fetch()

    @work(exclusive=True)
    async def _fetch(self) -> None:
        from tui import pictures  # with what speaks to the web: not at every start

        try:
            fetch = self._fetch_from or pictures.fetch
            picture = await asyncio.to_thread(fetch, self._address)
        except pictures.NoPicture as problem:
            self.query_one("#picture-state", Static).update(Content(f"{problem}."))
            return
        image = _image_widget(self.app)
        state = self.query_one("#picture-state", Static)
        shown = image(picture)
        shown.styles.width = shown.styles.height = "auto"  # as large as fits, in its own form
        await self.query_one("#picture-place").mount(shown)
        await state.remove()

    def action_leave(self) -> None:
        """Back to the conversation."""
        self.dismiss(None)
