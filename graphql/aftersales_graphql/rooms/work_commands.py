"""What is done with engineers, work orders and visits, and who could be sent."""

from datetime import MINYEAR, UTC, datetime, timedelta

import strawberry

from aftersales.kit.clock import require_aware
from aftersales.kit.errors import InvalidInput
from aftersales.work import service
from aftersales.work.rules import Candidate
from aftersales_graphql.language import told
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Ref
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.commands import command, id_given
from aftersales_graphql.rooms.work import Engineer, ServiceAppointment, WorkOrder

DEFAULT_WINDOW = timedelta(hours=2)
LAST_INSTANT = datetime.max.replace(tzinfo=UTC)


@strawberry.type(description="A line of a proposal: what speaks for an engineer, or rules the engineer out.")
class DispatchReason:
    code: str
    text: str = strawberry.field(description="In the caller's language.")
    points: int
    blocks: bool


@strawberry.type(description="An engineer who could go, or who may not and why.")
class DispatchProposal:
    engineer: Engineer | None
    fit: bool = strawberry.field(description="Whether the engineer may be sent.")
    score: int
    reasons: list[DispatchReason]


@query()
async def dispatch_proposals(
    call: Call,
    ticket_id: strawberry.ID,
    window_start: datetime | None = None,
    window_end: datetime | None = None,
    work_type: str | None = None,
) -> list[DispatchProposal]:
    """Who could go for a ticket, the best first, each with reasons; behind them who may not go.

    The window begins now and lasts two hours unless it is given; the work type is the ticket's own.
    """
    start = call.uow.now if window_start is None else require_aware(window_start, "windowStart")
    if start.year == MINYEAR:
        # The window's local day may begin before the calendar does.
        raise InvalidInput("INSTANT_IMPOSSIBLE", field="windowStart", value=start.isoformat())
    end = window_end or start + min(DEFAULT_WINDOW, LAST_INSTANT - start)
    candidates = await service.propose_engineers(
        call.uow,
        service.ProposeEngineers(
            ticket_id=id_given("Ticket", ticket_id, "ticketId"),
            window_start=start,
            window_end=end,
            work_type=work_type,
        ),
    )
    return [proposal_of(candidate, call) for candidate in candidates]


def proposal_of(candidate: Candidate, call: Call) -> DispatchProposal:
    """A candidate as the API tells it."""
    return DispatchProposal(
        engineer=Ref(Engineer, candidate.engineer.id),  # type: ignore[arg-type]
        fit=candidate.fit,
        score=candidate.score,
        reasons=[
            DispatchReason(
                code=reason.code, text=told(reason.label, call.language), points=reason.points, blocks=reason.blocks
            )
            for reason in candidate.reasons
        ],
    )


@root
class DispatchQueries:
    dispatch_proposals = dispatch_proposals


@root
class WorkMutations:
    create_engineer = command(service.create_engineer, returns=Engineer)
    update_engineer = command(service.update_engineer, returns=Engineer)
    add_certificate = command(service.add_certificate, returns=Engineer)
    create_work_order = command(service.create_work_order, returns=WorkOrder)
    add_work_order_line = command(service.add_work_order_line, returns=WorkOrder)
    complete_work_order = command(service.complete_work_order, returns=WorkOrder)
    sign_off_work_order = command(service.sign_off_work_order, returns=WorkOrder)
    cancel_work_order = command(service.cancel_work_order, returns=WorkOrder)
    plan_appointment = command(service.plan_appointment, returns=ServiceAppointment, under="appointment")
    dispatch_appointment = command(service.dispatch_appointment, returns=ServiceAppointment, under="appointment")
    record_arrival = command(service.record_arrival, returns=ServiceAppointment, under="appointment")
    finish_appointment = command(service.finish_appointment, returns=ServiceAppointment, under="appointment")
    confirm_appointment = command(service.confirm_appointment, returns=ServiceAppointment, under="appointment")
    move_appointment = command(service.move_appointment, returns=ServiceAppointment, under="appointment")
    cancel_appointment = command(service.cancel_appointment, returns=ServiceAppointment, under="appointment")
