"""What is owed becomes a visit: who may go, what proves it, what happens when nobody came."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from aftersales.commitments import service as commitments
from aftersales.commitments.models import Commitment
from aftersales.commitments.rules import render_explanation
from aftersales.kit.actor import Actor
from aftersales.kit.errors import AftersalesError
from aftersales.parties import service as parties
from aftersales.parties.commands import CreateServiceUnit
from aftersales.planned import proposals, service
from aftersales.planned.commands import (
    FulfilObligation,
    ProposeVisits,
    RecordPresent,
    ScheduleVisit,
    SetMaintenanceRule,
)
from aftersales.planned.models import PlannedObligation
from aftersales.tickets import service as tickets
from aftersales.tickets.commands import AuthoriseRemote, CancelTicket
from aftersales.work import service as work
from aftersales.work.models import Engineer, ServiceAppointment
from tests.fixtures.database import TestPlatform
from tests.planned.planning import day, on_wall, owed, promise_of, settled, work_off
from tests.tickets.world import World, local, member

TENTH = "2026-03-10 09:00"


def visit_of(
    obligations: list[PlannedObligation], engineer_id: UUID, start: str = TENTH, hours: int = 2
) -> ScheduleVisit:
    return ScheduleVisit(
        obligation_ids=tuple(one.id for one in obligations),
        engineer_id=engineer_id,
        window_start=local(start),
        window_end=local(start) + timedelta(hours=hours),
    )


async def schedule(world: World, *args: Any, **given: Any) -> ServiceAppointment:
    made: ServiceAppointment = await world.do(service.schedule_visit, visit_of(*args, **given))
    return made


async def refusal(world: World, operation: Any, command: Any, actor: Actor | None = None) -> tuple[str, str | None]:
    before = await world.counts()
    with pytest.raises(AftersalesError) as caught:
        await world.do(operation, command, actor)
    assert await world.counts() == before
    return caught.value.code, caught.value.field


async def first(world: World, code: str = "maintenance") -> PlannedObligation:
    return (await owed(world, code))[0]


@pytest.fixture
async def due(heater: World) -> World:
    """The heater with its obligations stored."""
    await work_off(heater)
    return heater


@pytest.mark.clause("P09-20", "P14-20")
async def test_given_a_visit_that_is_made_then_its_promise_is_kept_and_explains_itself(due: World) -> None:
    """Given the year's first visit, when it is made on 10 March, then the promise of P09-20 is kept."""
    planned = await schedule(due, [await first(due)], due.engineer.id)
    ticket = await due.ticket(planned.ticket_id)
    assert (ticket.kind, ticket.channel, (await first(due)).state) == ("maintenance", "outreach", "scheduled")
    assert [row.milestone for row in await due.read(Commitment, ticket_id=ticket.id)] == []
    due.clock.move_to(local("2026-03-10 09:05"))
    await due.do(work.record_arrival, work.RecordArrival(appointment_id=planned.id), due.engineer_member)
    due.clock.move_to(local("2026-03-10 10:30"))
    await due.do(
        work.finish_appointment, work.FinishAppointment(appointment_id=planned.id, notes="All tight"),
        due.engineer_member,
    )  # fmt: skip
    kept = await first(due)
    assert (kept.state, kept.done_on, kept.evidence) == ("done", day("2026-03-10"), "W-2026-000001: All tight")
    promise = await promise_of(due, kept)
    assert (promise.state, promise.outcome, on_wall(promise.met_at)) == ("met", "in_time", "2026-03-10 10:30")
    async with due.work(due.owner) as uow:
        told = render_explanation(await commitments.explain(uow, promise.id), "en")
    assert "P09-20" in told
    assert "maintenance" in told


