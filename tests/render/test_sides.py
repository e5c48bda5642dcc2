"""What stands beside a conversation: rooms, people, headings, the state of the connection."""

from tui.client.state import Buffer, BufferKind, Connection, Listing, Member, State
from tui.render.sides import Spot, member_groups, next_unread, room_bar, rooms_in_order
from tui.render.words import QUIET, connection_words, heading

HERE = "localhost:5555"


def state_with(*buffers: Buffer) -> State:
    state = State("me", HERE, Connection.ONLINE)
    state.buffers = {buffer.key: buffer for buffer in buffers}
    return state


def room(name: str, unread: int = 0, mentions: int = 0) -> Buffer:
    return Buffer(
        f"#{name}", f"#{name}", BufferKind.ROOM, joined=True, unread=unread, mentions=mentions
    )


def test_the_order_does_not_depend_on_what_is_unread() -> None:
    state = state_with(room("trail", 3), room("dev"), Buffer("bob", "bob", BufferKind.DIRECT))
    rooms = rooms_in_order([state], state)
    assert [room.spot.buffer for room in rooms] == ["", "#dev", "#trail", "bob"]


def test_next_unread_prefers_mentions() -> None:
    state = state_with(room("a", 5), room("b", 1, 1), room("c"))
    state.current = "#c"
    assert next_unread([state], state) == Spot(HERE, "#b")
    state.buffers["#b"].unread = state.buffers["#b"].mentions = 0
    assert next_unread([state], state) == Spot(HERE, "#a")
    state.buffers["#a"].unread = 0
    assert next_unread([state], state) is None


def test_the_narrow_bar_begins_with_where_one_is() -> None:
    state = state_with(room("a"), room("b", 1), room("c", 1, 1), room("d"))
    state.current = "#d"
    bar = room_bar([state], state)
    assert [entry.title for entry in bar] == ["Lobby", "d", "c", "b", "a"]
    assert [entry.badge for entry in bar] == ["", "", "●1", "1", ""]


def test_members_stand_under_their_highest_role() -> None:
    members = [
        Member("dan", away=True),
        Member("cleo"),
        Member("ann", "~@"),
        Member("Bob"),
        Member("olga", "@"),
    ]
    groups = [(heading, [m.nick for m in found]) for heading, found in member_groups(members)]
    assert groups == [
        ("OWNER", ["ann"]),
        ("OPERATORS", ["olga"]),
        ("HERE", ["Bob", "cleo"]),
        ("AWAY", ["dan"]),
    ]


def test_waiting_counts_down_and_names_the_way_out() -> None:
    state = state_with()
    assert connection_words(state, 0, "^R") == QUIET
    state.connection, state.reason, state.retry_at = Connection.WAITING, "Connection lost.", 108.0
    words = connection_words(state, 100.0, "^R")
    assert words.text == "Connection lost. Trying again in 8 s (^R: now)"
    assert words.tone == "failure"


def test_a_heading_says_where_one_is() -> None:
    trail = room("trail")
    trail.topic = "Saturday hike"
    trail.members = {"ann": Member("ann")}
    state = state_with(trail)
    state.lobby = [Listing("#trail", 1, "")]
    assert heading(state, trail) == ("trail", "Saturday hike", "1 here")
    assert heading(state, None) == ("Lobby", "rooms on localhost:5555", "1 room")
