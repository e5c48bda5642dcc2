"""Heights by index and by line, against the plain list they stand for."""

from hypothesis import given
from hypothesis import strategies as st

from tui.render.heights import CHUNK_ENTRIES, Heights

HEIGHTS = st.lists(st.integers(1, 9), max_size=3 * CHUNK_ENTRIES)


@given(HEIGHTS, HEIGHTS, HEIGHTS, st.data())
def test_agrees_with_a_plain_list(
    front: list[int], middle: list[int], back: list[int], data: st.DataObject
) -> None:
    heights = Heights(middle)
    heights.append(back)
    assert heights.prepend(front) == sum(front)
    plain = front + middle + back
    for _ in range(3):
        if plain:
            index = data.draw(st.integers(0, len(plain) - 1))
            height = data.draw(st.integers(1, 30))
            assert heights.set(index, height) == height - plain[index]
            plain[index] = height
            assert heights.is_exact(index)
    assert heights.total == sum(plain)
    line = data.draw(st.integers(0, sum(plain) + 2))
    located = heights.locate(line)
    if line >= sum(plain):
        assert located is None
    else:
        assert located is not None
        index, within = located
        assert heights.top(index) + within == line
        assert 0 <= within < plain[index]


def test_no_line_is_above_the_first() -> None:
    assert Heights([1]).locate(-1) is None
