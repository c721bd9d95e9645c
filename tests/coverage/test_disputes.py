"""Quarrels about quality: the body that the contract names decides, and what it found is final."""

from datetime import date
from typing import Any

import pytest

from aftersales.assets.models import Asset
from aftersales.contracts.commands import LineDetails
from aftersales.coverage import disputes, service
from aftersales.coverage.commands import DecideCoverage, EvidenceDetails, RecordQualityFinding
from aftersales.coverage.models import QualityFinding
from aftersales.kit.errors import AftersalesError
from aftersales.tickets.models import Ticket
from tests.contracts.lives import sign
from tests.support.refusals import refused
from tests.tickets.world import World


async def disputed(world: World, **given: Any) -> Ticket:
    async with world.work() as uow:
        (await uow.get(Asset, world.asset.id)).accepted_on = date(2026, 3, 1)
    await sign(world, lines=(LineDetails(asset_id=world.asset.id),), **given)
    return await world.open()


def finding(ticket: Ticket, **given: Any) -> RecordQualityFinding:
    return RecordQualityFinding(
        **{"ticket_id": ticket.id, "component": "collector", "body": "Institute X", "finding": "defect",
           "cause": "product_quality", "evidence": "report 12", **given}
    )  # fmt: skip


def ask(ticket: Ticket, cause: str | None) -> DecideCoverage:
    photo = (EvidenceDetails(kind="photo", reference="P-1"),)
    return DecideCoverage(ticket_id=ticket.id, component="collector", cause=cause, evidence=photo)


@pytest.mark.clause("P07-19")
async def test_the_bodys_finding_is_the_cause_and_locked(solar_world: World) -> None:
    """Given a quarrel and contract.body = X, when X reports a defect, then cause = quality for good; Y is refused."""
    ticket = await disputed(solar_world, inspection_body="Institute X")
    before = await solar_world.do(service.decide_coverage, ask(ticket, "dismantled_by_unauthorised_unit"))
    assert before.outcome == "bill_full"
    other = await refused(solar_world, disputes.record_quality_finding, finding(ticket, body="Institute Y"))
    assert (other.code, other.field) == ("INSPECTION_BODY_OTHER", "body")
    await solar_world.do(disputes.record_quality_finding, finding(ticket))
    decided = await solar_world.do(service.decide_coverage, ask(ticket, None))
    assert (decided.cause, decided.outcome, decided.provisional) == ("product_quality", "free", False)
    locked = await refused(solar_world, service.decide_coverage, ask(ticket, "dismantled_by_unauthorised_unit"))
    assert (locked.code, locked.params["body"]) == ("CAUSE_LOCKED", "Institute X")
    again = await refused(solar_world, disputes.record_quality_finding, finding(ticket, cause="workmanship"))
    assert again.code == "FINDING_FINAL"
    [stored] = await solar_world.read(QualityFinding, ticket_id=ticket.id)
    with pytest.raises(AftersalesError):
        async with solar_world.work() as uow:
            (await uow.get(QualityFinding, stored.id)).cause = "workmanship"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"component": "sail"}, "COMPONENT_UNKNOWN"),
        ({"cause": "witchcraft"}, "CAUSE_UNKNOWN"),
        ({"evidence": " "}, "REQUIRED"),
        ({"reported_on": date(2026, 6, 11)}, "INSTANT_IN_FUTURE"),
        ({"expected_version": 9}, "VERSION_STALE"),
    ],
)
async def test_a_finding_that_cannot_stand_is_refused(solar_world: World, given: dict[str, Any], code: str) -> None:
    ticket = await disputed(solar_world, inspection_body="Institute X")
    assert (await refused(solar_world, disputes.record_quality_finding, finding(ticket, **given))).code == code


async def test_without_a_body_in_the_contract_nobody_decides(solar_world: World) -> None:
    ticket = await disputed(solar_world)
    error = await refused(solar_world, disputes.record_quality_finding, finding(ticket))
    assert error.code == "INSPECTION_BODY_MISSING"
    customer = solar_world.customer_member()
    assert (await refused(solar_world, disputes.record_quality_finding, finding(ticket), customer)).code == "FORBIDDEN"
