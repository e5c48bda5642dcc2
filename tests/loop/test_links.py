"""Links as they are: slow, deaf, cut off, closed half-way; and the order of commit and flush."""

import socket
import struct

import pytest

from server.settings import Settings
from server.storage.memory import MemoryStore
from server.storage.ports import MESSAGES, View
from tests.loop.serving import Caller, calling, serve

Address = tuple[str, int]


def test_people_talk_and_a_stop_says_so() -> None:
    def script(address: Address) -> None:
        with calling(address, "ann", "bob") as (ann, bob):
            ann.send("PRIVMSG #trail :hello")
            assert bob.until("hello")[-1] == ":ann!ann@127.0.0.1 PRIVMSG #trail :hello"

    assert serve(script) == 0


def test_a_stop_says_goodbye_to_everyone() -> None:
    goodbyes: list[str] = []
    store = MemoryStore()

    def script(address: Address) -> None:
        bob = Caller(address).register("bob")
        bob.send("JOIN #trail", "PRIVMSG #trail :last words", "QUIT")
        bob.until("ERROR")
        bob.close()
        callers.append(Caller(address).register("ann"))

    callers: list[Caller] = []
    assert serve(script, store) == 0
    for caller in callers:
        goodbyes += caller.rest()
        caller.close()
    assert goodbyes == ["ERROR :Closing link: The server is stopping"]
    assert not store.dirty


def test_a_slow_reader_gets_everything_in_order() -> None:
    lines = 2_000

    def script(address: Address) -> None:
        slow = Caller(address, small_buffer=True).register("slow").join("#trail")
        with calling(address, "ann") as (ann,):
            for start in range(0, lines, 100):
                ann.send(*(f"PRIVMSG #trail :{n} {'x' * 400}" for n in range(start, start + 100)))
            ann.send("PING sent")
            ann.until("sent")  # the others are served while one reads nothing
            said = [slow.until("PRIVMSG")[-1].split(" :", 1)[1] for _ in range(lines)]
        assert said == [f"{n} {'x' * 400}" for n in range(lines)]
        slow.close()

    assert serve(script, small_buffers=True) == 0


def test_a_reader_that_never_reads_is_closed_and_the_others_go_on() -> None:
    settings = Settings(limits__send_queue_bytes=64 << 10)

    def script(address: Address) -> None:
        deaf = Caller(address, small_buffer=True).register("deaf").join("#trail")
        with calling(address, "ann", "bob") as (ann, bob):
            told: list[str] = []
            while not any(" QUIT " in line for line in told):
                ann.send(*["PRIVMSG #trail :" + "x" * 400] * 20, "PING sent")
                ann.until("sent")
                bob.send("PING read")
                told = bob.until("read")
            quits = [line for line in told if " QUIT " in line]
            assert quits == [":deaf!deaf@127.0.0.1 QUIT :Send queue exceeded"]
        deaf.close()

    assert serve(script, settings=settings, small_buffers=True) == 0


def test_a_peer_that_resets_is_gone_for_the_others() -> None:
    def script(address: Address) -> None:
        with calling(address, "ann") as (ann,):
            peer = Caller(address).register("peer").join("#trail")
            ann.until("JOIN")
            abort = struct.pack("ii", 1, 0)
            peer.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, abort)
            peer.close()
            assert ann.until(" QUIT ")[-1].startswith(":peer!")

    assert serve(script) == 0


def test_lines_before_the_end_of_the_stream_are_all_handled() -> None:
    lines = 3_000

    def script(address: Address) -> None:
        with calling(address, "ann", "hasty") as (ann, hasty):
            hasty.send(*(f"PRIVMSG #trail {number}" for number in range(lines)))
            hasty.socket.shutdown(socket.SHUT_WR)
            seen = ann.until(" QUIT ")
            said = [line.rpartition(":")[2] for line in seen if " PRIVMSG " in line]
            assert said == [str(number) for number in range(lines)]

    assert serve(script) == 0


def test_a_line_without_end_is_answered_and_ends_the_link() -> None:
    def script(address: Address) -> None:
        with calling(address, "ann", "bob") as (ann, bob):
            ann.socket.sendall(b"x" * 50_000)
            assert [line.split()[1] for line in ann.rest()] == ["417", ":Closing"]
            assert bob.until(" QUIT ")

    assert serve(script) == 0


def test_someone_hanging_up_before_giving_a_name_leaves_no_trace() -> None:
    def script(address: Address) -> None:
        for _ in range(20):
            Caller(address).close()
        Caller(address).register("ann").close()

    assert serve(script, settings=Settings(limits__links=40)) == 0


# Disk before replies


def test_what_could_be_stored_in_the_end_is_shown_once() -> None:
    store = MemoryStore()

    def script(address: Address) -> None:
        with calling(address, "ann", "bob") as (ann, bob):
            store.commits_to_fail = 2
            ann.send("PRIVMSG #trail :one")
            assert "one" in bob.until("PRIVMSG")[-1]
            assert store.commits_to_fail == 0
            ann.send("PRIVMSG #trail :two")
            assert "two" in bob.until("PRIVMSG")[-1]

    assert serve(script, store) == 0


def test_what_cannot_be_stored_is_shown_to_nobody_and_everybody_is_told() -> None:
    store = MemoryStore()
    told: list[list[str]] = []

    def script(address: Address) -> None:
        with calling(address, "ann", "bob") as callers:
            store.commits_to_fail = 1 << 40
            callers[0].send("PRIVMSG #trail :never", "PING sent")
            told.extend(caller.rest() for caller in callers)

    assert serve(script, store, commit_retry_s=0.2) == 1
    for lines in told:
        assert lines == [
            "ERROR :The server cannot store anything and stops; what you saw is stored"
        ]
    survivor = store.crash()
    (room,) = survivor.load()
    kept = survivor.page(room.id, 0, 1 << 62, 99, View(MESSAGES), newest=True)
    assert kept == []


@pytest.mark.parametrize("pieces", [1, 7])
def test_bytes_may_arrive_in_any_pieces(pieces: int) -> None:
    def script(address: Address) -> None:
        with calling(address, "ann", "bob") as (ann, bob):
            data = "PRIVMSG #trail :Grüße 👋\r\n".encode()
            for start in range(0, len(data), pieces):
                ann.socket.sendall(data[start : start + pieces])
            assert bob.until("PRIVMSG")[-1].endswith(":Grüße 👋")

    assert serve(script) == 0
