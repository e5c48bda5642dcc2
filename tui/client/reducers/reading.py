"""Read positions from the server: ours, as another device of ours left them.

Specification: IRCv3 read-marker.
"""

from common.casemap import fold
from tui.client import reading
from tui.client.cleaning import read_time
from tui.client.core import Core
from tui.client.items import Arrival
from tui.client.reducers.table import on


@on("MARKREAD", params_min=2)
def marked(core: Core, arrival: Arrival) -> None:
    """MARKREAD target timestamp=…, or ``*`` where nothing was read yet."""
    key = fold(arrival.word(0))
    core.session.take(key, ("MARKREAD",))
    buffer = core.state.buffers.get(key)
    word, _, value = arrival.text(1).partition("=")
    read_to_ms = read_time(value) if word == "timestamp" else None
    if buffer is not None and read_to_ms is not None:
        reading.marker_arrived(core, buffer, read_to_ms)
