"""What a contract states on its own: required fields, commissioning, both signatures, what it makes due."""

from datetime import date
from typing import Any

import pytest

from aftersales.commitments.models import Alarm, Commitment
from aftersales.commitments.sweeper import sweep_tenant
from aftersales.contracts import service
from aftersales.contracts.commands import AddContractLine, ApproveContractStep, CompleteContractTask, LineDetails
from aftersales.contracts.models import ContractTask, ServiceContract
from aftersales.contracts.terms import terms_of
from aftersales.coverage.commands import DecideCoverage
from aftersales.coverage.service import decide_coverage
from aftersales.journal.models import Event
from aftersales.plans.commands import TermChange
from tests.contracts.lives import FINANCE, contract, happened, named, publish, sign
from tests.support.refusals import refused
from tests.tickets.world import World, local, member


@pytest.mark.clause("P10-33")
@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "CONTRACT_FIELD_REQUIRED"),
        ({"guarantee_months": None}, "CONTRACT_FIELD_REQUIRED"),
        ({"guarantee_months": 0}, "CONTRACT_FIELD_INVALID"),
        ({"guarantee_months": 1.5}, "CONTRACT_FIELD_INVALID"),
        ({"guarantee_months": "long"}, "CONTRACT_FIELD_INVALID"),
        ({"guarantee_months": True}, "CONTRACT_FIELD_INVALID"),
        ({"guarantee_months": 12, "colour": "red"}, "CONTRACT_FIELD_UNKNOWN"),
    ],
)
async def test_a_contract_without_what_the_text_leaves_to_it_is_not_signed(
    project_world: World, fields: dict[str, Any], code: str
) -> None:
    """Given that plan 10 names no length of its guarantee (A60), then a contract without one is refused by name."""
    error = await refused(project_world, service.sign_contract, contract(project_world, fields=fields), FINANCE)
    assert error.code == code
    assert error.field in {"fields.guarantee_months", "fields.colour"}


@pytest.mark.clause("P10-33")
@pytest.mark.parametrize(("on", "outcome"), [("2028-03-01", "free"), ("2028-03-02", "bill_full")])
async def test_what_the_contract_states_is_the_term(project_world: World, on: str, outcome: str) -> None:
    """Given 24 months by contract from an acceptance on 2026-03-01, then the contract's own value decides."""
    signed = await sign(
        project_world, fields={"guarantee_months": 24}, lines=(LineDetails(asset_id=project_world.asset.id),)
    )
    await happened(project_world, signed, "go_live", date(2026, 2, 1))
    await happened(project_world, signed, "acceptance", date(2026, 3, 1))
    async with project_world.work() as uow:
        terms = terms_of(uow.scope, "software_his", await uow.get(ServiceContract, signed.id))
    assert {(term.amount, term.source) for term in terms.warranty_terms} == {(24, "contract")}
    project_world.clock.move_to(local("2028-03-03 09:00"))
    ask = DecideCoverage(
        ticket_id=(await project_world.open(contract_id=signed.id)).id, component="application",
        cause="software_fault", occurred_on=date.fromisoformat(on),
    )  # fmt: skip
    assert (await project_world.do(decide_coverage, ask)).outcome == outcome


async def test_a_stated_term_is_not_below_law_either(car_world: World) -> None:
    await publish(
        car_world,
        TermChange(
            declaration="required_fields", code="months", action="add",
            fields={"label": named("Months"), "field": "months", "of": "contract", "kind": "integer",
                    "sets": [{"declaration": "warranty_terms", "code": "whole_car", "field": "amount"}]},
        ),
        TermChange(declaration="warranty_terms", code="whole_car", fields={"amount": 36, "unit": "month"}),
    )  # fmt: skip
    await sign(car_world, fields={"months": 36})
    error = await refused(car_world, service.sign_contract, contract(car_world, fields={"months": 35}), FINANCE)
    assert (error.code, error.field) == ("TERM_BELOW_STATUTORY_FLOOR", "fields")


@pytest.mark.clause("P12-03")
async def test_a_contract_that_requires_commissioning_makes_its_tasks_due(solar_world: World) -> None:
    """Given commissioning by 2026-06-20, then install, commission and train are due that day; without it, nothing."""
    plain = await sign(solar_world)
    assert await solar_world.read(ContractTask, contract_id=plain.id) == []
    signed = await sign(solar_world, commissioning=True, commissioning_due=date(2026, 6, 20))
    tasks = await solar_world.read(ContractTask, contract_id=signed.id)
    assert [(row.task, row.due_on) for row in tasks] == [
        (task, date(2026, 6, 20)) for task in ("install", "commission", "train")
    ]
    for row in tasks:
        [promise] = await solar_world.read(Commitment, subject_id=row.id)
        assert promise.due_at == local("2026-06-21 00:00")
    solar_world.clock.move_to(local("2026-06-20 23:00"))
    done = CompleteContractTask(contract_task_id=tasks[0].id, evidence="protocol 1")
    await solar_world.do(service.complete_contract_task, done, member("engineer"))
    assert (await refused(solar_world, service.complete_contract_task, done, FINANCE)).code == "FORBIDDEN"
    assert (
        await refused(solar_world, service.complete_contract_task, done, member("engineer"))
    ).code == "TASK_NOT_OPEN"
    solar_world.clock.move_to(local("2026-06-21 00:01"))
    async with solar_world.work() as uow:
        await sweep_tenant(uow, 100)
    states = {}
    for row in tasks:
        [promise] = await solar_world.read(Commitment, subject_id=row.id)
        states[row.task] = (promise.state, promise.breached_at is not None)
    assert states == {"install": ("met", False), "commission": ("running", True), "train": ("running", True)}


