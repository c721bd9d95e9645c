"""The dummy vertical uses every extension point, so a hook that breaks is noticed here first."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar

import pytest

from aftersales.kit.errors import InvalidInput
from aftersales.plugins import hookspecs
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry
from aftersales.plugins.verdicts import CustomerFacts, EligibilityFacts, EventFacts, TicketFacts
from aftersales.plugins.vertical import Vertical
from aftersales.terms.playbook import DECLARATIONS
from aftersales.testing import VerticalConformance
from tests.dummy_vertical import DUMMY
from tests.dummy_vertical.hooks import TeapotFacts
from tests.dummy_vertical.settings import DummySettings

REGISTRY = Registry([DUMMY])
SETTINGS = DummySettings()
HOOKS = sorted(name for name in vars(hookspecs) if hasattr(getattr(hookspecs, name), "aftersales_spec"))


class TestDummyConforms(VerticalConformance):
    """It passes the kit."""

    vertical: ClassVar[Vertical] = DUMMY
    samples: ClassVar[tuple[Mapping[str, Any], ...]] = ({}, {"response_hours": 8})


@pytest.mark.parametrize("hook", HOOKS)
def test_it_implements_every_hook(hook: str) -> None:
    assert REGISTRY.implements("dummy", hook)


def test_every_declaration_arrives_in_the_playbook() -> None:
    playbook = PlaybookCompiler(REGISTRY).playbook({"dummy": {}}).verticals["dummy"]

    assert [name for name in DECLARATIONS if not getattr(playbook, name)] == []
    assert len(playbook.terms()) == len(DECLARATIONS)


def test_its_settings_check_speaks() -> None:
    with pytest.raises(InvalidInput) as refused:
        PlaybookCompiler(REGISTRY).check_settings("dummy", {"response_hours": 25})

    assert (refused.value.code, refused.value.field) == ("VERTICAL_SETTINGS_REFUSED", "response_hours")
    assert "not more than a day" in refused.value.message("en")
    assert "不得超过一天" in refused.value.message("zh-CN")


@pytest.mark.parametrize(("facts", "grade"), [(TeapotFacts(handle_off=True), "nuisance"), (TeapotFacts(), None)])
async def test_classify_fault_answers_or_abstains(facts: TeapotFacts, grade: str | None) -> None:
    verdict = await REGISTRY.behave("dummy", "classify_fault", facts=facts, settings=SETTINGS)

    assert (verdict.grade if verdict else None) == grade


async def test_segment_customer_answers() -> None:
    facts = CustomerFacts(tier="important", last_paid_visit_on=None, on=date(2026, 1, 1))

    verdict = await REGISTRY.behave("dummy", "segment_customer", facts=facts, settings=SETTINGS)

    assert verdict.segment == "important"


@pytest.mark.parametrize(
    ("campaign", "asset_type", "expected"),
    [("new_year", "teapot", True), ("new_year", "mug", False), ("easter", "teapot", None)],
)
async def test_judge_eligibility_answers_or_abstains(campaign: str, asset_type: str, expected: bool | None) -> None:
    facts = EligibilityFacts(
        campaign=campaign,
        offer=None,
        asset_type=asset_type,
        attributes={},
        usage=None,
        service_unit=None,
        on=date(2026, 1, 1),
    )

    verdict = await REGISTRY.behave("dummy", "judge_eligibility", facts=facts, settings=SETTINGS)

    assert (verdict.eligible if verdict else None) is expected


@pytest.mark.parametrize(("measures", "refusals"), [("glued", 0), (None, 1)])
async def test_before_close_says_what_is_missing(measures: str | None, refusals: int) -> None:
    ticket = TicketFacts(
        number="T-2026-000001",
        kind="fault",
        channel="phone",
        state="resolved",
        grade="nuisance",
        facts={},
        milestones={},
        cause="dropped",
        measures=measures,
    )

    (found,) = await REGISTRY.behave("dummy", "before_close", ticket=ticket, settings=SETTINGS)

    assert len(found) == refusals


@pytest.mark.parametrize(("kind", "follow_ups"), [("ticket.closed", 1), ("ticket.opened", 0)])
async def test_on_event_asks_for_a_side_effect(kind: str, follow_ups: int) -> None:
    event = EventFacts(kind=kind, at=datetime(2026, 1, 1, tzinfo=UTC), data={})

    (found,) = await REGISTRY.behave("dummy", "on_event", event=event, settings=SETTINGS)

    assert len(found) == follow_ups
