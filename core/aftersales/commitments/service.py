"""Opens, pauses, re-computes and ends the clocks of promises. Tickets are the first user, not the only one.

Times are instants in UTC. Whatever changes a clock appends a segment; the commitment's row holds what the
ledger amounts to, so that lists and sweeps need no replay.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from aftersales.calendars.rules import CalendarDefinition, always_open_calendar
from aftersales.commitments import queries
from aftersales.commitments.clocks import Clock, state_of_row, stored_terms
from aftersales.commitments.fixed import beginning
from aftersales.commitments.models import ClockSegmentRow, Commitment
from aftersales.commitments.rules import (
    Budget,
    DeadlineExplanation,
    PolicyVerdict,
    explain_deadline,
)
from aftersales.commitments.targets import Choice, TargetFacts, choose, rungs_of, starting_with
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.scope import TenantWork
from aftersales.terms.base import Label, Source
from aftersales.terms.deadlines import SlaTarget, StartEvent
from aftersales.terms.playbook import VerticalPlaybook
from aftersales.tickets.models import Ticket

OPEN: Final = ("running", "paused")
REPEATABLE: Final[tuple[StartEvent, ...]] = ("customer_replied",)
"""Events that may happen to a subject again and again, and owe their milestones anew each time."""
DONE_BY_COMPANY: Final = "done by the company"
"""Why an agent's clock ended that the company's arrival made moot."""


@dataclass(frozen=True)
class Subject:
    """What a promise is about: a ticket, a training duty, …; `ticket_id` lets a ticket list its deadlines."""

    type: str
    id: UUID
    ticket_id: UUID | None = None


class Ledger:
    """The clocks of one subject, at hand for the length of a unit of work."""

    def __init__(self, uow: TenantWork, subject: Subject) -> None:
        self.uow = uow
        self.subject = subject
        self.clocks: list[Clock] = []

    @classmethod
    async def of(cls, uow: TenantWork, subject: Subject, *, fresh: bool = False) -> "Ledger":
        """The subject's ledger, read and locked once per unit; `fresh` spares the reading of a new subject's."""
        key = (cls, subject.type, subject.id)
        ledger: Ledger | None = uow.memo.get(key)
        if ledger is None:
            ledger = uow.memo[key] = cls(uow, subject)
            if not fresh:
                await ledger._read()
        return ledger

    async def _read(self) -> None:
        where = {"subject_type": self.subject.type, "subject_id": self.subject.id}
        rows = await self.uow.entities(Commitment, queries.OF_SUBJECT, **where)
        if not rows:
            return
        segments: dict[UUID, list[ClockSegmentRow]] = {}
        for segment in await self.uow.entities(ClockSegmentRow, queries.SEGMENTS_OF_SUBJECT, **where):
            segments.setdefault(segment.commitment_id, []).append(segment)
        raised: dict[UUID, dict[str, datetime]] = {}
        for record in await self.uow.fetch(queries.RAISED_OF_SUBJECT, **where):
            raised.setdefault(record["commitment_id"], {})[record["code"]] = record["due_at"]
        self.clocks = [Clock(self.uow, row, segments[row.id], raised.get(row.id, {})) for row in rows]

    @property
    def open(self) -> list[Clock]:
        return [clock for clock in self.clocks if clock.row.state in OPEN]

    def stands(self, target: SlaTarget, event: StartEvent, at: datetime) -> bool:
        """Whether the milestone is owed already, or was reached; a repeatable event owes it again each time."""
        return any(
            clock.row.milestone == target.milestone
            and clock.row.party == target.party
            and clock.row.state != "cancelled"
            and (event not in REPEATABLE or clock.row.state in OPEN or clock.row.started_at >= at)
            for clock in self.clocks
        )

    def begin(self, choice: Choice, facts: TargetFacts, trigger: str, at: datetime) -> Clock:
        """Open the clock of a chosen target; pauses of the subject since `at` are taken over."""
        target = choice.target
        rungs = rungs_of(_terms(self.uow, facts), target.ladder, target.on_miss)
        terms = stored_terms(target.code, target.label, trigger, rungs, choice.verdicts, facts.vertical)
        row = Commitment(
            id=new_id(), subject_type=self.subject.type, subject_id=self.subject.id,
            ticket_id=self.subject.ticket_id, milestone=target.milestone, party=target.party,
            on_miss=target.on_miss, clause=target.clause, source=target.source, calendar_code=target.calendar,
            terms=terms, state="running", started_at=at, created_at=self.uow.now,
        )  # fmt: skip
        return self._begin(row, target.budget, _calendar_of(self.uow, target, facts), trigger, at)

    def _begin(
        self, row: Commitment, budget: Budget | None, calendar: CalendarDefinition | None, trigger: str, at: datetime
    ) -> Clock:
        self.uow.add(row)
        clock = Clock(self.uow, row, [], {})
        clock.append("running", at, reason=trigger, budget=budget, calendar=calendar)
        for kind, instant, reason in self._turns_since(at):
            clock.append(kind, instant, reason=reason)
        self.clocks.append(clock)
        return clock

    @property
    def pause_reason(self) -> str | None:
        """Why the subject is paused; None while it isn't. What is open pauses together."""
        return next((clock.segments[-1].reason for clock in self.open if clock.row.state == "paused"), None)

    def _turns_since(self, at: datetime) -> list[tuple[str, datetime, str]]:
        """The subject's pauses and resumptions from `at` on, out of all its clocks; one that lasts at `at` first.

        A clock that ended knows nothing of later turns, and one that ended while paused nothing of the resumption.
        """
        turns: list[tuple[datetime, datetime, str, str]] = []
        for clock in self.clocks:
            kind = "running"
            for segment in clock.segments:
                if "stopped" not in (kind, segment.kind) and segment.kind != kind:
                    turns.append((segment.starts_at, segment.recorded_at, segment.kind, segment.reason))
                kind = segment.kind
        turns.sort(key=lambda turn: turn[:2])
        present, found, pending = "running", [], None
        for instant, _, kind, reason in turns:
            if kind == present:
                continue
            present = kind
            if instant >= at:
                found.append((kind, instant, reason))
            else:
                pending = (kind, at, reason) if kind == "paused" else None
        if pending is not None:
            found.insert(0, pending)
        if present == "paused" and found and self.pause_reason is None:
            # Nobody wrote the resumption down, since nothing was open then: the pause ends with its last clock.
            ended = max((end for clock in self.clocks if (end := clock.ended_at) is not None), default=at)
            found.append(("running", max(ended, found[-1][1]), "resumed"))
        return found


