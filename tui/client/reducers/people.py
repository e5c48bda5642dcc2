"""People: away and back, accounts, WHO.

Specification: modern IRC "WHO message", "AWAY message"; IRCv3 away-notify, account-notify, chghost.
"""

from typing import Final

from common.casemap import fold
from common.text import plain
from tui.client import buffers, cards
from tui.client.core import Core
from tui.client.items import Arrival
from tui.client.reducers.table import on
from tui.client.state import Member
from tui.client.updates import ConnectionChanged, MembersChanged

REPEATS_SEARCHED_MAX: Final = 20
"""Someone away is told of once, not after every message to them."""


@on("AWAY")
def away(core: Core, arrival: Arrival) -> None:
    """Someone is away, or back: no text."""
    _note_away(core, arrival.nick, arrival.word(0))


def _note_away(core: Core, nick: str, reason: str) -> None:
    is_away = bool(reason)
    cards.note_away(core, nick, reason)
    for buffer in core.state.buffers.values():
        member = buffer.members.get(fold(nick))
        if member is not None and member.away != is_away:
            member.away = is_away
            core.changes.add(MembersChanged(buffer.key))


@on("301", params_min=3)
def is_away(core: Core, arrival: Arrival) -> None:
    """RPL_AWAY: someone we write to, or ask about, is away."""
    nick = arrival.word(1)
    _note_away(core, nick, arrival.last or "away")
    asked = arrival.request or core.session.find(fold(nick), "WHOIS")
    if asked is not None and asked.quiet:
        return
    text = f"{nick} is away: {arrival.last}"
    asked_in = arrival.request.buffer if arrival.request is not None else fold(nick)
    buffer = core.state.buffers.get(asked_in) or buffers.news_buffer(core, core.state.current)
    if all(item.text != text for item in buffer.items[-REPEATS_SEARCHED_MAX:]):
        buffers.say_news(core, buffer, text)


@on("305", "306", params_min=1)
def own_away(core: Core, arrival: Arrival) -> None:
    """RPL_UNAWAY and RPL_NOWAWAY."""
    request = arrival.request or core.session.take("", ("AWAY",))
    is_away = arrival.message.command == "306"
    core.state.away = (core.state.away or arrival.last) if is_away else ""
    _note_away(core, core.state.nick, core.state.away)
    core.changes.add(ConnectionChanged())
    if request is None or not request.quiet:
        text = "You are shown as away until you type /back." if is_away else "Welcome back."
        buffers.say_answer(core, request, text)


@on("ACCOUNT", params_min=1)
def account(core: Core, arrival: Arrival) -> None:
    """Someone logged in or out; of ourselves we know it by 900 and 901."""
    cards.note_account(core, arrival.nick, arrival.word(0).removeprefix("*"))


@on("CHGHOST", params_min=2)
def host_changed(core: Core, arrival: Arrival) -> None:
    """Someone has another user@host; ours is part of every line that has to fit."""
    nick, host = arrival.nick, plain(f"{arrival.word(0)}@{arrival.word(1)}")
    if core.is_self(nick):
        core.source = f"{core.state.nick}!{host}"
    cards.note_host(core, nick, host)
    for buffer in core.state.buffers.values():
        member = buffer.members.get(fold(nick))
        if member is not None:
            _update(core, buffer.key, member, host, member.away)


@on("352", params_min=7)
def who_line(core: Core, arrival: Arrival) -> None:
    """RPL_WHOREPLY: channel user host server nick flags :hops realname."""
    request = arrival.request or core.session.oldest("WHO")
    room, user, host, nick, flags = (arrival.word(at) for at in (1, 2, 3, 5, 6))
    buffer = core.room(room)
    member = buffer.members.get(fold(nick)) if buffer is not None else None
    if buffer is not None and member is not None:
        _update(core, buffer.key, member, f"{user}@{host}", flags.startswith("G"))
    if request is None or not request.quiet:
        realname = arrival.last.partition(" ")[2]
        named = f", {realname}" if realname and realname != nick else ""
        state = " (away)" if flags.startswith("G") else ""
        buffers.say_answer(core, request, f"{nick}{state}: {user}@{host}{named}")


def _update(core: Core, key: str, member: Member, host: str, is_away: bool) -> None:
    if (member.host, member.away) != (host, is_away):
        member.host, member.away = host, is_away
        core.changes.add(MembersChanged(key))


@on("315", params_min=2)
def who_end(core: Core, arrival: Arrival) -> None:
    """RPL_ENDOFWHO."""
    request = arrival.request or core.session.take_oldest("WHO")
    if request is None or not request.quiet:
        buffers.say_answer(core, request, f"That is everyone for {arrival.word(1)}.")
