"""What happens to accounts: made, logged in to, changed, deleted. Every face uses these functions.

The faces are AUTHENTICATE and REGISTER, NickServ, and the command line; none of them checks or
changes anything by itself. A refusal is a `Failed`, at once or after a job.
"""

import hmac
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from math import ceil
from typing import Final

from common.casemap import fold
from common.numerics import RPL_LOGGEDIN, RPL_LOGGEDOUT
from common.sasl import SaslError, ScramKeys, prepare
from server.core import attempts, persistence
from server.core.apply import depart, set_account
from server.core.attendance import rejoin
from server.core.channel import Channel
from server.core.delivery import numeric
from server.core.dispatch import Failed, Request
from server.core.holders import drop_from, guest_holder
from server.core.limits import block_of
from server.core.look_alikes import VERSION as SKELETONS_VERSION
from server.core.look_alikes import skeleton
from server.core.names import account_name_refusal
from server.core.passwords import (
    HASH_BYTES,
    PASSWORD_BYTES_MAX,
    SALT_BYTES,
    Cost,
    Secrets,
    hash_of_nobody,
    is_password,
    keep,
)
from server.core.sanctions import ban_text
from server.core.session import Session
from server.core.user import User
from server.core.world import World
from server.core.writers import forget
from server.storage.ports import AccountRecord

ACCOUNT_IDS: Final = 1 << 40
"""Ids are random below this, so that they tell nothing and none is ever given twice."""

MADE_UP_KEYS_FACT: Final = "made-up-keys"
"""Under which name the store keeps what makes up the SCRAM keys of accounts that do not exist."""

SKELETONS_FACT: Final = "skeletons"
SKELETONS_PAGE: Final = 500

CERTIFICATES_MAX: Final = 10
EMAIL_BYTES_MAX: Final = 200

SUSPENDED: Final = "This account is suspended; ask the people who run this server"


# Logging in


def check_password(
    request: Request, name: str, password: str, then: Callable[[AccountRecord], None]
) -> None:
    """Go on with the account, once the password has proved right.

    Raises `Failed` INVALID_CREDENTIALS where it is wrong and where there is no such account: the
    two take the same time and read the same.
    """
    world = request.world
    check_throttle(world, request.session, name)
    record = world.store.accounts.named(name)
    known = record.password_hash if record else hash_of_nobody(cost_of(world))
    given = password if len(password.encode()) <= PASSWORD_BYTES_MAX else ""

    def judge(right: bool) -> None:
        if not right or record is None:
            raise failed_login(world, request.session, name)
        then(admitted(world, request.session, record.id))

    request.later(partial(is_password, known, given), judge)


def check_throttle(world: World, session: Session, name: str) -> None:
    """Raise `Failed` where there were too many failed logins of late."""
    wait_s = attempts.wait_s(world, *_throttled(session, name))
    if wait_s:
        text = f"Too many failed logins: try again in {ceil(wait_s)} seconds"
        raise Failed("TOO_MANY_ATTEMPTS", text)


def failed_login(world: World, session: Session, name: str) -> Failed:
    """Count a failed login; the refusal that answers it."""
    attempts.note_failure(world, *_throttled(session, name))
    return Failed("INVALID_CREDENTIALS", "There is no such account, or the password is wrong")


def admitted(world: World, session: Session, account_id: int) -> AccountRecord:
    """The account of someone who has proved to be its owner; raises `Failed` if it is suspended."""
    record = world.store.accounts.get(account_id)  # anew: it may be gone since
    if record is None:
        raise Failed("INVALID_CREDENTIALS", "This account was deleted")
    if record.suspended:
        raise Failed("ACCOUNT_SUSPENDED", SUSPENDED)
    if banned := ban_text(world, session, account=record.name):
        raise Failed("ACCOUNT_SUSPENDED", banned)
    attempts.forgive(world, _throttled(session, record.name)[0])  # not what the address did
    return record


def scram_keys(world: World, name: str) -> ScramKeys:
    """The SCRAM keys of an account; made up, and always the same, where there is none."""
    record = world.store.accounts.named(name)
    if record is not None:
        return record.scram
    secret = world.store.facts.fact(MADE_UP_KEYS_FACT).encode()
    salt, stored_key, server_key = (
        hmac.digest(secret, f"{purpose} {fold(name)}".encode(), "sha256")
        for purpose in ("salt", "stored", "server")
    )
    iterations = world.settings.accounts__scram_iterations
    return ScramKeys(salt[:SALT_BYTES], iterations, stored_key, server_key)


def prepare_secret(world: World) -> None:
    """At the start: make the secret behind made-up keys, if this store has none."""
    if not world.store.facts.fact(MADE_UP_KEYS_FACT):
        secret = "".join(world.new_token() for _ in range(4))
        world.store.facts.remember(MADE_UP_KEYS_FACT, secret)


