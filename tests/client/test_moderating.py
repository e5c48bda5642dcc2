"""Order in rooms: roles, bans, invitations, keys, and modes in words."""

import pytest

from tests.client.script import Desk, in_room
from tui.client.client import IntentRefused
from tui.client.options import Options
from tui.client.updates import InvitationMade, Told

PLAIN = ""
"""A server without any capability: answers carry no label."""


def lines(desk: Desk, word: str) -> list[str]:
    """What was sent by the command `word`, tags left out."""
    bare = [line.split(" ", 1)[1] if line.startswith("@") else line for line in desk.writes()]
    return [line for line in bare if line.startswith(word)]


def test_someone_is_removed_from_the_room() -> None:
    desk = in_room()
    desk.client.kick("#trail", "bob", "enough is enough")
    assert lines(desk, "KICK") == ["KICK #trail bob :enough is enough"]
    desk.hears(":ann!a@h KICK #trail bob :enough is enough")
    assert desk.texts("#trail") == ["ann removed bob: enough is enough"]
    assert "bob" not in desk.buffer("#trail").members


def test_our_server_is_told_whom_to_ban_and_for_how_long() -> None:
    desk = in_room()
    desk.client.ban("#trail", "bob", "spam", "2h")
    assert lines(desk, "") == ["BAN #trail bob 2h", "KICK #trail bob spam"]
    desk.client.unban("#trail", "bob")
    assert lines(desk, "") == ["UNBAN #trail bob"]


def test_other_servers_know_no_end_of_a_ban() -> None:
    desk = in_room(PLAIN)
    with pytest.raises(IntentRefused, match="without a time"):
        desk.client.ban("#trail", "bob", "spam", "2h")
    assert lines(desk, "") == []


def test_a_ban_is_by_host_where_that_means_one_person_and_removes_them() -> None:
    desk = in_room(PLAIN)
    desk.hears(":cleo!c@far.example JOIN #trail")
    desk.client.ban("#trail", "Cleo", "spam")
    assert lines(desk, "") == ["MODE #trail +b *!*@far.example", "KICK #trail Cleo spam"]


def test_a_host_that_others_share_is_not_banned() -> None:
    desk = in_room(PLAIN)
    desk.hears(":cleo!c@near JOIN #trail", ":dan!d@near JOIN #trail")
    desk.client.ban("#trail", "cleo")
    assert lines(desk, "MODE") == ["MODE #trail +b cleo!*@*"]


def test_a_mask_is_banned_as_it_stands_and_nobody_is_removed() -> None:
    desk = in_room(PLAIN)
    desk.client.ban("#trail", "*!*@10.*")
    assert lines(desk, "") == ["MODE #trail +b *!*@10.*"]


@pytest.mark.parametrize("capabilities", [PLAIN, "message-tags batch labeled-response"])
def test_a_nick_is_let_in_again_by_the_bans_that_are_about_it(capabilities: str) -> None:
    desk = in_room(capabilities)
    desk.hears(":bob!b@far PRIVMSG #trail :hi")
    desk.client.unban("#trail", "bob")
    assert lines(desk, "MODE") == ["MODE #trail b"]
    desk.hears(
        ":s 367 ann #trail bob!*@* ann 1700000000",
        ":s 367 ann #trail *!*@far ann 1700000000",
        ":s 367 ann #trail *!*@other ann 1700000000",
        ":s 368 ann #trail :End of list",
    )
    assert lines(desk, "MODE") == ["MODE #trail -bb bob!*@* *!*@far"]


def test_a_nick_that_no_ban_is_about_is_told() -> None:
    desk = in_room(PLAIN)
    desk.client.unban("#trail", "bob")
    desk.hears(":s 367 ann #trail x!*@*", ":s 368 ann #trail :End")
    (told,) = desk.told(Told)
    assert told.text.startswith("No ban here is about bob.")
    assert told.draft == "/unban bob"


def test_a_mask_is_lifted_as_it_stands() -> None:
    desk = in_room(PLAIN)
    desk.client.unban("#trail", "*!*@far")
    assert lines(desk, "MODE") == ["MODE #trail -b *!*@far"]


def test_bans_are_listed_in_the_room() -> None:
    desk = in_room()
    desk.client.list_bans("#trail")
    desk.hears(":s 368 ann #trail :End")
    desk.client.list_bans("#trail")
    desk.hears(":s 367 ann #trail a!*@*", ":s 367 ann #trail b!*@*", ":s 368 ann #trail :End")
    assert desk.texts("#trail") == [
        "Nobody is banned from trail.",
        "Banned from trail: a!*@*, b!*@*",
    ]


def test_roles_are_given_and_taken() -> None:
    desk = in_room()
    desk.client.set_role("#trail", "bob", "operator", True)
    desk.client.set_role("#trail", "bob", "voice", False)
    assert lines(desk, "MODE") == ["MODE #trail +o bob", "MODE #trail -v bob"]


