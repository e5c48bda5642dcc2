"""Messages of several lines: sent as one where the server takes them, else line by line.

Specification: IRCv3 draft/multiline, client-batch.
"""

from tests.client.script import IRCV3, OURS, Desk, in_room, tags_of
from tui.client.state import Delivery
from tui.client.updates import ItemsAppended

ABLE = OURS.replace("draft/multiline", "draft/multiline=max-bytes=400,max-lines=4")


def written(desk: Desk) -> list[str]:
    """What was said since the last look, without labels and keys."""
    lines = [line for line in desk.writes() if "PING" not in line]
    kept = []
    for line in lines:
        tags = [tag for tag in tags_of(line) if tag in ("batch", "draft/multiline-concat")]
        rest = line.partition(" ")[2] if line.startswith("@") else line
        kept.append(f"{'@' + ';'.join(tags) + ' ' if tags else ''}{rest}")
    return kept


def test_several_lines_are_one_message() -> None:
    desk = in_room(ABLE)
    desk.client.say("#trail", "\none\n\n  two\n")
    lines = desk.writes()
    reference = lines[0].split()[2].removeprefix("+")
    assert lines[0].endswith(f" BATCH +{reference} draft/multiline #trail")
    assert tags_of(lines[0])["chat-server/key"]
    assert lines[1:] == [
        f"@batch={reference} PRIVMSG #trail one",
        f"@batch={reference} PRIVMSG #trail :",
        f"@batch={reference} PRIVMSG #trail :  two",
        f"BATCH -{reference}",
    ]
    (item,) = desk.items("#trail")
    assert (item.text, item.delivery) == ("one\n\n  two", Delivery.PENDING)


def test_its_echo_confirms_it() -> None:
    desk = in_room(ABLE)
    desk.client.say("#trail", "one\ntwo")
    label = tags_of(desk.writes()[0])["label"]
    desk.hears(
        f"@label={label};msgid=m1;chat-server/number=1 :ann!a@h BATCH +x draft/multiline #trail",
        "@batch=x :ann!a@h PRIVMSG #trail :one",
        "@batch=x :ann!a@h PRIVMSG #trail :two",
    )
    (item,) = desk.items("#trail")
    assert item.delivery is Delivery.PENDING
    desk.hears("BATCH -x")
    assert desk.items("#trail") == [item]
    assert (item.delivery, item.msgid, item.text) == (Delivery.CONFIRMED, "m1", "one\ntwo")
    assert desk.client.unsent == []


def test_a_long_line_goes_on_in_the_same_message() -> None:
    desk = in_room("message-tags batch echo-message draft/multiline=max-bytes=4096")
    text = " ".join(["word"] * 200)
    desk.client.say("#trail", text)
    _, *lines, _ = written(desk)
    assert len(lines) == 3
    assert ["concat" in line for line in lines] == [False, True, True]
    assert "".join(line.partition(" :")[2] for line in lines) == text


def test_what_is_more_than_one_message_is_several() -> None:
    desk = in_room(ABLE)
    desk.client.say("#trail", "\n".join("abcdef"))
    assert [item.text for item in desk.items("#trail")] == ["a\nb\nc\nd", "e\nf"]


def test_other_servers_get_a_message_for_each_line() -> None:
    desk = in_room(IRCV3)
    desk.client.say("#trail", "one\n\ntwo")
    assert written(desk) == ["PRIVMSG #trail one", "PRIVMSG #trail two"]


def test_one_of_others_is_shown_when_it_is_whole() -> None:
    desk = in_room(ABLE)
    desk.hears(
        "@msgid=m1 :bob!b@h BATCH +x draft/multiline #trail",
        "@batch=x :bob!b@h PRIVMSG #trail :he",
        "@batch=x;draft/multiline-concat :bob!b@h PRIVMSG #trail :llo",
        "@batch=x :bob!b@h PRIVMSG #trail :ann",
    )
    assert desk.items("#trail") == []
    desk.hears("BATCH -x")
    (item,) = desk.told(ItemsAppended)[-1].items
    assert (item.text, item.sender, item.mention) == ("hello\nann", "bob", True)


def test_history_has_it_as_it_was() -> None:
    desk = in_room(ABLE)
    desk.hears(
        ":server BATCH +h chathistory #trail",
        "@batch=h;msgid=m1 :bob!b@h BATCH +x draft/multiline #trail",
        "@batch=x :bob!b@h PRIVMSG #trail :one",
        "@batch=x :bob!b@h PRIVMSG #trail :two",
        "BATCH -x",
        "@batch=h;msgid=m2 :bob!b@h PRIVMSG #trail :three",
        "BATCH -h",
    )
    assert desk.texts("#trail") == ["one\ntwo", "three"]


def test_a_refused_one_is_unsent_whether_the_answer_names_it_or_not() -> None:
    desk = in_room(ABLE)
    for answer in (
        "FAIL BATCH MULTILINE_MAX_LINES 4 :A message has at most 4 lines",
        ":server 404 ann #trail :Cannot send to channel",
    ):
        desk.client.say("#trail", "one\ntwo")
        desk.hears(answer)
        assert desk.items("#trail")[-1].delivery is Delivery.UNSENT


def test_a_server_that_lost_the_ability_is_not_sent_half_of_it() -> None:
    desk = in_room(ABLE)
    desk.client.say("#trail", "one\ntwo")
    label = tags_of(desk.writes()[0])["label"]
    desk.hears(f"@label={label} FAIL BATCH STORE_FULL #trail :The disk is full")
    desk.hears(":server CAP ann DEL :draft/multiline")
    (item,) = desk.items("#trail")
    desk.client.retry("#trail", item.id)
    assert desk.writes() == []
    assert item.delivery is Delivery.UNSENT


def test_where_a_text_is_split_is_known_before_it_is_sent() -> None:
    able, plain = in_room(ABLE), in_room(IRCV3)
    text = "a\n\nb\nb\nc"
    assert able.client.cuts("#trail", text) == [7]
    assert plain.client.cuts("#trail", text) == [3, 5, 7]
    long = " ".join(["word"] * 120)
    (cut,) = plain.client.cuts("#trail", long)
    plain.client.say("#trail", long)
    assert [long[: cut - 1], long[cut:]] == plain.texts("#trail")
    assert able.client.cuts("#trail", "short") == able.client.cuts("", long) == []
