"""Is this free, and why? One pure function over facts and compiled terms.

Covered = in term and the cause is covered and nothing excludes it and the formalities are done. Order of weight:
an exclusion that is proven; the term; a dealer's own promise; formalities; the cause. After the term an exclusion
changes nothing but who pays, unless it leaves the work to advice or refuses it: those never were in scope.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from aftersales.coverage.standings import standings_of, within_usage
from aftersales.coverage.values import (
    FORMAL_EVIDENCE,
    OTHER_CAUSES,
    CoverageFacts,
    CoverageTerms,
    CoverageVerdict,
    DealerPromise,
    Entitlement,
    Outcome,
    PartHistory,
    PartTerms,
    Payer,
    Reason,
    RuleKind,
    RuleResult,
    Standing,
)
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.terms.base import Term
from aftersales.terms.coverage import Exclusion

LARGEST_USAGE = 2**31 - 1
BEYOND_TERM = frozenset({"advise_only", "reject"})
"""Effects of an exclusion that hold after the term as well."""
NOTHING: tuple[str, ...] = ()
UNPAID = frozenset({"free", "advise_only"})


class _Decision(NamedTuple):
    outcome: Outcome
    payer: Payer
    reason: Reason
    clause: str | None
    provisional: bool = False
    remedies: tuple[str, ...] = ()


def decide(facts: CoverageFacts, terms: CoverageTerms) -> CoverageVerdict:
    """The verdict on one failure of one part.

    Refused: COMPONENT_UNKNOWN, CAUSE_UNKNOWN, USAGE_INVALID, USAGE_BACKWARD, USAGE_REQUIRED, INSTANT_IN_FUTURE,
    OCCURRED_BEFORE_START, WARRANTY_START_MISSING, WARRANTY_TERM_NOT_STATED.
    """
    part = part_of(terms, facts.component)
    _check(facts, terms)
    standings = known_standings(part, facts.starts, facts.history, terms)
    if facts.occurred_on < min(standing.starts_on for standing in standings):
        first = min(standing.starts_on for standing in standings)
        raise InvalidInput("OCCURRED_BEFORE_START", field="occurredOn", occurred_on=facts.occurred_on, starts_on=first)
    rules: list[RuleResult] = []
    standing, in_term = _weigh_terms(standings, facts, rules)
    cause, exclusion, unproven = _weigh_exclusion(facts, terms, in_term, rules)
    if exclusion is not None and (in_term or exclusion.effect in BEYOND_TERM):
        decision = _Decision(exclusion.effect, _payer(exclusion), "EXCLUDED", exclusion.clause)
    elif not in_term:
        decision = _after_term(facts, terms, part, standing, exclusion, rules)
    else:
        decision = _in_term(cause, unproven, facts, terms, standing, rules)
    remedies, must_match = decision.remedies, NOTHING
    if in_term and decision.outcome == "free":
        remedies, must_match = _weigh_symptoms(facts, part, decision.remedies, rules)
    return CoverageVerdict(
        component=part.component,
        warranty_class=part.warranty_class,
        outcome=decision.outcome,
        payer=decision.payer,
        reason=decision.reason,
        clause=decision.clause,
        phase="in_term" if in_term else "after_term",
        provisional=decision.provisional,
        standing=standing,
        remedies=remedies,
        must_match=must_match,
        service_continues=terms.lifetime is not None,
        rules=tuple(rules),
    )


def part_of(terms: CoverageTerms, component: str) -> PartTerms:
    """The terms of a component; COMPONENT_UNKNOWN, WARRANTY_TERM_NOT_STATED."""
    part = terms.parts.get(component)
    if part is None:
        raise InvalidInput("COMPONENT_UNKNOWN", field="component", asset_type=terms.asset_type, value=component)
    if not part.entitlements:
        raise StateRefused("WARRANTY_TERM_NOT_STATED", field="component", warranty_class=part.warranty_class)
    return part


def known_standings(
    part: PartTerms, starts: Mapping[str, date], history: PartHistory, terms: CoverageTerms
) -> list[Standing]:
    """The part's entitlements with their days, the longest first; WARRANTY_START_MISSING when no start is known."""
    found = standings_of(part.entitlements, starts, history, terms.zone, terms.country)
    if not found:
        event = part.entitlements[0].starts_on
        raise StateRefused("WARRANTY_START_MISSING", field="ticketId", event=event)
    return found


