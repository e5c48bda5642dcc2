"""What operators decided about people and texts: who may not come in, who may not speak, what may
not be said; and the lock-down. All of it is stored, may end by itself, and is looked up here.

A mask is an address or a network, ``a:ACCOUNT`` or nick!user@host; of a filter, a text with ``*``
and ``?``. Matching takes time proportional to the lengths, never more: see `masks.matches`.
"""

import functools
import ipaddress
from typing import Final

from common.casemap import fold
from common.text import plain
from server.core.dispatch import Failed, Request
from server.core.masks import keeps_out, matches
from server.core.session import Session
from server.core.world import World, utc_text
from server.storage.ports import Sanction

BAN: Final = "ban"
MUTE: Final = "mute"
FILTER: Final = "filter"

SANCTIONS_MAX: Final = 1_000
"""Of each kind: every one is looked at when someone comes in or speaks."""

LOCKDOWN_FACT: Final = "lock-down"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def load(world: World) -> None:
    """At the start: take in what is stored."""
    for sanction in world.store.moderation.load_sanctions():
        world.sanctions[sanction.kind][fold(sanction.mask)] = sanction
    world.lockdown = world.store.facts.fact(LOCKDOWN_FACT)
    watch_speech(world)


def impose(world: World, sanction: Sanction) -> None:
    """Put a sanction in force, in the place of one that was there."""
    world.sanctions[sanction.kind][fold(sanction.mask)] = sanction
    world.store.moderation.save_sanction(sanction)
    watch_speech(world)


def lift(world: World, kind: str, mask: str) -> bool:
    """Take a sanction off; whether there was one."""
    if world.sanctions[kind].pop(fold(mask), None) is None:
        return False
    world.store.moderation.drop_sanction(kind, mask)
    watch_speech(world)
    return True


def lift_ended(world: World) -> None:
    """Forget those whose time is over."""
    for kind, sanctions in world.sanctions.items():
        for sanction in list(sanctions.values()):
            if not _is_in_force(world, sanction):
                lift(world, kind, sanction.mask)


def set_lockdown(world: World, reason: str) -> None:
    """Lock the server down, or with ``""`` open it again."""
    world.lockdown = reason
    world.store.facts.remember(LOCKDOWN_FACT, reason)
    watch_speech(world)


def watch_speech(world: World) -> None:
    """Note whether there is anything to check when someone speaks; usually there is not."""
    settings = world.settings
    world.speech_watched = bool(
        world.sanctions[MUTE]
        or world.sanctions[FILTER]
        or world.lockdown
        or settings.spam__guest_wait_s
        or settings.spam__account_wait_s
    )


def read_network(text: str) -> Network | None:
    """The addresses that a mask names, None for a mask of another kind."""
    try:
        return _network(text)
    except ValueError:
        return None


@functools.lru_cache(maxsize=4 * SANCTIONS_MAX)
def _network(text: str) -> Network:
    return ipaddress.ip_network(text, strict=False)


def concerns(sanction: Sanction, session: Session, source: str = "", account: str = "") -> bool:
    """Whether the mask of a sanction is about this session, or it with another name or account."""
    network = read_network(sanction.mask)
    if network is None:
        named = source or _source(session)
        return keeps_out(sanction.mask, named, account or session.account)
    try:
        return ipaddress.ip_address(session.peer.host) in network
    except ValueError:
        return False


def _source(session: Session) -> str:
    """Who a session is for a mask: with its address also before it has come in."""
    if session.user is not None:
        return session.user.source
    return f"{session.nick}!{session.user_name}@{session.peer.host}"


def standing(
    world: World, kind: str, session: Session, source: str = "", account: str = ""
) -> Sanction | None:
    """The sanction of this kind that is in force against a session; None for none."""
    for sanction in world.sanctions[kind].values():
        if _is_in_force(world, sanction) and concerns(sanction, session, source, account):
            return sanction
    return None


def why(sanction: Sanction) -> str:
    """The end and the reason of a sanction, behind a sentence."""
    until = f" until {utc_text(sanction.until_ms)[:16]}Z" if sanction.until_ms else ""
    return f"{until}: {sanction.reason}" if sanction.reason else until


def ban_text(world: World, session: Session, source: str = "", account: str = "") -> str:
    """What someone who is banned is told; ``""`` where they are not.

    Also of the name or account that they are about to take.
    """
    ban = standing(world, BAN, session, source, account) if world.sanctions[BAN] else None
    return f"You are banned from this server{why(ban)}" if ban else ""


def check_speech(request: Request, text: str) -> None:
    """Raise `Failed` where the server does not let this person say `text`; operators may."""
    world, user = request.world, request.user
    if not world.speech_watched or "o" in user.modes:
        return
    context = request.params[:1]
    if world.lockdown and not user.account:
        text = f"This server is locked down ({world.lockdown}): only people with an account speak"
        raise Failed("LOCKED_DOWN", text, *context)
    mute = standing(world, MUTE, request.session)
    if mute is not None:
        raise Failed("MUTED", f"You are muted on this server{why(mute)}", *context)
    wait_s = _wait_s(request)
    if wait_s > 0:
        text = f"People who are new here have to wait: try again in {wait_s} seconds"
        raise Failed("TOO_NEW", text, *context, str(wait_s))
    found = _filter_of(world, text)
    if found is not None:
        text = f"This server does not take such messages{why(found)}"
        raise Failed("MESSAGE_REFUSED", text, *context)


def _filter_of(world: World, text: str) -> Sanction | None:
    folded = fold(plain(text.replace("\n", " ")))
    for name, sanction in world.sanctions[FILTER].items():
        if matches(f"*{name}*", folded) and _is_in_force(world, sanction):
            return sanction
    return None


def _wait_s(request: Request) -> int:
    """How long someone who is new has to wait before they may speak."""
    world, settings, user = request.world, request.world.settings, request.user
    if not user.account_id:
        since_ms, wait_s = user.signon_ms, settings.spam__guest_wait_s
    elif settings.spam__account_wait_s:
        account = world.store.accounts.get(user.account_id)
        since_ms, wait_s = account.created_ms if account else 0, settings.spam__account_wait_s
    else:
        return 0
    return wait_s - (world.wall_ms - since_ms) // 1000 if wait_s else 0


def _is_in_force(world: World, sanction: Sanction) -> bool:
    return not sanction.until_ms or sanction.until_ms > world.wall_ms
