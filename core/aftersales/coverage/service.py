"""What the coverage room does; each function takes a unit of work, and never commits."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from aftersales.access import require
from aftersales.assets import rules as asset_rules
from aftersales.assets.models import Asset
from aftersales.assets.service import visible
from aftersales.calendars.terms import LONGEST_TERM_YEARS
from aftersales.calendars.windows import local_date
from aftersales.contracts import lifecycle
from aftersales.contracts import queries as contract_queries
from aftersales.contracts.amendments import note_agreed, settle, terms_as_of
from aftersales.contracts.models import ServiceContract
from aftersales.contracts.terms import terms_of
from aftersales.coverage import queries, rules
from aftersales.coverage.commands import AgreeWarranty, DecideCoverage, EvidenceDetails
from aftersales.coverage.compiling import AGREED, agreed_terms, check_agreed, compile_terms
from aftersales.coverage.disputes import locked_cause
from aftersales.coverage.explanations import Explanation, explain
from aftersales.coverage.models import CoverageDecision
from aftersales.coverage.standings import standings_of, starts_of, within_usage
from aftersales.coverage.values import (
    EVIDENCE_KINDS,
    CoverageFacts,
    CoverageTerms,
    CoverageVerdict,
    DealerPromise,
    Evidence,
    PartHistory,
    PartTerms,
    Standing,
)
from aftersales.journal import service as journal
from aftersales.kit.entities import encode
from aftersales.kit.errors import InvalidInput, Language, NotFound, StateRefused
from aftersales.kit.guards import happened_on, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, CODE_LIMIT, NAME_LIMIT, clean_text
from aftersales.parties.queries import valid_card
from aftersales.scope import TenantWork
from aftersales.terms.base import Label
from aftersales.terms.coverage import EndRule, TermStart, TermUnit, UsageLimit, WarrantyTerm
from aftersales.tickets.handling import load_ticket, move, visible_to
from aftersales.tickets.models import Ticket

WarrantyState = Literal["in_term", "ended", "not_begun", "start_missing", "not_stated"]
LONGEST: Final[dict[str, int]] = {
    "day": 366 * LONGEST_TERM_YEARS,
    "month": 12 * LONGEST_TERM_YEARS,
    "year": LONGEST_TERM_YEARS,
}
MOST_EVIDENCE: Final = 50
MOST_SYMPTOMS: Final = 20


class AssetWarranty(Struct, frozen=True, kw_only=True):
    """The warranty of one part on a day; `standing` is the entitlement that counts, None without a known start."""

    component: str
    label: Label
    warranty_class: str
    state: WarrantyState
    standing: Standing | None


async def terms_for(uow: TenantWork, asset: Asset, contract: ServiceContract | None, on: date) -> CoverageTerms:
    """The terms that count for an asset on a day: those its contract was signed on, with what it agreed in their
    place; without a contract its vertical's."""
    scope = uow.scope
    playbook, own = scope.vertical(asset.vertical), None
    if contract is not None:
        playbook, own = await terms_as_of(uow, contract, on)
    return compile_terms(
        playbook,
        playbook.asset_type(asset.asset_type)
        or asset_rules.known_type(scope.vertical(asset.vertical), asset.asset_type),
        ZoneInfo(scope.time_zone),
        agreed=agreed_terms(own),
    )


