"""What must be handed over, document by document, before a handover is one."""

from datetime import date, timedelta
from typing import Any

import pytest

from aftersales.assets import service as assets
from aftersales.assets.commands import AcceptAsset
from aftersales.contracts import service as contracts
from aftersales.contracts.commands import SignContract
from aftersales.contracts.models import ServiceContract
from aftersales.documents import service as documents
from aftersales.documents.models import Document
from aftersales.documents.service import AddDocument, PublishDocument, SendDocument, WriteDocumentSection
from aftersales.journal import service as journal
from aftersales.records import deliverables
from aftersales.records.commands import CompleteHandover, RecordReceipt
from aftersales.tickets import service as tickets
from aftersales.tickets.commands import DecideOnSite
from aftersales.work import service as work
from aftersales.work.commands import (
    CompleteWorkOrder,
    CreateWorkOrder,
    DispatchAppointment,
    FinishAppointment,
    PlanAppointment,
    RecordArrival,
)
from tests.records.filling import filed
from tests.support.refusals import refused
from tests.tickets.world import World, member

FINANCE = member("finance")


async def signed(world: World, vertical: str, **fields: Any) -> ServiceContract:
    command = SignContract(
        title="Care", vertical=vertical, customer_id=world.customer.id, starts_on=date(2026, 1, 1), lines=(),
        fields=fields,
    )  # fmt: skip
    contract: ServiceContract = await world.do(contracts.sign_contract, command, FINANCE)
    return contract


async def manual(world: World, title: str = "Manual", **given: Any) -> Document:
    document: Document = await world.do(documents.add_document, AddDocument(title=title, body="text", **given))
    return document


async def received(world: World, code: str, **about: Any) -> None:
    if "document_id" not in about and "record_id" not in about:
        about["document_id"] = (await manual(world, code)).id
    command = RecordReceipt(deliverable=code, received_by="Mrs. Li", **about)
    await world.do(deliverables.record_receipt, command)


async def status(world: World, due: str, **about: Any) -> deliverables.HandoverStatus:
    async with world.work() as uow:
        return await deliverables.handover_status(uow, due, **about)


@pytest.mark.clause("P01-23")
async def test_a_handover_without_drawings_is_not_complete(lighting: World) -> None:
    this: dict[str, Any] = {"asset_id": lighting.asset.id}
    for code in ("technical_specifications", "operation_manual", "maintenance_documents"):
        await received(lighting, code, **this)
    found = await status(lighting, "handover", **this)
    assert (found.complete, found.missing) == (False, ("drawings",))
    complete = CompleteHandover(due="handover", **this)
    refusal = await refused(lighting, deliverables.complete_handover, complete)
    assert (refusal.code, refusal.params["missing"]) == ("DELIVERABLES_MISSING", "drawings")
    await received(lighting, "drawings", **this)
    await lighting.do(deliverables.complete_handover, complete)
    assert (await refused(lighting, deliverables.complete_handover, complete)).code == "HANDOVER_DONE"


@pytest.mark.clause("P08-05")
async def test_the_security_plan_belongs_to_a_hospitals_go_live(hospital_world: World) -> None:
    contract = await signed(hospital_world, "software_his")
    found = await status(hospital_world, "go_live", contract_id=contract.id)
    assert found.missing == ("security_plan",)
    await received(hospital_world, "security_plan", contract_id=contract.id)
    assert (await status(hospital_world, "go_live", contract_id=contract.id)).complete


@pytest.mark.clause("P10-12")
async def test_two_policies_are_listed_for_go_live(project_world: World) -> None:
    contract = await signed(project_world, "software_his", guarantee_months=24)
    found = await status(project_world, "go_live", contract_id=contract.id)
    assert [one.code for one in found.deliverables] == ["security_rules", "usage_rules"]
    assert {one.clause for one in found.deliverables} == {"P10-12"}


