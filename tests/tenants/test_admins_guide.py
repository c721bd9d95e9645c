"""The admins' guide names every setting and no command that doesn't exist."""

import re
from pathlib import Path

import typer
from typer.main import get_command

from aftersales_server.cli import build

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "admins" / "README.md").read_text()
_VARIABLE = re.compile(r"AFTERSALES_[A-Z_]*[A-Z]")


def test_the_table_of_settings_has_every_variable_that_the_code_reads() -> None:
    read: set[str] = set()
    for file in (ROOT / "server" / "aftersales_server").rglob("*.py"):
        read |= set(_VARIABLE.findall(file.read_text()))
    listed = {
        name for row in GUIDE.splitlines() if row.startswith("| `AFTERSALES_") for name in _VARIABLE.findall(row)[:1]
    }
    assert listed == read


def test_every_command_that_the_guide_names_exists() -> None:
    root = get_command(build())
    named = set(
        re.findall(r"^aftersales ([a-z-]+)(?: ([a-z-]+))?|`aftersales ([a-z-]+)(?: ([a-z-]+))?", GUIDE, re.MULTILINE)
    )
    assert len(named) > 15
    context = typer.Context(root)
    for match in named:
        group, name = (match[0], match[1]) if match[0] else (match[2], match[3])
        command = root.get_command(context, group)  # type: ignore[attr-defined]
        assert command is not None, group
        if hasattr(command, "get_command") and name:
            assert command.get_command(context, name) is not None, f"{group} {name}"
