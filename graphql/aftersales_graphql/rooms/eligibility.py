"""Questions that a vertical decides: which segment a customer is in, whether an asset may take part in a campaign."""

from datetime import date

import strawberry

from aftersales.assets import service as assets
from aftersales.assets.commands import CheckEligibility
from aftersales.parties import service as parties
from aftersales.parties import units
from aftersales.plugins.verdicts import SegmentVerdict
from aftersales_graphql.language import told
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Ref
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.commands import id_given
from aftersales_graphql.rooms.parties import Customer, ServiceUnit


@strawberry.type(description="Yes or no, with the reason to tell the customer.")
class Eligibility:
    eligible: bool
    reason: str = strawberry.field(description="In the caller's language.")
    clause: str | None


@strawberry.type(description="The segment that a customer is in, and why.")
class CustomerSegment:
    customer: Customer | None
    segment: str
    reason: str = strawberry.field(description="In the caller's language.")
    clause: str | None


@strawberry.type(description="A unit that may serve a place; `reach` is how many digits of the region code it names.")
class NearServiceUnit:
    service_unit: ServiceUnit | None
    reach: int


@query()
async def campaign_eligibility(
    call: Call,
    asset_id: strawberry.ID,
    campaign: str,
    offer: str | None = None,
    service_unit_id: strawberry.ID | None = None,
    on: date | None = None,
) -> Eligibility:
    """May an asset take part in a campaign (or get one offer of it) at a service unit on a day, by default today?"""
    verdict = await assets.check_eligibility(
        call.uow,
        CheckEligibility(
            asset_id=id_given("Asset", asset_id, "assetId"),
            campaign=campaign,
            offer=offer,
            service_unit_id=None
            if service_unit_id is None
            else id_given("ServiceUnit", service_unit_id, "serviceUnitId"),
            on=on,
        ),
    )
    return Eligibility(eligible=verdict.eligible, reason=told(verdict.reason, call.language), clause=verdict.clause)


@query(description="The segment that a vertical puts a customer in on a day, by default today; null when in none.")
async def customer_segment(
    call: Call, customer_id: strawberry.ID, vertical: str, on: date | None = None
) -> CustomerSegment | None:
    customer = id_given("Customer", customer_id, "customerId")
    verdict = await parties.customer_segment(call.uow, customer, vertical, on)
    return None if verdict is None else _segment(Ref(Customer, customer), verdict, call)


@query()
async def audience(
    call: Call, vertical: str, segment: str, on: date | None = None, after: str = "", first: int = 100
) -> list[CustomerSegment]:
    """The customers of a segment among the `first` active ones behind the customer code `after`."""
    found = await parties.audience(call.uow, vertical, segment, on, after=after, first=first)
    return [_segment(Ref(Customer, customer.id), verdict, call) for customer, verdict in found]


@query(description="The service units that serve a region, nearest first.", roles={"owner", "dispatcher", "engineer"})
async def nearest_service_units(
    call: Call, region: str | None = None, authorised_only: bool = False
) -> list[NearServiceUnit]:
    found = await units.nearest_units(call.uow, region, authorised_only=authorised_only)
    return [
        NearServiceUnit(service_unit=Ref(ServiceUnit, near.unit.id), reach=near.reach)  # type: ignore[arg-type]
        for near in found
    ]


def _segment(customer: Ref, verdict: SegmentVerdict, call: Call) -> CustomerSegment:
    return CustomerSegment(
        customer=customer,  # type: ignore[arg-type]
        segment=verdict.segment,
        reason=told(verdict.reason, call.language),
        clause=verdict.clause,
    )


@root
class EligibilityQueries:
    campaign_eligibility = campaign_eligibility
    customer_segment = customer_segment
    audience = audience
    nearest_service_units = nearest_service_units
