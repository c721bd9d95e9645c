"""Everything that may differ between two installations, read once from the environment.

The platform has three doors to PostgreSQL: the owner (migrations; may create roles), `aftersales_app`
(row-level security applies) and `aftersales_system` (BYPASSRLS, sweeps over all tenants). Only the owner's
URL is asked for; the other two derive from it unless they are given.
"""

import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

import msgspec

from aftersales.access import ROLES
from aftersales_server.errors import OperatorError

APP_ROLE = "aftersales_app"
SYSTEM_ROLE = "aftersales_system"

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8600
DEFAULT_DATA_FOLDER = ".data"
DEFAULT_RATE_LIMIT_PER_MINUTE = 60_000
DEFAULT_FILE_BYTES = 25_000_000
STORAGE_SCHEMES = {"file", "s3", "memory"}
STORAGE_FOLDER = "files"
SECRET_KEY_FILE = "secret.key"  # noqa: S105 - a file's name, not a secret
SECRET_KEY_MINIMUM_LENGTH = 32

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One installation's configuration.

    `database_url` and `redis_url` are None while the embedded servers aren't started; `with_services`
    gives the settings that the API and the worker run with.
    """

    data_folder: Path
    secret_key: str = field(repr=False)
    database_url: str | None = field(default=None, repr=False)
    app_database_url: str | None = field(default=None, repr=False)
    system_database_url: str | None = field(default=None, repr=False)
    redis_url: str | None = field(default=None, repr=False)
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    base_domain: str | None = None
    development_clock: bool = False
    rate_limit_per_minute: int = DEFAULT_RATE_LIMIT_PER_MINUTE
    """Requests a minute that each tenant may make of each API process; 0 means no limit."""
    introspection_roles: frozenset[str] | None = None
    """Roles that may ask a tenant's schema about itself; None means everybody."""
    persisted_only: bool = False
    """Whether tenants' callers may send registered operations only."""
    persisted_file: Path | None = None
    """A JSON file with the list of registered operations' texts."""
    storage_url: str | None = None
    """Where files are kept (`s3://bucket/prefix`, `file:///folder`); None means a folder of the data folder."""
    file_bytes: int = DEFAULT_FILE_BYTES
    """How many bytes a file may have."""

    @property
    def files_url(self) -> str:
        """The URL of the storage of files."""
        return self.storage_url or f"file://{self.data_folder / STORAGE_FOLDER}"

    @property
    def owner_dsn(self) -> str:
        """asyncpg DSN of the role that owns the tables and runs migrations."""
        return self._required_database_url()

    @property
    def app_dsn(self) -> str:
        """asyncpg DSN of `aftersales_app`; row-level security applies to it."""
        return self.app_database_url or self._derived_dsn(APP_ROLE)

    @property
    def system_dsn(self) -> str:
        """asyncpg DSN of `aftersales_system`, which sees every tenant's rows."""
        return self.system_database_url or self._derived_dsn(SYSTEM_ROLE)

    @property
    def redis_dsn(self) -> str:
        """Redis URL (redis://, rediss:// or unix://); OperatorError when no server is known."""
        if self.redis_url is None:
            raise OperatorError(
                "No Redis is known: set AFTERSALES_REDIS_URL, or use `aftersales run`, which starts one."
            )
        return self.redis_url

    @property
    def base_url(self) -> str:
        """Where a person on this machine reaches the API."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::", ""} else self.host  # noqa: S104 - read, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    def require_services(self) -> None:
        """OperatorError unless the addresses of both servers are known."""
        self._required_database_url()
        _ = self.redis_dsn

    def role_password(self, role: str) -> str:
        """The password of a role that the platform creates; stable for one secret key, hexadecimal."""
        overridden = {APP_ROLE: self.app_database_url, SYSTEM_ROLE: self.system_database_url}.get(role)
        given = urlsplit(overridden).password if overridden else None
        if given is not None:
            return unquote(given)
        return hmac.digest(self.secret_key.encode(), f"database role {role}".encode(), "sha256").hex()

    def with_services(self, *, database_url: str, redis_url: str) -> "Settings":
        """The same settings with the addresses of servers that run."""
        return replace(self, database_url=database_url, redis_url=redis_url)

    def to_environment(self) -> dict[str, str]:
        """The variables from which a child process reads the same settings."""
        values = {
            "AFTERSALES_DATA_DIR": str(self.data_folder),
            "AFTERSALES_SECRET_KEY": self.secret_key,
            "AFTERSALES_DATABASE_URL": self.database_url,
            "AFTERSALES_APP_DATABASE_URL": self.app_database_url,
            "AFTERSALES_SYSTEM_DATABASE_URL": self.system_database_url,
            "AFTERSALES_REDIS_URL": self.redis_url,
            "AFTERSALES_HOST": self.host,
            "AFTERSALES_PORT": str(self.port),
            "AFTERSALES_BASE_DOMAIN": self.base_domain,
            "AFTERSALES_DEVELOPMENT_CLOCK": "1" if self.development_clock else "0",
            "AFTERSALES_RATE_LIMIT_PER_MINUTE": str(self.rate_limit_per_minute),
            "AFTERSALES_INTROSPECTION_ROLES": (
                ",".join(sorted(self.introspection_roles)) if self.introspection_roles is not None else None
            ),
            "AFTERSALES_PERSISTED_ONLY": "1" if self.persisted_only else "0",
            "AFTERSALES_PERSISTED_FILE": str(self.persisted_file) if self.persisted_file is not None else None,
            "AFTERSALES_STORAGE_URL": self.storage_url,
            "AFTERSALES_FILE_BYTES": str(self.file_bytes),
        }
        return {name: value for name, value in values.items() if value is not None}

    def _required_database_url(self) -> str:
        if self.database_url is None:
            raise OperatorError(
                "No database is known: set AFTERSALES_DATABASE_URL, or use `aftersales run`, which starts one."
            )
        return self.database_url

    def _derived_dsn(self, role: str) -> str:
        return with_credentials(self._required_database_url(), role, self.role_password(role))


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from `environment` (default: the process's own); OperatorError names the variable that is wrong.

    Without AFTERSALES_SECRET_KEY a key is made once and kept in the data folder. The development clock is on
    by default only with the embedded database.
    """
    values = {k: v.strip() for k, v in (os.environ if environment is None else environment).items() if v.strip()}
    data_folder = Path(values.get("AFTERSALES_DATA_DIR", DEFAULT_DATA_FOLDER)).expanduser().absolute()
    database_url = _database_url(values, "AFTERSALES_DATABASE_URL")
    redis_url = values.get("AFTERSALES_REDIS_URL")
    if redis_url is not None and urlsplit(redis_url).scheme not in {"redis", "rediss", "unix"}:
        raise OperatorError("AFTERSALES_REDIS_URL must begin with redis://, rediss:// or unix://.")
    persisted_only = _flag(values, "AFTERSALES_PERSISTED_ONLY", default=False)
    persisted_file = values.get("AFTERSALES_PERSISTED_FILE")
    if persisted_only and persisted_file is None:
        raise OperatorError("AFTERSALES_PERSISTED_ONLY needs AFTERSALES_PERSISTED_FILE: nothing could be asked.")
    return Settings(
        data_folder=data_folder,
        secret_key=_secret_key(values, data_folder),
        database_url=database_url,
        app_database_url=_database_url(values, "AFTERSALES_APP_DATABASE_URL"),
        system_database_url=_database_url(values, "AFTERSALES_SYSTEM_DATABASE_URL"),
        redis_url=redis_url,
        host=values.get("AFTERSALES_HOST", DEFAULT_HOST),
        port=_port(values.get("AFTERSALES_PORT", str(DEFAULT_PORT))),
        base_domain=values.get("AFTERSALES_BASE_DOMAIN"),
        development_clock=_flag(values, "AFTERSALES_DEVELOPMENT_CLOCK", default=database_url is None),
        rate_limit_per_minute=_count(values, "AFTERSALES_RATE_LIMIT_PER_MINUTE", DEFAULT_RATE_LIMIT_PER_MINUTE),
        introspection_roles=_roles(values, "AFTERSALES_INTROSPECTION_ROLES"),
        persisted_only=persisted_only,
        persisted_file=Path(persisted_file).expanduser().absolute() if persisted_file is not None else None,
        storage_url=_storage_url(values),
        file_bytes=_count(values, "AFTERSALES_FILE_BYTES", DEFAULT_FILE_BYTES),
    )


