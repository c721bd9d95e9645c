"""Contracts: what may be signed, what they promise on their own, which one counts."""

from datetime import date, timedelta
from typing import Any

import pytest

from aftersales.commitments.models import Commitment
from aftersales.contracts import service
from aftersales.contracts.commands import (
    AddContractLine,
    ContractTarget,
    EndContract,
    LineDetails,
    PublishPlan,
    SignContract,
)
from aftersales.contracts.models import ContractLine, ServiceContract
from aftersales.contracts.queries import counting
from aftersales.contracts.rules import ContractCandidate, rank_contracts
from aftersales.journal.models import Event
from aftersales.kit.errors import NotFound
from aftersales.kit.ids import new_id
from aftersales.parties import service as parties
from aftersales.parties.commands import CreateCustomer
from tests.fixtures.database import TestPlatform
from tests.support.refusals import refused
from tests.tickets.world import World, local, member, settle

FINANCE = member("finance")


def contract(world: World, **given: Any) -> SignContract:
    """A contract of the world's customer from 1 June 2026."""
    return SignContract(
        **{
            "title": "Maintenance",
            "vertical": world.asset.vertical,
            "customer_id": world.customer.id,
            "starts_on": date(2026, 6, 1),
            **given,
        }
    )


def target(**given: Any) -> ContractTarget:
    return ContractTarget(
        **{"code": "arrive", "name": "2 h", "milestone": "on_site", "amount": 2, "unit": "hour", **given}
    )


async def test_a_signed_contract_keeps_the_terms_of_its_day(solar_world: World) -> None:
    signed = await solar_world.do(
        service.sign_contract,
        contract(solar_world, ends_on=date(2027, 5, 31), lines=(LineDetails(asset_id=solar_world.asset.id),)),
        FINANCE,
    )
    [stored] = await solar_world.read(ServiceContract, id=signed.id)
    [line] = await solar_world.read(ContractLine, contract_id=signed.id)
    assert (stored.number, stored.playbook_key) == ("C-2026-000001", solar_world.scope.playbook.key)
    assert (line.asset_id, line.asset_type) == (solar_world.asset.id, None)


async def test_what_cannot_be_signed_is_refused(solar_world: World) -> None:
    other = await solar_world.do(parties.create_customer, CreateCustomer(code="O", name="Other"))
    await solar_world.do(service.sign_contract, contract(solar_world, number="K1"), FINANCE)
    line = LineDetails(asset_id=solar_world.asset.id)
    cases = [
        (contract(solar_world, vertical="auto_4s"), "VERTICAL_NOT_ENABLED", "vertical"),
        (contract(solar_world, ends_on=date(2026, 6, 1)), "PERIOD_INVERTED", "endsOn"),
        (contract(solar_world, number="K1"), "CONTRACT_NUMBER_TAKEN", "number"),
        (contract(solar_world, title=" "), "REQUIRED", "title"),
        (contract(solar_world, lines=(LineDetails(),)), "CONTRACT_LINE_INVALID", "lines.0"),
        (contract(solar_world, lines=(LineDetails(asset_type="car"),)), "ASSET_TYPE_UNKNOWN", "lines.0.assetType"),
        (contract(solar_world, customer_id=other.id, lines=(line,)), "CONTRACT_LINE_INVALID", "lines.0.assetId"),
    ]
    for command, code, field in cases:
        error = await refused(solar_world, service.sign_contract, command, FINANCE)
        assert (error.code, error.field) == (code, field)
    forbidden = await refused(solar_world, service.sign_contract, contract(solar_world), member("dispatcher"))
    assert forbidden.code == "FORBIDDEN"


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"grades": ("purple",)}, "GRADE_UNKNOWN", "targets.0.grades"),
        ({"regions": ("moon",)}, "REGION_CLASS_UNKNOWN", "targets.0.regions"),
        ({"calendar": "lunar"}, "CALENDAR_UNKNOWN", "targets.0.calendar"),
        ({"kinds": ("wish",)}, "KIND_UNKNOWN", "targets.0.kinds"),
        ({"work_types": ("magic",)}, "WORK_TYPE_UNKNOWN", "targets.0.workTypes"),
        ({"milestone": "hoped"}, "VALUE_UNKNOWN", "targets.0.milestone"),
        ({"starts_on": "someday"}, "VALUE_UNKNOWN", "targets.0.startsOn"),
        ({"unit": "fortnight"}, "VALUE_UNKNOWN", "targets.0.unit"),
        ({"unit": None}, "REQUIRED", "targets.0.unit"),
        ({"amount": 0}, "BUDGET_INVALID", "budget"),
        ({"unit": "working_hour"}, "BUDGET_NEEDS_CALENDAR", "targets.0.calendar"),
        ({"party": "neighbour"}, "VALUE_UNKNOWN", "targets.0.party"),
    ],
)
async def test_a_target_that_names_what_there_is_not_is_refused(
    hospital_world: World, given: dict[str, Any], code: str, field: str
) -> None:
    command = contract(hospital_world, targets=(target(**given),))
    error = await refused(hospital_world, service.sign_contract, command, FINANCE)
    assert (error.code, error.field) == (code, field)


