"""The roles that the platform logs in as, made by the owner before the first migration."""

from urllib.parse import urlsplit

import asyncpg

from aftersales_server.errors import OperatorError
from aftersales_server.settings import APP_ROLE, SYSTEM_ROLE, Settings, database_name, with_credentials

MINIMUM_SERVER_VERSION = 16
_ATTRIBUTES = {APP_ROLE: "LOGIN NOBYPASSRLS", SYSTEM_ROLE: "LOGIN BYPASSRLS"}


async def owner_connection(settings: Settings) -> asyncpg.Connection:
    """A connection as the owner; OperatorError says why there is none."""
    dsn = settings.owner_dsn
    try:
        connection: asyncpg.Connection = await asyncpg.connect(dsn)
    except (OSError, asyncpg.PostgresError, ValueError, TimeoutError) as error:
        parts = urlsplit(dsn)
        where = f"{parts.hostname or 'the local socket'}, database {database_name(dsn)}"
        raise OperatorError(
            f"PostgreSQL can't be reached at {where} ({error}): check AFTERSALES_DATABASE_URL and that the server runs."
        ) from error
    major = connection.get_server_version().major
    if major < MINIMUM_SERVER_VERSION:
        await connection.close()
        raise OperatorError(f"PostgreSQL {major} is too old: use version {MINIMUM_SERVER_VERSION} or later.")
    return connection


async def ensure_roles(settings: Settings) -> None:
    """`aftersales_app` and `aftersales_system` exist, with the right attributes and passwords; safe to repeat."""
    connection = await owner_connection(settings)
    try:
        for role, attributes in _ATTRIBUTES.items():
            await _ensure_role(connection, settings, role, attributes)
    finally:
        await connection.close()


async def _ensure_role(connection: asyncpg.Connection, settings: Settings, role: str, attributes: str) -> None:
    password = settings.role_password(role)
    literal = await connection.fetchval("SELECT quote_literal($1::text)", password)
    bypasses = await connection.fetchval("SELECT rolbypassrls FROM pg_roles WHERE rolname = $1", role)
    try:
        if bypasses is None:
            try:
                await connection.execute(f"CREATE ROLE {role} {attributes} PASSWORD {literal}")
            except (asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
                # Another upgrade, of another database of this server, was first; it sets the same attributes.
                bypasses = role == SYSTEM_ROLE
        elif bypasses != (role == SYSTEM_ROLE):
            await connection.execute(f"ALTER ROLE {role} {attributes}")
        if bypasses is not None and not await _may_log_in(settings, role, password):
            await connection.execute(f"ALTER ROLE {role} LOGIN PASSWORD {literal}")
        await connection.execute(f"GRANT CONNECT ON DATABASE {_quoted(database_name(settings.owner_dsn))} TO {role}")
    except asyncpg.InsufficientPrivilegeError as error:
        raise OperatorError(
            f"The role in AFTERSALES_DATABASE_URL may not set up {role} ({error}): let it create roles, and roles "
            "with BYPASSRLS, or run `aftersales db upgrade` as a superuser."
        ) from error


async def _may_log_in(settings: Settings, role: str, password: str) -> bool:
    try:
        probe = await asyncpg.connect(with_credentials(settings.owner_dsn, role, password))
    except asyncpg.InvalidAuthorizationSpecificationError:
        return False
    await probe.close()
    return True


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
