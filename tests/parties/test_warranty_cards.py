"""One warranty card per household (P09-04)."""

import asyncio
from datetime import date

import pytest

from aftersales.kit.errors import AftersalesError
from aftersales.parties import service
from aftersales.parties.commands import AddSite, IssueWarrantyCard
from aftersales.parties.models import WarrantyCard
from tests.support.refusals import refused
from tests.tickets.world import World


@pytest.mark.clause("P09-04", "P14-04")
async def test_a_household_has_one_valid_card_and_a_replacement_invalidates_the_old_one(solar_world: World) -> None:
    site_id = solar_world.site.id
    await solar_world.do(service.issue_warranty_card, IssueWarrantyCard(site_id=site_id, number="W1"))

    error = await refused(solar_world, service.issue_warranty_card, IssueWarrantyCard(site_id=site_id, number="W2"))
    assert (error.code, error.field) == ("WARRANTY_CARD_EXISTS", "siteId")

    await solar_world.do(
        service.issue_warranty_card, IssueWarrantyCard(site_id=site_id, number="W2", replaces_current=True)
    )
    cards = {card.number: card.replaced_at for card in await solar_world.read(WarrantyCard, site_id=site_id)}
    assert cards == {"W1": solar_world.clock.now(), "W2": None}


@pytest.mark.clause("P09-04", "P14-04")
async def test_two_cards_issued_at_once_leave_one(solar_world: World) -> None:
    commands = [IssueWarrantyCard(site_id=solar_world.site.id, number=number) for number in ("W1", "W2")]
    outcomes = await asyncio.gather(
        *(solar_world.do(service.issue_warranty_card, command) for command in commands), return_exceptions=True
    )
    refusals = [outcome for outcome in outcomes if isinstance(outcome, AftersalesError)]
    assert [refusal.code for refusal in refusals] == ["WARRANTY_CARD_EXISTS"]
    assert len(await solar_world.read(WarrantyCard)) == 1


async def test_a_card_number_names_one_card(solar_world: World) -> None:
    await solar_world.do(
        service.issue_warranty_card,
        IssueWarrantyCard(site_id=solar_world.site.id, number="W1", issued_on=date(2026, 6, 1)),
    )
    other = await solar_world.do(service.add_site, AddSite(customer_id=solar_world.customer.id, name="Next door"))
    error = await refused(solar_world, service.issue_warranty_card, IssueWarrantyCard(site_id=other.id, number="W1"))
    assert (error.code, error.field) == ("WARRANTY_CARD_NUMBER_TAKEN", "number")
