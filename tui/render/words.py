"""Where one stands, in words: the connection, the room, the way on."""

from typing import Final, NamedTuple

from tui.client.state import STATUS, Buffer, BufferKind, Connection, State
from tui.client.updates import CertificateChanged
from tui.render.clock import countdown


class Words(NamedTuple):
    """One line for the status row; `tone` is ``"quiet"``, ``"busy"`` or ``"failure"``."""

    text: str
    tone: str


QUIET: Final = Words("", "quiet")


def connection_words(state: State, now: float, retry_key: str) -> Words:
    """What a person needs to know of the connection; `QUIET` while all is well.

    `now` is on the clock of `State.retry_at`; `retry_key` is the key that ends the waiting.
    """
    match state.connection:
        case Connection.CONNECTING:
            return Words(f"Connecting to {state.server}…", "busy")
        case Connection.REGISTERING:
            return Words(f"Connected to {state.server}, saying who you are…", "busy")
        case Connection.WAITING:
            wait = countdown(state.retry_at - now)
            when = "Trying again now" if wait == "now" else f"Trying again in {wait}"
            hint = f" ({retry_key}: now)" if retry_key else ""
            reason = state.reason.rstrip(".") or f"The connection to {state.server} was lost"
            return Words(f"{reason}. {when}{hint}", "failure")
        case Connection.OFFLINE:
            first = state.reason.partition(". ")[0].rstrip(".")  # all of it was told at once
            reason = f": {first}" if first else ""
            return Words(f"Not connected{reason}. /reconnect connects again", "failure")
        case Connection.ONLINE:
            return QUIET


class Heading(NamedTuple):
    """The line above a conversation: what it is, what it is about, a number at the right."""

    title: str
    about: str
    right: str


def heading(state: State, buffer: Buffer | None, whole: bool = False) -> Heading:
    """The heading of `buffer`, or of the lobby for None; of all that is said there if `whole`."""
    if whole:
        return Heading("Status", f"all that {state.network or state.server} said", "")
    if buffer is None or buffer.kind is BufferKind.STATUS:
        count = len(state.lobby)
        rooms = f"{count} room{'' if count == 1 else 's'}" if count else ""
        return Heading("Lobby", f"rooms on {state.network or state.server}", rooms)
    if buffer.kind is BufferKind.DIRECT:
        return Heading(buffer.title, "a conversation between you two", "")
    if not buffer.joined and state.connection is not Connection.ONLINE:
        return Heading(buffer.title, buffer.topic, "off line")
    if not buffer.joined:
        return Heading(buffer.title, "you are not in this room now", "")
    return Heading(buffer.title, buffer.topic, f"{len(buffer.members)} here")


TYPISTS_NAMED_MAX: Final = 2


def typing_words(buffer: Buffer | None) -> Words:
    """Who is typing in a conversation; `QUIET` where nobody is."""
    if buffer is None or not buffer.typing:
        return QUIET
    is_room = buffer.kind is BufferKind.ROOM
    nicks = [nick for key, nick in buffer.typing.items() if not is_room or key in buffer.members]
    others = len(nicks) - TYPISTS_NAMED_MAX
    if not nicks:
        return QUIET
    if others == 1:  # as short as "1 other"
        names, last = nicks[:2], nicks[2]
    elif others > 1:
        names, last = nicks[:TYPISTS_NAMED_MAX], f"{others} others"
    else:
        *names, last = nicks
    who = f"{', '.join(names)} and {last}" if names else last
    return Words(f"{who} {'is' if len(nicks) == 1 else 'are'} typing…", "quiet")


def split_words(cuts: int) -> Words:
    """That what is written is too much for one message; `QUIET` where it is not."""
    return Words(f"This goes out as {cuts + 1} messages.", "quiet") if cuts else QUIET


def placeholder(state: State) -> str:
    """What the empty composer says."""
    if state.current == STATUS:
        return "create [name] · join ID · help"
    buffer = state.buffers.get(state.current)
    if buffer is None:
        return ""
    return f"Message {buffer.title}, or / for a command"


def certificate_words(change: CertificateChanged) -> str:
    """What was remembered of a server, what it shows now, and what to do about it."""
    remembered = _fingerprint(change.pinned) or "one that authorities vouched for"
    return (
        f"{change.place} shows another certificate than before. Nothing was sent to it.\n\n"
        f"Remembered since {change.since}:\n{remembered}\n"
        f"Shown now:\n{_fingerprint(change.shown)}\n\n"
        "Ask whoever runs the server whether they changed it. If they did not, someone may be "
        "listening in between: stop."
    )


def _fingerprint(shown: str) -> str:
    """Two lines of 16 bytes each."""
    half = (len(shown) + 1) // 2
    return f"{shown[:half].rstrip(':')}\n{shown[half:]}" if shown else ""
