"""Phone, remote, on site: in this order, or by an override with a reason."""

from datetime import UTC, datetime, timedelta

import pytest

from aftersales import ChannelLadder, Label
from aftersales.kit.errors import AftersalesError, Forbidden, InvalidInput, StateRefused
from aftersales.tickets import ladder_rules as rules
from aftersales.tickets.ladder_rules import Attempt, Window

TEN = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)
LADDER = ChannelLadder(
    code="ladder",
    label=Label("渠道", "Channels"),
    clause="P08-15",
    steps=("phone", "remote", "on_site"),
    requires={"remote": ("phone",), "on_site": ("phone", "remote")},
)
ENGINEER = frozenset({"engineer"})
DISPATCHER = frozenset({"dispatcher"})


def failed(*steps: str) -> list[Attempt]:
    return [Attempt(step=step, outcome="unsolved") for step in steps]


def skipped(to: str, attempts: list[Attempt], roles: frozenset[str], reason: str | None = None) -> tuple[str, ...]:
    return rules.steps_to_skip(LADDER, "fault", "g3", to, attempts, roles=roles, override_reason=reason)


@pytest.mark.clause("P08-15")
def test_remote_work_follows_a_failed_phone_call() -> None:
    assert skipped("remote", failed("phone"), ENGINEER) == ()
    with pytest.raises(StateRefused, match="phone"):
        skipped("remote", [], ENGINEER)


@pytest.mark.clause("P08-19")
def test_a_visit_follows_failed_phone_and_remote_work_only() -> None:
    assert skipped("on_site", failed("phone", "remote"), ENGINEER) == ()
    with pytest.raises(StateRefused) as refusal:
        skipped("on_site", failed("phone"), ENGINEER)
    assert (refusal.value.code, refusal.value.params["missing"]) == ("LADDER_STEP_REQUIRED", "remote")


@pytest.mark.clause("P08-19")
def test_an_override_needs_a_reason_and_a_role_that_may() -> None:
    assert skipped("on_site", failed("phone"), DISPATCHER, "line is cut") == ("remote",)
    with pytest.raises(StateRefused):
        skipped("on_site", failed("phone"), DISPATCHER, "  ")
    with pytest.raises(Forbidden) as refusal:
        skipped("on_site", failed("phone"), ENGINEER, "line is cut")
    assert refusal.value.code == "OVERRIDE_FORBIDDEN"


def test_a_solved_try_does_not_open_the_next_step() -> None:
    with pytest.raises(StateRefused):
        skipped("remote", [Attempt(step="phone", outcome="solved")], ENGINEER)


def test_a_skipped_step_counts_as_gone_through() -> None:
    tried = [*failed("phone"), Attempt(step="remote", outcome="skipped")]
    assert skipped("on_site", tried, ENGINEER) == ()


def test_without_a_ladder_and_for_other_grades_every_step_is_free() -> None:
    assert rules.steps_to_skip(None, "fault", "g1", "on_site", [], roles=ENGINEER, override_reason=None) == ()
    limited = ChannelLadder(
        code="l", label=Label("l", "l"), clause="P10-27", steps=("phone", "on_site"),
        requires={"on_site": ("phone",)}, grades=("g4",),
    )  # fmt: skip
    assert rules.steps_to_skip(limited, "fault", "g1", "on_site", [], roles=ENGINEER, override_reason=None) == ()


def test_planned_work_does_not_climb() -> None:
    free = rules.steps_to_skip(LADDER, "maintenance", "g3", "on_site", [], roles=ENGINEER, override_reason=None)
    assert free == ()


def test_a_step_the_ladder_does_not_have_is_refused() -> None:
    short = ChannelLadder(code="l", label=Label("l", "l"), clause="P10-27", steps=("phone", "on_site"), requires={})
    with pytest.raises(StateRefused, match="remote"):
        rules.steps_to_skip(short, "fault", None, "remote", [], roles=DISPATCHER, override_reason="why not")


def test_a_ticket_never_falls_back_on_the_ladder() -> None:
    assert rules.further("on_site", "phone") == "on_site"
    assert rules.further("phone", "remote") == "remote"


WINDOW = Window(valid_from=TEN, valid_until=TEN + timedelta(hours=2))


@pytest.mark.clause("P10-21")
@pytest.mark.parametrize(
    ("minutes", "code"),
    [(-1, "AUTHORISATION_NOT_YET_VALID"), (0, None), (120, None), (121, "AUTHORISATION_EXPIRED")],
)
def test_a_session_is_allowed_within_the_window_only(minutes: int, code: str | None) -> None:
    at = TEN + timedelta(minutes=minutes)
    if code is None:
        assert rules.best_window([WINDOW], at) == 0
        return
    with pytest.raises(AftersalesError) as refusal:
        rules.best_window([WINDOW], at)
    assert refusal.value.code == code


@pytest.mark.clause("P10-21")
def test_without_an_authorisation_there_is_no_session() -> None:
    with pytest.raises(StateRefused) as refusal:
        rules.best_window([], TEN)
    assert refusal.value.code == "AUTHORISATION_REQUIRED"


def test_a_revoked_authorisation_is_none() -> None:
    revoked = Window(valid_from=TEN, valid_until=TEN + timedelta(hours=2), revoked_at=TEN + timedelta(minutes=5))
    with pytest.raises(StateRefused) as refusal:
        rules.best_window([revoked], TEN + timedelta(minutes=6))
    assert refusal.value.code == "AUTHORISATION_REVOKED"


def test_of_several_authorisations_the_valid_one_counts() -> None:
    past = Window(valid_from=TEN - timedelta(days=1), valid_until=TEN - timedelta(hours=1))
    assert rules.best_window([past, WINDOW], TEN) == 1


@pytest.mark.clause("P08-16")
def test_a_session_from_20_past_to_quarter_to_lasts_25_minutes() -> None:
    start = datetime(2026, 6, 10, 2, 20, tzinfo=UTC)
    assert rules.session_minutes(start, start + timedelta(minutes=25)) == 25
    with pytest.raises(InvalidInput, match="start"):
        rules.session_minutes(start, start - timedelta(seconds=1))


@pytest.mark.clause("P10-22")
@pytest.mark.parametrize(
    ("demands", "changed", "record", "missing"),
    [(True, True, None, True), (True, True, " ", True), (True, True, "patched", False), (True, False, None, False),
     (False, True, None, False)],
)  # fmt: skip
def test_changed_code_needs_a_change_record(demands: bool, changed: bool, record: str | None, missing: bool) -> None:
    ladder = ChannelLadder(
        code="l", label=Label("l", "l"), clause="P10-22", steps=("phone",), requires={},
        change_record_for_remote_changes=demands,
    )  # fmt: skip
    assert rules.change_record_missing(ladder, code_changed=changed, change_record=record) is missing
