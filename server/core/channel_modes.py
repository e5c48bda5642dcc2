"""What each mode of a room is, once it was decided: how a change alters the room's state."""

from common.capabilities import TAG_UNTIL
from common.casemap import fold
from common.modes import ROLE_LETTERS, TAKES, Change, Takes, sorted_roles
from server.core.channel import Channel
from server.core.holders import lasts
from server.core.world import World, read_utc
from server.storage.ports import Event, MaskEntry


def change_mode(world: World, channel: Channel, change: Change, event: Event) -> None:
    """Carry out one change of a MODE event."""
    if change.letter in ROLE_LETTERS:
        _change_role(world, channel, change)
        return
    record = channel.record
    if TAKES[change.letter] is Takes.LIST:
        name = (change.letter, fold(change.parameter))
        ends_ms = until_ms(event)
        entry = MaskEntry(change.letter, change.parameter, event.source, event.wall_ms, ends_ms)
        if change.adds:
            record.masks[name] = entry
            world.note_end(record.id, name, ends_ms)
        else:
            record.masks.pop(name, None)
        world.store.channels.set_mask(record.id, entry, present=change.adds)
        return
    if change.letter == "k":
        record.key = change.parameter if change.adds else ""
    elif change.letter == "l":
        record.limit = int(change.parameter) if change.adds else 0
    elif change.letter == "W":
        record.slow_s = int(change.parameter) if change.adds else 0
        channel.spoke_at.clear()
    elif change.letter == "f":
        led_to = world.channels.get(fold(change.parameter)) if change.adds else None
        record.forward = led_to.record.id if led_to else 0
    else:
        others = record.modes.replace(change.letter, "")
        record.modes = "".join(sorted(others + change.letter)) if change.adds else others
        world.note_listing(record)
    world.store.channels.save(record)


def until_ms(event: Event) -> int:
    """When what a MODE set ends by itself, 0 for never: a tag of the event says so."""
    for tag in event.tags.split(";"):
        name, _, value = tag.partition("=")
        if name == TAG_UNTIL:
            return read_utc(value)
    return 0


def _change_role(world: World, channel: Channel, change: Change) -> None:
    user = world.users[fold(change.parameter)]
    membership = channel.members[user]
    kept = membership.roles.replace(change.letter, "")
    membership.roles = sorted_roles(kept + change.letter) if change.adds else kept
    record = channel.record
    if not lasts(user.holder):
        user.holds[channel] = None
    if change.letter == "q":  # there is one owner by identity; others are owners while present
        if not change.adds and record.owner == user.holder:
            record.owner = ""
        elif change.adds and not record.owner:
            record.owner = user.holder
        world.store.channels.save(record)
    owns = record.owner == user.holder
    lasting = membership.roles if owns else membership.roles.replace("q", "")
    if lasting:
        record.roles[user.holder] = lasting
    else:
        record.roles.pop(user.holder, None)
    world.store.channels.set_role(record.id, user.holder, lasting)


def modes_text(world: World, channel: Channel, *, with_key: bool) -> list[str]:
    """The modes of a room as parameters of 324; the key is for members only."""
    record = channel.record
    letters, parameters = record.modes, []
    if record.key:
        letters += "k"
        parameters.append(record.key if with_key else "*")
    if record.limit:
        letters += "l"
        parameters.append(str(record.limit))
    if record.slow_s:
        letters += "W"
        parameters.append(str(record.slow_s))
    led_to = world.channels_by_id.get(record.forward)
    if led_to is not None:
        letters += "f"
        parameters.append(led_to.record.name)
    return [f"+{letters}", *parameters]
