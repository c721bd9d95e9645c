"""Decisions on tickets, what contracts agree, an asset's warranties, and whole fleets, on a real database."""

import asyncio
import tracemalloc
from datetime import date
from typing import Any

import pytest

from aftersales.assets.models import Asset, AssetComponent
from aftersales.contracts import service as contracts
from aftersales.contracts.commands import LineDetails, SignContract
from aftersales.contracts.models import ServiceContract
from aftersales.coverage import service
from aftersales.coverage.commands import AgreeWarranty, DealerPromiseDetails, DecideCoverage, EvidenceDetails
from aftersales.coverage.fleet import FleetQuestion, decide_fleet, summarise_fleet
from aftersales.coverage.models import CoverageDecision
from aftersales.journal.models import Event
from aftersales.kit.errors import AftersalesError, NotFound
from aftersales.kit.ids import new_id
from aftersales.parties.models import WarrantyCard
from aftersales.tickets.commands import CancelTicket
from aftersales.tickets.models import Ticket
from aftersales.tickets.service import cancel_ticket
from tests.support.refusals import refused
from tests.tickets.world import World, local, member

FINANCE = member("finance")
ACCEPTED = date(2026, 3, 1)


async def accepted(world: World, on: date = ACCEPTED, **more: Any) -> None:
    async with world.work() as uow:
        asset = await uow.get(Asset, world.asset.id)
        asset.accepted_on = on
        for name, value in more.items():
            setattr(asset, name, value)


async def decided(world: World, ticket: Ticket, component: str = "tank", **given: Any) -> CoverageDecision:
    command = DecideCoverage(ticket_id=ticket.id, component=component, **given)
    decision: CoverageDecision = await world.do(service.decide_coverage, command)
    return decision


@pytest.mark.clause("P09-10", "P09-25")
async def test_the_tank_on_its_last_covered_day_and_the_day_after(solar_world: World) -> None:
    """Given acceptance on 2026-03-01, when it leaks on 2029-03-01 and on 2029-03-02, then free and then billable."""
    await accepted(solar_world)
    solar_world.clock.move_to(local("2029-03-03 09:00"))
    ticket = await solar_world.open()
    last = await decided(solar_world, ticket, cause="product_quality", symptoms=("leak",), occurred_on=date(2029, 3, 1))
    after = await decided(solar_world, ticket, cause="product_quality", occurred_on=date(2029, 3, 2))
    assert (last.outcome, last.remedies, last.last_day) == ("free", ["replace"], date(2029, 3, 1))
    assert (after.outcome, after.reason, after.sequence) == ("bill_full", "EXPIRED", 2)
    assert last.ends_at == local("2029-03-02 00:00")


async def test_a_cause_found_on_site_makes_a_further_decision(solar_world: World) -> None:
    """Given an open cause, when the collector turns out to be dismantled, then the history keeps both verdicts."""
    await accepted(solar_world)
    ticket = await solar_world.open()
    first = await decided(solar_world, ticket, "collector")
    again = await decided(solar_world, ticket, "collector")
    solar_world.later(days=1)
    same = await decided(solar_world, ticket, "collector", occurred_on=date(2026, 6, 10))
    second = await decided(
        solar_world, ticket, "collector", cause="dismantled_by_unauthorised_unit", occurred_on=date(2026, 6, 10),
        evidence=(EvidenceDetails(kind="photo", reference="P-1"),),
    )  # fmt: skip
    assert (first.outcome, first.provisional) == ("free", True)
    assert first.id == again.id == same.id
    assert (second.sequence, second.outcome, second.clause, second.provisional) == (2, "bill_full", "P09-23", False)
    stored = await solar_world.read(CoverageDecision, ticket_id=ticket.id)
    assert [(row.sequence, row.outcome) for row in stored] == [(1, "free"), (2, "bill_full")]
    events = [row for row in await solar_world.read(Event, ticket_id=ticket.id) if row.kind == "coverage.decided"]
    assert [row.data["previous_outcome"] for row in events] == [None, "free"]
    assert {"event_id": str(events[1].id), "kind": "coverage.decided"} in await solar_world.outbox("event")
    async with solar_world.work() as uow:
        assert [row.id for row in await service.decisions_of(uow, ticket.id)] == [second.id]
        told = await service.explain_decision(uow, second.id, "en")
    assert "the customer pays" in told.summary
    assert any("P09-23" in line for line in told.lines)
    assert (await solar_world.ticket(ticket.id)).component == "collector"