@pytest.mark.clause("P09-20", "P14-20")
async def test_given_an_engineer_of_no_authorised_unit_then_the_visit_is_refused(due: World) -> None:
    """Given that the company names the units that may go, then neither an unauthorised one nor nobody's may."""
    unit = await due.do(
        parties.create_service_unit,
        CreateServiceUnit(code="X", name="Unknown agent", kind="agent", authorised=False), due.owner,
    )  # fmt: skip
    for code, unit_id in (("X1", unit.id), ("X2", None)):
        stranger: Engineer = await due.do(
            work.create_engineer, work.CreateEngineer(code=code, name=code, service_unit_id=unit_id), due.owner
        )
        asked = visit_of([await first(due)], stranger.id)
        assert await refusal(due, service.schedule_visit, asked) == ("PROVIDER_NOT_AUTHORISED", "engineerId")
    by_hand = FulfilObligation(obligation_id=(await first(due)).id, evidence="sheet 1")
    assert await refusal(due, service.fulfil_obligation, by_hand) == ("PROVIDER_NOT_AUTHORISED", "obligationId")
    assert (await first(due)).state == "open"


@pytest.mark.parametrize(
    ("outcome", "state"), [({}, "cancelled"), ({"missed": True}, "missed"), ({"refused": True}, "refused")]
)
async def test_given_a_visit_that_falls_through_then_its_obligation_is_open_again_with_the_cause(
    due: World, outcome: dict[str, bool], state: str
) -> None:
    planned = await schedule(due, [await first(due)], due.engineer.id)
    due.clock.move_to(local("2026-03-10 12:00"))
    lost = work.CancelAppointment(appointment_id=planned.id, reason="Nobody at home", **outcome)
    await due.do(work.cancel_appointment, lost)
    [visit] = await due.read(ServiceAppointment, id=planned.id)
    assert (visit.state, visit.notes) == (state, "Nobody at home")
    obligation = await first(due)
    assert (obligation.state, (await promise_of(due, obligation)).state) == ("open", "running")
    again = await schedule(due, [obligation], due.engineer.id, "2026-03-12 09:00")
    assert (again.ticket_id, (await first(due)).state) == (planned.ticket_id, "scheduled")


async def test_a_visit_is_missed_or_refused_but_not_both(due: World) -> None:
    planned = await schedule(due, [await first(due)], due.engineer.id)
    both = work.CancelAppointment(appointment_id=planned.id, reason="?", missed=True, refused=True)
    assert await refusal(due, work.cancel_appointment, both) == ("VISIT_OUTCOME_AMBIGUOUS", "refused")


async def test_given_a_cancelled_ticket_then_what_it_was_for_gets_a_new_one(due: World) -> None:
    planned = await schedule(due, [await first(due)], due.engineer.id)
    await due.do(tickets.cancel_ticket, CancelTicket(ticket_id=planned.ticket_id, reason="By mistake"), due.owner)
    obligation = await first(due)
    assert (obligation.state, obligation.ticket_id) == ("open", None)


async def test_two_visits_of_one_engineer_at_one_time_are_refused(due: World) -> None:
    """Given a visit from 9 to 11, then one from 10 to 12 is refused and one from 11 to 13 isn't."""
    ours = await owed(due, "maintenance")
    await schedule(due, ours[:1], due.engineer.id)
    overlapping = visit_of(ours[1:2], due.engineer.id, "2026-03-10 10:00")
    assert await refusal(due, service.schedule_visit, overlapping) == ("ENGINEER_BUSY", "engineerId")
    await schedule(due, ours[1:2], due.engineer.id, "2026-03-10 11:00")


async def test_two_dispatchers_at_once_give_an_obligation_one_visit(due: World) -> None:
    ours = await owed(due, "maintenance")
    answers = await asyncio.gather(
        schedule(due, ours[:1], due.engineer.id), schedule(due, ours[:1], due.other_engineer.id),
        return_exceptions=True,
    )  # fmt: skip
    refused = [one for one in answers if isinstance(one, AftersalesError)]
    assert [one.code for one in refused] == ["OBLIGATION_STATE_REFUSED"]
    assert len(await due.read(ServiceAppointment)) == 1


async def test_a_visit_for_nothing_or_for_strangers_is_refused(due: World) -> None:
    assert await refusal(due, service.schedule_visit, visit_of([], due.engineer.id)) == ("REQUIRED", "obligationIds")
    ours = await first(due)
    for role in ("finance", "engineer", "customer", "dealer", "quality_supervisor"):
        asked = visit_of([ours], due.engineer.id)
        assert (await refusal(due, service.schedule_visit, asked, member(role)))[0] == "FORBIDDEN"


