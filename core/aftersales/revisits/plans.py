"""Revisit plans: rules in force, their seasons and periods, and whom each concerns."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from aftersales.access import require
from aftersales.assets.rules import months_after, start_of_day
from aftersales.contracts.models import ServiceContract
from aftersales.contracts.terms import terms_of
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.kit.jobs import PUT_ASIDE, work_off
from aftersales.kit.text import BODY_LIMIT, CODE_LIMIT, NAME_LIMIT, clean_text
from aftersales.parties import queries as parties
from aftersales.parties.models import Customer, Site
from aftersales.parties.regions import check_region
from aftersales.planned.recurrence import season_on, with_known_regions
from aftersales.revisits import queries, rules
from aftersales.revisits.care import require_care_plan
from aftersales.revisits.commands import EndRevisitPlan, OpenRevisitPlan, OwnRevisitRule
from aftersales.revisits.models import RevisitPlan
from aftersales.revisits.owing import drop, ensure_cadence, local_today, owe, rule_of, stored
from aftersales.scope import TenantWork
from aftersales.terms.base import Label
from aftersales.terms.planned import RevisitRule

FAN_OUT: Final = "revisits.fan_out"
AT_ONCE: Final = 200
LIST_LIMIT: Final = 100
_LISTS: Final = ("channels", "dimensions", "regions", "seasons", "events", "topics", "check_items", "participants",
                 "copies_to")  # fmt: skip


async def open_revisit_plan(uow: TenantWork, command: OpenRevisitPlan) -> RevisitPlan:
    """Put a rule into force: whom it concerns now is enrolled by a job, what it opens later by a round.

    VERTICAL_NOT_ENABLED, REVISIT_RULE_NOT_DECLARED, REVISIT_RULE_INVALID, SEASON_INVERTED, SEASON_DAY_INVALID,
    REVISIT_CHANNEL_UNKNOWN, REGION_UNKNOWN, REVISIT_PLAN_EXISTS, REQUIRED without a code or a rule of one's own.
    """
    require(uow.actor, "revisit.plan")
    terms = uow.scope.enabled(command.vertical)
    if (command.rule is None) == (command.own is None):
        raise InvalidInput("REQUIRED", field="rule", field_name="rule")
    rule = _own(command.own) if command.own else declared(terms.revisit_rules, command.rule or "")
    if command.months is not None:
        rule = msgspec.structs.replace(rule, months=command.months, source="tenant")
    rules.check_rule(rule, "own" if command.own else "rule")
    present = local_today(uow)
    plan = uow.add(
        RevisitPlan(
            id=new_id(),
            vertical=command.vertical,
            code=rule.code,
            name=rule.label.zh if uow.scope.language == "zh-CN" else rule.label.en,
            trigger=rule.trigger,
            terms=stored(rule),
            clause=rule.clause,
            source=rule.source,
            starts_on=command.starts_on or present,
            next_at=None,
            created_at=uow.now,
        )
    )
    if rule.trigger in {"area", "season", "care_plan"}:
        plan.next_at = start_of_day(plan.starts_on, uow.scope.time_zone)
    elif rule.trigger in {*rules.CADENCES, "flag"}:
        uow.enqueue(FAN_OUT, {"plan_id": str(plan.id), "after": ""})
    await _note(uow, "revisit_plan.opened", plan, {"trigger": plan.trigger, "months": rule.months})
    return plan


async def end_revisit_plan(uow: TenantWork, command: EndRevisitPlan) -> RevisitPlan:
    """End a plan; what is open under it is cancelled. REVISIT_PLAN_ENDED for one that has ended."""
    require(uow.actor, "revisit.plan")
    plan = await locked(uow, RevisitPlan, command.revisit_plan_id, command.expected_version)
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    if plan.state != "active":
        raise StateRefused("REVISIT_PLAN_ENDED", field="revisitPlanId")
    plan.state, plan.next_at = "ended", None
    uow.enqueue("revisits.withdraw", {"plan_id": str(plan.id), "reason": reason})
    await _note(uow, "revisit_plan.ended", plan, {"reason": reason})
    return plan


async def withdraw(uow: TenantWork, plan_id: UUID, reason: str) -> None:
    """Cancel what is open under an ended plan, so many at once; whoever has another cadence is owed that one."""
    found = await queries.open_of_plan(uow, plan_id, AT_ONCE)
    for revisit in found:
        await drop(uow, revisit, reason)
    await uow.flush()
    for customer_id in dict.fromkeys(row.customer_id for row in found if row.trigger in rules.CADENCES):
        if customer_id is not None:
            await ensure_cadence(uow, customer_id)
    if len(found) == AT_ONCE:
        uow.enqueue("revisits.withdraw", {"plan_id": str(plan_id), "reason": reason})


def declared(known: tuple[RevisitRule, ...], code: str) -> RevisitRule:
    """The rule of that code; REVISIT_RULE_NOT_DECLARED lists those that there are."""
    found = next((rule for rule in known if rule.code == code), None)
    if found is None:
        raise InvalidInput(
            "REVISIT_RULE_NOT_DECLARED", field="rule", value=code, known=", ".join(rule.code for rule in known)
        )
    return found


async def in_force(
    uow: TenantWork, vertical: str, *triggers: str, contract: ServiceContract | None = None
) -> list[tuple[RevisitPlan | None, RevisitRule]]:
    """The rules that hold: the plans, and what was promised under the contract (or by the vertical) beside them."""
    plans = [plan for plan in await queries.active_plans(uow, *triggers) if plan.vertical == vertical]
    taken = {plan.code for plan in plans}
    found: list[tuple[RevisitPlan | None, RevisitRule]] = [(plan, rule_of(plan)) for plan in plans]
    promised = terms_of(uow.scope, vertical, contract).revisit_rules
    return found + [
        (None, rule) for rule in promised if (not triggers or rule.trigger in triggers) and rule.code not in taken
    ]


# --- what falls due by itself ----------------------------------------------------------------------------------


async def run_plans(uow: TenantWork, limit: int) -> int:
    """Open the seasons and periods that have come; how many plans were moved on.

    The plan's next day is written with what it opens, in one transaction: whatever is killed, a season is opened
    once. A long stoppage is made good period by period. A plan that can't be run is put aside, and holds up no other.
    """
    plans = {plan.id: plan for plan in await queries.due_plans(uow, limit)}

    def put_aside(plan_id: UUID) -> None:
        plans[plan_id].next_at = uow.now + PUT_ASIDE

    await work_off(uow, list(plans), _run, put_aside, what="revisit plans")
    return len(plans)


async def _run(uow: TenantWork, plan_ids: Sequence[UUID]) -> None:
    for plan_id in plan_ids:
        plan = await uow.get(RevisitPlan, plan_id)
        rule = rule_of(plan)
        match plan.trigger:
            case "area":
                await _open_period(uow, plan, rule)
            case "season":
                await _open_season(uow, plan, rule)
            case "care_plan":
                year = local_today(uow).year
                uow.enqueue(FAN_OUT, {"plan_id": str(plan.id), "after": "", "year": year})
                plan.next_at = start_of_day(date(year + 1, 1, 1), uow.scope.time_zone)
            case _:
                plan.next_at = None


async def _open_period(uow: TenantWork, plan: RevisitPlan, rule: RevisitRule) -> None:
    """One visit for each area in each period; the period's last day is the last for it (P12-04)."""
    begins, ends = plan.starts_on, None
    if rule.months is None:
        plan.next_at = None
    else:
        number = 0
        while start_of_day(months_after(plan.starts_on, rule.months * number), uow.scope.time_zone) < plan.next_at:  # type: ignore[operator]
            number += 1
        begins = months_after(plan.starts_on, rule.months * number)
        following = months_after(plan.starts_on, rule.months * (number + 1))
        ends = following - timedelta(days=1)
        plan.next_at = start_of_day(following, uow.scope.time_zone)
    keys = {region: f"area:{plan.id}:{region}:{begins}" for region in rule.regions}
    known = await queries.known_keys(uow, list(keys.values()))
    for region, key in keys.items():
        if key not in known:
            await owe(
                uow, rule, vertical=plan.vertical, key=key, since=begins, due_on=ends, plan_id=plan.id, region=region
            )


