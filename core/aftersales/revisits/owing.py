"""How a revisit comes to be owed: by a rule, once per key, with its deadline in the promise ledger."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec

from aftersales.assets.rules import start_of_day
from aftersales.commitments import service as commitments
from aftersales.commitments.rules import Budget
from aftersales.commitments.service import Subject
from aftersales.journal import service as journal
from aftersales.kit.counters import next_number
from aftersales.kit.entities import encode
from aftersales.kit.guards import locked, today
from aftersales.kit.ids import new_id
from aftersales.parties.models import Customer
from aftersales.parties.regions import lies_in
from aftersales.revisits import queries, rules
from aftersales.revisits.models import Revisit, RevisitPlan
from aftersales.scope import TenantWork
from aftersales.terms.planned import RevisitRule

MILESTONE = "revisit"
NUMBER_PREFIX = "RV"


def subject_of(revisit: Revisit) -> Subject:
    """The revisit as the promise ledger knows it."""
    return Subject(type="revisit", id=revisit.id)


def rule_of(row: Revisit | RevisitPlan) -> RevisitRule:
    """The rule as it was when the row was written."""
    return msgspec.convert(row.terms, RevisitRule)


def stored(rule: RevisitRule) -> dict[str, Any]:
    """The rule as a row keeps it."""
    kept: dict[str, Any] = msgspec.to_builtins(rule, enc_hook=encode)
    return kept


def local_today(uow: TenantWork) -> date:
    """The tenant's present day."""
    return today(uow.now, uow.scope.time_zone)


async def owe(
    uow: TenantWork,
    rule: RevisitRule,
    *,
    vertical: str,
    key: str,
    since: date,
    due_on: date | None,
    plan_id: UUID | None = None,
    customer_id: UUID | None = None,
    region: str | None = None,
    site_id: UUID | None = None,
    ticket_id: UUID | None = None,
    contract_id: UUID | None = None,
    engineer_id: UUID | None = None,
    reason: str = "",
) -> Revisit:
    """Write the revisit and start its clock: until the end of `due_on`, or without a number when there is none."""
    preferred = await queries.original_engineer(uow, site_id) if rule.original_team and site_id else None
    revisit = uow.add(
        Revisit(
            id=new_id(),
            number=await next_number(uow, NUMBER_PREFIX, local_today(uow).year),
            key=key,
            plan_id=plan_id,
            vertical=vertical,
            code=rule.code,
            name=rule.label.zh if uow.scope.language == "zh-CN" else rule.label.en,
            trigger=rule.trigger,
            terms=stored(rule),
            clause=rule.clause,
            source=rule.source,
            owner=rule.owner,
            priority=rule.priority,
            reason=reason,
            customer_id=customer_id,
            region=region,
            site_id=site_id,
            ticket_id=ticket_id,
            contract_id=contract_id,
            preferred_engineer_id=preferred,
            engineer_id=engineer_id,
            since=since,
            due_on=due_on,
            created_at=uow.now,
        )
    )
    begins, budget = since, None
    if due_on is not None:
        begins = min(since, due_on - timedelta(days=1))
        budget = Budget(amount=rules.days_between(begins, due_on), unit="calendar_day")
    await commitments.start_fixed(
        uow,
        subject_of(revisit),
        vertical=vertical,
        milestone=MILESTONE,
        budget=budget,
        clause=rule.clause,
        source=rule.source,
        at=start_of_day(begins, uow.scope.time_zone),
        label=rule.label,
    )
    await note(uow, "revisit.due", revisit, {"number": revisit.number, "due_on": due_on, "priority": rule.priority})
    return revisit


async def drop(uow: TenantWork, revisit: Revisit, reason: str) -> None:
    """The revisit isn't owed any more."""
    revisit.state = "cancelled"
    revisit.reason = reason
    await commitments.cancel(uow, subject_of(revisit), reason, uow.now)
    await note(uow, "revisit.cancelled", revisit, {"number": revisit.number, "reason": reason})