async def test_given_a_customer_then_it_confirms_and_moves_its_own_visit(due: World) -> None:
    planned = await schedule(due, [await first(due)], due.engineer.id)
    theirs = due.customer_member()
    confirm = work.ConfirmAppointment(appointment_id=planned.id)
    await due.do(work.confirm_appointment, confirm, theirs)
    [visit] = await due.read(ServiceAppointment, id=planned.id)
    assert visit.confirmed_at is not None
    move = work.MoveAppointment(
        appointment_id=planned.id, window_start=local("2026-03-11 14:00"), window_end=local("2026-03-11 16:00")
    )
    await due.do(work.move_appointment, move, due.dispatcher)
    [visit] = await due.read(ServiceAppointment, id=planned.id)
    assert (on_wall(visit.window_start), visit.confirmed_at) == ("2026-03-11 14:00", None)
    await due.do(work.move_appointment, move, theirs)
    [visit] = await due.read(ServiceAppointment, id=planned.id)
    assert visit.confirmed_at is not None
    stranger = member("customer", customer_id=due.team.id)
    assert (await refusal(due, work.confirm_appointment, confirm, stranger))[0] == "NOT_FOUND"
    assert (await refusal(due, work.move_appointment, move, member("engineer")))[0] == "FORBIDDEN"


async def test_a_visit_isnt_moved_onto_another_one_nor_into_the_past(due: World) -> None:
    ours = await owed(due, "maintenance")
    await schedule(due, ours[:1], due.engineer.id)
    second = await schedule(due, ours[1:2], due.engineer.id, "2026-03-11 09:00")

    def to(start: str) -> work.MoveAppointment:
        begin = local(start)
        return work.MoveAppointment(appointment_id=second.id, window_start=begin, window_end=begin + timedelta(hours=2))

    assert await refusal(due, work.move_appointment, to("2026-03-10 10:00")) == ("ENGINEER_BUSY", "windowStart")
    assert await refusal(due, work.move_appointment, to("2026-02-28 10:00")) == ("PERIOD_PAST", "windowEnd")
    await due.do(work.move_appointment, to("2026-03-11 10:00"))
    due.clock.move_to(local("2026-03-11 10:00"))
    await due.do(work.dispatch_appointment, work.DispatchAppointment(appointment_id=second.id))
    gone = await refusal(due, work.move_appointment, to("2026-03-12 10:00"))
    assert gone[0] == "APPOINTMENT_STATE_REFUSED"


@pytest.mark.clause("P11-03")
async def test_given_two_departments_when_one_doesnt_come_then_the_visit_is_flagged(due: World) -> None:
    """Given a quarterly visit of after-sales and marketing, when only after-sales came, then marketing is missing."""
    rule = SetMaintenanceRule(
        vertical="solar", code="owners_visit", name="走访业主", kind="visit", anchor="acceptance", every=3,
        unit="month", departments=("after_sales", "marketing"), effective_from=day("2026-03-01"),
    )  # fmt: skip
    await due.do(service.set_maintenance_rule, rule, due.owner)
    await work_off(due)
    assert [str(row.due_on) for row in await owed(due, "owners_visit")][:4] == [
        "2026-06-01", "2026-09-01", "2026-12-01", "2027-03-01",
    ]  # fmt: skip
    visit = await first(due, "owners_visit")
    came = FulfilObligation(obligation_id=visit.id, evidence="record 1", departments=("after_sales",))
    await due.do(service.fulfil_obligation, came, due.owner)
    assert (await first(due, "owners_visit")).missing_departments == ["marketing"]
    await due.do(service.record_present, RecordPresent(obligation_id=visit.id, departments=("marketing",)), due.owner)
    assert (await first(due, "owners_visit")).missing_departments == []
    again = await refusal(due, service.fulfil_obligation, came, due.owner)
    assert again == ("OBLIGATION_STATE_REFUSED", "obligationId")


