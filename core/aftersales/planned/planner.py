"""The planner: what the terms oblige to within the horizon becomes rows and deadlines, the same however often it runs.

What is wanted is computed (`rules.obligations_between`), what is stored is read, and only the difference is written.
Rules, contracts and phases may change: the future is planned anew, what was due before stays as it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from aftersales.assets.rules import start_of_day
from aftersales.calendars.rules import WorkingCalendar
from aftersales.calendars.windows import ONE_DAY
from aftersales.commitments import service as commitments
from aftersales.commitments.rules import Budget
from aftersales.commitments.service import Subject
from aftersales.contracts.models import ServiceContract
from aftersales.contracts.terms import terms_of
from aftersales.coverage.standings import starts_of
from aftersales.kit.guards import today
from aftersales.kit.ids import new_id
from aftersales.kit.jobs import PUT_ASIDE, work_off
from aftersales.planned import queries
from aftersales.planned.models import MaintenancePlan, PlannedObligation
from aftersales.planned.rules import (
    Done,
    Happened,
    Obligation,
    OwnRule,
    PlanFacts,
    Working,
    next_due,
    obligations_between,
)
from aftersales.planned.values import BY_EVENT, BY_METER, again, is_another
from aftersales.scope import TenantWork
from aftersales.terms.planned import InspectionCadence
from aftersales.terms.playbook import VerticalPlaybook

HORIZON: Final = timedelta(days=366)
"""How far ahead obligations are stored: a contract year, so that everybody sees the next of each."""
AHEAD: Final = timedelta(days=31)
"""How much further a run goes, so that a plan of daily tasks is looked at once a month and not every day."""
HEARD_DAYS: Final = timedelta(days=60)
"""How long a logged event may still make visits due."""
EXTRA: Final = "extra:"


@dataclass
class Knowledge:
    """What a batch of plans needs to know, read once for all of them."""

    rules: dict[str, tuple[OwnRule, ...]] = field(default_factory=dict)
    happened: dict[str, tuple[Happened, ...]] = field(default_factory=dict)
    assets: dict[UUID, asyncpg.Record] = field(default_factory=dict)
    contract_of: dict[UUID, UUID] = field(default_factory=dict)
    contracts: dict[UUID, ServiceContract] = field(default_factory=dict)
    contract_plans: dict[UUID, MaintenancePlan] = field(default_factory=dict)
    with_lines: frozenset[UUID] = frozenset()
    regions: dict[UUID, str | None] = field(default_factory=dict)
    done: dict[UUID, tuple[Done, ...]] = field(default_factory=dict)


def subject_of(obligation: PlannedObligation) -> Subject:
    """The obligation as the promise ledger knows it."""
    return Subject(type="planned", id=obligation.id)


async def plan_due(uow: TenantWork, limit: int) -> int:
    """Bring at most `limit` plans up to date whose time has come; how many.

    All of it is one transaction: a planner that is killed leaves its plans as they were, for the next one. A plan
    that can't be computed is put aside, and holds up no other.
    """
    plans = {plan.subject_id: plan for plan in await queries.due_plans(uow, limit)}

    def put_aside(subject_id: UUID) -> None:
        plans[subject_id].next_at = uow.now + PUT_ASIDE

    await work_off(uow, list(plans), _materialise, put_aside, what="plans")
    return len(plans)


async def _materialise(uow: TenantWork, subject_ids: Sequence[UUID]) -> None:
    await materialise(uow, await queries.plans_of(uow, list(subject_ids)))


async def materialise(uow: TenantWork, plans: Sequence[MaintenancePlan], *, horizon: timedelta = HORIZON) -> None:
    """Write what is missing in these plans up to the horizon, move what moved, withdraw what isn't owed any more."""
    present = today(uow.now, uow.scope.time_zone)
    known = await learn(uow, plans, present)
    begins = {plan.id: _first_day(uow, plan, present) for plan in plans}
    last = present + horizon + AHEAD
    under = {plan.id: known_facts(uow, plan, known) for plan in plans}
    wanted: dict[UUID, list[Obligation]] = {}
    for plan in plans:
        terms, facts = under[plan.id]
        working, first = working_days(uow, terms), begins[plan.id]
        wanted[plan.id] = [
            *obligations_between(terms, facts, first, last, is_working=working),
            *_heard(terms, facts, first, last, working),
        ]
    keys = {one.occurrence for found in wanted.values() for one in found}
    since = min(present - HEARD_DAYS, *begins.values())
    stored = await queries.stored(uow, list(begins), since, sorted(keys))
    for plan in plans:
        terms, facts = under[plan.id]
        asset = known.assets.get(plan.asset_id) if plan.asset_id is not None else None
        place = {"region": facts.region, "site_id": asset["site_id"] if asset is not None else None}
        await _reconcile(uow, plan, place, wanted[plan.id], stored.get(plan.id, []), present)
        following = next_due(terms, facts, last, is_working=working_days(uow, terms))
        plan.planned_through = last
        plan.next_at = None if following is None else _instant(uow, following - horizon)


