"""The examples of the service plans whose point is a date, checked by hand; times are local, Asia/Shanghai."""

from typing import Any

import pytest

from aftersales.commitments.rules import Budget
from tests.calendars.examples import around_the_clock, desk, local
from tests.commitments.examples import Story, budget


def case(*clauses: str, **values: Any) -> Any:
    return pytest.param(
        values["since"],
        values["allowed"],
        values["due"],
        values["done"],
        values["status"],
        marks=pytest.mark.clause(*clauses),
        id=f"{clauses[0]}-{values['status']}-{values['done'][5:]}",
    )


CALENDAR_DAYS_2 = budget(2, "calendar_day")
WORKING_DAYS_3 = budget(3, "working_day")
WORKING_DAYS_5 = budget(5, "working_day")

CASES = [
    case("P03-03", since="2026-06-01T15:00", allowed=CALENDAR_DAYS_2, due="2026-06-04T00:00",
         done="2026-06-03T18:00", status="met"),
    case("P03-03", since="2026-06-01T15:00", allowed=CALENDAR_DAYS_2, due="2026-06-04T00:00",
         done="2026-06-04T00:01", status="met_late"),
    case("P03-16", since="2026-09-28T10:00", allowed=WORKING_DAYS_5, due="2026-10-11T00:00",
         done="2026-10-10T23:59", status="met"),
    case("P03-16", since="2026-09-28T10:00", allowed=WORKING_DAYS_5, due="2026-10-11T00:00",
         done="2026-10-11T00:01", status="met_late"),
    case("P05-33", since="2026-06-05T00:00", allowed=CALENDAR_DAYS_2, due="2026-06-08T00:00",
         done="2026-06-07T23:00", status="met"),
    case("P05-33", since="2026-06-05T23:59", allowed=CALENDAR_DAYS_2, due="2026-06-08T00:00",
         done="2026-06-08T00:01", status="met_late"),
    case("P05-34", since="2026-06-05T22:15", allowed=budget(2), due="2026-06-06T00:15",
         done="2026-06-06T00:15", status="met"),
    case("P05-34", since="2026-06-05T22:15", allowed=budget(2), due="2026-06-06T00:15",
         done="2026-06-06T00:16", status="met_late"),
    case("P08-12", since="2026-06-10T09:00", allowed=budget(1), due="2026-06-10T10:00",
         done="2026-06-10T10:00:00", status="met"),
    case("P08-12", since="2026-06-10T09:00", allowed=budget(1), due="2026-06-10T10:00",
         done="2026-06-10T10:00:01", status="met_late"),
    case("P08-13", since="2026-06-10T09:00", allowed=budget(8), due="2026-06-10T17:00",
         done="2026-06-10T17:00", status="met"),
    case("P08-13", since="2026-06-10T09:00", allowed=budget(8), due="2026-06-10T17:00",
         done="2026-06-10T17:05", status="met_late"),
    case("P08-14", since="2026-09-18T16:00", allowed=WORKING_DAYS_3, due="2026-09-23T00:00",
         done="2026-09-22T23:59", status="met"),
    case("P08-14", since="2026-09-18T16:00", allowed=WORKING_DAYS_3, due="2026-09-23T00:00",
         done="2026-09-23T09:00", status="met_late"),
    case("P08-20", since="2026-06-10T10:00", allowed=budget(2), due="2026-06-10T12:00",
         done="2026-06-10T12:00", status="met"),
    case("P08-20", since="2026-06-10T10:00", allowed=budget(12), due="2026-06-10T22:00",
         done="2026-06-10T22:01", status="met_late"),
    case("P08-20", since="2026-06-10T10:00", allowed=budget(48), due="2026-06-12T10:00",
         done="2026-06-12T10:00", status="met"),
    case("P09-06", "P14-06", since="2026-06-10T08:00", allowed=budget(4), due="2026-06-10T12:00",
         done="2026-06-10T12:00", status="met"),
    case("P09-06", "P14-06", since="2026-06-10T08:00", allowed=budget(4), due="2026-06-10T12:00",
         done="2026-06-10T12:00:01", status="met_late"),
    case("P09-07", "P14-07", since="2026-06-10T08:00", allowed=budget(12), due="2026-06-10T20:00",
         done="2026-06-10T20:00", status="met"),
    case("P09-07", "P14-07", since="2026-06-10T08:00", allowed=budget(12), due="2026-06-10T20:00",
         done="2026-06-10T20:01", status="met_late"),
    case("P09-30", "P14-30", since="2026-03-10T11:00", allowed=CALENDAR_DAYS_2, due="2026-03-13T00:00",
         done="2026-03-12T20:00", status="met"),
    case("P09-30", "P14-30", since="2026-03-10T11:00", allowed=CALENDAR_DAYS_2, due="2026-03-13T00:00",
         done="2026-03-13T09:00", status="met_late"),
    case("P10-20", since="2026-06-14T03:00", allowed=budget(5, "minute"), due="2026-06-14T03:05",
         done="2026-06-14T03:05", status="met"),
    case("P10-20", since="2026-06-14T03:00", allowed=budget(5, "minute"), due="2026-06-14T03:05",
         done="2026-06-14T03:06", status="met_late"),
    case("P10-30", since="2026-06-11T15:00", allowed=budget(48), due="2026-06-13T15:00",
         done="2026-06-13T15:00", status="met"),
    case("P10-30", since="2026-06-11T15:00", allowed=budget(48), due="2026-06-13T15:00",
         done="2026-06-13T15:01", status="met_late"),
]  # fmt: skip


