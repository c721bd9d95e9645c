"""How long to wait before a failed delivery is tried again, and when to give up."""

from datetime import timedelta

from msgspec import Struct


class RetryPolicy(Struct, frozen=True, kw_only=True):
    """Exponential back-off with jitter: `first` after the first failure, then `factor` times as long, up to `longest`.

    With the defaults ten attempts reach over more than a day, as Standard Webhooks advises.
    """

    attempts: int = 10
    first: timedelta = timedelta(seconds=2)
    factor: int = 5
    longest: timedelta = timedelta(hours=8)
    jitter: float = 0.2

    def pause(self, failures: int, chance: float) -> timedelta | None:
        """The pause after so many failures, or None to give up; `chance` from 0 to 1 spreads it by ± `jitter`."""
        if failures >= self.attempts:
            return None
        growth: int = self.factor ** min(failures - 1, 20)
        return min(self.first * growth, self.longest) * (1 + self.jitter * (2 * chance - 1))
