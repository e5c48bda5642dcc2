"""Real clients and the real server: what people rely on, and what the simulation once broke."""

from common.msgid import decode_msgid
from tests.together.meeting import Guest, Meeting
from tui.client.state import Delivery

ROOM = "#trail"


def test_what_one_says_both_hold_in_the_same_place() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    ann.client.say(ROOM, "hello")
    bob.client.say(ROOM, "hi")
    meeting.settle()
    assert sorted(ann.said(ROOM)) == ["ann: hello", "bob: hi"]
    assert ann.said(ROOM) == bob.said(ROOM)
    assert [item.number for item in ann.spoken(ROOM)] == [1, 2]


def test_a_link_cut_between_storing_and_echo_doubles_nothing() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    ann.client.say(ROOM, "once")
    meeting.step()  # written, stored, answered; the answer is still on its way
    ann.cut_off()
    meeting.settle()
    assert ann.said(ROOM) == bob.said(ROOM) == ["ann: once"]
    assert ann.spoken(ROOM)[0].delivery is Delivery.CONFIRMED
    assert ann.client.unsent == []


def test_what_was_stored_under_another_nick_is_known_as_ones_own() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    ann.client.say(ROOM, "once")
    meeting.step()
    ann.cut_off()
    meeting.step(server=False)
    ann.client.change_nick("cyd")
    meeting.settle()
    assert ann.client.state.nick == "cyd"
    assert ann.said(ROOM) == bob.said(ROOM) == ["ann: once"]
    assert ann.client.unsent == []


def test_what_a_service_answers_is_not_taken_for_ones_own_words() -> None:
    meeting = Meeting()
    (ann,) = meeting.arrive("ann")
    ann.client.open_direct("ChanServ")
    ann.client.say("chanserv", "help")
    meeting.settle()
    senders = [item.sender for item in ann.spoken("chanserv")]
    assert ann.said("chanserv")[0] == "ann: help"
    assert senders.count("ann") == 1
    assert "ChanServ" in senders


def test_a_server_killed_between_commit_and_flush_has_stored_it_once() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    ann.client.say(ROOM, "still here")
    meeting.server.kill_at = "commit"
    meeting.step()
    assert not meeting.server.running
    meeting.settle()
    assert ann.said(ROOM) == bob.said(ROOM) == ["ann: still here"]


def test_a_server_killed_before_the_commit_is_sent_it_again() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    ann.client.say(ROOM, "hello?")
    meeting.server.kill_at = "read"
    meeting.step()
    meeting.settle()
    assert ann.said(ROOM) == bob.said(ROOM) == ["ann: hello?"]


def test_what_was_missed_is_read_in_pages() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    bob.client.say(ROOM, "before")
    meeting.settle()
    bob.client.quit()
    meeting.settle()
    _say_many(meeting, ann, 250)
    bob.client.start()
    meeting.settle()
    assert bob.buffer(ROOM).gap_free
    assert bob.said(ROOM) == ann.said(ROOM)
    assert len(bob.said(ROOM)) == 251


def test_what_was_missed_of_a_room_where_nothing_had_been_said_is_read() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    bob.client.quit()
    meeting.settle()
    ann.client.say(ROOM, "while you were out")
    meeting.settle()
    bob.client.start()
    meeting.settle()
    assert bob.said(ROOM) == ["ann: while you were out"]


def test_a_first_page_that_never_came_leaves_no_hole() -> None:
    meeting = Meeting()
    ann, bob = meeting.arrive("ann", "bob")
    ann.client.create(ROOM)
    meeting.settle()
    bob.client.join(ROOM)
    while not bob.rooms:
        meeting.step()
    bob.cut_off()
    bob.client.quit()
    meeting.settle()
    _say_many(meeting, ann, 130)
    bob.client.start()
    meeting.settle()
    numbers = [item.number for item in bob.spoken(ROOM)]
    assert numbers == list(range(numbers[0], 131))
    bob.client.load_older(ROOM)
    meeting.settle()
    assert bob.said(ROOM) == ann.said(ROOM)


def test_a_page_that_cannot_be_read_now_is_asked_for_again() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    bob.client.quit()
    meeting.settle()
    ann.client.say(ROOM, "hello")
    meeting.settle()
    bob.client.start()
    while not bob.rooms:
        meeting.step(people=False)
        meeting.step(server=False)
    meeting.server.store.reads_to_fail = 1
    meeting.step(people=False)
    meeting.step(server=False)
    assert not bob.buffer(ROOM).gap_free
    meeting.settle()
    assert bob.said(ROOM) == ["ann: hello"]


