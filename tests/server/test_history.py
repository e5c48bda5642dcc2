"""Reading back: CHATHISTORY for those who ask, a replay on joining for those who cannot.

Specification: IRCv3 draft/chathistory; `SEMANTICS`, "Who may read", "History on join".
"""

import pytest

from common.wire import Message
from server.settings import Settings
from tests.conversation import OUR_CLIENT, Person, World, commands

WITHOUT_PLAYBACK = OUR_CLIENT.replace("draft/event-playback ", "")
DEVICE = "ann-has-a-device"


def texts(messages: list[Message]) -> list[str]:
    """What was said in `messages`."""
    return [m.params[-1] for m in messages if m.command in ("PRIVMSG", "NOTICE")]


def ask(person: Person, query: str, room: str = "#trail") -> list[str]:
    """The texts of a history page; ``BEFORE msgid=x 5`` is a query."""
    subcommand, _, rest = query.partition(" ")
    return texts(person.answer(f"CHATHISTORY {subcommand} {room} {rest}"))


def spoken(world: World, count: int, apart_s: float = 1.0) -> tuple[Person, list[Message]]:
    """A reader in a room, and the echoes of `count` messages ``1``, ``2``, … said there."""
    (ann,) = world.join("ann", capabilities=OUR_CLIENT)
    echoes = []
    for number in range(1, count + 1):
        world.pass_time(apart_s)
        ann.send(f"PRIVMSG #trail {number}")
        echoes.append(ann.expect(f"PRIVMSG #trail {number}"))
    return ann, echoes


def test_a_page_is_a_batch_with_what_was_there_live() -> None:
    ann, (echo,) = spoken(World(), 1)
    ann.send("CHATHISTORY LATEST #Trail * 1")
    start = ann.expect("BATCH * chathistory #trail")
    told = ann.expect("PRIVMSG #trail 1")
    assert told.tags.pop("batch") == start.params[0].removeprefix("+")
    assert (told.source, told.tags) == (echo.source, echo.tags)
    ann.expect(f"BATCH -{start.params[0][1:]}")
    ann.nothing()


def test_an_empty_page_is_an_empty_batch() -> None:
    ann, _ = spoken(World(), 1)
    ann.send("CHATHISTORY AFTER #trail number=1 10")
    ann.expect("BATCH * chathistory #trail")
    ann.expect("BATCH *")
    ann.nothing()


def test_pages_by_message_id() -> None:
    ann, echoes = spoken(World(), 6)
    third = echoes[2].tags["msgid"]
    assert ask(ann, "LATEST * 2") == ["5", "6"]
    assert ask(ann, f"LATEST msgid={third} 2") == ["5", "6"]
    assert ask(ann, f"LATEST msgid={third} 9") == ["4", "5", "6"]
    assert ask(ann, f"BEFORE msgid={third} 1") == ["2"]
    assert ask(ann, f"BEFORE msgid={third} 9") == ["1", "2"]
    assert ask(ann, f"AFTER msgid={third} 2") == ["4", "5"]


def test_pages_by_number() -> None:
    ann, _ = spoken(World(), 6)
    assert ask(ann, "AFTER number=0 9") == ["1", "2", "3", "4", "5", "6"]
    assert ask(ann, "AFTER number=4 9") == ["5", "6"]
    assert ask(ann, "BEFORE number=4 2") == ["2", "3"]
    assert ask(ann, "LATEST number=4 9") == ["5", "6"]
    assert ask(ann, "AFTER number=9999999999 9") == []


def test_pages_around_and_between() -> None:
    ann, echoes = spoken(World(), 6)
    third = echoes[2].tags["msgid"]
    assert ask(ann, f"AROUND msgid={third} 3") == ["2", "3", "4"]
    assert ask(ann, "AROUND number=1 5") == ["1", "2", "3", "4"]  # and ann's JOIN
    assert ask(ann, "AROUND number=6 3") == ["5", "6"]
    assert ask(ann, f"BETWEEN number=1 msgid={third} 9") == ["2"]
    assert ask(ann, "BETWEEN number=1 number=6 2") == ["2", "3"]
    assert ask(ann, "BETWEEN number=6 number=1 2") == ["4", "5"]
    assert ask(ann, "BETWEEN number=3 number=3 2") == []