def renew_skeletons(world: World) -> None:
    """At the start: bring up to date what names look like by the table of an earlier version."""
    if world.store.facts.fact(SKELETONS_FACT) == SKELETONS_VERSION:
        return
    after = ""
    while page := world.store.accounts.page(after, SKELETONS_PAGE):
        for record in page:
            if record.skeleton != skeleton(record.name):
                world.store.accounts.save(replace(record, skeleton=skeleton(record.name)))
        after = page[-1].name
    world.store.facts.remember(SKELETONS_FACT, SKELETONS_VERSION)


def log_in(world: World, session: Session, record: AccountRecord) -> None:
    """Make the session that of an account, and tell everyone whom it concerns."""
    world.account_names[record.holder] = record.name
    session.account, session.account_id = record.name, record.id
    user = session.user
    if user is not None and user.account_id != record.id:
        _change_identity(world, user, record)
    numeric(world, session, RPL_LOGGEDIN, session.source, record.name, account=record.name)


def return_to_rooms(world: World, session: Session) -> None:
    """Put someone who logged in after coming in back into their rooms; the last to be told."""
    if session.user is not None and session.user.account_id:
        rejoin(world, session.user)


def log_out(world: World, session: Session) -> None:
    """Take the account off a session and, where it has one, off its user."""
    session.account, session.account_id = "", 0
    user = session.user
    if user is not None and user.account_id:
        set_account(world, user, None, guest_holder(world, session))
        for each in user.sessions:
            numeric(world, each, RPL_LOGGEDOUT, user.source)
    elif user is None:
        numeric(world, session, RPL_LOGGEDOUT, session.source)


def _change_identity(world: World, user: User, record: AccountRecord) -> None:
    """A user becomes that of an account; what a guest held in rooms goes along."""
    guest = user.holder if not user.account_id else ""
    set_account(world, user, record)
    channels = world.store.channels
    for channel, membership in user.channels.items():
        world.store.memberships.join(record.holder, channel.record.id)
        channels.admit(channel.record.id, record.holder, membership.joined_position)
    if guest:
        for channel in {**user.channels, **user.holds}:
            _hand_over(world, channel, guest, record.holder)
        user.holds.clear()


def _hand_over(world: World, channel: Channel, guest: str, holder: str) -> None:
    """What a guest held in a room becomes the account's they logged in to."""
    row, channels = channel.record, world.store.channels
    if row.owner == guest:
        row.owner = holder
        channels.save(row)
    roles = row.roles.pop(guest, "")
    if roles:
        row.roles[holder] = roles
        channels.set_role(row.id, guest, "")
        channels.set_role(row.id, holder, roles)


def _throttled(session: Session, name: str) -> tuple[str, str]:
    return f"account {fold(name)[:64]}", f"address {block_of(session.peer.host)}"


# Making and changing


def cost_of(world: World) -> Cost:
    """What checking a password takes here."""
    settings = world.settings
    return Cost(
        settings.accounts__hash_kib,
        settings.accounts__hash_rounds,
        settings.accounts__scram_iterations,
    )


def prepare_password(world: World, password: str, context: str) -> str:
    """A new password as it is hashed. Raises `Failed` with the codes of account-registration."""
    at_least = world.settings.accounts__password_min
    if len(password) < at_least:
        text = f"The password is too short: {at_least} characters at least"
        raise Failed("WEAK_PASSWORD", text, context)
    try:
        prepared = prepare(password)
    except SaslError as error:
        text = f"The password holds {error}; choose another"
        raise Failed("UNACCEPTABLE_PASSWORD", text, context) from None
    if not prepared or len(password.encode()) > PASSWORD_BYTES_MAX:
        text = f"The password is too long: {PASSWORD_BYTES_MAX} bytes at most"
        raise Failed("UNACCEPTABLE_PASSWORD", text, context)
    return prepared


def register(
    request: Request, name: str, email: str, password: str, then: Callable[[AccountRecord], None]
) -> None:
    """Make an account for who asks, and go on with it. Raises `Failed`."""
    world, session = request.world, request.session
    made_by = f"accounts made from {block_of(session.peer.host)}"
    if attempts.wait_s(world, made_by):
        text = "Many accounts were made from where you are; try again in some minutes"
        raise Failed("TEMPORARILY_UNAVAILABLE", text, name)
    if world.lockdown:
        text = f"This server is locked down ({world.lockdown}): no accounts are made now"
        raise Failed("TEMPORARILY_UNAVAILABLE", text, name)
    _check_name(world, session, name)
    address = _checked_email(world, email, name)
    world.check_space()
    prepared = prepare_password(world, password, name)

    def make(secrets: Secrets) -> None:
        _check_name(world, session, name)  # it may have been taken meanwhile
        attempts.note_failure(world, made_by)
        then(create(world, name, secrets, address))

    request.later(partial(keep, prepared, new_salt(world), cost_of(world)), make)


