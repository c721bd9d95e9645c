"""Opening a ticket: what was said is checked, graded, routed, and its clocks are started."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import msgspec

from aftersales.access import require
from aftersales.calendars.rules import compile_calendar
from aftersales.commitments import service as commitments
from aftersales.contracts import amendments, lifecycle_rules
from aftersales.contracts import queries as contracts
from aftersales.contracts.models import ServiceContract
from aftersales.contracts.terms import terms_of
from aftersales.coverage.compiling import agreed_terms
from aftersales.coverage.standings import starts_of
from aftersales.journal import service as journal
from aftersales.kit.counters import next_number
from aftersales.kit.errors import InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import today
from aftersales.kit.idempotency import KEY_LIMIT, earlier_outcome, fingerprint, remember_outcome
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.parties.regions import check_region
from aftersales.scope import TenantWork
from aftersales.terms.playbook import VerticalPlaybook
from aftersales.tickets import closing_rules, grading, intake_rules, queries
from aftersales.tickets.closing_rules import Evidence
from aftersales.tickets.commands import OpenTicket
from aftersales.tickets.handling import facts_under, in_force, refresh_due, subject_of, traits_of, visible_to
from aftersales.tickets.instants import is_outsider, told
from aftersales.tickets.models import Ticket
from aftersales.tickets.records import new_call_record

NUMBER_PREFIX = "T"
UNGRADED_KINDS = frozenset({"complaint", "suggestion"})
"""Kinds that get a fault grade only when somebody states facts or a grade."""


async def open_ticket(uow: TenantWork, command: OpenTicket) -> Ticket:
    """Take in a request, once per idempotency key.

    Refusals name the input field; nothing is written by a call that is refused. The number counts per calendar
    year of the tenant's zone.
    """
    require(uow.actor, "ticket.open")
    if command.idempotency_key is None:
        return await take_in(uow, command)
    key = clean_text(command.idempotency_key, "idempotencyKey", KEY_LIMIT, required=True)
    digest = fingerprint("open_ticket", msgspec.structs.replace(command, idempotency_key=None))
    earlier = await earlier_outcome(uow, key, digest)
    if earlier is not None:
        return await uow.get(Ticket, UUID(earlier["ticket_id"]))
    ticket = await take_in(uow, command)
    remember_outcome(uow, key, digest, {"ticket_id": str(ticket.id)})
    return ticket


async def take_in(
    uow: TenantWork, command: OpenTicket, *, complaint_about: Ticket | None = None, asked_for: bool = True
) -> Ticket:
    """Check, grade, route and write one request; see `open_ticket`.

    Work that nobody `asked_for` owes no answer: what is due was planned before, and a visit is decided on.

    What a complaint takes over from the ticket that it is about was checked when that one was opened: a retired
    asset and a disabled vertical stay, a contract that isn't in force any more is left out.
    """
    _check_caller(uow, command)
    intake_rules.check_kind(command.kind)
    intake_rules.check_channel(command.channel)
    title = clean_text(command.title, "title", TITLE_LIMIT, required=True)
    description = clean_text(command.description, "description", BODY_LIMIT)
    check_region(command.region)
    reported_at = told(uow, command.reported_at, "reportedAt")
    crashed_at = None if command.crashed_at is None else told(uow, command.crashed_at, "crashedAt")
    error_code = clean_text(command.error_code, "errorCode", NAME_LIMIT) or None
    module_code = clean_text(command.module_code, "moduleCode", NAME_LIMIT) or None
    emergency = command.emergency or command.facts.get("emergency") is True
    emergency_reason = _emergency_reason(command, emergency)

    about = await _context(uow, command)
    if complaint_about is not None:
        terms = uow.scope.vertical(complaint_about.vertical)
    else:
        terms = uow.scope.enabled(_vertical(uow, command, about))
        _check_asset(command, about, terms)
    intake_rules.check_codes(terms, error_code, module_code)
    intake_rules.check_component(terms, about["asset_type"], command.component)
    intake_rules.check_symptom(terms, command.component, command.symptom)
    intake_rules.check_work_type(terms, command.work_type)
    intake_rules.check_campaign(terms, command.campaign)
    begun = await _contract(uow, command, about, terms.vertical, taken_over=complaint_about is not None)
    if begun is not None and begun.coming_at is not None and begun.coming_at <= uow.now and begun.state == "active":
        # The round that lets amendments count may be some seconds behind the day.
        begun = await uow.get(ServiceContract, begun.id, for_update=True)
        await amendments.begin_due(uow, begun)
    contract = begun if begun is not None and in_force(uow, begun, terms.vertical) else None
    kept = _kept_contract(command, begun, contract)
    # How grave a fault is, what it needs and where it lies is read as the contract was signed, like its deadlines.
    promised = terms if kept is None else terms_of(uow.scope, terms.vertical, begun)
    graded = await grading.decide(
        uow,
        promised,
        command.facts,
        explicit=command.grade,
        reason=emergency_reason or clean_text(command.grade_reason, "gradeReason", BODY_LIMIT),
        emergency=emergency,
        optional=command.kind in UNGRADED_KINDS,
    )
    region = _region(uow, command, about)
    region_class = promised.region_class_of(region)
    ladder = promised.ladder_of_channels
    ticket = Ticket(
        id=new_id(),
        kind=command.kind,
        channel=command.channel,
        vertical=terms.vertical,
        title=title,
        description=description,
        state="open",
        step=ladder.steps[0] if ladder else "phone",
        emergency=emergency,
        emergency_reason=emergency_reason,
        facts=graded.facts,
        customer_id=command.customer_id,
        contact_id=command.contact_id,
        site_id=about["site_id"],
        asset_id=command.asset_id,
        component=command.component,
        symptom=clean_text(command.symptom, "symptom", NAME_LIMIT) or None,
        contract_id=kept,
        billable=_term_over(uow, begun, about, terms),
        region=region,
        region_class=region_class.code if region_class else None,
        tier=about["tier"],
        work_type=command.work_type,
        error_code=error_code,
        module_code=module_code,
        campaign=command.campaign,
        parent_ticket_id=command.parent_ticket_id,
        complaint_about_ticket_id=command.complaint_about_ticket_id,
        owner_member_id=_owner(uow, command),
        reported_at=reported_at,
        crashed_at=crashed_at,
        created_at=uow.now,
    )
    _check_opening(promised, ticket, graded, command)
    await _route(uow, ticket, terms, command.service_unit_id, reported_at)
    ticket.number = await next_number(uow, NUMBER_PREFIX, today(uow.now, uow.scope.time_zone).year)
    uow.add(ticket)
    uow.memo[Ticket, ticket.id, "locked"] = True
    if command.call is not None:
        uow.add(new_call_record(uow, ticket.id, command.call, not_before=None))
    await journal.record(
        uow, "ticket.opened", subject_type="ticket", subject_id=ticket.id, ticket=ticket, data=_summary(ticket),
        at=reported_at,
    )  # fmt: skip
    await grading.apply(uow, ticket, graded)
    if not asked_for:
        ticket.on_site_decided_at, ticket.step = uow.now, "on_site"
        return ticket
    facts = facts_under(ticket, contract)
    await commitments.start(uow, subject_of(ticket), facts, "reported", reported_at, fresh=True)
    if ticket.graded_at is not None:
        await commitments.start(uow, subject_of(ticket), facts, "graded", ticket.graded_at)
    await refresh_due(uow, ticket)
    return ticket


def _summary(ticket: Ticket) -> dict[str, Any]:
    return {
        "number": ticket.number,
        "kind": ticket.kind,
        "channel": ticket.channel,
        "title": ticket.title,
        "queue": ticket.queue,
        "region_class": ticket.region_class,
        "emergency_reason": ticket.emergency_reason,
        "campaign": ticket.campaign,
    }


def _check_caller(uow: TenantWork, command: OpenTicket) -> None:
    """Customers and dealers open for themselves only; only who may grade says how grave it is (A28)."""
    actor = uow.actor
    if actor.customer_id is not None and command.customer_id != actor.customer_id:
        raise NotFound("NOT_FOUND", field="customerId", thing="Customer")
    if actor.dealer_id is not None and command.service_unit_id not in {None, actor.dealer_id}:
        raise NotFound("NOT_FOUND", field="serviceUnitId", thing="ServiceUnit")
    if command.grade is not None or command.emergency or command.facts.get("emergency") is True:
        require(actor, "ticket.grade")


def _emergency_reason(command: OpenTicket, emergency: bool) -> str | None:
    stated = command.facts.get("emergency_reason")
    given = command.emergency_reason or (stated if isinstance(stated, str) else None)
    reason = clean_text(given, "emergencyReason", BODY_LIMIT)
    if emergency and not reason:
        raise InvalidInput("EMERGENCY_REASON_REQUIRED", field="emergencyReason")
    return reason or None


async def _context(uow: TenantWork, command: OpenTicket) -> asyncpg.Record:
    """Everything the request refers to, each belonging to the customer; NOT_FOUND names the field that doesn't."""
    about = await queries.intake_context(
        uow,
        customer_id=command.customer_id,
        asset_id=command.asset_id,
        site_id=command.site_id,
        contact_id=command.contact_id,
        parent_id=command.parent_ticket_id,
        about_id=command.complaint_about_ticket_id,
    )
    if about is None:
        raise NotFound("NOT_FOUND", field="customerId", thing="Customer")
    owners = (
        ("assetId", "Asset", command.asset_id, about["asset_customer"]),
        ("siteId", "Site", command.site_id, about["site_customer"]),
        ("contactId", "Contact", command.contact_id, about["contact_customer"]),
        ("parentTicketId", "Ticket", command.parent_ticket_id, about["parent_customer"]),
        ("complaintAboutTicketId", "Ticket", command.complaint_about_ticket_id, about["about_customer"]),
    )
    for field, thing, asked, owner in owners:
        if asked is not None and owner != command.customer_id:
            raise NotFound("NOT_FOUND", field=field, thing=thing)
    await _check_related(uow, command)
    if about["customer_state"] == "archived":
        raise StateRefused("CUSTOMER_ARCHIVED", field="customerId")
    return about


