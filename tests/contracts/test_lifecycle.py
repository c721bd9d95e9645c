"""A contract's life: phases in order, what the customer alone confirms, what both approve, what comes by itself."""

from datetime import date

import pytest

from aftersales.contracts import service
from aftersales.contracts.commands import EndContract, RecordContractEvent
from aftersales.contracts.jobs import due_tenants, enter_due_phases
from aftersales.contracts.models import ContractTask, ServiceContract
from aftersales.journal.models import Event
from aftersales.kit.ids import new_id
from aftersales.tickets.models import Ticket
from aftersales.work.commands import (
    CompleteWorkOrder,
    DispatchAppointment,
    FinishAppointment,
    PlanAppointment,
    RecordArrival,
)
from aftersales.work.models import WorkOrder
from aftersales.work.orders import complete_work_order
from aftersales.work.visits import dispatch_appointment, finish_appointment, plan_appointment, record_arrival
from tests.contracts.lives import FINANCE, approval, display, entering, happened, sign, stored
from tests.support.refusals import refused
from tests.tickets.world import World, local, member


@pytest.mark.clause("P03-01", "P13-01")
async def test_phases_follow_each_other_and_none_is_left_out(hospital_world: World) -> None:
    """Given the phase trial_run, when somebody jumps to after_free, then it is refused: the free period comes first."""
    signed = await display(hospital_world)
    assert (signed.phase, signed.phase_since) == ("installation", date(2026, 1, 1))
    await happened(hospital_world, signed, "preliminary_acceptance", date(2026, 5, 1))
    jump = await refused(hospital_world, service.enter_phase, entering(signed, "after_free"), FINANCE)
    assert (jump.code, jump.field) == ("PHASE_OUT_OF_ORDER", "phase")
    back = await refused(hospital_world, service.enter_phase, entering(signed, "installation"), FINANCE)
    assert back.code == "PHASE_OUT_OF_ORDER"
    unknown = await refused(hospital_world, service.enter_phase, entering(signed, "retirement"), FINANCE)
    assert unknown.code == "PHASE_UNKNOWN"
    entered = [row.data for row in await hospital_world.read(Event, kind="contract.phase_entered")]
    assert [(row["previous"], row["phase"]) for row in entered] == [
        (None, "installation"), ("installation", "trial_run"),
    ]  # fmt: skip


@pytest.mark.clause("P03-05", "P13-05")
async def test_the_end_of_a_trial_run_sends_an_engineer_with_advice(hospital_world: World) -> None:
    """Given a trial run complete on 2026-07-10, then a visit "final acceptance advice" is ordered, once."""
    signed = await display(hospital_world)
    await happened(hospital_world, signed, "preliminary_acceptance", date(2026, 5, 1))
    hospital_world.clock.move_to(local("2026-07-10 15:00"))
    assert await hospital_world.read(WorkOrder) == []
    customer = hospital_world.customer_member()
    await happened(hospital_world, signed, "trial_run_complete", date(2026, 7, 10), customer)
    [task] = await hospital_world.read(ContractTask, contract_id=signed.id)
    assert (task.task, task.clause, task.state) == ("final_acceptance_advice", "P03-05", "open")
    [ticket] = await hospital_world.read(Ticket)
    [order] = await hospital_world.read(WorkOrder, ticket_id=ticket.id)
    assert (ticket.contract_id, ticket.title) == (signed.id, task.name)
    assert (order.instructions, order.contract_task_id, order.due_on) == (task.name, task.id, None)
    assert await hospital_world.due(ticket) == {}, "nobody asked, so no answer is owed"
    visit = await hospital_world.do(
        plan_appointment,
        PlanAppointment(
            work_order_id=order.id, engineer_id=hospital_world.engineer.id,
            window_start=local("2026-07-13 09:00"), window_end=local("2026-07-13 12:00"),
        ),
    )  # fmt: skip
    hospital_world.clock.move_to(local("2026-07-13 11:00"))
    await hospital_world.do(dispatch_appointment, DispatchAppointment(appointment_id=visit.id))
    await hospital_world.do(record_arrival, RecordArrival(appointment_id=visit.id))
    await hospital_world.do(finish_appointment, FinishAppointment(appointment_id=visit.id, notes="advised"))
    done = CompleteWorkOrder(work_order_id=order.id, cause="trial run over", measures="advised on the final test")
    await hospital_world.do(complete_work_order, done)
    [kept] = await hospital_world.read(ContractTask, contract_id=signed.id)
    assert (kept.state, kept.done_on, kept.evidence) == ("done", date(2026, 7, 13), order.number)
    again = RecordContractEvent(contract_id=signed.id, event="trial_run_complete")
    assert (
        await refused(hospital_world, service.record_contract_event, again, customer)
    ).code == "CONTRACT_EVENT_TWICE"