async def ensure_cadence(uow: TenantWork, customer_id: UUID) -> Revisit | None:
    """Have exactly the one cadence revisit open that the customer's tiers and contracts ask for now (A41).

    Next due: so many months after the last contact that counts, before the first one after the sale, or after what
    the rule begins with (going live, the installation). Of several rules the shorter one applies. Under
    `ends_with_contract` nothing falls due after the contract.
    """
    plans = await queries.active_plans(uow, *rules.CADENCES)
    if not plans:
        return None
    customer = await locked(uow, Customer, customer_id)
    present = [row for row in await queries.open_of_customer(uow, customer_id) if row.trigger in rules.CADENCES]
    chosen = rules.shortest(
        [(plan, rule_of(plan)) for plan in plans if await _fits(uow, customer, plan, rule_of(plan))]
    )
    wanted = None if chosen is None else await _next(uow, customer, *chosen)
    kept: Revisit | None = None
    for row in present:
        same = wanted is not None and (row.plan_id, row.due_on) == (wanted["plan_id"], wanted["due_on"])
        if same and kept is None:
            kept = row
        else:
            await drop(uow, row, "another cadence applies" if wanted else "no cadence applies")
    if kept is not None or wanted is None or chosen is None:
        return kept
    return await owe(uow, chosen[1], **wanted)


async def _fits(uow: TenantWork, customer: Customer, plan: RevisitPlan, rule: RevisitRule) -> bool:
    if customer.state != "active" or not lies_in(rule.regions, customer.region):
        return False
    if rule.trigger == "tier":
        return rule.tier == customer.tier or rule.tier in customer.tags
    if rule.trigger in rules.BEGINNINGS:
        begun = await queries.began(uow, customer.id, plan.vertical, rule.trigger)
        return begun is not None and begun <= local_today(uow)
    return await queries.contract_on(uow, customer.id, plan.vertical, local_today(uow)) is not None


async def _next(uow: TenantWork, customer: Customer, plan: RevisitPlan, rule: RevisitRule) -> dict[str, Any] | None:
    contacts = await queries.contacts(uow, customer.id)
    days = [today(at, uow.scope.time_zone) for at, channel, record in contacts if counts(rule, channel, record)]
    since = next(iter(days), None)
    if rule.trigger in rules.BEGINNINGS:
        # A contact from the time before it began, such as one about its sale, isn't one of these.
        begun = await queries.began(uow, customer.id, plan.vertical, rule.trigger)
        since = max((day for day in (since, begun) if day is not None), default=None)
    since = since or await queries.last_sale(uow, customer.id) or plan.starts_on
    due_on = rules.next_due(since, rule.months) if rule.months is not None else None
    contract = None
    if rule.ends_with_contract or rule.trigger == "contract":
        contract = await queries.contract_on(uow, customer.id, plan.vertical, due_on or local_today(uow))
        if contract is None and rule.ends_with_contract:
            return None
    return {
        "vertical": plan.vertical,
        "key": f"cadence:{customer.id}:{new_id()}",
        "since": since,
        "due_on": due_on,
        "plan_id": plan.id,
        "customer_id": customer.id,
        "contract_id": None if contract is None else contract.id,
    }


def counts(rule: RevisitRule, channel: str, record: str | None) -> bool:
    """Whether a contact on a channel satisfies a rule; a forum only where the rule says so (P04-13)."""
    if channel == "forum":
        return rule.forum_counts
    if channel == "notice" and not rule.notice:
        return False
    return (not rule.channels or channel in rule.channels) and (not rule.needs_record or bool(record))


async def note(uow: TenantWork, kind: str, revisit: Revisit, data: dict[str, Any]) -> None:
    """Write the journal."""
    await journal.record(
        uow, kind, subject_type="revisit", subject_id=revisit.id, customer_id=revisit.customer_id,
        data={"code": revisit.code, "clause": revisit.clause, **data}, vertical=revisit.vertical,
    )  # fmt: skip
