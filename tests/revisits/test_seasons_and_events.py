"""Seasons open samples, storms open urgent visits, technology is looked at again, key customers are cared for."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from aftersales import Label, RevisitRule, Season
from aftersales.broadcasts import service as broadcasts
from aftersales.broadcasts.commands import BroadcastTexts, DraftBroadcast, ReceiveWeatherWarning, SendBroadcast
from aftersales.kit.errors import InvalidInput
from aftersales.kit.outbox import OutboxMessage
from aftersales.notices import service as notices
from aftersales.notices.effects import NoticeToSend
from aftersales.notices.models import Notice
from aftersales.parties import service as parties
from aftersales.parties.commands import AddContact, AddSite, UpdateSite
from aftersales.planned.recurrence import season_on
from aftersales.revisits import rules, service
from aftersales.revisits.commands import (
    AddCareAction,
    AnswerSurvey,
    CloseSurvey,
    CompleteCareAction,
    CompleteImprovement,
    OpenRevisitPlan,
    OpenSurvey,
    OwnRevisitRule,
    PlanRevisit,
    RecordNeeds,
    RevisitCheck,
    RevisitParticipant,
)
from aftersales.revisits.models import CarePlan, ImprovementAction
from tests.revisits.office import (
    complete,
    customer,
    incomplete,
    make_round,
    one,
    projects,
    promise,
    put_into_force,
    revisits,
    wall,
    work_off,
)
from tests.support.refusals import refused
from tests.tickets.world import World, local

RAIN = Season(starts_month=5, starts_day=1, ends_month=8, ends_day=31, regions=("31",))
WINTER = Season(starts_month=12, starts_day=1, ends_month=2, ends_day=28, over_new_year=True)
MAYBE = BroadcastTexts(zh="台风季节", en="Typhoon season")


@pytest.mark.clause("P11-43")
async def test_a_rainy_season_samples_a_fifth_of_the_projects(office: World) -> None:
    """Given 40 projects in the region and 10 elsewhere, sample 20 %, then 8 tasks there, due by the season's end."""
    here = {site.id for site in await projects(office, 40)}
    await projects(office, 10, region="440000")
    await put_into_force(
        office, trigger="season", seasons=(RAIN,), sample_percent=20, check_items=("waterproofing",),
        owner="engineering", original_team=True, clause="P11-43",
    )  # fmt: skip
    assert await make_round(office) == 1
    sampled = await revisits(office)
    assert (len(sampled), {row.site_id for row in sampled} <= here) == (8, True)
    assert {(row.since, row.due_on, row.owner) for row in sampled} == {
        (date(2026, 5, 1), date(2026, 8, 31), "engineering")
    }
    assert await make_round(office) == 0
    office.clock.move_to(local("2027-05-01 00:10"))
    await make_round(office)
    assert len(await revisits(office, since=date(2027, 5, 1))) == 8


@pytest.mark.clause("P11-43")
async def test_a_sample_is_the_same_whenever_it_is_drawn(office: World) -> None:
    ids = [site.id for site in await projects(office, 40)]
    drawn = rules.sample(ids, 20, "2026")
    assert drawn == rules.sample(list(reversed(ids)), 20, "2026")
    assert drawn != rules.sample(ids, 20, "2027")
    assert [len(rules.sample(ids[:count], 20, "s")) for count in (0, 1, 5, 6)] == [0, 1, 1, 2]


@pytest.mark.clause("P11-45")
async def test_winter_checks_two_items_on_site(office: World) -> None:
    """Given winter from 12-01 to 02-28, then tasks with two items, due at the end of February of the next year."""
    await projects(office, 3)
    items = ("thermal_performance", "glass_breakage")
    await put_into_force(office, trigger="season", seasons=(WINTER,), check_items=items, channels=("visit",),
                         clause="P11-45")  # fmt: skip
    await make_round(office)
    assert await revisits(office) == []
    office.clock.move_to(local("2026-12-01 00:10"))
    await make_round(office)
    tasks = await revisits(office)
    # The world's own site makes the fourth.
    assert [(row.due_on, row.terms["check_items"]) for row in tasks] == [(date(2027, 2, 28), list(items))] * 4
    fault = await incomplete(office, tasks[0], checks=(RevisitCheck(item=items[0], passed=True),))
    assert fault.params["missing"] == "glass_breakage"
    done = await complete(
        office, tasks[0], checks=(RevisitCheck(item=items[0], passed=True), RevisitCheck(item=items[1], passed=False))
    )
    assert done.checks["glass_breakage"] == {"passed": False, "note": ""}


