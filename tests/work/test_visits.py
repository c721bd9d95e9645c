"""Visits: who is sent, who is refused, and which promises an arrival keeps."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from aftersales.commitments.models import Commitment
from aftersales.kit.errors import AftersalesError
from aftersales.parties import service as parties
from aftersales.parties.commands import CreateServiceUnit
from aftersales.tickets import service as tickets
from aftersales.tickets.commands import DecideOnSite, RecordAttempt, RejectEngineer, WaitForCustomer
from aftersales.tickets.models import Ticket
from aftersales.work import service
from aftersales.work.models import Engineer, ServiceAppointment, WorkOrder
from tests.support.refusals import refused
from tests.tickets.world import World, local, member
from tests.work.visiting import order, plan, visit

TOMORROW = local("2026-06-11 09:00")


async def promises(world: World, ticket: Ticket, milestone: str = "on_site") -> dict[str, tuple[str, str | None]]:
    """How the promise of a milestone stands, by party."""
    rows = await world.read(Commitment, ticket_id=ticket.id)
    return {row.party: (row.state, row.outcome) for row in rows if row.milestone == milestone}


async def electrician(world: World, *, valid_until: date) -> Engineer:
    """An electrician with a certificate."""
    found: Engineer = await world.do(
        service.create_engineer, service.CreateEngineer(code="EL", name="Electrician", skills=("electrician",))
    )
    await world.do(
        service.add_certificate,
        service.AddCertificate(engineer_id=found.id, certificate="electrician", number="T-1", valid_until=valid_until),
    )
    return found


async def test_a_visit_goes_from_plan_to_signature(solar_world: World) -> None:
    ticket = await solar_world.open()
    work_order = await order(solar_world, ticket, "emergency_repair")
    assert (work_order.number, work_order.state) == ("W-2026-000001", "open")
    planned = await plan(solar_world, work_order, solar_world.engineer.id, local("2026-06-10 10:00"))
    solar_world.clock.move_to(local("2026-06-10 09:30"))
    await solar_world.do(service.dispatch_appointment, service.DispatchAppointment(appointment_id=planned.id))
    solar_world.clock.move_to(local("2026-06-10 10:05"))
    await solar_world.do(
        service.record_arrival, service.RecordArrival(appointment_id=planned.id), solar_world.engineer_member
    )
    open_visit = service.CompleteWorkOrder(work_order_id=work_order.id, cause="Leak", measures="Sealed")
    assert (await refused(solar_world, service.complete_work_order, open_visit)).code == "WORK_ORDER_VISITS_OPEN"
    solar_world.clock.move_to(local("2026-06-10 11:00"))
    await solar_world.do(
        service.finish_appointment, service.FinishAppointment(appointment_id=planned.id, notes="Sealed the tank")
    )
    await solar_world.do(
        service.add_work_order_line,
        service.AddWorkOrderLine(work_order_id=work_order.id, kind="part", description="Seal", quantity=Decimal(2)),
    )
    await solar_world.do(service.complete_work_order, open_visit)
    await solar_world.do(
        service.sign_off_work_order,
        service.SignOffWorkOrder(work_order_id=work_order.id, signed_off_by="Dr. Li"),
    )
    [stored] = await solar_world.read(WorkOrder, id=work_order.id)
    [done] = await solar_world.read(ServiceAppointment, id=planned.id)
    assert (stored.state, stored.signed_off_by, stored.cause) == ("signed_off", "Dr. Li", "Leak")
    assert (done.dispatched_at, done.arrived_at, done.done_at) == (
        local("2026-06-10 09:30"),
        local("2026-06-10 10:05"),
        local("2026-06-10 11:00"),
    )
    kinds = await solar_world.events(ticket)
    assert [kind for kind in kinds if kind.startswith("visit.")] == [
        "visit.planned",
        "visit.dispatched",
        "visit.arrived",
        "visit.done",
    ]


@pytest.mark.clause("P09-06", "P14-06")
@pytest.mark.parametrize(
    ("arrival", "agent", "company"),
    [
        ("2026-06-10 12:00", ("met", "in_time"), ("met", "in_time")),
        ("2026-06-10 12:01", ("met", "late"), ("met", "in_time")),
    ],
)
async def test_an_agent_within_four_hours_keeps_both_promises(
    solar_world: World, arrival: str, agent: tuple[str, str], company: tuple[str, str]
) -> None:
    solar_world.clock.move_to(local("2026-06-10 08:00"))
    ticket = await solar_world.open()
    work_order = await order(solar_world, ticket)
    local_agent = await solar_world.do(
        service.create_engineer, service.CreateEngineer(code="AG", name="Agent", party="agent")
    )
    planned = await plan(solar_world, work_order, local_agent.id, local("2026-06-10 11:00"))
    solar_world.clock.move_to(local(arrival))
    await solar_world.do(service.record_arrival, service.RecordArrival(appointment_id=planned.id))
    assert await promises(solar_world, ticket) == {"agent": agent, "company": company}


@pytest.mark.clause("P09-07", "P14-07")
@pytest.mark.parametrize(("arrival", "company"), [("2026-06-10 20:00", "in_time"), ("2026-06-10 20:01", "late")])
async def test_the_companys_crew_within_twelve_hours_keeps_the_companys_promise_only(
    solar_world: World, arrival: str, company: str
) -> None:
    solar_world.clock.move_to(local("2026-06-10 08:00"))
    ticket = await solar_world.open()
    work_order = await order(solar_world, ticket)
    planned = await plan(solar_world, work_order, solar_world.engineer.id, local("2026-06-10 18:00"), hours=4)
    solar_world.clock.move_to(local(arrival))
    await solar_world.do(service.record_arrival, service.RecordArrival(appointment_id=planned.id))
    stand = await promises(solar_world, ticket)
    assert stand["company"] == ("met", company)
    assert stand["agent"][0] == "missed"


@pytest.mark.clause("P10-24", "P10-30")
@pytest.mark.parametrize(("arrival", "outcome"), [("2026-06-13 15:00", "in_time"), ("2026-06-13 15:01", "late")])
async def test_a_failed_call_that_needs_somebody_on_site_orders_a_visit_within_forty_eight_hours(
    project_world: World, arrival: str, outcome: str
) -> None:
    project_world.clock.move_to(local("2026-06-11 15:00"))
    ticket = await project_world.open()
    await project_world.do(
        tickets.record_attempt,
        RecordAttempt(
            ticket_id=ticket.id,
            step="phone",
            outcome="unsolved",
            started_at=local("2026-06-11 15:00"),
            ended_at=local("2026-06-11 15:00"),
            needs_on_site=True,
            override_reason="The customer's network is down",
        ),
    )
    [work_order] = await project_world.read(WorkOrder, ticket_id=ticket.id)
    assert (await project_world.due(ticket))["on_site", "company"] == local("2026-06-13 15:00")

    planned = await plan(project_world, work_order, project_world.engineer.id, local("2026-06-13 14:00"))
    project_world.clock.move_to(local(arrival))
    await project_world.do(service.record_arrival, service.RecordArrival(appointment_id=planned.id))
    assert (await promises(project_world, ticket))["company"] == ("met", outcome)


@pytest.mark.clause("P08-20")
@pytest.mark.parametrize(
    ("region", "due"),
    [("110108", "2026-06-10 12:00"), ("131000", "2026-06-10 22:00"), ("510100", "2026-06-12 10:00")],
)
async def test_the_region_decides_by_when_somebody_is_on_site(hospital_world: World, region: str, due: str) -> None:
    ticket = await hospital_world.open(region=region)
    hospital_world.clock.move_to(local("2026-06-10 10:00"))
    await hospital_world.do(
        tickets.decide_on_site, DecideOnSite(ticket_id=ticket.id, override_reason="The line is dead")
    )
    [work_order] = await hospital_world.read(WorkOrder, ticket_id=ticket.id)
    assert (await hospital_world.due(ticket))["on_site", "company"] == local(due)

    planned = await plan(hospital_world, work_order, hospital_world.engineer.id, local("2026-06-10 10:30"))
    hospital_world.clock.move_to(local(due))
    await hospital_world.do(service.record_arrival, service.RecordArrival(appointment_id=planned.id))
    assert (await promises(hospital_world, ticket))["company"] == ("met", "in_time")


@pytest.mark.clause("P05-33")
async def test_sending_somebody_keeps_the_promise_to_send_within_two_days(garden_world: World) -> None:
    ticket = await garden_world.open(work_type="warranty_repair")
    due = (await garden_world.due(ticket))["dispatched", "company"]
    assert due == local("2026-06-13 00:00")
    work_order = await order(garden_world, ticket)
    planned = await plan(garden_world, work_order, garden_world.engineer.id, local("2026-06-13 08:00"))
    garden_world.clock.move_to(local("2026-06-12 23:59"))
    await garden_world.do(service.dispatch_appointment, service.DispatchAppointment(appointment_id=planned.id))
    assert await promises(garden_world, ticket, "dispatched") == {"company": ("met", "in_time")}


@pytest.mark.clause("P05-12", "P05-15")
async def test_temporary_power_needs_an_electrician_whose_certificate_holds_on_the_day(garden_world: World) -> None:
    garden_world.clock.move_to(local("2026-05-30 09:00"))
    ticket = await garden_world.open()
    work_order = await order(garden_world, ticket, "temporary_power")
    gardener = visit(work_order, garden_world.engineer.id, local("2026-05-31 09:00"))
    error = await refused(garden_world, service.plan_appointment, gardener)
    assert (error.code, error.field) == ("SKILL_MISSING", "engineerId")

    certified = await electrician(garden_world, valid_until=date(2026, 5, 31))
    expired = visit(work_order, certified.id, local("2026-06-01 09:00"))
    assert (await refused(garden_world, service.plan_appointment, expired)).code == "CERTIFICATE_EXPIRED"
    overnight = visit(work_order, certified.id, local("2026-05-31 23:00"), hours=2)
    assert (await refused(garden_world, service.plan_appointment, overnight)).code == "CERTIFICATE_EXPIRED"
    to_midnight = visit(work_order, certified.id, local("2026-05-31 22:00"), hours=2)
    assert (await garden_world.do(service.plan_appointment, to_midnight)).state == "planned"


async def test_a_skill_without_the_certificate_is_not_enough(garden_world: World) -> None:
    ticket = await garden_world.open()
    work_order = await order(garden_world, ticket, "temporary_power")
    bare = await garden_world.do(
        service.create_engineer, service.CreateEngineer(code="EL", name="Bare", skills=("electrician",))
    )
    error = await refused(garden_world, service.plan_appointment, visit(work_order, bare.id, TOMORROW))
    assert error.code == "CERTIFICATE_MISSING"


async def test_an_engineer_is_in_one_place_at_a_time(solar_world: World) -> None:
    work_order = await order(solar_world, await solar_world.open())
    engineer_id = solar_world.engineer.id
    first = await plan(solar_world, work_order, engineer_id, TOMORROW)
    overlapping = visit(work_order, engineer_id, local("2026-06-11 10:59"))
    error = await refused(solar_world, service.plan_appointment, overlapping)
    assert (error.code, error.field) == ("ENGINEER_BUSY", "engineerId")
    await plan(solar_world, work_order, engineer_id, local("2026-06-11 11:00"))
    await solar_world.do(
        service.cancel_appointment, service.CancelAppointment(appointment_id=first.id, reason="Customer away")
    )
    await plan(solar_world, work_order, engineer_id, TOMORROW)


async def test_two_dispatchers_at_once_get_one_visit_of_an_engineer(solar_world: World) -> None:
    orders = [await order(solar_world, await solar_world.open()) for _ in range(2)]
    outcomes = await asyncio.gather(
        *(
            solar_world.do(service.plan_appointment, visit(work_order, solar_world.engineer.id, TOMORROW))
            for work_order in orders
        ),
        return_exceptions=True,
    )
    refusals = [outcome for outcome in outcomes if isinstance(outcome, AftersalesError)]
    assert [refusal.code for refusal in refusals] == ["ENGINEER_BUSY"]
    assert len(await solar_world.read(ServiceAppointment)) == 1


async def test_an_engineer_whom_the_customer_rejected_is_not_sent(solar_world: World) -> None:
    ticket = await solar_world.open()
    work_order = await order(solar_world, ticket)
    planned = await plan(solar_world, work_order, solar_world.engineer.id, TOMORROW)
    await solar_world.do(
        tickets.reject_engineer,
        RejectEngineer(ticket_id=ticket.id, engineer_id=solar_world.engineer.id, reason="Rude"),
    )
    sent = service.DispatchAppointment(appointment_id=planned.id)
    assert (await refused(solar_world, service.dispatch_appointment, sent)).code == "APPOINTMENT_STATE_REFUSED"
    again = visit(work_order, solar_world.engineer.id, local("2026-06-12 09:00"))
    error = await refused(solar_world, service.plan_appointment, again)
    assert (error.code, error.field) == ("ENGINEER_REJECTED", "engineerId")


async def test_rejecting_an_engineer_takes_the_engineers_visits_off_the_ticket(garden_world: World) -> None:
    """Given a promise to send somebody, when the one who was sent is rejected, then the sending is owed again."""
    ticket = await garden_world.open(work_type="warranty_repair")
    due = (await garden_world.due(ticket))["dispatched", "company"]
    planned = await plan(garden_world, await order(garden_world, ticket), garden_world.engineer.id, TOMORROW)
    await garden_world.do(service.dispatch_appointment, service.DispatchAppointment(appointment_id=planned.id))
    assert (await promises(garden_world, ticket, "dispatched"))["company"][0] == "met"
    await garden_world.do(
        tickets.reject_engineer,
        RejectEngineer(ticket_id=ticket.id, engineer_id=garden_world.engineer.id, reason="Rude"),
    )
    [stored] = await garden_world.read(ServiceAppointment, id=planned.id)
    assert (stored.state, stored.notes) == ("cancelled", "Rude")
    assert await promises(garden_world, ticket, "dispatched") == {"company": ("running", None)}
    assert (await garden_world.ticket(ticket.id)).next_due_at == due
    assert "visit.cancelled" in await garden_world.events(ticket)


async def test_a_cancelled_visit_is_no_sending_unless_another_one_keeps_it(garden_world: World) -> None:
    ticket = await garden_world.open(work_type="warranty_repair")
    work_order = await order(garden_world, ticket)
    visits = [
        await plan(garden_world, work_order, engineer.id, TOMORROW)
        for engineer in (garden_world.engineer, garden_world.other_engineer)
    ]
    for planned in visits:
        await garden_world.do(service.dispatch_appointment, service.DispatchAppointment(appointment_id=planned.id))
    stands = []
    for planned, missed in zip(visits, (False, True), strict=True):
        await garden_world.do(
            service.cancel_appointment,
            service.CancelAppointment(appointment_id=planned.id, reason="No way through", missed=missed),
        )
        stands.append((await promises(garden_world, ticket, "dispatched"))["company"])
    assert stands == [("met", "in_time"), ("running", None)]


async def test_a_visit_that_is_cancelled_while_the_customer_is_awaited_leaves_its_promise_paused(
    garden_world: World,
) -> None:
    ticket = await garden_world.open(work_type="warranty_repair")
    planned = await plan(garden_world, await order(garden_world, ticket), garden_world.engineer.id, TOMORROW)
    await garden_world.do(service.dispatch_appointment, service.DispatchAppointment(appointment_id=planned.id))
    await garden_world.do(tickets.wait_for_customer, WaitForCustomer(ticket_id=ticket.id, reason="Which gate is open?"))
    await garden_world.do(
        service.cancel_appointment, service.CancelAppointment(appointment_id=planned.id, reason="Customer away")
    )
    assert await promises(garden_world, ticket, "dispatched") == {"company": ("paused", None)}


async def test_who_arrives_without_having_been_sent_is_checked_all_the_same(garden_world: World) -> None:
    certified = await electrician(garden_world, valid_until=date(2026, 6, 11))
    ticket = await garden_world.open()
    planned = await plan(garden_world, await order(garden_world, ticket, "temporary_power"), certified.id, TOMORROW)
    garden_world.clock.move_to(TOMORROW)
    arrival = service.RecordArrival(appointment_id=planned.id)
    async with garden_world.work() as uow:
        (await uow.get(Engineer, certified.id)).skills = []
    assert (await refused(garden_world, service.record_arrival, arrival)).code == "SKILL_MISSING"
    async with garden_world.work() as uow:
        (await uow.get(Engineer, certified.id)).state = "inactive"
    assert (await refused(garden_world, service.record_arrival, arrival)).code == "ENGINEER_INACTIVE"


async def test_what_cannot_be_a_visit_is_refused(solar_world: World) -> None:
    ticket = await solar_world.open()
    work_order = await order(solar_world, ticket)
    engineer_id = solar_world.engineer.id
    cases: list[tuple[Any, str, str]] = [
        (visit(work_order, engineer_id, TOMORROW, hours=0), "PERIOD_INVERTED", "windowEnd"),
        (visit(work_order, engineer_id, TOMORROW, hours=24 * 32), "WINDOW_TOO_LONG", "windowEnd"),
        (visit(work_order, engineer_id, TOMORROW.replace(tzinfo=None)), "INSTANT_NAIVE", "windowStart"),
        (visit(work_order, engineer_id, local("2026-06-10 07:00")), "PERIOD_PAST", "windowEnd"),
    ]
    for command, code, field in cases:
        error = await refused(solar_world, service.plan_appointment, command)
        assert (error.code, error.field) == (code, field)
    forbidden = await refused(
        solar_world, service.plan_appointment, visit(work_order, engineer_id, TOMORROW), member("engineer")
    )
    assert forbidden.code == "FORBIDDEN"


async def test_the_steps_of_a_visit_are_in_order(solar_world: World) -> None:
    work_order = await order(solar_world, await solar_world.open())
    planned = await plan(solar_world, work_order, solar_world.engineer.id, TOMORROW)
    finish = service.FinishAppointment(appointment_id=planned.id)
    assert (await refused(solar_world, service.finish_appointment, finish)).code == "APPOINTMENT_STATE_REFUSED"
    future = service.RecordArrival(appointment_id=planned.id, at=TOMORROW)
    assert (await refused(solar_world, service.record_arrival, future)).code == "INSTANT_IN_FUTURE"
    before = service.RecordArrival(appointment_id=planned.id, at=local("2026-06-10 08:00"))
    assert (await refused(solar_world, service.record_arrival, before)).code == "PERIOD_INVERTED"
    stale = service.RecordArrival(appointment_id=planned.id, expected_version=9)
    assert (await refused(solar_world, service.record_arrival, stale)).code == "VERSION_STALE"


async def test_a_missed_visit_leaves_the_arrival_owed(solar_world: World) -> None:
    ticket = await solar_world.open()
    work_order = await order(solar_world, ticket)
    planned = await plan(solar_world, work_order, solar_world.engineer.id, local("2026-06-10 10:00"))
    missed = await solar_world.do(
        service.cancel_appointment,
        service.CancelAppointment(appointment_id=planned.id, reason="Nobody came", missed=True),
    )
    assert missed.state == "missed"
    assert (await promises(solar_world, ticket))["company"] == ("running", None)


@pytest.mark.clause("P09-05", "P14-05")
async def test_proposals_name_the_nearest_first_and_say_why_others_may_not_go(garden_world: World) -> None:
    ticket = await garden_world.open(region="110108")
    work_order = await order(garden_world, ticket)
    agency = await garden_world.do(
        parties.create_service_unit, CreateServiceUnit(code="AG", name="Agent", kind="agent", regions=("1101",))
    )
    near = await garden_world.do(
        service.create_engineer,
        service.CreateEngineer(code="N", name="Near", party="agent", service_unit_id=agency.id, regions=("1101",)),
    )
    await plan(garden_world, work_order, garden_world.engineer.id, TOMORROW)
    await garden_world.do(
        tickets.reject_engineer,
        RejectEngineer(ticket_id=ticket.id, engineer_id=garden_world.other_engineer.id, reason="Rude"),
    )
    command = service.ProposeEngineers(ticket_id=ticket.id, window_start=TOMORROW, window_end=local("2026-06-11 11:00"))
    async with garden_world.work() as uow:
        candidates = await service.propose_engineers(uow, command)
    assert [(found.engineer.id, found.fit) for found in candidates] == [
        (near.id, True),
        (garden_world.engineer.id, False),
        (garden_world.other_engineer.id, False),
    ]
    blocks = {found.engineer.code: [reason.code for reason in found.reasons if reason.blocks] for found in candidates}
    assert blocks == {"N": [], "E1": ["busy"], "E2": ["rejected"]}
    assert {reason.code: reason.points for reason in candidates[0].reasons} == {"region": 40, "level": 20}


async def test_a_proposal_is_asked_for_a_known_type_by_those_who_dispatch(garden_world: World) -> None:
    ticket = await garden_world.open(work_type="temporary_power")
    command = service.ProposeEngineers(ticket_id=ticket.id, window_start=TOMORROW, window_end=local("2026-06-11 11:00"))
    async with garden_world.work() as uow:
        found = await service.propose_engineers(uow, command)
    assert [candidate.fit for candidate in found] == [False, False]
    assert {reason.code for reason in found[0].reasons if reason.blocks} == {"skill_missing", "certificate_missing"}
    assert (await refused(garden_world, service.propose_engineers, command, member("engineer"))).code == "FORBIDDEN"
    unknown = service.ProposeEngineers(
        ticket_id=ticket.id, work_type="magic", window_start=TOMORROW, window_end=local("2026-06-11 11:00")
    )
    assert (await refused(garden_world, service.propose_engineers, unknown)).code == "WORK_TYPE_UNKNOWN"


async def test_proposals_judge_certificates_on_the_day_of_the_visit(garden_world: World) -> None:
    certified = await electrician(garden_world, valid_until=date(2026, 6, 11))
    ticket = await garden_world.open()
    fit = {}
    for day in ("2026-06-11", "2026-06-12"):
        command = service.ProposeEngineers(
            ticket_id=ticket.id,
            work_type="temporary_power",
            window_start=local(f"{day} 09:00"),
            window_end=local(f"{day} 11:00"),
        )
        async with garden_world.work() as uow:
            found = await service.propose_engineers(uow, command)
        fit[day] = [candidate.engineer.id for candidate in found if candidate.fit]
    assert fit == {"2026-06-11": [certified.id], "2026-06-12": []}
