"""Direct messages: whose conversation it is, whether it is stored, and who hears of it.

A conversation between two accounts has a log and numbers of its own, keyed by the two holders;
one with a guest is delivered and not stored, unless the setting `history.guests` keeps it for
the side that has an account. Meanings: `SEMANTICS`, "Numbers".
"""

from collections.abc import Callable, Iterable
from typing import Final

from common.capabilities import ECHO_MESSAGE
from common.casemap import fold
from server.core.delivery import Outgoing, fan_out
from server.core.holders import is_account
from server.core.session import Session
from server.core.user import User
from server.core.world import World

GUEST_HOLDER: Final = "guest:"

LineOf = Callable[[str, str], Outgoing]
"""From the source and the target that a line is to show."""


def end_of(world: World, nick: str) -> str:
    """Who is meant by a nick, as an end of a conversation: an account, or a guest by name.

    Whoever is here under the nick is meant; where nobody is, the account of this name.
    """
    user = world.users.get(fold(nick))
    if user is not None and is_account(user.holder):
        return user.holder
    account = world.store.accounts.named(nick) if user is None else None
    return account.holder if account else f"{GUEST_HOLDER}{fold(nick)}"


def conversation_of(world: World, user: User, nick: str) -> int | None:
    """The conversation that `user` has with whoever is meant by `nick`, if it is stored.

    A guest has none: what was kept of it belongs to the other side.
    """
    if not is_account(user.holder):
        return None
    return world.store.conversations.between(user.holder, end_of(world, nick))


def conversation_to_store(world: World, sender: User, nick: str) -> int | None:
    """The conversation that a message goes into, begun where need be; None: it is not stored."""
    first, second = (end_of(world, each) for each in (sender.nick, nick))
    accounts = is_account(first) + is_account(second)
    if accounts < 2 and not (accounts and world.settings.history__guests):
        return None
    found = world.store.conversations.between(first, second)
    if found is None:
        world.check_space()
        found = world.new_log_id()
        world.store.conversations.start(found, first, second)
    return found


def people_meant(world: World, nick: str) -> list[User]:
    """Who is here of those meant by a nick: whoever has it, then the account's other nicks."""
    user = world.users.get(fold(nick))
    if user is None:
        account = world.store.accounts.named(nick)
        return list(world.present.get(account.id, ())) if account else []
    return [user, *(each for each in siblings(world, user) if each is not user)]


def siblings(world: World, user: User) -> Iterable[User]:
    """`user`, and whoever else is here of the same account, under another nick."""
    return world.present[user.account_id] if user.account_id else [user]


def deliver(
    world: World,
    ends: tuple[User, str],
    line_of: LineOf,
    origin: Session | None,
    needed: int = 0,
    echo_of: LineOf | None = None,
) -> None:
    """Send a direct message to every session of its sender, and of whom the nick at its end means.

    `line_of` makes the line from a source and a target: whoever is here under two nicks reads it
    under either as their own. `needed` are capabilities without which a session cannot take it;
    `origin` gets it only with echo-message. Someone who writes to themselves gets both: the echo,
    which answers them, and what a recipient gets.
    """
    sender, nick = ends
    recipients = people_meant(world, nick)
    for each in recipients:
        target = nick if fold(nick) == fold(each.nick) else each.nick
        line = line_of(sender.source, target)
        received = _able(each, needed)
        if origin is not None and origin in received:
            origin.unlabeled += (line.encoded(origin.variant),)
        fan_out(world, line, received, origin)
    silent = None if origin and origin.capabilities & ECHO_MESSAGE else origin
    for each in [sender] if sender in recipients else siblings(world, sender):
        echoed = _able(each, needed)
        if sender in recipients:
            echoed = [session for session in echoed if session is origin]
        fan_out(world, (echo_of or line_of)(each.source, nick), echoed, silent)


def _able(user: User, needed: int) -> list[Session]:
    return [session for session in user.sessions if session.capabilities & needed == needed]