@pytest.mark.parametrize("token", ["", "EXTBAN=$,am", "EXTBAN=,a"])
def test_a_server_without_mutes_is_not_asked_for_one(token: str) -> None:
    desk = in_room(PLAIN)
    desk.hears(f":s 005 ann {token or 'NETWORK=x'} :are")
    with pytest.raises(IntentRefused, match="cannot mute"):
        desk.client.mute("#trail", "bob", True)
    assert lines(desk, "MODE") == []


def test_someone_is_muted_by_what_is_theirs_alone() -> None:
    desk = in_room(PLAIN)
    desk.hears(":s 005 ann EXTBAN=,am :are", ":cleo!c@far JOIN #trail", ":dan!d@near JOIN #trail")
    desk.client.mute("#trail", "cleo", True)
    assert lines(desk, "MODE") == ["MODE #trail +b m:*!*@far"]
    desk.hears(":bob!b@near JOIN #trail")
    desk.client.mute("#trail", "dan", True)
    assert lines(desk, "MODE") == ["MODE #trail +b m:dan!*@*"]


def test_our_server_mutes_an_account_and_lifts_what_stands() -> None:
    desk = in_room()
    desk.hears(":s 005 ann EXTBAN=,am :are", ":s 330 ann bob bobby :is logged in as")
    desk.client.mute("#trail", "bob", True)
    assert lines(desk, "MODE") == ["MODE #trail +b m:a:bobby"]
    with pytest.raises(IntentRefused, match="No mute here is about bob"):
        desk.client.mute("#trail", "bob", False)
    desk.client.look_for_bans("#trail")
    label = desk.label_of("MODE")
    desk.hears(f"@label={label} :s BATCH +x labeled-response")
    desk.hears("@batch=x :s 367 ann #trail m:bob!*@* ann 17", "@batch=x :s 367 ann #trail x!*@*")
    desk.hears("@batch=x :s 368 ann #trail :End", ":s BATCH -x", ":x!x@h MODE #trail +b m:a:bobby")
    assert desk.texts("#trail") == ["bob is logged in as bobby", "x banned m:a:bobby"]
    desk.client.mute("#trail", "bob", False)
    assert lines(desk, "MODE") == ["MODE #trail -b m:bob!*@*", "MODE #trail -b m:a:bobby"]


def test_our_server_makes_an_invitation_that_is_shown_and_not_written_down() -> None:
    desk = in_room()
    desk.client.make_invitation("#trail", "3", "2d")
    assert lines(desk, "INVITATION") == ["INVITATION #trail 3 2d"]
    desk.hears(
        ":s NOTE INVITATION INVITATION_MADE #trail tok-en :Friends enter with: join trail tok-en "
        "(3 times, until 2026-03-08)"
    )
    assert desk.told(InvitationMade) == [
        InvitationMade("#trail", "tok-en", "3 times, until 2026-03-08")
    ]
    assert desk.texts("#trail") == desk.texts("") == []


def test_elsewhere_the_name_of_the_room_invites() -> None:
    desk = in_room(PLAIN)
    with pytest.raises(IntentRefused, match="/invitation alone"):
        desk.client.make_invitation("#trail", "3")
    desk.client.make_invitation("#trail")
    assert lines(desk, "") == []
    assert desk.told(InvitationMade) == [InvitationMade("#trail", "", "")]


def test_what_lets_one_in_comes_with_the_link() -> None:
    options = Options("chat.example:5555", "ann", autojoin=("#trail",), keys=(("#Trail", "token"),))
    desk = Desk(options)
    desk.registers()
    assert lines(desk, "JOIN") == ["JOIN #trail token"]


def test_an_operator_of_the_server_ends_a_connection() -> None:
    desk = in_room(PLAIN)
    desk.client.kill("bob", "")
    assert lines(desk, "KILL") == ["KILL bob :No reason was given"]
    desk.hears(":s 481 ann :Permission denied")
    assert desk.told(Told)[-1].failure


def test_how_a_room_is_set_is_said_in_words() -> None:
    desk = in_room()
    desk.client.set_modes("#trail")
    assert lines(desk, "MODE") == ["MODE #trail"]
    desk.hears(":s 324 ann #trail +mklZ key 5", ":s 329 ann #trail 1700000000")
    assert desk.texts("#trail") == [
        "trail is set so: m: moderated: only people with voice speak; "
        "k: a key is asked on entering (key); l: at most so many people (5); Z: mode Z"
    ]
    assert desk.texts("") == []


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("+o bob", "cleo made bob operator"),
        ("-v bob", "cleo took from bob the role of voice"),
        ("+b x!*@*", "cleo banned x!*@*"),
        ("-b x!*@*", "cleo lifted the ban on x!*@*"),
        ("+m-i", "cleo set “moderated”, took off “by invitation only”"),
        ("+kl secret 5", "cleo set a key for entering, set room for 5 people at most"),
        ("+Zx 7", "cleo set mode Z, set mode x"),
    ],
)
def test_changes_are_said_in_words(mode: str, words: str) -> None:
    desk = in_room()
    desk.hears(f":cleo!c@h MODE #trail {mode}")
    assert desk.texts("#trail") == [words]