async def start(
    uow: TenantWork, subject: Subject, facts: TargetFacts, event: StartEvent, at: datetime, *, fresh: bool = False
) -> list[Commitment]:
    """Open a clock for every target that the event starts, one per milestone and party; repeating it opens none."""
    ledger = await Ledger.of(uow, subject, fresh=fresh)
    choices = choose(_terms(uow, facts).sla_targets, facts)
    return [
        ledger.begin(choice, facts, event, at).row
        for choice in starting_with(choices, event)
        if not ledger.stands(choice.target, event, at)
    ]


async def start_fixed(
    uow: TenantWork,
    subject: Subject,
    *,
    vertical: str,
    milestone: str,
    budget: Budget | None,
    clause: str | None,
    source: Source,
    at: datetime,
    label: Label,
    calendar: CalendarDefinition | None = None,
    fresh: bool = False,
) -> Commitment:
    """One deadline that is no SlaTarget, such as a training duty; days count in the tenant's zone.

    `fresh` is for a subject that has no ledger yet: nothing is read.
    """
    ledger = await Ledger.of(uow, subject, fresh=fresh)
    rungs = rungs_of(uow.scope.vertical(vertical), None, "breach")
    row = Commitment(
        id=new_id(), subject_type=subject.type, subject_id=subject.id, ticket_id=subject.ticket_id,
        milestone=milestone, party="company", on_miss="breach", clause=clause, source=source,
        terms=stored_terms(milestone, label, milestone, rungs, (), vertical), state="running",
        started_at=at, created_at=uow.now,
    )  # fmt: skip
    if calendar is None and budget is not None and budget.kind != "elapsed":
        calendar = always_open_calendar(uow.scope.time_zone)
    return ledger._begin(row, budget, calendar, milestone, at).row