@pytest.mark.clause("P03-06", "P13-06")
async def test_the_final_test_begins_when_both_parties_approved_its_plan(hospital_world: World) -> None:
    """Given that the vendor approved and the customer didn't, when the final test starts, then it is refused."""
    signed = await display(hospital_world)
    customer = hospital_world.customer_member()
    await happened(hospital_world, signed, "preliminary_acceptance", date(2026, 5, 1))
    await happened(hospital_world, signed, "trial_run_complete", date(2026, 6, 1), customer)
    start = RecordContractEvent(contract_id=signed.id, event="final_test", on=date(2026, 6, 9))
    await hospital_world.do(service.approve_contract_step, approval(signed), FINANCE)
    alone = await refused(hospital_world, service.record_contract_event, start, FINANCE)
    assert (alone.code, alone.params["missing"]) == ("APPROVAL_OF_BOTH_REQUIRED", "customer")
    again = await refused(hospital_world, service.approve_contract_step, approval(signed), FINANCE)
    assert again.code == "APPROVED_ALREADY"
    engineer = await refused(hospital_world, service.approve_contract_step, approval(signed), member("engineer"))
    assert engineer.code == "FORBIDDEN"
    stranger = member("customer", customer_id=new_id())
    assert (
        await refused(hospital_world, service.approve_contract_step, approval(signed), stranger)
    ).code == "NOT_FOUND"
    await hospital_world.do(service.approve_contract_step, approval(signed), customer)
    await hospital_world.do(service.record_contract_event, start, FINANCE)
    assert (await stored(hospital_world, signed)).start_events["final_test"] == "2026-06-09"


async def pass_the_tests(world: World, signed: ServiceContract) -> None:
    """Everything that comes before the final acceptance."""
    customer = world.customer_member()
    await happened(world, signed, "preliminary_acceptance", date(2026, 5, 1))
    await happened(world, signed, "trial_run_complete", date(2026, 7, 10), customer)
    await world.do(service.approve_contract_step, approval(signed), FINANCE)
    await world.do(service.approve_contract_step, approval(signed), customer)
    await happened(world, signed, "final_test", date(2026, 7, 15))


@pytest.mark.clause("P03-07", "P13-07")
async def test_only_the_customer_confirms_trial_run_and_final_acceptance(hospital_world: World) -> None:
    """Given a vendor's user, then confirming is forbidden; the customer signs on 2026-07-20: free from that day."""
    signed = await display(hospital_world)
    hospital_world.clock.move_to(local("2026-07-20 10:00"))
    customer = hospital_world.customer_member()
    await happened(hospital_world, signed, "preliminary_acceptance", date(2026, 5, 1))
    trial = RecordContractEvent(contract_id=signed.id, event="trial_run_complete", on=date(2026, 7, 10))
    assert (await refused(hospital_world, service.record_contract_event, trial, FINANCE)).code == "CUSTOMER_MUST_SIGN"
    early = RecordContractEvent(contract_id=signed.id, event="acceptance")
    assert (await refused(hospital_world, service.record_contract_event, early, customer)).code == "PHASE_STEP_MISSING"
    await hospital_world.do(service.record_contract_event, trial, customer)
    await hospital_world.do(service.approve_contract_step, approval(signed), FINANCE)
    await hospital_world.do(service.approve_contract_step, approval(signed), customer)
    await happened(hospital_world, signed, "final_test", date(2026, 7, 15))
    confirm = entering(signed, "free_maintenance", date(2026, 7, 20))
    for vendor in (FINANCE, member("owner"), member("engineer"), member("dispatcher")):
        error = await refused(hospital_world, service.enter_phase, confirm, vendor)
        assert (error.code, error.status) == ("CUSTOMER_MUST_SIGN", 403)
    await hospital_world.do(service.enter_phase, confirm, customer)
    found = await stored(hospital_world, signed)
    assert (found.phase, found.phase_since) == ("free_maintenance", date(2026, 7, 20))
    assert (found.start_events["acceptance"], found.free_until) == ("2026-07-20", date(2027, 7, 20))


