"""Messages of ours: echo, refusal, the link cut at every point, sending again.

Specification: IRCv3 echo-message, labeled-response; docs/protocol.md "resend".
"""

import pytest

from tests.client.script import IRCV3, Desk, in_room, numbered, tags_of
from tui.client.client import IntentRefused
from tui.client.state import Delivery, ItemKind
from tui.client.updates import ItemChanged, ItemsAppended, Told


def sent(desk: Desk, word: str = "PRIVMSG") -> list[str]:
    return [line for line in desk.writes() if f" {word} " in f" {line}"]


def test_a_message_is_pending_until_its_labelled_echo() -> None:
    desk = in_room()
    desk.client.say("#trail", "Shall we?")
    (line,) = sent(desk)
    (item,) = desk.items("#trail")
    assert line.endswith("PRIVMSG #trail :Shall we?")
    assert item.delivery is Delivery.PENDING
    assert desk.told(ItemsAppended)[0].items == [item]
    desk.hears(numbered(1, "Shall we?", "ann", extra=f"label={tags_of(line)['label']};"))
    assert desk.items("#trail") == [item]
    assert (item.delivery, item.number) == (Delivery.CONFIRMED, 1)
    assert desk.told(ItemChanged)[-1].item is item
    assert desk.client.unsent == []


def test_an_echo_without_label_is_known_by_its_text() -> None:
    desk = in_room("message-tags echo-message")
    desk.client.say("#trail", "one")
    desk.client.say("#trail", "two")
    desk.hears(":ann!ann@host PRIVMSG #trail :two")
    assert [item.delivery for item in desk.items("#trail")] == [
        Delivery.PENDING,
        Delivery.CONFIRMED,
    ]


def test_what_others_said_before_our_echo_stands_before_it() -> None:
    desk = in_room()
    desk.client.say("#trail", "mine")
    label = tags_of(sent(desk)[0])["label"]
    desk.hears(numbered(1, "theirs"))
    desk.hears(numbered(2, "mine", "ann", extra=f"label={label};"))
    assert desk.texts("#trail") == ["theirs", "mine"]


def test_our_message_from_another_device_is_not_taken_for_the_one_on_its_way() -> None:
    desk = in_room()
    desk.client.say("#trail", "here")
    desk.hears(numbered(1, "from my phone", "ann"))
    assert [item.delivery for item in desk.items("#trail")] == [
        Delivery.PENDING,
        Delivery.CONFIRMED,
    ]


def test_a_server_without_echo_confirms_by_the_pong_behind_the_message() -> None:
    desk = in_room("")
    desk.client.say("#trail", "hello")
    line, ping = desk.writes()
    assert line == "PRIVMSG #trail hello"
    assert desk.items("#trail")[0].delivery is Delivery.PENDING
    desk.hears(f":server PONG server :{ping.split()[1]}")
    assert desk.items("#trail")[0].delivery is Delivery.CONFIRMED


def test_a_refusal_before_that_pong_makes_it_unsent() -> None:
    desk = in_room("")
    desk.client.say("#trail", "hello")
    _, ping = desk.writes()
    desk.hears(":server 404 ann #trail :Cannot send to channel")
    desk.hears(f":server PONG server :{ping.split()[1]}")
    (item,) = desk.items("#trail")
    assert (item.delivery, item.reason) == (Delivery.UNSENT, "Cannot send to channel")


def test_messages_said_while_a_pong_is_awaited_wait_for_the_next() -> None:
    desk = in_room("")
    desk.client.say("#trail", "one")
    ping = desk.writes()[1]
    desk.client.say("#trail", "two")
    assert desk.writes() == ["PRIVMSG #trail two"]
    desk.hears(f":server PONG server :{ping.split()[1]}")
    assert [item.delivery for item in desk.items("#trail")] == [
        Delivery.CONFIRMED,
        Delivery.PENDING,
    ]
    (second,) = desk.writes()
    desk.hears(f":server PONG server :{second.split()[1]}")
    assert desk.client.unsent == []


