"""What happens in other rooms and changes what is planned: assets, contracts, visits, tickets."""

from collections.abc import Sequence
from datetime import date

from aftersales.assets.models import Asset
from aftersales.contracts.models import ServiceContract
from aftersales.journal import reactions
from aftersales.journal.models import Event
from aftersales.planned import queries, visits
from aftersales.planned.plans import BEGINNING, TOPIC, look_again, new_plan
from aftersales.scope import TenantWork


@reactions.after_all(
    "asset.created", "asset.updated", "asset.accepted", "asset.usage_read", "asset.arrived", "asset.retired"
)
async def plan_assets(uow: TenantWork, events: Sequence[Event]) -> None:
    """The assets' plans are looked at; an asset gets one when its vertical plans anything."""
    assets = {event.subject_id: await uow.get(Asset, event.subject_id) for event in events}
    plans = {plan.subject_id for plan in await queries.plans_of(uow, list(assets))}
    for asset in assets.values():
        if asset.id in plans:
            look_again(uow, asset.id)
        elif uow.scope.vertical(asset.vertical).inspection_cadences:
            uow.add(new_plan(uow, asset.customer_id, asset.vertical, asset_id=asset.id))
    for event in events:
        if event.kind in {"asset.updated", "asset.accepted"} and await queries.parts_of(
            uow, event.subject_id, BEGINNING, 1
        ):
            uow.enqueue(TOPIC, {"parent_id": str(event.subject_id)})


@reactions.after(
    "contract.signed", "contract.line_added", "contract.amended", "contract.renewed", "contract.phase_entered",
    "contract.event_recorded", "contract.ended",
)  # fmt: skip
async def plan_contract(uow: TenantWork, event: Event) -> None:
    """The contract's own plan is looked at, and a job looks at those of the assets that it covers."""
    contract = await uow.get(ServiceContract, event.subject_id)
    phase, on = event.data.get("phase"), event.data.get("on")
    entered: dict[str, date | str] = {}
    if event.kind == "contract.phase_entered" and isinstance(phase, str) and isinstance(on, str):
        entered = {phase: on}
    if await queries.plans_of(uow, [contract.id]):
        look_again(uow, contract.id, entered=entered)
    else:
        if not entered and contract.phase is not None:
            # A contract that is signed in a phase entered it with its first day.
            entered = {contract.phase: contract.starts_on}
        plan = uow.add(new_plan(uow, contract.customer_id, contract.vertical, contract_id=contract.id))
        plan.entered = {code: str(day) for code, day in entered.items()}
    uow.enqueue(TOPIC, {"contract_id": str(contract.id)})


@reactions.after("visit.planned")
async def visit_planned(uow: TenantWork, event: Event) -> None:
    """A planned visit has to be made by whom the terms name; what it is for has a visit now."""
    if event.ticket_id is not None:
        await visits.check_provider(uow, event.ticket_id, event.subject_id)
        await visits.visit_planned(uow, event.ticket_id)


@reactions.after("visit.done")
async def visit_done(uow: TenantWork, event: Event) -> None:
    """A visit that was made proves what it was for."""
    if event.ticket_id is not None:
        await visits.visit_done(uow, event.ticket_id, event.subject_id)


@reactions.after("visit.cancelled", "visit.missed", "visit.refused")
async def visit_lost(uow: TenantWork, event: Event) -> None:
    """A visit that wasn't made leaves everything owed."""
    if event.ticket_id is not None:
        await visits.visit_lost(uow, event.ticket_id, event.subject_id, event.kind)


@reactions.after("ticket.cancelled")
async def ticket_cancelled(uow: TenantWork, event: Event) -> None:
    """What a cancelled ticket was for is owed without it."""
    await visits.ticket_cancelled(uow, event.subject_id)
