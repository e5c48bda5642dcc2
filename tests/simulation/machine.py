"""A state machine over the simulated server: commands in any order, with any arguments.

`simulator` runs what a seed says, with real clients, for as long as one likes. Here hypothesis
chooses each line, fault and pause, so that what breaks shrinks to the few steps that matter. The
server, its network and its checkers are the same: every tick is judged by `checkers`.
"""

import base64
from collections.abc import Callable
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from common.capabilities import CAPABILITIES
from common.casemap import fold
from server.core.administration import secrets_to_order
from server.core.dispatch import COMMANDS
from server.core.passwords import Cost, keep
from server.settings import Settings
from tests.simulation.chance import Chance, Clock
from tests.simulation.checkers import Checkers
from tests.simulation.gremlins import Gremlin
from tests.simulation.network import Network
from tests.simulation.server import AMID_FLUSH, JOB_S_MAX, Server
from tests.simulation.trace import PHASES, Trace
from tests.simulation.workload import ODD_WORDS, OPERATOR

ROOMS: Final = ("#trail", "#lake", "#Trail")
NAMES: Final = ("ann", "bob", "cyd")
PASSWORD: Final = "correct horse"
HASHED: Final = secrets_to_order(keep(PASSWORD, b"salt-salt-salt-s", Cost(64, 1, 4_096)))

CAPACITY_BYTES: Final = 64 << 10
STEP_S: Final = 0.01
HOUR_MS: Final = 3_600_000
REST_STEP_S: Final = 1.0
REST_STEPS: Final = 60
REST_STEPS_QUIET: Final = 4

SETTINGS: Final = Settings(
    limits__cost_per_second=0,
    limits__searches_per_minute=0,
    limits__failed_logins=1_000,
    accounts__hash_kib=64,
    accounts__hash_rounds=1,
    accounts__scram_iterations=4_096,
    rooms__unnamed_empty_days=1,
    rooms__empty_days=1,
    opers=(OPERATOR,),
)

# Who comes

OURS: Final = " ".join(row.name for row in CAPABILITIES if row.wanted)
ALL: Final = " ".join(row.name for row in CAPABILITIES)
ARRIVALS: Final = {
    "with our client": OURS,
    "with everything": ALL,
    "with tags alone": "message-tags batch server-time draft/chathistory",
    "with nothing": "",
}
"""What someone negotiates who comes; the first misses nothing of a room and labels its lines."""

EXACT: Final = "with our client"


def _introduction(who: int, how: str, *, logs_in: bool) -> list[str]:
    name, wanted = NAMES[who], ARRIVALS[how]
    lines = ["CAP LS 302"] if wanted or logs_in else []
    names = wanted.split() + ["sasl"] * (logs_in and "sasl" not in wanted)
    lines += [f"CAP REQ :{' '.join(names[at : at + 12])}" for at in range(0, len(names), 12)]
    if logs_in:
        proof = base64.b64encode(f"\0{name}\0{PASSWORD}".encode()).decode()
        lines += ["AUTHENTICATE PLAIN", f"AUTHENTICATE {proof}"]
    elif how == EXACT:
        lines.append(f"DEVICE device-of-{name}-is-this")
    lines += [f"NICK {name}", f"USER {name} 0 * :{name}"]
    return lines + (["CAP END"] if wanted or logs_in else [])


# What is said, by area, with holes to fill; `{id}` is an event of some room