def test_a_topic_taken_off_meanwhile_is_gone_on_return() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    ann.client.set_topic(ROOM, "maps")
    meeting.settle()
    assert bob.buffer(ROOM).topic == "maps"
    bob.client.quit()
    meeting.settle()
    ann.client.set_topic(ROOM, "")
    meeting.settle()
    bob.client.start()
    meeting.settle()
    assert bob.buffer(ROOM).topic == ""


def test_everybody_sees_the_owner_come_back_as_owner() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    ann.cut_off()
    meeting.settle()
    assert ann.rooms == [ROOM]
    assert bob.buffer(ROOM).members["ann"].signs == "~"


def test_a_room_made_anew_under_its_name_is_another_room() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    ann.client.say(ROOM, "of old")
    meeting.settle()
    for guest in (ann, bob):
        guest.client.quit()
    meeting.settle()
    meeting.leave_alone(31)  # nobody comes, so the room is closed
    bob.client.start()
    meeting.settle()
    bob.client.create(ROOM)
    meeting.settle()
    bob.client.say(ROOM, "of today")
    meeting.settle()
    ann.client.start()
    meeting.settle()
    ann.client.join(ROOM)
    meeting.settle()
    assert ann.said(ROOM) == ["ann: of old", "bob: of today"]
    places = [decode_msgid(item.msgid) for item in ann.spoken(ROOM)]
    assert len({place[0] for place in places if place is not None}) == 2, "it is the same room"
    assert ann.buffer(ROOM).gap_free


def test_who_comes_back_at_once_gets_a_link_of_their_own() -> None:
    meeting = Meeting()
    (ann,) = meeting.arrive("ann")
    assert ann.link is not None
    before = ann.link.number
    ann.client.quit()
    ann.client.start()
    meeting.settle()
    assert ann.online
    assert ann.link is not None
    assert ann.link.number != before


def _say_many(meeting: Meeting, guest: Guest, count: int) -> None:
    for number in range(count):
        guest.client.say(ROOM, f"line {number}")
        if number % 50 == 49:
            meeting.settle()
    meeting.settle()


def test_several_lines_are_one_message_for_both_and_survive_a_cut() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    ann.client.say(ROOM, "one\n\ntwo")
    meeting.step()
    ann.cut_off()
    meeting.settle()
    assert ann.said(ROOM) == bob.said(ROOM) == ["ann: one\n\ntwo"]
    assert ann.spoken(ROOM)[0].delivery is Delivery.CONFIRMED


def test_a_message_far_back_is_shown_without_what_lies_between() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    _say_many(meeting, ann, 450)
    msgids = [item.msgid for item in ann.spoken(ROOM)]
    (cyd,) = meeting.arrive("cyd")
    cyd.client.join(ROOM)
    meeting.settle()
    cyd.client.show_message(ROOM, msgids[100])
    meeting.settle()
    room = cyd.buffer(ROOM)
    numbers = [item.number for item in cyd.spoken(ROOM)]
    assert numbers == [*range(51, 151), *range(352, 451)]
    (hole,) = room.holes
    while room.holes:
        cyd.client.fill_hole(ROOM, hole, downward=True)
        meeting.settle()
    assert cyd.said(ROOM) == bob.said(ROOM)[50:]


def test_what_was_said_is_found_by_whoever_may_read_it_and_shown_in_its_place() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter(ROOM, "ann", "bob")
    ann.client.say(ROOM, "the fox was here")
    meeting.settle()
    _say_many(meeting, ann, 250)
    ann.client.say(ROOM, "今天 no fox, a 🦊")
    meeting.settle()
    cyd, eve = meeting.arrive("cyd", "eve")
    cyd.client.join(ROOM)
    meeting.settle()
    for guest in (cyd, eve):
        guest.client.search("fox from:ann")
        meeting.settle()
    assert eve.client.state.search.hits == []
    newest, first = cyd.client.state.search.hits
    assert [newest.item.text, first.item.text] == ["今天 no fox, a 🦊", "the fox was here"]
    assert (first.buffer, first.marks) == (ROOM, [(4, 7)])
    cyd.client.show_message(first.name, first.item.msgid)
    meeting.settle()
    assert cyd.said(ROOM)[0] == "ann: the fox was here"
    assert len(cyd.buffer(ROOM).holes) == 1
    bob.client.search("今 🦊", best_first=True)
    meeting.settle()
    (found,) = bob.client.state.search.hits
    assert found.marks == [(0, 1), (13, 14)]


def test_whoever_renames_a_room_is_led_to_it() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter("#trail", "ann", "bob")
    ann.client.show("#trail")
    ann.client.say("#trail", "hello")
    meeting.settle()
    ann.client.change_setting("#trail", "name", "camp")
    meeting.settle()
    assert "#trail" not in ann.client.state.buffers
    assert ann.said("#camp") == bob.said("#camp") == ["ann: hello"]
