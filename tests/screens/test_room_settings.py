"""The settings of a room: what one may change, what is only told, refusals beside their row."""

from pathlib import Path

import pytest

from tests.screens.language import Session, session

ROOMS = (
    "message-tags batch labeled-response standard-replies chat-server/rooms draft/channel-rename"
)
TOKENS = "EXTBAN=,am CHANMODES=beI,k,lfW,CEMRUimnstu"


def label_of(on: Session, command: str) -> str:
    """The tag that answers the newest line which ends with `command`."""
    line = next(each for each in reversed(on.server.written) if each.endswith(command))
    label = line.partition("label=")[2].partition(" ")[0]
    return f"@label={label} " if label else ""


async def opened(
    on: Session, own: str, modes: str = "+nt", bans: tuple[str, ...] = (), tokens: str = TOKENS
) -> None:
    """We look at how the room is set, with these signs."""
    on.server.says(f":irc 005 me {tokens} :are supported")
    on.server.enters("#trail", ["ann"], "Saturday hike")
    on.server.says(f":irc 353 me = #trail :{own}me ann", ":irc 366 me #trail :End of NAMES")
    await on.pilot.press("f6")
    await on.sees("Message trail")
    await on.writes("/room-settings")
    await on.sees("how this room is set")
    await on.pilot.pause()
    on.server.says(f"{label_of(on, 'MODE #trail')}:irc 324 me #trail {modes}")
    listed = [f":irc 367 me #trail {ban}" for ban in bans]
    label = label_of(on, "MODE #trail b")
    if label:
        on.server.says(f"{label}:irc BATCH +b labeled-response")
        on.server.says(*(f"@batch=b {line}" for line in listed))
        on.server.says("@batch=b :irc 368 me #trail :End of list", ":irc BATCH -b")
    else:
        on.server.says(*listed, ":irc 368 me #trail :End of list")
    await on.sees("Banned or muted")


async def choose(on: Session, words: str) -> None:
    """Go to the row that begins so, and press Enter."""
    settings = on.app.screen.query_one("#settings-list")
    for _ in range(40):
        marked = settings.highlighted_option  # type: ignore[attr-defined]
        if marked is not None and words in str(marked.prompt):
            await on.pilot.press("enter")
            await on.pilot.pause()
            return
        await on.pilot.press("down")
        await on.pilot.pause()
    raise AssertionError(f"no row with {words}")


WHOLE = """\
     ▌  trail  how this room is set
     ▌
     ▌  The room
     ▌  Topic                        Saturday hike
     ▌  [x] Only those who run the room set the topic
     ▌  Name                         trail
     ▌  What is said is kept         30 days
     ▌  People and roles             2 here…
     ▌  A link that lets friends in  …
     ▌
     ▌  Who may enter
     ▌  [ ] Only people who were invited
     ▌  [ ] Only people with an account
     ▌  Key that is asked for        none
     ▌  People at most               20
     ▌  [ ] Left out of the list of rooms
     ▌
     ▌  Who may speak
     ▌  [ ] Only people with voice, and those who run it
     ▌  [ ] Only people with an account
     ▌  [x] Only people who are inside
     ▌  [ ] No requests between programs (CTCP)
     ▌  Seconds between messages     30
     ▌  [ ] What people without a role say is for moderators only
     ▌  [ ] People without a role do not see one another
     ▌
     ▌  Banned or muted (2)
     ▌  *!*@bad.example  by cleo, March 6, 2026, 06:53
     ▌  the account dan (muted)  by me
"""

TOLD = """\
     ▌  The room
     ▌  Topic: Saturday hike
     ▌  Only those who run the room set the topic
     ▌  Name: trail
     ▌  People and roles             2 here…
     ▌  A link that lets friends in  …
     ▌
     ▌  Who may enter
     ▌  Everyone.
     ▌
     ▌  Who may speak
     ▌  Only people who are inside
     ▌
     ▌  Banned or muted
     ▌  Nobody.
     ▌
     ▌  Besides
     ▌  mode Q, mode f #other
"""


def dialog(on: Session) -> str:
    """What stands in the dialog, without what is around it."""
    lines = on.text().splitlines()
    return "\n".join(f"     ▌{line.rpartition('▌')[2].rstrip()}" for line in lines)


async def test_who_runs_a_room_may_change_all_of_it(tmp_path: Path) -> None:
    async with session(tmp_path, (100, 44), capabilities=ROOMS) as on:
        bans = ("*!*@bad.example cleo 1772780000", "m:a:dan me")
        await opened(on, "~", "+ntlW 20 30", bans)
        on.server.says(
            f"{label_of(on, 'RETENTION #trail')}:irc NOTE RETENTION RETENTION #trail 30d :x"
        )
        await on.sees("30 days", "(muted)")
        assert WHOLE.rstrip() in dialog(on)
        assert "RETENTION" not in on.text()


async def test_everyone_else_is_told(tmp_path: Path) -> None:
    async with session(tmp_path, (100, 44)) as on:
        tokens = "PREFIX=(ov)@+ CHANMODES=b,k,lf,imnstQ"
        await opened(on, "+", "+ntQf #other", tokens=tokens)
        await on.sees("mode Q")
        assert TOLD.rstrip() in dialog(on)


