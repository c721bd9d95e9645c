"""From the first answer to the end of a ticket."""

from typing import Any

import pytest

from aftersales.commitments.models import Commitment
from aftersales.contracts.models import ServiceContract
from aftersales.kit.errors import AftersalesError
from aftersales.kit.ids import new_id
from aftersales.tickets import service
from aftersales.tickets.commands import (
    Acknowledge,
    AddCallRecord,
    AddEmergencyPlan,
    AssignEngineer,
    CallDetails,
    CancelTicket,
    ChangeContract,
    CloseTicket,
    ConfirmTicket,
    DecideOnSite,
    EscalateStep,
    OpenRemoteSession,
    ProposePlan,
    RecordAttempt,
    ReopenTicket,
    ReportRestored,
    Resolve,
    Resume,
    SetParent,
    StartWork,
    WaitForCustomer,
)
from aftersales.tickets.models import CallRecord, EmergencyPlan, Ticket
from aftersales.work.models import Engineer
from tests.tickets.world import World, local, member


async def refused(world: World, operation: Any, command: Any, actor: Any = None) -> AftersalesError:
    """The refusal of an operation that wrote nothing."""
    before = await world.counts()
    with pytest.raises(AftersalesError) as refusal:
        await world.do(operation, command, actor)
    assert await world.counts() == before
    return refusal.value


async def resolved(world: World, ticket: Ticket) -> Ticket:
    found: Ticket = await world.do(
        service.resolve, Resolve(ticket_id=ticket.id, cause="worn seal", measures="seal replaced")
    )
    return found


async def commitment(world: World, ticket: Ticket, milestone: str) -> Commitment:
    [found] = [row for row in await world.read(Commitment, ticket_id=ticket.id) if row.milestone == milestone]
    return found


@pytest.mark.clause("P08-12")
@pytest.mark.parametrize(("answered", "outcome"), [("10:00:00", "in_time"), ("10:00:01", "late")])
async def test_feedback_within_the_hour_is_met_and_a_second_later_late(
    hospital: World, answered: str, outcome: str
) -> None:
    ticket = await hospital.open()
    hospital.clock.move_to(local(f"2026-06-10 {answered}"))
    await hospital.do(service.acknowledge, Acknowledge(ticket_id=ticket.id))
    assert (await commitment(hospital, ticket, "acknowledged")).outcome == outcome


@pytest.mark.clause("P08-13")
@pytest.mark.parametrize(("done", "outcome"), [("17:00", "in_time"), ("17:05", "late")])
async def test_a_general_problem_is_solved_within_eight_hours_or_late(hospital: World, done: str, outcome: str) -> None:
    ticket = await hospital.open()
    hospital.clock.move_to(local(f"2026-06-10 {done}"))
    await resolved(hospital, ticket)
    assert (await commitment(hospital, ticket, "resolved")).outcome == outcome


@pytest.mark.clause("P08-14")
async def test_a_plan_for_a_complex_problem_meets_its_milestone(hospital: World) -> None:
    hospital.clock.move_to(local("2026-09-18 09:00"))
    ticket = await hospital.open(facts={"is_complex": True})
    hospital.clock.move_to(local("2026-09-22 23:59"))
    await hospital.do(service.propose_plan, ProposePlan(ticket_id=ticket.id, plan="rewrite the report"))
    assert (await commitment(hospital, ticket, "plan_proposed")).outcome == "in_time"


async def test_waiting_for_the_customer_pauses_the_clocks_and_an_answer_lets_them_run(hospital: World) -> None:
    """Given 8 h from 9:00, when 2 h are spent waiting, then the ticket is due 2 h later."""
    ticket = await hospital.open()
    await hospital.do(service.acknowledge, Acknowledge(ticket_id=ticket.id))
    hospital.later(hours=1)
    waiting = await hospital.do(
        service.wait_for_customer, WaitForCustomer(ticket_id=ticket.id, reason="needs the export file")
    )
    assert (waiting.state, waiting.waiting_reason) == ("waiting_customer", "needs the export file")
    assert (await commitment(hospital, ticket, "resolved")).state == "paused"
    hospital.later(hours=2)
    running = await hospital.do(service.resume, Resume(ticket_id=ticket.id))
    assert (running.state, running.waiting_reason) == ("in_progress", None)
    assert running.next_due_at == local("2026-06-10 19:00")