async def learn(uow: TenantWork, plans: Sequence[MaintenancePlan], present: date) -> Knowledge:
    """Read what these plans depend on, each table once."""
    assets = [plan.asset_id for plan in plans if plan.asset_id is not None]
    known = Knowledge()
    known.contract_of = await queries.contract_of_assets(uow, assets, present) if assets else {}
    wanted = {*known.contract_of.values(), *(plan.contract_id for plan in plans if plan.contract_id is not None)}
    if wanted:
        known.contracts = await queries.contracts(uow, sorted(wanted))
        known.contract_plans = {plan.subject_id: plan for plan in await queries.plans_of(uow, sorted(wanted))}
        known.with_lines = await queries.with_lines(uow, sorted(wanted))
        known.regions = await queries.regions_of(uow, [found.customer_id for found in known.contracts.values()])
    if assets:
        known.assets = await queries.assets_of(uow, assets)
    known.rules = await own_rules(uow)
    for event in await queries.happened_since(uow, present - HEARD_DAYS):
        heard = Happened(id=str(event.id), code=event.code, on=event.happened_on, regions=tuple(event.regions))
        known.happened[event.vertical] = (*known.happened.get(event.vertical, ()), heard)
    rolling = [plan.id for plan in plans if _may_roll(uow, plan, known)]
    for record in await queries.done_of(uow, rolling) if rolling else ():
        done = Done(
            rule=record["rule"], occurrence=record["occurrence"], due_on=record["planned_on"],
            done_on=record["done_on"],
        )  # fmt: skip
        known.done[record["plan_id"]] = (*known.done.get(record["plan_id"], ()), done)
    return known


async def own_rules(uow: TenantWork) -> dict[str, tuple[OwnRule, ...]]:
    """The tenant's own cadences by vertical."""
    found: dict[str, tuple[OwnRule, ...]] = {}
    for row in await queries.own_rules(uow):
        rule = OwnRule(
            id=str(row.id), cadence=msgspec.convert(row.cadence, InspectionCadence),
            effective_from=row.effective_from, effective_until=row.effective_until,
        )  # fmt: skip
        found[row.vertical] = (*found.get(row.vertical, ()), rule)
    return found


def known_facts(uow: TenantWork, plan: MaintenancePlan, known: Knowledge) -> tuple[VerticalPlaybook, PlanFacts]:
    """The terms and the facts under which a plan is computed; a retired asset owes nothing new."""
    asset = known.assets.get(plan.asset_id) if plan.asset_id is not None else None
    contract_id = plan.contract_id or (known.contract_of.get(plan.asset_id) if plan.asset_id is not None else None)
    contract = known.contracts.get(contract_id) if contract_id is not None else None
    terms = terms_of(uow.scope, plan.vertical, contract)
    starts, entered, last_day = _contract_facts(contract, known)
    about, region = "contract", known.regions.get(plan.customer_id)
    inherited: dict[str, date] = {}
    if asset is not None:
        about, region = "asset", asset["region"]
        own = _asset_starts(asset["attributes"], asset["accepted_on"], asset["installed_on"])
        starts = {**starts, **own}
        above = _asset_starts(
            asset["parent_attributes"] or {}, asset["parent_accepted_on"], asset["parent_installed_on"]
        )
        inherited = {event: day for event, day in above.items() if event not in own}
    elif contract is not None and contract.id not in known.with_lines:
        about = "both"
    present = today(uow.now, uow.scope.time_zone)
    return terms, PlanFacts(
        starts=starts,
        entered=entered,
        last_day=last_day,
        inherited=inherited,
        retired=asset is not None and asset["state"] == "retired",
        about=about,
        asset_type=asset["asset_type"] if asset is not None else None,
        region=region,
        key=str(plan.subject_id),
        zone=uow.scope.time_zone,
        usage=asset["usage"] if asset is not None else None,
        read_on=present,
        own=known.rules.get(plan.vertical, ()),
        happened=known.happened.get(plan.vertical, ()),
        done=known.done.get(plan.id, ()),
    )


