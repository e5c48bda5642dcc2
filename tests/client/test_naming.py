"""What is meant for the person: their nick, and the words they look out for, in any script."""

import unicodedata

import pytest

from tests.client.script import Desk, in_room, numbered
from tui.client.naming import KEYWORDS_MAX, bounded, places
from tui.client.updates import ItemChanged


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        ("deploy", "we Deploy now", ["Deploy"]),
        ("deploy", "deploy-bot: deploy!", ["deploy", "deploy"]),
        ("deploy", "redeploy, deployed, deploy_2", []),
        ("next week", "NEXT WEEK then", ["NEXT WEEK"]),
        ("straße", "in der STRASSE 5", ["STRASSE"]),
        ("strasse", "in der Straße 5", ["Straße"]),
        ("café", f"the {unicodedata.normalize('NFD', 'café')} is open", ["cafe\u0301"]),
        ("cafe", f"the {unicodedata.normalize('NFD', 'café')} is open", []),
        ("поезд", "Поезд пришёл", ["Поезд"]),
        ("поезд", "поезда", []),
        ("部署", "今天部署吧", ["部署"]),
        ("รถไฟ", "ขึ้นรถไฟไป", ["รถไฟ"]),
        ("क", "काम", []),
        ("c++", "in C++20, and c++.", ["C++", "c++"]),
        ("🚀", "ship it🚀now", ["🚀"]),
        ("ffi", "the oﬃce, and FFI", ["FFI"]),
    ],
)
def test_a_word_is_found_in_any_case_and_script(keyword: str, text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in places("", [keyword], text)] == found


def test_the_places_of_nick_and_words_are_told_together() -> None:
    assert places("ann", ("tea",), "ann: tea or Tea, anniversary") == [(0, 3), (5, 8), (12, 15)]


def test_the_words_are_bounded() -> None:
    assert bounded([" tea ", "tea", "", "a  b"]) == ("tea", "a b")
    assert len(bounded(str(number) for number in range(KEYWORDS_MAX * 2))) == KEYWORDS_MAX


def test_a_word_counts_like_the_nick() -> None:
    desk = in_room()
    desk.client.show("")
    desk.client.watch_for(["tea"])
    desk.hears(numbered(1, "tea?"), numbered(2, "team"), numbered(3, "ann!"))
    assert (desk.buffer("#trail").unread, desk.buffer("#trail").mentions) == (3, 2)
    assert [item.mention for item in desk.items("#trail")] == [True, False, True]


def test_what_is_held_is_looked_at_anew() -> None:
    desk = in_room()
    desk.hears(numbered(1, "tea?"), numbered(2, "ann!"), ":ann!a@h PRIVMSG #trail :tea for me")
    desk.told(ItemChanged)
    desk.client.watch_for(["tea"])
    assert [item.mention for item in desk.items("#trail")] == [True, True, False]
    assert [change.item.text for change in desk.told(ItemChanged)] == ["tea?"]
    desk.client.watch_for([])
    assert [item.mention for item in desk.items("#trail")] == [False, True, False]


def test_while_the_nick_is_taken_one_is_called_by_it_all_the_same() -> None:
    desk = Desk()
    desk.registers()
    desk.client.disconnected("cut")
    desk.wait(3)
    desk.client.connected()
    desk.hears(":s 433 * ann :This nick is in use", ":s 001 ann_ :Welcome", ":s 422 ann_ :no MOTD")
    desk.hears(":ann_!a@h JOIN #trail", ":bob!b@h PRIVMSG #trail :ann: back?")
    desk.hears(":bob!b@h PRIVMSG #trail :or is it ann_?")
    assert [item.mention for item in desk.items("#trail")] == [True, True]


def test_one_is_called_by_the_name_of_ones_account_too() -> None:
    desk = in_room()
    desk.hears(":s 900 ann ann!a@h annabel :You are logged in as annabel")
    desk.hears(numbered(1, "Annabel?"), numbered(2, "Annabelle"))
    assert [item.mention for item in desk.items("#trail")][-2:] == [True, False]
