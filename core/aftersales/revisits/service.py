"""What the revisits room does; each function takes a unit of work and one command, and never commits."""

from datetime import timedelta
from uuid import UUID

from aftersales.access import require
from aftersales.assets.rules import start_of_day
from aftersales.commitments import service as commitments
from aftersales.contracts.models import ServiceContract
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import happened, happened_on, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.parties.models import Site
from aftersales.parties.service import active_customer
from aftersales.revisits import queries, rules
from aftersales.revisits.care import add_care_action, complete_care_action, record_needs
from aftersales.revisits.commands import (
    CancelRevisit,
    CompleteRevisit,
    FileRevisitRecord,
    PlanRevisit,
    RecordForum,
)
from aftersales.revisits.complaints import log_complaint
from aftersales.revisits.models import Revisit, RevisitCopy, RevisitForum
from aftersales.revisits.owing import (
    MILESTONE,
    counts,
    drop,
    ensure_cadence,
    local_today,
    note,
    owe,
    rule_of,
    subject_of,
)
from aftersales.revisits.plans import declared, end_revisit_plan, in_force, open_revisit_plan
from aftersales.revisits.satisfaction import customer_satisfaction, engineer_satisfaction
from aftersales.revisits.surveys import answer_survey, close_survey, complete_improvement, open_survey
from aftersales.scope import TenantWork
from aftersales.terms.base import Label
from aftersales.terms.planned import RevisitRule
from aftersales.tickets import assignment, closing
from aftersales.tickets.models import Ticket
from aftersales.work.models import Engineer

__all__ = [
    "add_care_action",
    "answer_survey",
    "cancel_revisit",
    "close_survey",
    "complete_care_action",
    "complete_improvement",
    "complete_revisit",
    "customer_satisfaction",
    "end_revisit_plan",
    "engineer_satisfaction",
    "file_revisit_record",
    "log_complaint",
    "open_revisit_plan",
    "open_survey",
    "plan_revisit",
    "record_forum",
    "record_needs",
]

MANUAL = RevisitRule(code="manual", label=Label("不定期走访", "Ad-hoc revisit"), trigger="manual", source="default")
"""The rule of a contact that somebody orders without one: nothing is obligatory, no number is promised (A05)."""
ATTENDEES_LIMIT = 500
SATISFIED = "satisfied"
"""A dimension that is answered by yes or no rather than by a score (P08-21)."""


async def revisit_ticket(uow: TenantWork, ticket: Ticket) -> list[Revisit]:
    """A ticket was closed: one revisit per rule that holds (P03-18); closed again after a reopening, one more."""
    contract = None if ticket.contract_id is None else await uow.get(ServiceContract, ticket.contract_id)
    made: list[Revisit] = []
    for plan, rule in await in_force(uow, ticket.vertical, "ticket_closed", contract=contract):
        key = f"ticket:{rule.code}:{ticket.id}:{ticket.closed_at}"
        if key in await queries.known_keys(uow, [key]):
            continue
        since = local_today(uow)
        made.append(
            await owe(
                uow, rule, vertical=ticket.vertical, key=key, since=since,
                due_on=None if rule.within_days is None else since + timedelta(days=rule.within_days),
                plan_id=None if plan is None else plan.id, customer_id=ticket.customer_id, site_id=ticket.site_id,
                ticket_id=ticket.id, contract_id=ticket.contract_id, engineer_id=ticket.engineer_id,
            )
        )  # fmt: skip
    return made


async def plan_revisit(uow: TenantWork, command: PlanRevisit) -> Revisit:
    """Order a contact: a visit of the manager (P01-26), of the management (P03-20), after a sudden event (P11-42).

    REVISIT_RULE_NOT_DECLARED, REVISIT_EVENT_UNKNOWN, VERTICAL_NOT_ENABLED, CUSTOMER_ARCHIVED, DAY_PAST.
    """
    require(uow.actor, "revisit.plan")
    customer = await active_customer(uow, command.customer_id)
    site = None if command.site_id is None else await uow.find(Site, command.site_id)
    if command.site_id is not None and (site is None or site.customer_id != customer.id):
        raise NotFound("NOT_FOUND", field="siteId", thing="Site")
    if command.engineer_id is not None and await uow.find(Engineer, command.engineer_id) is None:
        raise NotFound("NOT_FOUND", field="engineerId", thing="Engineer")
    vertical = _vertical(uow, command.vertical)
    rule, present = await _ordered(uow, vertical, command), local_today(uow)
    if command.due_on is not None and command.due_on < present:
        raise InvalidInput("DAY_PAST", field="dueOn", value=command.due_on)
    due_on = command.due_on
    if due_on is None and rule.within_days is not None:
        due_on = present + timedelta(days=rule.within_days)
    return await owe(
        uow, rule, vertical=vertical, key=f"ordered:{new_id()}", since=present, due_on=due_on,
        customer_id=customer.id, site_id=command.site_id, engineer_id=command.engineer_id,
        reason=clean_text(command.reason, "reason", BODY_LIMIT),
    )  # fmt: skip


