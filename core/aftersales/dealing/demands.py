"""What customers with a faulty product demand, and how it is answered (P07-21)."""

from typing import Final
from uuid import UUID

from aftersales.access import Right, require
from aftersales.dealing import rules
from aftersales.dealing.commands import ConfirmDemandQuality, DecideDemand, RecordDemand
from aftersales.dealing.models import RemedyDemand
from aftersales.fees import queries as fee_queries
from aftersales.fees.pricing import check_amount
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.tickets.handling import load_ticket
from aftersales.tickets.models import Ticket

MATRIX: Final = "remedy"
"""The type of the approval matrix that says who may grant what, by amount."""


async def record_demand(uow: TenantWork, command: RecordDemand) -> RemedyDemand:
    """Keep what the customer demands, as it said it. AMOUNT_INVALID."""
    ticket = await load_ticket(uow, command.ticket_id, "ticket.open")
    demand = uow.add(
        RemedyDemand(
            id=new_id(),
            ticket_id=ticket.id,
            customer_id=ticket.customer_id,
            demanded=command.demanded,
            amount=check_amount(command.amount, "amount"),
            details=clean_text(command.details, "details", BODY_LIMIT),
            state="recorded",
            recorded_at=uow.now,
        )
    )
    await _note(uow, "demand.recorded", demand, ticket, {"demanded": demand.demanded})
    return demand


async def confirm_demand_quality(uow: TenantWork, command: ConfirmDemandQuality) -> RemedyDemand:
    """Whether the product has a quality problem, with the evidence. DEMAND_STATE_REFUSED after the answer."""
    demand, ticket = await _load(uow, command.demand_id, "ticket.work", command.expected_version)
    evidence = clean_text(command.evidence, "evidence", BODY_LIMIT)
    if not evidence:
        raise InvalidInput("EVIDENCE_REQUIRED", field="evidence")
    demand.quality_confirmed, demand.evidence = command.confirmed, evidence
    await _note(uow, "demand.examined", demand, ticket, {"confirmed": command.confirmed})
    return demand


async def decide_demand(uow: TenantWork, command: DecideDemand) -> RemedyDemand:
    """Answer a demand, once; what `rules.decide_demand` refuses, and DEMAND_STATE_REFUSED the second time.

    Authority is the approval matrix of the type `remedy`; without one everybody with the right may grant.
    """
    demand, ticket = await _load(uow, command.demand_id, "approval.request", command.expected_version)
    reason = clean_text(command.reason, "reason", BODY_LIMIT)
    state, authority = rules.decide_demand(
        demanded=demand.demanded,
        granted=command.granted,
        amount=demand.amount,
        reason=reason,
        confirmed=demand.quality_confirmed,
        roles=uow.actor.roles,
        system=uow.actor.kind != "member",
        matrix=await fee_queries.matrix_rows(uow, MATRIX),
    )
    demand.granted, demand.reason, demand.authority = command.granted, reason or None, authority
    demand.state, demand.decided_by, demand.decided_at = state, uow.actor.label, uow.now
    await _note(
        uow, "demand.decided", demand, ticket,
        {"state": state, "granted": demand.granted, "reason": demand.reason, "authority": authority},
    )  # fmt: skip
    return demand


async def _load(
    uow: TenantWork, demand_id: UUID, right: Right, expected_version: int | None
) -> tuple[RemedyDemand, Ticket]:
    require(uow.actor, right)
    found = await uow.get(RemedyDemand, demand_id)
    ticket = await load_ticket(uow, found.ticket_id, right)
    demand = await locked(uow, RemedyDemand, demand_id, expected_version)
    if demand.state != "recorded":
        raise StateRefused("DEMAND_STATE_REFUSED", field="demandId")
    return demand, ticket


async def _note(uow: TenantWork, kind: str, demand: RemedyDemand, ticket: Ticket, data: dict[str, object]) -> None:
    await journal.record(
        uow, kind, subject_type="remedy_demand", subject_id=demand.id, ticket=ticket,
        data={"demanded": demand.demanded, "amount": demand.amount, **data},
    )  # fmt: skip