async def decide_coverage(uow: TenantWork, command: DecideCoverage) -> CoverageDecision:
    """Decide whether the work on a part is free, and keep the decision; changed facts make a further one.

    The same facts under the same terms give the decision that stands already. TICKET_WITHOUT_ASSET,
    TICKET_STATE_REFUSED, VALUE_UNKNOWN for a kind of evidence, and what `rules.decide` refuses.
    """
    ticket = await load_ticket(uow, command.ticket_id, "coverage.decide", command.expected_version)
    await move(uow, ticket, "record")
    if ticket.asset_id is None:
        raise StateRefused("TICKET_WITHOUT_ASSET", field="ticketId")
    asset = await uow.get(Asset, ticket.asset_id)
    occurred_on = happened_on(uow.now, uow.scope.time_zone, command.occurred_on, "occurredOn")
    contract = await _contract(uow, ticket, asset, occurred_on)
    terms = await terms_for(uow, asset, contract, occurred_on)
    part = rules.part_of(terms, command.component)
    evidence = _evidence(command.evidence)
    cause = clean_text(command.cause, "cause", CODE_LIMIT) or None
    facts = CoverageFacts(
        component=part.component,
        occurred_on=occurred_on,
        today=today(uow.now, uow.scope.time_zone),
        starts=await _starts(uow, asset, contract),
        cause=await locked_cause(uow, ticket.id, part.component, cause),
        symptoms=check_symptoms(command.symptoms),
        evidence=frozenset(found.kind for found in evidence) | await _papers(uow, ticket.site_id or asset.site_id),
        usage=asset.usage if command.usage is None else command.usage,
        previous_usage=asset.usage,
        history=await _history(uow, asset, part, occurred_on, ticket.id),
        dealer_promise=_dealer_promise(command),
    )
    verdict = rules.decide(facts, terms)
    known = _stored(facts), _stored(verdict), _stored(evidence), uow.scope.playbook.key
    latest = await queries.latest(uow, ticket.id, part.component)
    if latest is not None and (latest.facts, latest.verdict, latest.evidence, latest.playbook_key) == known:
        return latest
    decision = uow.add(
        CoverageDecision(
            id=new_id(),
            ticket_id=ticket.id,
            asset_id=asset.id,
            contract_id=contract.id if contract else None,
            component=part.component,
            warranty_class=part.warranty_class,
            sequence=latest.sequence + 1 if latest else 1,
            occurred_on=occurred_on,
            usage=facts.usage,
            symptoms=list(facts.symptoms),
            cause=facts.cause,
            evidence=known[2],
            outcome=verdict.outcome,
            payer=verdict.payer,
            reason=verdict.reason,
            clause=verdict.clause,
            phase=verdict.phase,
            provisional=verdict.provisional,
            remedies=list(verdict.remedies),
            must_match=list(verdict.must_match),
            starts_on=verdict.standing.starts_on,
            last_day=verdict.standing.last_day,
            ends_at=verdict.standing.ends_at,
            verdict=known[1],
            facts=known[0],
            playbook_key=uow.scope.playbook.key,
            decided_at=uow.now,
            actor=uow.actor.label,
        )
    )
    ticket.component = ticket.component or part.component
    await journal.record(
        uow,
        "coverage.decided",
        subject_type="coverage_decision",
        subject_id=decision.id,
        ticket=ticket,
        data={
            "component": decision.component, "sequence": decision.sequence, "outcome": decision.outcome,
            "payer": decision.payer, "reason": decision.reason, "clause": decision.clause, "cause": decision.cause,
            "previous_outcome": latest.outcome if latest else None, "provisional": decision.provisional,
        },
    )  # fmt: skip
    return decision


async def agree_warranty(uow: TenantWork, command: AgreeWarranty) -> ServiceContract:
    """State the length of a term in a contract; decisions from now on follow it, those made before stay.

    TERM_BELOW_STATUTORY_FLOOR, TERM_LENGTH_INVALID, WARRANTY_CLASS_UNKNOWN, VALUE_UNKNOWN, REQUIRED,
    CONTRACT_ENDED, AMENDMENT_WAITING.
    """
    require(uow.actor, "contract.manage")
    contract = await locked(uow, ServiceContract, command.contract_id, command.expected_version)
    lifecycle.check_active(contract)
    await settle(uow, contract)
    playbook = terms_of(uow.scope, contract.vertical, contract)
    check_value(command.unit, get_args(TermUnit), "unit")
    check_value(command.starts_on, get_args(TermStart), "startsOn")
    check_value(command.end_rule, get_args(EndRule), "endRule")
    for number, paper in enumerate(command.formalities):
        check_value(paper, EVIDENCE_KINDS, f"formalities.{number}")
    if not 0 < command.amount <= LONGEST[command.unit]:
        raise InvalidInput("TERM_LENGTH_INVALID", field="amount", value=command.amount)
    declared = next((term for term in playbook.warranty_terms if term.warranty_class == command.warranty_class), None)
    label = declared.label if declared else Label(command.warranty_class, command.warranty_class)
    term = WarrantyTerm(
        code=command.warranty_class,
        label=label,
        clause=clean_text(command.clause, "clause", CODE_LIMIT) or contract.number,
        source="contract",
        warranty_class=command.warranty_class,
        amount=command.amount,
        unit=command.unit,  # type: ignore[arg-type]  # checked above
        starts_on=command.starts_on,  # type: ignore[arg-type]  # checked above
        end_rule=command.end_rule,  # type: ignore[arg-type]  # checked above
        usage_limit=_usage_limit(command),
        roll_holiday=command.roll_holiday,
        extends_by_repair=command.extends_by_repair,
        restarts_on_replacement=command.restarts_on_replacement,
        formalities=command.formalities,
    )
    if declared is not None:
        # What else the vertical says of this class stays as it is.
        term = msgspec.structs.replace(term, also_covers=declared.also_covers)
        if declared.starts_on == term.starts_on:
            term = msgspec.structs.replace(
                term, fallback_start=declared.fallback_start, later_start_counts=declared.later_start_counts
            )
    check_agreed(term, playbook)
    kept = [found for found in agreed_terms(contract.terms) if found.warranty_class != term.warranty_class]
    before, contract.terms = contract.terms, {**contract.terms, AGREED: _stored([*kept, term])}
    note_agreed(uow, contract, before)
    lifecycle.refresh(uow, contract, playbook)
    await journal.record(
        uow,
        "contract.warranty_agreed",
        subject_type="contract",
        subject_id=contract.id,
        customer_id=contract.customer_id,
        vertical=contract.vertical,
        data={"warranty_class": term.warranty_class, "amount": term.amount, "unit": term.unit, "clause": term.clause},
    )
    return contract


