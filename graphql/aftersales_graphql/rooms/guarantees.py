"""Guarantees with their counts, downtime, incidents, verdicts and remedies."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.scalars import JSON

from aftersales.guarantees import models
from aftersales_graphql.machine.declare import connection, entity, find, many, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.contracts import ServiceContract
from aftersales_graphql.rooms.documents import Document
from aftersales_graphql.rooms.parties import Customer, Site
from aftersales_graphql.rooms.visibility import own_or_given, staff_only, through

if TYPE_CHECKING:
    from aftersales_graphql.rooms.assets import Asset
    from aftersales_graphql.rooms.tickets import Ticket

_guarantees: Any = models.ServiceGuarantee.__table__
_own: Any = own_or_given()
_of_guarantee = through(_guarantees, "guarantee_id", _own)


@entity(models.GuaranteeCount, visible=_of_guarantee)
class GuaranteeCount(Node):
    """A count of plants for a checkpoint, by species and size, with its evidence."""

    checkpoint_on: date
    counted_on: date
    lines: JSON
    evidence: str
    at: datetime
    document: Document | None = one("document_id")


@entity(models.GuaranteeDowntime, visible=_of_guarantee)
class GuaranteeDowntime(Node):
    """An entry of the downtime ledger."""

    at: datetime
    state: str
    planned: bool
    reason: str
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")


@entity(models.GuaranteeIncident, visible=staff_only)
class GuaranteeIncident(Node):
    """Something that a zero target says must not happen."""

    at: datetime
    category: str
    description: str
    evidence: str
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")


@entity(models.GuaranteeRemedy, visible=_of_guarantee)
class GuaranteeRemedy(Node):
    """What a checkpoint obliges to: the same species and size, so many of them."""

    remedy: str
    species: str
    size: str
    quantity: int
    state: str
    evidence: str | None
    due_since: datetime
    done_at: datetime | None
    version: int


@entity(models.GuaranteeCheck, visible=_of_guarantee)
class GuaranteeCheck(Node):
    """The verdict at a checkpoint, with what was measured."""

    checkpoint_on: date
    met: bool
    value: Decimal | None
    shortfall: int
    measured: JSON
    at: datetime
    count: GuaranteeCount | None = one("count_id")
    remedies: list[GuaranteeRemedy] = many("check_id", order="species")


@entity(models.ServiceGuarantee, filters=("vertical", "code", "metric", "state", "customer", "asset", "site"),
        orders=("starts_on",), default_order="starts_on", visible=_own)  # fmt: skip
class ServiceGuarantee(Node):
    """A measured promise about an asset, a site or the company, under the terms of the day it was opened."""

    vertical: str
    code: str
    name: str
    metric: str
    threshold: Decimal
    inclusive: bool
    excludes: list[str]
    categories: list[str]
    remedy: str | None
    clause: str | None
    source: str
    starts_on: date
    ends_on: date | None
    checkpoints: list[str]
    state: str
    version: int
    created_at: datetime
    customer: Customer | None = one("customer_id")
    asset: Annotated["Asset", strawberry.lazy("aftersales_graphql.rooms.assets")] | None = one("asset_id")
    site: Site | None = one("site_id")
    contract: ServiceContract | None = one("contract_id")
    counts: list[GuaranteeCount] = many("guarantee_id", order="checkpoint_on")
    downtimes: list[GuaranteeDowntime] = many("guarantee_id", order="at")
    incidents: list[GuaranteeIncident] = many("guarantee_id", order="at")
    checks: list[GuaranteeCheck] = many("guarantee_id", order="checkpoint_on")
    remedies: list[GuaranteeRemedy] = many("guarantee_id", order="due_since")


@root
class GuaranteeQueries:
    guarantee: ServiceGuarantee | None = find(description="One guarantee by its id.")
    guarantees: Connection[ServiceGuarantee] = connection(description="Guarantees.")
