"""Deadlines out of the ledger: starts, pauses, changes of terms, stops; and what the peers get wrong."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from aftersales.commitments.rules import Budget, ClockSegment, ClockState, advance, replay, start
from aftersales.kit.errors import AftersalesError, InvalidInput, StateRefused
from tests.calendars.examples import local
from tests.commitments.examples import CALENDARS, Story, budget


def same(story: Story, text: str) -> bool:
    return story.state.due_at == local(text)


def test_a_pause_is_added_to_the_budget_and_not_to_the_deadline() -> None:
    """ERPNext #51111 adds hold time behind the deadline, so a pause over night moves it into the night."""
    story = Story("2026-06-01T09:00", budget(8, "working_hour"), "desk")
    assert same(story, "2026-06-01T17:00")
    story.pause("2026-06-01T16:00").resume("2026-06-02T08:30")
    assert same(story, "2026-06-02T09:30")


def test_a_pause_in_closed_time_costs_no_working_time() -> None:
    story = Story("2026-06-01T16:00", budget(2, "working_hour"), "desk")
    story.pause("2026-06-01T18:00").resume("2026-06-02T07:00")
    assert same(story, "2026-06-02T09:30")


def test_a_change_of_target_keeps_every_pause() -> None:
    """GLPI #15605 loses the pause when the SLA changes."""
    story = Story("2026-06-01T09:00", budget(4)).pause("2026-06-01T10:00").resume("2026-06-01T12:00")
    assert same(story, "2026-06-01T15:00")
    story.change("2026-06-01T12:30", budget(8))
    assert same(story, "2026-06-01T19:00")
    assert story.state.paused == timedelta(hours=2)


def test_a_change_while_paused_stays_paused_and_holds_on_resuming() -> None:
    story = Story("2026-06-01T09:00", budget(4)).pause("2026-06-01T10:00")
    story.change("2026-06-01T11:00", budget(2))
    assert story.state.state == "paused"
    assert story.state.due_at is None
    story.resume("2026-06-01T12:00")
    assert same(story, "2026-06-01T13:00")


def test_a_shorter_target_that_was_already_used_up_is_broken_when_it_would_have_been() -> None:
    story = Story("2026-06-01T09:00", budget(8)).change("2026-06-01T12:00", budget(2))
    assert same(story, "2026-06-01T11:00")
    assert story.status("2026-06-01T12:00").code == "overdue"


def test_a_longer_target_reopens_a_deadline_that_had_passed() -> None:
    story = Story("2026-06-01T09:00", budget(1)).change("2026-06-01T12:00", budget(8))
    assert same(story, "2026-06-01T17:00")
    assert story.status("2026-06-01T12:00").code == "open"


def test_hours_may_become_working_days_counted_from_the_same_call() -> None:
    """Clause P08-14: a general problem that turns complex at triage; the days count from the day of the call."""
    story = Story("2026-09-18T09:00", budget(8)).change("2026-09-19T10:00", budget(3, "working_day"), "desk")
    assert same(story, "2026-09-23T00:00")


def test_a_change_of_calendar_may_keep_what_was_spent_as_it_was_counted() -> None:
    """Open since Monday on the desk's hours; from Tuesday on the clock runs day and night."""
    story = Story("2026-06-01T16:00", budget(4, "working_hour"), "desk")
    story.change("2026-06-02T00:00", budget(4, "working_hour"), "24x7", carry="keep")
    assert same(story, "2026-06-02T03:00")
    counted_anew = Story("2026-06-01T16:00", budget(4, "working_hour"), "desk")
    counted_anew.change("2026-06-02T00:00", budget(4, "working_hour"), "24x7")
    assert same(counted_anew, "2026-06-01T20:00")


def test_what_was_carried_over_counts_against_a_smaller_budget() -> None:
    story = Story("2026-06-01T09:00", budget(8)).change("2026-06-01T12:00", budget(2), carry="keep")
    assert same(story, "2026-06-01T12:00")
    assert story.status("2026-06-01T12:01").code == "overdue"


