"""How a guarantee stands on a day, and how its next checkpoint is likely to end."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from aftersales.calendars.windows import end_of_day
from aftersales.guarantees import queries, rules
from aftersales.guarantees.measures import Availability, CountLine, availability, survival
from aftersales.guarantees.models import GuaranteeCount, ServiceGuarantee
from aftersales.kit.errors import InvalidInput, NotFound
from aftersales.kit.guards import happened_on, today
from aftersales.scope import TenantWork

HAZARD = "hazard"
VIOLATION = "violation"
"""The events of a zero target that the safety room records by itself."""


class Incidents(Struct, frozen=True, kw_only=True):
    """What happened that must not happen."""

    category: str
    count: int


class GuaranteeStatus(Struct, frozen=True, kw_only=True):
    """How a guarantee stands at the end of a local day (or now, today).

    Survival: by the last count up to then, None before the first. Availability and zero targets: from the first
    day of that month (`value`) and from the guarantee's own first day (`life_value`); it is met when both are.
    """

    on: date
    met: bool | None
    value: Decimal | None = None
    life_value: Decimal | None = None
    base: int | None = None
    counted: int | None = None
    shortfall: int = 0
    raw: Decimal | None = None
    after_replacement: Decimal | None = None
    counted_on: date | None = None
    down_seconds: Decimal | None = None
    planned_seconds: Decimal | None = None
    allowance_seconds: Decimal | None = None
    incidents: tuple[Incidents, ...] = ()
    owed: int = 0


class GuaranteeForecast(Struct, frozen=True, kw_only=True):
    """What the next checkpoint will show if things go on as they did.

    `expected` plants of `base`, or the expected availability as `value`; `allowance_seconds` is the downtime that
    the period still bears. `met` is None without any count.
    """

    checkpoint_on: date | None
    met: bool | None = None
    value: Decimal | None = None
    base: int | None = None
    expected: int | None = None
    shortfall: int = 0
    allowance_seconds: Decimal | None = None


def schedule_of(guarantee: ServiceGuarantee) -> rules.Schedule:
    """When the guarantee is looked at."""
    return rules.Schedule(
        metric=guarantee.metric,  # type: ignore[arg-type]  # the database has no other
        starts_on=guarantee.starts_on,
        ends_on=guarantee.ends_on,
        checkpoints=tuple(date.fromisoformat(day) for day in guarantee.checkpoints),
    )


def seen(uow: TenantWork, guarantee: ServiceGuarantee) -> bool:
    """Customers see what is promised to them, dealers nothing, staff all of the tenant's."""
    if uow.actor.customer_id is not None:
        return guarantee.customer_id == uow.actor.customer_id
    return uow.actor.dealer_id is None


async def guarantee_status(uow: TenantWork, guarantee_id: UUID, on: date | None = None) -> GuaranteeStatus:
    """How the guarantee stands on a local day, by default today. NOT_FOUND, INSTANT_IN_FUTURE, PERIOD_INVERTED."""
    guarantee = await _visible(uow, guarantee_id)
    day = happened_on(uow.now, uow.scope.time_zone, on, "on")
    if day < guarantee.starts_on:
        raise InvalidInput("PERIOD_INVERTED", field="on")
    return await measure(uow, guarantee, day)


async def measure(uow: TenantWork, guarantee: ServiceGuarantee, day: date) -> GuaranteeStatus:
    """The same for a guarantee at hand."""
    owed = await queries.owed(uow, guarantee.id)
    if guarantee.metric == "survival_rate":
        counts = await queries.counts_until(uow, guarantee.id, day)
        if not counts:
            return GuaranteeStatus(on=day, met=None, owed=owed)
        return msgspec.structs.replace(counted(guarantee, counts[-1], day), owed=owed)
    last = day if guarantee.ends_on is None else min(day, guarantee.ends_on)
    month, life, end = _periods(uow, guarantee, last)
    if guarantee.metric == "availability":
        this, whole = await _available(uow, guarantee, month, end), await _available(uow, guarantee, life, end)
        return GuaranteeStatus(
            on=day, met=this.met and whole.met, value=this.value, life_value=whole.value, down_seconds=this.down,
            planned_seconds=this.planned, allowance_seconds=min(this.allowance, whole.allowance), owed=owed,
        )  # fmt: skip
    # What happened at this very instant counts; nothing is on record for later.
    end = end_of_day(last, ZoneInfo(uow.scope.time_zone))
    found, ever = await _happened(uow, guarantee, month, end), await _happened(uow, guarantee, life, end)
    return GuaranteeStatus(
        on=day,
        met=not any(found.values()),
        value=Decimal(sum(found.values())),
        life_value=Decimal(sum(ever.values())),
        incidents=tuple(Incidents(category=category, count=count) for category, count in found.items()),
        owed=owed,
    )


def counted(guarantee: ServiceGuarantee, count: GuaranteeCount, day: date) -> GuaranteeStatus:
    """What a count says: originals alone at a checkpoint, replacements too at the term's end (A25)."""
    result = survival(
        lines_of(count),
        guarantee.threshold,
        inclusive=guarantee.inclusive,
        at_term_end=count.checkpoint_on == guarantee.ends_on,
    )
    return GuaranteeStatus(
        on=day, met=result.met, value=result.value, base=result.base, counted=result.counted,
        shortfall=result.shortfall, raw=result.raw, after_replacement=result.after_replacement,
        counted_on=count.counted_on,
    )  # fmt: skip