def test_pages_by_time() -> None:
    ann, echoes = spoken(World(), 6)
    third = echoes[2].tags["time"]
    assert ask(ann, f"BEFORE timestamp={third} 9") == ["1", "2"]
    assert ask(ann, f"AFTER timestamp={third} 9") == ["4", "5", "6"]
    assert ask(ann, f"LATEST timestamp={third} 1") == ["6"]
    assert ask(ann, "AFTER timestamp=2000-01-01T00:00:00.000Z 3") == ["1", "2"]
    assert ask(ann, "BEFORE timestamp=2099-01-01T00:00:00Z 2") == ["5", "6"]
    assert ask(ann, "AFTER timestamp=2099-01-01T00:00:00.000Z 2") == []


def test_equal_times_are_neither_skipped_nor_repeated() -> None:
    ann, echoes = spoken(World(), 5, apart_s=0)
    time, third = echoes[0].tags["time"], echoes[2].tags["msgid"]
    assert ask(ann, f"BEFORE timestamp={time} 9") == []
    assert ask(ann, f"AFTER timestamp={time} 9") == []
    assert ask(ann, f"BEFORE msgid={third} 9") == ["1", "2"]
    assert ask(ann, f"AFTER msgid={third} 9") == ["4", "5"]


def test_a_clock_that_jumps_back_changes_no_order() -> None:
    world = World()
    ann, echoes = spoken(world, 3)
    world.wall_ms -= 3_600_000
    world.pass_time(0)
    ann.send("PRIVMSG #trail 4")
    back = ann.expect("PRIVMSG #trail 4")
    assert back.tags["time"] < echoes[0].tags["time"]
    assert back.tags["chat-server/number"] == "4"
    assert ask(ann, "LATEST * 9") == ["1", "2", "3", "4"]
    assert ask(ann, f"AFTER msgid={echoes[2].tags['msgid']} 9") == ["4"]
    assert ask(ann, f"AFTER timestamp={echoes[1].tags['time']} 9") == ["3", "4"]


def test_presence_is_played_back_to_those_who_asked_for_it() -> None:
    world = World()
    ann, _ = spoken(world, 1)
    bob = world.connect("bob", WITHOUT_PLAYBACK)
    bob.send("JOIN #trail")
    ann.send("TOPIC #trail :hills", "NICK anna")
    bob.barrier(), ann.barrier()
    played = commands(ann.answer("CHATHISTORY LATEST #trail * 10"))
    assert played == ["BATCH", "JOIN", "PRIVMSG", "JOIN", "TOPIC", "NICK", "BATCH"]
    assert commands(bob.answer("CHATHISTORY LATEST #trail * 10")) == ["BATCH", "PRIVMSG", "BATCH"]


def test_a_limit_counts_what_is_shown() -> None:
    world = World()
    ann, _ = spoken(world, 3)
    bob = world.connect("bob", WITHOUT_PLAYBACK)
    for _ in range(5):
        bob.send("JOIN #trail", "PART #trail")
    bob.send("JOIN #trail")
    bob.barrier(), ann.barrier()
    assert ask(bob, "LATEST * 2") == ["2", "3"]
    assert ask(ann, "LATEST * 2") == []


def test_no_page_is_longer_than_the_server_says() -> None:
    ann, _ = spoken(World(), 1_001)
    page = ask(ann, f"LATEST * {10**18}")
    assert page == [str(number) for number in range(2, 1_002)]


