"""Entries as lines of text: grouping, rules, marks, joins and leaves in one line."""

from datetime import UTC

from rich.style import Style

from tui.client.state import Delivery, Item, ItemKind
from tui.render.entries import Entry, Run, gather
from tui.render.page import Drawing, Layout, Palette
from tui.render.presence import presence_words
from tui.render.speech import words_of
from tui.render.transcript import Transcript

NOON_MS = 1_772_798_400_000  # Friday, March 6, 2026, 12:00 UTC
PLAIN = Palette(True, *[Style()] * 8)


class Talk:
    """Items as a conversation brings them."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.seconds = 0

    def after(self, seconds: int) -> "Talk":
        self.seconds += seconds
        return self

    def add(self, kind: ItemKind, sender: str, text: str = "", **more: object) -> Item:
        time_ms = NOON_MS + self.seconds * 1_000
        item = Item(len(self.items) + 1, kind, time_ms, sender, text, **more)  # type: ignore[arg-type]
        self.items.append(item)
        return item

    def says(self, sender: str, text: str, **more: object) -> Item:
        return self.add(ItemKind.MESSAGE, sender, text, **more)

    def shown(self, width: int = 80, first_unread_id: int = 0) -> list[str]:
        transcript = Transcript(Drawing(Layout.for_width(width), PLAIN, UTC))
        transcript.load(self.items, first_unread_id)
        lines = [line for index in range(len(transcript)) for line in transcript.lines(index)]
        return ["".join(piece.text for piece in line).rstrip() for line in lines]


def test_a_person_is_named_once_within_two_minutes() -> None:
    talk = Talk()
    talk.says("ann", "Trains run.")
    talk.after(50).says("ann", "Every hour.")
    talk.after(130).says("ann", "Or so.")
    date, *lines = talk.shown()
    assert date.strip() == "── Friday, March 6, 2026 ──"
    assert [line.split() for line in lines] == [
        ["12:00", "ann", "Trains", "run."],
        ["Every", "hour."],
        ["12:03", "ann", "Or", "so."],
    ]


def test_a_new_day_has_its_rule() -> None:
    talk = Talk()
    talk.says("ann", "Good night.")
    talk.after(43_200).says("ann", "Good morning.")
    assert [line.strip() for line in talk.shown() if "──" in line] == [
        "── Friday, March 6, 2026 ──",
        "── Saturday, March 7 ──",
    ]


def test_the_new_messages_rule_stands_above_the_first_unread() -> None:
    talk = Talk()
    talk.says("ann", "old")
    unread = talk.says("ann", "new")
    lines = talk.shown(first_unread_id=unread.id)
    assert " new messages " in lines[-2]
    assert "ann" in lines[-1], "the rule interrupts, so the speaker is named again"


def test_narrow_screens_put_the_nick_above_and_leave_the_time_out() -> None:
    talk = Talk()
    talk.says("ann", "Trains run every hour, I have checked it twice.")
    assert talk.shown(width=30)[1:] == [
        " ann",
        "  Trains run every hour, I",
        "  have checked it twice.",
    ]


def test_what_was_not_sent_says_why() -> None:
    talk = Talk()
    talk.says("me", "hm", own=True, delivery=Delivery.UNSENT, reason="the room is closed")
    mark, why = talk.shown()[1:]
    assert mark.startswith("✗12:00  me")
    assert why.strip() == "✗ not sent: the room is closed"


def test_what_is_kept_nowhere_says_so_quietly() -> None:
    talk = Talk()
    talk.says("me", "psst", own=True, delivery=Delivery.UNSTORED)
    assert talk.shown()[1].endswith("psst · not kept")


def test_a_mention_is_marked_without_colour_too() -> None:
    talk = Talk()
    talk.says("ann", "me: come", mention=True)
    assert talk.shown()[1].startswith("●12:00  ann")


def test_joins_and_leaves_are_one_line_between_messages() -> None:
    talk = Talk()
    talk.says("ann", "hello")
    talk.add(ItemKind.JOIN, "dan")
    talk.add(ItemKind.QUIT, "eve", "bye")
    talk.says("ann", "again")
    entries: list[Entry] = []
    gather(talk.items, entries)
    assert [isinstance(entry, Run) for entry in entries] == [False, True, False]
    assert words_of(entries[1]) == "dan joined · eve left"


def test_the_net_effect_is_what_is_told() -> None:
    talk = Talk()
    for kind, sender, text in (
        (ItemKind.JOIN, "dan", ""),
        (ItemKind.JOIN, "fay", ""),
        (ItemKind.PART, "eve", ""),
        (ItemKind.JOIN, "eve", ""),
        (ItemKind.JOIN, "gus", ""),
        (ItemKind.QUIT, "gus", ""),
        (ItemKind.NICK, "max", "maxi"),
        (ItemKind.NICK, "fay", "fae"),
    ):
        talk.add(kind, sender, text)
    words = presence_words(talk.items)
    assert words == "dan, eve and fae joined · gus came and went · max is now maxi"


def test_many_names_become_a_number() -> None:
    talk = Talk()
    for number in range(9):
        talk.add(ItemKind.JOIN, f"n{number}")
    assert presence_words(talk.items) == "n0, n1, n2, n3, n4 and 4 more joined"


def test_every_kind_has_words() -> None:
    talk = Talk()
    for kind in ItemKind:
        talk.add(kind, "ann", "text")
    assert all(words_of(item) for item in talk.items)


def test_copying_whole_messages_names_who_and_when() -> None:
    talk = Talk()
    talk.says("ann", "Trains run.")
    talk.says("bob", "Fine for me.")
    transcript = Transcript(Drawing(Layout.for_width(80), PLAIN, UTC))
    transcript.load(talk.items, 0)
    assert transcript.copied((0, 7), (1, 4)) == "run.\n[12:00] <bob> Fine"
    assert transcript.copied((0, 0), (0, 6)) == "Trains"


def test_what_is_not_loaded_is_counted_where_the_numbers_tell() -> None:
    talk = Talk()
    talk.says("ann", "far back", number=7)
    talk.add(ItemKind.JOIN, "bob")
    joined = talk.add(ItemKind.JOIN, "cyd")
    newer = talk.says("ann", "newer", number=1_508)
    newest = talk.says("ann", "newest")
    transcript = Transcript(Drawing(Layout.for_width(80), PLAIN, UTC))
    transcript.load(talk.items, 0, {joined.id: None, newer.id: None, newest.id: None})
    assert len(transcript) == 5, "joins on both sides of a hole are two lines"
    assert [transcript.setting(index).missing for index in range(5)] == [0, 0, -1, -1, -1]
    transcript.load([talk.items[0], newer], 0, {newer.id: None})
    rule = "".join(piece.text for piece in transcript.lines(1)[0])
    assert rule.strip() == "┄┄ 1,500 messages not loaded ┄┄"


def test_of_many_those_who_spoke_before_are_named_first() -> None:
    talk = Talk()
    talk.says("zoe", "bye all")
    for number in range(8):
        talk.add(ItemKind.PART, f"guest{number}")
    talk.add(ItemKind.QUIT, "zoe")
    assert talk.shown()[-1].strip() == ("zoe, guest0, guest1, guest2, guest3 and 4 more left")
