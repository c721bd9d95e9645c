"""Service contracts and what they cover."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from aftersales.contracts import models
from aftersales_graphql.machine.declare import connection, entity, find, many, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.parties import Customer
from aftersales_graphql.rooms.visibility import own_or_given, staff_only

if TYPE_CHECKING:
    from aftersales_graphql.rooms.assets import Asset


@entity(models.ContractLine, visible=staff_only)
class ContractLine(Node):
    """What a contract covers: one asset, or every asset of a type."""

    asset: Annotated["Asset", strawberry.lazy("aftersales_graphql.rooms.assets")] | None = one("asset_id")
    asset_type: str | None


@entity(models.ServiceContract, filters=("number", "customer", "vertical", "state"), orders=("number", "starts_on"),
        default_order="number", visible=own_or_given())  # fmt: skip
class ServiceContract(Node):
    """A customer's contract under a vertical, from its first to its last day."""

    number: str
    title: str
    vertical: str
    starts_on: date
    ends_on: date | None
    state: str
    version: int
    created_at: datetime
    customer: Customer | None = one("customer_id")
    lines: list[ContractLine] = many("contract_id")


@root
class ContractQueries:
    contract: ServiceContract | None = find(description="One contract by its id.")
    contracts: Connection[ServiceContract] = connection(description="Contracts.")