def test_an_invitation_goes_out_and_is_confirmed_in_the_room() -> None:
    desk = in_room()
    desk.client.invite("#trail", "cleo")
    assert lines(desk, "INVITE") == ["INVITE cleo #trail"]
    desk.hears(":s 341 ann cleo #trail")
    assert desk.texts("#trail") == ["You invited cleo to trail."]
    desk.client.invite("", "cleo", "dev")
    assert lines(desk, "INVITE") == ["INVITE cleo #dev"]


def test_an_invitation_says_how_to_accept_it() -> None:
    desk = in_room()
    desk.hears(":bob!b@h INVITE ann #dev")
    assert desk.told(Told)[-1].text == "bob invites you to dev: join dev"


def test_a_key_is_given_again_on_the_next_link_and_forgotten_on_leaving() -> None:
    desk = Desk()
    desk.registers()
    desk.client.join("trail", "secret")
    assert lines(desk, "JOIN") == ["JOIN #trail secret"]
    desk.hears(":ann!a@h JOIN #trail")
    desk.client.disconnected("cut")
    desk.wait(3)
    desk.registers()
    assert lines(desk, "JOIN") == ["JOIN #trail secret"]
    desk.hears(":ann!a@h JOIN #trail")
    desk.client.leave("#trail")
    desk.hears(":ann!a@h PART #trail")
    desk.client.join("trail")
    assert lines(desk, "JOIN") == ["JOIN #trail"]


@pytest.mark.parametrize("capabilities", [PLAIN, "message-tags labeled-response"])
@pytest.mark.parametrize(
    ("numeric", "draft"),
    [
        ("482 ann #trail :Only operators may", "/kick bob go"),
        ("441 ann bob #trail :They are not there", "/kick bob go"),
        ("421 ann KICK :Unknown command", "/kick bob go"),
    ],
)
def test_a_refusal_gives_back_what_was_typed(capabilities: str, numeric: str, draft: str) -> None:
    desk = in_room(capabilities)
    desk.client.kick("#trail", "bob", "go")
    label = desk.label_of("KICK")
    desk.hears(f"@label={label} :s {numeric}" if label else f":s {numeric}")
    (told,) = desk.told(Told)
    assert (told.failure, told.buffer, told.draft) == (True, "#trail", draft)
    assert desk.texts("") == []


def test_what_a_server_does_not_know_is_said_in_words() -> None:
    desk = in_room(PLAIN)
    desk.client.motd()
    desk.hears(":s 421 ann MOTD :Unknown command")
    assert desk.told(Told)[-1].text == "This server has no command MOTD."


def test_the_answer_to_a_raw_line_goes_where_it_was_typed() -> None:
    desk = in_room(PLAIN)
    desk.client.raw("NONSENSE x")
    desk.hears(":s 421 ann NONSENSE :Unknown command")
    desk.client.raw("MODE #trail +m")
    desk.hears(":s 482 ann #trail :Only operators may")
    assert [(told.buffer, told.draft) for told in desk.told(Told)] == [
        ("#trail", "/raw NONSENSE x"),
        ("#trail", "/raw MODE #trail +m"),
    ]
    assert desk.texts("") == []


def test_order_is_kept_in_rooms_one_is_in() -> None:
    desk = in_room()
    desk.client.open_direct("bob")
    with pytest.raises(IntentRefused, match="not a room"):
        desk.client.kick("bob", "bob")
    with pytest.raises(IntentRefused, match="not a nick"):
        desk.client.kick("#trail", "two words")
    desk.hears(":bob!b@h KICK #trail ann :out")
    with pytest.raises(IntentRefused, match="You are not in trail"):
        desk.client.kick("#trail", "bob")


@pytest.mark.parametrize(
    ("names", "advice"),
    [("ann @bob", "Ask one of its operators."), ("ann +bob", "Nobody here is one:")],
)
def test_who_may_not_is_told_whom_to_ask(names: str, advice: str) -> None:
    desk = in_room(PLAIN)
    desk.hears(f":s 353 ann = #trail :{names}", ":s 366 ann #trail :End")
    desk.client.set_topic("#trail", "A hike")
    desk.hears(":s 482 ann #trail :You must be a channel operator")
    told = desk.told(Told)[-1]
    assert told.text.startswith("trail: You must be a channel operator.")
    assert advice in told.text
    assert told.draft == "/topic A hike"
