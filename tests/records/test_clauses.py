"""What the plans say about records, clause by clause."""

from decimal import Decimal
from typing import Any

import pytest

from aftersales.assets.models import Asset
from aftersales.kit.errors import AftersalesError
from aftersales.kit.ids import new_id
from aftersales.parties.models import ServiceUnit
from aftersales.records import forms, reports, service
from aftersales.records.commands import (
    AddFormPoint,
    CorrectRecord,
    DeleteRecord,
    FillRecord,
    IssueForms,
    RecordDispatchCost,
    StartRecord,
    SubmitRecord,
)
from aftersales.records.models import ServiceRecord
from aftersales.revisits import service as revisits
from aftersales.revisits.commands import CompleteRevisit, PlanRevisit
from aftersales.tickets import service as tickets
from aftersales.tickets.commands import CloseTicket, ProposePlan, Resolve, StartWork
from aftersales.tickets.models import Ticket
from aftersales.work import service as work
from aftersales.work.commands import AddWorkOrderLine, CreateWorkOrder
from tests.fixtures.database import TestPlatform
from tests.records.dispatching import dispatched
from tests.records.filling import archive, filed, seal, sign, start, submit
from tests.support.refusals import refused
from tests.tickets.world import World, local, member


async def resolved(world: World, ticket: Ticket) -> None:
    await world.do(tickets.resolve, Resolve(ticket_id=ticket.id, cause="worn", measures="replaced"))


async def close_refused(world: World, ticket: Ticket) -> AftersalesError:
    return await refused(world, tickets.close_ticket, CloseTicket(ticket_id=ticket.id))


async def close(world: World, ticket: Ticket) -> None:
    await world.do(tickets.close_ticket, CloseTicket(ticket_id=ticket.id))
    assert (await world.ticket(ticket.id)).state == "closed"


# --- plan 1 ---------------------------------------------------------------------------------------------------


@pytest.mark.clause("P01-13")
async def test_a_substitute_is_issued_only_with_its_test_report(lighting: World) -> None:
    """Given substitute S, when it is issued without a test report, then refused; with report R-7, then allowed."""
    ticket = await lighting.open()
    order = await lighting.do(work.create_work_order, CreateWorkOrder(ticket_id=ticket.id))
    line = AddWorkOrderLine(work_order_id=order.id, kind="part", description="S", substitute_for="lamp")
    assert (await refused(lighting, work.add_work_order_line, line)).code == "RECORD_REQUIRED"
    await filed(lighting, "substitute_test_report", {"part": "T", "result": "fits"}, "tester")
    assert (await refused(lighting, work.add_work_order_line, line)).code == "RECORD_REQUIRED"
    await filed(lighting, "substitute_test_report", {"part": "S", "result": "fits"}, "tester")
    await lighting.do(work.add_work_order_line, line)
    original = AddWorkOrderLine(work_order_id=order.id, kind="part", description="lamp")
    await lighting.do(work.add_work_order_line, original)


@pytest.mark.clause("P01-14")
async def test_an_emergency_is_worked_on_only_with_a_plan(lighting: World) -> None:
    ticket = await lighting.open(facts={"major": True})
    minor = await lighting.open()
    await lighting.do(tickets.start_work, StartWork(ticket_id=minor.id))
    assert (await refused(lighting, tickets.start_work, StartWork(ticket_id=ticket.id))).code == "RECORD_REQUIRED"
    await filed(lighting, "emergency_plan", {"plan": "cut the power"}, ticket_id=ticket.id)
    await lighting.do(tickets.start_work, StartWork(ticket_id=ticket.id))
    assert (await lighting.ticket(ticket.id)).state == "in_progress"


@pytest.mark.clause("P01-17")
async def test_a_major_problem_is_closed_only_with_its_root_cause_and_solution(lighting: World) -> None:
    ticket = await lighting.open(facts={"major": True})
    await resolved(lighting, ticket)
    assert (await close_refused(lighting, ticket)).code == "RECORD_REQUIRED"
    draft = await start(lighting, "problem_record", {"root_cause": "humidity"}, ticket_id=ticket.id)
    assert (await close_refused(lighting, ticket)).code == "RECORD_INCOMPLETE"
    await lighting.do(service.fill_record, FillRecord(record_id=draft.id, values={"solution": "sealed lamps"}))
    await submit(lighting, draft)
    await close(lighting, ticket)


