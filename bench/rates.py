"""Requests per second and their latencies."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Rate:
    """One round."""

    count: int
    per_second: float
    median_ms: float
    p95_ms: float

    @classmethod
    def of(cls, latencies: Sequence[float], seconds: float) -> "Rate":
        ordered = sorted(latencies)
        return cls(
            count=len(ordered),
            per_second=len(ordered) / seconds,
            median_ms=1000 * ordered[len(ordered) // 2],
            p95_ms=1000 * ordered[int(len(ordered) * 0.95)],
        )


def median_rate(rates: Sequence[Rate]) -> float:
    return median(rate.per_second for rate in rates)