async def test_the_database_keeps_decisions_as_they_were(solar_world: World) -> None:
    await accepted(solar_world)
    decision = await decided(solar_world, await solar_world.open())
    with pytest.raises(AftersalesError):
        async with solar_world.work() as uow:
            (await uow.get(CoverageDecision, decision.id)).outcome = "reject"


async def test_the_cards_on_record_and_readings_of_the_asset_are_facts(car_world: World) -> None:
    await accepted(car_world, usage=59_000, attributes={"invoiced_on": "2026-01-01"})
    await car_world.add(WarrantyCard(id=new_id(), site_id=car_world.site.id, number="W-1", issued_on=ACCEPTED))
    ticket = await car_world.open()
    decision = await decided(car_world, ticket, "engine", cause="product_quality")
    assert (decision.outcome, decision.usage, decision.facts["evidence"]) == ("free", 59_000, ["warranty_card"])
    beyond = await decided(car_world, ticket, "engine", cause="product_quality", usage=60_001)
    assert (beyond.outcome, beyond.reason) == ("bill_full", "USAGE_EXCEEDED")


@pytest.mark.parametrize(
    ("code", "field", "given"),
    [
        ("COMPONENT_UNKNOWN", "component", {"component": "sail"}),
        ("CAUSE_UNKNOWN", "cause", {"cause": "witchcraft"}),
        ("USAGE_INVALID", "usage", {"usage": -1}),
        ("USAGE_BACKWARD", "usage", {"usage": 4}),
        ("OCCURRED_BEFORE_START", "occurredOn", {"occurred_on": date(2026, 2, 28)}),
        ("INSTANT_IN_FUTURE", "occurredOn", {"occurred_on": date(2026, 6, 11)}),
        ("VALUE_UNKNOWN", "evidence.0.kind", {"evidence": (EvidenceDetails(kind="rumour", reference="x"),)}),
        ("REQUIRED", "evidence.0.reference", {"evidence": (EvidenceDetails(kind="photo", reference=" "),)}),
        ("TOO_MANY_GIVEN", "symptoms", {"symptoms": ("leak",) * 21}),
        ("TOO_MANY_GIVEN", "evidence", {"evidence": (EvidenceDetails(kind="photo", reference="x"),) * 51}),
        ("TERM_LENGTH_INVALID", "dealerPromise.amount", {"dealer_promise": DealerPromiseDetails(amount=0, unit="day")}),
        ("VALUE_UNKNOWN", "dealerPromise.unit", {"dealer_promise": DealerPromiseDetails(amount=1, unit="age")}),
        ("VERSION_STALE", "expectedVersion", {"expected_version": 99}),
    ],
)
async def test_a_question_that_cant_be_right_writes_nothing(
    solar_world: World, code: str, field: str, given: dict[str, Any]
) -> None:
    await accepted(solar_world, usage=5)
    ticket = await solar_world.open()
    command = DecideCoverage(**{"ticket_id": ticket.id, "component": "tank", **given})
    refusal = await refused(solar_world, service.decide_coverage, command)
    assert (refusal.code, refusal.field) == (code, field)


async def test_what_the_ticket_must_have_before_a_decision(solar_world: World) -> None:
    """Given no acceptance, no asset, a ticket that is over, or a customer who asks, then nothing is decided."""
    ticket = await solar_world.open()
    ask = DecideCoverage(ticket_id=ticket.id, component="tank")
    assert (await refused(solar_world, service.decide_coverage, ask)).code == "WARRANTY_START_MISSING"
    customer = solar_world.customer_member()
    assert (await refused(solar_world, service.decide_coverage, ask, customer)).code == "FORBIDDEN"
    without = await solar_world.open(asset_id=None, vertical="solar")
    command = DecideCoverage(ticket_id=without.id, component="tank")
    assert (await refused(solar_world, service.decide_coverage, command)).code == "TICKET_WITHOUT_ASSET"
    await solar_world.do(cancel_ticket, CancelTicket(ticket_id=ticket.id, reason="a mistake"))
    assert (await refused(solar_world, service.decide_coverage, ask)).code == "TICKET_STATE_REFUSED"


async def signed(world: World, **given: Any) -> ServiceContract:
    command = SignContract(
        title="Care", vertical=world.asset.vertical, customer_id=world.customer.id, starts_on=ACCEPTED,
        lines=(LineDetails(asset_id=world.asset.id),), **given,
    )  # fmt: skip
    contract: ServiceContract = await world.do(contracts.sign_contract, command, FINANCE)
    return contract


def agreed(contract: ServiceContract, warranty_class: str, amount: int, **given: Any) -> AgreeWarranty:
    return AgreeWarranty(
        **{
            "contract_id": contract.id, "warranty_class": warranty_class, "amount": amount, "unit": "month",
            "starts_on": "acceptance", **given,
        }
    )  # fmt: skip


