"""Those who keep a server busy: they come, talk, look things up, and leave in every way."""

import random
from typing import Final

from tests.faults.stage import Crowd, Guest

ROOMS: Final = 40
ROOMS_EACH: Final = 3
WORDS: Final = (
    *("tea", "walks", "river", "early", "storm", "garden", "letters", "window", "bicycle"),
    *("morning", "yellow", "seven", "harbour", "stones", "concert", "winter", "salt", "engine"),
)
CAPABILITIES: Final = (
    "CAP REQ :echo-message message-tags batch server-time labeled-response draft/chathistory "
    "draft/event-playback standard-replies soju.im/search"
)


class People:
    """A changing crowd of `wanted` people; every call of `act` is something one of them does."""

    def __init__(self, crowd: Crowd, wanted: int, seed: int) -> None:
        self.echoes = 0
        self.acts = 0
        self.came = 0
        self.failed: dict[str, int] = {}
        self._crowd = crowd
        self._rooms: dict[Guest, list[str]] = {}
        self._wanted = wanted
        self._chance = random.Random(seed)
        self._actions = (
            (60, self._talk),
            (6, self._page),
            (6, self._mark),
            (5, self._type),
            (4, self._move),
            (3, self._rename),
            (3, self._away),
            (3, self._who),
            (2, self._topic),
            (1, self._search),
            (1, self._list),
            (2, self._leave),
        )
        self._weights = [weight for weight, _ in self._actions]

    def act(self) -> None:
        """Someone does something."""
        self.acts += 1
        self._crowd.guests = [guest for guest in self._crowd.guests if not guest.closed]
        if len(self._rooms) > 2 * self._wanted:
            self._rooms = {guest: self._rooms[guest] for guest in self._crowd.guests}
        if len(self._crowd.guests) < self._wanted:
            self._come()
            return
        guest = self._chance.choice(self._crowd.guests)
        _, action = self._chance.choices(self._actions, self._weights)[0]
        action(guest)

    def _any_room(self) -> str:
        return f"#soak{self._chance.randrange(ROOMS)}"

    def _room(self, guest: Guest) -> str:
        """One that they are in."""
        return self._chance.choice(self._rooms[guest])

    def _text(self) -> str:
        return " ".join(self._chance.choices(WORDS, k=self._chance.randint(1, 20)))

    def _come(self) -> None:
        self.came += 1
        rooms = list(dict.fromkeys(self._any_room() for _ in range(ROOMS_EACH)))
        guest = self._crowd.call(
            f"s{self.came}",
            CAPABILITIES,
            f"NICK s{self.came}",
            f"USER s{self.came} 0 * :s",
            "CAP END",
            *(f"JOIN {room}" for room in rooms),
        )
        guest.heard = self._hear
        self._rooms[guest] = rooms

    def _hear(self, guest: Guest, line: bytes) -> None:
        head, _, rest = line.partition(b" ") if line.startswith(b"@") else (b"", b"", line)
        words = rest.split(b" ", 4)
        own = words[0].startswith(b":" + guest.nick.encode() + b"!")
        if len(words) > 2 and words[1] == b"PRIVMSG" and own and b"batch=" not in head:
            self.echoes += 1
        elif len(words) > 3 and words[1] == b"FAIL":
            name = b" ".join(words[2:4]).decode()
            self.failed[name] = self.failed.get(name, 0) + 1
        elif len(words) > 2 and words[1] == b"NICK" and own:
            guest.nick = words[2].removeprefix(b":").decode()

    def _talk(self, guest: Guest) -> None:
        self._crowd.send(guest, f"PRIVMSG {self._room(guest)} :{self._text()}")

    def _page(self, guest: Guest) -> None:
        self._crowd.send(guest, f"CHATHISTORY LATEST {self._room(guest)} * 50")

    def _mark(self, guest: Guest) -> None:
        self._crowd.send(guest, f"@label=m NAMES {self._room(guest)}")

    def _type(self, guest: Guest) -> None:
        self._crowd.send(guest, f"@+typing=active TAGMSG {self._room(guest)}")

    def _move(self, guest: Guest) -> None:
        rooms, room = self._rooms[guest], self._any_room()
        left = rooms.pop(0)
        if room not in rooms:
            rooms.append(room)
        rooms = self._rooms[guest] = rooms or [left]
        self._crowd.send(guest, f"PART {left} :bye", f"JOIN {rooms[-1]}")

    def _rename(self, guest: Guest) -> None:
        self._crowd.send(guest, f"NICK n{self._chance.randrange(10**9)}")

    def _away(self, guest: Guest) -> None:
        self._crowd.send(guest, "AWAY :tea" if self._chance.random() < 0.5 else "AWAY")

    def _who(self, guest: Guest) -> None:
        self._crowd.send(guest, f"WHO {self._room(guest)}")

    def _topic(self, guest: Guest) -> None:
        self._crowd.send(guest, f"TOPIC {self._room(guest)} :{self._text()}")

    def _search(self, guest: Guest) -> None:
        self._crowd.send(guest, f"SEARCH text={self._chance.choice(WORDS)};limit=20")

    def _list(self, guest: Guest) -> None:
        self._crowd.send(guest, "LIST")

    def _leave(self, guest: Guest) -> None:
        """In order, or just gone."""
        if self._chance.random() < 0.5:
            self._crowd.send(guest, "QUIT :bye")
        else:
            self._crowd.drop(guest)
