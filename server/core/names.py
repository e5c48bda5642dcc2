"""Which nicks and account names may be had: free ones, that belong to and look like nobody else's.

State in, a refusal out; changes nothing.
"""

from typing import Final, NamedTuple

from common.casemap import fold, is_nick
from server.core.look_alikes import skeleton
from server.core.session import Session
from server.core.user import User
from server.core.world import World

SERVICE_NICKS: Final = ("NickServ", "ChanServ")
"""Nicks that the server itself answers to."""

RESERVED: Final = frozenset(
    {"server", "admin", "administrator", "operator", "system", "services", "guest"}
)
"""Account names that a person would take for someone with authority."""

_SERVICE_SKELETONS: Final = frozenset(skeleton(nick).replace("i", "l") for nick in SERVICE_NICKS)


class Taken(NamedTuple):
    """Why a nick cannot be had: the end of a sentence, and whether logging in would help."""

    hint: str
    by_account: bool


def is_valid_nick(world: World, nick: str) -> bool:
    """Whether a nick can be one at all, by the settings."""
    return is_nick(nick, beyond_ascii=world.settings.names__beyond_ascii)


def nick_taken(world: World, session: Session, nick: str) -> Taken | None:
    """Why `session` cannot have a nick; None where it can."""
    looks = skeleton(nick)
    if _like_a_service(looks):
        return Taken(": it belongs to the server", by_account=False)
    holder = world.users.get(fold(nick)) or _look_alike_present(world, session, looks)
    if holder is not None and holder is not session.user and not may_share(world, session, holder):
        return Taken("", by_account=holder.account_id != 0)
    account = world.store.accounts.named(nick) or world.store.accounts.alike(looks)
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
    reserved = fold(name) in RESERVED and session is not None
    if not is_valid_nick(world, name) or _like_a_service(looks) or reserved:
        return "BAD_ACCOUNT_NAME", f'"{name[:40]}" cannot be the name of an account; choose another'
    if world.store.accounts.named(name) or world.store.accounts.alike(looks):
        return "ACCOUNT_EXISTS", "There is an account with this name, or one that looks like it"
    present = world.users.get(fold(name))
    if present is not None and session is not None and present is not session.user:
        return "ACCOUNT_EXISTS", "Someone has this name as a nick; choose another"
    return None


def _look_alike_present(world: World, session: Session, looks: str) -> User | None:
    """Someone else whose nick looks the same; asked only where nicks may be beyond ASCII."""
    if not world.settings.names__beyond_ascii:
        return None
    return next(
        (user for user in world.look_alikes.get(looks, ()) if user is not session.user), None
    )


def _like_a_service(looks: str) -> bool:
    """Whether a skeleton is that of a service; for these an i is taken for an l too."""
    return looks.replace("i", "l") in _SERVICE_SKELETONS