@pytest.mark.parametrize(
    "query",
    [
        "LATEST #trail * 0",
        "LATEST #trail * -1",
        "LATEST #trail * ten",
        "LATEST #trail * ١",
        "LATEST #trail 5 5",
        "LATEST #trail msgid=nothing 5",
        "LATEST #trail msgid=0000000001-000000001000000 5",  # of another room
        "LATEST #trail number=x 5",
        "LATEST #trail number=-1 5",
        "LATEST #trail number=99999999999 5",
        "BEFORE #trail * 5",
        "BEFORE #trail timestamp=yesterday 5",
        "BEFORE #trail timestamp=2026-13-01T00:00:00.000Z 5",
        "AROUND #trail * 5",
        "BETWEEN #trail number=1 5",
        "NEARBY #trail number=1 5",
        "LATEST #trail * * 5",
    ],
)
def test_a_malformed_query_is_refused_and_says_what_was_asked(query: str) -> None:
    ann, _ = spoken(World(), 1)
    ann.send(f"CHATHISTORY {query}")
    ann.expect(f"FAIL CHATHISTORY INVALID_PARAMS {query.split()[0]} …")
    ann.nothing()


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_times_at_the_edges_of_the_calendar_are_times(time: str) -> None:
    ann, _ = spoken(World(), 1)
    assert ask(ann, f"BEFORE timestamp={time} 5") == (["1"] if time[0] == "9" else [])


def test_numbers_are_a_selector_only_with_their_capability() -> None:
    world = World()
    (ann,) = world.join("ann", capabilities="draft/chathistory batch")
    ann.send("CHATHISTORY AFTER #trail number=0 5")
    ann.expect("FAIL CHATHISTORY INVALID_PARAMS AFTER …")


def test_history_may_be_asked_for_without_its_capability() -> None:
    (ann,) = World().join("ann")
    ann.send("PRIVMSG #trail :old", "CHATHISTORY LATEST #trail * 5")
    ann.expect("PRIVMSG #trail old")


# Who may read


def test_members_of_a_listed_room_read_all_of_it_and_others_nothing() -> None:
    world = World()
    spoken(world, 3)
    bob = world.connect("bob", OUR_CLIENT)
    bob.send("CHATHISTORY LATEST #trail * 5", "CHATHISTORY LATEST #nowhere * 5")
    bob.expect("FAIL CHATHISTORY INVALID_TARGET LATEST #trail *")
    bob.expect("FAIL CHATHISTORY INVALID_TARGET LATEST #nowhere *")
    bob.send("JOIN #trail")
    bob.barrier()
    assert ask(bob, "LATEST * 5") == ["1", "2", "3"]
    bob.send("PART #trail")
    bob.barrier()
    assert ask(bob, "LATEST * 5") == []


def unlisted(world: World) -> tuple[Person, str]:
    """Someone in an unlisted room where ``before`` was said."""
    ann = world.connect("ann", OUR_CLIENT)
    room = next(m for m in ann.answer("CREATE") if m.command == "JOIN").params[0]
    ann.send(f"PRIVMSG {room} before")
    ann.barrier()
    return ann, room


def test_members_of_an_unlisted_room_read_from_their_entry_on() -> None:
    world = World()
    ann, room = unlisted(world)
    bob = world.connect("bob", OUR_CLIENT)
    bob.send(f"JOIN {room}")
    ann.send(f"PRIVMSG {room} after")
    bob.barrier()
    assert ask(bob, "LATEST * 9", room) == ["after"]
    assert ask(bob, "AFTER number=0 9", room) == ["after"]
    assert ask(bob, "BEFORE number=2 9", room) == []
    assert ask(bob, "BEFORE timestamp=2099-01-01T00:00:00.000Z 9", room) == ["after"]
    bob.send(f"PART {room}", f"JOIN {room}")
    bob.barrier()
    assert ask(bob, "LATEST * 9", room) == []


