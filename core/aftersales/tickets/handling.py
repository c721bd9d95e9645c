"""What every operation on a ticket shares: finding it, its terms, its clocks, its next deadline."""

from datetime import datetime
from uuid import UUID

import msgspec

from aftersales.access import Right, may, require
from aftersales.commitments import service as commitments
from aftersales.commitments.service import Subject
from aftersales.commitments.targets import TargetFacts
from aftersales.contracts.models import ServiceContract
from aftersales.contracts.terms import signed_terms, terms_of
from aftersales.journal import service as journal
from aftersales.kit.actor import Actor
from aftersales.kit.errors import Conflict, NotFound, StateRefused
from aftersales.kit.guards import locked, today
from aftersales.scope import TenantWork
from aftersales.terms.deadlines import SlaTarget, StartEvent
from aftersales.terms.playbook import VerticalPlaybook
from aftersales.tickets import guards, queries
from aftersales.tickets.closing_rules import TicketTraits, major_incident
from aftersales.tickets.commands import TicketCommand
from aftersales.tickets.ladder_rules import applies
from aftersales.tickets.models import Ticket
from aftersales.tickets.state_rules import NEEDS_EMERGENCY_PLAN, Operation, next_state


def visible_to(actor: Actor, ticket: Ticket) -> bool:
    """Customers see their own tickets, dealers those of their unit, staff all of the tenant's."""
    if actor.customer_id is not None:
        return ticket.customer_id == actor.customer_id
    if actor.dealer_id is not None:
        return ticket.service_unit_id == actor.dealer_id
    return True


async def load_ticket(uow: TenantWork, ticket_id: UUID, right: Right, expected_version: int | None = None) -> Ticket:
    """The ticket, locked until the unit ends.

    FORBIDDEN without the right (complaints need `complaint.handle` where others need a working right), NOT_FOUND
    for a ticket that isn't the caller's, VERSION_STALE when it was changed since `expected_version`.
    """
    handles_complaints = right not in {"ticket.open", "ticket.confirm"} and may(uow.actor, "complaint.handle")
    if not handles_complaints:
        require(uow.actor, right)
    ticket = await locked(uow, Ticket, ticket_id)
    if not visible_to(uow.actor, ticket):
        raise NotFound("NOT_FOUND", thing="Ticket")
    if ticket.kind != "complaint" or right in {"ticket.open", "ticket.confirm"}:
        require(uow.actor, right)
    else:
        require(uow.actor, "complaint.handle")
    if expected_version is not None and expected_version != ticket.version:
        raise Conflict("VERSION_STALE", field="expectedVersion", actual=ticket.version, expected=expected_version)
    return ticket


async def load(uow: TenantWork, command: TicketCommand, right: Right) -> Ticket:
    """The ticket that a command names; see `load_ticket`."""
    return await load_ticket(uow, command.ticket_id, right, command.expected_version)


async def move(uow: TenantWork, ticket: Ticket, operation: Operation, at: datetime | None = None) -> None:
    """Bring the ticket into the state to which the operation leads.

    Whatever ends the wait for the customer lets the clocks run on, from `at` (by default now).

    TICKET_STATE_REFUSED when it isn't possible now, EMERGENCY_PLAN_REQUIRED for a major incident without a plan,
    and what another room's guard before the operation refuses (see `guards`).
    """
    state = next_state(ticket.state, operation)
    if operation in NEEDS_EMERGENCY_PLAN and await plan_outstanding(uow, ticket):
        raise StateRefused("EMERGENCY_PLAN_REQUIRED")
    await guards.check(uow, ticket, operation)
    waited, ticket.state = ticket.state == "waiting_customer" != state, state
    if waited:
        await _end_wait(uow, ticket, uow.now if at is None else at)


async def _end_wait(uow: TenantWork, ticket: Ticket, at: datetime) -> None:
    await commitments.resume(uow, subject_of(ticket), at)
    ticket.waiting_reason = None
    await refresh_due(uow, ticket)
    await journal.record(uow, "ticket.resumed", subject_type="ticket", subject_id=ticket.id, ticket=ticket, at=at)


async def plan_outstanding(uow: TenantWork, ticket: Ticket) -> bool:
    """Whether the ticket is a major incident whose emergency plan isn't on record yet."""
    rule = major_incident((await terms_under(uow, ticket)).major_incidents, ticket.grade)
    if rule is None or not rule.needs_emergency_plan:
        return False
    return not await queries.has_emergency_plan(uow, ticket.id)