def test_the_longest_way_round_carry_pause_and_carry_again() -> None:
    story = Story("2026-06-01T09:00", budget(8)).pause("2026-06-01T10:00").resume("2026-06-01T11:00")
    story.change("2026-06-01T12:00", budget(6), carry="keep").pause("2026-06-01T13:00").resume("2026-06-01T20:00")
    story.change("2026-06-01T21:00", budget(5), carry="keep")
    assert same(story, "2026-06-01T22:00")
    story.change("2026-06-01T21:30", budget(10))
    assert same(story, "2026-06-02T03:00")


def test_counting_anew_forgets_what_was_carried_over() -> None:
    """Five hours on a clock that never stops are carried over, and then all is counted by the desk alone."""
    story = Story("2026-06-01T15:00", budget(9, "working_hour"), "24x7")
    story.change("2026-06-01T20:00", budget(9, "working_hour"), "desk", carry="keep")
    assert same(story, "2026-06-02T12:30")
    story.change("2026-06-02T09:00", budget(10, "working_hour"), "desk")
    assert same(story, "2026-06-02T16:30")


def test_only_the_same_kind_of_time_can_be_carried_over() -> None:
    for changed, calendar in ((budget(3, "working_day"), "desk"), (budget(3, "working_hour"), "desk"), (None, None)):
        story = Story("2026-06-01T09:00", budget(8)).change("2026-06-01T10:00", changed, calendar, carry="keep")
        with pytest.raises(StateRefused) as caught:
            _ = story.state
        assert caught.value.code == "CLOCK_CARRY_REFUSED"


@pytest.mark.parametrize("unit", ["calendar_day", "working_day"])
def test_a_pause_within_one_day_does_not_move_a_deadline_in_days(unit: str) -> None:
    story = Story("2026-06-01T09:00", msgspec.convert({"amount": 2, "unit": unit}, Budget), "desk")
    story.pause("2026-06-02T09:00").resume("2026-06-02T23:00")
    assert same(story, "2026-06-04T00:00")


def test_a_pause_over_ends_of_counted_days_moves_a_deadline_by_as_many() -> None:
    calendar_days = Story("2026-06-05T09:00", budget(2, "calendar_day"), "desk")
    calendar_days.pause("2026-06-06T12:00").resume("2026-06-08T12:00")
    assert same(calendar_days, "2026-06-10T00:00")
    working_days = Story("2026-06-05T09:00", budget(2, "working_day"), "desk")
    working_days.pause("2026-06-06T12:00").resume("2026-06-08T12:00")
    assert same(working_days, "2026-06-10T00:00")
    over_monday_night = Story("2026-06-05T09:00", budget(2, "working_day"), "desk")
    over_monday_night.pause("2026-06-08T23:00").resume("2026-06-09T01:00")
    assert same(over_monday_night, "2026-06-11T00:00")


def test_a_pause_of_no_length_at_the_very_midnight_of_the_deadline_changes_nothing() -> None:
    story = Story("2026-06-01T09:00", budget(2, "calendar_day"), "desk")
    story.pause("2026-06-04T00:00").resume("2026-06-04T00:00")
    assert same(story, "2026-06-04T00:00")


def test_a_pause_on_the_trigger_day_costs_no_day() -> None:
    story = Story("2026-06-01T09:00", budget(2, "calendar_day"), "desk")
    story.pause("2026-06-01T10:00").resume("2026-06-02T08:00")
    assert same(story, "2026-06-04T00:00")


def test_a_trigger_at_midnight_belongs_to_the_day_that_begins() -> None:
    assert same(Story("2026-06-01T00:00", budget(2, "calendar_day"), "desk"), "2026-06-04T00:00")
    assert same(Story("2026-05-31T23:59:59", budget(2, "calendar_day"), "desk"), "2026-06-03T00:00")


