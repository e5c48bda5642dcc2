"""Pages of history: merged once, in order, and proven complete from the numbers.

Specification: IRCv3 chathistory; docs/protocol.md "sequence".
"""

import pytest

from tests.client.script import IRCV3, OURS, Desk, in_room, numbered
from tui.client import buffers
from tui.client.client import IntentRefused
from tui.client.state import ItemKind
from tui.client.updates import BufferChanged, ItemsAppended, ItemsPrepended, ItemsReordered


def page(first: int, last: int) -> list[str]:
    return [numbered(number, f"m{number}") for number in range(first, last + 1)]


def texts(first: int, last: int) -> list[str]:
    return [f"m{number}" for number in range(first, last + 1)]


def back_again(desk: Desk, capabilities: str = OURS, history: int = 100) -> None:
    desk.client.disconnected("cut")
    desk.wait(3)
    desk.written.clear()
    desk.registers(capabilities, history=history)


def test_the_first_time_the_latest_page_is_asked_for() -> None:
    desk = Desk()
    desk.registers(history=50)
    desk.client.join("trail")
    desk.hears(f"@label={desk.label_of('JOIN')} :ann!ann@host JOIN #trail")
    assert desk.buffer("#trail").loading_older
    assert desk.answers_history("#trail", page(1, 3)) == "CHATHISTORY LATEST #trail * 50"
    room = desk.buffer("#trail")
    assert desk.texts("#trail") == texts(1, 3)
    assert (room.at_start, room.gap_free, room.unread) == (True, True, 0)
    assert not room.loading_older


def test_after_a_reconnect_only_what_is_missing_is_asked_for_until_a_page_is_short() -> None:
    desk = in_room(page=page(1, 5))
    desk.client.show("")
    back_again(desk, history=3)
    desk.hears(f"@label={desk.label_of('JOIN')} :ann!ann@host JOIN #trail")
    first = desk.answers_history("#trail", page(6, 8))
    assert first == "CHATHISTORY AFTER #trail number=5 3"
    assert not desk.buffer("#trail").gap_free
    second = desk.answers_history("#trail", page(9, 10))
    assert second == "CHATHISTORY AFTER #trail number=8 3"
    room = desk.buffer("#trail")
    assert desk.texts("#trail") == texts(1, 10)
    assert room.gap_free
    assert (room.unread, room.first_unread_id) == (5, desk.items("#trail")[5].id)
    assert not desk.find("CHATHISTORY")


def test_a_page_full_of_presence_leads_on() -> None:
    desk = in_room(page=page(1, 2))
    back_again(desk, history=3)
    desk.hears(f"@label={desk.label_of('JOIN')} :ann!ann@host JOIN #trail")
    places = [f"{7:010x}-{(2 << 24) + place:015x}" for place in (1, 2, 3)]
    people = [f"@msgid={place} :p{at}!p@h JOIN #trail" for at, place in enumerate(places)]
    desk.answers_history("#trail", people)
    asked = desk.answers_history("#trail", page(3, 4))
    assert asked == f"CHATHISTORY AFTER #trail msgid={places[-1]} 3"
    assert desk.buffer("#trail").gap_free


def test_a_fill_that_never_comes_is_asked_for_again() -> None:
    desk = in_room(page=page(1, 2))
    desk.hears(numbered(5, "m5"))
    first = desk.find("CHATHISTORY")
    for _ in range(7):
        desk.wait(10)
        desk.hears(":server PONG server alive")
    assert desk.find("CHATHISTORY") == first


def test_a_full_page_that_leads_nowhere_is_not_asked_for_for_ever() -> None:
    desk = in_room(page=page(1, 5))
    back_again(desk, history=3)
    desk.hears(f"@label={desk.label_of('JOIN')} :ann!ann@host JOIN #trail")
    desk.answers_history("#trail", page(3, 5))
    desk.answers_history("#trail", page(3, 5))
    assert not desk.find("CHATHISTORY")