def test_a_full_disk_makes_it_unsent_and_retry_sends_it_under_the_same_key() -> None:
    desk = in_room()
    desk.client.say("#trail", "keep me")
    first = tags_of(sent(desk)[0])
    desk.hears(f"@label={first['label']} FAIL PRIVMSG STORE_FULL #trail :The disk is full")
    (item,) = desk.items("#trail")
    assert (item.delivery, item.reason) == (Delivery.UNSENT, "The disk is full")
    assert desk.client.unsent == [("#trail", item)]
    desk.client.retry("#trail", item.id)
    again = tags_of(sent(desk)[0])
    assert again["chat-server/key"] == first["chat-server/key"]
    desk.hears(numbered(1, "keep me", "ann", extra=f"label={again['label']};"))
    assert item.delivery is Delivery.CONFIRMED


def test_only_what_is_unsent_can_be_sent_again() -> None:
    desk = in_room()
    with pytest.raises(IntentRefused):
        desk.client.retry("#trail", 99)


def test_a_live_server_that_never_echoes_is_told_of() -> None:
    desk = in_room()
    desk.client.say("#trail", "anyone?")
    for _ in range(10):
        desk.wait(10)
        desk.hears(":server PONG server alive")
    assert desk.items("#trail")[0].delivery is Delivery.UNSENT


CUTS = ("before it is written", "before it is stored", "before its echo")


@pytest.mark.parametrize("cut", CUTS)
def test_the_link_is_cut_and_the_message_is_there_once(cut: str) -> None:
    desk = in_room(page=[numbered(1, "hi")])
    desk.client.say("#trail", "mine")
    key = ""
    if cut != CUTS[0]:
        key = tags_of(sent(desk)[0])["chat-server/key"]
    desk.client.disconnected("the connection was cut")
    desk.wait(3)
    desk.written.clear()
    desk.registers()
    stored = numbered(2, "mine", "ann")
    desk.enters("#trail", "bob", page=[stored] if cut == CUTS[2] else [])
    (again,) = [line for line in desk.written if "PRIVMSG" in line]
    assert key in ("", tags_of(again)["chat-server/key"])
    desk.hears(numbered(2, "mine", "ann", extra=f"label={tags_of(again)['label']};"))
    assert desk.texts("#trail") == ["hi", "mine"]
    assert desk.items("#trail")[1].delivery is Delivery.CONFIRMED
    assert desk.client.unsent == []


def test_the_echo_of_a_resend_may_come_before_the_page_that_holds_it() -> None:
    desk = in_room(page=[numbered(1, "hi")])
    desk.client.say("#trail", "mine")
    desk.writes()
    desk.client.disconnected("cut")
    desk.wait(3)
    desk.written.clear()
    desk.registers()
    label = desk.label_of("JOIN")
    desk.hears(f"@label={label} :ann!ann@host JOIN #trail")
    desk.writes()
    (again,) = [line for line in desk.written if "PRIVMSG" in line]
    desk.hears(numbered(3, "mine", "ann", extra=f"label={tags_of(again)['label']};"))
    desk.answers_history("#trail", [numbered(2, "meanwhile"), numbered(3, "mine", "ann")])
    assert desk.texts("#trail") == ["hi", "meanwhile", "mine"]


def test_without_resend_a_lost_message_is_unsent_unless_history_holds_it() -> None:
    desk = in_room(IRCV3)
    desk.hears("@msgid=a;time=2023-11-14T22:13:19.000Z :bob!b@h PRIVMSG #trail :hi")
    desk.client.say("#trail", "stored")
    desk.client.say("#trail", "lost")
    desk.writes()
    desk.client.disconnected("cut")
    assert [item.delivery for item in desk.items("#trail")[1:]] == [Delivery.UNSENT] * 2
    desk.wait(3)
    desk.written.clear()
    desk.registers(IRCV3)
    page = ["@msgid=b;time=2023-11-14T22:13:21.000Z :ann!a@h PRIVMSG #trail :stored"]
    desk.enters("#trail", page=page)
    stored, lost = desk.items("#trail")[1:]
    assert stored.delivery is Delivery.CONFIRMED
    assert (lost.delivery, lost.text) == (Delivery.UNSENT, "lost")
    assert "lost" in lost.reason


def test_without_a_device_token_keys_are_not_trusted() -> None:
    desk = Desk(device="")
    desk.registers()
    desk.client.join("trail")
    desk.enters("#trail")
    desk.client.say("#trail", "hi")
    desk.writes()
    desk.client.disconnected("cut")
    assert desk.items("#trail")[0].delivery is Delivery.UNSENT