async def test_two_targets_of_one_code_are_refused(hospital_world: World) -> None:
    command = contract(hospital_world, targets=(target(), target(amount=3)))
    error = await refused(hospital_world, service.sign_contract, command, FINANCE)
    assert (error.code, error.field) == ("TARGET_TWICE", "targets.1.code")


async def test_a_contracts_own_target_rules_the_tickets_under_it(solar_world: World) -> None:
    signed = await solar_world.do(
        service.sign_contract,
        contract(
            solar_world,
            lines=(LineDetails(asset_id=solar_world.asset.id),),
            targets=(target(kinds=("fault",), clause="7.2"),),
        ),
        FINANCE,
    )
    ticket = await solar_world.open()
    assert ticket.contract_id == signed.id
    arrivals = [row for row in await solar_world.read(Commitment, ticket_id=ticket.id) if row.milestone == "on_site"]
    company = next(row for row in arrivals if row.party == "company")
    assert (company.source, company.clause) == ("contract", "7.2")
    assert company.due_at == ticket.reported_at + timedelta(hours=2)


def candidate(number: str, covers: Any, starts_on: date, **given: Any) -> ContractCandidate:
    return ContractCandidate(
        **{"id": new_id(), "number": number, "covers": covers, "starts_on": starts_on, "ends_on": None, **given}
    )


def test_the_asset_beats_its_type_and_the_later_start_the_earlier() -> None:
    candidates = [
        candidate("type_new", "asset_type", date(2026, 5, 1)),
        candidate("asset_old", "asset", date(2024, 1, 1)),
        candidate("asset_new", "asset", date(2025, 1, 1)),
        candidate("over", "asset", date(2026, 1, 1), ends_on=date(2026, 5, 31)),
        candidate("ended", "asset", date(2026, 1, 1), active=False),
        candidate("future", "asset", date(2026, 6, 2)),
    ]
    ranked = rank_contracts(candidates, date(2026, 6, 1))
    assert [found.contract.number for found in ranked] == ["asset_new", "asset_old", "type_new"]
    assert [found.rank for found in ranked] == [1, 2, 3]
    assert [found.reason.en for found in ranked] == [
        "a line names the asset",
        "starts earlier than the winner",
        "names the type only, the winner the asset itself",
    ]


def test_the_last_day_of_a_contract_counts() -> None:
    contract_of_may = candidate("may", "asset", date(2026, 5, 1), ends_on=date(2026, 5, 31))
    assert len(rank_contracts([contract_of_may], date(2026, 5, 31))) == 1
    assert rank_contracts([contract_of_may], date(2026, 6, 1)) == []


