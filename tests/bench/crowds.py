"""What is measured of ours alone, with many clients of our own: how cost grows, and storms."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from server.admin import ask
from tests.bench.crowd import Client, Crowd
from tests.bench.servers import OURS, TLS, Running, run

HISTORY_WORDS: Final = "CAP REQ :batch message-tags server-time draft/chathistory"
MEMBERS_MAX: Final = 200
CONVERSATION_LINES: Final = 99_900  # with our own JOIN, below the 100,000 that are held
TEXT: Final = "a message of some hundred letters, as people write them on an ordinary day to each"


def idle_tls(size: float) -> Iterator[str]:
    """What a TLS client takes of the server's memory while nothing happens."""
    count = round(1_000 * size)
    with run(TLS) as server, Crowd(server, tls=True) as crowd:
        crowd.connect(20)
        before = server.resident_bytes()
        crowd.connect(count)
        crowd.settle()
        each = (server.resident_bytes() - before) / count
        yield f"an idle client over TLS: {each:,.0f} bytes of memory"


def storm(size: float) -> Iterator[str]:
    """Known clients that all come back at once, each into 10 rooms, and fetch their history."""
    clients, rooms, each = round(5_000 * size), 500, 10
    names = [f"#storm{number}" for number in range(rooms)]
    own = [[names[(each * number + k) % rooms] for k in range(each)] for number in range(clients)]
    with run(OURS) as server, Crowd(server) as crowd:
        speaker = crowd.connect(1)[0]
        for start in range(0, rooms, 50):
            some = names[start : start + 50]
            speaker.send(f"JOIN {','.join(some)}")
            for name in some:
                speaker.send(*[f"PRIVMSG {name} :{TEXT} {n}" for n in range(50)])
            speaker.send(*[f"PART {name}" for name in some])
        crowd.all_find([speaker], b"PONG", "PING over")
        crowd.leave()
        _longest_tick_s(server)
        began, cpu = time.monotonic(), server.cpu_s()
        people = crowd.connect(clients, HISTORY_WORDS)
        registered = time.monotonic()
        for client, of_client in zip(people, own, strict=True):
            pages = [f"CHATHISTORY LATEST {name} * 50" for name in of_client]
            client.seek(b" BATCH -")
            client.send(f"JOIN {','.join(of_client)}", *pages)
        crowd.until(lambda: all(client.found >= each for client in people))
        ended = time.monotonic()
        yield (
            f"{clients:,} clients come back, {each} rooms and histories each: "
            f"{ended - began:.1f} s, of them {registered - began:.1f} to register "
            f"(goal 30); {server.cpu_s() - cpu:.1f} s of CPU; "
            f"longest tick {_longest_tick_s(server) * 1000:.0f} ms (goal 100)"
        )


def recipients(size: float) -> Iterator[str]:
    """What JOIN and QUIT cost for each who is told, in rooms of growing size."""
    counts = [round(count * size) for count in (100, 1_000, 5_000)]
    with run(OURS) as server, Crowd(server) as crowd:
        mover = crowd.connect(1)[0]
        crowd.all_find([mover], b" 366 ", "JOIN #hall")
        found: list[str] = []
        for count in counts:
            newcomers = crowd.connect(count - len(crowd.clients) + 1)
            crowd.all_find(newcomers, b" 366 ", "JOIN #hall")
            crowd.settle()
            found.append(f"{_cost_of_joins(server, crowd, mover) / count * 1e6:.2f}")
        words = " / ".join(f"{count:,}" for count in counts)
        yield f"JOIN and PART in a room of {words}: {' / '.join(found)} µs of CPU for each told"
    with run(OURS) as server, Crowd(server) as crowd:
        halls = [f"#hall{number}" for number in range(100)]
        found = []
        for count in counts:
            newcomers = crowd.connect(count - len(crowd.clients))
            for number, client in enumerate(newcomers):
                client.seek(b" 366 ")
                client.send(f"JOIN {halls[number % len(halls)]}")
            crowd.until(lambda some=newcomers: all(each.found for each in some))  # type: ignore[misc]
            crowd.settle()
            found.append(f"{_cost_of_quits(server, crowd, halls) / count * 1e6:.2f}")
        yield f"QUIT from 100 rooms, seen by {words}: {' / '.join(found)} µs of CPU for each told"


def _cost_of_joins(server: Running, crowd: Crowd, mover: Client, times: int = 10) -> float:
    cpu = server.cpu_s()
    for _ in range(times):
        crowd.all_find([mover], b"PONG", "PART #hall", "JOIN #hall", "PING moved")
    crowd.settle()
    return (server.cpu_s() - cpu) / times


def _cost_of_quits(server: Running, crowd: Crowd, halls: list[str], times: int = 10) -> float:
    joins = [f"JOIN {','.join(halls[start : start + 25])}" for start in range(0, len(halls), 25)]
    with Crowd(server, "quitter") as others:
        leavers = others.connect(times)
        for client in leavers:
            others.all_find([client], b"PONG", *joins, "PING in")
        crowd.settle()
        cpu = server.cpu_s()
    crowd.settle()
    return (server.cpu_s() - cpu) / times