async def asset_warranties(uow: TenantWork, asset_id: UUID, on: date | None = None) -> list[AssetWarranty]:
    """Every part of an asset with its warranty on a local day, by default today. NOT_FOUND for others' assets."""
    asset = await uow.get(Asset, asset_id)
    if not visible(uow, asset):
        raise NotFound("NOT_FOUND", field="assetId", thing="Asset")
    day = on or today(uow.now, uow.scope.time_zone)
    contract = await _contract(uow, None, asset, day)
    terms = await terms_for(uow, asset, contract, day)
    starts = await _starts(uow, asset, contract)
    found: list[AssetWarranty] = []
    for part in terms.parts.values():
        history = await _history(uow, asset, part, day, None)
        standings = standings_of(part.entitlements, starts, history, terms.zone, terms.country)
        state, standing = _state(part, standings, day, asset.usage)
        found.append(
            AssetWarranty(
                component=part.component, label=part.label, warranty_class=part.warranty_class, state=state,
                standing=standing,
            )
        )  # fmt: skip
    return found


async def decisions_of(uow: TenantWork, ticket_id: UUID) -> list[CoverageDecision]:
    """The decision that counts for each part of a ticket's asset: what work on it is priced under."""
    return await queries.counting_of_ticket(uow, ticket_id)


async def explain_decision(uow: TenantWork, decision_id: UUID, language: Language) -> Explanation:
    """A decision in words; NOT_FOUND for a ticket that isn't the caller's."""
    decision = await uow.get(CoverageDecision, decision_id)
    if not visible_to(uow.actor, await uow.get(Ticket, decision.ticket_id)):
        raise NotFound("NOT_FOUND", field="decisionId", thing="CoverageDecision")
    return explain(verdict_of(decision), language)


def verdict_of(decision: CoverageDecision) -> CoverageVerdict:
    """The verdict as it was given."""
    return msgspec.convert(decision.verdict, CoverageVerdict)


def _state(
    part: PartTerms, standings: Sequence[Standing], day: date, usage: int | None
) -> tuple[WarrantyState, Standing | None]:
    if not part.entitlements:
        return "not_stated", None
    if not standings:
        return "start_missing", None
    for standing in standings:
        reached = usage is not None and not within_usage(standing, usage)
        if standing.starts_on <= day <= standing.last_day and not reached:
            return "in_term", standing
    return ("not_begun" if day < min(found.starts_on for found in standings) else "ended"), standings[0]


async def _contract(uow: TenantWork, ticket: Ticket | None, asset: Asset, on: date) -> ServiceContract | None:
    if ticket is not None and ticket.contract_id is not None:
        return await uow.get(ServiceContract, ticket.contract_id)
    # A contract that is over still says what was promised for the product: its term may run on, or have ended with it.
    return await contract_queries.counting_or_over(
        uow, customer_id=asset.customer_id, vertical=asset.vertical, asset_id=asset.id, asset_type=asset.asset_type,
        today=on,
    )  # fmt: skip


