"""Promises in the database: what starts, stops, moves and ends their clocks."""

from datetime import date, timedelta

import pytest

from aftersales.calendars.definition import always_open_calendar, calendar_key
from aftersales.calendars.models import BusinessCalendar
from aftersales.calendars.service import SaveCalendar, save_calendar
from aftersales.commitments import service
from aftersales.commitments.models import ClockSegmentRow
from aftersales.commitments.rules import Budget, render_explanation
from aftersales.commitments.service import Subject
from aftersales.journal.models import Event
from aftersales.kit.errors import AftersalesError, InvalidInput, NotFound
from aftersales.kit.ids import new_id
from tests.commitments.promises import NAME, VERTICAL, Promises, at, facts, target
from tests.fixtures.database import TestPlatform


@pytest.fixture
async def promises(bare_platform: TestPlatform) -> Promises:
    return await Promises.of(bare_platform)


# --- starting and reaching -----------------------------------------------------------------------------------


async def test_a_report_starts_every_clock_that_it_should_and_repeating_it_starts_none(promises: Promises) -> None:
    await promises.start("09:00")
    await promises.start("10:00")
    rows = await promises.rows()
    assert {name: row.due_at for name, row in rows.items()} == {"acknowledged": at("10:00"), "resolved": at("17:00")}
    assert {row.clause for row in rows.values()} == {"X-ack", "X-resolve"}
    async with promises.work("09:30") as uow:
        assert await service.earliest_due(uow, promises.subject) == at("10:00")


async def test_another_event_starts_its_own_clocks_later(promises: Promises) -> None:
    await promises.start("09:00")
    await promises.start("11:00", "on_site_decided")
    rows = await promises.rows()
    assert rows["on_site/agent"].due_at == at("15:00")
    assert rows["on_site"].due_at == at("2026-06-11 11:00")


@pytest.mark.parametrize(
    ("reached", "outcome", "breached"),
    [("09:59", "in_time", None), ("10:00", "in_time", None), ("10:01", "late", "10:00")],
)
async def test_a_milestone_at_the_very_deadline_is_in_time(
    promises: Promises, reached: str, outcome: str, breached: str | None
) -> None:
    await promises.start("09:00")
    await promises.meet(reached, "acknowledged")
    row = (await promises.rows())["acknowledged"]
    assert (row.state, row.outcome, row.met_at) == ("met", outcome, at(reached))
    assert row.breached_at == row.next_alarm_at == (at(breached) if breached else None)
    assert await promises.sweep("10:02") == (1 if breached else 0), "that it was late is told even now that it is done"


async def test_a_promise_without_a_number_is_tracked_and_never_late(promises: Promises) -> None:
    await promises.start("09:00", grade="complex")
    await promises.meet("2026-08-10 09:00", "resolved")
    row = (await promises.rows())["resolved"]
    assert (row.state, row.outcome, row.due_at, row.breached_at) == ("met", "untimed", None, None)


async def test_reaching_a_milestone_twice_or_before_it_is_owed_changes_nothing(promises: Promises) -> None:
    await promises.meet("08:00", "acknowledged")
    await promises.start("09:00")
    await promises.meet("09:10", "acknowledged")
    await promises.meet("09:50", "acknowledged")
    assert (await promises.rows())["acknowledged"].met_at == at("09:10")


@pytest.mark.parametrize("change", ["pause", "regrade"])
async def test_what_happened_before_the_last_change_may_be_told_after_it(promises: Promises, change: str) -> None:
    """Given a clock that paused or was re-computed after its deadline, when somebody says that the milestone was
    reached before the deadline, then it was in time, and no alarm tells otherwise."""
    await promises.start("09:00")
    if change == "pause":
        await promises.pause("10:30")
    else:
        async with promises.work("10:30") as uow:
            shorter = target("shorter", "acknowledged", 1, source="contract", clause="C-1", calendar="desk")
            await service.retarget(
                uow, promises.subject, facts(contract_targets=(shorter,)), "contract", uow.now, started={}
            )
    await promises.meet("09:20", "acknowledged", told="12:00")
    row = (await promises.rows())["acknowledged"]
    assert (row.state, row.outcome, row.met_at, row.breached_at) == ("met", "in_time", at("09:20"), None)
    assert row.next_alarm_at is None


