"""Service plans: drafted, compared, published in editions, retired; never below what law demands."""

from datetime import date
from typing import Any

import pytest

from aftersales.contracts.terms import terms_of
from aftersales.kit.errors import NotFound
from aftersales.plans import service
from aftersales.plans.commands import (
    ChangeServicePlan,
    DraftServicePlan,
    PublishServicePlan,
    RetireServicePlan,
    TermChange,
)
from aftersales.plans.models import ServicePlan
from tests.contracts.lives import FINANCE, publish, sign
from tests.fixtures.database import TestPlatform
from tests.support.refusals import refused
from tests.tickets.world import World, local, member

LONGER = TermChange(declaration="warranty_terms", code="main_unit", fields={"amount": 60}, clause="T-1")


def draft(world: World, *changes: TermChange, **given: Any) -> DraftServicePlan:
    return DraftServicePlan(**{"vertical": world.asset.vertical, "name": "Gold", "changes": changes, **given})


async def test_a_plan_shows_what_differs_from_its_vertical(solar_world: World) -> None:
    """Given a longer term, a further exclusion and a withdrawn duty, then the diff names each with its clause."""
    plan = await solar_world.do(
        service.draft_service_plan,
        draft(
            solar_world,
            LONGER,
            TermChange(
                declaration="exclusions", code="hail", action="add", clause="T-2",
                fields={"label": {"zh": "冰雹", "en": "Hail"}, "effect": "bill_full", "causes": ["hail"]},
            ),
            TermChange(declaration="customer_duties", code="training_venue", action="withdraw"),
        ),
        FINANCE,
    )  # fmt: skip
    async with solar_world.work() as uow:
        found = await service.plan_differences(uow, await uow.get(ServicePlan, plan.id))
    told = [(row.declaration, row.code, row.field, row.old, row.new, row.clause) for row in found if row.field]
    assert told == [
        ("warranty_terms", "main_unit", "clause", "P09-10", "T-1", "T-1"),
        ("warranty_terms", "main_unit", "amount", 36, 60, "T-1"),
    ]
    whole = {(row.code, row.old is None, row.new is None, row.clause) for row in found if row.field is None}
    assert whole == {("hail", True, False, "T-2"), ("training_venue", False, True, "P09-31")}
    async with solar_world.work() as uow:
        terms = await service.plan_terms(uow, await uow.get(ServicePlan, plan.id))
    assert [term.source for term in terms.warranty_terms if term.code == "main_unit"] == ["tenant"]


async def test_contracts_are_signed_under_the_edition_of_their_day(solar_world: World) -> None:
    """Given editions from 10 June and 1 July, then a contract signed on 30 June keeps the first for good."""
    await publish(solar_world, LONGER)
    later = TermChange(declaration="warranty_terms", code="main_unit", fields={"amount": 72})
    second = await publish(solar_world, later, effective_from=date(2026, 7, 1))
    assert second.edition == 2

    async def promised(contract_id: Any) -> list[int | None]:
        from aftersales.contracts.models import ServiceContract

        async with solar_world.work() as uow:
            contract = await uow.get(ServiceContract, contract_id)
            terms = terms_of(uow.scope, "solar", contract)
        return [term.amount for term in terms.warranty_terms if term.code == "main_unit"]

    solar_world.clock.move_to(local("2026-06-30 23:59"))
    first = await sign(solar_world)
    solar_world.clock.move_to(local("2026-07-01 00:00"))
    assert await promised((await sign(solar_world)).id) == [72]
    await solar_world.do(
        service.retire_service_plan, RetireServicePlan(service_plan_id=second.id, retired_on=date(2026, 8, 1)), FINANCE
    )
    solar_world.clock.move_to(local("2026-07-31 23:59"))
    assert await promised((await sign(solar_world)).id) == [72]
    solar_world.clock.move_to(local("2026-08-01 00:00"))
    assert await promised((await sign(solar_world)).id) == [60], "the earlier edition counts again"
    assert await promised(first.id) == [60]


async def test_a_further_plan_takes_over_what_an_earlier_one_changed(solar_world: World) -> None:
    earlier = await publish(solar_world, LONGER)
    own = TermChange(declaration="warranty_terms", code="pipe_and_electrical", fields={"amount": 24})
    plan = await solar_world.do(
        service.draft_service_plan, draft(solar_world, own, based_on_plan_id=earlier.id), FINANCE
    )
    async with solar_world.work() as uow:
        terms = await service.plan_terms(uow, await uow.get(ServicePlan, plan.id))
    assert [term.amount for term in terms.warranty_terms] == [60, 24]


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"declaration": "statutory_floors", "code": "x"}, "DECLARATION_UNKNOWN", "changes.0.declaration"),
        ({"code": "roof"}, "TERM_UNKNOWN", "changes.0.code"),
        ({"action": "add"}, "TERM_EXISTS", "changes.0.code"),
        ({"fields": {"colour": "red"}}, "TERM_FIELD_UNKNOWN", "changes.0.fields"),
        ({"fields": {"source": "statute"}}, "TERM_FIELD_UNKNOWN", "changes.0.fields"),
        ({"fields": {"amount": "long"}}, "TERM_VALUE_INVALID", "changes.0.fields"),
        ({"fields": {"amount": 0}}, "TERM_VALUE_INVALID", "changes.0.fields"),
        ({"fields": {"unit": "age"}}, "TERM_VALUE_INVALID", "changes.0.fields"),
        ({"fields": {}}, "REQUIRED", "changes.0.fields"),
        ({"fields": {}, "action": "withdraw"}, "PLAN_INCONSISTENT", "changes"),
        ({"declaration": "sla_targets", "code": "q", "action": "add"}, "TERM_FIELD_UNKNOWN", "changes.0.fields"),
        ({"code": "q", "action": "add"}, "TERM_VALUE_INVALID", "changes.0.fields"),
    ],
)  # fmt: skip
async def test_a_change_that_cannot_stand_is_refused(
    solar_world: World, given: dict[str, Any], code: str, field: str
) -> None:
    change = TermChange(**{"declaration": "warranty_terms", "code": "main_unit", "fields": {"amount": 60}, **given})
    error = await refused(solar_world, service.draft_service_plan, draft(solar_world, change), FINANCE)
    assert (error.code, error.field) == (code, field)


