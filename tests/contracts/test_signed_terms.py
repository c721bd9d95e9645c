"""What was signed stays: a plugin's upgrade, a plan's new edition and a change of settings move no promise."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from aftersales import SlaTarget
from aftersales.assets.models import Asset
from aftersales.commitments.models import Commitment
from aftersales.contracts.commands import AmendContract, EndContract, LineDetails
from aftersales.contracts.jobs import begin_amendments
from aftersales.contracts.models import ServiceContract
from aftersales.contracts.service import amend_contract, end_contract
from aftersales.contracts.terms import terms_of
from aftersales.coverage.commands import DecideCoverage
from aftersales.coverage.fleet import FleetQuestion, decide_fleet
from aftersales.coverage.service import asset_warranties, decide_coverage
from aftersales.fees.commands import PriceTicket
from aftersales.fees.service import price_ticket
from aftersales.guarantees.commands import OpenGuarantee
from aftersales.guarantees.service import open_guarantee
from aftersales.plans import snapshots
from aftersales.plans.models import TermSnapshot
from aftersales.terms.playbook import DECLARATIONS
from aftersales_landscaping import VERTICAL as LANDSCAPING
from aftersales_solar import VERTICAL as SOLAR
from tests.contracts.lives import FINANCE, publish, sign
from tests.contracts.test_amendments import SHORTER
from tests.contracts.upgrades import upgrade, upgraded, with_fields
from tests.fees.shop import REPAIR
from tests.fees.shop import publish as publish_prices
from tests.tickets.world import World, local
from tests.verticals.terms_of import terms_of as installed


def slower(target: SlaTarget) -> SlaTarget:
    """A target with twice the time."""
    if target.budget is None:
        return target
    return msgspec.structs.replace(
        target, budget=msgspec.structs.replace(target.budget, amount=2 * target.budget.amount)
    )


NEXT_SOLAR = upgraded(
    SOLAR, warranty_terms=with_fields(amount=7), sla_targets=slower, service_fee_table=with_fields(clause="P09-99")
)


async def covered(world: World, **given: Any) -> ServiceContract:
    async with world.work() as uow:
        (await uow.get(Asset, world.asset.id)).accepted_on = date(2026, 3, 1)
    return await sign(world, lines=(LineDetails(asset_id=world.asset.id),), **given)


async def test_a_plugins_upgrade_leaves_warranty_and_deadlines_of_a_signed_contract(solar_world: World) -> None:
    signed = await covered(solar_world)
    before = await solar_world.open()
    promised = await solar_world.due(before)
    await upgrade(solar_world, NEXT_SOLAR)
    snapshots.forget()
    ticket = await solar_world.open()
    assert ticket.contract_id == signed.id
    assert await solar_world.due(ticket) == promised
    command = DecideCoverage(ticket_id=ticket.id, component="tank", cause="product_quality")
    decision = await solar_world.do(decide_coverage, command)
    assert decision.last_day == date(2029, 3, 1)
    async with solar_world.work() as uow:
        contract = await uow.get(ServiceContract, signed.id)
        kept = terms_of(uow.scope, "solar", contract)
        [tank] = [found for found in await asset_warranties(uow, solar_world.asset.id) if found.component == "tank"]
        question = FleetQuestion(vertical="solar", asset_type="solar_water_heater", component="tank")
        [answer] = [found async for found in decide_fleet(uow, question)]
    assert tank.standing is not None
    assert answer.verdict is not None
    assert (tank.standing.last_day, answer.verdict.standing.last_day) == (date(2029, 3, 1), date(2029, 3, 1))
    assert {rule.clause for rule in kept.service_fee_table} != {"P09-99"}


async def test_what_has_no_contract_follows_the_upgrade(solar_world: World) -> None:
    before = await solar_world.due(await solar_world.open())
    await upgrade(solar_world, NEXT_SOLAR)
    after = await solar_world.due(await solar_world.open())
    assert after != before


async def test_a_regraded_ticket_keeps_the_signed_deadlines(solar_world: World) -> None:
    """Given a ticket under a contract, when its targets are chosen anew after an upgrade, then nothing moves."""
    from aftersales.commitments import service as commitments
    from aftersales.tickets.handling import started_events, subject_of, target_facts

    await covered(solar_world)
    ticket = await solar_world.open()
    promised = await solar_world.due(ticket)
    await upgrade(solar_world, NEXT_SOLAR)
    async with solar_world.work() as uow:
        found = await uow.get(type(ticket), ticket.id)
        await commitments.retarget(
            uow, subject_of(found), await target_facts(uow, found), "looked again", uow.now,
            started=started_events(found),
        )  # fmt: skip
    assert await solar_world.due(ticket) == promised


async def test_a_guarantee_is_opened_as_it_was_signed(garden_world: World) -> None:
    signed = await sign(garden_world)
    await upgrade(garden_world, upgraded(LANDSCAPING, guarantees=with_fields(threshold="0.5")))
    command = OpenGuarantee(
        vertical="landscaping", guarantee="survival_rate", site_id=garden_world.site.id, contract_id=signed.id,
        starts_on=date(2026, 6, 10),
    )  # fmt: skip
    guarantee = await garden_world.do(open_guarantee, command, FINANCE)
    assert str(guarantee.threshold) == "0.95"


async def test_equal_terms_are_kept_once_and_read_once(solar_world: World) -> None:
    first, second = await sign(solar_world), await sign(solar_world, title="Another")
    assert first.terms_id == second.terms_id
    assert len(await solar_world.read(TermSnapshot)) == 1
    snapshots.forget()
    async with solar_world.work() as uow:
        one, other = await uow.get(ServiceContract, first.id), await uow.get(ServiceContract, second.id)
        assert terms_of(uow.scope, "solar", one) is terms_of(uow.scope, "solar", other)


async def test_signing_costs_tickets_no_statement(solar_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a contract whose terms this process has read, when it is read again, then by one statement."""
    signed = await sign(solar_world)
    async with solar_world.work() as uow:
        await uow.get(ServiceContract, signed.id)
    ran: list[str] = []
    async with solar_world.work() as uow:
        run = uow._run

        async def counted(fetch: Any, sql: str, arguments: list[Any]) -> Any:
            ran.append(sql)
            return await run(fetch, sql, arguments)

        monkeypatch.setattr(uow, "_run", counted)
        await uow.get(ServiceContract, signed.id)
    assert len(ran) == 1


