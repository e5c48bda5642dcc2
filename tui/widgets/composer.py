"""Where one writes: grows with the text, sends on Enter, and loses nothing.

The text stays until `accept` is called. Enter hands it over at once, not through a queue, so
that what is typed ahead meets the room and the empty line that it was meant for. Every buffer
keeps its draft; what was sent or cleared
can be fetched back with Up. Pasting inserts, whatever it contains, and never sends.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Final, NamedTuple, TypeAlias

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from tui.widgets.looks import look

HISTORY_ENTRIES_MAX: Final = 200
HINT_CHARACTERS_MIN: Final = 2
"""After a sign and so many letters completions are shown without being asked for."""

HINT_SIGNS: Final = ("/", "#", "@", ":")

TAB_CELLS: Final = 4
"""What a tab that is pasted becomes: chat has none."""


class Candidate(NamedTuple):
    """One way to go on: what would be inserted, and a note beside it."""

    text: str
    note: str = ""


class Completion(NamedTuple):
    """Candidates for the characters `start` to `end` of the line before the cursor."""

    start: int
    end: int
    candidates: Sequence[Candidate]
    usage: str = ""  # how the command that is being typed goes on


class Target(NamedTuple):
    """The message that what is written answers, or replaces. `words` say so to the person."""

    action: str  # "reply" or "edit"
    item_id: int
    words: str


class Line(NamedTuple):
    """A text, the buffer in which it was written, and what it answers or replaces."""

    buffer: str
    text: str
    target: Target | None = None


Complete: TypeAlias = Callable[[str, int], Completion | None]
"""The text and the cursor's place in it → what could stand there."""


Split: TypeAlias = Callable[[str], Sequence[int]]
"""The text → where in it another message begins, because one cannot hold it all."""


def complete_nothing(text: str, cursor: int) -> Completion | None:  # noqa: ARG001
    """Knows no completions."""
    return None


def submit_nowhere(line: Line) -> None:
    """Takes no line: each stays typed."""


def split_nowhere(text: str) -> Sequence[int]:  # noqa: ARG001
    """Everything fits."""
    return ()


@dataclass(slots=True)
class _Cycle:
    """Tab was pressed: which candidate stands in the text now."""

    completion: Completion
    index: int
    text: str  # as it was before
    cursor: int


class Desk(NamedTuple):
    """What is written and not sent on one server, and what it answers or edits, by buffer."""

    drafts: dict[str, str]
    targets: dict[str, Target]


