"""Message ids: they sort like the log and lead back to their place in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.msgid import (
    BETWEEN_MASK,
    decode_msgid,
    encode_msgid,
    is_numbered,
    number_at,
    position_of,
)

channel_ids = st.integers(0, (1 << 40) - 1)
numbers = st.integers(0, 10**10)
between = st.integers(0, BETWEEN_MASK)


@given(channel_ids, numbers, between)
def test_an_id_leads_back_to_its_place(channel_id: int, number: int, gap: int) -> None:
    position = position_of(number, gap)
    assert decode_msgid(encode_msgid(channel_id, position)) == (channel_id, position)
    assert number_at(position) == number
    assert is_numbered(position) == (gap == 0)


@given(channel_ids, st.tuples(numbers, between), st.tuples(numbers, between))
def test_ids_of_a_channel_sort_like_its_log(
    channel_id: int, one: tuple[int, int], other: tuple[int, int]
) -> None:
    first, second = position_of(*one), position_of(*other)
    assert (first < second) == (one < other)
    assert (encode_msgid(channel_id, first) < encode_msgid(channel_id, second)) == (one < other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "0123456789",
        "0123456789-",
        "0123456789-0123456789abcdeg",
        "0123456789-0123456789ABCDE",
        "0123456789-0123456789abcde\n",
        "é123456789-0123456789abcde",
    ],
)
def test_other_texts_are_no_stored_id(text: str) -> None:
    assert decode_msgid(text) is None
