"""Is the promise kept? The answer for a clock at an instant."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from aftersales.commitments.ledger import ClockState
from aftersales.kit.errors import InvalidInput

StatusCode = Literal["cancelled", "tracked", "met", "met_late", "overdue", "paused", "open"]


class ClockStatus(msgspec.Struct, frozen=True, kw_only=True):
    """`breached_at` is the missed deadline, never the moment somebody noticed; `late_by` is elapsed time.

    A promise without a number is `tracked`, whether running or done: it can't be broken (A05).
    """

    code: StatusCode
    due_at: datetime | None
    breached_at: datetime | None = None
    late_by: timedelta | None = None

    @property
    def is_breached(self) -> bool:
        """Whether the promise was broken."""
        return self.breached_at is not None


def clock_status(state: ClockState, at: datetime) -> ClockStatus:
    """The status at an instant not before the clock's last segment. A deadline is met at that very instant.

    Precedence: cancelled, tracked, met or met late, overdue, paused, open. So a clock that ran past its
    deadline and was paused afterwards is overdue, and one that was paused in time never becomes so.
    """
    if at.tzinfo is None:
        raise InvalidInput("INSTANT_NAIVE", field="at", value=at.isoformat())
    if state.outcome == "cancelled":
        return ClockStatus(code="cancelled", due_at=state.due_at)
    if state.budget is None:
        return ClockStatus(code="tracked", due_at=None)
    end = state.since if state.state == "stopped" else at
    due_at = state.due_at
    if due_at is not None and end > due_at:
        code: StatusCode = "met_late" if state.state == "stopped" else "overdue"
        return ClockStatus(code=code, due_at=due_at, breached_at=due_at, late_by=end - due_at)
    if state.state == "stopped":
        return ClockStatus(code="met", due_at=due_at)
    return ClockStatus(code="paused" if state.state == "paused" else "open", due_at=due_at)
