"""`aftersales clock …`: the development clock, which API and worker share."""

from typing import Annotated

import typer

from aftersales_server.cli._platform import JsonFlag, as_json, instant, on_platform
from aftersales_server.cli.terminal import say

app = typer.Typer(help="The development clock: see it, move it, let it show the real time.", no_args_is_help=True)

Json = Annotated[bool, JsonFlag]


@app.command()
def show(json: Json = False) -> None:
    """Print the platform's present instant."""
    _tell(on_platform(lambda platform: platform.now()).isoformat(), json)


@app.command()
def move(
    to: Annotated[str, typer.Argument(metavar="INSTANT", help="With its zone: 2026-12-31T09:00:00+08:00.")],
    json: Json = False,
) -> None:
    """Move the clock; every process follows with its next unit of work. Not in production."""
    wanted = instant(to, "INSTANT")
    assert wanted is not None  # noqa: S101 - the argument isn't optional
    _tell(on_platform(lambda platform: platform.move_clock(wanted)).isoformat(), json)


@app.command()
def reset(json: Json = False) -> None:
    """Let the clock show the machine's time again."""
    _tell(on_platform(lambda platform: platform.reset_clock()).isoformat(), json)


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="clock")


def _tell(now: str, json: bool) -> None:
    say(as_json({"now": now}) if json else now)
