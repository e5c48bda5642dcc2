"""The holes that others had to close, each with the tests that hold it shut here.

`HOLES` says where those live that stand beside what they are about; the others are below. It is
checked that every one of them is there. Promise: `GUARANTEES`, "Holes others had to close".
"""

import ast
import logging
from pathlib import Path
from typing import Final

import pytest

from common.wire import CLIENT_TAGS_BYTES_MAX
from server.storage.memory import MemoryStore
from server.storage.ports import Event, View
from tests.conversation import OUR_CLIENT, Person, World, commands
from tests.server.logins import PASSWORD, QUICK, log_in, plain, register

ROOT = Path(__file__).parents[2]

HOLES: Final = {
    "a second way to register skips the first one's checks": (
        "server/test_accounts.py test_no_way_to_register_skips_what_the_operator_set",
        "server/test_accounts.py test_nickserv_is_no_way_around_it",
        "server/test_accounts.py test_a_suspended_account_comes_in_by_no_way",
    ),
    "redaction by someone without the right": (
        "server/test_revisions.py test_a_moderator_deletes_anyones_message_a_member_only_their_own",
        "server/test_revisions.py test_a_namesake_is_not_the_author",
        "server/test_revisions.py test_what_was_said_to_operators_only_they_delete",
    ),
    "requests to inner addresses on a user's behalf": (
        "server/test_guarantees.py test_the_server_asks_nothing_of_anybody",
    ),
    "metadata and members of private rooms": (
        "server/test_visibility.py test_no_answer_holds_what_the_asker_may_not_know",
        "server/test_metadata.py test_a_room_one_may_not_enter_is_as_if_it_were_not_there",
    ),
    "a room's existence or topic told by an error or LIST": (
        "server/test_visibility.py test_a_hidden_room_is_like_one_that_is_not_there",
        "server/test_visibility.py test_what_happens_in_a_room_is_told_to_nobody_outside",
    ),
    "WebSocket frames and HTTP verbs in the line parser": (
        "loop/test_transports.py test_broken_beginnings_end_that_link_only",
        "loop/test_transports.py test_a_browser_that_offers_nothing_we_speak_is_refused",
    ),
    "line ends and NUL smuggled through a relayed text": (
        "common/test_wire.py test_nothing_is_smuggled_into_a_line",
        "server/test_messages.py test_tag_values_are_relayed_as_they_were_meant",
        "server/test_guarantees.py test_a_tag_cannot_begin_a_line_of_its_own",
    ),
    "messages to operators replayed to others": (
        "server/test_audiences.py test_history_gives_it_to_the_same_part_of_the_room_only",
        "server/test_audiences.py test_a_message_to_part_of_the_room_is_redacted_for_the_same_part",
    ),
    "invalid UTF-8 relayed": ("server/test_bad_lines.py test_nothing_of_it_is_relayed",),
    "look-alike names for staff, services and rooms": (
        "server/test_accounts.py test_a_guest_is_not_taken_for_who_runs_the_server",
        "server/test_accounts.py test_the_nicks_of_services_are_nobodys",
        "server/test_rooms.py test_a_room_that_looks_like_another_is_not_made_by_any_way",
    ),
    "masks that miss after a change of nick or a login": (
        "server/test_masks.py test_an_account_is_banned_by_any_nick_and_no_nick_is_by_an_account",
        "server/test_running_rooms.py "
        "test_a_guest_is_banned_by_the_host_where_nobody_else_there_has_it",
        "server/test_sanctions.py test_a_banned_nick_cannot_be_taken_on_later",
    ),
    "lines without limit before registration": (
        "server/test_guarantees.py test_lines_before_registration_are_bounded_like_any",
        "server/test_limits.py test_what_is_unknown_or_malformed_costs_too",
    ),
    "a line without end": (
        "server/test_registration.py test_a_line_without_end_ends_the_link",
        "loop/test_links.py test_a_line_without_end_is_answered_and_ends_the_link",
    ),
    "tag budgets exceeded on relay": (
        "server/test_guarantees.py test_the_most_tags_are_relayed_within_what_a_line_may_have",
    ),
    "batches never closed": ("server/test_multiline.py test_a_batch_left_open_runs_out",),
    "numbers that are none, or far too large": (
        "server/test_guarantees.py test_a_number_is_answered_whatever_it_is",
    ),
    "collisions of case folding": (
        "common/test_names.py test_only_a_to_z_fold",
        "common/test_names.py test_what_folds_alike_differs_in_ascii_letters_only",
    ),
    "paging that skips or repeats equal times": (
        "server/test_history.py test_equal_times_are_neither_skipped_nor_repeated",
        "server/test_history_spans.py test_between_equal_times_nothing_is_repeated_or_skipped",
    ),
    "read markers that move back": (
        "server/test_read_markers.py test_a_marker_is_kept_and_never_moves_back",
    ),
    "secrets and texts in logs": (
        "server/test_guarantees.py test_logs_hold_no_password_and_no_message",
        "server/test_audit.py test_what_operators_do_is_there_without_any_password",
        "server/test_accounts.py test_what_was_typed_as_a_name_is_not_stored_with_failed_logins",
    ),
    "timing that tells which account exists": (
        "server/test_guarantees.py test_an_account_that_is_not_there_costs_the_same_work",
        "server/test_accounts.py test_wrong_and_unknown_read_the_same",
        "server/test_accounts.py test_an_unknown_account_is_challenged_like_any_other",
    ),
    "hash work as denial of service": (
        "server/test_guarantees.py test_so_many_passwords_are_checked_at_a_time_and_no_more",
        "server/test_accounts.py test_failed_logins_have_to_wait_longer_and_longer",
    ),
    "bombs in what is searched for": (
        "server/test_search.py test_what_cannot_be_asked_is_refused",
        "common/test_search_text.py test_what_cannot_be_sought_is_said",
    ),
    "paths made of what people typed": (
        "server/test_guarantees.py test_no_core_knows_a_path",
        "exchange/test_client_logs.py test_any_line_is_read_or_refused",
    ),
}


