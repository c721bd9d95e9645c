"""What outsiders may say about their own requests, and which tickets they may relate them to."""

import asyncio
from typing import Any

import pytest

from aftersales.kit.errors import AftersalesError
from aftersales.kit.ids import new_id
from aftersales.parties.models import Customer, ServiceUnit
from aftersales.tickets import service
from aftersales.tickets.commands import CancelTicket, ReportRestored
from tests.tickets.world import World, local, member


async def refused(world: World, actor: Any, **given: Any) -> AftersalesError:
    before = await world.counts()
    with pytest.raises(AftersalesError) as refusal:
        await world.open(actor, channel="web", **given)
    assert await world.counts() == before
    assert refusal.value.message("zh-CN") != refusal.value.message("en")
    return refusal.value


@pytest.mark.parametrize(("name", "field"), [("reported_at", "reportedAt"), ("crashed_at", "crashedAt")])
async def test_outsiders_date_nothing_back_further_than_a_day(hospital: World, name: str, field: str) -> None:
    """Given 9:00, then a customer may tell of 9:00 the day before, not of 8:59; the desk may tell of either."""
    customer = hospital.customer_member()
    stated: list[dict[str, Any]] = [
        {name: local(f"2026-06-{moment}")} for moment in ("09 08:59", "09 09:00", "01 09:00")
    ]
    too_old, in_time, long_ago = stated
    error = await refused(hospital, customer, **too_old)
    assert (error.code, error.field) == ("INSTANT_TOO_OLD", field)
    allowed = await hospital.open(customer, channel="web", **in_time)
    assert getattr(allowed, name) == local("2026-06-09 09:00")
    by_desk = await hospital.open(**long_ago)
    assert getattr(by_desk, name) == local("2026-06-01 09:00")


async def test_a_dealer_dates_no_crash_back_when_it_reports_the_restoration(projects: World) -> None:
    unit = ServiceUnit(id=new_id(), code="D1", name="Dealer", kind="dealer")
    await projects.add(unit)
    ticket = await projects.open(facts={"partial_degradation": True}, service_unit_id=unit.id)
    command = ReportRestored(ticket_id=ticket.id, crashed_at=local("2026-06-01 09:00"))
    with pytest.raises(AftersalesError) as refusal:
        await projects.do(service.report_restored, command, member("dealer", dealer_id=unit.id))
    assert (refusal.value.code, refusal.value.field) == ("INSTANT_TOO_OLD", "crashedAt")


async def test_the_sites_region_beats_what_a_customer_says(hospital: World) -> None:
    """Given a site in Beijing, when its customer names another region, then the site's counts."""
    at_site = await hospital.open(hospital.customer_member(), channel="web", region="510100")
    assert (at_site.region, at_site.region_class) == ("110000", "beijing")
    elsewhere = await hospital.open(
        hospital.customer_member(), channel="web", region="510100", asset_id=None, vertical="software_his"
    )
    assert elsewhere.region == "510100"


async def test_a_ticket_of_another_unit_is_no_parent_and_nothing_to_complain_about_for_a_dealer(
    projects: World,
) -> None:
    units = [ServiceUnit(id=new_id(), code=code, name=code, kind="dealer") for code in ("D1", "D2")]
    await projects.add(*units)
    own, foreign = [await projects.open(service_unit_id=unit.id) for unit in units]
    dealer = member("dealer", dealer_id=units[0].id)
    for name, field in (
        ("parent_ticket_id", "parentTicketId"),
        ("complaint_about_ticket_id", "complaintAboutTicketId"),
    ):
        error = await refused(projects, dealer, **{name: foreign.id})
        assert (error.code, error.field) == ("NOT_FOUND", field)
        related = await projects.open(dealer, channel="web", **{name: own.id})
        assert getattr(related, name) == own.id


async def test_a_dealer_opens_tickets_only_for_customers_of_its_own_tickets(projects: World) -> None:
    unit = ServiceUnit(id=new_id(), code="D1", name="Dealer", kind="dealer")
    other = Customer(id=new_id(), code="C2", name="Other", created_at=projects.clock.now())
    await projects.add(unit, other)
    await projects.open(service_unit_id=unit.id)
    dealer = member("dealer", dealer_id=unit.id)
    error = await refused(projects, dealer, customer_id=other.id, asset_id=None, vertical="software_his")
    assert (error.code, error.field) == ("NOT_FOUND", "customerId")
    assert (await projects.open(dealer, channel="web")).service_unit_id == unit.id


async def test_a_parent_is_not_ended_while_a_child_is_being_opened(projects: World) -> None:
    """Given a child's opening and the parent's end at once, then one of the two is refused."""
    parent = await projects.open()
    outcomes = await asyncio.gather(
        projects.open(parent_ticket_id=parent.id),
        projects.do(service.cancel_ticket, CancelTicket(ticket_id=parent.id, reason="x")),
        return_exceptions=True,
    )
    refusals = [outcome.code for outcome in outcomes if isinstance(outcome, AftersalesError)]
    assert refusals in (["PARENT_CLOSED"], ["CHILDREN_OPEN"])


@pytest.mark.clause("P10-08")
async def test_codes_are_cleaned_before_the_registry_is_asked(projects: World) -> None:
    ticket = await projects.open(error_code=" E-1001 ", module_code="COST\n")
    assert (ticket.error_code, ticket.module_code) == ("E-1001", "COST")
    for name, field in (("error_code", "errorCode"), ("module_code", "moduleCode")):
        for text, code in (("E\u0000", "TEXT_INVALID"), ("x" * 201, "TEXT_TOO_LONG")):
            error = await refused(projects, None, **{name: text})
            assert (error.code, error.field) == (code, field)
