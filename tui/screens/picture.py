"""One picture, over the frame: fetched because it was asked for."""

import asyncio
from importlib.util import find_spec
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.render.wrap import shorten

TITLE_CELLS_MAX = 72


def can_show() -> bool:
    """Whether the extra `images` is there."""
    return find_spec("textual_image") is not None


class PictureScreen(ModalScreen[None]):
    """Shows the picture at an address as well as the terminal can."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "leave", "Back", priority=True),
    ]

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def compose(self) -> ComposeResult:
        """The address, room for the picture, the way out."""
        with Vertical(classes="dialog -large", id="picture"):
            title = shorten(self._address, TITLE_CELLS_MAX)
            yield Static(Content(title), classes="dialog-question")
            yield Static("Fetching…", id="picture-state")
            yield Static("Esc goes back", classes="dialog-hint")

    def on_mount(self) -> None:
        """Fetch it, off the loop."""
        self._fetch()

    @work(exclusive=True)
    async def _fetch(self) -> None:
        from tui import pictures  # with what speaks to the web: not at every start

        try:
            picture = await asyncio.to_thread(pictures.fetch, self._address)
        except pictures.NoPicture as problem:
            self.query_one("#picture-state", Static).update(Content(f"{problem}."))
            return
        from textual_image.widget import (  # type: ignore[import-not-found, unused-ignore]  # extra
            Image,
        )

        state = self.query_one("#picture-state", Static)
        await self.query_one("#picture", Vertical).mount(Image(picture), after=state)
        await state.remove()

    def action_leave(self) -> None:
        """Back to the conversation."""
        self.dismiss(None)