@pytest.mark.parametrize(
    ("code", "days"), [
        ("SEASON_DAY_INVALID", (2, 30, 8, 31)), ("SEASON_DAY_INVALID", (13, 1, 12, 31)),
        ("SEASON_INVERTED", (12, 1, 2, 28)),
    ],
)  # fmt: skip
def test_a_season_that_can_not_be_is_refused(code: str, days: tuple[int, int, int, int]) -> None:
    starts_month, starts_day, ends_month, ends_day = days
    season = Season(starts_month=starts_month, starts_day=starts_day, ends_month=ends_month, ends_day=ends_day)
    rule = RevisitRule(code="x", label=Label("", ""), trigger="season", seasons=(season,))
    with pytest.raises(InvalidInput) as fault:
        rules.check_rule(rule, "own")
    assert (fault.value.code, fault.value.field) == (code, "own.seasons")


async def test_a_season_of_a_region_that_there_is_not_is_refused(office: World) -> None:
    """Given a region that no code of GB/T 2260 has, then the season names it and nothing is written."""
    nowhere = msgspec.structs.replace(RAIN, regions=("99",))
    own = OwnRevisitRule(code="x", name="X", trigger="season", seasons=(RAIN, nowhere))
    command = OpenRevisitPlan(vertical="display", own=own)
    refusal = await refused(office, service.open_revisit_plan, command, office.owner)
    assert (refusal.code, refusal.field) == ("REGION_UNKNOWN", "own.seasons.1.regions")


def test_a_season_that_ends_with_february_knows_leap_years() -> None:
    leap = Season(starts_month=12, starts_day=1, ends_month=2, ends_day=29, over_new_year=True)
    assert season_on(leap, date(2027, 12, 1)).last == date(2028, 2, 29)
    assert season_on(leap, date(2027, 1, 5)) == (date(2026, 12, 1), date(2027, 2, 28))
    assert season_on(leap, date(2027, 3, 1)).first == date(2027, 12, 1)


@pytest.mark.clause("P11-44")
async def test_owners_are_told_to_close_their_windows_in_time(office: World) -> None:
    """Given the season opens on 07-01 and 30 days, then who has no notice by 07-31 is an open, late duty."""
    told = await customer(office, "T", region="310000", email="owner@example.org")
    silent = await customer(office, "S", region="310000")
    for owner in (told, silent):
        site = await office.do(parties.add_site, AddSite(customer_id=owner.id, name="Flat", region="310000"))
        from aftersales.assets import service as assets
        from aftersales.assets.commands import RegisterAsset

        await office.do(
            assets.register_asset,
            RegisterAsset(name="W", vertical="display", asset_type="screen", customer_id=owner.id, site_id=site.id),
        )
    await put_into_force(
        office, code="typhoon", trigger="season", notice=True, within_days=30, clause="P11-44",
        seasons=(Season(starts_month=7, starts_day=1, ends_month=9, ends_day=30, regions=("31",)),),
    )  # fmt: skip
    office.clock.move_to(local("2026-07-01 00:10"))
    await make_round(office)
    duties = {row.customer_id: row for row in await revisits(office)}
    assert {row.due_on for row in duties.values()} == {date(2026, 7, 31)}
    assert wall((await promise(office, duties[told.id])).due_at) == "2026-08-01 00:00"
    draft = await office.do(
        broadcasts.draft_broadcast, DraftBroadcast(kind="season", title=MAYBE, body=MAYBE, topic="typhoon")
    )
    await office.do(broadcasts.send_broadcast, SendBroadcast(broadcast_id=draft.id))
    await work_off(office)
    await deliver(office)
    assert (await one(office, id=duties[told.id].id)).state == "done"
    assert (await one(office, id=duties[silent.id].id)).state == "open"


async def deliver(world: World) -> None:
    """Every copy on the wire arrives."""
    for message in await world.read(OutboxMessage, topic="notice.send"):
        async with world.tenant.work() as uow:
            [notice] = [row for row in await world.read(Notice) if str(row.id) == message.payload["notice_id"]]
            effect = NoticeToSend(
                notice_id=notice.id, address=notice.address or "", recipient="", subject="", body="", message_id=""
            )
            await notices.delivered(uow, effect)