def test_terms_come_back_as_they_were_kept() -> None:
    for vertical in ("solar", "software_his", "auto_4s", "landscaping"):
        terms = installed(vertical)
        stored = msgspec.json.decode(msgspec.json.encode(snapshots.written(terms)))
        assert snapshots.read(stored, terms, type(terms.settings)) == terms


def test_kept_terms_outlive_their_vertical() -> None:
    """Given settings and types that nobody knows any more, and fields that came later, then the terms still read."""
    terms = installed("solar")
    stored = snapshots.written(terms)
    stored["settings"]["forgotten"] = True
    for term in stored["warranty_terms"]:
        del term["also_covers"]
        term["no_longer_known"] = 1
    found = snapshots.read(stored, None, type(terms.settings))
    assert found.warranty_terms == terms.warranty_terms
    assert all(getattr(found, name) for name in DECLARATIONS if getattr(terms, name))


async def test_deadlines_name_the_terms_of_the_day_of_signature(solar_world: World) -> None:
    await covered(solar_world)
    await upgrade(solar_world, NEXT_SOLAR)
    ticket = await solar_world.open()
    [row] = [
        found
        for found in await solar_world.read(Commitment, ticket_id=ticket.id)
        if (found.milestone, found.party) == ("on_site", "company")
    ]
    assert row.due_at == ticket.reported_at + timedelta(hours=12)


async def test_a_failure_under_a_contract_that_ended_since_is_judged_by_it(solar_world: World) -> None:
    """Given a contract that was ended on 9 June, when a leak of before or after is decided on 10 June, then its term
    runs as it was signed, for one asset and for the fleet, and work after it is priced as it was signed."""
    signed = await covered(solar_world)
    await upgrade(solar_world, NEXT_SOLAR)
    await solar_world.do(end_contract, EndContract(contract_id=signed.id, ends_on=date(2026, 6, 9)), FINANCE)
    ticket = await solar_world.open()
    outcomes = {}
    for day in (date(2026, 6, 1), date(2026, 6, 9), date(2026, 6, 10)):
        command = DecideCoverage(ticket_id=ticket.id, component="tank", cause="product_quality", occurred_on=day)
        decision = await solar_world.do(decide_coverage, command)
        outcomes[day.day] = (decision.contract_id == signed.id, decision.last_day)
    assert set(outcomes.values()) == {(True, date(2029, 3, 1))}
    async with solar_world.work() as uow:
        question = FleetQuestion(vertical="solar", asset_type="solar_water_heater", component="tank")
        [answer] = [found async for found in decide_fleet(uow, question)]
    assert answer.verdict is not None
    assert answer.verdict.standing.last_day == date(2029, 3, 1)
    await publish_prices(solar_world)
    solar_world.clock.move_to(local("2029-03-02 09:00"))
    order = await solar_world.do(
        price_ticket, PriceTicket(ticket_id=(await solar_world.open()).id, lines=REPAIR, outcome="bill_full")
    )
    assert {line.clause for line in order.lines} == {"P09-17"}


async def test_a_fleet_is_judged_by_the_revision_of_the_day(solar_world: World) -> None:
    """Given three months from 1 July on, then the fleet of 30 June has 36 months, like the single asset."""
    signed = await covered(solar_world)
    await publish(solar_world, SHORTER)
    later = AmendContract(contract_id=signed.id, reason="price", effective_from=date(2026, 7, 1), adopt_plan=True)
    await solar_world.do(amend_contract, later, FINANCE)
    solar_world.clock.move_to(local("2026-07-02 09:00"))

    async def last_day(on: date) -> date:
        question = FleetQuestion(vertical="solar", asset_type="solar_water_heater", component="tank", on=on)
        async with solar_world.work() as uow:
            [answer] = [found async for found in decide_fleet(uow, question)]
        assert answer.verdict is not None
        return answer.verdict.standing.last_day

    for applied in (False, True):
        assert (await last_day(date(2026, 6, 30)), await last_day(date(2026, 7, 1))) == (
            date(2029, 3, 1), date(2026, 6, 1),
        )  # fmt: skip
        if not applied:
            async with solar_world.work() as uow:
                assert await begin_amendments(uow, 10) == 1
