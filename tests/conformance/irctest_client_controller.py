"""Our client for irctest: `chat-tui --plain`, which needs no terminal, told what each test asks.

irctest plays the server and reads what the client writes. How to run it: `README.md` beside this
file. Imported by irctest only, which is not a dependency of ours.
"""

import os
import shlex
import subprocess
import sys
from typing import Any

from irctest.basecontrollers import (  # type: ignore[import-not-found]
    BaseClientController,
    DirectoryBasedController,
)

ANY_HOST = "0.0.0.0"


class ChatTuiController(BaseClientController, DirectoryBasedController):  # type: ignore[misc]
    """Starts `chat-tui --plain` in a folder of its own; what it remembers there stays."""

    software_name = "chat-tui"
    supported_sasl_mechanisms: frozenset[str] = frozenset(
        {"PLAIN", "SCRAM-SHA-256", "EXTERNAL", "ECDSA-NIST256P-CHALLENGE"}
    )
    supports_sts = True
    proc: Any

    def run(self, hostname: str, port: int, auth: Any, tls_config: Any = None) -> None:
        assert self.proc is None
        self.create_config()
        host = "127.0.0.1" if hostname == ANY_HOST else hostname
        is_encrypted = tls_config is not None and tls_config.enable
        words = [sys.executable, "-m", "tui", "--plain", "--nick", "tester"]
        words.append(f"{'ircs' if is_encrypted else 'irc'}://{host}:{port}")
        for fingerprint in tls_config.trusted_fingerprints if tls_config else []:
            words += ["--fingerprint", fingerprint]
        if auth is not None:
            words += self._login(auth)
        environment = {**os.environ, "XDG_CONFIG_HOME": str(self.directory)}
        self.proc = self.execute(words, stdin=subprocess.PIPE, env=environment)

    def _login(self, auth: Any) -> list[str]:
        words = ["--account", auth.username, "--sasl", auth.mechanisms[0].to_string()]
        if auth.ecdsa_key:
            with self.open_file("key.pem") as file:
                file.write(auth.ecdsa_key)
            words += ["--key", str(self.directory / "key.pem")]
        if auth.password:
            with self.open_file("password") as file:
                file.write(auth.password)
            command = ["cat", str(self.directory / "password")]
            words += ["--password-command", shlex.join(command)]
        return words


def get_irctest_controller_class() -> type[ChatTuiController]:
    """What irctest asks for."""
    return ChatTuiController
