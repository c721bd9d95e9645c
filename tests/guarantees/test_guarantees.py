"""Guarantees from opening to remedy: survival, availability, zero targets."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from aftersales.guarantees import service
from aftersales.guarantees.commands import (
    CarryOutRemedy,
    CheckGuarantee,
    EndGuarantee,
    OpenGuarantee,
    OwnGuarantee,
    RecordCount,
    RecordDowntime,
    RecordIncident,
    RecordUptime,
)
from aftersales.guarantees.measures import CountLine
from aftersales.guarantees.models import GuaranteeCheck, GuaranteeCount, GuaranteeRemedy, ServiceGuarantee
from aftersales.guarantees.standing import GuaranteeForecast, GuaranteeStatus
from aftersales.journal.models import Event
from aftersales.kit.errors import InvalidInput, NotFound
from aftersales.safety import service as safety
from aftersales.safety.commands import ReportHazard
from tests.support.refusals import refused
from tests.tickets.world import World, local, member

FINANCE = member("finance")
END = date(2026, 6, 10)
FIRST_YEAR = date(2025, 6, 1)
OVER_99 = OwnGuarantee(
    code="availability", name="Over 99 %", metric="availability", threshold=Decimal("0.99"), clause="P01-09"
)


def plants(alive: int, **given: Any) -> CountLine:
    return CountLine(**{"species": "ginkgo", "size": "12 cm", "planted": 1000, "excluded": 20, "alive": alive, **given})


async def survive(world: World, **given: Any) -> ServiceGuarantee:
    """95 % alive for two years from 10 June 2024; the last day is today."""
    command = OpenGuarantee(
        **{
            "vertical": "landscaping", "guarantee": "survival_rate", "site_id": world.site.id,
            "starts_on": date(2024, 6, 10), "checkpoints": (FIRST_YEAR,), **given,
        }
    )  # fmt: skip
    opened: ServiceGuarantee = await world.do(service.open_guarantee, command, FINANCE)
    return opened


async def available(world: World, starts_on: date = date(2026, 6, 1), **given: Any) -> ServiceGuarantee:
    command = OpenGuarantee(
        **{"vertical": "solar", "own": OVER_99, "asset_id": world.asset.id, "starts_on": starts_on, **given}
    )
    opened: ServiceGuarantee = await world.do(service.open_guarantee, command, FINANCE)
    return opened


def count(guarantee: ServiceGuarantee, *lines: CountLine, on: date = END, **given: Any) -> RecordCount:
    return RecordCount(
        **{"guarantee_id": guarantee.id, "checkpoint_on": on, "lines": lines, "evidence": "photo sheet 7", **given}
    )


async def decide(world: World, guarantee: ServiceGuarantee, on: date = END) -> GuaranteeCheck:
    command = CheckGuarantee(guarantee_id=guarantee.id, checkpoint_on=on)
    check: GuaranteeCheck = await world.do(service.check_guarantee, command, FINANCE)
    return check


async def status(world: World, guarantee: ServiceGuarantee, on: date | None = None) -> GuaranteeStatus:
    async with world.work() as uow:
        return await service.guarantee_status(uow, guarantee.id, on)


async def forecast(world: World, guarantee: ServiceGuarantee) -> GuaranteeForecast:
    async with world.work() as uow:
        return await service.guarantee_forecast(uow, guarantee.id)


async def outage(world: World, guarantee: ServiceGuarantee, begin: str, end: str | None, *, planned: bool = False) -> None:  # fmt: skip # noqa: E501
    await world.do(
        service.record_downtime,
        RecordDowntime(guarantee_id=guarantee.id, reason="pump", planned=planned, at=local(begin)),
    )
    if end is not None:
        await world.do(service.record_uptime, RecordUptime(guarantee_id=guarantee.id, at=local(end)))


# --- survival ------------------------------------------------------------------------------------------------


@pytest.mark.clause("P05-38")
@pytest.mark.parametrize(("alive", "met", "owed"), [(931, True, 0), (930, False, 1)])
async def test_at_the_terms_end_931_of_980_keep_the_promise_and_930_lack_one(
    project: World, alive: int, met: bool, owed: int
) -> None:
    guarantee = await survive(project)
    assert (guarantee.ends_on, guarantee.clause) == (END, "P05-38")
    await project.do(service.record_count, count(guarantee, plants(alive)))
    check = await decide(project, guarantee)
    assert (check.met, check.shortfall) == (met, owed)
    found = await status(project, guarantee)
    assert (found.met, found.base, found.counted, found.owed) == (met, 980, alive, owed)
    kinds = [event.kind for event in await project.read(Event, subject_id=guarantee.id)]
    assert kinds[:3] == ["guarantee.opened", "guarantee.counted", "guarantee.met" if met else "guarantee.missed"]
    assert kinds[3:] == ([] if met else ["guarantee.remedy_due"])


@pytest.mark.clause("P05-37")
async def test_a_remedy_is_carried_out_with_the_species_and_size_that_were_planted(project: World) -> None:
    guarantee = await survive(project)
    await project.do(service.record_count, count(guarantee, plants(930)))
    await decide(project, guarantee)
    [remedy] = await project.read(GuaranteeRemedy, guarantee_id=guarantee.id)
    assert (remedy.remedy, remedy.species, remedy.size, remedy.quantity) == ("replant", "ginkgo", "12 cm", 1)
    right = {"remedy_id": remedy.id, "species": "ginkgo", "size": "12 cm", "quantity": 1, "evidence": "photo 9"}
    for wrong in ({"species": "maple"}, {"size": "8 cm"}, {"quantity": 0}, {"quantity": 2}):
        refusal = await refused(project, service.carry_out_remedy, CarryOutRemedy(**{**right, **wrong}))  # type: ignore[arg-type]
        assert refusal.code == "REMEDY_MISMATCH"
    bare = CarryOutRemedy(**{**right, "evidence": " "})  # type: ignore[arg-type]
    assert (await refused(project, service.carry_out_remedy, bare)).code == "EVIDENCE_REQUIRED"
    await project.do(service.carry_out_remedy, CarryOutRemedy(**right))  # type: ignore[arg-type]
    assert (await status(project, guarantee)).owed == 0
    again = await refused(project, service.carry_out_remedy, CarryOutRemedy(**right))  # type: ignore[arg-type]
    assert again.code == "REMEDY_DONE"


@pytest.mark.clause("P05-38")
async def test_a_checkpoint_looks_at_originals_and_the_terms_end_at_replacements_too(project: World) -> None:
    guarantee = await survive(project)
    lines = plants(900, replaced=31)
    await project.do(service.record_count, count(guarantee, lines, on=FIRST_YEAR, counted_on=date(2025, 6, 3)))
    first = await decide(project, guarantee, FIRST_YEAR)
    await project.do(service.record_count, count(guarantee, lines))
    last = await decide(project, guarantee)
    assert ((first.met, first.shortfall), (last.met, last.shortfall)) == ((False, 31), (True, 0))
    assert (await status(project, guarantee, date(2025, 6, 2))).met is None
    assert (await status(project, guarantee, date(2025, 6, 3))).met is False
    assert (await status(project, guarantee)).met is True


async def test_a_later_count_takes_the_place_of_an_earlier_one_until_the_verdict(project: World) -> None:
    guarantee = await survive(project)
    for alive in (900, 931):
        await project.do(service.record_count, count(guarantee, plants(alive)))
    assert (await decide(project, guarantee)).met
    assert len(await project.read(GuaranteeCount, guarantee_id=guarantee.id)) == 2
    late = await refused(project, service.record_count, count(guarantee, plants(900)))
    twice = await refused(project, service.check_guarantee, CheckGuarantee(guarantee_id=guarantee.id, checkpoint_on=END), FINANCE)  # fmt: skip # noqa: E501
    assert (late.code, twice.code) == ("CHECKPOINT_DECIDED", "CHECKPOINT_DECIDED")


async def test_a_checkpoint_without_a_count_is_refused(project: World) -> None:
    guarantee = await survive(project)
    check = CheckGuarantee(guarantee_id=guarantee.id, checkpoint_on=END)
    bare = await refused(project, service.check_guarantee, check, FINANCE)
    assert (bare.code, bare.field) == ("CHECKPOINT_WITHOUT_COUNT", "checkpointOn")
    await project.do(service.record_count, count(guarantee, plants(931), on=FIRST_YEAR))
    assert (await refused(project, service.check_guarantee, check, FINANCE)).code == "CHECKPOINT_WITHOUT_COUNT"
    assert (await refused(project, service.record_count, count(guarantee))).code == "CHECKPOINT_WITHOUT_COUNT"


async def test_what_cannot_be_counted_is_refused(project: World) -> None:
    guarantee = await survive(project)
    future = await survive(project, starts_on=date(2025, 6, 10), checkpoints=())
    cases = [
        (count(guarantee, plants(981)), "COUNT_INVALID", "lines.0"),
        (count(guarantee, plants(931), evidence=" "), "EVIDENCE_REQUIRED", "evidence"),
        (count(guarantee, plants(931), on=date(2026, 6, 9)), "CHECKPOINT_UNKNOWN", "checkpointOn"),
        (count(future, plants(931), on=date(2027, 6, 10)), "CHECKPOINT_NOT_DUE", "checkpointOn"),
        (count(guarantee, plants(931), counted_on=date(2026, 6, 11)), "INSTANT_IN_FUTURE", "countedOn"),
        (count(guarantee, plants(931), counted_on=date(2024, 6, 9)), "PERIOD_INVERTED", "countedOn"),
        (count(guarantee, plants(931, species=" ")), "REQUIRED", "lines.0.species"),
    ]
    for command, code, field in cases:
        refusal = await refused(project, service.record_count, command)
        assert (refusal.code, refusal.field) == (code, field)
    down = RecordDowntime(guarantee_id=guarantee.id, reason="pump")
    assert (await refused(project, service.record_downtime, down)).code == "GUARANTEE_METRIC_OTHER"
    outside = await refused(project, service.record_count, count(guarantee, plants(931)), project.customer_member())
    assert outside.code == "FORBIDDEN"


async def test_the_next_checkpoint_is_foretold_from_the_counts(project: World) -> None:
    """980 stood on 10 June 2024, 960 on 1 June 2025 (356 days); the last day is 374 days later."""
    guarantee = await survive(project)
    assert (await forecast(project, guarantee)).met is None
    await project.do(service.record_count, count(guarantee, plants(960), on=FIRST_YEAR, counted_on=FIRST_YEAR))
    found = await forecast(project, guarantee)
    # 960 - 20 / 356 * 374 = 938.98…
    assert (found.checkpoint_on, found.expected, found.met) == (END, 938, True)


# --- availability ----------------------------------------------------------------------------------------------


@pytest.mark.clause("P01-09")
@pytest.mark.parametrize(("end", "met"), [("2026-06-05 07:11", True), ("2026-06-05 07:12", False)])
async def test_a_month_is_decided_from_the_downtime_ledger(plant: World, end: str, met: bool) -> None:
    """One per cent of June's 720 h is 7 h 12 min: then it isn't over 99 % any more."""
    guarantee = await available(plant)
    await outage(plant, guarantee, "2026-06-05 00:00", end)
    await outage(plant, guarantee, "2026-06-06 00:00", "2026-06-06 00:00", planned=True)
    june = date(2026, 6, 30)
    plant.clock.move_to(local("2026-06-30 23:59"))
    early = CheckGuarantee(guarantee_id=guarantee.id, checkpoint_on=june)
    assert (await refused(plant, service.check_guarantee, early, FINANCE)).code == "CHECKPOINT_NOT_DUE"
    plant.clock.move_to(local("2026-07-01 00:00"))
    check = await decide(plant, guarantee, june)
    assert (check.met, check.count_id) == (met, None)


@pytest.mark.clause("P01-09")
async def test_planned_downtime_is_left_out(plant: World) -> None:
    guarantee = await available(plant)
    await outage(plant, guarantee, "2026-06-05 00:00", "2026-06-07 00:00", planned=True)
    found = await status(plant, guarantee)
    assert (found.met, found.value, found.planned_seconds) == (True, Decimal(1), Decimal(172_800))


@pytest.mark.clause("P01-09")
async def test_a_good_month_does_not_mend_the_life_to_date(plant: World) -> None:
    """Given three days down in May, when June is fine, then June is over 99 % and the system's life isn't."""
    guarantee = await available(plant, date(2026, 5, 1))
    await outage(plant, guarantee, "2026-05-05 00:00", "2026-05-08 00:00")
    found = await status(plant, guarantee)
    assert (found.value, found.met) == (Decimal(1), False)
    assert found.life_value is not None
    # 72 h of the 969 h to 10 June, 09:00.
    assert found.life_value == Decimal("0.925696")
    assert (await status(plant, guarantee, date(2026, 5, 4))).met is True


async def test_a_downtime_that_goes_on_counts_up_to_now_and_eats_the_months_allowance(plant: World) -> None:
    guarantee = await available(plant)
    before = await forecast(plant, guarantee)
    assert (before.checkpoint_on, before.met, before.allowance_seconds) == (date(2026, 6, 30), True, Decimal(25_920))
    await outage(plant, guarantee, "2026-06-10 07:00", None)
    found = await forecast(plant, guarantee)
    # 2 h of 225 h are less than one per cent; 3 h of 226 h are more.
    assert (found.met, found.allowance_seconds) == (True, Decimal(18_720))
    assert (await status(plant, guarantee)).down_seconds == Decimal(7200)
    plant.clock.move_to(local("2026-06-10 10:00"))
    assert (await forecast(plant, guarantee)).met is False


async def test_the_ledger_goes_forward_only(plant: World) -> None:
    guarantee = await available(plant)
    up = RecordUptime(guarantee_id=guarantee.id)
    assert (await refused(plant, service.record_uptime, up)).code == "DOWNTIME_OUT_OF_ORDER"
    await outage(plant, guarantee, "2026-06-05 00:00", None)

    def down(at: str) -> RecordDowntime:
        return RecordDowntime(guarantee_id=guarantee.id, reason="pump", at=local(at))

    early = RecordUptime(guarantee_id=guarantee.id, at=local("2026-06-04 23:59"))
    assert (await refused(plant, service.record_uptime, early)).code == "DOWNTIME_OUT_OF_ORDER"
    assert (await refused(plant, service.record_downtime, down("2026-06-06 00:00"))).code == "DOWNTIME_OUT_OF_ORDER"
    await plant.do(service.record_uptime, RecordUptime(guarantee_id=guarantee.id, at=local("2026-06-05 01:00")))
    assert (await refused(plant, service.record_downtime, down("2026-06-05 00:30"))).code == "DOWNTIME_OUT_OF_ORDER"
    assert (await refused(plant, service.record_downtime, down("2026-06-10 09:01"))).code == "INSTANT_IN_FUTURE"
    blank = RecordDowntime(guarantee_id=guarantee.id, reason=" ")
    assert (await refused(plant, service.record_downtime, blank)).code == "REQUIRED"
    other = await available(plant)
    before = RecordDowntime(guarantee_id=other.id, reason="pump", at=local("2026-05-31 23:59"))
    assert (await refused(plant, service.record_downtime, before)).code == "DOWNTIME_OUT_OF_ORDER"


# --- zero targets ------------------------------------------------------------------------------------------------


async def zero(world: World, code: str, **given: Any) -> ServiceGuarantee:
    command = OpenGuarantee(**{"vertical": "landscaping", "guarantee": code, "starts_on": date(2026, 5, 1), **given})
    opened: ServiceGuarantee = await world.do(service.open_guarantee, command, FINANCE)
    return opened


def incident(guarantee: ServiceGuarantee, category: str, at: datetime | None = None, **given: Any) -> RecordIncident:
    return RecordIncident(
        **{
            "guarantee_id": guarantee.id, "category": category, "description": "it happened", "evidence": "report 3",
            "at": at, **given,
        }
    )  # fmt: skip


@pytest.mark.clause("P05-01")
async def test_the_company_keeps_its_five_zeros_month_by_month(project: World) -> None:
    guarantee = await zero(project, "five_zeros")
    assert (await status(project, guarantee)).met is True
    await project.do(service.record_incident, incident(guarantee, "fire", local("2026-05-31 23:59")))
    june, may = await status(project, guarantee), await status(project, guarantee, date(2026, 5, 31))
    assert (june.met, june.life_value, may.met) == (True, Decimal(1), False)
    assert {found.category: found.count for found in may.incidents} == {
        "death": 0, "serious_injury": 0, "collapse": 0, "poisoning": 0, "fire": 1,
    }  # fmt: skip
    check = await decide(project, guarantee, date(2026, 5, 31))
    assert (check.met, check.value) == (False, Decimal(1))
    assert (await forecast(project, guarantee)).met is True


@pytest.mark.clause("P05-40")
async def test_two_violations_in_a_month_break_the_three_zeros(project: World) -> None:
    guarantee = await zero(project, "three_zeros", site_id=project.site.id)
    for hour in ("08:00", "08:30"):
        await project.do(service.record_incident, incident(guarantee, "violation", local(f"2026-06-10 {hour}")))
    found = await status(project, guarantee)
    assert found.met is False
    assert {one.category: one.count for one in found.incidents if one.count} == {"violation": 2}


@pytest.mark.clause("P05-40")
async def test_a_hazard_that_was_reported_on_the_site_counts_by_itself(project: World) -> None:
    guarantee = await zero(project, "three_zeros", site_id=project.site.id)
    hazard = ReportHazard(site_id=project.site.id, category="condition", description="loose scaffold")
    await project.do(safety.report_hazard, hazard)
    found = await status(project, guarantee)
    assert {one.category: one.count for one in found.incidents if one.count} == {"hazard": 1}
    assert found.met is False


async def test_an_incident_needs_its_category_and_its_evidence(project: World) -> None:
    guarantee = await zero(project, "five_zeros")
    cases = [
        (incident(guarantee, "rain"), "INCIDENT_UNKNOWN", "category"),
        (incident(guarantee, "fire", evidence=""), "EVIDENCE_REQUIRED", "evidence"),
        (incident(guarantee, "fire", description=" "), "REQUIRED", "description"),
        (incident(guarantee, "fire", local("2026-06-10 09:01")), "INSTANT_IN_FUTURE", "at"),
        (incident(guarantee, "fire", local("2026-04-30 23:59")), "PERIOD_INVERTED", "at"),
    ]
    for command, code, field in cases:
        refusal = await refused(project, service.record_incident, command)
        assert (refusal.code, refusal.field) == (code, field)


# --- opening and ending --------------------------------------------------------------------------------------------


async def test_what_cannot_be_guaranteed_is_refused(project: World) -> None:
    whole = OwnGuarantee(code="a", name="All", metric="availability", threshold=Decimal(1))
    nothing = OwnGuarantee(code="z", name="None", metric="zero_count")
    rate = OwnGuarantee(code="r", name="Rate", metric="survival_rate", threshold=Decimal("1.1"), inclusive=True)
    forever = OwnGuarantee(code="e", name="E", metric="availability", threshold=Decimal("0.9"), window="P9999Y")
    fine = OwnGuarantee(code="f", name="Fine", metric="availability", threshold=Decimal("0.9999999"))
    window = OwnGuarantee(code="w", name="W", metric="availability", threshold=Decimal("0.9"), window="two years")
    site, asset = project.site.id, project.asset.id
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({}, "REQUIRED", "guarantee"),
        ({"guarantee": "eternal_life"}, "GUARANTEE_UNKNOWN", "guarantee"),
        ({"own": whole}, "GUARANTEE_THRESHOLD_INVALID", "own.threshold"),
        ({"own": nothing}, "GUARANTEE_THRESHOLD_INVALID", "own.threshold"),
        ({"own": rate}, "GUARANTEE_THRESHOLD_INVALID", "own.threshold"),
        ({"own": fine}, "GUARANTEE_THRESHOLD_INVALID", "own.threshold"),
        ({"own": forever}, "DURATION_INVALID", "own.window"),
        ({"own": window}, "DURATION_INVALID", "own.threshold"),
        ({"guarantee": "three_zeros"}, "GUARANTEE_SUBJECT_INVALID", "siteId"),
        ({"guarantee": "five_zeros", "site_id": site}, "GUARANTEE_SUBJECT_INVALID", "siteId"),
        ({"guarantee": "survival_rate", "site_id": site, "asset_id": asset}, "GUARANTEE_SUBJECT_INVALID", "siteId"),
        ({"guarantee": "survival_rate", "ends_on": date(2026, 6, 1)}, "PERIOD_INVERTED", "endsOn"),
        ({"guarantee": "survival_rate", "checkpoints": (date(2028, 6, 2),)}, "CHECKPOINT_UNKNOWN", "checkpoints"),
        ({"guarantee": "five_zeros", "checkpoints": (date(2026, 7, 1),)}, "GUARANTEE_METRIC_OTHER", "checkpoints"),
        ({"guarantee": "survival_rate", "starts_on": date(9999, 12, 31)}, "YEAR_INVALID", "startsOn"),
        ({"guarantee": "survival_rate", "starts_on": date(1, 1, 1)}, "YEAR_INVALID", "startsOn"),
        ({"guarantee": "survival_rate", "ends_on": date(9999, 12, 31)}, "YEAR_INVALID", "endsOn"),
        ({"guarantee": "five_zeros", "vertical": "solar"}, "VERTICAL_NOT_ENABLED", "vertical"),
    ]
    for given, code, field in cases:
        command = OpenGuarantee(**{"vertical": "landscaping", "starts_on": date(2026, 6, 1), **given})
        refusal = await refused(project, service.open_guarantee, command, FINANCE)
        assert (refusal.code, refusal.field) == (code, field), given


async def test_an_ended_guarantee_takes_no_more_downtime_and_foretells_nothing(plant: World) -> None:
    guarantee = await available(plant)
    end = EndGuarantee(guarantee_id=guarantee.id, reason="the contract was ended")
    future = EndGuarantee(guarantee_id=guarantee.id, reason="later", ends_on=date(2026, 6, 11))
    assert (await refused(plant, service.end_guarantee, future, FINANCE)).code == "INSTANT_IN_FUTURE"
    inverted = EndGuarantee(guarantee_id=guarantee.id, reason="before", ends_on=date(2026, 6, 1))
    assert (await refused(plant, service.end_guarantee, inverted, FINANCE)).code == "PERIOD_INVERTED"
    ended = await plant.do(service.end_guarantee, end, FINANCE)
    assert (ended.state, ended.ends_on) == ("ended", date(2026, 6, 10))
    down = RecordDowntime(guarantee_id=guarantee.id, reason="pump")
    assert (await refused(plant, service.record_downtime, down)).code == "GUARANTEE_ENDED"
    assert (await refused(plant, service.end_guarantee, end, FINANCE)).code == "GUARANTEE_ENDED"
    assert (await forecast(plant, guarantee)).checkpoint_on is None


async def test_a_status_belongs_to_the_customer_and_to_days_that_were(plant: World) -> None:
    guarantee = await available(plant)
    async with plant.work(plant.customer_member()) as uow:
        assert (await service.guarantee_status(uow, guarantee.id)).met is True
    with pytest.raises(NotFound):
        async with plant.work(member("dealer", dealer_id=plant.team.id)) as uow:
            await service.guarantee_status(uow, guarantee.id)
    for day, code in ((date(2026, 6, 11), "INSTANT_IN_FUTURE"), (date(2026, 5, 31), "PERIOD_INVERTED")):
        with pytest.raises(InvalidInput) as refusal:
            await status(plant, guarantee, day)
        assert refusal.value.code == code