async def guarantee_forecast(uow: TenantWork, guarantee_id: UUID) -> GuaranteeForecast:
    """How the next checkpoint is likely to end. NOT_FOUND.

    Survival goes on along the last two counts (planting is the first); availability keeps the month's share of
    downtime; a zero target is kept while nothing happened.
    """
    guarantee = await _visible(uow, guarantee_id)
    present = today(uow.now, uow.scope.time_zone)
    following = schedule_of(guarantee).next_after(present - timedelta(days=1))
    if following is None or guarantee.state == "ended":
        return GuaranteeForecast(checkpoint_on=None)
    if guarantee.metric == "survival_rate":
        return await _forecast_survival(uow, guarantee, following, present)
    status = await measure(uow, guarantee, max(present, guarantee.starts_on))
    if guarantee.metric == "zero_count":
        return GuaranteeForecast(checkpoint_on=following, met=status.met, value=status.value)
    month, life, now = _periods(uow, guarantee, present)
    end = end_of_day(following, ZoneInfo(uow.scope.time_zone))
    this, whole = await _available(uow, guarantee, month, now), await _available(uow, guarantee, life, now)
    ahead = Decimal(int((end - now).total_seconds()))
    share = this.down / this.base if this.base else Decimal(0)
    bears = [_allowance(guarantee, part.base + ahead, part.down) for part in (this, whole)]
    expected = 1 - (this.down + ahead * share) / (this.base + ahead) if this.base + ahead else Decimal(1)
    more = ahead * share
    return GuaranteeForecast(
        checkpoint_on=following,
        met=all(bear >= more if guarantee.inclusive else bear > more for bear in bears),
        value=expected.quantize(Decimal("0.000001")),
        allowance_seconds=max(min(bears), Decimal(0)).quantize(Decimal("0.001")),
    )


def _allowance(guarantee: ServiceGuarantee, base: Decimal, down: Decimal) -> Decimal:
    return base * (1 - guarantee.threshold) - down


async def _forecast_survival(
    uow: TenantWork, guarantee: ServiceGuarantee, day: date, present: date
) -> GuaranteeForecast:
    counts = await queries.counts_until(uow, guarantee.id, present)
    if not counts:
        return GuaranteeForecast(checkpoint_on=day)
    at_end = day == guarantee.ends_on
    points = []
    for count in counts:
        result = survival(lines_of(count), guarantee.threshold, inclusive=guarantee.inclusive, at_term_end=at_end)
        points.append((count.counted_on, result.counted, result.base))
    planted = (guarantee.starts_on, points[0][2], points[0][2])
    found = rules.forecast_survival([planted, *points], day, guarantee.threshold, inclusive=guarantee.inclusive)
    share = Decimal(found.expected) / found.base if found.base else None
    return GuaranteeForecast(
        checkpoint_on=day,
        met=found.met,
        value=None if share is None else share.quantize(Decimal("0.000001")),
        base=found.base,
        expected=found.expected,
        shortfall=found.shortfall,
    )


def lines_of(count: GuaranteeCount) -> list[CountLine]:
    """The lines of a stored count."""
    return msgspec.convert(count.lines, list[CountLine])


async def _visible(uow: TenantWork, guarantee_id: UUID) -> ServiceGuarantee:
    guarantee = await uow.get(ServiceGuarantee, guarantee_id)
    if not seen(uow, guarantee):
        raise NotFound("NOT_FOUND", thing="ServiceGuarantee")
    return guarantee


def begin_of(guarantee: ServiceGuarantee, zone: str) -> datetime:
    """The first instant of the guarantee: its first day's local 00:00."""
    return datetime.combine(guarantee.starts_on, time(), ZoneInfo(zone))


def _periods(uow: TenantWork, guarantee: ServiceGuarantee, day: date) -> tuple[datetime, datetime, datetime]:
    """Beginning of the day's month and of the guarantee, and the day's end, or now when that comes first."""
    life = begin_of(guarantee, uow.scope.time_zone)
    month = datetime.combine(day.replace(day=1), time(), ZoneInfo(uow.scope.time_zone))
    return max(month, life), life, min(end_of_day(day, ZoneInfo(uow.scope.time_zone)), uow.now)


async def _available(uow: TenantWork, guarantee: ServiceGuarantee, begin: datetime, end: datetime) -> Availability:
    ledger = await queries.ledger_until(uow, guarantee.id, end)
    return availability(ledger, begin, end, guarantee.threshold, inclusive=guarantee.inclusive)


async def _happened(uow: TenantWork, guarantee: ServiceGuarantee, begin: datetime, end: datetime) -> dict[str, int]:
    """By category in the order of the target; hazards and violations that the safety room has of the site count too."""
    recorded = await queries.incidents_between(uow, guarantee.id, begin, end)
    found = {category: recorded.get(category, 0) for category in guarantee.categories}
    if HAZARD in found and guarantee.site_id is not None:
        found[HAZARD] += await queries.hazards_between(uow, guarantee.site_id, begin, end)
    if VIOLATION in found and guarantee.site_id is not None:
        found[VIOLATION] += await queries.violations_between(uow, guarantee.site_id, begin, end)
    return found
