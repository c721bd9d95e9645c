"""Bad input gets a stable code and a sentence in both languages, and nothing is written."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aftersales_tenants.commands import DisableVertical, IssueToken, RevokeToken, TenantState
from tests.api.rooms.api import Api, Caller, Tables, local
from tests.api.rooms.conftest import MakeCaller
from tests.api.rooms.world import Company, found_company
from tests.fixtures.database import TestPlatform, TestTenant

CALL = {"handlerName": "Chen", "caller": "Li", "notes": "it leaks"}
REPORT = {"kind": "fault", "channel": "phone", "title": "It leaks", "vertical": "solar", "call": CALL}


@pytest.fixture
async def company_of_all(rooms: Api, platform: TestPlatform, tables: Tables) -> Company:
    return await found_company(rooms, platform, tables)


def in_both_languages(caller: Caller) -> tuple[Caller, Caller]:
    return replace(caller, language="zh-CN"), replace(caller, language="en")


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


OPENINGS: dict[str, tuple[Mapping[str, Any], str, str | None]] = {
    "unknown grade": ({"grade": "G9"}, "GRADE_UNKNOWN", "grade"),
    "unknown region": ({"region": "beijing"}, "REGION_UNKNOWN", "region"),
    "unknown channel": ({"channel": "pigeon"}, "CHANNEL_UNKNOWN", "channel"),
    "unknown kind": ({"kind": "wish"}, "KIND_UNKNOWN", "kind"),
    "unknown symptom": ({"component": "tank", "symptom": "sings"}, "SYMPTOM_UNKNOWN", "symptom"),
    "unknown work type": ({"workType": "magic"}, "WORK_TYPE_UNKNOWN", "workType"),
    "unknown campaign": ({"campaign": "never"}, "CAMPAIGN_UNKNOWN", "campaign"),
    "facts that the vertical doesn't know": ({"facts": {"leaking": "a lot"}}, "FACTS_INVALID", "facts.leaking"),
    "a vertical that isn't enabled": ({"vertical": "space_travel"}, "VERTICAL_NOT_ENABLED", "vertical"),
    "a time without a zone": ({"reportedAt": "2026-06-10T08:00:00"}, "INSTANT_NAIVE", "reportedAt"),
    "a time in the future": ({"reportedAt": "2026-06-11T08:00:00+08:00"}, "INSTANT_IN_FUTURE", "reportedAt"),
    "a blank title": ({"title": "  "}, "REQUIRED", "title"),
    "a title over its length": ({"title": "x" * 301}, "TEXT_TOO_LONG", "title"),
    "a description over its length": ({"description": "x" * 20_001}, "TEXT_TOO_LONG", "description"),
    "control characters": ({"title": "a\u0000b"}, "TEXT_INVALID", "title"),
    "a call without its record": (
        {"call": None, "vertical": "software_his", "assetId": None}, "CALL_RECORD_REQUIRED", "call"
    ),
    "an emergency without a reason": ({"emergency": True}, "EMERGENCY_REASON_REQUIRED", "emergencyReason"),
    "an id that is none": ({"assetId": "nonsense"}, "ID_MALFORMED", "assetId"),
    "an id of another type": ({"assetId": "Q3VzdG9tZXI6MDE4ZjAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAw"}, "NOT_FOUND",
                              "assetId"),
}  # fmt: skip


async def test_openings_are_refused(company_of_all: Company, tables: Tables) -> None:
    """Given a report with one thing wrong, when it is taken in, then code and field name it and nothing is written."""
    for what, (changes, code, field) in OPENINGS.items():
        given = {**report(company_of_all), **changes}
        await refused_twice(what, company_of_all, tables, "openTicket", given, code, field)
    whole = await company_of_all.owner.do("openTicket", "ticket { number }", **report(company_of_all))
    assert whole["ticket"]["number"] == "T-2026-000002"


def report(company: Company) -> dict[str, Any]:
    return {**REPORT, "customerId": company.ids["Customer"], "assetId": company.ids["Asset"]}


async def refused_twice(
    what: str,
    company: Company,
    tables: Tables,
    mutation: str,
    given: Mapping[str, Any],
    code: str,
    field: str | None,
) -> None:
    before = await tables.content(company.tenant.id)
    messages = []
    for caller in in_both_languages(company.owner):
        payload = await caller.mutate(mutation, "", **given)
        assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [(code, field)], what
        messages.append(payload["userErrors"][0]["message"])
    chinese, english = messages
    assert is_chinese(chinese), what
    assert not is_chinese(english), what
    assert await tables.content(company.tenant.id) == before, what


def others(company: Company) -> dict[str, tuple[str, dict[str, Any], str, str | None]]:
    ids = company.ids
    ticket, visit = {"ticketId": ids["Ticket"]}, {"appointmentId": ids["ServiceAppointment"]}
    calendar = {"code": "x", "name": "X"}
    windows = {"zone": "Asia/Shanghai", "weekly": {"monday": [["17:00", "09:00"]]}}
    week = {"monday": [["09:00", "17:00"]]}
    plan = {"workOrderId": ids["WorkOrder"], "engineerId": ids["Engineer"]}
    return {
        "a state change that a guard refuses": ("closeTicket", ticket, "TICKET_STATE_REFUSED", None),
        "a visit's end before its beginning": (
            "planAppointment",
            {**plan, "windowStart": local("2026-06-11 16:00"), "windowEnd": local("2026-06-11 14:00")},
            "PERIOD_INVERTED", "windowEnd",
        ),
        "an attempt that ends before it begins": (
            "recordAttempt",
            {**ticket, "step": "phone", "outcome": "unsolved", "startedAt": local("2026-06-10 09:00"),
             "endedAt": local("2026-06-10 08:59")},
            "PERIOD_INVERTED", "endedAt",
        ),
        "a contract that ends before it begins": (
            "signContract",
            {"title": "Care", "vertical": "solar", "customerId": ids["Customer"], "startsOn": "2026-05-01",
             "endsOn": "2026-04-30"},
            "PERIOD_INVERTED", "endsOn",
        ),
        "a visit finished before anybody arrived": ("finishAppointment", visit, "APPOINTMENT_STATE_REFUSED", None),
        "an empty calendar": (
            "saveCalendar", {**calendar, "definition": {"zone": "Asia/Shanghai"}}, "CALENDAR_EMPTY", "weekly"
        ),
        "a calendar in a zone that doesn't exist": (
            "saveCalendar", {**calendar, "definition": {"zone": "Mars/Olympus", "weekly": week}}, "ZONE_UNKNOWN", "zone"
        ),
        "a window that ends before it begins": (
            "saveCalendar", {**calendar, "definition": windows}, "CALENDAR_WINDOW_INVALID", "weekly.monday"
        ),
        "a calendar of another shape": (
            "saveCalendar", {**calendar, "definition": {"zone": 8}}, "CALENDAR_MALFORMED", "definition"
        ),
        "holidays of nowhere": (
            "saveCalendar",
            {**calendar, "definition": {"zone": "Asia/Shanghai", "weekly": week, "holidays": {"country": "XX"}}},
            "HOLIDAYS_UNKNOWN", "holidays.country",
        ),
        "a stale version": (
            "updateCustomer", {"customerId": ids["Customer"], "name": "Wu", "expectedVersion": 99}, "VERSION_STALE",
            "expectedVersion",
        ),
        "a number that is taken": (
            "createCustomer", {"code": "C-1", "name": "Twin"}, "CUSTOMER_CODE_TAKEN", "code"
        ),
        "a quantity below zero": (
            "addWorkOrderLine",
            {"workOrderId": ids["WorkOrder"], "kind": "part", "description": "seal", "quantity": "-1"},
            "QUANTITY_INVALID", "quantity",
        ),
        "a choice that there isn't": (
            "addWorkOrderLine",
            {"workOrderId": ids["WorkOrder"], "kind": "magic", "description": "seal"}, "INPUT_INVALID", "kind",
        ),
        "a webhook that leads nowhere": ("addWebhookEndpoint", {"url": "gopher://x"}, "URL_INVALID", "url"),
        "a message that isn't dead": (
            "replayDeadLetter", {"messageId": company.living_message}, "OUTBOX_MESSAGE_NOT_DEAD", "messageId"
        ),
    }  # fmt: skip


async def test_other_operations_are_refused(company_of_all: Company, tables: Tables) -> None:
    """Given input that can't be right, when it is sent, then code and field name it and nothing is written."""
    for what, (mutation, given, code, field) in others(company_of_all).items():
        await refused_twice(what, company_of_all, tables, mutation, given, code, field)


