"""The network shell on real loopback sockets."""

import asyncio
import socket

import pytest

from tests.net.visiting import PATIENCE_S, hosting, visiting
from tui.client.state import Connection
from tui.net import words_for

FEED_BYTES = 16 * 1024
"""What the link hands to the core in one turn of the loop."""


async def test_it_connects_talks_and_says_goodbye() -> None:
    async with hosting() as host, visiting(host.port) as (visitor, task):
        reader, writer = await host.next_visit()
        await visitor.until_it_is(Connection.ONLINE)
        visitor.client.raw("VERSION")
        visitor.link.poke()
        await asyncio.wait_for(reader.readuntil(b"VERSION\r\n"), PATIENCE_S)
        visitor.client.quit("bye")
        visitor.link.poke()
        rest = await asyncio.wait_for(reader.read(), PATIENCE_S)
        assert rest.endswith(b"QUIT bye\r\n")
        await asyncio.wait_for(task, PATIENCE_S)
        writer.close()


async def test_a_lost_link_is_opened_again() -> None:
    async with hosting() as host, visiting(host.port) as (visitor, _):
        _, writer = await host.next_visit()
        await visitor.until_it_is(Connection.ONLINE)
        writer.close()
        await visitor.until_it_is(Connection.WAITING)
        assert visitor.client.state.reason == "the server closed the connection"
        visitor.client.retry_now()
        visitor.link.poke()
        _, writer = await host.next_visit()
        await visitor.until_it_is(Connection.ONLINE)
        writer.close()


class StoppedClock:
    """The clocks of the link: they stand until they are set forward."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now

    def time_ns(self) -> int:
        return int(self.now * 1e9)


async def test_the_wait_counts_from_the_loss_however_long_it_was_quiet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = StoppedClock()
    monkeypatch.setattr("tui.net.time", clock)
    async with hosting() as host, visiting(host.port) as (visitor, _):
        _, writer = await host.next_visit()
        await visitor.until_it_is(Connection.ONLINE)
        clock.now += 20
        writer.close()
        await visitor.until_it_is(Connection.WAITING)
        assert visitor.client.state.retry_at > clock.now


async def test_nobody_listening_is_said_in_words_and_one_may_still_quit() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        async with visiting(reserved.getsockname()[1]) as (visitor, task):
            await visitor.until_it_is(Connection.WAITING)
            assert visitor.client.state.reason == "connection refused: nothing listens there"
            visitor.client.quit()
            visitor.link.poke()
            await asyncio.wait_for(task, PATIENCE_S)


async def test_one_turned_away_may_try_again() -> None:
    async with hosting() as host, visiting(host.port) as (visitor, task):
        _, writer = await host.next_visit()
        await visitor.until_it_is(Connection.ONLINE)
        writer.close()
        await visitor.until_it_is(Connection.WAITING)
        assert not task.done()


async def test_keys_get_through_a_flood() -> None:
    flood = b"".join(b":bob!b@h NOTICE ann :line %d\r\n" % number for number in range(50_000))
    async with hosting() as host, visiting(host.port) as (visitor, _):
        _, writer = await host.next_visit()
        await visitor.until_it_is(Connection.ONLINE)
        writer.write(flood)
        last = "line 49999"
        turns = 0
        while not ((bob := visitor.client.state.buffers.get("bob")) and bob.items[-1].text == last):
            await asyncio.sleep(0)
            turns += 1
        assert turns > len(flood) / FEED_BYTES
        writer.close()


async def test_a_server_that_sends_faster_than_we_read_has_to_wait() -> None:
    flood = b"x" * 40_000_000  # a line without end costs the core next to nothing
    kernel_bytes = 16_000_000  # more than the two ends of a socket ever hold
    async with hosting() as host, visiting(host.port) as (visitor, _):
        _, writer = await host.next_visit()
        await visitor.until_it_is(Connection.ONLINE)
        writer.write(flood)
        turns = 0
        while writer.transport.get_write_buffer_size():
            await asyncio.sleep(0)
            turns += 1
        assert turns > (len(flood) - kernel_bytes) / FEED_BYTES / 2
        writer.close()


def test_what_went_wrong_has_words() -> None:
    assert words_for(socket.gaierror()) == "no machine by this name is known"
    assert words_for(TimeoutError()) == "no answer in time"
    assert words_for(OSError(113, "No route to host")) == "no route to host"
    assert words_for(RuntimeError("?")) == "the connection failed"
