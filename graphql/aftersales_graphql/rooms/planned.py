"""What is planned and owed without a ticket, and the tenant's own rules."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.scalars import JSON

from aftersales.feeds import models as feed_models
from aftersales.planned import models
from aftersales_graphql.machine.declare import connection, entity, find, many, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.commitments import Commitment
from aftersales_graphql.rooms.contracts import ServiceContract
from aftersales_graphql.rooms.parties import Customer, ServiceUnit, Site
from aftersales_graphql.rooms.visibility import obligation_seen, own_or_given, staff_only
from aftersales_graphql.rooms.work import Engineer

if TYPE_CHECKING:
    from aftersales_graphql.rooms.assets import Asset
    from aftersales_graphql.rooms.tickets import Ticket

_own: Any = own_or_given()
LazyAsset = Annotated["Asset", strawberry.lazy("aftersales_graphql.rooms.assets")]


@entity(models.MaintenanceRule, filters=("vertical", "code"), orders=("effective_from",),
        default_order="effective_from", visible=staff_only)  # fmt: skip
class MaintenanceRule(Node):
    """A cadence of the tenant's own, in force between two days."""

    vertical: str
    code: str
    name: str
    cadence: JSON
    effective_from: date
    effective_until: date | None
    version: int
    created_at: datetime


@entity(
    models.PlannedObligation,
    filters=("state", "kind", "code", "vertical", "due_on", "customer", "asset", "free"),
    orders=("due_on", "id"),
    default_order="due_on",
    visible=obligation_seen,
)
class PlannedObligation(Node):
    """A visit or task that is owed without a ticket. `dueOn` null: tracked, never broken."""

    code: str
    kind: str
    name: str
    clause: str | None
    source: str
    vertical: str
    occurrence: str
    region: str | None
    opens_on: date
    due_on: date | None
    planned_on: date | None
    free: bool
    provider: str
    needs_authorisation: bool
    departments: list[str]
    checklist: list[str]
    state: str
    done_on: date | None
    evidence: str | None
    present: list[str]
    missing_departments: list[str]
    version: int
    customer: Customer | None = one("customer_id")
    asset: LazyAsset | None = one("asset_id")
    contract: ServiceContract | None = one("contract_id")
    site: Site | None = one("site_id")
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")
    commitments: list[Commitment] = many("subject_id", order="created_at")


@entity(models.MaintenancePlan, filters=("vertical", "customer", "asset"), orders=("created_at",),
        default_order="created_at", visible=_own)  # fmt: skip
class MaintenancePlan(Node):
    """The plan of an asset, or of a contract as a whole, and how far it is stored."""

    vertical: str
    planned_through: date | None
    created_at: datetime
    customer: Customer | None = one("customer_id")
    asset: LazyAsset | None = one("asset_id")
    contract: ServiceContract | None = one("contract_id")
    obligations: list[PlannedObligation] = many("plan_id", order="due_on")


@entity(models.LoggedOccurrence, filters=("vertical", "code"), orders=("happened_on",),
        default_order="happened_on", visible=staff_only)  # fmt: skip
class LoggedOccurrence(Node):
    """Something that made visits due, such as hail."""

    vertical: str
    code: str
    regions: list[str]
    happened_on: date
    description: str
    logged_at: datetime


@entity(feed_models.CalendarFeed, filters=("kind",), orders=("opened_at",), default_order="opened_at",
        visible=own_or_given("customer_id", "service_unit_id"))  # fmt: skip
class CalendarFeed(Node):
    """A private address of a calendar. Its token was told once, when it was opened."""

    kind: str
    opened_by: str
    opened_at: datetime
    revoked_at: datetime | None
    version: int
    engineer: Engineer | None = one("engineer_id")
    service_unit: ServiceUnit | None = one("service_unit_id")
    customer: Customer | None = one("customer_id")


@root
class PlannedQueries:
    planned_obligation: PlannedObligation | None = find(description="One obligation by its id.")
    planned_obligations: Connection[PlannedObligation] = connection(description="What is owed without a ticket.")
    maintenance_plans: Connection[MaintenancePlan] = connection(description="Plans of assets and contracts.")
    maintenance_rules: Connection[MaintenanceRule] = connection(description="The tenant's own cadences.")
    logged_occurrences: Connection[LoggedOccurrence] = connection(description="Events that made visits due.")
    calendar_feeds: Connection[CalendarFeed] = connection(description="Private addresses of calendars.")
