"""What the outreach room does; each function takes a unit of work and one command, and never commits."""

from typing import Any, Final
from uuid import UUID

import msgspec

from aftersales.access import require
from aftersales.documents.models import Document
from aftersales.journal import service as journal
from aftersales.kit.entities import encode
from aftersales.kit.errors import InvalidInput, NotFound
from aftersales.kit.guards import locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, CODE_LIMIT, NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.outreach import queries, rules
from aftersales.outreach.commands import (
    AddOutreachPoint,
    AddOutreachStaff,
    CloseOutreachEvent,
    CreateOutreachEvent,
    PublishOutreachEvent,
    RegisterOpinion,
    SetOutreachGood,
    UpdateOutreachEvent,
)
from aftersales.outreach.models import OutreachEvent, OutreachGood, OutreachOpinion, OutreachPoint, OutreachStaff
from aftersales.outreach.rules import CATEGORIES, POINT_KINDS, Operation, OutreachPhase, OutreachStaffNeed, Readiness
from aftersales.parties.models import Customer
from aftersales.parties.regions import check_region
from aftersales.parties.rules import check_known
from aftersales.scope import TenantWork
from aftersales.tickets import ladder
from aftersales.tickets import queries as tickets
from aftersales.tickets.commands import OpenTicket
from aftersales.tickets.intake import take_in

GENERAL_MANAGERS_OFFICE: Final = "gm_office"
OVERRIDE: Final = "asked for at an outreach point"
LIST_LIMIT: Final = 100
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 9998
LARGEST_COUNT: Final = 1_000_000
VISIT_TITLE: Final = ("上门服务:{name}", "Home visit: {name}")


async def create_outreach_event(uow: TenantWork, command: CreateOutreachEvent) -> OutreachEvent:
    """Plan an event.

    OUTREACH_NOT_OWNER for a department other than one's own, YEAR_INVALID, PERIOD_INVERTED, PHASES_OVERLAP,
    PHASE_OUTSIDE_YEAR, OUTREACH_EVENT_EXISTS.
    """
    require(uow.actor, "outreach.manage")
    owner = clean_text(command.owner_department, "ownerDepartment", NAME_LIMIT, required=True)
    _check_owner(uow, owner)
    uow.scope.enabled(command.vertical)
    if not FIRST_YEAR <= command.year <= LAST_YEAR:
        raise InvalidInput("YEAR_INVALID", field="year", value=command.year)
    event = OutreachEvent(
        id=new_id(),
        code=clean_text(command.code, "code", CODE_LIMIT, required=True),
        year=command.year,
        title=clean_text(command.title, "title", TITLE_LIMIT, required=True),
        vertical=command.vertical,
        owner_department=owner,
        clause=clean_text(command.clause, "clause", NAME_LIMIT) or None,
        staffing=_staffing(command.staffing),
        created_at=uow.now,
    )
    _set_phases(event, command.phases)
    uow.add(event)
    await _note(uow, "outreach.created", event, {"starts_on": event.starts_on, "ends_on": event.ends_on})
    return event


async def update_outreach_event(uow: TenantWork, command: UpdateOutreachEvent) -> OutreachEvent:
    """Change the plan: its own department only (P02-02: OUTREACH_NOT_OWNER), before it is published."""
    require(uow.actor, "outreach.manage")
    if command.plan_document_id is not None and await uow.find(Document, command.plan_document_id) is None:
        raise NotFound("NOT_FOUND", field="planDocumentId", thing="Document")
    event = await _load(uow, command.outreach_event_id, "edit", command.expected_version)
    if command.title is not None:
        event.title = clean_text(command.title, "title", TITLE_LIMIT, required=True)
    if command.phases is not None:
        _set_phases(event, command.phases)
        for point in await queries.points(uow, event.id):
            rules.check_day(command.phases, point.day)
    if command.staffing is not None:
        event.staffing = _staffing(command.staffing)
    if command.plan_document_id is not None:
        event.plan_document_id = command.plan_document_id
    await _note(uow, "outreach.updated", event, {})
    return event


