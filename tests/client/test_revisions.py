"""Messages that change after they were said, and answers to them, live and from history.

Specification: docs/protocol.md "edit"; IRCv3 draft/message-redaction, draft/react, draft/reply.
"""

from collections.abc import Callable

import pytest

from common.msgid import encode_msgid, position_of
from tests.client.script import CHANNEL_ID, IRCV3, Desk, in_room, numbered
from tui.client.client import IntentRefused
from tui.client.revising import REACTING_MAX, REACTIONS_MAX
from tui.client.state import Item, Reaction
from tui.client.updates import ItemChanged, Told


def msgid(number: int) -> str:
    return encode_msgid(CHANNEL_ID, position_of(number))


def change(number: int, line: str, nick: str = "bob", tags: str = "") -> str:
    """A numbered line that is not a message."""
    own = f"msgid={msgid(number)};chat-server/number={number}"
    return f"@{tags}{own};time=2023-11-14T00:00:00.000Z :{nick}!{nick}@host {line}"


def reaction(
    number: int, about: int, text: str = "👍", nick: str = "bob", tag: str = "react"
) -> str:
    tags = f"+draft/{tag}={text};+draft/reply={msgid(about)};"
    return change(number, "TAGMSG #trail", nick, tags)


def only(desk: Desk) -> Item:
    (item,) = desk.items("#trail")
    return item


def test_an_edit_replaces_the_text_and_says_so() -> None:
    desk = in_room()
    desk.hears(numbered(1, "helo"))
    before = only(desk).version
    desk.hears(change(2, f"EDIT #trail {msgid(1)} :hello"))
    assert (only(desk).text, only(desk).edited) == ("hello", True)
    assert only(desk).version > before
    assert [update.item for update in desk.told(ItemChanged)] == [only(desk)]


def test_without_our_capability_an_edit_is_an_answer() -> None:
    desk = in_room(IRCV3)
    desk.hears("@msgid=a :bob!b@h PRIVMSG #trail :helo")
    desk.hears("@msgid=b;+draft/reply=a :bob!b@h PRIVMSG #trail :* hello")
    first, second = desk.items("#trail")
    assert (first.text, second.text, second.quoted) == ("helo", "* hello", first)


def test_a_redaction_empties_the_message_and_says_who_did_it() -> None:
    desk = in_room()
    desk.hears(numbered(1, "secret"), reaction(2, 1))
    desk.hears(change(3, f"REDACT #trail {msgid(1)} :wrong room"))
    item = desk.buffer("#trail").items[-1]
    assert (item.text, item.redacted, item.reactions) == ("", "deleted: wrong room", ())
    desk.hears(numbered(4, "spam"), change(5, f"REDACT #trail {msgid(4)}", "ann"))
    assert desk.buffer("#trail").items[-1].redacted == "deleted by ann"


def test_what_is_deleted_before_it_was_read_is_not_unread() -> None:
    desk = in_room()
    desk.client.show("")
    desk.hears(numbered(1, "ann: secret"), numbered(2, "more"))
    desk.hears(change(3, f"REDACT #trail {msgid(1)}"))
    assert (desk.buffer("#trail").unread, desk.buffer("#trail").mentions) == (1, 0)


def test_reactions_are_counted_once_a_person_and_taken_back() -> None:
    desk = in_room()
    desk.hears(numbered(1, "lunch?"), reaction(2, 1), reaction(3, 1), reaction(4, 1, nick="ann"))
    assert only(desk).reactions == (Reaction("👍", ("bob", "ann"), own=True),)
    desk.hears(reaction(5, 1, tag="unreact"), reaction(6, 1, "🎉", "cleo"))
    assert only(desk).reactions == (
        Reaction("👍", ("ann",), own=True),
        Reaction("🎉", ("cleo",), own=False),
    )
    desk.hears(reaction(7, 1, nick="ann", tag="unreact"))
    assert [each.text for each in only(desk).reactions] == ["🎉"]


def test_reactions_do_not_grow_without_bound() -> None:
    desk = in_room()
    desk.hears(numbered(1, "lunch?"))
    desk.hears(*(reaction(2, 1, f"r{at}") for at in range(REACTIONS_MAX + 5)))
    desk.hears(*(reaction(2, 1, "r0", f"p{at}") for at in range(REACTING_MAX + 5)))
    assert len(only(desk).reactions) == REACTIONS_MAX
    assert len(only(desk).reactions[0].nicks) == REACTING_MAX


def test_a_change_keeps_the_numbers_without_a_gap() -> None:
    desk = in_room(page=[numbered(1, "one")])
    desk.hears(reaction(2, 1), change(3, f"EDIT #trail {msgid(1)} :uno"), numbered(4, "four"))
    assert desk.buffer("#trail").gap_free
    assert not desk.find("CHATHISTORY")


def test_a_page_brings_the_changes_of_what_it_holds() -> None:
    page = [
        numbered(1, "hello"),
        numbered(2, "lunch?"),
        reaction(3, 2),
        change(4, f"EDIT #trail {msgid(1)} :hello"),
    ]
    desk = in_room(page=page)
    first, second = desk.items("#trail")
    assert (first.edited, second.edited) == (True, False)
    assert second.reactions == (Reaction("👍", ("bob",), own=False),)