async def put_fixed(
    uow: TenantWork,
    subject: Subject,
    *,
    vertical: str,
    milestone: str,
    budget: Budget | None,
    clause: str | None,
    source: Source,
    at: datetime,
    label: Label,
) -> None:
    """`start_fixed` for a subject that has no ledger yet and whose clock nobody asks for again in this unit.

    What begins alike is worked out once: a planner opens deadlines by the thousand.
    """
    begun = beginning(uow.scope.vertical(vertical), milestone, label, budget, at, uow.scope.time_zone)
    if begun.due_at is not None and begun.due_at < uow.now:
        await start_fixed(
            uow, subject, vertical=vertical, milestone=milestone, budget=budget, clause=clause, source=source, at=at,
            label=label, fresh=True,
        )  # fmt: skip
        return
    commitment_id = uow.put(
        Commitment, subject_type=subject.type, subject_id=subject.id, ticket_id=subject.ticket_id,
        milestone=milestone, clause=clause, source=source, terms=begun.terms, started_at=at, due_at=begun.due_at,
        next_alarm_at=begun.next_alarm_at, created_at=uow.now,
    )  # fmt: skip
    uow.put(
        ClockSegmentRow, commitment_id=commitment_id, sequence=1, kind="running", starts_at=at, reason=milestone,
        budget=begun.budget, calendar=begun.calendar, recorded_at=uow.now, actor=uow.actor.label,
    )  # fmt: skip


async def meet(
    uow: TenantWork, subject: Subject, milestone: str, at: datetime, *, party: str | None = None
) -> list[Commitment]:
    """The milestone was reached at `at` (met at the deadline's very instant).

    By the agent: kept for agent and company. By the company: kept for the company; the agent's own clock ends
    unkept, `missed` when its time was up, else cancelled.
    """
    ledger = await Ledger.of(uow, subject)
    met: list[Commitment] = []
    for clock in ledger.open:
        if clock.row.milestone != milestone:
            continue
        if party == "company" and clock.row.party == "agent":
            clock.end_unkept(at, reason=DONE_BY_COMPANY)
        else:
            clock.meet(at)
            met.append(clock.row)
    return met


async def pause(uow: TenantWork, subject: Subject, reason: str, at: datetime) -> None:
    """Stop all running clocks of the subject for a reason; what is left of each budget stays."""
    for clock in (await Ledger.of(uow, subject)).open:
        if clock.row.state == "running":
            clock.append("paused", clock.in_order(at), reason=reason)


async def resume(uow: TenantWork, subject: Subject, at: datetime, reason: str = "resumed") -> None:
    """Let the paused clocks run on from `at`."""
    for clock in (await Ledger.of(uow, subject)).open:
        if clock.row.state == "paused":
            clock.append("running", clock.in_order(at), reason=reason)


async def retarget(
    uow: TenantWork,
    subject: Subject,
    facts: TargetFacts,
    reason: str,
    at: datetime,
    *,
    started: Mapping[StartEvent, datetime],
) -> None:
    """Grade, calendar or contract changed: every open clock is re-computed from its own beginning, pauses kept.

    A clock whose target no longer applies, or begins with another event than it did, is cancelled; what applies
    now starts at its event's instant in `started`, or not at all while that event didn't happen.
    What was reached stays reached.
    """
    ledger = await Ledger.of(uow, subject)
    choices = choose(_terms(uow, facts).sla_targets, facts)
    for clock in ledger.open:
        if "target" not in clock.row.terms:
            continue
        choice = choices.get((clock.row.milestone, clock.row.party))
        if choice is None or not _begins_with(choice.target, clock.row.terms["trigger"]):
            clock.cancel(at, reason)
            continue
        rungs = rungs_of(_terms(uow, facts), choice.target.ladder, choice.target.on_miss)
        clock.retarget(choice, _calendar_of(uow, choice.target, facts), rungs, facts.vertical, reason, at)
    for event, instant in sorted(started.items(), key=lambda item: item[1]):
        for choice in starting_with(choices, event):
            if not ledger.stands(choice.target, event, instant):
                ledger.begin(choice, facts, event, instant)


async def cancel(uow: TenantWork, subject: Subject, reason: str, at: datetime) -> None:
    """End all open clocks of the subject; nothing is owed any more."""
    for clock in (await Ledger.of(uow, subject)).open:
        clock.cancel(at, reason)


