"""Who someone is to rooms and messages: an account, a device, or for want of both a connection.

A holder is a text that is stored with what is somebody's. That of a connection ends with it: what
it held in rooms is let go then, or after a crash at the next start.
"""

from typing import Final

from server.core.session import Session
from server.core.user import User
from server.core.world import World
from server.storage.ports import ACCOUNT_HOLDER, ChannelRecord, account_holder

DEVICE_HOLDER: Final = "device:"
LINK_HOLDER: Final = "link:"


def is_account(holder: str) -> bool:
    """Whether it is an account, and so the same everywhere."""
    return holder.startswith(ACCOUNT_HOLDER)


def lasts(holder: str) -> bool:
    """Whether it is one that comes back: an account or a device."""
    return not holder.startswith(LINK_HOLDER)


def device_holder(session: Session) -> str:
    """The device of a session, ``""`` where it has named none."""
    return f"{DEVICE_HOLDER}{session.device}" if session.device else ""


def guest_holder(world: World, session: Session) -> str:
    """Who a session is without an account."""
    return device_holder(session) or f"{LINK_HOLDER}{world.new_token()}"


def key_holder(session: Session) -> str:
    """Whose the re-send keys of a session are; ``""`` where nothing sent could come again.

    The device where it has a name, logged in or not, for a login may come between the two times.
    """
    account = account_holder(session.account_id) if session.account_id else ""
    return device_holder(session) or account


def let_go(world: World, user: User) -> None:
    """Someone goes who does not come back as who they are: their rooms lose them."""
    for channel in user.holds:
        if channel.record.id in world.channels_by_id:
            drop_from(world, channel.record, [user.holder])
    user.holds.clear()


def drop_links(world: World) -> None:
    """After a start: nobody is connected of those who were no more than that."""
    for channel in world.channels.values():
        row = channel.record
        holders = [each for each in (row.owner, *row.roles) if not lasts(each)]
        if holders:
            drop_from(world, row, holders)


def drop_from(world: World, row: ChannelRecord, holders: list[str]) -> None:
    """Take from some what they hold in a room."""
    if row.owner in holders:
        row.owner = ""
        world.store.channels.save(row)
    for holder in holders:
        if row.roles.pop(holder, ""):
            world.store.channels.set_role(row.id, holder, "")
