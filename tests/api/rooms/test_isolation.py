"""Another tenant's ids, and another customer's, answer exactly like ids that don't exist: every root, every input."""

from dataclasses import replace
from typing import Any

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
)

from aftersales.kit.ids import new_id
from aftersales_graphql.machine.relay import decode_id
from tests.api.rooms.api import EVERYTHING, Api, Caller, Tables, node_id
from tests.api.rooms.inputs import Inputs, id_paths, put
from tests.api.rooms.world import Company, found_company
from tests.fixtures.database import TestPlatform


@pytest.fixture
async def ours(rooms: Api, platform: TestPlatform, tables: Tables) -> Company:
    return await found_company(rooms, platform, tables)


@pytest.fixture
async def theirs(rooms: Api, platform: TestPlatform, tables: Tables) -> Company:
    return await found_company(rooms, platform, tables)


def unknown(type_name: str) -> str:
    return node_id(type_name, new_id())


async def test_nodes_of_another_tenant_are_not_there(rooms: Api, ours: Company, theirs: Company) -> None:
    """Given one row of every type in two tenants, when asked for by id, then each sees only its own."""
    names = sorted(rooms.schema(*EVERYTHING).entities)
    assert set(names) == set(ours.ids)
    for mine, other in ((ours, theirs), (theirs, ours)):
        own = await mine.owner.nodes([mine.ids[name] for name in names], "id __typename")
        assert [node and node["__typename"] for node in own] == names
        foreign = await mine.owner.nodes([other.ids[name] for name in names], "id __typename")
        assert foreign == [None] * len(names)
        for name in names:
            single = "query ($id: ID!) { node(id: $id) { id } }"
            assert await mine.owner.ask(single, id=other.ids[name]) == await mine.owner.ask(single, id=unknown(name))


def root_calls(api: Api, inputs: Inputs) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Every query root that takes an id: its document, the argument's name, the type of its id, other arguments."""
    calls = []
    root = api.schema(*EVERYTHING).graphql.query_type
    assert root is not None
    for name, field in root.fields.items():
        if name in {"node", "nodes"}:
            continue
        wanted = {
            argument: argument_
            for argument, argument_ in field.args.items()
            if get_named_type(argument_.type).name == "ID"
        }
        for argument in wanted:
            given = {
                other: inputs.value(other, declared.type, name)
                for other, declared in field.args.items()
                if other == argument or isinstance(declared.type, GraphQLNonNull)
            }
            named = ", ".join(f"${key}: {field.args[key].type}" for key in given)
            passed = ", ".join(f"{key}: ${key}" for key in given)
            below = "{ __typename }" if isinstance(get_named_type(field.type), GraphQLObjectType) else ""
            type_name = inputs.type_of(argument, name)
            calls.append((f"query ({named}) {{ {name}({passed}) {below} }}", argument, type_name, given))
    return calls


async def test_roots_answer_foreign_ids_like_unknown_ones(rooms: Api, ours: Company, theirs: Company) -> None:
    """Given a query root with an id, when the id is another tenant's, then the answer is that for no such thing."""
    inputs = Inputs(rooms, ours)
    calls = root_calls(rooms, inputs)
    assert len(calls) >= 15
    for text, argument, type_name, given in calls:
        own = await ours.owner.answer(text, given)
        foreign = await ours.owner.answer(text, {**given, argument: theirs.ids[type_name]})
        nothing = await ours.owner.answer(text, {**given, argument: unknown(type_name)})
        assert foreign == nothing, text
        assert foreign != own, text


async def test_filters_by_foreign_ids_find_nothing(rooms: Api, ours: Company, theirs: Company) -> None:
    """Given every connection with an id in its filter, when filtered by another tenant's id, then it is empty."""
    root = rooms.schema(*EVERYTHING).graphql.query_type
    assert root is not None
    tried = 0
    for name, field in root.fields.items():
        declared = field.args.get("filter")
        filters = get_named_type(declared.type) if declared else None
        if not isinstance(filters, GraphQLInputObjectType):
            continue
        text = f"query ($f: {filters.name}) {{ {name}(filter: $f) {{ totalCount nodes {{ id }} }} }}"
        for key, inner in filters.fields.items():
            if get_named_type(inner.type).name == "IDFilter":
                type_name = Inputs(rooms, ours).type_of(key, name)
                found = await ours.owner.ask(text, f={key: {"eq": theirs.ids[type_name]}})
                assert found[name] == {"totalCount": 0, "nodes": []}, (name, key)
                tried += 1
    assert tried >= 10


