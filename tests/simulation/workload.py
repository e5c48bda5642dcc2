"""TABLES of what people and gremlins do, and the generator of command lines.

Lines come from the rows of the server's COMMANDS: its usage says what a parameter is, and each
kind of parameter has a maker of valid and of odd values. A new command is exercised by being
in the table.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from functools import partial
from typing import Final

from common.capabilities import CAPABILITIES, TAG_KEY
from common.casemap import fold
from server.core.dispatch import COMMANDS
from tests.simulation.chance import Chance
from tests.simulation.checkers import Checkers
from tests.simulation.gremlins import Gremlin
from tests.simulation.people import Person
from tests.simulation.trace import Trace
from tui.client.client import Client
from tui.client.state import Buffer, BufferKind, Connection, Delivery

NICKS: Final = ("ann", "bob", "cyd", "dee", "eve", "Ann", "[x]", "gus")
ROOM_NAMES: Final = ("#trail", "#lake", "#Trail", "#hut", "#été")
ODD_WORDS: Final = (
    "",
    ":",
    "*",
    "#",
    "#a,b",
    "lobby",
    "-1",
    "0",
    "99999999999999999999",
    "é" * 40,
    "x" * 450,
    "\x01",
    "a\tb",
    "@",
    "=",
)
TEXTS: Final = ("so", "\x01ACTION waves\x01", "\x01VERSION\x01", "a:b :c", "x" * 300, "ö" * 150)

SOUGHT: Final = ("word", "wo*", '"word word"', "waves from:ann", "xxx* before:yesterday", "?!", "")
"""What someone searches for."""

COMMANDS_NOT_TYPED: Final = frozenset(
    {"CAP", "PASS", "USER", "DEVICE", "CHATHISTORY", "BATCH"}
    | {"REGISTER", "VERIFY", "AUTHENTICATE", "NICKSERV", "NS"}
)
"""What our client's own negotiation and paging are made of: typing these breaks one's own link.

People stay guests with a device, so their keys and rooms are the device's throughout.
"""

OPERATOR: Final = ("boss", "no-maker-makes-this")

FLOOD_LINES: Final = 600
CHATTER_LINES_MAX: Final = 250
PASTE_LINES_MAX: Final = 5


@dataclass(slots=True)
class Scene:
    """What the makers of a line may use."""

    chance: Chance
    rooms: list[str]  # names on the wire that someone may try
    made: int = 0  # texts so far: each is unique
    ids: dict[str, None] = field(default_factory=dict)  # of unlisted rooms that friends tell

    shut: list[str] = field(default_factory=list)  # rooms that were made by invitation only

    def new_text(self) -> str:
        """A text that is said once."""
        self.made += 1
        return f"t{self.made} {'word ' * self.chance.random_int(6)}".strip()

    def any_room(self) -> str:
        """A room's name."""
        return self.chance.choose([*self.rooms, *self.ids])


# Lines from COMMANDS

_CHANGES: Final = ("+o", "-o", "+v", "+b", "-b", "+i", "-i", "+s", "-s", "+m", "-m", "+k", "-k")
_MORE_CHANGES: Final = ("+l", "-l", "+t-n", "+n", "b", "+q", "+e", "+I", "+z", "")


def _selector(scene: Scene) -> str:
    number = scene.chance.random_int(30)
    stamp = f"timestamp=2026-01-0{scene.chance.between(1, 3)}T0{number % 10}:00:00.000Z"
    return scene.chance.choose(["*", f"number={number}", stamp, "msgid=nonsense"])


