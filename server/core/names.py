"""Which names may be had, of people and of rooms: free ones, that look like nobody else's.

State in, a refusal out; changes nothing.
"""

from enum import Enum, auto
from typing import Final, NamedTuple

from common.casemap import CHANNEL_BYTES_MAX, fold, is_channel, is_nick, keeps_form
from server.core.channel import Channel
from server.core.look_alikes import skeleton
from server.core.policy import can_see
from server.core.session import Session
from server.core.user import User
from server.core.world import World

SERVICE_NICKS: Final = ("NickServ", "ChanServ")
"""Nicks that the server itself answers to."""

RESERVED: Final = frozenset(
    {"server", "admin", "administrator", "operator", "system", "services", "guest"}
)
"""Names that a person would take for someone with authority: of no account, and of no guest."""

RESERVED_ROOMS: Final = frozenset(
    {"lobby", "status", "server", "create", "join", "exit", "help", "quit"}
)
"""Names that a person would take for something else: no room can have them."""


def _strict(name: str) -> str:
    """What a name looks like to who expects someone with authority: there an i is an l too."""
    return skeleton(name).replace("i", "l")


_RESERVED_LOOKS: Final = frozenset(map(_strict, RESERVED))
_STAFF_LOOKS: Final = _RESERVED_LOOKS - {_strict("guest")}
_RESERVED_ROOM_LOOKS: Final = frozenset(map(_strict, RESERVED_ROOMS))
_SERVICE_LOOKS: Final = frozenset(map(_strict, SERVICE_NICKS))


class Taken(NamedTuple):
    """Why a nick cannot be had: the end of a sentence, and whether logging in would help."""

    hint: str
    by_account: bool


def is_valid_nick(world: World, nick: str) -> bool:
    """Whether a nick can be one at all, by the settings."""
    return is_nick(nick, beyond_ascii=world.settings.names__beyond_ascii)


def nick_taken(world: World, session: Session, nick: str) -> Taken | None:
    """Why `session` cannot have a nick; None where it can."""
    looks, strict = skeleton(nick), _strict(nick)
    if strict in _SERVICE_LOOKS:
        return Taken(": it belongs to the server", by_account=False)
    if strict in _STAFF_LOOKS and skeleton(session.account) != looks:
        return Taken(": people would take you for someone who runs this server", by_account=False)
    holder = world.users.get(fold(nick)) or _look_alike_present(world, session, looks)
    if holder is not None and holder is not session.user and not may_share(world, session, holder):
        return Taken("", by_account=holder.account_id != 0)
    account = world.store.accounts.alike(nick, looks)
    if account is not None and account.id != session.account_id:
        hint = f": it belongs to the account {account.name}; log in to it, or choose another"
        return Taken(hint, by_account=True)
    return None


def may_share(world: World, session: Session, user: User) -> bool:
    """Whether the session, not yet registered, may become one more of `user`'s."""
    if session.user is not None or not session.account_id:
        return False
    if user.account_id != session.account_id:
        return False
    account = world.store.accounts.get(session.account_id)
    return account is not None and (account.multiclient or not user.sessions)


def account_name_refusal(
    world: World, session: Session | None, name: str
) -> tuple[str, str] | None:
    """Code and sentence for a name that no new account may have; None where it may.

    `session` is who asks: someone else's nick is refused, their own is not.
    """
    looks = skeleton(name)
    reserved = _strict(name) in (_SERVICE_LOOKS | _RESERVED_LOOKS if session else _SERVICE_LOOKS)
    if not is_valid_nick(world, name) or reserved:
        return "BAD_ACCOUNT_NAME", f'"{name[:40]}" cannot be the name of an account; choose another'
    if world.store.accounts.alike(name, looks):
        return "ACCOUNT_EXISTS", "There is an account with this name, or one that looks like it"
    present = world.users.get(fold(name))
    if present is not None and session is not None and present is not session.user:
        return "ACCOUNT_EXISTS", "Someone has this name as a nick; choose another"
    return None


class RoomName(Enum):
    """What stands against giving a room a name."""

    INVALID = auto()
    EXISTS = auto()
    """There is such a room, and who asks may know it."""
    UNAVAILABLE = auto()
    """Kept back, that of a room one may not know of, or like that of another."""


def room_name_trouble(
    world: World, user: User, name: str, own: Channel | None = None
) -> tuple[RoomName, str] | None:
    """Why a room, new or `own`, cannot be called `name`, and a sentence; None where it can."""
    if not is_valid_room(world, name):
        text = (
            f'"{name[:80]}" cannot be a room: no spaces, commas, colons, quotes or brackets, '
            f"{CHANNEL_BYTES_MAX} letters at most, fewer in other scripts"
        )
        return RoomName.INVALID, text
    existing = world.channels.get(fold(name))
    if existing is own is not None:
        return None
    word = name.removeprefix("#")
    if existing is not None and can_see(user, existing):
        there = existing.record.name.removeprefix("#")
        return RoomName.EXISTS, f"The room {there} exists already; join {there}"
    if existing is None and _strict(word) not in _RESERVED_ROOM_LOOKS:
        alike = [each for each in world.rooms_alike(name) if each is not own]
        if not alike:
            return None
        seen = next((each for each in alike if can_see(user, each)), None)
        if seen is not None:
            return RoomName.UNAVAILABLE, f"This looks like {seen.record.name}; choose another name"
    return RoomName.UNAVAILABLE, "This name cannot be had; choose another"


def is_valid_room(world: World, name: str) -> bool:
    """Whether a name, with its ``#``, can be that of a room at all, by the settings."""
    if not is_channel(name):
        return False
    beyond_ascii = world.settings.rooms__beyond_ascii
    return name.isascii() or (beyond_ascii and keeps_form(name, "NicknameCasePreserved"))


def _look_alike_present(world: World, session: Session, looks: str) -> User | None:
    """Someone else whose nick looks the same; asked only where nicks may be beyond ASCII."""
    if not world.settings.names__beyond_ascii:
        return None
    return next(
        (user for user in world.look_alikes.get(looks, ()) if user is not session.user), None
    )
