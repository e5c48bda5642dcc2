"""What someone reads first: the welcome, what the server supports, the message of the day."""

from dataclasses import dataclass
from typing import Final

from common.capabilities import BATCH, EXTENDED_ISUPPORT
from common.casemap import (
    CHANNEL_BYTES_MAX,
    NICK_CHARACTERS_MAX,
    USER_CHARACTERS_MAX,
)
from common.isupport import token_lines
from common.modes import (
    CHANMODES_TOKEN,
    CHANNEL_LETTERS,
    CHANNEL_LETTERS_WITH_PARAMETER,
    PREFIX_TOKEN,
    USER_LETTERS,
)
from common.numerics import (
    ERR_NOMOTD,
    RPL_CREATED,
    RPL_ENDOFMOTD,
    RPL_GLOBALUSERS,
    RPL_ISUPPORT,
    RPL_LOCALUSERS,
    RPL_LUSERCHANNELS,
    RPL_LUSERCLIENT,
    RPL_LUSERME,
    RPL_LUSEROP,
    RPL_LUSERUNKNOWN,
    RPL_MOTD,
    RPL_MOTDSTART,
    RPL_MYINFO,
    RPL_UMODEIS,
    RPL_WELCOME,
    RPL_YOURHOST,
)
from common.text import split_bytes
from common.wire import encode
from server.core.delivery import batch, numeric, numeric_line, send
from server.core.masks import ACCOUNT_NAMES, EXTBAN_TOKEN
from server.core.metadata import adopt
from server.core.persistence import greet
from server.core.session import Session
from server.core.world import World, utc_text
from server.settings import Settings

TOPIC_BYTES_MAX: Final = 300
"""A TOPIC line, source and room included, stays within 512 bytes."""

HISTORY_LINES_MAX: Final = 1_000
"""Events in one CHATHISTORY answer: some 300 KiB at the most."""

TARGETS_MAX: Final = 4
"""Rooms or people in one PRIVMSG, JOIN or the like: bounds the work of one line."""

KICK_TARGETS_MAX: Final = 4

REALNAME_BYTES_MAX: Final = 128

STATUSMSG_SIGNS: Final = "@+"
"""Messages to part of a room: those with this sign or a higher one."""

MOTD_LINE_BYTES_MAX: Final = 400

READER: Final = "\x7f" * NICK_CHARACTERS_MAX
"""Stands for the nick in a line that is made before it is known who reads it: no name holds it, and
none is longer."""

GAP_BEGIN: Final = "\x01"
GAP_END: Final = "\x02"
"""Around the name of a count that stands in a line; no setting that a line shows holds them."""

PLAIN_HINT: Final = (
    "Type CREATE [name] to make a room, JOIN id to enter one, PRIVMSG #room :text to speak, "
    "EXIT to leave it, HELP for more, QUIT to go."
)


def isupport_tokens(world: World) -> dict[str, str]:
    """What this server supports, for 005."""
    icon = {"draft/ICON": world.settings.icon} if world.settings.icon else {}
    return {
        "NETWORK": world.settings.network.replace(" ", "\\x20"),
        "CASEMAPPING": "ascii",
        "CHANTYPES": "#",
        "PREFIX": PREFIX_TOKEN,
        "CHANMODES": CHANMODES_TOKEN,
        "MODES": "",
        "MAXLIST": f"beI:{world.settings.limits__list_entries}",
        "EXCEPTS": "e",
        "INVEX": "I",
        "EXTBAN": EXTBAN_TOKEN,
        "ACCOUNTEXTBAN": ",".join(ACCOUNT_NAMES),
        "BOT": "B",
        "WHOX": "",
        "NICKLEN": str(NICK_CHARACTERS_MAX),
        "USERLEN": str(USER_CHARACTERS_MAX),
        "NAMELEN": str(REALNAME_BYTES_MAX),
        "CHANNELLEN": str(CHANNEL_BYTES_MAX),
        "TOPICLEN": str(TOPIC_BYTES_MAX),
        "CHANLIMIT": f"#:{world.settings.limits__rooms_per_user}",
        "TARGMAX": f"PRIVMSG:{TARGETS_MAX},NOTICE:{TARGETS_MAX},TAGMSG:{TARGETS_MAX},JOIN:,PART:,"
        f"NAMES:{TARGETS_MAX},KICK:{KICK_TARGETS_MAX},WHOIS:1",
        "ELIST": "CMNTU",
        "MONITOR": str(world.settings.limits__monitor),
        "STATUSMSG": STATUSMSG_SIGNS,
        "CHATHISTORY": str(HISTORY_LINES_MAX),
        "MSGREFTYPES": "msgid,timestamp",
        "UTF8ONLY": "",
        **({} if world.settings.accounts__guests else {"draft/ACCOUNTREQUIRED": ""}),
        **icon,
    }


@dataclass(slots=True)
class Greeting:
    """What everyone reads alike under the same settings, made once: most of what coming in costs.

    Lines in one piece, cut where they name their reader; in `people` counts are to be filled in.
    """

    settings: Settings
    welcome: list[bytes]
    tokens: list[bytes]
    people: str
    motd: list[bytes]
    hint: list[bytes]