async def begin_work(uow: TenantWork, ticket: Ticket) -> None:
    """An open ticket that is worked on is in progress, unless a major incident still lacks its plan (P10-26)."""
    if ticket.state == "open" and not await plan_outstanding(uow, ticket):
        ticket.state = "in_progress"


async def check_visit_decided(uow: TenantWork, ticket: Ticket) -> None:
    """A visit is planned only after it was decided, where tickets climb a ladder (P08-19: LADDER_STEP_REQUIRED)."""
    ladder = (await terms_under(uow, ticket)).ladder_of_channels
    if applies(ladder, ticket.kind, ticket.grade) and ticket.on_site_decided_at is None:
        raise StateRefused("LADDER_STEP_REQUIRED", step="visit", missing="decide_on_site")


def subject_of(ticket: Ticket) -> Subject:
    """The ticket as the promise ledger knows it."""
    return Subject(type="ticket", id=ticket.id, ticket_id=ticket.id)


def traits_of(ticket: Ticket) -> TicketTraits:
    """The dimensions by which closing rules choose tickets."""
    return TicketTraits(
        kind=ticket.kind,
        channel=ticket.channel,
        tier=ticket.tier,
        grade=ticket.grade,
        region_class=ticket.region_class,
        symptom=ticket.symptom,
        work_type=ticket.work_type,
    )


def facts_under(ticket: Ticket, contract: ServiceContract | None) -> TargetFacts:
    """The facts by which targets are chosen, under the given contract's own targets and the terms it was signed on."""
    agreed = msgspec.convert((contract.terms if contract else {}).get("targets", ()), tuple[SlaTarget, ...])
    return TargetFacts(
        vertical=ticket.vertical,
        kind=ticket.kind,
        grade=ticket.grade,
        region_class=ticket.region_class,
        tier=ticket.tier,
        symptom=ticket.symptom,
        work_type=ticket.work_type,
        channel=ticket.channel,
        contract_targets=agreed,
        signed=signed_terms(contract),
    )


async def terms_under(uow: TenantWork, ticket: Ticket) -> VerticalPlaybook:
    """What was promised for a ticket: the terms its contract was signed on, else those of its vertical."""
    contract = None if ticket.contract_id is None else await uow.get(ServiceContract, ticket.contract_id)
    return terms_of(uow.scope, ticket.vertical, contract)


def in_force(uow: TenantWork, contract: ServiceContract, vertical: str) -> bool:
    """Whether the contract is of the vertical and holds on the tenant's present day, both end days included."""
    present = today(uow.now, uow.scope.time_zone)
    ended = contract.ends_on is not None and contract.ends_on < present
    begun = contract.starts_on <= present
    return contract.vertical == vertical and contract.state == "active" and begun and not ended


async def target_facts(uow: TenantWork, ticket: Ticket) -> TargetFacts:
    """The facts by which targets are chosen now."""
    contract = None if ticket.contract_id is None else await uow.get(ServiceContract, ticket.contract_id)
    if contract is not None and contract.ends_on is not None:
        # A ticket that came after a contract's last day doesn't get what was promised for the time before.
        over = contract.ends_on < today(ticket.created_at, uow.scope.time_zone)
        contract = None if over else contract
    return facts_under(ticket, contract)


def started_events(ticket: Ticket) -> dict[StartEvent, datetime]:
    """When each event that starts clocks happened to the ticket."""
    known: dict[StartEvent, datetime | None] = {
        "reported": ticket.reported_at,
        "graded": ticket.graded_at,
        "phone_failed": ticket.phone_failed_at,
        "remote_failed": ticket.remote_failed_at,
        "on_site_decided": ticket.on_site_decided_at,
        "customer_replied": ticket.customer_replied_at,
    }
    return {event: at for event, at in known.items() if at is not None}


async def start_clocks(uow: TenantWork, ticket: Ticket, event: StartEvent, at: datetime) -> None:
    """Start the clocks of the targets that begin with this event."""
    await commitments.start(uow, subject_of(ticket), await target_facts(uow, ticket), event, at)


async def refresh_due(uow: TenantWork, ticket: Ticket) -> None:
    """Keep the earliest open deadline on the ticket."""
    ticket.next_due_at = await commitments.earliest_due(uow, subject_of(ticket))