@pytest.mark.parametrize("way", ["resume", "remote", "on_site", "attempt", "cancel"])
async def test_whatever_ends_the_wait_lets_the_clocks_run_on(hospital: World, way: str) -> None:
    """Given a ticket that waits for its customer, when the wait ends in any way, then no clock stays paused."""
    ticket = await hospital.open()
    await hospital.do(service.wait_for_customer, WaitForCustomer(ticket_id=ticket.id, reason="needs the export file"))
    now = hospital.later(hours=2)
    tried = RecordAttempt(
        ticket_id=ticket.id, step="phone", outcome="unsolved", started_at=now, ended_at=now, needs_on_site=True,
        override_reason="x",
    )  # fmt: skip
    operations: dict[str, tuple[Any, Any]] = {
        "resume": (service.resume, Resume(ticket_id=ticket.id)),
        "remote": (service.escalate_step, EscalateStep(ticket_id=ticket.id, to="remote", override_reason="x")),
        "on_site": (service.decide_on_site, DecideOnSite(ticket_id=ticket.id, override_reason="x")),
        "attempt": (service.record_attempt, tried),
        "cancel": (service.cancel_ticket, CancelTicket(ticket_id=ticket.id, reason="x")),
    }
    await hospital.do(*operations[way])
    rows = await hospital.read(Commitment, ticket_id=ticket.id)
    stored = await hospital.ticket(ticket.id)
    assert "paused" not in {row.state for row in rows}
    assert stored.waiting_reason is None
    assert stored.state != "waiting_customer"
    assert (await hospital.events(ticket)).count("ticket.resumed") == 1
    if way != "cancel":
        assert (await hospital.due(ticket))["resolved", "company"] == local("2026-06-10 19:00")
        assert stored.next_due_at is not None


@pytest.mark.clause("P08-21")
async def test_an_unsatisfied_customer_is_owed_the_solution_again(hospital: World) -> None:
    """Given 8 h of which 2 h were spent, when a no comes an hour after the resolution, then 6 h run from there."""
    ticket = await hospital.open()
    await hospital.do(service.acknowledge, Acknowledge(ticket_id=ticket.id))
    hospital.later(hours=2)
    await resolved(hospital, ticket)
    assert (await commitment(hospital, ticket, "resolved")).outcome == "in_time"
    hospital.later(hours=1)
    answer = ConfirmTicket(ticket_id=ticket.id, satisfied=False, comment="still slow")
    reopened = await hospital.do(service.confirm_ticket, answer, hospital.customer_member())
    again = await commitment(hospital, ticket, "resolved")
    assert (again.state, again.outcome, again.met_at) == ("running", None, None)
    assert again.due_at == reopened.next_due_at == local("2026-06-10 18:00")
    assert (await commitment(hospital, ticket, "acknowledged")).state == "met"
    hospital.clock.move_to(local("2026-06-10 18:01"))
    await resolved(hospital, ticket)
    assert (await commitment(hospital, ticket, "resolved")).outcome == "late"


@pytest.mark.clause("P08-21")
async def test_closing_waits_until_the_user_is_satisfied_and_a_no_reopens(hospital: World) -> None:
    ticket = await resolved(hospital, await hospital.open())
    error = await refused(hospital, service.close_ticket, CloseTicket(ticket_id=ticket.id))
    assert error.code == "CUSTOMER_CONFIRMATION_REQUIRED"
    customer = hospital.customer_member()
    answer = ConfirmTicket(ticket_id=ticket.id, satisfied=False, comment="still slow")
    reopened = await hospital.do(service.confirm_ticket, answer, customer)
    assert (reopened.state, reopened.customer_satisfied) == ("in_progress", False)
    assert (await hospital.events(ticket))[-1] == "ticket.reopened"
    await resolved(hospital, ticket)
    await hospital.do(service.confirm_ticket, ConfirmTicket(ticket_id=ticket.id, satisfied=True), customer)
    closed = await hospital.do(service.close_ticket, CloseTicket(ticket_id=ticket.id))
    assert (closed.state, closed.closed_at, closed.next_due_at) == ("closed", hospital.clock.now(), None)


async def test_another_customers_member_confirms_nothing(hospital: World) -> None:
    ticket = await resolved(hospital, await hospital.open())
    answer = ConfirmTicket(ticket_id=ticket.id, satisfied=True)
    error = await refused(hospital, service.confirm_ticket, answer, member("customer", customer_id=new_id()))
    assert error.code == "NOT_FOUND"


async def test_a_fault_is_not_resolved_without_cause_and_measures(hospital: World) -> None:
    ticket = await hospital.open()
    error = await refused(hospital, service.resolve, Resolve(ticket_id=ticket.id, cause="worn seal"))
    assert error.code == "CAUSE_AND_MEASURES_REQUIRED"
    assert (await hospital.ticket(ticket.id)).cause is None


async def test_a_resolution_ends_what_else_was_owed(solar: World) -> None:
    ticket = await solar.open(facts={"leaking": True})
    ticket = await resolved(solar, ticket)
    assert ticket.next_due_at is None
    assert {row.state for row in await solar.read(Commitment, ticket_id=ticket.id)} == {"cancelled"}


