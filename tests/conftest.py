"""Shared servers and settings; fixtures of single rooms stand in tests/fixtures/, each file a plugin."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from aftersales_server.embedded import EmbeddedServices
from aftersales_server.migrations import upgrade
from aftersales_server.settings import Settings, load_settings
from tests.services import DatabaseUrls, SharedServices, apart, clone_settings, create_database

pytest_plugins = sorted(
    f"tests.fixtures.{file.stem}"
    for file in (Path(__file__).parent / "fixtures").glob("*.py")
    if file.stem != "__init__"
)

# A shared machine stalls now and then; how long an example takes is measured in bench/, not here.
hypothesis_settings.register_profile("aftersales", deadline=None)
hypothesis_settings.load_profile("aftersales")

_SERVICES = pytest.StashKey[SharedServices]()
_SHARED_SETTINGS = pytest.StashKey[Settings]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """With xdist the controlling process owns the servers, so that they outlive any worker."""
    node.workerinput["shared_settings"] = _shared_settings(node.config).to_environment()


def pytest_unconfigure(config: pytest.Config) -> None:
    services = config.stash.get(_SERVICES, None)
    if services is not None:
        services.stop()


def _shared_settings(config: pytest.Config) -> Settings:
    workerinput: dict[str, Any] | None = getattr(config, "workerinput", None)
    if workerinput is not None:
        return load_settings(workerinput["shared_settings"])
    if _SHARED_SETTINGS not in config.stash:
        services = SharedServices()
        config.stash[_SHARED_SETTINGS] = services.start()
        config.stash[_SERVICES] = services
    return config.stash[_SHARED_SETTINGS]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests and fixtures run on asyncio; one loop per session."""
    return "asyncio"


@pytest.fixture(scope="session")
def shared_settings(request: pytest.FixtureRequest) -> Settings:
    """The servers of this run, with the migrated database that is only cloned, never used."""
    return _shared_settings(request.config)


@pytest.fixture(scope="session")
def settings(shared_settings: Settings, worker_id: str) -> Settings:
    """Settings of this worker: its own migrated database, its own logical Redis database."""
    number = 0 if worker_id == "master" else 1 + int(worker_id.removeprefix("gw"))
    return clone_settings(shared_settings, f"worker_{number}", number)


@pytest.fixture(scope="session")
def database_urls(settings: Settings) -> DatabaseUrls:
    """asyncpg DSNs: `owner` (superuser here), `app` (row-level security applies), `system` (BYPASSRLS)."""
    return DatabaseUrls(owner=settings.owner_dsn, app=settings.app_dsn, system=settings.system_dsn)


@pytest.fixture(scope="session")
def redis_url(settings: Settings) -> str:
    """This worker's logical Redis database."""
    return settings.redis_dsn


@pytest.fixture
def fresh_settings(shared_settings: Settings) -> Callable[..., Settings]:
    """Make settings with a database of one's own: `fresh_settings()` migrated, `fresh_settings(migrated=False)` empty.

    Async tests may call it as well.
    """

    def make(*, migrated: bool = True) -> Settings:
        name = f"fresh_{secrets.token_hex(6)}"
        database_url = apart(create_database(shared_settings, name, template=migrated))
        return replace(shared_settings, database_url=database_url)

    return make


@pytest.fixture
def own_services(tmp_path: Path) -> Iterator[tuple[EmbeddedServices, Settings]]:
    """A migrated PostgreSQL and a Redis for one test that stops, kills or restarts them."""
    services = EmbeddedServices(load_settings({"AFTERSALES_DATA_DIR": str(tmp_path)}))
    try:
        running = services.start()
        upgrade(running)
        yield services, running
    finally:
        services.stop()
