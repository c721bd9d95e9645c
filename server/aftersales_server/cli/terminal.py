"""How the command speaks: steps with their duration, errors in red, everything else plainly."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show `title` while the work inside lasts, and how long it took."""
    began = time.monotonic()
    with out.status(escape(title)):
        yield
    out.print(f"[green]✓[/green] {escape(title)} [dim]{time.monotonic() - began:.1f} s[/dim]")


def say(text: str) -> None:
    """One line, as it is."""
    out.print(escape(text))


def fail(sentence: str, detail: str = "") -> None:
    """The sentence in red on standard error, with what may help below it."""
    err.print(f"[bold red]{escape(sentence)}[/bold red]")
    if detail:
        err.print(escape(detail), style="dim")