@pytest.mark.clause("P12-03")
async def test_commissioning_due_today_is_due_tonight(solar_world: World) -> None:
    signed = await sign(solar_world, commissioning=True, commissioning_due=date(2026, 6, 10))
    [task, *_] = await solar_world.read(ContractTask, contract_id=signed.id)
    [promise] = await solar_world.read(Commitment, subject_id=task.id)
    assert promise.due_at == local("2026-06-11 00:00")
    for given, code in (
        ({"commissioning": True}, "COMMISSIONING_INCOMPLETE"),
        ({"commissioning_due": date(2026, 7, 1)}, "COMMISSIONING_INCOMPLETE"),
        ({"commissioning": True, "commissioning_due": date(2026, 6, 9)}, "PERIOD_INVERTED"),
    ):
        command = contract(solar_world, **given)
        assert (await refused(solar_world, service.sign_contract, command, FINANCE)).code == code


async def with_agreement(world: World, days: int | None) -> ServiceContract:
    task = {"code": "warranty_agreement", "label": named("Warranty agreement"), "clause": "P11-36", "due_days": days}
    change = TermChange(declaration="lifecycle_phases", code="free_maintenance", fields={"tasks": [task]})
    await publish(world, change)
    return await sign(world)


@pytest.mark.clause("P11-36")
@pytest.mark.parametrize(("signed_on", "alerts"), [("2026-03-31", False), (None, True)])
async def test_the_warranty_agreement_is_due_after_acceptance(
    hospital_world: World, signed_on: str | None, alerts: bool
) -> None:
    """Given acceptance on 2026-03-01 and the tenant's 30 days, then none on 2026-03-31 raises the alert."""
    hospital_world.clock.move_to(local("2026-03-01 10:00"))
    signed = await with_agreement(hospital_world, 30)
    await happened(hospital_world, signed, "acceptance", date(2026, 3, 1), hospital_world.customer_member())
    [task] = await hospital_world.read(ContractTask, contract_id=signed.id)
    assert (task.clause, task.due_on) == ("P11-36", date(2026, 3, 31))
    if signed_on is not None:
        hospital_world.clock.move_to(local(f"{signed_on} 18:00"))
        done = CompleteContractTask(contract_task_id=task.id, evidence="agreement 7")
        await hospital_world.do(service.complete_contract_task, done, member("engineer"))
    hospital_world.clock.move_to(local("2026-04-01 00:01"))
    async with hospital_world.work() as uow:
        await sweep_tenant(uow, 100)
    [promise] = await hospital_world.read(Commitment, subject_id=task.id)
    assert promise.due_at == local("2026-04-01 00:00")
    kinds = [alarm.kind for alarm in await hospital_world.read(Alarm, commitment_id=promise.id)]
    assert ("breach" in kinds) is alerts
    assert promise.state == ("running" if alerts else "met")


@pytest.mark.clause("P11-36")
async def test_without_a_limit_the_agreement_is_tracked_and_never_late(hospital_world: World) -> None:
    signed = await with_agreement(hospital_world, None)
    await happened(hospital_world, signed, "acceptance", date(2026, 3, 1), hospital_world.customer_member())
    [task] = await hospital_world.read(ContractTask, contract_id=signed.id)
    [promise] = await hospital_world.read(Commitment, subject_id=task.id)
    assert (task.due_on, promise.due_at, promise.state) == (None, None, "running")


async def test_a_contract_of_two_signatures_holds_with_the_second(solar_world: World) -> None:
    """Given an offer that the company signed, when the customer signs too, then it holds, and not before."""
    offered = await sign(solar_world, two_party=True, lines=(LineDetails(asset_id=solar_world.asset.id),))
    assert offered.state == "pending"
    assert (await solar_world.open()).contract_id is None
    line = AddContractLine(contract_id=offered.id, asset_type=solar_world.asset.asset_type)
    assert (await refused(solar_world, service.add_contract_line, line, FINANCE)).code == "CONTRACT_NOT_SIGNED"
    assert await solar_world.read(Event, kind="contract.signed") == []
    yes = ApproveContractStep(contract_id=offered.id, step="contract")
    assert (await refused(solar_world, service.approve_contract_step, yes, FINANCE)).code == "APPROVED_ALREADY"
    await solar_world.do(service.approve_contract_step, yes, solar_world.customer_member())
    assert len(await solar_world.read(Event, kind="contract.signed")) == 1
    assert (await solar_world.open()).contract_id == offered.id
    again = await refused(solar_world, service.approve_contract_step, yes, solar_world.customer_member())
    assert again.code == "CONTRACT_SIGNED_ALREADY"


async def test_two_contracts_that_nothing_ranks_are_refused(solar_world: World) -> None:
    line = (LineDetails(asset_id=solar_world.asset.id),)
    first = await sign(solar_world, lines=line)
    twin = await refused(solar_world, service.sign_contract, contract(solar_world, lines=line), FINANCE)
    assert (twin.code, twin.params["number"]) == ("CONTRACT_OVERLAPS", first.number)
    await sign(solar_world, lines=line, starts_on=date(2026, 2, 1))
