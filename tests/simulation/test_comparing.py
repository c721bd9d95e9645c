"""What a change of plan would do to a contract, before anybody publishes it."""

from datetime import date

import pytest

from aftersales import Season
from aftersales.plans import service as plans
from aftersales.plans.commands import DraftServicePlan, TermChange
from aftersales.plans.models import ServicePlan
from aftersales.revisits import service as revisits
from aftersales.revisits.commands import OpenRevisitPlan, OwnRevisitRule
from aftersales.simulation import service
from aftersales.simulation.values import SimulatedChange
from tests.simulation.lives import FINANCE, asked, simulated, told
from tests.support.refusals import refused
from tests.tickets.world import World, member

EVENTS = {"acceptance": "2026-03-01"}
ASSETS = {"solar_water_heater": 1}


async def drafted(world: World, *changes: TermChange) -> ServicePlan:
    plan: ServicePlan = await world.do(
        plans.draft_service_plan, DraftServicePlan(vertical="solar", name="Better", changes=changes), FINANCE
    )
    return plan


def change(declaration: str, code: str, **fields: object) -> TermChange:
    return TermChange(declaration=declaration, code=code, fields=dict(fields))


def said(changes: tuple[SimulatedChange, ...]) -> list[str]:
    """Every change in short: what, which, before and after."""
    found = []
    for one in changes:
        dated = one.date_after or one.date_before
        if dated is not None:
            before, after = one.date_before and one.date_before.on, one.date_after and one.date_after.on
            found.append(f"{one.change} {dated.kind} {dated.moment} {dated.code} {before} {after}")
        else:
            promise = one.promise_after or one.promise_before
            assert promise is not None
            found.append(f"{one.change} {promise.kind} {promise.code}")
    return found


async def test_a_longer_term_and_a_third_visit_appear_move_and_stay(solar_world: World) -> None:
    """Given a draft with pipes for two years, three visits and training within five days, against today's terms.

    Then the pipes' last day moves, thirds of a year replace halves (the last of each year stays), training moves, and
    the agent's deadline is otherwise.
    """
    draft = await drafted(
        solar_world,
        change("warranty_terms", "pipe_and_electrical", amount=24),
        change("inspection_cadences", "maintenance", count=3),
        change("training_curricula", "users", due_days=5),
        change("sla_targets", "agent_on_site", budget={"amount": 2, "unit": "hour"}),
        TermChange(declaration="sla_targets", code="question_answered", action="withdraw"),
    )
    command = asked(
        "2026-01-01", EVENTS, ASSETS, service_plan_id=draft.id, compared_with_present=True, until=date(2027, 2, 28)
    )
    found = await simulated(solar_world, command)
    assert found.plan is not None
    assert (found.plan.id, found.compared_with, found.vertical) == (draft.id, None, "solar")
    assert said(found.changes) == [
        "moves training due users 2026-03-03 2026-03-06",
        "appears customer_duty due training_venue None 2026-03-06",
        "moves planned due maintenance 2026-08-31 2026-06-30",
        "appears planned due maintenance None 2026-10-31",
        "moves warranty ends pipe_and_electrical 2027-03-01 2028-03-01",
        "changes response agent_on_site",
        "disappears response question_answered",
    ]
    # The other way round what appeared disappears, and nothing differs from itself.
    back = asked(
        "2026-01-01", EVENTS, ASSETS, vertical="solar", compared_with_plan_id=draft.id, until=date(2027, 2, 28)
    )
    assert "disappears planned due maintenance 2026-10-31 None" in said((await simulated(solar_world, back)).changes)
    same = asked(
        "2026-01-01", EVENTS, ASSETS, service_plan_id=draft.id, compared_with_plan_id=draft.id,
        until=date(2027, 2, 28),
    )  # fmt: skip
    assert (await simulated(solar_world, same)).changes == ()


async def test_a_phase_of_the_draft_and_its_event_are_unknown_to_the_other_plan(solar_world: World) -> None:
    """Given a draft with a further step, when its event is assumed, then the other plan is asked without it."""
    step = {"event": "trial_run", "label": {"zh": "试运行", "en": "Trial run"}}
    draft = await drafted(solar_world, change("lifecycle_phases", "installation", steps=[step]))
    events = {"installation_started": "2026-02-01", "trial_run": "2026-02-20", **EVENTS}
    command = asked("2026-01-01", events, ASSETS, service_plan_id=draft.id, compared_with_present=True)
    found = await simulated(solar_world, command)
    assert "2026-02-20 step due trial_run" in told(found.simulation)
    assert said(found.changes) == ["appears step due trial_run None 2026-02-20"]


async def test_a_draft_of_the_tenants_is_for_those_who_sign(solar_world: World) -> None:
    """Given an engineer, a customer and a dealer, then none of them may simulate; finance and owner may."""
    command = asked("2026-01-01", vertical="solar")
    for actor in (
        solar_world.engineer_member, solar_world.dispatcher, solar_world.customer_member(),
        member("dealer", dealer_id=solar_world.team.id),
    ):  # fmt: skip
        assert (await refused(solar_world, service.simulate_contract, command, actor)).code == "FORBIDDEN"
    await simulated(solar_world, command)


@pytest.mark.parametrize("region", ["310000", "440000"])
async def test_plans_in_force_are_dated_and_rules_that_wait_for_one_are_named(solar_world: World, region: str) -> None:
    """Given a winter revisit for Shanghai and a yearly contact of key customers in force, then each has its days where
    it fits; the vertical's own rule waits until somebody puts it into force."""
    winter = Season(starts_month=12, starts_day=1, ends_month=2, ends_day=29, over_new_year=True, regions=("31",))
    for own in (
        OwnRevisitRule(code="winter", name="Winter", trigger="season", seasons=(winter,), sample_percent=20),
        OwnRevisitRule(code="key", name="Key customers", trigger="tier", tier="key", months=12),
    ):
        command = OpenRevisitPlan(vertical="solar", own=own, starts_on=date(2026, 1, 1))
        await solar_world.do(revisits.open_revisit_plan, command, solar_world.owner)
    key = asked("2026-01-01", EVENTS, ASSETS, vertical="solar", region=region, tier="key", until=date(2028, 3, 31))
    found = (await simulated(solar_world, key)).simulation
    yearly = ["2027-03-01 revisit due key", "2028-03-01 revisit due key"]
    winters = ["2026-02-28 revisit due winter", "2027-02-28 revisit due winter", "2028-02-29 revisit due winter"]
    assert told(found, "revisit") == sorted([*yearly, *(winters if region == "310000" else [])])
    assert [str(one.share) for one in found.dates if one.code == "winter"] == ["0.2"] * (3 if region == "310000" else 0)
    [waiting] = [one for one in found.promises if one.kind == "revisit"]
    assert (waiting.code, waiting.waits_for, waiting.clause) == ("quality_tracking", "revisit_plan", "P09-09")
    other = asked("2026-01-01", EVENTS, ASSETS, vertical="solar", region=region, until=date(2028, 3, 31))
    assert "2027-03-01 revisit due key" not in told((await simulated(solar_world, other)).simulation)