MOVING: Final = (
    *("JOIN {room}", "CREATE {room}", "CREATE", "PART {room} :{text}", "EXIT {room}"),
    *("NICK {name}", "NICK dee", "AWAY :{text}", "AWAY", "QUIT :{text}", "CLOSE {room}"),
)
TALKING: Final = (
    *("PRIVMSG {room} :{text}", "PRIVMSG {name} :{text}", "NOTICE {room} :{text}"),
    *("PRIVMSG @{room} :{text}", "TAGMSG {room}", "TOPIC {room} :{text}"),
    *("EDIT {room} {id} :{text}", "REDACT {room} {id} :{text}", "RELAYMSG {room} x/y :{text}"),
)
GOVERNING: Final = (
    *("MODE {room} {change}", "MODE {room} {role} {name}", "MODE {room} {list} {mask}"),
    *("KICK {room} {name} :{text}", "INVITE {name} {room}", "RENAME {room} {room} :{text}"),
    *("BAN {room} {name} 1h", "UNBAN {room} {name}", "TRANSFER {room} {name}"),
    *("RETENTION {room} nothing", "RETENTION {room} forever", "RETENTION {room} 1d"),
    *("INVITATION {room}", "METADATA {room} SET url :{text}"),
)
READING: Final = (
    *("CHATHISTORY LATEST {room} * {count}", "CHATHISTORY BEFORE {room} msgid={id} {count}"),
    *("CHATHISTORY AFTER {room} msgid={id} {count}", "CHATHISTORY LATEST {name} * {count}"),
    *("SEARCH text={text}", "SEARCH in={room};text={text}", "MARKREAD {room}", "UNREAD"),
    *("METADATA * SUB url", "METADATA {room} LIST", "MONITOR + {name}", "VERSIONS {room} {id}"),
    *("NAMES {room}", "LIST", "WHO {room}", "WHOIS {name}", "TOPIC {room}", "MENTIONS"),
)
OWN: Final = (
    *("PERSISTENCE SET ON", "PERSISTENCE SET OFF", "ACCOUNT LIST", "WRITERS nobody"),
    *("REGISTER * * :correct horse", "NICKSERV :IDENTIFY {name} correct horse"),
    *("MODE {name} {change}", "METADATA * SET url :{text}", "ACCOUNT LOGOUT"),
)
OPERATING: Final = (
    *(
        "KILL {name} :{text}",
        "SETHOST {name} trail.example",
        "AUDIT",
        "WALLOPS :{text}",
        "LOCKDOWN ON",
        "LOCKDOWN OFF",
    ),
    *("UBAN ADD {name}!*@* 1h", "UMUTE ADD {name}!*@* 1h", "FILTER ADD *{text}* 1h"),
    *(
        "UBAN DEL {name}!*@*",
        "UMUTE DEL {name}!*@*",
        "FILTER DEL *{text}*",
        "MODE {room} +o {name}",
    ),
)
HOLES: Final = {
    "room": st.sampled_from(ROOMS),
    "name": st.sampled_from(NAMES),
    "text": st.sampled_from(["so", "\x01ACTION waves\x01", "x" * 300, "é" * 120]),
    "change": st.sampled_from(
        ["+i", "+s", "-s", "+m", "+k so", "-k *", "+l 1", "+n", "-n", "+u", "+U", "+B", "+R", "b"]
    ),
    "role": st.sampled_from(["+o", "-o", "+v", "-v", "+h", "+a", "-q"]),
    "list": st.sampled_from(["+b", "-b", "+e", "+I"]),
    "mask": st.sampled_from(["*!*@*", "ann!*@*", "a:bob", "m:*!*@*"]),
    "count": st.sampled_from(["1", "50"]),
    "id": st.sampled_from(["{0}", "{1}", "{5}"]),
}
TAGS: Final = ("", "", "@+draft/react=x;+draft/reply={0} ", "@+typing=active ")


def _filled(template: str) -> st.SearchStrategy[str]:
    return st.builds(template.format, **{name: HOLES[name] for name in HOLES if name in template})


