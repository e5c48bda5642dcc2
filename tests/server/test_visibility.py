"""Every command, by everyone, about every kind of room: who may not see, does not.

The commands come from their table. The model is naive: a list of what each role may know of a
room. Who may not know that a room exists is answered as about one that does not. Promise:
`GUARANTEES` 6; meanings: `SEMANTICS`, "Who may read".
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

import pytest

from common.wire import Message
from server.core.administration import secrets_to_order
from server.core.dispatch import COMMANDS
from server.core.passwords import Cost, keep
from tests.conversation import Person, World
from tests.server.logins import PASSWORD, QUICK, log_in

CAPABILITIES = (
    "message-tags batch labeled-response echo-message draft/chathistory draft/event-playback "
    "chat-server/sequence chat-server/edit draft/metadata-3 draft/read-marker draft/multiline "
    "draft/message-redaction draft/channel-rename draft/relaymsg account-tag away-notify "
    "invite-notify extended-monitor"
)
SETTINGS = replace(
    QUICK,
    limits__cost_per_second=0,
    limits__searches_per_minute=0,
    limits__failed_logins=100,
    rooms__join_creates=False,
    opers=(("root", "rootpass"),),
    messages__redact_minutes=0,
)

ROOM, NO_ROOM = "#trail", "#braid"
EARLY, LATE, FOR_OPERATORS = "said-early", "said-late", "said-to-operators"
TOPIC, KEY, DESCRIPTION = "the-topic", "the-key", "the-description"

MEMBERS: Final = ("member", "voiced", "operator", "owner")
OUTSIDERS: Final = ("stranger", "left", "banned", "server operator")

ENDS_THE_SCENE: Final = ("PART", "EXIT", "MODE", "KICK", "RENAME", "CLOSE", "QUIT", "KILL", "OPER")
"""After these, from someone who may, it is another room, or who asked is gone or another."""

UNLIKE: Final = ("CREATE",)
"""What is answered differently about a hidden room and none: the one it takes as reserved."""

MORE_LINES: Final = {
    "CHATHISTORY": [
        "CHATHISTORY LATEST {room} * 50",
        "CHATHISTORY AFTER {room} timestamp=2020-01-01T00:00:00.000Z 50",
        "CHATHISTORY BEFORE {room} msgid={msgid} 50",
        "CHATHISTORY AROUND {room} msgid={msgid} 50",
        "CHATHISTORY TARGETS timestamp=2020-01-01T00:00:00Z timestamp=2030-01-01T00:00:00Z 9",
    ],
    "METADATA": [
        *(f"METADATA {{room}} {word} url" for word in ("GET", "LIST", "CLEAR", "SYNC")),
        "METADATA {room} SET url :mine",
        "METADATA * SUB url",
    ],
    "MARKREAD": ["MARKREAD {room} timestamp=2026-01-01T00:00:00.000Z"],
    "CHANSERV": [
        f"CHANSERV {word} {{room}} owner"
        for word in ("INFO", "REGISTER", "TRANSFER", "OP", "DEOP", "VOICE", "CLOSE")
    ],
    "PRIVMSG": [
        "PRIVMSG @{room} :hello",
        "PRIVMSG ChanServ :INFO {room}",
        "PRIVMSG *playback :PLAY {room} 0",
        "PRIVMSG *playback :PLAY * 0",
        "PRIVMSG *playback :LIST",
    ],
    "MODE": ["MODE {room} +b", "MODE {room} +k x", "MODE {room} -s", "MODE {room} +v member"],
    "WHO": ["WHO {room} %tcuihsnfdlaor,7", "WHO * %cn"],
    "LIST": ["LIST", "LIST *", "LIST >0", "LIST {room}*"],
    "VERSIONS": ["VERSIONS {room} {msgid}"],
    "AUDIT": ["AUDIT {room}"],
    "REDACT": ["REDACT {room} {msgid}"],
    "EDIT": ["EDIT {room} {msgid} :other"],
    "MONITOR": ["MONITOR + owner", "MONITOR S", "MONITOR L"],
    "RENAME": ["RENAME {room} #other"],
    "RELAYMSG": ["RELAYMSG {room} x/y :hello"],
    "OPER": ["OPER root rootpass", "OPER root {room}"],
    "KILL": ["KILL owner :{room}", "KILL member"],
    "QUIT": ["QUIT :{room}"],
    "CREATE": ["CREATE", "CREATE #tra1l", "CREATE elsewhere"],
}
"""Beside every command with every parameter of `WORDS`: those that need words of their own."""

WORDS: Final = ("", "{room}", "owner", "owner {room}", "{room} owner", "{room} :text", "* {room}")


class RoomKind(NamedTuple):
    """What a room is like. `closed` is its door, for those who were not invited."""

    modes: str
    hidden: bool = False
    closed: bool = False
    empty: bool = False


ROOMS: Final = {
    "listed": RoomKind(""),
    "unlisted": RoomKind("+s", hidden=True),
    "invite-only": RoomKind("+i", closed=True),
    "hidden invite-only": RoomKind("+is", hidden=True, closed=True),
    "keyed": RoomKind(f"+k {KEY}", closed=True),
    "hidden keyed": RoomKind(f"+ks {KEY}", hidden=True, closed=True),
    "moderated": RoomKind("+m"),
    "empty": RoomKind("", empty=True),
    "hidden empty": RoomKind("+s", hidden=True, empty=True),
}


def may_know(role: str, room: RoomKind) -> set[str]:
    """The naive model: the things about a room that someone may be told."""
    known = set() if room.hidden else {ROOM, TOPIC}
    if not room.hidden and not room.closed and role != "banned":
        known.add(DESCRIPTION)
    if role in MEMBERS:
        known |= {ROOM, TOPIC, DESCRIPTION, KEY, LATE}
        if role in ("operator", "owner"):
            known.add(FOR_OPERATORS)
        if not room.hidden or role == "owner":
            known.add(EARLY)
    return known


def may_enter(role: str, room: RoomKind) -> bool:
    """Whether JOIN is no refusal, after which one sees what members see."""
    return role != "banned" and not room.closed


SECRETS: Final = (ROOM, EARLY, LATE, FOR_OPERATORS, TOPIC, KEY, DESCRIPTION)


NICKS: Final = {"operator": "opera", "server operator": "root"}
"""Of the roles whose name nobody may have as a nick."""

HASHED: Final = secrets_to_order(keep(PASSWORD, b"salt-salt-salt-s", Cost(64, 1, 4_096)))
"""What is stored of the password that everybody has; made once."""

BY_ACCOUNT: Final = ("listed", "unlisted")
"""Rooms about which people ask also as accounts, who went and came back before."""


class Scene(NamedTuple):
    """A room with its past, the one who asks, the owner, and a message that was said there."""

    asker: Person
    owner: Person | None
    msgid: str


def set_scene(role: str, room: RoomKind, *, by_account: bool = False) -> Scene:
    """Someone of this role beside, or in, a room of this kind.

    Where roles are `by_account`, everybody has gone since and come back; who was banned comes
    under another nick.
    """
    world = World(SETTINGS)

    def connect(role: str) -> Person:
        nick = NICKS.get(role, role)
        if not by_account:
            return world.connect(nick, CAPABILITIES)
        world.core.administer({"do": "account add", "name": nick, **HASHED})
        return log_in(world, nick, capabilities=CAPABILITIES)

    people = {name: connect(name) for name in MEMBERS}
    owner = people["owner"]
    owner.send(f"CREATE {ROOM}")
    owner.send(f"TOPIC {ROOM} :{TOPIC}", f"METADATA {ROOM} SET url :{DESCRIPTION}")
    if room.modes:
        owner.send(f"MODE {ROOM} {room.modes}")
    owner.send(f"PRIVMSG {ROOM} :{EARLY}")
    for name in ("left", "banned"):
        people[name] = connect(name)
    for name in ("left", "banned", "member", "voiced", "operator"):
        owner.send(f"INVITE {NICKS.get(name, name)} {ROOM}")
        people[name].send(f"JOIN {ROOM}")
    people["left"].send(f"PART {ROOM}")
    owner.send(f"MODE {ROOM} +vo voiced opera")
    mask = "a:banned" if by_account else "banned!*@*"
    owner.send(f"MODE {ROOM} +b {mask}", f"KICK {ROOM} banned")
    owner.barrier()
    owner.send(f"PRIVMSG {ROOM} :{LATE}", f"PRIVMSG @{ROOM} :{FOR_OPERATORS}")
    msgid = owner.find(f"PRIVMSG {ROOM} {LATE}").tags["msgid"]
    people["stranger"], people["server operator"] = connect("stranger"), connect("server operator")
    if by_account:
        for name in (*MEMBERS, "left", "banned"):
            people[name].send("QUIT")
            nick = NICKS.get(name, name)
            shown = "other" if name == "banned" else nick
            people[name] = log_in(world, nick, shown, CAPABILITIES)
        owner = people["owner"]
    people["server operator"].send("OPER root rootpass")
    if room.empty:
        for name in MEMBERS:
            people[name].send(f"PART {ROOM}")
    for person in people.values():
        person.barrier()
    return Scene(people[role], None if room.empty else owner, msgid)


def lines_of(name: str) -> list[str]:
    """What is sent of one command; ``{room}`` and ``{msgid}`` are still to be filled in."""
    return [f"{name} {words}".rstrip() for words in WORDS] + MORE_LINES.get(name, [])


def told(messages: list[Message]) -> Iterator[str]:
    """What was answered, as text, without what is different each time."""
    for message in messages:
        words = [message.command, *message.params]
        if message.command == "BATCH":
            words[1] = message.params[0][:1]
        tags = [value for tag, value in message.tags.items() if tag not in ("batch", "time")]
        yield re.sub(r"\b[0-9a-f]{16}\b", "-", " ".join([*words, *tags]))


def ask(scene: Scene, line: str, room: str = ROOM) -> list[str]:
    """Send a line, and read the whole of the answer."""
    msgid = scene.msgid if room == ROOM else "0" * len(scene.msgid)
    scene.asker.send(line.format(room=room, msgid=msgid))
    answers = scene.asker.received if scene.asker.closed else scene.asker.barrier()
    return list(told([each for each in answers if not is_own_letter(scene.asker, each)]))


def is_own_letter(asker: Person, message: Message) -> bool:
    """Whether it is something that the asker wrote to a person: it may hold what they typed."""
    is_direct = message.command in ("PRIVMSG", "NOTICE") and "#" not in message.params[0]
    return is_direct and message.source.startswith(f"{asker.nick}!")


def sent_by(role: str, room: RoomKind) -> list[str]:
    """Every line of every command but those that let one in."""
    return [
        line
        for name in sorted(COMMANDS)
        if name != "JOIN" or not may_enter(role, room)
        for line in lines_of(name)
    ]


MATRIX = [
    pytest.param(role, room, by_account, id=f"{role}-{name}{' by account' * by_account}")
    for by_account in (False, True)
    for name, room in ROOMS.items()
    if not by_account or name in BY_ACCOUNT
    for role in (OUTSIDERS if room.empty else (*OUTSIDERS, *MEMBERS))
]


@pytest.mark.parametrize(("role", "room", "by_account"), MATRIX)
def test_no_answer_holds_what_the_asker_may_not_know(
    role: str, room: RoomKind, by_account: bool
) -> None:
    scene = set_scene(role, room, by_account=by_account)
    hidden = [secret for secret in SECRETS if secret not in may_know(role, room)]
    for line in sent_by(role, room):
        typed = ROOM if "{room}" in line else ""
        for answer in ask(scene, line):
            for secret in hidden:
                assert secret not in answer or secret == typed, f"{line}: {answer}"
        if scene.asker.closed or may_end_the_scene(role, line):
            scene = set_scene(role, room, by_account=by_account)


def may_end_the_scene(role: str, line: str) -> bool:
    """Whether someone may do it, and then it is another scene."""
    command = line.split()[0]
    if command == "KILL":
        return role == "server operator"
    return command in ENDS_THE_SCENE and (role in MEMBERS or command == "OPER")


@pytest.mark.parametrize("role", OUTSIDERS)
@pytest.mark.parametrize("room", [row for row in ROOMS.values() if row.hidden], ids=str)
def test_a_hidden_room_is_like_one_that_is_not_there(role: str, room: RoomKind) -> None:
    scene = set_scene(role, room)
    asks_for_a_key = KEY in room.modes and role != "banned"
    for line in sent_by(role, room):
        if line.split()[0] in UNLIKE or (line.startswith("JOIN") and asks_for_a_key):
            continue
        if "{room}" in line:
            there = ask(scene, line)
            if scene.asker.closed or may_end_the_scene(role, line):
                scene = set_scene(role, room)
            not_there = ask(scene, line, NO_ROOM)
            if scene.asker.closed or may_end_the_scene(role, line):
                scene = set_scene(role, room)
            unlike = [
                each.replace("braid", "trail").replace("BRAID", "TRAIL") for each in not_there
            ]
            assert [scrub(each) for each in there] == [scrub(each) for each in unlike], line


def scrub(answer: str) -> str:
    """An answer without the message id that stood in the line."""
    return re.sub(r"\b[0-9a-zA-Z_-]{18,}\b", "-", answer)


@pytest.mark.parametrize("role", OUTSIDERS)
@pytest.mark.parametrize("room", [row for row in ROOMS.values() if not row.empty], ids=str)
def test_what_happens_in_a_room_is_told_to_nobody_outside(role: str, room: RoomKind) -> None:
    scene = set_scene(role, room)
    asker, owner = scene.asker, scene.owner
    assert owner is not None
    asker.answer("METADATA * SUB url status")
    asker.answer("MONITOR + owner,member")
    for line in (
        f"PRIVMSG {ROOM} :hello",
        f"TOPIC {ROOM} :other",
        f"MODE {ROOM} +v member",
        f"METADATA {ROOM} SET url :changed",
        f"@+typing=active TAGMSG {ROOM}",
        f"INVITE stranger {NO_ROOM}",
        f"KICK {ROOM} voiced",
        f"RENAME {ROOM} #other",
        "PART #other",
    ):
        owner.send(line)
    assert not [text for text in told(asker.barrier()) if ROOM in text or "#other" in text]


def test_the_key_is_asked_for_of_whoever_knows_the_name() -> None:
    stranger = set_scene("stranger", ROOMS["hidden keyed"]).asker
    stranger.send(f"JOIN {ROOM}", f"JOIN {ROOM} {KEY}")
    stranger.expect(f"475 stranger {ROOM} *")
    stranger.expect(f"JOIN {ROOM}")


def test_a_hidden_room_that_cannot_be_made_anew_is_like_a_reserved_name() -> None:
    stranger = set_scene("stranger", ROOMS["hidden invite-only"]).asker
    for name in (ROOM, "#lobby"):
        stranger.send(f"CREATE {name}")
        stranger.expect(f"FAIL CREATE NAME_UNAVAILABLE {name} *")
