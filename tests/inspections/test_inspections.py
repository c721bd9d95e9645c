"""Inspections from the checklist to what a failed item leads to."""

from decimal import Decimal
from typing import Any

import pytest

from aftersales.documents.models import Document
from aftersales.inspections import service
from aftersales.inspections.commands import (
    AddFinding,
    CancelInspection,
    CompleteInspection,
    InspectionAnswerInput,
    PublishChecklist,
    StartInspection,
)
from aftersales.inspections.models import Finding, Inspection, InspectionAnswer
from aftersales.journal.models import Event
from aftersales.kit.ids import new_id
from aftersales.parties.models import Customer, Site
from aftersales.tickets.models import Ticket
from aftersales.work.models import WorkOrder
from tests.inspections.looking import answers, begin, fill, findings, item, passed, publish
from tests.support.refusals import refused
from tests.tickets.world import World, local, member

RAIL = item("rail", kind="number", unit="mm", minimum=Decimal(900), consequence="record", severity="high")


@pytest.mark.clause("P11-21")
@pytest.mark.parametrize(("height", "conforms"), [("899", False), ("899.999", False), ("900", True), ("1200", True)])
async def test_a_guard_rail_of_900_mm_conforms_and_one_of_899_does_not(
    solar_world: World, height: str, conforms: bool
) -> None:
    await publish(solar_world, RAIL, clause="P11-21")
    done = await fill(
        solar_world, await begin(solar_world), InspectionAnswerInput(item="rail", number=Decimal(height)), complete=True
    )
    assert done.passed is conforms
    found = await findings(solar_world)
    assert [(one.item, one.severity, one.clause) for one in found] == ([] if conforms else [("rail", "high", "P11-21")])


@pytest.mark.clause("P11-21")
@pytest.mark.parametrize(("value", "ok"), [("9.9", False), ("10", True), ("20", True), ("20.1", False)])
async def test_a_number_between_two_limits_passes_at_both(solar_world: World, value: str, ok: bool) -> None:
    await publish(solar_world, item("x", kind="number", minimum=Decimal(10), maximum=Decimal(20), consequence="record"))
    done = await fill(
        solar_world, await begin(solar_world), InspectionAnswerInput(item="x", number=Decimal(value)), complete=True
    )
    assert done.passed is ok


BARRIER = item(
    "barrier", kind="choice", choices=("rail", "green_belt", "neither"), accepted=("rail", "green_belt"),
    consequence="advice", advice_zh="请在窗外设置防护栏杆或绿化带", advice_en="Put a rail or a green belt outside",
)  # fmt: skip


@pytest.mark.clause("P11-22")
@pytest.mark.parametrize(("choice", "advised"), [("rail", False), ("green_belt", False), ("neither", True)])
async def test_neither_rail_nor_green_belt_leads_to_advice_to_the_owner(
    solar_world: World, choice: str, advised: bool
) -> None:
    await publish(solar_world, BARRIER, clause="P11-22")
    begun = await begin(solar_world)
    await fill(solar_world, begun, InspectionAnswerInput(item="barrier", choice=choice), complete=True)
    issued = [event for event in await solar_world.read(Event, kind="advice.issued")]
    assert [(event.customer_id, event.data["advice_en"]) for event in issued] == (
        [(solar_world.customer.id, "Put a rail or a green belt outside")] if advised else []
    )
    async with solar_world.work(solar_world.customer_member()) as uow:
        report = await service.inspection_report(uow, begun.id)
    assert [advice.zh for advice in report.advice] == (["请在窗外设置防护栏杆或绿化带"] if advised else [])
    assert await solar_world.read(Ticket) == []


@pytest.mark.clause("P01-20")
async def test_a_failed_item_opens_a_ticket_that_is_linked_both_ways(solar_world: World) -> None:
    await publish(solar_world, item("driver", severity="medium"), item("lamp"), clause="P01-20")
    begun = await begin(solar_world)
    await fill(solar_world, begun, passed("lamp"), passed("driver", False, note="driver overheating"))
    [ticket] = await solar_world.read(Ticket)
    [finding] = await findings(solar_world)
    assert (finding.inspection_id, finding.ticket_id, finding.item) == (begun.id, ticket.id, "driver")
    assert (ticket.asset_id, ticket.customer_id, ticket.kind) == (
        solar_world.asset.id, solar_world.customer.id, "fault",
    )  # fmt: skip
    assert begun.number in ticket.title
    assert "driver overheating" in ticket.title
    assert "inspection.finding" in await solar_world.events(ticket)
    assert await solar_world.due(ticket) != {}