@pytest.mark.clause("P10-33")
async def test_the_contract_states_the_guarantee_that_the_text_leaves_open(project_world: World) -> None:
    await accepted(project_world)
    ask = DecideCoverage(ticket_id=(await project_world.open()).id, component="application", cause="software_fault")
    assert (await refused(project_world, service.decide_coverage, ask)).code == "WARRANTY_TERM_NOT_STATED"
    contract = await signed(project_world, fields={"guarantee_months": 6})
    ticket = await project_world.open(contract_id=contract.id)
    ask = DecideCoverage(ticket_id=ticket.id, component="application", cause="software_fault")
    await project_world.do(service.agree_warranty, agreed(contract, "software", 12), FINANCE)
    await project_world.do(service.agree_warranty, agreed(contract, "software", 24, clause="7.2"), FINANCE)
    decision: CoverageDecision = await project_world.do(service.decide_coverage, ask)
    assert (decision.outcome, decision.last_day, decision.contract_id) == ("free", date(2028, 3, 1), contract.id)
    assert service.verdict_of(decision).standing.clause == "7.2"
    assert [row.kind for row in await project_world.read(Event, subject_id=contract.id)].count(
        "contract.warranty_agreed"
    ) == 2  # fmt: skip


@pytest.mark.parametrize(
    ("code", "field", "warranty_class", "given"),
    [
        ("TERM_BELOW_STATUTORY_FLOOR", "amount", "whole_car", {"amount": 24}),
        ("TERM_LENGTH_INVALID", "amount", "whole_car", {"amount": 0}),
        ("WARRANTY_CLASS_UNKNOWN", "warrantyClass", "wings", {}),
        ("VALUE_UNKNOWN", "unit", "whole_car", {"unit": "age"}),
        ("VALUE_UNKNOWN", "startsOn", "whole_car", {"starts_on": "someday"}),
        ("VALUE_UNKNOWN", "endRule", "whole_car", {"end_rule": "open"}),
        ("REQUIRED", "usageUnit", "whole_car", {"usage_limit": 100_000}),
        ("REQUIRED", "usageLimit", "whole_car", {"usage_unit": "kilometre"}),
        ("USAGE_INVALID", "usageLimit", "whole_car", {"usage_limit": 0, "usage_unit": "kilometre"}),
        ("VALUE_UNKNOWN", "formalities.0", "whole_car", {"formalities": ("oath",)}),
        ("VALUE_UNKNOWN", "usageUnit", "whole_car", {"usage_limit": 1, "usage_unit": "mile"}),
        ("VERSION_STALE", "expectedVersion", "whole_car", {"expected_version": 9}),
    ],
)
async def test_a_term_that_cant_stand_isnt_agreed(
    car_world: World, code: str, field: str, warranty_class: str, given: dict[str, Any]
) -> None:
    contract = await signed(car_world)
    command = agreed(contract, warranty_class, given.pop("amount", 60), **given)
    refusal = await refused(car_world, service.agree_warranty, command, FINANCE)
    assert (refusal.code, refusal.field) == (code, field)


async def test_only_those_who_manage_contracts_agree_on_terms_and_only_while_they_run(car_world: World) -> None:
    contract = await signed(car_world)
    longer = agreed(contract, "whole_car", 60, starts_on="invoice", usage_limit=100_000, usage_unit="kilometre")
    assert (await refused(car_world, service.agree_warranty, longer)).code == "FORBIDDEN"
    await car_world.do(service.agree_warranty, longer, FINANCE)
    async with car_world.work() as uow:
        (await uow.get(ServiceContract, contract.id)).state = "ended"
    assert (await refused(car_world, service.agree_warranty, longer, FINANCE)).code == "CONTRACT_ENDED"


async def test_repairs_extend_and_replacements_restart_what_a_contract_agreed_so(solar_world: World) -> None:
    """Given a covered repair of five days and a pump replaced later, then both move the end that was agreed."""
    await accepted(solar_world)
    contract = await signed(solar_world)
    term = agreed(contract, "pipe_and_electrical", 12, extends_by_repair=True, restarts_on_replacement=True)
    await solar_world.do(service.agree_warranty, term, FINANCE)
    first = await solar_world.open()
    assert (await decided(solar_world, first, "pump", cause="product_quality")).last_day == date(2027, 3, 1)
    solar_world.later(days=5)
    async with solar_world.work() as uow:
        ticket = await uow.get(Ticket, first.id)
        ticket.state, ticket.resolved_at = "resolved", solar_world.clock.now()
    second = await solar_world.open()
    extended = await decided(solar_world, second, "pump", cause="product_quality")
    assert (extended.last_day, extended.facts["history"]["repair_days"]) == (date(2027, 3, 6), 5)
    assert (await decided(solar_world, second, "valve", cause="product_quality")).last_day == date(2027, 3, 1)
    await solar_world.add(
        AssetComponent(id=new_id(), asset_id=solar_world.asset.id, component="pump", replaced_on=date(2026, 6, 14))
    )
    restarted = await decided(solar_world, second, "pump", cause="product_quality")
    assert restarted.last_day == date(2027, 6, 19)
    same_day = await decided(solar_world, second, "pump", cause="product_quality", occurred_on=date(2026, 6, 14))
    assert same_day.last_day == date(2027, 3, 1)


