"""Accounts, memberships and facts in every store: the contract of `server.storage.ports`."""

from common.sasl import ScramKeys
from server.storage.ports import AccountRecord, Store
from tests.storage.conftest import Backend

SCRAM = ScramKeys(b"salt", 4_096, b"stored", b"server")


def account(account_id: int, name: str) -> AccountRecord:
    return AccountRecord(account_id, name, name.casefold(), 1_000, "$argon2id$", SCRAM)


def test_an_account_is_found_by_all_its_names(store: Store) -> None:
    ann = account(7, "Ann")
    ann.certificates = ("ab" * 32, "cd" * 32)
    ann.source, ann.always_on = "Ann!ann@host", True
    store.accounts.save(ann)
    store.accounts.save(account(8, "bob"))
    assert store.accounts.get(7) == ann
    assert store.accounts.named("aNN") == ann
    assert store.accounts.alike("someone", "ann") == ann
    assert store.accounts.alike("aNN", "nobody") == ann
    assert store.accounts.alike("someone", "nobody") is None
    assert store.accounts.with_certificate("cd" * 32) == ann
    assert store.accounts.get(9) is None
    assert store.accounts.named("carl") is None
    assert store.accounts.with_certificate("") is None


def test_saving_again_replaces_and_a_certificate_taken_off_is_gone(store: Store) -> None:
    ann = account(7, "Ann")
    ann.certificates = ("ab" * 32,)
    store.accounts.save(ann)
    ann.certificates, ann.suspended = (), True
    store.accounts.save(ann)
    assert store.accounts.get(7) == ann
    assert store.accounts.with_certificate("ab" * 32) is None


def test_what_is_handed_out_is_a_copy(store: Store) -> None:
    store.accounts.save(account(7, "Ann"))
    found = store.accounts.get(7)
    assert found is not None
    found.suspended = True
    assert store.accounts.get(7) == account(7, "Ann")


def test_accounts_come_in_pages_by_name(store: Store) -> None:
    for number, name in enumerate(("dora", "Ann", "carl", "Bob")):
        record = account(number, name)
        record.always_on = name in ("Ann", "dora")
        store.accounts.save(record)
    page = store.accounts.page
    assert [each.name for each in page("", 3)] == ["Ann", "Bob", "carl"]
    assert [each.name for each in page("carl", 3)] == ["dora"]
    assert [each.name for each in page("", 9, always_on=True)] == ["Ann", "dora"]


def test_memberships_are_in_the_order_of_entering(store: Store) -> None:
    for channel_id in (3, 1, 2, 3):
        store.memberships.join("account:7", channel_id)
    store.memberships.join("account:8", 1)
    store.memberships.leave("account:7", 1)
    assert store.memberships.rooms("account:7") == [3, 2]
    assert store.memberships.rooms("account:8") == [1]


def test_a_deleted_account_takes_its_memberships_along(store: Store) -> None:
    ann = account(7, "Ann")
    ann.certificates = ("ab" * 32,)
    store.accounts.save(ann)
    store.memberships.join(ann.holder, 3)
    store.accounts.delete(7)
    assert store.accounts.named("Ann") is None
    assert store.accounts.with_certificate("ab" * 32) is None
    assert store.memberships.rooms(ann.holder) == []


def test_a_deleted_room_takes_its_memberships_along(store: Store) -> None:
    store.memberships.join("account:7", 3)
    store.channels.delete(3)
    assert store.memberships.rooms("account:7") == []


def test_facts_are_found_by_how_their_names_begin_until_forgotten(
    backend: Backend,
) -> None:
    store = backend.store()
    for name in ("failed b", "failed a", "fail", "failure"):
        store.facts.remember(name, name.upper())
    assert store.facts.facts_from("failed ") == {"failed a": "FAILED A", "failed b": "FAILED B"}
    store.facts.remember("failed a", "")
    assert store.facts.facts_from("failed ") == {"failed b": "FAILED B"}
    assert store.facts.fact("failed a") == ""


def test_a_crash_keeps_what_was_committed(backend: Backend) -> None:
    store = backend.store()
    store.accounts.save(account(7, "Ann"))
    store.memberships.join("account:7", 3)
    store.facts.remember("answer", "42")
    store.commit()
    store.accounts.delete(7)
    store.facts.remember("answer", "43")
    found = backend.crash()
    assert found.accounts.named("ann") == account(7, "Ann")
    assert found.memberships.rooms("account:7") == [3]
    assert found.facts.fact("answer") == "42"
    assert found.facts.fact("question") == ""