@pytest.mark.clause("P10-11")
async def test_a_maintenance_visit_ends_with_its_report(project_world: World) -> None:
    """Given a visit of an authorised health check, when it ends without a report, then refused; a repair's isn't."""
    world = project_world
    for work_type, needs_report in (("health_check", True), ("recovery", False)):
        ticket = await world.open(kind="question", channel="web")
        go = DecideOnSite(ticket_id=ticket.id, override_reason="as agreed")
        await world.do(tickets.decide_on_site, go)
        command = CreateWorkOrder(ticket_id=ticket.id, work_type=work_type)
        order = await world.do(work.create_work_order, command)
        start = world.clock.now() + timedelta(hours=1)
        plan = PlanAppointment(
            work_order_id=order.id, engineer_id=world.engineer.id, window_start=start,
            window_end=start + timedelta(hours=1),
        )  # fmt: skip
        visit = await world.do(work.plan_appointment, plan)
        await world.do(work.dispatch_appointment, DispatchAppointment(appointment_id=visit.id))
        await world.do(work.record_arrival, RecordArrival(appointment_id=visit.id))
        finish = FinishAppointment(appointment_id=visit.id)
        if needs_report:
            assert (await refused(world, work.finish_appointment, finish)).code == "RECORD_REQUIRED"
            values = {"period": "Q2", "findings": "all well"}
            await filed(world, "maintenance_report", values, "engineer", appointment_id=visit.id)
        await world.do(work.finish_appointment, finish)
        world.later(hours=3)


@pytest.mark.clause("P11-34")
async def test_a_manual_without_its_use_method_is_not_published(windows: World) -> None:
    declared = {"vertical": "windows", "deliverable": "maintenance_manual"}
    by_sales = await manual(windows, author_department="sales", **declared)
    publish = PublishDocument(document_id=by_sales.id)
    assert (await refused(windows, documents.publish_document, publish)).code == "DOCUMENT_AUTHOR_WRONG"
    made = await manual(windows, author_department="design", **declared)
    publish = PublishDocument(document_id=made.id)
    for section in ("characteristics", "purpose"):
        write = WriteDocumentSection(document_id=made.id, section=section, text="…")
        await windows.do(documents.write_document_section, write)
    refusal = await refused(windows, documents.publish_document, publish)
    assert (refusal.code, refusal.field) == ("DOCUMENT_SECTION_MISSING", "sections.use_method")
    send = SendDocument(document_id=made.id, customer_id=windows.customer.id)
    assert (await refused(windows, documents.send_document, send)).code == "DOCUMENT_UNPUBLISHED"
    last = WriteDocumentSection(document_id=made.id, section="use_method", text="turn the handle")
    await windows.do(documents.write_document_section, last)
    await windows.do(documents.publish_document, publish)
    assert (await refused(windows, documents.publish_document, publish)).code == "DOCUMENT_PUBLISHED"
    assert (await refused(windows, documents.write_document_section, last)).code == "DOCUMENT_PUBLISHED"
    await windows.do(documents.send_document, send)


@pytest.mark.clause("P11-35")
async def test_nothing_is_handed_over_without_the_quality_rooms_certificate(windows: World) -> None:
    this: dict[str, Any] = {"asset_id": windows.asset.id}
    complete = CompleteHandover(due="handover", **this)
    refusal = await refused(windows, deliverables.complete_handover, complete)
    assert refusal.params["missing"] == "certificate"
    wrong = await filed(windows, "revisit_report", {"findings": "dry"}, **this)
    given = RecordReceipt(deliverable="certificate", received_by="Li", record_id=wrong.id, **this)
    assert (await refused(windows, deliverables.record_receipt, given)).code == "DOCUMENT_OF_OTHER_KIND"
    certificate = await filed(windows, "product_certificate", {"batch": "B-7"}, "quality_room", **this)
    await received(windows, "certificate", record_id=certificate.id, **this)
    await windows.do(deliverables.complete_handover, complete)


@pytest.mark.clause("P11-49")
async def test_acceptance_without_a_receipt_of_the_manual_is_incomplete(windows: World) -> None:
    this: dict[str, Any] = {"asset_id": windows.asset.id}
    await windows.do(assets.accept_asset, AcceptAsset(asset_id=windows.asset.id, accepted_on=date(2026, 6, 10)))
    assert (await status(windows, "acceptance", **this)).missing == ("maintenance_manual",)
    unwritten = RecordReceipt(
        deliverable="maintenance_manual", received_by="Li", document_id=(await manual(windows)).id, **this
    )
    assert (await refused(windows, deliverables.record_receipt, unwritten)).code == "DOCUMENT_OF_OTHER_KIND"
    made = await manual(windows, vertical="windows", deliverable="maintenance_manual", author_department="design")
    for section in ("characteristics", "purpose", "use_method"):
        write = WriteDocumentSection(document_id=made.id, section=section, text="…")
        await windows.do(documents.write_document_section, write)
    given = RecordReceipt(deliverable="maintenance_manual", received_by="Li", document_id=made.id, **this)
    assert (await refused(windows, deliverables.record_receipt, given)).code == "DOCUMENT_UNPUBLISHED"
    await windows.do(documents.publish_document, PublishDocument(document_id=made.id))
    await windows.do(deliverables.record_receipt, given)
    assert (await status(windows, "acceptance", **this)).complete