def test_a_key_too_old_is_not_sent_again_by_itself() -> None:
    desk = in_room()
    desk.client.say("#trail", "yesterday")
    desk.client.disconnected("cut")
    desk.sleeps(24 * 3600)
    desk.registers()
    desk.enters("#trail")
    assert desk.items("#trail")[0].delivery is Delivery.UNSENT


def test_a_room_that_is_gone_makes_what_waited_for_it_unsent() -> None:
    desk = in_room()
    desk.client.say("#trail", "hi")
    desk.writes()
    desk.client.disconnected("cut")
    desk.wait(3)
    desk.written.clear()
    desk.registers()
    label = desk.label_of("JOIN")
    desk.hears(f"@label={label} FAIL JOIN NO_SUCH_ROOM #trail :There is no such room")
    assert desk.items("#trail")[0].delivery is Delivery.UNSENT


def test_direct_messages_are_not_sent_again_by_themselves() -> None:
    desk = in_room()
    desk.client.open_direct("bob")
    desk.client.say("bob", "psst")
    assert "chat-server/key" not in sent(desk)[0]
    desk.client.disconnected("cut")
    assert desk.items("bob")[0].delivery is Delivery.UNSENT


def test_the_echo_of_what_is_in_no_history_says_so() -> None:
    desk = in_room()
    desk.client.open_direct("bob")
    desk.client.say("bob", "psst")
    label = tags_of(sent(desk)[0])["label"]
    desk.hears(f"@label={label};chat-server/unstored :ann!a@h PRIVMSG bob :psst")
    assert desk.items("bob")[0].delivery is Delivery.UNSTORED


def test_long_text_is_split_by_bytes_and_each_piece_fits_the_line() -> None:
    desk = in_room()
    text = "größer " * 200
    desk.client.say("#trail", text)
    lines = sent(desk)
    assert len(lines) > 2
    source = ":ann!ann@host "
    for line in lines:
        body = line.split(" ", 1)[1]
        assert len(f"{source}{body}\r\n".encode()) <= 512
    assert " ".join(desk.texts("#trail")).split() == text.split()


def test_lines_are_messages_of_their_own_and_blank_ones_are_left_out() -> None:
    desk = in_room()
    desk.client.say("#trail", "one\n\n two\n")
    assert desk.texts("#trail") == ["one", " two"]


def test_an_action_looks_like_one_when_it_comes_back() -> None:
    desk = in_room()
    desk.client.action("#trail", "waves")
    (line,) = sent(desk)
    assert line.endswith("PRIVMSG #trail :\x01ACTION waves\x01")
    desk.hears(numbered(1, "\x01ACTION waves\x01", "ann"))
    (item,) = desk.items("#trail")
    assert (item.kind, item.text) == (ItemKind.ACTION, "waves")
    assert item.delivery is Delivery.CONFIRMED


def test_nothing_typed_can_smuggle_a_second_command() -> None:
    desk = in_room()
    desk.client.say("#trail", "hi\r\nQUIT\x00\x1b[2J")
    assert [line.split(" ", 1)[1] for line in sent(desk)] == [
        "PRIVMSG #trail hi",
        "PRIVMSG #trail QUIT[2J",
    ]


@pytest.mark.parametrize("text", ["", "  \n ", "x\n" * 51])
def test_what_cannot_be_said_is_refused_and_nothing_is_sent(text: str) -> None:
    desk = in_room()
    with pytest.raises(IntentRefused):
        desk.client.say("#trail", text)
    assert desk.writes() == []


def test_off_line_nothing_is_taken_from_the_composer() -> None:
    desk = in_room()
    desk.client.disconnected("cut")
    with pytest.raises(IntentRefused, match="Not connected"):
        desk.client.say("#trail", "hi")


def test_closing_a_room_gives_back_what_was_not_sent_there() -> None:
    desk = in_room()
    desk.client.say("#trail", "important")
    desk.client.disconnected("cut")
    desk.client.leave("#trail")
    (told,) = desk.told(Told)
    assert told.draft == "important"
    assert desk.client.unsent == []


def test_a_message_written_to_a_dead_link_is_sent_again_not_given_up() -> None:
    desk = in_room()
    desk.wait(44)
    desk.hears(":server PONG server alive")
    desk.client.say("#trail", "into the void")
    desk.wait(14)
    assert not desk.client.wants_link
    assert desk.items("#trail")[0].delivery is Delivery.PENDING
