"""Our controller for irctest, the conformance suite that IRC servers share.

irctest starts one server for each test; this module writes its settings and starts
`python -m server`. How to run it: `README.md` beside this file. Imported by irctest only,
which is not a dependency of ours.
"""

import re
import subprocess
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
    proc: Any
    _port_wait_interval = 0.02
    supported_sasl_mechanisms: frozenset[str] = frozenset({"PLAIN", "SCRAM-SHA-256"})
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
        ergo = self._ergo_settings()
        modes = ergo["accounts"].get("default-user-modes", "").removeprefix("+")
        text = (
            f'listen = "{",".join(listen)}"\n'
            'name = "My.Little.Server"\n'
            f'data = "{self.directory / "data"}"\n'
            f'password = "{password or ""}"\n'
            'durability = "normal"\n'
            f'default_user_modes = "{modes}"\n'
            "plain_text = true\n"  # the addresses that PROXY headers name are not loopback
            '[proxy]\ntrusted = "127.0.0.1"\n'
            f"required = {str(self._wants_proxy(ergo)).lower()}\n"
            '[opers]\noperuser = "operpassword"\n'
            f"[rooms]\nreplay_on_join = {replay}\n"
            "[limits]\ncost_per_second = 0\nlinks_per_minute = 0\nhistory_per_minute = 0\n"
            "[history]\nguests = true\n"
            f"playback_lines = {ergo['history'].get('znc-maxmessages', 1_000)}\n"
        ) + self._account_settings(ergo)
        with self.open_file("server.toml") as file:
            file.write(text)
        self.faketime_enabled = bool(faketime)
        self._program = ["server"]
        if faketime:
            self._program = ["tests.conformance.skewed_clock", faketime]
        self._start()

    def _ergo_settings(self) -> dict[str, Any]:
        """What the test asks in the words of Ergo's settings."""
        ergo: dict[str, Any] = {"server": {}, "accounts": {"multiclient": {}}, "history": {}}
        ergo["server"]["listeners"] = {"here": None}
        if self.test_config.ergo_config:
            self.test_config.ergo_config(ergo)
        return ergo

    @staticmethod
    def _wants_proxy(ergo: dict[str, Any]) -> bool:
        listener = ergo["server"]["listeners"]["here"] or {}
        return bool(listener.get("proxy"))

    def _account_settings(self, ergo: dict[str, Any]) -> str:
        """What the test asks of accounts."""
        config = self.test_config
        always_on = ergo["accounts"]["multiclient"].get("always-on") == "opt-out"
        values = {
            "register_before_connect": bool(config.account_registration_before_connect),
            "register_requires_email": bool(config.account_registration_requires_email),
            "always_on": always_on,
            "rejoin": always_on,
            "password_min": 1,
            "hash_kib": 64,
            "hash_rounds": 1,
        }
        beyond_ascii = ergo["server"].get("casemapping") == "precis"
        rows = [f"{name} = {str(value).lower()}" for name, value in values.items()]
        names = f"[names]\nbeyond_ascii = {str(beyond_ascii).lower()}\n"
        return names + "\n".join(["[accounts]", *rows, ""])

    def _start(self) -> None:
        config = str(self.directory / "server.toml")
        self.proc = self.execute([sys.executable, "-m", *self._program, "--config", config])

    def getConfig(self) -> dict[str, Any]:  # noqa: N802
        """The settings in the words of Ergo's, for a test to change and hand to `rehash`."""
        return self._ergo_settings()

    def rehash(self, case: Any, config: dict[str, Any]) -> None:
        """Have the running server read changed settings."""
        path = self.directory / "server.toml"
        lines = f"playback_lines = {config['history']['znc-maxmessages']}"
        path.write_text(re.sub(r"playback_lines = \d+", lines, path.read_text()))
        case.connectClient("rehasher", name="rehasher")
        for line in ("OPER operuser operpassword", "REHASH", "QUIT"):
            case.sendLine("rehasher", line)
        case.assertDisconnected("rehasher")

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
        if not case.run_services or password is None:
            raise ValueError("this test does not ask for accounts")
        self.wait_for_port()
        config = str(self.directory / "server.toml")
        words = ["account", "add", "--config", config, username]
        subprocess.run(
            [sys.executable, "-m", "server", *words], input=password.encode(), check=True
        )


def get_irctest_controller_class() -> type[ChatServerController]:
    """What irctest asks a controller module for."""
    return ChatServerController
