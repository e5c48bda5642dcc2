"""Which servers are to be reached by encrypted links only, until when: IRCv3 sts, kept in a file.

One policy per line: ``host port until duration``; `until` is in seconds since 1970. A line that
makes no sense is left out: the server tells its policy again on the next visit.
"""

import os
import re
from pathlib import Path
from typing import Final, NamedTuple

POLICIES_MAX: Final = 1_000

_LINE: Final = re.compile(r"(\S+) (\d{1,5}) (\d{1,12}) (\d{1,12})")


class Policy(NamedTuple):
    """Encrypted links only, at `port`, until a moment; `duration_s` is what renews it."""

    port: int
    until_s: int
    duration_s: int


class Policies:
    """The file of policies; read anew for every question, because other windows write it too."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def port(self, host: str, now_s: float) -> int:
        """Where an encrypted link to `host` must be opened; 0 where any link may be used."""
        policy = self._read().get(host.lower())
        return policy.port if policy is not None and policy.until_s > now_s else 0

    def keep(self, host: str, port: int, duration_s: int, now_s: float) -> None:
        """From now on, for `duration_s`; 0 ends it. Raises `OSError`."""
        policies = self._read()
        policies.pop(host.lower(), None)
        if duration_s:
            policies[host.lower()] = Policy(port, int(now_s) + duration_s, duration_s)
        self._write(policies)

    def renew(self, host: str, now_s: float) -> None:
        """An encrypted link to `host` has ended: the time counts from now. Raises `OSError`."""
        policies = self._read()
        found = policies.get(host.lower())
        if found is not None:
            self.keep(host, found.port, found.duration_s, now_s)

    def _read(self) -> dict[str, Policy]:
        try:
            text = self._path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return {}
        found = filter(None, map(_LINE.fullmatch, text.splitlines()))
        return {match[1]: Policy(int(match[2]), int(match[3]), int(match[4])) for match in found}

    def _write(self, policies: dict[str, Policy]) -> None:
        kept = list(policies.items())[-POLICIES_MAX:]
        lines = [
            f"{host} {policy.port} {policy.until_s} {policy.duration_s}\n" for host, policy in kept
        ]
        draft = self._path.with_suffix(".new")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.writelines(lines)
        draft.replace(self._path)
