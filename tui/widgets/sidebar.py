"""The list of rooms and people at the left, with what is new in each."""

from tui.client.state import State
from tui.render.sides import RoomEntry, RoomGroup, room_groups
from tui.widgets.line_list import LineList, ListLine


class Sidebar(LineList):
    """Posts `LineList.Picked` with the key of a buffer."""

    def update_state(self, state: State) -> None:
        """Show the rooms of `state`."""
        lines = [ListLine(state.network or state.server, look="muted")]
        for group in room_groups(state):
            lines += _group_lines(group)
        self.set_lines(lines)


def _group_lines(group: RoomGroup) -> list[ListLine]:
    if not group.rooms:
        return []
    head = [ListLine(""), ListLine(group.heading, look="heading")] if group.heading else []
    return [*head, *(_room_line(room) for room in group.rooms)]


def _room_line(room: RoomEntry) -> ListLine:
    look = "strong" if room.badge else "plain" if room.joined else "muted"
    return ListLine(
        f" {room.title}",
        room.badge,
        room.key,
        look,
        "mention" if room.mentioned else "muted",
        room.current,
    )
