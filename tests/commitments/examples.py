"""A ledger that is written entry by entry, as the tests tell it."""

from datetime import datetime
from typing import Any

from aftersales.calendars.rules import WorkingCalendar
from aftersales.commitments.rules import (
    Budget,
    BudgetUnit,
    Calendars,
    ClockSegment,
    ClockState,
    ClockStatus,
    advance,
    clock_status,
    replay,
    start,
)
from tests.calendars.examples import around_the_clock, desk, local, two_windows

CALENDARS: dict[str, WorkingCalendar] = {
    "desk": desk(),
    "two_windows": two_windows(),
    "berlin": desk(("09:00", "17:00"), zone="Europe/Berlin", country="DE"),
    "24x7": around_the_clock(),
}


class Story:
    """A clock and what happened to it; times are local to Asia/Shanghai unless aware."""

    def __init__(
        self, at: str, budget: Budget | None, calendar: str | None = None, calendars: Calendars = CALENDARS
    ) -> None:
        self.calendars = calendars
        self.segments: list[ClockSegment] = []
        self._add("running", at, budget, calendar)

    def pause(self, at: str, reason: str = "waiting for the customer") -> "Story":
        return self._add("paused", at, reason=reason)

    def resume(self, at: str) -> "Story":
        return self._add("running", at)

    def stop(self, at: str) -> "Story":
        return self._add("stopped", at, outcome="met")

    def cancel(self, at: str) -> "Story":
        return self._add("stopped", at, outcome="cancelled")

    def change(self, at: str, budget: Budget | None, calendar: str | None = None, carry: Any = "remeasure") -> "Story":
        """New terms while the clock goes on running, or stays paused."""
        return self._add(self.segments[-1].kind, at, budget, calendar, carry=carry, changed=True)

    @property
    def state(self) -> ClockState:
        """Read from the whole ledger, and built up entry by entry: always the same."""
        replayed = replay(self.segments, self.calendars)
        built = start(self.segments[0], self.calendars)
        for entry in self.segments[1:]:
            built = advance(built, entry, self.calendars)
        assert built == replayed
        return replayed

    def status(self, at: str) -> ClockStatus:
        return clock_status(self.state, local(at))

    def _add(
        self,
        kind: Any,
        at: str | datetime,
        budget: Budget | None = None,
        calendar: str | None = None,
        changed: bool = False,
        **more: Any,
    ) -> "Story":
        if self.segments and not changed:
            budget, calendar = self.segments[-1].budget, self.segments[-1].calendar
        self.segments.append(
            ClockSegment(
                sequence=len(self.segments) + 1,
                kind=kind,
                starts_at=local(at) if isinstance(at, str) else at,
                budget=budget,
                calendar=calendar,
                **more,
            )
        )
        return self


def budget(amount: int, unit: BudgetUnit = "hour") -> Budget:
    return Budget(amount=amount, unit=unit)
