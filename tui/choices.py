"""What a person chose of look, keys and habits: read at the start, changed by F9, kept in a file.

One for each app. What cannot be used is told, and the default holds in its place.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from textual.app import App

from tui.commands.keymap import KeyMap, read_keys
from tui.preferences import HIGH_CONTRAST, Chosen, Preferences, Value, keywords_of
from tui.preferences_file import change, change_keys, load
from tui.screens.keys import textual_keymap
from tui.screens.main import MainScreen
from tui.screens.themes import HIGH_CONTRAST_THEME


class Choices:
    """The choices for `app`, and for its frame once there is one."""

    def __init__(
        self,
        app: App[None],
        path: Path,
        frame: Callable[[], MainScreen | None],
        watch_for: Callable[[Sequence[str]], None],
    ) -> None:
        """`watch_for` is told the words that count as naming one."""
        self._app = app
        self._watch_for = watch_for
        self._path = path
        self._frame = frame
        self._chosen: Chosen = load(path)
        self._keymap = read_keys(self._chosen.keys)

    @property
    def preferences(self) -> Preferences:
        """What holds now."""
        return self._chosen.preferences

    @property
    def keymap(self) -> KeyMap:
        """Which keys run what."""
        return self._keymap

    @property
    def own_keys(self) -> Mapping[str, str]:
        """What the person chose of them, by command."""
        return self._chosen.keys

    @property
    def place(self) -> str:
        """The file they are kept in."""
        return str(self._path)

    @property
    def complaints(self) -> tuple[str, ...]:
        """What in the file could not be used."""
        return self._chosen.complaints + self._keymap.complaints

    def apply(self) -> None:
        """Make the app look and behave so."""
        if HIGH_CONTRAST not in self._app.available_themes:
            self._app.register_theme(HIGH_CONTRAST_THEME)
        self._app.theme = self.preferences.look__theme
        self._app.set_keymap(textual_keymap(self._keymap))
        self._watch_for(keywords_of(self.preferences))
        frame = self._frame()
        if frame is not None:
            frame.prefer(self.preferences, self._keymap)

    def prepare(self, frame: MainScreen) -> None:
        """Make a new frame so, and tell on it what in the file could not be used."""
        frame.prefer(self.preferences, self._keymap)
        if self.complaints:
            self._app.call_after_refresh(frame.tell, " ".join(self.complaints), True)

    def change(self, name: str, value: Value) -> str:
        """Make it so and write it; a sentence when that failed, else ""."""
        self._chosen = replace(self._chosen, preferences=self.preferences.change(name, value))
        self.apply()
        return change(self._path, name, value)

    def change_keys(self, command: str, keys: str) -> str:
        """Give a command other keys, "" for its own; a sentence when that failed, else ""."""
        chosen = {name: words for name, words in self.own_keys.items() if name != command}
        if keys:
            chosen[command] = keys
        self._chosen = replace(self._chosen, keys=chosen)
        self._keymap = read_keys(chosen)
        self.apply()
        return change_keys(self._path, command, keys)
