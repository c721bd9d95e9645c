"""How many deadlines per second one core computes on a calendar with two windows a day and public holidays."""

import random
from datetime import UTC, datetime, timedelta
from time import perf_counter

from aftersales.calendars.rules import CalendarDefinition, HolidayList, compile_calendar, monday_to_friday
from bench.report import Report

HORIZON_WORKING_HOURS = 150
"""Twenty working days of seven and a half hours lie within thirty days."""
FIRST_START = datetime(2026, 1, 1, tzinfo=UTC)


def measure(report: Report, count: int, rounds: int = 5) -> None:
    """The best of `rounds` rounds of `count` deadlines each, random starts over a year, budgets over 30 days."""
    definition = CalendarDefinition(
        code="desk",
        name="Two windows a day",
        zone="Asia/Shanghai",
        weekly=monday_to_friday(("08:30", "12:00"), ("13:00", "17:00")),
        holidays=HolidayList(country="CN"),
    )
    began = perf_counter()
    calendar = compile_calendar(definition)
    calendar.add_working_time(FIRST_START, timedelta(hours=HORIZON_WORKING_HOURS))
    first = perf_counter() - began
    choose = random.Random(5)
    work = [
        (
            FIRST_START + timedelta(minutes=choose.randrange(365 * 24 * 60)),
            timedelta(minutes=choose.randrange(1, HORIZON_WORKING_HOURS * 60)),
        )
        for _ in range(count)
    ]
    rates = []
    add = calendar.add_working_time
    for _ in range(rounds):
        began = perf_counter()
        for start, amount in work:
            add(start, amount)
        rates.append(count / (perf_counter() - began))
    rates.sort()
    report.add(
        "deadlines", "working-time deadlines per second and core", rates[len(rates) // 2], "/s", "≥ 50,000 /s",
        rounds=rates, first_use_seconds=first,
    )  # fmt: skip
