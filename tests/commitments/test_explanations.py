"""Why this date, in both languages."""

from typing import Any

import msgspec
import pytest

from aftersales.commitments.rules import (
    DeadlineExplanation,
    PolicyCandidate,
    explain_deadline,
    rank_policies,
    render_explanation,
)
from aftersales.kit.errors import InvalidInput
from tests.calendars.examples import local
from tests.commitments.examples import Story, budget

POLICIES = rank_policies(
    (
        PolicyCandidate(code="plan-complex", clause="P08-14", source="vertical", matched=("grade",)),
        PolicyCandidate(code="plan-any", clause="P08-10", source="vertical"),
    )
)


def explained(story: Story, at: str, **changes: Any) -> DeadlineExplanation:
    values: dict[str, Any] = {
        "zone": "Asia/Shanghai",
        "milestone": "plan_proposed",
        "clause": "P08-14",
        "source": "vertical",
        "trigger": "graded",
        "policies": POLICIES,
    }
    return explain_deadline(story.segments, story.calendars, at=local(at), **(values | changes))


def complex_problem() -> Story:
    story = Story("2026-09-18T09:00", budget(8))
    return story.change("2026-09-18T10:00", budget(3, "working_day"), "desk")


def test_english_tells_clause_change_days_rank_and_state() -> None:
    text = render_explanation(explained(complex_problem(), "2026-09-21T09:00"), "en")
    assert text.splitlines() == [
        "Promise: plan, by clause P08-14 (the vertical's terms).",
        "The clock was started by the grading at 2026-09-18 09:00.",
        "Time allowed: 3 working days.",
        "Changed at 2026-09-18 10:00 to 3 working days: counted anew since the trigger, every pause kept"
        " (no reason given).",
        "Day by day on the calendar desk (Asia/Shanghai):",
        "  2026-09-18 working day",
        "  2026-09-19 day of rest",
        "  2026-09-20 make-up working day, counted",
        "  2026-09-21 working day, counted",
        "  2026-09-22 working day, counted",
        "Due: 2026-09-23 00:00 (met if done at that very instant).",
        "Status: open.",
        "Holds: plan-complex (clause P08-14).",
        "Doesn't: plan-any (clause P08-10), it is less specific.",
    ]


def test_chinese_tells_the_same() -> None:
    text = render_explanation(explained(complex_problem(), "2026-09-21T09:00"), "zh-CN")
    assert "承诺:提出解决方案,依据条款 P08-14" in text
    assert "起算事件:故障定级,2026-09-18 09:00。" in text
    assert "时限:3 个工作日。" in text
    assert "2026-09-20 调休上班日, 计一天" in text
    assert "到期:2026-09-23 00:00" in text
    assert "不适用:plan-any(条款 P08-10),不够具体。" in text


def test_holidays_are_named_in_the_language_of_the_reader() -> None:
    story = Story("2026-09-30T15:00", budget(12, "working_hour"), "desk")
    assert "2026-10-01 public holiday (National Day)" in render_explanation(explained(story, "2026-10-01T00:00"), "en")
    assert "2026-10-01 节假日 (国庆节)" in render_explanation(explained(story, "2026-10-01T00:00"), "zh-CN")


def test_working_hours_tell_what_each_day_gave() -> None:
    story = Story("2026-06-01T16:00", budget(2, "working_hour"), "desk")
    text = render_explanation(explained(story, "2026-06-02T10:30"), "en")
    assert "  2026-06-01 working day, 1 h" in text
    assert "  2026-06-02 working day, 1 h" in text
    assert "Status: overdue by 1 h." in text


def test_pauses_are_told_with_reason_and_sum() -> None:
    story = Story("2026-06-01T09:00", budget(4)).pause("2026-06-01T10:00").resume("2026-06-01T11:30:30")
    text = render_explanation(explained(story, "2026-06-01T12:00"), "en")
    assert "Paused at 2026-06-01 10:00: waiting for the customer." in text
    assert "Running again from 2026-06-01 11:30:30: no reason given." in text
    assert "Paused for 1 h 30 min 30 s in all, which isn't counted." in text
    still = Story("2026-06-01T09:00", budget(4)).pause("2026-06-01T10:00")
    told = render_explanation(explained(still, "2026-06-03T11:00"), "en")
    assert "Paused for 2 d 1 h in all" in told
    assert "Status: paused, the rest of the time is kept." in told


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_state_has_its_sentence(language: Any) -> None:
    stories = {
        "tracked": Story("2026-06-01T09:00", None),
        "met": Story("2026-06-01T09:00", budget(4)).stop("2026-06-01T10:00"),
        "met_late": Story("2026-06-01T09:00", budget(4)).stop("2026-06-01T20:00"),
        "cancelled": Story("2026-06-01T09:00", budget(4)).cancel("2026-06-01T10:00"),
        "open": Story("2026-06-01T09:00", budget(4)).change("2026-06-01T10:00", budget(20), carry="keep"),
        "overdue": Story("2026-06-01T09:00", budget(4))
        .change("2026-06-01T10:00", None)
        .change("2026-06-01T11:00", budget(1)),
    }
    texts = set()
    for code, story in stories.items():
        explanation = explained(story, "2026-06-01T20:00")
        assert explanation.status.code == code
        texts.add(render_explanation(explanation, language))
    assert len(texts) == len(stories)


def test_an_unpublished_year_is_admitted() -> None:
    story = Story("2031-09-29T09:00", budget(3, "working_day"), "desk")
    text = render_explanation(explained(story, "2031-09-29T09:00"), "en")
    assert "The official holiday arrangement for 2031 wasn't published yet: statutory days only." in text


def test_an_explanation_survives_json() -> None:
    explanation = explained(complex_problem(), "2026-09-21T09:00")
    again = msgspec.json.decode(msgspec.json.encode(explanation), type=DeadlineExplanation)
    assert again == explanation
    assert render_explanation(again, "en") == render_explanation(explanation, "en")


def test_it_is_told_as_of_the_instant_asked_about() -> None:
    story = Story("2026-06-01T09:00", budget(4)).pause("2026-06-01T10:00").resume("2026-06-01T12:00")
    explanation = explained(story, "2026-06-01T09:30")
    assert len(explanation.segments) == 1
    assert explanation.due_at == local("2026-06-01T13:00")


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        explained(complex_problem(), "2026-09-21T09:00", zone="Mars/Olympus")
    assert caught.value.code == "ZONE_UNKNOWN"


@pytest.mark.parametrize(
    ("milestone", "english", "chinese"),
    [
        ("training", "Promise: training, by clause P08-01", "应办事由"),
        ("revisit", "Promise: revisit, by clause P08-01", "回访"),
        ("permit_close_out", "Promise: close-out of the permit, by clause P08-01", "作业票关闭"),
    ],
)
def test_what_rooms_owe_without_a_ticket_is_told_in_words(milestone: str, english: str, chinese: str) -> None:
    """Given a course that the signature of a contract made due, then nobody is told that an acceptance did."""
    owed = explained(
        Story("2026-03-02T00:00", budget(48)), "2026-03-02T09:00",
        milestone=milestone, clause="P08-01", trigger=milestone, policies=(),
    )  # fmt: skip
    assert english in render_explanation(owed, "en")
    assert "The clock was started by what made it due at 2026-03-02 00:00." in render_explanation(owed, "en")
    assert chinese in render_explanation(owed, "zh-CN")
