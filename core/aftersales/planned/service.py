"""What the planned room does; each function takes a unit of work and one command, and never commits."""

from datetime import date, timedelta
from typing import Any, Final, get_args
from uuid import UUID

import msgspec

from aftersales.access import require
from aftersales.assets.models import Asset
from aftersales.contracts.models import ServiceContract
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import happened_on, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, CODE_LIMIT, NAME_LIMIT, clean_text
from aftersales.parties.models import Customer
from aftersales.parties.regions import check_regions
from aftersales.planned import queries
from aftersales.planned.commands import (
    EndMaintenanceRule,
    LogOccurrence,
    PlanExtraVisit,
    SetMaintenanceRule,
)
from aftersales.planned.keeping import bounded, codes, fulfil_obligation, note, record_present
from aftersales.planned.models import LoggedOccurrence, MaintenancePlan, MaintenanceRule, PlannedObligation
from aftersales.planned.planner import EXTRA, HEARD_DAYS, known_facts, learn, store, working_days
from aftersales.planned.plans import TOPIC
from aftersales.planned.proposals import propose_visits
from aftersales.planned.recurrence import with_known_regions
from aftersales.planned.rules import Obligation, free_left, obligations_between, rules_in_force
from aftersales.planned.values import again, is_another
from aftersales.planned.visits import schedule_visit
from aftersales.scope import TenantWork
from aftersales.terms.base import Label
from aftersales.terms.cadences import check_cadence
from aftersales.terms.planned import CadenceAnchor, InspectionCadence, MeterInterval
from aftersales.terms.playbook import VerticalPlaybook

__all__ = [
    "end_maintenance_rule",
    "fulfil_obligation",
    "log_occurrence",
    "plan_extra_visit",
    "planned_between",
    "propose_visits",
    "record_present",
    "schedule_visit",
    "set_maintenance_rule",
]

LONGEST_LOOK: Final = timedelta(days=10 * 366)
MOST_PLANS: Final = 100
MOST_VISITS: Final = 5_000
"""What is told at once: a plan of daily tasks over ten years, and not a hundred of them."""
ANCHORS: Final = tuple(anchor for part in get_args(CadenceAnchor) for anchor in get_args(part))


async def set_maintenance_rule(uow: TenantWork, command: SetMaintenanceRule) -> MaintenanceRule:
    """Set a cadence of the tenant's own from a day on; plans under the vertical are made anew from then.

    VERTICAL_NOT_ENABLED, CADENCE_NEVER, CADENCE_ALWAYS, CADENCE_INCOMPLETE, SEASON_INVERTED, SEASON_DAY_INVALID,
    SAMPLE_SHARE_INVALID, PERIOD_INVERTED, PERIOD_PAST for a first day that is over, MAINTENANCE_RULE_OVERLAPS.
    """
    require(uow.actor, "plan.manage")
    terms = uow.scope.enabled(command.vertical)
    cadence = _cadence(terms, command)
    check_cadence(cadence)
    present = today(uow.now, uow.scope.time_zone)
    if command.effective_from < present:
        raise InvalidInput("PERIOD_PAST", field="effectiveFrom")
    if command.effective_until is not None and command.effective_until < command.effective_from:
        raise InvalidInput("PERIOD_INVERTED", field="effectiveUntil")
    for earlier in await queries.rules_of(uow, command.vertical, cadence.code):
        if earlier.effective_until is not None and earlier.effective_until < command.effective_from:
            continue
        if earlier.effective_from >= command.effective_from:
            raise StateRefused("MAINTENANCE_RULE_OVERLAPS", field="effectiveFrom", day=earlier.effective_from)
        earlier.effective_until = command.effective_from - timedelta(days=1)
    rule = uow.add(
        MaintenanceRule(
            id=new_id(),
            vertical=command.vertical,
            code=cadence.code,
            name=cadence.label.zh,
            cadence=msgspec.to_builtins(cadence, enc_hook=str),
            effective_from=command.effective_from,
            effective_until=command.effective_until,
            created_at=uow.now,
        )
    )
    uow.enqueue(TOPIC, {"vertical": command.vertical})
    told = {"code": rule.code, "from": command.effective_from}
    await _note(uow, "maintenance_rule.set", rule.id, "maintenance_rule", told)
    return rule


