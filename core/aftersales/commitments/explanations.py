"""Why this date: a deadline's clause, terms, pauses, days walked, and the promises that did not apply."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from aftersales.calendars.definition import load_zone
from aftersales.calendars.explanations import (
    Walk,
    explain_calendar_days,
    explain_working_days,
    explain_working_time,
)
from aftersales.calendars.windows import MICROSECOND, local_date
from aftersales.commitments.budgets import Budget
from aftersales.commitments.ledger import Calendars, ClockSegment, replay
from aftersales.commitments.policies import PolicyVerdict
from aftersales.commitments.status import ClockStatus, clock_status
from aftersales.commitments.texts import day_kind, duration, event_name, milestone_name, phrase, unit_text
from aftersales.kit.errors import Language

NO_CLAUSE = "—"
"""Told instead of a clause where the text has none: our defaults, the tenant's own values."""


class DeadlineExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that made the date, serialisable; `render_explanation` says it in words.

    `policies` are ranked, the one that holds first. `walk` is None for elapsed time and without a budget.
    `zone` is the IANA zone in which the times are told.
    """

    milestone: str
    clause: str
    source: str
    trigger: str
    zone: str
    budget: Budget | None
    segments: tuple[ClockSegment, ...]
    started_at: datetime
    paused: timedelta
    due_at: datetime | None
    status: ClockStatus
    walk: Walk | None = None
    policies: tuple[PolicyVerdict, ...] = ()


def explain_deadline(
    segments: Sequence[ClockSegment],
    calendars: Calendars,
    *,
    at: datetime,
    zone: str,
    milestone: str,
    clause: str,
    source: str,
    trigger: str,
    policies: Sequence[PolicyVerdict] = (),
) -> DeadlineExplanation:
    """The explanation of a clock at an instant, out of its whole ledger.

    `trigger` is the event that started it (`reported`, `on_site_decided` …); `zone` as above, ZONE_UNKNOWN.
    """
    load_zone(zone)
    state = replay(segments, calendars, until=at)
    return DeadlineExplanation(
        milestone=milestone,
        clause=clause,
        source=source,
        trigger=trigger,
        zone=zone,
        budget=state.budget,
        segments=tuple(entry for entry in segments if entry.starts_at <= at),
        started_at=state.started_at,
        paused=state.paused + (at - state.since if state.state == "paused" else timedelta(0)),
        due_at=state.due_at,
        status=clock_status(state, at),
        walk=_walk(state.budget, state.calendar, state.started_at, state.due_at, calendars),
        policies=tuple(policies),
    )


def _walk(
    budget: Budget | None,
    calendar_key: str | None,
    started_at: datetime,
    due_at: datetime | None,
    calendars: Calendars,
) -> Walk | None:
    if budget is None or calendar_key is None or due_at is None or budget.kind == "elapsed":
        return None
    calendar = calendars[calendar_key]
    if budget.kind == "working":
        return explain_working_time(calendar, started_at, due_at)
    first, last = calendar.local_date(started_at), local_date(due_at - MICROSECOND, calendar.zone)
    explain = explain_working_days if budget.unit == "working_day" else explain_calendar_days
    return explain(calendar, first, last)


def render_explanation(explanation: DeadlineExplanation, language: Language) -> str:
    """The explanation in plain sentences, one per line, times in the explanation's zone."""
    zone = load_zone(explanation.zone)
    lines = [
        phrase(
            "promise",
            language,
            milestone=milestone_name(explanation.milestone, language),
            clause=explanation.clause or NO_CLAUSE,
            source=phrase(f"source_{explanation.source}", language),
        ),
        phrase(
            "trigger",
            language,
            trigger=event_name(explanation.trigger, language),
            at=_local(explanation.started_at, zone),
        ),
    ]
    if explanation.budget is None:
        lines.append(phrase("no_budget", language))
    else:
        lines.append(phrase("budget", language, budget=unit_text(explanation.budget, language)))
    lines += _segment_lines(explanation, zone, language)
    lines += _walk_lines(explanation, language)
    if explanation.due_at is not None:
        lines.append(phrase("due", language, at=_local(explanation.due_at, zone)))
    status = explanation.status
    late = "" if status.late_by is None else duration(status.late_by, language)
    lines.append(phrase(f"status_{status.code}", language, late=late))
    for verdict in explanation.policies:
        lines.append(
            phrase(
                "policy_won" if verdict.rank == 1 else f"lost_{verdict.lost_by}",
                language,
                code=verdict.candidate.code,
                clause=verdict.candidate.clause or NO_CLAUSE,
            )
        )
    return "\n".join(lines)


def _segment_lines(explanation: DeadlineExplanation, zone: ZoneInfo, language: Language) -> list[str]:
    lines: list[str] = []
    previous: ClockSegment | None = None
    for entry in explanation.segments:
        at, reason = _local(entry.starts_at, zone), entry.reason or phrase("no_reason", language)
        if previous is not None and (entry.budget, entry.calendar) != (previous.budget, previous.calendar):
            limit = entry.budget
            terms = phrase("no_limit", language) if limit is None else unit_text(limit, language)
            lines.append(phrase(f"recomputed_{entry.carry}", language, budget=terms, at=at, reason=reason))
        if previous is not None and previous.kind != entry.kind:
            lines.append(phrase(f"segment_{entry.outcome or entry.kind}", language, at=at, reason=reason))
        previous = entry
    if explanation.paused:
        lines.append(phrase("paused_total", language, length=duration(explanation.paused, language)))
    return lines


def _walk_lines(explanation: DeadlineExplanation, language: Language) -> list[str]:
    walk = explanation.walk
    if walk is None:
        return []
    # A budget in calendar days asks no day whether it is worked.
    every_day = explanation.budget is not None and explanation.budget.unit == "calendar_day"
    lines = [phrase("walk", language, calendar=walk.calendar, zone=walk.zone)]
    for entry in walk.days:
        name = entry.day.name if language == "zh-CN" else entry.day.name_english
        kind = day_kind("calendar_day" if every_day else entry.day.kind, language) + (f" ({name})" if name else "")
        used = ""
        if entry.used_seconds:
            used = ", " + duration(timedelta(seconds=entry.used_seconds), language)
        elif entry.counted:
            used = ", " + phrase("counted", language)
        lines.append(f"  {entry.day.day.isoformat()} {kind}{used}")
    if walk.truncated:
        lines.append(phrase("truncated", language))
    for year in walk.provisional_years:
        lines.append(phrase("provisional", language, year=year))
    return lines


def _local(instant: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    return local.strftime("%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M")
