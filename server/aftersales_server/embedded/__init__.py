"""PostgreSQL and Redis out of Python packages, run under the data folder: nothing else has to be installed."""

from aftersales_server.embedded.postgres import EmbeddedPostgres
from aftersales_server.embedded.redis import EmbeddedRedis
from aftersales_server.embedded.services import EmbeddedServices, stop_instance

__all__ = ["EmbeddedPostgres", "EmbeddedRedis", "EmbeddedServices", "stop_instance"]
