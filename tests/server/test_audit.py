"""The audit log: what is in it, what never is, and who reads it."""

from dataclasses import replace

from tests.conversation import OUR_CLIENT, UNHURRIED, Person, World

SETTINGS = replace(UNHURRIED, opers=(("boss", "secret"),))


def entries(person: Person, line: str) -> list[str]:
    """What AUDIT answers, without the times."""
    read = [message for message in person.answer(line) if message.params[1] == "ENTRY"]
    return [message.params[-1].split(" ", 1)[1] for message in read]


def test_what_moderators_do_in_a_room_is_read_by_them_and_by_operators() -> None:
    world = World(SETTINGS)
    ann, bob = world.join("ann", "bob", capabilities=OUR_CLIENT)
    bob.send("PRIVMSG #trail :a secret plan")
    msgid = bob.find("PRIVMSG #trail *").tags["msgid"]
    for line in (
        "MODE #trail +mk letmein",
        "TOPIC #trail :walks",
        f"REDACT #trail {msgid} :rude",
        "KICK #trail bob :rude",
        "RENAME #trail #path :shorter",
    ):
        ann.send(line)
    ann.barrier(), bob.barrier()
    source = "ann!ann@127.0.0.1"
    expected = [
        f"{source} MODE #trail +mk *",
        f"{source} TOPIC #trail walks",
        f"{source} REDACT #trail bob!bob@127.0.0.1 rude",
        f"{source} KICK #trail bob rude",
        f"{source} RENAME #trail #trail #path shorter",
    ]
    assert entries(ann, "AUDIT #path") == expected
    assert entries(ann, "AUDIT #path 2") == expected[-2:]
    bob.send("AUDIT #path", "AUDIT")
    bob.expect("482 bob #path *")
    bob.expect("481 bob *")
    boss = world.connect("boss", OUR_CLIENT)
    boss.answer("OPER boss secret")
    assert entries(boss, "AUDIT #path") == expected
    assert entries(boss, "AUDIT")[-1] == "boss!boss@127.0.0.1 OPER boss"


def test_what_operators_do_is_there_without_any_password() -> None:
    world = World(SETTINGS)
    boss, _ = world.connect("boss", OUR_CLIENT), world.connect("ann")
    boss.answer("OPER boss wrong")
    boss.answer("OPER boss secret")
    for line in ("UBAN ADD evil* 1h :bots", "KILL ann :enough", "LOCKDOWN OFF", "UBAN DEL nobody"):
        boss.answer(line)
    world.core.administer({"do": "account suspend", "name": "nobody"})
    world.core.administer({"do": "account list"})
    found = entries(boss, "AUDIT")
    assert [entry.split(" ", 1)[1] for entry in found] == [
        "OPER boss",
        "UBAN server ADD evil* 1h bots",
        "KILL server ann enough",
        "LOCKDOWN server OFF",
    ]
    assert not any("secret" in entry or "wrong" in entry for entry in found)


def test_it_survives_a_restart_and_forgets_in_time() -> None:
    world = World(replace(SETTINGS, audit__keep_days=2))
    (ann,) = world.join("ann")
    ann.send("TOPIC #trail :walks")
    world.restart()
    page = world.core.administer({"do": "audit", "room": "trail"})
    assert [row[2] for row in page["deeds"]] == ["TOPIC"]
    world.pass_time(3 * 24 * 3600)
    world.pass_time(600)
    assert world.core.administer({"do": "audit"})["deeds"] == []
    assert not world.core.administer({"do": "audit", "room": "#nowhere"})["ok"]
