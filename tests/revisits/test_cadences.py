"""Customers of a tier and areas are visited again and again; a forum may take a visit's place."""

from datetime import date
from typing import Any

import pytest

from aftersales.contracts.models import ServiceContract
from aftersales.kit.ids import new_id
from aftersales.kit.outbox import OutboxMessage
from aftersales.parties import service as parties
from aftersales.parties.commands import UpdateCustomer
from aftersales.parties.models import Customer
from aftersales.revisits import service
from aftersales.revisits.commands import CancelRevisit, EndRevisitPlan, OpenRevisitPlan, PlanRevisit, RecordForum
from aftersales.revisits.models import RevisitPlan
from tests.revisits.office import (
    VERTICAL,
    complete,
    customer,
    handle,
    incomplete,
    make_round,
    one,
    promise,
    put_into_force,
    revisits,
    sweep,
    wall,
    work_off,
)
from tests.support.refusals import refused
from tests.tickets.world import World, local

LONG_TERM: dict[str, Any] = {
    "code": "long_term",
    "trigger": "tier",
    "tier": "long_term",
    "months": 12,
    "clause": "P07-07",
}
IMPORTANT: dict[str, Any] = {
    "code": "important",
    "trigger": "tier",
    "tier": "important",
    "months": 6,
    "clause": "P07-08",
}


async def visited(world: World, who: Customer, on: str, channel: str = "visit") -> None:
    """An ad-hoc visit on a day, as a person records it."""
    world.clock.move_to(local(f"{on} 10:00"))
    ordered = await world.do(service.plan_revisit, PlanRevisit(customer_id=who.id))
    await complete(world, ordered, channel=channel)


@pytest.mark.clause("P07-07")
async def test_a_long_term_customer_is_revisited_within_a_year(office: World) -> None:
    """Given the last revisit on 2026-02-10, then the next is due by the end of 2027-02-10 and late the day after."""
    loyal = await customer(office, "L", tier="long_term")
    await visited(office, loyal, "2026-02-10", "phone")
    await put_into_force(office, **LONG_TERM)
    owed = await one(office, customer_id=loyal.id, state="open")
    assert owed.due_on == date(2027, 2, 10)
    assert wall((await promise(office, owed)).due_at) == "2027-02-11 00:00"
    office.clock.move_to(local("2027-02-10 23:59"))
    await sweep(office)
    assert (await promise(office, owed)).breached_at is None
    office.clock.move_to(local("2027-02-11 00:01"))
    await sweep(office)
    assert wall((await promise(office, owed)).breached_at) == "2027-02-11 00:00"


@pytest.mark.clause("P07-08", "P04-12")
async def test_an_important_customer_is_visited_every_half_year(office: World) -> None:
    """Given the last visit on 2026-01-10, then the next is due 2026-07-10; made early on 06-20, the one after 12-20."""
    key = await customer(office, "K", tier="important")
    await visited(office, key, "2026-01-10")
    await put_into_force(office, **{**IMPORTANT, "channels": ("visit",), "clause": "P04-12"})
    owed = await one(office, customer_id=key.id, state="open")
    assert (owed.due_on, owed.clause) == (date(2026, 7, 10), "P04-12")
    office.clock.move_to(local("2026-06-20 10:00"))
    await complete(office, owed)
    assert (await one(office, customer_id=key.id, state="open")).due_on == date(2026, 12, 20)
    assert (await promise(office, owed)).state == "met"


@pytest.mark.clause("P07-08")
async def test_of_two_tiers_the_shorter_cadence_applies(office: World) -> None:
    """Given a customer who is both, then one revisit is owed, after six months; losing the tier makes it twelve."""
    both = await customer(office, "B", tier="long_term", tags=("important",))
    await visited(office, both, "2026-02-10")
    await put_into_force(office, **LONG_TERM)
    await put_into_force(office, **IMPORTANT)
    assert [(row.code, row.due_on) for row in await revisits(office, customer_id=both.id, state="open")] == [
        ("important", date(2026, 8, 10))
    ]
    await office.do(parties.update_customer, UpdateCustomer(customer_id=both.id, tags=()))
    assert (await one(office, customer_id=both.id, state="open")).due_on == date(2027, 2, 10)


@pytest.mark.clause("P07-08")
async def test_before_the_first_revisit_the_sale_counts(office: World) -> None:
    """Given a sale on 2026-03-31 and no revisit, then the first is due on 30 September (no 31st)."""
    new = await customer(office, "N", tier="important")
    await office.add(
        ServiceContract(
            id=new_id(), number="K-1", title="Care", vertical=VERTICAL, customer_id=new.id,
            starts_on=date(2026, 3, 31), playbook_key="x", created_at=office.clock.now(),
        )
    )  # fmt: skip
    await put_into_force(office, **IMPORTANT)
    assert (await one(office, customer_id=new.id)).due_on == date(2026, 9, 30)


