"""WHOIS: what a server says of a person, kept for their card and told in words where asked.

Specification: modern IRC "WHOIS message"; 276, 307, 320, 338, 378, 379 and 671 as servers use them.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from common.casemap import fold
from tui.client import buffers, cards
from tui.client.cleaning import read_number
from tui.client.core import Core
from tui.client.items import Arrival
from tui.client.reducers.table import on
from tui.client.state import Person


def _who(person: Person, words: list[str]) -> None:
    """Nick, user, host, ``*``, real name."""
    person.host, person.realname = f"{words[1]}@{words[2]}", words[4]


def _server(person: Person, words: list[str]) -> None:
    person.server = words[1]


def _operator(person: Person, _: list[str]) -> None:
    person.operator = True


def _bot(person: Person, _: list[str]) -> None:
    person.bot = True


def _secure(person: Person, _: list[str]) -> None:
    person.secure = True


def _account(person: Person, words: list[str]) -> None:
    person.account = words[1]


def _idle(person: Person, words: list[str]) -> None:
    """Nick, seconds, and on most servers the second of signing on."""
    person.idle_s = read_number(words[1])
    person.signed_on_ms = read_number(words[2]) * 1_000


def _note(person: Person, words: list[str]) -> None:
    said = [word for word in words[1:] if word]
    if said and len(person.notes) < cards.NOTES_MAX:
        person.notes.append(" ".join([said[-1], *said[:-1]]))


class Fact(NamedTuple):
    """One row: the sentence, of the words behind our own nick, and what it tells of a person."""

    sentence: str
    keep: Callable[[Person, list[str]], None]


_FACTS: Final = {
    "311": Fact("{0} is {1}@{2}: {4}", _who),
    "312": Fact("{0} is connected to {1}", _server),
    "276": Fact("{0}: {last}", _note),
    "307": Fact("{0}: {last}", _note),
    "313": Fact("{0}: {last}", _operator),
    "317": Fact("{0} has been idle for {1} s", _idle),
    "320": Fact("{0}: {last}", _note),
    "330": Fact("{0} is logged in as {1}", _account),
    "335": Fact("{0}: {last}", _bot),
    "338": Fact("{0}: {note}", _note),
    "379": Fact("{0}: {last}", _note),
    "378": Fact("{0}: {last}", _note),
    "671": Fact("{0} {last}", _secure),
}

WORDS_MAX: Final = 5
"""As many as the longest row has."""


@on(*_FACTS, params_min=3)
def fact(core: Core, arrival: Arrival) -> None:
    """One of the lines about a person."""
    code, nick = arrival.message.command, arrival.word(1)
    words = [arrival.word(at) for at in range(1, WORDS_MAX + 1)]
    if code == "311":
        cards.begin(core, nick)
    person = cards.known(core, nick)
    _FACTS[code].keep(person, words)
    person.seen_ms = core.wall_ms
    cards.changed(core, person)
    note = person.notes[-1] if person.notes else ""
    _tell(core, arrival, _FACTS[code].sentence.format(*words, last=arrival.last, note=note))


@on("319", params_min=3)
def rooms(core: Core, arrival: Arrival) -> None:
    """RPL_WHOISCHANNELS: the rooms they are in, with their signs there; maybe one of several."""
    nick, signs = arrival.word(1), "".join(core.prefixes())
    person = cards.known(core, nick)
    for word in arrival.last.split():
        room = word.lstrip(signs)
        if core.is_room(room) and len(person.rooms) < cards.ROOMS_MAX:
            person.rooms[room] = word[: len(word) - len(room)]
    cards.changed(core, person)
    _tell(core, arrival, f"{nick} is in {arrival.last}")


def _tell(core: Core, arrival: Arrival, text: str) -> None:
    """Say it where it was asked for, unless it was for a card only."""
    request = arrival.request or core.session.find(fold(arrival.word(1)), "WHOIS")
    if request is None or not request.quiet:
        buffers.say_answer(core, request, text)


@on("318", params_min=2)
def end(core: Core, arrival: Arrival) -> None:
    """RPL_ENDOFWHOIS."""
    core.session.take(fold(arrival.word(1)), ("WHOIS",))
    cards.answered(core, arrival.word(1))
