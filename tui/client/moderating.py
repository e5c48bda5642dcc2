"""Intents that keep order in a room: roles, bans, invitations, modes.

Each raises `IntentRefused`, and then has done nothing. Who may do what is for the server to say.
"""

from typing import Final

from common.capabilities import ROOMS
from common.casemap import fold
from tui.client import room_settings, serving, talking
from tui.client.asking import room_name
from tui.client.cleaning import cleaned
from tui.client.core import Core
from tui.client.intents import IntentRefused, require_nick
from tui.client.session import Request
from tui.client.state import Buffer
from tui.client.updates import InvitationMade

ROLES: Final = {"operator": "o", "moderator": "h", "voice": "v"}
"""The roles that people give one another here."""

MASK_MARKS: Final = frozenset("!@*?~$:")
"""What is in a mask and in no nick."""


def kick(core: Core, key: str, nick: str, reason: str) -> None:
    """Remove someone from a room."""
    room = talking.find_room(core, key)
    require_nick(nick)
    draft = f"/kick {nick} {reason}".strip()
    words = filter(None, [cleaned(reason)])
    request = Request("KICK", fold(nick), key, draft, room=key)
    core.ask(request, "KICK", room.name, nick, *words)


def ban(core: Core, key: str, who: str, reason: str, duration: str) -> None:
    """Keep someone out of a room; a nick that is there is removed too.

    Our own server knows whether they have an account, which is banned then, and when to end it.
    """
    room = talking.find_room(core, key)
    draft = f"/ban {who} {duration}".rstrip()
    if core.has(ROOMS):
        core.ask(Request("BAN", key, key, draft), "BAN", room.name, who, *filter(None, [duration]))
    elif duration:
        raise IntentRefused("Bans do not end by themselves on this server: /ban without a time.")
    else:
        mask = _mask(room, who)
        core.ask(Request("MODE", key, key, draft), "MODE", room.name, "+b", mask)
    if fold(who) in room.members:
        kick(core, key, who, reason)


def unban(core: Core, key: str, who: str) -> None:
    """Let someone in again: a mask as it stands, a nick by the bans that are about it."""
    room = talking.find_room(core, key)
    if core.has(ROOMS):
        core.ask(Request("UNBAN", key, key, f"/unban {who}"), "UNBAN", room.name, who)
    elif MASK_MARKS.isdisjoint(who):
        core.ask(Request("UNBAN", key, key, f"/unban {who}", about=who), "MODE", room.name, "b")
    else:
        core.ask(Request("MODE", key, key, f"/unban {who}"), "MODE", room.name, "-b", who)


def list_bans(core: Core, key: str) -> None:
    """Ask who is banned; the answer is shown in the room."""
    room = talking.find_room(core, key)
    core.session.bans_arriving.pop(key, None)
    core.ask(Request("BANS", key, key, "/bans"), "MODE", room.name, "b")


def mute(core: Core, key: str, nick: str, mutes: bool) -> None:
    """Keep someone from speaking in a room, or let them speak again."""
    room = talking.find_room(core, key)
    require_nick(nick)
    if not room_settings.knows_mutes(core.state.isupport):
        raise IntentRefused("This server cannot mute people; /mode +m lets only some speak.")
    person = core.state.people.get(fold(nick))
    account = person.account if person is not None and core.has(ROOMS) else ""
    held = room_settings.mutes_of(room, nick, account)
    if not mutes and not held:
        raise IntentRefused(f"No mute here is about {nick}; /bans shows all there are.")
    masks = room_settings.mute_masks(room, nick, account)[:1] if mutes else held
    for mask in masks:
        draft = f"/{'silence' if mutes else 'unsilence'} {nick}"
        core.ask(Request("MODE", key, key, draft), "MODE", room.name, "+b" if mutes else "-b", mask)


def kill(core: Core, nick: str, reason: str) -> None:
    """End someone's connection to the server, as an operator of it."""
    talking.require_online(core)
    require_nick(nick)
    request = Request("KILL", fold(nick), core.state.current)
    core.ask(request, "KILL", nick, cleaned(reason) or "No reason was given")


def invite(core: Core, key: str, nick: str, typed: str) -> None:
    """Invite someone into the room `typed`, or into the one of the buffer `key`."""
    talking.require_online(core)
    require_nick(nick)
    name = room_name(core, typed) if typed else talking.find_room(core, key).name
    draft = f"/invite {nick} {typed}".strip()
    request = Request("INVITE", fold(nick), key, draft, room=fold(name))
    core.ask(request, "INVITE", nick, name)


def make_invitation(core: Core, key: str, *words: str) -> None:
    """Make what lets friends in: by a word, so often and for so long, where a server has them.

    Elsewhere the name of the room has to do.
    """
    room = talking.find_room(core, key)
    if core.has(ROOMS):
        draft = " ".join(["/invitation", *words])
        serving.order_for_room(core, key, draft, "INVITATION", *words)
    elif words:
        raise IntentRefused("This server makes no such words; /invitation alone shows the link.")
    else:
        core.changes.add(InvitationMade(room.name, "", ""))


def set_role(core: Core, key: str, nick: str, role: str, gives: bool) -> None:
    """Give someone a role of `ROLES`, or take it from them."""
    room = talking.find_room(core, key)
    require_nick(nick)
    sign = "+" if gives else "-"
    request = Request("MODE", key, key)
    core.ask(request, "MODE", room.name, f"{sign}{ROLES[role]}", nick)


def set_modes(core: Core, key: str, changes: str) -> None:
    """Change the modes of a room, as the protocol writes it; without changes show them."""
    room = talking.find_room(core, key)
    words = cleaned(changes).split()
    request = Request("MODE", key, key, f"/mode {changes}".strip())
    core.ask(request, "MODE", room.name, *words)


def _mask(room: Buffer, who: str) -> str:
    """What to ban: a mask as written; a nick by its host, unless others here share it."""
    if not MASK_MARKS.isdisjoint(who):
        return who
    member = room.members.get(fold(who))
    host = member.host.partition("@")[2] if member is not None else ""
    sharing = [each for each in room.members.values() if each.host.partition("@")[2] == host]
    return f"*!*@{host}" if host and len(sharing) == 1 else f"{who}!*@*"
