"""When whom to tell: before, at and after a deadline, through pauses and changes."""

from typing import Any

import pytest

from aftersales.commitments.rules import AlarmRule, alarm_instants, next_alarm
from aftersales.kit.errors import InvalidInput
from tests.calendars.examples import local
from tests.commitments.examples import Story, budget

LADDER = (
    AlarmRule(code="warn", kind="warning", share=0.75, escalate_to="engineer"),
    AlarmRule(code="soon", kind="warning", offset_minutes=-10, escalate_to="dispatcher"),
    AlarmRule(code="breach", kind="breach", offset_minutes=0, escalate_to="dispatcher", level=1),
    AlarmRule(code="up", kind="escalation", offset_minutes=60, escalate_to="owner", level=2),
    AlarmRule(code="far", kind="escalation", share=2.0, escalate_to="owner", level=3),
)


def alarms(story: Story, rules: tuple[AlarmRule, ...] = LADDER) -> dict[str, Any]:
    return {alarm.rule.code: alarm.at for alarm in alarm_instants(story.state, rules, story.calendars)}


def upcoming(story: Story, raised: dict[str, str]) -> str | None:
    told = {code: local(f"2026-06-01T{text}") for code, text in raised.items()}
    alarm = next_alarm(story.state, LADDER, told, story.calendars)
    return None if alarm is None else alarm.rule.code


def test_a_ladder_on_a_running_clock_in_order() -> None:
    found = alarms(Story("2026-06-01T09:00", budget(4)))
    assert found == {
        "warn": local("2026-06-01T12:00"),
        "soon": local("2026-06-01T12:50"),
        "breach": local("2026-06-01T13:00"),
        "up": local("2026-06-01T14:00"),
        "far": local("2026-06-01T17:00"),
    }
    assert list(found) == ["warn", "soon", "breach", "up", "far"]


def test_a_share_of_working_time_falls_inside_working_time() -> None:
    found = alarms(Story("2026-06-05T16:00", budget(4, "working_hour"), "desk"))
    assert found["warn"] == local("2026-06-08T10:30")
    assert found["breach"] == local("2026-06-08T11:30")


def test_a_share_of_working_days_is_of_the_working_time_until_the_deadline() -> None:
    """From Friday 13:00 to the end of Tuesday: 4 + 8.5 + 8.5 working hours; half of them end Monday 15:00."""
    half = AlarmRule(code="half", share=0.5)
    found = alarms(Story("2026-06-05T13:00", budget(2, "working_day"), "desk"), (half,))
    assert found["half"] == local("2026-06-08T15:00")


def test_a_share_of_calendar_days_is_of_the_time_until_the_deadline() -> None:
    half = AlarmRule(code="half", share=0.5)
    assert alarms(Story("2026-06-05T12:00", budget(2, "calendar_day"), "desk"), (half,))["half"] == local(
        "2026-06-06T18:00"
    )


def test_nothing_is_due_while_paused_and_everything_moves_on_resuming() -> None:
    story = Story("2026-06-01T09:00", budget(4)).pause("2026-06-01T11:00")
    assert upcoming(story, {}) is None
    story.resume("2026-06-01T15:00")
    assert alarms(story)["warn"] == local("2026-06-01T16:00")
    assert alarms(story)["breach"] == local("2026-06-01T17:00")


def test_an_alarm_that_fell_before_the_pause_is_not_lost() -> None:
    """The sweeper was down at 12:00 and the clock was paused at 12:30."""
    story = Story("2026-06-01T09:00", budget(4)).pause("2026-06-01T12:30")
    assert upcoming(story, {}) == "warn"
    assert upcoming(story, {"warn": "12:00"}) is None


def test_escalations_count_running_time_only() -> None:
    story = Story("2026-06-01T09:00", budget(4)).pause("2026-06-01T13:30")
    assert upcoming(story, {"warn": "12:00", "soon": "12:50"}) == "breach"
    assert upcoming(story, {"warn": "12:00", "soon": "12:50", "breach": "13:00"}) is None
    story.resume("2026-06-01T20:00")
    assert alarms(story)["breach"] == local("2026-06-01T13:00")
    assert alarms(story)["up"] == local("2026-06-01T20:30")


def test_a_later_deadline_is_told_again_and_an_equal_or_earlier_one_is_not() -> None:
    story = Story("2026-06-01T09:00", budget(4)).change("2026-06-01T12:30", budget(8))
    assert alarms(story)["warn"] == local("2026-06-01T15:00")
    assert upcoming(story, {"warn": "12:00"}) == "warn"
    assert upcoming(story, {"warn": "15:00"}) == "soon"
    story.change("2026-06-01T15:30", budget(7))
    assert upcoming(story, {"warn": "15:00"}) == "soon"


def test_what_a_shorter_target_makes_late_is_due_at_once() -> None:
    story = Story("2026-06-01T09:00", budget(8)).change("2026-06-01T12:00", budget(2))
    assert alarms(story)["breach"] == local("2026-06-01T11:00")
    assert upcoming(story, {"warn": "15:00", "soon": "16:50"}) == "breach"


def test_a_warning_longer_than_the_promise_is_left_out() -> None:
    day_before = AlarmRule(code="day", offset_minutes=-24 * 60)
    assert alarms(Story("2026-06-01T09:00", budget(2)), (day_before,)) == {}


def test_a_finished_clock_only_owes_the_breach_that_happened() -> None:
    late = Story("2026-06-01T09:00", budget(4)).stop("2026-06-01T18:00")
    assert list(alarms(late)) == ["breach"]
    in_time = Story("2026-06-01T09:00", budget(4)).stop("2026-06-01T12:30")
    assert alarms(in_time) == {}
    assert alarms(Story("2026-06-01T09:00", budget(4)).cancel("2026-06-01T18:00")) == {}


def test_a_late_end_in_days_still_owes_its_breach() -> None:
    late = Story("2026-06-01T09:00", budget(1, "calendar_day"), "desk").stop("2026-06-05T18:00")
    assert alarms(late) == {"breach": local("2026-06-03T00:00")}


def test_a_share_in_days_on_a_missed_and_paused_clock() -> None:
    warn = AlarmRule(code="half", share=0.5)
    story = Story("2026-06-01T12:00", budget(1, "calendar_day"), "desk").pause("2026-06-05T18:00")
    assert alarms(story, (warn,)) == {"half": local("2026-06-02T06:00")}


def test_a_clock_without_budget_has_no_alarms() -> None:
    assert alarms(Story("2026-06-01T09:00", None)) == {}


@pytest.mark.parametrize(
    "values", [{}, {"share": 0.5, "offset_minutes": 0}, {"share": 0.0}, {"share": -1.0}, {"share": 11.0}]
)
def test_a_rule_needs_exactly_one_point_in_time(values: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        AlarmRule(code="x", **values)
    assert caught.value.code == "ALARM_RULE_INVALID"