MAKERS: Final[dict[str, Callable[[Scene], str]]] = {
    "room": lambda scene: scene.any_room(),
    "name": lambda scene: scene.chance.choose([*NICKS, *ROOM_NAMES]),
    "nick": lambda scene: scene.chance.choose(NICKS),
    "mask": lambda scene: scene.chance.choose(["*!*@*", "a*", "?nn!*@*"]),
    "text": lambda scene: scene.chance.choose([scene.new_text(), *TEXTS]),
    "reason": lambda scene: scene.chance.choose(["", "so long", "x" * 400]),
    "changes": lambda scene: scene.chance.choose(_CHANGES + _MORE_CHANGES),
    "parameters": lambda scene: scene.chance.choose([*NICKS, "a*", "3", "secret"]),
    "selector": _selector,
    "count": lambda scene: scene.chance.choose(["1", "5", "100", "0", "x"]),
    "token": lambda scene: scene.chance.token(),
    "days": lambda scene: scene.chance.choose(["1d", "30d"]),
    "messages": lambda scene: scene.chance.choose(["3", "50"]),
    "word": lambda scene: scene.chance.choose([*COMMANDS, "nonsense"]),
    "key": lambda scene: scene.chance.choose(["secret", "wrong"]),
    "fields": lambda scene: scene.chance.choose(["tcuhnfdlaor", "n", ""]),
    "parameter": lambda scene: scene.chance.choose(
        ["302", "message-tags", "-server-time", "nonsense"]
    ),
}

_WORD: Final = re.compile(r"[A-Za-z]+")


def command_line(scene: Scene, name: str) -> str:
    """A line of a command by its usage, now and then with a parameter odd, missing or surplus."""
    chance = scene.chance
    params = [_parameter(scene, word) for word in COMMANDS[name].usage.split()[1:]]
    if params and chance.one_in(6):
        params[chance.random_int(len(params))] = chance.choose(ODD_WORDS)
    if chance.one_in(8):
        params = params[: chance.random_int(len(params) + 1)]
    if chance.one_in(20):
        params += ["more"] * chance.between(1, 20)
    return " ".join([name, *params])


def _parameter(scene: Scene, usage: str) -> str:
    """One parameter; of alternatives one, of a list some."""
    trailing = ":" if ":" in usage else ""
    choice = scene.chance.choose(usage.strip("[]:").split("|"))
    found = _WORD.search(choice)
    if found is None or found[0] not in MAKERS:
        return trailing + choice
    maker = MAKERS[found[0]]
    count = scene.chance.between(1, 3) if ",…" in usage else 1
    return trailing + ",".join(maker(scene) for _ in range(count))


# People

Act = Callable[[Scene, Person, "Checkers", Trace], None]


def _buffer(scene: Scene, person: Person, *kinds: BufferKind) -> Buffer | None:
    held = [each for each in person.client.state.buffers.values() if each.kind in kinds]
    return scene.chance.choose(held) if held else None


def _say(scene: Scene, person: Person, checkers: Checkers, _trace: Trace) -> None:
    buffer = _buffer(scene, person, BufferKind.ROOM, BufferKind.ROOM, BufferKind.DIRECT)
    if buffer is None:
        return
    lines = [scene.new_text()]
    if scene.chance.one_in(8):
        lines += [scene.new_text() for _ in range(scene.chance.between(1, PASTE_LINES_MAX))]
    if scene.chance.one_in(12):
        lines[-1] += " long" * 200
    said = person.try_to(lambda client: client.say(buffer.key, "\n".join(lines)))
    if said and person.device and buffer.kind is BufferKind.ROOM:
        checkers.once.update(dict.fromkeys(["\n".join(lines), *lines]))


def _act(scene: Scene, person: Person, _checkers: Checkers, _trace: Trace) -> None:
    buffer = _buffer(scene, person, BufferKind.ROOM)
    if buffer is not None:
        person.try_to(lambda client: client.action(buffer.key, scene.new_text()))


def _notice(scene: Scene, person: Person, _checkers: Checkers, _trace: Trace) -> None:
    target = scene.chance.choose([scene.any_room(), scene.chance.choose(NICKS)])
    person.try_to(lambda client: client.notice(target, scene.new_text()))


