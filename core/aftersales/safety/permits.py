"""Permits, the gate, and what happens when a crew leaves before its permit was closed out."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from aftersales.access import may, require
from aftersales.commitments import service as commitments
from aftersales.kit.clock import require_aware
from aftersales.kit.counters import next_number
from aftersales.kit.errors import Forbidden, InvalidInput, StateRefused
from aftersales.kit.guards import happened, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, clean_text
from aftersales.parties.models import Site
from aftersales.safety import site_queries, site_rules
from aftersales.safety.declared import about, engineers_by_role, note, owed_by, rule_of, rules_of
from aftersales.safety.models import GateEntry, SafetyPermit, SafetyViolation, SiteWorker
from aftersales.safety.people import PEOPLE_LIMIT
from aftersales.safety.site_commands import (
    ApprovePermit,
    ClosePermit,
    EnterSite,
    LeaveSite,
    PermitCommand,
    PermitCondition,
    RefusePermit,
    RequestPermit,
)
from aftersales.scope import TenantWork
from aftersales.terms.planned import SafetyRule
from aftersales.work.models import Engineer

NUMBER_PREFIX: Final = "P"
VISITOR: Final = "visitor"
CLOSE_OUT: Final = "permit_close_out"
LEFT_OPEN: Final = "left_without_close_out"
LONGEST_PERMIT: Final = timedelta(days=366)


async def request_permit(uow: TenantWork, command: RequestPermit) -> SafetyPermit:
    """Ask for a permit. VALUE_UNKNOWN for a kind without a rule, CONDITION_UNKNOWN, PERIOD_INVERTED,
    SAFETY_PERIOD_TOO_LONG, WORKER_TWICE."""
    require(uow.actor, "safety.record")
    site = await uow.get(Site, command.site_id)
    for worker_id in command.worker_ids:
        await uow.get(SiteWorker, worker_id)
    if len(set(command.worker_ids)) < len(command.worker_ids):
        raise InvalidInput("WORKER_TWICE", field="workerIds")
    if len(command.worker_ids) > PEOPLE_LIMIT:
        raise InvalidInput("SAFETY_LIST_TOO_LONG", field="workerIds", count=len(command.worker_ids), limit=PEOPLE_LIMIT)
    declared = rules_of(uow, "permit")
    found = next(((name, rule) for name, rule in declared if rule.applies_to == command.kind), None)
    if found is None:
        known = ", ".join(rule.applies_to for _, rule in declared)
        raise InvalidInput("VALUE_UNKNOWN", field="kind", field_name="kind", value=command.kind, known=known)
    vertical, rule = found
    valid_from = require_aware(command.valid_from, "validFrom")
    valid_until = require_aware(command.valid_until, "validUntil")
    if valid_until <= valid_from:
        raise InvalidInput("PERIOD_INVERTED", field="validUntil")
    if valid_until - valid_from > LONGEST_PERMIT:
        raise InvalidInput("SAFETY_PERIOD_TOO_LONG", field="validUntil", hours=LONGEST_PERMIT // timedelta(hours=1))
    permit = uow.add(
        SafetyPermit(
            id=new_id(),
            number=await next_number(uow, NUMBER_PREFIX, today(uow.now, uow.scope.time_zone).year),
            site_id=site.id,
            vertical=vertical,
            rule=rule.code,
            kind=command.kind,
            clause=rule.clause,
            purpose=clean_text(command.purpose, "purpose", BODY_LIMIT, required=True),
            holder=clean_text(command.holder, "holder", NAME_LIMIT, required=True),
            crew=[str(worker_id) for worker_id in command.worker_ids],
            conditions=_met(rule, command.conditions),
            valid_from=valid_from,
            valid_until=valid_until,
            created_at=uow.now,
        )
    )
    await note(uow, "permit.requested", site, {"number": permit.number, "kind": permit.kind})
    return permit


async def approve_permit(uow: TenantWork, command: ApprovePermit) -> SafetyPermit:
    """Grant a permit. PERMIT_CONDITION_MISSING names what isn't met (P05-20); PERMIT_APPROVER_REQUIRED unless whom
    the rule names approves it (P05-25); PERMIT_STATE_REFUSED, PERMIT_EXPIRED.

    Whoever manages safety may record anybody's approval, everybody else only his own: FORBIDDEN.
    """
    require(uow.actor, "safety.record")
    approver = None
    if command.approver_engineer_id is not None:
        approver = await uow.get(Engineer, command.approver_engineer_id)
    if not may(uow.actor, "safety.manage") and (approver is None or approver.member_id != uow.actor.id):
        raise Forbidden("FORBIDDEN")
    permit, site, rule = await _load(uow, command, "requested", "approve")
    permit.conditions = {**permit.conditions, **_met(rule, command.conditions)}
    missing = site_rules.missing_conditions(rule, permit.conditions)
    if missing:
        raise StateRefused(
            "PERMIT_CONDITION_MISSING", field="conditions", missing=", ".join(missing), clause=rule.clause or ""
        )
    roles = site_rules.approving_roles(rule)
    if roles:
        held = await engineers_by_role(uow, site)
        if not any(command.approver_engineer_id in held.get(role, ()) for role in roles):
            raise StateRefused("PERMIT_APPROVER_REQUIRED", field="approverEngineerId", roles=", ".join(sorted(roles)))
    if permit.valid_until <= uow.now:
        raise StateRefused("PERMIT_EXPIRED", field="permitId")
    permit.state, permit.approved_at = "approved", uow.now
    permit.approver_engineer_id = command.approver_engineer_id
    if rule.at_close:
        budget, since = owed_by(permit.valid_until, max(uow.now, permit.valid_from))
        await commitments.start_fixed(
            uow, about("permit", permit.id), vertical=permit.vertical, milestone=CLOSE_OUT,
            budget=budget, clause=rule.clause, source=rule.source, at=since,
            label=rule.label,
        )  # fmt: skip
    await note(uow, "permit.approved", site, {"number": permit.number, "kind": permit.kind})
    return permit


async def refuse_permit(uow: TenantWork, command: RefusePermit) -> SafetyPermit:
    """Refuse a permit that was asked for, or take back one that was granted. PERMIT_STATE_REFUSED."""
    require(uow.actor, "safety.manage")
    permit, site, _ = await _load(uow, command, None, "refuse")
    if permit.state not in {"requested", "approved"}:
        raise StateRefused("PERMIT_STATE_REFUSED", field="permitId", state=permit.state, operation="refuse")
    permit.reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    permit.state = "refused"
    await commitments.cancel(uow, about("permit", permit.id), "permit refused", uow.now)
    await note(uow, "permit.refused", site, {"number": permit.number, "reason": permit.reason})
    return permit


async def close_permit(uow: TenantWork, command: ClosePermit) -> SafetyPermit:
    """The work is over and what has to hold at its end does: PERMIT_NOT_CLOSED_OUT otherwise (P05-19)."""
    require(uow.actor, "safety.record")
    permit, site, rule = await _load(uow, command, "approved", "close")
    conditions = {**permit.conditions, **_met(rule, command.conditions)}
    missing = site_rules.missing_conditions(rule, conditions, closing=True)
    if missing:
        raise StateRefused("PERMIT_NOT_CLOSED_OUT", field="conditions", missing=", ".join(missing))
    at = happened(uow.now, command.at, "at", after=permit.approved_at)
    permit.conditions, permit.state, permit.closed_at = conditions, "closed", at
    await commitments.meet(uow, about("permit", permit.id), CLOSE_OUT, at)
    await note(uow, "permit.closed", site, {"number": permit.number, "kind": permit.kind}, at=at)
    return permit


async def enter_site(uow: TenantWork, command: EnterSite) -> GateEntry:
    """Let somebody in and note it (P05-23).

    A worker has to belong to the crew (WORKER_NOT_ON_SITE) and to have attended every topic of the education
    (ENTRY_EDUCATION_MISSING, P05-10); a visitor has to hold a permit that is valid now (VISITOR_WITHOUT_PERMIT,
    P05-25) where the rules ask for one. ALREADY_INSIDE, REQUIRED unless it is a worker or a visitor.
    """
    require(uow.actor, "safety.record")
    site = await uow.get(Site, command.site_id)
    worker = None if command.worker_id is None else await locked(uow, SiteWorker, command.worker_id)
    permit = None if command.permit_id is None else await uow.get(SafetyPermit, command.permit_id)
    guard = clean_text(command.guard, "guard", NAME_LIMIT, required=True)
    at = happened(uow.now, command.at, "at")
    if worker is not None:
        await _check_worker(uow, site, worker, at)
        name = worker.name
    else:
        name = _visitor(uow, site, permit, command.visitor, at)
    entry = uow.add(
        GateEntry(
            id=new_id(), site_id=site.id, worker_id=worker.id if worker else None,
            permit_id=permit.id if permit and worker is None else None, name=name, guard=guard, entered_at=at,
        )
    )  # fmt: skip
    await note(uow, "gate.entered", site, {"name": name, "worker_id": entry.worker_id}, at=at)
    return entry


async def leave_site(uow: TenantWork, command: LeaveSite) -> GateEntry:
    """Note that somebody left. When the last of a permit's crew leaves before it was closed out, that is a violation
    (P05-19); of a permit without a crew, whoever leaves the site empty.

    NOT_INSIDE, PERIOD_INVERTED, INSTANT_IN_FUTURE.
    """
    require(uow.actor, "safety.record")
    entry = await locked(uow, GateEntry, command.entry_id)
    site = await locked(uow, Site, entry.site_id)
    if entry.left_at is not None:
        raise StateRefused("NOT_INSIDE", field="entryId")
    at = happened(uow.now, command.at, "at", after=entry.entered_at)
    entry.left_at = at
    await uow.flush()
    await note(uow, "gate.left", site, {"name": entry.name, "worker_id": entry.worker_id}, at=at)
    if entry.worker_id is not None:
        inside = await site_queries.workers_inside(uow, site.id)
        for permit in await site_queries.permits_in_force(uow, site.id):
            crew = {UUID(one) for one in permit.crew} or {entry.worker_id, *inside}
            if entry.worker_id in crew and not crew & inside:
                await _left_open(uow, site, permit, entry.worker_id, at)
    return entry


async def _left_open(uow: TenantWork, site: Site, permit: SafetyPermit, worker_id: UUID, at: datetime) -> None:
    _, rule = rule_of(uow, "permit", permit.rule, "permitId")
    if not rule.at_close or await site_queries.has_violation(uow, permit.id):
        return
    uow.add(
        SafetyViolation(
            id=new_id(), site_id=site.id, worker_id=worker_id, permit_id=permit.id, code=LEFT_OPEN, rule=rule.code,
            clause=rule.clause, description=permit.purpose, evidence=permit.number, at=at, actor=uow.actor.label,
        )
    )  # fmt: skip
    await note(uow, "safety.violation", site, {"code": LEFT_OPEN, "permit": permit.number}, at=at)


async def _check_worker(uow: TenantWork, site: Site, worker: SiteWorker, at: datetime) -> None:
    if await site_queries.presence(uow, site.id, worker.id) is None:
        raise StateRefused("WORKER_NOT_ON_SITE", field="workerId", worker=worker.name)
    gates = [rule for _, rule in rules_of(uow, "gate", "site_entry")]
    missing = site_rules.untaught(gates, await site_queries.topics_attended(uow, site.id, worker.id, at))
    if missing:
        raise StateRefused("ENTRY_EDUCATION_MISSING", field="workerId", topics=", ".join(missing))
    if worker.id in await site_queries.workers_inside(uow, site.id):
        raise StateRefused("ALREADY_INSIDE", field="workerId")


def _visitor(uow: TenantWork, site: Site, permit: SafetyPermit | None, visitor: str | None, at: datetime) -> str:
    name = clean_text(visitor, "visitor", NAME_LIMIT)
    if permit is None and not name:
        raise InvalidInput("REQUIRED", field="workerId", field_name="workerId")
    if permit is None:
        if rules_of(uow, "permit", VISITOR):
            raise StateRefused("VISITOR_WITHOUT_PERMIT", field="permitId")
        return name
    valid = permit.kind == VISITOR and permit.site_id == site.id and permit.state == "approved"
    if not valid or not permit.valid_from <= at <= permit.valid_until or (name and name != permit.holder):
        raise StateRefused("VISITOR_WITHOUT_PERMIT", field="permitId")
    return permit.holder


def _met(rule: SafetyRule, given: tuple[PermitCondition, ...]) -> dict[str, str]:
    site_rules.check_known_conditions(rule, (condition.code for condition in given), "conditions.code")
    return {
        condition.code: clean_text(condition.detail, "conditions.detail", NAME_LIMIT, required=True)
        for condition in given
    }


async def _load(
    uow: TenantWork, command: PermitCommand, state: str | None, operation: str
) -> tuple[SafetyPermit, Site, SafetyRule]:
    site = await locked(uow, Site, (await uow.get(SafetyPermit, command.permit_id)).site_id)
    permit = await locked(uow, SafetyPermit, command.permit_id, command.expected_version)
    if state is not None and permit.state != state:
        raise StateRefused("PERMIT_STATE_REFUSED", field="permitId", state=permit.state, operation=operation)
    return permit, site, rule_of(uow, "permit", permit.rule, "permitId")[1]
