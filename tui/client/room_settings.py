"""How rooms are set: modes, bans, how long they keep what is said; asking for it and changing it.

The one owner of `Buffer.modes`, `Buffer.bans` and `Buffer.keeping`, which are known of a room once
someone has looked. Every change is a request of its own, so that a refusal is about one setting.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from common.capabilities import CHANNEL_RENAME, ROOMS, names_of
from common.casemap import fold
from common.modes import Change, Takes
from tui.client import talking
from tui.client.asking import room_name
from tui.client.cleaning import cleaned
from tui.client.core import Core
from tui.client.intents import IntentRefused
from tui.client.items import takes
from tui.client.session import Request
from tui.client.state import Ban, Buffer
from tui.client.updates import BufferChanged

TOPIC: Final = "topic"
NAME: Final = "name"
KEEPING: Final = "keeping"
"""The settings that are no mode; any other has the name of its letter."""

BAN: Final = "ban "
"""Before a mask: the setting that this ban stands, which can be taken off."""


def look(core: Core, key: str) -> None:
    """Ask how a room is set and who is banned: news of it come by themselves from then on."""
    room = talking.find_room(core, key)
    core.ask(Request("MODE", key, key, quiet=True), "MODE", room.name)
    if core.has(ROOMS):
        core.ask(Request("RETENTION", key, key, quiet=True), "RETENTION", room.name)
    look_for_bans(core, key)


def look_for_bans(core: Core, key: str) -> None:
    """Ask who is banned, or muted."""
    room = talking.find_room(core, key)
    core.session.bans_arriving.pop(key, None)
    core.ask(Request("BANS", key, key, quiet=True), "MODE", room.name, "b")


def change(core: Core, key: str, setting: str, value: str) -> None:
    """Give a setting another value, ``""`` for none; of a mode without parameter any will do.

    Raises `IntentRefused` where it cannot even be asked for.
    """
    room = talking.find_room(core, key)
    words = cleaned(value).strip()
    if setting == TOPIC:
        command, params = "TOPIC", [cleaned(value)]
    elif setting == NAME:
        command, params = "RENAME", [room_name(core, words)]
    elif setting == KEEPING:
        command, params = "RETENTION", [_one_word(words)]
    elif setting.startswith(BAN):
        command, params = "MODE", ["-b", setting.removeprefix(BAN)]
    else:
        command, params = "MODE", _mode_words(core, room, setting, words)
    request = Request(command, key, key, setting=setting)
    core.ask(request, command, room.name, *params)


def _mode_words(core: Core, room: Buffer, letter: str, value: str) -> list[str]:
    rule = takes(core).get(letter, Takes.NEVER)
    if rule is Takes.NEVER:
        return [f"{'+' if value else '-'}{letter}"]
    if value:
        return [f"+{letter}", _one_word(value)]
    held = (room.modes or {}).get(letter, "")
    return [f"-{letter}", held or "*"] if rule is Takes.ALWAYS else [f"-{letter}"]


def _one_word(value: str) -> str:
    if not value or " " in value or value.startswith(":"):
        raise IntentRefused("Write one word, without spaces.")
    return value


def can_rename(offered: Mapping[str, str]) -> bool:
    """Whether a server gives rooms other names."""
    return all(name in offered for name in names_of(CHANNEL_RENAME))


def told(core: Core, buffer: Buffer, changes: Iterable[Change]) -> None:
    """The server says how a room is set."""
    buffer.modes = {change.letter: change.parameter for change in changes if change.adds}
    core.changes.add(BufferChanged(buffer.key))


def changed(core: Core, buffer: Buffer, changes: Iterable[Change], setter: str) -> None:
    """Someone has set a room otherwise; roles are no setting."""
    rules, roles = takes(core), core.prefixes().values()
    for change in changes:
        if change.letter in roles:
            continue
        if change.letter == "b":
            _change_bans(core, buffer, change, setter)
        elif rules.get(change.letter, Takes.NEVER) is not Takes.LIST and buffer.modes is not None:
            buffer.modes.pop(change.letter, None)
            if change.adds:
                buffer.modes[change.letter] = change.parameter
    core.changes.add(BufferChanged(buffer.key))


def _change_bans(core: Core, buffer: Buffer, change: Change, setter: str) -> None:
    if buffer.bans is None or not change.parameter:
        return
    rest = [ban for ban in buffer.bans if fold(ban.mask) != fold(change.parameter)]
    added = [Ban(change.parameter, setter, core.wall_ms)] if change.adds else []
    buffer.bans = rest + added


def bans_told(core: Core, buffer: Buffer, bans: list[Ban]) -> None:
    """The server has listed who is banned."""
    buffer.bans = bans
    core.changes.add(BufferChanged(buffer.key))


def keeping_told(core: Core, buffer: Buffer, choice: str) -> None:
    """The server says how long a room keeps what is said."""
    buffer.keeping = choice
    core.changes.add(BufferChanged(buffer.key))


def mute_masks(buffer: Buffer, nick: str, account: str) -> list[str]:
    """The masks by which this client mutes someone, the best one first."""
    member = buffer.members.get(fold(nick))
    host = member.host.partition("@")[2] if member is not None else ""
    alike = [each for each in buffer.members.values() if each.host.partition("@")[2] == host]
    masks = [f"a:{account}"] if account else []
    if host and len(alike) == 1:
        masks.append(f"*!*@{host}")
    return [f"m:{mask}" for mask in [*masks, f"{nick}!*@*"]]


def mutes_of(buffer: Buffer, nick: str, account: str) -> list[str]:
    """The mutes that stand and are about someone, as they stand."""
    masks = {fold(mask) for mask in mute_masks(buffer, nick, account)}
    return [ban.mask for ban in buffer.bans or () if fold(ban.mask) in masks]


def knows_mutes(isupport: Mapping[str, str]) -> bool:
    """Whether a ban ``m:MASK`` keeps people from speaking only (ISUPPORT EXTBAN)."""
    prefix, _, letters = isupport.get("EXTBAN", "").partition(",")
    return not prefix and "m" in letters