async def reopen(
    uow: TenantWork,
    subject: Subject,
    at: datetime,
    *,
    milestones: Collection[str] | None = None,
    ended_since: datetime | None = None,
    reason: str,
) -> list[Commitment]:
    """What was reached or cancelled is owed again from `at` on; the time between counts like a pause.

    With `milestones`, those that were reached (and the agent's that the company reached for it); with
    `ended_since`, whatever ended then or later; with neither, whatever ended last. Of several clocks of one
    milestone and party the youngest runs again, none when one is open. A clock that had run past its deadline
    stays late. While the subject is paused, what is re-opened pauses at once.
    """
    ledger = await Ledger.of(uow, subject)
    ended = {clock.row.id: instant for clock in ledger.clocks if (instant := clock.ended_at) is not None}
    since = ended_since
    if since is None and milestones is None:
        since = max(ended.values(), default=None)
    youngest: dict[tuple[str, str], Clock] = {}
    for clock in ledger.clocks:
        instant = ended.get(clock.row.id)
        if instant is None or clock.row.state not in ("met", "cancelled") or (since is not None and instant < since):
            continue
        if milestones is not None and clock.row.milestone not in milestones:
            continue
        if since is None and clock.row.state == "cancelled" and clock.segments[-1].reason != DONE_BY_COMPANY:
            continue
        key = (clock.row.milestone, clock.row.party)
        if key not in youngest or clock.row.started_at >= youngest[key].row.started_at:
            youngest[key] = clock
    for clock in ledger.open:
        youngest.pop((clock.row.milestone, clock.row.party), None)
    paused = ledger.pause_reason
    for clock in youngest.values():
        clock.reopen(at, reason)
        if paused is not None:
            clock.append("paused", clock.segments[-1].starts_at, reason=paused)
    return [clock.row for clock in youngest.values()]


async def earliest_due(uow: TenantWork, subject: Subject) -> datetime | None:
    """The earliest deadline that runs; None when none does (paused, tracked, all done)."""
    ledger = await Ledger.of(uow, subject)
    return min((clock.row.due_at for clock in ledger.open if clock.row.due_at is not None), default=None)


async def explain(uow: TenantWork, commitment_id: UUID) -> DeadlineExplanation:
    """Why this date: clause, rule that won and those that lost, segments, calendar days walked."""
    row = await uow.get(Commitment, commitment_id)
    rows = await uow.entities(ClockSegmentRow, queries.SEGMENTS, commitment_id=commitment_id)
    segments, calendars = state_of_row(rows)
    return explain_deadline(
        segments,
        calendars,
        at=max(uow.now, segments[-1].starts_at),
        zone=uow.scope.time_zone,
        milestone=row.milestone,
        clause=row.clause or "",
        source=row.source,
        trigger=row.terms["trigger"],
        policies=msgspec.convert(row.terms["policies"], tuple[PolicyVerdict, ...]),
    )


async def recompute_for_calendar(uow: TenantWork, definition: CalendarDefinition, at: datetime) -> int:
    """A calendar changed: re-compute the open clocks that run by it, and their tickets' next deadlines; how many."""
    count = 0
    for record in await uow.fetch(queries.SUBJECTS_ON_CALENDAR, calendar_code=definition.code):
        subject = Subject(record["subject_type"], record["subject_id"], record["ticket_id"])
        # The ticket before its clocks: the order in which every operation on a ticket locks.
        ticket = await locked(uow, Ticket, subject.id) if subject.type == "ticket" else None
        for clock in (await Ledger.of(uow, subject)).open:
            if clock.row.calendar_code == definition.code:
                clock.append(
                    clock.row.state,
                    clock.in_order(at),
                    reason=f"calendar {definition.code} changed",
                    calendar=definition,
                )
                count += 1
        if ticket is not None:
            ticket.next_due_at = await earliest_due(uow, subject)
    return count


def _begins_with(target: SlaTarget, trigger: str) -> bool:
    return trigger == target.starts_on or trigger in target.also_starts_on


def _terms(uow: TenantWork, facts: TargetFacts) -> VerticalPlaybook:
    """What was signed, else what the vertical promises now."""
    return facts.signed or uow.scope.vertical(facts.vertical)


def _calendar_of(uow: TenantWork, target: SlaTarget, facts: TargetFacts) -> CalendarDefinition | None:
    """The tenant's own calendar of that code, else the one that was signed, else the vertical's."""
    if target.calendar is not None:
        signed = facts.signed.calendar(target.calendar) if facts.signed else None
        if signed is not None and target.calendar not in uow.scope.calendars:
            return signed.definition
        return uow.scope.calendar(facts.vertical, target.calendar)
    if target.budget is not None and target.budget.kind != "elapsed":
        return always_open_calendar(uow.scope.time_zone)
    return None