# --- pauses ------------------------------------------------------------------------------------------------


async def test_a_pause_moves_the_deadline_by_its_length_and_leaves_no_date_while_it_lasts(promises: Promises) -> None:
    await promises.start("09:00")
    await promises.pause("09:30")
    rows = await promises.rows()
    assert {(row.state, row.due_at) for row in rows.values()} == {("paused", None)}
    async with promises.work("11:00") as uow:
        assert await service.earliest_due(uow, promises.subject) is None
    await promises.pause("11:00")
    await promises.resume("12:00")
    await promises.resume("12:30")
    rows = await promises.rows()
    assert {name: row.due_at for name, row in rows.items()} == {"acknowledged": at("12:30"), "resolved": at("19:30")}
    assert {row.spent_seconds for row in rows.values()} == {1800}


async def test_a_clock_that_starts_later_takes_over_the_pauses_since_its_event(promises: Promises) -> None:
    """Given a ticket paused over the midnight of a counted day, when a regrading brings a plan that is owed since the
    report, then the plan's clock knows the pause."""
    await promises.start("09:00")
    await promises.pause("2026-06-11 10:00")
    await promises.resume("2026-06-12 10:00")
    await promises.regrade("2026-06-12 11:00", "complex", reported="09:00")
    plan = (await promises.rows())["plan_proposed"]
    assert plan.started_at == at("09:00")
    assert plan.due_at == at("2026-06-15 00:00"), "24:00 of the third day, and a day for the pause"


# --- another grade, another calendar -------------------------------------------------------------------------


async def test_another_grade_counts_from_the_beginning_and_keeps_every_pause(promises: Promises) -> None:
    """GLPI loses the pause when the SLA changes (glpi#15605)."""
    await promises.start("09:00", grade="anything")
    await promises.pause("10:30")
    await promises.resume("13:00")
    assert (await promises.rows())["resolved"].due_at == at("2026-06-12 11:30")
    await promises.regrade("13:30", "general", reported="09:00")
    rows = await promises.rows()
    assert rows["resolved"].due_at == at("19:30"), "8 hours after 09:00 and two and a half of pause"
    assert rows["acknowledged"].due_at == at("10:00"), "its hour was used up before the pause began"
    assert rows["resolved"].clause == "X-resolve"


async def test_a_target_that_no_longer_applies_is_cancelled_and_what_was_reached_stays(promises: Promises) -> None:
    await promises.start("09:00")
    await promises.meet("09:10", "acknowledged")
    await promises.regrade("09:30", "complex", reported="09:00")
    rows = await promises.rows()
    assert (rows["acknowledged"].state, rows["acknowledged"].outcome) == ("met", "in_time")
    assert (rows["resolved"].state, rows["resolved"].due_at) == ("running", None)
    assert rows["plan_proposed"].due_at == at("2026-06-14 00:00")
    await promises.regrade("10:00", "general", reported="09:00")
    rows = await promises.rows()
    assert rows["plan_proposed"].state == "cancelled"
    assert rows["resolved"].due_at == at("17:00")


async def test_a_breach_is_taken_back_when_the_promise_turns_out_to_be_another(promises: Promises) -> None:
    await promises.start("09:00")
    await promises.sweep("18:00")
    assert (await promises.rows())["resolved"].breached_at == at("17:00")
    await promises.regrade("19:00", "anything", reported="09:00")
    row = (await promises.rows())["resolved"]
    assert (row.due_at, row.breached_at) == (at("2026-06-12 09:00"), None)
    await promises.meet("20:00", "resolved")
    row = (await promises.rows())["resolved"]
    assert (row.outcome, row.breached_at) == ("in_time", None)


async def test_a_contracts_target_wins_and_the_losers_are_kept(promises: Promises) -> None:
    signed = target("signed", "resolved", 4, source="contract", clause="C-7")
    await promises.start("09:00", contract_targets=(signed,))
    row = (await promises.rows())["resolved"]
    assert (row.due_at, row.source, row.clause) == (at("13:00"), "contract", "C-7")
    async with promises.work("09:30") as uow:
        told = await service.explain(uow, row.id)
    assert [verdict.candidate.code for verdict in told.policies] == ["signed", "resolve", "resolve-any"]
    assert [verdict.lost_by for verdict in told.policies] == [None, "weaker_source", "weaker_source"]


