"""Amendments and renewals: each a revision with who, when, what and why; earlier days keep what was promised."""

from datetime import date
from typing import Any

import pytest

from aftersales.assets.models import Asset
from aftersales.contracts import service
from aftersales.contracts.commands import AmendContract, EndContract, LineDetails, RenewContract, WithdrawAmendment
from aftersales.contracts.jobs import begin_amendments, coming_tenants
from aftersales.contracts.models import ContractRevision, ServiceContract
from aftersales.coverage.commands import AgreeWarranty, DecideCoverage
from aftersales.coverage.service import agree_warranty, asset_warranties, decide_coverage
from aftersales.journal.models import Event
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
        ({"effective_from": date(2027, 1, 2)}, "AMENDMENT_AFTER_END", "effectiveFrom"),
        ({"effective_from": date(9999, 12, 31)}, "INSTANT_IMPOSSIBLE", "effectiveFrom"),
        ({"expected_version": 7}, "VERSION_STALE", "expectedVersion"),
        ({"fields": {"colour": 1}}, "CONTRACT_FIELD_UNKNOWN", "fields.colour"),
        ({"targets": None}, "AMENDMENT_EMPTY", "contractId"),
    ],
)
async def test_an_amendment_that_cannot_stand_is_refused(
    solar_world: World, given: dict[str, Any], code: str, field: str
) -> None:
    signed = await covered(solar_world, ends_on=date(2027, 1, 1))
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


def slower(signed: ServiceContract, on: date) -> AmendContract:
    """Five days to be on site instead of the target's own, and three months for the tank, from a day on."""
    return AmendContract(
        contract_id=signed.id, reason="new price", effective_from=on, adopt_plan=True, targets=(target(amount=5),)
    )


async def due(world: World) -> bool:
    async with world.tenant.platform.pools.system.acquire() as connection:
        return world.scope.id in await coming_tenants(connection, world.clock.now(), 10_000)


async def go_round(world: World) -> int:
    async with world.work() as uow:
        return await begin_amendments(uow, 10)


async def last_day_of_tank(world: World, on: date) -> date:
    async with world.work() as uow:
        [found] = [one for one in await asset_warranties(uow, world.asset.id, on) if one.component == "tank"]
    assert found.standing is not None
    return found.standing.last_day


async def test_an_amendment_agreed_for_a_later_day_counts_from_its_first_minute(solar_world: World) -> None:
    """Given three months from 1 July on, agreed on 10 June, then 30 June is judged as it was signed, 1 July as it was
    amended; the round notes it once, and history says who agreed and from when."""
    signed = await covered(solar_world, targets=(target(),))
    await publish(solar_world, SHORTER)
    waiting = await solar_world.do(service.amend_contract, slower(signed, date(2026, 7, 1)), FINANCE)
    assert (waiting.revision, waiting.coming_on, waiting.terms_id) == (1, date(2026, 7, 1), signed.terms_id)
    assert await last_day_of_tank(solar_world, date(2026, 6, 30)) == date(2029, 1, 1)
    assert await last_day_of_tank(solar_world, date(2026, 7, 1)) == date(2026, 4, 1)
    solar_world.clock.move_to(local("2026-06-30 23:59"))
    assert (await due(solar_world), await go_round(solar_world)) == (False, 0)
    before = await solar_world.due(await solar_world.open())
    solar_world.clock.move_to(local("2026-07-01 00:00"))
    assert await due(solar_world)
    assert (await go_round(solar_world), await go_round(solar_world), await due(solar_world)) == (1, 0, False)
    [now] = await solar_world.read(ServiceContract, id=signed.id)
    assert (now.revision, now.effective_from, now.coming_on, now.coming_at) == (2, date(2026, 7, 1), None, None)
    assert now.terms["targets"][0]["budget"]["amount"] == 5
    assert (await solar_world.due(await solar_world.open())).keys() == before.keys()
    history = await solar_world.read(ContractRevision, contract_id=signed.id)
    assert [(row.kind, row.effective_from, row.reason) for row in history][1:] == [
        ("amended", date(2026, 7, 1), "new price")
    ]
    assert history[1].actor == history[0].actor != ""
    assert len(await solar_world.read(Event, kind="contract.amended")) == 1


async def test_a_ticket_of_the_first_minute_needs_no_round(solar_world: World) -> None:
    signed = await covered(solar_world, targets=(target(),))
    command = AmendContract(
        contract_id=signed.id, reason="slower", effective_from=date(2026, 7, 1), targets=(target(amount=5),)
    )
    await solar_world.do(service.amend_contract, command, FINANCE)
    solar_world.clock.move_to(local("2026-07-01 00:00"))
    await solar_world.open()
    [now] = await solar_world.read(ServiceContract, id=signed.id)
    assert (now.revision, now.coming) == (2, None)
    assert await go_round(solar_world) == 0


async def test_while_an_amendment_waits_nothing_else_is_changed(solar_world: World) -> None:
    """Given one that waits, then further changes are refused until it is withdrawn; an earlier end drops it."""
    signed = await covered(solar_world, ends_on=date(2027, 1, 1))
    later = AmendContract(
        contract_id=signed.id, reason="slower", effective_from=date(2026, 7, 1), targets=(target(amount=5),)
    )
    await solar_world.do(service.amend_contract, later, FINANCE)
    for operation, command in (
        (service.amend_contract, AmendContract(contract_id=signed.id, reason="why", targets=(target(),))),
        (service.renew_contract, RenewContract(contract_id=signed.id, ends_on=date(2028, 1, 1))),
        (
            agree_warranty,
            AgreeWarranty(
                contract_id=signed.id, warranty_class="main_unit", amount=60, unit="month", starts_on="acceptance"
            ),
        ),
    ):
        assert (await refused(solar_world, operation, command, FINANCE)).code == "AMENDMENT_WAITING"
    withdraw = WithdrawAmendment(contract_id=signed.id, reason="changed our minds")
    assert (await refused(solar_world, service.withdraw_amendment, withdraw, member("engineer"))).code == "FORBIDDEN"
    await solar_world.do(service.withdraw_amendment, withdraw, FINANCE)
    assert (await refused(solar_world, service.withdraw_amendment, withdraw, FINANCE)).code == "AMENDMENT_NOT_WAITING"
    solar_world.clock.move_to(local("2026-07-02 09:00"))
    assert await go_round(solar_world) == 0
    again = AmendContract(
        contract_id=signed.id, reason="slower", effective_from=date(2026, 9, 1), targets=(target(amount=5),)
    )
    await solar_world.do(service.amend_contract, again, FINANCE)
    await solar_world.do(service.end_contract, EndContract(contract_id=signed.id, ends_on=date(2026, 8, 31)), FINANCE)
    [ended] = await solar_world.read(ServiceContract, id=signed.id)
    assert (ended.coming, ended.coming_at, ended.revision) == (None, None, 1)


async def test_a_contract_that_is_over_is_amended_for_its_own_days_only(solar_world: World) -> None:
    signed = await covered(solar_world, ends_on=date(2026, 6, 30))
    solar_world.clock.move_to(local("2026-07-01 00:00"))
    late = AmendContract(contract_id=signed.id, reason="slower", targets=(target(),))
    assert (await refused(solar_world, service.amend_contract, late, FINANCE)).code == "AMENDMENT_AFTER_END"
    in_time = AmendContract(
        contract_id=signed.id, reason="slower", targets=(target(),), effective_from=date(2026, 6, 30)
    )
    assert (await solar_world.do(service.amend_contract, in_time, FINANCE)).revision == 2
