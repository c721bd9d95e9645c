"""`aftersales demo`: the stories, against the running instance."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from aftersales_server.cli.terminal import err, out, say
from aftersales_server.errors import OperatorError

if TYPE_CHECKING:
    from aftersales_server.demo.playing import Played

WIDE = 140
"""Columns of a terminal from which on a timeline is a table."""


def demo(
    story: Annotated[list[str] | None, typer.Argument(help="Which stories; all of them when none is named.")] = None,
) -> None:
    """Play stories of every industry through the API, on a clock that is moved, and compare every date."""
    import httpx

    from aftersales_server.demo.access import read_access
    from aftersales_server.demo.client import RequestFailed
    from aftersales_server.demo.playing import play, stage
    from aftersales_server.demo.stories import SCRIPTS
    from aftersales_server.embedded.services import running_instance
    from aftersales_server.settings import load_settings

    known = {script.code: script for script in SCRIPTS}
    unknown = [code for code in story or () if code not in known]
    if unknown:
        raise OperatorError(f"There is no story {', '.join(unknown)}; there are {', '.join(known)}.")
    settings = load_settings()
    instance = running_instance(settings.data_folder)
    access = read_access(settings.data_folder)
    base_url = instance.base_url if instance is not None else settings.base_url
    if access is None:
        raise OperatorError("No demo tenants are known here: start the instance with `make run` (or `aftersales run`).")
    wrong = 0
    try:
        with stage(base_url, access) as http:
            for script in [known[code] for code in story] if story else SCRIPTS:
                played = play(script, http, base_url, access)
                _show(played)
                wrong += len(played.differences)
    except httpx.TransportError as error:
        raise OperatorError(
            f"Nothing answers at {base_url}: start the instance with `make run`.", detail=str(error)
        ) from error
    except (RequestFailed, TimeoutError) as error:
        raise OperatorError(f"A story broke off: {error}") from error
    if wrong:
        raise OperatorError(f"{wrong} dates or facts differ from those worked out by hand.")
    say("\nEvery date is the one worked out by hand.")


def _show(played: "Played") -> None:
    title = f"\n[bold]{escape(played.script.title)}: {escape(played.company)}[/bold]"
    out.print(title)
    if out.width >= WIDE:
        out.print(_table(played))
    else:
        for row in played.rows:
            told = "; ".join(
                part for part in (row.promise, row.clause, row.due and f"due {row.due}", row.state) if part
            )
            what = f"{row.what}: {told}" if told else row.what
            out.print(f"{row.at:<17}{escape(what)}" if row.at else f"{'':<17}[dim]{escape(what)}[/dim]")
    say("Why:")
    for line in played.explanation.splitlines():
        say(f"  {line}")
    for difference in played.differences:
        sentence = f"{difference.what}: expected {difference.expected}, found {difference.found}"
        err.print(f"[red]{escape(sentence)}[/red]")


def _table(played: "Played") -> Table:
    table = Table(expand=True, pad_edge=False)
    for heading, width in (("local time", 16), ("what happened", 30), ("promise", 23), ("clause", 18), ("due", 16)):
        table.add_column(heading, min_width=width, overflow="fold")
    table.add_column("state", min_width=20, overflow="fold")
    for row in played.rows:
        bad = row.state.startswith(("BROKEN", "LATE", "missed"))
        state = f"[red]{escape(row.state)}[/red]" if bad else escape(row.state)
        what = escape(row.what) if row.at and not row.promise else f"[dim]  {escape(row.what)}[/dim]"
        table.add_row(row.at, what, escape(row.promise), escape(row.clause), row.due, state)
    return table


def register(root: typer.Typer) -> None:
    root.command()(demo)