def working_days(uow: TenantWork, terms: VerticalPlaybook) -> Working | None:
    """The days on which the vertical's visits are made: its calendar of that purpose, the tenant's own first."""
    purposes = ("on_site", "working_days")
    declared = next((found for purpose in purposes for found in terms.calendars if found.purpose == purpose), None)
    if declared is None:
        return None
    return WorkingCalendar.of(uow.scope.calendars.get(declared.code, declared.definition)).is_working_day


async def store(uow: TenantWork, plan: MaintenancePlan, wanted: Obligation, **more: Any) -> PlannedObligation:
    """Write an obligation with its deadline: 24:00 of its last local day; without a day it is tracked (A05)."""
    obligation = uow.add(PlannedObligation(id=new_id(), **{**_columns(uow, plan, wanted), **more}))
    await promise(uow, obligation, wanted.cadence, fresh=True)
    return obligation


async def _put(uow: TenantWork, plan: MaintenancePlan, wanted: Obligation, place: dict[str, Any]) -> None:
    """`store` for one of very many, which nobody looks at again in this unit."""
    cadence, obligation_id = wanted.cadence, new_id()
    uow.put(PlannedObligation, id=obligation_id, **_columns(uow, plan, wanted), **place)
    begin, budget = _counted(wanted.opens_on, wanted.due_on)
    await commitments.put_fixed(
        uow, Subject(type="planned", id=obligation_id), vertical=plan.vertical, milestone=cadence.kind, budget=budget,
        clause=cadence.clause, source=cadence.source, at=start_of_day(begin, uow.scope.time_zone),
        label=cadence.label,
    )  # fmt: skip


def _columns(uow: TenantWork, plan: MaintenancePlan, wanted: Obligation) -> dict[str, Any]:
    cadence = wanted.cadence
    label = cadence.label.zh if uow.scope.language == "zh-CN" else cadence.label.en
    return {
        "plan_id": plan.id, "asset_id": plan.asset_id, "contract_id": plan.contract_id,
        "customer_id": plan.customer_id, "vertical": plan.vertical, "rule": wanted.rule,
        "occurrence": wanted.occurrence, "code": cadence.code, "kind": cadence.kind, "name": label,
        "clause": cadence.clause, "source": cadence.source, "opens_on": wanted.opens_on,
        "due_on": wanted.due_on, "planned_on": wanted.planned_on, "free": cadence.free,
        "provider": cadence.provider, "needs_authorisation": cadence.needs_authorisation,
        "departments": list(cadence.departments), "checklist": list(cadence.checklist),
        "remind_at": _remind_at(uow, cadence, wanted.due_on), "created_at": uow.now,
    }  # fmt: skip


async def promise(
    uow: TenantWork, obligation: PlannedObligation, cadence: InspectionCadence, *, fresh: bool = False
) -> None:
    """Start the obligation's deadline; `fresh` for one that had none yet."""
    begin, budget = _counted(obligation.opens_on, obligation.due_on)
    await commitments.start_fixed(
        uow, subject_of(obligation), vertical=obligation.vertical, milestone=obligation.kind, budget=budget,
        clause=obligation.clause, source=cadence.source, at=start_of_day(begin, uow.scope.time_zone),
        label=cadence.label, fresh=fresh,
    )  # fmt: skip


def _counted(opens_on: date, due_on: date | None) -> tuple[date, Budget | None]:
    """The day from which a deadline counts its days, and how many: from the day on which it opened."""
    if due_on is None:
        return opens_on, None
    begin = max(min(opens_on, due_on - ONE_DAY), due_on - timedelta(days=LONGEST_COUNT))
    return begin, Budget(amount=(due_on - begin).days, unit="calendar_day")


LONGEST_COUNT: Final = 20 * 366
"""The longest budget that a deadline may have, in days."""