def lines_of(templates: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Lines of an area, every hole filled."""
    return st.sampled_from(templates).flatmap(_filled)


words = st.one_of(
    *(HOLES[name] for name in ("room", "name", "change", "id")), st.sampled_from(ODD_WORDS)
)
odd_lines = st.builds(
    lambda name, middle, end: " ".join([name, *middle, *([f":{end}"] if end else [])]),
    st.sampled_from(sorted(COMMANDS)),
    st.lists(words, max_size=5),
    st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=40),
)
people = st.integers(0, len(NAMES) - 1)

UNSAID: Final = ("CAP", "PASS", "USER", "DEVICE", "BATCH", "AUTHENTICATE")
"""What a client of ours sends in its own order only: see `workload.COMMANDS_NOT_TYPED`."""


TROUBLE: Final = (
    *("commits fail", "reads fail", "low space", "clock", "kill"),
    *("account suspend", "account resume", "account delete", "erase"),
)


class Machine(RuleBasedStateMachine):
    """Three people, one server. A step is a line, a fault or a pause, and one tick or none."""

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.trace, self.network = Clock(), Trace(), Network()
        self.checkers = Checkers(self.trace, SETTINGS.limits__send_queue_bytes)
        self.server = Server(
            SETTINGS, self.network, self.clock, Chance(1), self.trace, self.checkers
        )
        self.people = [Gremlin(self.network, self.checkers) for _ in NAMES]
        self.exact = [False for _ in NAMES]
        self.labels = 0
        self.broken = False
        self.server.start()
        for name in NAMES[:2]:
            self._ordered({"do": "account add", "name": name, **HASHED})
        self._tick()

    # People

    @initialize(ways=st.tuples(*[st.sampled_from(list(ARRIVALS))] * 3), logs_in=st.booleans())
    def all_arrive(self, ways: tuple[str, ...], logs_in: bool) -> None:
        """Everyone is there, in one room, which the first of them owns."""
        for who, how in enumerate(ways):
            self.arrives(who, how, logs_in, says="CREATE #trail" if not who else "JOIN #trail")

    @rule(
        who=people,
        how=st.sampled_from(list(ARRIVALS)),
        logs_in=st.booleans(),
        says=lines_of(MOVING[:2]),
    )
    def arrives(self, who: int, how: str, logs_in: bool, says: str) -> None:
        """Someone comes, on a new link where they had one, and goes where others are."""
        person = self.people[who]
        person.hang_up()
        self.exact[who] = how == EXACT
        if person.connect(CAPACITY_BYTES, exact=self.exact[who]):
            person.say(*_introduction(who, how, logs_in=logs_in and who < 2))
            self._tick()
            self.clock.pass_time(JOB_S_MAX)
            self._say(who, "", says)

    @rule(who=people, line=lines_of(MOVING), waits=st.booleans())
    def moves(self, who: int, line: str, waits: bool) -> None:
        """Into rooms, out of them, away; at times together with what others do."""
        self._say(who, "", line, waits=waits)

    @rule(who=people, tags=st.sampled_from(TAGS), line=lines_of(TALKING), waits=st.booleans())
    def talks(self, who: int, tags: str, line: str, waits: bool) -> None:
        """Someone says something, or changes what was said."""
        self._say(who, tags, line, waits=waits)

    @rule(who=people, line=lines_of(GOVERNING), waits=st.booleans())
    def governs(self, who: int, line: str, waits: bool) -> None:
        """Someone rules a room, or tries to."""
        self._say(who, "", line, waits=waits)

    @rule(who=people, line=lines_of(READING), waits=st.booleans())
    def reads(self, who: int, line: str, waits: bool) -> None:
        """Someone looks something up."""
        self._say(who, "", line, waits=waits)

    @rule(who=people, line=lines_of(OWN))
    def sees_to_themselves(self, who: int, line: str) -> None:
        """Someone's account, modes and metadata."""
        self._say(who, "", line)

    @rule(who=people, line=lines_of(OPERATING))
    def operates(self, who: int, line: str) -> None:
        """Someone is an operator of the server, for one deed."""
        self._say(who, "", f"OPER {OPERATOR[0]} {OPERATOR[1]}", waits=True)
        self._say(who, "", line, waits=True)
        self._say(who, "", f"MODE {NAMES[who]} -o")

    @rule(who=people, line=odd_lines, waits=st.booleans())
    def blurts(self, who: int, line: str, waits: bool) -> None:
        """Any command with anything behind it, or nothing."""
        if not self.exact[who] or line.split()[0] not in UNSAID:
            self._say(who, "", line, waits=waits)

    @rule(who=people, data=st.binary(max_size=60))
    def sends(self, who: int, data: bytes) -> None:
        """Any bytes; from a client of ours never."""
        if not self.exact[who]:
            self.people[who].unwritten += data + b"\n"
            self._tick()

    def _say(self, who: int, tags: str, line: str, *, waits: bool = False) -> None:
        if self.people[who].link is None:
            return
        for newest, event in enumerate(self._newest(6)):
            tags, line = (text.replace(f"{{{newest}}}", event) for text in (tags, line))
        if self.exact[who]:
            self.labels += 1
            tags = f"@label=l{self.labels}{';' + tags[1:] if tags else ' '}"
        self.people[who].say(tags + line)
        if not waits:
            self._tick()

    def _newest(self, count: int) -> list[str]:
        rooms = self.checkers.ledger.rooms.values()
        events = [event for room in rooms for event in list(room.events.values())[-count:]]
        events.sort(key=lambda event: (event.wall_ms, event.position), reverse=True)
        return [event.msgid for event in events[:count]]

    @rule(who=people, how=st.sampled_from(["hangs up", "is cut off", "finishes", "looks away"]))
    def leaves(self, who: int, how: str) -> None:
        """Someone's link ends, in one of the ways that links end, or is not read any more."""
        person = self.people[who]
        if person.link is not None:
            _LEAVING[how](person)
            self._tick()

    # What else happens

    @rule(seconds=st.sampled_from([0.0, 0.5, 3.0, 61.0, 400.0, 3_700.0, 200_000.0]))
    def time_passes(self, seconds: float) -> None:
        """A pause: slow work is done, timers become due, rooms and bans expire."""
        self.clock.pass_time(seconds)
        self._tick()

    @rule(
        what=st.sampled_from(TROUBLE),
        phase=st.sampled_from([*PHASES, AMID_FLUSH]),
        count=st.integers(1, 3),
        name=st.sampled_from(NAMES),
    )
    def goes_wrong(self, what: str, phase: str, count: int, name: str) -> None:
        """The store, the disk or the clock; a kill at some point of a tick; an operator's order."""
        server = self.server
        if what == "commits fail":
            server.store.commits_to_fail = count
        elif what == "reads fail":
            server.store.reads_to_fail = count
        elif what == "low space":
            server.low_space_until = self.clock.now + count
        elif what == "clock":
            self.clock.set_wall((2 * count - 5) * HOUR_MS)
        elif what == "kill":
            server.kill_at = phase
            self._tick()
            server.kill_at = ""
        else:
            self._ordered({"do": what, "name": name})
            self._tick()

    def _ordered(self, order: dict[str, object]) -> None:
        if self.server.core is not None:
            self.server.core.administer(order)

    # One turn of everything

    def _tick(self) -> None:
        self.broken = True  # until it went well
        self.clock.pass_time(STEP_S)
        self._turn()
        self.broken = False

    def _turn(self) -> None:
        for person in self.people:
            person.step()
        self.network.carry(lambda waiting: waiting)
        if self.server.running:
            self.server.tick()
        if not self.server.running:
            self.server.start()
        self.network.carry(lambda waiting: waiting)
        for person in self.people:
            person.step()
        self.network.drop_closed()

    def teardown(self) -> None:
        """In the end everything works and rests; what was asked has been answered by then."""
        if not self.broken:
            self._come_to_rest()
            self.checkers.check_answered()
            self._check_places()

    def _come_to_rest(self) -> None:
        self.server.low_space_until = 0.0
        self.server.store.commits_to_fail = self.server.store.reads_to_fail = 0
        quiet_steps = 0
        for person in self.people:
            person.reads = True
        for _ in range(REST_STEPS):
            self.clock.pass_time(REST_STEP_S)
            self._turn()
            rests = self.server.idle and all(link.quiet for link in self.network.links.values())
            quiet_steps = quiet_steps + 1 if rests else 0
            if quiet_steps == REST_STEPS_QUIET:
                return
        raise AssertionError("it does not come to rest")

    def _check_places(self) -> None:
        """Whoever misses nothing was shown to be in the rooms they are in, and in no other."""
        core = self.server.core
        assert core is not None
        for who, person in enumerate(self.people):
            session = core.world.sessions.get(person.link.number) if person.link else None
            if not self.exact[who] or session is None or session.user is None:
                continue
            shown = self.checkers.seats_of(session.link)
            rooms = {fold(channel.record.name) for channel in session.user.channels}
            assert set(shown) == rooms, f"{session.nick} was shown to be in {set(shown)}"


def _cut_off(person: Gremlin) -> None:
    assert person.link is not None
    person.link.reset()


def _look_away(person: Gremlin) -> None:
    person.reads = not person.reads


_LEAVING: Final[dict[str, Callable[[Gremlin], None]]] = {
    "hangs up": Gremlin.hang_up,
    "is cut off": _cut_off,
    "finishes": Gremlin.finish,
    "looks away": _look_away,
}
