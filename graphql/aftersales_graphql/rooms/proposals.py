"""Proposals before the sale, with surveys of the site."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from aftersales.proposals import models
from aftersales_graphql.machine.declare import connection, entity, find, many, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.contracts import ServiceContract
from aftersales_graphql.rooms.documents import Document
from aftersales_graphql.rooms.parties import Customer, Site
from aftersales_graphql.rooms.visibility import own_or_given, staff_only

_own: Any = own_or_given()


@entity(models.SiteSurvey, visible=staff_only)
class SiteSurvey(Node):
    """What was found on a site."""

    surveyed_on: date
    conditions: str
    surveyor: str
    at: datetime
    document: Document | None = one("document_id")


@entity(models.Proposal, filters=("vertical", "state", "customer"), orders=("requested_at",),
        default_order="requested_at", visible=_own)  # fmt: skip
class Proposal(Node):
    """A proposal from its request on; `warnings` are codes of what was missing when it was sent."""

    number: str
    vertical: str
    needs: str
    requested_at: datetime
    revision: int
    title: str | None
    body: str | None
    budget_total: Decimal | None
    currency: str
    warnings: list[str]
    sent_at: datetime | None
    state: str
    reason: str | None
    answered_at: datetime | None
    version: int
    customer: Customer | None = one("customer_id")
    site: Site | None = one("site_id")
    contract: ServiceContract | None = one("contract_id")
    surveys: list[SiteSurvey] = many("proposal_id", order="id")


@root
class ProposalQueries:
    proposal: Proposal | None = find(description="One proposal by its id.")
    proposals: Connection[Proposal] = connection(description="Proposals.")
