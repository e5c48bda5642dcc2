"""TABLE of capabilities: bit, name, specification, value, whether our client wants it.

The bits are plain integers, because the delivery of every message looks at them. Those in
`VARIANT_MASK` change how a line is encoded: one encoding exists per combination of them.
Specification: IRCv3 capability-negotiation; our own capabilities: `docs/protocol.md`.
"""

from typing import Final, NamedTuple

from common.sasl import MECHANISMS

MESSAGE_TAGS: Final = 1 << 0
SERVER_TIME: Final = 1 << 1
SEQUENCE: Final = 1 << 2
BATCH: Final = 1 << 3
ECHO_MESSAGE: Final = 1 << 4
LABELED_RESPONSE: Final = 1 << 5
CHATHISTORY: Final = 1 << 6
EVENT_PLAYBACK: Final = 1 << 7
STANDARD_REPLIES: Final = 1 << 8
MULTI_PREFIX: Final = 1 << 9
CAP_NOTIFY: Final = 1 << 10
ROOMS: Final = 1 << 11
RESEND: Final = 1 << 12
AWAY_NOTIFY: Final = 1 << 13
INVITE_NOTIFY: Final = 1 << 14
USERHOST_IN_NAMES: Final = 1 << 15
MULTILINE: Final = 1 << 16
REDACTION: Final = 1 << 17
READ_MARKER: Final = 1 << 18
EDIT: Final = 1 << 19
CHANNEL_RENAME: Final = 1 << 20
METADATA: Final = 1 << 21
SETNAME: Final = 1 << 22
CHGHOST: Final = 1 << 23
EXTENDED_MONITOR: Final = 1 << 24
NO_IMPLICIT_NAMES: Final = 1 << 25
EXTENDED_ISUPPORT: Final = 1 << 26
PRE_AWAY: Final = 1 << 27
OPER_TAG: Final = 1 << 28
RELAYMSG: Final = 1 << 29
SEARCH: Final = 1 << 30
DRAFT_SEARCH: Final = 1 << 31
PERSISTENCE: Final = 1 << 32

SASL: Final = 1 << 40
ACCOUNT_NOTIFY: Final = 1 << 41
ACCOUNT_TAG: Final = 1 << 42
EXTENDED_JOIN: Final = 1 << 43
ACCOUNT_REGISTRATION: Final = 1 << 44

VARIANT_MASK: Final = (
    MESSAGE_TAGS
    | SERVER_TIME
    | SEQUENCE
    | MULTILINE
    | EDIT
    | OPER_TAG
    | RELAYMSG
    | ACCOUNT_TAG
    | EXTENDED_JOIN
)

MULTILINE_BYTES_MAX: Final = 4096
MULTILINE_LINES_MAX: Final = 32
"""One message of several lines: with sources and rooms some 16 KiB on the wire."""

METADATA_KEYS_MAX: Final = 32
METADATA_SUBSCRIPTIONS_MAX: Final = 64
METADATA_VALUE_BYTES_MAX: Final = 300
"""A value with its key and target, in one line of 512 bytes."""

TAG_NUMBER: Final = "chat-server/number"
"""The number of a numbered event (`SEQUENCE`)."""

TAG_UNSTORED: Final = "chat-server/unstored"
"""On the echo of a message that was delivered but is in no history (`SEQUENCE`)."""

TAG_UNTIL: Final = "chat-server/until"
"""On a MODE: when what it set ends by itself, in the form of server-time."""

SEARCH_EXTRAS: Final = "has,order,hits"
"""What our search can do beyond the specification; the value of ``draft/search``."""

TAG_HITS: Final = "chat-server/hits"
"""On what a search found: where in the text, as ``start-end`` pairs (`MESSAGE_TAGS`)."""

TAG_KEY: Final = "chat-server/key"
"""From the client: the key under which a message may safely be sent again (`RESEND`)."""

TAG_BOT: Final = "bot"
"""On everything someone with the user mode ``B`` says and does (`MESSAGE_TAGS`)."""

TAG_OPER: Final = "draft/oper"
"""On everything an operator of the server says and does: the operator's name (`OPER_TAG`)."""

TAG_RELAYED: Final = "draft/relaymsg"
"""On a message passed on for someone elsewhere: the nick of who passed it on (`RELAYMSG`)."""

RELAYED_SEPARATOR: Final = "/"
"""Stands in every nick made up by RELAYMSG, so that no real nick is ever taken for one."""


class Capability(NamedTuple):
    """One row. `value` is what CAP LS 302 shows; `wanted`: our own client asks for it."""

    bit: int
    name: str
    specification: str
    value: str = ""
    wanted: bool = True


