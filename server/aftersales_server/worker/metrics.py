"""What the worker counts, for Prometheus."""

from prometheus_client import Counter, Gauge

PENDING = Gauge("aftersales_outbox_pending", "Outbox messages that are still to be done.")
DEAD = Gauge("aftersales_outbox_dead", "Outbox messages that were given up and wait for an admin.")
LAG = Gauge("aftersales_outbox_lag_seconds", "Since when the oldest pending message could have been done.")
ROUNDS = Counter("aftersales_round_work", "What this worker's rounds did, by round: alarms …", ["round"])
ATTEMPTS = Counter("aftersales_outbox_attempts", "Attempts of this worker by outcome: done, again, dead.", ["outcome"])