async def test_a_term_changed_twice_is_refused(solar_world: World) -> None:
    error = await refused(solar_world, service.draft_service_plan, draft(solar_world, LONGER, LONGER), FINANCE)
    assert (error.code, error.field) == ("TERM_CHANGED_TWICE", "changes.1.code")


@pytest.mark.parametrize(("months", "stands"), [(35, False), (36, True)])
async def test_no_plan_promises_less_than_law(car_world: World, months: int, stands: bool) -> None:
    """Given the car law's 36 months, then a plan of 35 is refused with the law as its source, one of 36 stands."""
    change = TermChange(declaration="warranty_terms", code="whole_car", fields={"amount": months, "unit": "month"})
    if stands:
        await car_world.do(service.draft_service_plan, draft(car_world, change), FINANCE)
        return
    error = await refused(car_world, service.draft_service_plan, draft(car_world, change), FINANCE)
    assert error.code == "TERM_BELOW_STATUTORY_FLOOR"
    assert error.params["law_zh"] in error.message("zh-CN")
    left_out = TermChange(declaration="warranty_terms", code="whole_car", action="withdraw")
    error = await refused(car_world, service.draft_service_plan, draft(car_world, left_out), FINANCE)
    assert error.code == "TERM_BELOW_STATUTORY_FLOOR"


async def test_only_a_draft_changes_and_nothing_counts_in_the_past(solar_world: World) -> None:
    drafted = await solar_world.do(service.draft_service_plan, draft(solar_world, LONGER), FINANCE)
    stale = ChangeServicePlan(service_plan_id=drafted.id, name="Silver", expected_version=9)
    assert (await refused(solar_world, service.change_service_plan, stale, FINANCE)).code == "VERSION_STALE"
    await solar_world.do(
        service.change_service_plan, ChangeServicePlan(service_plan_id=drafted.id, name="Silver"), FINANCE
    )
    past = PublishServicePlan(service_plan_id=drafted.id, effective_from=date(2026, 6, 9))
    assert (await refused(solar_world, service.publish_service_plan, past, FINANCE)).code == "PLAN_IN_PAST"
    retire = RetireServicePlan(service_plan_id=drafted.id)
    assert (await refused(solar_world, service.retire_service_plan, retire, FINANCE)).code == "PLAN_NOT_PUBLISHED"
    await solar_world.do(service.publish_service_plan, PublishServicePlan(service_plan_id=drafted.id), FINANCE)
    change = ChangeServicePlan(service_plan_id=drafted.id, name="Bronze")
    assert (await refused(solar_world, service.change_service_plan, change, FINANCE)).code == "PLAN_NOT_DRAFT"
    twin = await solar_world.do(service.draft_service_plan, draft(solar_world), FINANCE)
    same_day = PublishServicePlan(service_plan_id=twin.id)
    assert (await refused(solar_world, service.publish_service_plan, same_day, FINANCE)).code == "PLAN_DAY_TAKEN"


async def test_plans_are_for_who_manages_contracts(solar_world: World) -> None:
    plan = await solar_world.do(service.draft_service_plan, draft(solar_world), FINANCE)
    for actor in (member("dispatcher"), member("engineer"), solar_world.customer_member()):
        for operation, command in (
            (service.draft_service_plan, draft(solar_world)),
            (service.change_service_plan, ChangeServicePlan(service_plan_id=plan.id, name="x")),
            (service.publish_service_plan, PublishServicePlan(service_plan_id=plan.id)),
            (service.retire_service_plan, RetireServicePlan(service_plan_id=plan.id)),
        ):
            assert (await refused(solar_world, operation, command, actor)).code == "FORBIDDEN"


@pytest.mark.clause("P08-22")
async def test_a_tenants_own_plan_needs_a_hotline_too(platform: TestPlatform) -> None:
    """Given a tenant without a hotline, when it publishes its plan, then it is refused."""
    silent = await platform.tenant({"solar": {}}, hotline=None)
    async with silent.work() as uow:
        world = World(silent, uow.scope)
        drafted = await service.draft_service_plan(uow, DraftServicePlan(vertical="solar", name="Gold"))
    error = await refused(world, service.publish_service_plan, PublishServicePlan(service_plan_id=drafted.id), FINANCE)
    assert error.code == "HOTLINE_REQUIRED"


async def test_another_tenants_plan_does_not_exist(solar_world: World, car_world: World) -> None:
    plan = await solar_world.do(service.draft_service_plan, draft(solar_world, LONGER), FINANCE)
    async with car_world.work(FINANCE) as uow:
        with pytest.raises(NotFound):
            await service.publish_service_plan(uow, PublishServicePlan(service_plan_id=plan.id))
