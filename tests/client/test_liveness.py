"""The link dies, the machine sleeps, the server restarts: what the client does about it."""

from tests.client.script import Desk, in_room
from tui.client.state import Connection
from tui.client.updates import BufferChanged, ConnectionChanged, MembersChanged


def delay(desk: Desk) -> float:
    return desk.client.state.retry_at - desk.now


def test_a_silent_link_is_asked_and_then_given_up() -> None:
    desk = in_room()
    desk.wait(45)
    assert desk.writes() == ["PING alive"]
    desk.wait(19)
    assert desk.client.wants_link
    desk.wait(1)
    assert not desk.client.wants_link
    assert desk.client.state.connection is Connection.WAITING
    assert desk.client.state.reason == "no answer from the server for 65 s"


def test_a_message_without_echo_makes_a_silent_link_doubtful() -> None:
    desk = in_room()
    desk.wait(10)
    desk.client.say("#trail", "does this arrive?")
    desk.writes()
    desk.wait(5)
    assert desk.writes() == []
    desk.wait(1)
    assert desk.writes() == ["PING alive"]
    desk.wait(8)
    assert desk.client.state.connection is Connection.WAITING


def test_a_link_that_says_something_after_the_message_is_not_doubted() -> None:
    desk = in_room()
    desk.client.say("#trail", "slow to store")
    desk.writes()
    desk.wait(1)
    desk.hears(":server NOTICE ann :busy")
    desk.wait(30)
    assert desk.writes() == []


def test_any_bytes_prove_that_it_lives() -> None:
    desk = in_room()
    for _ in range(10):
        desk.wait(60)
        desk.hears(":server PONG server alive")
    assert desk.client.state.connection is Connection.ONLINE


def test_after_a_sleep_the_link_is_asked_at_once_and_given_up_soon() -> None:
    desk = in_room()
    desk.sleeps(3600)
    assert desk.writes() == ["PING alive"]
    desk.wait(8)
    assert desk.client.state.connection is Connection.WAITING


def test_a_sleep_that_only_the_wall_clock_shows_is_one_too() -> None:
    desk = in_room()
    desk.client.advance(desk.now + 1, desk.wall_ms + 3_600_000)
    assert desk.writes() == ["PING alive"]


def test_a_link_that_survives_the_sleep_is_kept() -> None:
    desk = in_room()
    desk.sleeps(3600)
    desk.hears(":server PONG server alive")
    desk.wait(20)
    assert desk.client.state.connection is Connection.ONLINE


def test_delays_grow_are_capped_and_differ() -> None:
    desk = Desk()
    delays = []
    for _ in range(12):
        desk.client.disconnected("connection refused")
        assert desk.client.state.reason == "connection refused"
        delays.append(delay(desk))
        desk.wait(delay(desk))
        assert desk.client.state.connection is Connection.CONNECTING
        assert desk.client.wants_link
    assert 1 <= delays[0] <= 2
    assert all(30 <= late <= 60 for late in delays[-4:])
    assert len(set(delays[-4:])) == 4


def test_a_link_that_held_starts_from_the_first_delay_again() -> None:
    desk = Desk()
    for _ in range(8):
        desk.client.disconnected("connection refused")
        desk.wait(delay(desk))
    desk.registers()
    desk.wait(40)
    desk.client.disconnected("cut")
    assert delay(desk) <= 2


def test_one_may_connect_now_and_is_not_made_to_wait_longer_for_it() -> None:
    desk = Desk()
    for _ in range(8):
        desk.client.disconnected("connection refused")
        assert delay(desk) <= 2
        desk.client.retry_now()
        assert desk.client.wants_link


def test_what_the_server_said_last_is_the_reason() -> None:
    desk = in_room()
    desk.hears("ERROR :Shutting down for an update")
    desk.client.disconnected("the server closed the connection")
    assert "Shutting down for an update" in desk.client.state.reason


def test_while_away_rooms_show_that_nobody_is_known_there() -> None:
    desk = in_room()
    desk.client.disconnected("cut")
    room = desk.buffer("#trail")
    assert (room.joined, room.members, room.gap_free) == (False, {}, False)
    assert desk.told(MembersChanged)
    assert desk.told(BufferChanged)
    assert desk.told(ConnectionChanged)


def test_after_the_reconnect_one_is_in_the_same_rooms() -> None:
    desk = in_room()
    desk.client.disconnected("cut")
    desk.wait(3)
    desk.registers()
    desk.enters("#trail", "bob", "cleo")
    room = desk.buffer("#trail")
    assert room.joined
    assert set(room.members) == {"ann", "bob", "cleo"}
    assert room.gap_free


def test_a_room_one_was_removed_from_is_not_entered_again() -> None:
    desk = in_room()
    desk.hears(":bob!b@h KICK #trail ann :enough")
    desk.client.disconnected("cut")
    desk.wait(3)
    desk.written.clear()
    desk.registers()
    assert not desk.find("JOIN")


def test_lines_meant_for_a_lost_link_are_not_written_to_the_next() -> None:
    desk = in_room()
    desk.client.whois("bob")
    desk.client.disconnected("cut")
    assert desk.client.take_outgoing() == b""


def test_quitting_says_goodbye_and_stays_off_line() -> None:
    desk = in_room()
    desk.client.quit("see you")
    assert desk.writes() == ["QUIT :see you"]
    assert not desk.client.wants_link
    assert desk.client.next_deadline() is None
    desk.client.disconnected("closed")
    assert desk.client.state.connection is Connection.OFFLINE
