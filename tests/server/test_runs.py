"""The hot path does what the usual one does: the same lines, taken by either, look the same.

A command in small letters is none that `server.core.runs` takes, and means the same. So one world
hears `PRIVMSG` and another `privmsg`, and everyone must be shown the same, history included.
"""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from common.wire import Message
from server.core.core import LINES_PER_TURN_MAX
from server.settings import Settings
from tests.conversation import OUR_CLIENT, World

CAPABILITIES = {
    "ann": "",
    "bob": "message-tags",
    "cat": "server-time account-tag",
    "dan": OUR_CLIENT,
    "eve": f"{OUR_CLIENT} draft/multiline",
}

texts = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=20),
    st.sampled_from(
        ["", ":", " ", ":)", "two words", "a\rb", "a\0b", "\x01ACTION waves\x01", "\x01VERSION\x01"]
    ),
    st.integers(440, 480).map(lambda length: "x" * length),
)
targets = st.sampled_from(
    ["#trail", "#TRAIL", "#other", "#none", "#trail,#other", "bob", "@#trail"]
)
spoken = st.tuples(targets, texts).map(lambda said: f"PRIVMSG {said[0]} :{said[1]}")
others = st.sampled_from(
    ["PING x", "AWAY :out", "@+draft/reply=x PRIVMSG #trail :hi", "PRIVMSG #trail word", "NICK zoe"]
)
modes = st.sampled_from(["", "+m", "+C", "+U", "+b *!*@*", "+M", "-n", "+q"])
speeches = st.lists(st.one_of(spoken, spoken, spoken, others), min_size=1, max_size=12)


def heard(
    lines: list[str], speaker: str, mode: str, *, keep: bool = True
) -> dict[str, list[Message]]:
    """What everyone is shown, history included, when `speaker` sends `lines` all at once."""
    world = World(Settings(rooms__keep=keep))
    people = {nick: world.connect(nick, able) for nick, able in CAPABILITIES.items()}
    people["dan"].send("CREATE #trail")
    for nick in ("ann", "bob", "cat", "eve"):
        people[nick].send("JOIN #trail")
    people["ann"].send("JOIN #other")
    people["cat"].send("MODE cat +B")
    if mode:
        people["dan"].send(f"MODE #trail {mode}")
    for person in people.values():
        person.barrier()
    people[speaker].begin(*lines, "PING end")
    world.tick()
    people["dan"].send("CHATHISTORY LATEST #trail * 100", "CHATHISTORY LATEST #other * 100")
    return {nick: person.received for nick, person in people.items()}


@settings(deadline=None)
@example(["PRIVMSG #trail :a\rb"], "ann", "")
@example(["PRIVMSG #trail :"], "ann", "")
@example(["PRIVMSG #trail :hi"], "ann", "+U")
@example(["PRIVMSG #trail :hi", "PRIVMSG #trail :\x01ACTION x\x01"], "ann", "+C")
@example(["PRIVMSG #trail :\x01VERSION\x01"], "ann", "+C")
@example([f"PRIVMSG #trail :{'x' * length}" for length in range(480, 440, -1)], "ann", "")
@given(speeches, st.sampled_from(sorted(CAPABILITIES)), modes)
def test_a_run_is_heard_and_stored_like_single_lines(
    lines: list[str], speaker: str, mode: str
) -> None:
    usual = [line.replace("PRIVMSG", "privmsg") for line in lines]
    assert heard(lines, speaker, mode) == heard(usual, speaker, mode)


@pytest.mark.parametrize("speaker", ["ann", "cat", "dan"])
def test_a_run_in_a_room_that_keeps_nothing_says_so(speaker: str) -> None:
    lines = ["PRIVMSG #trail :one", "PRIVMSG #trail :two"]
    usual = [line.replace("PRIVMSG", "privmsg") for line in lines]
    assert heard(lines, speaker, "", keep=False) == heard(usual, speaker, "", keep=False)


def test_a_run_ends_where_its_turn_ends() -> None:
    """Whoever says more than a turn holds, says the rest of it in the next one, in order."""
    world = World()
    ann, bob = world.join("ann", "bob", capabilities=OUR_CLIENT)
    count = LINES_PER_TURN_MAX + 10
    ann.begin(*[f"PRIVMSG #trail :line {number}" for number in range(count)])
    world.flush()
    assert len(bob.received) == LINES_PER_TURN_MAX
    world.tick()
    assert [message.params[1] for message in bob.received] == [f"line {n}" for n in range(count)]
    assert [message.tags["chat-server/number"] for message in bob.received] == [
        str(n + 1) for n in range(count)
    ]
