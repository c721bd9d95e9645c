"""How satisfied a customer is with product and service, and customers with an engineer's work."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from msgspec import Struct

from aftersales.access import require
from aftersales.assets.rules import start_of_day
from aftersales.kit.errors import InvalidInput, NotFound
from aftersales.kit.guards import FIRST_DAY, today
from aftersales.parties.models import Customer
from aftersales.revisits import queries, rules
from aftersales.scope import TenantWork
from aftersales.work.models import Engineer


class CustomerSatisfaction(Struct, frozen=True, kw_only=True):
    """The last scores for product and service, each with its day, and the means of all of them; None: never asked."""

    product: int | None
    product_on: date | None
    product_mean: Decimal | None
    service: int | None
    service_on: date | None
    service_mean: Decimal | None


class EngineerSatisfaction(Struct, frozen=True, kw_only=True):
    """The mean of so many scores."""

    mean: Decimal | None
    count: int


async def customer_satisfaction(uow: TenantWork, customer_id: UUID) -> CustomerSatisfaction:
    """Product and service apart (P03-21). NOT_FOUND for a customer that isn't the caller's."""
    customer = await uow.get(Customer, customer_id)
    if uow.actor.dealer_id is not None or uow.actor.customer_id not in {None, customer.id}:
        raise NotFound("NOT_FOUND", thing="Customer")
    records, zone = await queries.satisfaction(uow, customer.id), uow.scope.time_zone
    product = [(record["product_score"], record["held_at"]) for record in records if record["product_score"]]
    service = [(record["service_score"], record["held_at"]) for record in records if record["service_score"]]
    return CustomerSatisfaction(
        product=product[-1][0] if product else None,
        product_on=today(product[-1][1], zone) if product else None,
        product_mean=rules.mean([score for score, _ in product]),
        service=service[-1][0] if service else None,
        service_on=today(service[-1][1], zone) if service else None,
        service_mean=rules.mean([score for score, _ in service]),
    )


async def engineer_satisfaction(
    uow: TenantWork, engineer_id: UUID, starts_on: date, ends_on: date
) -> EngineerSatisfaction:
    """The mean of what customers said of an engineer's work between two local days, both included (P12-18)."""
    require(uow.actor, "revisit.record")
    engineer = await uow.get(Engineer, engineer_id)
    if starts_on < FIRST_DAY:
        raise InvalidInput("INSTANT_IMPOSSIBLE", field="startsOn", value=starts_on.isoformat())
    if ends_on >= date.max - timedelta(days=1):
        raise InvalidInput("INSTANT_IMPOSSIBLE", field="endsOn", value=ends_on.isoformat())
    if ends_on < starts_on:
        raise InvalidInput("PERIOD_INVERTED", field="endsOn")
    zone = uow.scope.time_zone
    mean, count = await queries.score_of_engineer(
        uow, engineer.id, start_of_day(starts_on, zone), start_of_day(ends_on + timedelta(days=1), zone)
    )
    return EngineerSatisfaction(mean=rules.mean([mean]) if mean is not None else None, count=count)