async def _reconcile(
    uow: TenantWork,
    plan: MaintenancePlan,
    place: dict[str, Any],
    wanted: Sequence[Obligation],
    stored: Sequence[PlannedObligation],
    since: date,
) -> None:
    """Write the difference; what was due before `since` stays as it was, whatever the terms say now."""
    known = {(row.rule, row.occurrence): row for row in stored}
    missing: dict[tuple[str, str], Obligation] = {}
    for one in wanted:
        row = known.get((one.rule, one.occurrence))
        if row is not None and is_another(row, one, since) and not one.occurrence.startswith((BY_EVENT, BY_METER)):
            one = again(one)
        missing[one.rule, one.occurrence] = one
    for row in stored:
        now_wanted = missing.pop((row.rule, row.occurrence), None)
        if row.state == "done" or row.occurrence.startswith((BY_EVENT, BY_METER, EXTRA)):
            continue
        if now_wanted is None:
            if row.state == "open" and (row.due_on is None or row.due_on >= since):
                row.state, row.remind_at = "withdrawn", None
                await commitments.cancel(uow, subject_of(row), "planned anew", uow.now)
        elif row.state == "withdrawn" or (row.due_on != now_wanted.due_on and (row.due_on or since) >= since):
            await commitments.cancel(uow, subject_of(row), "planned anew", uow.now)
            row.opens_on, row.due_on, row.planned_on = now_wanted.opens_on, now_wanted.due_on, now_wanted.planned_on
            row.state = "open" if row.state == "withdrawn" else row.state
            row.remind_at = _remind_at(uow, now_wanted.cadence, now_wanted.due_on)
            await promise(uow, row, now_wanted.cadence)
    for one in missing.values():
        await _put(uow, plan, one, place)


def _heard(
    terms: VerticalPlaybook, facts: PlanFacts, first: date, last: date, working: Working | None
) -> list[Obligation]:
    """What logged events and readings of the last weeks make due, although their day is over."""
    eventful = facts.happened and any(cadence.on_events for cadence in _cadences(terms, facts))
    if not eventful:
        return []
    since = first - HEARD_DAYS
    return [
        one
        for one in obligations_between(terms, facts, since, first - ONE_DAY, is_working=working)
        if one.occurrence.startswith(BY_EVENT)
    ]


def _cadences(terms: VerticalPlaybook, facts: PlanFacts) -> list[InspectionCadence]:
    return [*terms.inspection_cadences, *(rule.cadence for rule in facts.own)]


def _may_roll(uow: TenantWork, plan: MaintenancePlan, known: Knowledge) -> bool:
    contract_id = plan.contract_id or (known.contract_of.get(plan.asset_id) if plan.asset_id is not None else None)
    contract = known.contracts.get(contract_id) if contract_id is not None else None
    declared = terms_of(uow.scope, plan.vertical, contract).inspection_cadences
    own = tuple(rule.cadence for rule in known.rules.get(plan.vertical, ()))
    return any(cadence.rolls_on_early_completion or cadence.shifts_on_late for cadence in (*declared, *own))


def _contract_facts(
    contract: ServiceContract | None, known: Knowledge
) -> tuple[dict[str, date], dict[str, date], date | None]:
    if contract is None:
        return {}, {}, None
    told: dict[str, str] = getattr(contract, "start_events", None) or {}
    starts = {"contract_start": contract.starts_on, **{name: date.fromisoformat(day) for name, day in told.items()}}
    plan = known.contract_plans.get(contract.id)
    entered = {phase: date.fromisoformat(day) for phase, day in (plan.entered if plan else {}).items()}
    return starts, entered, contract.ends_on


def _asset_starts(
    attributes: Mapping[str, Any], accepted_on: date | None, installed_on: date | None
) -> dict[str, date]:
    """The start events that an asset itself tells."""
    found = starts_of({**attributes, "accepted_on": accepted_on})
    if installed_on is not None:
        found["installation"] = installed_on
    for event, name in (("go_live", "went_live_on"), ("move_in", "moved_in_on")):
        if attributes.get(name):
            found[event] = date.fromisoformat(str(attributes[name]))
    return found


def _first_day(uow: TenantWork, plan: MaintenancePlan, present: date) -> date:
    """From which day on a plan is to be looked at: nothing that was due before the plan was made is owed."""
    if plan.planned_through is not None:
        return min(present, plan.planned_through + ONE_DAY)
    return today(plan.created_at, uow.scope.time_zone)


def _remind_at(uow: TenantWork, cadence: InspectionCadence, due_on: date | None) -> datetime | None:
    """What a customer does itself (P11-23, P11-28) is told on the day on which it is due."""
    return None if cadence.kind != "reminder" or due_on is None else _instant(uow, due_on)


def _instant(uow: TenantWork, day: date) -> datetime:
    return start_of_day(day, uow.scope.time_zone)