async def end_maintenance_rule(uow: TenantWork, command: EndMaintenanceRule) -> MaintenanceRule:
    """End a rule of the tenant's own; the vertical's counts again. PERIOD_INVERTED before its first day."""
    require(uow.actor, "plan.manage")
    rule = await locked(uow, MaintenanceRule, command.maintenance_rule_id, command.expected_version)
    present = today(uow.now, uow.scope.time_zone)
    last_day = command.effective_until or max(present - timedelta(days=1), rule.effective_from)
    if last_day < rule.effective_from:
        raise InvalidInput("PERIOD_INVERTED", field="effectiveUntil")
    rule.effective_until = last_day
    uow.enqueue(TOPIC, {"vertical": rule.vertical})
    await _note(uow, "maintenance_rule.ended", rule.id, "maintenance_rule", {"code": rule.code, "until": last_day})
    return rule


async def log_occurrence(uow: TenantWork, command: LogOccurrence) -> LoggedOccurrence:
    """Log what makes visits due, such as hail; every plan in its regions gets them (P11-37).

    OCCURRENCE_UNKNOWN unless a cadence waits for it, REGION_UNKNOWN, INSTANT_IN_FUTURE, PERIOD_PAST when it was too
    long ago to send anybody.
    """
    require(uow.actor, "plan.manage")
    terms = uow.scope.enabled(command.vertical)
    own = [msgspec.convert(rule.cadence, InspectionCadence) for rule in await queries.own_rules(uow)
           if rule.vertical == command.vertical]  # fmt: skip
    waiting = sorted({code for cadence in (*terms.inspection_cadences, *own) for code in cadence.on_events})
    if command.code not in waiting:
        known = ", ".join(waiting)
        raise InvalidInput("OCCURRENCE_UNKNOWN", field="code", value=command.code, known=known)
    day = happened_on(uow.now, uow.scope.time_zone, command.happened_on, "happenedOn")
    if day < today(uow.now, uow.scope.time_zone) - HEARD_DAYS:
        raise InvalidInput("PERIOD_PAST", field="happenedOn")
    regions = check_regions(bounded(command.regions, "regions"))
    event = uow.add(
        LoggedOccurrence(
            id=new_id(),
            vertical=command.vertical,
            code=command.code,
            regions=regions,
            happened_on=day,
            description=clean_text(command.description, "description", BODY_LIMIT, required=True),
            actor=uow.actor.label,
            logged_at=uow.now,
        )
    )
    uow.enqueue(TOPIC, {"vertical": command.vertical})
    await _note(uow, "occurrence.logged", event.id, "occurrence", {"code": event.code, "regions": event.regions})
    return event