async def _open_season(uow: TenantWork, plan: RevisitPlan, rule: RevisitRule) -> None:
    """A sample of the sites in the season's regions, or with `notice` their owners; by the season's last day."""
    present, following = local_today(uow), []
    for declared_season in rule.seasons:
        season = season_on(declared_season, max(present, plan.starts_on))
        if season.first > present:
            following.append(season.first)
            continue
        following.append(season_on(declared_season, season.last + timedelta(days=1)).first)
        sites = await queries.sites_in(uow, plan.vertical, declared_season.regions)
        subjects = {customer_id if rule.notice else site_id for site_id, customer_id in sites}
        chosen = rules.sample(list(subjects), rule.sample_percent, f"{plan.id}:{season.first}")
        due_on = season.last
        if rule.within_days is not None:
            due_on = season.first + timedelta(days=rule.within_days)
        for first in range(0, len(chosen), AT_ONCE):
            part = [str(one) for one in chosen[first : first + AT_ONCE]]
            uow.enqueue(
                FAN_OUT,
                {"plan_id": str(plan.id), "since": season.first.isoformat(), "due_on": due_on.isoformat(),
                 "customers" if rule.notice else "sites": part, "key": f"season:{plan.id}:{season.first}"},
            )  # fmt: skip
    plan.next_at = start_of_day(min(following), uow.scope.time_zone)


