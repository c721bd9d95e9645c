"""What happens elsewhere and makes a revisit due, settles one, or moves a cadence."""

from collections.abc import Sequence
from uuid import UUID

from aftersales.assets.models import Asset
from aftersales.journal import reactions
from aftersales.journal.models import Event
from aftersales.parties.models import Customer
from aftersales.revisits import queries, rules
from aftersales.revisits.care import require_care_plan
from aftersales.revisits.owing import drop, ensure_cadence, local_today, rule_of
from aftersales.revisits.plans import flagged, of_tier
from aftersales.revisits.rules import BEGINNINGS
from aftersales.revisits.service import noticed, revisit_ticket
from aftersales.scope import TenantWork
from aftersales.tickets.models import Ticket


@reactions.after("ticket.closed")
async def closed_ticket_is_revisited(uow: TenantWork, event: Event) -> None:
    """Every service is followed up (P03-18)."""
    await revisit_ticket(uow, await uow.get(Ticket, event.subject_id))


@reactions.after("ticket.reopened")
async def reopened_ticket_waits(uow: TenantWork, event: Event) -> None:
    """The service isn't over, so nobody asks how it was; its next end does."""
    await uow.flush()
    for revisit in await queries.open_of_ticket(uow, event.subject_id):
        await drop(uow, revisit, "ticket reopened")


@reactions.after_all(
    "customer.created", "customer.updated", "customer.archived", "contract.signed", "contract.amended",
    "contract.renewed", "contract.ended", "asset.accepted",
)  # fmt: skip
async def cadences_follow_the_customers(uow: TenantWork, events: Sequence[Event]) -> None:
    """Tier, region, contract or the sale changed: a customer's cadence is what they say now."""
    if not await queries.active_plans(uow):
        return
    if not await queries.active_plans(uow, *rules.CADENCES, "care_plan"):
        # Nothing to look at: an import of many customers doesn't write them out one by one for it.
        return
    await uow.flush()
    for customer_id in dict.fromkeys(event.customer_id for event in events):
        if customer_id is None:
            continue
        await ensure_cadence(uow, customer_id)
        for plan in await queries.active_plans(uow, "care_plan"):
            customer = await uow.get(Customer, customer_id)
            if customer.state == "active" and of_tier(customer, rule_of(plan)):
                await require_care_plan(uow, plan, customer, local_today(uow).year)


@reactions.after("asset.created", "asset.updated", "asset.retired", "contract.event_recorded")
async def cadence_begins(uow: TenantWork, event: Event) -> None:
    """Something was installed or went live, or is gone: whom a rule about that concerns has its cadence."""
    if event.subject_type == "asset":
        asset = await uow.get(Asset, event.subject_id)
        if asset.installed_on is None and not asset.attributes.get("went_live_on"):
            return
    if event.customer_id is not None and await queries.active_plans(uow, *BEGINNINGS):
        await uow.flush()
        await ensure_cadence(uow, event.customer_id)


@reactions.after("site.added", "site.updated")
async def flagged_site_is_revisited(uow: TenantWork, event: Event) -> None:
    """A project that got the tag of a technical revisit is due for one (P11-46)."""
    await flagged(uow, event.subject_id)


@reactions.after("weather.warned")
async def event_makes_revisits_due(uow: TenantWork, event: Event) -> None:
    """Hail or the like: the affected projects are looked up and revisited by a job."""
    uow.enqueue("revisits.event", {**event.data, "cause": str(event.subject_id)})


@reactions.after("broadcast.delivered")
async def notice_fulfils_the_duty(uow: TenantWork, event: Event) -> None:
    """Whoever was told has been told (P11-44)."""
    topic = event.data.get("topic")
    if topic and event.customer_id is not None:
        await uow.flush()
        await noticed(uow, UUID(str(event.customer_id)), topic)
