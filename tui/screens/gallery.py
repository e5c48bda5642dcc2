"""Pictures below the messages of people whose pictures one allows; of nobody else anything is
fetched.

Looks at the newest messages of the conversation on the screen. What cannot be had stays a link.
"""

import asyncio
from collections.abc import Sequence
from typing import Final, Protocol
from urllib.parse import urlsplit

from textual.app import App

from common.casemap import fold
from tui.client.state import Item, State
from tui.render.links import links_in
from tui.render.speech import SIGNED, said_by
from tui.render.thumbnail import Thumbnail
from tui.screens.picture import Fetch, can_show
from tui.widgets.timeline import Timeline

ITEMS_LOOKED_AT_MAX: Final = 50
FETCHED_AT_ONCE_MAX: Final = 2
ENDINGS: Final = (".png", ".jpg", ".jpeg", ".gif", ".webp")
_DARK: Final = (18, 18, 18)
_LIGHT: Final = (224, 224, 224)


class Frame(Protocol):
    """What the gallery needs of the frame."""

    timeline: Timeline

    @property
    def app(self) -> App[object]:
        """The app."""


class Gallery:
    """The pictures of one frame; `fetch` is blocking, and raises `NoPicture`."""

    def __init__(self, frame: Frame, fetch: Fetch | None = None) -> None:
        self._frame = frame
        self._fetch = fetch
        self._asked: dict[int, None] = {}  # by item
        self._turns = asyncio.Semaphore(FETCHED_AT_ONCE_MAX)

    def look(self, state: State, items: Sequence[Item]) -> None:
        """Fetch what the newest of `items` link to, if it is from someone who is allowed."""
        if not state.pictured or not can_show():
            return
        for item in items[-ITEMS_LOOKED_AT_MAX:]:
            if item.id in self._asked or fold(item.sender) not in state.pictured:
                continue
            address = picture_in(item)
            if address:
                self._asked[item.id] = None
                self._frame.app.run_worker(self._show(item, address), group="gallery")

    async def _show(self, item: Item, address: str) -> None:
        from tui import pictures  # with what speaks to the web: not at every start

        def make() -> Thumbnail:
            picture = (self._fetch or pictures.fetch)(address)
            dark = self._frame.app.current_theme.dark
            return pictures.thumbnail_of(picture, _DARK if dark else _LIGHT)

        try:
            async with self._turns:
                thumbnail = await asyncio.to_thread(make)
        except pictures.NoPicture:
            return
        self._frame.timeline.show_picture(item, thumbnail)


def picture_in(item: Item) -> str:
    """The first address in a message that looks like that of a picture; "" for none."""
    if item.kind not in SIGNED or item.redacted:
        return ""
    links = links_in(said_by(item))
    return next((link for link in links if urlsplit(link).path.lower().endswith(ENDINGS)), "")
