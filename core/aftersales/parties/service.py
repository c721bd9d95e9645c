"""What the parties room does; each function takes a unit of work and one command, and never commits."""

from datetime import date
from uuid import UUID

from aftersales.access import require
from aftersales.journal import service as journal
from aftersales.kit.errors import Conflict, InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import happened_on, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.messages import LANGUAGES
from aftersales.kit.text import CODE_LIMIT, NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.parties import queries, rules
from aftersales.parties.commands import (
    AddContact,
    AddSite,
    ArchiveCustomer,
    ConfirmContactData,
    CreateCustomer,
    IssueWarrantyCard,
    UpdateContact,
    UpdateCustomer,
    UpdateSite,
)
from aftersales.parties.models import TIERS, Contact, Customer, Site, WarrantyCard
from aftersales.parties.regions import check_region
from aftersales.parties.rules import check_known
from aftersales.parties.units import create_service_unit, nearest_units, update_service_unit
from aftersales.plugins.verdicts import CustomerFacts, SegmentVerdict
from aftersales.scope import TenantWork

__all__ = [
    "add_contact",
    "add_site",
    "archive_customer",
    "audience",
    "confirm_contact_data",
    "create_customer",
    "create_service_unit",
    "customer_segment",
    "issue_warranty_card",
    "nearest_units",
    "update_contact",
    "update_customer",
    "update_service_unit",
    "update_site",
]

AUDIENCE_LIMIT = 100


async def create_customer(uow: TenantWork, command: CreateCustomer) -> Customer:
    """Take up a customer; CUSTOMER_CODE_TAKEN when another one has the code."""
    require(uow.actor, "party.manage")
    customer = uow.add(
        Customer(
            id=new_id(),
            code=clean_text(command.code, "code", CODE_LIMIT, required=True),
            name=clean_text(command.name, "name", NAME_LIMIT, required=True),
            tier=check_known(command.tier, TIERS, "tier"),
            region=check_region(command.region),
            phone=clean_text(command.phone, "phone", NAME_LIMIT) or None,
            email=clean_text(command.email, "email", NAME_LIMIT) or None,
            last_paid_visit_on=_past(uow, command.last_paid_visit_on, "lastPaidVisitOn"),
            tags=rules.clean_tags(command.tags),
            created_at=uow.now,
        )
    )
    await _note(uow, "customer.created", "customer", customer.id, customer.id, name=customer.name)
    return customer


async def update_customer(uow: TenantWork, command: UpdateCustomer) -> Customer:
    """Change a customer; open tickets keep the tier that they were opened under."""
    require(uow.actor, "party.manage")
    customer = await locked(uow, Customer, command.customer_id, command.expected_version)
    if command.name is not None:
        customer.name = clean_text(command.name, "name", NAME_LIMIT, required=True)
    if command.tier is not None:
        customer.tier = check_known(command.tier, TIERS, "tier")
    if command.region is not None:
        customer.region = check_region(command.region or None)
    customer.phone = _changed(customer.phone, command.phone, "phone")
    customer.email = _changed(customer.email, command.email, "email")
    if command.last_paid_visit_on is not None:
        customer.last_paid_visit_on = _past(uow, command.last_paid_visit_on, "lastPaidVisitOn")
    if command.tags is not None:
        customer.tags = rules.clean_tags(command.tags)
    await _note(uow, "customer.updated", "customer", customer.id, customer.id, name=customer.name)
    return customer


async def archive_customer(uow: TenantWork, command: ArchiveCustomer) -> Customer:
    """Archive a customer; CUSTOMER_HAS_OPEN_TICKETS while something is still owed."""
    require(uow.actor, "party.manage")
    customer = await locked(uow, Customer, command.customer_id, command.expected_version)
    if customer.state == "archived":
        return customer
    count = await queries.open_tickets(uow, customer.id)
    if count:
        raise StateRefused("CUSTOMER_HAS_OPEN_TICKETS", field="customerId", count=count)
    customer.state = "archived"
    await _note(uow, "customer.archived", "customer", customer.id, customer.id)
    return customer


