"""Invitations and bans with an end, in every store."""

from dataclasses import replace

from server.storage.ports import ChannelRecord, Invitation, MaskEntry
from tests.storage.conftest import Backend

ROOM, OTHER_ROOM = 7, 8


def room(channel_id: int) -> ChannelRecord:
    """A room without anything in it."""
    return ChannelRecord(channel_id, f"#room{channel_id}", True, "", 1_000, "nt")


def test_an_invitation_is_kept_changed_and_dropped(backend: Backend) -> None:
    store = backend.store()
    first = Invitation(ROOM, "digest-1", "ann!ann@host", 3, 5_000)
    second = Invitation(ROOM, "digest-2", "ann!ann@host", 0, 0)
    for each in (first, second):
        store.invitations.save_invitation(each)
    store.commit()
    store = backend.crash()
    assert store.invitations.load_invitations() == [first, second]
    store.invitations.save_invitation(replace(first, uses=2))
    store.invitations.drop_invitation("digest-2")
    store.invitations.drop_invitation("never there")
    assert store.invitations.load_invitations() == [replace(first, uses=2)]


def test_what_was_not_committed_is_gone_after_a_crash(backend: Backend) -> None:
    backend.store().invitations.save_invitation(Invitation(ROOM, "digest", "ann", 1, 0))
    assert backend.crash().invitations.load_invitations() == []


def test_invitations_go_with_their_room(backend: Backend) -> None:
    store = backend.store()
    for channel_id in (ROOM, OTHER_ROOM):
        store.channels.save(room(channel_id))
        store.invitations.save_invitation(Invitation(channel_id, f"of {channel_id}", "ann", 1, 0))
    store.channels.delete(ROOM)
    assert [each.digest for each in store.invitations.load_invitations()] == [f"of {OTHER_ROOM}"]


def test_a_ban_keeps_its_end(backend: Backend) -> None:
    store = backend.store()
    ban = MaskEntry("b", "eve!*@*", "ann!ann@host", 5, until_ms=9_000)
    store.channels.save(room(ROOM))
    store.channels.set_mask(ROOM, ban, present=True)
    store.commit()
    (record,) = backend.crash().channels.load()
    assert list(record.masks.values()) == [ban]
