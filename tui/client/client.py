"""The client core: one connection to one server, without sockets, clocks or screens.

Bytes, time and random tokens go in; outgoing bytes and updates come out. The shell
(`tui.net`) opens links while `wants_link` and, after whatever happens, does three things:
`advance`, write `take_outgoing()`, hand on `take_updates()`. Screens read `state` and call
the intents; a refused intent raises `IntentRefused` and has done nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import tzinfo
from typing import Final

from common.casemap import fold
from tui.client import (
    acting,
    asking,
    attending,
    attention,
    buffers,
    cards,
    composing,
    dispatch,
    history,
    ignoring,
    jumping,
    liveness,
    login,
    moderating,
    pending,
    picturing,
    reading,
    registration,
    room_settings,
    searching,
    serving,
    talking,
)
from tui.client.cleaning import cleaned
from tui.client.core import Core
from tui.client.intents import IntentRefused
from tui.client.options import Options
from tui.client.shelf import Batch, Kept, Shelf
from tui.client.state import (
    STATUS,
    Attention,
    Buffer,
    BufferKind,
    Connection,
    Item,
    ItemKind,
    State,
)
from tui.client.updates import CertificateChanged, ConnectionChanged, Told, Update

__all__ = ["Client", "IntentRefused"]

QUIT_CHARACTERS_MAX: Final = 100
"""A last word, not a letter: it fits its line in any script."""

_LINKED: Final = (Connection.REGISTERING, Connection.ONLINE)


class Client:
    """What the program knows of one server, and what it does there.

    `new_token` gives random url-safe strings of at least 16 characters. The ids of its items are
    above `items_from`: where several clients are shown, no two items may have the same.
    """

    def __init__(self, options: Options, new_token: Callable[[], str], items_from: int = 0) -> None:
        self.state = State(options.nick, options.server)
        self.state.ignored = {fold(nick): nick for nick in options.ignored}
        self.state.pictured = {fold(nick): nick for nick in options.pictured}
        self.state.attention = {key: Attention(word) for key, word in options.attention}
        self.state.drafts = dict(options.drafts)
        self.state.buffers[STATUS] = Buffer(STATUS, "status", BufferKind.STATUS, at_start=True)
        self._core = Core(
            replace(options),
            new_token,
            self.state,
            nick_wanted=options.nick,
            items_made=items_from,
            room_keys={fold(room): key for room, key in options.keys},
        )

    # -- the shell's side

    def start(self) -> None:
        """The person wants to be connected."""
        if self.state.connection is Connection.OFFLINE:
            liveness.begin(self._core)

    @property
    def wants_link(self) -> bool:
        """Whether the shell should open a link, or keep the one it has."""
        return self.state.connection in (Connection.CONNECTING, *_LINKED)

    def restore(self, shelf: Shelf, kept: Kept) -> None:
        """Begin with what was kept of last time, before any link. Raises `ValueError`."""
        shelf.fill(self._core, kept)

    def changes_for(self, shelf: Shelf, items_max: int) -> Batch | None:
        """What is to be written so that `shelf` holds what is to be kept; None for nothing."""
        return shelf.take(self._core, items_max)

    def forget_for(self, shelf: Shelf) -> None:
        """What is held now shall not be kept."""
        shelf.forget(self._core)

    def connected(self, encrypted: bool = False) -> None:
        """A link is open."""
        if self.state.connection is Connection.CONNECTING:
            registration.begin(self._core, encrypted)

    def disconnected(self, reason: str) -> None:
        """The link was lost or could not be opened; `reason` is in words."""
        if self.wants_link:
            liveness.lost(self._core, reason)

    def forbidden(self, reason: str, change: CertificateChanged | None = None) -> None:
        """The link must not be used, now or by a later try of ours; `reason` is in words."""
        if self.wants_link:
            liveness.forbid(self._core, reason)
            if change is not None:
                self._core.changes.add(change)

    def note(self, text: str) -> None:
        """The shell has something to tell; it is kept in the status buffer too."""
        buffers.say_news(self._core, self._core.status, text)
        self._core.changes.add(Told(text))

    def receive(self, data: bytes) -> None:
        """Bytes came in, cut anywhere."""
        if self.state.connection not in _LINKED:
            return
        liveness.heard(self._core)
        lines = self._core.session.lines
        lines.feed(data)
        while lines:
            dispatch.line_arrived(self._core, lines.pop())

    def advance(self, now: float, wall_ms: int) -> None:
        """Time is `now` (seconds, never going back) and `wall_ms` (milliseconds since 1970).

        Nothing else moves time; whatever is due is done here.
        """
        core = self._core
        slept_s = self._slept_s(now, wall_ms)
        core.now, core.wall_ms = now, wall_ms
        liveness.passed(core, slept_s)
        registration.reclaim_nick(core)
        pending.fire(core)
        history.fire(core)
        reading.fire(core)
        composing.fire(core)
        searching.fire(core)

    def _slept_s(self, now: float, wall_ms: int) -> float:
        """How long nobody called although something was due, or only the wall clock ran."""
        core = self._core
        if not core.wall_ms:
            return 0.0
        due = self.next_deadline()
        overdue_s = now - max(due, core.now) if due is not None else 0.0
        return max(overdue_s, (wall_ms - core.wall_ms) / 1000 - (now - core.now))

    def next_deadline(self) -> float | None:
        """When `advance` has something to do, on its clock; None for never."""
        core = self._core
        deadlines = (
            liveness.next_deadline(core),
            registration.next_deadline(core),
            pending.next_deadline(core),
            history.next_deadline(core),
            reading.next_deadline(core),
            composing.next_deadline(core),
            searching.next_deadline(core),
        )
        return min((each for each in deadlines if each is not None), default=None)

    def take_outgoing(self) -> bytes:
        """The bytes to write since the last call."""
        data = b"".join(self._core.outgoing)
        self._core.outgoing.clear()
        return data

    def take_updates(self) -> list[Update]:
        """What changed since the last call, in order."""
        return self._core.changes.take()

    # -- the person's side

    def say(self, buffer: str, text: str) -> None:
        """Say `text`: one message if the server takes its lines as one, else one for each."""
        talking.say(self._core, buffer, text, ItemKind.MESSAGE)

    def typing(self, buffer: str, text: str) -> None:
        """What is written there is `text` now; others may learn that one types, never what."""
        found = self.state.buffers.get(buffer)
        if found is not None:
            composing.edited(self._core, found, text)

    def cuts(self, buffer: str, text: str) -> list[int]:
        """Where in `text`, said there, another message would begin: one cannot hold it all."""
        return talking.cuts(self._core, buffer, text)

    def action(self, buffer: str, text: str) -> None:
        """Say what one does, in the third person."""
        talking.say(self._core, buffer, text, ItemKind.ACTION)

    def notice(self, target: str, text: str) -> None:
        """Send a notice to a room or nick."""
        talking.notice(self._core, target, text)

    def reply(self, buffer: str, item_id: int, text: str) -> None:
        """Say `text` in answer to a message."""
        acting.reply(self._core, buffer, item_id, text)

    def edit(self, buffer: str, item_id: int, text: str) -> None:
        """Give a message of one's own another text."""
        acting.edit(self._core, buffer, item_id, text)

    def redact(self, buffer: str, item_id: int, reason: str = "") -> None:
        """Delete a message, for everyone."""
        acting.redact(self._core, buffer, item_id, reason)

    def react(self, buffer: str, item_id: int, reaction: str) -> None:
        """React to a message, or take one's reaction back."""
        acting.react(self._core, buffer, item_id, reaction)

    def create(self, name: str = "") -> None:
        """Make a room and go there."""
        asking.create(self._core, name)

    def join(self, room: str, key: str = "") -> None:
        """Go into a room there is, by its key if it has one."""
        asking.join(self._core, room, key)

    def kick(self, buffer: str, nick: str, reason: str = "") -> None:
        """Remove someone from a room."""
        moderating.kick(self._core, buffer, nick, reason)

    def ban(self, buffer: str, who: str, reason: str = "", duration: str = "") -> None:
        """Keep a nick or mask out of a room, for a time or for good, and remove who is there."""
        moderating.ban(self._core, buffer, who, reason, duration)

    def unban(self, buffer: str, who: str) -> None:
        """Let a nick or mask in again."""
        moderating.unban(self._core, buffer, who)

    def list_bans(self, buffer: str) -> None:
        """Ask who is banned from a room."""
        moderating.list_bans(self._core, buffer)

    def invite(self, buffer: str, nick: str, room: str = "") -> None:
        """Invite someone into `room`, or into the room one looks at."""
        moderating.invite(self._core, buffer, nick, room)

    def make_invitation(self, buffer: str, *words: str) -> None:
        """Make a link that lets friends into a room; it comes as `InvitationMade`."""
        moderating.make_invitation(self._core, buffer, *words)

    def set_role(self, buffer: str, nick: str, role: str, gives: bool) -> None:
        """Give or take the role ``"operator"``, ``"moderator"`` or ``"voice"``."""
        moderating.set_role(self._core, buffer, nick, role, gives)

    def mute(self, buffer: str, nick: str, mutes: bool) -> None:
        """Keep someone from speaking in a room, or let them speak again."""
        moderating.mute(self._core, buffer, nick, mutes)

    def kill(self, nick: str, reason: str = "") -> None:
        """End someone's connection, as an operator of the server."""
        moderating.kill(self._core, nick, reason)

    def look_up(self, nick: str) -> None:
        """Ask who someone is, for `State.people`."""
        cards.look_up(self._core, nick)

    def look_at_room(self, buffer: str) -> None:
        """Ask how a room is set, for `Buffer.modes` and `Buffer.bans`."""
        room_settings.look(self._core, buffer)

    def look_for_bans(self, buffer: str) -> None:
        """Ask who is banned from a room, for `Buffer.bans`."""
        room_settings.look_for_bans(self._core, buffer)

    def change_setting(self, buffer: str, setting: str, value: str) -> None:
        """Set a room otherwise; a refusal comes as `SettingRefused`."""
        room_settings.change(self._core, buffer, setting, value)

    def set_modes(self, buffer: str, changes: str = "") -> None:
        """Change a room's modes as the protocol writes it, or ask for them."""
        moderating.set_modes(self._core, buffer, changes)

    def leave(self, buffer: str, reason: str = "") -> None:
        """Leave a room, or close a conversation."""
        asking.leave(self._core, buffer, reason)

    def open_direct(self, nick: str) -> None:
        """Open the conversation with someone."""
        talking.open_direct(self._core, nick)

    def set_topic(self, buffer: str, text: str) -> None:
        """Set a room's topic."""
        asking.set_topic(self._core, buffer, text)

    def change_nick(self, nick: str) -> None:
        """Ask for another nick; answers `NickRefused` too."""
        asking.change_nick(self._core, nick)

    def whois(self, nick: str) -> None:
        """Ask who someone is."""
        asking.whois(self._core, nick)

    def who(self, mask: str) -> None:
        """Ask who matches a nick, room or mask."""
        attending.who(self._core, mask)

    def motd(self) -> None:
        """Ask for the message of the day."""
        attending.motd(self._core)

    def away(self, reason: str = "") -> None:
        """Be shown as away, until `back`."""
        attending.away(self._core, reason)

    def back(self) -> None:
        """Be here again."""
        attending.back(self._core)

    def ignore(self, nick: str) -> None:
        """Read nothing of someone any more."""
        ignoring.ignore(self._core, nick)

    def unignore(self, nick: str) -> None:
        """Read someone again."""
        ignoring.unignore(self._core, nick)

    def allow_pictures(self, nick: str) -> None:
        """Show pictures that someone links to."""
        picturing.allow(self._core, nick)

    def forbid_pictures(self, nick: str) -> None:
        """Show nobody's pictures but those of others who are allowed."""
        picturing.forbid(self._core, nick)

    def attend(self, buffer: str, chosen: Attention | None) -> None:
        """Hear so much of a conversation from now on, None being as of any other."""
        attention.attend(self._core, buffer, chosen)

    def watch_for(self, words: Iterable[str]) -> None:
        """What has one of `words` in it counts as meant for the person."""
        attention.watch_for(self._core, words)

    def conversation(self, typed: str) -> str:
        """The key of the room or person that is called `typed`. Raises `IntentRefused`."""
        return attention.key_of(self._core, typed)

    def log_in(self, account: str, password: str) -> None:
        """Log in to an account, now and on every later link."""
        login.log_in(self._core, account, password)

    @property
    def needs_password(self) -> bool:
        """Whether the next link would log in to an account, and there is no password for it."""
        options = self._core.options
        proven = options.account_password or options.sign or options.has_certificate
        return bool(options.account) and not proven

    def use_password(self, password: str) -> None:
        """Log in by this password on the next link."""
        self._core.options.account_password = password
        self._core.password_refused = False

    @property
    def password_refused(self) -> bool:
        """Whether the server did not take the password that was used."""
        return self._core.password_refused

    def register(self, password: str, email: str = "") -> None:
        """Make an account under one's nick."""
        login.register(self._core, password, email)

    def change_password(self, buffer: str, current: str, new: str) -> None:
        """Change the password of one's account."""
        serving.change_password(self._core, buffer, current, new)

    def order(self, buffer: str, draft: str, *words: str) -> None:
        """Send a command that our own server has."""
        serving.order(self._core, buffer, draft, *words)

    def order_for_room(self, buffer: str, draft: str, command: str, *words: str) -> None:
        """The same, about the room of a buffer."""
        serving.order_for_room(self._core, buffer, draft, command, *words)

    def verify(self, code: str) -> None:
        """Complete the making of an account."""
        login.verify(self._core, code)

    def refresh_lobby(self) -> None:
        """Read the list of rooms anew; ends in `LobbyChanged`."""
        asking.refresh_lobby(self._core)

    def load_older(self, buffer: str) -> None:
        """Load the page before the oldest item held."""
        talking.load_older(self._core, buffer)

    def search(
        self, typed: str, room: str = "", zone: tzinfo | None = None, *, best_first: bool = False
    ) -> None:
        """Search for what is `typed`, in one conversation or in all; ends in `SearchChanged`."""
        searching.search(self._core, typed, room, zone, best_first=best_first)

    def search_more(self) -> None:
        """Search on for older messages."""
        searching.search_more(self._core)

    @property
    def can_rank(self) -> bool:
        """Whether a search can give the best first."""
        return searching.can_rank(self._core)

    def show_message(self, buffer: str, msgid: str) -> None:
        """Find a message of a conversation, held or not; ends in `MessageFound`."""
        jumping.show_message(self._core, buffer, msgid)

    def fill_hole(self, buffer: str, hole: int, *, downward: bool) -> None:
        """Load the next page of a hole, read from above it (`downward`) or from below."""
        talking.fill_hole(self._core, buffer, hole, downward=downward)

    def show(self, buffer: str) -> None:
        """The person looks at this buffer from now on; ``""`` is the lobby."""
        talking.show(self._core, buffer)

    def look(self, looking: bool) -> None:
        """Whether the person sees the newest of the buffer they are at: then it has been read."""
        reading.look(self._core, looking)

    def mark_read(self, buffer: str) -> None:
        """What is here has been read: the counts go back to nought."""
        talking.mark_read(self._core, buffer)

    def clear(self, buffer: str) -> None:
        """Empty the view of a conversation."""
        talking.clear(self._core, buffer)

    def keep_draft(self, buffer: str, text: str) -> None:
        """Keep what is written and not sent, for the next start; ``""`` forgets it."""
        talking.keep_draft(self._core, buffer, text)

    def clear_unread_rule(self, buffer: str) -> None:
        """The new-messages rule has served."""
        talking.clear_unread_rule(self._core, buffer)

    def retry(self, buffer: str, item_id: int) -> None:
        """Send an unsent message again, under its key."""
        talking.retry(self._core, buffer, item_id)

    def retry_now(self) -> None:
        """Connect now instead of waiting."""
        if self.state.connection in (Connection.WAITING, Connection.OFFLINE):
            self._core.attempts = 0  # someone is there: the next delays are short again
            liveness.begin(self._core)

    def quit(self, reason: str = "") -> None:
        """Say goodbye and stay off line."""
        core = self._core
        if self.state.connection in _LINKED:
            words = cleaned(" ".join(reason.split()))[:QUIT_CHARACTERS_MAX]
            core.send("QUIT", *filter(None, [words]))
        liveness.end_link(core)
        self.state.connection, self.state.reason = Connection.OFFLINE, ""
        core.changes.add(ConnectionChanged())

    def raw(self, line: str) -> None:
        """Send a line of the protocol as it is."""
        asking.raw(self._core, line)

    @property
    def unfinished(self) -> dict[str, str]:
        """What is not sent, by buffer: messages without an echo, and what was written after."""
        texts = dict(self.state.drafts)
        for buffer, item in reversed(self.unsent):
            texts[buffer] = "\n".join(filter(None, [item.text, texts.get(buffer, "")]))
        return texts

    @property
    def unsent(self) -> list[tuple[str, Item]]:
        """Buffer key and item of each message that quitting would lose."""
        return [(held.buffer, held.item) for held in self._core.pending.values()]
