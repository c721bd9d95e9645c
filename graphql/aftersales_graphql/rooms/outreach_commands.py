"""What is done with outreach events; what is missing before one is published, and how its phases stand."""

from datetime import date

import strawberry

from aftersales.outreach import service
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.commands import command, id_given
from aftersales_graphql.rooms.outreach import OutreachEvent, OutreachGood, OutreachOpinion, OutreachPoint


@strawberry.type(description="A department that sends too few people, or too many.")
class OutreachStaffGap:
    department: str
    needs: int
    has: int


@strawberry.type(description="What is missing before an event can be published; warnings don't stop it.")
class OutreachReadiness:
    ready: bool
    itinerary: bool
    staff_gaps: list[OutreachStaffGap]
    goods_short: list[str]
    warnings: list[str]


@strawberry.type(description="A phase, both days included, and how it stands now: upcoming, active or ended.")
class OutreachPhaseState:
    code: str
    starts_on: date
    ends_on: date
    days: int
    state: str


@query()
async def outreach_readiness(call: Call, outreach_event_id: strawberry.ID) -> OutreachReadiness:
    """What an event still lacks."""
    event_id = id_given("OutreachEvent", outreach_event_id, "outreachEventId")
    found = await service.outreach_readiness(call.uow, event_id)
    return OutreachReadiness(
        ready=found.ready,
        itinerary=found.itinerary,
        staff_gaps=[
            OutreachStaffGap(department=gap.department, needs=gap.needs, has=gap.has) for gap in found.staff_gaps
        ],
        goods_short=list(found.goods_short),
        warnings=list(found.warnings),
    )


@query()
async def outreach_phases(call: Call, outreach_event_id: strawberry.ID) -> list[OutreachPhaseState]:
    """How an event's phases stand on the present local day."""
    found = await service.outreach_phases(call.uow, id_given("OutreachEvent", outreach_event_id, "outreachEventId"))
    return [
        OutreachPhaseState(
            code=phase.code, starts_on=phase.starts_on, ends_on=phase.ends_on, days=phase.days, state=state
        )
        for phase, state in found
    ]


@root
class OutreachAnswerQueries:
    outreach_readiness = outreach_readiness
    outreach_phases = outreach_phases


@root
class OutreachMutations:
    create_outreach_event = command(service.create_outreach_event, returns=OutreachEvent)
    update_outreach_event = command(service.update_outreach_event, returns=OutreachEvent)
    add_outreach_point = command(service.add_outreach_point, returns=OutreachPoint)
    add_outreach_staff = command(service.add_outreach_staff, returns=OutreachEvent)
    set_outreach_good = command(service.set_outreach_good, returns=OutreachGood)
    publish_outreach_event = command(service.publish_outreach_event, returns=OutreachEvent)
    register_opinion = command(service.register_opinion, returns=OutreachOpinion)
    close_outreach_event = command(service.close_outreach_event, returns=OutreachEvent)
