"""What the plans room does; each function takes a unit of work and one command, and never commits."""

from datetime import date
from uuid import UUID

import msgspec

from aftersales.access import require
from aftersales.journal import service as journal
from aftersales.journal.models import Event
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.plans import queries, rules, snapshots
from aftersales.plans.commands import (
    ChangeServicePlan,
    DraftServicePlan,
    PublishPlan,
    PublishServicePlan,
    RetireServicePlan,
    TermChange,
)
from aftersales.plans.models import ServicePlan
from aftersales.plans.rules import TermDifference
from aftersales.scope import TenantScope, TenantWork
from aftersales.terms.playbook import VerticalPlaybook

__all__ = [
    "change_service_plan",
    "draft_service_plan",
    "plan_differences",
    "plan_terms",
    "publish_plan",
    "publish_plan_check",
    "publish_service_plan",
    "retire_service_plan",
    "terms_on",
]


async def draft_service_plan(uow: TenantWork, command: DraftServicePlan) -> ServicePlan:
    """Begin a plan. VERTICAL_NOT_ENABLED, REQUIRED, and what `rules.apply_changes` refuses."""
    require(uow.actor, "contract.manage")
    terms = uow.scope.enabled(command.vertical)
    name = clean_text(command.name, "name", TITLE_LIMIT, required=True)
    changes = _clean(command.changes)
    if command.based_on_plan_id is not None:
        earlier = await uow.get(ServicePlan, command.based_on_plan_id)
        if earlier.vertical != command.vertical:
            raise InvalidInput("PLAN_OF_OTHER_VERTICAL", field="basedOnPlanId", vertical=earlier.vertical)
        own = {(change.declaration, change.code) for change in changes}
        taken = [change for change in changes_of(earlier) if (change.declaration, change.code) not in own]
        changes = (*taken, *changes)
    rules.apply_changes(terms, changes)
    plan = uow.add(
        ServicePlan(
            id=new_id(),
            vertical=command.vertical,
            name=name,
            changes=msgspec.to_builtins(changes),
            created_by=uow.actor.label,
            created_at=uow.now,
        )
    )
    await _note(uow, "plan.drafted", plan, {"name": plan.name, "changes": len(changes)})
    return plan


async def change_service_plan(uow: TenantWork, command: ChangeServicePlan) -> ServicePlan:
    """Change a draft. PLAN_NOT_DRAFT, VERSION_STALE, and what `rules.apply_changes` refuses."""
    require(uow.actor, "contract.manage")
    plan = await _draft(uow, command.service_plan_id, command.expected_version)
    if command.name is not None:
        plan.name = clean_text(command.name, "name", TITLE_LIMIT, required=True)
    if command.changes is not None:
        changes = _clean(command.changes)
        rules.apply_changes(uow.scope.enabled(plan.vertical), changes)
        plan.changes = msgspec.to_builtins(changes)
    await _note(uow, "plan.changed", plan, {"name": plan.name, "changes": len(plan.changes)})
    return plan


async def publish_service_plan(uow: TenantWork, command: PublishServicePlan) -> ServicePlan:
    """Publish a draft with the terms as they are now; neither it nor its terms change any more.

    HOTLINE_REQUIRED (P08-22), PLAN_NOT_DRAFT, PLAN_IN_PAST for a day that is over, PLAN_DAY_TAKEN when another plan
    begins to count on that day, VERSION_STALE, and what `rules.apply_changes` refuses now.
    """
    require(uow.actor, "contract.manage")
    plan = await _draft(uow, command.service_plan_id, command.expected_version)
    publish_plan_check(uow.scope, plan.vertical)
    present = today(uow.now, uow.scope.time_zone)
    day = command.effective_from or present
    if day < present:
        raise InvalidInput("PLAN_IN_PAST", field="effectiveFrom", day=day.isoformat())
    taken = await queries.published_for(uow, plan.vertical, day)
    if taken is not None:
        raise InvalidInput("PLAN_DAY_TAKEN", field="effectiveFrom", day=day.isoformat(), edition=taken)
    terms = rules.apply_changes(uow.scope.enabled(plan.vertical), changes_of(plan))
    plan.terms_id = await snapshots.keep(uow, terms)
    plan.edition = await queries.last_edition(uow, plan.vertical) + 1
    plan.state, plan.effective_from = "published", day
    plan.published_by, plan.published_at = uow.actor.label, uow.now
    await _note(
        uow, "plan.published", plan,
        {"hotline": uow.scope.hotline, "edition": plan.edition, "effective_from": day,
         "playbook_key": uow.scope.playbook.key},
    )  # fmt: skip
    return plan