def test_live_messages_before_the_page_end_up_behind_it() -> None:
    desk = in_room(page=page(1, 2))
    back_again(desk)
    desk.hears(f"@label={desk.label_of('JOIN')} :ann!ann@host JOIN #trail")
    desk.hears(numbered(5, "m5"))
    desk.answers_history("#trail", page(3, 5))
    assert desk.texts("#trail") == texts(1, 5)
    assert desk.told(ItemsReordered)
    assert desk.buffer("#trail").gap_free


def test_a_number_that_does_not_follow_is_filled_in() -> None:
    desk = in_room(page=page(1, 2))
    desk.hears(numbered(3, "m3"))
    assert not desk.find("CHATHISTORY")
    desk.hears(numbered(6, "m6"))
    assert not desk.buffer("#trail").gap_free
    asked = desk.answers_history("#trail", page(4, 6))
    assert asked == "CHATHISTORY AFTER #trail number=3 100"
    assert desk.texts("#trail") == texts(1, 6)
    assert desk.buffer("#trail").gap_free


def test_empty_places_are_no_gap() -> None:
    desk = in_room(page=page(1, 2))
    desk.hears(numbered(6, "m6"))
    desk.answers_history("#trail", page(4, 4) + page(6, 6))
    assert desk.texts("#trail") == ["m1", "m2", "m4", "m6"]
    assert desk.buffer("#trail").gap_free
    desk.hears(numbered(7, "m7"))
    assert not desk.find("CHATHISTORY")


def test_a_message_that_comes_twice_is_shown_once() -> None:
    desk = in_room(page=page(1, 2))
    desk.hears(numbered(2, "m2"), numbered(3, "m3"), numbered(3, "m3"))
    assert desk.texts("#trail") == texts(1, 3)


def test_a_room_made_anew_counts_from_one_again() -> None:
    desk = in_room(page=page(1, 5))
    new = f"{8:010x}-{1 << 24:015x}"
    desk.hears(f"@msgid={new};chat-server/number=1 :bob!b@h PRIVMSG #trail :new")
    assert desk.texts("#trail") == [*texts(1, 5), "new"]
    desk.hears(f"@msgid={8:010x}-{2 << 24:015x};chat-server/number=2 :bob!b@h PRIVMSG #trail :n2")
    assert not desk.find("CHATHISTORY")


def test_a_page_of_a_room_made_anew_stays_in_it_though_the_clock_went_back() -> None:
    def anew(number: int) -> str:
        ids = f"msgid={8:010x}-{number << 24:015x};chat-server/number={number}"
        return f"@{ids};time=2001-01-01T00:00:00.000Z :bob!b@h PRIVMSG #trail :n{number}"

    desk = in_room(page=page(1, 2))
    desk.hears(anew(1), anew(4))
    desk.answers_history("#trail", [anew(2), anew(3), anew(4)])
    assert desk.texts("#trail") == [*texts(1, 2), "n1", "n2", "n3", "n4"]


def test_older_pages_come_before_until_there_are_none() -> None:
    desk = in_room(page=page(101, 200))
    assert not desk.buffer("#trail").at_start
    desk.client.load_older("#trail")
    desk.client.load_older("#trail")
    asked = desk.answers_history("#trail", page(1, 100))
    assert asked == "CHATHISTORY BEFORE #trail number=101 100"
    assert desk.told(ItemsPrepended)[0].count == 100
    assert not desk.find("CHATHISTORY")
    desk.client.load_older("#trail")
    desk.answers_history("#trail", [])
    assert desk.buffer("#trail").at_start
    assert desk.texts("#trail") == texts(1, 200)
    desk.client.load_older("#trail")
    assert not desk.find("CHATHISTORY")


