"""Phone, then remote, then on site, in real verticals, each try on record."""

from datetime import timedelta
from typing import Any, Literal

import pytest

from aftersales.assets.models import Asset
from aftersales.journal.models import Event
from aftersales.kit.errors import AftersalesError
from aftersales.kit.ids import new_id
from aftersales.parties.models import Contact, Customer
from aftersales.tickets import service
from aftersales.tickets.commands import (
    AuthoriseRemote,
    CloseRemoteSession,
    DecideOnSite,
    EscalateStep,
    OpenRemoteSession,
    RecordAttempt,
    RevokeAuthorisation,
)
from aftersales.tickets.models import ChannelAttempt, RemoteSession, Ticket
from aftersales.work import service as work
from aftersales.work.models import WorkOrder
from tests.tickets.world import World, local, member

Outcome = Literal["solved", "unsolved"]


async def try_phone(world: World, ticket: Ticket, outcome: Outcome = "unsolved", **more: Any) -> Ticket:
    """Ten minutes on the phone, ending now."""
    started_at = world.clock.now()
    command = RecordAttempt(
        ticket_id=ticket.id, step="phone", outcome=outcome, started_at=started_at, ended_at=world.later(minutes=10),
        **more,
    )  # fmt: skip
    found: Ticket = await world.do(service.record_attempt, command, world.engineer_member)
    return found


async def authorise(world: World, ticket: Ticket, *, hours: float = 2, **given: Any) -> Any:
    """A permission from now on."""
    given.setdefault("contact_id", world.contact.id)
    now = world.clock.now()
    until = given.pop("valid_until", None) or now + timedelta(hours=hours)
    command = AuthoriseRemote(
        ticket_id=ticket.id, purpose="look at the index", valid_from=given.pop("valid_from", now), valid_until=until,
        **given,
    )  # fmt: skip
    return await world.do(service.authorise_remote, command, world.engineer_member)


async def remote(world: World, ticket: Ticket, outcome: Outcome | None = "unsolved", **given: Any) -> RemoteSession:
    """An authorised session of 25 minutes."""
    await authorise(world, ticket)
    session = await world.do(service.open_remote_session, OpenRemoteSession(ticket_id=ticket.id), world.engineer_member)
    world.later(minutes=25)
    command = CloseRemoteSession(session_id=session.id, log="rebuilt the index", outcome=outcome, **given)
    closed: RemoteSession = await world.do(service.close_remote_session, command, world.engineer_member)
    return closed


async def refused(world: World, operation: Any, command: Any, *, as_dispatcher: bool = False) -> AftersalesError:
    """The refusal of an operation that wrote nothing."""
    before = await world.counts()
    with pytest.raises(AftersalesError) as refusal:
        await world.do(operation, command, world.dispatcher if as_dispatcher else world.engineer_member)
    assert await world.counts() == before
    return refusal.value


@pytest.mark.clause("P08-15")
async def test_what_the_phone_did_not_solve_goes_remote_and_the_history_keeps_the_phone(hospital: World) -> None:
    ticket = await hospital.open()
    await try_phone(hospital, ticket)
    ticket = await hospital.do(service.escalate_step, EscalateStep(ticket_id=ticket.id, to="remote"))
    attempts = await hospital.read(ChannelAttempt, ticket_id=ticket.id)
    assert (ticket.step, ticket.state) == ("remote", "in_progress")
    assert [(attempt.step, attempt.outcome) for attempt in attempts] == [("phone", "unsolved")]
    assert ticket.phone_failed_at == local("2026-06-10 09:10")


async def test_remote_before_the_phone_is_refused(hospital: World) -> None:
    ticket = await hospital.open()
    error = await refused(hospital, service.escalate_step, EscalateStep(ticket_id=ticket.id, to="remote"))
    assert (error.code, error.params["missing"]) == ("LADDER_STEP_REQUIRED", "phone")


async def test_the_first_call_back_acknowledges_the_ticket(hospital: World) -> None:
    ticket = await try_phone(hospital, await hospital.open())
    assert ticket.acknowledged_at == local("2026-06-10 09:00")
    assert ("acknowledged", "company") not in await hospital.due(ticket)


