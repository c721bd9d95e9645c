"""`aftersales outbox …`: what waits, what was given up and why, and another try."""

import asyncio
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from aftersales_server.cli.terminal import say
from aftersales_server.errors import OperatorError
from aftersales_server.installation import installation

if TYPE_CHECKING:
    from aftersales_server.worker.outbox import DeadLetter

app = typer.Typer(help="Side effects that were given up: see them, have them tried again.", no_args_is_help=True)

Slug = Annotated[str, typer.Argument(help="The tenant.", metavar="TENANT")]


@app.command()
def figures() -> None:
    """Print how many messages wait, how many are dead, and how old the oldest waiting one is."""
    from aftersales_server.worker.outbox import count

    with installation() as settings:
        found = asyncio.run(count(settings))
    say(f"pending {found.pending}  dead {found.dead}  lag {found.lag.total_seconds():.1f} s")


@app.command()
def dead(tenant: Slug) -> None:
    """List a tenant's dead letters with their last error."""
    from aftersales_server.worker.outbox import list_dead

    with installation() as settings:
        letters = asyncio.run(list_dead(settings, tenant))
    for letter in letters:
        say(_line(letter))
    if not letters:
        say("No dead letters.")


@app.command()
def replay(
    tenant: Slug,
    messages: Annotated[list[str] | None, typer.Argument(help="Ids of dead letters.", metavar="[ID]...")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every dead letter of the tenant.")] = False,
) -> None:
    """Have dead letters tried again, from the first attempt on."""
    from aftersales_server.worker.outbox import replay_dead

    if bool(messages) == every:
        raise OperatorError("Name the messages to replay, or say --all.")
    ids = None if every else [_message_id(text) for text in messages or []]
    with installation() as settings:
        count = asyncio.run(replay_dead(settings, tenant, ids))
    say(f"{count} to be tried again.")


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="outbox")


def _line(letter: "DeadLetter") -> str:
    return f"{letter.id}  {letter.dead_at:%Y-%m-%d %H:%M:%S}Z  {letter.topic}  {letter.attempts}x  {letter.last_error}"


def _message_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise OperatorError(f"{text!r} is no message id; `aftersales outbox dead TENANT` lists them.") from None
