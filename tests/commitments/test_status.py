"""Kept, broken, or not to be broken at all."""

from datetime import timedelta

import pytest

from aftersales.commitments.rules import clock_status
from aftersales.kit.errors import InvalidInput
from tests.calendars.examples import local
from tests.commitments.examples import Story, budget


def test_a_promise_is_met_at_the_very_deadline_and_late_right_after() -> None:
    on_time = Story("2026-06-01T09:00", budget(1)).stop("2026-06-01T10:00")
    late = Story("2026-06-01T09:00", budget(1)).stop("2026-06-01T10:00:01")
    assert on_time.status("2026-06-02T00:00").code == "met"
    assert not on_time.status("2026-06-02T00:00").is_breached
    assert late.status("2026-06-02T00:00").code == "met_late"
    assert late.status("2026-06-02T00:00").late_by == timedelta(seconds=1)


def test_an_open_promise_becomes_overdue_after_its_deadline() -> None:
    story = Story("2026-06-01T09:00", budget(1))
    assert story.status("2026-06-01T10:00").code == "open"
    assert story.status("2026-06-01T10:30").code == "overdue"


def test_the_breach_happened_at_the_deadline_whenever_it_was_noticed() -> None:
    story = Story("2026-06-01T09:00", budget(1))
    for noticed in ("2026-06-01T10:01", "2026-06-03T10:00"):
        assert story.status(noticed).breached_at == local("2026-06-01T10:00")


def test_a_paused_clock_never_fails() -> None:
    """Frappe Helpdesk #3277 and #3776 mark paused tickets as failed."""
    story = Story("2026-06-01T09:00", budget(1)).pause("2026-06-01T09:59")
    status = story.status("2027-06-01T09:00")
    assert status.code == "paused"
    assert not status.is_breached
    assert story.stop("2027-06-01T09:00").status("2027-06-01T09:00").code == "met"


def test_a_clock_paused_after_its_deadline_stays_overdue() -> None:
    story = Story("2026-06-01T09:00", budget(1)).pause("2026-06-01T11:00")
    assert story.status("2026-06-01T12:00").code == "overdue"
    assert story.status("2026-06-01T12:00").late_by == timedelta(hours=2)
    done = story.stop("2026-06-01T13:00")
    assert done.status("2026-06-01T13:00").code == "met_late"
    assert done.status("2026-06-01T13:00").breached_at == local("2026-06-01T10:00")


def test_a_promise_without_a_number_is_tracked_and_never_broken() -> None:
    story = Story("2026-06-01T09:00", None)
    assert story.status("2036-06-01T09:00").code == "tracked"
    assert story.stop("2036-06-01T09:00").status("2036-06-01T09:00").code == "tracked"


def test_a_cancelled_promise_is_neither_kept_nor_broken() -> None:
    story = Story("2026-06-01T09:00", budget(1)).cancel("2026-06-01T12:00")
    assert story.status("2026-06-01T12:00").code == "cancelled"
    assert not story.status("2026-06-01T12:00").is_breached
    assert Story("2026-06-01T09:00", None).cancel("2026-06-01T12:00").status("2026-06-01T12:00").code == "cancelled"


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        clock_status(Story("2026-06-01T09:00", None).state, local("2026-06-01T09:00").replace(tzinfo=None))
    assert caught.value.code == "INSTANT_NAIVE"
