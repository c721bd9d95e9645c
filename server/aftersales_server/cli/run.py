"""`aftersales run`, `stop`, `serve` and `worker`: the life of an instance."""

import importlib
import os
from collections.abc import Callable

import typer
from rich.markup import escape

from aftersales_server.cli.terminal import err, out, say, step
from aftersales_server.embedded import EmbeddedServices, stop_instance
from aftersales_server.embedded.services import Instance, InstanceLock
from aftersales_server.settings import Settings, load_settings
from aftersales_server.startup import Access, run_startup_steps
from aftersales_server.supervisor import Program, StopRequested, Supervisor, require_free_port, stop_signals

API_FACTORY = "aftersales_server.asgi:create_app"
"""`create_app() -> ASGI application`, reading its settings from the environment."""
WORKER_ENTRY = "aftersales_server.worker:run_worker"
"""`run_worker(settings: Settings) -> None`, returning after SIGTERM."""
GRACEFUL_SHUTDOWN_SECONDS = 10


def run() -> None:
    """Start everything: the servers where none are named, migrations, demo tenants, the API and the worker."""
    settings = load_settings()
    # The lock first: of two starts on one folder, the second shall hear of the first and not of its port.
    lock = InstanceLock(settings.data_folder)
    lock.acquire(settings.base_url)
    services = EmbeddedServices(settings)
    supervisor = Supervisor(services)
    try:
        require_free_port(settings)
        with stop_signals():
            try:
                running = services.start(step)
                # Addresses with a password in them stay out of the file.
                lock.describe(
                    Instance(
                        os.getpid(),
                        settings.base_url,
                        running.database_url if services.postgres is not None else None,
                        running.redis_url if services.redis is not None else None,
                    )
                )
                _serve_instance(supervisor, running)
            except StopRequested:
                out.print()
            finally:
                with step("Stopping"):
                    supervisor.stop()
    finally:
        lock.release()


def _serve_instance(supervisor: Supervisor, settings: Settings) -> None:
    # Loading Alembic takes longer than starting both servers; commands that need no database don't pay for it.
    import aftersales_server.demo.provision  # noqa: F401 - registers its startup step
    from aftersales_server.migrations import upgrade

    with step("Bringing the database up to date"):
        upgrade(settings)
    doors = run_startup_steps(settings, step)
    logs = settings.data_folder / "logs"
    command = ("-m", "aftersales_server.cli")
    programs = (
        Program(title="The API", arguments=(*command, "serve"), log_file=logs / "api.log"),
        Program(title="The worker", arguments=(*command, "worker"), log_file=logs / "worker.log"),
    )
    with step("Starting the API and the worker"):
        supervisor.start(programs, {**settings.to_environment(), **_development_options(settings)})
        supervisor.wait_until_ready(settings)
    for door in doors:
        _show(door)
    say(f"\nAftersales runs at {settings.base_url} (data: {settings.data_folder}). Ctrl-C stops it.")
    supervisor.watch(lambda sentence: err.print(f"[yellow]{escape(sentence)}[/yellow]"))


def _development_options(settings: Settings) -> dict[str, str]:
    """Where the clock may be moved, webhooks may go to this machine, as those of the demo's dealer system do."""
    name = "AFTERSALES_WEBHOOK_ALLOW_PRIVATE"
    return {name: os.environ.get(name, "1")} if settings.development_clock else {}


def _show(door: Access) -> None:
    out.print(f"\n[bold]{escape(door.title)}[/bold]  {escape(door.url)}")
    width = max((len(label) for label, _ in door.lines), default=0)
    for label, value in door.lines:
        say(f"  {label:<{width}}  {value}")
    if door.example:
        say(f"  {door.example}")


def stop() -> None:
    """Stop the instance that works on the data folder."""
    settings = load_settings()
    with step("Stopping"):
        stopped = stop_instance(settings.data_folder)
    if not stopped:
        say(f"Nothing was running on {settings.data_folder}.")


def serve() -> None:
    """Serve the API in this process (one of any number of replicas)."""
    import uvicorn

    settings = load_settings()
    settings.require_services()
    uvicorn.run(
        API_FACTORY,
        factory=True,
        host=settings.host,
        port=settings.port,
        ws="websockets-sansio",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACEFUL_SHUTDOWN_SECONDS,
    )


def worker() -> None:
    """Work in this process: relay the outbox, run jobs, sweep for due alarms (one of any number)."""
    settings = load_settings()
    settings.require_services()
    module, _, name = WORKER_ENTRY.partition(":")
    entry: Callable[[Settings], None] = getattr(importlib.import_module(module), name)
    entry(settings)


def register(root: typer.Typer) -> None:
    for command in (run, stop, serve, worker):
        root.command()(command)