async def retire_service_plan(uow: TenantWork, command: RetireServicePlan) -> ServicePlan:
    """Let a plan count no more from a day on. PLAN_NOT_PUBLISHED, PERIOD_INVERTED, PLAN_IN_PAST, VERSION_STALE."""
    require(uow.actor, "contract.manage")
    plan = await locked(uow, ServicePlan, command.service_plan_id, command.expected_version)
    if plan.state != "published" or plan.effective_from is None:
        raise StateRefused("PLAN_NOT_PUBLISHED", field="servicePlanId", state=plan.state)
    present = today(uow.now, uow.scope.time_zone)
    day = command.retired_on or present
    if day < present:
        raise InvalidInput("PLAN_IN_PAST", field="retiredOn", day=day.isoformat())
    if day < plan.effective_from:
        raise InvalidInput("PERIOD_INVERTED", field="retiredOn")
    plan.state, plan.retired_on = "retired", day
    await _note(uow, "plan.retired", plan, {"edition": plan.edition, "retired_on": day})
    return plan


async def plan_terms(uow: TenantWork, plan: ServicePlan) -> VerticalPlaybook:
    """What a plan promises: as it was published, or as a draft would be published now."""
    if plan.terms_id is not None:
        return await snapshots.load(uow, plan.terms_id)
    return rules.apply_changes(uow.scope.vertical(plan.vertical), changes_of(plan))


async def plan_differences(uow: TenantWork, plan: ServicePlan) -> list[TermDifference]:
    """What a plan promises otherwise than its vertical does now."""
    return rules.differences(uow.scope.vertical(plan.vertical), await plan_terms(uow, plan))


async def terms_on(uow: TenantWork, vertical: str, on: date) -> tuple[ServicePlan | None, VerticalPlaybook]:
    """The tenant's terms for contracts that are signed on a day: its plan in effect, else the vertical's terms."""
    plan = await queries.effective(uow, vertical, on)
    return (None, uow.scope.enabled(vertical)) if plan is None else (plan, await plan_terms(uow, plan))


def publish_plan_check(scope: TenantScope, vertical: str) -> None:
    """HOTLINE_REQUIRED unless the tenant has a hotline to publish with its plan (P08-22); VERTICAL_NOT_ENABLED."""
    scope.enabled(vertical)
    if not (scope.hotline or "").strip():
        raise StateRefused("HOTLINE_REQUIRED", field="vertical")


async def publish_plan(uow: TenantWork, command: PublishPlan) -> Event:
    """Publish the service plan of a vertical: what it promises today, under which hotline."""
    require(uow.actor, "contract.manage")
    publish_plan_check(uow.scope, command.vertical)
    plan = await queries.effective(uow, command.vertical, today(uow.now, uow.scope.time_zone))
    return await journal.record(
        uow,
        "plan.published",
        subject_type="tenant",
        subject_id=uow.scope.id,
        data={
            "vertical": command.vertical,
            "hotline": uow.scope.hotline,
            "playbook_key": uow.scope.playbook.key,
            "edition": plan.edition if plan else None,
        },
    )


def changes_of(plan: ServicePlan) -> tuple[TermChange, ...]:
    """A plan's changes, typed."""
    return msgspec.convert(plan.changes, tuple[TermChange, ...])


def _clean(changes: tuple[TermChange, ...]) -> tuple[TermChange, ...]:
    return tuple(
        msgspec.structs.replace(
            change, clause=clean_text(change.clause, f"changes.{number}.clause", NAME_LIMIT) or None
        )
        for number, change in enumerate(changes)
    )


async def _draft(uow: TenantWork, plan_id: UUID, expected_version: int | None) -> ServicePlan:
    plan = await locked(uow, ServicePlan, plan_id, expected_version)
    if plan.state != "draft":
        raise StateRefused("PLAN_NOT_DRAFT", field="servicePlanId", state=plan.state)
    return plan


async def _note(uow: TenantWork, kind: str, plan: ServicePlan, data: dict[str, object]) -> None:
    about = {"vertical": plan.vertical, "service_plan_id": plan.id, **data}
    await journal.record(uow, kind, subject_type="service_plan", subject_id=plan.id, data=about)
