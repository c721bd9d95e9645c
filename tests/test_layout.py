"""The shape of the tree: what would break imports, leak this machine, or let a file grow without end."""

import re
import subprocess
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import graphql
import pytest

ROOT = Path(__file__).parent.parent
SOURCE_ROOTS = ("core", "tenants", "graphql", "server", "plugins", *(
    f"plugins/{folder.name}" for folder in sorted((ROOT / "plugins").iterdir()) if folder.is_dir()
))  # fmt: skip
LINE_LIMIT = 450
TEXT_SUFFIXES = {
    ".py",
    ".toml",
    ".md",
    ".lock",
    ".cfg",
    ".ini",
    ".json",
    ".yml",
    ".yaml",
    ".mako",
    ".graphql",
    ".sh",
    "",
}
# An address of a package index or of a download host; `files.` covers the hosts that files come from.
REGISTRY_ADDRESS = re.compile(
    r"https?://[^\s\"'<>)]*(pypi|pythonhosted|/simple(/|\b)|artifactory|nexus|devpi|npmjs|registry\.)"
    r"|--(extra-)?index-url|--find-links|index-strategy"
)
# The lock's own options are named where the lock is made, and here.
NAMES_THE_OPTIONS = {"Makefile", "tests/test_layout.py"}


def project_files() -> list[Path]:
    """The files that git tracks or would; without git (a release archive) all but the hidden folders."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True
    )
    if listed.returncode == 0:
        files = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        files = [
            file
            for file in ROOT.rglob("*")
            if not any(part.startswith(".") or part == "__pycache__" for part in file.relative_to(ROOT).parts)
        ]
    found = [file for file in files if file.is_file()]
    assert len(found) > 50
    return found


@pytest.mark.parametrize("root", SOURCE_ROOTS)
def test_no_source_root_is_a_package(root: str) -> None:
    """A `graphql/__init__.py` would hide graphql-core's `graphql`, which Strawberry imports."""
    assert (ROOT / root).is_dir()
    assert not (ROOT / root / "__init__.py").exists()


def test_graphql_is_the_library() -> None:
    assert graphql.__file__ is not None
    assert "site-packages" in Path(graphql.__file__).parts


def test_every_folder_of_the_tests_is_a_package() -> None:
    folders = {file.parent for file in project_files() if file.suffix == ".py" and file.is_relative_to(ROOT / "tests")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_package_is_in_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    listed = set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    present = {
        f"{root}/{folder.name}"
        for root in SOURCE_ROOTS
        for folder in (ROOT / root).iterdir()
        if (folder / "__init__.py").exists()
    }
    assert listed == present


def test_no_source_file_is_longer_than_one_can_read() -> None:
    lengths = {
        str(file.relative_to(ROOT)): file.read_text().count("\n") for file in project_files() if file.suffix == ".py"
    }
    too_long = {name: lines for name, lines in lengths.items() if lines > LINE_LIMIT}
    assert too_long == {}, f"split these before they pass {LINE_LIMIT} lines (aim for 400): {too_long}"


def test_no_file_names_a_package_registry() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in project_files()
        if file.suffix in TEXT_SUFFIXES and str(file.relative_to(ROOT)) not in NAMES_THE_OPTIONS
        for match in [REGISTRY_ADDRESS.search(file.read_text(errors="ignore"))]
        if match is not None
    ]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_the_lock_holds_versions_and_hashes_and_no_address(name: str) -> None:
    lock = (ROOT / name).read_text()
    requirements = re.findall(r"^[a-z0-9].*(?:\n .*)*", lock, re.MULTILINE)
    assert len(requirements) > 40
    assert [r.splitlines()[0] for r in requirements if "==" not in r or "--hash=sha256:" not in r] == []
    assert "://" not in lock


def test_the_lock_for_developers_agrees_with_the_one_for_running() -> None:
    run, dev = (
        dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert {name: dev.get(name) for name in run} == run


def test_every_requirement_of_the_project_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[\[<>=;~! ]", requirement)[0].lower() for requirement in project["dependencies"]}
    locked = set(re.findall(r"^([a-z0-9._-]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    assert wanted <= locked


def test_every_entry_point_loads() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = project["entry-points"]["aftersales.verticals"]
    found = {point.name: point for point in entry_points(group="aftersales.verticals")}
    assert set(declared) <= set(found)
    for name, target in declared.items():
        assert found[name].value == target
        assert found[name].load() is not None
    (command,) = entry_points(group="console_scripts", name="aftersales")
    assert callable(command.load())
