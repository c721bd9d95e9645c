"""A vertical's Structs become types, fields and inputs of the schema, read out of JSONB in the same statement."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

import msgspec
import pytest
import strawberry

from aftersales_graphql.machine.attributes import attribute_fields
from aftersales_graphql.machine.declare import embedded, find
from aftersales_graphql.machine.executor import Executor
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import encode_id
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.machine.schema import SchemaPart, compose, extends
from aftersales_graphql.machine.structs import input_type, object_type, to_struct
from tests.api.example_types import CORE, Asset
from tests.api.world import Api, identifier

pytestmark = pytest.mark.anyio


class Tank(msgspec.Struct, frozen=True, kw_only=True):
    """A tank of a heater."""

    litres: int
    tested_on: date | None = None


class Heater(msgspec.Struct, frozen=True, kw_only=True):
    """A heater as installed."""

    collector: Literal["vacuum_tube", "flat_plate"] = "vacuum_tube"
    area: Decimal | None = None
    households: int = 1
    main_tank: Tank | None = None
    tanks: list[Tank] = []
    tags: list[str] = []


class Paint(msgspec.Struct, frozen=True, kw_only=True):
    """How something is painted."""

    colour: str | None = None


@extends(Asset)
class HeaterOfAsset:
    heater: object_type(Heater, "Heater") | None = embedded("attributes", "heater")  # type: ignore[valid-type]
    red_heater: object_type(Heater, "Heater") | None = embedded(  # type: ignore[valid-type]
        "attributes", "heater", when=lambda row, scope: row.serial == "S-4"
    )


@root
class HeaterQueries:
    asset: Asset | None = find()


@query()
async def echo(call: Call, heater: input_type(Heater)) -> strawberry.scalars.JSON:  # type: ignore[valid-type]
    """What a vertical would get to validate."""
    return msgspec.to_builtins(to_struct(heater, Heater, {}))  # type: ignore[no-any-return]


@pytest.fixture
def heaters(api: Api) -> Api:
    schema = compose(
        [CORE, SchemaPart(queries=(HeaterQueries, echo), extensions=(HeaterOfAsset,))], frozenset({"heat"})
    )
    return Api(api.world, Executor(schema, api.world.open), api.caller)


async def write(api: Api, heater: Any) -> str:
    """Give asset 4 a heater; its global id."""
    wanted = identifier(api.world.ours, "asset", 4)
    async with api.world.open(api.caller) as uow:
        await uow.connection.execute(
            "update example.assets set attributes = $3::text::jsonb where tenant_id = $1 and id = $2",
            api.world.ours, wanted, msgspec.json.encode({"colour": None, "heater": heater}).decode(),
        )  # fmt: skip
    return encode_id("Asset", wanted)


READ = """query ($id: ID!) { asset(id: $id) { serial heater { __typename collector area households tags
  mainTank { litres testedOn } tanks { litres again: litres testedOn __typename } } } }"""


async def test_a_struct_is_read_with_its_nested_structs_and_lists(heaters: Api) -> None:
    """Given a stored Struct, when its field is selected in depth, then every value is there, in one statement."""
    heater = Heater(
        collector="flat_plate",
        area=Decimal("4.20"),
        main_tank=Tank(litres=300, tested_on=date(2026, 1, 2)),
        tanks=[Tank(litres=100), Tank(litres=200)],
        tags=["roof"],
    )
    data = await heaters.data(READ, {"id": await write(heaters, heater)})
    assert data["asset"]["heater"] == {
        "__typename": "Heater",
        "collector": "flat_plate",
        "area": "4.20",
        "households": 1,
        "tags": ["roof"],
        "mainTank": {"litres": 300, "testedOn": "2026-01-02"},
        "tanks": [
            {"litres": 100, "again": 100, "testedOn": None, "__typename": "HeaterTank"},
            {"litres": 200, "again": 200, "testedOn": None, "__typename": "HeaterTank"},
        ],
    }
    assert len(heaters.world.statements) == 1


async def test_keys_that_an_older_plugin_did_not_write_are_null(heaters: Api) -> None:
    """Given a row without the keys, when read, then null stands for them and the object is there."""
    data = await heaters.data(READ, {"id": await write(heaters, {})})
    keys = ("collector", "area", "households", "tags", "mainTank", "tanks")
    assert data["asset"]["heater"] == {"__typename": "Heater"} | dict.fromkeys(keys)


@pytest.mark.parametrize("stored", [None, "text", 3, ["list"]])
async def test_what_is_no_object_is_null(heaters: Api, stored: Any) -> None:
    """Given anything else at the path, when selected, then null."""
    data = await heaters.data(READ, {"id": await write(heaters, stored)})
    assert data["asset"]["heater"] is None


async def test_a_condition_decides_whether_the_object_is_shown(heaters: Api) -> None:
    """Given a field for some rows only, when two rows are read, then it is null for the other."""
    identifier_ = await write(heaters, Heater())
    text = "query ($id: ID!) { asset(id: $id) { redHeater { households } } }"
    assert (await heaters.data(text, {"id": identifier_}))["asset"]["redHeater"] == {"households": 1}
    other = encode_id("Asset", identifier(heaters.world.ours, "asset", 3))
    assert (await heaters.data(text, {"id": other}))["asset"]["redHeater"] is None


async def test_an_input_becomes_the_struct(heaters: Api) -> None:
    """Given a typed input, when a function gets it, then it is the Struct; what doesn't fit is named."""
    text = "query ($h: HeaterInput!) { echo(heater: $h) }"
    given = {"collector": "flat_plate", "tanks": [{"litres": 5, "testedOn": "2026-01-02"}], "area": "1.5"}
    assert (await heaters.data(text, {"h": given}))["echo"] == {
        "collector": "flat_plate",
        "area": "1.5",
        "households": 1,
        "main_tank": None,
        "tanks": [{"litres": 5, "tested_on": "2026-01-02"}],
        "tags": [],
    }
    answer = await heaters.ask(text, {"h": {"collector": "cardboard"}})
    assert answer["errors"][0]["extensions"] == {"code": "INPUT_INVALID", "field": "collector"}


async def test_the_types_exist_only_where_the_part_is(api: Api, heaters: Api) -> None:
    """Given a schema with and one without the part, when printed, then only the first knows the types."""
    own = ("type Heater {", "input HeaterInput {", "type HeaterTank {")
    assert all(line in heaters.executor.schema.sdl() for line in own)
    assert not any(line in api.executor.schema.sdl() for line in own)


async def test_a_whole_column_shows_as_the_struct_of_its_kind(api: Api) -> None:
    """Given two kinds of rows in one table, when both kinds' fields are asked, then each row has its own kind's."""
    fields = attribute_fields(
        Asset,
        "attributes",
        {"painted": (Paint, lambda asset, scope: asset.serial.in_(["S-1", "S-2"])), "other": (Paint, None)},
    )
    schema = compose([CORE, SchemaPart(queries=(HeaterQueries,), extensions=(fields,))], frozenset({"paint"}))
    painted = Api(api.world, Executor(schema, api.world.open), api.caller)
    text = "query ($id: ID!) { asset(id: $id) { painted { colour } other { colour } } }"
    for number, expected in ((1, {"colour": "red"}), (5, None)):
        wanted = encode_id("Asset", identifier(api.world.ours, "asset", number))
        data = await painted.data(text, {"id": wanted})
        assert data == {"asset": {"painted": expected, "other": {"colour": "red"}}}