async def fan_out(uow: TenantWork, payload: dict[str, Any]) -> None:
    """Carry out a part of a plan: named sites or customers, else the next page of all that it may concern."""
    plan = await uow.get(RevisitPlan, UUID(payload["plan_id"]))
    if plan.state != "active":
        return
    rule = rule_of(plan)
    if "key" in payload:
        await _owe_named(uow, plan, rule, payload)
    elif plan.trigger == "flag":
        sites = await queries.sites_in(uow, plan.vertical, rule.regions, rule.flag)
        for first in range(0, len(sites), AT_ONCE):
            part = [str(site_id) for site_id, _ in sites[first : first + AT_ONCE]]
            uow.enqueue(FAN_OUT, {"plan_id": str(plan.id), "key": f"flag:{plan.id}", "sites": part})
    else:
        page = await parties.active_customers(uow, after=payload["after"], first=AT_ONCE)
        for customer in page:
            if plan.trigger != "care_plan":
                await ensure_cadence(uow, customer.id)
            elif of_tier(customer, rule):
                await require_care_plan(uow, plan, customer, payload["year"])
        if len(page) == AT_ONCE:
            uow.enqueue(FAN_OUT, {**payload, "after": page[-1].code})


def of_tier(customer: Customer, rule: RevisitRule) -> bool:
    """Whether the customer is of the rule's tier; a tier among its tags counts as well (A41)."""
    return rule.tier == customer.tier or rule.tier in customer.tags


async def _owe_named(uow: TenantWork, plan: RevisitPlan, rule: RevisitRule, payload: dict[str, Any]) -> None:
    since = date.fromisoformat(payload["since"]) if "since" in payload else local_today(uow)
    due_on = date.fromisoformat(payload["due_on"]) if "due_on" in payload else None
    if due_on is None and rule.within_days is not None:
        due_on = since + timedelta(days=rule.within_days)
    named = [(f"{payload['key']}:{one}", UUID(one)) for one in payload.get("sites") or payload.get("customers") or ()]
    known = await queries.known_keys(uow, [key for key, _ in named])
    for key, row_id in named:
        if key in known:
            continue
        site = await uow.get(Site, row_id) if "sites" in payload else None
        customer_id = row_id if site is None else site.customer_id
        contract = None
        if rule.ends_with_contract:
            contract = await queries.contract_on(uow, customer_id, plan.vertical, since)
            if contract is None:
                continue
        await owe(
            uow, rule, vertical=plan.vertical, key=key, since=since, due_on=due_on, plan_id=plan.id,
            customer_id=customer_id, site_id=None if site is None else site.id, reason=payload.get("reason", ""),
            contract_id=None if contract is None else contract.id,
        )  # fmt: skip


async def flagged(uow: TenantWork, site_id: UUID) -> None:
    """A site was added or changed: what its tags ask for is owed, once (P11-46)."""
    plans = await queries.active_plans(uow, "flag")
    if not plans:
        return
    await uow.flush()
    site = await uow.get(Site, site_id)
    for plan in plans:
        if rule_of(plan).flag in site.tags:
            await _owe_named(uow, plan, rule_of(plan), {"key": f"flag:{plan.id}", "sites": [str(site.id)]})


async def happened(uow: TenantWork, kind: str, regions: list[str], cause: str, reason: str) -> None:
    """Something struck regions, such as hail: a revisit at every site there (P11-37), once per cause."""
    for plan in await queries.active_plans(uow, "event"):
        rule = rule_of(plan)
        if kind not in rule.events:
            continue
        sites = await queries.sites_in(uow, plan.vertical, tuple(regions))
        for first in range(0, len(sites), AT_ONCE):
            uow.enqueue(FAN_OUT, {
                "plan_id": str(plan.id), "key": f"event:{plan.id}:{cause}", "reason": reason,
                "sites": [str(site_id) for site_id, _ in sites[first : first + AT_ONCE]],
            })  # fmt: skip


def _own(given: OwnRevisitRule) -> RevisitRule:
    name = clean_text(given.name, "own.name", NAME_LIMIT, required=True)
    for field in _LISTS:
        if len(getattr(given, field)) > LIST_LIMIT:
            raise InvalidInput("LIST_TOO_LONG", field=f"own.{field}", limit=LIST_LIMIT)
    for region in given.regions:
        check_region(region)
    taken: dict[str, Any] = {
        field: tuple(clean_text(text, f"own.{field}", NAME_LIMIT, required=True) for text in getattr(given, field))
        for field in _LISTS
        if field != "seasons"
    }
    taken["seasons"] = with_known_regions(given.seasons, "own.seasons")
    fields = {field: getattr(given, field) for field in given.__struct_fields__ if field not in {"name", "code"}}
    fields |= taken
    for field in ("tier", "owner", "flag", "clause"):
        fields[field] = clean_text(fields[field], f"own.{field}", NAME_LIMIT) or None
    code = clean_text(given.code, "own.code", CODE_LIMIT, required=True)
    return RevisitRule(code=code, label=Label(name, name), source="tenant", **fields)


async def _note(uow: TenantWork, kind: str, plan: RevisitPlan, data: dict[str, Any]) -> None:
    await journal.record(
        uow, kind, subject_type="revisit_plan", subject_id=plan.id, data={"code": plan.code, **data},
        vertical=plan.vertical,
    )  # fmt: skip
