"""The list of messages by itself: following, scrolling, older pages, wrapping, selecting."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC

from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.screens.language import screen_text
from tui.client.state import Buffer, BufferKind, Delivery, Item, ItemKind, Reaction
from tui.widgets import wishes
from tui.widgets.timeline import Timeline

NOON_MS = 1_772_798_400_000


class Room(App[None]):
    """A timeline and nothing else; keeps what the timeline asks for."""

    CSS = """Timeline { height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden;
                        overflow-y: scroll; }"""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.buffer = Buffer("#room", "#room", BufferKind.ROOM, joined=True)
        self.ids = 0
        self.buffer.items = self.make(count)
        self.asked: list[object] = []

    def make(self, count: int, text: str = "message {}") -> list[Item]:
        made = []
        for _ in range(count):
            self.ids += 1
            words = text.format(self.ids)
            made.append(Item(self.ids, ItemKind.MESSAGE, NOON_MS, "ann", words, f"id{self.ids}"))
        return made

    def compose(self) -> ComposeResult:
        yield Timeline(UTC)

    @property
    def timeline(self) -> Timeline:
        return self.query_one(Timeline)

    def arrive(self, items: list[Item]) -> None:
        self.buffer.items += items
        self.timeline.append(items)

    def arrive_in_front(self, items: list[Item]) -> None:
        self.buffer.items[0:0] = items
        self.timeline.prepend(len(items))

    def on_timeline_older_wanted(self, event: wishes.OlderWanted) -> None:
        self.buffer.loading_older = True
        self.asked.append(event)

    def on_timeline_deed_wanted(self, event: wishes.DeedWanted) -> None:
        self.asked.append((event.deed, event.item.text, event.detail))


@asynccontextmanager
async def room(
    count: int, size: tuple[int, int] = (80, 12), at_start: bool = True
) -> AsyncIterator[tuple[Room, Pilot[None]]]:
    app = Room(count)
    app.buffer.at_start = at_start
    async with app.run_test(size=size) as pilot:
        app.timeline.show(app.buffer)
        await pilot.pause()
        yield app, pilot


def lines(app: Room) -> list[str]:
    """What the timeline shows, without its scroll bar."""
    width = app.size.width - 1
    return [line[:width].strip() for line in screen_text(app).splitlines()]


def words(line: str) -> str:
    """A line without time and nick, which depend on the message before it."""
    return line.split("  ")[-1].strip()


async def drawn(pilot: Pilot[None]) -> None:
    """Until what arrived was drawn: updates are gathered for a 25th of a second."""
    await pilot.pause(0.06)


async def test_follows_the_end() -> None:
    async with room(100) as (app, pilot):
        assert lines(app)[-1] == "message 100"
        app.arrive(app.make(3))
        await drawn(pilot)
        assert lines(app)[-1] == "message 103"


async def test_a_reader_above_is_not_moved_and_told_how_many_came() -> None:
    async with room(100) as (app, pilot):
        app.timeline.page(-1)
        await pilot.pause()
        before = lines(app)[:-1]
        app.arrive(app.make(5))
        await drawn(pilot)
        assert lines(app)[:-1] == before
        assert lines(app)[-1].endswith("↓ 5 new")
        app.timeline.scroll_to_end()
        await pilot.pause()
        assert lines(app)[-1] == "message 105"


async def test_older_messages_in_front_do_not_move_what_is_read() -> None:
    async with room(40) as (app, pilot):
        app.timeline.scroll_to(y=0, animate=False)
        await pilot.pause()
        assert "message 1" in lines(app)[2]
        before = lines(app)[2:-1]
        text = "older {} and long enough that it takes more than a line of this screen"
        app.arrive_in_front(app.make(30, text))
        await drawn(pilot)
        after = lines(app)[2:-1]
        assert [words(line) for line in after] == [words(line) for line in before]
        assert "screen" in lines(app)[1]


async def test_older_pages_are_asked_for_before_the_top_is_reached() -> None:
    async with room(100, at_start=False) as (app, pilot):
        assert app.asked == []
        app.timeline.scroll_to(y=20, animate=False)
        await pilot.pause()
        assert app.asked == [wishes.OlderWanted("#room")]
        app.timeline.scroll_to(y=0, animate=False)
        await pilot.pause()
        assert "loading older messages…" in lines(app)[0]
        assert len(app.asked) == 1


async def test_scrolling_up_by_lines_meets_every_message_once() -> None:
    async with room(0, size=(40, 10)) as (app, pilot):
        app.arrive(app.make(60, "number {} is a message that takes several lines at this width"))
        await drawn(pilot)
        seen = "\n".join(lines(app)[:-1])
        while app.timeline.scroll_y > 0:
            top = lines(app)[0]
            app.timeline.scroll_to(y=int(app.timeline.scroll_y) - 3, animate=False)
            await pilot.pause()
            at_top = app.timeline.scroll_y == 0
            assert at_top or lines(app)[3] == top, "three lines up means three lines up"
            seen = "\n".join(lines(app)[:3]) + "\n" + seen
        assert [f"number {n} is" in seen for n in range(1, 61)] == [True] * 60


async def test_resizing_wraps_anew_and_keeps_the_place() -> None:
    async with room(0) as (app, pilot):
        app.arrive(app.make(50, "number {} is a message that takes several lines when narrow"))
        await drawn(pilot)
        app.timeline.scroll_to(y=20, animate=False)
        await pilot.pause()
        top = re.search(r"number (\d+)", " ".join(lines(app)))
        await pilot.resize_terminal(40, 12)
        await pilot.pause()
        assert top
        assert f"number {top[1]} " in " ".join(lines(app)[:3])
        assert all(len(line) <= 40 for line in lines(app))


async def test_a_view_that_grows_goes_on_following() -> None:
    async with room(100, size=(80, 6)) as (app, pilot):
        await pilot.resize_terminal(80, 20)
        await pilot.pause()
        assert app.timeline.following
        assert lines(app)[-1] == "message 100"
        await pilot.resize_terminal(80, 5)
        await pilot.pause()
        assert lines(app)[-1] == "message 100"


async def test_few_messages_stand_at_the_bottom() -> None:
    async with room(2, size=(80, 10)) as (app, _):
        assert lines(app)[-4:] == [
            "the beginning of room",
            "── Friday, March 6, 2026 ──",
            "12:00  ann           message 1",
            "message 2",
        ]


async def test_a_changed_item_is_drawn_anew_and_a_moved_one_stands_where_it_belongs() -> None:
    async with room(3) as (app, pilot):
        item = app.buffer.items[1]
        item.delivery, item.reason = Delivery.UNSENT, "the room is closed"
        item.version += 1
        app.timeline.change(item)
        await drawn(pilot)
        assert "✗ not sent: the room is closed" in lines(app)
        app.buffer.items.append(app.buffer.items.pop(1))
        app.timeline.change(item)
        await drawn(pilot)
        assert lines(app)[-2:] == [
            "✗                     message 2",
            "✗ not sent: the room is closed",
        ]


async def test_a_burst_is_drawn_together_and_the_height_is_right() -> None:
    async with room(10) as (app, pilot):
        await drawn(pilot)
        for _ in range(200):
            app.arrive(app.make(1))
        await drawn(pilot)
        assert lines(app)[-1] == "message 210"
        assert app.timeline.virtual_size.height == 210 + 2, "date and header included"
        assert app.timeline.max_scroll_y == 212 - 12


async def test_the_mouse_selects_characters_and_the_selection_survives_news() -> None:
    async with room(30) as (app, pilot):
        row = lines(app).index("message 28")
        await pilot.mouse_down(Timeline, offset=(22, row))
        await pilot.hover(Timeline, offset=(29, row + 1))
        await pilot.mouse_up(Timeline, offset=(29, row + 1))
        await pilot.pause()
        assert app.screen.get_selected_text() == "[12:00] <ann> message 28\n[12:00] <ann> message "
        app.arrive(app.make(1))
        await drawn(pilot)
        assert app.screen.get_selected_text() == "[12:00] <ann> message 28\n[12:00] <ann> message "


async def test_letters_act_on_the_chosen_message() -> None:
    async with room(5) as (app, pilot):
        app.timeline.start_choosing()
        await pilot.press("r", "up", "y", "Y", "plus", "d", "delete", "R", "enter")
        await pilot.pause()
        wanted = ["copy", "copy_link", "react", "delete", "delete", "retry", "menu"]
        assert app.asked == [
            ("reply", "message 5", ""),
            *((deed, "message 4", "") for deed in wanted),
        ]


async def test_a_click_follows_a_link_or_leads_to_what_is_quoted() -> None:
    async with room(1) as (app, pilot):
        (answer,) = app.make(1, "see https://example.org/a now")
        answer.quoted, answer.reply_to = app.buffer.items[0], "x"
        answer.reactions = (Reaction("👍", ("bob",), False),)
        app.arrive([answer])
        await drawn(pilot)
        quote, words = lines(app)[-2:]
        await pilot.click(Timeline, offset=(quote.index("ann:") + 24, app.size.height - 2))
        await pilot.click(Timeline, offset=(30, app.size.height - 1))
        await pilot.click(Timeline, offset=(22 + words.index("👍"), app.size.height - 1))
        await pilot.pause()
        assert app.asked == [
            ("quoted", answer.text, ""),
            ("open", answer.text, "https://example.org/a"),
            ("react", answer.text, "👍"),
        ]
        answer.reactions = ()  # taken back, and not drawn yet
        await pilot.click(Timeline, offset=(22 + words.index("👍"), app.size.height - 1))
        await pilot.pause()
        assert len(app.asked) == 3


async def test_a_thread_is_shown_alone_takes_answers_in_and_leads_back() -> None:
    async with room(30) as (app, pilot):
        app.timeline.page(-1)
        await pilot.pause()
        before = lines(app)[:-1]
        root = app.buffer.items[20]
        for quoted in (root, app.buffer.items[3]):
            (answer,) = app.make(1, "answer {}")
            answer.quoted, answer.reply_to = quoted, "x"
            app.buffer.items.append(answer)
        app.timeline.reload()
        await drawn(pilot)
        app.timeline.show_thread(app.buffer.items[-2])
        await pilot.pause()
        assert [words(line) for line in lines(app)[-3:]] == [
            "message 21",
            "╭ ann: message 21",
            "answer 31",
        ]
        (more,) = app.make(1, "more {}")
        more.quoted, more.reply_to = app.buffer.items[-2], "x"
        app.arrive([more, *app.make(1)])
        await drawn(pilot)
        assert words(lines(app)[-1]) == "more 33"
        app.timeline.show_thread(None)
        await pilot.pause()
        assert lines(app)[:-1] == before


async def test_leads_to_the_first_unread() -> None:
    async with room(60) as (app, pilot):
        app.buffer.first_unread_id = app.buffer.items[40].id
        app.timeline.update_buffer()
        assert app.timeline.reveal_first_unread()
        await pilot.pause()
        assert "message 41" in "\n".join(lines(app))
        app.buffer.first_unread_id = 0
        app.timeline.update_buffer()
        assert not app.timeline.reveal_first_unread()


async def test_the_wheel_scrolls() -> None:
    async with room(100) as (app, pilot):
        before = app.timeline.scroll_y
        app.timeline.post_message(
            events.MouseScrollUp(app.timeline, 5, 5, 0, -1, 0, False, False, False)
        )
        await pilot.pause()
        assert app.timeline.scroll_y < before
        assert not app.timeline.following
