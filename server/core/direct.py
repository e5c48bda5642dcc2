"""Direct messages: whose conversation it is, whether it is stored, and who hears of it.

A conversation between two accounts has a log and numbers of its own, keyed by the two holders;
one with a guest is delivered and not stored, unless the setting `history.guests` keeps it for
the side that has an account. Meanings: `SEMANTICS`, "Numbers".
"""

from typing import Final

from common.capabilities import ECHO_MESSAGE
from common.casemap import fold
from server.core.delivery import Outgoing, fan_out
from server.core.session import Session
from server.core.user import User
from server.core.world import World
from server.storage.ports import ACCOUNT_HOLDER

GUEST_HOLDER: Final = "guest:"


def is_account(holder: str) -> bool:
    """Whether a durable identity is an account's, and not a device's."""
    return holder.startswith(ACCOUNT_HOLDER)


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


def deliver(
    world: World,
    ends: tuple[User, User | None],
    outgoing: Outgoing,
    origin: Session | None,
    needed: int = 0,
    echo: Outgoing | None = None,
) -> None:
    """Send a direct message to the sessions of its sender and its recipient.

    `needed` are capabilities without which a session cannot take the line. The sender's other
    sessions get it too; `origin` itself only with echo-message. Someone who writes to themselves
    gets both: the echo, which answers them, and what a recipient gets.
    """
    sender, recipient = ends
    received = _able(recipient, needed) if recipient else []
    if origin is not None and origin in received:
        origin.unlabeled.append(outgoing.encoded(origin.variant))
    fan_out(world, outgoing, received, origin)
    if recipient is sender:
        echoed = [session for session in received if session is origin]
    else:
        echoed = _able(sender, needed)
    silent = None if origin and origin.capabilities & ECHO_MESSAGE else origin
    fan_out(world, echo or outgoing, echoed, silent)


def _able(user: User, needed: int) -> list[Session]:
    return [session for session in user.sessions if session.capabilities & needed == needed]
