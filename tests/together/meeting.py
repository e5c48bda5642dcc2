"""The test language for real clients with a real server, all in memory.

    meeting = Meeting()
    ann, bob = meeting.enter("#trail", "ann", "bob")
    ann.client.say("#trail", "hello")
    meeting.settle()
    bob.expect("#trail", "ann: hello")

It is the simulation without its faults: the same server, people and network, and every check
of every tick. A test decides what goes wrong, and when.
"""

from server.settings import Settings
from tests.simulation.chance import Chance, Clock
from tests.simulation.checkers import Checkers
from tests.simulation.network import Network
from tests.simulation.people import Person
from tests.simulation.server import Server
from tests.simulation.trace import Trace
from tui.client.state import Buffer, Item

STEP_S = 0.05
STEPS_MAX = 4_000
QUIET_STEPS = 5


class Guest(Person):
    """A person whose buffers a test looks at."""

    private = True

    def buffer(self, key: str) -> Buffer:
        """The conversation called `key`."""
        return self.client.state.buffers[key]

    def said(self, key: str) -> list[str]:
        """What is held of what was said there, as ``nick: text``."""
        return [f"{item.sender}: {item.text}" for item in self.spoken(key)]

    def spoken(self, key: str) -> list[Item]:
        """The items with words of people."""
        kinds = ("MESSAGE", "ACTION", "NOTICE")
        return [item for item in self.buffer(key).items if item.kind.name in kinds]

    def cut_off(self) -> None:
        """Lose the link; what was on its way is gone."""
        assert self.link is not None
        self.link.reset()


class Meeting:
    """A server and the people who come to it. Nobody's turn comes but in `step` and `settle`."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.chance = Chance(1)
        self.trace = Trace()
        self.network = Network()
        settings = Settings()
        self.checkers = Checkers(self.trace, settings.limits__send_queue_bytes)
        self.server = Server(
            settings, self.network, self.clock, self.chance, self.trace, self.checkers
        )
        self.people: list[Guest] = []
        self.server.start()

    def arrive(self, *names: str, kind: type[Guest] = Guest) -> tuple[Guest, ...]:
        """People with a device each, on line."""
        arrived = tuple(
            kind(
                name,
                self.chance.token(),
                self.network,
                self.clock,
                self.chance,
                self.trace,
                self.checkers,
            )
            for name in names
        )
        self.people += arrived
        self.settle()
        return arrived

    def enter(self, room: str, *names: str) -> tuple[Guest, ...]:
        """People in a room that the first of them has made."""
        arrived = self.arrive(*names)
        arrived[0].client.create(room)
        self.settle()
        for guest in arrived[1:]:
            guest.client.join(room)
        self.settle()
        return arrived

    def step(self, *, people: bool = True, server: bool = True) -> None:
        """Time passes, everything on its way arrives, and those who are named have a turn."""
        self.clock.pass_time(STEP_S)
        self.network.carry(lambda waiting: waiting)
        for person in self.people if people else ():
            person.step()
        self.network.carry(lambda waiting: waiting)
        if server and not self.server.running:
            self.server.start()
        if server:
            self.server.tick()

    def wait(self, seconds: float) -> None:
        """So much time passes for everybody."""
        for _ in range(round(seconds / STEP_S)):
            self.step()

    def leave_alone(self, days: int) -> None:
        """For so many days, and a look of the server's after them, nobody has a turn."""
        self.clock.pass_time(days * 24 * 3600 + 700)
        self.step(people=False)

    def settle(self) -> None:
        """Go on until nothing is left to do for anybody who wants to be on line."""
        quiet = 0
        for _ in range(STEPS_MAX):
            self.step()
            quiet = quiet + 1 if self._rests else 0
            if quiet == QUIET_STEPS:
                return
        raise AssertionError("\n".join(self.trace.tail))

    @property
    def _rests(self) -> bool:
        people = [each for each in self.people if each.client.state.connection.name != "OFFLINE"]
        links = self.network.links.values()
        return (
            all(person.settled for person in people)
            and self.server.idle
            and all(link.quiet for link in links if not link.client.closed)
        )