@pytest.mark.clause("P10-23")
async def test_given_a_health_check_then_it_needs_the_customers_authorisation(platform: TestPlatform) -> None:
    world = await settled(
        platform, "software_his", "project_management_system", at="2026-01-01 09:00",
        settings={"profile": "project_management", "health_checks_per_year": 2}, went_live_on="2026-01-01",
    )  # fmt: skip
    await work_off(world)
    check = await first(world, "health_check")
    fulfil = FulfilObligation(obligation_id=check.id, evidence="report 1")
    assert (await refusal(world, service.fulfil_obligation, fulfil, world.owner))[0] == "AUTHORISATION_REQUIRED"
    planned = await schedule(world, [check], world.engineer.id, "2026-01-10 09:00")
    world.clock.move_to(local("2026-01-10 09:00"))
    grant = AuthoriseRemote(
        ticket_id=planned.ticket_id, granted_by="Dr. Li", granted_through="phone", purpose="Health check",
        valid_from=local("2026-01-10 08:00"), valid_until=local("2026-01-10 12:00"),
    )  # fmt: skip
    await world.do(tickets.authorise_remote, grant)
    await world.do(service.fulfil_obligation, fulfil, world.owner)
    assert (await first(world, "health_check")).state == "done"


async def test_proof_is_needed_and_nobody_proves_the_future(platform: TestPlatform) -> None:
    world = await settled(
        platform, "software_his", "project_management_system", at="2026-01-31 09:00",
        settings={"profile": "project_management"}, went_live_on="2026-01-31",
    )  # fmt: skip
    await work_off(world)
    visit = await first(world, "quarterly_visit")
    for expected, given in (
        (("EVIDENCE_REQUIRED", "evidence"), {"evidence": "  "}),
        (("INSTANT_IN_FUTURE", "at"), {"at": local("2026-02-01 09:00")}),
        (("VERSION_STALE", "expectedVersion"), {"expected_version": 7}),
    ):
        values: dict[str, Any] = {"obligation_id": visit.id, "evidence": "sheet", **given}
        command = FulfilObligation(**values)
        assert await refusal(world, service.fulfil_obligation, command, world.owner) == expected


async def test_proposals_group_what_is_due_and_say_who_could_go(due: World) -> None:
    """Given one maintenance visit due by 31 August, then the route of its city names who may go, with reasons."""
    asked = ProposeVisits(first=day("2026-08-01"), last=day("2026-08-31"))
    stranger: Engineer = await due.do(work.create_engineer, work.CreateEngineer(code="A0", name="Stranger"), due.owner)
    [group] = await due.do(service.propose_visits, asked)
    assert (group.group, group.day, group.obligations) == ("1100", day("2026-08-31"), ((await first(due)).id,))
    assert {one.engineer.id for one in group.candidates if one.fit} == {due.engineer.id, due.other_engineer.id}
    [blocked] = [one for one in group.candidates if one.engineer.id == stranger.id]
    assert [reason.code for reason in blocked.reasons if reason.blocks] == ["unit_not_authorised"]
    [by_day] = await due.do(service.propose_visits, ProposeVisits(first=asked.first, last=asked.last, by="day"))
    assert by_day.group == "2026-08-31"
    inverted = ProposeVisits(first=day("2026-08-31"), last=day("2026-08-01"))
    assert await refusal(due, service.propose_visits, inverted) == ("PERIOD_INVERTED", "last")


async def test_the_board_says_who_is_where(due: World) -> None:
    await schedule(due, [await first(due)], due.engineer.id)
    async with due.work() as uow:
        busy, idle = await proposals.planning_board(uow, day("2026-03-01"), day("2026-03-31"))
        later, _ = await proposals.planning_board(uow, day("2026-04-01"), day("2026-04-30"))
    assert (busy.engineer_id, busy.load, busy.unit, busy.authorised) == (due.engineer.id, 1, "Team one", True)
    assert (busy.visits[0].state, busy.visits[0].confirmed, idle.load, later.load) == ("planned", False, 0, 0)
