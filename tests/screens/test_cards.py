"""A person's card: what it shows, what it offers, and what its letters do."""

from pathlib import Path

import pytest

from tests.screens.language import Session, session

ROOMS = "message-tags batch labeled-response chat-server/rooms"


async def in_room(on: Session, own: str = "", theirs: str = "") -> None:
    """We look at the room, with these signs."""
    on.server.says(":irc 005 me EXTBAN=,am :are supported")
    on.server.enters("#trail", ["ann"])
    on.server.says(
        f":irc 353 me = #trail :{own}me {theirs}ann +dan", ":irc 366 me #trail :End of NAMES"
    )
    await on.pilot.press("f6")
    await on.sees("Message trail")


def answer(on: Session, *lines: str) -> None:
    """The server says who ann is."""
    asked = [line for line in on.server.written if "WHOIS ann" in line][-1]
    label = asked.partition("label=")[2].partition(" ")[0]
    said = [f":irc {line.replace('ann', 'me ann', 1)}" for line in (*lines, "318 ann :End")]
    if label:
        opening = f"@label={label} :irc BATCH +w labeled-response"
        on.server.says(opening, *(f"@batch=w {line}" for line in said), ":irc BATCH -w")
    else:
        on.server.says(*said)


async def test_a_card_says_who_it_is_and_goes_on_hearing(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=ROOMS) as on:
        await in_room(on)
        await on.writes("/card ann")
        await on.sees("ann  asking…", "Presence   here", "In common  trail")
        answer(
            on,
            "311 ann a host.example * :Ann Example",
            "319 ann :+#trail @#cooking",
            "301 ann :lunch",
            "317 ann 754 1772780000 :seconds idle",
        )
        await on.sees(
            "Presence   away: lunch",
            "Account    none: a guest",
            "Name       Ann Example",
            "Also in    cooking (operator)",
            "Idle       12 min",
            "Signed on  March 6, 2026, 06:53",
            "Host       a@host.example",
        )
        on.server.says(":ann!a@h QUIT :bye")
        await on.sees("Presence   not here now")
        await on.pilot.press("escape")
        await on.types("hello")
        await on.sees("› hello")


OFFERED = {
    "Write to them": ("", ""),
    "Name them in this room": ("", ""),
    "Read nothing of them": ("", ""),
    "Give voice": ("%", ""),
    "Remove from the room…": ("%", ""),
    "Ban from the room…": ("%", ""),
    "Mute: they read": ("%", ""),
    "Make moderator": ("@", ""),
    "Make operator": ("@", ""),
    "Take voice": ("%", "+"),
    "Take the operator's role": ("@", "@"),
}


@pytest.mark.parametrize(("words", "signs"), OFFERED.items(), ids=list(OFFERED))
async def test_what_one_may_do_is_offered(
    tmp_path: Path, words: str, signs: tuple[str, str]
) -> None:
    async with session(tmp_path, capabilities=ROOMS) as on:
        await in_room(on, *signs)
        await on.writes("/card ann")
        await on.sees(words)


async def test_what_one_may_not_do_is_not_offered(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=ROOMS) as on:
        await in_room(on, "%", "@")
        await on.writes("/card ann")
        await on.sees("Write to them")
        for words in ("Remove from", "Ban from", "Mute", "Give voice", "Make", "End their"):
            assert words not in on.text()


async def test_letters_do_what_they_say(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=ROOMS) as on:
        await in_room(on, "@")
        for letter, line in {"v": "MODE #trail +v ann", "o": "MODE #trail +o ann"}.items():
            await on.writes("/card ann")
            await on.sees("Write to them")
            await on.pilot.press(letter)
            await on.misses("Write to them")
            on.server.expect(line)
        await on.writes("/card ann")
        await on.pilot.press("at")
        await on.sees("› ann:")


async def test_a_ban_asks_for_reason_and_time_and_says_what_is_no_time(tmp_path: Path) -> None:
    async with session(tmp_path, capabilities=ROOMS) as on:
        await in_room(on, "@")
        await on.writes("/card ann")
        await on.pilot.press("b")
        await on.sees("Keep ann out of trail")
        await on.pilot.press(*"spam", "tab", *"soon", "enter")
        await on.sees("Write 30m, 2h, 7d or the like.")
        await on.pilot.press("backspace", "backspace", "backspace", "backspace", *"2h", "enter")
        await on.misses("Keep ann out of trail")
        on.server.expect("BAN #trail ann 2h")
        on.server.expect("KICK #trail ann spam")


async def test_other_servers_are_not_asked_for_how_long(tmp_path: Path) -> None:
    async with session(tmp_path) as on:
        await in_room(on, "@")
        await on.writes("/card ann")
        await on.pilot.press("b")
        await on.sees("Keep ann out of trail", "Reason")
        assert "For how long" not in on.text()
        await on.pilot.press("escape")
        assert not any("BAN" in line or "+b" in line for line in on.server.written)


