"""Ctrl+P: every action of the table, to be found by a few letters of its name or summary."""

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui.commands.table import COMMANDS, Command, is_offered
from tui.screens.keys import key_label
from tui.screens.main import MainScreen


class CommandProvider(Provider):
    """Offers the rows that make sense where one is."""

    async def discover(self) -> Hits:
        """Everything, before a letter is typed."""
        for row in self._rows():
            run = partial(self.app.run_action, f"command('{row.name}')")
            yield DiscoveryHit(self._title(row), run, help=row.summary)

    async def search(self, query: str) -> Hits:
        """What matches `query`, best first."""
        matcher = self.matcher(query)
        for row in self._rows():
            score = max(matcher.match(self._title(row)), matcher.match(row.summary) * 0.8)
            if score > 0:
                run = partial(self.app.run_action, f"command('{row.name}')")
                yield Hit(score, matcher.highlight(self._title(row)), run, help=row.summary)

    def _rows(self) -> list[Command]:
        if not isinstance(self.screen, MainScreen):
            return []
        where, offered = self.screen.where, self.screen.offered
        return [
            row
            for row in COMMANDS.values()
            if row.palette and row.where & where and is_offered(row, offered)
        ]

    def _title(self, row: Command) -> str:
        name = row.name.replace("_", " ").replace("-", " ")
        screen = self.screen
        key = screen.keymap.first(row.name) if isinstance(screen, MainScreen) else ""
        return f"{name}   {key_label(key)}" if key else name