@pytest.mark.clause("P01-20")
@pytest.mark.parametrize(("severity", "tickets"), [("none", 0), ("low", 1), ("critical", 1)])
async def test_a_finding_graver_than_none_opens_a_ticket(solar_world: World, severity: Any, tickets: int) -> None:
    await publish(solar_world, item("lamp"))
    begun = await begin(solar_world)
    command = AddFinding(inspection_id=begun.id, description="driver overheating", severity=severity)
    finding = await solar_world.do(service.add_finding, command)
    opened = await solar_world.read(Ticket)
    assert len(opened) == tickets
    assert finding.ticket_id == (opened[0].id if opened else None)


async def test_a_failed_item_may_order_work_at_once(solar_world: World) -> None:
    await publish(solar_world, item("valve", consequence="work_order"))
    await fill(solar_world, await begin(solar_world), passed("valve", False))
    [order] = await solar_world.read(WorkOrder)
    [finding] = await findings(solar_world)
    assert (finding.work_order_id, finding.ticket_id) == (order.id, order.ticket_id)


async def test_a_quality_supervisor_who_may_not_order_work_finds_what_needs_it(solar_world: World) -> None:
    await publish(solar_world, item("valve", consequence="work_order"))
    begun = await begin(solar_world)
    await solar_world.do(service.answer_items, answers(begun, passed("valve", False)), member("quality_supervisor"))
    assert len(await solar_world.read(WorkOrder)) == 1


async def test_saying_it_again_opens_no_second_ticket_and_a_correction_is_on_record(solar_world: World) -> None:
    await publish(solar_world, item("lamp"))
    begun = await begin(solar_world)
    for _ in range(2):
        await fill(solar_world, begun, passed("lamp", False))
    assert len(await solar_world.read(Ticket)) == 1
    done = await fill(solar_world, begun, passed("lamp"), complete=True)
    assert done.passed is True
    [finding] = await findings(solar_world)
    assert finding.state == "corrected"
    assert len(await solar_world.read(InspectionAnswer)) == 1


@pytest.mark.clause("P02-09")
async def test_a_check_in_without_the_sash_is_a_non_conformity(solar_world: World) -> None:
    """Given the dress rule of an event as a checklist, when somebody comes without sash, then it is on record."""
    dress = [item(code, consequence="record", severity="low", clause="P02-09") for code in ("uniform", "sash")]
    await publish(solar_world, *dress, code="dress")
    begun = await begin(solar_world, "dress", person="Miss Tang", site_id=solar_world.site.id)
    done = await fill(solar_world, begun, passed("uniform"), passed("sash", False), complete=True)
    assert (done.passed, done.person) == (False, "Miss Tang")
    [finding] = await findings(solar_world)
    assert (finding.item, finding.consequence, finding.clause, finding.ticket_id) == ("sash", "record", "P02-09", None)


# --- what is refused --------------------------------------------------------------------------------------------


async def test_answers_that_make_no_sense_are_refused_and_nothing_is_written(solar_world: World) -> None:
    await publish(solar_world, item("lamp"), RAIL, BARRIER, item("photo", photo=True), item("words", kind="note"))
    begun = await begin(solar_world)
    for given, code in (
        (passed("ghost"), "CHECK_ITEM_UNKNOWN"),
        (InspectionAnswerInput(item="lamp"), "ANSWER_MISSING"),
        (passed("rail"), "ANSWER_OF_OTHER_KIND"),
        (InspectionAnswerInput(item="lamp", passed=True, number=Decimal(1)), "ANSWER_OF_OTHER_KIND"),
        (InspectionAnswerInput(item="rail", number=Decimal("NaN")), "NUMBER_SENSELESS"),
        (InspectionAnswerInput(item="rail", number=Decimal("Infinity")), "NUMBER_SENSELESS"),
        (InspectionAnswerInput(item="rail", number=Decimal("1e9")), "NUMBER_SENSELESS"),
        (InspectionAnswerInput(item="rail", number=Decimal("899.9999999")), "NUMBER_SENSELESS"),
        (InspectionAnswerInput(item="barrier", choice="moat"), "CHOICE_UNKNOWN"),
        (passed("photo"), "PHOTO_REQUIRED"),
        (InspectionAnswerInput(item="words"), "ANSWER_MISSING"),
        (passed("lamp", document_id=new_id()), "NOT_FOUND"),
    ):
        assert (await refused(solar_world, service.answer_items, answers(begun, given))).code == code, given
    twice = answers(begun, passed("lamp"), passed("lamp", False))
    assert (await refused(solar_world, service.answer_items, twice)).code == "CHECK_ITEM_TWICE"
    assert (await refused(solar_world, service.answer_items, answers(begun))).code == "REQUIRED"