@pytest.mark.clause("P11-46")
async def test_a_project_with_new_technology_gets_a_technical_revisit(office: World) -> None:
    """Given a tag on a project, before or after the plan, then one technical revisit of the design department."""
    [old, plain] = [*await projects(office, 1, tags=["new_tech"]), *await projects(office, 1)]
    await put_into_force(office, trigger="flag", flag="new_tech", owner="design", clause="P11-46")
    assert [(row.site_id, row.owner) for row in await revisits(office)] == [(old.id, "design")]
    for _ in range(2):
        await office.do(parties.update_site, UpdateSite(site_id=plain.id, tags=("new_tech",)))
    assert {row.site_id for row in await revisits(office)} == {old.id, plain.id}
    assert len(await revisits(office)) == 2


@pytest.mark.clause("P11-42")
async def test_a_sudden_event_is_visited_first(office: World) -> None:
    """Given a call of type sudden_event, then the revisit has the highest priority and no invented number (A05)."""
    await put_into_force(office, trigger="event", events=("sudden_event",), priority="highest", owner="engineering",
                         clause="P11-42")  # fmt: skip
    urgent = await office.do(
        service.plan_revisit,
        PlanRevisit(
            customer_id=office.customer.id, event="sudden_event", reason="a pane burst", site_id=office.site.id
        ),
    )
    assert (urgent.priority, urgent.owner, urgent.due_on) == ("highest", "engineering", None)
    unknown = PlanRevisit(customer_id=office.customer.id, event="eclipse")
    assert (await refused(office, service.plan_revisit, unknown)).code == "REVISIT_EVENT_UNKNOWN"


@pytest.mark.clause("P11-42")
async def test_hail_opens_urgent_revisits_at_every_affected_project(office: World) -> None:
    hit = {site.id for site in await projects(office, 3)}
    await projects(office, 2, region="440000")
    await put_into_force(office, trigger="event", events=("hail",), priority="highest")
    warning = ReceiveWeatherWarning(kind="hail", regions=("31",), external_id="W-1")
    for _ in range(2):
        await office.do(broadcasts.receive_weather_warning, warning)
        await work_off(office)
    assert {(row.site_id, row.priority) for row in await revisits(office)} == {(site, "highest") for site in hit}
    assert len(await revisits(office)) == 3


@pytest.mark.clause("P03-20", "P13-20")
async def test_the_management_comes_itself(office: World) -> None:
    """Given a management visit, then it counts only with the general manager and the service centre."""
    visit = await office.do(service.plan_revisit, PlanRevisit(customer_id=office.customer.id, rule="management_visit"))
    alone = (RevisitParticipant(role="service_centre", name="Chen"),)
    scores = {"product": 4, "service": 3}
    fault = await incomplete(office, visit, scores=scores, participants=alone)
    assert (fault.field, fault.params["missing"]) == ("participants", "general_manager")
    both = (*alone, RevisitParticipant(role="general_manager", name="Li"))
    assert (await complete(office, visit, scores=scores, participants=both)).state == "done"


@pytest.mark.clause("P03-21", "P13-21")
async def test_the_profile_shows_product_and_service_apart(office: World) -> None:
    """Given product 4 and service 3, then the customer's profile shows both, with the means of all visits."""
    for product, served in ((5, 4), (4, 3)):
        visit = await office.do(service.plan_revisit, PlanRevisit(customer_id=office.customer.id))
        await complete(office, visit, product_score=product, service_score=served)
        office.later(days=1)
    async with office.work(office.customer_member()) as uow:
        found = await service.customer_satisfaction(uow, office.customer.id)
    assert (found.product, found.service) == (4, 3)
    assert (found.product_mean, found.service_mean) == (Decimal("4.50"), Decimal("3.50"))
    other = await customer(office, "C9")
    with pytest.raises(Exception, match="Customer"):
        async with office.work(office.customer_member(other)) as uow:
            await service.customer_satisfaction(uow, office.customer.id)


@pytest.mark.clause("P01-26")
async def test_a_visit_that_a_manager_orders_is_on_record_with_its_findings(office: World) -> None:
    """Given a visit for 2026-07-01, when it is done, then it is on record with what was found."""
    visit = await office.do(
        service.plan_revisit, PlanRevisit(customer_id=office.customer.id, due_on=date(2026, 7, 1), reason="round")
    )
    assert wall((await promise(office, visit)).due_at) == "2026-07-02 00:00"
    office.clock.move_to(local("2026-07-01 15:00"))
    done = await complete(office, visit, findings="two lamps flicker, replaced on the spot")
    assert (done.state, done.findings) == ("done", "two lamps flicker, replaced on the spot")
    past = PlanRevisit(customer_id=office.customer.id, due_on=date(2026, 6, 30))
    assert (await refused(office, service.plan_revisit, past)).code == "DAY_PAST"


