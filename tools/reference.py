"""Writes the reference pages that are generated: `make docs`. `--check` fails when one is out of date."""

import sys
from pathlib import Path

from aftersales.kit.messages import MESSAGES
from aftersales.plugins.reference import render as hooks_page

DOCS = Path(__file__).parent.parent / "docs"
GENERATED = "<!-- Written by `make docs`; change the source instead. -->\n"


def errors_page() -> str:
    """Every error code with its message in both languages."""
    rows = "".join(
        f"| `{code}` | {_cell(english)} | {_cell(chinese)} |\n" for code, (chinese, english) in sorted(MESSAGES.items())
    )
    return f"# Error codes\n\n{GENERATED}\n| code | English | 中文 |\n|---|---|---|\n{rows}"


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("\n", " ")


def main(arguments: list[str]) -> int:
    stale = []
    for name, page in (("reference/errors.md", errors_page()), ("authors/hooks.md", hooks_page())):
        path = DOCS / name
        if path.exists() and path.read_text() == page:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page)
            sys.stdout.write(f"{path.relative_to(DOCS.parent)}\n")
    if "--check" in arguments and stale:
        sys.stderr.write(f"Out of date: {', '.join(stale)}; run `make docs`.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