# --- plans 4 and 7 ----------------------------------------------------------------------------------------------


@pytest.mark.clause("P04-01")
async def test_every_tenant_has_the_three_forms_from_its_first_day(bare_platform: TestPlatform) -> None:
    tenant = await bare_platform.tenant()
    async with tenant.work() as uow:
        found = {form.template.code for form in await forms.forms_of(uow)}
    assert {"service_log", "response_record", "suggestion_form"} <= found


@pytest.mark.clause("P04-15")
async def test_twelve_of_a_hundred_forms_come_back(consumer: World) -> None:
    point = await consumer.do(reports.add_form_point, AddFormPoint(code="Q7", place="market hall"))
    await consumer.do(reports.issue_forms, IssueForms(form_point_id=point.id, quantity=100))
    for number in range(12):
        await filed(consumer, "suggestion_form", {"suggestion": f"idea {number}"}, form_point_id=point.id)
    await start(consumer, "suggestion_form", {}, form_point_id=point.id)
    async with consumer.work() as uow:
        count = await reports.form_point_count(uow, point.id)
    assert (count.issued, count.returned, str(count.rate)) == (100, 12, "0.1200")
    wrong = StartRecord(form="service_log", form_point_id=point.id)
    assert (await refused(consumer, service.start_record, wrong)).code == "FORM_POINT_OF_OTHER_FORM"


@pytest.mark.clause("P07-06")
async def test_a_deleted_archive_stays_with_reason_and_actor(consumer: World) -> None:
    record = await filed(consumer, "suggestion_form", {"suggestion": "longer hours"}, archived=True)
    delete = DeleteRecord(record_id=record.id, reason="the customer asked for it")
    assert (await refused(consumer, service.delete_record, delete)).code == "FORBIDDEN"
    bare = DeleteRecord(record_id=record.id, reason=" ")
    assert (await refused(consumer, service.delete_record, bare, consumer.owner)).code == "REQUIRED"
    await consumer.do(service.delete_record, delete, consumer.owner)
    [kept] = await consumer.read(ServiceRecord, id=record.id)
    assert kept.deleted_at == consumer.clock.now()
    assert (kept.deletion_reason, kept.deleted_by) == ("the customer asked for it", consumer.owner.label)
    assert kept.field_values == {"suggestion": "longer hours"}
    assert (await refused(consumer, service.delete_record, delete, consumer.owner)).code == "RECORD_DELETED"


PROFILE = {
    "customer_name": "Li", "address": "1 Main Road", "contact": "138", "product_grade": "A",
    "purchase_date": "2026-05-01",
}  # fmt: skip


@pytest.mark.clause("P07-11")
@pytest.mark.parametrize("missing", list(PROFILE))
async def test_the_refusal_names_the_field_that_is_missing(consumer: World, missing: str) -> None:
    values = {code: value for code, value in PROFILE.items() if code != missing}
    record = await start(consumer, "customer_profile", values, customer_id=consumer.customer.id)
    assert record.missing == [missing]
    refusal = await refused(consumer, service.submit_record, SubmitRecord(record_id=record.id))
    assert (refusal.code, refusal.field) == ("FORM_FIELD_REQUIRED", f"values.{missing}")
    await consumer.do(service.fill_record, FillRecord(record_id=record.id, values={missing: PROFILE[missing]}))
    await submit(consumer, record)
    twice = StartRecord(form="customer_profile", customer_id=consumer.customer.id)
    assert (await refused(consumer, service.start_record, twice)).code == "RECORD_EXISTS"


@pytest.mark.clause("P07-20")
async def test_seven_failures_of_a_model_in_ninety_days(consumer: World) -> None:
    """Given 7 failures of M in 90 days, one of another model and one on the day before, then M counts 7."""
    other = Asset(
        id=new_id(), number="A2", name="Other", vertical="consumer", asset_type="product", attributes={"model": "N"},
        customer_id=consumer.customer.id, created_at=consumer.clock.now(),
    )  # fmt: skip
    await consumer.add(other)
    async with consumer.work() as uow:
        (await uow.get(Asset, consumer.asset.id)).attributes = {"model": "M"}
    last = local("2026-09-07 23:59")
    consumer.clock.move_to(local("2026-09-08 12:00"))
    for number in range(7):
        at = local("2026-06-10 00:00") if number == 0 else last
        await consumer.open(reported_at=at, channel="web")
    await consumer.open(reported_at=local("2026-06-09 23:59"), channel="web")
    await consumer.open(reported_at=last, channel="web", asset_id=other.id)
    await consumer.open(reported_at=last, channel="web", kind="question")
    async with consumer.work() as uow:
        rows = await reports.product_failures(uow, local("2026-06-10 00:00").date(), last.date())
    assert [(row.product, row.failures, row.assets) for row in rows] == [("M", 7, 1), ("N", 1, 1)]


