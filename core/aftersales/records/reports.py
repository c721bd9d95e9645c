"""Registers and reports over what happened: failures by product, dispatches with their cost, forms that came back."""

import re
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from aftersales.access import require
from aftersales.calendars.terms import day_of_month
from aftersales.calendars.windows import end_of_day, start_of_day
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput
from aftersales.kit.ids import new_id
from aftersales.kit.text import CODE_LIMIT, TITLE_LIMIT, clean_text
from aftersales.parties.models import Customer
from aftersales.records import forms, queries
from aftersales.records.commands import AddFormPoint, IssueForms, RecordDispatchCost
from aftersales.records.models import DispatchCost, FormIssue, FormPoint
from aftersales.scope import TenantWork
from aftersales.work.models import ServiceAppointment

DISPATCHES_LIMIT: Final = 10_000
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_CURRENCY = re.compile(r"[A-Z]{3}")
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 9000
LARGEST_COST = Decimal(10) ** 11


class ProductFailures(Struct, frozen=True, kw_only=True):
    """How often a product failed in a period, and how many of it."""

    vertical: str
    asset_type: str
    product: str
    failures: int
    assets: int
    last_at: datetime


class Dispatch(Struct, frozen=True, kw_only=True):
    """A visit that somebody was sent to, with what it cost by currency."""

    appointment_id: UUID
    dispatched_at: datetime
    state: str
    engineer_id: UUID
    ticket_id: UUID
    costs: dict[str, Decimal]


class DispatchReport(Struct, frozen=True, kw_only=True):
    """The dispatches of a local month, and what they cost together."""

    month: str
    count: int
    totals: dict[str, Decimal]
    dispatches: tuple[Dispatch, ...]


class FormPointCount(Struct, frozen=True, kw_only=True):
    """How many forms a point gave out and got back; `rate` is None while none was given out."""

    issued: int
    returned: int
    rate: Decimal | None


async def product_failures(
    uow: TenantWork, since: date, until: date, *, attribute: str = "model"
) -> list[ProductFailures]:
    """Faults reported from one local day to another (both included), by product (P07-20).

    The product is what the assets' `attribute` says, else their type. PERIOD_INVERTED.
    """
    require(uow.actor, "report.read")
    if since > until:
        raise InvalidInput("PERIOD_INVERTED", field="until")
    begin, end = _days(since, until, uow.scope.time_zone)
    rows = await queries.failures_between(uow, begin, end, attribute)
    return [ProductFailures(**dict(row)) for row in rows]


async def dispatch_report(uow: TenantWork, month: str) -> DispatchReport:
    """The dispatches of a local month such as `2026-06`, with their costs (P12-17). MONTH_INVALID."""
    require(uow.actor, "report.read")
    if not _MONTH.fullmatch(month):
        raise InvalidInput("MONTH_INVALID", field="month", value=month)
    if not FIRST_YEAR <= int(month[:4]) <= LAST_YEAR:
        raise InvalidInput("MONTH_INVALID", field="month", value=month)
    first = date.fromisoformat(f"{month}-01")
    last = day_of_month(first.year, first.month, 31)
    begin, end = _days(first, last, uow.scope.time_zone)
    totals: dict[str, Decimal] = defaultdict(Decimal)
    found: dict[UUID, Dispatch] = {}
    for row in await queries.dispatches_between(uow, begin, end, DISPATCHES_LIMIT):
        dispatch = found.setdefault(
            row["id"],
            Dispatch(
                appointment_id=row["id"], dispatched_at=row["dispatched_at"], state=row["state"],
                engineer_id=row["engineer_id"], ticket_id=row["ticket_id"], costs={},
            ),
        )  # fmt: skip
        if row["currency"] is not None:
            dispatch.costs[row["currency"]] = row["amount"]
            totals[row["currency"]] += row["amount"]
    return DispatchReport(month=month, count=len(found), totals=dict(totals), dispatches=tuple(found.values()))


def _days(since: date, until: date, zone: str) -> tuple[datetime, datetime]:
    """The instants between which local days lie. INSTANT_IMPOSSIBLE at the ends of the calendar."""
    for field, day in (("since", since), ("until", until)):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise InvalidInput("INSTANT_IMPOSSIBLE", field=field, value=day.isoformat())
    return start_of_day(since, ZoneInfo(zone)), end_of_day(until, ZoneInfo(zone))


async def record_dispatch_cost(uow: TenantWork, command: RecordDispatchCost) -> DispatchCost:
    """Note what a dispatch cost the company. COST_INVALID for nothing, more than two decimals or no currency."""
    require(uow.actor, "charge.record")
    visit = await uow.get(ServiceAppointment, command.appointment_id)
    amount = command.amount
    known = amount.is_finite() and amount != 0 and abs(amount) < LARGEST_COST
    if not known or amount != amount.quantize(Decimal("0.01")) or not _CURRENCY.fullmatch(command.currency):
        raise InvalidInput("COST_INVALID", field="amount")
    cost = uow.add(
        DispatchCost(
            id=new_id(), appointment_id=visit.id, kind=command.kind, amount=amount, currency=command.currency,
            note=clean_text(command.note, "note", TITLE_LIMIT), at=uow.now, actor=uow.actor.label,
        )
    )  # fmt: skip
    await journal.record(
        uow, "dispatch.cost_recorded", subject_type="visit", subject_id=visit.id, ticket_id=visit.ticket_id,
        data={"kind": cost.kind, "amount": amount, "currency": cost.currency},
    )  # fmt: skip
    return cost


async def add_form_point(uow: TenantWork, command: AddFormPoint) -> FormPoint:
    """A place where a form can be picked up (P04-15). FORM_UNKNOWN, FORM_POINT_TAKEN."""
    require(uow.actor, "party.manage")
    form = await forms.form_of(uow, command.form)
    if command.customer_id is not None:
        await uow.get(Customer, command.customer_id)
    point = uow.add(
        FormPoint(
            id=new_id(), code=clean_text(command.code, "code", CODE_LIMIT, required=True),
            place=clean_text(command.place, "place", TITLE_LIMIT, required=True), form=form.template.code,
            customer_id=command.customer_id, created_at=uow.now,
        )
    )  # fmt: skip
    await _note(uow, "form_point.added", point, {})
    return point


async def issue_forms(uow: TenantWork, command: IssueForms) -> FormIssue:
    """Put out blank forms at a point."""
    require(uow.actor, "party.manage")
    point = await uow.get(FormPoint, command.form_point_id)
    issue = uow.add(
        FormIssue(id=new_id(), form_point_id=point.id, quantity=command.quantity, at=uow.now, actor=uow.actor.label)
    )
    await _note(uow, "form_point.issued", point, {"quantity": command.quantity})
    return issue


async def form_point_count(uow: TenantWork, form_point_id: UUID) -> FormPointCount:
    """How many forms of a point came back: the submitted records that name it."""
    require(uow.actor, "report.read")
    await uow.get(FormPoint, form_point_id)
    issued, returned = await queries.form_counts(uow, form_point_id)
    rate = (Decimal(returned) / Decimal(issued)).quantize(Decimal("0.0001")) if issued else None
    return FormPointCount(issued=issued, returned=returned, rate=rate)


async def _note(uow: TenantWork, kind: str, point: FormPoint, data: dict[str, object]) -> None:
    await journal.record(
        uow, kind, subject_type="form_point", subject_id=point.id, customer_id=point.customer_id,
        data={"code": point.code, **data},
    )  # fmt: skip