async def refused_request(caller: Caller, tables: Tables, code: str, status: int, **body: Any) -> None:
    """The whole request is refused with this code, in both languages, and writes nothing."""
    before = await tables.content(caller.tenant.id)
    messages = []
    for asking in in_both_languages(caller):
        answer = await asking.post(**(body or {"query": "mutation { __typename }"}))
        errors = answer.json()["errors"]
        assert (errors[0]["extensions"]["code"], answer.status_code) == (code, status)
        assert "data" not in answer.json() or answer.json()["data"] is None
        messages.append(errors[0]["message"])
    assert await tables.content(caller.tenant.id) == before
    if code not in GRAPHQLS_OWN:
        assert is_chinese(messages[0])
        assert not is_chinese(messages[1])


GRAPHQLS_OWN = {"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "VARIABLE_INVALID"}
"""Codes whose message is GraphQL's own, in English: it names places in the caller's document."""


async def test_who_is_not_known_is_refused(
    rooms: Api, platform: TestPlatform, company: TestTenant, owner: Caller, tables: Tables
) -> None:
    """Given an unknown tenant, or a token that is missing, wrong, expired, revoked or another's, then none gets in."""
    clock, registry = platform.clock, platform.registry
    nowhere = replace(owner, tenant=TestTenant(platform, company.id, "nowhere"))
    await refused_request(nowhere, tables, "TENANT_UNKNOWN", 404)
    other = await platform.tenant({})
    await refused_request(replace(owner, tenant=other), tables, "UNAUTHENTICATED", 401)
    await refused_request(replace(owner, token=None), tables, "UNAUTHENTICATED", 401)
    await refused_request(replace(owner, token="as_wrong"), tables, "UNAUTHENTICATED", 401)
    email = (await owner.ask("{ viewer { member { email } } }"))["viewer"]["member"]["email"]
    short = await registry.issue_token(
        IssueToken(slug=company.slug, email=email, expires_at=clock.now() + timedelta(minutes=1))
    )
    spare = await registry.issue_token(IssueToken(slug=company.slug, email=email))
    assert await replace(owner, token=short.token).ask("{ __typename }")
    clock.advance(timedelta(minutes=1, microseconds=1))
    await refused_request(replace(owner, token=short.token), tables, "UNAUTHENTICATED", 401)
    await registry.revoke_token(RevokeToken(slug=company.slug, token_id=spare.id))
    await refused_request(replace(owner, token=spare.token), tables, "UNAUTHENTICATED", 401)


async def test_suspended_and_archived_tenants_are_refused(
    platform: TestPlatform, company: TestTenant, owner: Caller, tables: Tables
) -> None:
    """Given a tenant that is suspended, then archived, when its own member asks, then each state has its own code."""
    await platform.registry.suspend(TenantState(slug=company.slug))
    await refused_request(owner, tables, "TENANT_SUSPENDED", 403)
    await platform.registry.resume(TenantState(slug=company.slug))
    assert await owner.ask("{ __typename }")
    await platform.registry.archive(TenantState(slug=company.slug))
    await refused_request(owner, tables, "TENANT_ARCHIVED", 403)


async def test_documents_that_ask_too_much_are_refused(owner: Caller, tables: Tables) -> None:
    """Given malformed, too deep, too wide or too costly GraphQL, when sent, then each bound has a code of its own."""
    deep = "{ ticket(id: 1) { " + "parent { " * 12 + "id" + " }" * 12 + " } }"
    costly = "{ tickets(first: 100) { nodes { children { children { id } } } } }"
    many = "{ " + " ".join(f"a{number}: __typename" for number in range(31)) + " }"
    await refused_request(owner, tables, "GRAPHQL_PARSE_FAILED", 400, query="{ tickets(")
    await refused_request(owner, tables, "GRAPHQL_VALIDATION_FAILED", 400, query="{ nonsense }")
    await refused_request(
        owner, tables, "VARIABLE_INVALID", 400, query="query ($n: Int!) { tickets(first: $n) { totalCount } }",
        variables={"n": "many"},
    )  # fmt: skip
    await refused_request(owner, tables, "QUERY_TOO_DEEP", 400, query=deep)
    await refused_request(owner, tables, "QUERY_TOO_COSTLY", 400, query=costly)
    await refused_request(owner, tables, "QUERY_TOO_MANY_ALIASES", 400, query=many)
    await refused_request(owner, tables, "DOCUMENT_TOO_LONG", 400, query="{ __typename }" + " " * 64_000)
    await refused_request(owner, tables, "PAGE_SIZE_INVALID", 400, query="{ tickets(first: 101) { totalCount } }")


async def test_a_disabled_vertical_keeps_its_data_and_takes_nothing_new(
    platform: TestPlatform, company_of_all: Company, tables: Tables
) -> None:
    """Given a ticket of a vertical, when the vertical is disabled, then it is still read, and new use is refused."""
    await platform.registry.disable_vertical(DisableVertical(slug=company_of_all.tenant.slug, vertical="solar"))
    read = "query ($id: ID!) { ticket(id: $id) { vertical commitments { id } } }"
    ticket = (await company_of_all.owner.ask(read, id=company_of_all.ids["Ticket"]))["ticket"]
    assert ticket["vertical"] == "solar"
    assert ticket["commitments"]
    given = report(company_of_all)
    await refused_twice("a new report", company_of_all, tables, "openTicket", given, "VERTICAL_NOT_ENABLED", "vertical")
    gone = await company_of_all.owner.answer("{ assets { nodes { solarSolarWaterHeater { households } } } }")
    assert gone["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_two_who_change_one_customer(owner: Caller) -> None:
    """Given a version that two have read, when both change it, then the second is told to look again."""
    made = (await owner.do("createCustomer", "customer { id version }", code="C-9", name="Qian"))["customer"]
    seen = {"customerId": made["id"], "expectedVersion": made["version"]}
    first = await owner.do("updateCustomer", "customer { version }", name="Qian & Sons", **seen)
    assert first["customer"]["version"] == made["version"] + 1
    assert await owner.code("updateCustomer", name="Qian Ltd", **seen) == "VERSION_STALE"
    found = await owner.ask("query ($id: ID!) { customer(id: $id) { name } }", id=made["id"])
    assert found == {"customer": {"name": "Qian & Sons"}}


async def test_a_role_without_the_right_is_refused_in_both_languages(caller: MakeCaller, company: TestTenant) -> None:
    """Given an engineer, when he would sign a contract, then he is told so in his language."""
    engineer = await caller(company, "engineer")
    messages = []
    for asking in in_both_languages(engineer):
        [error] = (await asking.mutate("publishPlan", "", vertical="solar"))["userErrors"]
        assert error["code"] == "FORBIDDEN"
        messages.append(error["message"])
    assert is_chinese(messages[0])
    assert not is_chinese(messages[1])


async def test_proposals_for_the_first_year_of_all_are_refused(company_of_all: Company, tables: Tables) -> None:
    """Given a window at the calendar's very beginning, when asked who could go, then the field and why are told."""
    text = "query ($id: ID!, $at: DateTime!) { dispatchProposals(ticketId: $id, windowStart: $at) { fit } }"
    for start in ("0001-01-01T00:00:00+00:00", "0001-01-01T08:00:00+08:00", "0001-01-01T00:00:00+08:00"):
        given = {"id": company_of_all.ids["Ticket"], "at": start}
        [error] = (await company_of_all.owner.answer(text, given))["errors"]
        assert error["extensions"] == {"code": "INSTANT_IMPOSSIBLE", "field": "windowStart"}


async def test_a_message_repeats_no_more_than_the_beginning_of_a_long_value(company_of_all: Company) -> None:
    """Given a value of ten thousand characters, when it is refused, then the message has two hundred of them."""
    long = "x" * 10_000
    payload = await company_of_all.owner.mutate("openTicket", "", **{**report(company_of_all), "kind": long})
    [error] = payload["userErrors"]
    assert error["code"] == "KIND_UNKNOWN"
    assert "x" * 150 in error["message"]
    assert "x" * 200 not in error["message"]