def _create(scene: Scene, person: Person, _checkers: Checkers, trace: Trace) -> None:
    name = scene.chance.choose(["", scene.chance.choose(ROOM_NAMES)])
    if person.try_to(lambda client: client.create(name)) and not name:
        trace.mark("room without a name")


def _join(scene: Scene, person: Person, _checkers: Checkers, _trace: Trace) -> None:
    word = scene.chance.choose([scene.any_room(), scene.any_room(), "trial", "trai", "#hutt"])
    if scene.shut and scene.chance.one_in(4):
        word = scene.shut[-1]
    person.try_to(lambda client: client.join(word))


def _leave(scene: Scene, person: Person, _checkers: Checkers, _trace: Trace) -> None:
    buffer = _buffer(scene, person, BufferKind.ROOM, BufferKind.DIRECT)
    if buffer is not None:
        person.try_to(lambda client: client.leave(buffer.key, "bye"))


def _direct(scene: Scene, person: Person, _checkers: Checkers, _trace: Trace) -> None:
    nick = scene.chance.choose(NICKS)
    if person.try_to(lambda client: client.open_direct(nick)):
        person.try_to(lambda client: client.say(nick.lower(), scene.new_text()))


def _topic(scene: Scene, person: Person, _checkers: Checkers, _trace: Trace) -> None:
    buffer = _buffer(scene, person, BufferKind.ROOM)
    if buffer is not None:
        text = scene.chance.choose(["", scene.new_text(), "é" * 180])
        person.try_to(lambda client: client.set_topic(buffer.key, text))


def _nick(scene: Scene, person: Person, _checkers: Checkers, _trace: Trace) -> None:
    nick = scene.chance.choose([*NICKS, person.name])
    person.try_to(lambda client: client.change_nick(nick))


def _older(scene: Scene, person: Person, _checkers: Checkers, trace: Trace) -> None:
    buffer = _buffer(scene, person, BufferKind.ROOM)
    if buffer is not None and not buffer.at_start:
        person.try_to(lambda client: client.load_older(buffer.key))
        if buffer.loading_older and buffer.items:
            trace.mark("older page loaded")


def _search(scene: Scene, person: Person, _checkers: Checkers, trace: Trace) -> None:
    """Search, or go to something that was found."""
    chance = scene.chance
    state = person.client.state
    held = [item.msgid for buffer in state.buffers.values() for item in buffer.items]
    new = [hit for hit in state.search.hits if hit.item.msgid not in held]
    hits = new or state.search.hits
    if hits and chance.one_in(2):
        hit = chance.choose(hits)
        person.try_to(lambda client: client.show_message(hit.name, hit.item.msgid))
        trace.mark("went to what was found")
        return
    buffer = _buffer(scene, person, BufferKind.ROOM)
    room = buffer.key if buffer is not None and chance.one_in(2) else ""
    typed = chance.choose([*SOUGHT, f"t{chance.random_int(scene.made + 1)}"])
    best_first = chance.one_in(2)
    person.try_to(lambda client: client.search(typed, room, UTC, best_first=best_first))


def _fill(scene: Scene, person: Person, _checkers: Checkers, _trace: Trace) -> None:
    """Scroll to where messages are not loaded, from either side."""
    buffers = [each for each in person.client.state.buffers.values() if each.holes]
    if buffers:
        buffer = scene.chance.choose(buffers)
        hole = scene.chance.choose(list(buffer.holes))
        downward = scene.chance.one_in(2)
        person.try_to(lambda client: client.fill_hole(buffer.key, hole, downward=downward))


def _look(scene: Scene, person: Person, _checkers: Checkers, _trace: Trace) -> None:
    buffer = _buffer(scene, person, *BufferKind)
    assert buffer is not None
    person.client.show(buffer.key)
    person.client.look(looking=not scene.chance.one_in(3))
    person.client.clear_unread_rule(buffer.key)


