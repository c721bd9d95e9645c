"""Prices under coverage: what was decided sets what is billed, and nobody's word goes beyond it."""

from datetime import date
from decimal import Decimal

import pytest

from aftersales.assets.models import Asset
from aftersales.coverage import service as coverage
from aftersales.coverage.commands import DecideCoverage, EvidenceDetails
from aftersales.fees import service
from aftersales.fees.commands import PriceTicket
from aftersales.fees.pricing import PricedOrder
from aftersales.tickets import service as tickets
from aftersales.tickets.commands import Resolve, StartWork
from aftersales.tickets.models import Ticket
from tests.fees.shop import REPAIR, agreed, offer, publish, quote
from tests.support.refusals import refused
from tests.tickets.world import World, local

D = Decimal


async def decided(world: World, ticket: Ticket, component: str, cause: str) -> None:
    photo = (EvidenceDetails(kind="photo", reference="P-1"),)
    ask = DecideCoverage(ticket_id=ticket.id, component=component, cause=cause, evidence=photo)
    await world.do(coverage.decide_coverage, ask)


async def in_term(world: World) -> Ticket:
    await publish(world)
    async with world.work() as uow:
        (await uow.get(Asset, world.asset.id)).accepted_on = date(2026, 3, 1)
    return await world.open()


async def price(world: World, ticket: Ticket, component: str | None = None) -> PricedOrder:
    found: PricedOrder = await world.do(
        service.price_ticket, PriceTicket(ticket_id=ticket.id, lines=REPAIR, component=component)
    )
    return found


async def test_covered_work_is_free_and_excluded_work_is_billed(solar_world: World) -> None:
    """Given a covered tank, when the order is priced, then 0.00; a dismantled collector costs the full 510.00."""
    ticket = await in_term(solar_world)
    await decided(solar_world, ticket, "tank", "product_quality")
    assert (await price(solar_world, ticket)).total == D("0.00")
    greedy = await refused(solar_world, service.issue_quote, offer(ticket, phase="in_term"))
    assert (greedy.code, greedy.field) == ("OUTCOME_OTHER", "outcome")
    await decided(solar_world, ticket, "collector", "dismantled_by_unauthorised_unit")
    unclear = await refused(solar_world, service.price_ticket, PriceTicket(ticket_id=ticket.id, lines=REPAIR))
    assert (unclear.code, unclear.field) == ("OUTCOME_NOT_DECIDED", "component")
    assert (await price(solar_world, ticket, "tank")).total == D("0.00")
    assert (await price(solar_world, ticket, "collector")).total == D("510.00")
    issued = await quote(solar_world, ticket, outcome=None, phase=None, component="collector")
    assert (issued.outcome, issued.phase, issued.total, issued.state) == ("bill_full", "in_term", D("510.00"), "issued")


async def test_before_a_decision_only_the_end_of_the_term_says_something(solar_world: World) -> None:
    """Given no decision, then in the term nothing is priced by itself; after it, parts at cost and labour: 380.00."""
    ticket = await in_term(solar_world)
    ask = PriceTicket(ticket_id=ticket.id, lines=REPAIR)
    assert (await refused(solar_world, service.price_ticket, ask)).code == "OUTCOME_NOT_DECIDED"
    solar_world.clock.move_to(local("2029-03-02 09:00"))
    after = await solar_world.open()
    assert after.billable
    assert (await price(solar_world, after)).total == D("380.00")


@pytest.mark.parametrize("component", ["tank", "pump"])
async def test_a_part_without_a_decision_is_not_priced(solar_world: World, component: str) -> None:
    ticket = await in_term(solar_world)
    error = await refused(
        solar_world, service.price_ticket, PriceTicket(ticket_id=ticket.id, lines=REPAIR, component=component)
    )
    assert (error.code, error.field) == ("OUTCOME_NOT_DECIDED", "component")


@pytest.mark.clause("P05-35", "P11-39")
async def test_who_did_the_damage_is_billed_and_not_the_owner(garden_world: World) -> None:
    """Given coverage that lays a broken plant on whoever broke it, then the quote is to him, by name, never to the
    customer; who takes over what the customer owes may still be named."""
    async with garden_world.work() as uow:
        asset = await uow.get(Asset, garden_world.asset.id)
        asset.attributes = {**asset.attributes, "completed_on": "2026-03-01"}
    await publish(garden_world)
    ticket = await garden_world.open()
    await decided(garden_world, ticket, "plant", "human_damage")
    order = {"outcome": None, "phase": None, "component": "plant"}
    nameless = await refused(garden_world, service.issue_quote, offer(ticket, **order))
    assert (nameless.code, nameless.field) == ("REQUIRED", "debtor")
    owner = await refused(garden_world, service.issue_quote, offer(ticket, **order, bill_to="customer"))
    assert (owner.code, owner.field) == ("PAYER_OTHER", "billTo")
    issued = await quote(garden_world, ticket, **order, debtor="Driver Zhao")
    assert (issued.bill_to, issued.debtor) == ("damager", "Driver Zhao")
    insurer = await quote(garden_world, ticket, **order, bill_to="supplier", debtor="Insurer")
    assert (insurer.bill_to, insurer.debtor) == ("supplier", "Insurer")


@pytest.mark.clause("P09-18", "P09-37", "P14-18", "P14-37")
async def test_what_coverage_leaves_to_be_paid_waits_for_a_price_that_was_agreed(solar_world: World) -> None:
    """Given a dismantled collector in the term, then work neither starts nor ends before its price was agreed, also
    where it was thought to be free at first."""
    ticket = await in_term(solar_world)
    await decided(solar_world, ticket, "collector", "product_quality")
    thought_free = await quote(solar_world, ticket, outcome=None, phase=None)
    assert thought_free.state == "not_required"
    await decided(solar_world, ticket, "collector", "dismantled_by_user")
    start, end = StartWork(ticket_id=ticket.id), Resolve(ticket_id=ticket.id, cause="opened", measures="replaced")
    assert (await refused(solar_world, tickets.start_work, start)).code == "CONSENT_REQUIRED"
    assert (await refused(solar_world, tickets.resolve, end)).code == "CONSENT_REQUIRED"
    await agreed(solar_world, ticket, outcome=None, phase=None)
    await solar_world.do(tickets.start_work, start)
    assert (await solar_world.do(tickets.resolve, end)).state == "resolved"


@pytest.mark.clause("P03-02", "P09-18", "P14-18")
async def test_a_repair_after_the_term_starts_with_a_price_and_a_question_without(solar_world: World) -> None:
    """Given the term is over and nothing decided, then a fault waits for consent; a question is answered free."""
    await in_term(solar_world)
    solar_world.clock.move_to(local("2029-03-02 09:00"))
    fault = await solar_world.open()
    assert (await refused(solar_world, tickets.start_work, StartWork(ticket_id=fault.id))).code == "CONSENT_REQUIRED"
    question = await solar_world.open(kind="question")
    assert (await solar_world.do(tickets.start_work, StartWork(ticket_id=question.id))).state == "in_progress"
