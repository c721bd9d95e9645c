"""Amendments and renewals: each a revision with who, when, what and why; earlier days keep what was promised."""

from datetime import date
from typing import Any

import pytest

from aftersales.assets.models import Asset
from aftersales.contracts import service
from aftersales.contracts.commands import AmendContract, EndContract, LineDetails, RenewContract
from aftersales.contracts.models import ContractRevision, ServiceContract
from aftersales.coverage.commands import AgreeWarranty, DecideCoverage
from aftersales.coverage.service import agree_warranty, decide_coverage
from aftersales.kit.errors import AftersalesError
from aftersales.plans.commands import TermChange
from tests.contracts.lives import FINANCE, publish, sign
from tests.contracts.test_contracts import target
from tests.support.refusals import refused
from tests.tickets.world import World, local, member

SHORTER = TermChange(declaration="warranty_terms", code="main_unit", fields={"amount": 3}, clause="T-9")


async def covered(world: World, **given: Any) -> ServiceContract:
    async with world.work() as uow:
        (await uow.get(Asset, world.asset.id)).accepted_on = date(2026, 1, 1)
    return await sign(world, lines=(LineDetails(asset_id=world.asset.id),), **given)


async def test_days_before_an_amendment_keep_what_was_promised_on_them(solar_world: World) -> None:
    """Given three months from 10 June on, then a leak of 9 June is judged by 36 months, one of 10 June by three."""
    signed = await covered(solar_world)
    await publish(solar_world, SHORTER)
    await solar_world.do(
        service.amend_contract, AmendContract(contract_id=signed.id, reason="new price", adopt_plan=True), FINANCE
    )
    ticket = await solar_world.open()
    outcomes = {}
    for day in (9, 10):
        ask = DecideCoverage(
            ticket_id=ticket.id, component="tank", cause="product_quality", occurred_on=date(2026, 6, day)
        )
        outcomes[day] = (await solar_world.do(decide_coverage, ask)).outcome
    assert outcomes == {9: "free", 10: "bill_full"}
    history = await solar_world.read(ContractRevision, contract_id=signed.id)
    assert [(row.revision, row.kind, row.effective_from, row.reason) for row in history] == [
        (1, "signed", date(2026, 1, 1), ""),
        (2, "amended", date(2026, 6, 10), "new price"),
    ]
    changed = {(row["code"], row["field"]): (row["old"], row["new"]) for row in history[1].differences}
    assert changed["main_unit", "amount"] == (36, 3)
    assert history[1].actor


async def test_what_a_contract_promises_on_its_own_is_amended_too(solar_world: World) -> None:
    signed = await covered(solar_world, targets=(target(),))
    command = AmendContract(contract_id=signed.id, reason="slower", targets=(target(amount=5),))
    await solar_world.do(service.amend_contract, command, FINANCE)
    [stored] = await solar_world.read(ServiceContract, id=signed.id)
    assert (stored.revision, stored.terms["targets"][0]["budget"]["amount"]) == (2, 5)
    again = await refused(solar_world, service.amend_contract, command, FINANCE)
    assert again.code == "AMENDMENT_EMPTY"


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"reason": " "}, "REQUIRED", "reason"),
        ({"effective_from": date(2025, 12, 31)}, "AMENDMENT_BEFORE_LAST", "effectiveFrom"),
        ({"effective_from": date(2026, 6, 11)}, "INSTANT_IN_FUTURE", "effectiveFrom"),
        ({"expected_version": 7}, "VERSION_STALE", "expectedVersion"),
        ({"fields": {"colour": 1}}, "CONTRACT_FIELD_UNKNOWN", "fields.colour"),
        ({"targets": None}, "AMENDMENT_EMPTY", "contractId"),
    ],
)
async def test_an_amendment_that_cannot_stand_is_refused(
    solar_world: World, given: dict[str, Any], code: str, field: str
) -> None:
    signed = await covered(solar_world)
    command = AmendContract(**{"contract_id": signed.id, "reason": "why", "targets": (target(),), **given})
    error = await refused(solar_world, service.amend_contract, command, FINANCE)
    assert (error.code, error.field) == (code, field)