async def _check_related(uow: TenantWork, command: OpenTicket) -> None:
    """The related tickets are the caller's to see; the parent is locked, so that it isn't closed meanwhile.

    A dealer opens tickets for the customers of its own tickets only: others don't exist for it.
    """
    dealer = uow.actor.dealer_id
    if dealer is not None and not await queries.serves(uow, unit_id=dealer, customer_id=command.customer_id):
        raise NotFound("NOT_FOUND", field="customerId", thing="Customer")
    if command.complaint_about_ticket_id is not None:
        about = await uow.find(Ticket, command.complaint_about_ticket_id)
        if about is None or not visible_to(uow.actor, about):
            raise NotFound("NOT_FOUND", field="complaintAboutTicketId", thing="Ticket")
    if command.parent_ticket_id is not None:
        parent = await uow.find(Ticket, command.parent_ticket_id, for_update=True)
        if parent is None or not visible_to(uow.actor, parent):
            raise NotFound("NOT_FOUND", field="parentTicketId", thing="Ticket")
        if parent.state in {"closed", "cancelled"}:
            raise StateRefused("PARENT_CLOSED", field="parentTicketId")


def _region(uow: TenantWork, command: OpenTicket, about: asyncpg.Record) -> str | None:
    """The region as said, else the site's, else the customer's; an outsider's word doesn't move a known site."""
    site: str | None = about["site_region"]
    customer: str | None = about["customer_region"]
    stated = (site or command.region) if is_outsider(uow) else (command.region or site)
    return stated or customer