# --- plan 11 --------------------------------------------------------------------------------------------------

PROBLEM = {"kind": "leak", "location": "kitchen window", "cause": "seal", "solution": "new seal"}


@pytest.mark.clause("P11-05")
async def test_a_complaint_is_diagnosed_only_with_the_quality_problem_record(windows: World) -> None:
    ticket = await windows.open(kind="complaint", channel="web")
    plan = ProposePlan(ticket_id=ticket.id, plan="a new seal")
    assert (await refused(windows, tickets.propose_plan, plan, windows.owner)).code == "RECORD_REQUIRED"
    await filed(windows, "quality_problem_record", PROBLEM, ticket_id=ticket.id)
    await windows.do(tickets.propose_plan, plan, windows.owner)


@pytest.mark.clause("P11-06")
@pytest.mark.parametrize("missing", list(PROBLEM))
async def test_the_quality_problem_record_has_four_required_fields(windows: World, missing: str) -> None:
    ticket = await windows.open(kind="complaint", channel="web")
    values = {**PROBLEM, missing: "  "}
    record = await start(windows, "quality_problem_record", values, ticket_id=ticket.id)
    refusal = await refused(windows, service.submit_record, SubmitRecord(record_id=record.id))
    assert (refusal.code, refusal.field) == ("FORM_FIELD_REQUIRED", f"values.{missing}")


COMPLETION = {"damage_cause": "storm", "remedy": "new pane", "completion": "tight"}


@pytest.mark.clause("P11-14", "P11-15")
async def test_after_a_repair_a_written_report_goes_out_and_the_signed_form_into_the_archive(windows: World) -> None:
    ticket = await windows.open()
    finish = Resolve(ticket_id=ticket.id, cause="storm", measures="new pane")
    assert (await refused(windows, tickets.resolve, finish)).code == "RECORD_REQUIRED"
    report = await start(windows, "completion_report", {**COMPLETION, "remedy": ""}, ticket_id=ticket.id)
    refusal = await refused(windows, service.submit_record, SubmitRecord(record_id=report.id))
    assert (refusal.code, refusal.field) == ("FORM_FIELD_REQUIRED", "values.remedy")
    await windows.do(service.fill_record, FillRecord(record_id=report.id, values=COMPLETION))
    await submit(windows, report)
    await windows.do(tickets.resolve, finish)

    acceptance = await start(windows, "acceptance_form", {"result": "good"}, ticket_id=ticket.id)
    assert (await close_refused(windows, ticket)).code == "NO_SIGNATURE"
    unsigned = await refused(windows, service.submit_record, SubmitRecord(record_id=acceptance.id))
    assert unsigned.code == "NO_SIGNATURE"
    await sign(windows, acceptance, "customer")
    await submit(windows, acceptance)
    assert (await close_refused(windows, ticket)).code == "RECORD_NOT_ARCHIVED"
    await archive(windows, acceptance)
    await close(windows, ticket)


