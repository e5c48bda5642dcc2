"""Sanctions, the audit log and slow mode, in every store."""

from dataclasses import replace

from server.storage.ports import ChannelRecord, Deed, Sanction
from tests.storage.conftest import Backend

LAST = 1 << 60
ROOM = 7


def deed(number: int, channel_id: int = 0) -> Deed:
    """An entry as it is read back."""
    return Deed(1_000 * number, "ann!ann@host", "KICK", "bob", "enough", channel_id, number)


def test_sanctions_are_kept_changed_and_dropped(backend: Backend) -> None:
    store = backend.store()
    ban = Sanction("ban", "198.51.100.0/24", "ann!ann@host", 5, 9_000, "flooding")
    mute = Sanction("mute", "Eve!*@*", "ann!ann@host", 6)
    for each in (ban, mute, replace(ban, kind="mute", set_ms=7)):
        store.moderation.save_sanction(each)
    store.moderation.drop_sanction("mute", ban.mask)
    store.commit()
    store = backend.crash()
    assert store.moderation.load_sanctions() == [ban, mute]
    store.moderation.save_sanction(replace(mute, mask="eve!*@*", reason="again"))
    store.moderation.drop_sanction("ban", ban.mask)
    assert store.moderation.load_sanctions() == [replace(mute, mask="eve!*@*", reason="again")]


def test_the_audit_log_is_read_from_its_end_as_a_whole_or_by_room(backend: Backend) -> None:
    store = backend.store()
    for number, channel_id in ((1, 0), (2, ROOM), (3, 0), (4, ROOM)):
        store.moderation.note_deed(replace(deed(number, channel_id), number=0))
    store.commit()
    log = backend.crash().moderation
    assert log.deeds(LAST, 3) == [deed(4, ROOM), deed(3), deed(2, ROOM)]
    assert log.deeds(2, 3) == [deed(1)]
    assert log.deeds(LAST, 3, ROOM) == [deed(4, ROOM), deed(2, ROOM)]


def test_old_entries_are_forgotten_and_numbers_rise(backend: Backend) -> None:
    store = backend.store()
    for number in (1, 2):
        store.moderation.note_deed(deed(number))
    store.moderation.forget_deeds(2_001)
    store.moderation.note_deed(deed(3))
    assert store.moderation.deeds(LAST, 9) == [deed(3)]


def test_a_room_keeps_its_slow_mode(backend: Backend) -> None:
    store = backend.store()
    record = ChannelRecord(ROOM, "#room", True, "", 1_000, "nt", slow_s=30)
    store.channels.save(record)
    store.commit()
    assert backend.crash().channels.load() == [record]
