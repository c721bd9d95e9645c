"""Which verticals are accepted, and what one of them can do to the others: nothing."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from aftersales import EventFacts, FollowUp, Label, VerticalSettings, WorkType, hookimpl
from aftersales.kit.errors import InvalidInput, PluginFault
from aftersales.plugins.registry import MAX_HANGING_CALLS, Registry
from aftersales.plugins.verdicts import TicketFacts
from tests.support.wait import eventually
from tests.terms.making import vertical

SETTINGS = VerticalSettings()
TICKET = TicketFacts(
    number="T-2026-000001", kind="fault", channel="phone", state="resolved", grade=None, facts={}, milestones={},
    cause=None, measures=None,
)  # fmt: skip


@hookimpl
def work_types(settings: VerticalSettings) -> Sequence[WorkType]:
    return (WorkType(code="w", label=Label("工作", "Work"), clause="X-1"),)


# --- who gets in ---------------------------------------------------------------------------------------------


def test_the_four_verticals_are_found_through_their_entry_points() -> None:
    assert Registry.installed().names == ("auto_4s", "landscaping", "software_his", "solar")


@pytest.mark.parametrize("engine", [">=9", "<0.1", "nonsense"])
def test_a_vertical_for_another_engine_is_refused(engine: str) -> None:
    with pytest.raises(PluginFault) as refused:
        Registry([vertical(engine=engine)])

    assert refused.value.code == "VERTICAL_ENGINE_MISMATCH"
    assert "probe" in refused.value.message("en")


def test_a_vertical_fits_the_engine_that_it_names() -> None:
    assert Registry([vertical(engine=">=2,<3")], engine="2.4.0").names == ("probe",)


def test_a_hook_of_an_unknown_name_fails_at_boot() -> None:
    @hookimpl
    def waranty_terms(settings: VerticalSettings) -> Sequence[Any]:
        return ()

    with pytest.raises(PluginFault) as refused:
        Registry([vertical(waranty_terms=waranty_terms)])

    assert refused.value.code == "VERTICAL_FAILED"
    assert "waranty_terms" in refused.value.message("en")


def test_a_hook_with_an_argument_that_the_engine_doesnt_give_fails_at_boot() -> None:
    @hookimpl
    def work_types(settings: VerticalSettings, tenant: str) -> Sequence[Any]:
        return ()

    with pytest.raises(PluginFault) as refused:
        Registry([vertical(work_types=work_types)])

    assert "tenant" in refused.value.message("en")


def test_hooks_that_cant_be_kept_apart_from_others_are_refused() -> None:
    """A namespace object isn't hashable; it would break the calls of every other vertical."""
    unhashable = replace(vertical(), hooks=SimpleNamespace())

    with pytest.raises(PluginFault) as refused:
        Registry([unhashable])

    assert refused.value.params["vertical"] == "probe"


def test_two_verticals_of_one_name_are_refused() -> None:
    with pytest.raises(PluginFault) as refused:
        Registry([vertical("twin"), vertical("twin")])

    assert refused.value.code == "ALREADY_EXISTS"


def test_an_unknown_vertical_is_called_unknown() -> None:
    with pytest.raises(InvalidInput) as refused:
        Registry([]).vertical("no_such")

    assert (refused.value.code, refused.value.field) == ("VERTICAL_UNKNOWN", "vertical")


# --- one vertical's hooks are its own ---------------------------------------------------------------------------


def test_a_hook_is_called_for_its_own_vertical_only() -> None:
    registry = Registry([vertical("one", work_types=work_types), vertical("two")])

    assert len(registry.call("one", "work_types", settings=SETTINGS)) == 1
    assert registry.call("two", "work_types", settings=SETTINGS) == []
    assert registry.implements("one", "work_types")
    assert not registry.implements("two", "work_types")


def test_what_a_vertical_raises_comes_out_with_its_name_and_the_hooks() -> None:
    @hookimpl
    def raising(settings: VerticalSettings) -> Sequence[Any]:
        raise ZeroDivisionError("no tea")

    registry = Registry([vertical("broken", work_types=raising), vertical("sound", work_types=work_types)])

    with pytest.raises(PluginFault) as failed:
        registry.call("broken", "work_types", settings=SETTINGS)
    assert failed.value.code == "VERTICAL_FAILED"
    assert failed.value.params["vertical"] == "broken"
    assert failed.value.params["hook"] == "work_types"
    assert "ZeroDivisionError: no tea" in failed.value.message("en")
    assert registry.call("sound", "work_types", settings=SETTINGS)


def test_an_error_of_the_engines_own_kind_is_blamed_on_the_vertical_too() -> None:
    @hookimpl
    def refusing(settings: VerticalSettings) -> Sequence[Any]:
        raise InvalidInput("VERTICAL_UNKNOWN", vertical="somebody else")

    registry = Registry([vertical("broken", work_types=refusing)])

    with pytest.raises(PluginFault) as failed:
        registry.call("broken", "work_types", settings=SETTINGS)
    assert failed.value.params["vertical"] == "broken"