def create(world: World, name: str, secrets: Secrets, email: str = "") -> AccountRecord:
    """Store a new account, whose name was checked."""
    accounts = world.store.accounts
    account_id = 1 + world.random_int(ACCOUNT_IDS)
    while accounts.get(account_id) is not None:
        account_id = 1 + world.random_int(ACCOUNT_IDS)
    record = AccountRecord(
        id=account_id,
        name=name,
        skeleton=skeleton(name),
        created_ms=world.wall_ms,
        password_hash=secrets.password_hash,
        scram=secrets.scram,
        email=email,
        always_on=world.settings.accounts__always_on,
    )
    accounts.save(record)
    return record


def change_password(
    request: Request, record: AccountRecord, password: str, then: Callable[[], None]
) -> None:
    """Give an account, whose owner asks, another password. Raises `Failed`."""
    world = request.world
    prepared = prepare_password(world, password, record.name)

    def store(secrets: Secrets) -> None:
        current = admitted(world, request.session, record.id)
        set_secrets(world, current, secrets)
        then()

    request.later(partial(keep, prepared, new_salt(world), cost_of(world)), store)


def set_secrets(world: World, record: AccountRecord, secrets: Secrets) -> None:
    """Store another password."""
    changed = replace(record, password_hash=secrets.password_hash, scram=secrets.scram)
    world.store.accounts.save(changed)


def own_account(request: Request) -> AccountRecord:
    """The account of who asks; raises `Failed` for guests."""
    record = None
    if request.session.account_id:
        record = request.world.store.accounts.get(request.session.account_id)
    if record is None:
        raise Failed("ACCOUNT_REQUIRED", "You are not logged in to an account")
    return record


def sessions_of(world: World, account_id: int) -> list[Session]:
    """Every session logged in to an account, the oldest first."""
    return [each for each in world.sessions.values() if each.account_id == account_id]


def present_as(world: World, account_id: int) -> list[User]:
    """The users that an account is present as: one for each of its nicks."""
    return list(world.present.get(account_id, ()))


def note_presence(world: World, user: User) -> None:
    """Keep how an always-on account looks, to show it after a restart."""
    record = world.store.accounts.get(user.account_id) if user.account_id else None
    if record is not None and record.always_on:
        world.store.accounts.save(replace(record, source=user.source, realname=user.realname))


def set_always_on(world: World, record: AccountRecord, *, on: bool | None) -> None:
    """Have an account stay present without a connection, or not; None is what is usual here."""
    always_on = world.settings.accounts__always_on if on is None else on
    record = replace(record, always_on=always_on)
    world.store.accounts.save(record)
    persistence.note_choice(world, record.holder, chosen=on is not None)
    persistence.tell_status(world, record)
    for user in present_as(world, record.id):
        user.always_on = always_on
        note_presence(world, user)


def delete(world: World, record: AccountRecord) -> None:
    """Delete an account: its sessions become guests, its roles end, what it wrote stays."""
    for user in present_as(world, record.id):
        user.always_on = False
        if not user.sessions:
            depart(world, user, "Account deleted")
    for session in sessions_of(world, record.id):
        log_out(world, session)
    for channel in world.channels.values():
        drop_from(world, channel.record, [record.holder])
    world.store.accounts.delete(record.id)
    forget(world, record.holder)
    persistence.note_choice(world, record.holder, chosen=False)
    world.metadata.pop(record.holder, None)
    world.account_names.pop(record.holder, None)


def new_salt(world: World) -> bytes:
    """A random salt."""
    return world.random_int(1 << (8 * SALT_BYTES)).to_bytes(SALT_BYTES, "big")


def _check_name(world: World, session: Session, name: str) -> None:
    refusal = account_name_refusal(world, session, name)
    if refusal is not None:
        raise Failed(refusal[0], refusal[1], name)


def _checked_email(world: World, email: str, context: str) -> str:
    address = "" if email == "*" else email
    local, at, domain = address.rpartition("@")
    valid = bool(at and local and "." in domain) and len(address.encode()) <= EMAIL_BYTES_MAX
    if (address or world.settings.accounts__register_requires_email) and not valid:
        raise Failed("INVALID_EMAIL", "This is not an e-mail address", context)
    return address


assert HASH_BYTES == 32  # the keys that `scram_keys` makes up have the length of true ones
