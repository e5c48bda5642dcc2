"""A malicious server, and malicious people: nothing they say steers the terminal.

Every string that comes from outside is full of what could: escape sequences for colours, title,
clipboard and answers of the terminal, C1 controls, bells, backspaces, marks that turn text round.
All that is then drawn, copied or told is looked at, on every screen and in every size.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import pytest

from tests.screens.language import START_MS, Session, session
from tui.client.state import State
from tui.client.updates import Said
from tui.notices import INTERVAL_S, Notices
from tui.preferences import Preferences

EVIL: Final = (
    "\x1b[2J\x1b]0;title\x07\x1b]52;c;cHduZWQ=\x07\x1b[6n\x9b31m\x9d0;t\x9c\x07\x08\x7f\x85"
    "\u202e\u2066\u2028\u2029\x0e\x0f\x1bPq\x1b\\\x03"
)
"""No NUL, CR or LF: those end or spoil a line of IRC before it is read."""

UNSAFE: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
SEQUENCE: Final = re.compile(
    r"\x1b\[2[23];0t|\x1b\](?:0|9|777|99);([^\x00-\x1f\x7f-\x9f]*)\x1b\\|(\x07)"
)
"""What the client itself says to a terminal; in each of them a text, without its end."""

SIZES: Final = ((120, 40), (80, 24), (60, 20), (40, 15))
CAPABILITIES: Final = (
    "message-tags server-time batch echo-message labeled-response account-tag extended-join "
    "away-notify chghost setname draft/chathistory chat-server/sequence chat-server/rooms"
)


def of(word: str) -> str:
    """A word with all of that in it, without a space."""
    return f"{word[:1]}{EVIL}{word[1:]}"


def hostile_lines() -> list[str]:
    """Each string that a server may say anything in, said in the worst way."""
    evil, room, nick = of("words here"), of("#trail"), of("bob")
    source, tags = (
        f"{nick}!{of('user')}@{of('host')}",
        f"@time=2026-03-06T12:00:00.000Z;account={of('acc')}",
    )
    return [
        f":{of('server')} 001 me :{evil}",
        f":irc 005 me NETWORK={of('Net')} :{evil}",
        f":irc 375 me :{evil}",
        f":irc 372 me :{evil}",
        f":irc 376 me :{evil}",
        f":me!u@h JOIN {room} {of('acc')} :{evil}",
        f":irc 332 me {room} :{evil}",
        f":irc 333 me {room} {source} 1",
        f":irc 353 me = {room} :me @{nick} +{of('cat')}",
        f":irc 366 me {room} :{evil}",
        f":{source} JOIN {room} {of('acc')} :{evil}",
        f"{tags};msgid={of('m1')};+draft/reply={of('m0')} :{source} PRIVMSG {room} :{evil}",
        f"{tags};msgid={of('m2')} :{source} PRIVMSG {room} :\x01ACTION {evil}\x01",
        f"{tags};msgid={of('m3')} :{source} NOTICE {room} :**{evil}** `{evil}` [{evil}](https://a.b/{of('x')})",
        f"{tags};msgid={of('m4')} :{source} PRIVMSG me :{evil} me https://example.org/{of('path')}",
        f"{tags};+draft/react={of('x')};+draft/reply={of('m1')} :{source} TAGMSG {room}",
        f"@+typing=active :{source} TAGMSG {room}",
        f":{source} PRIVMSG me :\x01VERSION {evil}\x01",
        f":{source} PRIVMSG me :\x01{of('ODD')} {evil}\x01",
        f":{source} TOPIC {room} :{evil}",
        f":{source} MODE {room} +o{of('v')} {nick} {of('x')}",
        f":{source} AWAY :{evil}",
        f":{source} SETNAME :{evil}",
        f":{source} INVITE me {of('#other')}",
        f":{source} KICK {room} {of('cat')} :{evil}",
        f":{source} NICK {of('rob')}",
        f":{of('rob')}!u@h QUIT :{evil}",
        f":irc 404 me {room} :{evil}",
        f":irc 433 me {of('nick')} :{evil}",
        f":irc 322 me {of('#listed')} 5 :{evil}",
        f":irc 323 me :{evil}",
        f":irc 311 me {nick} {of('u')} {of('h')} * :{evil}",
        f":irc 301 me {nick} :{evil}",
        f":irc 671 me {nick} :{evil}",
        f":irc 999 me {of('odd')} :{evil}",
        f"FAIL {of('PRIVMSG')} {of('CODE')} {room} :{evil}",
        f"NOTE * {of('CODE')} :{evil}",
        f"WARN * {of('CODE')} :{evil}",
        f":irc {of('UNKNOWN')} {evil}",
        f":irc NOTICE me :{evil}",
        f":irc WALLOPS :{evil}",
    ]


@dataclass
class Terminal:
    """A terminal, with the focus or without, and what it was told."""

    looks: bool
    written: str = ""
    toasts: list[str] = field(default_factory=list)

    def bell(self) -> None:
        self.written += "\x07"

    def toast(self, title: str, text: str, seconds: float) -> None:
        assert seconds
        self.toasts.append(title + text)

    def write_terminal(self, sequence: str) -> None:
        self.written += sequence

    def is_seen(self, state: State, buffer: str) -> bool:
        return not state or not buffer


def told(state: State, terminal: Terminal, protocol: str) -> None:
    """Everything in every buffer is told of, as if it were said just now."""
    wanted = replace(
        Preferences(), notify__about="everything", notify__bell=True, notify__desktop=protocol
    )
    times: Iterator[float] = iter(range(0, START_MS, int(INTERVAL_S) + 1))
    notices = Notices(terminal, lambda: wanted, lambda: next(times), lambda: False, {})
    for name, buffer in state.buffers.items():
        for item in buffer.items:
            notices.said(state, Said(name, item, mention=True))
    notices.show_title([state])
    notices.restore_title()


def check(seen: Session) -> None:
    """Nothing on the screen, in the title, or in the clipboard could steer a terminal."""
    texts = {
        "the screen": seen.text(),
        "the title": f"{seen.app.title}{seen.app.sub_title}",
        "the clipboard": seen.app.clipboard,
        **{
            f"the notification {number}": f"{note.title}{note.message}"
            for number, note in enumerate(seen.app._notifications)
        },
    }
    for place, text in texts.items():
        found = UNSAFE.search(text)
        assert found is None, f"{found[0]!r} in {place}:\n{text!r}"


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_nothing_that_is_seen_steers_the_terminal(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    async with session(tmp_path, size, welcomed=False) as seen:
        seen.server.welcomes(CAPABILITIES)
        for line in hostile_lines():
            seen.server.says(line)
            await seen.pilot.pause()
            check(seen)
        for keys in ("alt+down", "alt+down", "alt+down", "f2", "f3", "ctrl+k", "escape", "f1"):
            await seen.pilot.press(keys)
            await seen.pilot.pause()
            check(seen)
        await seen.pilot.press("escape")
        for name in list(seen.server.client.state.buffers):
            seen.server.client.show(name)
            seen.server.poke()
            await seen.pilot.pause()
            check(seen)


async def test_what_ends_the_link_steers_nothing_either(tmp_path: Path) -> None:
    async with session(tmp_path, welcomed=False) as seen:
        seen.server.welcomes(CAPABILITIES)
        seen.server.says(f"ERROR :{of('over and out')}")
        seen.server.cuts(of("lost"))
        await seen.pilot.pause()
        check(seen)


@pytest.mark.parametrize("protocol", ["osc9", "osc777", "osc99"])
async def test_nothing_that_is_told_ends_its_sequence(tmp_path: Path, protocol: str) -> None:
    async with session(tmp_path, welcomed=False) as seen:
        seen.server.welcomes(CAPABILITIES)
        seen.server.says(*hostile_lines())
        away, here = Terminal(looks=False), Terminal(looks=True)
        told(seen.server.client.state, away, protocol)
        told(seen.server.client.state, here, protocol)
    told_of = [text for text, _bell in SEQUENCE.findall(away.written) if text]
    assert len(told_of) > len(here.toasts) > 0
    assert SEQUENCE.sub("", away.written) == ""
    for text in (*told_of, *here.toasts):
        assert UNSAFE.search(text) is None, f"{text!r}"