async def test_the_paid_phase_begins_by_itself_the_day_after_the_longest_term(hospital_world: World) -> None:
    """Given 12 months from 2026-07-20, then 2027-07-20 is free, and the round enters after_free from 2027-07-21."""
    signed = await display(hospital_world)
    hospital_world.clock.move_to(local("2026-07-20 10:00"))
    await pass_the_tests(hospital_world, signed)
    await happened(hospital_world, signed, "acceptance", date(2026, 7, 20), hospital_world.customer_member())

    async def due() -> bool:
        pool = hospital_world.tenant.platform.pools.system
        async with pool.acquire() as connection:
            return hospital_world.scope.id in await due_tenants(connection, hospital_world.clock.now(), 10_000)

    async def go_round() -> int:
        async with hospital_world.work() as uow:
            return await enter_due_phases(uow, 10)

    hospital_world.clock.move_to(local("2027-07-20 23:59"))
    assert not await due()
    by_hand = entering(signed, "after_free")
    assert (await refused(hospital_world, service.enter_phase, by_hand, FINANCE)).code == "PHASE_COMES_BY_ITSELF"
    assert await go_round() == 0
    assert not (await hospital_world.open(contract_id=signed.id)).billable
    hospital_world.clock.move_to(local("2027-07-21 00:00"))
    assert await due()
    assert (await hospital_world.open(contract_id=signed.id)).billable, "whether the round came by or not"
    assert (await go_round(), await go_round(), await due()) == (1, 0, False)
    found = await stored(hospital_world, signed)
    assert (found.phase, found.phase_since) == ("after_free", date(2027, 7, 21))
    events = [row.data["phase"] for row in await hospital_world.read(Event, kind="contract.phase_entered")]
    assert events.count("after_free") == 1


async def test_days_of_a_life_are_sane(hospital_world: World) -> None:
    signed = await display(hospital_world)
    await happened(hospital_world, signed, "preliminary_acceptance", date(2026, 5, 2))

    async def code(event: str, on: date | None = None) -> str:
        command = RecordContractEvent(contract_id=signed.id, event=event, on=on)
        actor = hospital_world.customer_member() if event == "trial_run_complete" else FINANCE
        return (await refused(hospital_world, service.record_contract_event, command, actor)).code

    assert await code("trial_run_complete", date(2026, 6, 11)) == "INSTANT_IN_FUTURE"
    assert await code("trial_run_complete", date(2026, 5, 1)) == "CONTRACT_EVENTS_DISORDERED"
    assert await code("final_test", date(2026, 5, 3)) == "PHASE_STEP_MISSING"
    assert await code("wedding") == "CONTRACT_EVENT_UNKNOWN"
    await happened(hospital_world, signed, "delivery", date(2025, 12, 1))
    assert await code("delivery") == "CONTRACT_EVENT_TWICE"
    stale = RecordContractEvent(contract_id=signed.id, event="invoice", expected_version=1)
    assert (await refused(hospital_world, service.record_contract_event, stale, FINANCE)).code == "VERSION_STALE"
    await hospital_world.do(service.end_contract, EndContract(contract_id=signed.id, ends_on=date(2026, 6, 9)), FINANCE)
    assert await code("invoice") == "CONTRACT_ENDED"


@pytest.mark.clause("P01-03")
async def test_a_ticket_after_the_term_is_accepted_and_billed(hospital_world: World) -> None:
    """Given a term that ended on 2028-03-01, when a ticket opens on 2031-06-01, then it is billable, never refused."""
    signed = await sign(hospital_world, starts_on=date(2026, 3, 1), ends_on=date(2028, 3, 1))
    hospital_world.clock.move_to(local("2028-03-01 20:00"))
    assert not (await hospital_world.open(contract_id=signed.id)).billable
    hospital_world.clock.move_to(local("2031-06-01 09:00"))
    ticket = await hospital_world.open(contract_id=signed.id)
    assert (ticket.state, ticket.contract_id, ticket.billable) == ("open", signed.id, True)


@pytest.mark.clause("P09-12", "P14-12")
@pytest.mark.parametrize(("on", "billable"), [("2029-03-01 22:00", False), ("2036-05-01 09:00", True)])
async def test_a_solar_heater_is_repaired_for_life(solar_world: World, on: str, billable: bool) -> None:
    """Given acceptance on 2026-03-01, when a ticket opens on 2036-05-01, then it is accepted, and billable."""
    async with solar_world.work() as uow:
        asset = await uow.get(type(solar_world.asset), solar_world.asset.id)
        asset.accepted_on = date(2026, 3, 1)
    solar_world.clock.move_to(local(on))
    ticket = await solar_world.open()
    assert (ticket.state, ticket.billable) == ("open", billable)
    assert solar_world.scope.vertical("solar").lifecycle_phases[-1].clause == "P09-12"


@pytest.mark.clause("P10-34")
async def test_software_is_supported_for_life(project_world: World) -> None:
    """Given a guarantee of 12 months from 2026-03-01, when a ticket opens after it, then it is accepted, and billed."""
    signed = await sign(project_world, fields={"guarantee_months": 12})
    await happened(project_world, signed, "go_live", date(2026, 2, 1))
    await happened(project_world, signed, "acceptance", date(2026, 3, 1))
    project_world.clock.move_to(local("2027-03-01 18:00"))
    assert not (await project_world.open(contract_id=signed.id)).billable
    project_world.clock.move_to(local("2027-03-02 09:00"))
    assert (await project_world.open(contract_id=signed.id)).billable
    async with project_world.work() as uow:
        assert await enter_due_phases(uow, 10) == 1
    assert (await stored(project_world, signed)).phase == "lifetime_support"