async def test_the_contract_of_an_asset_is_the_one_that_tickets_come_under(solar_world: World) -> None:
    by_type = LineDetails(asset_type=solar_world.asset.asset_type)
    by_asset = LineDetails(asset_id=solar_world.asset.id)
    for number, starts_on, line in (
        ("TYPE", date(2026, 6, 5), by_type),
        ("OLD", date(2025, 1, 1), by_asset),
        ("NEW", date(2026, 1, 1), by_asset),
    ):
        await solar_world.do(
            service.sign_contract, contract(solar_world, number=number, starts_on=starts_on, lines=(line,)), FINANCE
        )
    async with solar_world.work() as uow:
        ranked = await service.explain_contract(uow, solar_world.asset.id)
        found = await service.contract_for_asset(uow, solar_world.asset.id)
        at_intake = await counting(
            uow,
            customer_id=solar_world.customer.id,
            vertical="solar",
            asset_id=solar_world.asset.id,
            asset_type=solar_world.asset.asset_type,
            today=date(2026, 6, 10),
        )
        assert await service.contract_for_asset(uow, solar_world.asset.id, date(2024, 1, 1)) is None
    assert [row.contract.number for row in ranked] == ["NEW", "OLD", "TYPE"]
    assert found is not None
    assert at_intake is not None
    assert found.id == at_intake.id
    async with solar_world.work(member("customer", customer_id=new_id())) as uow:
        with pytest.raises(NotFound):
            await service.explain_contract(uow, solar_world.asset.id)


async def test_a_line_is_added_until_the_contract_is_over(solar_world: World) -> None:
    signed = await solar_world.do(service.sign_contract, contract(solar_world), FINANCE)
    await solar_world.do(
        service.add_contract_line, AddContractLine(contract_id=signed.id, asset_id=solar_world.asset.id), FINANCE
    )
    both = AddContractLine(
        contract_id=signed.id, asset_id=solar_world.asset.id, asset_type=solar_world.asset.asset_type
    )
    assert (await refused(solar_world, service.add_contract_line, both, FINANCE)).code == "CONTRACT_LINE_INVALID"

    inverted = EndContract(contract_id=signed.id, ends_on=date(2026, 6, 1))
    assert (await refused(solar_world, service.end_contract, inverted, FINANCE)).code == "PERIOD_INVERTED"
    await solar_world.do(service.end_contract, EndContract(contract_id=signed.id, ends_on=date(2026, 6, 9)), FINANCE)
    late = AddContractLine(contract_id=signed.id, asset_type=solar_world.asset.asset_type)
    assert (await refused(solar_world, service.add_contract_line, late, FINANCE)).code == "CONTRACT_ENDED"
    async with solar_world.work() as uow:
        assert await service.contract_for_asset(uow, solar_world.asset.id) is None


@pytest.mark.clause("P08-22")
async def test_a_plan_without_a_hotline_is_not_published(platform: TestPlatform) -> None:
    world = await settle(
        platform,
        {"software_his": {"profile": "hospital"}},
        vertical="software_his",
        asset_type="hospital_information_system",
    )
    await world.do(service.publish_plan, PublishPlan(vertical="software_his"), FINANCE)
    [event] = await world.read(Event, kind="plan.published")
    assert event.data["hotline"] == "400-000-0000"

    silent = await platform.tenant({"software_his": {"profile": "hospital"}}, hotline=None)
    async with silent.work() as uow:
        silent_world = World(silent, uow.scope)
    error = await refused(silent_world, service.publish_plan, PublishPlan(vertical="software_his"), FINANCE)
    assert error.code == "HOTLINE_REQUIRED"


async def test_a_plan_of_a_vertical_that_is_not_enabled_is_not_published(solar_world: World) -> None:
    error = await refused(solar_world, service.publish_plan, PublishPlan(vertical="auto_4s"), FINANCE)
    assert error.code == "VERTICAL_NOT_ENABLED"


async def test_ending_a_contract_never_prolongs_it(solar_world: World) -> None:
    """Given a contract to 30 June, then it isn't ended for July, and one that is over isn't ended for today."""
    until_june = await solar_world.do(service.sign_contract, contract(solar_world, ends_on=date(2026, 6, 30)), FINANCE)
    later = EndContract(contract_id=until_june.id, ends_on=date(2026, 7, 1))
    error = await refused(solar_world, service.end_contract, later, FINANCE)
    assert (error.code, error.field) == ("END_BEYOND_LAST_DAY", "endsOn")
    solar_world.clock.move_to(local("2026-07-02 09:00"))
    over = await refused(solar_world, service.end_contract, EndContract(contract_id=until_june.id), FINANCE)
    assert over.code == "CONTRACT_ENDED"
