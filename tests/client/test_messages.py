"""What others say: where it goes, how it is counted, what it cannot do to the screen."""

from tests.client.script import Desk, in_room, numbered
from tui.client.state import ItemKind
from tui.client.updates import BufferChanged, BufferClosed, BufferOpened, ItemsAppended, Told


def test_what_is_said_in_the_room_on_the_screen_is_appended_and_not_counted() -> None:
    desk = in_room()
    desk.hears(numbered(1, "hello"), numbered(2, "there"))
    (appended,) = desk.told(ItemsAppended)
    assert [item.text for item in appended.items] == ["hello", "there"]
    assert desk.buffer("#trail").unread == 0


def test_elsewhere_it_is_counted_until_it_is_read() -> None:
    desk = in_room()
    desk.client.show("")
    desk.hears(numbered(1, "hello"), numbered(2, "ANN: look"), numbered(3, "annual"))
    room = desk.buffer("#trail")
    assert (room.unread, room.mentions) == (3, 1)
    assert room.first_unread_id == desk.items("#trail")[0].id
    assert [item.mention for item in desk.items("#trail")] == [False, True, False]
    assert desk.told(BufferChanged)
    desk.client.mark_read("#trail")
    assert (room.unread, room.mentions) == (0, 0)
    assert room.first_unread_id
    desk.client.clear_unread_rule("#trail")
    assert room.first_unread_id == 0


def test_presence_is_not_unread() -> None:
    desk = in_room()
    desk.client.show("")
    desk.hears(":cleo!c@h JOIN #trail", ":cleo!c@h PART #trail")
    assert desk.buffer("#trail").unread == 0


def test_a_direct_message_opens_a_conversation_and_calls() -> None:
    desk = in_room()
    desk.hears(":bob!b@h PRIVMSG ann :psst")
    assert BufferOpened("bob", False) in desk.told(BufferOpened)
    assert (desk.buffer("bob").unread, desk.buffer("bob").mentions) == (1, 1)


def test_a_conversation_follows_the_nick() -> None:
    desk = in_room()
    desk.hears(":bob!b@h PRIVMSG ann :psst")
    desk.client.show("bob")
    desk.hears(":bob!b@h NICK bert")
    assert desk.client.state.current == "bert"
    assert desk.texts("bert") == ["psst", "bert"]
    assert desk.told(BufferClosed) == [BufferClosed("bob")]


def test_what_the_server_says_goes_to_the_status_buffer() -> None:
    desk = Desk()
    desk.client.connected()
    desk.hears(":server NOTICE * :Looking up your host", ":server 372 ann :- be kind")
    assert desk.texts("") == ["Looking up your host", "- be kind"]


def test_lines_nobody_knows_are_not_lost() -> None:
    desk = in_room()
    desk.hears(":server 998 ann some :new thing", ":server WALLOPS :hello all", "JOIN")
    assert desk.texts("")[-3:] == ["some new thing", "WALLOPS hello all", "JOIN"]


def test_a_message_to_the_operators_of_a_room_is_shown_there() -> None:
    desk = in_room()
    desk.hears(":bob!b@h PRIVMSG @#trail :ops only")
    assert desk.texts("#trail") == ["ops only"]


def test_nothing_said_can_steer_the_terminal_but_formatting_stays() -> None:
    desk = in_room()
    desk.hears(":bob!b@h PRIVMSG #trail :\x02bold\x02 \x1b[2J\x9b\u202eevil\ttab")
    assert desk.texts("#trail") == ["\x02bold\x02 [2Jevil tab"]


def test_text_that_is_not_utf8_is_read_as_well_as_it_can_be() -> None:
    desk = in_room()
    desk.client.receive(b":bob!b@h PRIVMSG #trail :caf\xe9\r\n")
    assert desk.texts("#trail") == ["caf\ufffd"]


def test_programs_are_answered_politely_and_not_too_often() -> None:
    desk = in_room()
    desk.hears(":bob!b@h PRIVMSG ann :\x01VERSION\x01", ":bob!b@h PRIVMSG ann :\x01PING 42\x01")
    assert desk.writes() == ["NOTICE bob :\x01VERSION chat-tui\x01"]
    desk.wait(3)
    desk.hears(":bob!b@h PRIVMSG ann :\x01PING 42\x01")
    assert desk.writes() == ["NOTICE bob :\x01PING 42\x01"]
    desk.wait(3)
    desk.hears(":bob!b@h PRIVMSG #trail :\x01VERSION\x01")
    assert desk.writes() == []


def test_who_someone_is_is_told_where_it_was_asked() -> None:
    desk = in_room()
    desk.client.whois("bob")
    label = desk.label_of("WHOIS")
    desk.client.show("")
    desk.hears(
        f"@label={label} :s BATCH +w labeled-response",
        "@batch=w :s 311 ann bob ~b host * :Bob Smith",
        "@batch=w :s 319 ann bob :#trail",
        "@batch=w :s 318 ann bob :End",
        ":s BATCH -w",
    )
    assert desk.texts("#trail") == ["bob is ~b@host: Bob Smith", "bob is in #trail"]


def test_help_of_the_server_is_shown_where_one_is() -> None:
    desk = in_room()
    desk.client.raw("HELP")
    desk.hears(":s 704 ann * :The words", ":s 705 ann * :create", ":s 706 ann * :End")
    assert desk.texts("#trail") == ["The words", "create", "End"]
    assert {item.kind for item in desk.items("#trail")} == {ItemKind.NEWS}


def test_writing_to_nobody_marks_the_message() -> None:
    desk = in_room("message-tags echo-message")
    desk.client.open_direct("ghost")
    desk.client.say("ghost", "boo")
    desk.hears(":s 401 ann ghost :There is nobody called ghost")
    assert desk.items("ghost")[0].reason == "There is nobody called ghost"
    assert desk.told(Told) == []


def test_our_words_from_elsewhere_appear_too() -> None:
    desk = in_room()
    desk.hears(":ann!a@h PRIVMSG bob :from my phone")
    (item,) = desk.items("bob")
    assert item.own
    assert desk.buffer("bob").unread == 0
