"""Real clients and the real server: what happens to messages after they were said."""

from collections.abc import Callable

from tests.together.meeting import Guest, Meeting
from tui.client.state import Item

ROOM = "#trail"


def with_changes() -> tuple[Meeting, Guest, Guest]:
    """Ann has edited one message, deleted another; Bob has answered one and reacted to it."""
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    for text in ("helo", "secret", "lunch?"):
        ann.client.say(ROOM, text)
        meeting.settle()
    first, second, third = ann.spoken(ROOM)
    ann.client.edit(ROOM, first.id, "hello")
    ann.client.redact(ROOM, second.id, "wrong room")
    meeting.settle()
    question = bob.spoken(ROOM)[2]
    bob.client.react(ROOM, question.id, "👍")
    bob.client.reply(ROOM, question.id, "gladly")
    meeting.settle()
    ann.client.react(ROOM, third.id, "👍")
    meeting.settle()
    return meeting, ann, bob


def seen(guest: Guest, of: Callable[[Item], object]) -> list[object]:
    """Something of each message that is not deleted."""
    return [of(item) for item in guest.spoken(ROOM) if not item.redacted]


def looks(item: Item) -> object:
    """What a person sees of a message."""
    quoted = item.quoted.text if item.quoted else ""
    reactions = [(each.text, sorted(each.nicks)) for each in item.reactions]
    return (item.sender, item.text, item.edited, quoted, reactions)


EXPECTED = [
    ("ann", "hello", True, "", []),
    ("ann", "lunch?", False, "", [("👍", ["ann", "bob"])]),
    ("bob", "gladly", False, "lunch?", []),
]


def test_both_see_the_same_changes() -> None:
    _, ann, bob = with_changes()
    assert seen(ann, looks) == seen(bob, looks) == EXPECTED
    assert [item.redacted for item in bob.spoken(ROOM)][1] == "deleted: wrong room"
    own = [each.own for item in ann.spoken(ROOM) for each in item.reactions]
    assert own == [True]
    assert ann.buffer(ROOM).gap_free


def test_who_comes_later_sees_them_as_those_who_were_there() -> None:
    meeting, _, bob = with_changes()
    bob.start_anew()
    meeting.settle()
    bob.client.join(ROOM)
    meeting.settle()
    assert seen(bob, looks) == EXPECTED
    assert "secret" not in str(bob.said(ROOM))


def test_who_was_away_for_a_moment_sees_them_too() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    ann.client.say(ROOM, "helo")
    ann.client.say(ROOM, "secret")
    meeting.settle()
    bob.client.quit()
    meeting.settle()
    first, second = ann.spoken(ROOM)
    ann.client.edit(ROOM, first.id, "hello")
    ann.client.redact(ROOM, second.id)
    ann.client.react(ROOM, first.id, "🎉")
    meeting.settle()
    bob.client.start()
    meeting.settle()
    assert seen(bob, lambda item: (item.text, item.edited)) == [("hello", True)]
    assert [item.redacted for item in bob.spoken(ROOM)] == ["", "deleted"]
    assert bob.spoken(ROOM)[0].reactions[0].nicks == ("ann",)


def test_an_answer_that_is_sent_again_still_answers() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    bob.client.say(ROOM, "lunch?")
    meeting.settle()
    ann.client.reply(ROOM, ann.spoken(ROOM)[0].id, "gladly")
    ann.cut_off()
    meeting.settle()
    assert bob.said(ROOM) == ["bob: lunch?", "ann: gladly"]
    assert bob.spoken(ROOM)[1].quoted is bob.spoken(ROOM)[0]
