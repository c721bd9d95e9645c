"""The end of a ticket: resolved, confirmed by the customer, closed; or taken up again."""

from collections.abc import Sequence

from aftersales.commitments import service as commitments
from aftersales.journal import service as journal
from aftersales.kit.errors import PluginFault, StateRefused
from aftersales.kit.guards import happened
from aftersales.kit.text import BODY_LIMIT, clean_text
from aftersales.plugins.verdicts import Refusal, TicketFacts
from aftersales.scope import TenantWork
from aftersales.terms.deadlines import MILESTONES
from aftersales.tickets import closing_rules, queries
from aftersales.tickets.closing_rules import Stage
from aftersales.tickets.commands import CloseTicket, ConfirmTicket, ReopenTicket, Resolve
from aftersales.tickets.handling import load, move, refresh_due, subject_of, terms_under, traits_of
from aftersales.tickets.milestones import milestone_reached
from aftersales.tickets.models import Ticket


async def resolve(uow: TenantWork, command: Resolve) -> Ticket:
    """The work is done: what the closing rules want before it is checked, the `resolved` milestone is met.

    What else was still owed is moot and ends: a visit that a phone call made needless isn't missed afterwards.
    """
    ticket = await load(uow, command, "ticket.work")
    await move(uow, ticket, "resolve")
    latest = ticket.restored_at or ticket.reported_at
    at = happened(uow.now, command.resolved_at, "resolvedAt", after=latest)
    ticket.cause = clean_text(command.cause, "cause", BODY_LIMIT) or ticket.cause
    ticket.measures = clean_text(command.measures, "measures", BODY_LIMIT) or ticket.measures
    await _demand(uow, ticket, "resolve")
    ticket.resolved_at = at
    ticket.customer_satisfied = None
    ticket.customer_confirmed_at = None
    await milestone_reached(uow, ticket, "resolved", at)
    await commitments.cancel(uow, subject_of(ticket), "resolved", uow.now)
    await refresh_due(uow, ticket)
    await journal.record(
        uow,
        "ticket.resolved",
        subject_type="ticket",
        subject_id=ticket.id,
        ticket=ticket,
        data={"cause": ticket.cause, "measures": ticket.measures},
        at=at,
    )
    return ticket


async def confirm_ticket(uow: TenantWork, command: ConfirmTicket) -> Ticket:
    """Keep the customer's answer; "not satisfied" reopens the ticket (P08-21)."""
    ticket = await load(uow, command, "ticket.confirm")
    comment = clean_text(command.comment, "comment", BODY_LIMIT)
    await move(uow, ticket, "confirm" if command.satisfied else "reject_resolution")
    ticket.customer_satisfied = command.satisfied
    ticket.customer_confirmed_at = uow.now
    await journal.record(
        uow,
        "ticket.confirmed",
        subject_type="ticket",
        subject_id=ticket.id,
        ticket=ticket,
        data={"satisfied": command.satisfied, "comment": comment},
    )
    if not command.satisfied:
        await _take_up(uow, ticket, comment or "not satisfied")
    return ticket


async def close_ticket(uow: TenantWork, command: CloseTicket) -> Ticket:
    """End the ticket: closing rules first, then what the vertical's `before_close` still wants."""
    ticket = await load(uow, command, "ticket.close")
    await move(uow, ticket, "close")
    await _demand(uow, ticket, "close")
    await _ask_vertical(uow, ticket)
    await commitments.cancel(uow, subject_of(ticket), "closed", uow.now)
    ticket.closed_at = uow.now
    await refresh_due(uow, ticket)
    await journal.record(uow, "ticket.closed", subject_type="ticket", subject_id=ticket.id, ticket=ticket)
    return ticket


async def reopen_ticket(uow: TenantWork, command: ReopenTicket) -> Ticket:
    """Take up a resolved or closed ticket again, with the reason."""
    ticket = await load(uow, command, "ticket.close")
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    await take_up(uow, ticket, reason)
    return ticket


async def take_up(uow: TenantWork, ticket: Ticket, reason: str) -> None:
    """Take up a locked ticket again, for rooms that learn later that the customer isn't satisfied."""
    await move(uow, ticket, "reopen")
    await _take_up(uow, ticket, reason)


async def _take_up(uow: TenantWork, ticket: Ticket, reason: str) -> None:
    """What the resolution had ended is owed again; the time in between isn't counted (P08-21)."""
    reached = {"acknowledged": ticket.acknowledged_at, "restored": ticket.restored_at}
    await commitments.reopen(
        uow,
        subject_of(ticket),
        uow.now,
        milestones=frozenset(name for name in MILESTONES if reached.get(name) is None),
        ended_since=ticket.resolved_at,
        reason=reason,
    )
    ticket.resolved_at = None
    ticket.closed_at = None
    await refresh_due(uow, ticket)
    await journal.record(
        uow, "ticket.reopened", subject_type="ticket", subject_id=ticket.id, ticket=ticket, data={"reason": reason}
    )


async def _demand(uow: TenantWork, ticket: Ticket, stage: Stage) -> None:
    """Refuse the stage while something is missing: an open session, open children, or what a closing rule needs."""
    evidence, open_sessions, open_children = await queries.evidence_of(uow, ticket)
    if open_sessions:
        raise StateRefused("REMOTE_SESSION_OPEN")
    if stage == "close" and open_children:
        raise StateRefused("CHILDREN_OPEN", count=open_children)
    rules = (await terms_under(uow, ticket)).closing_rules
    for rule in closing_rules.missing(rules, stage, traits_of(ticket), evidence):
        raise StateRefused(closing_rules.REFUSALS[rule.needs])


async def _ask_vertical(uow: TenantWork, ticket: Ticket) -> None:
    terms = uow.scope.vertical(ticket.vertical)
    if not uow.scope.registry.implements(ticket.vertical, "before_close"):
        return
    facts = TicketFacts(
        number=ticket.number,
        kind=ticket.kind,
        channel=ticket.channel,
        state=ticket.state,
        grade=ticket.grade,
        facts=ticket.facts,
        milestones=await queries.milestones_of(uow, ticket.id),
        cause=ticket.cause,
        measures=ticket.measures,
    )
    answers = await uow.scope.registry.behave(ticket.vertical, "before_close", ticket=facts, settings=terms.settings)
    for answer in answers or ():
        if not isinstance(answer, Sequence) or isinstance(answer, str):
            raise _nonsense(ticket.vertical, f"{type(answer).__name__} instead of a sequence")
        for refusal in answer:
            if not isinstance(refusal, Refusal):
                raise _nonsense(ticket.vertical, f"{refusal!r} isn't a refusal")
            raise StateRefused("TICKET_GUARD_REFUSED", reason_zh=refusal.reason.zh, reason_en=refusal.reason.en)


def _nonsense(vertical: str, reason: str) -> PluginFault:
    return PluginFault("VERTICAL_RETURNED_NONSENSE", vertical=vertical, hook="before_close", reason=reason)
