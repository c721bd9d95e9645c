"""Values at the edge of what a type can hold, in every field of every mutation: refused or taken, never a fault."""

from typing import Any

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
)

from tests.api.rooms.api import EVERYTHING, Api, Caller, Tables
from tests.api.rooms.inputs import Inputs, Path, put
from tests.api.rooms.world import Company, found_company
from tests.fixtures.database import TestPlatform

ODD_QUERY: dict[str, Any] = {"first": -1, "last": 1_000, "after": "bm90aGluZw==", "before": "\u0000"}
ODD: dict[str, tuple[Any, ...]] = {
    "String": ("", "\u0000", "x" * 30_000),
    "Int": (-2_147_483_648,),
    "Decimal": ("NaN", "1e400"),
    "Date": ("0001-01-01", "9999-12-31"),
    "DateTime": ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-00:00"),
    "ID": ("", "VGlja2V0Og==", "\u0000"),
    "JSON": ("text", {"": {"a": [None]}}, {"leaking": "\u0000"}, {"x": 10**30}),
    "Boolean": (True,),
}


@pytest.fixture
async def company_of_all(rooms: Api, platform: TestPlatform, tables: Tables) -> Company:
    return await found_company(rooms, platform, tables)


def leaves(input_type: GraphQLInputObjectType) -> list[tuple[Path, str]]:
    """Every scalar of an input, those inside nested inputs too."""
    found: list[tuple[Path, str]] = []
    for name, field in input_type.fields.items():
        type_: GraphQLInputType = field.type
        here: Path = (name, 0) if isinstance(get_nullable_type(type_), GraphQLList) else (name,)
        named = get_named_type(type_)
        if isinstance(named, GraphQLInputObjectType):
            found += [((*here, *path), kind) for path, kind in leaves(named)]
        else:
            found.append((here, named.name))
    return found


async def faults(caller: Caller, inputs: Inputs, mutations: Any) -> list[str]:
    """The mutations, fields and values that led to an answer which isn't ours."""
    found = []
    for name, field in mutations.items():
        input_type = get_nullable_type(field.args["input"].type)
        text = f"mutation ($input: {input_type.name}!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}"
        for path, kind in leaves(input_type):
            given = inputs.for_mutation(name, input_type, path)
            for value in ODD[kind]:
                answer = await caller.answer(text, {"input": put(given, path, value)})
                codes = {error["extensions"]["code"] for error in answer.get("errors", ())}
                if codes - {"VARIABLE_INVALID"}:
                    found.append(f"{name}.{'.'.join(map(str, path))} = {str(value)[:40]!r}: {sorted(codes)}")
    return found


async def test_no_value_makes_the_platform_stumble(rooms: Api, company_of_all: Company) -> None:
    """Given every field of every mutation, when it holds an odd value, then the answer is a payload or its refusal."""
    root = rooms.schema(*EVERYTHING).graphql.mutation_type
    assert root is not None
    found = await faults(company_of_all.owner, Inputs(rooms, company_of_all), root.fields)
    assert not found, "\n".join(found)


async def test_no_question_makes_the_platform_stumble(rooms: Api, company_of_all: Company) -> None:
    """Given every argument and filter of every query, when it holds an odd value, then an answer or a code comes."""
    root = rooms.schema(*EVERYTHING).graphql.query_type
    assert root is not None
    inputs, found, tried = Inputs(rooms, company_of_all), [], 0
    for name, field in root.fields.items():
        below = "{ __typename }" if not is_leaf_type(get_named_type(field.type)) else ""
        for argument, declared in field.args.items():
            named = get_named_type(declared.type)
            places = leaves(named) if isinstance(named, GraphQLInputObjectType) else [((), named.name)]
            for path, kind in places:
                for value in (*ODD.get(kind, ()), ODD_QUERY.get(argument, "x" * 300)):
                    given = {
                        other: inputs.value(other, known.type, name)
                        for other, known in field.args.items()
                        if isinstance(known.type, GraphQLNonNull)
                    }
                    given[argument] = nested(path, value)
                    variables = ", ".join(f"${key}: {field.args[key].type}" for key in given)
                    passed = ", ".join(f"{key}: ${key}" for key in given)
                    text = f"query ({variables}) {{ {name}({passed}) {below} }}"
                    answer = await company_of_all.owner.answer(text, given)
                    tried += 1
                    if any(e["extensions"]["code"] == "INTERNAL_ERROR" for e in answer.get("errors", ())):
                        found.append(f"{name}.{argument}.{path} = {str(value)[:40]!r}")
    assert tried > 500
    assert not found, "\n".join(found)


def nested(path: Path, value: Any) -> Any:
    """The value inside objects and lists as the path says."""
    for key in reversed(path):
        value = [value] if isinstance(key, int) else {key: value}
    return value
