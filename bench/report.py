"""What a run found out: figures in the order of measuring, shown as a table and kept as JSON."""

import json
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number that was measured; `aim` is what the project wants of it, in words."""

    group: str
    name: str
    value: float
    unit: str
    aim: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        if self.value >= 100:
            return f"{self.value:,.0f} {self.unit}"
        return f"{self.value:.3g} {self.unit}" if self.value < 10 else f"{self.value:.1f} {self.unit}"


class Report:
    """Collects figures and shows progress while they are measured."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)
        self.figures: list[Figure] = []

    def add(self, group: str, name: str, value: float, unit: str, aim: str = "", **details: Any) -> None:
        """Keep a figure and say it at once."""
        figure = Figure(group=group, name=name, value=value, unit=unit, aim=aim, details=details)
        self.figures.append(figure)
        self.console.print(f"  {name}: [bold]{figure.shown}[/bold]" + (f" [dim](aim {aim})[/dim]" if aim else ""))

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Show what is under way and how long it took."""
        began = perf_counter()
        with self.console.status(title):
            yield
        self.console.print(f"[green]✓[/green] {title} [dim]{perf_counter() - began:.1f} s[/dim]")

    def table(self) -> Table:
        """All figures, grouped."""
        table = Table(title="Bench", title_justify="left")
        for heading in ("what", "measured", "aim"):
            table.add_column(heading)
        group = None
        for figure in self.figures:
            if figure.group != group:
                group = figure.group
                table.add_section()
                table.add_row(f"[bold]{group}[/bold]")
            table.add_row(f"  {figure.name}", figure.shown, figure.aim)
        return table

    def write(self, options: dict[str, Any], folder: Path = RESULTS) -> Path:
        """Write the run as JSON and give its path."""
        folder.mkdir(parents=True, exist_ok=True)
        now = datetime.now(UTC)
        path = folder / f"{now:%Y%m%dT%H%M%SZ}.json"
        run = {
            "at": now.isoformat(),
            "machine": {
                "processors": psutil.cpu_count(),
                "memory_bytes": psutil.virtual_memory().total,
                "system": platform.platform(),
                "python": platform.python_version(),
            },
            "options": options,
            "figures": [asdict(figure) for figure in self.figures],
        }
        path.write_text(json.dumps(run, indent=2, ensure_ascii=False, default=str) + "\n")
        return path