def test_presence_in_a_page_is_shown_and_changes_nobodys_presence() -> None:
    desk = in_room(page=page(1, 1))
    before = dict(desk.buffer("#trail").members)
    topic = desk.buffer("#trail").topic
    back_again(desk)
    between = (1 << 24) + 1
    lines = [
        f"@msgid={7:010x}-{between:015x} :eve!e@h JOIN #trail",
        f"@msgid={7:010x}-{between + 1:015x} :eve!e@h NICK :eva",
        f"@msgid={7:010x}-{between + 2:015x} :eva!e@h QUIT :bye",
        f"@msgid={7:010x}-{2 << 24:015x};chat-server/number=2 :bob!b@h TOPIC #trail :old",
        f"@msgid={7:010x}-{3 << 24:015x};chat-server/number=3 :bob!b@h KICK #trail ann :out",
    ]
    desk.enters("#trail", "bob", page=lines)
    kinds = [item.kind for item in desk.buffer("#trail").items if item.sender.startswith("ev")]
    assert kinds == [ItemKind.JOIN, ItemKind.NICK, ItemKind.QUIT]
    assert desk.buffer("#trail").members == before
    assert desk.buffer("#trail").topic == topic
    assert desk.buffer("#trail").joined


def test_a_quit_seen_live_is_not_shown_again_by_the_page() -> None:
    desk = in_room(page=page(1, 1))
    desk.hears("@time=2023-11-14T22:14:00.000Z :bob!b@h QUIT :bye")
    back_again(desk)
    again = f"@msgid={7:010x}-{(1 << 24) + 1:015x};time=2023-11-14T22:14:00.000Z :bob!b@h QUIT :bye"
    desk.enters("#trail", page=[again])
    quits = [item for item in desk.buffer("#trail").items if item.kind is ItemKind.QUIT]
    assert len(quits) == 1


def test_servers_without_numbers_are_asked_by_msgid() -> None:
    lines = [
        f"@msgid=id{n};time=2023-11-14T22:13:{n:02}.000Z :bob!b@h PRIVMSG #trail :m{n}"
        for n in range(1, 6)
    ]
    desk = in_room(IRCV3, page=lines[:2])
    back_again(desk, IRCV3)
    desk.hears(f"@label={desk.label_of('JOIN')} :ann!ann@host JOIN #trail")
    asked = desk.answers_history("#trail", lines[2:])
    assert asked.startswith("CHATHISTORY AFTER #trail ")
    assert desk.texts("#trail") == texts(1, 5)


def test_servers_without_msgids_are_asked_by_time_and_nothing_is_doubled() -> None:
    capabilities = "server-time batch draft/chathistory"
    lines = [f"@time=2023-11-14T22:13:0{n}.000Z :bob!b@h PRIVMSG #trail :m{n}" for n in range(1, 5)]
    desk = in_room(capabilities, page=lines[2:])
    desk.hears(":server 005 ann MSGREFTYPES=timestamp :are")
    back_again(desk, capabilities)
    desk.hears(":ann!ann@host JOIN #trail")
    desk.answers_history("#trail", lines[3:])
    assert desk.texts("#trail") == texts(3, 4)


def test_where_there_is_no_history_the_start_is_here() -> None:
    desk = in_room("")
    desk.client.load_older("#trail")
    assert desk.buffer("#trail").at_start
    assert desk.told(BufferChanged)
    assert desk.writes() == []


def test_where_history_is_refused_it_is_not_asked_for_with_every_message() -> None:
    """Someone who is banned and was invited is in the room, and reads nothing of before."""
    desk = in_room(page=page(1, 2))
    back_again(desk)
    desk.hears(f"@label={desk.label_of('JOIN')} :ann!ann@host JOIN #trail")
    desk.hears(numbered(7, "m7"))
    label = desk.label_of("CHATHISTORY")
    desk.hears(f"@label={label} FAIL CHATHISTORY INVALID_TARGET AFTER #trail :No")
    assert desk.buffer("#trail").gap_free
    assert desk.find("CHATHISTORY") == "CHATHISTORY AFTER #trail number=2 100"
    desk.hears(numbered(8, "m8"), numbered(9, "m9"))
    assert not desk.find("CHATHISTORY")
    assert desk.texts("#trail") == [*texts(1, 2), "m7", "m8", "m9"]
    desk.hears(numbered(12, "m12"))
    assert desk.find("CHATHISTORY") == "CHATHISTORY AFTER #trail number=9 100"


