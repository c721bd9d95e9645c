"""What releases cost and when, who picks them, what assets run, and the backlog."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from aftersales.kit.actor import Actor
from aftersales.kit.errors import AftersalesError
from aftersales.tickets import service as tickets
from aftersales.tickets.commands import Resolve
from aftersales.upgrades import service
from aftersales.upgrades.commands import (
    ChooseRelease,
    InstallRelease,
    PublishRelease,
    SummariseProblems,
    WithdrawRelease,
)
from aftersales.upgrades.models import BacklogItem, BacklogTicket, ProductRelease, ReleaseChoice
from tests.fees.shop import FINANCE, agreed, publish
from tests.support.refusals import refused
from tests.tickets.world import World, local, member


async def release(world: World, number: str = "2", kind: Any = "upgrade", **given: Any) -> ProductRelease:
    command = PublishRelease(
        vertical=world.asset.vertical, asset_type=world.asset.asset_type, kind=kind, release=number,
        title=f"Release {number}", **given,
    )  # fmt: skip
    made: ProductRelease = await world.do(service.publish_release, command)
    return made


async def accept(world: World, day: str) -> None:
    """The asset was accepted on that day."""
    async with world.work() as uow:
        asset = await uow.get(type(world.asset), world.asset.id)
        asset.accepted_on = date.fromisoformat(day)


async def install(world: World, given: ProductRelease, when: str | None = None, **more: Any) -> ReleaseChoice:
    if when is not None:
        world.clock.move_to(local(when))
    command = InstallRelease(asset_id=world.asset.id, release_id=given.id, **{"channel": "on_site", **more})
    done: ReleaseChoice = await world.do(service.install_release, command)
    return done


def choice(world: World, given: ProductRelease, decision: Any = "schedule", **more: Any) -> ChooseRelease:
    return ChooseRelease(asset_id=world.asset.id, release_id=given.id, decision=decision, **more)


# --- free or paid --------------------------------------------------------------------------------------------


@pytest.mark.clause("P01-04")
@pytest.mark.parametrize("when", ["2027-05-01 10:00", "2028-06-10 23:59"])
async def test_an_upgrade_in_the_two_years_is_free(lighting: World, when: str) -> None:
    """Given acceptance on 2026-06-10, when v2 is delivered up to the last covered day, then it costs 0.00."""
    await accept(lighting, "2026-06-10")
    v2 = await release(lighting)
    done = await install(lighting, v2, when)
    assert (done.fee, done.basis, done.clause) == (Decimal("0.00"), "free", "P01-04")
    async with lighting.work() as uow:
        runs = await service.version_of(uow, lighting.asset.id)
        assert runs is not None
        assert (runs.version_tag, runs.customer_id, runs.installed_at) == ("2", lighting.customer.id, local(when))


@pytest.mark.clause("P01-04")
async def test_the_day_after_the_term_an_upgrade_needs_an_accepted_quote(lighting: World) -> None:
    """Given the term ended yesterday, then nothing is installed before the customer agreed to a price."""
    await accept(lighting, "2026-06-10")
    v2 = await release(lighting)
    lighting.clock.move_to(local("2028-06-11 00:00"))
    command = InstallRelease(asset_id=lighting.asset.id, release_id=v2.id, channel="on_site")
    assert (await refused(lighting, service.install_release, command)).code == "CONSENT_REQUIRED"
    await publish(lighting)
    ticket = await lighting.open(kind="upgrade")
    quote = await agreed(lighting, ticket, valid_until=date(2028, 6, 20))
    done = await install(lighting, v2, ticket_id=ticket.id)
    assert (done.fee, done.currency, done.quote_id) == (quote.total, "CNY", quote.id)
    assert quote.total > 0


async def test_an_expansion_isnt_covered_by_a_rule_for_upgrades(lighting: World) -> None:
    await accept(lighting, "2026-06-10")
    more = await release(lighting, kind="expansion")
    command = InstallRelease(asset_id=lighting.asset.id, release_id=more.id, channel="on_site")
    assert (await refused(lighting, service.install_release, command)).code == "CONSENT_REQUIRED"


@pytest.mark.clause("P03-14", "P13-14")
async def test_display_software_is_upgraded_free_for_life(displays: World) -> None:
    """Given year 7, when upgrade 5.1 is installed remotely, then it costs 0.00 (A18)."""
    await accept(displays, "2026-06-10")
    software = await release(displays, "5.1")
    done = await install(displays, software, "2033-01-15 10:00", channel="remote")
    assert (done.fee, done.channel, done.clause) == (Decimal("0.00"), "remote", "P03-14")


@pytest.mark.clause("P03-14", "P13-14")
async def test_new_hardware_isnt_application_software(displays: World) -> None:
    await accept(displays, "2026-06-10")
    board = await release(displays, "rev C", subject="hardware")
    async with displays.work() as uow:
        [standing] = await service.releases_for(uow, displays.asset.id)
    assert (standing.state, standing.entitlement.free) == ("open", False)
    command = InstallRelease(asset_id=displays.asset.id, release_id=board.id, channel="on_site")
    assert (await refused(displays, service.install_release, command)).code == "CONSENT_REQUIRED"


# --- from afar -----------------------------------------------------------------------------------------------


@pytest.mark.clause("P01-25")
async def test_an_asset_that_cant_be_reached_is_upgraded_on_site(lighting: World) -> None:
    """Given remote_ok = false, when a remote upgrade is scheduled, then it is refused; on site it may be."""
    async with lighting.work() as uow:
        (await uow.get(type(lighting.asset), lighting.asset.id)).remote_allowed = False
    await accept(lighting, "2026-06-10")
    v2 = await release(lighting)
    refusal = await refused(lighting, service.choose_release, choice(lighting, v2, channel="remote"))
    assert (refusal.code, refusal.field) == ("REMOTE_NOT_ALLOWED", "channel")
    remote = InstallRelease(asset_id=lighting.asset.id, release_id=v2.id, channel="remote")
    assert (await refused(lighting, service.install_release, remote)).code == "REMOTE_NOT_ALLOWED"
    planned: ReleaseChoice = await lighting.do(service.choose_release, choice(lighting, v2, channel="on_site"))
    assert (planned.state, planned.channel) == ("scheduled", "on_site")


@pytest.mark.clause("P01-25")
async def test_where_conditions_permit_it_is_done_from_afar(lighting: World) -> None:
    await accept(lighting, "2026-06-10")
    v2 = await release(lighting)
    planned: ReleaseChoice = await lighting.do(service.choose_release, choice(lighting, v2, channel="remote"))
    assert (planned.state, planned.channel) == ("scheduled", "remote")


# --- the customer's choice -----------------------------------------------------------------------------------


@pytest.mark.clause("P10-07")
async def test_the_customer_picks_its_patches(projects: World) -> None:
    """Given patches P1, P2 and P3, when the customer picks P2 and declines P3, then P1 stays open."""
    customer = projects.customer_member()
    patches = {name: await release(projects, name, "patch", fixes=("a bug",)) for name in ("P1", "P2", "P3")}
    await projects.do(service.choose_release, choice(projects, patches["P2"]), customer)
    await projects.do(service.choose_release, choice(projects, patches["P3"], "decline"), customer)
    async with projects.work(customer) as uow:
        states = {found.release: found.state for found in await service.releases_for(uow, projects.asset.id)}
    assert states == {"P1": "open", "P2": "scheduled", "P3": "declined"}
    for name, code in (("P1", "RELEASE_NOT_CHOSEN"), ("P3", "RELEASE_DECLINED")):
        command = InstallRelease(asset_id=projects.asset.id, release_id=patches[name].id, channel="remote")
        assert (await refused(projects, service.install_release, command)).code == code
    done = await install(projects, patches["P2"])
    assert (done.state, done.fee, done.clause) == ("installed", Decimal("0.00"), "P10-07")
    again = InstallRelease(asset_id=projects.asset.id, release_id=patches["P2"].id, channel="remote")
    assert (await refused(projects, service.install_release, again)).code == "RELEASE_INSTALLED"


@pytest.mark.clause("P10-07")
async def test_a_customer_may_change_its_mind_until_it_is_installed(projects: World) -> None:
    patch = await release(projects, "P1", "patch")
    await projects.do(service.choose_release, choice(projects, patch, "decline"))
    await projects.do(service.choose_release, choice(projects, patch))
    [stored] = await projects.read(ReleaseChoice)
    assert stored.state == "scheduled"
    await install(projects, patch)
    refusal = await refused(projects, service.choose_release, choice(projects, patch, "decline"))
    assert refusal.code == "RELEASE_INSTALLED"


@pytest.mark.parametrize(
    ("actor", "code"),
    [(member("finance"), "FORBIDDEN"), (member("dealer"), "FORBIDDEN"), (None, "NOT_FOUND")],
)
async def test_nobody_chooses_for_somebody_elses_asset(projects: World, actor: Actor | None, code: str) -> None:
    patch = await release(projects, "P1", "patch")
    stranger = actor or member("customer", customer_id=projects.team.id)
    assert (await refused(projects, service.choose_release, choice(projects, patch), stranger)).code == code


async def test_bad_choices_are_refused(projects: World) -> None:
    patch = await release(projects, "P1", "patch")
    past = choice(projects, patch, planned_at=local("2026-06-09 09:00"))
    assert (await refused(projects, service.choose_release, past)).code == "PERIOD_INVERTED"
    never = choice(projects, patch, planned_at=datetime.fromisoformat("9999-12-31T23:59:59+00:00"))
    assert (await refused(projects, service.choose_release, never)).code == "INSTANT_IMPOSSIBLE"
    naive = choice(projects, patch, planned_at=datetime(2027, 1, 1))  # noqa: DTZ001 - that is what is refused
    assert (await refused(projects, service.choose_release, naive)).code == "INSTANT_NAIVE"
    twice = PublishRelease(
        vertical="software_his", asset_type="project_management_system", kind="patch", release="P1", title="again"
    )
    assert (await refused(projects, service.publish_release, twice)).code == "RELEASE_TAKEN"
    await projects.do(service.withdraw_release, WithdrawRelease(release_id=patch.id, reason="it breaks reports"))
    assert (await refused(projects, service.choose_release, choice(projects, patch))).code == "RELEASE_WITHDRAWN"


# --- the backlog ---------------------------------------------------------------------------------------------


async def solved(world: World, cause: str) -> None:
    ticket = await world.open()
    await world.do(tickets.resolve, Resolve(ticket_id=ticket.id, cause=cause, measures="restarted"))


@pytest.mark.clause("P01-24")
async def test_five_tickets_of_one_cause_make_one_item_of_the_backlog(lighting: World) -> None:
    """Given 5 tickets of C1 and one of C2 in a quarter, then C1's item links its 5, however often it is summarised."""
    for _ in range(3):
        await solved(lighting, "C1")
    second = SummariseProblems(vertical="lighting", year=2026, quarter=2)
    await lighting.do(service.summarise_problems, second)
    for cause in ("C1", "C1 ", "C2"):
        await solved(lighting, cause)
    for _ in range(2):
        await lighting.do(service.summarise_problems, second)
    items = {item.cause: item for item in await lighting.read(BacklogItem)}
    assert {cause: item.tickets for cause, item in items.items()} == {"C1": 5, "C2": 1}
    assert len(await lighting.read(BacklogTicket, item_id=items["C1"].id)) == 5
    await lighting.do(service.summarise_problems, SummariseProblems(vertical="lighting", year=2026, quarter=3))
    assert len(await lighting.read(BacklogItem)) == 2, "nothing was reported in the third quarter"


