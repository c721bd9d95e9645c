"""What is done with guarantees; how one stands on a day, and how its next checkpoint is likely to end."""

from datetime import date
from decimal import Decimal

import strawberry

from aftersales.guarantees import service
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.commands import command, id_given
from aftersales_graphql.rooms.guarantees import (
    GuaranteeCheck,
    GuaranteeCount,
    GuaranteeDowntime,
    GuaranteeIncident,
    GuaranteeRemedy,
    ServiceGuarantee,
)


@strawberry.type(description="How often something happened that must not happen.")
class IncidentCount:
    category: str
    count: int


@strawberry.type(
    description="How a guarantee stands at the end of a local day. Plants: by the last count. Availability and "
    "zero targets: `value` since the first of the month, `lifeValue` since the guarantee's first day."
)
class GuaranteeStanding:
    on: date
    met: bool | None
    value: Decimal | None
    life_value: Decimal | None
    base: int | None
    counted: int | None
    shortfall: int
    raw: Decimal | None
    after_replacement: Decimal | None
    counted_on: date | None
    down_seconds: Decimal | None
    planned_seconds: Decimal | None
    allowance_seconds: Decimal | None
    incidents: list[IncidentCount]
    owed: int = strawberry.field(description="Plants that are still to be replaced.")


@strawberry.type(description="What the next checkpoint will show if things go on as they did.")
class GuaranteeOutlook:
    checkpoint_on: date | None
    met: bool | None
    value: Decimal | None
    base: int | None
    expected: int | None
    shortfall: int
    allowance_seconds: Decimal | None


@query()
async def guarantee_status(call: Call, guarantee_id: strawberry.ID, on: date | None = None) -> GuaranteeStanding:
    """How a guarantee stands on a local day, by default today."""
    found = await service.guarantee_status(call.uow, id_given("ServiceGuarantee", guarantee_id, "guaranteeId"), on)
    return GuaranteeStanding(
        on=found.on,
        met=found.met,
        value=found.value,
        life_value=found.life_value,
        base=found.base,
        counted=found.counted,
        shortfall=found.shortfall,
        raw=found.raw,
        after_replacement=found.after_replacement,
        counted_on=found.counted_on,
        down_seconds=found.down_seconds,
        planned_seconds=found.planned_seconds,
        allowance_seconds=found.allowance_seconds,
        incidents=[IncidentCount(category=one.category, count=one.count) for one in found.incidents],
        owed=found.owed,
    )


@query()
async def guarantee_forecast(call: Call, guarantee_id: strawberry.ID) -> GuaranteeOutlook:
    """How the next checkpoint of a guarantee is likely to end."""
    found = await service.guarantee_forecast(call.uow, id_given("ServiceGuarantee", guarantee_id, "guaranteeId"))
    return GuaranteeOutlook(
        checkpoint_on=found.checkpoint_on,
        met=found.met,
        value=found.value,
        base=found.base,
        expected=found.expected,
        shortfall=found.shortfall,
        allowance_seconds=found.allowance_seconds,
    )


@root
class GuaranteeAnswerQueries:
    guarantee_status = guarantee_status
    guarantee_forecast = guarantee_forecast


@root
class GuaranteeMutations:
    open_guarantee = command(service.open_guarantee, returns=ServiceGuarantee, under="guarantee")
    end_guarantee = command(service.end_guarantee, returns=ServiceGuarantee, under="guarantee")
    record_count = command(service.record_count, returns=GuaranteeCount, under="count")
    record_downtime = command(service.record_downtime, returns=GuaranteeDowntime, under="downtime")
    record_uptime = command(service.record_uptime, returns=GuaranteeDowntime, under="downtime")
    record_incident = command(service.record_incident, returns=GuaranteeIncident, under="incident")
    check_guarantee = command(service.check_guarantee, returns=GuaranteeCheck, under="check")
    carry_out_remedy = command(service.carry_out_remedy, returns=GuaranteeRemedy, under="remedy")