async def _ordered(uow: TenantWork, vertical: str, command: PlanRevisit) -> RevisitRule:
    if command.event is not None:
        known = [rule for _, rule in await in_force(uow, vertical, "event")]
        found = next((rule for rule in known if command.event in rule.events), None)
        if found is None:
            events = ", ".join(sorted({event for rule in known for event in rule.events}))
            raise InvalidInput("REVISIT_EVENT_UNKNOWN", field="event", value=command.event, known=events)
        return found
    if command.rule is None:
        return MANUAL
    return declared(tuple(rule for _, rule in await in_force(uow, vertical)), command.rule)


async def complete_revisit(uow: TenantWork, command: CompleteRevisit) -> Revisit:
    """Keep the outcome. A dissatisfied customer's ticket is opened again and goes to another engineer.

    Where the rule needs a record and none is given, the contact is kept as `held` and doesn't count (P11-16).

    REVISIT_STATE_REFUSED for one that was completed, REVISIT_CHANNEL_UNKNOWN, REVISIT_CHANNEL_REFUSED,
    DIMENSION_UNKNOWN, SCORE_INVALID, REVISIT_INCOMPLETE names what is missing (P03-19), INSTANT_IN_FUTURE,
    PERIOD_INVERTED for a contact about a service from before its end.
    """
    revisit = await _load(uow, command.revisit_id, command.expected_version)
    rules.allow_completion(revisit.state)
    rule = rule_of(revisit)
    if command.channel in {"forum", "notice"} and command.channel not in rule.channels:
        # Those two satisfy a duty by what happened elsewhere: a forum, a broadcast.
        raise InvalidInput("REVISIT_CHANNEL_REFUSED", field="channel", value=command.channel, known=_known(rule))
    revisit.channel = rules.check_channel(command.channel, rule.channels, "channel")
    scored = tuple(name for name in rule.dimensions if name != SATISFIED)
    revisit.scores = rules.check_scores(command.scores, scored)
    if SATISFIED in rule.dimensions and command.satisfied is None:
        rules.demand([SATISFIED], SATISFIED)
    given = {"product": command.product_score, "service": command.service_score}
    product, service = (
        revisit.scores.get(name) if value is None else rules.check_score(value, f"{name}Score")
        for name, value in given.items()
    )
    revisit.product_score, revisit.service_score = product, service
    revisit.score = rules.overall(revisit.scores, service)
    revisit.satisfied = command.satisfied
    revisit.opinions = _opinions(command, rule)
    revisit.opinion = clean_text(command.opinion, "opinion", BODY_LIMIT)
    rules.demand(["opinion"] if rule.needs_opinion and not revisit.opinion else [], "opinion")
    revisit.checks = _checks(command, rule)
    revisit.participants = _participants(command, rule)
    revisit.findings = clean_text(command.findings, "findings", BODY_LIMIT)
    # A service is asked about when it is over; an ad-hoc visit may be put on record afterwards.
    over = revisit.created_at if revisit.ticket_id is not None else None
    revisit.held_at = happened(uow.now, command.held_at, "heldAt", after=over)
    revisit.held_by = uow.actor.label
    revisit.record = clean_text(command.record, "record", BODY_LIMIT) or None
    if rule.needs_record and revisit.record is None:
        revisit.state = "held"
        await note(uow, "revisit.held", revisit, {"number": revisit.number, "channel": revisit.channel})
    else:
        await _count(uow, revisit, rule)
    if command.satisfied is False and revisit.ticket_id is not None:
        await _take_up(uow, revisit)
    return revisit