async def test_without_a_lock_anyone_inside_sets_the_topic(tmp_path: Path) -> None:
    async with session(tmp_path) as on:
        await opened(on, "", "+n")
        await choose(on, "Topic")
        await on.sees("Enter sets it")
        await on.pilot.press(*"!", "enter")
        await on.misses("Enter sets it")
        on.server.expect("TOPIC #trail :Saturday hike!")
        on.server.says(":me!u@h TOPIC #trail :Saturday hike!")
        await on.sees("Saturday hike!")


@pytest.mark.parametrize(
    ("row", "keys", "line"),
    [
        ("Only people who were invited", (), "MODE #trail +i"),
        ("Only people who are inside", (), "MODE #trail -n"),
        ("Key that is asked for", (*"secret", "enter"), "MODE #trail +k secret"),
        ("People at most", (*"12", "enter"), "MODE #trail +l 12"),
        ("Seconds between messages", (*"5", "enter"), "MODE #trail +W 5"),
        ("Name", (*"s", "enter"), "RENAME #trail #trails"),
    ],
)
async def test_each_change_is_a_request_of_its_own(
    tmp_path: Path, row: str, keys: tuple[str, ...], line: str
) -> None:
    async with session(tmp_path, capabilities=ROOMS) as on:
        await opened(on, "~")
        await choose(on, row)
        await on.pilot.press(*keys)
        await on.pilot.pause()
        on.server.expect(line)
        assert sum("MODE #trail +" in each for each in on.server.written) <= 1


async def test_a_key_and_a_limit_are_taken_off_by_nothing(tmp_path: Path) -> None:
    async with session(tmp_path) as on:
        await opened(on, "@", "+ntkl secret 5")
        await choose(on, "Key that is asked for")
        await on.pilot.press("ctrl+u", "enter")
        await choose(on, "People at most")
        await on.pilot.press("ctrl+u", "enter")
        await on.pilot.pause()
        on.server.expect("MODE #trail -k secret")
        on.server.expect("MODE #trail -l")


@pytest.mark.parametrize("capabilities", ["", ROOMS])
async def test_a_refusal_stands_at_its_row_and_what_was_typed_stays(
    tmp_path: Path, capabilities: str
) -> None:
    async with session(tmp_path, capabilities=capabilities) as on:
        await opened(on, "~")
        await choose(on, "People at most")
        await on.pilot.press(*"many", "enter")
        await on.misses("Enter sets it")
        label = label_of(on, "MODE #trail +l many")
        on.server.says(f"{label}:irc 696 me #trail l many :Not a value: a number from 1 to 1000")
        await on.sees("! Not a value: a number from 1 to 1000.")
        await choose(on, "People at most")
        await on.sees("many", "Not a value", "Enter sets it")
        await on.pilot.press("ctrl+u", *"9", "enter")
        await on.misses("Not a value")
        on.server.says(":me!u@h MODE #trail +l 9")
        await on.sees("People at most               9")


async def test_what_makes_no_line_is_refused_at_its_row_too(tmp_path: Path) -> None:
    async with session(tmp_path) as on:
        await opened(on, "@")
        await choose(on, "Key that is asked for")
        await on.pilot.press(*"two", "space", *"words", "enter")
        await on.sees("! Write one word, without spaces.")
        assert not any("+k" in line for line in on.server.written)


async def test_changes_by_others_show_at_once(tmp_path: Path) -> None:
    async with session(tmp_path) as on:
        await opened(on, "@")
        on.server.says(":ann!a@h MODE #trail +ib-n x!*@*")
        await on.sees("[x] Only people who were invited", "[ ] Only people who are inside")
        await on.sees("Banned or muted (1)", "x!*@*  by ann, March 6, 2026, 12:26")
        on.server.says(":ann!a@h MODE #trail -o me")
        await on.misses("[ ]")


async def test_a_ban_is_lifted_after_a_question(tmp_path: Path) -> None:
    async with session(tmp_path, (120, 44)) as on:
        await opened(on, "@", bans=("x!*@* ann 1772780000",))
        await choose(on, "x!*@*")
        await on.sees("Lift the ban")
        await on.pilot.press("enter")
        await on.misses("Lift the ban")
        on.server.expect("MODE #trail -b x!*@*")
        on.server.says(":me!u@h MODE #trail -b x!*@*")
        await on.sees("Nobody.")


async def test_roles_and_invitations_are_reached_from_there(tmp_path: Path) -> None:
    async with session(tmp_path) as on:
        await opened(on, "@")
        await choose(on, "A link that lets")
        await on.sees("A friend gets into trail so:")
        await on.pilot.press("escape")
        await choose(on, "People and roles")
        await on.sees("Whose card?")
        await on.pilot.press(*"ann", "enter")
        await on.sees("Make operator")


async def test_leaving_the_room_leaves_its_settings(tmp_path: Path) -> None:
    async with session(tmp_path) as on:
        await opened(on, "@")
        on.server.says(":ann!a@h KICK #trail me :out")
        await on.misses("[ ]", "A link that lets")
        await on.pilot.press("escape")
        await on.misses("how this room is set")