def with_credentials(dsn: str, user: str, password: str) -> str:
    """The same server and database, entered by another role."""
    parts = urlsplit(dsn)
    hosts = parts.netloc.rpartition("@")[2]
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k not in {"user", "password"}]
    credentials = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return _unsplit(parts, netloc=f"{credentials}@{hosts}", query=urlencode(query, safe="/"))


def with_database(dsn: str, database: str) -> str:
    """The same server and role, another database."""
    parts = urlsplit(dsn)
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k not in {"database", "dbname"}]
    return _unsplit(parts, path=f"/{quote(database, safe='')}", query=urlencode(query, safe="/"))


def database_name(dsn: str) -> str:
    """The database that `dsn` names (libpq's rule: the user's name when it names none)."""
    parts = urlsplit(dsn)
    query = dict(parse_qsl(parts.query))
    named = unquote(parts.path.lstrip("/")) or query.get("database") or query.get("dbname")
    return named or unquote(parts.username or query.get("user", ""))


def _unsplit(parts: SplitResult, *, query: str, netloc: str | None = None, path: str | None = None) -> str:
    # urlunsplit drops the // of an empty host (a Unix socket), which asyncpg then can't read.
    scheme = parts.scheme
    netloc = parts.netloc if netloc is None else netloc
    rest = urlunsplit(("", "", parts.path if path is None else path, query, ""))
    return f"{scheme}://{netloc}{rest}"