def _ask(scene: Scene, person: Person, _checkers: Checkers, _trace: Trace) -> None:
    nick = scene.chance.choose(NICKS)
    person.try_to(lambda client: client.whois(nick))
    person.try_to(lambda client: client.refresh_lobby())


def _retry(_scene: Scene, person: Person, checkers: Checkers, trace: Trace) -> None:
    for buffer, item in person.client.unsent:
        if item.delivery is not Delivery.UNSENT:
            continue
        key, number = buffer, item.id
        if person.try_to(partial(Client.retry, buffer=key, item_id=number)):
            trace.mark("unsent message retried")
            if person.outlived(item):  # the server may have forgotten the key
                checkers.once.pop(item.text, None)


def _raw(scene: Scene, person: Person, _checkers: Checkers, _trace: Trace) -> None:
    names = [name for name in COMMANDS if name not in COMMANDS_NOT_TYPED]
    line = command_line(scene, scene.chance.choose(names))
    person.try_to(lambda client: client.raw(line))


def _moderate(scene: Scene, person: Person, _checkers: Checkers, _trace: Trace) -> None:
    state = person.client.state
    ruled = [
        buffer
        for buffer in state.buffers.values()
        if (member := buffer.members.get(fold(state.nick))) is not None and member.signs
    ]
    if not ruled:
        return
    room, nick = scene.chance.choose(ruled).name, scene.chance.choose(NICKS)
    if scene.chance.one_in(4):
        scene.shut.append(room)
        person.try_to(partial(Client.raw, line=f"MODE {room} +i"))
        return
    if scene.chance.one_in(6):
        choice = scene.chance.choose(["nothing", "nothing", "forever", "3"])
        person.try_to(partial(Client.raw, line=f"RETENTION {room} {choice}"))
        return
    words = [f"{scene.chance.choose(_CHANGES)} {nick}", "-i", "+s", "-s"]
    lines = [f"MODE {room} {scene.chance.choose(words)}"] * 2
    lines += [f"KICK {room} {nick}", f"INVITE {nick} {room}"]
    person.try_to(partial(Client.raw, line=scene.chance.choose(lines)))


def _quit(_scene: Scene, person: Person, _checkers: Checkers, trace: Trace) -> None:
    person.client.quit("later")
    trace.mark("person quit")


def _hurry(_scene: Scene, person: Person, _checkers: Checkers, _trace: Trace) -> None:
    person.client.retry_now()


ACTS: Final[dict[Act, int]] = {
    _say: 40,
    _act: 4,
    _notice: 4,
    _create: 5,
    _join: 14,
    _leave: 3,
    _direct: 4,
    _topic: 4,
    _nick: 3,
    _older: 6,
    _search: 8,
    _fill: 4,
    _look: 6,
    _ask: 3,
    _retry: 4,
    _raw: 12,
    _moderate: 9,
    _quit: 1,
    _hurry: 2,
}
"""What someone on line does, by how often."""


def act(scene: Scene, person: Person, checkers: Checkers, trace: Trace) -> None:
    """A person does one thing."""
    connection = person.client.state.connection
    if connection is Connection.OFFLINE:
        person.client.start()
    elif connection is Connection.ONLINE or scene.chance.one_in(4):
        scene.chance.weighted(ACTS)(scene, person, checkers, trace)


# Gremlins

Prank = Callable[[Scene, Gremlin], None]


def _introduce(scene: Scene, gremlin: Gremlin) -> None:
    chance = scene.chance
    wanted = [row.name for row in CAPABILITIES if chance.one_in(2)]
    if "draft/chathistory" in wanted:  # without batches, pages cannot be told from live lines
        wanted.append("batch")
    if chance.one_in(2):
        gremlin.say("CAP LS 302", f"CAP REQ :{' '.join(wanted)}", f"DEVICE {chance.token()}")
    nick = f"{chance.choose(NICKS)}{chance.random_int(4)}"
    gremlin.say(f"NICK {nick}", "USER g 0 * :g", "CAP END")
    gremlin.say(f"JOIN {chance.choose(ROOM_NAMES)}")
    gremlin.registered = True