async def test_a_resolved_ticket_is_taken_up_again_with_a_reason(hospital: World) -> None:
    ticket = await resolved(hospital, await hospital.open())
    assert (await refused(hospital, service.reopen_ticket, ReopenTicket(ticket_id=ticket.id, reason=" "))).code == (
        "REQUIRED"
    )
    again = await hospital.do(service.reopen_ticket, ReopenTicket(ticket_id=ticket.id, reason="it is back"))
    assert (again.state, again.resolved_at) == ("in_progress", None)


async def test_a_cancelled_ticket_owes_nothing_any_more(hospital: World) -> None:
    ticket = await hospital.open()
    cancelled = await hospital.do(service.cancel_ticket, CancelTicket(ticket_id=ticket.id, reason="reported twice"))
    assert (cancelled.state, await hospital.due(ticket)) == ("cancelled", {})


async def test_what_the_guards_refuse_says_state_and_operation(hospital: World) -> None:
    ticket = await hospital.open()
    error = await refused(hospital, service.close_ticket, CloseTicket(ticket_id=ticket.id))
    assert (error.code, error.params) == ("TICKET_STATE_REFUSED", {"state": "open", "operation": "close"})


async def test_a_stale_version_is_refused(hospital: World) -> None:
    ticket = await hospital.open()
    await hospital.do(service.start_work, StartWork(ticket_id=ticket.id, expected_version=ticket.version))
    error = await refused(
        hospital, service.cancel_ticket, CancelTicket(ticket_id=ticket.id, reason="x", expected_version=ticket.version)
    )
    assert (error.code, error.field) == ("VERSION_STALE", "expectedVersion")


async def test_an_id_that_does_not_exist_is_not_found(hospital: World) -> None:
    error = await refused(hospital, service.start_work, StartWork(ticket_id=new_id()))
    assert error.code == "NOT_FOUND"


async def test_the_ticket_of_another_tenant_does_not_exist(hospital: World, solar: World) -> None:
    ticket = await solar.open()
    error = await refused(hospital, service.start_work, StartWork(ticket_id=ticket.id))
    assert (error.code, error.params) == ("NOT_FOUND", {"thing": "Ticket"})


# --- parent and child --------------------------------------------------------------------------------------------


async def test_a_parent_is_not_closed_while_a_child_is_open(projects: World) -> None:
    parent = await projects.open(facts={"partial_degradation": True})
    child = await projects.open(facts={"partial_degradation": True}, parent_ticket_id=parent.id)
    await resolved(projects, parent)
    error = await refused(projects, service.close_ticket, CloseTicket(ticket_id=parent.id))
    assert (error.code, error.params["count"]) == ("CHILDREN_OPEN", 1)
    await resolved(projects, child)
    await projects.do(service.close_ticket, CloseTicket(ticket_id=child.id))
    assert (await projects.do(service.close_ticket, CloseTicket(ticket_id=parent.id))).state == "closed"


async def test_a_ticket_is_never_its_own_ancestor(projects: World) -> None:
    top, middle, low = [await projects.open() for _ in range(3)]
    await projects.do(service.set_parent, SetParent(ticket_id=middle.id, parent_ticket_id=top.id))
    await projects.do(service.set_parent, SetParent(ticket_id=low.id, parent_ticket_id=middle.id))
    for parent in (low, middle, top):
        command = SetParent(ticket_id=top.id, parent_ticket_id=parent.id)
        assert (await refused(projects, service.set_parent, command)).code == "PARENT_CYCLE"


async def test_nothing_is_hung_under_a_closed_ticket(projects: World) -> None:
    parent = await projects.open()
    await projects.do(service.cancel_ticket, CancelTicket(ticket_id=parent.id, reason="x"))
    before = await projects.counts()
    with pytest.raises(AftersalesError) as refusal:
        await projects.open(parent_ticket_id=parent.id)
    assert (refusal.value.code, await projects.counts()) == ("PARENT_CLOSED", before)


# --- crash and recovery -------------------------------------------------------------------------------------------


@pytest.mark.clause("P10-09")
async def test_from_crash_to_restoration_it_took_three_hours(projects: World) -> None:
    projects.clock.move_to(local("2026-06-10 10:05"))
    ticket = await projects.open(
        facts={"partial_degradation": True}, crashed_at=local("2026-06-10 10:00"), work_type="recovery"
    )
    projects.clock.move_to(local("2026-06-10 13:00"))
    ticket = await projects.do(service.report_restored, ReportRestored(ticket_id=ticket.id))
    assert ticket.restored_at is not None
    assert ticket.crashed_at is not None
    assert (ticket.restored_at - ticket.crashed_at).total_seconds() == 3 * 3600
    assert (await commitment(projects, ticket, "restored")).outcome == "untimed"


