"""How a command acts as a platform admin: the installation's registry, opened for as long as it lasts."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import asyncpg
import msgspec
import typer

from aftersales_server.errors import OperatorError
from aftersales_server.installation import installation
from aftersales_server.settings import Settings

if TYPE_CHECKING:
    from aftersales_server.composition import Composition
    from aftersales_tenants.platform import Platform
    from aftersales_tenants.service import Registry

Answer = TypeVar("Answer")


def in_registry(work: "Callable[[Registry], Awaitable[Answer]]") -> Answer:
    """Do something with the registry of tenants, in the operator's name."""

    async def run(open_: "Composition") -> Answer:
        return await work(await open_.registry(_operator()))

    return _run(run)


def on_platform(work: "Callable[[Platform], Awaitable[Answer]]") -> Answer:
    """Do something with the platform's own settings, in the operator's name."""

    async def run(open_: "Composition") -> Answer:
        return await work(open_.platform(_operator()))

    return _run(run)


def as_json(value: Any) -> str:
    """One JSON document for a program that reads it."""
    return msgspec.json.format(msgspec.json.encode(value)).decode()


def json_object(text: str, option: str) -> dict[str, Any]:
    """The object that an option's text is; OperatorError names the option."""
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.DecodeError as fault:
        raise OperatorError(f"{option} takes a JSON object: {fault}") from None


def row_id(text: str) -> UUID:
    """An id as `show` prints it."""
    try:
        return UUID(text)
    except ValueError:
        raise OperatorError(f"{text!r} is no id; `aftersales tenant show TENANT` lists them.") from None


def instant(value: str | None, option: str) -> datetime | None:
    """An instant with its zone, as in 2026-12-31T23:59:59+08:00."""
    if value is None:
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        raise OperatorError(f"{option} takes an instant such as 2026-12-31T23:59:59+08:00, not {value!r}.") from None
    if parsed.tzinfo is None:
        raise OperatorError(f"{option} needs a time zone, as in {value}+08:00.")
    return parsed


def _operator() -> Any:
    from aftersales.kit.actor import Actor

    return Actor(kind="platform_admin", name="command line")


def _run(work: "Callable[[Composition], Awaitable[Answer]]") -> Answer:
    with installation() as settings:
        return asyncio.run(_open(settings, work))


async def _open(settings: Settings, work: "Callable[[Composition], Awaitable[Answer]]") -> Answer:
    from aftersales_server.composition import open_composition

    try:
        async with open_composition(settings, app_size=1, system_size=2) as opened:
            return await work(opened)
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError, asyncpg.InvalidPasswordError) as fault:
        raise OperatorError("The database isn't ready for this release: run `aftersales db upgrade`.") from fault
    except (OSError, asyncpg.PostgresConnectionError) as fault:
        raise OperatorError(f"PostgreSQL can't be reached ({fault}): check that the server runs.") from fault


JsonFlag = typer.Option("--json", help="Print JSON for a program to read.")
