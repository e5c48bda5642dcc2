"""What a long list has to show: what came since it was last drawn, and how much there is."""

from dataclasses import dataclass, field

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.widget import Widget

from tui.client.state import Item


@dataclass(slots=True)
class Backlog:
    """What has happened since the last flush."""

    appended: list[Item] = field(default_factory=list)
    prepended: int = 0
    changed: dict[int, Item] = field(default_factory=dict)
    reload: bool = False


def place_content(view: ScrollView, lines: int, y: int) -> None:
    """Give Textual the height of the content and the position in it.

    Assigning `virtual_size` would lay out the whole screen for every message, so this goes
    around it; `tests/screens/test_timeline.py` guards that it goes on working.
    """
    size = Size(view.size.width, lines)
    if size != view.virtual_size:
        view.set_reactive(Widget.virtual_size, size)
        view._scroll_update(size)
    if y != view.scroll_y:
        view.set_reactive(Widget.scroll_y, float(y))
        view.set_reactive(Widget.scroll_target_y, float(y))
        view.vertical_scrollbar.position = y