async def test_a_receipt_needs_a_known_deliverable_one_proof_and_one_subject(lighting: World) -> None:
    this: dict[str, Any] = {"asset_id": lighting.asset.id}
    paper = (await manual(lighting)).id
    tomorrow = date(2026, 6, 11)
    secret = (await manual(lighting, confidentiality="secret")).id
    cases: list[tuple[str, dict[str, Any]]] = [
        ("DELIVERABLE_UNKNOWN", {"deliverable": "poem", "document_id": paper, **this}),
        ("DELIVERABLE_PROOF_REQUIRED", {"deliverable": "drawings", **this}),
        ("DELIVERABLE_SUBJECT_INVALID", {"deliverable": "drawings", "document_id": paper}),
        ("DOCUMENT_SECRET", {"deliverable": "drawings", "document_id": secret, **this}),
        ("INSTANT_IN_FUTURE", {"deliverable": "drawings", "document_id": paper, "received_on": tomorrow, **this}),
    ]  # fmt: skip
    for code, given in cases:
        refusal = await refused(lighting, deliverables.record_receipt, RecordReceipt(received_by="Li", **given))
        assert refusal.code == code
    unknown = AddDocument(title="x", body="y", vertical="lighting", deliverable="poem")
    assert (await refused(lighting, documents.add_document, unknown)).code == "DELIVERABLE_UNKNOWN"
    assert (await refused(lighting, documents.add_document, unknown, lighting.customer_member())).code == "FORBIDDEN"


async def test_acceptance_waits_for_a_record_with_the_right_value(gates: World) -> None:
    accept = AcceptAsset(asset_id=gates.asset.id, accepted_on=date(2026, 6, 10))
    assert (await refused(gates, assets.accept_asset, accept)).code == "RECORD_REQUIRED"
    await filed(gates, "trial_run", {"hours": "71"}, asset_id=gates.asset.id)
    refusal = await refused(gates, assets.accept_asset, accept)
    assert (refusal.code, refusal.params["name"]) == ("RECORD_UNFIT", "hours")
    await filed(gates, "trial_run", {"hours": "72"}, asset_id=gates.asset.id)
    await gates.do(assets.accept_asset, accept)


async def test_a_contract_enters_a_phase_with_the_documents_before_it(gates: World) -> None:
    contract = await signed(gates, "gates")

    async def enter(uow: Any, phase: str) -> None:
        await journal.record(
            uow,
            "contract.phase_entered",
            subject_type="contract",
            subject_id=contract.id,
            data={"phase": phase, "on": "2026-06-10"},
        )

    await gates.do(enter, "construction")
    assert (await refused(gates, enter, "operation")).code == "DELIVERABLES_MISSING"
    await received(gates, "operation_manual", contract_id=contract.id)
    await gates.do(enter, "operation")


async def test_work_is_done_when_its_report_is_there(gates: World) -> None:
    ticket = await gates.open()
    order = await gates.do(work.create_work_order, CreateWorkOrder(ticket_id=ticket.id))
    done = CompleteWorkOrder(work_order_id=order.id, cause="worn", measures="replaced")
    assert (await refused(gates, work.complete_work_order, done)).code == "RECORD_REQUIRED"
    values = {"problem": "dark", "cause": "worn", "work_done": "replaced", "result": "bright"}
    await filed(gates, "service_report", values, "engineer", ticket_id=ticket.id)
    assert (await refused(gates, work.complete_work_order, done)).code == "RECORD_REQUIRED", "of another order"
    await filed(gates, "service_report", values, "engineer", work_order_id=order.id)
    await gates.do(work.complete_work_order, done)
