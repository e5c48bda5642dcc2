"""What is done with a message that was chosen: one function for each row of `deeds.DEEDS`."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, Final, Protocol
from urllib.parse import quote

from textual.app import App

from common.text import plain
from tui.address import room_link
from tui.client.client import Client
from tui.client.state import Delivery, Item, State
from tui.render.links import links_in
from tui.render.speech import SIGNED, said_by, words_of
from tui.render.wrap import shorten
from tui.screens.dialogs import Question
from tui.screens.menus import HINT_LETTERS, EmojiPicker, Entry, Menu
from tui.screens.person_deeds import PersonDeeds
from tui.screens.picture import PictureScreen, can_show
from tui.widgets import wishes
from tui.widgets.composer import Composer, Target
from tui.widgets.deeds import DEEDS, MENU, deeds_for, key_sign
from tui.widgets.desktop import has_browser
from tui.widgets.timeline import Timeline

QUOTED_CELLS_MAX: Final = 40


class Frame(Protocol):
    """What the deeds need of the frame."""

    composer: Composer
    timeline: Timeline
    people: PersonDeeds

    @property
    def app(self) -> App[Any]:
        """The app."""

    def tell(self, text: str, failure: bool) -> None:
        """One line of answer."""

    def want(self, intent: Callable[[Client], None]) -> None:
        """Ask the core for something."""


class MessageDeeds:
    """The deeds of one frame. `state` gives that of the server on the screen."""

    def __init__(self, frame: Frame, state: Callable[[], State], zone: tzinfo | None) -> None:
        self._frame = frame
        self._state = state
        self._zone = zone
        self._deeds: dict[str, Callable[[wishes.DeedWanted], None]] = {
            MENU: self._menu,
            "reply": self._reply,
            "react": self._react,
            "edit": self._edit,
            "copy": self._copy,
            "copy_link": self._copy_link,
            "open": self._open,
            "view": self._view,
            "quoted": self._quoted,
            "thread": self._thread,
            "card": self._card,
            "retry": self._retry,
            "info": self._info,
            "delete": self._delete,
        }
        assert set(self._deeds) == {MENU, *(deed.name for deed in DEEDS)}

    def do(self, wanted: wishes.DeedWanted) -> None:
        """Do what is wanted, if it can be done with this message."""
        row = next((deed for deed in DEEDS if deed.name == wanted.deed), None)
        if row is not None and not row.can(wanted.item):
            self._frame.tell(f"{row.words}: that cannot be done with this one.", failure=False)
            return
        self._deeds[wanted.deed](wanted)

    def step_back(self) -> bool:
        """Leave a thread, or what is being answered or edited; False where there is neither."""
        composer, timeline = self._frame.composer, self._frame.timeline
        target = composer.target
        if timeline.thread is None and target is None:
            return False
        timeline.show_thread(None)
        if target is not None and target.action == "edit":
            composer.write("")  # what it was changed to stays within reach of Up
        composer.target = None
        return True

    def target_changed(self, target: Target | None) -> None:
        """What is written in a thread answers it, message after message."""
        thread = self._frame.timeline.thread
        if target is None and thread is not None:
            self._answer(thread.root, "in the thread of")

    def _answer(self, item: Item, how: str) -> None:
        self._frame.composer.target = Target("reply", item.id, f"{how} {_quote(item)}")

    # -- one by one ------------------------------------------------------------------------------

    def _menu(self, wanted: wishes.DeedWanted) -> None:
        keys = self._frame.timeline.deed_keys
        entries = [
            Entry(deed.name, key_sign(deed, keys), deed.words) for deed in deeds_for(wanted.item)
        ]

        def do(name: str | None) -> None:
            if name:
                self.do(wishes.DeedWanted(name, wanted.buffer, wanted.item))

        self._frame.app.push_screen(Menu(_quote(wanted.item), entries), do)

    def _reply(self, wanted: wishes.DeedWanted) -> None:
        self._answer(wanted.item, "replying to")
        self._frame.composer.focus()

    def _edit(self, wanted: wishes.DeedWanted) -> None:
        composer = self._frame.composer
        composer.write(wanted.item.text)
        composer.target = Target("edit", wanted.item.id, "editing your message")

    def _react(self, wanted: wishes.DeedWanted) -> None:
        def react(reaction: str | None) -> None:
            if reaction:
                item_id = wanted.item.id
                self._frame.want(lambda client: client.react(wanted.buffer, item_id, reaction))
                self._frame.composer.focus()

        if wanted.detail:
            react(wanted.detail)
        else:
            self._frame.app.push_screen(EmojiPicker(), react)

    def _copy(self, wanted: wishes.DeedWanted) -> None:
        item = wanted.item
        self._copied(said_by(item) if item.text else words_of(item), "the text")

    def _copy_link(self, wanted: wishes.DeedWanted) -> None:
        room = room_link(self._state().server, self._state().buffers[wanted.buffer].name)
        link = f"{room}?msgid={quote(wanted.item.msgid)}"
        self._copied(link, "a link to the message")

    def _copied(self, text: str, what: str) -> None:
        self._frame.app.copy_to_clipboard(text)
        self._frame.tell(f"Copied {what}.", failure=False)
        self._frame.composer.focus()

    def _open(self, wanted: wishes.DeedWanted) -> None:
        if wanted.detail:
            self._follow(wanted.detail)
        else:
            self._choose_link(wanted.item, "Open which link?", self._follow)

    def _view(self, wanted: wishes.DeedWanted) -> None:
        if can_show():
            self._choose_link(wanted.item, "Look at which picture?", self._look_at)
        else:
            words = "Pictures need the extra: pip install 'chat-tui[images]'. o opens the link."
            self._frame.tell(words, failure=False)

    def _look_at(self, address: str | None) -> None:
        if address:
            self._frame.app.push_screen(PictureScreen(address))

    def _choose_link(self, item: Item, question: str, follow: Callable[[str | None], None]) -> None:
        """Follow the link of a message, or one of several, each with a letter."""
        links = links_in(said_by(item))
        if len(links) == 1:
            follow(links[0])
            return
        entries = [
            Entry(link, sign, shorten(link, QUOTED_CELLS_MAX))
            for sign, link in zip(HINT_LETTERS, links, strict=False)
        ]
        self._frame.app.push_screen(Menu(question, entries), follow)

    def _follow(self, address: str | None) -> None:
        if not address:
            return
        if has_browser():
            self._frame.app.open_url(address)
            self._frame.tell(f"Opening {address}", failure=False)
        else:
            self._frame.app.copy_to_clipboard(address)
            self._frame.tell(f"No browser here; copied {address}", failure=False)

    def _quoted(self, wanted: wishes.DeedWanted) -> None:
        item = wanted.item
        self._frame.want(lambda client: client.show_message(wanted.buffer, item.reply_to))

    def _thread(self, wanted: wishes.DeedWanted) -> None:
        timeline = self._frame.timeline
        timeline.show_thread(wanted.item)
        if timeline.thread is not None:
            self._answer(timeline.thread.root, "in the thread of")
        self._frame.composer.focus()

    def _card(self, wanted: wishes.DeedWanted) -> None:
        self._frame.people.open(wanted.item.sender)

    def _retry(self, wanted: wishes.DeedWanted) -> None:
        self._frame.want(lambda client: client.retry(wanted.buffer, wanted.item.id))
        self._frame.composer.focus()

    def _info(self, wanted: wishes.DeedWanted) -> None:
        words = "\n".join(_known(wanted.item, self._zone))
        self._frame.app.push_screen(Question(words, [("", "Close")]))

    def _delete(self, wanted: wishes.DeedWanted) -> None:
        item = wanted.item
        whose = "your message" if item.own else f"the message of {plain(item.sender)}"
        question = f"Delete {whose} for everyone?\n\n{_quote(item)}"
        answers = [("keep", "Keep it"), ("delete", "Delete it")]
        self._frame.app.push_screen(
            Question(question, answers), partial(self._delete_if, wanted.buffer, item.id)
        )

    def delete_newest(self) -> None:
        """Delete one's newest message here, after a question."""
        state = self._state()
        key = state.current
        for item in reversed(state.buffers[key].items):
            if item.own and item.msgid and item.kind in SIGNED and not item.redacted:
                self._delete(wishes.DeedWanted("delete", key, item))
                return
        self._frame.tell("There is no message of yours to delete here.", failure=True)

    def _delete_if(self, buffer: str, item_id: int, answer: str | None) -> None:
        if answer == "delete":
            self._frame.want(lambda client: client.redact(buffer, item_id))
            self._frame.composer.focus()


def _quote(item: Item) -> str:
    words = " ".join(words_of(item).split())
    return shorten(f"{plain(item.sender)}: {words}", QUOTED_CELLS_MAX)


_DELIVERED: Final = {
    Delivery.CONFIRMED: "",
    Delivery.PENDING: "on its way",
    Delivery.UNSENT: "not sent",
    Delivery.UNSTORED: "delivered, but kept in no history",
}


def _known(item: Item, zone: tzinfo | None) -> list[str]:
    """What is known of a message, line by line."""
    moment = datetime.fromtimestamp(item.time_ms / 1000, zone)
    known = [
        ("Said", f"{moment:%A, %B} {moment.day}, {moment.year}, {moment:%H:%M:%S}"),
        ("By", plain(item.source or item.sender)),
        ("Number", str(item.number or "")),
        ("Id", plain(item.msgid)),
        ("State", item.redacted or ("edited" if item.edited else _DELIVERED[item.delivery])),
    ]
    for reaction in item.reactions:
        known.append((plain(reaction.text), ", ".join(map(plain, reaction.nicks))))
    return [f"{name:<8} {value}" for name, value in known if value]
