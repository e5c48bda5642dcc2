"""Low space is noticed by what was taken in, not only by the clock."""

from server.space import SPACE_CHECK_S, WRITTEN_PER_COMMIT, Space

RESERVE = 2 << 20
LINE = b"PRIVMSG #trail :" + b"x" * 400 + b"\r\n"


class Disk:
    """So much is free; `asked` is how often somebody wanted to know."""

    def __init__(self, free: int) -> None:
        self.free = free
        self.asked = 0

    def free_bytes(self) -> int:
        self.asked += 1
        return self.free


def test_whoever_sends_fast_reaches_no_byte_of_the_reserve() -> None:
    disk = Disk(RESERVE + (1 << 20))
    space = Space(disk.free_bytes, RESERVE)
    taken = 0
    while not space.is_low(0.0, []):  # the clock stands still
        for _ in range(50):
            if space.read(LINE):
                break
            taken += 1
        disk.free -= 50 * 3 * len(LINE) + WRITTEN_PER_COMMIT // 2
        space.committed()
    assert disk.free >= RESERVE - 50 * 3 * len(LINE)  # the tick that was under way
    assert taken > 200


def test_what_waits_for_its_turn_has_its_room_already() -> None:
    space = Space(Disk(RESERVE + (1 << 20)).free_bytes, RESERVE)
    assert not space.is_low(0.0, [range(100)])
    assert Space(Disk(RESERVE + (1 << 20)).free_bytes, RESERVE).is_low(0.0, [range(1_000)])


def test_where_there_is_room_the_system_is_asked_once_a_second() -> None:
    disk = Disk(1 << 40)
    space = Space(disk.free_bytes, RESERVE)
    for tick in range(1_000):
        assert not space.is_low(tick / 1_000, [])
        assert not space.read(LINE * 100)
        space.committed()
    assert disk.asked == 1
    assert not space.is_low(SPACE_CHECK_S, [])
    assert disk.asked == 2


def test_a_disk_that_does_not_tell_is_full() -> None:
    def broken() -> int:
        raise OSError("no such device")

    assert Space(broken, RESERVE).is_low(0.0, [])