async def test_a_card_that_the_contract_asks_for_is_missing_until_it_is_issued(solar_world: World) -> None:
    await accepted(solar_world)
    contract = await signed(solar_world)
    term = agreed(contract, "main_unit", 48, formalities=("warranty_card",))
    await solar_world.do(service.agree_warranty, term, FINANCE)
    ticket = await solar_world.open()
    without = await decided(solar_world, ticket, cause="product_quality")
    assert (without.outcome, without.reason, without.provisional) == ("bill_full", "FORMALITY_MISSING", True)
    await solar_world.add(WarrantyCard(id=new_id(), site_id=solar_world.site.id, number="W-1", issued_on=ACCEPTED))
    shown = await decided(solar_world, ticket, cause="product_quality")
    assert (shown.sequence, shown.outcome, shown.last_day) == (2, "free", date(2030, 3, 1))


async def test_two_who_decide_at_once_decide_one_after_the_other(solar_world: World) -> None:
    await accepted(solar_world)
    ticket = await solar_world.open()
    causes = ("product_quality", "installation", "poor_storage")
    await asyncio.gather(*(decided(solar_world, ticket, cause=code) for code in causes))
    stored = await solar_world.read(CoverageDecision, ticket_id=ticket.id)
    assert sorted(row.sequence for row in stored) == [1, 2, 3]


@pytest.mark.clause("P09-10", "P09-11")
async def test_an_asset_shows_the_last_day_of_every_part(solar_world: World) -> None:
    async with solar_world.work() as uow:
        before = await service.asset_warranties(uow, solar_world.asset.id)
    assert {found.state for found in before} == {"start_missing"}
    await accepted(solar_world)
    async with solar_world.work() as uow:
        parts = {found.component: found for found in await service.asset_warranties(uow, solar_world.asset.id)}
        later = await service.asset_warranties(uow, solar_world.asset.id, date(2028, 1, 1))
        early = await service.asset_warranties(uow, solar_world.asset.id, date(2026, 2, 1))
    tank, pump = parts["tank"].standing, parts["pump"].standing
    assert tank is not None
    assert pump is not None
    assert (tank.last_day, tank.clause, tank.source) == (date(2029, 3, 1), "P09-10", "vertical")
    assert (pump.last_day, pump.clause, pump.ends_at) == (date(2027, 3, 1), "P09-11", local("2027-03-02 00:00"))
    assert {found.component for found in later if found.state == "in_term"} == {
        "tank", "tank_insulation", "vacuum_tube", "collector", "bracket",
    }  # fmt: skip
    assert {found.state for found in early} == {"not_begun"}


async def test_a_term_that_nobody_stated_and_a_meter_that_ran_out(project_world: World, car_world: World) -> None:
    async with project_world.work() as uow:
        assert {found.state for found in await service.asset_warranties(uow, project_world.asset.id)} == {"not_stated"}
    await accepted(car_world, usage=60_001, attributes={"invoiced_on": "2026-01-01"})
    async with car_world.work() as uow:
        assert {found.state for found in await service.asset_warranties(uow, car_world.asset.id)} == {"ended"}


async def test_others_see_neither_warranties_nor_explanations(solar_world: World) -> None:
    await accepted(solar_world)
    decision = await decided(solar_world, await solar_world.open())
    async with solar_world.work(solar_world.customer_member()) as uow:
        assert len(await service.asset_warranties(uow, solar_world.asset.id)) == 11
        assert (await service.explain_decision(uow, decision.id, "zh-CN")).summary
    async with solar_world.work(member("customer", customer_id=new_id())) as uow:
        with pytest.raises(NotFound):
            await service.asset_warranties(uow, solar_world.asset.id)
        with pytest.raises(NotFound):
            await service.explain_decision(uow, decision.id, "en")


