"""Decisions about outreach events: phases, readiness, what is missing before publishing, the summary. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final, Literal

from msgspec import Struct

from aftersales.kit.errors import InvalidInput, StateRefused

EventState = Literal["draft", "published", "closed"]
Operation = Literal["edit", "publish", "register", "close"]
POINT_KINDS: Final = ("community", "market_day")
CATEGORIES: Final = ("opinion", "suggestion", "complaint", "praise", "question", "home_visit")
PLAN_MISSING: Final = "PLAN_DOCUMENT_MISSING"
ALLOWED: Final[dict[Operation, frozenset[str]]] = {
    "edit": frozenset({"draft"}),
    "publish": frozenset({"draft"}),
    "register": frozenset({"published"}),
    "close": frozenset({"published"}),
}
_SLOT: Final = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


class OutreachPhase(Struct, frozen=True, kw_only=True):
    """A range of local days, both included: it lasts until 24:00 of the last one."""

    code: str
    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        """How many days it has: 7 to 24 April are 18 (P02-11)."""
        return (self.ends_on - self.starts_on) // timedelta(days=1) + 1


class OutreachStaffNeed(Struct, frozen=True, kw_only=True):
    """How many people a department sends; `exact` allows no more (P02-08)."""

    department: str
    count: int
    exact: bool = False


class StaffGap(Struct, frozen=True, kw_only=True):
    """A department that sends too few (or too many): it needs so many and has so many."""

    department: str
    needs: int
    has: int


class Readiness(Struct, frozen=True, kw_only=True):
    """What is still missing; `ready` when nothing is. A missing plan document only warns."""

    ready: bool
    itinerary: bool
    staff_gaps: tuple[StaffGap, ...]
    goods_short: tuple[str, ...]
    warnings: tuple[str, ...]


def check_phases(phases: Sequence[OutreachPhase]) -> None:
    """REQUIRED without one, PERIOD_INVERTED, PHASES_OVERLAP, PHASE_TWICE."""
    if not phases:
        raise InvalidInput("REQUIRED", field="phases", field_name="phases")
    ordered = sorted(phases, key=lambda phase: phase.starts_on)
    for phase in ordered:
        if phase.ends_on < phase.starts_on:
            raise InvalidInput("PERIOD_INVERTED", field="phases.endsOn")
    if len({phase.code for phase in phases}) != len(phases):
        raise InvalidInput("PHASE_TWICE", field="phases.code")
    for earlier, later in pairwise(ordered):
        if later.starts_on <= earlier.ends_on:
            raise InvalidInput("PHASES_OVERLAP", field="phases", earlier=earlier.code, later=later.code)


def phase_state(phase: OutreachPhase, day: date) -> Literal["upcoming", "active", "ended"]:
    """How a phase stands on a local day."""
    if day < phase.starts_on:
        return "upcoming"
    return "active" if day <= phase.ends_on else "ended"


def check_slot(starts: str, ends: str) -> None:
    """SLOT_INVALID unless both are `HH:MM` and the end comes later."""
    if not (_SLOT.fullmatch(starts) and _SLOT.fullmatch(ends) and starts < ends):
        raise InvalidInput("SLOT_INVALID", field="ends", starts=starts, ends=ends)


def check_day(phases: Sequence[OutreachPhase], day: date) -> None:
    """OUTSIDE_OF_PHASES for a stop on a day on which the event doesn't run."""
    if not any(phase.starts_on <= day <= phase.ends_on for phase in phases):
        raise InvalidInput("OUTSIDE_OF_PHASES", field="day", value=day)


def allow(operation: Operation, state: str) -> None:
    """OUTREACH_STATE_REFUSED when the event's state doesn't allow it."""
    if state not in ALLOWED[operation]:
        raise StateRefused("OUTREACH_STATE_REFUSED", state=state, operation=operation)


def readiness(
    *,
    points: int,
    needs: Sequence[OutreachStaffNeed],
    staff: Mapping[str, int],
    goods: Sequence[tuple[str, int, int]],
    has_plan: bool,
) -> Readiness:
    """What is missing: an itinerary, people, goods; without a plan document there is a warning."""
    gaps = tuple(
        StaffGap(department=need.department, needs=need.count, has=staff.get(need.department, 0))
        for need in needs
        if staff.get(need.department, 0) < need.count or (need.exact and staff.get(need.department, 0) > need.count)
    )
    short = tuple(item for item, needed, in_stock in goods if in_stock < needed)
    return Readiness(
        ready=points > 0 and not gaps and not short,
        itinerary=points > 0,
        staff_gaps=gaps,
        goods_short=short,
        warnings=() if has_plan else (PLAN_MISSING,),
    )


def demand_publishable(found: Readiness) -> None:
    """ITINERARY_MISSING, STAFF_MISSING ("needs 2"), GOODS_SHORT."""
    if not found.itinerary:
        raise StateRefused("ITINERARY_MISSING")
    for gap in found.staff_gaps:
        raise StateRefused("STAFF_MISSING", field="staffing", department=gap.department, needs=gap.needs, has=gap.has)
    if found.goods_short:
        raise StateRefused("GOODS_SHORT", field="goods", items=", ".join(found.goods_short))


def check_owner(owner: str, department: str | None, *, bound: bool) -> None:
    """OUTREACH_NOT_OWNER for a member of another department; the platform itself isn't bound (P02-02)."""
    if bound and department != owner:
        raise StateRefused("OUTREACH_NOT_OWNER", department=owner)


def summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Counts of a register: items, by category, home visits, registrants, and new customers among them (P02-14).

    A registrant is one phone number, however often it speaks; new are those that weren't known at their first word.
    """
    first: dict[str, bool] = {}
    for row in rows:
        first.setdefault(row["phone"], row["known_before"])
    return {
        "items": len(rows),
        "by_category": dict(sorted(Counter(row["category"] for row in rows).items())),
        "home_visits": sum(row["ticket_id"] is not None for row in rows),
        "registrants": len(first),
        "new_customers": sum(not known for known in first.values()),
    }
