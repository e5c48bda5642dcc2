"""The services, NickServ and ChanServ, as nicks one may write to: the table of what they know.

A service command is a row and a function, as any command is; the functions are thin faces of those
that the other ways use, and answer by NOTICE, as people's programs expect of services.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from common.casemap import fold
from server.core.delivery import fitted, send
from server.core.dispatch import Failed, Request, refusing
from server.core.names import SERVICE_NICKS

NICKSERV: Final = SERVICE_NICKS[0]
CHANSERV: Final = SERVICE_NICKS[1]
PLAYBACK: Final = "*playback"
"""No nick, and no service to look for: programs that know it write to it by themselves."""


@dataclass(slots=True)
class ServiceRequest:
    """One command to a service: whose it is, the words behind it, and how to answer."""

    request: Request
    service: str
    row: "ServiceCommand"
    words: list[str]

    def say(self, text: str) -> None:
        """Answer."""
        notice(self.request, self.service, text)

    def word(self, index: int, default: str = "") -> str:
        """A word that may be missing."""
        return self.words[index] if index < len(self.words) else default


ServiceHandler = Callable[[ServiceRequest], None]


class ServiceCommand(NamedTuple):
    """One row. `usage` is shown by HELP; the words in capitals are what one writes."""

    name: str
    handler: ServiceHandler
    words_min: int
    usage: str
    summary: str


SERVICES: Final[dict[str, dict[str, ServiceCommand]]] = {
    NICKSERV: {},
    CHANSERV: {},
    PLAYBACK: {},
}
_NAMES: Final = {fold(name): name for name in SERVICES}


def service_command(
    service: str, usage: str, summary: str, words_min: int = 0
) -> Callable[[ServiceHandler], ServiceHandler]:
    """Make a row, named by the first word of `usage`, for the decorated function."""
    name = usage.split()[0]
    assert name not in SERVICES[service], f"{service} {name} twice"
    assert summary

    def enter(handler: ServiceHandler) -> ServiceHandler:
        SERVICES[service][name] = ServiceCommand(name, handler, words_min, usage, summary)
        return handler

    return enter


def service_called(nick: str) -> str | None:
    """The service with this nick, as it is written; None where it is none."""
    return _NAMES.get(fold(nick))


def run(request: Request, service: str, words: list[str]) -> None:
    """Run a command of a service; refusals are answered by NOTICE too."""
    with refusing(request, lambda failure: notice(request, service, failure.text)) as own:
        name = words[0].upper() if words else "HELP"
        if name == "HELP":
            _help(own, service, words[1:])
            return
        row = SERVICES[service].get(name)
        if row is None:
            raise Failed("UNKNOWN", f"There is no {name[:20]}; HELP lists what there is")
        if len(words) <= row.words_min:
            raise Failed("NEED_MORE", f"Something is missing; usage: {row.usage}")
        row.handler(ServiceRequest(own, service, row, words[1:]))


def notice(request: Request, service: str, text: str) -> None:
    """A NOTICE from a service to who asked."""
    server = request.world.settings.name
    line = fitted("NOTICE", [request.session.target, text], f"{service}!{service}@{server}")
    send(request.world, request.session, line)


def _help(request: Request, service: str, words: list[str]) -> None:
    rows = SERVICES[service]
    wanted = rows.get(words[0].upper()) if words else None
    for row in [wanted] if wanted else rows.values():
        notice(request, service, f"{row.usage}: {row.summary}")
