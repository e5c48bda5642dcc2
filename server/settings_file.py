"""Settings from where they are: the command line and the file it names."""

import argparse
from pathlib import Path

import platformdirs

from server.settings import Settings, SettingsError
from server.settings_words import from_words, read_toml
from server.storage.ports import StoreUnusableError


def read_settings(config: str | None, arguments: argparse.Namespace) -> Settings:
    """Defaults, then the file `config`, then the command line. Raises `SettingsError`."""
    from_file: dict[str, object] = {}
    if config is not None:
        try:
            text = Path(config).read_text(encoding="utf-8")
        except OSError as error:
            raise SettingsError(f"{config} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise SettingsError(f"{config} is not UTF-8 text") from None
        from_file = read_toml(text, config)
    return from_words(arguments, from_file)


def data_path(settings: Settings) -> Path:
    """The data folder. Raises `StoreUnusableError` where there is no home folder to put it in."""
    data = settings.data or platformdirs.user_data_dir("chat-server", appauthor=False)
    try:
        return Path(data).expanduser()
    except RuntimeError:
        raise StoreUnusableError(f"There is no home folder for {data}; write it in full") from None
