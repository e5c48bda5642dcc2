"""Notices: told once, only of what is not looked at, and never as anything but words."""

import re
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client.script import Desk, in_room
from tui.client.state import Attention, Item, ItemKind, State
from tui.client.updates import Said
from tui.notices import INTERVAL_S, Notices, notice_words
from tui.preferences import Preferences
from tui.terminal import notification_sequence, protocol_of, sanitized, through, title_sequence

GHOSTTY = {"TERM_PROGRAM": "ghostty"}
PROTOCOLS = ("osc9", "osc777", "osc99")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


class Ears:
    """A host that remembers what it was told."""

    def __init__(self) -> None:
        self.looks = False
        self.shown = ""
        self.heard: list[str] = []

    def bell(self) -> None:
        self.heard.append("bell")

    def toast(self, title: str, text: str, seconds: float) -> None:
        self.heard.append(f"{title}: {text}")

    def write_terminal(self, sequence: str) -> None:
        if sequence:
            self.heard.append(sequence)

    def is_seen(self, state: State, buffer: str) -> bool:
        return self.looks and buffer == self.shown


class Watch:
    """A desk with someone who is told of what is said there."""

    def __init__(
        self, preferences: Preferences | None = None, environment: Mapping[str, str] = GHOSTTY
    ) -> None:
        self.desk: Desk = in_room()
        self.desk.client.show("")
        self.ears = Ears()
        chosen = preferences or Preferences()
        self.quiet = False
        self.notices = Notices(
            self.ears, lambda: chosen, lambda: self.desk.now, lambda: self.quiet, environment
        )

    def hears(self, text: str, target: str = "#trail") -> list[str]:
        self.desk.hears(f":bob!bob@host PRIVMSG {target} :{text}")
        for update in self.desk.told(Said):
            self.notices.said(self.desk.client.state, update)
        heard, self.ears.heard = self.ears.heard, []
        return heard


def test_a_mention_is_told_of_by_the_desktop_while_one_looks_elsewhere() -> None:
    watch = Watch()
    assert watch.hears("hello") == []
    assert watch.hears("hello ann") == ["\x1b]777;notify;bob in trail;hello ann\x1b\\"]
    assert watch.hears("ann?") == []
    watch.desk.wait(INTERVAL_S)
    assert watch.hears("psst", "ann") == ["\x1b]777;notify;bob;psst\x1b\\"]


def test_in_front_of_the_screen_a_toast_tells_of_other_rooms_only() -> None:
    watch = Watch()
    watch.ears.looks = True
    assert watch.hears("ann!") == ["bob in trail: ann!"]
    watch.desk.wait(INTERVAL_S)
    watch.ears.shown = "#trail"
    assert watch.hears("ann!") == []


def test_everything_or_nothing_is_told_of_as_one_wants() -> None:
    everything = Watch(Preferences(notify__about="everything", notify__bell=True))
    assert everything.hears("hello")[0] == "bell"
    assert Watch(Preferences(notify__about="nothing")).hears("ann!") == []
    assert Watch(Preferences(notify__desktop="off")).hears("ann!") == []


def test_a_room_is_told_of_as_was_chosen_for_it() -> None:
    watch = Watch(Preferences(notify__about="everything"))
    watch.desk.client.attend("#trail", Attention.MENTIONS)
    assert watch.hears("hello") == []
    assert len(watch.hears("ann!")) == 1
    watch.desk.wait(INTERVAL_S)
    watch.desk.client.attend("#trail", Attention.NOTHING)
    assert watch.hears("ann!") == []
    watch.desk.client.attend("#trail", None)
    assert len(watch.hears("hello")) == 1
    one = Watch()
    one.desk.client.attend("#trail", Attention.ALL)
    assert len(one.hears("hello")) == 1


def test_who_is_not_to_be_disturbed_is_told_nothing() -> None:
    watch = Watch(Preferences(notify__bell=True))
    watch.quiet = True
    assert watch.hears("ann!") == []
    watch.quiet = False
    assert len(watch.hears("ann!")) == 2


def test_the_name_of_a_room_is_only_words() -> None:
    desk = in_room()
    room = desk.buffer("#trail")
    room.name = "#trail\x1b]0;owned\x07"
    item = Item(1, ItemKind.MESSAGE, 0, "bob", "hi")
    assert notice_words(room, item) == ("bob in trail]0;owned", "hi")


def test_history_is_no_news() -> None:
    watch = Watch(Preferences(notify__about="everything"))
    watch.desk.hears(
        ":s BATCH +h chathistory #trail",
        "@batch=h;msgid=m :bob!b@h PRIVMSG #trail :ann, before",
        ":s BATCH -h",
    )
    assert watch.desk.told(Said) == []


def test_the_title_counts_and_is_given_back() -> None:
    watch = Watch()
    states = [watch.desk.client.state]
    watch.hears("one")
    watch.notices.show_title(states)
    watch.notices.show_title(states)
    watch.desk.client.attend("#trail", Attention.NOTHING)
    watch.notices.show_title(states)
    watch.desk.client.attend("#trail", None)
    watch.notices.show_title(states)
    watch.desk.client.mark_read("#trail")
    watch.notices.show_title(states)
    watch.notices.restore_title()
    assert watch.ears.heard == [
        "\x1b[22;0t\x1b]0;(1) chat-tui\x1b\\",
        "\x1b]0;chat-tui\x1b\\",
        "\x1b]0;(1) chat-tui\x1b\\",
        "\x1b]0;chat-tui\x1b\\",
        "\x1b[23;0t",
    ]


@given(st.text(), st.text())
def test_no_text_can_leave_its_sequence(title: str, body: str) -> None:
    for text in (title, body):
        assert not CONTROL.search(sanitized(text, 40))
        assert len(sanitized(text, 40)) <= 40
    for sequence in (
        title_sequence(title),
        *(notification_sequence(p, title, body) for p in PROTOCOLS),
    ):
        inside = re.sub(r"\x1b\]|\x1b\\", "", sequence)
        assert not CONTROL.search(inside)


def test_a_hostile_line_is_only_words() -> None:
    evil = "\x1b]0;owned\x07\x9b2J\u202eabc\r\nQUIT"
    assert sanitized(evil, 99) == "]0;owned2Jabc QUIT"
    assert notification_sequence("osc9", "4;1", "x") == "\x1b]9;4,1: x\x1b\\"


@pytest.mark.parametrize(
    ("environment", "protocol"),
    [
        ({"TERM": "xterm-kitty"}, "osc99"),
        ({"KITTY_WINDOW_ID": "1", "TERM": "tmux-256color"}, "osc99"),
        ({"LC_TERMINAL": "iTerm2"}, "osc9"),
        ({"TERM_PROGRAM": "WezTerm"}, "osc9"),
        ({"TERM": "foot"}, "osc777"),
        ({"TERM": "xterm-256color"}, ""),
        ({"WT_SESSION": "x", "TERM_PROGRAM": "WezTerm"}, ""),
    ],
)
def test_the_terminal_is_known_by_its_name(environment: dict[str, str], protocol: str) -> None:
    assert protocol_of(environment) == protocol


def test_tmux_hands_on_what_is_doubled() -> None:
    assert through({"TMUX": "/tmp/x"}, "\x1b]9;hi\x1b\\") == (
        "\x1bPtmux;\x1b\x1b]9;hi\x1b\x1b\\\x1b\\"
    )
    assert through({"TMUX": "/tmp/x"}, "") == ""