async def file_revisit_record(uow: TenantWork, command: FileRevisitRecord) -> Revisit:
    """File the record of a contact that was held without it; REVISIT_STATE_REFUSED for any other one."""
    revisit = await _load(uow, command.revisit_id, command.expected_version)
    if revisit.state != "held":
        raise StateRefused("REVISIT_STATE_REFUSED", state=revisit.state)
    revisit.record = clean_text(command.record, "record", BODY_LIMIT, required=True)
    await _count(uow, revisit, rule_of(revisit))
    return revisit


async def cancel_revisit(uow: TenantWork, command: CancelRevisit) -> Revisit:
    """Cancel an open revisit; REVISIT_STATE_REFUSED for any other one. A cadence owes it again (same last day)."""
    require(uow.actor, "revisit.plan")
    revisit = await locked(uow, Revisit, command.revisit_id, command.expected_version)
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    rules.allow_completion(revisit.state)
    await drop(uow, revisit, reason)
    if revisit.trigger in rules.CADENCES and revisit.customer_id is not None:
        await ensure_cadence(uow, revisit.customer_id)
    return revisit


async def record_forum(uow: TenantWork, command: RecordForum) -> RevisitForum:
    """Customers came to a meeting: cadences that accept one are satisfied, the next visit counts from it (P04-13).

    LIST_TOO_LONG beyond 500 customers, REQUIRED without any, NOT_FOUND.
    """
    require(uow.actor, "revisit.record")
    attendees = tuple(dict.fromkeys(command.customer_ids))
    if not attendees:
        raise InvalidInput("REQUIRED", field="customerIds", field_name="customerIds")
    if len(attendees) > ATTENDEES_LIMIT:
        raise InvalidInput("LIST_TOO_LONG", field="customerIds", limit=ATTENDEES_LIMIT)
    held_on = happened_on(uow.now, uow.scope.time_zone, command.held_on, "heldOn")
    for customer_id in attendees:
        await active_customer(uow, customer_id)
    forum = uow.add(
        RevisitForum(
            id=new_id(),
            title=clean_text(command.title, "title", TITLE_LIMIT, required=True),
            held_on=held_on,
            notes=clean_text(command.notes, "notes", BODY_LIMIT),
            attendees=[str(one) for one in attendees],
            at=uow.now,
            actor=uow.actor.label,
        )
    )
    held_at = min(uow.now, start_of_day(held_on + timedelta(days=1), uow.scope.time_zone) - timedelta(seconds=1))
    for customer_id in sorted(attendees):
        for revisit in await queries.open_of_customer(uow, customer_id):
            if revisit.trigger in rules.CADENCES and rule_of(revisit).forum_counts:
                revisit.held_at, revisit.forum_id = held_at, forum.id
                await fulfil(uow, revisit, "forum", f"forum {forum.title}")
        await ensure_cadence(uow, customer_id)
    await journal.record(
        uow, "revisit.forum_held", subject_type="revisit_forum", subject_id=forum.id,
        data={"title": forum.title, "held_on": held_on, "attendees": len(attendees)},
    )  # fmt: skip
    return forum


async def noticed(uow: TenantWork, customer_id: UUID, topic: str) -> None:
    """A notice on a topic reached a customer: the duty to tell it is done (P11-44)."""
    for revisit in await queries.open_of_customer(uow, customer_id):
        if revisit.code == topic and rule_of(revisit).notice:
            revisit.held_at = uow.now
            await fulfil(uow, revisit, "notice", f"notice on {topic}")


async def fulfil(uow: TenantWork, revisit: Revisit, channel: str, reason: str) -> None:
    """The duty is done by something else than a contact of its own."""
    revisit.state, revisit.channel, revisit.reason = "done", channel, reason
    revisit.held_at = revisit.held_at or uow.now
    revisit.held_by = uow.actor.label
    await commitments.meet(uow, subject_of(revisit), MILESTONE, revisit.held_at)
    await note(uow, "revisit.done", revisit, {"number": revisit.number, "channel": channel, "reason": reason})
    await uow.flush()