class Composer(TextArea):
    """Calls `submit` on Enter, and posts `CandidatesChanged` for whoever shows completions.

    `target` is the message one answers or edits; every buffer keeps its own, like its draft.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"composer--over"}

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete(1)", "Complete", show=False),
        Binding("shift+tab", "complete(-1)", "Complete backwards", show=False),
        Binding("up", "up", "Earlier", show=False),
        Binding("down", "down", "Later", show=False),
        Binding("end", "end", "End", show=False),
        Binding("ctrl+c", "copy_or_clear", "Copy or clear", show=False),
    ]

    @dataclass
    class Edited(Message):
        """The text was changed by the person."""

        buffer: str
        text: str

    @dataclass
    class CandidatesChanged(Message):
        """What could be completed; `chosen` -1: none of them stands in the text."""

        candidates: Sequence[Candidate]
        chosen: int
        usage: str = ""

    @dataclass
    class TargetChanged(Message):
        """What is written answers or edits another message than before, or none."""

        target: Target | None

    @dataclass
    class PasteWanted(Message):
        """So many lines were pasted that the person should see them first."""

        buffer: str
        text: str

    @dataclass
    class EndWanted(Message):
        """End in an empty composer: to the newest message."""

    @dataclass
    class ChooseWanted(Message):
        """Shift+Tab with nothing to complete: choose a message."""

    @dataclass
    class NothingToClear(Message):
        """Ctrl+C in an empty composer."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, compact=True, highlight_cursor_line=False)
        self.cursor_blink = False
        self.complete: Complete = complete_nothing
        self.submit: Callable[[Line], None] = submit_nowhere
        self.is_secret: Callable[[str], bool] = lambda _: False  # kept in no history
        self.split: Split = split_nowhere
        self.paste_lines = 0  # a paste of so many is shown first; 0: never
        self.edit_last: Callable[[], None] | None = None  # what Up does in an empty composer
        self._buffer = ""
        self._server = ""
        self._desk = Desk({}, {})
        self._desks: dict[str, Desk] = {}  # of servers that one does not write to now
        self._cut: tuple[tuple[str, str], Sequence[int]] = (("", ""), ())  # by buffer and text
        self._history: list[str] = []
        self._history_at = 0
        self._unsent = ""  # what was being written before going back in history
        self._cycle: _Cycle | None = None
        self._inserting = False

    def drafts(self, server: str) -> dict[str, str] | None:
        """Everything that is written and not sent on a server, by buffer; None: never seen."""
        if server == self._server:
            drafts = {**self._desk.drafts, self._buffer: self.text}
        elif server in self._desks:
            drafts = self._desks[server].drafts
        else:
            return None
        return {buffer: text for buffer, text in drafts.items() if text.strip()}

    @property
    def buffer(self) -> str:
        """The key of the buffer that one writes to."""
        return self._buffer

    @property
    def earlier(self) -> Sequence[str]:
        """What was sent or cleared, oldest first."""
        return tuple(self._history)

    @property
    def target(self) -> Target | None:
        """The message that what is written answers or edits."""
        return self._desk.targets.get(self._buffer)

    @target.setter
    def target(self, target: Target | None) -> None:
        self._desk.targets.pop(self._buffer, None)
        if target is not None:
            self._desk.targets[self._buffer] = target
        self.post_message(self.TargetChanged(target))

    @property
    def cuts(self) -> Sequence[int]:
        """Where in the text another message begins."""
        text = self.text
        if self._cut[0] != (self._buffer, text):
            self._cut = ((self._buffer, text), self.split(text))
        return self._cut[1]

    def turn(self, server: str, buffer: str, drafts: Mapping[str, str]) -> None:
        """Write to another server, at first with the `drafts` of last time."""
        self._desk.drafts[self._buffer] = self.text
        self._desks[self._server] = self._desk
        self._server, self._buffer = server, buffer
        self._desk = self._desks.pop(server, Desk(dict(drafts), {}))
        self._begin()

    def leave_draft(self, server: str, buffer: str, text: str, drafts: Mapping[str, str]) -> None:
        """A text was refused on a server that one does not write to: a draft, if there is none.

        `drafts` are those of last time, where one has not written to that server since.
        """
        desk = self._desks.setdefault(server, Desk(dict(drafts), {}))
        if not desk.drafts.get(buffer, "").strip():
            desk.drafts[buffer] = text

    def switch(self, buffer: str) -> None:
        """Write to another buffer; each keeps its draft."""
        if buffer == self._buffer:
            return
        self._desk.drafts[self._buffer] = self.text
        self._buffer = buffer
        self._begin()

    def _begin(self) -> None:
        self._write(self._desk.drafts.pop(self._buffer, ""))
        self._history_at = len(self._history)
        self.post_message(self.TargetChanged(self.target))

    def accept(self, buffer: str, text: str) -> None:
        """`text` was taken: clear it where it was written, and remember it."""
        self._remember(text)
        if self._desk.targets.pop(buffer, None) is not None and buffer == self._buffer:
            self.post_message(self.TargetChanged(None))
        if buffer == self._buffer:
            if self.text == text:
                self._write("")
        elif self._desk.drafts.get(buffer) == text:
            del self._desk.drafts[buffer]

    def give_back(self, buffer: str, text: str) -> None:
        """`text` was refused after all: back into the composer where that is empty."""
        if buffer == self._buffer:
            if not self.text.strip():
                self._write(text)
        elif not self._desk.drafts.get(buffer, "").strip():
            self._desk.drafts[buffer] = text

    def write(self, text: str) -> None:
        """Put `text` into the composer, keeping what was there in the history."""
        self._remember(self.text)
        self._write(text)
        self.focus()

    def type(self, text: str) -> None:
        """Insert `text` at the cursor, as if typed."""
        self.focus()
        self.insert(text)

    def catch_up(self, lines: Sequence[str]) -> None:
        """Type what was typed before there was a composer: all but the last ended with Enter.

        A line that is refused stays, and the others with it; a draft that waits here is not sent.
        """
        *ended, begun = lines
        while ended and not self.text:
            self._write(ended.pop(0))
            self._submit()
        rest = "\n".join(filter(None, [*ended, begun]))
        self.insert(f"\n{rest}" if rest and self.text else rest)

    def new_line(self) -> None:
        """Start another line."""
        self.insert("\n")
        self.scroll_cursor_visible()

    # -- keys ----------------------------------------------------------------------------------

    def action_up(self) -> None:
        """A line up, or from the first line back in history."""
        row = self.wrapped_document.location_to_offset(self.cursor_location).y
        if not self.text and self.edit_last is not None:
            self.edit_last()
        elif row == 0:
            self._recall(-1)
        else:
            self.action_cursor_up()

    def action_down(self) -> None:
        """A line down, or from the last line forward in history."""
        row = self.wrapped_document.location_to_offset(self.cursor_location).y
        if row >= self.wrapped_document.height - 1:
            self._recall(1)
        else:
            self.action_cursor_down()

    def action_end(self) -> None:
        """The end of the line; in an empty composer, the newest message."""
        if self.text:
            self.action_cursor_line_end()
        else:
            self.post_message(self.EndWanted())

    def action_copy_or_clear(self) -> None:
        """Copy what is selected, here or on the screen; else clear, and keep it in history."""
        if self.selected_text:
            self.app.copy_to_clipboard(self.selected_text)
        elif selected := self.screen.get_selected_text():
            self.app.copy_to_clipboard(selected)
        elif self.text:
            self._remember(self.text)
            self._write("")
        else:
            self.post_message(self.NothingToClear())

    def action_complete(self, step: int) -> None:
        """Tab: complete, and on the next Tab offer the next candidate."""
        if self._cycle is None:
            completion = self._completion()
            if completion is None or not completion.candidates:
                if step < 0:
                    self.post_message(self.ChooseWanted())
                return
            cursor = self._cursor()
            first = 0 if step > 0 else len(completion.candidates) - 1
            self._cycle = _Cycle(completion, first, self.text, cursor)
        else:
            count = len(self._cycle.completion.candidates)
            self._cycle.index = (self._cycle.index + step) % count
        self._insert_candidate(self._cycle)

    def pick_candidate(self, index: int) -> None:
        """A candidate was clicked."""
        completion = self._cycle.completion if self._cycle else self._completion()
        if completion is None or not 0 <= index < len(completion.candidates):
            return
        if self._cycle is None:
            self._cycle = _Cycle(completion, index, self.text, self._cursor())
        self._cycle.index = index
        self._insert_candidate(self._cycle)
        self._stop_completing()
        self.focus()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Offer completions for what is being typed."""
        event.stop()
        self.post_message(self.Edited(self._buffer, self.text))
        if self._inserting:
            self._inserting = False
            return
        self._cycle = None
        self._hint()

    # -- inside --------------------------------------------------------------------------------

    def _completion(self) -> Completion | None:
        return self.complete(self.text, self._cursor())

    def _hint(self) -> None:
        """Show, unasked, what a name begun with its sign could be and how a command goes on."""
        text = self.text[: self._cursor()]
        word = text.rsplit(maxsplit=1)[-1] if text and not text[-1].isspace() else ""
        begun = word[:1] in HINT_SIGNS and len(word) > HINT_CHARACTERS_MIN
        completion = self._completion() if text.strip() else None
        if completion is None:
            completion = Completion(0, 0, ())
        candidates = completion.candidates if begun else ()
        self.post_message(self.CandidatesChanged(candidates, -1, completion.usage))

    def _insert_candidate(self, cycle: _Cycle) -> None:
        start, end, candidates, usage = cycle.completion
        new = candidates[cycle.index].text
        text = f"{cycle.text[:start]}{new}{cycle.text[end:]}"
        self._inserting = text != self.text
        self.text = text
        self.cursor_location = _location(text, start + len(new))
        shown = candidates if len(candidates) > 1 else ()
        self.post_message(self.CandidatesChanged(shown, cycle.index, usage))
        if len(candidates) == 1:
            self._cycle = None

    def _stop_completing(self) -> None:
        self._cycle = None
        self.post_message(self.CandidatesChanged((), -1))

    def _cursor(self) -> int:
        row, column = self.cursor_location
        lines = self.text.split("\n")
        return sum(len(line) + 1 for line in lines[:row]) + column

    def _recall(self, step: int) -> None:
        at = self._history_at + step
        if not 0 <= at <= len(self._history):
            return
        if self._history_at == len(self._history):
            self._unsent = self.text
        self._history_at = at
        self._write(self._history[at] if at < len(self._history) else self._unsent)

    def _remember(self, text: str) -> None:
        known = bool(self._history) and self._history[-1] == text
        if text.strip() and not known and not self.is_secret(text):
            self._history.append(text)
            del self._history[:-HISTORY_ENTRIES_MAX]
        self._history_at = len(self._history)

    def _write(self, text: str) -> None:
        self.text = text
        self.move_cursor(self.document.end)
        self._cycle = None

    def get_line(self, line_index: int) -> Text:
        """The line, with what is for every second message in another look."""
        line = super().get_line(line_index)
        cuts = self.cuts
        if cuts:
            text = self.text
            start = sum(len(each) + 1 for each in text.split("\n")[:line_index])
            over = look(self, "composer--over")
            for cut, end in list(pairwise([*cuts, len(text)]))[::2]:
                if cut < start + len(line) and end > start:
                    line.stylize(over, max(0, cut - start), end - start)
        return line

    def on_paste(self, event: events.Paste) -> None:
        """Many lines are shown first; tabs become spaces. Nothing that is pasted is sent."""
        text = event.text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(TAB_CELLS)
        event.text = text  # TextArea inserts it
        if self.paste_lines and text.strip("\n").count("\n") + 1 >= self.paste_lines:
            event.prevent_default()
            self.post_message(self.PasteWanted(self._buffer, text))

    async def _on_key(self, event: events.Key) -> None:
        """Enter is handled here, not by a binding that could overtake letters still queued."""
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self._submit()
            return
        if self._cycle is not None and event.key not in ("tab", "shift+tab"):
            self._stop_completing()
        await super()._on_key(event)

    def _submit(self) -> None:
        self._stop_completing()
        if self.text.strip():
            self.submit(Line(self._buffer, self.text, self.target))


def _location(text: str, index: int) -> tuple[int, int]:
    before = text[:index]
    return before.count("\n"), len(before) - (before.rfind("\n") + 1)
