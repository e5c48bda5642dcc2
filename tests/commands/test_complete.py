"""What Tab offers, by where one is and what was begun."""

from tests.client.script import Desk, in_room
from tui.commands.complete import Completion, complete


def offered(desk: Desk, text: str, buffer: str = "#trail") -> list[str]:
    return [found.text for found in at_end(desk, text, buffer).candidates]


def at_end(desk: Desk, text: str, buffer: str = "#trail") -> Completion:
    return complete(text, len(text), desk.client.state, buffer)


def crowd() -> Desk:
    desk = in_room()
    desk.hears(
        ":s 353 ann = #trail :ann bob beth bill",
        ":s 366 ann #trail :End",
        ":s 322 ann #dev 2 :Where we code",
        ":s 322 ann #trail 4 :",
        ":s 323 ann :End",
        ":bill!b@h PRIVMSG #trail :earlier",
        ":beth!b@h PRIVMSG #trail :later",
        ":brad!b@h PRIVMSG ann :psst",
    )
    return desk


def test_commands_by_their_beginning_in_the_order_of_the_table() -> None:
    assert offered(crowd(), "/e") == ["/exit ", "/edit ", "/editor"]
    assert offered(crowd(), "e", "") == ["exit ", "editor"]
    assert offered(crowd(), "", "")[:5] == ["create ", "join ", "exit ", "help ", "quit"]
    assert offered(crowd(), "/to", "") == []


def test_an_alias_leads_to_its_command() -> None:
    assert offered(crowd(), "/quo") == ["/raw "]


def test_those_who_spoke_last_come_first_then_the_others_then_conversations() -> None:
    assert offered(crowd(), "b") == ["beth: ", "bill: ", "bob: ", "brad: "]


def test_inside_a_sentence_a_nick_is_followed_by_a_space() -> None:
    completion = at_end(crowd(), "ask bo")
    assert (completion.start, completion.end) == (4, 6)
    assert [found.text for found in completion.candidates] == ["bob "]
    assert offered(crowd(), "ask @BO") == ["@bob "]


def test_we_are_not_offered_to_ourselves_nor_everyone_unasked() -> None:
    assert offered(crowd(), "an") == []
    assert offered(crowd(), "hello ") == []


def test_rooms_open_and_listed_once_each() -> None:
    assert offered(crowd(), "join ", "") == ["trail ", "dev "]
    assert offered(crowd(), "/join d") == ["dev "]
    assert offered(crowd(), "see #d") == ["#dev "]
    assert at_end(crowd(), "join d", "").candidates[0].note == "Where we code"


def test_arguments_are_completed_by_their_kind() -> None:
    assert offered(crowd(), "/msg be") == ["beth "]
    assert offered(crowd(), "/msg bob hi be") == ["beth "]
    assert offered(crowd(), "/help cre") == ["create "]
    assert offered(crowd(), "/create b") == []


def test_only_the_word_at_the_cursor_counts() -> None:
    state = crowd().client.state
    completion = complete("bo and more", 2, state, "#trail")
    assert (completion.start, completion.end) == (0, 2)
    assert completion.candidates[0].text == "bob: "


def test_what_the_server_cannot_do_is_not_offered() -> None:
    assert offered(crowd(), "/logi") == ["/login "]
    desk = in_room("")
    assert offered(desk, "/log") == offered(desk, "/devices") == []
    assert offered(desk, "/reg") == []
