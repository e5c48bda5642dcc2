"""What is known of people: the records that a person's card shows, from WHOIS and from news.

The one owner of `State.people`. Nobody has a record of whom nothing was asked.
"""

from typing import Final

from common.casemap import fold
from tui.client import talking
from tui.client.core import Core
from tui.client.intents import require_nick
from tui.client.session import Request
from tui.client.state import Person
from tui.client.updates import PersonChanged

PEOPLE_MAX: Final = 500
"""Records held; the oldest goes first."""

NOTES_MAX: Final = 20
ROOMS_MAX: Final = 500
"""Of one person: a server may say what it likes."""


def look_up(core: Core, nick: str) -> None:
    """Ask who someone is, for their card: nothing of the answer is told elsewhere."""
    require_nick(nick)
    known(core, nick)
    talking.require_online(core)
    request = Request("WHOIS", fold(nick), core.state.current, quiet=True)
    core.ask(request, "WHOIS", nick, nick)  # named twice, other servers of a network tell idleness


def known(core: Core, nick: str) -> Person:
    """The record of someone, made if there is none."""
    people = core.state.people
    found = people.get(fold(nick))
    if found is None:
        found = people[fold(nick)] = Person(nick)
        for oldest in list(people)[:-PEOPLE_MAX]:
            del people[oldest]
    return found


def begin(core: Core, nick: str) -> None:
    """An answer begins: what was known before may have changed."""
    core.state.people.pop(fold(nick), None)
    changed(core, known(core, nick))


def changed(core: Core, person: Person) -> None:
    """A record says something else now."""
    core.changes.add(PersonChanged(fold(person.nick)))


def answered(core: Core, nick: str) -> None:
    """The answer is complete."""
    person = core.state.people.get(fold(nick))
    if person is not None:
        person.answered = True
        changed(core, person)


def gone(core: Core, nick: str) -> None:
    """There is nobody called so now."""
    person = core.state.people.get(fold(nick))
    if person is not None:
        person.gone = True
        changed(core, person)


def note_away(core: Core, nick: str, reason: str) -> None:
    """Someone is away, or with ``""`` is back."""
    person = core.state.people.get(fold(nick))
    if person is not None and person.away != reason:
        person.away = reason
        changed(core, person)


def note_account(core: Core, nick: str, account: str) -> None:
    """Someone has logged in, or with ``""`` out."""
    person = core.state.people.get(fold(nick))
    if person is not None and person.account != account:
        person.account = account
        changed(core, person)


def note_host(core: Core, nick: str, host: str) -> None:
    """Someone is shown with another user@host."""
    person = core.state.people.get(fold(nick))
    if person is not None and person.host and person.host != host:
        person.host = host
        changed(core, person)


def renamed(core: Core, old: str, new: str) -> None:
    """Someone is called otherwise now; a card that is open goes on under the old name."""
    people = core.state.people
    person = people.get(fold(old))
    if person is None:
        return
    person.nick = new
    if fold(old) != fold(new):
        people[fold(new)] = person
        people[fold(old)] = Person(old, gone=True, now_called=new)
        changed(core, people[fold(old)])
    changed(core, person)
