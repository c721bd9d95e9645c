"""Runs Alembic as the owner, over asyncpg, without an ini file."""

import asyncio
import importlib
import pkgutil
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, pool
from sqlalchemy.ext.asyncio import create_async_engine

from aftersales_server.database_setup import ensure_roles, owner_connection
from aftersales_server.errors import OperatorError
from aftersales_server.settings import Settings

_SCRIPTS = Path(__file__).parent
# One upgrade at a time per database; the number only has to be the same everywhere.
_UPGRADE_LOCK = 0x6166_7465_7273


Result = TypeVar("Result")


def metadata() -> MetaData:
    """The metadata of all tables: the kit's modules and every room's `models` are imported first."""
    for package_name in ("aftersales", "aftersales_tenants"):
        package = importlib.import_module(package_name)
        for module in pkgutil.walk_packages(package.__path__, f"{package_name}."):
            if module.name.endswith(".models") or module.name.startswith("aftersales.kit."):
                importlib.import_module(module.name)
    found = importlib.import_module("aftersales.kit.database").Base.metadata
    if not isinstance(found, MetaData):
        raise TypeError(f"aftersales.kit.database.Base.metadata is a {type(found).__name__}")
    return found


def append_only_tables() -> frozenset[str]:
    """The tables whose model says `append_only = True`."""
    return frozenset(table for table, model in _models() if getattr(model, "append_only", False))


def tables_of(names: Sequence[str]) -> frozenset[str]:
    """The tables of these names, or of the packages of these names (`aftersales.parties`)."""
    found: set[str] = set()
    for name in names:
        own = {table for table, model in _models() if table == name or f"{model.__module__}.".startswith(f"{name}.")}
        if not own:
            raise OperatorError(f"There is no table {name}, nor a package of this name with tables.")
        found |= own
    return frozenset(found)


def _models() -> list[tuple[str, type[Any]]]:
    metadata()
    mappers = importlib.import_module("aftersales.kit.database").Base.registry.mappers
    return [(str(mapper.local_table.name), mapper.class_) for mapper in mappers]


def upgrade(settings: Settings, revision: str = "head") -> None:
    """Create the roles where they are missing, then bring the schema to `revision`, in one transaction."""

    def work(connection: Connection, config: Config) -> None:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")
        command.upgrade(config, revision)

    async def roles_then_schema() -> None:
        await ensure_roles(settings)
        await _as_owner(settings, work)

    _run(roles_then_schema())


def current_revision(settings: Settings) -> str | None:
    """The revision that the database is at; None for an empty one."""
    return _run(_as_owner(settings, lambda connection, _: _revision_of(connection)))


def head_revision() -> str | None:
    """The newest revision that this release knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def write_revision(settings: Settings, message: str, *, empty: bool = False, only: Sequence[str] = ()) -> Path:
    """A new version file, filled with the difference between models and database unless `empty`.

    `only` limits it to these tables (or packages' tables), so that a version stays short enough to read.
    """

    def work(_connection: Connection, config: Config) -> Path:
        config.attributes["metadata"] = metadata()
        config.attributes["append_only_tables"] = append_only_tables()
        config.attributes["only_tables"] = tables_of(only) if only else None
        known = len(list(ScriptDirectory.from_config(config).walk_revisions()))
        script = command.revision(config, message, autogenerate=not empty, rev_id=f"{known + 1:04d}")
        if not isinstance(script, Script):
            raise OperatorError("Alembic wrote no single version file; look for two heads in migrations/versions.")
        path = Path(script.path)
        kept = [line for line in path.read_text().splitlines(keepends=True) if not line.lstrip().startswith("# ###")]
        path.write_text("".join(kept))
        return path

    return _run(_as_owner(settings, work))


def pending_differences(settings: Settings) -> list[Any]:
    """What the models have and the migrated database lacks, or the other way round; empty when they agree."""

    def work(connection: Connection, _config: Config) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata()))

    return _run(_as_owner(settings, work))


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    try:
        return asyncio.run(work)
    except CommandError as error:
        raise OperatorError(f"The migration can't be done: {error}") from error


async def _as_owner(settings: Settings, work: Callable[[Connection, Config], Result]) -> Result:
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: owner_connection(settings), poolclass=pool.NullPool
    )
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(lambda inner: work(inner, _config(inner)))
    finally:
        await engine.dispose()


def _revision_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    # A new version file comes out formatted; only `aftersales db revision` writes one, on a developer's machine.
    config.set_section_option("post_write_hooks", "hooks", "tidy, format")
    for hook, command_line in (("tidy", "check --fix"), ("format", "format")):
        config.set_section_option("post_write_hooks", f"{hook}.type", "module")
        config.set_section_option("post_write_hooks", f"{hook}.module", "ruff")
        config.set_section_option("post_write_hooks", f"{hook}.options", f"{command_line} REVISION_SCRIPT_FILENAME")
    config.attributes["connection"] = connection
    return config