@pytest.mark.clause("P11-48")
async def test_no_revisit_and_no_warranty_work_ends_without_its_archived_report(windows: World) -> None:
    async def visited() -> AftersalesError | None:
        order = PlanRevisit(customer_id=windows.customer.id, vertical=windows.asset.vertical)
        owed = await windows.do(revisits.plan_revisit, order, windows.owner)
        held = CompleteRevisit(revisit_id=owed.id, channel="visit")
        try:
            await windows.do(revisits.complete_revisit, held, windows.owner)
        except AftersalesError as refusal:
            return refusal
        return None

    assert (refusal := await visited()) is not None
    assert refusal.code == "RECORD_REQUIRED"
    report = await filed(windows, "revisit_report", {"findings": "dry"}, asset_id=windows.asset.id)
    assert (refusal := await visited()) is not None
    assert refusal.code == "RECORD_NOT_ARCHIVED"
    await archive(windows, report)
    assert await visited() is None
    windows.later(days=1)
    assert (refusal := await visited()) is not None
    assert refusal.code == "RECORD_REQUIRED", "the report of an earlier revisit tells nothing of this one"

    ticket = await windows.open(kind="maintenance", channel="web")
    await resolved(windows, ticket)
    assert (await close_refused(windows, ticket)).code == "RECORD_REQUIRED"
    await filed(windows, "completion_report", COMPLETION, ticket_id=ticket.id, archived=True)
    await close(windows, ticket)


# --- plan 12 --------------------------------------------------------------------------------------------------

REPORT = {"problem": "no light", "cause": "fuse", "work_done": "new fuse", "result": "works"}


@pytest.mark.clause("P12-12", "P12-13")
async def test_a_job_ends_with_the_service_report_and_the_users_survey(services: World) -> None:
    ticket = await services.open()
    await resolved(services, ticket)
    assert (await close_refused(services, ticket)).code == "RECORD_REQUIRED"
    await filed(services, "service_report", REPORT, "engineer", ticket_id=ticket.id)
    assert (await close_refused(services, ticket)).params["form_en"] == "Satisfaction survey"
    user = services.customer_member()
    survey = await start(services, "satisfaction_survey", {"satisfaction": "satisfied"}, user, ticket_id=ticket.id)
    await sign(services, survey, "customer", user)
    await submit(services, survey, user)
    await close(services, ticket)


@pytest.mark.clause("P12-16")
async def test_calls_and_letters_are_registered_with_their_results(services: World) -> None:
    call = {"channel": "letter", "received_at": "2026-06-10T08:30:00+08:00", "contact": "Li", "subject": "invoice"}
    row = await start(services, "contact_register", call)
    assert (row.complete, row.missing) == (False, ["result"])
    await services.do(service.fill_record, FillRecord(record_id=row.id, values={"result": "sent again"}))
    assert (await submit(services, row)).complete
    pigeon = StartRecord(form="contact_register", values={**call, "channel": "pigeon"})
    assert (await refused(services, service.start_record, pigeon)).code == "FORM_CHOICE_UNKNOWN"


@pytest.mark.clause("P12-17")
async def test_twelve_dispatches_of_june_cost_8400(services: World) -> None:
    consumed = [await dispatched(services) for _ in range(12)]
    for visit in consumed:
        cost = RecordDispatchCost(appointment_id=visit.id, kind="travel", amount=Decimal("600.00"))
        await services.do(reports.record_dispatch_cost, cost, services.owner)
        more = RecordDispatchCost(appointment_id=visit.id, kind="lodging", amount=Decimal("100.00"))
        await services.do(reports.record_dispatch_cost, more, services.owner)
    services.clock.move_to(local("2026-07-01 00:30"))
    await dispatched(services)
    async with services.work(services.owner) as uow:
        june = await reports.dispatch_report(uow, "2026-06")
        july = await reports.dispatch_report(uow, "2026-07")
    assert (june.count, {code: str(total) for code, total in june.totals.items()}) == (12, {"CNY": "8400.00"})
    assert (july.count, july.totals) == (1, {})


# --- plan 15 --------------------------------------------------------------------------------------------------


async def dealer_of(world: World, code: str) -> Any:
    unit = ServiceUnit(id=new_id(), code=code, name=code, kind="agent")
    await world.add(unit)
    return member("dealer", dealer_id=unit.id)


CALL = {"channel": "call", "contact": "Zhou", "subject": "noise"}


@pytest.mark.clause("P15-09")
async def test_a_row_of_the_register_without_a_result_is_incomplete(dealers: World) -> None:
    row = await start(dealers, "service_register", CALL)
    assert (row.complete, row.missing) == (False, ["result"])
    refusal = await refused(dealers, service.submit_record, SubmitRecord(record_id=row.id))
    assert refusal.field == "values.result"


