"""After each service somebody asks how it was; who isn't satisfied is helped again, by another engineer."""

from decimal import Decimal
from typing import Any

import pytest

from aftersales.kit.errors import StateRefused
from aftersales.revisits import service
from aftersales.revisits.commands import CancelRevisit, CompleteRevisit, LogComplaint
from aftersales.revisits.models import RevisitCopy
from aftersales.tickets import service as tickets
from aftersales.tickets.commands import AssignEngineer, ReopenTicket
from tests.revisits.office import close, complete, incomplete, one, promise, put_into_force, revisits
from tests.support.refusals import refused
from tests.tickets.world import World, member

GOOD = {"attitude": 5, "quality": 4, "solved": 5}


@pytest.mark.clause("P03-18", "P13-18")
async def test_each_closed_ticket_owes_one_revisit(office: World) -> None:
    """Given two tickets closed, then one revisit each by phone or visit, owned by the service centre, no number."""
    first, second = await close(office), await close(office)
    owed = await revisits(office)
    assert [(row.ticket_id, row.owner, row.clause) for row in owed] == [
        (first.id, "service_centre", "P03-18"), (second.id, "service_centre", "P03-18"),
    ]  # fmt: skip
    assert owed[0].terms["channels"] == ["phone", "visit"]
    assert (await promise(office, owed[0])).due_at is None
    fault = await incomplete(office, owed[0], channel="letter", scores=GOOD)
    assert (fault.code, fault.field) == ("REVISIT_CHANNEL_REFUSED", "channel")


@pytest.mark.clause("P03-18")
async def test_a_ticket_that_is_taken_up_again_is_asked_about_when_it_ends(office: World) -> None:
    ticket = await close(office)
    await office.do(tickets.reopen_ticket, ReopenTicket(ticket_id=ticket.id, reason="again"))
    assert [row.state for row in await revisits(office)] == ["cancelled"]


@pytest.mark.clause("P03-19", "P13-19")
async def test_all_three_dimensions_are_asked(office: World) -> None:
    """Given attitude = 5 only, when submitted, then quality and solved are named as missing, and nothing is written."""
    await close(office)
    revisit = await one(office)
    fault = await incomplete(office, revisit, channel="phone", scores={"attitude": 5})
    assert (fault.code, fault.field, fault.params["missing"]) == ("REVISIT_INCOMPLETE", "scores", "quality, solved")
    done = await complete(office, revisit, channel="phone", scores=GOOD, satisfied=True)
    assert (done.state, done.score) == ("done", Decimal("4.67"))


@pytest.mark.clause("P03-19")
@pytest.mark.parametrize(
    ("scores", "code"),
    [
        ({**GOOD, "solved": 0}, "SCORE_INVALID"),
        ({**GOOD, "solved": 6}, "SCORE_INVALID"),
        ({**GOOD, "solved": True}, "SCORE_INVALID"),
        ({**GOOD, "solved": "5"}, "SCORE_INVALID"),
        ({**GOOD, "price": 5}, "DIMENSION_UNKNOWN"),
    ],
)
async def test_scores_are_whole_numbers_from_one_to_five(office: World, scores: dict[str, Any], code: str) -> None:
    await close(office)
    assert (await incomplete(office, await one(office), channel="phone", scores=scores)).code == code


async def test_a_revisit_is_completed_once(office: World) -> None:
    await close(office)
    revisit = await one(office)
    await complete(office, revisit, channel="phone", scores=GOOD)
    with pytest.raises(StateRefused, match="done"):
        await complete(office, revisit, channel="phone", scores=GOOD)
    with pytest.raises(StateRefused):
        await office.do(service.cancel_revisit, CancelRevisit(revisit_id=revisit.id, reason="no"))


