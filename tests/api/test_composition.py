"""Schemas: composed of parts, checked when composed, compared as text."""

import pytest
import strawberry

from aftersales_graphql.machine.declare import connection, entity, find, one
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import Payload, mutation, root
from aftersales_graphql.machine.schema import SchemaPart, compose
from aftersales_graphql.machine.sdl import breaking_changes
from tests.api import example_tables as tables
from tests.api.example_types import CORE, SOLAR, Customer


def test_a_vertical_shows_only_where_its_part_is() -> None:
    """Given the core with and without a vertical, when composed, then each schema has exactly its own fields."""
    with_solar = compose([CORE, SOLAR], frozenset({"solar"})).sdl()
    without = compose([CORE], frozenset()).sdl()
    again = compose([CORE, SOLAR], frozenset({"solar"})).sdl()
    for line in ("  solar: SolarAttributes\n", "type SolarAttributes {", "  asset(\n"):
        assert line in with_solar
        assert line not in without
    assert again == with_solar


def test_adding_a_vertical_breaks_nobody_and_taking_it_away_is_told() -> None:
    """Given two SDLs, when compared, then additions pass and removals are named."""
    with_solar, without = compose([CORE, SOLAR], frozenset({"solar"})).sdl(), compose([CORE], frozenset()).sdl()
    assert breaking_changes(without, with_solar) == []
    assert "Field Asset.solar was removed." in breaking_changes(with_solar, without)


def test_every_schema_finds_nodes() -> None:
    """Given any parts, when composed, then `node` and `nodes` are there, and every entity is a Node."""
    schema = compose([CORE], frozenset())
    assert {"node", "nodes"} <= set(schema.graphql.query_type.fields)  # type: ignore[union-attr]
    assert set(schema.entities) == {"Ticket", "Customer", "Asset", "TicketEvent"}


@entity(tables.assets, name="StrictAsset")
class StrictAsset(Node):
    customer: Customer = one("customer_id")


@root
class StrictQueries:
    strict_asset: StrictAsset | None = find()


def test_a_relation_that_a_row_filter_may_hide_must_be_optional() -> None:
    """Given a to-one relation declared as always there, when composed, then it is refused by name."""
    with pytest.raises(TypeError, match=r"StrictAsset\.customer must be Optional"):
        compose([CORE, SchemaPart(queries=(StrictQueries,))], frozenset())


def test_a_payload_must_be_able_to_be_empty() -> None:
    """Given a payload with a field that is always there, when composed, then it is refused by name."""

    @strawberry.type
    class CarelessPayload(Payload):
        count: int = 0

    @mutation()
    async def careless(call: Call) -> CarelessPayload:
        return CarelessPayload()

    with pytest.raises(TypeError, match=r"CarelessPayload\.count must be Optional"):
        compose([CORE, SchemaPart(mutations=(careless,))], frozenset())


def test_a_filter_on_something_unknown_is_refused_when_composed() -> None:
    """Given a filter that names no field, when its schema is composed, then the name is told."""

    @entity(tables.customers, name="OddCustomer", filters=("nonsense",))
    class OddCustomer(Node):
        name: str

    @root
    class OddQueries:
        odd_customers: Connection[OddCustomer] = connection()

    with pytest.raises(TypeError, match="OddCustomer has no field nonsense"):
        compose([SchemaPart(queries=(OddQueries,))], frozenset())