def _vertical(uow: TenantWork, command: OpenTicket, about: asyncpg.Record) -> str:
    enabled = uow.scope.playbook.verticals
    vertical: str | None = command.vertical or about["asset_vertical"]
    if vertical is None and len(enabled) == 1:
        vertical = next(iter(enabled))
    if vertical is None:
        raise InvalidInput("REQUIRED", field="vertical", field_name="vertical")
    return vertical


def _check_asset(command: OpenTicket, about: asyncpg.Record, terms: VerticalPlaybook) -> None:
    if command.asset_id is None:
        return
    if about["asset_vertical"] != terms.vertical:
        raise InvalidInput(
            "ASSET_OF_OTHER_VERTICAL", field="assetId", actual=about["asset_vertical"], vertical=terms.vertical
        )
    if about["asset_state"] == "retired":
        raise StateRefused("ASSET_RETIRED", field="assetId")


async def _contract(
    uow: TenantWork, command: OpenTicket, about: asyncpg.Record, vertical: str, *, taken_over: bool
) -> ServiceContract | None:
    """The contract of the request, in force or over: service goes on after the term (P01-03, P09-12, P10-34)."""
    if command.contract_id is not None:
        contract = await uow.find(ServiceContract, command.contract_id)
        if contract is None or contract.customer_id != command.customer_id:
            raise NotFound("NOT_FOUND", field="contractId", thing="ServiceContract")
        has_begun = contract.state != "pending" and contract.starts_on <= today(uow.now, uow.scope.time_zone)
        if contract.vertical == vertical and has_begun:
            return contract
        if taken_over:
            return None
        raise StateRefused("CONTRACT_NOT_IN_FORCE", field="contractId")
    if command.asset_id is None:
        return None
    return await contracts.counting_or_over(
        uow,
        customer_id=command.customer_id,
        vertical=vertical,
        asset_id=command.asset_id,
        asset_type=about["asset_type"],
        today=today(uow.now, uow.scope.time_zone),
    )


