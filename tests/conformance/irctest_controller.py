"""Our controller for irctest, the conformance suite that IRC servers share.

irctest starts one server for each test; this module writes its settings and starts
`python -m server`. How to run it: `README.md` beside this file. Imported by irctest only,
which is not a dependency of ours.
"""

import sys
from typing import Any

from irctest import patma  # type: ignore[import-not-found]
from irctest.basecontrollers import (  # type: ignore[import-not-found]
    BaseServerController,
    DirectoryBasedController,
    NotImplementedByController,
)
from irctest.specifications import (  # type: ignore[import-not-found]
    Capabilities,
    OptionalBehaviors,
)


class ChatServerController(BaseServerController, DirectoryBasedController):  # type: ignore[misc]
    """Starts `chat-server` as irctest wants it: one process, one folder, one port a test."""

    software_name = "chat-server"
    _port_wait_interval = 0.02
    supported_sasl_mechanisms: frozenset[str] = frozenset()
    supports_sts = True
    extban_mute_char = "m"
    capabilities = frozenset(Capabilities) - {Capabilities.STS}
    optional_behaviors = frozenset(OptionalBehaviors) - {OptionalBehaviors.NON_UTF8_MESSAGE}
    isupport = {"UTF8ONLY": None, "WHOX": None, "BOT": patma.ANYSTR}  # noqa: RUF012

    def run(
        self,
        hostname: str,
        port: int,
        *,
        password: str | None,
        ssl: bool,
        run_services: bool,
        faketime: str | None,
        websocket_hostname: str | None = None,
        websocket_port: int | None = None,
    ) -> None:
        assert self.proc is None
        if ssl:
            raise NotImplementedByController("a TLS listener of its own: one port speaks both")
        self.hostname, self.port = hostname, port
        self.create_config()
        replay = 0
        listen = [f"127.0.0.1:{port}"]
        if websocket_port:
            listen.append(f"127.0.0.1:{websocket_port}")
        text = (
            f'listen = "{",".join(listen)}"\n'
            'name = "My.Little.Server"\n'
            f'data = "{self.directory / "data"}"\n'
            f'password = "{password or ""}"\n'
            'durability = "normal"\n'
            f"[rooms]\nreplay_on_join = {replay}\n"
        )
        with self.open_file("server.toml") as file:
            file.write(text)
        self._start()

    def _start(self) -> None:
        config = str(self.directory / "server.toml")
        self.proc = self.execute([sys.executable, "-m", "server", "--config", config])

    def restart(self) -> None:
        """Stop and start again on the same data."""
        self.kill_proc()
        self.port_open = False
        self._start()
        self.wait_for_port()

    def wait_for_services(self) -> None:
        """They are part of the server."""

    def registerUser(self, case: Any, username: str, password: str | None = None) -> None:  # noqa: N802
        """Make an account."""
        del case, username, password
        raise NotImplementedByController("accounts")


def get_irctest_controller_class() -> type[ChatServerController]:
    """What irctest asks a controller module for."""
    return ChatServerController
