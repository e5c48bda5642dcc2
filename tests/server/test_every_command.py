"""Every command of the table with parameters of every kind: an answer, never a bug.

The world is strict, so a bug of ours would surface here; lines over the limit would too.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.dispatch import COMMANDS
from tests.conversation import OUR_CLIENT, Person, World, commands

SILENT = {"PONG"} | {row.name for row in COMMANDS.values() if row.quiet}
"""What is not answered: an answer itself, and what says that nothing may answer it."""

SILENT_WHEN_DONE = {"NICK", "PASS", "SETNAME", "USER"}
"""What changes something and, without a capability or before registration, says no more."""

ODD = [
    "#trail",
    "trail",
    "#nowhere",
    "ann",
    "bob",
    "nobody",
    "*",
    ",",
    "#trail,#trail,bob",
    "#",
    "0",
    "-1",
    "999999999999999999",
    "+o",
    "-k+l",
    "+bbb",
    "%tcuihsnfdlaor,7",
    "LATEST",
    "LS",
    "REQ",
    "msgid=x",
    "timestamp=2026-01-01",
    "é" * 100,
    "日" * 120,
    "x" * 300,
    "a=b;c",
    "{nick}",
    "%s",
    "\x01VERSION\x01",
    "\x02\u202e",
]
last = st.one_of(
    st.sampled_from(["", ":", " ", "::x", "two words", "x" * 450, "é " * 200]), st.text()
)


def fits(line: str) -> bool:
    """Whether a line can be sent at all."""
    return len(line.encode()) <= 510 and not any(c in line for c in "\r\n\0")


def a_line(name: str) -> st.SearchStrategy[str]:
    """Lines with one command and parameters of every kind."""
    middle = st.lists(st.sampled_from(ODD), max_size=6)
    text = st.one_of(st.none(), last.filter(lambda text: text.isprintable()))
    return st.builds(
        lambda words, end: " ".join([name, *words]) + ("" if end is None else f" :{end}"),
        middle,
        text,
    ).filter(fits)


def people(world: World, capabilities: str) -> tuple[Person, Person]:
    """Ann, who will try everything, and a witness."""
    ann, bob = world.join("ann", "bob", capabilities=capabilities)
    ann.send("TOPIC #trail :hills", "PRIVMSG #trail :hello")
    ann.barrier(), bob.barrier()
    return ann, bob


@pytest.mark.parametrize("name", sorted(COMMANDS))
@pytest.mark.parametrize("capabilities", ["", OUR_CLIENT])
def test_without_and_with_too_many_parameters(name: str, capabilities: str) -> None:
    for rest in ("", " a b c d e f g h i j k l m n o p q r"):
        ann, bob = people(World(), capabilities)
        stranger = ann.world.link()
        for person in (ann, stranger):
            person.send(f"{name}{rest}")
            assert person.received or name in SILENT | SILENT_WHEN_DONE
        bob.barrier()


@pytest.mark.parametrize("name", sorted(COMMANDS))
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_with_odd_parameters(name: str, data: st.DataObject) -> None:
    ann, bob = people(World(), data.draw(st.sampled_from(["", OUR_CLIENT])))
    stranger = ann.world.link()
    for line in data.draw(st.lists(a_line(name), min_size=1, max_size=4)):
        for person in (ann, stranger):
            if not person.closed:
                person.send(line)
    bob.barrier()


@pytest.mark.parametrize("name", sorted(COMMANDS))
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_label_is_answered_exactly_once(name: str, data: st.DataObject) -> None:
    ann, bob = people(World(), OUR_CLIENT)
    line = data.draw(a_line(name))
    ann.send(f"@label=once {line}")
    if name == "CAP" and "labeled-response" in line:
        return
    labelled = [m for m in ann.received if "label" in m.tags]
    assert len(labelled) == 1, commands(ann.received)
    assert all("label" not in m.tags for m in bob.barrier())