def _command(scene: Scene, gremlin: Gremlin) -> None:
    tags = scene.chance.choose(
        ["", "", "@label=x ", f"@{TAG_KEY}=k{scene.chance.random_int(9)} ", "@+typing=active "]
    )
    gremlin.say(tags + command_line(scene, scene.chance.choose(list(COMMANDS))))


def _operate(scene: Scene, gremlin: Gremlin) -> None:
    """An operator of the server, for one deed: against gremlins, whose user name is g.

    Their names alone would not do: a client of ours whose nick is taken tries one with a digit.
    """
    chance = scene.chance
    name = f"{chance.choose(NICKS)}{chance.random_int(4)}"
    deed = chance.choose(
        [
            f"UBAN ADD {name}!g@* {chance.between(1, 60)}s :prank",
            f"UMUTE ADD {name}!g@* {chance.between(1, 60)}s",
            f"UMUTE DEL {name}!g@*",
            f"FILTER ADD no?such*text{chance.random_int(9)} 30s",
            f"KILL {name} :prank",
            f"SETHOST {chance.choose([name, *NICKS])} host{chance.random_int(9)}.example",
            "AUDIT",
            "UBAN LIST",
            "WALLOPS :hello",
        ]
    )
    gremlin.say(f"OPER {OPERATOR[0]} {OPERATOR[1]}", deed, "QUIT")


def _nonsense(scene: Scene, gremlin: Gremlin) -> None:
    gremlin.unwritten += scene.chance.data(scene.chance.between(1, 200)) + b"\n"


def _endless(scene: Scene, gremlin: Gremlin) -> None:
    gremlin.unwritten += b"x" * scene.chance.between(600, 6_000) + b"\r\n"


def _flood(scene: Scene, gremlin: Gremlin) -> None:
    line = scene.chance.choose([f"PING {'x' * 8}", "HELP", f"NAMES {scene.any_room()}"])
    gremlin.say(*[line] * FLOOD_LINES)


def _chatter(scene: Scene, gremlin: Gremlin) -> None:
    """More messages than a page of history holds."""
    room = scene.chance.choose(ROOM_NAMES)
    gremlin.say(f"JOIN {room}")
    texts = [scene.new_text() for _ in range(scene.chance.between(50, CHATTER_LINES_MAX))]
    gremlin.say(*[f"PRIVMSG {room} :{text}" for text in texts])


def _flood_and_finish(scene: Scene, gremlin: Gremlin) -> None:
    _flood(scene, gremlin)
    gremlin.step()
    gremlin.finish()


def _look_away(_scene: Scene, gremlin: Gremlin) -> None:
    gremlin.reads = not gremlin.reads


def _hang_up(_scene: Scene, gremlin: Gremlin) -> None:
    gremlin.hang_up()


def _finish(_scene: Scene, gremlin: Gremlin) -> None:
    gremlin.finish()


PRANKS: Final[dict[Prank, int]] = {
    _introduce: 6,
    _command: 60,
    _operate: 3,
    _nonsense: 4,
    _endless: 2,
    _flood: 2,
    _chatter: 1,
    _flood_and_finish: 1,
    _look_away: 3,
    _hang_up: 2,
    _finish: 1,
}
"""What a gremlin does, by how often."""


def prank(scene: Scene, gremlin: Gremlin, capacity_bytes: int) -> None:
    """A gremlin does one thing; one without a link connects, mostly to introduce itself."""
    if gremlin.link is None:
        if gremlin.connect(capacity_bytes) and not scene.chance.one_in(4):
            _introduce(scene, gremlin)
        return
    scene.chance.weighted(PRANKS)(scene, gremlin)
