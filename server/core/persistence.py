"""Whether an account stays present without a connection, and telling its programs.

Specification: draft/persistence, as Ergo describes it (`docs/protocol.md`, accounts).
"""

from typing import Final

from common.capabilities import PERSISTENCE
from common.wire import encode
from server.core.delivery import send
from server.core.session import Session
from server.core.world import World
from server.storage.ports import AccountRecord

CHOSEN_FACT: Final = "always-on chosen "
"""Before the holder: the account has said which it wants; others have what is usual here."""


def note_choice(world: World, holder: str, *, chosen: bool) -> None:
    """Keep whether the account has chosen by itself."""
    world.store.facts.remember(f"{CHOSEN_FACT}{holder}", "yes" if chosen else "")


def send_status(world: World, session: Session, record: AccountRecord) -> None:
    """What the account has chosen, and what holds."""
    holds = "ON" if record.always_on else "OFF"
    chosen = holds if world.store.facts.fact(f"{CHOSEN_FACT}{record.holder}") else "DEFAULT"
    send(world, session, encode("PERSISTENCE", ["STATUS", chosen, holds], world.settings.name))


def tell_status(world: World, record: AccountRecord) -> None:
    """The same to every session of the account that knows of it."""
    for user in world.present.get(record.id, ()):
        for session in user.sessions:
            if session.capabilities & PERSISTENCE:
                send_status(world, session, record)


def greet(world: World, session: Session) -> None:
    """The same to one who comes in."""
    if session.capabilities & PERSISTENCE and session.account_id:
        record = world.store.accounts.get(session.account_id)
        if record is not None:
            send_status(world, session, record)