@pytest.mark.clause("P07-08")
async def test_a_cancelled_visit_is_owed_again_by_the_same_day(office: World) -> None:
    key = await customer(office, "K", tier="important")
    await visited(office, key, "2026-01-10")
    await put_into_force(office, **IMPORTANT)
    owed = await one(office, customer_id=key.id, state="open")
    await office.do(service.cancel_revisit, CancelRevisit(revisit_id=owed.id, reason="was abroad"))
    again = await one(office, customer_id=key.id, state="open")
    assert (again.id != owed.id, again.due_on) == (True, owed.due_on)


@pytest.mark.clause("P04-13")
async def test_a_forum_takes_the_place_of_a_visit(office: World) -> None:
    """Given a forum attended on 2026-06-20 and a visit due 07-10, then it is done and the next is due 12-20."""
    came, stayed = await customer(office, "A", tier="important"), await customer(office, "B", tier="important")
    await visited(office, came, "2026-01-10")
    await visited(office, stayed, "2026-01-10")
    await put_into_force(office, **{**IMPORTANT, "channels": ("visit",), "forum_counts": True})
    owed = await one(office, customer_id=came.id, state="open")
    office.clock.move_to(local("2026-06-21 09:00"))
    forum = RecordForum(title="Summer talk", customer_ids=(came.id,), held_on=date(2026, 6, 20))
    held = await office.do(service.record_forum, forum)
    done = await one(office, id=owed.id)
    assert (done.state, done.channel, done.forum_id) == ("done", "forum", held.id)
    assert (await one(office, customer_id=came.id, state="open")).due_on == date(2026, 12, 20)
    assert (await one(office, customer_id=stayed.id, state="open")).due_on == date(2026, 7, 10)


@pytest.mark.clause("P04-13")
async def test_a_forum_satisfies_only_rules_that_say_so(office: World) -> None:
    key = await customer(office, "A", tier="important")
    await put_into_force(office, **IMPORTANT)
    owed = await one(office, customer_id=key.id)
    await office.do(service.record_forum, RecordForum(title="Talk", customer_ids=(key.id,)))
    assert (await one(office, customer_id=key.id)).id == owed.id
    assert (await refused(office, service.record_forum, RecordForum(title="Talk", customer_ids=()))).code == "REQUIRED"


@pytest.mark.clause("P11-41")
async def test_nothing_is_owed_after_the_contract(office: World) -> None:
    """Given a contract until 2026-12-31 and visits every six months, then one is due in it, the next none."""
    owner = await customer(office, "W")
    await office.add(
        ServiceContract(
            id=new_id(), number="K-1", title="Windows", vertical=VERTICAL, customer_id=owner.id,
            starts_on=date(2026, 6, 1), ends_on=date(2026, 12, 31), playbook_key="x", created_at=office.clock.now(),
        )
    )  # fmt: skip
    await put_into_force(office, trigger="contract", months=6, ends_with_contract=True, clause="P11-41")
    owed = await one(office, customer_id=owner.id)
    assert owed.due_on == date(2026, 12, 1)
    office.clock.move_to(local("2026-09-01 09:00"))
    await complete(office, owed)
    assert await revisits(office, customer_id=owner.id, state="open") == []


@pytest.mark.clause("P11-16")
async def test_a_visit_without_its_record_does_not_count(office: World) -> None:
    """Given a visit without the record, then the promise stays open; with the record it counts from the visit's day."""
    key = await customer(office, "K", tier="important")
    await put_into_force(office, **{**IMPORTANT, "needs_record": True, "clause": "P11-16"})
    owed = await one(office, customer_id=key.id)
    office.clock.move_to(local("2026-07-01 10:00"))
    held = await complete(office, owed)
    assert (held.state, (await promise(office, owed)).state) == ("held", "running")
    from aftersales.revisits.commands import FileRevisitRecord

    office.clock.move_to(local("2026-07-05 10:00"))
    await office.do(service.file_revisit_record, FileRevisitRecord(revisit_id=owed.id, record="sheet 12"))
    kept = await promise(office, owed)
    assert (kept.state, wall(kept.met_at)) == ("met", "2026-07-01 10:00")
    assert (await one(office, customer_id=key.id, state="open")).due_on == date(2027, 1, 1)


@pytest.mark.clause("P12-04")
async def test_a_key_area_gets_one_visit_in_each_half_year(office: World) -> None:
    """Given key area 51, six months from 2026-07-01, then one task in each half-year, due by its last day."""
    plan = await put_into_force(
        office, starts_on=date(2026, 7, 1), trigger="area", regions=("51",), months=6, clause="P12-04"
    )
    assert await make_round(office) == 0
    found = []
    for day in ("2026-07-01", "2026-07-02", "2026-12-31", "2027-01-01", "2027-07-01"):
        office.clock.move_to(local(f"{day} 00:30"))
        await make_round(office)
        found.append([(row.region, row.since, row.due_on) for row in await revisits(office, plan_id=plan.id)])
    first = ("51", date(2026, 7, 1), date(2026, 12, 31))
    second = ("51", date(2027, 1, 1), date(2027, 6, 30))
    third = ("51", date(2027, 7, 1), date(2027, 12, 31))
    assert found == [[first], [first], [first], [first, second], [first, second, third]]