async def add_outreach_point(uow: TenantWork, command: AddOutreachPoint) -> OutreachPoint:
    """Add a stop to the itinerary. VALUE_UNKNOWN, SLOT_INVALID, OUTSIDE_OF_PHASES, REGION_INVALID."""
    event = await _load(uow, command.outreach_event_id, "edit")
    rules.check_slot(command.starts, command.ends)
    rules.check_day(phases_of(event), command.day)
    if len(command.staff) > LIST_LIMIT:
        raise InvalidInput("LIST_TOO_LONG", field="staff", limit=LIST_LIMIT)
    point = uow.add(
        OutreachPoint(
            id=new_id(),
            event_id=event.id,
            kind=check_known(command.kind, POINT_KINDS, "kind"),
            place=clean_text(command.place, "place", TITLE_LIMIT, required=True),
            region=check_region(command.region),
            day=command.day,
            starts=command.starts,
            ends=command.ends,
            staff=[clean_text(name, "staff", NAME_LIMIT, required=True) for name in command.staff],
        )
    )
    await _note(uow, "outreach.point_added", event, {"place": point.place, "day": point.day})
    return point


async def add_outreach_staff(uow: TenantWork, command: AddOutreachStaff) -> OutreachEvent:
    """Name somebody whom a department sends; naming somebody twice changes nothing."""
    event = await _load(uow, command.outreach_event_id, "edit")
    this = {
        "department": clean_text(command.department, "department", NAME_LIMIT, required=True),
        "name": clean_text(command.name, "name", NAME_LIMIT, required=True),
    }
    if not await queries.is_named(uow, event.id, **this):
        uow.add(OutreachStaff(id=new_id(), event_id=event.id, **this))
        await _note(uow, "outreach.staff_named", event, dict(this))
    return event


async def set_outreach_good(uow: TenantWork, command: SetOutreachGood) -> OutreachGood:
    """Put an item on the goods list, or say how many there are now. OUTREACH_COUNT_INVALID."""
    require(uow.actor, "outreach.manage")
    event = await locked(uow, OutreachEvent, command.outreach_event_id)
    _check_owner(uow, event.owner_department)
    item = clean_text(command.item, "item", NAME_LIMIT, required=True)
    for field, value, least in (("needed", command.needed, 1), ("inStock", command.in_stock, 0)):
        if not least <= value <= LARGEST_COUNT:
            raise InvalidInput("OUTREACH_COUNT_INVALID", field=field, value=value)
    good = next((one for one in await queries.goods(uow, event.id) if one.item == item), None)
    if good is None:
        good = uow.add(OutreachGood(id=new_id(), event_id=event.id, item=item))
    good.needed, good.in_stock = command.needed, command.in_stock
    return good


async def outreach_readiness(uow: TenantWork, event_id: UUID) -> Readiness:
    """What is still missing: itinerary, people, goods; a missing plan document is a warning (P02-13)."""
    return await _readiness(uow, await _seen(uow, event_id))


async def outreach_phases(uow: TenantWork, event_id: UUID) -> list[tuple[OutreachPhase, str]]:
    """The phases, each with how it stands on the present local day: upcoming, active or ended (P02-11)."""
    event = await _seen(uow, event_id)
    present = today(uow.now, uow.scope.time_zone)
    return [(phase, rules.phase_state(phase, present)) for phase in phases_of(event)]


async def publish_outreach_event(uow: TenantWork, command: PublishOutreachEvent) -> OutreachEvent:
    """Issue the notice. ITINERARY_MISSING (P02-12), STAFF_MISSING (P02-08), GOODS_SHORT (P02-10)."""
    event = await _load(uow, command.outreach_event_id, "publish", command.expected_version)
    found = await _readiness(uow, event)
    rules.demand_publishable(found)
    event.state, event.published_at = "published", uow.now
    await _note(uow, "outreach.published", event, {"warnings": list(found.warnings)})
    return event


