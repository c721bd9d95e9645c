"""Decisions that no table can take: grades by drivability, audiences, eligibility, complete arrivals."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from msgspec import ValidationError, convert

from aftersales import (
    CustomerFacts,
    EligibilityFacts,
    EligibilityVerdict,
    EventFacts,
    FollowUp,
    GradeVerdict,
    Label,
    SegmentVerdict,
    hookimpl,
)
from aftersales_auto_4s.assets import PASSENGER_CAR, Car
from aftersales_auto_4s.campaign import OFFERS, SUMMER, WINDOW
from aftersales_auto_4s.grades import ORDINARY, CarFaultFacts
from aftersales_auto_4s.settings import Auto4sSettings


@hookimpl
def classify_fault(facts: CarFaultFacts, settings: Auto4sSettings) -> GradeVerdict | None:
    """A car that doesn't drive, but endangers nobody, is an ordinary fault; the reason is kept."""
    if not facts.drivable:
        reason = Label("不能行驶,但不危及人身安全", "can't be driven, but endangers nobody")
        return GradeVerdict(grade=ORDINARY, reason=reason)
    return None


@hookimpl
def segment_customer(facts: CustomerFacts, settings: Auto4sSettings) -> SegmentVerdict | None:
    """Lost: no paid visit for more than the tenant's number of months (P06-02, A33)."""
    if facts.last_paid_visit_on is None:
        return None
    months = settings.lost_after_months
    if _months_after(facts.last_paid_visit_on, months) < facts.on:
        reason = Label(f"超过 {months} 个月未进店消费", f"no paid visit for more than {months} months")
        return SegmentVerdict(segment="lost", reason=reason, clause="P06-02")
    reason = Label(f"{months} 个月内有消费", f"a paid visit within {months} months")
    return SegmentVerdict(segment="existing", reason=reason, clause="P06-02")


@hookimpl
def judge_eligibility(facts: EligibilityFacts, settings: Auto4sSettings) -> EligibilityVerdict | None:
    """Window, brand and class, mileage, designated store, and no cleaning for new cars (P06-04 to P06-07)."""
    if facts.campaign != SUMMER:
        return None
    try:
        car = convert(facts.attributes, Car)
    except ValidationError as fault:
        return _no(f"车辆资料不完整:{fault}", f"the car's data don't fit: {fault}", "P06-05")
    year = settings.campaign_year
    if not WINDOW.covers(facts.on) or (year is not None and facts.on.year != year):
        return _no("不在活动期间", "outside the campaign's window", "P06-04")
    if facts.asset_type != PASSENGER_CAR or (car.brand or "").casefold() != settings.campaign_brand.casefold():
        brand = settings.campaign_brand
        return _no(f"限 {brand} 乘用车", f"for {brand} passenger cars only", "P06-05")
    least = settings.minimum_campaign_kilometres
    if least is None:
        return _no("尚未设定里程条件", "the mileage condition isn't set yet", "P06-05")
    kilometres = facts.usage if facts.usage is not None else car.mileage
    if kilometres is None or kilometres < least:
        return _no(f"里程不足 {least} 公里", f"less than {least} km", "P06-05")
    if car.use == "commercial" and (car.designated_store is None or car.designated_store != facts.service_unit):
        return _no("营运车辆限定点维修店", "commercial cars only at their designated store", "P06-07")
    offer = next((found for found in OFFERS if found.code == facts.offer), None)
    if offer is not None and "new_car" in offer.excludes and _is_new(car, kilometres, facts.on, settings):
        return _no("新车无需清洗空调", "new cars need no cleaning of the air conditioning", "P06-06")
    return EligibilityVerdict(
        eligible=True, reason=Label("符合活动条件", "meets the campaign's conditions"), clause="P06-05"
    )


@hookimpl
def on_event(event: EventFacts, settings: Auto4sSettings) -> Sequence[FollowUp]:
    """An arrival record has to be complete (P06-03): without a meter reading the dispatcher is told.

    The copy for the dealer management system is the engine's business, whatever the vertical.
    """
    if event.kind != "asset.arrived" or event.data.get("usage") is not None:
        return ()
    number = event.data.get("number", "")
    payload = {
        "roles": ["dispatcher"],
        "subject": {"zh-CN": f"进场记录缺少里程:{number}", "en": f"Arrival without a meter reading: {number}"},
        "body": {
            "zh-CN": "请补录里程,进场记录须及时、全面上传(P06-03)。",
            "en": "Please add the mileage: arrival records have to be complete (P06-03).",
        },
    }
    return (FollowUp(topic="notice", payload=payload, clause="P06-03"),)


def _no(zh: str, en: str, clause: str) -> EligibilityVerdict:
    return EligibilityVerdict(eligible=False, reason=Label(zh, en), clause=clause)


def _is_new(car: Car, kilometres: int, on: date, settings: Auto4sSettings) -> bool:
    """Sold less than so many months ago, or driven less than so many kilometres (A33)."""
    fresh = car.sold_on is not None and on < _months_after(car.sold_on, settings.new_car_months)
    return fresh or kilometres < settings.new_car_kilometres


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
