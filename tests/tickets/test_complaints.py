"""A complaint is a ticket of its own, and never handled by whom it is about."""

from typing import Any

import pytest

from aftersales.assets.models import Asset
from aftersales.contracts.models import ServiceContract
from aftersales.kit.errors import AftersalesError
from aftersales.kit.ids import new_id
from aftersales.tickets import service
from aftersales.tickets.commands import AssignEngineer, FileComplaint, RejectEngineer, StartWork
from aftersales.tickets.models import EngineerRejection, Ticket
from aftersales.work.models import Engineer
from tests.tickets.world import World, local, member


async def assigned(world: World) -> Ticket:
    ticket = await world.open()
    found: Ticket = await world.do(
        service.assign_engineer, AssignEngineer(ticket_id=ticket.id, engineer_id=world.engineer.id)
    )
    return found


async def complain(world: World, ticket: Ticket, **given: Any) -> Ticket:
    given = {"channel": "web", "title": "He was rude", "engineer_id": world.engineer.id, **given}
    found: Ticket = await world.do(
        service.file_complaint, FileComplaint(ticket_id=ticket.id, **given), world.customer_member()
    )
    return found


async def refused(world: World, operation: Any, command: Any, actor: Any = None) -> AftersalesError:
    before = await world.counts()
    with pytest.raises(AftersalesError) as refusal:
        await world.do(operation, command, actor)
    assert await world.counts() == before
    return refusal.value


@pytest.mark.clause("P10-31")
async def test_a_complaint_about_an_engineer_goes_to_headquarters_not_to_the_team(projects: World) -> None:
    ticket = await assigned(projects)
    complaint = await complain(projects, ticket)
    assert (complaint.kind, complaint.queue, complaint.complaint_about_ticket_id) == (
        "complaint",
        "headquarters",
        ticket.id,
    )
    assert (complaint.service_unit_id, complaint.engineer_id) == (None, None)
    colleague = Engineer(id=new_id(), code="E3", name="Sun", service_unit_id=projects.team.id)
    await projects.add(colleague)
    supervisor = member("quality_supervisor")
    for engineer, code in ((projects.engineer, "ENGINEER_REJECTED"), (colleague, "COMPLAINT_OWN_TEAM")):
        command = AssignEngineer(ticket_id=complaint.id, engineer_id=engineer.id)
        assert (await refused(projects, service.assign_engineer, command, supervisor)).code == code
    handled = await projects.do(
        service.assign_engineer,
        AssignEngineer(ticket_id=complaint.id, engineer_id=projects.other_engineer.id),
        supervisor,
    )
    assert handled.engineer_id == projects.other_engineer.id


@pytest.mark.clause("P10-32")
async def test_headquarters_sends_somebody_else(projects: World) -> None:
    """Given a complaint about an engineer, when the ticket is given to the same one again, then it is refused."""
    ticket = await assigned(projects)
    await complain(projects, ticket)
    assert (await projects.ticket(ticket.id)).engineer_id is None
    again = AssignEngineer(ticket_id=ticket.id, engineer_id=projects.engineer.id)
    error = await refused(projects, service.assign_engineer, again)
    assert (error.code, error.field) == ("ENGINEER_REJECTED", "engineerId")
    other = AssignEngineer(ticket_id=ticket.id, engineer_id=projects.other_engineer.id)
    assert (await projects.do(service.assign_engineer, other)).engineer_id == projects.other_engineer.id


async def test_a_rejection_without_a_complaint_excludes_as_well_and_only_once(projects: World) -> None:
    ticket = await assigned(projects)
    command = RejectEngineer(ticket_id=ticket.id, engineer_id=projects.engineer.id, reason="late twice")
    customer = projects.customer_member()
    await projects.do(service.reject_engineer, command, customer)
    await projects.do(service.reject_engineer, command, customer)
    [kept] = await projects.read(EngineerRejection, ticket_id=ticket.id)
    assert kept.reason == "late twice"


async def test_the_same_complaint_sent_twice_is_one(projects: World) -> None:
    ticket = await assigned(projects)
    customer = projects.customer_member()
    command = FileComplaint(ticket_id=ticket.id, channel="web", title="He was rude", idempotency_key="c-1")
    first = await projects.do(service.file_complaint, command, customer)
    again = await projects.do(service.file_complaint, command, customer)
    assert again.id == first.id
    assert len(await projects.read(Ticket, kind="complaint")) == 1


async def test_the_quality_supervisor_handles_complaints_and_nothing_else(projects: World) -> None:
    ticket = await assigned(projects)
    complaint = await complain(projects, ticket)
    supervisor = member("quality_supervisor")
    handled = await projects.do(service.start_work, StartWork(ticket_id=complaint.id), supervisor)
    assert handled.state == "in_progress"
    error = await refused(projects, service.start_work, StartWork(ticket_id=ticket.id), supervisor)
    assert error.code == "FORBIDDEN"


async def test_dispatchers_do_not_handle_complaints(projects: World) -> None:
    complaint = await complain(projects, await assigned(projects))
    error = await refused(projects, service.start_work, StartWork(ticket_id=complaint.id))
    assert error.code == "FORBIDDEN"


async def test_an_engineer_who_does_not_exist_is_not_complained_about(projects: World) -> None:
    ticket = await assigned(projects)
    before = await projects.counts()
    with pytest.raises(AftersalesError) as refusal:
        await complain(projects, ticket, engineer_id=new_id())
    assert (refusal.value.code, refusal.value.field) == ("NOT_FOUND", "engineerId")
    assert await projects.counts() == before


async def test_a_complaint_outlives_the_contract_and_the_asset_of_its_ticket(projects: World) -> None:
    """Given a ticket whose contract ran out and whose asset was retired, then its customer can still complain."""
    contract = ServiceContract(
        id=new_id(), number="K1", title="Gold", vertical="software_his", customer_id=projects.customer.id,
        starts_on=local("2026-01-01 00:00").date(), ends_on=local("2026-06-10 00:00").date(), playbook_key="k",
        created_at=projects.clock.now(),
    )  # fmt: skip
    await projects.add(contract)
    ticket = await projects.open(contract_id=contract.id)
    projects.later(days=2)
    async with projects.work() as uow:
        (await uow.get(Asset, projects.asset.id)).state = "retired"
    complaint = await complain(projects, ticket, engineer_id=None)
    assert (complaint.complaint_about_ticket_id, complaint.asset_id) == (ticket.id, projects.asset.id)
    assert complaint.contract_id is None