async def _starts(uow: TenantWork, asset: Asset, contract: ServiceContract | None) -> dict[str, date]:
    """The asset's start events; where it has none, those of what it is a part of, else those of its contract."""
    sources: list[Mapping[str, Any]] = [{**asset.attributes, "accepted_on": asset.accepted_on}]
    if asset.parent_asset_id is not None:
        parent = await uow.get(Asset, asset.parent_asset_id)
        sources.append({**parent.attributes, "accepted_on": parent.accepted_on})
    found = starts_of(*sources)
    agreed = {} if contract is None else contract.start_events
    return {**{event: date.fromisoformat(day) for event, day in agreed.items()}, **found}


async def _history(uow: TenantWork, asset: Asset, part: PartTerms, on: date, ticket_id: UUID | None) -> PartHistory:
    """When the part was replaced and how many days covered repairs of it took, where a term asks for it."""
    replaced: date | None = None
    days = 0
    if any(found.restarts_on_replacement for found in part.entitlements):
        replaced = (await queries.replaced_parts(uow, asset.id, on)).get(part.component)
    if any(found.extends_by_repair for found in part.entitlements):
        zone = ZoneInfo(uow.scope.time_zone)
        for repair in await queries.covered_repairs(uow, asset.id):
            first, last = local_date(repair["reported_at"], zone), local_date(repair["resolved_at"], zone)
            if repair["component"] == part.component and repair["id"] != ticket_id and last <= on:
                days += (last - first).days
    return PartHistory(replaced_on=replaced, repair_days=days)


async def _papers(uow: TenantWork, site_id: UUID | None) -> frozenset[str]:
    """The papers that the company itself has on record."""
    if site_id is None or await valid_card(uow, site_id) is None:
        return frozenset()
    return frozenset({"warranty_card"})


def _evidence(given: Sequence[EvidenceDetails]) -> tuple[Evidence, ...]:
    if len(given) > MOST_EVIDENCE:
        raise InvalidInput("TOO_MANY_GIVEN", field="evidence", limit=MOST_EVIDENCE, count=len(given))
    for number, found in enumerate(given):
        check_value(found.kind, EVIDENCE_KINDS, f"evidence.{number}.kind")
    return tuple(
        Evidence(
            kind=found.kind,  # type: ignore[arg-type]  # checked above
            reference=clean_text(found.reference, f"evidence.{number}.reference", BODY_LIMIT, required=True),
        )
        for number, found in enumerate(given)
    )


def check_symptoms(given: Sequence[str]) -> tuple[str, ...]:
    """Symptoms in words, bounded: TOO_MANY_GIVEN."""
    if len(given) > MOST_SYMPTOMS:
        raise InvalidInput("TOO_MANY_GIVEN", field="symptoms", limit=MOST_SYMPTOMS, count=len(given))
    return tuple(clean_text(symptom, "symptoms", NAME_LIMIT, required=True) for symptom in given)


def _dealer_promise(command: DecideCoverage) -> DealerPromise | None:
    promise = command.dealer_promise
    if promise is None:
        return None
    check_value(promise.unit, get_args(TermUnit), "dealerPromise.unit")
    if not 0 < promise.amount <= LONGEST[promise.unit]:
        raise InvalidInput("TERM_LENGTH_INVALID", field="dealerPromise.amount", value=promise.amount)
    return DealerPromise(amount=promise.amount, unit=promise.unit)  # type: ignore[arg-type]  # checked above


def _usage_limit(command: AgreeWarranty) -> UsageLimit | None:
    if command.usage_limit is None and command.usage_unit is None:
        return None
    if command.usage_limit is None or command.usage_unit is None:
        missing = "usageLimit" if command.usage_limit is None else "usageUnit"
        raise InvalidInput("REQUIRED", field=missing, field_name=missing)
    check_value(command.usage_unit, ("kilometre", "operating_hour"), "usageUnit")
    if command.usage_limit < 1:
        raise InvalidInput("USAGE_INVALID", field="usageLimit", value=command.usage_limit)
    return UsageLimit(amount=command.usage_limit, unit=command.usage_unit)  # type: ignore[arg-type]  # checked above


def check_value(value: str, known: Sequence[str], field: str) -> None:
    """VALUE_UNKNOWN for one that isn't among them."""
    if value not in known:
        raise InvalidInput("VALUE_UNKNOWN", field=field, field_name=field, value=value, known=", ".join(known))


def _stored(value: Any) -> Any:
    """A value as a JSON column gives it back. The day of the question isn't part of the facts."""
    found = msgspec.json.decode(msgspec.json.encode(value, enc_hook=encode))
    if isinstance(value, CoverageFacts):
        del found["today"]
        found["evidence"] = sorted(found["evidence"])
    return found
