"""The channel ladder at work: phone, then remote, then on site, each try on record."""

from collections.abc import Sequence
from datetime import datetime

from aftersales.journal import service as journal
from aftersales.kit.clock import require_aware
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import happened
from aftersales.kit.text import BODY_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.terms.deadlines import StartEvent
from aftersales.tickets import ladder_rules, queries
from aftersales.tickets.commands import DecideOnSite, EscalateStep, RecordAttempt
from aftersales.tickets.handling import begin_work, load, move, refresh_due, start_clocks, terms_under
from aftersales.tickets.ladder_rules import Attempt
from aftersales.tickets.milestones import milestone_reached
from aftersales.tickets.models import ChannelAttempt, Ticket
from aftersales.work import service as work

FAILURE_EVENTS: dict[str, StartEvent] = {"phone": "phone_failed", "remote": "remote_failed"}


async def record_attempt(uow: TenantWork, command: RecordAttempt) -> Ticket:
    """Note a try on a step and how it ended.

    The first contact acknowledges the ticket. A failed step starts its clocks, and with `needs_on_site` a visit
    is ordered at once (P10-24, P10-27). A remote try needs a remote session on record.
    """
    ticket = await load(uow, command, "ticket.work")
    await move(uow, ticket, "record")
    ended_at = happened(uow.now, command.ended_at, "endedAt", after=require_aware(command.started_at, "startedAt"))
    started_at = happened(uow.now, command.started_at, "startedAt", after=ticket.reported_at)
    attempts = await queries.attempts_of(uow, ticket.id)
    if command.step != "phone":
        await allow_step(uow, ticket, command.step, attempts, command.override_reason)
    if command.step == "remote" and not await queries.has_closed_session(uow, ticket.id):
        raise StateRefused("AUTHORISATION_REQUIRED")
    await keep_attempt(
        uow, ticket, step=command.step, outcome=command.outcome, started_at=started_at, ended_at=ended_at,
        notes=command.notes,
    )  # fmt: skip
    if command.needs_on_site:
        if command.outcome == "solved":
            raise InvalidInput(
                "VALUE_UNKNOWN", field="needsOnSite", field_name="needsOnSite", value="true", known="false"
            )
        tried = [*attempts, Attempt(step=command.step, outcome=command.outcome)]
        await order_visit(uow, ticket, tried, at=ended_at, override_reason=command.override_reason)
    return ticket


async def keep_attempt(
    uow: TenantWork,
    ticket: Ticket,
    *,
    step: str,
    outcome: str,
    started_at: datetime,
    ended_at: datetime,
    notes: str,
) -> None:
    """Write a try, move the ticket on the ladder, and start the clocks of a failed step."""
    uow.add(
        ChannelAttempt(
            ticket_id=ticket.id,
            step=step,
            outcome=outcome,
            started_at=started_at,
            ended_at=ended_at,
            notes=clean_text(notes, "notes", BODY_LIMIT),
            actor=uow.actor.label,
        )
    )
    ticket.step = ladder_rules.further(ticket.step, step)
    await begin_work(uow, ticket)
    failed = outcome == "unsolved"
    await journal.record(
        uow,
        "ticket.step_failed" if failed else "ticket.step_solved",
        subject_type="ticket",
        subject_id=ticket.id,
        ticket=ticket,
        data={"step": step, "outcome": outcome, "notes": notes},
        at=ended_at,
    )
    if ticket.acknowledged_at is None:
        await milestone_reached(uow, ticket, "acknowledged", started_at)
    event = FAILURE_EVENTS.get(step) if failed else None
    if event == "phone_failed" and ticket.phone_failed_at is None:
        ticket.phone_failed_at = ended_at
        await start_clocks(uow, ticket, event, ended_at)
    if event == "remote_failed" and ticket.remote_failed_at is None:
        ticket.remote_failed_at = ended_at
        await start_clocks(uow, ticket, event, ended_at)
    await refresh_due(uow, ticket)


async def allow_step(
    uow: TenantWork, ticket: Ticket, to: str, attempts: Sequence[Attempt], override_reason: str | None
) -> None:
    """Refuse a step before those it requires have failed (P08-19); steps an override leaves out are kept as such."""
    reason = clean_text(override_reason, "overrideReason", BODY_LIMIT) or None
    skipped = ladder_rules.steps_to_skip(
        (await terms_under(uow, ticket)).ladder_of_channels,
        ticket.kind,
        ticket.grade,
        to,
        attempts,
        roles=uow.actor.roles,
        override_reason=reason,
        unbound=uow.actor.kind != "member",
    )
    for step in skipped:
        uow.add(
            ChannelAttempt(
                ticket_id=ticket.id,
                step=step,
                outcome="skipped",
                started_at=uow.now,
                ended_at=uow.now,
                override_reason=reason,
                actor=uow.actor.label,
            )
        )
        await journal.record(
            uow,
            "ticket.step_skipped",
            subject_type="ticket",
            subject_id=ticket.id,
            ticket=ticket,
            data={"step": step, "reason": reason},
        )


async def escalate_step(uow: TenantWork, command: EscalateStep) -> Ticket:
    """Go on to remote work, or decide on a visit; what was tried before stays on record (P08-15)."""
    ticket = await load(uow, command, "ticket.work")
    if command.to == "on_site":
        attempts = await queries.attempts_of(uow, ticket.id)
        await order_visit(uow, ticket, attempts, at=uow.now, override_reason=command.override_reason)
        return ticket
    await move(uow, ticket, "escalate")
    await allow_step(uow, ticket, command.to, await queries.attempts_of(uow, ticket.id), command.override_reason)
    ticket.step = ladder_rules.further(ticket.step, command.to)
    await journal.record(
        uow,
        "ticket.escalated",
        subject_type="ticket",
        subject_id=ticket.id,
        ticket=ticket,
        data={"to": command.to},
    )
    return ticket


async def decide_on_site(uow: TenantWork, command: DecideOnSite) -> Ticket:
    """Decide on a visit: its clock starts now and its work order is created (P08-20, P10-24)."""
    ticket = await load(uow, command, "ticket.work")
    at = happened(uow.now, command.at, "at", after=ticket.reported_at)
    attempts = await queries.attempts_of(uow, ticket.id)
    await order_visit(
        uow, ticket, attempts, at=at, override_reason=command.override_reason, work_type=command.work_type,
        instructions=command.instructions,
    )  # fmt: skip
    return ticket


async def order_visit(
    uow: TenantWork,
    ticket: Ticket,
    attempts: Sequence[Attempt],
    *,
    at: datetime,
    override_reason: str | None,
    work_type: str | None = None,
    instructions: str = "",
) -> None:
    """Guard the step, keep the decision's instant, start its clocks and create the work order."""
    await move(uow, ticket, "escalate")
    await allow_step(uow, ticket, "on_site", attempts, override_reason)
    ticket.step = "on_site"
    if ticket.on_site_decided_at is None:
        ticket.on_site_decided_at = at
        await start_clocks(uow, ticket, "on_site_decided", at)
    await journal.record(
        uow,
        "ticket.on_site_decided",
        subject_type="ticket",
        subject_id=ticket.id,
        ticket=ticket,
        data={"reason": override_reason},
        at=at,
    )
    await work.create_work_order(
        uow,
        work.CreateWorkOrder(
            ticket_id=ticket.id,
            work_type=work_type or ticket.work_type,
            instructions=clean_text(instructions, "instructions", BODY_LIMIT),
        ),
    )
    await refresh_due(uow, ticket)