def _kept_contract(command: OpenTicket, begun: ServiceContract | None, in_force: ServiceContract | None) -> UUID | None:
    """The contract that the ticket comes under; one that is over only where the caller named it."""
    if in_force is not None:
        return in_force.id
    named = command.contract_id is not None and command.complaint_about_ticket_id is None
    return begun.id if begun is not None and named else None


def _term_over(
    uow: TenantWork, contract: ServiceContract | None, about: asyncpg.Record, terms: VerticalPlaybook
) -> bool:
    """Whether the free term was over on the day of the request, as far as contract and asset say when it began."""
    present = today(uow.now, uow.scope.time_zone)
    promised = terms_of(uow.scope, terms.vertical, contract)
    if contract is not None:
        if contract.state == "ended" or (contract.ends_on is not None and contract.ends_on < present):
            return True
        if contract.phase is not None or contract.start_events:
            return lifecycle_rules.billable_on(promised, contract.phase, contract.free_until, present)
    if about["asset_type"] is None:
        return False
    starts = starts_of({**about["asset_attributes"], "accepted_on": about["asset_accepted_on"]})
    agreed = agreed_terms(contract.terms if contract is not None else None)
    kept = lifecycle_rules.promised_terms(promised, agreed)
    last_day = lifecycle_rules.last_free_day(kept, starts, ZoneInfo(uow.scope.time_zone))
    return last_day is not None and present > last_day


def _owner(uow: TenantWork, command: OpenTicket) -> UUID | None:
    """Who owns the ticket: as said; for a call, who answered it (P08-10)."""
    if command.owner_member_id is not None or command.channel != "phone":
        return command.owner_member_id
    if command.call is not None and command.call.handler_member_id is not None:
        return command.call.handler_member_id
    return None if is_outsider(uow) else uow.actor.id


def _check_opening(terms: VerticalPlaybook, ticket: Ticket, graded: grading.Graded, command: OpenTicket) -> None:
    """The closing rules whose stage is the opening, such as the call record (P08-11)."""
    grade = graded.decision.grade.code if graded.decision else None
    traits = msgspec.structs.replace(traits_of(ticket), grade=grade)
    evidence = Evidence(call_records=0 if command.call is None else 1)
    for rule in closing_rules.missing(terms.closing_rules, "open", traits, evidence):
        field = "call" if rule.needs == "call_record" else None
        raise InvalidInput(closing_rules.REFUSALS[rule.needs], field=field)


async def _route(
    uow: TenantWork, ticket: Ticket, terms: VerticalPlaybook, unit_id: UUID | None, reported_at: datetime
) -> None:
    """Give the ticket its serving unit and its queue, by the phone desk's hours at the instant of the report."""
    asked = unit_id or uow.actor.dealer_id
    unit = await queries.serving_unit(uow, region=ticket.region, unit_id=asked)
    if asked is not None and unit is None:
        raise NotFound("NOT_FOUND", field="serviceUnitId", thing="ServiceUnit")
    desk = next((calendar for calendar in terms.calendars if calendar.purpose == "phone_desk"), None)
    desk_open = True
    if desk is not None:
        desk_open = compile_calendar(uow.scope.calendar(terms.vertical, desk.code)).is_open(reported_at)
    routing = intake_rules.route(
        kind=ticket.kind,
        desk_open=desk_open,
        duties=terms.roles_and_routing,
        hotline=(unit["hotline"] if unit else None) or uow.scope.hotline,
        on_call=unit["on_call"] if unit else None,
    )
    ticket.queue, ticket.queue_contact = routing.queue, routing.contact
    if unit is not None and ticket.kind != "complaint" and (asked is not None or unit["reach"] > 0):
        ticket.service_unit_id = unit["id"]