async def fleet(world: World, size: int, **more: Any) -> None:
    await world.add(
        *(
            Asset(
                **{
                    "id": new_id(), "number": f"F{number}", "name": "Heater", "vertical": world.asset.vertical,
                    "asset_type": world.asset.asset_type, "customer_id": world.customer.id, "accepted_on": ACCEPTED,
                    "created_at": world.clock.now(), **more,
                }
            )
            for number in range(size)
        )
    )  # fmt: skip


async def test_a_fleet_is_decided_like_each_of_its_assets(solar_world: World) -> None:
    """Given 2,100 heaters, one never accepted and one under a longer contract, then every one gets its own verdict."""
    await fleet(solar_world, 2_100)
    special = (await solar_world.read(Asset, number="F7"))[0]
    contract = await solar_world.do(
        contracts.sign_contract,
        SignContract(
            title="Long care", vertical="solar", customer_id=solar_world.customer.id, starts_on=ACCEPTED,
            lines=(LineDetails(asset_id=special.id),),
        ),
        FINANCE,
    )  # fmt: skip
    await solar_world.do(service.agree_warranty, agreed(contract, "pipe_and_electrical", 60), FINANCE)
    solar_world.clock.move_to(local("2027-06-01 09:00"))
    question = FleetQuestion(
        vertical="solar", asset_type="solar_water_heater", component="pump", cause="product_quality"
    )
    async with solar_world.work() as uow:
        answers = [answer async for answer in decide_fleet(uow, question)]
        counted = await summarise_fleet(uow, question)
    assert counted == {"bill_full": 2_099, "free": 1, "WARRANTY_START_MISSING": 1}
    assert [answer.asset_id for answer in answers] == sorted(answer.asset_id for answer in answers)
    assert [answer.number for answer in answers if answer.verdict and answer.verdict.covered] == ["F7"]


async def test_a_fleet_takes_no_more_memory_than_a_page_of_it(solar_world: World) -> None:
    await fleet(solar_world, 4_000)
    question = FleetQuestion(vertical="solar", asset_type="solar_water_heater", component="tank")
    async with solar_world.work() as uow:
        peaks: list[int] = []
        seen = 0
        tracemalloc.start()
        async for _ in decide_fleet(uow, question):
            seen += 1
            if seen % 1_000 == 0:
                peaks.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
    assert seen == 4_001
    assert peaks[-1] < 1.5 * peaks[1]


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("COMPONENT_UNKNOWN", {"component": "sail"}),
        ("CAUSE_UNKNOWN", {"cause": "witchcraft"}),
        ("ASSET_TYPE_UNKNOWN", {"asset_type": "boat"}),
        ("VERTICAL_NOT_ENABLED", {"vertical": "auto_4s"}),
        ("INSTANT_IN_FUTURE", {"on": date(2026, 6, 11)}),
    ],
)
async def test_a_question_about_no_fleet_is_refused(solar_world: World, code: str, given: dict[str, Any]) -> None:
    question = FleetQuestion(**{"vertical": "solar", "asset_type": "solar_water_heater", "component": "tank", **given})
    assert (await refused(solar_world, summarise_fleet, question)).code == code


async def test_customers_ask_about_no_fleet(solar_world: World) -> None:
    question = FleetQuestion(vertical="solar", asset_type="solar_water_heater", component="tank")
    refusal = await refused(solar_world, summarise_fleet, question, solar_world.customer_member())
    assert refusal.code == "FORBIDDEN"


async def test_a_part_of_a_project_takes_the_projects_days(garden_world: World) -> None:
    """Given a batch of trees without dates of its own, then the project's completion starts its upkeep."""
    await accepted(garden_world, attributes={"completed_on": "2026-03-20", "handed_over_on": "2026-04-10"})
    batch = Asset(
        id=new_id(), number="B1", name="Camphor", vertical="landscaping", asset_type="planting_batch",
        customer_id=garden_world.customer.id, parent_asset_id=garden_world.asset.id,
        created_at=garden_world.clock.now(), attributes={"species": "Cinnamomum camphora", "size": "15 cm"},
    )  # fmt: skip
    await garden_world.add(batch)
    ticket = await garden_world.open(asset_id=batch.id)
    decision = await decided(garden_world, ticket, "plant", cause="own_fault", symptoms=("dead",))
    assert (decision.outcome, decision.last_day, decision.must_match) == (
        "free", date(2028, 3, 20), ["species", "size"],
    )  # fmt: skip
    await garden_world.add(
        AssetComponent(id=new_id(), asset_id=batch.id, component="plant", replaced_on=date(2026, 6, 1))
    )
    again = await decided(garden_world, ticket, "plant", cause="own_fault", symptoms=("dead",))
    assert again.id == decision.id