def check_question(terms: CoverageTerms, component: str, cause: str | None) -> None:
    """COMPONENT_UNKNOWN, CAUSE_UNKNOWN: what is wrong with a question whatever the asset."""
    if component not in terms.parts:
        raise InvalidInput("COMPONENT_UNKNOWN", field="component", asset_type=terms.asset_type, value=component)
    if cause is not None and cause not in terms.causes:
        known = ", ".join(sorted(terms.causes))
        raise InvalidInput("CAUSE_UNKNOWN", field="cause", value=cause, known=known)


def _check(facts: CoverageFacts, terms: CoverageTerms) -> None:
    check_question(terms, facts.component, facts.cause)
    if facts.occurred_on > facts.today:
        raise InvalidInput("INSTANT_IN_FUTURE", field="occurredOn", field_name="occurredOn")
    if facts.usage is not None:
        if not 0 <= facts.usage <= LARGEST_USAGE:
            raise InvalidInput("USAGE_INVALID", field="usage", value=facts.usage)
        if facts.previous_usage is not None and facts.usage < facts.previous_usage:
            raise InvalidInput("USAGE_BACKWARD", field="usage", value=facts.usage, previous=facts.previous_usage)


def _weigh_terms(standings: list[Standing], facts: CoverageFacts, rules: list[RuleResult]) -> tuple[Standing, bool]:
    """The entitlement that counts: of those that cover the day and the reading the longest, else the last to end.

    A promise and a statutory floor stand side by side; whichever gives more counts, one whose formalities are
    done before one that waits for a paper.
    """
    chosen: Standing | None = None
    by_days: Standing | None = None
    informal: Standing | None = None
    for standing in standings:
        if standing.starts_on <= facts.occurred_on <= standing.last_day:
            by_days = by_days or standing
            if within_usage(standing, facts.usage):
                if facts.evidence.issuperset(standing.formalities):
                    chosen = standing
                    break
                informal = informal or standing
    chosen = chosen or informal
    if chosen is None and by_days is not None and facts.usage is None:
        raise InvalidInput("USAGE_REQUIRED", field="usage")
    winner = chosen or by_days or standings[0]
    for standing in standings:
        if standing is winner:
            why = "in_force" if chosen else ("usage_exceeded" if by_days else "ended")
        elif facts.occurred_on > standing.last_day:
            why = "ended"
        elif facts.occurred_on < standing.starts_on:
            why = "not_begun"
        else:
            why = "in_force_too" if within_usage(standing, facts.usage) else "usage_exceeded"
        rules.append(
            RuleResult(
                rule="floor" if standing.law is not None else "term",
                code=standing.code,
                label=standing.label,
                won=standing is winner,
                why=why,
                clause=standing.clause,
                source=standing.source,
            )
        )
    return winner, chosen is not None


def _weigh_exclusion(
    facts: CoverageFacts, terms: CoverageTerms, in_term: bool, rules: list[RuleResult]
) -> tuple[str | None, Exclusion | None, bool]:
    """The cause to judge by, the exclusion that holds, and whether one fell for want of evidence (A43, A55)."""
    if facts.cause is None:
        return None, None, False
    exclusion = terms.exclusions.get(facts.cause)
    if exclusion is None:
        return facts.cause, None, False
    if exclusion.evidence_required and not facts.evidence - FORMAL_EVIDENCE:
        rules.append(_weighed("exclusion", exclusion, False, "evidence_missing"))
        return exclusion.unproven_as, None, True
    holds = in_term or exclusion.effect in BEYOND_TERM
    rules.append(_weighed("exclusion", exclusion, holds, "cause_excluded" if holds else "term_over"))
    return facts.cause, exclusion, False


