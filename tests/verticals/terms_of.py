"""The compiled terms of an installed vertical, for the tests that read them."""

from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from aftersales.calendars.rules import WorkingCalendar, always_open_calendar
from aftersales.commitments.budgets import meter_for
from aftersales.commitments.targets import TargetFacts, choose
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry
from aftersales.terms.base import Term
from aftersales.terms.deadlines import SlaTarget
from aftersales.terms.playbook import VerticalPlaybook

AnyTerm = TypeVar("AnyTerm", bound=Term)

REGISTRY = Registry.installed()
COMPILER = PlaybookCompiler(REGISTRY)


def terms_of(vertical: str, **settings: Any) -> VerticalPlaybook:
    """The vertical's terms under these settings, checked as they are when a tenant saves them."""
    COMPILER.check_settings(vertical, settings)
    return COMPILER.playbook({vertical: settings}).verticals[vertical]


def by_code(terms: tuple[AnyTerm, ...], code: str) -> AnyTerm:
    """The one term of that code."""
    (found,) = [term for term in terms if term.code == code]
    return found


def of_clause(terms: tuple[AnyTerm, ...], clause: str) -> tuple[AnyTerm, ...]:
    """The terms that come from that clause, in the order of declaration."""
    return tuple(term for term in terms if term.clause == clause)


SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """An instant by its wall clock in Shanghai, such as `2026-06-10 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def target_for(terms: VerticalPlaybook, milestone: str, *, party: str = "company", **facts: Any) -> SlaTarget | None:
    """The target that wins for a ticket with these facts (`kind` is a fault unless given)."""
    asked = TargetFacts(vertical=terms.vertical, **{"kind": "fault", **facts})
    choice = choose(terms.sla_targets, asked).get((milestone, party))
    return choice.target if choice is not None else None


def due(terms: VerticalPlaybook, milestone: str, since: str, **facts: Any) -> str:
    """When the milestone of such a ticket is due, as wall clock in Shanghai, if its clock starts at `since`."""
    target = target_for(terms, milestone, **facts)
    assert target is not None
    assert target.budget is not None
    declared = terms.calendar(target.calendar) if target.calendar else None
    calendar = WorkingCalendar.of(declared.definition if declared else always_open_calendar("Asia/Shanghai"))
    start = at(since)
    deadline = meter_for(target.budget, calendar, start).due(start, target.budget.limit)
    return deadline.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
