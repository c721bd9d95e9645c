"""Contracts under terms of plans whose industry nobody built: the tenant's own plan declares them."""

from datetime import date
from typing import Any

from aftersales.contracts import service
from aftersales.contracts.commands import ApproveContractStep, EnterPhase, RecordContractEvent, SignContract
from aftersales.contracts.models import ServiceContract
from aftersales.kit.actor import Actor
from aftersales.plans import service as plans
from aftersales.plans.commands import DraftServicePlan, PublishServicePlan, TermChange
from aftersales.plans.models import ServicePlan
from tests.tickets.world import World, member

FINANCE = member("finance")


def named(text: str) -> dict[str, str]:
    return {"zh": f"{text}(中)", "en": text}


def phase(code: str, order: int, entered_on: str, clause: str, **given: Any) -> TermChange:
    fields = {"label": named(code), "order": order, "entered_on": entered_on, "billable": False, **given}
    return TermChange(declaration="lifecycle_phases", code=code, action="add", fields=fields, clause=clause)


def without(world: World, declaration: str) -> list[TermChange]:
    """Leave out all that the vertical says in a declaration."""
    terms = world.scope.vertical(world.asset.vertical)
    return [
        TermChange(declaration=declaration, code=term.code, action="withdraw") for term in getattr(terms, declaration)
    ]


ADVICE = {"code": "final_acceptance_advice", "label": named("Final acceptance advice"), "clause": "P03-05",
          "visit": True}  # fmt: skip
DISPLAY = (
    phase("installation", 1, "contract_signed", "P03-01"),
    phase(
        "trial_run", 2, "preliminary_acceptance", "P03-01",
        steps=[
            {"event": "trial_run_complete", "label": named("Trial run complete"), "clause": "P03-07",
             "customer_signs": True, "tasks": [ADVICE]},
            {"event": "final_test", "label": named("Final test"), "clause": "P03-06",
             "approved_by": ["company", "customer"]},
        ],
    ),
    phase("free_maintenance", 3, "acceptance", "P03-07", customer_signs=True),
    phase("after_free", 4, "warranty_ended", "P03-01", billable=True),
)  # fmt: skip
"""The life of plans 3 and 13: four phases, a visit when the trial run is over, a test plan of both parties."""


async def publish(world: World, *changes: TermChange, **given: Any) -> ServicePlan:
    drafted = await world.do(
        plans.draft_service_plan,
        DraftServicePlan(vertical=world.asset.vertical, name="Own", changes=tuple(changes)),
        FINANCE,
    )
    published: ServicePlan = await world.do(
        plans.publish_service_plan, PublishServicePlan(service_plan_id=drafted.id, **given), FINANCE
    )
    return published


def contract(world: World, **given: Any) -> SignContract:
    return SignContract(
        **{
            "title": "Care", "vertical": world.asset.vertical, "customer_id": world.customer.id,
            "starts_on": date(2026, 1, 1), **given,
        }
    )  # fmt: skip


async def sign(world: World, **given: Any) -> ServiceContract:
    signed: ServiceContract = await world.do(service.sign_contract, contract(world, **given), FINANCE)
    return signed


async def display(world: World, **given: Any) -> ServiceContract:
    """A contract with the life of plan 3."""
    await publish(world, *without(world, "lifecycle_phases"), *DISPLAY)
    return await sign(world, **given)


async def happened(
    world: World, signed: ServiceContract, event: str, on: date | None = None, actor: Actor = FINANCE
) -> ServiceContract:
    command = RecordContractEvent(contract_id=signed.id, event=event, on=on)
    found: ServiceContract = await world.do(service.record_contract_event, command, actor)
    return found


def entering(signed: ServiceContract, code: str, on: date | None = None) -> EnterPhase:
    return EnterPhase(contract_id=signed.id, phase=code, on=on)


def approval(signed: ServiceContract, step: str = "final_test") -> ApproveContractStep:
    return ApproveContractStep(contract_id=signed.id, step=step)


async def stored(world: World, signed: ServiceContract) -> ServiceContract:
    [found] = await world.read(ServiceContract, id=signed.id)
    return found