CAPABILITIES: Final = (
    Capability(MESSAGE_TAGS, "message-tags", "ircv3/extensions/message-tags"),
    Capability(SERVER_TIME, "server-time", "ircv3/extensions/server-time"),
    Capability(BATCH, "batch", "ircv3/extensions/batch"),
    Capability(ECHO_MESSAGE, "echo-message", "ircv3/extensions/echo-message"),
    Capability(LABELED_RESPONSE, "labeled-response", "ircv3/extensions/labeled-response"),
    Capability(STANDARD_REPLIES, "standard-replies", "ircv3/extensions/standard-replies"),
    Capability(MULTI_PREFIX, "multi-prefix", "ircv3/extensions/multi-prefix"),
    Capability(CAP_NOTIFY, "cap-notify", "ircv3/extensions/capability-negotiation"),
    Capability(AWAY_NOTIFY, "away-notify", "ircv3/extensions/away-notify"),
    Capability(INVITE_NOTIFY, "invite-notify", "ircv3/extensions/invite-notify"),
    Capability(USERHOST_IN_NAMES, "userhost-in-names", "ircv3/extensions/userhost-in-names"),
    Capability(SASL, "sasl", "ircv3/extensions/sasl-3.2", ",".join(MECHANISMS)),
    Capability(ACCOUNT_NOTIFY, "account-notify", "ircv3/extensions/account-notify"),
    Capability(ACCOUNT_TAG, "account-tag", "ircv3/extensions/account-tag"),
    Capability(EXTENDED_JOIN, "extended-join", "ircv3/extensions/extended-join", wanted=False),
    Capability(
        ACCOUNT_REGISTRATION,
        "draft/account-registration",
        "ircv3/extensions/account-registration",
        "custom-account-name",
        wanted=False,
    ),
    Capability(CHATHISTORY, "draft/chathistory", "ircv3/extensions/chathistory"),
    Capability(EVENT_PLAYBACK, "draft/event-playback", "ircv3/extensions/chathistory"),
    Capability(
        MULTILINE,
        "draft/multiline",
        "ircv3/extensions/multiline",
        f"max-bytes={MULTILINE_BYTES_MAX},max-lines={MULTILINE_LINES_MAX}",
    ),
    Capability(REDACTION, "draft/message-redaction", "ircv3/extensions/message-redaction"),
    Capability(READ_MARKER, "draft/read-marker", "ircv3/extensions/read-marker"),
    Capability(
        CHANNEL_RENAME, "draft/channel-rename", "ircv3/extensions/channel-rename", wanted=False
    ),
    Capability(
        METADATA,
        "draft/metadata-3",
        "ircv3/extensions/metadata",
        f"before-connect,max-subs={METADATA_SUBSCRIPTIONS_MAX},max-keys={METADATA_KEYS_MAX},"
        f"max-value-bytes={METADATA_VALUE_BYTES_MAX}",
        wanted=False,
    ),
    Capability(SETNAME, "setname", "ircv3/extensions/setname", wanted=False),
    Capability(CHGHOST, "chghost", "ircv3/extensions/chghost"),
    Capability(
        EXTENDED_MONITOR, "extended-monitor", "ircv3/extensions/extended-monitor", wanted=False
    ),
    Capability(
        NO_IMPLICIT_NAMES, "no-implicit-names", "ircv3/extensions/no-implicit-names", wanted=False
    ),
    Capability(
        EXTENDED_ISUPPORT,
        "draft/extended-isupport",
        "ircv3/extensions/extended-isupport",
        wanted=False,
    ),
    Capability(PRE_AWAY, "draft/pre-away", "ircv3/extensions/pre-away", wanted=False),
    Capability(PERSISTENCE, "draft/persistence", "docs/protocol.md#accounts", wanted=False),
    Capability(OPER_TAG, "draft/oper-tag", "ircv3/extensions/oper-tag", wanted=False),
    Capability(
        RELAYMSG, "draft/relaymsg", "docs/protocol.md#relaymsg", RELAYED_SEPARATOR, wanted=False
    ),
    Capability(SEARCH, "soju.im/search", "soju/search"),
    Capability(DRAFT_SEARCH, "draft/search", "soju/search", SEARCH_EXTRAS),
    Capability(SEQUENCE, "chat-server/sequence", "docs/protocol.md#sequence"),
    Capability(ROOMS, "chat-server/rooms", "docs/protocol.md#rooms"),
    Capability(RESEND, "chat-server/resend", "docs/protocol.md#resend"),
    Capability(EDIT, "chat-server/edit", "docs/protocol.md#edit"),
)

BY_NAME: Final = {row.name: row for row in CAPABILITIES}

assert len(BY_NAME) == len(CAPABILITIES) == len({row.bit for row in CAPABILITIES})


def variant_of(bits: int) -> int:
    """The part of negotiated capabilities that changes encodings. Multiline needs batches."""
    usable = bits if bits & BATCH else bits & ~MULTILINE
    return usable & VARIANT_MASK


def names_of(bits: int) -> list[str]:
    """The names of the capabilities in `bits`, in the table's order."""
    return [row.name for row in CAPABILITIES if row.bit & bits]