@pytest.mark.parametrize(("since", "allowed", "due", "done", "status"), CASES)
def test_the_plan_says_when_and_the_clock_agrees(since: str, allowed: Budget, due: str, done: str, status: str) -> None:
    story = Story(since, allowed, "desk").stop(done)
    assert story.state.due_at == local(due)
    assert story.status(done).code == status


@pytest.mark.clause("P08-14")
def test_a_complex_problem_before_the_national_holiday_waits_for_the_make_up_saturday() -> None:
    """Called Wed 30 September 2026: 8 and 9 October and the make-up Saturday, the 10th."""
    assert Story("2026-09-30T10:00", WORKING_DAYS_3, "desk").state.due_at == local("2026-10-11T00:00")


@pytest.mark.clause("P03-15")
def test_as_fast_as_possible_is_tracked_without_a_target() -> None:
    story = Story("2026-06-10T09:00", None)
    assert story.state.due_at is None
    assert story.status("2026-07-10T09:00").code == "tracked"


@pytest.mark.clause("P10-09")
def test_the_time_to_restore_is_known_although_nothing_was_promised() -> None:
    state = Story("2026-06-10T10:00", None).stop("2026-06-10T13:00").state
    assert sum((end - begin).total_seconds() for begin, end in state.stretches) == 3 * 3600


@pytest.mark.clause("P10-28")
@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-05-08T16:59", True),
        ("2026-05-08T17:00", False),
        ("2026-05-08T08:29:59", False),
        ("2026-05-08T08:30", True),
        ("2026-10-05T10:00", False),
        ("2026-06-13T10:00", False),
        ("2026-05-09T10:00", True),
    ],
)
def test_the_phone_desk_is_open_on_working_days_from_half_past_eight_to_five(at: str, is_open: bool) -> None:
    """5 October 2026 is a holiday, 13 June a Saturday, 9 May a Saturday that is worked (A58)."""
    assert desk().is_open(local(at)) is is_open


@pytest.mark.clause("P10-29")
def test_sunday_evening_is_off_hours_until_monday_morning() -> None:
    call = local("2026-06-14T20:00")
    assert not desk().is_open(call)
    assert desk().next_open(call) == local("2026-06-15T08:30")


@pytest.mark.clause("P09-08", "P14-08")
def test_the_hotline_is_open_at_three_in_the_morning_of_a_national_holiday() -> None:
    assert around_the_clock().is_open(local("2026-10-01T03:00"))


@pytest.mark.clause("P10-30")
def test_the_48_hours_run_outside_the_phone_desks_window() -> None:
    """A58: the window limits the phone desk only."""
    story = Story("2026-10-01T20:00", budget(48), "desk")
    assert story.state.due_at == local("2026-10-03T20:00")