def _database_url(values: Mapping[str, str], name: str) -> str | None:
    url = values.get(name)
    if url is None:
        return None
    scheme, separator, rest = url.partition("://")
    if scheme not in {"postgres", "postgresql", "postgresql+asyncpg"} or not separator:
        raise OperatorError(f"{name} must look like postgresql://user:password@host:5432/database.")
    return f"postgresql://{rest}"


def _storage_url(values: Mapping[str, str]) -> str | None:
    url = values.get("AFTERSALES_STORAGE_URL")
    if url is not None and (urlsplit(url).scheme not in STORAGE_SCHEMES or "://" not in url):
        raise OperatorError("AFTERSALES_STORAGE_URL must look like s3://bucket/prefix or file:///folder.")
    return url


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise OperatorError(f"AFTERSALES_PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def _count(values: Mapping[str, str], name: str, default: int) -> int:
    text = values.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit():
        raise OperatorError(f"{name} must be a whole number, 0 or more, not {text!r}.")
    return int(text)


def load_operations(settings: Settings) -> tuple[str, ...]:
    """The registered operations' texts; OperatorError when their file can't be read or is no list of texts."""
    if settings.persisted_file is None:
        return ()
    try:
        return msgspec.json.decode(settings.persisted_file.read_bytes(), type=tuple[str, ...])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise OperatorError(
            f"AFTERSALES_PERSISTED_FILE must name a JSON file with a list of operations: {error}."
        ) from error


def _roles(values: Mapping[str, str], name: str) -> frozenset[str] | None:
    text = values.get(name)
    if text is None:
        return None
    given = frozenset(part.strip() for part in text.split(",")) - {""}
    unknown = sorted(given - set(ROLES))
    if unknown:
        raise OperatorError(f"{name} lists roles, divided by commas; there is no {unknown[0]!r} ({', '.join(ROLES)}).")
    return given


def _flag(values: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = values.get(name)
    if text is None:
        return default
    if text.lower() not in _TRUE | _FALSE:
        raise OperatorError(f"{name} must be 1 or 0, not {text!r}.")
    return text.lower() in _TRUE


def _secret_key(values: Mapping[str, str], data_folder: Path) -> str:
    given = values.get("AFTERSALES_SECRET_KEY")
    if given is not None:
        if len(given) < SECRET_KEY_MINIMUM_LENGTH:
            raise OperatorError(
                f"AFTERSALES_SECRET_KEY has {len(given)} characters; give it at least "
                f"{SECRET_KEY_MINIMUM_LENGTH} random ones."
            )
        return given
    path = data_folder / SECRET_KEY_FILE
    try:
        data_folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            # Written aside and linked, so that two processes that start at once agree on one key.
            draft = path.with_name(f"{SECRET_KEY_FILE}.{os.getpid()}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
            try:
                os.link(draft, path)
            except FileExistsError:
                return path.read_text().strip()
            finally:
                draft.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise OperatorError(
            f"The data folder {data_folder} can't be used ({error.strerror}): make it writable, or name another "
            "one with AFTERSALES_DATA_DIR."
        ) from error
