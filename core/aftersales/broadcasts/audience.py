"""Who is told: the customers of an audience, page by page, and each person's way."""

from collections import Counter
from uuid import UUID

from msgspec import Struct

from aftersales.broadcasts import queries
from aftersales.broadcasts.rules import Addressed, BroadcastAudience, addressed, matches
from aftersales.parties import queries as parties
from aftersales.parties import service
from aftersales.parties.models import Customer
from aftersales.scope import TenantWork

AT_ONCE = 200


class Page(Struct, frozen=True, kw_only=True):
    """The people of an audience among a page of customers, and behind which code the next page begins (None: end)."""

    people: list[tuple[UUID, Addressed]]
    after: str | None


class Preview(Struct, frozen=True, kw_only=True):
    """How many customers an audience has, and how their people would be told."""

    customers: int
    recipients: int
    by_email: int
    by_inbox: int
    undeliverable: int
    refused: int


async def page_of(uow: TenantWork, audience: BroadcastAudience, after: str) -> Page:
    """The next page of an audience, in the order of the customers' codes."""
    if audience.customer_ids:
        customers = await parties.active_customers_among(
            uow, list(audience.customer_ids), after=after, first=AT_ONCE
        )  # fmt: skip
    else:
        customers = await parties.active_customers(uow, after=after, first=AT_ONCE)
    ids = [customer.id for customer in customers]
    of_assets = audience.verticals or audience.asset_types or audience.models
    things = await queries.things_of(uow, ids) if of_assets else {}
    people = await queries.people_of(uow, ids)
    regions = await queries.site_regions(uow, ids) if audience.regions else {}
    found: list[tuple[UUID, Addressed]] = []
    for customer in customers:
        fits = matches(
            audience, customer_id=customer.id, region=customer.region, tier=customer.tier, tags=customer.tags,
            things=things.get(customer.id, ()), site_regions=regions.get(customer.id, ()),
        )  # fmt: skip
        if fits and await _in_segment(uow, audience, customer):
            ways = addressed(customer.name, customer.email, people.get(customer.id, ()))
            found.extend((customer.id, way) for way in ways)
    return Page(people=found, after=customers[-1].code if len(customers) == AT_ONCE else None)


async def _in_segment(uow: TenantWork, audience: BroadcastAudience, customer: Customer) -> bool:
    if audience.segment is None or audience.segment_vertical is None:
        return True
    verdict = await service.customer_segment(uow, customer.id, audience.segment_vertical)
    return verdict is not None and verdict.segment == audience.segment


async def preview(uow: TenantWork, audience: BroadcastAudience) -> Preview:
    """Count an audience without writing anything, a page at a time."""
    customers = 0
    ways: Counter[tuple[str, str | None]] = Counter()
    after: str | None = ""
    while after is not None:
        page = await page_of(uow, audience, after)
        customers += len({customer_id for customer_id, _ in page.people})
        ways.update((way.state, way.channel if way.state == "queued" else None) for _, way in page.people)
        after = page.after
    return Preview(
        customers=customers,
        recipients=sum(count for (state, _), count in ways.items() if state == "queued"),
        by_email=ways["queued", "email"],
        by_inbox=ways["queued", "inbox"],
        undeliverable=ways["undeliverable", None],
        refused=ways["refused", None],
    )


async def reachable(uow: TenantWork, audience: BroadcastAudience) -> frozenset[UUID]:
    """The customers of an audience of named ones with somebody who can be told."""
    found: set[UUID] = set()
    after: str | None = ""
    while after is not None:
        page = await page_of(uow, audience, after)
        found |= {customer_id for customer_id, way in page.people if way.state == "queued"}
        after = page.after
    return frozenset(found)


async def has_anybody(uow: TenantWork, audience: BroadcastAudience) -> bool:
    """Whether an audience has anybody at all."""
    after: str | None = ""
    while after is not None:
        page = await page_of(uow, audience, after)
        if page.people:
            return True
        after = page.after
    return False
