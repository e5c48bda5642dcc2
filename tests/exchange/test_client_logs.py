"""Reading the logs of irssi and WeeChat: what happened, when, and who it was; and what is none."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.delivery import event_line
from server.core.multiline import split_lines
from server.exchange import irssi, weechat
from server.exchange.model import CannotImportError, Entry
from server.storage.ports import Kind

IRSSI = """\
--- Log opened Sat Nov 21 23:58:00 2026
23:58 -!- Irssi: #trail: Total of 2 nicks [1 ops, 0 halfops, 0 voices, 1 normal]
23:58 -!- bob [bob@host.example] has joined #trail
23:59 <@ann> hello: <all>
23:59:30 < bob>  two spaces
--- Day changed Sun Nov 22 2026
00:00  * bob waves
00:01 -bob:#trail- a notice
00:01 [notice(#trail)] one's own, of which irssi does not say whose
00:02 -!- mode/#trail [+o bob] by ann
00:02 -!- ServerMode/#trail [+nt] by irc.example
00:03 -!- ann changed the topic of #trail to: hills: green
00:04 -!- bob is now known as bobby
00:05 <@bobby> still me
00:06 -!- bobby was kicked from #trail by ann [flood [again]]
00:07 -!- carl [c@d] has quit [Ping timeout]
00:08 -!- dora [d@e] has left #trail []
--- Log closed Sun Nov 22 00:09:00 2026
"""

WEECHAT = """\
2026-11-21 23:58:00\t-->\tbob (Bob (himself)) (bob@host.example) has joined #trail
2026-11-21 23:58:01\t--\tChannel #trail: 2 nicks (1 op, 0 voiced, 1 regular)
2026-11-21 23:59:00\t@ann\thello: <all>
2026-11-21 23:59:30\tbob\t two spaces
2026-11-22 00:00:00\t *\tbob waves
2026-11-22 00:01:00\t--\tNotice(bob): a notice
2026-11-22 00:01:00\t--\tNotice -> #trail: one's own
2026-11-22 00:01:00\t--\tYou are now known as me
2026-11-22 00:01:00\t--\tChannel created on Tue, 24 Nov 2026 14:59:09
2026-11-22 00:02:00\t--\tMode #trail [+o bob] by ann
2026-11-22 00:03:00\t--\tann has changed topic for #trail from "old" to "hills: green"
2026-11-22 00:04:00\t--\tbob is now known as bobby
2026-11-22 00:05:00\t@bobby\tstill me
2026-11-22 00:06:00\t<--\tann has kicked bobby (flood [again])
2026-11-22 00:07:00\t<--\tcarl (c@d) has quit (Ping timeout)
2026-11-22 00:08:00\t<--\tdora (d@e) has left #trail
"""

HAPPENED = [
    (Kind.JOIN, "bob!bob@host.example", ""),
    (Kind.PRIVMSG, "ann!ann@imported.invalid", "hello: <all>"),
    (Kind.PRIVMSG, "bob!bob@host.example", " two spaces"),
    (Kind.PRIVMSG, "bob!bob@host.example", "\x01ACTION waves\x01"),
    (Kind.NOTICE, "bob!bob@host.example", "a notice"),
    (Kind.MODE, "ann!ann@imported.invalid", "+o bob"),
    (Kind.TOPIC, "ann!ann@imported.invalid", "hills: green"),
    (Kind.NICK, "bob!bob@host.example", "bobby"),
    (Kind.PRIVMSG, "bobby!bob@host.example", "still me"),
    (Kind.KICK, "ann!ann@imported.invalid", "bobby flood [again]"),
    (Kind.QUIT, "carl!c@d", "Ping timeout"),
    (Kind.PART, "dora!d@e", ""),
]

Reader = Callable[[list[str], str], Iterator[Entry]]


def read(reader: Reader, text: str) -> list[Entry]:
    """The entries of a log."""
    return list(reader(text.splitlines(keepends=True), "a log"))


@pytest.mark.parametrize(
    ("reader", "text"), [(irssi.read_lines, IRSSI), (weechat.read_lines, WEECHAT)]
)
def test_everything_that_happened_is_read(reader: Reader, text: str) -> None:
    entries = read(reader, text)
    shown = [(each.event.kind, each.event.source, each.event.text) for each in entries]
    server_mode = (Kind.MODE, "irc.example!irc.example@imported.invalid", "+nt")
    assert [each for each in shown if each != server_mode] == HAPPENED
    times = [each.event.wall_ms for each in entries]
    assert times == sorted(times)
    assert times[-1] - times[0] == 600_000
    for each in entries:
        each.event.position = 1 << 24
        assert event_line(each.event, "#trail").body


@pytest.mark.parametrize(
    ("reader", "text", "number"),
    [
        (irssi.read_lines, "15:02 <ann> no day yet\n", 1),
        (irssi.read_lines, "--- Log opened Sat Nov 21 23:58:00 2026\n25:00 <ann> hello\n", 2),
        (irssi.read_lines, "--- Log opened Sat Nov 21 23:58:00 2026\n\nhello\n", 3),
        (irssi.read_lines, "--- Log opened Sat Nov 21 23:58:00 2026\n12:00 what is this\n", 2),
        (irssi.read_lines, "--- Day changed So Dez 06 2026\n", 1),
        (irssi.read_lines, "--- Day changed ゆうべ\n", 1),
        (irssi.read_lines, "--- Log opened Sat Feb 30 23:58:00 2026\n12:00 <ann> hello\n", 2),
        (weechat.read_lines, "2026-11-21 23:58:00\tann\thello\nhello\n", 2),
        (weechat.read_lines, "2026-13-21 23:58:00\tann\thello\n", 1),
        (weechat.read_lines, "23:58\tann\thello\n", 1),
        (weechat.read_lines, "2026-11-21 23:58:00\ttwo words\thello\n", 1),
    ],
)
def test_what_is_no_line_of_a_log_is_named(reader: Reader, text: str, number: int) -> None:
    with pytest.raises(CannotImportError, match=f"a log, line {number}: "):
        read(reader, text)


@given(st.text(max_size=60), st.sampled_from([irssi.read_lines, weechat.read_lines]))
def test_any_line_is_read_or_refused(line: str, reader: Reader) -> None:
    heads = ("--- Log opened Sat Nov 21 23:58:00 2026\n12:00 ", "2026-11-21 23:58:00\t")
    head = heads[reader is weechat.read_lines]
    try:
        for each in read(reader, head + line):
            each.event.position = 1 << 24
            assert event_line(each.event, "#trail").body
    except CannotImportError:
        return


def test_a_text_too_long_for_a_line_goes_on_in_the_next() -> None:
    text = "word " * 300
    (entry,) = read(weechat.read_lines, f"2026-11-21 23:58:00\tann\t{text}\n")
    lines = split_lines(entry.event.text)
    assert len(lines) > 1
    assert all(line.concatenated for line in lines[1:])
    assert "".join(line.text for line in lines) == text.rstrip("\n")
