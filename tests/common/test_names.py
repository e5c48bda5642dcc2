"""Names: how they fold, and which are valid. Specification: modern IRC "Clients", "Channels"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.casemap import (
    CHANNEL_BYTES_MAX,
    NICK_CHARACTERS_MAX,
    USER_CHARACTERS_MAX,
    channel_name,
    fold,
    is_channel,
    is_nick,
    user_name,
)
from common.wire import encode, parse


@pytest.mark.parametrize("name", ["ann", "Ann-2", "[ann]", "_^|`{}\\", "a" * NICK_CHARACTERS_MAX])
def test_a_nick(name: str) -> None:
    assert is_nick(name)


@pytest.mark.parametrize(
    "name",
    ["", "1ann", "-ann", "an n", "ann!", "#ann", "änn", "ann\n", "a.b", "a" * 33, "*", ":ann"],
)
def test_no_nick(name: str) -> None:
    assert not is_nick(name)


@pytest.mark.parametrize("name", ["#trail", "#1", "#Über-Räume", "#日本", "#" + "a" * 63])
def test_a_channel(name: str) -> None:
    assert is_channel(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "#",
        "trail",
        "##trail",
        "#a b",
        "#a,b",
        "#a:b",
        "#a\x07",
        "#a\n",
        "#a*",
        "#a?",
        "#<a>",
        "#a\u200bb",  # a space nobody sees
        "#a\u202eb",  # turns the rest of the line around
        "#" + "a" * CHANNEL_BYTES_MAX,
        "#" + "日" * 22,  # few letters, but more bytes than other lines leave room for
    ],
)
def test_no_channel(name: str) -> None:
    assert not is_channel(name)


@pytest.mark.parametrize("name", ["ann", "Jürgen", "Жук", "שלום", "日本語", "x2[ñ]"])
def test_a_nick_beyond_ascii(name: str) -> None:
    assert is_nick(name, beyond_ascii=True)


@pytest.mark.parametrize(
    "name",
    [
        "Ju\u0308rgen",  # not composed
        "\uff41nn",  # full width
        "\u017fam",  # a long s
        "\u0664ann",  # begins with a digit
        "\u0308ann",  # begins with an accent of nothing
        "a\u200dnn",  # a joiner nobody sees
        "a\u202enn",  # turned around
        "ann\u00a0",  # a space
        "a\u05e9b",  # from left and from right
        "☕",
    ],
)
def test_no_nick_beyond_ascii_either(name: str) -> None:
    assert not is_nick(name, beyond_ascii=True)


def test_only_a_to_z_fold() -> None:
    assert fold("#TraiL[]^Ä\u0130\u212a") == "#trail[]^Ä\u0130\u212a"  # dotted I, KELVIN SIGN
    assert fold("{}|") != fold("[]\\")


@given(st.text(), st.text())
def test_what_folds_alike_differs_in_ascii_letters_only(first: str, second: str) -> None:
    assert fold(fold(first)) == fold(first)
    if fold(first) == fold(second):
        assert len(first) == len(second)
        assert all(
            a == b or (a.isascii() and b.isascii()) for a, b in zip(first, second, strict=True)
        )


def test_a_room_is_typed_with_or_without_its_sign() -> None:
    assert channel_name("trail") == channel_name("#trail") == "#trail"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_user_name_becomes_a_safe_one(offered: str) -> None:
    name = user_name(offered)
    assert 1 <= len(name) <= USER_CHARACTERS_MAX
    assert parse(encode("PING", ["x"], f"ann!{name}@host")[:-2]).source == f"ann!{name}@host"
