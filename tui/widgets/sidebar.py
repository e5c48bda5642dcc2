"""The list of rooms and people at the left, with what is new in each; of every server."""

from collections.abc import Sequence

from tui.client.state import State
from tui.render.sides import RoomEntry, RoomGroup, ServerRooms, server_rooms
from tui.widgets.line_list import LineList, ListLine


class Sidebar(LineList):
    """Posts `LineList.Picked` with the word of a `Spot`."""

    def update_servers(self, states: Sequence[State], active: State) -> None:
        """Show the rooms of all servers; a single one needs neither key nor sign."""
        servers = server_rooms(states, active)
        several = len(servers) > 1
        lines: list[ListLine] = []
        for server in servers:
            lines += [*([ListLine("")] if lines else []), _server_line(server, several)]
            for group in server.groups:
                lines += _group_lines(group, several)
        self.set_lines(lines)


def _server_line(server: ServerRooms, several: bool) -> ListLine:
    if not several:
        return ListLine(server.title, look="muted")
    return ListLine(server.title, server.sign, server.spot.word, "muted")


def _group_lines(group: RoomGroup, close: bool) -> list[ListLine]:
    """A heading and its conversations; `close` together, where much has to fit."""
    if not group.rooms:
        return []
    gap = [] if close else [ListLine("")]
    head = [*gap, ListLine(group.heading, look="heading")] if group.heading else []
    return [*head, *(_room_line(room) for room in group.rooms)]


def _room_line(room: RoomEntry) -> ListLine:
    look = "muted" if room.muted or not room.joined else "strong" if room.badge else "plain"
    return ListLine(
        f" {room.title}",
        room.badge,
        room.spot.word,
        look,
        "mention" if room.mentioned else "muted",
        room.current,
    )
