"""Started again with what was kept: full before there is a link, then complete, nothing twice."""

from tests.together.meeting import Guest, Meeting
from tui.client.state import Delivery

ROOM = "#trail"


def apart(meeting: Meeting, guest: Guest, *texts: str) -> None:
    """Others have said `texts`, all of which was read and kept; then `guest` is off line."""
    for text in texts:
        meeting.people[0].client.say(ROOM, text)
    meeting.settle()
    guest.keep()
    guest.client.quit()
    meeting.settle()


def test_what_was_said_is_there_before_the_link() -> None:
    meeting = Meeting()
    _, bob = meeting.enter(ROOM, "ann", "bob")
    apart(meeting, bob, "one", "two")
    bob.start_again()
    assert bob.said(ROOM) == ["ann: one", "ann: two"]
    assert not bob.buffer(ROOM).joined


def test_what_was_missed_is_asked_for_and_nothing_is_twice() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    apart(meeting, bob, "one")
    for number in range(250):
        ann.client.say(ROOM, f"missed {number}")
        meeting.settle()
    bob.start_again()
    meeting.settle()
    assert bob.said(ROOM) == ann.said(ROOM)
    assert bob.buffer(ROOM).gap_free
    assert [item.number for item in bob.spoken(ROOM)] == list(range(1, 252))


def test_what_came_after_the_last_look_is_read_again() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    ann.client.say(ROOM, "kept")
    meeting.settle()
    bob.keep()
    ann.client.say(ROOM, "not kept")
    meeting.settle()
    bob.start_again()
    assert bob.said(ROOM) == ["ann: kept"]
    meeting.settle()
    assert bob.said(ROOM) == ["ann: kept", "ann: not kept"]


def test_a_gap_that_was_open_is_filled() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    apart(meeting, bob, "one")
    ann.client.say(ROOM, "missed")
    meeting.settle()
    bob.start_again()
    while not bob.rooms:
        meeting.step(people=False)
        meeting.step(server=False)
    meeting.server.store.reads_to_fail = 1
    meeting.step(people=False)
    meeting.step(server=False)
    ann.client.say(ROOM, "seen")
    for _ in range(5):
        meeting.step()
    assert bob.said(ROOM) == ["ann: one", "ann: seen"]
    bob.keep()
    bob.start_again()
    meeting.settle()
    assert bob.said(ROOM) == ["ann: one", "ann: missed", "ann: seen"]


def test_changes_of_what_is_kept_are_made_up_for() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    apart(meeting, bob, "helo", "secret")
    first, second = ann.spoken(ROOM)
    ann.client.edit(ROOM, first.id, "hello")
    ann.client.redact(ROOM, second.id)
    ann.client.react(ROOM, first.id, "🎉")
    meeting.settle()
    bob.start_again()
    meeting.settle()
    hello, gone = bob.spoken(ROOM)
    assert (hello.text, hello.edited) == ("hello", True)
    assert hello.reactions[0].nicks == ("ann",)
    assert (gone.text, gone.redacted) == ("", "deleted")
    bob.keep()
    assert bob.rows.said(ROOM) == ["hello"]
    bob.start_again()
    assert bob.spoken(ROOM)[0].reactions[0].nicks == ("ann",)
    assert bob.spoken(ROOM)[1].redacted == "deleted"


def test_a_room_made_anew_under_the_name_replaces_what_was_kept() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    apart(meeting, bob, "of the old room")
    ann.client.quit()
    meeting.settle()
    meeting.leave_alone(31)  # nobody comes, so the room is closed
    ann.client.start()
    meeting.settle()
    ann.client.create(ROOM)
    meeting.settle()
    ann.client.say(ROOM, "of the new room")
    meeting.settle()
    bob.start_again()
    assert bob.said(ROOM) == ["ann: of the old room"]
    meeting.settle()
    assert bob.said(ROOM)[-1] == "ann: of the new room"
    bob.keep()
    assert bob.rows.said(ROOM) == ["of the new room"]


def test_unread_counts_go_on_where_they_were() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    bob.client.show(ROOM)
    ann.client.say(ROOM, "read")
    meeting.settle()
    bob.client.mark_read(ROOM)
    bob.client.show("")
    apart(meeting, bob, "unread", "bob: look")
    ann.client.say(ROOM, "while you were out")
    meeting.settle()
    bob.start_again()
    assert (bob.buffer(ROOM).unread, bob.buffer(ROOM).mentions) == (2, 1)
    meeting.settle()
    assert (bob.buffer(ROOM).unread, bob.buffer(ROOM).mentions) == (3, 1)
    first = next(item for item in bob.buffer(ROOM).items if item.text == "unread")
    assert bob.buffer(ROOM).first_unread_id == first.id


def test_an_answer_still_answers() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    apart(meeting, bob, "lunch?")
    bob.client.start()
    meeting.settle()
    bob.client.reply(ROOM, bob.spoken(ROOM)[0].id, "gladly")
    meeting.settle()
    bob.keep()
    bob.start_again()
    assert bob.spoken(ROOM)[1].quoted is bob.spoken(ROOM)[0]
    assert ann.said(ROOM)[1] == "bob: gladly"


def test_what_was_not_confirmed_is_not_kept() -> None:
    meeting = Meeting()
    _, bob = meeting.enter(ROOM, "ann", "bob")
    bob.client.say(ROOM, "on its way")
    bob.step()
    bob.keep()
    assert bob.rows.said(ROOM) == []
    meeting.settle()
    bob.keep()
    assert bob.rows.said(ROOM) == ["on its way"]


def test_what_guests_say_to_one_another_is_kept_by_both() -> None:
    meeting = Meeting()
    ann, bob = meeting.arrive("ann", "bob")
    ann.client.open_direct("bob")
    ann.client.say("bob", "between us")
    meeting.settle()
    for guest in (ann, bob):
        guest.keep()
        guest.start_again()
    assert ann.said("bob") == bob.said("ann") == ["ann: between us"]
    assert ann.spoken("bob")[0].delivery is Delivery.UNSTORED


def test_nothing_is_kept_of_a_room_that_keeps_nothing() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    ann.client.order_for_room(ROOM, "", "RETENTION", "nothing")
    meeting.settle()
    ann.client.say(ROOM, "for now only")
    meeting.settle()
    assert bob.said(ROOM) == ["ann: for now only"]
    bob.keep()
    assert bob.rows.said(ROOM) == []


def test_a_room_that_was_left_is_kept_no_more() -> None:
    meeting = Meeting()
    _, bob = meeting.enter(ROOM, "ann", "bob")
    apart(meeting, bob, "one")
    bob.client.start()
    meeting.settle()
    bob.client.leave(ROOM)
    meeting.settle()
    bob.keep()
    assert bob.rows.rooms == {}


def test_an_emptied_view_is_not_filled_from_what_was_kept() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    apart(meeting, bob, "before")
    bob.client.start()
    meeting.settle()
    bob.client.clear(ROOM)
    ann.client.say(ROOM, "after")
    meeting.settle()
    bob.keep()
    assert bob.rows.said(ROOM) == ["after"]
