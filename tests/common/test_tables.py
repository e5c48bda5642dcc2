"""The tables of the wire: numerics, capabilities, ISUPPORT, prefixes."""

import re
import string

import pytest

from common.capabilities import CAPABILITIES, VARIANT_MASK, names_of
from common.isupport import TOKENS_PER_LINE_MAX, read_prefixes, read_tokens, token_lines
from common.modes import PREFIX_TOKEN, PREFIXES, signs
from common.numerics import NUMERICS, Numeric


@pytest.mark.parametrize("row", NUMERICS.values(), ids=lambda row: row.name)
def test_a_numeric_is_complete(row: Numeric) -> None:
    assert re.fullmatch(r"\d{3}", row.code)
    assert re.fullmatch(r"(RPL|ERR)_[A-Z0-9]+", row.name)
    assert row.parameters or row.text
    assert len(set(row.parameters)) == len(row.parameters)
    named = [name for _, name, _, _ in string.Formatter().parse(row.text) if name is not None]
    assert all(name.isidentifier() for name in named)
    assert row.text.format(**dict.fromkeys(named, "x")) or not row.text


def test_no_numeric_has_a_name_twice() -> None:
    assert len({row.name for row in NUMERICS.values()}) == len(NUMERICS)


def test_capabilities_have_bits_and_names_of_their_own() -> None:
    assert all(row.bit.bit_count() == 1 for row in CAPABILITIES)
    assert all(row.specification for row in CAPABILITIES)
    everything = sum(row.bit for row in CAPABILITIES)
    assert names_of(everything) == [row.name for row in CAPABILITIES]
    assert names_of(0) == []
    assert VARIANT_MASK & ~everything == 0


def test_isupport_lines_are_read_back() -> None:
    tokens = {f"TOKEN{number}": str(number) for number in range(30)} | {"BARE": ""}
    lines = token_lines(tokens)
    assert all(len(words) <= TOKENS_PER_LINE_MAX for words in lines)
    assert read_tokens(word for words in lines for word in words) == tokens


def test_isupport_tokens_can_be_taken_back() -> None:
    assert read_tokens(["-CHATHISTORY", "nicklen=9", "="]) == {"CHATHISTORY": None, "NICKLEN": "9"}


@pytest.mark.parametrize("value", ["", "ov@+", "(ov", "(ov)@", "(ov)@+%"])
def test_a_malformed_prefix_token_means_no_prefixes(value: str) -> None:
    assert read_prefixes(value) == {}


def test_our_prefix_token_is_read_back_highest_first() -> None:
    assert list(read_prefixes(PREFIX_TOKEN).items()) == [(row.sign, row.letter) for row in PREFIXES]


def test_the_signs_of_a_member() -> None:
    assert signs("qo", every=True) == "~@"
    assert signs("oq", every=False) == "~"
    assert signs("", every=True) == ""
