"""What a dealership sets for itself."""

from collections.abc import Sequence
from decimal import Decimal

from aftersales import Label, SettingsProblem, VerticalSettings, hookimpl

DEFAULT_LOST_AFTER_MONTHS = 12
DEFAULT_NEW_CAR_MONTHS = 12
DEFAULT_NEW_CAR_KILOMETRES = 10_000
"""“流失” and “新车” aren't defined in the text; these three are the readings of A33, shown as defaults."""
LONGEST_REPAIR_HOURS = 5 * 24
"""A tenant's own repair time goes before the statute's, so it may not be longer than the statute's five days."""


class Auto4sSettings(VerticalSettings, frozen=True, kw_only=True):
    """Plan 6 gives a campaign only: response times have no number in it and none is invented.

    `acknowledge_minutes`, `diagnose_hours` and `repair_hours` become targets of source "tenant" when set.
    `minimum_campaign_kilometres` has to be set before the campaign is published (A32); `labour_rate` is the
    price of one labour hour in CNY (A38). `maintenance_kilometres` and `maintenance_months` are the maker's service
    interval, whichever comes first: no plan and no law gives one.
    """

    acknowledge_minutes: int | None = None
    diagnose_hours: int | None = None
    repair_hours: int | None = None
    campaign_brand: str = "Hyundai"
    campaign_year: int | None = None
    minimum_campaign_kilometres: int | None = None
    lost_after_months: int = DEFAULT_LOST_AFTER_MONTHS
    new_car_months: int = DEFAULT_NEW_CAR_MONTHS
    new_car_kilometres: int = DEFAULT_NEW_CAR_KILOMETRES
    labour_rate: Decimal | None = None
    warranty_months: int | None = None
    warranty_kilometres: int | None = None
    maintenance_kilometres: int | None = None
    maintenance_months: int | None = None


@hookimpl
def settings_problems(settings: Auto4sSettings) -> Sequence[SettingsProblem]:
    problems = []
    for field, number, least in (
        ("acknowledge_minutes", settings.acknowledge_minutes, 1),
        ("diagnose_hours", settings.diagnose_hours, 1),
        ("repair_hours", settings.repair_hours, 1),
        ("minimum_campaign_kilometres", settings.minimum_campaign_kilometres, 0),
        ("lost_after_months", settings.lost_after_months, 1),
        ("new_car_months", settings.new_car_months, 1),
        ("new_car_kilometres", settings.new_car_kilometres, 1),
        ("warranty_months", settings.warranty_months, 1),
        ("warranty_kilometres", settings.warranty_kilometres, 1),
        ("maintenance_kilometres", settings.maintenance_kilometres, 1),
        ("maintenance_months", settings.maintenance_months, 1),
    ):
        if number is not None and number < least:
            problems.append(
                SettingsProblem(field=field, reason=Label(f"不得小于 {least}", f"has to be {least} or more"))
            )
    if settings.repair_hours is not None and settings.repair_hours > LONGEST_REPAIR_HOURS:
        reason = Label("三包修理超过 5 日须提供备用车,不得承诺更长", "a warranty repair beyond five days owes a loaner")
        problems.append(SettingsProblem(field="repair_hours", reason=reason))
    if settings.labour_rate is not None and settings.labour_rate <= 0:
        problems.append(
            SettingsProblem(field="labour_rate", reason=Label("工时单价须大于零", "the hourly rate has to be positive"))
        )
    if (settings.warranty_months is None) != (settings.warranty_kilometres is None):
        problems.append(
            SettingsProblem(
                field="warranty_months",
                reason=Label("月数与里程须同时设定", "months and kilometres go together"),
            )
        )
    return problems