@pytest.mark.clause("P12-04")
async def test_periods_that_a_stopped_worker_missed_are_made_good(office: World) -> None:
    plan = await put_into_force(office, starts_on=date(2026, 7, 1), trigger="area", regions=("51",), months=6)
    office.clock.move_to(local("2028-01-02 09:00"))
    while await make_round(office):
        pass
    assert len(await revisits(office, plan_id=plan.id)) == 4


@pytest.mark.clause("P12-05")
async def test_a_visit_asks_for_opinions_on_design_assembly_and_process(office: World) -> None:
    topics = ("design", "assembly", "process")
    await put_into_force(office, code="use", trigger="manual", topics=topics, channels=("visit",), clause="P12-05")
    visit = await office.do(service.plan_revisit, PlanRevisit(customer_id=office.customer.id, rule="use"))
    fault = await incomplete(office, visit, opinions={"design": "handsome"})
    assert (fault.code, fault.params["missing"]) == ("REVISIT_INCOMPLETE", "assembly, process")
    unknown = await incomplete(office, visit, opinions={**dict.fromkeys(topics, "good"), "price": "high"})
    assert unknown.code == "REVISIT_TOPIC_UNKNOWN"
    done = await complete(office, visit, opinions=dict.fromkeys(topics, "good"))
    assert done.opinions == dict.fromkeys(topics, "good")


@pytest.mark.clause("P07-09")
@pytest.mark.parametrize("channel", ["phone", "letter", "email", "visit", "other"])
async def test_revisits_have_many_ways(office: World, channel: str) -> None:
    visit = await office.do(service.plan_revisit, PlanRevisit(customer_id=office.customer.id))
    assert (await complete(office, visit, channel=channel)).channel == channel


async def test_a_message_that_comes_twice_enrols_once(office: World) -> None:
    """Given the worker is killed after its work and the message comes again, then nothing is doubled."""
    key = await customer(office, "K", tier="important")
    await put_into_force(office, **IMPORTANT)
    for message in await office.read(OutboxMessage, topic="revisits.fan_out"):
        await handle(office, message.id)
    assert len(await revisits(office, customer_id=key.id)) == 1


async def test_an_ended_plan_owes_nothing_more(office: World) -> None:
    key = await customer(office, "K", tier="important", tags=("long_term",))
    plan = await put_into_force(office, **IMPORTANT)
    await put_into_force(office, **LONG_TERM)
    await office.do(service.end_revisit_plan, EndRevisitPlan(revisit_plan_id=plan.id, reason="new policy"))
    await work_off(office)
    assert (await one(office, customer_id=key.id, state="open")).code == "long_term"
    again = EndRevisitPlan(revisit_plan_id=plan.id, reason="again")
    assert (await refused(office, service.end_revisit_plan, again)).code == "REVISIT_PLAN_ENDED"
    assert [row.state for row in await office.read(RevisitPlan, id=plan.id)] == ["ended"]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"trigger": "tier", "months": 6}, "REVISIT_RULE_INVALID"),
        ({"trigger": "tier", "tier": "important", "months": 0}, "REVISIT_RULE_INVALID"),
        ({"trigger": "area", "months": 6}, "REVISIT_RULE_INVALID"),
        ({"trigger": "manual", "channels": ("pigeon",)}, "REVISIT_CHANNEL_UNKNOWN"),
        ({"trigger": "event"}, "REVISIT_RULE_INVALID"),
        ({"trigger": "flag"}, "REVISIT_RULE_INVALID"),
        ({"trigger": "season"}, "REVISIT_RULE_INVALID"),
    ],
)
async def test_a_rule_that_can_not_be_is_refused(office: World, rule: dict[str, object], code: str) -> None:
    from aftersales.revisits.commands import OwnRevisitRule

    own = OwnRevisitRule(code="x", name="X", **rule)  # type: ignore[arg-type]
    command = OpenRevisitPlan(vertical=VERTICAL, own=own)
    assert (await refused(office, service.open_revisit_plan, command)).code == code


async def test_one_rule_is_in_force_once_and_known(office: World) -> None:
    await put_into_force(office, **IMPORTANT)
    from aftersales.revisits.commands import OwnRevisitRule

    own = OwnRevisitRule(name="again", **IMPORTANT)
    twice = await refused(office, service.open_revisit_plan, OpenRevisitPlan(vertical=VERTICAL, own=own))
    assert twice.code == "REVISIT_PLAN_EXISTS"
    unknown = await refused(office, service.open_revisit_plan, OpenRevisitPlan(vertical=VERTICAL, rule="none"))
    assert unknown.code == "REVISIT_RULE_NOT_DECLARED"
    neither = await refused(office, service.open_revisit_plan, OpenRevisitPlan(vertical=VERTICAL))
    assert neither.code == "REQUIRED"
