"""Service plans, contracts with their history, and what they make due."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.scalars import JSON

from aftersales.contracts import models
from aftersales.plans import models as plan_models
from aftersales_graphql.machine.declare import connection, entity, find, many, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.parties import Customer, ServiceUnit
from aftersales_graphql.rooms.visibility import own_or_given, staff_only, through

if TYPE_CHECKING:
    from aftersales_graphql.rooms.assets import Asset
    from aftersales_graphql.rooms.commitments import Commitment
    from aftersales_graphql.rooms.work import WorkOrder

_contracts: Any = models.ServiceContract.__table__
_own: Any = own_or_given()
_of_contract = through(_contracts, "contract_id", _own)


@entity(plan_models.ServicePlan, filters=("vertical", "state", "effective_from"),
        orders=("created_at", "effective_from"), default_order="created_at", visible=staff_only)  # fmt: skip
class ServicePlan(Node):
    """A vertical's terms with the tenant's own changes; an edition counts for contracts signed from `effectiveFrom`."""

    vertical: str
    name: str
    edition: int | None
    state: str
    changes: JSON
    effective_from: date | None
    retired_on: date | None
    created_by: str
    created_at: datetime
    published_by: str | None
    published_at: datetime | None
    version: int


@entity(models.ContractRevision, visible=staff_only)
class ContractRevision(Node):
    """What a contract said from a day on, and what differs from the revision before."""

    revision: int
    kind: str
    effective_from: date
    ends_on: date | None
    fields: JSON
    differences: JSON
    reason: str
    actor: str
    recorded_at: datetime


@entity(models.ContractApproval, visible=_of_contract)
class ContractApproval(Node):
    """A party's yes to a step of a contract's life, or to the contract itself."""

    step: str
    party: str
    evidence: str
    approved_at: datetime


@entity(models.ContractTask, visible=_of_contract)
class ContractTask(Node):
    """What a contract made due once, and when it was done."""

    task: str
    name: str
    clause: str | None
    due_on: date | None
    done_on: date | None
    evidence: str
    state: str
    version: int
    commitments: list[Annotated["Commitment", strawberry.lazy("aftersales_graphql.rooms.commitments")]] = many(
        "subject_id", order="created_at"
    )
    work_orders: list[Annotated["WorkOrder", strawberry.lazy("aftersales_graphql.rooms.work")]] = many(
        "contract_task_id", order="created_at"
    )


@entity(models.DealerAgreement, filters=("number", "service_unit"), orders=("starts_on", "number"),
        default_order="starts_on", visible=own_or_given(None, "service_unit_id"))  # fmt: skip
class DealerAgreement(Node):
    """A dealer's sales agreement; without one that is valid on a day, the dealer has no standing on it."""

    number: str
    title: str
    regions: list[str]
    starts_on: date
    ends_on: date | None
    version: int
    service_unit: ServiceUnit | None = one("service_unit_id")


@entity(models.ContractLine, visible=staff_only)
class ContractLine(Node):
    """What a contract covers: one asset, or every asset of a type."""

    asset: Annotated["Asset", strawberry.lazy("aftersales_graphql.rooms.assets")] | None = one("asset_id")
    asset_type: str | None


@entity(models.ServiceContract, filters=("number", "customer", "vertical", "state"), orders=("number", "starts_on"),
        default_order="number", visible=own_or_given())  # fmt: skip
class ServiceContract(Node):
    """A customer's contract under a vertical, from its first to its last day; `comingOn`: an amendment counts then."""

    number: str
    title: str
    vertical: str
    starts_on: date
    ends_on: date | None
    state: str
    version: int
    created_at: datetime
    phase: str | None
    phase_since: date | None
    free_until: date | None
    start_events: JSON
    fields: JSON
    revision: int
    effective_from: date | None
    coming_on: date | None
    service_plan: ServicePlan | None = one("service_plan_id")
    revisions: list[ContractRevision] = many("contract_id", order="revision")
    approvals: list[ContractApproval] = many("contract_id", order="approved_at")
    tasks: list[ContractTask] = many("contract_id", order="created_at")
    customer: Customer | None = one("customer_id")
    lines: list[ContractLine] = many("contract_id")


@root
class ContractQueries:
    contract: ServiceContract | None = find(description="One contract by its id.")
    contracts: Connection[ServiceContract] = connection(description="Contracts.")
    service_plan: ServicePlan | None = find(description="One service plan by its id.")
    service_plans: Connection[ServicePlan] = connection(description="Service plans, drafts among them.")
    dealer_agreements: Connection[DealerAgreement] = connection(description="Dealers' sales agreements.")