async def plan_extra_visit(uow: TenantWork, command: PlanExtraVisit) -> PlannedObligation:
    """Plan one more than promised. It is free only while its period has free ones left (P01-19: a third isn't), and
    not behind the term that promises them (P09-20, A52).

    CADENCE_UNKNOWN, PERIOD_PAST, PLAN_MISSING for an asset that isn't planned.
    """
    require(uow.actor, "plan.manage")
    await uow.get(Asset, command.asset_id)
    if command.due_on < today(uow.now, uow.scope.time_zone):
        raise InvalidInput("PERIOD_PAST", field="dueOn")
    found = await queries.plans_of(uow, [command.asset_id])
    if not found:
        raise StateRefused("PLAN_MISSING", field="assetId")
    plan = await locked(uow, MaintenancePlan, found[0].id)
    known = await learn(uow, [plan], today(uow.now, uow.scope.time_zone))
    terms, facts = known_facts(uow, plan, known)
    cadences = {cadence.code: (rule, cadence) for rule, cadence, stretch in rules_in_force(terms, facts)
                if stretch.first <= command.due_on <= stretch.last}  # fmt: skip
    if command.code not in cadences:
        raise InvalidInput("CADENCE_UNKNOWN", field="code", value=command.code, known=", ".join(sorted(cadences)))
    rule, cadence = cadences[command.code]
    others = [row for row in await queries.of_rule(uow, plan.id, cadence.code) if row.due_on is not None]
    year = timedelta(days=366)
    promised = obligations_between(terms, facts, command.due_on - year, command.due_on + year)
    days = {(one.rule, one.occurrence): one.due_on for one in promised if one.rule == rule and one.due_on is not None}
    days |= {(row.rule, row.occurrence): row.due_on for row in others if row.free and row.due_on is not None}
    left = free_left(terms, facts, cadence, command.due_on, days.values())
    number = sum(row.occurrence.startswith(EXTRA) for row in others) + 1
    wanted = Obligation(
        rule=rule, occurrence=f"{EXTRA}{number:04d}", cadence=cadence,
        opens_on=today(uow.now, uow.scope.time_zone), due_on=command.due_on, planned_on=command.due_on,
    )  # fmt: skip
    asset = known.assets[command.asset_id]
    free = cadence.free and (left is None or left > 0)
    extra = await store(uow, plan, wanted, free=free, region=facts.region, site_id=asset["site_id"])
    await note(uow, "planned.extra", extra, {"free": free, "due_on": command.due_on})
    return extra


async def planned_between(
    uow: TenantWork, first: date, last: date, *, asset_id: UUID | None = None, contract_id: UUID | None = None,
    customer_id: UUID | None = None,
) -> list[tuple[MaintenancePlan, Obligation, PlannedObligation | None]]:  # fmt: skip
    """What falls due between two days, stored or only computed yet: the horizon is no limit to an answer.

    Of one asset, one contract, or all of a customer (at most 100 plans). NOT_FOUND for another customer's,
    PERIOD_INVERTED, PERIOD_TOO_LONG beyond ten years, PERIOD_TOO_FULL, REQUIRED without a subject.
    """
    if last < first:
        raise InvalidInput("PERIOD_INVERTED", field="to")
    if last - first > LONGEST_LOOK:
        raise InvalidInput("PERIOD_TOO_LONG", field="to", days=LONGEST_LOOK.days)
    plans = await _plans_seen(uow, asset_id, contract_id, customer_id)
    if not plans:
        return []
    present = today(uow.now, uow.scope.time_zone)
    known = await learn(uow, plans, present)
    kept = {(row.plan_id, row.rule, row.occurrence): row
            for row in await queries.between(uow, [plan.id for plan in plans], first, last)
            if row.state != "withdrawn"}  # fmt: skip
    found: list[tuple[MaintenancePlan, Obligation, PlannedObligation | None]] = []
    for plan in plans:
        terms, facts = known_facts(uow, plan, known)
        cadences = {rule: cadence for rule, cadence, _ in rules_in_force(terms, facts)}
        for one in obligations_between(terms, facts, first, last, is_working=working_days(uow, terms)):
            if one.due_on is None:
                continue
            key, other = (plan.id, one.rule, one.occurrence), (plan.id, one.rule, again(one).occurrence)
            if key in kept and not is_another(kept[key], one, present):
                found.append((plan, one, kept.pop(key)))
            elif other in kept:
                found.append((plan, one, kept.pop(other)))
            elif one.due_on >= present or plan.planned_through is None:
                # What is over is what is stored of it, whatever the terms say now.
                found.append((plan, one, None))
        for key in [key for key in kept if key[0] == plan.id]:
            row = kept.pop(key)
            cadence = cadences.get(row.rule)
            if cadence is not None:
                stored = Obligation(
                    rule=row.rule, occurrence=row.occurrence, cadence=cadence, opens_on=row.opens_on,
                    due_on=row.due_on, planned_on=row.planned_on,
                )  # fmt: skip
                found.append((plan, stored, row))
        if len(found) > MOST_VISITS:
            raise InvalidInput("PERIOD_TOO_FULL", field="to", limit=MOST_VISITS)
    return sorted(found, key=lambda one: (one[1].due_on or last, one[1].rule, one[0].id))