@pytest.mark.clause("P01-24")
async def test_quarters_turn_at_local_midnight(lighting: World) -> None:
    lighting.clock.move_to(local("2026-06-30 23:59"))
    await solved(lighting, "late")
    lighting.clock.move_to(local("2026-07-01 00:00"))
    await solved(lighting, "early")
    for quarter in (2, 3):
        await lighting.do(
            service.summarise_problems, SummariseProblems(vertical="lighting", year=2026, quarter=quarter)
        )
    assert {(item.cause, item.quarter) for item in await lighting.read(BacklogItem)} == {("late", 2), ("early", 3)}


@pytest.mark.clause("P01-24")
async def test_a_release_mends_what_the_backlog_holds(lighting: World) -> None:
    await solved(lighting, "C1")
    [item] = await lighting.do(service.summarise_problems, SummariseProblems(vertical="lighting", year=2026, quarter=2))
    v2 = await release(lighting, backlog_item_ids=(item.id,))
    [stored] = await lighting.read(BacklogItem)
    assert (stored.state, stored.release_id) == ("released", v2.id)
    with pytest.raises(AftersalesError, match="C1"):
        await release(lighting, "3", backlog_item_ids=(item.id,))


async def test_there_is_no_fifth_quarter(lighting: World) -> None:
    command = SummariseProblems(vertical="lighting", year=2026, quarter=5)
    assert (await refused(lighting, service.summarise_problems, command)).code == "QUARTER_INVALID"
    assert (await refused(lighting, service.summarise_problems, command, FINANCE)).code == "FORBIDDEN"


# --- the catalogue of work -----------------------------------------------------------------------------------


@pytest.mark.clause("P01-29")
@pytest.mark.parametrize("work", ["fault_analysis", "system_maintenance", "repair", "upgrade", "expansion"])
async def test_five_types_of_work_can_be_ordered(lighting: World, work: str) -> None:
    assert (await lighting.open(work_type=work)).work_type == work


@pytest.mark.clause("P01-29")
async def test_decoration_isnt_one_of_them(lighting: World) -> None:
    with pytest.raises(AftersalesError) as refusal:
        await lighting.open(work_type="decoration")
    assert (refusal.value.code, refusal.value.field) == ("WORK_TYPE_UNKNOWN", "workType")
