"""Writes the reference pages that are generated: `make docs`. `--check` fails when one is out of date."""

import re
import sys
from collections.abc import Iterator
from inspect import cleandoc, getmembers, isfunction, signature
from pathlib import Path

from aftersales.kit.messages import MESSAGES
from aftersales.plugins import hookspecs

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
GENERATED = "<!-- Written by `make docs`; change the source instead. -->\n"


def errors_page() -> str:
    """Every error code with its message in both languages."""
    rows = "".join(
        f"| `{code}` | {_cell(english)} | {_cell(chinese)} |\n" for code, (chinese, english) in sorted(MESSAGES.items())
    )
    return f"# Error codes\n\n{GENERATED}\n| code | English | 中文 |\n|---|---|---|\n{rows}"


def hooks_page() -> str:
    """Every hook with its signature and what its docstring promises."""
    return f"# Hooks\n\n{GENERATED}" + "".join(_hooks())


def _hooks() -> Iterator[str]:
    own = [
        function
        for _, function in getmembers(hookspecs, isfunction)
        if function.__module__ == hookspecs.__name__ and hasattr(function, f"{hookspecs.PROJECT}_spec")
    ]
    for function in sorted(own, key=lambda found: found.__code__.co_firstlineno):
        call = re.sub(r"\b(?:\w+\.)+(?=\w)", "", f"{function.__name__}{signature(function)}")
        yield f"\n## `{function.__name__}`\n\n```python\n{call}\n```\n\n"
        yield cleandoc(function.__doc__ or "") + "\n"


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("\n", " ")


def main(arguments: list[str]) -> int:
    stale = []
    for name, page in (("errors.md", errors_page()), ("hooks.md", hooks_page())):
        path = FOLDER / name
        if path.exists() and path.read_text() == page:
            continue
        stale.append(name)
        if "--check" not in arguments:
            FOLDER.mkdir(parents=True, exist_ok=True)
            path.write_text(page)
            sys.stdout.write(f"{path.relative_to(FOLDER.parent.parent)}\n")
    if "--check" in arguments and stale:
        sys.stderr.write(f"Out of date: {', '.join(stale)}; run `make docs`.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