@pytest.mark.parametrize("place", [each for places in HOLES.values() for each in places])
def test_every_hole_has_its_tests(place: str) -> None:
    file, name = place.split(" ")
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


class BrokenStore(MemoryStore):
    """A store with a bug of ours in it."""

    def page(
        self, channel_id: int, after: int, before: int, limit: int, view: View, *, newest: bool
    ) -> list[Event]:
        raise RuntimeError("a bug")


def modules(folder: str) -> dict[Path, set[str]]:
    """What each module in a folder imports, by the first word."""
    found = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        plain_ones = [node for node in nodes if isinstance(node, ast.Import)]
        names = [alias.name for node in plain_ones for alias in node.names]
        names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
        found[path] = {name.partition(".")[0] for name in names}
    return found


def test_the_server_asks_nothing_of_anybody() -> None:
    askers = {"urllib", "http", "smtplib", "ftplib", "requests", "httpx", "aiohttp", "xmlrpc"}
    for path, imported in modules("server").items():
        assert not imported & askers, path
        opens = ".connect(" in path.read_text(encoding="utf-8") and "socket" in imported
        assert not opens or path.name == "admin.py", path  # which asks a server on this machine


def test_no_core_knows_a_path() -> None:
    for path, imported in modules("server/core").items():
        assert not imported & {"pathlib", "os", "shutil", "io", "glob", "tempfile"}, path


def test_a_tag_cannot_begin_a_line_of_its_own() -> None:
    ann, bob = World().join("ann", "bob", capabilities=OUR_CLIENT)
    ann.send(r"@+draft/reply=a\r\nQUIT\s:gone;+x=\:\\ PRIVMSG #trail :hello")
    message = bob.expect("PRIVMSG #trail hello")
    assert message.tags["+draft/reply"] == "a\r\nQUIT :gone"
    bob.nothing()


def test_lines_before_registration_are_bounded_like_any() -> None:
    world = World()
    flooder, ann = world.link(), world.connect("ann")
    flooder.begin(*["PING x"] * 5_000)
    world.store.commit()
    world.flush()
    assert len(flooder.received) < 1_000
    assert commands(ann.answer("PING mine")) == ["PONG"]
    world.pass_time(70)
    assert flooder.closed


