"""The composer by itself: nothing typed is lost, pasting never sends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tui.widgets.composer import Candidate, Completion, Composer, Target

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
        self.sent: list[tuple[str, str]] = []
        self.wanted: list[object] = []
        self.offered: list[str] = []
        self.targets: list[Target | None] = []

    def compose(self) -> ComposeResult:
        yield Composer()

    @property
    def composer(self) -> Composer:
        return self.query_one(Composer)

    def on_composer_candidates_changed(self, event: Composer.CandidatesChanged) -> None:
        self.offered = [each.text for each in event.candidates]

    def on_composer_paste_wanted(self, event: Composer.PasteWanted) -> None:
        self.wanted.append(event.text)

    def on_composer_target_changed(self, event: Composer.TargetChanged) -> None:
        self.targets.append(event.target)


@asynccontextmanager
async def desk() -> AsyncIterator[tuple[Desk, Pilot[None]]]:
    app = Desk()
    async with app.run_test(size=(60, 10)) as pilot:
        app.composer.complete = complete
        app.composer.submit = lambda line: app.sent.append((line.buffer, line.text))
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
        assert app.composer.drafts("") == {"#trail": "half", "#dev": "other"}


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


async def test_completions_come_unasked_after_a_sign_and_two_letters() -> None:
    async with desk() as (app, pilot):
        app.composer.complete = lambda text, cursor: Completion(0, cursor, [Candidate("x")])
        for text, offered in (("ab", []), ("@a", []), ("@ab", ["x"]), (":ab", ["x"]), ("@ab ", [])):
            app.composer.write(text)
            await pilot.pause()
            assert app.offered == offered, text


async def test_a_paste_of_many_lines_is_shown_first_where_one_wants_that() -> None:
    async with desk() as (app, pilot):
        app.composer.paste_lines = 3
        app.post_message(events.Paste("one\r\ntwo\n"))
        app.post_message(events.Paste("one\ntwo\n\tthree\n"))
        await pilot.pause()
        assert app.composer.text == "one\ntwo\n"
        assert app.wanted == ["one\ntwo\n    three\n"]


async def test_up_in_an_empty_line_may_mean_to_edit() -> None:
    async with desk() as (app, pilot):
        app.composer.edit_last = lambda: app.wanted.append("edit")
        await pilot.press("up")
        await pilot.press("a", "up")
        assert app.wanted == ["edit"]


async def test_a_target_stays_with_its_buffer_and_goes_with_its_message() -> None:
    async with desk() as (app, pilot):
        target = app.composer.target = Target("reply", 7, "bob: hi")
        app.composer.switch("#dev")
        assert app.composer.target is None
        app.composer.switch("#trail")
        assert app.composer.target == target
        app.composer.accept("#trail", "hello")
        await pilot.pause()
        assert app.composer.target is None
        assert app.targets == [None, target, None, target, None]


async def test_what_is_for_a_second_message_looks_different() -> None:
    async with desk() as (app, _):
        app.composer.split = lambda text: [8] if len(text) > 8 else []
        app.composer.write("one two three\nfour")
        first, second = app.composer.get_line(0), app.composer.get_line(1)
        assert [(span.start, span.end) for span in first.spans] == [(8, 13)]
        assert [(span.start, span.end) for span in second.spans] == [(0, 4)]


async def test_every_server_keeps_its_drafts_and_what_they_answer() -> None:
    async with desk() as (app, pilot):
        composer = app.composer
        composer.turn("one:6667", "#trail", {"#dev": "from last time"})
        composer.target = answered = Target("reply", 7, "bob: hello")
        await pilot.press("y", "e", "s")
        composer.turn("two:6667", "#trail", {})
        assert app.composer.text == ""
        assert app.composer.target is None
        composer.leave_draft("one:6667", "#trail", "refused", {})
        composer.leave_draft("one:6667", "#own", "refused", {})
        composer.turn("one:6667", "#trail", {})
        assert (composer.text, composer.target) == ("yes", answered)
        assert composer.drafts("one:6667") == {
            "#trail": "yes",
            "#dev": "from last time",
            "#own": "refused",
        }
        assert composer.drafts("two:6667") == {}
        assert composer.drafts("three:6667") is None
