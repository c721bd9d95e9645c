"""A contract's life before it is signed: every date and promise, and what another plan would make of it."""

from datetime import date
from decimal import Decimal
from typing import Any

import strawberry

from aftersales.kit.errors import Language
from aftersales.plans.models import ServicePlan as PlanRow
from aftersales.simulation import service, values
from aftersales.simulation.commands import SimulateContract
from aftersales_graphql.language import told
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Ref
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.machine.structs import input_type, to_struct
from aftersales_graphql.rooms.commands import ID_TYPES
from aftersales_graphql.rooms.contracts import ServicePlan

SimulateContractInput = input_type(SimulateContract)


@strawberry.type(description="Something that a contract would have on a day.")
class SimulatedDate:
    on: date = strawberry.field(description="The first, the due or the last day, after `moment`.")
    kind: str = strawberry.field(
        description="contract, phase, step, warranty, guarantee, deliverable, task, training, customer_duty, planned "
        "(visits and tasks of a cadence) or revisit."
    )
    moment: str = strawberry.field(description="begins, due or ends.")
    code: str
    name: str = strawberry.field(description="In the caller's language.")
    clause: str | None
    source: str = strawberry.field(description="vertical, tenant, contract, statute or default.")
    first_day: date | None
    last_day: date | None = strawberry.field(description="It lasts, or may be done, to the end of this day.")
    free: bool | None = strawberry.field(description="Null where the text says nothing of a price.")
    asset_type: str | None
    count: int = strawberry.field(description="For how many assets it is owed.")
    share: Decimal | None = strawberry.field(description="The part of them that is enough.")
    law: str | None = strawberry.field(description="The law that gives more than what was promised.")
    usage_limit: int | None = strawberry.field(description="The reading that ends it if it comes first.")
    usage_unit: str | None


@strawberry.type(description="Something that a contract would promise and that has no day.")
class StandingPromise:
    kind: str = strawberry.field(description="Like that of a date; `response` follows from a ticket.")
    code: str
    name: str = strawberry.field(description="In the caller's language.")
    text: str = strawberry.field(description="The promise as a sentence, in the caller's language.")
    clause: str | None
    source: str
    free: bool | None
    waits_for: str | None = strawberry.field(
        description="The event, or the contract's field, that it waits for; null: the text gives no number."
    )


@strawberry.type(description="What the contract must still state.")
class MissingField:
    field: str
    name: str = strawberry.field(description="In the caller's language.")
    clause: str | None
    kind: str
    stated: str = strawberry.field(description="signing: without it nobody signs; event: a day that is noted later.")


@strawberry.type(description="What is otherwise than under the other plan: a date or a standing promise.")
class SimulatedChange:
    change: str = strawberry.field(description="appears, disappears, moves or changes.")
    date_before: SimulatedDate | None
    date_after: SimulatedDate | None
    promise_before: StandingPromise | None
    promise_after: StandingPromise | None


@strawberry.type(description="A contract's life before it is signed. Nothing of it is stored.")
class SimulatedContract:
    vertical: str
    plan: ServicePlan | None = strawberry.field(description="Null: the vertical's own terms.")
    dates: list[SimulatedDate]
    promises: list[StandingPromise]
    missing: list[MissingField]
    until: date = strawberry.field(description="How far what repeats is listed.")
    complete: bool = strawberry.field(description="False when there was too much to list as far as asked.")
    compared_with: ServicePlan | None
    changes: list[SimulatedChange]


@query()
async def simulate_contract(call: Call, input: SimulateContractInput) -> SimulatedContract:  # type: ignore[valid-type]
    """What a contract would come to over its life, before it is signed, and what a change of plan would change."""
    found = await service.simulate_contract(call.uow, to_struct(input, SimulateContract, ID_TYPES))
    language = call.language
    return SimulatedContract(
        vertical=found.vertical,
        plan=_plan(found.plan),
        dates=[_date(one, language) for one in found.simulation.dates],
        promises=[_promise(one, language) for one in found.simulation.promises],
        missing=[
            MissingField(
                field=one.field, name=told(one.label, language), clause=one.clause, kind=one.kind, stated=one.stated
            )
            for one in found.simulation.missing
        ],
        until=found.simulation.until,
        complete=found.simulation.complete,
        compared_with=_plan(found.compared_with),
        changes=[
            SimulatedChange(
                change=one.change,
                date_before=_date(one.date_before, language) if one.date_before else None,
                date_after=_date(one.date_after, language) if one.date_after else None,
                promise_before=_promise(one.promise_before, language) if one.promise_before else None,
                promise_after=_promise(one.promise_after, language) if one.promise_after else None,
            )
            for one in found.changes
        ],
    )


def _plan(plan: PlanRow | None) -> Any:
    return None if plan is None else Ref(ServicePlan, plan.id)


def _date(one: values.SimulatedDate, language: Language) -> SimulatedDate:
    limit = one.usage_limit
    return SimulatedDate(
        on=one.on, kind=one.kind, moment=one.moment, code=one.code, name=told(one.label, language),
        clause=one.clause, source=one.source, first_day=one.first_day, last_day=one.last_day, free=one.free,
        asset_type=one.asset_type, count=one.count, share=one.share,
        law=None if one.law is None else told(one.law, language),
        usage_limit=None if limit is None else limit.amount, usage_unit=None if limit is None else limit.unit,
    )  # fmt: skip


def _promise(one: values.StandingPromise, language: Language) -> StandingPromise:
    return StandingPromise(
        kind=one.kind, code=one.code, name=told(one.label, language), text=told(one.words, language),
        clause=one.clause, source=one.source, free=one.free, waits_for=one.waits_for,
    )  # fmt: skip


@root
class SimulationQueries:
    simulate_contract = simulate_contract