async def register_opinion(uow: TenantWork, command: RegisterOpinion) -> OutreachOpinion:
    """Enter a row into the register of a point's day; with `home_visit` a ticket is opened and its visit ordered.

    OUTREACH_STATE_REFUSED before publishing and after closing, VALUE_UNKNOWN, REQUIRED without name, phone, content.
    """
    require(uow.actor, "ticket.work")
    point = None if uow.actor.dealer_id is not None else await uow.find(OutreachPoint, command.outreach_point_id)
    if point is None:
        raise NotFound("NOT_FOUND", field="outreachPointId", thing="OutreachPoint")
    event = await locked(uow, OutreachEvent, point.event_id)
    rules.allow("register", event.state)
    name = clean_text(command.name, "name", NAME_LIMIT, required=True)
    phone = clean_text(command.phone, "phone", NAME_LIMIT, required=True)
    content = clean_text(command.content, "content", BODY_LIMIT, required=True)
    if command.customer_id is not None and await uow.find(Customer, command.customer_id) is None:
        raise NotFound("NOT_FOUND", field="customerId", thing="Customer")
    category = check_known(command.category, CATEGORIES, "category")
    customer_id = command.customer_id or await queries.customer_of_phone(uow, phone)
    before = await queries.said_before(uow, event.id, phone)
    known_before = customer_id is not None if before is None else before[1]
    ticket_id = None
    if command.home_visit:
        if customer_id is None:
            customer_id = await _new_customer(uow, command, name, phone, point)
        ticket_id = await _home_visit(uow, event, point, command, customer_id, name, content)
    opinion = uow.add(
        OutreachOpinion(
            id=new_id(), event_id=event.id, point_id=point.id, day=point.day, name=name, phone=phone,
            category=category, content=content, customer_id=customer_id, known_before=known_before,
            ticket_id=ticket_id, at=uow.now, actor=uow.actor.label,
        )
    )  # fmt: skip
    await uow.flush()
    return opinion


async def close_outreach_event(uow: TenantWork, command: CloseOutreachEvent) -> OutreachEvent:
    """End the event and send its summary, once, to the general manager's office (P02-07)."""
    event = await _load(uow, command.outreach_event_id, "close", command.expected_version)
    event.summary = rules.summary(await queries.register(uow, event.id))
    event.state, event.closed_at = "closed", uow.now
    counts = ", ".join(f"{name} {count}" for name, count in event.summary["by_category"].items())
    facts = {key: event.summary[key] for key in ("items", "home_visits", "registrants", "new_customers")}
    told = "\n".join(f"{key}: {value}" for key, value in facts.items())
    uow.enqueue(
        "notice",
        {
            "roles": [GENERAL_MANAGERS_OFFICE],
            "subject": {"zh": f"【活动总结】{event.title}", "en": f"[Outreach summary] {event.title}"},
            "body": {"zh": f"按类别:{counts}\n{told}", "en": f"By category: {counts}\n{told}"},
            "dedupe_key": f"outreach:{event.id}",
        },
    )
    await _note(uow, "outreach.closed", event, event.summary)
    return event


def phases_of(event: OutreachEvent) -> tuple[OutreachPhase, ...]:
    """The event's phases."""
    return msgspec.convert(event.phases, tuple[OutreachPhase, ...])


async def _seen(uow: TenantWork, event_id: UUID) -> OutreachEvent:
    """The event, for the company's own people only."""
    if uow.actor.customer_id is not None or uow.actor.dealer_id is not None:
        raise NotFound("NOT_FOUND", thing="OutreachEvent")
    return await uow.get(OutreachEvent, event_id)


async def _readiness(uow: TenantWork, event: OutreachEvent) -> Readiness:
    return rules.readiness(
        points=len(await queries.points(uow, event.id)),
        needs=msgspec.convert(event.staffing, tuple[OutreachStaffNeed, ...]),
        staff=await queries.staff(uow, event.id),
        goods=[(good.item, good.needed, good.in_stock) for good in await queries.goods(uow, event.id)],
        has_plan=event.plan_document_id is not None,
    )


