"""Grades: decided from facts, kept with them, and changed with their history."""

from typing import Any

import msgspec
from msgspec import Struct

from aftersales.commitments import service as commitments
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, PluginFault
from aftersales.kit.text import BODY_LIMIT, clean_text
from aftersales.plugins.verdicts import GradeVerdict
from aftersales.scope import TenantWork
from aftersales.terms.classification import GradeScheme
from aftersales.terms.deadlines import MajorIncidentRule
from aftersales.terms.playbook import VerticalPlaybook
from aftersales.tickets import grading_rules as rules
from aftersales.tickets.closing_rules import major_incident
from aftersales.tickets.commands import Regrade
from aftersales.tickets.grading_rules import GradeDecision
from aftersales.tickets.handling import (
    load,
    move,
    refresh_due,
    started_events,
    subject_of,
    target_facts,
    terms_under,
)
from aftersales.tickets.models import Ticket, TicketGrading


class Graded(Struct, frozen=True, kw_only=True):
    """Facts in the vertical's own form and the grade they led to; no decision where there are no grades."""

    facts: dict[str, Any]
    decision: GradeDecision | None


async def decide(
    uow: TenantWork,
    terms: VerticalPlaybook,
    raw: dict[str, Any],
    *,
    explicit: str | None = None,
    reason: str = "",
    emergency: bool = False,
    optional: bool = False,
) -> Graded:
    """The grade: a person's word, else the first matching rule, else the vertical's classifier, else the default.

    `optional` leaves out the grade when neither facts nor a grade are stated.
    FACTS_INVALID names the fact that doesn't fit; GRADE_UNKNOWN for a grade that the vertical hasn't declared.
    """
    scheme = terms.grade_scheme
    if scheme is None:
        if raw:
            raise rules.facts_invalid(next(iter(raw)), f"{terms.vertical} declares no facts")
        if explicit is not None:
            raise InvalidInput("GRADE_NOT_DECLARED", field="grade", vertical=terms.vertical)
        return Graded(facts={}, decision=None)
    if optional and not raw and explicit is None and not emergency:
        return Graded(facts={}, decision=None)
    stated = rules.with_emergency(scheme.facts, raw, reason) if emergency else raw
    facts = rules.typed_facts(scheme.facts, stated)
    if explicit is not None:
        decision = rules.by_person(scheme, explicit, reason)
    else:
        decision = await _from_facts(uow, terms, scheme, facts)
        if emergency:
            decision = rules.by_emergency(scheme, decision, reason)
    return Graded(facts=msgspec.to_builtins(facts), decision=decision)


async def _from_facts(uow: TenantWork, terms: VerticalPlaybook, scheme: GradeScheme, facts: Struct) -> GradeDecision:
    rule = rules.matching_rule(scheme, facts)
    if rule is not None:
        return rules.by_rule(scheme, rule)
    if rules.says_nothing(facts):
        return rules.by_default(scheme)
    verdict = await uow.scope.registry.behave(terms.vertical, "classify_fault", facts=facts, settings=terms.settings)
    if verdict is None:
        return rules.by_default(scheme)
    if not isinstance(verdict, GradeVerdict) or scheme.grade(verdict.grade) is None:
        raise PluginFault(
            "VERTICAL_RETURNED_NONSENSE", vertical=terms.vertical, hook="classify_fault", reason=repr(verdict)
        )
    return rules.by_classifier(scheme, verdict, uow.scope.language)


async def apply(uow: TenantWork, ticket: Ticket, graded: Graded) -> None:
    """Put a decision on the ticket, keep it in the history, and convene the lead group of a major incident."""
    decision, previous = graded.decision, ticket.grade
    ticket.facts = graded.facts
    if decision is None:
        ticket.priority = rules.priority_of(None, emergency=ticket.emergency)
        return
    ticket.grade = decision.grade.code
    ticket.graded_at = uow.now
    ticket.emergency = ticket.emergency or decision.grade.emergency
    ticket.priority = rules.priority_of(decision.grade, emergency=ticket.emergency)
    uow.add(
        TicketGrading(
            ticket_id=ticket.id,
            at=uow.now,
            grade=ticket.grade,
            previous_grade=previous,
            facts=graded.facts,
            decided_by=decision.decided_by,
            reason=decision.reason,
            clause=decision.clause,
            actor=uow.actor.label,
        )
    )
    await journal.record(
        uow,
        "ticket.graded",
        subject_type="ticket",
        subject_id=ticket.id,
        ticket=ticket,
        data={
            "grade": ticket.grade,
            "previous_grade": previous,
            "decided_by": decision.decided_by,
            "reason": decision.reason,
            "clause": decision.clause,
        },
    )
    major = major_incident((await terms_under(uow, ticket)).major_incidents, ticket.grade)
    if major is not None and ticket.grade != previous:
        await _convene(uow, ticket, major)


async def _convene(uow: TenantWork, ticket: Ticket, rule: MajorIncidentRule) -> None:
    event = await journal.record(
        uow,
        "ticket.major_incident",
        subject_type="ticket",
        subject_id=ticket.id,
        ticket=ticket,
        data={"grade": ticket.grade, "roles": rule.notify_roles, "clause": rule.clause},
    )
    uow.enqueue(
        "notice",
        {
            "event_id": str(event.id),
            "ticket_id": str(ticket.id),
            "kind": "major_incident",
            "roles": list(rule.notify_roles),
            "clause": rule.clause,
            "subject": {
                "zh-CN": f"【重大故障】{ticket.number}:{rule.label.zh}召集",
                "en": f"[Major incident] {ticket.number}: {rule.label.en} convenes",
            },
            "body": {
                "zh-CN": f"{ticket.title}\n请立即制定应急技术方案。条款:{rule.clause}。\n",
                "en": f"{ticket.title}\nMake the emergency plan at once. Clause: {rule.clause}.\n",
            },
        },
    )


async def regrade(uow: TenantWork, command: Regrade) -> Ticket:
    """Grade a ticket again, from further facts or by a person; deadlines are re-computed and keep their pauses."""
    ticket = await load(uow, command, "ticket.grade")
    await move(uow, ticket, "regrade")
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    terms = await terms_under(uow, ticket)
    was_emergency = ticket.emergency_reason is not None
    ticket.emergency = was_emergency  # a grade's own emergency goes with the grade, a declared one stays (A28)
    graded = await decide(uow, terms, {**ticket.facts, **command.facts}, explicit=command.grade, reason=reason)
    if graded.decision is None:
        raise InvalidInput("GRADE_NOT_DECLARED", field="grade", vertical=ticket.vertical)
    await apply(uow, ticket, graded)
    await commitments.retarget(
        uow,
        subject_of(ticket),
        await target_facts(uow, ticket),
        reason,
        uow.now,
        started=started_events(ticket),
    )
    await refresh_due(uow, ticket)
    return ticket