async def test_working_hours_follow_the_verticals_calendar_until_the_tenant_saves_its_own(promises: Promises) -> None:
    """Given 8 working hours from 15:00 at a desk open 09:00 to 17:00, when the tenant saves a desk that is open until
    18:00, then the open deadline moves with it, and the event tells how many moved."""
    await promises.start("15:00", grade="desk")
    assert (await promises.rows())["resolved"].due_at == at("2026-06-11 15:00")
    windows = [["09:00", "18:00"]]
    week = {day: windows for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}
    command = SaveCalendar(code="desk", name="Long desk", definition={"zone": "Asia/Shanghai", "weekly": week})
    async with promises.work("16:00") as uow:
        await save_calendar(uow, command)
    row = (await promises.rows())["resolved"]
    assert row.due_at == at("2026-06-11 14:00")
    [saved] = [event for event in await promises.stored(Event) if event.kind == "calendar.saved"]
    assert saved.data["deadlines"] == 1

    later = Promises(promises.tenant)
    await later.start("2026-06-11 15:00", grade="desk")
    starts = {one.started_at: one.due_at for one in await later.stored(type(row))}
    assert starts[at("2026-06-11 15:00")] == at("2026-06-12 14:00"), "new clocks use the tenant's desk at once"


async def test_a_calendar_that_somebody_else_saved_meanwhile_is_stale(promises: Promises) -> None:
    week = {"monday": [["09:00", "12:00"]]}
    command = SaveCalendar(code="own", name="Own", definition={"zone": "Asia/Shanghai", "weekly": week})
    async with promises.work("09:00") as uow:
        assert (await save_calendar(uow, command)).version == 1
    async with promises.work("09:10") as uow:
        await save_calendar(
            uow, SaveCalendar(code="own", name="New", definition=command.definition, expected_version=1)
        )
    with pytest.raises(AftersalesError) as refusal:
        async with promises.work("09:20") as uow:
            await save_calendar(
                uow, SaveCalendar(code="own", name="Old", definition=command.definition, expected_version=1)
            )
    assert refusal.value.code == "VERSION_STALE"
    [stored] = await promises.stored(BusinessCalendar)
    assert (stored.name, stored.version) == ("New", 2)


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ({"zone": "Asia/Shanghai"}, "CALENDAR_EMPTY"),
        ({"zone": "Mars/Base", "weekly": {"monday": [["09:00", "12:00"]]}}, "ZONE_UNKNOWN"),
        ({"zone": "Asia/Shanghai", "weekly": {"monday": [["12:00", "09:00"]]}}, "CALENDAR_WINDOW_INVALID"),
        ({"zone": "Asia/Shanghai", "weekly": {"monday": "always"}}, "CALENDAR_MALFORMED"),
    ],
)
async def test_a_calendar_that_cant_be_meant_is_refused_and_not_stored(
    promises: Promises, definition: dict[str, object], code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        async with promises.work("09:00") as uow:
            await save_calendar(uow, SaveCalendar(code="own", name="Own", definition=definition))
    assert refusal.value.code == code
    assert await promises.stored(BusinessCalendar) == []


# --- agent and company ---------------------------------------------------------------------------------------


async def test_the_agents_arrival_keeps_both_promises(promises: Promises) -> None:
    await promises.start("09:00", "on_site_decided")
    await promises.meet("12:00", "on_site", party="agent")
    rows = await promises.rows()
    assert {rows[name].outcome for name in ("on_site", "on_site/agent")} == {"in_time"}


@pytest.mark.parametrize(("arrived", "state", "outcome"), [("14:00", "missed", "late"), ("12:00", "cancelled", None)])
async def test_the_companys_arrival_keeps_its_own_promise_only(
    promises: Promises, arrived: str, state: str, outcome: str | None
) -> None:
    await promises.start("09:00", "on_site_decided")
    await promises.meet(arrived, "on_site", party="company")
    rows = await promises.rows()
    assert (rows["on_site"].state, rows["on_site"].outcome) == ("met", "in_time")
    assert (rows["on_site/agent"].state, rows["on_site/agent"].outcome) == (state, outcome)
    assert rows["on_site/agent"].breached_at is None, "a handover isn't a breach"


# --- single deadlines, endings, questions --------------------------------------------------------------------


async def test_a_single_deadline_in_days_ends_at_midnight_of_the_tenants_zone(promises: Promises) -> None:
    """Given two days from 2026-06-10 15:00 in Shanghai, then they end with the 12th, at 24:00."""
    async with promises.work("15:00") as uow:
        row = await service.start_fixed(
            uow, promises.subject, vertical=VERTICAL, milestone="trained", budget=Budget(amount=2, unit="calendar_day"),
            clause="X-1", source="vertical", at=uow.now, label=NAME,
        )  # fmt: skip
        assert row.due_at == at("2026-06-13 00:00")
    await promises.regrade("16:00", "complex", reported="09:00")
    stored = (await promises.rows())["trained"]
    assert (stored.state, stored.due_at) == ("running", at("2026-06-13 00:00")), "no SlaTarget, so no regrading"
    async with promises.work("2026-06-12 23:00") as uow:
        told = await service.explain(uow, row.id)
        assert told.walk is not None
        counted = [entry.day.day for entry in told.walk.days if entry.counted]
        assert counted == [date(2026, 6, 11), date(2026, 6, 12)]


async def test_cancelling_ends_what_is_open_and_nothing_else(promises: Promises) -> None:
    await promises.start("09:00")
    await promises.meet("09:10", "acknowledged")
    async with promises.work("09:30") as uow:
        await service.cancel(uow, promises.subject, "withdrawn", uow.now)
    rows = await promises.rows()
    assert (rows["acknowledged"].state, rows["resolved"].state) == ("met", "cancelled")
    assert rows["resolved"].next_alarm_at is None
    async with promises.work("09:40") as uow:
        assert await service.earliest_due(uow, promises.subject) is None
    assert await promises.sweep("2026-06-20 09:00") == 0


async def test_an_explanation_names_clause_trigger_pauses_and_the_rule_that_won(promises: Promises) -> None:
    await promises.start("09:00")
    await promises.pause("10:00")
    await promises.resume("11:30")
    row = (await promises.rows())["resolved"]
    async with promises.work("12:00") as uow:
        told = await service.explain(uow, row.id)
    assert (told.clause, told.trigger, told.due_at) == ("X-resolve", "reported", at("18:30"))
    assert told.paused == timedelta(hours=1, minutes=30)
    english, chinese = render_explanation(told, "en"), render_explanation(told, "zh-CN")
    assert "X-resolve" in english
    assert "2026-06-10 18:30" in english
    assert "2026-06-10 18:30" in chinese
    assert english != chinese


async def test_a_promise_of_another_tenant_cant_be_explained(promises: Promises, bare_platform: TestPlatform) -> None:
    await promises.start("09:00")
    row = (await promises.rows())["resolved"]
    other = await Promises.of(bare_platform)
    with pytest.raises(NotFound):
        async with other.work("10:00") as uow:
            await service.explain(uow, row.id)


async def test_two_subjects_keep_apart(promises: Promises) -> None:
    await promises.start("09:00")
    neighbour = Promises(promises.tenant)
    async with promises.work("09:00") as uow:
        await service.start(uow, neighbour.subject, facts(), "reported", uow.now, fresh=True)
        await service.pause(uow, Subject("example", new_id()), "nobody", uow.now)
        await service.pause(uow, promises.subject, "waiting", uow.now)
    async with promises.work("09:30") as uow:
        assert await service.earliest_due(uow, neighbour.subject) == at("10:00")
        assert await service.earliest_due(uow, promises.subject) is None


async def test_a_segment_keeps_the_calendar_that_it_counted_by(promises: Promises) -> None:
    await promises.start("15:00", grade="complex")
    plan = (await promises.rows())["plan_proposed"]
    [segment] = [one for one in await promises.stored(ClockSegmentRow) if one.commitment_id == plan.id]
    assert segment.calendar["zone"] == "Asia/Shanghai"
    assert len(calendar_key(always_open_calendar("Asia/Shanghai"))) == 24