def test_a_device_keeps_its_first_entry_also_over_a_crash() -> None:
    world = World()
    ann, room = unlisted(world)
    bob = world.connect("bob", OUR_CLIENT, device=DEVICE)
    bob.send(f"JOIN {room}")
    ann.send(f"PRIVMSG {room} after")
    bob.hang_up()
    world.restart()
    again = world.connect("bobby", OUR_CLIENT, device=DEVICE)
    again.send(f"JOIN {room}")
    again.barrier()
    assert ask(again, "LATEST * 9", room) == ["after"]
    other = world.connect("other", OUR_CLIENT, device="some-other-device")
    other.send(f"JOIN {room}")
    other.barrier()
    assert ask(other, "LATEST * 9", room) == []


def test_someone_removed_from_an_unlisted_room_begins_anew() -> None:
    world = World()
    ann, room = unlisted(world)
    bob = world.connect("bob", OUR_CLIENT, device=DEVICE)
    bob.send(f"JOIN {room}")
    ann.send(f"PRIVMSG {room} between", f"KICK {room} bob")
    bob.barrier()
    assert ask(bob, "LATEST * 9", room) == []
    bob.send(f"JOIN {room}")
    bob.barrier()
    assert ask(bob, "LATEST * 9", room) == []


def test_someone_banned_reads_nothing_more() -> None:
    world = World()
    ann, _ = spoken(world, 1)
    bob = world.connect("bob", OUR_CLIENT)
    bob.send("JOIN #trail")
    ann.send("MODE #trail +b bob")
    bob.barrier()
    bob.send("CHATHISTORY LATEST #trail * 5")
    bob.expect("FAIL CHATHISTORY INVALID_TARGET LATEST #trail *")


# On joining, for those who cannot ask


def test_a_plain_client_is_shown_the_last_lines_with_their_time() -> None:
    world = World(Settings(rooms__replay_on_join=2))
    ann, _ = spoken(world, 3)
    ann.send("PRIVMSG #trail :\x01ACTION waves\x01")
    bob = world.connect("bob")
    bob.send("JOIN #trail")
    bob.find("366 bob #trail *")
    bob.expect("PRIVMSG #trail [2026-01-01 00:00] 3")
    bob.expect("PRIVMSG #trail \x01ACTION [2026-01-01 00:00] waves\x01")
    bob.nothing()


def test_a_client_that_understands_times_is_shown_the_text_as_it_was() -> None:
    world = World()
    spoken(world, 1)
    bob = world.connect("bob", "server-time")
    bob.send("JOIN #trail")
    bob.find("366 bob #trail *")
    assert bob.expect("PRIVMSG #trail 1").tags["time"] == "2026-01-01T00:00:01.000Z"


def test_a_line_with_no_room_for_its_time_is_shown_whole() -> None:
    world = World()
    (ann,) = world.join("ann")
    room_for_text = 512 - len(":ann!ann@127.0.0.1 PRIVMSG #trail :\r\n")
    whole = f"a {'x' * (room_for_text - 2)}"
    ann.send(f"PRIVMSG #trail :{whole}")
    bob = world.connect("bob")
    bob.send("JOIN #trail")
    bob.find("366 bob #trail *")
    bob.expect(f"PRIVMSG #trail {whole}")


@pytest.mark.parametrize(
    ("settings", "capabilities"),
    [(Settings(rooms__replay_on_join=0), ""), (Settings(), OUR_CLIENT)],
)
def test_nothing_is_replayed_to_those_who_ask_or_where_it_is_off(
    settings: Settings, capabilities: str
) -> None:
    world = World(settings)
    spoken(world, 1)
    bob = world.connect("bob", capabilities)
    assert "PRIVMSG" not in commands(bob.answer("JOIN #trail"))


def test_a_replay_of_an_unlisted_room_shows_nothing_from_before() -> None:
    world = World()
    _, room = unlisted(world)
    bob = world.connect("bob")
    assert "PRIVMSG" not in commands(bob.answer(f"JOIN {room}"))
