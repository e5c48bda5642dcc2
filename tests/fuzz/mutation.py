"""Inputs made from seeds: what is almost right finds more than what is only random."""

import random
from collections.abc import Sequence
from typing import Final

INPUT_BYTES_MAX: Final = 8 << 10

NUMBERS: Final = (
    *(b"0", b"-1", b"1", b"255", b"256", b"65535", b"65536", b"2147483648"),
    *(b"99999999999999999999", b"1e400", b"0x10", b"\xd9\xa3", "²".encode()),
)
TOKENS: Final = (
    *(b" ", b":", b"@", b"\r\n", b"\n", b"\0", b"\r", b";", b"=", b"\\", b",", b"#", b"*", b"!"),
    *(b"\x01", b"\x1b[2J", b"\x7f", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", "é".encode()),
    *("\u202e".encode(), "\u2028".encode(), "\u0130".encode(), "ß".encode(), "😀".encode()),
    *(b'"', b"'", b"[", b"]", b"{", b"}", b"`", b"**", b"||", b"<", b">", b"&amp;", b"%s", b"{0}"),
)


class Mutator:
    """Makes inputs from seeds; the same for the same chance."""

    def __init__(self, seeds: Sequence[bytes], chance: random.Random) -> None:
        assert seeds
        self._seeds = seeds
        self._chance = chance

    def next(self) -> bytes:
        """One more input."""
        chance = self._chance
        data = bytearray(chance.choice(self._seeds))
        for _ in range(chance.choice((0, 1, 1, 2, 3, 5, 8))):
            chance.choice(_MUTATIONS)(self, data)
        return bytes(data[:INPUT_BYTES_MAX])

    def _place(self, data: bytearray) -> int:
        return self._chance.randint(0, len(data))

    def _flip(self, data: bytearray) -> None:
        if data:
            data[self._chance.randrange(len(data))] ^= 1 << self._chance.randrange(8)

    def _insert_byte(self, data: bytearray) -> None:
        data.insert(self._place(data), self._chance.randrange(256))

    def _insert_token(self, data: bytearray) -> None:
        at = self._place(data)
        data[at:at] = self._chance.choice(TOKENS)

    def _insert_number(self, data: bytearray) -> None:
        at = self._place(data)
        data[at : at + self._chance.randrange(3)] = self._chance.choice(NUMBERS)

    def _delete(self, data: bytearray) -> None:
        at = self._place(data)
        del data[at : at + self._chance.randint(1, 20)]

    def _repeat(self, data: bytearray) -> None:
        at, size = self._place(data), self._chance.randint(1, 30)
        data[at:at] = data[at : at + size] * self._chance.choice((1, 2, 40))

    def _splice(self, data: bytearray) -> None:
        other = self._chance.choice(self._seeds)
        start = self._chance.randint(0, len(other))
        data[self._place(data) :] = other[start:]

    def _swap_lines(self, data: bytearray) -> None:
        lines = bytes(data).split(b"\n")
        self._chance.shuffle(lines)
        data[:] = b"\n".join(lines)


_MUTATIONS: Final = (
    Mutator._flip,
    Mutator._insert_byte,
    Mutator._insert_token,
    Mutator._insert_number,
    Mutator._delete,
    Mutator._repeat,
    Mutator._splice,
    Mutator._swap_lines,
)