async def _plans_seen(
    uow: TenantWork, asset_id: UUID | None, contract_id: UUID | None, customer_id: UUID | None
) -> list[MaintenancePlan]:
    """The plans that the caller asks about and may see: customers their own, dealers none."""
    asked: list[tuple[Any, UUID]] = [
        (entity, one) for entity, one in ((Asset, asset_id), (ServiceContract, contract_id)) if one is not None
    ]
    for entity, one in asked:
        thing = await uow.get(entity, one)
        if uow.actor.dealer_id is not None or uow.actor.customer_id not in {None, thing.customer_id}:
            raise NotFound("NOT_FOUND", thing=entity.__name__)
    if asked:
        return await queries.plans_of(uow, [one for _, one in asked])
    whose = customer_id or uow.actor.customer_id
    if whose is None:
        raise InvalidInput("REQUIRED", field="assetId", field_name="assetId")
    if uow.actor.dealer_id is not None or uow.actor.customer_id not in {None, whose}:
        raise NotFound("NOT_FOUND", thing="Customer")
    await uow.get(Customer, whose)
    return await queries.plans_of_customer(uow, whose, MOST_PLANS)


def _cadence(terms: VerticalPlaybook, command: SetMaintenanceRule) -> InspectionCadence:
    """The vertical's cadence of that code with the tenant's values, or one of the tenant's own."""
    code = clean_text(command.code, "code", CODE_LIMIT, required=True)
    base = next((found for found in terms.inspection_cadences if found.code == code), None)
    name = clean_text(command.name, "name", NAME_LIMIT)
    if base is None:
        for field, value in (("name", name or None), ("kind", command.kind), ("anchor", command.anchor)):
            if value is None:
                raise InvalidInput("REQUIRED", field=field, field_name=field)
    if command.anchor is not None and command.anchor not in ANCHORS:
        known = ", ".join(ANCHORS)
        raise InvalidInput("VALUE_UNKNOWN", field="anchor", field_name="anchor", value=command.anchor, known=known)
    if (command.meter_every is None) != (command.meter_unit is None):
        raise InvalidInput("CADENCE_INCOMPLETE", field="meterUnit", cadence=code)
    given: dict[str, Any] = {
        "kind": command.kind, "per": command.per, "anchor": command.anchor, "free": command.free,
        "provider": command.provider, "sample_share": command.sample_share, "holiday_shift": command.holiday_shift,
        "rolls_on_early_completion": command.rolls_on_early_completion, "shifts_on_late": command.shifts_on_late,
        "departments": codes(command.departments, "departments") or None,
        "checklist": codes(command.checklist, "checklist") or None,
        "on_events": codes(command.on_events, "onEvents") or None,
        "meter": MeterInterval(every=command.meter_every, unit=command.meter_unit)
        if command.meter_every is not None and command.meter_unit is not None else None,
    }  # fmt: skip
    values = {field: value for field, value in given.items() if value is not None}
    if command.seasons:
        seasons = with_known_regions(bounded(command.seasons, "seasons"), "seasons")
        values |= {"months": (), "seasons": seasons}
    if command.count is not None or command.every is not None:
        values |= {"count": command.count, "every": command.every, "unit": command.unit, "every_days": None}
    label = Label(name, name) if name else base.label if base is not None else Label(code, code)
    if base is not None:
        return msgspec.structs.replace(base, source="tenant", label=label, **values)
    blank: dict[str, Any] = {"count": None, "per": "contract_year", "free": True}
    return InspectionCadence(code=code, label=label, source="tenant", **(blank | values))


async def _note(uow: TenantWork, kind: str, subject_id: UUID, subject_type: str, data: dict[str, Any]) -> None:
    await journal.record(uow, kind, subject_type=subject_type, subject_id=subject_id, data=data)