async def test_nothing_is_restored_before_it_crashed(projects: World) -> None:
    ticket = await projects.open(facts={"partial_degradation": True}, crashed_at=local("2026-06-10 08:30"))
    command = ReportRestored(ticket_id=ticket.id, restored_at=local("2026-06-10 08:00"))
    assert (await refused(projects, service.report_restored, command)).code == "PERIOD_INVERTED"


# --- major incident -----------------------------------------------------------------------------------------------


@pytest.mark.clause("P10-26")
async def test_an_outage_convenes_the_lead_group_and_waits_for_its_plan(projects: World) -> None:
    """Given a G1 fault, when it is opened, then the lead group is told, and work goes on with a plan only."""
    ticket = await projects.open(facts={"down": True})
    [notice] = await projects.outbox("notice")
    assert (notice["kind"], notice["roles"]) == ("major_incident", ["owner", "quality_supervisor"])
    assert notice["ticket_id"] == str(ticket.id)
    now = projects.clock.now()
    acknowledged = await projects.do(service.acknowledge, Acknowledge(ticket_id=ticket.id))
    phoned = await projects.do(
        service.record_attempt,
        RecordAttempt(ticket_id=ticket.id, step="phone", outcome="unsolved", started_at=now, ended_at=now),
    )
    assert (acknowledged.state, phoned.state) == ("open", "open")
    for operation, command in (
        (service.start_work, StartWork(ticket_id=ticket.id)),
        (service.decide_on_site, DecideOnSite(ticket_id=ticket.id)),
        (service.open_remote_session, OpenRemoteSession(ticket_id=ticket.id)),
        (service.resolve, Resolve(ticket_id=ticket.id, cause="disk", measures="new disk")),
    ):
        assert (await refused(projects, operation, command)).code == "EMERGENCY_PLAN_REQUIRED"
    planned = await projects.do(
        service.add_emergency_plan, AddEmergencyPlan(ticket_id=ticket.id, body="1. stand-by server")
    )
    assert planned.state == "in_progress"
    assert [plan.body for plan in await projects.read(EmergencyPlan, ticket_id=ticket.id)] == ["1. stand-by server"]
    visiting = await projects.do(service.decide_on_site, DecideOnSite(ticket_id=ticket.id))
    assert visiting.step == "on_site"


# --- records and contracts ----------------------------------------------------------------------------------------


async def test_further_calls_stay_on_record(hospital: World) -> None:
    ticket = await hospital.open()
    call = CallDetails(handler_name="Chen", caller="Dr. Li", notes="asked again", direction="outbound")
    await hospital.do(service.add_call_record, AddCallRecord(ticket_id=ticket.id, call=call))
    assert [record.direction for record in await hospital.read(CallRecord, ticket_id=ticket.id)] == [
        "inbound",
        "outbound",
    ]


async def test_another_contract_moves_the_deadlines_and_keeps_the_pauses(hospital: World) -> None:
    contract = ServiceContract(
        id=new_id(), number="K1", title="Gold", vertical="software_his", customer_id=hospital.customer.id,
        starts_on=local("2026-01-01 00:00").date(), playbook_key="k", created_at=hospital.clock.now(),
        terms={"targets": [{
            "code": "gold_resolved", "label": {"zh": "金牌", "en": "Gold"}, "clause": "§ 5", "source": "contract",
            "milestone": "resolved", "budget": {"amount": 4, "unit": "hour"},
        }]},
    )  # fmt: skip
    await hospital.add(contract)
    ticket = await hospital.open()
    await hospital.do(service.acknowledge, Acknowledge(ticket_id=ticket.id))
    await hospital.do(service.wait_for_customer, WaitForCustomer(ticket_id=ticket.id, reason="file"))
    hospital.later(hours=1)
    await hospital.do(service.resume, Resume(ticket_id=ticket.id))
    changed = await hospital.do(service.change_contract, ChangeContract(ticket_id=ticket.id, contract_id=contract.id))
    assert changed.next_due_at == local("2026-06-10 14:00")


async def test_an_inactive_engineer_gets_nothing(hospital: World) -> None:
    async with hospital.work() as uow:
        (await uow.get(Engineer, hospital.engineer.id)).state = "inactive"
    ticket = await hospital.open()
    command = AssignEngineer(ticket_id=ticket.id, engineer_id=hospital.engineer.id)
    assert (await refused(hospital, service.assign_engineer, command)).code == "ENGINEER_INACTIVE"
