"""The schemas of tenants: compared with what lies in git, free of what a tenant didn't enable."""

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
)

from aftersales.plugins.registry import Registry
from aftersales_graphql.composition import parts_for
from aftersales_graphql.machine.schema import compose
from aftersales_graphql.machine.sdl import breaking_changes
from tests.snapshots.schemas import BUILT_IN, FOLDER, SETS, current, kept, schema_of

REWRITE = "if the change is meant, run `python -m tests.snapshots` and commit what it writes"


@pytest.fixture(scope="module")
def schemas() -> dict[str, str]:
    return current()


@pytest.mark.parametrize("name", [*SETS, "platform"])
def test_no_client_is_broken(schemas: dict[str, str], name: str) -> None:
    """Given the schema in git, when the code changes, then no field, type or argument that clients use is lost."""
    broken = breaking_changes(kept(name), schemas[name])
    assert not broken, f"{name}: clients of this schema would break: {' '.join(broken)} ({REWRITE})"


@pytest.mark.parametrize("name", [*SETS, "platform"])
def test_the_schema_is_the_one_in_git(schemas: dict[str, str], name: str) -> None:
    """Given the schema in git, when the code says another one, then the first line that differs is told."""
    differing = next(
        (pair for pair in zip(kept(name).splitlines(), schemas[name].splitlines(), strict=False) if len(set(pair)) > 1),
        None,
    )
    assert kept(name) == schemas[name], f"the schema {name} isn't the one in git, from {differing} on; {REWRITE}"


def test_every_snapshot_has_its_schema(schemas: dict[str, str]) -> None:
    """Given the snapshots in git, then none is left over from a schema that is no more."""
    assert {file.stem for file in FOLDER.glob("*.graphql")} == set(schemas)


def words_of(schema: GraphQLSchema) -> list[str]:
    """Every name and description that a client could read in a schema."""
    words: list[str] = []
    for name, type_ in schema.type_map.items():
        words += [name, type_.description or ""]
        if isinstance(type_, GraphQLEnumType):
            words += list(type_.values)
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for field_name, field in type_.fields.items():
                words += [field_name, field.description or ""]
                for argument_name, argument in getattr(field, "args", {}).items():
                    words += [argument_name, argument.description or ""]
    return words


@pytest.mark.parametrize("vertical", BUILT_IN)
@pytest.mark.parametrize("enabled", list(SETS), ids=list(SETS))
def test_a_vertical_that_is_not_enabled_leaves_no_trace(
    installed_verticals: Registry, enabled: str, vertical: str
) -> None:
    """Given a tenant with or without a vertical, then its schema speaks of that vertical if and only if it has it."""
    told = words_of(schema_of(SETS[enabled], installed_verticals).graphql)
    name = vertical.replace("_", "").lower()
    speaking = [word for word in told if name in word.replace("_", "").lower()]
    assert bool(speaking) == (vertical in SETS[enabled]), speaking


def test_a_vertical_brings_exactly_its_own_types(installed_verticals: Registry) -> None:
    """Given the core's schema and that of one vertical, then what is added are its attributes and facts."""
    core = set(schema_of(frozenset(), installed_verticals).graphql.type_map)
    added = {
        vertical: set(schema_of(frozenset({vertical}), installed_verticals).graphql.type_map) - core
        for vertical in BUILT_IN
    }
    assert added == {
        "auto_4s": {"Car", "CarFaultFacts"},
        "landscaping": {"LandscapeWorks", "PlantingBatch", "LandscapeFaultFacts"},
        "software_his": {
            "HospitalSystem",
            "ProjectManagementSystem",
            "HospitalFaultFacts",
            "ProjectManagementFaultFacts",
        },
        "solar": {"SolarSystem", "SolarFaultFacts"},
    }


@pytest.mark.parametrize("vertical", BUILT_IN)
def test_the_schema_is_the_same_whenever_it_is_composed(installed_verticals: Registry, vertical: str) -> None:
    """Given one set of verticals, when composed anew in whatever order, then the text is the same."""
    parts = list(parts_for(installed_verticals)(frozenset(BUILT_IN)))
    backwards = compose([parts[0], *reversed(parts[1:])], frozenset(BUILT_IN)).graphql.type_map
    assert set(backwards) == set(schema_of(SETS["all_verticals"], installed_verticals).graphql.type_map)
    assert schema_of(SETS[vertical], installed_verticals).sdl() == schema_of(SETS[vertical], installed_verticals).sdl()