@pytest.mark.clause("P15-21")
async def test_a_dealers_register_is_read_at_headquarters_and_by_no_other_dealer(dealers: World) -> None:
    first, second = await dealer_of(dealers, "D"), await dealer_of(dealers, "E")
    row = await filed(dealers, "service_register", {**CALL, "result": "solved"}, actor=first)
    assert row.service_unit_id == first.dealer_id
    other = DeleteRecord(record_id=row.id, reason="x")
    assert (await refused(dealers, service.correct_record, correction(row), second)).code == "NOT_FOUND"
    assert (await refused(dealers, service.delete_record, other, second)).code == "FORBIDDEN"
    foreign = StartRecord(form="service_register", values=CALL, service_unit_id=first.dealer_id)
    assert (await refused(dealers, service.start_record, foreign, second)).code == "NOT_FOUND"
    await dealers.do(service.correct_record, correction(row), dealers.owner)


def correction(row: ServiceRecord) -> Any:
    return CorrectRecord(record_id=row.id, reason="a wrong name", values={"contact": "Zhang"})


@pytest.mark.clause("P15-13")
async def test_a_delivery_list_needs_signature_and_seal(dealers: World) -> None:
    dealer = await dealer_of(dealers, "D")
    record = await start(dealers, "delivery_list", {"goods": "20 pumps"}, dealer)
    send = SubmitRecord(record_id=record.id)
    assert (await refused(dealers, service.submit_record, send, dealer)).code == "NO_SIGNATURE"
    await sign(dealers, record, "dealer", dealer)
    assert (await refused(dealers, service.submit_record, send, dealer)).code == "NO_SEAL"
    await seal(dealers, record, dealer)
    assert (await submit(dealers, record, dealer)).state == "submitted"


@pytest.mark.clause("P15-17")
async def test_the_user_signs_that_the_policy_was_explained(dealers: World) -> None:
    record = await start(dealers, "sale_checklist", {"policy_explained": False})
    await sign(dealers, record, "customer")
    refusal = await refused(dealers, service.submit_record, SubmitRecord(record_id=record.id))
    assert (refusal.code, refusal.field) == ("FORM_FIELD_REQUIRED", "values.policy_explained")
    await dealers.do(service.fill_record, FillRecord(record_id=record.id, values={"policy_explained": True}))
    refusal = await refused(dealers, service.submit_record, SubmitRecord(record_id=record.id))
    assert refusal.code == "NO_SIGNATURE", "what was signed under another value counts no more"
    await sign(dealers, record, "customer")
    await submit(dealers, record)


@pytest.mark.clause("P15-38")
async def test_a_claim_without_a_signed_repair_record_is_rejected(dealers: World) -> None:
    dealer = await dealer_of(dealers, "D")
    ticket = await dealers.open(service_unit_id=dealer.dealer_id)
    claim = await start(dealers, "repair_claim", {"amount": "120"}, dealer, ticket_id=ticket.id)
    send = SubmitRecord(record_id=claim.id)
    assert (await refused(dealers, service.submit_record, send, dealer)).code == "RECORD_REQUIRED"
    values = {"fault": "noise", "part_replaced": False}
    repair = await start(dealers, "repair_record", values, dealer, ticket_id=ticket.id)
    assert (await refused(dealers, service.submit_record, send, dealer)).code == "NO_SIGNATURE"
    await sign(dealers, repair, "customer", dealer)
    await submit(dealers, repair, dealer)
    assert (await submit(dealers, claim, dealer)).state == "submitted"


@pytest.mark.clause("P15-41")
async def test_an_employees_expense_claim_waits_for_the_old_part(dealers: World) -> None:
    ticket = await dealers.open()
    engineer = member("engineer")
    values = {"fault": "noise", "part_replaced": True}
    repair = await start(dealers, "repair_record", values, engineer, ticket_id=ticket.id)
    await sign(dealers, repair, "customer", engineer)
    claim = await start(dealers, "expense_claim", {"amount": "60"}, engineer, ticket_id=ticket.id)
    send = SubmitRecord(record_id=claim.id)
    assert (await refused(dealers, service.submit_record, send, engineer)).params["missing"] == "old_part"
    await dealers.do(service.fill_record, FillRecord(record_id=repair.id, values={"old_part": "bearing 7"}), engineer)
    await sign(dealers, repair, "customer", engineer)
    await submit(dealers, repair, engineer)
    assert (await submit(dealers, claim, engineer)).state == "submitted"
