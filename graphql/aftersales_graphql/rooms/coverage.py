"""Decisions on coverage, why they were made, and the warranties of an asset."""

from datetime import date, datetime

import strawberry
from strawberry.scalars import JSON

from aftersales.coverage import models, service
from aftersales.coverage.service import AssetWarranty as Found
from aftersales_graphql.language import told
from aftersales_graphql.machine.declare import connection, entity, find, one
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.assets import Asset
from aftersales_graphql.rooms.commands import id_given
from aftersales_graphql.rooms.contracts import ServiceContract
from aftersales_graphql.rooms.tickets import Ticket
from aftersales_graphql.rooms.visibility import staff_only, through_ticket


@entity(
    models.CoverageDecision,
    filters=("ticket", "asset", "component", "outcome", "reason", "payer"),
    orders=("decided_at", "sequence"),
    default_order="decided_at",
    visible=through_ticket,
)
class CoverageDecision(Node):
    """Whether work on a part is free, and why. Of a ticket's decisions on a part the highest `sequence` counts."""

    component: str
    warranty_class: str
    sequence: int
    occurred_on: date
    usage: int | None
    symptoms: list[str]
    cause: str | None
    evidence: JSON
    outcome: str
    payer: str
    reason: str
    clause: str | None
    phase: str
    provisional: bool
    remedies: list[str]
    must_match: list[str]
    starts_on: date
    last_day: date
    ends_at: datetime
    decided_at: datetime
    ticket: Ticket | None = one("ticket_id")
    asset: Asset | None = one("asset_id")
    contract: ServiceContract | None = one("contract_id")


@entity(models.QualityFinding, visible=through_ticket)
class QualityFinding(Node):
    """What the contract's inspection body found in a quarrel about the quality of a part; final."""

    component: str
    body: str
    finding: str
    cause: str
    reported_on: date
    recorded_at: datetime
    ticket: Ticket | None = one("ticket_id")
    contract: ServiceContract | None = one("contract_id")


@entity(
    models.FleetReview,
    filters=("vertical", "asset_type", "component", "state"),
    orders=("created_at",),
    default_order="created_at",
    visible=staff_only,
)
class FleetReview(Node):
    """One question about every asset of a type, answered by a worker: running, then done or cancelled."""

    vertical: str
    asset_type: str
    component: str
    cause: str | None
    symptoms: list[str]
    evidence: list[str]
    on_day: date
    state: str
    assets_decided: int
    outcomes: JSON
    version: int
    created_at: datetime
    finished_at: datetime | None


@entity(models.FleetVerdict, filters=("fleet_review", "outcome", "reason", "refusal"), visible=staff_only)
class FleetVerdict(Node):
    """The verdict of a review on one asset; `refusal` is the code of why there is none."""

    outcome: str | None
    payer: str | None
    reason: str | None
    clause: str | None
    phase: str | None
    provisional: bool
    last_day: date | None
    refusal: str | None
    fleet_review: FleetReview | None = one("fleet_review_id")
    asset: Asset | None = one("asset_id")


@strawberry.type(description="A decision in words, in the caller's language.")
class CoverageExplanation:
    summary: str = strawberry.field(description="Fit for the customer.")
    rules: list[str] = strawberry.field(description="The rules that were weighed: ✓ decided, ✗ didn't, and why.")


@strawberry.type(description="The warranty of one part of an asset on a day.")
class AssetWarranty:
    component: str
    name: str = strawberry.field(description="In the caller's language.")
    warranty_class: str
    state: str = strawberry.field(description="in_term, ended, not_begun, start_missing or not_stated.")
    starts_on: date | None
    last_day: date | None = strawberry.field(description="Covered to its end.")
    ends_at: datetime | None = strawberry.field(description="The first instant that isn't covered any more.")
    usage_limit: int | None = strawberry.field(description="The reading that ends the term if it comes first.")
    usage_unit: str | None
    source: str | None = strawberry.field(description="vertical, tenant, contract, statute or default.")
    clause: str | None
    law: str | None = strawberry.field(description="The law that gives more than what was promised.")


@query()
async def asset_warranties(call: Call, asset_id: strawberry.ID, on: date | None = None) -> list[AssetWarranty]:
    """The warranty of every part of an asset on a local day, by default today."""
    found = await service.asset_warranties(call.uow, id_given("Asset", asset_id, "assetId"), on)
    return [_warranty(warranty, call) for warranty in found]


@query()
async def coverage_explanation(call: Call, coverage_decision_id: strawberry.ID) -> CoverageExplanation:
    """Why a decision on coverage is what it is: result, who pays, reason, clause, days, remedy."""
    decision = id_given("CoverageDecision", coverage_decision_id, "coverageDecisionId")
    explanation = await service.explain_decision(call.uow, decision, call.language)
    return CoverageExplanation(summary=explanation.summary, rules=list(explanation.lines))


def _warranty(found: Found, call: Call) -> AssetWarranty:
    standing = found.standing
    limit = standing.usage_limit if standing else None
    return AssetWarranty(
        component=found.component,
        name=told(found.label, call.language),
        warranty_class=found.warranty_class,
        state=found.state,
        starts_on=standing.starts_on if standing else None,
        last_day=standing.last_day if standing else None,
        ends_at=standing.ends_at if standing else None,
        usage_limit=limit.amount if limit else None,
        usage_unit=limit.unit if limit else None,
        source=standing.source if standing else None,
        clause=standing.clause if standing else None,
        law=told(standing.law, call.language) if standing and standing.law else None,
    )


@root
class CoverageQueries:
    coverage_decision: CoverageDecision | None = find(description="One decision on coverage by its id.")
    coverage_decisions: Connection[CoverageDecision] = connection(description="Decisions on coverage.")
    fleet_review: FleetReview | None = find(description="One review of a fleet by its id.")
    fleet_reviews: Connection[FleetReview] = connection(description="Reviews of fleets.")
    fleet_verdicts: Connection[FleetVerdict] = connection(description="Verdicts of reviews, asset by asset.")
    asset_warranties = asset_warranties
    coverage_explanation = coverage_explanation
