"""What a line costs does not depend on how many capabilities there are, or were agreed on.

Counted in calls of functions, which are the same on every machine.
"""

import sys
from types import FrameType

import pytest

from common.capabilities import CAPABILITIES
from tests.conversation import Person, World

SIGNED = {"server-time", "message-tags", "account-tag", "chat-server/sequence", "echo-message"}
"""Those that put something on the line itself, or send one more."""


def calls_of(person: Person, line: str) -> int:
    """How many functions of ours run to handle a line; the first time fills caches."""
    person.answer(line)
    counted = 0

    def count(frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event == "call" and "/server/" in frame.f_code.co_filename

    sys.setprofile(count)
    try:
        person.begin(line)
    finally:
        sys.setprofile(None)
    person.world.tick()
    person.barrier()
    return counted


@pytest.mark.parametrize(
    "line", ["PING x", "PRIVMSG #trail :hello", "TOPIC #trail", "NAMES #trail", "MODE #trail"]
)
def test_a_line_costs_the_same_with_one_of_them_and_with_nearly_all(line: str) -> None:
    world = World()
    _, one = world.join("ann", "bob", capabilities="labeled-response")
    names = [row.name for row in CAPABILITIES if row.name not in SIGNED]
    many = world.link()
    for start in range(0, len(names), 10):
        many.send(f"CAP REQ :{' '.join(names[start : start + 10])}")
    many.send("NICK cat", "USER cat 0 * :Cat", "CAP END", "JOIN #trail")
    assert len(many.answer("CAP LIST")) >= 1
    assert 0 < calls_of(many, line) <= calls_of(one, line)
