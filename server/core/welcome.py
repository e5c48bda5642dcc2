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
    """What everyone reads alike under the same settings, made once: half of what coming in costs.

    Each line is cut where it names its reader.
    """

    settings: Settings
    welcome: list[list[bytes]]
    tokens: list[list[bytes]]
    motd: list[list[bytes]]


def _greeting(world: World) -> Greeting:
    """The greeting under the settings as they are now."""
    if world.greeting is None or world.greeting.settings is not world.settings:
        parts = (_welcome_lines(world), _token_lines(world), _motd_lines(world))
        cut = [[line.split(READER.encode()) for line in lines] for lines in parts]
        world.greeting = Greeting(world.settings, *cut)
    return world.greeting


def _greet(world: World, session: Session, lines: list[list[bytes]]) -> None:
    reader = session.target.encode()
    for pieces in lines:
        send(world, session, reader.join(pieces))


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
        line = encode("NOTICE", [session.target, PLAIN_HINT], world.settings.name)
        send(world, session, line)


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
    users, invisible = str(len(world.users)), len(world.invisible)
    visible = str(len(world.users) - invisible)
    counts = {"visible": visible, "invisible": str(invisible), "servers": "1"}
    numeric(world, session, RPL_LUSERCLIENT, **counts)
    numeric(world, session, RPL_LUSEROP, str(len(world.opers)))
    numeric(world, session, RPL_LUSERUNKNOWN, str(len(world.unregistered)))
    numeric(world, session, RPL_LUSERCHANNELS, str(len(world.listed)))
    numeric(world, session, RPL_LUSERME, users=users, servers="1")
    numeric(world, session, RPL_LOCALUSERS, users, str(world.users_max))
    numeric(world, session, RPL_GLOBALUSERS, users, str(world.users_max))