async def test_mutes_are_set_and_lifted(tmp_path: Path) -> None:
    async with session(tmp_path) as on:
        await in_room(on, "@")
        await on.writes("/card ann")
        await on.sees("Mute: they read")
        on.server.expect("MODE #trail b")
        on.server.says(":irc 368 me #trail :End of list")
        await on.pilot.press("q")
        await on.misses("Write to them")
        on.server.expect("MODE #trail +b m:ann!*@*")
        on.server.says(":me!u@h MODE #trail +b m:ann!*@*")
        await on.writes("/card ann")
        await on.sees("Let them speak again")
        await on.pilot.press("q")
        await on.misses("Write to them")
        on.server.expect("MODE #trail -b m:ann!*@*")


async def test_a_card_invites_into_another_room_of_ours(tmp_path: Path) -> None:
    async with session(tmp_path) as on:
        await in_room(on)
        await on.writes("/card ann")
        await on.sees("Write to them")
        assert "Invite them" not in on.text(), "there is no other room"
        on.server.enters("#den")
        await on.sees("Invite them to…")
        await on.pilot.press("i")
        await on.sees("Into which room?", "den")
        await on.pilot.press("enter")
        await on.misses("Into which room?")
        on.server.expect("INVITE ann #den")


async def test_a_member_that_is_clicked_and_the_sender_of_a_message_have_a_card(
    tmp_path: Path,
) -> None:
    async with session(tmp_path) as on:
        await in_room(on)
        await on.pilot.click("#members", offset=(3, 1))
        await on.sees("Presence", "Name them in this room")
        await on.pilot.press("escape")
        on.server.says(":dan!d@h PRIVMSG #trail :hi")
        await on.sees("hi")
        await on.pilot.press("ctrl+g", "p")
        await on.sees("dan  voice in trail", "Write to them")
        await on.pilot.press("enter")
        await on.sees("a conversation between you two")


async def test_without_a_nick_one_chooses_among_those_who_are_here(tmp_path: Path) -> None:
    async with session(tmp_path) as on:
        await in_room(on)
        await on.pilot.press("f8")
        await on.sees("Whose card?", "+dan")
        await on.pilot.press(*"dan", "enter")
        await on.sees("dan  voice in trail")


async def test_without_a_link_a_card_says_what_was_known(tmp_path: Path) -> None:
    async with session(tmp_path) as on:
        await in_room(on, "@")
        on.server.cuts("lost")
        await on.writes("/card ann")
        await on.sees("not connected: this is what was known", "Write to them")
        assert "Remove from" not in on.text()


CARD_40 = """\
▌ ann  voice in trail
▌ Presence   here
▌ Account    none: a guest
▌ In common  trail (voice)
▌ Host       a@h
▌ m   Write to them
▌ @   Name them in this room
▌ x   Read nothing of them
▌ v   Take voice
▌ q   Mute: they read, and say nothing
▌ k   Remove from the room…
▌ b   Ban from the room…
▌ Enter or its letter chooses · Esc
▌ goes back
 F1 Help  ^K Go to           ^P Palette
"""


async def test_a_card_on_a_small_screen(tmp_path: Path) -> None:
    async with session(tmp_path, (40, 15), capabilities=ROOMS) as on:
        await in_room(on, "%", "+")
        await on.writes("/card ann")
        answer(on, "311 ann a h * :ann")
        await on.sees(CARD_40.rstrip("\n"))


# What lets a friend in


MADE = ":irc NOTE INVITATION INVITATION_MADE #trail tok-en :Enter with: join trail tok-en (once)"

INVITATION_40 = """\
▌ A friend gets into trail so:
▌ In a shell
▌ chat-tui
▌ 'ircs://chat.example.org:5555/trail?k
▌ ey=tok-en'
▌
▌ In a chat-tui that is connected here
▌ join trail tok-en
▌
▌ Good once.
▌ c copies the line · w the words · Esc
▌ goes back
"""


async def test_an_invitation_on_a_small_screen(tmp_path: Path) -> None:
    async with session(tmp_path, (40, 15), capabilities=ROOMS) as on:
        await in_room(on)
        await on.writes("/invitation")
        on.server.says(MADE)
        await on.sees(INVITATION_40.strip())


async def test_an_invitation_shows_what_a_friend_types_and_copies_it(tmp_path: Path) -> None:
    async with session(tmp_path, (80, 24), capabilities=ROOMS) as on:
        await in_room(on)
        await on.writes("/invitation")
        on.server.expect("INVITATION #trail")
        on.server.says(MADE)
        await on.sees("A friend gets into trail so:", "join trail tok-en", "Good once.")
        await on.pilot.press("c")
        await on.sees("Copied the line.")
        assert on.app.clipboard == "chat-tui 'ircs://chat.example.org:5555/trail?key=tok-en'"
        await on.pilot.press("w")
        await on.sees("Copied the words.")
        assert on.app.clipboard == "join trail tok-en"
        await on.pilot.press("escape")
        await on.misses("A friend gets")