def test_a_deadline_in_calendar_days_may_roll_off_a_holiday() -> None:
    rolling = Budget(amount=2, unit="calendar_day", roll_holiday=True)
    assert same(Story("2026-09-29T10:00", rolling, "desk"), "2026-10-09T00:00")
    story = Story("2026-09-29T10:00", rolling, "desk").pause("2026-10-04T10:00").resume("2026-10-05T10:00")
    assert same(story, "2026-10-09T00:00")
    story = Story("2026-09-29T10:00", rolling, "desk").pause("2026-10-04T10:00").resume("2026-10-09T10:00")
    assert same(story, "2026-10-10T00:00")


def test_days_are_counted_in_the_calendars_zone_across_summer_time() -> None:
    story = Story("2026-03-27T15:00", budget(3, "calendar_day"), "berlin")
    assert story.state.due_at == local("2026-03-31T00:00", "Europe/Berlin")


def test_a_paused_clock_has_no_deadline_but_keeps_the_rest_of_its_budget() -> None:
    state = Story("2026-06-01T09:00", budget(4)).pause("2026-06-01T10:00").state
    assert state.due_at is None
    assert state.remaining == 3 * 3600 * 1_000_000
    assert state.reason == "waiting for the customer"


def test_a_deadline_that_was_missed_before_a_pause_does_not_move() -> None:
    story = Story("2026-06-01T09:00", budget(1)).pause("2026-06-01T11:00").resume("2026-06-01T15:00")
    assert same(story, "2026-06-01T10:00")
    assert story.state.exhausted
    assert story.state.remaining == 0


def test_a_deadline_missed_in_closed_time_is_not_mended_by_a_later_pause() -> None:
    """One hour from 16:00 is due at the close of the desk; pausing in the evening is too late."""
    story = Story("2026-06-01T16:00", budget(1, "working_hour"), "desk")
    story.pause("2026-06-01T20:00").resume("2026-06-02T09:00")
    assert same(story, "2026-06-01T17:00")
    assert story.status("2026-06-02T09:00").code == "overdue"


def test_a_pause_at_the_very_deadline_is_in_time() -> None:
    story = Story("2026-06-01T09:00", budget(1)).pause("2026-06-01T10:00")
    assert story.status("2026-06-01T12:00").code == "paused"
    story.resume("2026-06-01T12:00")
    assert same(story, "2026-06-01T12:00")


def test_a_stopped_clock_keeps_the_deadline_that_it_was_stopped_against() -> None:
    assert same(Story("2026-06-01T09:00", budget(4)).stop("2026-06-01T10:00"), "2026-06-01T13:00")
    in_a_pause = Story("2026-06-01T09:00", budget(4)).pause("2026-06-01T10:00").stop("2026-06-01T20:00")
    assert same(in_a_pause, "2026-06-01T23:00")
    days = Story("2026-06-01T09:00", budget(2, "calendar_day"), "desk").stop("2026-06-02T10:00")
    assert same(days, "2026-06-04T00:00")


def test_a_reopened_clock_goes_on_with_the_rest_of_its_budget() -> None:
    story = Story("2026-06-01T09:00", budget(4)).stop("2026-06-01T10:00").resume("2026-06-02T09:00")
    assert same(story, "2026-06-02T12:00")
    assert story.state.outcome is None


def test_a_clock_without_budget_has_no_deadline() -> None:
    state = Story("2026-06-01T09:00", None).pause("2026-06-01T10:00").resume("2026-06-01T11:00").state
    assert state.due_at is None
    assert state.remaining is None
    assert state.paused == timedelta(hours=1)


def test_the_ledger_may_be_read_as_of_an_earlier_instant() -> None:
    story = Story("2026-06-01T09:00", budget(4)).pause("2026-06-01T10:00").resume("2026-06-01T12:00")
    early = replay(story.segments, CALENDARS, until=local("2026-06-01T09:30"))
    assert early.due_at == local("2026-06-01T13:00")
    with pytest.raises(InvalidInput) as caught:
        replay(story.segments, CALENDARS, until=local("2026-06-01T08:00"))
    assert caught.value.code == "CLOCK_NOT_STARTED"


