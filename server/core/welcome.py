"""What someone reads first: the welcome, what the server supports, the message of the day."""

from typing import Final

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
    RPL_ISUPPORT,
    RPL_MOTD,
    RPL_MOTDSTART,
    RPL_MYINFO,
    RPL_WELCOME,
    RPL_YOURHOST,
)
from common.text import split_bytes
from common.wire import encode
from server.core.channel_modes import MASKS_MAX
from server.core.delivery import numeric, send
from server.core.masks import ACCOUNT_NAMES, EXTBAN_TOKEN
from server.core.session import Session
from server.core.world import World, utc_text

TOPIC_BYTES_MAX: Final = 300
"""A TOPIC line, source and room included, stays within 512 bytes."""

HISTORY_LINES_MAX: Final = 1_000
"""Events in one CHATHISTORY answer: some 300 KiB at the most."""

TARGETS_MAX: Final = 4
"""Rooms or people in one PRIVMSG, JOIN or the like: bounds the work of one line."""

MOTD_LINE_BYTES_MAX: Final = 400

PLAIN_HINT: Final = (
    "Type CREATE [name] to make a room, JOIN id to enter one, PRIVMSG #room :text to speak, "
    "EXIT to leave it, HELP for more, QUIT to go."
)


def isupport_tokens(world: World) -> dict[str, str]:
    """What this server supports, for 005."""
    return {
        "NETWORK": world.settings.network.replace(" ", "\\x20"),
        "CASEMAPPING": "ascii",
        "CHANTYPES": "#",
        "PREFIX": PREFIX_TOKEN,
        "CHANMODES": CHANMODES_TOKEN,
        "MODES": "",
        "MAXLIST": f"beI:{MASKS_MAX}",
        "EXCEPTS": "e",
        "INVEX": "I",
        "EXTBAN": EXTBAN_TOKEN,
        "ACCOUNTEXTBAN": ",".join(ACCOUNT_NAMES),
        "BOT": "B",
        "WHOX": "",
        "NICKLEN": str(NICK_CHARACTERS_MAX),
        "USERLEN": str(USER_CHARACTERS_MAX),
        "CHANNELLEN": str(CHANNEL_BYTES_MAX),
        "TOPICLEN": str(TOPIC_BYTES_MAX),
        "CHANLIMIT": f"#:{world.settings.limits__rooms_per_user}",
        "TARGMAX": f"PRIVMSG:{TARGETS_MAX},NOTICE:{TARGETS_MAX},JOIN:,PART:,NAMES:1,WHOIS:1",
        "CHATHISTORY": str(HISTORY_LINES_MAX),
        "MSGREFTYPES": "msgid,timestamp",
        "UTF8ONLY": "",
    }


def welcome(world: World, session: Session) -> None:
    """Everything between registration and the first command of the user."""
    settings = world.settings
    numeric(world, session, RPL_WELCOME)
    numeric(world, session, RPL_YOURHOST, version=world.version)
    numeric(world, session, RPL_CREATED, started=utc_text(world.started_ms)[:16])
    numeric(
        world,
        session,
        RPL_MYINFO,
        settings.name,
        world.version,
        USER_LETTERS,
        CHANNEL_LETTERS,
        CHANNEL_LETTERS_WITH_PARAMETER,
    )
    for words in token_lines(isupport_tokens(world)):
        line = [session.target, *words, RPL_ISUPPORT.text]
        send(world, session, encode(RPL_ISUPPORT.code, line, settings.name))
    send_motd(world, session)
    if not session.capabilities:
        send(world, session, encode("NOTICE", [session.target, PLAIN_HINT], settings.name))


def send_motd(world: World, session: Session) -> None:
    """The message of the day, or that there is none."""
    if not world.settings.motd:
        numeric(world, session, ERR_NOMOTD)
        return
    numeric(world, session, RPL_MOTDSTART)
    for line in world.settings.motd.splitlines():
        for piece in split_bytes(line, MOTD_LINE_BYTES_MAX):
            numeric(world, session, RPL_MOTD, f"- {piece}")
    numeric(world, session, RPL_ENDOFMOTD)