async def confirm_contact_data(uow: TenantWork, command: ConfirmContactData) -> Customer:
    """Note that a customer's contact data were checked, by default today (P06-03)."""
    require(uow.actor, "party.manage")
    customer = await locked(uow, Customer, command.customer_id, command.expected_version)
    customer.contact_confirmed_on = happened_on(uow.now, uow.scope.time_zone, command.confirmed_on, "confirmedOn")
    customer.phone = _changed(customer.phone, command.phone, "phone")
    customer.email = _changed(customer.email, command.email, "email")
    await _note(uow, "customer.confirmed", "customer", customer.id, customer.id, on=customer.contact_confirmed_on)
    return customer


async def add_contact(uow: TenantWork, command: AddContact) -> Contact:
    """Add a person to a customer. VALUE_UNKNOWN for a language that nothing is told in."""
    require(uow.actor, "party.manage")
    customer = await active_customer(uow, command.customer_id)
    contact = uow.add(
        Contact(
            id=new_id(),
            customer_id=customer.id,
            name=clean_text(command.name, "name", NAME_LIMIT, required=True),
            phone=clean_text(command.phone, "phone", NAME_LIMIT) or None,
            email=clean_text(command.email, "email", NAME_LIMIT) or None,
            position=clean_text(command.position, "position", NAME_LIMIT) or None,
            may_authorise=command.may_authorise,
            notice_channels=rules.chosen_channels(command.notice_channels),
            notices_refused=command.notices_refused,
            language=_language(command.language),
        )
    )
    await _note(uow, "contact.added", "contact", contact.id, customer.id, may_authorise=contact.may_authorise)
    return contact


async def update_contact(uow: TenantWork, command: UpdateContact) -> Contact:
    """Change a person's data or whether the person may authorise remote work."""
    require(uow.actor, "party.manage")
    contact = await locked(uow, Contact, command.contact_id, command.expected_version)
    if command.name is not None:
        contact.name = clean_text(command.name, "name", NAME_LIMIT, required=True)
    contact.phone = _changed(contact.phone, command.phone, "phone")
    contact.email = _changed(contact.email, command.email, "email")
    contact.position = _changed(contact.position, command.position, "position")
    if command.may_authorise is not None:
        contact.may_authorise = command.may_authorise
    if command.notice_channels is not None:
        contact.notice_channels = rules.chosen_channels(command.notice_channels)
    contact.language = _language(command.language) or contact.language
    if command.notices_refused is not None:
        contact.notices_refused = command.notices_refused
    await _note(uow, "contact.updated", "contact", contact.id, contact.customer_id, may_authorise=contact.may_authorise)
    return contact


async def add_site(uow: TenantWork, command: AddSite) -> Site:
    """Add a place where a customer's assets stand."""
    require(uow.actor, "party.manage")
    customer = await active_customer(uow, command.customer_id)
    site = uow.add(
        Site(
            id=new_id(),
            customer_id=customer.id,
            name=clean_text(command.name, "name", NAME_LIMIT, required=True),
            address=clean_text(command.address, "address", TITLE_LIMIT) or None,
            region=check_region(command.region),
            tags=rules.clean_tags(command.tags),
            state="planned" if command.under_construction else "active",
        )
    )
    await _note(uow, "site.added", "site", site.id, customer.id, state=site.state)
    return site


async def update_site(uow: TenantWork, command: UpdateSite) -> Site:
    """Change a site's name, address or region; its state changes through the safety room only."""
    require(uow.actor, "party.manage")
    site = await locked(uow, Site, command.site_id, command.expected_version)
    if command.name is not None:
        site.name = clean_text(command.name, "name", NAME_LIMIT, required=True)
    site.address = _changed(site.address, command.address, "address", TITLE_LIMIT)
    if command.region is not None:
        site.region = check_region(command.region or None)
    if command.tags is not None:
        site.tags = rules.clean_tags(command.tags)
    await _note(uow, "site.updated", "site", site.id, site.customer_id)
    return site


