"""The lobby: the rooms one may see, and the words that lead on from here."""

from typing import Final

from tui.client.state import State
from tui.widgets.line_list import LineList, ListLine

ROOM: Final = "room:"
WORD: Final = "word:"
"""How a picked key begins: what follows is a room's name, or text for the composer."""

_WORDS: Final = (
    ("create [name]", "create ", "make a room and go in"),
    ("join ID", "join ", "go into a room by its name or ID"),
    ("help", "help", "everything one can do here"),
)
_TOPIC_COLUMN: Final = 18


class Lobby(LineList):
    """Posts `LineList.Picked` with `ROOM` + name, or `WORD` + text to begin with."""

    def update_state(self, state: State) -> None:
        """Show the rooms of `state.lobby`, and mark those one is in."""
        inside = {buffer.name for buffer in state.buffers.values() if buffer.joined}
        lines = [ListLine("ROOMS", "PEOPLE" if state.lobby else "", look="heading")]
        if not state.lobby:
            lines.append(ListLine(" none yet: make the first one", look="muted"))
        for room in sorted(state.lobby, key=lambda room: (-room.members, room.name.lower())):
            here = room.name in inside
            lines.append(
                ListLine(
                    f" {room.name.removeprefix('#')}",
                    str(room.members),
                    f"{ROOM}{room.name}",
                    "strong" if here else "plain",
                    detail=room.topic,
                    detail_at=_TOPIC_COLUMN,
                )
            )
        lines += [ListLine(""), ListLine("WHAT NEXT", look="heading")]
        lines += [
            ListLine(f" {word}", key=f"{WORD}{text}", detail=note, detail_at=_TOPIC_COLUMN)
            for word, text, note in _WORDS
        ]
        self.set_lines(lines)