def test_state_and_segments_survive_json() -> None:
    story = Story("2026-06-01T09:00", budget(4), "desk").pause("2026-06-01T10:00")
    state = msgspec.json.decode(msgspec.json.encode(story.state), type=ClockState)
    assert state == story.state
    segments = msgspec.json.decode(msgspec.json.encode(story.segments), type=list[ClockSegment])
    assert replay(segments, CALENDARS) == state


def segment(sequence: int, kind: str, at: str, **more: object) -> ClockSegment:
    values = {"sequence": sequence, "kind": kind, "starts_at": local(at), "budget": {"amount": 4, "unit": "hour"}}
    return msgspec.convert(values | more, ClockSegment)


REFUSALS = {
    "CLOCK_SEQUENCE_BROKEN": segment(3, "paused", "2026-06-01T10:00"),
    "CLOCK_SEGMENT_OUT_OF_ORDER": segment(2, "paused", "2026-06-01T08:00"),
    "CLOCK_TRANSITION_REFUSED": segment(2, "stopped", "2026-06-01T10:00"),
    "CALENDAR_UNKNOWN": segment(
        2, "running", "2026-06-01T10:00", calendar="gone", budget={"amount": 1, "unit": "working_hour"}
    ),
    "BUDGET_NEEDS_CALENDAR": segment(2, "running", "2026-06-01T10:00", budget={"amount": 1, "unit": "calendar_day"}),
}


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_an_entry_that_does_not_fit_is_refused_by_replay_and_by_advance(code: str) -> None:
    first = segment(1, "running", "2026-06-01T09:00")
    attempts: list[Callable[[], ClockState]] = [
        lambda: replay([first, REFUSALS[code]], CALENDARS),
        lambda: advance(start(first, CALENDARS), REFUSALS[code], CALENDARS),
    ]
    for attempt in attempts:
        with pytest.raises(AftersalesError) as caught:
            attempt()
        assert caught.value.code == code


def test_other_impossible_ledgers_are_refused() -> None:
    stopped = Story("2026-06-01T09:00", budget(4)).stop("2026-06-01T10:00")
    for ledger, code in (
        ([], "CLOCK_NOT_STARTED"),
        ([segment(1, "stopped", "2026-06-01T09:00", outcome="met")], "CLOCK_TRANSITION_REFUSED"),
        ([segment(1, "running", "2026-06-01T09:00", outcome="met")], "CLOCK_TRANSITION_REFUSED"),
        ([*stopped.segments, segment(3, "paused", "2026-06-01T11:00")], "CLOCK_TRANSITION_REFUSED"),
    ):
        with pytest.raises(AftersalesError) as caught:
            replay(ledger, CALENDARS)
        assert caught.value.code == code
    naive = msgspec.structs.replace(
        segment(1, "running", "2026-06-01T09:00"), starts_at=local("2026-06-01T09:00").replace(tzinfo=None)
    )
    with pytest.raises(InvalidInput) as refused:
        replay([naive], CALENDARS)
    assert refused.value.code == "INSTANT_NAIVE"


@pytest.mark.parametrize(
    ("amount", "unit", "roll"),
    [
        (0, "hour", False),
        (-1, "minute", False),
        (20 * 366 * 24 + 1, "hour", False),
        (20 * 366 + 1, "working_day", False),
        (2, "hour", True),
    ],
)
def test_a_budget_that_cannot_be_meant_is_refused(amount: int, unit: str, roll: bool) -> None:
    with pytest.raises(InvalidInput) as caught:
        Budget(amount=amount, unit=unit, roll_holiday=roll)  # type: ignore[arg-type]
    assert caught.value.code == "BUDGET_INVALID"


def test_rolling_needs_a_list_of_holidays() -> None:
    with pytest.raises(InvalidInput) as caught:
        _ = Story("2026-06-01T09:00", Budget(amount=2, unit="calendar_day", roll_holiday=True), "24x7").state
    assert caught.value.code == "BUDGET_NEEDS_CALENDAR"
