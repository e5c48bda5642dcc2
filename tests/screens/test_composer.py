"""The composer by itself: nothing typed is lost, pasting never sends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tui.widgets.composer import Candidate, Completion, Composer, Line

NICKS = ("ann", "anna", "bob")


def complete(text: str, cursor: int) -> Completion | None:
    start = text.rfind(" ", 0, cursor) + 1
    word = text[start:cursor]
    found = [Candidate(nick) for nick in NICKS if nick.startswith(word)]
    return Completion(start, cursor, found)


class Desk(App[None]):
    """A composer and nothing else."""

    CSS = "Composer { height: auto; max-height: 8; border: none; }"

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Line] = []

    def compose(self) -> ComposeResult:
        yield Composer()

    @property
    def composer(self) -> Composer:
        return self.query_one(Composer)


@asynccontextmanager
async def desk() -> AsyncIterator[tuple[Desk, Pilot[None]]]:
    app = Desk()
    async with app.run_test(size=(60, 10)) as pilot:
        app.composer.complete = complete
        app.composer.submit = app.sent.append
        app.composer.switch("#trail")
        app.composer.focus()
        yield app, pilot


async def test_text_stays_until_it_was_accepted() -> None:
    async with desk() as (app, pilot):
        await pilot.press(*"hello", "enter")
        assert app.sent == [("#trail", "hello")]
        assert app.composer.text == "hello"
        app.composer.accept("#trail", "hello")
        assert app.composer.text == ""


async def test_what_was_typed_on_while_waiting_is_not_cleared() -> None:
    async with desk() as (app, pilot):
        await pilot.press(*"hello", "enter", "!")
        app.composer.accept("#trail", "hello")
        assert app.composer.text == "hello!"


async def test_a_paste_of_many_lines_is_kept_whole_and_not_sent() -> None:
    async with desk() as (app, pilot):
        app.post_message(events.Paste("one\ntwo\nthree\n"))
        await pilot.pause()
        assert app.composer.text == "one\ntwo\nthree\n"
        assert app.sent == []


async def test_a_new_line_does_not_send() -> None:
    async with desk() as (app, pilot):
        await pilot.press(*"one")
        app.composer.new_line()
        await pilot.press(*"two", "enter")
        assert app.sent == [("#trail", "one\ntwo")]


async def test_every_room_keeps_its_draft() -> None:
    async with desk() as (app, pilot):
        await pilot.press(*"half")
        app.composer.switch("#dev")
        assert app.composer.text == ""
        await pilot.press(*"other")
        app.composer.switch("#trail")
        assert app.composer.text == "half"
        assert app.composer.drafts == {"#trail": "half", "#dev": "other"}


async def test_refused_text_comes_back_only_where_nothing_is_written() -> None:
    async with desk() as (app, pilot):
        app.composer.give_back("#trail", "refused")
        assert app.composer.text == "refused"
        app.composer.give_back("#trail", "again")
        assert app.composer.text == "refused"
        app.composer.give_back("#dev", "there")
        app.composer.switch("#dev")
        assert app.composer.text == "there"
        await pilot.pause()


async def test_up_fetches_what_was_sent_and_down_what_was_begun() -> None:
    async with desk() as (app, pilot):
        for text in ("first", "second"):
            await pilot.press(*text, "enter")
            app.composer.accept("#trail", text)
        await pilot.press(*"begun", "up")
        assert app.composer.text == "second"
        await pilot.press("up", "up")
        assert app.composer.text == "first"
        await pilot.press("down", "down")
        assert app.composer.text == "begun"


async def test_clearing_keeps_the_text_in_the_history() -> None:
    async with desk() as (app, pilot):
        await pilot.press(*"oops", "ctrl+c")
        assert app.composer.text == ""
        await pilot.press("up")
        assert app.composer.text == "oops"


async def test_tab_goes_round_the_candidates() -> None:
    async with desk() as (app, pilot):
        await pilot.press(*"hi", "space", *"an", "tab")
        assert app.composer.text == "hi ann"
        await pilot.press("tab")
        assert app.composer.text == "hi anna"
        await pilot.press("tab", "!")
        assert app.composer.text == "hi ann!"


async def test_grows_with_the_text() -> None:
    async with desk() as (app, pilot):
        assert app.composer.size.height == 1
        app.composer.write("one\ntwo\nthree")
        await pilot.pause()
        assert app.composer.size.height == 3


async def test_keys_that_come_all_at_once_keep_their_order() -> None:
    async with desk() as (app, pilot):
        for key in (*"hello", "enter"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        assert app.sent == [("#trail", "hello")]
