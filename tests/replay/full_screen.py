"""`chat-tui` itself, full screen, that writes on its way out what it holds of a room.

`python -m tests.replay.full_screen PORT NICK ROOM FOLDER`: its settings are kept in the folder,
and at the end `held.json` has number, nick and text of every message.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from common.casemap import fold
from tests.replay.watchers import spoken
from tui import config
from tui.address import read_address
from tui.app import ChatApp
from tui.client.client import Client
from tui.client.updates import Update
from tui.connector import NetworkLink, make_network_link
from tui.trust import Trust
from tui.widgets import terminal_keys

HELD_NAME = "held.json"


def main() -> int:
    """Run the app until it is ended."""
    port, nick, room, folder = sys.argv[1:]
    remembered, complaint = config.load(Path(folder) / config.FILE_NAME)
    remembered.nick = nick
    address = read_address(f"127.0.0.1:{port}")
    path = Path(folder) / config.FILE_NAME
    launch = config.Launch(path, remembered, complaint, address, (room,))
    cores: list[Client] = []

    def make_link(
        core: Client,
        host: str,
        port: int,
        on_updates: Callable[[list[Update]], None],
        trust: Trust | None,
    ) -> NetworkLink:
        cores.append(core)
        return make_network_link(core, host, port, on_updates, trust)

    terminal_keys.repair()
    app = ChatApp(launch, make_link)
    app.run()
    held = sorted(spoken(cores[-1].state.buffers[fold(room)].items))
    (Path(folder) / HELD_NAME).write_text(json.dumps(held), encoding="utf-8")
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
