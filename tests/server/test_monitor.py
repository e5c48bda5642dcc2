"""MONITOR: being told who comes and goes, and what changes about them.

Specification: IRCv3 monitor, extended-monitor.
"""

from server.settings import Settings
from tests.conversation import Person, World


def watching(world: World, nick: str, capabilities: str = "") -> Person:
    """Someone who watches `nick`, who is not here."""
    person = world.connect("watcher", capabilities)
    person.send(f"MONITOR + {nick}")
    person.expect(f"731 watcher {nick}")
    return person


def test_coming_and_going_is_told() -> None:
    world = World()
    watcher = watching(world, "ann")
    ann = world.connect("Ann")
    watcher.expect("730 watcher Ann!Ann@127.0.0.1")
    ann.send("QUIT")
    watcher.expect("731 watcher Ann")
    watcher.nothing()


def test_a_change_of_nick_is_both() -> None:
    world = World()
    watcher = watching(world, "ann,bob")
    person = world.connect("ann")
    watcher.expect("730 watcher *")
    person.send("NICK ANN")
    watcher.nothing()
    person.send("NICK bob")
    watcher.expect("731 watcher ANN")
    watcher.expect("730 watcher bob!ann@127.0.0.1")


def test_what_was_dropped_or_cleared_is_told_no_more() -> None:
    world = World()
    watcher = watching(world, "ann,bob,cleo")
    watcher.send("MONITOR - ann,nobody", "MONITOR L")
    watcher.expect("732 watcher bob,cleo")
    watcher.expect("733 watcher *")
    watcher.send("MONITOR C", "MONITOR L")
    watcher.expect("733 watcher *")
    world.connect("ann")
    world.connect("bob")
    watcher.nothing()


def test_the_list_can_be_shown_again_with_who_is_here() -> None:
    world = World()
    watcher = watching(world, "ann,bob")
    world.connect("bob")
    watcher.barrier()
    watcher.send("MONITOR S")
    watcher.expect("730 watcher bob!bob@127.0.0.1")
    watcher.expect("731 watcher ann")


def test_the_list_has_an_end() -> None:
    watcher = World().connect("watcher")
    nicks = [f"n{number}" for number in range(Settings().limits__monitor)]
    watcher.send(*(f"MONITOR + {nick}" for nick in nicks))
    watcher.barrier()
    watcher.send("MONITOR + n1,too-many,more")
    watcher.expect("731 watcher n1")
    watcher.expect(f"734 watcher {Settings().limits__monitor} too-many,more *")


def test_many_targets_take_several_lines() -> None:
    watcher = World().connect("watcher")
    nicks = [f"{'n' * 28}{number:03}" for number in range(13)]
    watcher.send(f"MONITOR + {','.join(nicks)}")
    lines = watcher.barrier()
    assert len(lines) == 2
    assert ",".join(line.params[1] for line in lines).split(",") == nicks


def test_masks_and_other_words_are_not_watched() -> None:
    world = World()
    watcher = world.connect("watcher")
    watcher.send("MONITOR + *,*!ann@*,#room,,1", "MONITOR L")
    watcher.expect("733 watcher *")
    watcher.send("MONITOR X ann")
    watcher.expect("461 watcher MONITOR *")


def test_someone_who_left_watches_nobody() -> None:
    world = World()
    watching(world, "ann").send("QUIT")
    world.connect("ann")  # nothing is sent to a link that is gone
    assert not world.core.world.monitors


EVERYTHING = "extended-monitor away-notify setname chghost"


def test_changes_are_told_to_those_who_watch_for_them() -> None:
    world = World()
    watcher = watching(world, "ann", EVERYTHING)
    ann = world.connect("ann")
    watcher.expect("730 watcher *")
    ann.send("AWAY :tea", "SETNAME :Ann of the Trail")
    watcher.expect("AWAY tea")
    watcher.expect("SETNAME Ann of the Trail")
    watcher.nothing()


def test_they_are_not_told_twice_to_those_in_the_same_room() -> None:
    world = World()
    watcher = watching(world, "ann", EVERYTHING)
    ann = world.connect("ann")
    for person in (ann, watcher):
        person.send("JOIN #trail")
    watcher.barrier()
    ann.send("AWAY :tea")
    watcher.expect("AWAY tea")
    watcher.nothing()


def test_without_the_capabilities_nothing_more_is_told() -> None:
    world = World()
    watcher = watching(world, "ann", "extended-monitor")
    ann = world.connect("ann")
    watcher.expect("730 watcher *")
    ann.send("AWAY :tea", "SETNAME :Ann of the Trail")
    watcher.nothing()
