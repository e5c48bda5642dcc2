"""Redaction, edits, direct conversations, read markers, metadata: on every backend."""

from server.storage.ports import (
    SHOWN,
    ChannelRecord,
    Event,
    Kind,
    Store,
    Version,
    View,
    channel_subject,
)
from tests.storage.conftest import Backend

ROOM, OTHER_ROOM = 7, 8
END = 1 << 62
ANN, BOB = "account:1", "account:2"


def append(store: Store, kind: Kind, text: str, refers: int = 0, key: str = "") -> Event:
    """An event at the end of the room's log."""
    event = Event(ROOM, kind, "ann!ann@host", text, 1_000, "+x=y", ANN, key, refers=refers)
    store.log.append(event)
    return event


def texts(store: Store) -> list[tuple[Kind, str]]:
    """What the room's log shows to those who get everything."""
    page = store.log.page(ROOM, 0, END, 100, View(SHOWN), newest=False)
    return [(event.kind, event.text) for event in page]


def room() -> ChannelRecord:
    """A room to be stored."""
    return ChannelRecord(ROOM, "#trail", named=True, owner=ANN, created_ms=1, modes="nt")


def test_target_and_reference_come_back(backend: Backend) -> None:
    store = backend.store()
    event = Event(ROOM, Kind.EDIT, "ann!ann@host", "x", 1, holder=ANN, target="bob", refers=9)
    store.log.append(event)
    store.commit()
    store = backend.crash()
    (found,) = store.log.page(ROOM, 0, END, 1, View(SHOWN), newest=True)
    assert (found.target, found.refers) == ("bob", 9)
    assert store.log.get(ROOM, event.position) == found
    assert store.log.get(ROOM, event.position + 1) is None
    assert store.log.get(OTHER_ROOM, event.position) is None


def test_what_is_redacted_leaves_its_place(backend: Backend) -> None:
    store = backend.store()
    first = append(store, Kind.PRIVMSG, "secret", key="k1")
    second = append(store, Kind.PRIVMSG, "fine")
    store.log.redact(ROOM, first.position)
    for each in (store, None):
        if each is None:
            store.commit()
            store = backend.crash()
        assert texts(store) == [(Kind.PRIVMSG, "fine")]
        assert store.log.get(ROOM, first.position) is None
        assert store.log.last_position(ROOM) == second.position
        found = store.log.find_key(ANN, "k1")
        assert found is not None
        assert (found.kind, found.text, found.tags) == (Kind.EMPTY, "", "")


def test_an_edit_changes_the_text_and_keeps_the_old(backend: Backend) -> None:
    store = backend.store()
    message = append(store, Kind.PRIVMSG, "first")
    for number, text in enumerate(("second", "third"), start=1):
        edit = append(store, Kind.EDIT, text, message.position)
        store.edits.amend(ROOM, message.position, text, edit.position, 1_000 * number)
    append(store, Kind.REDACT, "about something else", 99)
    store.commit()
    store = backend.crash()
    assert texts(store) == [
        (Kind.PRIVMSG, "third"),
        (Kind.EDIT, "third"),
        (Kind.REDACT, "about something else"),
    ]
    versions = store.edits.versions(ROOM, message.position)
    assert versions == [Version("first", 1_000), Version("second", 2_000)]
    store.log.redact(ROOM, message.position)
    assert texts(store) == [(Kind.REDACT, "about something else")]
    assert store.edits.versions(ROOM, message.position) == []


def test_a_conversation_is_found_from_both_ends(backend: Backend) -> None:
    store = backend.store()
    assert store.conversations.between(ANN, BOB) is None
    store.conversations.start(70, ANN, BOB)
    store.conversations.start(71, ANN, ANN)
    store.commit()
    store = backend.crash()
    assert store.conversations.between(ANN, BOB) == store.conversations.between(BOB, ANN) == 70
    assert store.conversations.between(ANN, ANN) == 71
    assert store.conversations.of_holder(ANN) == {70: BOB, 71: ANN}
    assert store.conversations.of_holder(BOB) == {70: ANN}


def test_markers_are_kept_by_person(backend: Backend) -> None:
    store = backend.store()
    store.markers.set_marker(ANN, "x", 5)
    store.markers.set_marker(ANN, "x", 6)
    store.markers.set_marker(ANN, "y", 7)
    store.markers.set_marker(BOB, "x", 8)
    store.markers.set_marker(ANN, "y", 0)
    store.commit()
    store = backend.crash()
    assert store.markers.read_markers(ANN) == {"x": 6}
    assert store.markers.read_markers(BOB) == {"x": 8}


def test_metadata_is_kept_by_subject(backend: Backend) -> None:
    store = backend.store()
    store.metadata.set_metadata(ANN, "avatar", "x")
    store.metadata.set_metadata(ANN, "avatar", "")
    store.metadata.set_metadata(ANN, "color", "red")
    store.metadata.set_metadata(BOB, "color", "blue")
    store.metadata.set_metadata(BOB, "color", None)
    store.commit()
    assert backend.crash().metadata.load_metadata() == {ANN: {"avatar": "", "color": "red"}}


def test_a_room_that_is_deleted_takes_everything_along(store: Store) -> None:
    store.channels.save(room())
    message = append(store, Kind.PRIVMSG, "first")
    edit = append(store, Kind.EDIT, "second", message.position)
    store.edits.amend(ROOM, message.position, "second", edit.position, 1)
    store.markers.set_marker(ANN, channel_subject(ROOM), 5)
    store.metadata.set_metadata(channel_subject(ROOM), "avatar", "x")
    store.channels.delete(ROOM)
    store.commit()
    assert texts(store) == []
    assert store.edits.versions(ROOM, message.position) == []
    assert store.markers.read_markers(ANN) == {}
    assert store.metadata.load_metadata() == {}
