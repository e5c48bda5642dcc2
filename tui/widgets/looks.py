"""Component styles as Rich styles, with the theme's translucent colours resolved."""

from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui.render.page import Palette


def look(widget: Widget, name: str) -> Style:
    """The style of component class `name`, without a background of its own."""
    full = widget.get_component_rich_style(name)
    return Style(
        color=full.color,
        bold=full.bold,
        dim=full.dim,
        italic=full.italic,
        underline=full.underline,
        reverse=full.reverse,
        strike=full.strike,
    )


def ground(widget: Widget, name: str) -> Style:
    """Only the background of component class `name`."""
    return Style(bgcolor=widget.get_component_rich_style(name).bgcolor)


def on_ground(strip: Strip, background: Style) -> Strip:
    """`strip` with another background under all of it."""
    segments = [
        segment._replace(style=(segment.style or Style()) + background) for segment in strip
    ]
    return Strip(segments, strip.cell_length)


def timeline_palette(widget: Widget) -> Palette:
    """The styles of a conversation in the present theme, from its component classes."""
    return Palette(
        dark=widget.app.current_theme.dark,
        text=Style(),
        muted=look(widget, "timeline--muted"),
        rule=look(widget, "timeline--rule"),
        accent=look(widget, "timeline--accent"),
        error=look(widget, "timeline--error"),
        pending=look(widget, "timeline--pending"),
        own=look(widget, "timeline--own"),
        selection=widget.get_component_rich_style("timeline--selection"),
        code=look(widget, "timeline--code") + ground(widget, "timeline--code"),
    )