def test_a_change_waits_for_its_message() -> None:
    newest = [numbered(number, f"m{number}") for number in range(5, 104)]
    desk = in_room(page=[*newest, reaction(104, 2)])
    desk.hears(f"@+draft/reply={msgid(3)};msgid={msgid(105)} :bob!b@h PRIVMSG #trail :that")
    answer = desk.items("#trail")[-1]
    assert (answer.reply_to, answer.quoted) == (msgid(3), None)
    before = answer.version
    desk.client.load_older("#trail")
    desk.answers_history("#trail", [numbered(number, f"m{number}") for number in range(1, 5)])
    assert desk.items("#trail")[1].reactions == (Reaction("👍", ("bob",), own=False),)
    assert answer.quoted is desk.items("#trail")[2]
    assert answer.version > before


def test_a_page_of_changes_leads_on() -> None:
    desk = in_room(page=[numbered(1, "one")])
    desk.client.disconnected("cut")
    desk.wait(3)
    desk.written.clear()
    desk.registers(history=2)
    desk.hears(f"@label={desk.label_of('JOIN')} :ann!ann@host JOIN #trail")
    asked = desk.answers_history("#trail", [reaction(2, 1), reaction(3, 1, "🎉")])
    assert asked == "CHATHISTORY AFTER #trail number=1 2"
    asked = desk.answers_history("#trail", [numbered(4, "four")])
    assert asked == "CHATHISTORY AFTER #trail number=3 2"
    assert desk.texts("#trail") == ["one", "four"]


def test_what_the_ignored_do_to_messages_is_not_seen() -> None:
    desk = in_room()
    desk.hears(numbered(1, "lunch?", nick="cleo"))
    desk.client.ignore("bob")
    desk.hears(reaction(2, 1), numbered(3, "yes", nick="cleo"))
    assert desk.items("#trail")[0].reactions == ()
    assert desk.buffer("#trail").gap_free


def test_intents_name_the_message() -> None:
    desk = in_room()
    desk.hears(numbered(1, "hello", nick="ann"))
    item = only(desk)
    desk.client.reply("#trail", item.id, "to myself")
    desk.client.edit("#trail", item.id, "hello all")
    desk.client.redact("#trail", item.id, "oh")
    desk.client.react("#trail", item.id, "👍")
    lines = [line for line in desk.writes() if "DEVICE" not in line]
    assert f"+draft/reply={msgid(1)}" in lines[0]
    assert lines[0].endswith("PRIVMSG #trail :to myself")
    assert lines[1].endswith(f"EDIT #trail {msgid(1)} :hello all")
    assert lines[2].endswith(f"REDACT #trail {msgid(1)} oh")
    assert "+draft/react=👍" in lines[3]
    assert lines[3].endswith("TAGMSG #trail")
    assert desk.items("#trail")[-1].quoted is item


def test_a_reaction_of_ones_own_is_taken_back() -> None:
    desk = in_room()
    desk.hears(numbered(1, "lunch?"), reaction(2, 1, nick="ann"))
    desk.client.react("#trail", only(desk).id, "👍")
    assert "+draft/unreact=👍" in desk.writes()[-1]


def test_what_cannot_be_done_is_refused_with_a_sentence() -> None:
    desk = in_room(IRCV3)
    desk.hears("@msgid=a :bob!b@h PRIVMSG #trail :hello", ":bob!b@h PRIVMSG #trail :no id")
    named, nameless = desk.items("#trail")
    acts: list[Callable[[], None]] = [
        lambda: desk.client.edit("#trail", named.id, "x"),
        lambda: desk.client.redact("#trail", named.id),
        lambda: desk.client.react("#trail", named.id, "  "),
        lambda: desk.client.react("#trail", nameless.id, "👍"),
        lambda: desk.client.reply("#trail", 999, "x"),
    ]
    for act in acts:
        with pytest.raises(IntentRefused):
            act()
    assert desk.writes() == []


def test_an_edit_is_ones_own_and_one_line() -> None:
    desk = in_room()
    desk.hears(numbered(1, "hello"), numbered(2, "mine", nick="ann"))
    his, mine = desk.items("#trail")
    for item, text in ((his, "x"), (mine, ""), (mine, "a\nb"), (mine, "mine")):
        with pytest.raises(IntentRefused):
            desk.client.edit("#trail", item.id, text)


def test_an_edit_that_is_refused_gives_the_text_back() -> None:
    desk = in_room()
    desk.hears(numbered(1, "helo", nick="ann"))
    desk.client.edit("#trail", only(desk).id, "hello")
    label = desk.label_of("EDIT")
    about = f"#trail {msgid(1)} 10"
    desk.hears(f"@label={label} :server FAIL EDIT EDIT_WINDOW_EXPIRED {about} :Too late")
    (told,) = desk.told(Told)
    assert (told.text, told.failure, told.draft) == ("Too late", True, "hello")