def _after_term(
    facts: CoverageFacts,
    terms: CoverageTerms,
    part: PartTerms,
    standing: Standing,
    exclusion: Exclusion | None,
    rules: list[RuleResult],
) -> _Decision:
    """Billed in full, whatever the cause; a plan with service for life goes on serving (P09-12, P10-34)."""
    payer: Payer = _payer(exclusion) if exclusion is not None else "customer"
    if terms.dealer is not None and facts.dealer_promise is not None:
        promised = _dealer_standing(part, facts.dealer_promise, facts, terms)
        if promised is not None and promised.starts_on <= facts.occurred_on <= promised.last_day:
            rules.append(_weighed("dealer_promise", terms.dealer, True, "promised_by_dealer"))
            return _Decision(terms.dealer.effect, _payer(terms.dealer), "DEALER_PROMISE", terms.dealer.clause)
        rules.append(_weighed("dealer_promise", terms.dealer, False, "ended"))
    clause = standing.clause
    if terms.lifetime is not None:
        rules.append(_weighed("phase", terms.lifetime, terms.expired is None, "after_term"))
        clause = terms.lifetime.clause
    if terms.expired is not None:
        rules.append(_weighed("exclusion", terms.expired, True, "expired"))
        clause = terms.expired.clause
    used_up = facts.occurred_on <= standing.last_day
    return _Decision("bill_full", payer, "USAGE_EXCEEDED" if used_up else "EXPIRED", clause)


def _dealer_standing(
    part: PartTerms, promise: DealerPromise, facts: CoverageFacts, terms: CoverageTerms
) -> Standing | None:
    base = part.entitlements[0]
    promised = Entitlement(
        code="dealer_promise", label=base.label, clause=None, source="contract", amount=promise.amount,
        unit=promise.unit, starts_on=base.starts_on, fallback_start=base.fallback_start, end_rule=base.end_rule,
        later_start_counts=base.later_start_counts,
    )  # fmt: skip
    return next(iter(standings_of((promised,), facts.starts, PartHistory(), terms.zone, terms.country)), None)


def _in_term(
    cause: str | None,
    unproven: bool,
    facts: CoverageFacts,
    terms: CoverageTerms,
    standing: Standing,
    rules: list[RuleResult],
) -> _Decision:
    missing = [paper for paper in standing.formalities if paper not in facts.evidence]
    if missing:
        rules.append(
            RuleResult(
                rule="formality", code=missing[0], label=standing.label, won=True, why="formality_missing",
                clause=standing.clause, source=standing.source,
            )
        )  # fmt: skip
        return _Decision("bill_full", "customer", "FORMALITY_MISSING", standing.clause, provisional=True)
    covering = terms.covered.get(cause) if cause is not None else None
    if covering is not None:
        rules.append(_weighed("cause", covering, True, "cause_covered"))
    remedies = covering.remedies if covering else ()
    if unproven:
        clause = covering.clause if covering else standing.clause
        return _Decision("free", "company", "EXCLUSION_UNPROVEN", clause, provisional=True, remedies=remedies)
    if covering is not None:
        return _Decision("free", "company", "COVERED", covering.clause, remedies=remedies)
    if cause is None:
        return _Decision("free", "company", "CAUSE_OPEN", standing.clause, provisional=True)
    if not terms.covered:
        return _Decision("free", "company", "COVERED", standing.clause)
    for other in terms.covered.values():
        rules.append(_weighed("cause", other, False, "other_cause"))
    rules.append(
        RuleResult(
            rule="cause", code=cause, label=OTHER_CAUSES[cause], won=True, why="cause_not_covered",
            clause=next(iter(terms.covered.values())).clause, source="default",
        )
    )  # fmt: skip
    return _Decision("bill_full", "customer", "CAUSE_NOT_COVERED", next(iter(terms.covered.values())).clause)


def _weigh_symptoms(
    facts: CoverageFacts, part: PartTerms, remedies: tuple[str, ...], rules: list[RuleResult]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is done: the remedy whose symptoms are all there (P09-16), else what the cause's own rule allows."""
    for remedy in part.remedies:
        present = [symptom for symptom in remedy.symptoms if symptom in facts.symptoms]
        if len(present) == len(remedy.symptoms):
            rules.append(_weighed("symptom", remedy, True, "symptoms_present"))
            return (remedy.remedy,), remedy.must_match
        if present:
            rules.append(_weighed("symptom", remedy, False, "symptoms_incomplete"))
    return remedies or ("repair",), ()


def _payer(exclusion: Exclusion) -> Payer:
    return "company" if exclusion.effect in UNPAID else exclusion.bill_to


def _weighed(rule: RuleKind, term: Term, won: bool, why: str) -> RuleResult:
    return RuleResult(
        rule=rule, code=term.code, label=term.label, won=won, why=why, clause=term.clause, source=term.source
    )
