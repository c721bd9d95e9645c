"""Care plans of key customers: needs recorded, actions planned and done, at least one a year (P07-13)."""

from typing import Any
from uuid import UUID

from aftersales.access import require
from aftersales.assets.rules import start_of_day
from aftersales.commitments import service as commitments
from aftersales.commitments.rules import Budget
from aftersales.commitments.service import Subject
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import happened_on, locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, clean_text
from aftersales.parties.models import Customer
from aftersales.revisits import queries
from aftersales.revisits.commands import AddCareAction, CompleteCareAction, RecordNeeds
from aftersales.revisits.models import CarePlan, RevisitPlan
from aftersales.revisits.owing import local_today, rule_of
from aftersales.scope import TenantWork

MILESTONE = "care_plan"
ACTION_LIMIT = 50


async def require_care_plan(uow: TenantWork, plan: RevisitPlan, customer: Customer, year: int) -> CarePlan:
    """The customer's care plan of a year, opened as `required` when there is none yet."""
    found = await queries.care_plan_of(uow, customer.id, year)
    if found is not None:
        return found
    rule = rule_of(plan)
    care = uow.add(CarePlan(id=new_id(), customer_id=customer.id, year=year, clause=rule.clause, created_at=uow.now))
    budget = None if rule.within_days is None else Budget(amount=rule.within_days, unit="calendar_day")
    await commitments.start_fixed(
        uow, _subject(care), vertical=plan.vertical, milestone=MILESTONE, budget=budget, clause=rule.clause,
        source=rule.source, at=start_of_day(local_today(uow), uow.scope.time_zone), label=rule.label,
    )  # fmt: skip
    await _note(uow, "care_plan.required", care, {"year": year})
    return care


async def record_needs(uow: TenantWork, command: RecordNeeds) -> CarePlan:
    """Keep what a key customer needs."""
    care = await _load(uow, command.care_plan_id, command.expected_version)
    care.needs = clean_text(command.needs, "needs", BODY_LIMIT, required=True)
    await _note(uow, "care_plan.needs", care, {})
    return care


async def add_care_action(uow: TenantWork, command: AddCareAction) -> CarePlan:
    """Plan an action; the first one fulfils the duty to have a plan. LIST_TOO_LONG beyond 50."""
    care = await _load(uow, command.care_plan_id, command.expected_version)
    if len(care.actions) >= ACTION_LIMIT:
        raise InvalidInput("LIST_TOO_LONG", field="action", limit=ACTION_LIMIT)
    action = {
        "number": len(care.actions) + 1,
        "action": clean_text(command.action, "action", BODY_LIMIT, required=True),
        "due_on": None if command.due_on is None else command.due_on.isoformat(),
        "done_on": None,
        "note": "",
    }
    care.actions = [*care.actions, action]
    care.state = "planned"
    await commitments.meet(uow, _subject(care), MILESTONE, uow.now)
    await _note(uow, "care_plan.action_planned", care, {"number": action["number"]})
    return care


async def complete_care_action(uow: TenantWork, command: CompleteCareAction) -> CarePlan:
    """An action was done. CARE_ACTION_UNKNOWN, CARE_ACTION_DONE."""
    care = await _load(uow, command.care_plan_id, command.expected_version)
    action = next((one for one in care.actions if one["number"] == command.number), None)
    if action is None:
        raise InvalidInput("CARE_ACTION_UNKNOWN", field="number", value=command.number)
    if action["done_on"] is not None:
        raise StateRefused("CARE_ACTION_DONE", field="number", value=command.number)
    done_on = happened_on(uow.now, uow.scope.time_zone, command.done_on, "doneOn")
    done = {**action, "done_on": done_on.isoformat(), "note": clean_text(command.note, "note", BODY_LIMIT)}
    care.actions = [done if one is action else one for one in care.actions]
    if all(one["done_on"] for one in care.actions):
        care.state = "done"
    await _note(uow, "care_plan.action_done", care, {"number": command.number})
    return care


def _subject(care: CarePlan) -> Subject:
    return Subject(type="care_plan", id=care.id)


async def _load(uow: TenantWork, care_plan_id: UUID, expected_version: int | None) -> CarePlan:
    require(uow.actor, "revisit.plan")
    return await locked(uow, CarePlan, care_plan_id, expected_version)


async def _note(uow: TenantWork, kind: str, care: CarePlan, data: dict[str, Any]) -> None:
    await journal.record(
        uow, kind, subject_type="care_plan", subject_id=care.id, customer_id=care.customer_id,
        data={"clause": care.clause, **data},
    )  # fmt: skip