OTHERWISE = {
    "answerQuote.contactId": "QUOTE_STATE_REFUSED",
    "chargeWork.lines.0.quoteLineId": "WORK_BEYOND_CONSENT",
    "endSafetyRole.engineerId": "SAFETY_ROLE_VACANT",
    "endSafetyRole.serviceUnitId": "SAFETY_ROLE_VACANT",
}
"""Ids that are looked for only within something else, and what is said when that has no such thing."""


async def test_mutations_answer_foreign_ids_like_unknown_ones(
    rooms: Api, ours: Company, theirs: Company, tables: Tables
) -> None:
    """Given every id in every mutation's input, when it is another tenant's, then nothing is written.

    Both answers are the same, and name a thing that isn't there.
    """
    inputs = Inputs(rooms, ours)
    mutations = rooms.schema(*EVERYTHING).graphql.mutation_type
    assert mutations is not None
    before = {company.tenant.id: await tables.content(company.tenant.id) for company in (ours, theirs)}
    tried, other_refusals = 0, {}
    for name, field in mutations.fields.items():
        input_type = get_nullable_type(field.args["input"].type)
        assert isinstance(input_type, GraphQLInputObjectType)
        for path, type_name in id_paths(input_type, inputs, name):
            given = inputs.for_mutation(name, input_type, path)
            foreign = await ours.owner.mutate(name, "", **put(given, path, theirs.ids[type_name]))
            nothing = await ours.owner.mutate(name, "", **put(given, path, unknown(type_name)))
            assert foreign == nothing, (name, path)
            code = foreign["userErrors"][0]["code"] if foreign["userErrors"] else "ACCEPTED"
            place = f"{name}.{'.'.join(map(str, path))}"
            if code not in {"NOT_FOUND", "REFERENCE_MISSING"} and OTHERWISE.get(place) != code:
                other_refusals[place] = code
            tried += 1
    assert tried >= 90
    assert not other_refusals, "\n".join(f"{key}: {code}" for key, code in other_refusals.items())
    after = {company.tenant.id: await tables.content(company.tenant.id) for company in (ours, theirs)}
    assert after == before


async def rows_seen(caller: Caller, connection: str) -> set[str]:
    nodes: list[str] = []
    page: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        text = f"""query ($after: String) {{ {connection}(first: 100, after: $after) {{
            totalCount nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}"""
        found = (await caller.ask(text, after=page["endCursor"]))[connection]
        nodes += [node["id"] for node in found["nodes"]]
        page = found["pageInfo"]
    assert found["totalCount"] == len(nodes)
    return set(nodes)


async def second_customer(company: Company) -> tuple[dict[str, str], Caller]:
    """Another customer of the company with a ticket, and a member of it."""
    owner = company.owner
    customer = (await owner.do("createCustomer", "customer { id }", code="C-2", name="Zhao"))["customer"]["id"]
    site = (await owner.do("addSite", "site { id }", customerId=customer, name="Yard"))["site"]["id"]
    asset = (
        await owner.do(
            "registerAsset", "asset { id }", name="Other heater", vertical="solar", assetType="solar_water_heater",
            customerId=customer, siteId=site,
        )
    )["asset"]["id"]  # fmt: skip
    opened = await owner.do(
        "openTicket", "ticket { id commitments { id } events { nodes { id } } }", kind="fault", channel="web",
        title="Cold water", customerId=customer, assetId=asset,
    )  # fmt: skip
    ids = {
        "Customer": customer,
        "Site": site,
        "Asset": asset,
        "Ticket": opened["ticket"]["id"],
        "Commitment": opened["ticket"]["commitments"][0]["id"],
        "Event": opened["ticket"]["events"]["nodes"][0]["id"],
    }
    _, token = await company.tenant.member("customer", customer_id=decode_id(customer)[1])
    return ids, Caller(owner.api, company.tenant, token)


