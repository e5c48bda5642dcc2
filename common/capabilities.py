"""TABLE of capabilities: bit, name, specification, value, whether our client wants it.

The bits are plain integers, because the delivery of every message looks at them. Those in
`VARIANT_MASK` change how a line is encoded: one encoding exists per combination of them.
Specification: IRCv3 capability-negotiation; our own capabilities: `docs/protocol.md`.
"""

from typing import Final, NamedTuple

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

VARIANT_MASK: Final = MESSAGE_TAGS | SERVER_TIME | SEQUENCE

TAG_NUMBER: Final = "chat-server/number"
"""The number of a numbered event (`SEQUENCE`)."""

TAG_UNSTORED: Final = "chat-server/unstored"
"""On the echo of a message that was delivered but is in no history (`SEQUENCE`)."""

TAG_KEY: Final = "chat-server/key"
"""From the client: the key under which a message may safely be sent again (`RESEND`)."""


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
    Capability(CHATHISTORY, "draft/chathistory", "ircv3/extensions/chathistory"),
    Capability(EVENT_PLAYBACK, "draft/event-playback", "ircv3/extensions/chathistory"),
    Capability(SEQUENCE, "chat-server/sequence", "docs/protocol.md#sequence"),
    Capability(ROOMS, "chat-server/rooms", "docs/protocol.md#rooms"),
    Capability(RESEND, "chat-server/resend", "docs/protocol.md#resend"),
)

BY_NAME: Final = {row.name: row for row in CAPABILITIES}

assert len(BY_NAME) == len(CAPABILITIES) == len({row.bit for row in CAPABILITIES})


def names_of(bits: int) -> list[str]:
    """The names of the capabilities in `bits`, in the table's order."""
    return [row.name for row in CAPABILITIES if row.bit & bits]
