"""What the operator asks of a server from the command line: orders in, answers out, as JSON values.

The same orders reach a running server through its Unix socket, and a core without links when none
runs. Passwords never come here: the command line hashes them itself.
"""

import base64
import binascii
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from common.casemap import channel_name, fold, is_nick
from common.sasl import ScramKeys
from common.text import holds_half_characters
from server.core import erasing
from server.core.accounts import create, delete, present_as, sessions_of, set_secrets
from server.core.attendance import come_back, take_away
from server.core.audit import LAST, note
from server.core.dispatch import LOW_SPACE, Failed
from server.core.durations import read_duration_ms
from server.core.names import account_name_refusal
from server.core.passwords import Secrets
from server.core.sanctioning import add, drop, entries, lock, unlock
from server.core.sanctions import BAN, FILTER, MUTE
from server.core.world import NoSpaceError, World, utc_text
from server.storage.ports import AccountRecord, StoreFailedError

BY_ORDER: Final = "the command line"
"""Who the audit log says it was."""

ACCOUNTS_PER_ANSWER: Final = 100
"""Accounts in one answer to `list`: it fits into what a socket takes at once."""

DEEDS_PER_ANSWER: Final = 50

SANCTIONS_PER_ANSWER: Final = 50

UNANSWERED: Final = "The server's storage does not answer; look at the log and try again"

logger = logging.getLogger(__name__)

Order = Mapping[str, Any]
Answer = dict[str, Any]


class OrderError(Exception):
    """The order cannot be carried out; the text is for the operator."""


def administer(world: World, order: Order) -> Answer:
    """Carry out an order; ``{"ok": False, "text": …}`` says why it was not."""
    action = _ACTIONS.get(str(order.get("do")))
    if action is None:
        return {"ok": False, "text": "This server does not know that order: is it an older one?"}
    if any(isinstance(value, str) and holds_half_characters(value) for value in order.values()):
        return {"ok": False, "text": "The order holds bytes that are no UTF-8 text"}
    try:
        answer = action(world, order)
    except OrderError as error:
        return {"ok": False, "text": str(error)}
    except Failed as error:
        return {"ok": False, "text": error.text}
    except NoSpaceError:
        return {"ok": False, "text": LOW_SPACE}
    except StoreFailedError as error:
        logger.warning("%s not done: %s", order["do"], error)
        return {"ok": False, "text": f"{UNANSWERED}: {error}"}
    if str(order["do"]) not in _QUESTIONS:
        name, reason = str(order.get("name", "")), str(order.get("reason", ""))
        note(world, BY_ORDER, str(order["do"]), name, reason)
    return {"ok": True, **answer}


def secrets_to_order(secrets: Secrets) -> Answer:
    """Hashed passwords as part of an order."""
    scram = secrets.scram
    return {
        "password_hash": secrets.password_hash,
        "salt": base64.b64encode(scram.salt).decode(),
        "iterations": scram.iterations,
        "stored_key": base64.b64encode(scram.stored_key).decode(),
        "server_key": base64.b64encode(scram.server_key).decode(),
    }


def _secrets(order: Order) -> Secrets:
    try:
        salt, stored_key, server_key = (
            base64.b64decode(order[name], validate=True)
            for name in ("salt", "stored_key", "server_key")
        )
        scram = ScramKeys(salt, int(order["iterations"]), stored_key, server_key)
        return Secrets(str(order["password_hash"]), scram)
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise OrderError("The order holds no password") from None


def _account(world: World, order: Order) -> AccountRecord:
    name = str(order.get("name", ""))
    record = world.store.accounts.named(name)
    if record is None:
        raise OrderError(f"There is no account {name}; account list shows them")
    return record


def _add(world: World, order: Order) -> Answer:
    name = str(order.get("name", ""))
    refusal = account_name_refusal(world, None, name)
    if refusal is not None:
        raise OrderError(refusal[1])
    create(world, name, _secrets(order))
    return {"text": f"The account {name} was made"}


def _list(world: World, order: Order) -> Answer:
    page = world.store.accounts.page(str(order.get("after", "")), ACCOUNTS_PER_ANSWER)
    rows = [
        {
            "name": record.name,
            "created": utc_text(record.created_ms)[:10],
            "email": record.email,
            "suspended": record.suspended,
            "always_on": record.always_on,
            "devices": len(sessions_of(world, record.id)),
        }
        for record in page
    ]
    return {"accounts": rows, "more": len(page) == ACCOUNTS_PER_ANSWER}


def _passwd(world: World, order: Order) -> Answer:
    record = _account(world, order)
    set_secrets(world, record, _secrets(order))
    _end_sessions(world, record, "The password of this account was changed: log in again")
    return {"text": f"{record.name} has another password; devices with the old one were logged out"}