def test_the_most_tags_are_relayed_within_what_a_line_may_have() -> None:
    world = World(QUICK)
    register(world, "ann")
    able = f"{OUR_CLIENT} account-tag draft/oper-tag"
    ann, bob = log_in(world, "ann", capabilities=able), world.connect("bob", able)
    ann.send("CREATE trail", "MODE ann +B")
    bob.send("JOIN #trail")
    bob.barrier()
    ann.barrier()
    value = "x" * (CLIENT_TAGS_BYTES_MAX - len("@+x= "))
    ann.send(f"@+x={value} PRIVMSG #trail :{'y' * 400}")
    tags = bob.expect("PRIVMSG #trail *").tags
    assert tags["+x"] == value
    assert {"msgid", "time", "account", "bot"} <= set(tags)


NUMBERS = ("-1", "0", "1000000000000000000", "1e9", "NaN", "٣", "0x10", "+5", "1.5", "")


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    "line",
    [
        "CHATHISTORY LATEST #trail * {}",
        "CHATHISTORY BEFORE #trail number={} 5",
        "CHATHISTORY AFTER #trail timestamp={} 5",
        "CHATHISTORY TARGETS timestamp={} timestamp={} 5",
        "SEARCH text=x;limit={}",
        "MODE #trail +l {}",
        "BAN #trail eve {}",
        "BAN #trail eve {}d",
        "INVITATION #trail {} {}h",
        "RETENTION #trail {}",
        "RETENTION #trail {}d",
        "LIST >{}",
        "LIST C<{}",
        "WHOWAS eve {}",
        "MARKREAD #trail timestamp={}",
        "CAP LS {}",
        "UNREAD {}",
        "MENTIONS {}",
        "NS LOGOUT {}",
        "PRIVMSG *playback :PLAY #trail {}",
    ],
)
def test_a_number_is_answered_whatever_it_is(line: str, number: str) -> None:
    ann, bob = World().join("ann", "bob", capabilities=f"{OUR_CLIENT} draft/search")
    ann.send("@label=7 " + line.replace("{}", number))
    assert "7" in {message.tags.get("label") for message in ann.barrier()}
    bob.send("PRIVMSG #trail :still here")
    assert "PRIVMSG" in commands(ann.barrier())


def test_logs_hold_no_password_and_no_message(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world = World(QUICK, BrokenStore(), strict=False)
    register(world, "ann")
    ann = log_in(world, "ann", capabilities=OUR_CLIENT)
    plain(ann, "ann", "not-the-password")
    ann.send("CREATE trail", "PRIVMSG #trail :between-us", "OPER root guessed-word")
    ann.send("NS IDENTIFY ann other-password", f"ACCOUNT PASSWORD {PASSWORD} newer-password")
    ann.send("@label=in-the-bug CHATHISTORY LATEST #trail * 5")
    assert "CHATHISTORY failed" in caplog.text
    secrets = ("not-the-password", PASSWORD, "between-us", "guessed-word", "other-password")
    for secret in (*secrets, "newer-password", "in-the-bug"):
        assert secret not in caplog.text


@pytest.mark.parametrize("line", ["NS IDENTIFY {} wrong", "NS IDENTIFY {}"])
def test_an_account_that_is_not_there_costs_the_same_work(line: str) -> None:
    world = World(QUICK)
    register(world, "ann")
    asked = []
    for name in ("ann", "nobody"):
        person = world.connect("guest")
        person.begin(line.format(name))
        asked.append(len(world.core.outbox.jobs))
        world.tick()
        person.send("QUIT")
    assert asked == [1, 1]


def test_so_many_passwords_are_checked_at_a_time_and_no_more() -> None:
    world = World(QUICK)
    most = world.settings.limits__jobs
    people: list[Person] = [world.connect(f"guest{number}") for number in range(most + 1)]
    for number, person in enumerate(people):
        person.begin(f"NS IDENTIFY account{number} wrong")
    assert len(world.core.outbox.jobs) == most
    world.tick()
    assert "busy" in people[-1].find("NOTICE …").params[-1]
