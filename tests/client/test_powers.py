"""Who may do what in a room, by the signs alone."""

import pytest

from tui.client.powers import Deed, may

OURS = {"~": "q", "&": "a", "@": "o", "%": "h", "+": "v"}
SMALL = {"@": "o", "+": "v"}


@pytest.mark.parametrize(
    ("deed", "own", "theirs", "allowed"),
    [
        (Deed.KICK, "", "", False),
        (Deed.KICK, "+", "", False),
        (Deed.KICK, "%", "", True),
        (Deed.KICK, "%", "%", True),
        (Deed.KICK, "%", "@", False),
        (Deed.KICK, "@", "~", False),
        (Deed.KICK, "~", "&", True),
        (Deed.KICK, "%+", "+", True),
        (Deed.VOICE, "%", "", True),
        (Deed.HALFOP, "%", "", False),
        (Deed.HALFOP, "@", "%", True),
        (Deed.OP, "%", "", False),
        (Deed.OP, "@", "", True),
        (Deed.OP, "@", "&", False),
        (Deed.SETTINGS, "%", "", False),
        (Deed.SETTINGS, "@", "", True),
        (Deed.TOPIC, "%", "", True),
        (Deed.KEEPING, "&", "", False),
        (Deed.KEEPING, "~", "", True),
    ],
)
def test_with_every_role(deed: Deed, own: str, theirs: str, allowed: bool) -> None:
    assert may(deed, own, theirs, OURS) is allowed


@pytest.mark.parametrize(
    ("deed", "own", "allowed"),
    [
        (Deed.KICK, "+", False),
        (Deed.KICK, "@", True),
        (Deed.VOICE, "@", True),
        (Deed.HALFOP, "@", False),
        (Deed.KEEPING, "@", False),
    ],
)
def test_with_operators_and_voice_only(deed: Deed, own: str, allowed: bool) -> None:
    assert may(deed, own, "", SMALL) is allowed


@pytest.mark.parametrize("deed", Deed)
def test_nobody_without_a_sign_may_anything(deed: Deed) -> None:
    assert not may(deed, "", "", OURS)
    assert not may(deed, "", "", {})


def test_being_an_operator_of_the_server_is_for_the_server_only() -> None:
    assert may(Deed.KILL, "", "~", OURS, operator=True)
    assert not may(Deed.KICK, "", "", OURS, operator=True)