def _suspend(world: World, order: Order) -> Answer:
    record = _account(world, order)
    record.suspended = True
    world.store.accounts.save(record)
    _end_sessions(world, record, "This account is suspended")
    return {"text": f"The account {record.name} is suspended; resume lets it in again"}


def _resume(world: World, order: Order) -> Answer:
    record = _account(world, order)
    record.suspended = False
    world.store.accounts.save(record)
    come_back(world, record)
    return {"text": f"The account {record.name} may log in again"}


def _delete(world: World, order: Order) -> Answer:
    record = _account(world, order)
    delete(world, record)
    return {"text": f"The account {record.name} was deleted; what it wrote stays"}


def _erase(world: World, order: Order) -> Answer:
    """Begin to erase an account with everything of it, or what guests under a nick left."""
    nick = str(order.get("nick", ""))
    if nick:
        if not is_nick(nick):
            raise OrderError(f"{nick} is no nick")
        erasing.begin(world, f"{erasing.NICK}{nick}", (nick,))
        return {"who": f"{erasing.NICK}{nick}"}
    return {"who": erasing.begin_account(world, _account(world, order)).who}


def _erase_report(world: World, order: Order) -> Answer:
    """What was removed; ``""`` while it goes on."""
    erasure = world.erasures.get(str(order.get("who", "")))
    if erasure is None:
        raise OrderError("Nobody of that name is being erased")
    return {"text": erasure.report}


def _end_sessions(world: World, record: AccountRecord, reason: str) -> None:
    """End every connection of an account, and its presence without one."""
    for user in present_as(world, record.id):
        take_away(world, user, reason)
    for session in sessions_of(world, record.id):
        world.end_session(session, reason)


def _audit(world: World, order: Order) -> Answer:
    """A page of the audit log, from the newest back; `before` is where the last one ended."""
    channel_id = 0
    room = str(order.get("room", ""))
    if room:
        channel = world.channels.get(fold(channel_name(room)))
        if channel is None:
            raise OrderError(f"There is no room {room}")
        channel_id = channel.record.id
    before = order.get("before")
    deeds = world.store.moderation.deeds(
        before if isinstance(before, int) and 0 < before < LAST else LAST,
        DEEDS_PER_ANSWER,
        channel_id,
    )
    rows = [
        [utc_text(deed.wall_ms), deed.actor, deed.action, deed.target, deed.text] for deed in deeds
    ]
    more = len(deeds) == DEEDS_PER_ANSWER
    return {"deeds": rows, "before": deeds[-1].number if deeds else 0, "more": more}


def _sanction(kind: str, action: str) -> Callable[[World, Order], Answer]:
    """How an order about one kind of sanction is carried out."""

    def put(world: World, order: Order) -> Answer:
        duration = str(order.get("for", ""))
        duration_ms = read_duration_ms(duration) if duration else 0
        name, reason = str(order.get("name", "")), str(order.get("reason", ""))
        return {"text": add(world, kind, BY_ORDER, name, duration_ms, reason).text}

    def take_off(world: World, order: Order) -> Answer:
        return {"text": drop(world, kind, str(order.get("name", ""))).text}

    def show(world: World, order: Order) -> Answer:
        after = order.get("after")
        start = after if isinstance(after, int) and after >= 0 else 0
        end = start + SANCTIONS_PER_ANSWER
        page = [text for _, text in list(entries(world, kind))[start:end]]
        return {"entries": page, "after": end, "more": len(page) == SANCTIONS_PER_ANSWER}

    return {"add": put, "del": take_off, "list": show}[action]


def _lock(world: World, order: Order) -> Answer:
    return {"text": lock(world, str(order.get("reason", "")))}


def _unlock(world: World, _order: Order) -> Answer:
    return {"text": unlock(world)}


_SANCTIONS: Final = {
    f"{kind} {action}": _sanction(kind, action)
    for kind in (BAN, MUTE, FILTER)
    for action in ("add", "del", "list")
}

_QUESTIONS: Final = (
    *("account list", "audit", "erase report"),
    *(name for name in _SANCTIONS if name.endswith("list")),
)
"""Orders that change nothing."""

_ACTIONS: Final[dict[str, Callable[[World, Order], Answer]]] = {
    "account add": _add,
    "account list": _list,
    "account passwd": _passwd,
    "account suspend": _suspend,
    "account resume": _resume,
    "account delete": _delete,
    "audit": _audit,
    "erase": _erase,
    "erase report": _erase_report,
    "lockdown on": _lock,
    "lockdown off": _unlock,
    **_SANCTIONS,
}