async def test_what_is_over_is_neither_amended_nor_renewed(solar_world: World) -> None:
    signed = await covered(solar_world, ends_on=date(2027, 1, 1))
    await solar_world.do(service.end_contract, EndContract(contract_id=signed.id, ends_on=date(2026, 6, 9)), FINANCE)
    amend = AmendContract(contract_id=signed.id, reason="late", targets=(target(),))
    renew = RenewContract(contract_id=signed.id, ends_on=date(2028, 1, 1))
    assert (await refused(solar_world, service.amend_contract, amend, FINANCE)).code == "CONTRACT_ENDED"
    assert (await refused(solar_world, service.renew_contract, renew, FINANCE)).code == "CONTRACT_ENDED"


async def test_a_renewed_contract_runs_on_under_its_own_terms(solar_world: World) -> None:
    signed = await covered(solar_world, ends_on=date(2026, 12, 31))
    await publish(solar_world, SHORTER)
    same = RenewContract(contract_id=signed.id, ends_on=date(2026, 12, 31))
    assert (await refused(solar_world, service.renew_contract, same, FINANCE)).code == "RENEWAL_NOT_LONGER"
    renewed = await solar_world.do(
        service.renew_contract, RenewContract(contract_id=signed.id, ends_on=date(2027, 12, 31)), FINANCE
    )
    assert (renewed.revision, renewed.ends_on, renewed.terms_id) == (2, date(2027, 12, 31), signed.terms_id)
    solar_world.clock.move_to(local("2027-06-01 09:00"))
    assert (await solar_world.open()).contract_id == signed.id
    adopted = await solar_world.do(
        service.renew_contract,
        RenewContract(contract_id=signed.id, ends_on=date(2028, 12, 31), adopt_plan=True),
        FINANCE,
    )
    assert adopted.terms_id != signed.terms_id
    endless = await covered(solar_world, starts_on=date(2026, 2, 2))
    renew = RenewContract(contract_id=endless.id, ends_on=date(2028, 1, 1))
    assert (await refused(solar_world, service.renew_contract, renew, FINANCE)).code == "CONTRACT_OPEN_ENDED"
    assert (await refused(solar_world, service.renew_contract, renew, member("dispatcher"))).code == "FORBIDDEN"


async def test_history_is_never_rewritten(solar_world: World) -> None:
    signed = await covered(solar_world)
    [entry] = await solar_world.read(ContractRevision, contract_id=signed.id)
    with pytest.raises(AftersalesError):
        async with solar_world.work() as uow:
            (await uow.get(ContractRevision, entry.id)).reason = "never mind"


async def test_a_length_stated_afterwards_outlives_an_amendment(solar_world: World) -> None:
    """Given 60 months agreed on top of the terms, when targets are amended, then earlier days keep the 60 months."""
    signed = await covered(solar_world)
    stated = AgreeWarranty(
        contract_id=signed.id, warranty_class="main_unit", amount=60, unit="month", starts_on="acceptance"
    )
    await solar_world.do(agree_warranty, stated, FINANCE)
    amend = AmendContract(contract_id=signed.id, reason="slower", targets=(target(),))
    await solar_world.do(service.amend_contract, amend, FINANCE)
    ticket = await solar_world.open()
    for day in (date(2026, 1, 2), date(2026, 6, 9), date(2026, 6, 10)):
        ask = DecideCoverage(ticket_id=ticket.id, component="tank", cause="product_quality", occurred_on=day)
        assert (await solar_world.do(decide_coverage, ask)).last_day == date(2031, 1, 1)
    history = await solar_world.read(ContractRevision, contract_id=signed.id)
    assert [row.revision for row in history] == [1, 2, 3]
