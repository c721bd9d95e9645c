"""No hook without a sentence, a place in the reference, and a use; and the guide for authors runs as it stands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from aftersales.plugins import reference
from aftersales.plugins.registry import Registry
from aftersales.terms.playbook import DECLARATIONS
from tests.dummy_vertical import DUMMY

AUTHORS = Path(__file__).parents[1] / "docs" / "authors"
HOOKS = reference.hooks()
CODE_BLOCK = re.compile(r"```python\n# (\S+)\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_says_when_it_is_called_and_what_to_return(hook: str) -> None:
    text = HOOKS[hook].__doc__ or ""

    assert "Return" in text
    if reference.is_behaviour(HOOKS[hook]):
        assert text.startswith("Fires")


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_is_used_by_the_dummy_vertical(hook: str) -> None:
    assert Registry([DUMMY]).implements("dummy", hook)


def test_every_declaration_of_the_playbook_is_a_hook_and_the_other_way_round() -> None:
    declarations = {hook for hook in HOOKS if not reference.is_behaviour(HOOKS[hook])}

    assert declarations - {"settings_problems"} == set(DECLARATIONS)


def test_the_reference_is_what_the_specifications_say() -> None:
    """`python -m aftersales.plugins.reference > docs/authors/hooks.md` writes it anew."""
    assert (AUTHORS / "hooks.md").read_text(encoding="utf-8") == reference.render()


def test_the_reference_names_every_hook() -> None:
    written = set(re.findall(r"^### `(\w+)\(", reference.render(), re.MULTILINE))

    assert written == set(HOOKS)


def test_the_guides_vertical_passes_the_conformance_kit(tmp_path: Path) -> None:
    """Given the guide's code as files, when its own test runs, then it passes."""
    blocks = CODE_BLOCK.findall((AUTHORS / "guide.md").read_text(encoding="utf-8"))
    for name, code in blocks:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(code, encoding="utf-8")

    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), "-c"]
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n", encoding="utf-8")
    run = subprocess.run(
        [*command, "pytest.ini", "test_coffee.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert {name for name, _ in blocks} >= {"aftersales_coffee/__init__.py", "aftersales_coffee/hooks.py"}
    assert run.returncode == 0, run.stdout + run.stderr
    assert " passed" in run.stdout
