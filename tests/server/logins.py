"""People with accounts, in the language of `tests.conversation`."""

import base64

from common.sasl import ClientExchange, PlainClient, split_response
from server.core.session import Peer
from server.settings import Settings
from tests.conversation import LOCAL, Person, World

QUICK = Settings(accounts__hash_kib=64, accounts__hash_rounds=1, accounts__scram_iterations=4_096)
"""The cheapest hashes there are."""

PASSWORD = "correct horse"


def register(world: World, name: str, password: str = PASSWORD) -> None:
    """Make an account; nobody is left connected."""
    person = world.connect(name, "standard-replies")
    person.send(f"REGISTER * * :{password}")
    person.find(f"REGISTER SUCCESS {name} *")
    person.send("QUIT")


def authenticate(person: Person, mechanism: str, exchange: ClientExchange) -> str:
    """Go through a SASL exchange; the numeric that ends it."""
    person.send(f"AUTHENTICATE {mechanism}")
    while person.received:
        message = person.received.pop(0)
        if message.command == "AUTHENTICATE":
            text = "" if message.params[0] == "+" else message.params[0]
            for chunk in split_response(exchange.answer(base64.b64decode(text))):
                person.send(f"AUTHENTICATE {chunk}")
        elif message.command in ("902", "903", "904", "905", "906", "907"):
            return message.command
    raise AssertionError(f"{person.nick} got no end of {mechanism}")


def plain(person: Person, name: str, password: str = PASSWORD) -> str:
    """Log in by PLAIN; the numeric that ends it."""
    return authenticate(person, "PLAIN", PlainClient(name, password))


def log_in(
    world: World, name: str, nick: str = "", capabilities: str = "", peer: Peer = LOCAL
) -> Person:
    """Someone connected and logged in; what they read on coming in is still to be read."""
    person = world.link(peer)
    person.send("CAP LS 302", f"CAP REQ :sasl {capabilities}")
    assert plain(person, name) == "903"
    person.nick = nick or name
    person.send(f"NICK {person.nick}", "USER user 0 * :Some One", "CAP END")
    person.find("001 * *")
    return person