async def test_a_photo_is_a_reference_or_a_document(solar_world: World) -> None:
    await publish(solar_world, item("a", photo=True), item("b", photo=True))
    document = Document(
        id=new_id(), title="photo", confidentiality="customer", body="x", created_at=solar_world.clock.now()
    )
    await solar_world.add(document)
    done = await fill(
        solar_world, await begin(solar_world), passed("a", photo="IMG-7"), passed("b", document_id=document.id),
        complete=True,
    )  # fmt: skip
    assert done.passed is True


async def test_an_inspection_is_completed_once_with_everything_that_is_asked(solar_world: World) -> None:
    await publish(solar_world, item("a"), item("b"), item("c", required=False))
    begun = await begin(solar_world)
    await fill(solar_world, begun, passed("a"))
    complete = CompleteInspection(inspection_id=begun.id)
    error = await refused(solar_world, service.complete_inspection, complete)
    assert (error.code, error.params["items"]) == ("ITEMS_MISSING", "b")
    error = await refused(solar_world, service.answer_items, answers(begun, passed("c"), complete=True))
    assert error.code == "ITEMS_MISSING"
    await fill(solar_world, begun, passed("b"))
    assert (await solar_world.do(service.complete_inspection, complete)).passed is True
    for operation, command in (
        (service.complete_inspection, complete),
        (service.answer_items, answers(begun, passed("c"))),
        (service.cancel_inspection, CancelInspection(inspection_id=begun.id, reason="x")),
        (service.add_finding, AddFinding(inspection_id=begun.id, description="x", severity="low")),
    ):
        assert (await refused(solar_world, operation, command)).code == "INSPECTION_STATE_REFUSED"


async def test_an_inspection_of_nothing_or_of_two_customers_is_refused(solar_world: World) -> None:
    await publish(solar_world, item("a"))
    other = Customer(id=new_id(), code="C9", name="Other", created_at=solar_world.clock.now())
    yard = Site(id=new_id(), customer_id=other.id, name="Yard")
    await solar_world.add(other, yard)

    def asked(**given: Any) -> StartInspection:
        return StartInspection(**{"vertical": "solar", "checklist": "look", **given})

    asset = {"asset_id": solar_world.asset.id}
    for command, code in (
        (asked(), "INSPECTION_SUBJECT_INVALID"),
        (asked(checklist="annual_inspection", site_id=solar_world.site.id), "INSPECTION_SUBJECT_INVALID"),
        (asked(site_id=yard.id, **asset), "INSPECTION_SUBJECT_INVALID"),
        (asked(checklist="ghost", **asset), "CHECKLIST_UNKNOWN"),
        (asked(vertical="coffee", **asset), "VERTICAL_NOT_ENABLED"),
        (asked(at=local("2026-06-10 09:01"), **asset), "INSTANT_IN_FUTURE"),
        (asked(asset_id=new_id()), "NOT_FOUND"),
    ):
        assert (await refused(solar_world, service.start_inspection, command)).code == code
    for outsider in (solar_world.customer_member(), member("dealer", dealer_id=solar_world.team.id), member("finance")):
        error = await refused(solar_world, service.start_inspection, asked(**asset), outsider)
        assert error.code == "FORBIDDEN"


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        ((), "no items"),
        ((item("a"), item("a")), "twice"),
        ((item("a", kind="number", minimum=Decimal(2), maximum=Decimal(1)),), "above"),
        ((item("a", minimum=Decimal(1)),), "no number"),
        ((item("a", kind="choice"),), "choices"),
        ((item("a", kind="choice", choices=("x",), accepted=("y",)),), "can't be chosen"),
        ((item("a", consequence="advice"),), "advice"),
        ((item("a", kind="number", minimum=Decimal("NaN")),), "NaN"),
    ],
)
async def test_a_checklist_that_can_not_be_is_refused(solar_world: World, items: tuple[Any, ...], reason: str) -> None:
    command = PublishChecklist(vertical="solar", code="x", name_zh="表", name_en="List", items=items)
    error = await refused(solar_world, service.publish_checklist, command, solar_world.owner)
    assert error.code == "CHECKLIST_INVALID"
    assert reason in error.message("en")


async def test_a_checklist_is_the_owners_to_publish(solar_world: World) -> None:
    command = PublishChecklist(vertical="solar", code="x", name_zh="表", name_en="List", items=(item("a"),))
    assert (await refused(solar_world, service.publish_checklist, command)).code == "FORBIDDEN"


async def test_a_new_version_changes_nothing_that_is_under_way(solar_world: World) -> None:
    await publish(solar_world, item("a"))
    begun = await begin(solar_world)
    second = await publish(solar_world, item("b"))
    assert second.version == 2
    assert (await fill(solar_world, begun, passed("a"), complete=True)).checklist_version == 1
    assert [one["code"] for one in (await begin(solar_world)).items] == ["b"]