@pytest.mark.clause("P08-16")
async def test_a_remote_session_from_20_past_to_quarter_to_keeps_its_25_minutes(hospital: World) -> None:
    hospital.clock.move_to(local("2026-06-10 10:10"))
    ticket = await try_phone(hospital, await hospital.open())
    session = await remote(hospital, ticket, "solved")
    assert (session.started_at, session.ended_at) == (local("2026-06-10 10:20"), local("2026-06-10 10:45"))
    [closed] = [event for event in await _events(hospital, ticket) if event.kind == "remote.closed"]
    assert closed.data["minutes"] == 25


async def _events(world: World, ticket: Ticket) -> Any:
    return await world.read(Event, ticket_id=ticket.id)


@pytest.mark.clause("P08-17")
async def test_remote_control_of_a_hospital_system_leaves_a_consent_log(hospital: World) -> None:
    """Given patient data behind it, when a session is held, then who allowed it, to whom and what was done is kept."""
    ticket = await try_phone(hospital, await hospital.open())
    await remote(hospital, ticket)
    kept = {event.kind: event for event in await _events(hospital, ticket)}
    assert kept["remote.authorised"].data["granted_by"] == "Dr. Li"
    assert kept["remote.authorised"].data["purpose"] == "look at the index"
    assert kept["remote.opened"].actor == hospital.engineer_member.label
    [session] = await hospital.read(RemoteSession, ticket_id=ticket.id)
    assert session.log == "rebuilt the index"


async def test_an_asset_that_is_closed_to_remote_work_stays_closed(hospital: World) -> None:
    async with hospital.work() as uow:
        (await uow.get(Asset, hospital.asset.id)).remote_allowed = False
    ticket = await try_phone(hospital, await hospital.open())
    before = await hospital.counts()
    with pytest.raises(AftersalesError) as refusal:
        await authorise(hospital, ticket)
    assert refusal.value.code == "REMOTE_NOT_ALLOWED"
    assert await hospital.counts() == before


@pytest.mark.clause("P08-19")
async def test_on_site_without_remote_is_refused_unless_a_dispatcher_says_why(hospital: World) -> None:
    ticket = await try_phone(hospital, await hospital.open())
    error = await refused(hospital, service.decide_on_site, DecideOnSite(ticket_id=ticket.id))
    assert (error.code, error.params["missing"]) == ("LADDER_STEP_REQUIRED", "remote")
    by_engineer = DecideOnSite(ticket_id=ticket.id, override_reason="no network")
    assert (await refused(hospital, service.decide_on_site, by_engineer)).code == "OVERRIDE_FORBIDDEN"
    ticket = await hospital.do(service.decide_on_site, by_engineer, hospital.dispatcher)
    assert ticket.step == "on_site"
    attempts = await hospital.read(ChannelAttempt, ticket_id=ticket.id)
    assert [(row.step, row.outcome, row.override_reason) for row in attempts] == [
        ("phone", "unsolved", None),
        ("remote", "skipped", "no network"),
    ]


@pytest.mark.clause("P08-19")
async def test_no_visit_is_planned_around_the_ladder(hospital: World) -> None:
    """Given a work order that nobody decided on a visit for, when a visit is planned, then it is refused."""
    ticket = await hospital.open()
    order = await hospital.do(work.create_work_order, work.CreateWorkOrder(ticket_id=ticket.id))
    visit = work.PlanAppointment(
        work_order_id=order.id, engineer_id=hospital.engineer.id, window_start=local("2026-06-10 14:00"),
        window_end=local("2026-06-10 16:00"),
    )  # fmt: skip
    error = await refused(hospital, work.plan_appointment, visit, as_dispatcher=True)
    assert error.code == "LADDER_STEP_REQUIRED"
    await try_phone(hospital, ticket)
    await hospital.do(service.decide_on_site, DecideOnSite(ticket_id=ticket.id, override_reason="no network"))
    planned = await hospital.do(work.plan_appointment, visit)
    assert planned.state == "planned"


@pytest.mark.clause("P08-20")
@pytest.mark.parametrize(
    ("region", "due"),
    [
        ("110000", "2026-06-10 12:00"),
        ("131000", "2026-06-10 22:00"),
        ("510100", "2026-06-12 10:00"),
    ],
    ids=["Beijing", "Langfang", "Chengdu"],
)
async def test_the_region_decides_how_soon_somebody_is_on_site(hospital: World, region: str, due: str) -> None:
    """Given phone and remote failed, when on-site is decided at 10:00, then Beijing 2 h, around it 12 h, else 48 h."""
    ticket = await try_phone(hospital, await hospital.open(region=region))
    await remote(hospital, ticket)
    hospital.clock.move_to(local("2026-06-10 10:00"))
    ticket = await hospital.do(service.escalate_step, EscalateStep(ticket_id=ticket.id, to="on_site"))
    assert (await hospital.due(ticket))["on_site", "company"] == local(due)
    assert (ticket.reported_at, ticket.on_site_decided_at) == (local("2026-06-10 09:00"), local("2026-06-10 10:00"))


