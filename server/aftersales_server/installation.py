"""How a single command reaches the installation: its servers, if they run, or started for as long as it lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

from aftersales_server.embedded.process import Progress, silent
from aftersales_server.embedded.services import EmbeddedServices, InstanceLock, running_instance
from aftersales_server.settings import Settings, load_settings


@contextmanager
def installation(progress: Progress = silent) -> Iterator[Settings]:
    """Settings whose servers answer.

    Servers of one's own are used as they are. Embedded ones are found when an instance runs on the data folder;
    otherwise they are started here and stopped at the end.
    """
    settings = load_settings()
    if settings.database_url is not None and settings.redis_url is not None:
        yield settings
        return
    running = running_instance(settings.data_folder)
    if running is not None and running.database_url is not None and running.redis_url is not None:
        yield settings.with_services(
            database_url=settings.database_url or running.database_url,
            redis_url=settings.redis_url or running.redis_url,
        )
        return
    lock = InstanceLock(settings.data_folder)
    lock.acquire("(no address: a single command)")
    services = EmbeddedServices(settings)
    try:
        yield services.start(progress)
    finally:
        services.stop()
        lock.release()
