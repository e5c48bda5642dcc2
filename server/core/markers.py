"""Read markers: up to when someone has read a room or a direct conversation.

They belong to the person: the holder's are stored and the same on every device, those of a guest
without one end with the connection. A marker never moves back, and nobody else hears of it.
Specification: IRCv3 draft/read-marker.
"""

from typing import Final

from common.casemap import fold, is_nick
from common.wire import encode
from server.core.delivery import send
from server.core.direct import end_of
from server.core.holders import lasts
from server.core.session import Session
from server.core.user import User
from server.core.world import World, utc_text
from server.storage.ports import channel_subject

MARKERS_MAX: Final = 1_000
"""Of one person; the one farthest in the past gives way."""


def subject_of(world: World, user: User, target: str) -> str:
    """What a marker is about, whatever its name will be; ``""`` where `user` can have none."""
    if not target.startswith("#"):
        beyond_ascii = world.settings.names__beyond_ascii
        return end_of(world, target) if is_nick(target, beyond_ascii=beyond_ascii) else ""
    channel = world.channels.get(fold(target))
    if channel is None or channel not in user.channels:
        return ""
    return channel_subject(channel.record.id)


def raise_marker(world: World, user: User, subject: str, wall_ms: int) -> bool:
    """Note that `user` has read so far; False where they had read as far already."""
    markers = markers_of(world, user)
    read_ms = min(wall_ms, world.wall_ms)
    if read_ms <= markers.get(subject, 0):
        return False
    if lasts(user.holder):
        world.check_space()
    if subject not in markers and len(markers) >= MARKERS_MAX:
        _keep(world, user, min(markers, key=lambda each: markers[each]), 0)
    _keep(world, user, subject, read_ms)
    return True


def send_marker(world: World, session: Session, user: User, target: str) -> None:
    """Tell a session of `user` how far they have read; ``*`` where nothing is known."""
    read_ms = markers_of(world, user).get(subject_of(world, user, target), 0)
    shown = f"timestamp={utc_text(read_ms)}" if read_ms else "*"
    send(world, session, encode("MARKREAD", [target, shown], world.settings.name))


def markers_of(world: World, user: User) -> dict[str, int]:
    """The times up to which `user` has read, by what was read."""
    return world.store.markers.read_markers(user.holder) if lasts(user.holder) else user.markers


def _keep(world: World, user: User, subject: str, read_ms: int) -> None:
    if lasts(user.holder):
        world.store.markers.set_marker(user.holder, subject, read_ms)
    elif read_ms:
        user.markers[subject] = read_ms
    else:
        user.markers.pop(subject, None)
