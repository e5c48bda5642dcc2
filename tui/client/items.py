"""TABLE from a line said in a conversation to its item: live and history use the same rows.

Builds items and changes nothing. KICK and MODE items read as sentences, their sender included;
what the other kinds hold is in `state`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from sys import intern
from typing import Final

from common.capabilities import TAG_NUMBER, TAG_UNSTORED
from common.modes import Takes, read_changes
from common.text import CTCP, action, is_ctcp, plain
from common.wire import Message
from tui.client.cleaning import read_number, read_time
from tui.client.core import Core
from tui.client.mode_words import change_words, takes_of
from tui.client.naming import is_meant
from tui.client.session import Request
from tui.client.state import Delivery, Item, ItemKind

TAG_REPLY: Final = "+draft/reply"
"""The msgid of the message that this one answers (IRCv3 draft/reply)."""

CHANMODES_DEFAULT: Final = "beI,k,l,imnpst"
"""What a server has that does not say what it has (RFC 2811)."""


@dataclass(slots=True)
class Arrival:
    """A line that came in: its message, cleaned, and the request it answers, if any."""

    message: Message
    request: Request | None = None

    def text(self, at: int) -> str:
        """Parameter `at`, formatting codes included; ``""`` where there is none."""
        return self.message.params[at] if at < len(self.message.params) else ""

    def word(self, at: int) -> str:
        """Parameter `at` as a name or plain sentence, without formatting codes."""
        return plain(self.text(at))

    @property
    def last(self) -> str:
        """The last parameter, plain: what numerics and standard replies say in words."""
        return plain(self.message.params[-1]) if self.message.params else ""

    @property
    def nick(self) -> str:
        """Who sent it: a nick, or a server's name."""
        return plain(self.message.nick)


Words = tuple[ItemKind, str]


def _message(_: Core, arrival: Arrival) -> Words:
    text = arrival.text(1)
    acted = action(text)
    if acted is not None:
        return ItemKind.ACTION, acted.replace(CTCP, "")
    return ItemKind.MESSAGE, text.replace(CTCP, "")


def _kick(_: Core, arrival: Arrival) -> Words:
    reason = arrival.word(2)
    text = f"{arrival.nick} removed {arrival.word(1)}"
    return ItemKind.KICK, f"{text}: {reason}" if reason else text


def _mode(core: Core, arrival: Arrival) -> Words:
    words = [arrival.word(at) for at in range(1, len(arrival.message.params))]
    changes = read_changes(words[0], words[1:], takes(core)) if words else []
    return ItemKind.MODE, f"{arrival.nick} {change_words(changes)}"


def takes(core: Core) -> dict[str, Takes]:
    """When each mode of a room takes a parameter on this server."""
    chanmodes = core.state.isupport.get("CHANMODES") or CHANMODES_DEFAULT
    return takes_of(chanmodes, core.prefixes().values())


_WORDS: Final[dict[str, Callable[[Core, Arrival], Words]]] = {
    "PRIVMSG": _message,
    "NOTICE": lambda _, arrival: (ItemKind.NOTICE, arrival.text(1).replace(CTCP, "")),
    "JOIN": lambda _core, _arrival: (ItemKind.JOIN, ""),
    "PART": lambda _, arrival: (ItemKind.PART, arrival.word(1)),
    "QUIT": lambda _, arrival: (ItemKind.QUIT, arrival.word(0)),
    "NICK": lambda _, arrival: (ItemKind.NICK, arrival.word(0)),
    "TOPIC": lambda _, arrival: (ItemKind.TOPIC, arrival.text(1)),
    "KICK": _kick,
    "MODE": _mode,
}


def has_item(message: Message) -> bool:
    """Whether the line is one that people read in a conversation."""
    if message.command == "PRIVMSG" and len(message.params) > 1 and is_ctcp(message.params[1]):
        return action(message.params[1]) is not None
    return message.command in _WORDS


def build_item(core: Core, arrival: Arrival) -> Item:
    """The item for a line with a row in the table."""
    message = arrival.message
    kind, text = _WORDS[message.command](core, arrival)
    tags = message.tags
    time_ms = read_time(tags["time"]) if "time" in tags else None
    item = Item(
        id=core.new_item_id(),
        kind=kind,
        time_ms=core.wall_ms if time_ms is None else time_ms,
        sender=intern(arrival.nick),  # the same few people say everything
        text=text,
        msgid=plain(tags.get("msgid", "")),
        number=read_number(tags.get(TAG_NUMBER, "")),
        delivery=Delivery.UNSTORED if TAG_UNSTORED in tags else Delivery.CONFIRMED,
        own=core.is_self(message.nick),
        source=intern(plain(message.source)),
        reply_to=plain(tags.get(TAG_REPLY, "")),
    )
    item.mention = is_meant(core, item)
    return item