async def test_an_own_checklist_takes_the_place_of_the_verticals(solar_world: World) -> None:
    declared = await begin(solar_world, "annual_inspection")
    assert {"tank_tight", "anode_thickness"} <= {one["code"] for one in declared.items}
    await publish(solar_world, item("own"), code="annual_inspection")
    own = await begin(solar_world, "annual_inspection")
    assert ([one["code"] for one in own.items], own.clause) == (["own"], "P09-20")


@pytest.mark.clause("P06-09", "P06-23")
@pytest.mark.parametrize(("checklist", "count"), [("cool_summer_check", 3), ("safety_check", 9)])
async def test_the_free_checks_of_the_campaign_have_their_lines(car_world: World, checklist: str, count: int) -> None:
    begun = await begin(car_world, checklist)
    codes = [one["code"] for one in begun.items]
    assert len(codes) == count
    done = await fill(car_world, begun, *(passed(code, code != "brakes") for code in codes), complete=True)
    assert done.passed is ("brakes" not in codes)
    assert await car_world.read(Ticket) == []


# --- report and trend -------------------------------------------------------------------------------------------


async def test_the_report_tells_the_customer_in_both_languages(solar_world: World) -> None:
    await publish(solar_world, RAIL, item("lamp", required=False))
    begun = await begin(solar_world)
    customer = solar_world.customer_member()

    async def ask(uow: Any, _: None) -> Any:
        return await service.inspection_report(uow, begun.id)

    assert (await refused(solar_world, ask, None, customer)).code == "NOT_FOUND"
    await fill(solar_world, begun, InspectionAnswerInput(item="rail", number=Decimal(899)), complete=True)
    report = await solar_world.do(ask, None, customer)
    rail, lamp = report.lines
    assert (rail.result.zh, rail.result.en) == ("899 mm(不低于 900 mm) 不合格", "899 mm (at least 900 mm), not passed")
    assert (lamp.result.zh, lamp.result.en, lamp.passed) == ("未检查", "not looked at", None)
    assert (report.title.zh, report.title.en, report.passed) == ("巡检", "A look", False)
    stranger = member("customer", customer_id=new_id())
    assert (await refused(solar_world, ask, None, stranger)).code == "NOT_FOUND"


async def test_a_customer_reads_nothing_of_checks_of_people(solar_world: World) -> None:
    await publish(solar_world, item("sash", consequence="record"))
    begun = await begin(solar_world, person="Miss Tang")
    await fill(solar_world, begun, passed("sash"), complete=True)

    async def ask(uow: Any, _: None) -> Any:
        return await service.inspection_report(uow, begun.id)

    assert (await refused(solar_world, ask, None, solar_world.customer_member())).code == "NOT_FOUND"


async def test_a_value_is_read_over_an_assets_visits(solar_world: World) -> None:
    expected = []
    for value in ("20", "17.5", "14"):
        begun = await begin(solar_world, "annual_inspection")
        await fill(
            solar_world, begun, *(passed(code) for code in ("tank_tight", "collector_sound", "bracket_firm")),
            passed("controller_works"), InspectionAnswerInput(item="anode_thickness", number=Decimal(value)),
            complete=True,
        )  # fmt: skip
        expected.append((solar_world.clock.now(), Decimal(value), begun.number))
        solar_world.later(days=180)
    unfinished = await begin(solar_world, "annual_inspection")
    await fill(solar_world, unfinished, InspectionAnswerInput(item="anode_thickness", number=Decimal(3)))
    for actor in (solar_world.dispatcher, solar_world.customer_member()):
        async with solar_world.work(actor) as uow:
            points = await service.inspection_trend(uow, solar_world.asset.id, "anode_thickness")
        assert [(point.at, point.value, point.inspection) for point in points] == expected

    async def ask(uow: Any, _: None) -> Any:
        return await service.inspection_trend(uow, solar_world.asset.id, "anode_thickness")

    stranger = member("customer", customer_id=new_id())
    assert (await refused(solar_world, ask, None, stranger)).code == "NOT_FOUND"


async def test_another_tenants_inspection_does_not_exist_here(solar_world: World, garden_world: World) -> None:
    await publish(solar_world, item("a"))
    begun = await begin(solar_world)
    assert (await refused(garden_world, service.answer_items, answers(begun, passed("a")))).code == "NOT_FOUND"
    assert [row.state for row in await solar_world.read(Inspection)] == ["open"]
    assert await garden_world.read(Finding) == []