@pytest.mark.clause("P10-24")
async def test_an_engineer_needed_on_site_is_ordered_at_once_and_due_in_48_hours(projects: World) -> None:
    ticket = await projects.open(facts={"partial_degradation": True})
    ticket = await try_phone(projects, ticket, needs_on_site=True, notes="needs a look")
    [order] = await projects.read(WorkOrder, ticket_id=ticket.id)
    assert (ticket.step, order.state) == ("on_site", "open")
    assert (await projects.due(ticket))["on_site", "company"] == local("2026-06-12 09:10")


@pytest.mark.clause("P10-27")
async def test_an_ordinary_fault_that_the_user_cannot_fix_by_phone_gets_a_visit(projects: World) -> None:
    ticket = await projects.open(facts={"intermittent_or_indirect": True})
    error = await refused(projects, service.decide_on_site, DecideOnSite(ticket_id=ticket.id))
    assert (error.code, error.params["missing"]) == ("LADDER_STEP_REQUIRED", "phone")
    ticket = await try_phone(projects, ticket, needs_on_site=True, notes="user cannot fix it")
    assert len(await projects.read(WorkOrder, ticket_id=ticket.id)) == 1


@pytest.mark.clause("P10-20")
async def test_the_call_back_is_due_within_our_default_of_five_minutes(projects: World) -> None:
    ticket = await projects.open(facts={"partial_degradation": True}, channel="web")
    assert (await projects.due(ticket))["acknowledged", "company"] == local("2026-06-10 09:05")
    ticket = await try_phone(projects, ticket, outcome="solved")
    assert ticket.acknowledged_at == local("2026-06-10 09:00")


@pytest.mark.clause("P10-30")
async def test_when_the_phone_fails_an_engineer_is_on_site_within_48_hours(projects: World) -> None:
    projects.clock.move_to(local("2026-06-11 14:50"))
    ticket = await try_phone(projects, await projects.open(facts={"partial_degradation": True}))
    assert (await projects.due(ticket))["on_site", "company"] == local("2026-06-13 15:00")


# --- remote authorisation -----------------------------------------------------------------------------------


@pytest.mark.clause("P10-21")
async def test_a_session_without_before_or_after_the_authorisation_is_refused(projects: World) -> None:
    """Given a permission for 10:00 to 12:00, when a session opens at 9:59 or 12:01, then it is refused."""
    projects.clock.move_to(local("2026-06-10 09:40"))
    ticket = await try_phone(projects, await projects.open(facts={"partial_degradation": True}))
    opening = OpenRemoteSession(ticket_id=ticket.id)
    assert (await refused(projects, service.open_remote_session, opening)).code == "AUTHORISATION_REQUIRED"
    await authorise(projects, ticket, valid_from=local("2026-06-10 10:00"), valid_until=local("2026-06-10 12:00"))
    projects.clock.move_to(local("2026-06-10 09:59"))
    assert (await refused(projects, service.open_remote_session, opening)).code == "AUTHORISATION_NOT_YET_VALID"
    projects.clock.move_to(local("2026-06-10 12:01"))
    assert (await refused(projects, service.open_remote_session, opening)).code == "AUTHORISATION_EXPIRED"
    projects.clock.move_to(local("2026-06-10 12:00"))
    session = await projects.do(service.open_remote_session, opening, projects.engineer_member)
    assert session.started_at == local("2026-06-10 12:00")


async def test_a_revoked_permission_opens_nothing(projects: World) -> None:
    ticket = await try_phone(projects, await projects.open(facts={"partial_degradation": True}))
    granted = await authorise(projects, ticket)
    customer = projects.customer_member()
    await projects.do(service.revoke_authorisation, RevokeAuthorisation(authorisation_id=granted.id), customer)
    error = await refused(projects, service.open_remote_session, OpenRemoteSession(ticket_id=ticket.id))
    assert error.code == "AUTHORISATION_REVOKED"