def _greeting(world: World) -> Greeting:
    """The greeting under the settings as they are now."""
    if world.greeting is None or world.greeting.settings is not world.settings:
        world.greeting = Greeting(
            world.settings,
            _cut(_welcome_lines(world)),
            _cut(_token_lines(world)),
            _with_gaps(_people_lines(world)),
            _cut(_motd_lines(world)),
            _cut([encode("NOTICE", [READER, PLAIN_HINT], world.settings.name)]),
        )
    return world.greeting


def _cut(lines: list[bytes]) -> list[bytes]:
    return b"".join(lines).split(READER.encode())


def _with_gaps(lines: list[bytes]) -> str:
    """The lines for `str.format`, with gaps for their reader and for what `_gap` has marked."""
    text = b"".join(lines).decode().replace("{", "{{").replace("}", "}}")
    text = text.replace(READER, "{reader}")
    return text.replace(GAP_BEGIN, "{").replace(GAP_END, "}")


def _gap(name: str) -> str:
    return f"{GAP_BEGIN}{name}{GAP_END}"


def _greet(world: World, session: Session, pieces: list[bytes]) -> None:
    """Send lines that are cut where they name their reader."""
    _send_lines(world, session, session.target.encode().join(pieces))


def _send_lines(world: World, session: Session, lines: bytes) -> None:
    """Send several lines: in one piece, but where each may be put into a batch."""
    if session.capabilities & BATCH:
        for line in lines.splitlines(keepends=True):
            send(world, session, line)
    else:
        send(world, session, lines)


def _welcome_lines(world: World) -> list[bytes]:
    started = utc_text(world.started_ms)[:16]
    letters = (USER_LETTERS, CHANNEL_LETTERS, CHANNEL_LETTERS_WITH_PARAMETER)
    return [
        numeric_line(world, READER, RPL_WELCOME),
        numeric_line(world, READER, RPL_YOURHOST, version=world.version),
        numeric_line(world, READER, RPL_CREATED, started=started),
        numeric_line(world, READER, RPL_MYINFO, world.settings.name, world.version, *letters),
    ]


def _token_lines(world: World) -> list[bytes]:
    return [
        encode(RPL_ISUPPORT.code, [READER, *words, RPL_ISUPPORT.text], world.settings.name)
        for words in token_lines(isupport_tokens(world))
    ]


def _motd_lines(world: World) -> list[bytes]:
    """The message of the day, or that there is none."""
    if not world.settings.motd:
        return [numeric_line(world, READER, ERR_NOMOTD)]
    pieces = [
        piece
        for line in world.settings.motd.splitlines()
        for piece in split_bytes(line, MOTD_LINE_BYTES_MAX)
    ]
    return [
        numeric_line(world, READER, RPL_MOTDSTART),
        *[numeric_line(world, READER, RPL_MOTD, f"- {piece}") for piece in pieces],
        numeric_line(world, READER, RPL_ENDOFMOTD),
    ]


def welcome(world: World, session: Session) -> None:
    """Everything between registration and the first command of the user."""
    world.unregistered.pop(session, None)
    _greet(world, session, _greeting(world).welcome)
    send_isupport(world, session)
    greet(world, session)
    send_lusers(world, session)
    if session.user is not None:
        adopt(world, session, session.user)
    send_motd(world, session)
    if session.user is not None and session.user.modes:
        numeric(world, session, RPL_UMODEIS, f"+{session.user.modes}")
    if not session.capabilities:
        _greet(world, session, _greeting(world).hint)


def send_isupport(world: World, session: Session) -> None:
    """Everything that is supported; as a batch to those who know of it (extended-isupport)."""
    tokens = _greeting(world).tokens
    if session.capabilities & EXTENDED_ISUPPORT and session.capabilities & BATCH:
        with batch(world, session, "draft/isupport"):
            _greet(world, session, tokens)
    else:
        _greet(world, session, tokens)


def send_motd(world: World, session: Session) -> None:
    """The message of the day, or that there is none."""
    _greet(world, session, _greeting(world).motd)


def send_lusers(world: World, session: Session) -> None:
    """How many people and rooms there are. Of rooms the listed ones count: others are secret."""
    users, invisible = len(world.users), len(world.invisible)
    lines = _greeting(world).people.format(
        reader=session.target,
        visible=users - invisible,
        invisible=invisible,
        operators=len(world.opers),
        unknown=len(world.unregistered),
        rooms=len(world.listed),
        users=users,
        most=world.users_max,
    )
    _send_lines(world, session, lines.encode())


def _people_lines(world: World) -> list[bytes]:
    users, most = _gap("users"), _gap("most")
    counts = {"visible": _gap("visible"), "invisible": _gap("invisible"), "servers": "1"}
    return [
        numeric_line(world, READER, RPL_LUSERCLIENT, **counts),
        numeric_line(world, READER, RPL_LUSEROP, _gap("operators")),
        numeric_line(world, READER, RPL_LUSERUNKNOWN, _gap("unknown")),
        numeric_line(world, READER, RPL_LUSERCHANNELS, _gap("rooms")),
        numeric_line(world, READER, RPL_LUSERME, users=users, servers="1"),
        numeric_line(world, READER, RPL_LOCALUSERS, users, most),
        numeric_line(world, READER, RPL_GLOBALUSERS, users, most),
    ]