@pytest.mark.clause("P07-13")
async def test_a_key_customer_has_a_care_plan_each_year(office: World) -> None:
    """Given a key customer, when the year opens, then a plan is required until it has an action."""
    key = await customer(office, "K", tier="important")
    await customer(office, "S")
    await put_into_force(office, trigger="care_plan", tier="important", within_days=31, clause="P07-13")
    await make_round(office)
    office.clock.move_to(local("2027-01-01 00:10"))
    await make_round(office)
    await make_round(office)
    found = await office.read(CarePlan)
    assert [(row.customer_id, row.year, row.state) for row in found] == [
        (key.id, 2026, "required"), (key.id, 2027, "required"),
    ]  # fmt: skip
    care = found[1]
    await office.do(service.record_needs, RecordNeeds(care_plan_id=care.id, needs="night shift cover"))
    await office.do(service.add_care_action, AddCareAction(care_plan_id=care.id, action="a spare on site"))
    assert (await promise(office, care)).state == "met"  # type: ignore[arg-type]
    assert (await promise(office, found[0])).state == "running"  # type: ignore[arg-type]
    done = await office.do(service.complete_care_action, CompleteCareAction(care_plan_id=care.id, number=1))
    assert (done.state, done.needs) == ("done", "night shift cover")
    again = CompleteCareAction(care_plan_id=care.id, number=1)
    assert (await refused(office, service.complete_care_action, again)).code == "CARE_ACTION_DONE"
    unknown = CompleteCareAction(care_plan_id=care.id, number=2)
    assert (await refused(office, service.complete_care_action, unknown)).code == "CARE_ACTION_UNKNOWN"


@pytest.mark.clause("P07-13")
async def test_who_becomes_a_key_customer_gets_a_care_plan(office: World) -> None:
    await put_into_force(office, trigger="care_plan", tier="important")
    key = await customer(office, "K", tier="important")
    assert [row.customer_id for row in await office.read(CarePlan)] == [key.id]


@pytest.mark.clause("P07-17")
@pytest.mark.parametrize(("scores", "demanded"), [((3, 3, 4), ["quality"]), ((3, 4), []), ((5, 5), [])])
async def test_a_poor_survey_demands_an_improvement(
    office: World, scores: tuple[int, ...], demanded: list[str]
) -> None:
    """Given a mean below 3.5 on quality, when the survey closes, then an improvement is required; 3.5 is enough."""
    survey = await office.do(
        service.open_survey,
        OpenSurvey(title="2026", dimensions=("quality", "price"), threshold=Decimal("3.5"), clause="P07-17"),
    )
    for number, score in enumerate(scores):
        who = await customer(office, f"Q{number}")
        answer = AnswerSurvey(survey_id=survey.id, customer_id=who.id, scores={"quality": score, "price": 5})
        await office.do(service.answer_survey, answer, office.customer_member(who))
        assert (await refused(office, service.answer_survey, answer)).code == "SURVEY_ANSWERED"
    await office.do(service.close_survey, CloseSurvey(survey_id=survey.id))
    required = await office.read(ImprovementAction)
    assert [row.dimension for row in required] == demanded
    assert (await refused(office, service.close_survey, CloseSurvey(survey_id=survey.id))).code == "SURVEY_CLOSED"
    for row in required:
        command = CompleteImprovement(improvement_id=row.id, action="better seals")
        assert (await office.do(service.complete_improvement, command)).state == "done"
        assert (await refused(office, service.complete_improvement, command)).code == "IMPROVEMENT_DONE"


async def test_a_customer_answers_for_itself_only(office: World) -> None:
    survey = await office.do(service.open_survey, OpenSurvey(title="2026", dimensions=("quality",)))
    other = await customer(office, "C9")
    answer = AnswerSurvey(survey_id=survey.id, customer_id=other.id, scores={"quality": 5})
    assert (await refused(office, service.answer_survey, answer, office.customer_member())).code == "NOT_FOUND"
    await office.do(parties.add_contact, AddContact(customer_id=other.id, name="Li"))