async def _new_customer(uow: TenantWork, command: RegisterOpinion, name: str, phone: str, point: OutreachPoint) -> UUID:
    customer = uow.add(
        Customer(id=new_id(), code=f"O-{new_id()}", name=name, phone=phone, region=point.region, created_at=uow.now)
    )
    await journal.record(
        uow, "customer.created", subject_type="customer", subject_id=customer.id, customer_id=customer.id,
        data={"name": name},
    )  # fmt: skip
    await uow.flush()
    return customer.id


async def _home_visit(
    uow: TenantWork,
    event: OutreachEvent,
    point: OutreachPoint,
    command: RegisterOpinion,
    customer_id: UUID,
    name: str,
    content: str,
) -> UUID:
    """The ticket, with its visit ordered: price as for any other work, troubleshooting itself is free (A14)."""
    address = clean_text(command.address, "address", TITLE_LIMIT)
    title = VISIT_TITLE[0 if uow.scope.language == "zh-CN" else 1].format(name=name)
    ticket = await take_in(
        uow,
        OpenTicket(
            kind="fault", channel="outreach", title=title[:TITLE_LIMIT], customer_id=customer_id,
            description=f"{content}\n{address}".strip(), vertical=event.vertical, region=point.region,
            facts=command.facts, campaign=None,
        ),
    )  # fmt: skip
    await ladder.order_visit(
        uow, ticket, await tickets.attempts_of(uow, ticket.id), at=uow.now, override_reason=OVERRIDE,
        instructions=content,
    )  # fmt: skip
    return ticket.id


def _set_phases(event: OutreachEvent, phases: tuple[OutreachPhase, ...]) -> None:
    if len(phases) > LIST_LIMIT:
        raise InvalidInput("LIST_TOO_LONG", field="phases", limit=LIST_LIMIT)
    rules.check_phases(phases)
    for phase in phases:
        clean_text(phase.code, "phases.code", CODE_LIMIT, required=True)
        if phase.starts_on.year != event.year:
            raise InvalidInput("PHASE_OUTSIDE_YEAR", field="phases.startsOn", value=phase.starts_on, year=event.year)
    event.phases = msgspec.to_builtins(list(phases), enc_hook=encode)
    event.starts_on = min(phase.starts_on for phase in phases)
    event.ends_on = max(phase.ends_on for phase in phases)


def _staffing(needs: tuple[OutreachStaffNeed, ...]) -> list[dict[str, Any]]:
    if len(needs) > LIST_LIMIT:
        raise InvalidInput("LIST_TOO_LONG", field="staffing", limit=LIST_LIMIT)
    for need in needs:
        clean_text(need.department, "staffing.department", NAME_LIMIT, required=True)
        if not 1 <= need.count <= LARGEST_COUNT:
            raise InvalidInput("OUTREACH_COUNT_INVALID", field="staffing.count", value=need.count)
    kept: list[dict[str, Any]] = msgspec.to_builtins(list(needs), enc_hook=encode)
    return kept


def _check_owner(uow: TenantWork, owner: str) -> None:
    rules.check_owner(owner, uow.actor.department, bound=uow.actor.kind == "member")


async def _load(
    uow: TenantWork, event_id: UUID, operation: Operation, expected_version: int | None = None
) -> OutreachEvent:
    require(uow.actor, "outreach.manage")
    event = await locked(uow, OutreachEvent, event_id, expected_version)
    _check_owner(uow, event.owner_department)
    rules.allow(operation, event.state)
    return event


async def _note(uow: TenantWork, kind: str, event: OutreachEvent, data: dict[str, Any]) -> None:
    await journal.record(
        uow, kind, subject_type="outreach_event", subject_id=event.id,
        data={"code": event.code, "year": event.year, "clause": event.clause, **data},
    )  # fmt: skip
