"""A real server process in its own folder, somebody who notices when it stalls, and a crowd."""

import re
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from server.admin import ask
from server.data_folder import DATABASE
from server.storage.sqlite.check import findings, open_read_only
from tests.loop.serving import Caller

ROOT: Final = Path(__file__).parents[2]
READ_BYTES: Final = 256 << 10
SMALL_BUFFER_BYTES: Final = 4096
PULSE_S: Final = 0.02

UNHURRIED: Final = "[limits]\ncost_per_second = 0\nlinks = 20000\n"


class Stage:
    """Starts `python -m MODULE` behind the words of `prefix`; ends it when the block does."""

    def __init__(
        self,
        folder: Path,
        settings: str = UNHURRIED,
        *,
        data: Path | None = None,
        prefix: Sequence[str] = (),
        module: str = "server",
    ) -> None:
        self.data = data or folder / "data"
        self.address = ("127.0.0.1", 0)
        self._log = folder / "log"
        self._longest_tick_s = 0.0
        self._config = folder / "server.toml"
        self._config.write_text(settings, encoding="utf-8")
        self._words = [*prefix, sys.executable, "-m", module]
        self.process: subprocess.Popen[str] | None = None

    def __enter__(self) -> "Stage":
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.communicate()

    def start(self) -> None:
        """Start it, after the first time on the same port, and wait until it listens."""
        host, port = self.address
        words = ["--config", str(self._config), "--listen", f"{host}:{port}"]
        with self._log.open("a") as log:
            self.process = subprocess.Popen(
                [*self._words, *words, "--data", str(self.data)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout
        found = re.search(r"127\.0\.0\.1:(\d+)", self.process.stdout.readline())
        assert found, self.log
        self.address = (host, int(found[1]))

    def send_signal(self, number: signal.Signals) -> None:
        """Send the server a signal."""
        assert self.process
        self.process.send_signal(number)

    def end(self, wait_s: float = 30.0) -> tuple[int, float]:
        """Wait for its end after a signal: the exit status, and how long it took."""
        assert self.process
        began = time.monotonic()
        self.process.communicate(timeout=wait_s)
        return self.process.returncode, time.monotonic() - began

    def stop(self) -> tuple[int, float]:
        """SIGTERM, and its end."""
        self.send_signal(signal.SIGTERM)
        return self.end()

    @property
    def pid(self) -> int:
        """The process that runs."""
        assert self.process
        return self.process.pid

    @property
    def log(self) -> str:
        """What it wrote on standard error so far."""
        return self._log.read_text(encoding="utf-8")

    def status(self) -> dict[str, float]:
        """Its metrics."""
        answer = ask(self.data, {"do": "status"})
        assert answer, "no server answers"
        values: dict[str, float] = answer["values"]
        self._longest_tick_s = max(self._longest_tick_s, values["longest_tick_seconds"])
        return values

    def forget_ticks(self) -> None:
        """The longest tick is that from now on."""
        self.status()
        self._longest_tick_s = 0.0

    @property
    def longest_tick(self) -> str:
        """In words, up to now."""
        self.status()
        return f"{1000 * self._longest_tick_s:.1f} ms"

    def stored(self, room: str = "") -> list[str]:
        """What was said, in the order of the log; the database must be whole."""
        with closing(open_read_only(self.data / DATABASE)) as connection:
            assert list(findings(connection)) == []
            rows = connection.execute(
                "SELECT text FROM events JOIN channels ON id = channel_id"
                " WHERE kind = 1 AND ? IN ('', name) ORDER BY channel_id, position",
                (room,),
            )
            return [text for (text,) in rows]

    def events(self) -> int:
        """How many events of every kind the log holds."""
        with closing(open_read_only(self.data / DATABASE)) as connection:
            return int(connection.execute("SELECT count(*) FROM events").fetchone()[0])


class Pulse(threading.Thread):
    """Someone who says a word again and again, and notes how long its echo takes.

    The echo means stored. What is refused is noted and said again.
    """

    def __init__(self, address: tuple[str, int], nick: str = "pulse") -> None:
        super().__init__(daemon=True)
        self.shown: list[str] = []
        self.delays_s: list[float] = []
        self.refused = 0
        self.farewell = ""
        self.room = f"#{nick}"
        self._nick = nick
        self._over = threading.Event()
        self._caller = Caller(address)

    def __enter__(self) -> "Pulse":
        caps = "CAP REQ :echo-message labeled-response batch message-tags standard-replies"
        self._caller.send(caps, "CAP END")
        self._caller.register(self._nick).join(self.room)
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        self.join(60)
        self._caller.close()

    def run(self) -> None:
        """Beat until told to stop, or the link ends."""
        number = 0
        with suppress(OSError):
            while not self._over.wait(PULSE_S):
                began = time.monotonic()
                word = f"beat-{number}"
                self._caller.send(f"@label={number} PRIVMSG {self.room} {word}")
                if self._is_shown(word):
                    self.delays_s.append(time.monotonic() - began)
                    self.shown.append(word)
                    number += 1
                elif self.farewell:
                    return
                else:
                    self.refused += 1

    def _is_shown(self, word: str) -> bool:
        while line := self._caller.line():
            if re.search(rf" PRIVMSG {self.room} :?{word}$", line):
                return True
            if " FAIL PRIVMSG " in line:
                return False
            if line.startswith("ERROR "):
                self.farewell = line
        self.farewell = self.farewell or "the link ended without a word"
        return False

    def wait_for(self, beats: int, timeout_s: float = 60.0) -> None:
        """Until so many more words were shown."""
        wanted, until = len(self.shown) + beats, time.monotonic() + timeout_s
        while len(self.shown) < wanted:
            assert time.monotonic() < until, f"no {beats} beats within {timeout_s} s"
            assert self.is_alive(), f"the link ended: {self.farewell}"
            time.sleep(PULSE_S)

    def figures(self) -> dict[str, str]:
        """How it was served."""
        delays_ms = [1000 * delay for delay in self.delays_s]
        assert delays_ms, f"nothing was shown to {self._nick}: {self.farewell}"
        return {
            "the one who talks all the while": f"{len(self.shown)} messages shown, "
            f"echo median {statistics.median(delays_ms):.1f} ms, longest {max(delays_ms):.0f} ms"
            + (f", {self.refused} refused" if self.refused else "")
        }


class Guest:
    """One of a crowd: a socket that never blocks. `heard` is called with each line."""

    def __init__(self, connection: socket.socket, nick: str) -> None:
        self.socket = connection
        self.nick = nick
        self.closed = False
        self.farewell = b""
        self.lines = 0
        self.rooms = 0  # it has entered
        self.reads = True
        self.heard: Callable[[Guest, bytes], None] | None = None
        self.unsent = bytearray()
        self.partial = b""


class Crowd:
    """Many guests on one selector; nothing happens but in `turn`."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.guests: list[Guest] = []
        self._address = address
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *_exception: object) -> None:
        for guest in self.guests:
            self.drop(guest)
        self._selector.close()

    def call(self, nick: str, *lines: str, small_buffer: bool = False) -> Guest:
        """Connect, and send lines as soon as that is possible."""
        connection = socket.socket()
        connection.setblocking(False)
        if small_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER_BYTES)
        with suppress(BlockingIOError):
            connection.connect(self._address)
        guest = Guest(connection, nick)
        self.guests.append(guest)
        self._selector.register(connection, selectors.EVENT_READ, guest)
        self.send(guest, *lines)
        return guest

    def register(self, nick: str, *lines: str, small_buffer: bool = False) -> Guest:
        """The same, with a name given first."""
        hello = (f"NICK {nick}", f"USER {nick} 0 * :{nick}")
        return self.call(nick, *hello, *lines, small_buffer=small_buffer)

    def send(self, guest: Guest, *lines: str) -> None:
        """Send lines, or what of them can be sent now."""
        self.send_bytes(guest, "".join(f"{line}\r\n" for line in lines).encode())

    def send_bytes(self, guest: Guest, data: bytes) -> None:
        """The same with bytes."""
        if not guest.closed and data:
            guest.unsent += data
            self._write(guest)

    def stop_reading(self, guest: Guest) -> None:
        """The guest reads nothing any more."""
        guest.reads = False
        self._watch(guest)

    def drop(self, guest: Guest) -> None:
        """The guest is gone, without a word."""
        if not guest.closed:
            guest.closed = True
            with suppress(KeyError):
                self._selector.unregister(guest.socket)
            guest.socket.close()

    def turn(self, timeout_s: float = 0.01) -> None:
        """Read and send what can be."""
        for key, events in self._selector.select(timeout_s):
            guest = key.data
            if events & selectors.EVENT_WRITE and not guest.closed:
                self._write(guest)
            if events & selectors.EVENT_READ and not guest.closed:
                self._read(guest)

    def until(self, is_so: Callable[[], bool], timeout_s: float, what: str) -> float:
        """Turn until something is so; the seconds it took. Fails where it takes too long."""
        began = time.monotonic()
        while not is_so():
            passed_s = time.monotonic() - began
            assert passed_s < timeout_s, f"not within {timeout_s:.0f} s: {what}"
            self.turn()
        return time.monotonic() - began

    @property
    def open(self) -> int:
        """How many links stand."""
        return sum(not guest.closed for guest in self.guests)

    def _read(self, guest: Guest) -> None:
        try:
            data = guest.socket.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.drop(guest)
            return
        *lines, guest.partial = (guest.partial + data).split(b"\r\n")
        guest.lines += len(lines)
        for line in lines:
            if line.startswith(b"PING "):
                self.send_bytes(guest, b"PONG" + line[4:] + b"\r\n")
            elif line.startswith(b"ERROR "):
                guest.farewell = line
            elif b" 366 " in line:
                guest.rooms += 1
            if guest.heard is not None:
                guest.heard(guest, line)

    def _write(self, guest: Guest) -> None:
        try:
            sent = guest.socket.send(guest.unsent)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError as error:
            if error.errno not in (115, 107):  # still connecting
                self.drop(guest)
                return
            sent = 0
        del guest.unsent[:sent]
        self._watch(guest)

    def _watch(self, guest: Guest) -> None:
        wanted = (selectors.EVENT_READ if guest.reads else 0) | (
            selectors.EVENT_WRITE if guest.unsent else 0
        )
        known = guest.socket in self._selector.get_map()
        if wanted and known:
            self._selector.modify(guest.socket, wanted, guest)
        elif wanted:
            self._selector.register(guest.socket, wanted, guest)
        elif known:
            self._selector.unregister(guest.socket)