async def _count(uow: TenantWork, revisit: Revisit, rule: RevisitRule) -> None:
    """The contact counts: its promise is kept, copies go out, and the customer's cadence goes on from here."""
    revisit.state = "done"
    held_at = revisit.held_at or uow.now
    await commitments.meet(uow, subject_of(revisit), MILESTONE, held_at)
    for department in rule.copies_to if revisit.record else ():
        uow.add(
            RevisitCopy(id=new_id(), revisit_id=revisit.id, department=department, record=revisit.record, at=uow.now)
        )
    await note(uow, "revisit.done", revisit, {
        "number": revisit.number, "channel": revisit.channel, "satisfied": revisit.satisfied, "score": revisit.score,
        "held_on": today(held_at, uow.scope.time_zone), "copies_to": list(rule.copies_to),
    })  # fmt: skip
    await uow.flush()
    if revisit.customer_id is None:
        return
    for other in await queries.open_of_customer(uow, revisit.customer_id):
        fits = other.trigger in rules.CADENCES and counts(rule_of(other), revisit.channel or "", revisit.record)
        if fits and today(held_at, uow.scope.time_zone) >= other.since:
            other.held_at = held_at
            await fulfil(uow, other, revisit.channel or "", f"by {revisit.number}")
    await ensure_cadence(uow, revisit.customer_id)


async def _take_up(uow: TenantWork, revisit: Revisit) -> None:
    """Not satisfied: the ticket is open again, and the engineer who worked on it is off it."""
    assert revisit.ticket_id is not None  # noqa: S101 - the caller looked
    ticket = await locked(uow, Ticket, revisit.ticket_id)
    reason = revisit.opinion or "not satisfied when asked afterwards"
    if ticket.state in {"resolved", "closed"}:
        await closing.take_up(uow, ticket, reason)
    if revisit.engineer_id is not None:
        await assignment.exclude(uow, ticket, revisit.engineer_id, reason)


async def _load(uow: TenantWork, revisit_id: UUID, expected_version: int | None) -> Revisit:
    require(uow.actor, "revisit.record")
    # The ticket before the revisit: the order in which closing and reopening a ticket lock.
    seen = await uow.get(Revisit, revisit_id)
    if seen.ticket_id is not None:
        await locked(uow, Ticket, seen.ticket_id)
    return await locked(uow, Revisit, revisit_id, expected_version)


def _vertical(uow: TenantWork, named: str | None) -> str:
    enabled = uow.scope.playbook.verticals
    vertical = named or (next(iter(enabled)) if len(enabled) == 1 else None)
    if vertical is None:
        raise InvalidInput("REQUIRED", field="vertical", field_name="vertical")
    return uow.scope.enabled(vertical).vertical


def _opinions(command: CompleteRevisit, rule: RevisitRule) -> dict[str, str]:
    said: dict[str, str] = {}
    for topic, text in command.opinions.items():
        if rule.topics and topic not in rule.topics:
            raise InvalidInput("REVISIT_TOPIC_UNKNOWN", field="opinions", value=topic, known=", ".join(rule.topics))
        if not isinstance(text, str):
            raise InvalidInput("INPUT_INVALID", field="opinions", reason="text expected")
        said[clean_text(topic, "opinions", NAME_LIMIT, required=True)] = clean_text(text, "opinions", BODY_LIMIT)
    rules.demand([topic for topic in rule.topics if not said.get(topic)], "opinions")
    return said


def _checks(command: CompleteRevisit, rule: RevisitRule) -> dict[str, object]:
    for check in command.checks:
        if rule.check_items and check.item not in rule.check_items:
            known = ", ".join(rule.check_items)
            raise InvalidInput("REVISIT_TOPIC_UNKNOWN", field="checks", value=check.item, known=known)
    found: dict[str, object] = {
        clean_text(check.item, "checks", NAME_LIMIT, required=True): {
            "passed": check.passed, "note": clean_text(check.note, "checks", BODY_LIMIT),
        }
        for check in command.checks
    }  # fmt: skip
    rules.demand([item for item in rule.check_items if item not in found], "checks")
    return found


def _participants(command: CompleteRevisit, rule: RevisitRule) -> list[dict[str, object]]:
    if len(command.participants) > ATTENDEES_LIMIT:
        raise InvalidInput("LIST_TOO_LONG", field="participants", limit=ATTENDEES_LIMIT)
    came: list[dict[str, object]] = [
        {"role": clean_text(one.role, "participants", NAME_LIMIT, required=True),
         "name": clean_text(one.name, "participants", NAME_LIMIT, required=True)}
        for one in command.participants
    ]  # fmt: skip
    present = {one["role"] for one in came}
    rules.demand([role for role in rule.participants if role not in present], "participants")
    return came


def _known(rule: RevisitRule) -> str:
    return ", ".join(rule.channels) or "phone, letter, email, visit, remote, other"