async def issue_warranty_card(uow: TenantWork, command: IssueWarrantyCard) -> WarrantyCard:
    """Issue the warranty card of a site (P09-04).

    WARRANTY_CARD_EXISTS while one is valid, unless the new one replaces it; WARRANTY_CARD_NUMBER_TAKEN.
    """
    require(uow.actor, "party.manage")
    number = clean_text(command.number, "number", CODE_LIMIT, required=True)
    issued_on = happened_on(uow.now, uow.scope.time_zone, command.issued_on, "issuedOn")
    site = await locked(uow, Site, command.site_id)
    current = await queries.valid_card(uow, site.id)
    if current is not None:
        if not command.replaces_current:
            raise Conflict("WARRANTY_CARD_EXISTS", field="siteId")
        current.replaced_at = uow.now
        # Sent on its own: the index of valid cards would see both cards of one statement.
        await uow.flush()
    card = uow.add(WarrantyCard(id=new_id(), site_id=site.id, number=number, issued_on=issued_on))
    replaces = current.number if current else None
    await _note(uow, "warranty_card.issued", "site", site.id, site.customer_id, number=number, replaces=replaces)
    return card


async def customer_segment(
    uow: TenantWork, customer_id: UUID, vertical: str, on: date | None = None
) -> SegmentVerdict | None:
    """The segment that a vertical puts a customer in on a local date, by default today; None when it has none.

    NOT_FOUND for a customer that isn't the caller's.
    """
    customer = await uow.get(Customer, customer_id)
    if uow.actor.dealer_id is not None or uow.actor.customer_id not in {None, customer.id}:
        raise NotFound("NOT_FOUND", thing="Customer")
    return await _segment(uow, customer, vertical, on or today(uow.now, uow.scope.time_zone))


async def audience(
    uow: TenantWork,
    vertical: str,
    segment: str,
    on: date | None = None,
    *,
    after: str = "",
    first: int = AUDIENCE_LIMIT,
) -> list[tuple[Customer, SegmentVerdict]]:
    """The customers of a segment among the `first` active ones behind the code `after` (P06-02)."""
    require(uow.actor, "party.manage")
    if not 0 < first <= AUDIENCE_LIMIT:
        raise InvalidInput("PAGE_SIZE_INVALID", field="first", value=first, limit=AUDIENCE_LIMIT)
    day = on or today(uow.now, uow.scope.time_zone)
    found: list[tuple[Customer, SegmentVerdict]] = []
    for customer in await queries.active_customers(uow, after=after, first=first):
        verdict = await _segment(uow, customer, vertical, day)
        if verdict is not None and verdict.segment == segment:
            found.append((customer, verdict))
    return found


async def _segment(uow: TenantWork, customer: Customer, vertical: str, on: date) -> SegmentVerdict | None:
    settings = uow.scope.vertical(vertical).settings
    facts = CustomerFacts(tier=customer.tier, last_paid_visit_on=customer.last_paid_visit_on, on=on)
    verdict: SegmentVerdict | None = await uow.scope.registry.behave(
        vertical, "segment_customer", facts=facts, settings=settings
    )
    return verdict


async def active_customer(uow: TenantWork, customer_id: UUID) -> Customer:
    """The customer; NOT_FOUND, CUSTOMER_ARCHIVED."""
    customer = await uow.get(Customer, customer_id)
    if customer.state != "active":
        raise StateRefused("CUSTOMER_ARCHIVED", field="customerId")
    return customer


def _changed(value: str | None, given: str | None, field: str, limit: int = NAME_LIMIT) -> str | None:
    return value if given is None else clean_text(given, field, limit) or None


def _past(uow: TenantWork, value: date | None, field: str) -> date | None:
    return None if value is None else happened_on(uow.now, uow.scope.time_zone, value, field)


async def _note(
    uow: TenantWork, kind: str, subject_type: str, subject_id: UUID, customer_id: UUID, **data: object
) -> None:
    await journal.record(
        uow, kind, subject_type=subject_type, subject_id=subject_id, customer_id=customer_id, data=dict(data)
    )


def _language(given: str | None) -> str | None:
    return None if given is None else check_known(given, LANGUAGES, "language")