# --- behaviours ---------------------------------------------------------------------------------------------------


@pytest.fixture
def hanging() -> Iterator[Any]:
    """A hook that hangs until the test is over."""
    over = threading.Event()

    @hookimpl
    def before_close(ticket: TicketFacts, settings: VerticalSettings) -> Sequence[Any]:
        over.wait()
        return ()

    yield before_close
    over.set()


@hookimpl
def nothing_missing(ticket: TicketFacts, settings: VerticalSettings) -> Sequence[Any]:
    return ()


async def test_a_vertical_that_hangs_fails_its_own_call_after_a_while(hanging: Any) -> None:
    registry = Registry([vertical("slow", before_close=hanging)])

    with pytest.raises(PluginFault) as failed:
        await registry.behave("slow", "before_close", timeout_seconds=0.01, ticket=TICKET, settings=SETTINGS)

    assert failed.value.params["vertical"] == "slow"
    assert failed.value.params["hook"] == "before_close"
    assert "no answer within" in failed.value.message("en")


async def test_while_one_vertical_hangs_another_answers(hanging: Any) -> None:
    registry = Registry([vertical("slow", before_close=hanging), vertical("quick", before_close=nothing_missing)])

    slow = asyncio.create_task(
        registry.behave("slow", "before_close", timeout_seconds=60, ticket=TICKET, settings=SETTINGS)
    )
    quick = await registry.behave("quick", "before_close", ticket=TICKET, settings=SETTINGS)

    assert quick == [()]
    assert not slow.done()
    slow.cancel()


async def test_a_vertical_that_keeps_hanging_is_refused_at_once(hanging: Any) -> None:
    registry = Registry([vertical("slow", before_close=hanging)])
    calls = [
        registry.behave("slow", "before_close", timeout_seconds=0.01, ticket=TICKET, settings=SETTINGS)
        for _ in range(MAX_HANGING_CALLS)
    ]
    await asyncio.gather(*calls, return_exceptions=True)

    with pytest.raises(PluginFault) as failed:
        await registry.behave("slow", "before_close", timeout_seconds=60, ticket=TICKET, settings=SETTINGS)

    assert "still hang" in failed.value.message("en")


async def test_many_healthy_calls_at_once_are_all_answered() -> None:
    registry = Registry([vertical("quick", before_close=nothing_missing)])
    calls = [
        registry.behave("quick", "before_close", ticket=TICKET, settings=SETTINGS) for _ in range(5 * MAX_HANGING_CALLS)
    ]

    assert await asyncio.gather(*calls) == [[()]] * len(calls)


async def test_a_vertical_that_stops_hanging_is_asked_again() -> None:
    over = threading.Event()

    @hookimpl
    def waiting(ticket: TicketFacts, settings: VerticalSettings) -> Sequence[Any]:
        over.wait()
        return ()

    registry = Registry([vertical("slow", before_close=waiting)])
    hanging_calls = [
        registry.behave("slow", "before_close", timeout_seconds=0.01, ticket=TICKET, settings=SETTINGS)
        for _ in range(MAX_HANGING_CALLS)
    ]
    refused = await asyncio.gather(*hanging_calls, return_exceptions=True)
    assert all(isinstance(fault, PluginFault) for fault in refused)
    over.set()

    async def answered() -> bool:
        try:
            answer = await registry.behave("slow", "before_close", ticket=TICKET, settings=SETTINGS)
        except PluginFault:
            return False
        return bool(answer == [()])

    await eventually(answered)


async def test_a_behaviour_that_raises_names_vertical_and_hook() -> None:
    @hookimpl
    def raising(event: EventFacts, settings: VerticalSettings) -> Sequence[FollowUp]:
        raise KeyError("cup")

    registry = Registry([vertical("broken", on_event=raising)])

    with pytest.raises(PluginFault) as failed:
        await registry.behave("broken", "on_event", event=None, settings=SETTINGS)
    assert (failed.value.params["vertical"], failed.value.params["hook"]) == ("broken", "on_event")


async def test_a_behaviour_that_isnt_there_answers_nothing() -> None:
    assert await Registry([vertical()]).behave("probe", "on_event", event=None, settings=SETTINGS) is None


async def test_a_behaviour_runs_off_the_event_loops_thread() -> None:
    seen: list[int] = []

    @hookimpl
    def looking(ticket: TicketFacts, settings: VerticalSettings) -> Sequence[Any]:
        seen.append(threading.get_ident())
        return ()

    await Registry([vertical(before_close=looking)]).behave("probe", "before_close", ticket=TICKET, settings=SETTINGS)

    assert seen
    assert threading.get_ident() not in seen