def test_a_refused_page_is_the_end_of_what_there_is() -> None:
    desk = in_room(page=page(101, 200))
    desk.client.load_older("#trail")
    label = desk.label_of("CHATHISTORY")
    desk.hears(f"@label={label} FAIL CHATHISTORY INVALID_TARGET BEFORE #trail :No")
    room = desk.buffer("#trail")
    assert (room.at_start, room.loading_older) == (True, False)


def test_a_page_that_never_comes_may_be_asked_for_again() -> None:
    desk = in_room(page=page(101, 200))
    desk.client.load_older("#trail")
    desk.find("CHATHISTORY")
    for _ in range(7):
        desk.wait(10)
        desk.hears(":server PONG server alive")
    assert not desk.buffer("#trail").loading_older
    desk.client.load_older("#trail")
    assert desk.find("CHATHISTORY")


def test_a_conversation_opened_reads_its_history() -> None:
    desk = in_room()
    desk.client.open_direct("bob")
    line = "@msgid=x;time=2023-11-14T22:13:00.000Z :bob!b@h PRIVMSG ann :from before"
    assert desk.answers_history("bob", [line]) == "CHATHISTORY LATEST bob * 100"
    assert desk.texts("bob") == ["from before"]
    assert desk.told(ItemsAppended)


def test_a_page_nested_in_a_labelled_answer_is_read() -> None:
    desk = in_room(page=page(101, 200))
    desk.client.load_older("#trail")
    label = desk.label_of("CHATHISTORY")
    desk.hears(
        f"@label={label} :server BATCH +out labeled-response",
        "@batch=out :server BATCH +in chathistory #trail",
        numbered(100, "m100", extra="batch=in;"),
        "@batch=out :server BATCH -in",
        ":server BATCH -out",
    )
    assert desk.texts("#trail")[0] == "m100"


def test_memory_is_bounded_and_what_was_dropped_can_be_loaded_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(buffers, "ITEMS_MAX", 1_000)  # the real bound would take half a minute
    desk = in_room(page=page(1, 1))
    for number in range(2, 1_003):
        desk.hears(numbered(number, f"m{number}"))
    room = desk.buffer("#trail")
    assert len(room.items) <= 1_000
    assert room.items[-1].text == "m1002"
    assert not room.at_start
    desk.client.load_older("#trail")
    assert (
        desk.find("CHATHISTORY") == f"CHATHISTORY BEFORE #trail number={room.items[0].number} 100"
    )


def test_a_closed_conversation_has_no_history() -> None:
    desk = in_room()
    with pytest.raises(IntentRefused):
        desk.client.load_older("#gone")


def test_a_page_goes_before_live_messages_even_around_presence_that_has_no_place() -> None:
    desk = in_room(page=page(1, 2))
    back_again(desk)
    desk.hears(f"@label={desk.label_of('JOIN')} :ann!ann@host JOIN #trail")
    time = "@time=2023-11-14T22:13:20.000Z"
    names = ":server 353 ann = #trail :ann bob"
    desk.hears(names, numbered(5, "m5"), f"{time} :bob!b@h QUIT :bye", numbered(6, "m6"))
    desk.answers_history("#trail", page(3, 6))
    assert [text for text in desk.texts("#trail") if text != "bye"] == texts(1, 6)


def test_where_the_log_tells_no_places_times_put_a_page_between() -> None:
    def said(second: int) -> str:
        return (
            f"@msgid=i{second};time=2023-11-14T22:14:0{second}Z :bob!b@h PRIVMSG #trail :m{second}"
        )

    desk = in_room(IRCV3, page=[said(1)])
    back_again(desk, IRCV3)
    desk.hears(f"@label={desk.label_of('JOIN')} :ann!ann@host JOIN #trail", said(4))
    desk.answers_history("#trail", [said(2), said(3), said(4)])
    assert desk.texts("#trail") == texts(1, 4)