async def test_only_who_may_authorise_does(projects: World) -> None:
    ticket = await try_phone(projects, await projects.open(facts={"partial_degradation": True}))
    porter = Contact(id=new_id(), customer_id=projects.customer.id, name="Porter")
    other = Customer(id=new_id(), code="C2", name="Other", created_at=projects.clock.now())
    outsider = Contact(id=new_id(), customer_id=other.id, name="Outsider", may_authorise=True)
    await projects.add(porter, other, outsider)
    before = await projects.counts()
    for given, code in (
        ({"contact_id": porter.id}, "AUTHORISATION_CONTACT_REFUSED"),
        ({"contact_id": outsider.id}, "NOT_FOUND"),
        ({"contact_id": None}, "REQUIRED"),
        ({"valid_until": local("2026-06-10 09:10")}, "PERIOD_INVERTED"),
        (
            {"valid_from": local("2026-06-09 09:00"), "valid_until": local("2026-06-09 10:00")},
            "AUTHORISATION_EXPIRED",
        ),
    ):
        with pytest.raises(AftersalesError) as refusal:
            await authorise(projects, ticket, **given)
        assert refusal.value.code == code
    assert await projects.counts() == before
    named = await authorise(projects, ticket, contact_id=None, granted_by="Head of IT")
    assert named.granted_by == "Head of IT"


@pytest.mark.clause("P10-22")
async def test_changed_code_is_not_closed_without_its_change_record(projects: World) -> None:
    ticket = await try_phone(projects, await projects.open(facts={"partial_degradation": True}))
    await authorise(projects, ticket)
    opening = OpenRemoteSession(ticket_id=ticket.id)
    session = await projects.do(service.open_remote_session, opening, projects.engineer_member)
    projects.later(minutes=25)
    closing = CloseRemoteSession(session_id=session.id, log="patched", outcome="solved", code_changed=True)
    error = await refused(projects, service.close_remote_session, closing)
    assert (error.code, error.field) == ("CHANGE_RECORD_REQUIRED", "changeRecord")
    with_record = CloseRemoteSession(
        session_id=session.id, log="patched", outcome="solved", code_changed=True, change_record="report 7: rounding"
    )
    closed = await projects.do(service.close_remote_session, with_record, projects.engineer_member)
    assert closed.change_record == "report 7: rounding"
    assert (await refused(projects, service.close_remote_session, with_record)).code == "REMOTE_SESSION_CLOSED"


@pytest.mark.clause("P10-23")
async def test_an_authorised_health_check_keeps_what_it_found(projects: World) -> None:
    """Given a maintenance ticket, when a permitted session checks the system, then its findings are on record."""
    ticket = await projects.open(kind="maintenance", title="Health check", work_type="health_check")
    session = await remote(projects, ticket, None, findings="the disk is full in three months")
    assert session.findings == "the disk is full in three months"
    assert await projects.read(ChannelAttempt, ticket_id=ticket.id) == []


async def test_a_remote_try_without_a_session_is_refused(hospital: World) -> None:
    ticket = await try_phone(hospital, await hospital.open())
    now = hospital.clock.now()
    command = RecordAttempt(ticket_id=ticket.id, step="remote", outcome="unsolved", started_at=now, ended_at=now)
    assert (await refused(hospital, service.record_attempt, command)).code == "AUTHORISATION_REQUIRED"


async def test_impossible_times_of_a_try_are_refused(hospital: World) -> None:
    ticket = await hospital.open()
    hospital.later(hours=1)
    for start, end, code in (
        ("2026-06-10 09:30", "2026-06-10 09:20", "PERIOD_INVERTED"),
        ("2026-06-10 08:30", "2026-06-10 09:20", "PERIOD_INVERTED"),
        ("2026-06-10 09:30", "2026-06-10 10:01", "INSTANT_IN_FUTURE"),
    ):
        command = RecordAttempt(
            ticket_id=ticket.id, step="phone", outcome="unsolved", started_at=local(start), ended_at=local(end)
        )
        assert (await refused(hospital, service.record_attempt, command)).code == code


async def test_customers_do_not_work_on_tickets(hospital: World) -> None:
    ticket = await hospital.open()
    with pytest.raises(AftersalesError) as refusal:
        await hospital.do(service.decide_on_site, DecideOnSite(ticket_id=ticket.id), hospital.customer_member())
    assert refusal.value.code == "FORBIDDEN"
    stranger = member("dealer", dealer_id=new_id())
    with pytest.raises(AftersalesError) as hidden:
        await hospital.do(service.decide_on_site, DecideOnSite(ticket_id=ticket.id), stranger)
    assert hidden.value.code == "NOT_FOUND"
