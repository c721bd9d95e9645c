"""The worker: relays the outbox, carries out its messages, sweeps for due alarms; one of any number."""

from aftersales_server.settings import Settings


def run_worker(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; lost connections to PostgreSQL or Redis are waited out."""
    from aftersales_server.worker.main import main

    main(settings)