async def test_a_customer_sees_its_own_rows_through_every_path(rooms: Api, ours: Company) -> None:
    """Given two customers of one company, when one asks by id, list, count or relation, then it finds only its own."""
    other, other_member = await second_customer(ours)
    first = ours.callers["customer"]
    for name, foreign in other.items():
        single = "query ($id: ID!) { node(id: $id) { id } }"
        assert await first.ask(single, id=foreign) == {"node": None}, name
        assert await other_member.ask(single, id=foreign) == {"node": {"id": foreign}}, name
        assert await other_member.ask(single, id=ours.ids[name]) == {"node": None}, name
    root = rooms.schema(*EVERYTHING).graphql.query_type
    assert root is not None
    seen_by_staff = {}
    for name, field in root.fields.items():
        if "filter" not in field.args and "orderBy" not in field.args:
            continue
        answer = await first.answer(f"{{ {name}(first: 100) {{ totalCount nodes {{ id }} }} }}")
        if "errors" in answer:
            assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN", name
            continue
        seen, staff = await rows_seen(first, name), await rows_seen(ours.owner, name)
        others = await rows_seen(other_member, name)
        assert seen <= staff, name
        assert not seen & others or name in SHARED, name
        assert not seen & set(other.values()), name
        seen_by_staff[name] = (len(seen), len(staff))
    assert seen_by_staff["tickets"] == (1, 2)
    assert seen_by_staff["assets"] == (2, 3)
    assert seen_by_staff["notices"][0] == 0


SHARED = frozenset({"campaigns", "guides", "members", "productReleases"})
"""Connections in which two customers may see the same row; a published campaign is for all of them."""


NO_ONES_BUSINESS = frozenset({"NOT_FOUND", "FORBIDDEN", "APPROVAL_ROLE_REQUIRED"})
"""What somebody is told of a thing that isn't its own: nothing of its state, its version or whose it is."""
SHARED_THINGS = frozenset({"Engineer", "Member", "ProductRelease", "ServiceUnit", "Survey", "Campaign"})
"""What isn't one customer's or one dealer's."""


async def told_of_others(rooms: Api, known: Company, stranger: Caller, first: Company) -> dict[str, list[Any]]:
    """Every id of a mutation with which somebody learns more of another's thing than that it isn't its own."""
    inputs = Inputs(rooms, known)
    mutations = rooms.schema(*EVERYTHING).graphql.mutation_type
    assert mutations is not None
    told: dict[str, list[Any]] = {}
    for name, field in mutations.fields.items():
        input_type = get_nullable_type(field.args["input"].type)
        assert isinstance(input_type, GraphQLInputObjectType)
        for path, type_name in id_paths(input_type, inputs, name):
            if type_name in SHARED_THINGS:
                continue
            given = inputs.for_mutation(name, input_type, path)
            if "expectedVersion" in input_type.fields:
                given["expectedVersion"] = 999
            answers = [
                await stranger.mutate(name, "", **put(given, path, one))
                for one in (first.ids[type_name], unknown(type_name))
            ]
            codes = [error["code"] for error in answers[0]["userErrors"]]
            if answers[0] != answers[1] and (not codes or not NO_ONES_BUSINESS.issuperset(codes)):
                told[f"{name}.{'.'.join(map(str, path))}"] = codes
    return told


async def test_refusals_tell_a_customer_nothing_of_another_ones_things(
    rooms: Api, ours: Company, tables: Tables
) -> None:
    """Given another customer's ids in every mutation, with a wrong version, then nothing is told or written."""
    other, stranger = await second_customer(ours)
    before = await tables.content(ours.tenant.id)
    told = await told_of_others(rooms, replace(ours, ids={**ours.ids, **other}), stranger, ours)
    assert not told, told
    assert await tables.content(ours.tenant.id) == before


