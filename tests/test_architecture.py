"""The walls of the program: who may import whom, what a core may not touch, what every row has.

The rings are those of the architecture; `server.core` may also import `server.settings`, a
table of values without a file or an environment in it.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from common.numerics import NUMERICS
from server.core import core as _core  # noqa: F401 - completes the table
from server.core.dispatch import COMMANDS, Command

ROOT = Path(__file__).parents[1]
PACKAGES = ("common", "server", "tui")

LINES_MAX = 500
APP_LINES_MAX = 300

AMBIENT = frozenset(
    {
        "asyncio",
        "os",
        "random",
        "secrets",
        "selectors",
        "socket",
        "sqlite3",
        "ssl",
        "threading",
        "time",
    }
)
"""What a module that is told everything never needs: the world around it."""

SANS_IO = ("common", "server.core", "server.storage.ports", "server.settings", "tui.client")

MAY_IMPORT = {
    "common": ("common",),
    "server.core": ("common", "server.core", "server.storage.ports", "server.settings"),
    "server.settings": ("common",),
    "server.storage.ports": ("common", "server.storage.ports"),
    "server.storage": ("common", "server.storage"),
    "server": ("common", "server"),
    "tui.client": ("common", "tui.client"),
    "tui.commands": ("common", "tui.client", "tui.commands", "tui.preferences"),
    "tui.render": ("common", "tui.client", "tui.render"),
    "tui.widgets": (
        "common",
        "tui.client",
        "tui.commands.message_keys",
        "tui.commands.table",
        "tui.render",
        "tui.widgets",
    ),
    "tui.screens": (
        "common",
        "tui.address",
        "tui.client",
        "tui.commands",
        "tui.editor",
        "tui.pictures",
        "tui.preferences",
        "tui.render",
        "tui.screens",
        "tui.widgets",
    ),
    "tui": ("common", "tui"),
}
"""By the longest prefix of the importing module: what of ours it may import."""


def name_of(path: Path) -> str:
    """The dotted name of a module."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    name_of(path): path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))
}


def imports_of(path: Path) -> Iterator[str]:
    """The modules that a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{path} imports relatively"
            assert not node.level, f"{path} imports relatively"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in MODULES else node.module for name in names)


def is_within(name: str, prefix: str) -> bool:
    """Whether a module is `prefix` or lies below it."""
    return name == prefix or name.startswith(f"{prefix}.")


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_inward(name: str) -> None:
    ring = max((prefix for prefix in MAY_IMPORT if is_within(name, prefix)), key=len)
    for imported in imports_of(MODULES[name]):
        if imported.partition(".")[0] in (*PACKAGES, "tests"):
            allowed = any(is_within(imported, prefix) for prefix in MAY_IMPORT[ring])
            assert allowed, f"{name} must not import {imported}"


@pytest.mark.parametrize("name", [n for n in MODULES if any(is_within(n, p) for p in SANS_IO)])
def test_cores_know_no_clock_no_chance_and_no_machine(name: str) -> None:
    touched = {imported.partition(".")[0] for imported in imports_of(MODULES[name])} & AMBIENT
    assert not touched, f"{name} must be told what it takes from {touched}"


@pytest.mark.parametrize("area", ["server.core.commands", "tui.client.reducers"])
def test_areas_do_not_import_each_other(area: str) -> None:
    for name in MODULES:
        if is_within(name, area) and name != area:
            others = {i for i in imports_of(MODULES[name]) if is_within(i, area) and i != area}
            shared = {f"{area}.table"}  # where the rows of a package are put
            assert not others - shared, f"{name} imports {others}"


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_short_and_says_what_it_owns(name: str) -> None:
    text = MODULES[name].read_text(encoding="utf-8")
    assert text.count("\n") <= LINES_MAX
    if text:
        assert ast.get_docstring(ast.parse(text)), f"{name} does not say what it is for"


def test_the_app_is_wiring_only() -> None:
    assert MODULES["tui.app"].read_text(encoding="utf-8").count("\n") <= APP_LINES_MAX


@pytest.mark.parametrize("row", COMMANDS.values(), ids=COMMANDS)
def test_a_command_is_complete(row: Command) -> None:
    assert row.name == row.name.upper()
    assert row.usage.split()[0] == row.name
    assert row.summary
    assert row.group
    needed = [word for word in row.usage.split()[1:] if not word.startswith(("[", "%"))]
    assert row.params_min <= len(needed)


def test_every_numeric_is_sent() -> None:
    used = {
        node.id
        for name, path in MODULES.items()
        if is_within(name, "server")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Name)
    }
    assert not [row.name for row in NUMERICS.values() if row.name not in used]