@pytest.mark.clause("P03-19")
async def test_who_is_not_satisfied_gets_another_engineer(office: World) -> None:
    """Given a closed ticket, when the customer isn't satisfied, then it is open again and its engineer is off it."""
    ticket = await close(office)
    await complete(office, await one(office), channel="phone", scores={**GOOD, "solved": 1}, satisfied=False,
                   opinion="still dark")  # fmt: skip
    stored = await office.ticket(ticket.id)
    assert (stored.state, stored.engineer_id) == ("in_progress", None)
    again = AssignEngineer(ticket_id=ticket.id, engineer_id=office.engineer.id)
    assert (await refused(office, tickets.assign_engineer, again)).code == "ENGINEER_REJECTED"
    await office.do(tickets.assign_engineer, AssignEngineer(ticket_id=ticket.id, engineer_id=office.other_engineer.id))


@pytest.mark.clause("P12-18")
async def test_an_engineer_is_measured_by_what_customers_say(office: World) -> None:
    """Given scores 5, 4 and 3 for an engineer's work, then the mean is 4.00."""
    for score in (5, 4, 3):
        await close(office)
        [revisit] = await revisits(office, state="open")
        await complete(office, revisit, channel="phone", scores=dict.fromkeys(GOOD, score))
    day = office.clock.now().date()
    async with office.work() as uow:
        found = await service.engineer_satisfaction(uow, office.engineer.id, day, day)
        other = await service.engineer_satisfaction(uow, office.other_engineer.id, day, day)
    assert (found.mean, found.count) == (Decimal("4.00"), 3)
    assert (other.mean, other.count) == (None, 0)


@pytest.mark.clause("P04-11")
async def test_a_proactive_call_keeps_the_customers_opinion(office: World) -> None:
    """Given a rule of calls after service, then a call without an opinion is no call; with one it is on record."""
    await put_into_force(
        office, code="each_service", trigger="ticket_closed", channels=("phone",), needs_opinion=True, clause="P04-11"
    )
    await close(office)
    revisit = await one(office)
    assert (await incomplete(office, revisit, channel="phone")).params["missing"] == "opinion"
    done = await complete(office, revisit, channel="phone", opinion="Friendly, but slow.")
    assert (done.state, done.opinion, done.clause) == ("done", "Friendly, but slow.", "P04-11")


@pytest.mark.clause("P11-40")
async def test_the_record_goes_to_two_departments_and_the_original_team_is_preferred(office: World) -> None:
    await put_into_force(
        office, code="each_service", trigger="ticket_closed", needs_record=True, copies_to=("design", "qc"),
        original_team=True, clause="P11-40",
    )  # fmt: skip
    first = await close(office)
    revisit = await one(office)
    assert revisit.preferred_engineer_id == first.engineer_id
    await complete(office, revisit, record="quality form 7")
    copies = await office.read(RevisitCopy, revisit_id=revisit.id)
    assert sorted((copy.department, copy.record) for copy in copies) == [
        ("design", "quality form 7"), ("qc", "quality form 7"),
    ]  # fmt: skip


@pytest.mark.clause("P11-18")
async def test_a_complaint_that_marketing_heard_is_after_sales(office: World) -> None:
    complaint = await office.do(
        service.log_complaint,
        LogComplaint(customer_id=office.customer.id, department="marketing", title="It flickers"),
    )
    assert (complaint.kind, complaint.queue) == ("complaint", "after_sales")
    assert "ticket.complaint_transferred" in await office.events(complaint)


async def test_who_may_record_and_by_which_way(office: World) -> None:
    """Given roles without the right, or a customer or dealer, then FORBIDDEN; an unknown channel is refused."""
    await close(office)
    revisit = await one(office)
    command = CompleteRevisit(revisit_id=revisit.id, channel="phone", scores=GOOD)
    for actor in (member("finance"), office.customer_member(), member("dealer", dealer_id=office.team.id)):
        assert (await refused(office, service.complete_revisit, command, actor)).code == "FORBIDDEN"
    assert (await incomplete(office, revisit, channel="pigeon", scores=GOOD)).code == "REVISIT_CHANNEL_UNKNOWN"