async def test_refusals_tell_a_dealer_nothing_of_another_ones_things(rooms: Api, ours: Company, tables: Tables) -> None:
    """The same for a dealer whose unit has none of the tickets, orders and classes."""
    made = await ours.owner.do("createServiceUnit", "serviceUnit { id }", code="U-9", name="Far", kind="dealer")
    unit_id = made["serviceUnit"]["id"]
    _, token = await ours.tenant.member("dealer", service_unit_id=decode_id(unit_id)[1])
    before = await tables.content(ours.tenant.id)
    known = replace(ours, ids={**ours.ids, "ServiceUnit": unit_id})
    told = await told_of_others(rooms, known, Caller(rooms, ours.tenant, token), ours)
    assert not told, told
    assert await tables.content(ours.tenant.id) == before


async def test_relations_do_not_lead_a_customer_out_of_its_rows(ours: Company) -> None:
    """Given things of staff only behind a customer's own ticket, when selected, then they are empty."""
    read = """query ($id: ID!) { ticket(id: $id) {
        customer { name } engineer { name certificates { id } } serviceUnit { id } notices { id } alarms { id }
        gradings { id } calls { id } emergencyPlans { id } workOrders { id lines { id } }
        commitments { id segments { id } alarms { id } } events { totalCount } } }"""
    by_customer = (await ours.callers["customer"].ask(read, id=ours.ids["Ticket"]))["ticket"]
    by_staff = (await ours.owner.ask(read, id=ours.ids["Ticket"]))["ticket"]
    assert by_customer["customer"] == {"name": "Li"}
    assert by_customer["engineer"] == {"name": "Wang", "certificates": []}
    for hidden in ("notices", "alarms", "gradings", "calls", "emergencyPlans"):
        assert by_customer[hidden] == []
        assert by_staff[hidden] != []
    assert by_customer["workOrders"][0]["lines"] == []
    assert all(commitment["segments"] == [] for commitment in by_customer["commitments"])
    assert by_customer["events"]["totalCount"] > 0


async def test_a_dealer_sees_what_was_given_to_its_unit(ours: Company) -> None:
    """Given a ticket of the dealer's unit and one of the headquarters, when the dealer lists, then one is there."""
    other, _ = await second_customer(ours)
    dealer = ours.callers["dealer"]
    assert await rows_seen(dealer, "tickets") == {ours.ids["Ticket"]}
    assert await dealer.ask("query ($id: ID!) { ticket(id: $id) { id } }", id=other["Ticket"]) == {"ticket": None}
    assert await rows_seen(dealer, "serviceUnits") == {ours.ids["ServiceUnit"]}
    assert await rows_seen(dealer, "assets") == {ours.ids["Asset"]}
    assert await dealer.code("cancelTicket", ticketId=other["Ticket"], reason="not mine") in {"FORBIDDEN", "NOT_FOUND"}


async def test_nobody_asks_why_for_another_customer(ours: Company) -> None:
    """Given a deadline, when a customer asks why, then it isn't told: explanations are the company's own."""
    text = "query ($id: ID!) { explain(commitmentId: $id) { text } }"
    code, _ = await ours.callers["customer"].refused(text, id=ours.ids["Commitment"])
    assert code == "FORBIDDEN"
    assert (await ours.owner.ask(text, id=ours.ids["Commitment"]))["explain"]["text"]


async def test_lists_are_named_in_the_schema(rooms: Api) -> None:
    """Given the schema, then every connection's items are nodes, so that nothing is listed that isn't checked above."""
    root = rooms.schema(*EVERYTHING).graphql.query_type
    assert root is not None
    entities = rooms.schema(*EVERYTHING).entities
    for name, field in root.fields.items():
        named = get_named_type(field.type)
        if isinstance(named, GraphQLObjectType) and named.name.endswith("Connection"):
            nodes = get_nullable_type(named.fields["nodes"].type)
            assert isinstance(nodes, GraphQLList)
            assert get_named_type(nodes).name in entities, name
