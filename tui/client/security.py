"""A server that wants encrypted links only: its policy, as IRCv3 sts tells it in CAP LS.

On an open link a policy with a port ends the link: the shell opens an encrypted one there. On an
encrypted link the duration says for how long no other kind may be used. Specification: IRCv3 sts.
"""

from typing import Final

from tui.client.cleaning import read_number
from tui.client.core import Core

CAPABILITY: Final = "sts"
PORT_MAX: Final = 65_535


def port_required(core: Core) -> int:
    """Where an encrypted link is to be opened in place of this one; 0: this one may be used."""
    port = read_number(_policy(core).get("port", ""))
    return port if not core.session.encrypted and port <= PORT_MAX else 0


def duration_s(core: Core) -> int | None:
    """For how long only encrypted links may be used; None where this link does not say."""
    told = _policy(core).get("duration", "")
    return read_number(told) if core.session.encrypted and told.isdecimal() else None


def _policy(core: Core) -> dict[str, str]:
    pairs = (token.partition("=") for token in core.state.offered.get(CAPABILITY, "").split(","))
    return {name: value for name, _, value in pairs}
