"""How many requests a tenant may make: a bucket of tokens per tenant, in each process."""

import time
from collections.abc import Callable
from math import ceil
from uuid import UUID

from aftersales.kit.errors import TooManyRequests

BUCKETS = 10_000
"""Tenants remembered at once; a tenant that is forgotten begins with a full bucket."""


class RateLimiter:
    """`per_minute` requests per tenant, as many at once; the bucket fills evenly. Zero means no limit.

    Each process counts for itself, so several replicas let through several times as many.
    """

    def __init__(self, per_minute: int, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self.per_minute = per_minute
        self._seconds = seconds
        self._buckets: dict[UUID, tuple[float, float]] = {}

    def take(self, tenant_id: UUID) -> None:
        """Count one request; RATE_LIMITED, with the seconds until there is room, when the bucket is empty."""
        if self.per_minute <= 0:
            return
        now, rate = self._seconds(), self.per_minute / 60
        tokens, since = self._buckets.pop(tenant_id, (float(self.per_minute), now))
        tokens = min(float(self.per_minute), tokens + (now - since) * rate)
        taken = tokens >= 1
        self._buckets[tenant_id] = (tokens - 1 if taken else tokens, now)
        if len(self._buckets) > BUCKETS:
            del self._buckets[next(iter(self._buckets))]
        if not taken:
            raise TooManyRequests("RATE_LIMITED", retry_after=max(1, ceil((1 - tokens) / rate)), limit=self.per_minute)