def chatting(size: float) -> Iterator[str]:
    """Ten thousand people in rooms of all sizes; how long the loop makes someone wait meanwhile."""
    people, rate, seconds = round(10_000 * size), round(2_000 * size), 10.0
    with run(OURS) as server, Crowd(server) as crowd:
        clients = crowd.connect(people)
        rooms: list[list[Client]] = []
        members = 2
        while clients:
            some, clients = clients[:members], clients[members:]
            crowd.all_find(some, b" 366 ", f"JOIN #size{len(rooms)}")
            for client in some:
                client.seek(f"PRIVMSG #size{len(rooms)} :{TEXT}\r\n".encode())
            rooms.append(some)
            members = 2 if members >= MEMBERS_MAX else min(MEMBERS_MAX, members + (members >> 1))
        crowd.settle()
        probe = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.probe", str(server.port), str(seconds)],
            stdout=subprocess.PIPE,
        )
        cpu, began, sent = server.cpu_s(), time.monotonic(), 0

        def speak() -> None:
            nonlocal sent
            while sent < min(time.monotonic() - began, seconds) * rate:
                room = rooms[sent % len(rooms)]
                speaker = room[sent // len(rooms) % len(room)]
                speaker.socket.sendall(speaker.sought)
                sent += 1

        while time.monotonic() < began + seconds:
            speak()
            crowd.turn(0.0, speak)
        used = server.cpu_s() - cpu
        answers = json.loads(probe.communicate()[0])
        crowd.settle()
        told = sum(client.found for client in crowd.clients)
        yield (
            f"{people:,} people in {len(rooms)} rooms of 2 to {MEMBERS_MAX}, "
            f"{sent / seconds:,.0f} messages/s in, "
            f"{told / seconds:,.0f} deliveries/s: loop latency p50 {answers['p50_ms']:.1f} ms, "
            f"p99 {answers['p99_ms']:.1f} ms (goal 50); {used / seconds:.0%} of a core"
        )


def growth(size: float, messages: int = 1_000_000) -> Iterator[str]:
    """What storing a message costs from an empty database on, and what the search index adds."""
    messages = round(messages * size)
    step, lines = messages // 5, 512
    with run(OURS) as server, Crowd(server) as crowd:
        speakers = crowd.connect(4)
        for number, client in enumerate(speakers):
            crowd.all_find([client], b"PONG", f"JOIN #store{number}", "PING in")
        costs: list[str] = []
        stored, began = 0, time.monotonic()
        while stored < messages:
            cpu, until = server.cpu_s(), stored + step
            while stored < until:
                for number, client in enumerate(speakers):
                    text = [f"PRIVMSG #store{number} :{TEXT} {stored + n}" for n in range(lines)]
                    client.seek(b"PONG")
                    client.socket.setblocking(True)
                    client.send(*text, "PING stored")
                    client.socket.setblocking(False)
                    stored += lines
                crowd.until(lambda: all(client.found for client in speakers))
            costs.append(f"{(server.cpu_s() - cpu) / step * 1e6:.1f}")
        rate = stored / (time.monotonic() - began)
        file_bytes = sum(each.stat().st_size for each in server.folder.glob("*.db*"))
        yield (
            f"{stored:,} messages stored one after the other, {rate:,.0f}/s: "
            f"{' / '.join(costs)} µs of CPU each, by fifths; "
            f"{file_bytes / stored:.0f} bytes on disk each"
        )


def disk(size: float) -> Iterator[str]:
    """What one fdatasync of a small write takes where the databases of these runs lie."""
    taken: list[float] = []
    with tempfile.NamedTemporaryFile() as file:
        for _ in range(round(200 * size)):
            os.pwrite(file.fileno(), b"x" * 4096, 0)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - began) * 1e6)
    cuts = statistics.quantiles(taken, n=100)
    yield f"one fdatasync on this disk: p50 {cuts[49]:,.0f} µs, p99 {cuts[98]:,.0f} µs"


def _longest_tick_s(server: Running) -> float:
    """The longest tick since the last look."""
    answer = ask(Path(server.folder), {"do": "status"})
    assert answer is not None
    return float(answer["values"]["longest_tick_seconds"])


def conversation(size: float) -> Iterator[str]:
    """What the client's conversation costs, in a process of its own."""
    lines = str(max(1_000, round(CONVERSATION_LINES * size)))
    command = [sys.executable, "-m", "tests.bench.client", "--lines", lines]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise RuntimeError(answer.stderr.strip().rpartition("\n")[2])
    for line in answer.stdout.splitlines():
        yield f"client: {line}"


CROWDS: Final[dict[str, Callable[[float], Iterator[str]]]] = {
    "disk": disk,
    "tls": idle_tls,
    "storm": storm,
    "recipients": recipients,
    "chatting": chatting,
    "growth": growth,
    "conversation": conversation,
}
"""By the name of the row."""
