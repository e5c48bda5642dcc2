"""What logs of other programs tell of besides talk, from the parts of a line that a pattern found.

irssi and WeeChat write it differently and mean the same, so their patterns share these.
"""

import re
from collections.abc import Callable
from datetime import datetime

from server.exchange.model import Entry, People, told
from server.storage.ports import Kind

Teller = Callable[["re.Match[str]", People, datetime], Entry]


def joined(found: "re.Match[str]", people: People, moment: datetime) -> Entry:
    """Groups: nick, user@host."""
    return told(Kind.JOIN, people.source(found[1], found[2]), "", moment)


def left(kind: Kind) -> Teller:
    """Groups: nick, user@host, the reason if one was given."""

    def tell(found: "re.Match[str]", people: People, moment: datetime) -> Entry:
        return told(kind, people.source(found[1], found[2]), found[3] or "", moment)

    return tell


def renamed(found: "re.Match[str]", people: People, moment: datetime) -> Entry:
    """Groups: old nick, new nick."""
    source = people.source(found[1])
    people.source(found[2], source.partition("!")[2])
    return told(Kind.NICK, source, found[2], moment)


def topic(found: "re.Match[str]", people: People, moment: datetime) -> Entry:
    """Groups: nick, topic."""
    return told(Kind.TOPIC, people.source(found[1]), found[2], moment)


def mode(found: "re.Match[str]", people: People, moment: datetime) -> Entry:
    """Groups: changes, nick."""
    return told(Kind.MODE, people.source(found[2]), " ".join(found[1].split()), moment)
