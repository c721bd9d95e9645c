"""Grades of real verticals, and their history."""

from typing import Any

import pytest

from aftersales.kit.errors import AftersalesError, InvalidInput
from aftersales.tickets import service
from aftersales.tickets.commands import CancelTicket, Regrade
from aftersales.tickets.models import TicketGrading
from tests.tickets.world import World, local


@pytest.mark.parametrize(
    ("facts", "grade", "clause"),
    [
        pytest.param({"down": True}, "G1", "P10-15", marks=pytest.mark.clause("P10-15")),
        pytest.param({"down": False, "risk_of_outage": True}, "G2", "P10-16", marks=pytest.mark.clause("P10-16")),
        pytest.param({"partial_degradation": True}, "G3", "P10-17", marks=pytest.mark.clause("P10-17")),
        pytest.param({"intermittent_or_indirect": True}, "G4", "P10-18", marks=pytest.mark.clause("P10-18")),
    ],
)
async def test_the_business_impact_decides_the_grade(
    projects: World, facts: dict[str, Any], grade: str, clause: str
) -> None:
    """Given what the fault does to the customer, when the ticket is opened, then it has the grade of the text."""
    ticket = await projects.open(facts=facts)
    [history] = await projects.read(TicketGrading, ticket_id=ticket.id)
    assert (ticket.grade, ticket.priority) == (grade, int(grade[1]))
    assert (history.grade, history.clause, history.decided_by) == (grade, clause, "rule")
    assert history.facts | facts == history.facts


@pytest.mark.clause("P10-14")
async def test_there_are_four_grades_and_a_fifth_is_refused(projects: World) -> None:
    before = await projects.counts()
    with pytest.raises(InvalidInput) as refusal:
        await projects.open(grade="G5")
    assert (refusal.value.code, refusal.value.field) == ("GRADE_UNKNOWN", "grade")
    assert "G1, G2, G3, G4" in refusal.value.message("en")
    assert await projects.counts() == before


async def test_the_classifier_is_asked_when_no_rule_matches_and_the_default_holds_after_it(hospital: World) -> None:
    damaged = await hospital.open(facts={"data_affected": True})
    plain = await hospital.open()
    [by_classifier] = await hospital.read(TicketGrading, ticket_id=damaged.id)
    [by_default] = await hospital.read(TicketGrading, ticket_id=plain.id)
    assert (by_classifier.grade, by_classifier.decided_by) == ("general", "classifier")
    assert (by_default.grade, by_default.decided_by) == ("general", "default")


async def test_a_person_overrules_the_facts_and_is_kept_as_the_author(projects: World) -> None:
    ticket = await projects.open(facts={"down": True}, grade="G3", grade_reason="only the test system")
    [history] = await projects.read(TicketGrading, ticket_id=ticket.id)
    assert (ticket.grade, history.decided_by, history.reason) == ("G3", "person", "only the test system")


@pytest.mark.clause("P08-12", "P08-13", "P08-14")
async def test_a_general_problem_that_turns_complex_swaps_its_deadlines_and_keeps_its_history(
    hospital: World,
) -> None:
    """Given a general problem called in on Fri 2026-09-18, when triage finds it complex within the hour,
    then the plan is due at the end of Tue 22 September (Sunday 20 is a make-up working day) and the 8 hours end."""
    hospital.clock.move_to(local("2026-09-18 09:00"))
    ticket = await hospital.open()
    assert await hospital.due(ticket) == {
        ("acknowledged", "company"): local("2026-09-18 10:00"),
        ("resolved", "company"): local("2026-09-18 17:00"),
    }
    hospital.clock.move_to(local("2026-09-18 09:40"))
    again = await hospital.do(
        service.regrade, Regrade(ticket_id=ticket.id, facts={"is_complex": True}, reason="needs a code review")
    )
    due = await hospital.due(ticket)
    assert due["plan_proposed", "company"] == local("2026-09-23 00:00")
    assert due["resolved", "company"] is None
    assert again.next_due_at == local("2026-09-23 00:00")
    history = await hospital.read(TicketGrading, ticket_id=ticket.id)
    assert [(row.previous_grade, row.grade) for row in history] == [(None, "general"), ("general", "complex")]
    assert history[1].facts["is_complex"] is True


async def test_a_closed_ticket_is_not_graded_again(hospital: World) -> None:
    ticket = await hospital.open()
    ticket = await hospital.do(service.cancel_ticket, CancelTicket(ticket_id=ticket.id, reason="reported twice"))
    before = await hospital.counts()
    with pytest.raises(AftersalesError) as refusal:
        await hospital.do(service.regrade, Regrade(ticket_id=ticket.id, grade="complex", reason="late"))
    assert refusal.value.code == "TICKET_STATE_REFUSED"
    assert await hospital.counts() == before


@pytest.mark.clause("P05-34")
async def test_an_emergency_is_declared_with_a_reason_and_is_due_on_site_in_two_hours(gardens: World) -> None:
    gardens.clock.move_to(local("2026-06-05 22:15"))
    ticket = await gardens.open(emergency=True, emergency_reason="a tree fell onto the road")
    [history] = await gardens.read(TicketGrading, ticket_id=ticket.id)
    assert (ticket.grade, ticket.priority, ticket.emergency) == ("emergency", 1, True)
    assert history.facts["emergency_reason"] == "a tree fell onto the road"
    assert (await gardens.due(ticket))["on_site", "company"] == local("2026-06-06 00:15")


@pytest.mark.clause("P05-33")
async def test_a_normal_notice_is_due_to_be_sent_for_within_two_days(gardens: World) -> None:
    gardens.clock.move_to(local("2026-06-05 15:00"))
    ticket = await gardens.open()
    assert await gardens.due(ticket) == {("dispatched", "company"): local("2026-06-08 00:00")}


async def test_an_emergency_without_a_reason_is_refused_and_nothing_is_written(gardens: World) -> None:
    before = await gardens.counts()
    for given in ({"emergency": True}, {"facts": {"emergency": True}}):
        with pytest.raises(InvalidInput) as refusal:
            await gardens.open(**given)
        assert (refusal.value.code, refusal.value.field) == ("EMERGENCY_REASON_REQUIRED", "emergencyReason")
    assert await gardens.counts() == before


async def test_only_who_may_grade_declares_an_emergency(gardens: World) -> None:
    with pytest.raises(AftersalesError) as refusal:
        await gardens.open(
            gardens.customer_member(), channel="web", emergency=True, emergency_reason="it is urgent to me"
        )
    assert refusal.value.code == "FORBIDDEN"


@pytest.mark.clause("P09-06", "P09-07", "P09-21")
async def test_a_leak_is_an_emergency_owed_by_the_agent_first_and_the_company_behind(solar: World) -> None:
    solar.clock.move_to(local("2026-06-10 08:00"))
    ticket = await solar.open(facts={"leaking": True})
    assert ticket.emergency
    assert await solar.due(ticket) == {
        ("on_site", "agent"): local("2026-06-10 12:00"),
        ("on_site", "company"): local("2026-06-10 20:00"),
    }
