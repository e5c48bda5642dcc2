"""What is unread is the same whatever happens to the program: restarted, or cut off meanwhile."""

from tests.together.meeting import Guest, Meeting

PASSWORD = "correct-horse-battery"


class Ann(Guest):
    """Logs in from the start, so that she is one person on all her devices."""

    account = ("ann", PASSWORD)


def say(meeting: Meeting, person: Guest, *texts: str) -> None:
    for text in texts:
        person.client.say("#trail", text)
    meeting.settle()


def start_anew(meeting: Meeting, person: Guest) -> None:
    """The program was ended, and is started when the server has noticed."""
    person.cut_off()
    meeting.step(people=False)
    meeting.step(people=False)
    person.start_anew()
    meeting.settle()
    person.client.join("trail")
    meeting.settle()


def counts(person: Guest) -> tuple[int, int]:
    room = person.buffer("#trail")
    return room.unread, room.mentions


def test_counts_are_right_after_a_restart() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter("#trail", "ann", "bob")
    ann.client.show("#trail")
    say(meeting, bob, "read")
    ann.client.look(looking=True)
    meeting.wait(5)
    ann.client.look(looking=False)
    say(meeting, bob, "ann: one", "two")
    assert counts(ann) == (2, 1)
    start_anew(meeting, ann)
    assert counts(ann) == (2, 1)
    first = ann.buffer("#trail").first_unread_id
    assert [item.text for item in ann.spoken("#trail") if item.id == first] == ["ann: one"]
    ann.client.show("#trail")
    ann.client.look(looking=True)
    meeting.wait(5)
    start_anew(meeting, ann)
    assert counts(ann) == (0, 0)


def test_nothing_is_counted_twice_or_lost_over_a_cut() -> None:
    meeting = Meeting()
    ann, bob = meeting.enter("#trail", "ann", "bob")
    ann.client.show("#trail")
    ann.client.look(looking=False)
    say(meeting, bob, "one")
    ann.cut_off()
    bob.client.say("#trail", "two")
    meeting.settle()
    say(meeting, bob, "three")
    assert counts(ann) == (3, 0)
    ann.client.look(looking=True)
    assert counts(ann) == (0, 0)


def test_what_is_read_on_one_device_is_read_on_the_other() -> None:
    meeting = Meeting()
    desk, bob = meeting.enter("#trail", "ann", "bob")
    desk.client.register(PASSWORD)
    meeting.settle()
    (phone,) = meeting.arrive("ann", kind=Ann)
    assert phone.client.state.nick == "ann"
    phone.client.join("trail")
    meeting.settle()
    for device in (desk, phone):
        device.client.show("#trail")
        device.client.look(looking=False)
    say(meeting, bob, "ann: one", "two")
    assert counts(desk) == counts(phone) == (2, 1)
    phone.client.look(looking=True)
    meeting.wait(5)
    assert counts(desk) == (0, 0)
    assert desk.buffer("#trail").first_unread_id == 0
    say(meeting, bob, "three")
    assert counts(desk) == (1, 0)
    assert counts(phone) == (0, 0)
