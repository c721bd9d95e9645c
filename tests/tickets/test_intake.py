"""Opening a ticket: what is taken in, what is refused, where it goes."""

from typing import Any

import pytest

from aftersales.assets.models import Asset
from aftersales.contracts.models import ContractLine, ServiceContract
from aftersales.journal.service import asset_archive
from aftersales.kit.errors import AftersalesError, NotFound
from aftersales.kit.ids import new_id
from aftersales.parties.models import Contact, Customer, ServiceUnit, Site
from aftersales.tickets import service
from aftersales.tickets.commands import CallDetails, OpenTicket, Resolve, StartWork
from aftersales.tickets.models import CallRecord, Ticket
from aftersales_tenants.commands import DisableVertical
from tests.tickets.world import CALL, World, local, member


async def refused(world: World, **given: Any) -> AftersalesError:
    """The refusal of an opening, after making sure that it wrote nothing."""
    before = await world.counts()
    with pytest.raises(AftersalesError) as refusal:
        await world.open(**given)
    assert await world.counts() == before
    assert refusal.value.message("zh-CN") != refusal.value.message("en")
    return refusal.value


@pytest.mark.clause("P08-10", "P08-11")
async def test_a_call_is_kept_with_who_answered_and_who_answered_owns_the_ticket(hospital: World) -> None:
    technician = new_id()
    call = CallDetails(handler_name="Chen", handler_member_id=technician, caller="Dr. Li", notes="Slow since 8.")
    ticket = await hospital.open(call=call, reported_at=local("2026-06-10 08:55"))
    [record] = await hospital.read(CallRecord, ticket_id=ticket.id)
    assert (ticket.channel, ticket.owner_member_id) == ("phone", technician)
    assert (record.handler_name, record.caller, record.notes) == ("Chen", "Dr. Li", "Slow since 8.")


@pytest.mark.clause("P08-11")
async def test_a_phone_ticket_without_its_call_record_is_refused(hospital: World) -> None:
    error = await refused(hospital, call=None)
    assert (error.code, error.field) == ("CALL_RECORD_REQUIRED", "call")


@pytest.mark.clause("P08-18")
@pytest.mark.parametrize("channel", ["email", "web"])
async def test_mail_and_web_are_channels_as_well(hospital: World, channel: str) -> None:
    ticket = await hospital.open(channel=channel)
    assert (ticket.channel, ticket.owner_member_id) == (channel, None)


@pytest.mark.clause("P10-13")
async def test_advice_is_a_kind_of_request(projects: World) -> None:
    ticket = await projects.open(kind="advice", title="Which server should we buy?")
    assert (ticket.kind, ticket.queue) == ("advice", "technicians")


@pytest.mark.clause("P06-25")
async def test_an_inquiry_names_its_campaign(workshop: World) -> None:
    campaign = workshop.scope.vertical("auto_4s").campaign_offers[0].campaign
    ticket = await workshop.open(kind="question", title="What is offer 2?", campaign=campaign)
    assert ticket.campaign == campaign
    error = await refused(workshop, kind="question", campaign="winter_of_1999")
    assert (error.code, error.field) == ("CAMPAIGN_UNKNOWN", "campaign")


@pytest.mark.clause("P10-08")
async def test_error_and_module_codes_stand_in_the_registry(projects: World) -> None:
    ticket = await projects.open(error_code="E-1001", module_code="COST")
    assert (ticket.error_code, ticket.module_code) == ("E-1001", "COST")
    error = await refused(projects, error_code="E-1203", module_code="COST")
    assert (error.code, error.field) == ("CODE_UNKNOWN", "errorCode")
    assert (await refused(projects, module_code="PAYROLL")).field == "moduleCode"


@pytest.mark.clause("P10-28")
@pytest.mark.parametrize(
    ("when", "queue"),
    [
        ("2026-05-08 16:59", "desk"),
        ("2026-05-08 17:00", "on_call"),
        ("2026-10-05 10:00", "on_call"),
        ("2026-05-08 08:30", "desk"),
        ("2026-05-08 08:29", "on_call"),
    ],
)
async def test_the_phone_desk_answers_within_its_hours(projects: World, when: str, queue: str) -> None:
    projects.clock.move_to(local(when))
    assert (await projects.open()).queue == queue


@pytest.mark.clause("P10-29")
async def test_on_a_sunday_evening_the_call_goes_to_the_on_call_mobile(projects: World) -> None:
    projects.clock.move_to(local("2026-06-14 20:00"))
    ticket = await projects.open()
    assert (ticket.queue, ticket.queue_contact) == ("on_call", "139-0000-1001")


@pytest.mark.clause("P09-08")
async def test_the_lines_are_open_at_three_in_the_morning_of_the_national_day(solar: World) -> None:
    solar.clock.move_to(local("2026-10-01 03:00"))
    ticket = await solar.open(kind="question", title="May I drain the tank?")
    assert ticket.queue == "customer_service_centre"
    assert ticket.queue_contact == "400-800-2000"


async def test_the_nearest_unit_of_the_region_serves(solar: World) -> None:
    agent = ServiceUnit(id=new_id(), code="BJ", name="Beijing agent", kind="agent", level=1, regions=["1101"])
    wide = ServiceUnit(id=new_id(), code="N", name="North", kind="office", level=2, regions=["11", "12"])
    await solar.add(agent, wide)
    assert (await solar.open(region="110105")).service_unit_id == agent.id
    assert (await solar.open(region="120000")).service_unit_id == wide.id
    assert (await solar.open(region="510000")).service_unit_id is None


async def test_numbers_count_per_year_of_the_tenants_zone(hospital: World) -> None:
    hospital.clock.move_to(local("2026-12-31 23:59"))
    first, second = await hospital.open(), await hospital.open()
    hospital.clock.move_to(local("2027-01-01 00:00"))
    third = await hospital.open()
    assert [ticket.number for ticket in (first, second, third)] == ["T-2026-000001", "T-2026-000002", "T-2027-000001"]


async def test_the_region_is_the_given_one_else_the_sites_else_the_customers(hospital: World) -> None:
    given = await hospital.open(region="131000")
    from_site = await hospital.open()
    other = Customer(id=new_id(), code="C9", name="Clinic", region="51", created_at=hospital.clock.now())
    await hospital.add(other)
    from_customer = await hospital.open(customer_id=other.id, asset_id=None, vertical="software_his")
    assert (given.region, given.region_class) == ("131000", "around_beijing")
    assert (from_site.region, from_site.region_class) == ("110000", "beijing")
    assert (from_customer.region, from_customer.region_class) == ("51", "elsewhere")


async def test_the_contract_in_force_is_found_by_the_asset_and_its_targets_win(hospital: World) -> None:
    contract = ServiceContract(
        id=new_id(), number="K1", title="Gold", vertical="software_his", customer_id=hospital.customer.id,
        starts_on=local("2026-01-01 00:00").date(), playbook_key="k", created_at=hospital.clock.now(),
        terms={"targets": [{
            "code": "gold_feedback", "label": {"zh": "金牌", "en": "Gold"}, "clause": "§ 4", "source": "contract",
            "milestone": "acknowledged", "budget": {"amount": 10, "unit": "minute"},
        }]},
    )  # fmt: skip
    await hospital.add(contract, ContractLine(id=new_id(), contract_id=contract.id, asset_id=hospital.asset.id))
    ticket = await hospital.open()
    assert ticket.contract_id == contract.id
    assert (await hospital.due(ticket))["acknowledged", "company"] == local("2026-06-10 09:10")


async def test_opening_tells_the_journal_and_the_outbox(hospital: World) -> None:
    ticket = await hospital.open()
    assert await hospital.events(ticket) == ["ticket.opened", "ticket.graded"]
    assert [message["kind"] for message in await hospital.outbox("event")] == ["ticket.opened", "ticket.graded"]
    assert ticket.next_due_at == local("2026-06-10 10:00")


async def test_opening_takes_few_statements(hospital: World) -> None:
    """However much a request refers to: who and what, contract, serving unit, number, and one write for all."""
    statements: list[str] = []
    command = OpenTicket(
        kind="fault", channel="phone", title="x", customer_id=hospital.customer.id, asset_id=hospital.asset.id,
        contact_id=hospital.contact.id, call=CALL,
    )  # fmt: skip
    async with hospital.work() as uow:
        with uow.connection.query_logger(lambda record: statements.append(record.query)):
            await service.open_ticket(uow, command)
            await uow.flush()
    assert len(statements) == 5


async def test_the_archive_of_an_asset_tells_everything_in_order(hospital: World) -> None:
    first, second = await hospital.open(), await hospital.open(title="Again")
    async with hospital.work() as uow:
        archive = await asset_archive(uow, hospital.asset.id)
        rest = await asset_archive(uow, hospital.asset.id, after=archive[0].id, first=1)
    assert [event.ticket_id for event in archive] == [first.id, first.id, second.id, second.id]
    assert [event.id for event in rest] == [archive[1].id]


async def test_the_archive_of_somebody_elses_asset_does_not_exist(hospital: World) -> None:
    stranger = member("customer", customer_id=new_id())
    async with hospital.work(stranger) as uow:
        with pytest.raises(NotFound):
            await asset_archive(uow, hospital.asset.id)


# --- the same key, asked twice ---------------------------------------------------------------------------------


async def test_the_same_key_with_the_same_input_opens_one_ticket(hospital: World) -> None:
    first = await hospital.open(idempotency_key="call-77")
    before = await hospital.counts()
    again = await hospital.open(idempotency_key="call-77")
    assert again.id == first.id
    assert await hospital.counts() == before


async def test_the_same_key_with_other_input_is_refused(hospital: World) -> None:
    await hospital.open(idempotency_key="call-77")
    error = await refused(hospital, idempotency_key="call-77", title="Something else")
    assert (error.code, error.field) == ("IDEMPOTENCY_KEY_REUSED", "idempotencyKey")


# --- bad input ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"kind": "wish"}, "KIND_UNKNOWN", "kind"),
        ({"channel": "pigeon"}, "CHANNEL_UNKNOWN", "channel"),
        ({"title": "x" * 301}, "TEXT_TOO_LONG", "title"),
        ({"title": "  "}, "REQUIRED", "title"),
        ({"description": "x" * 20_001}, "TEXT_TOO_LONG", "description"),
        ({"title": "bell\u0007"}, "TEXT_INVALID", "title"),
        ({"region": "999999"}, "REGION_UNKNOWN", "region"),
        ({"region": "Chengdu"}, "REGION_UNKNOWN", "region"),
        ({"grade": "fatal"}, "GRADE_UNKNOWN", "grade"),
        ({"facts": {"is_complex": "very"}}, "FACTS_INVALID", "facts.is_complex"),
        ({"facts": {"colour": "red"}}, "FACTS_INVALID", "facts.colour"),
        ({"component": "engine"}, "COMPONENT_UNKNOWN", "component"),
        ({"component": "database", "asset_id": None, "vertical": "software_his"}, "COMPONENT_NEEDS_ASSET", "component"),
        ({"work_type": "magic"}, "WORK_TYPE_UNKNOWN", "workType"),
        ({"campaign": "summer"}, "CAMPAIGN_UNKNOWN", "campaign"),
        ({"vertical": "solar"}, "VERTICAL_NOT_ENABLED", "vertical"),
        ({"reported_at": local("2026-06-10 09:01")}, "INSTANT_IN_FUTURE", "reportedAt"),
        ({"reported_at": local("2026-06-10 08:00").replace(tzinfo=None)}, "INSTANT_NAIVE", "reportedAt"),
        ({"crashed_at": local("2026-06-11 08:00")}, "INSTANT_IN_FUTURE", "crashedAt"),
        ({"reported_at": local("1999-12-31 23:59")}, "INSTANT_IMPOSSIBLE", "reportedAt"),
        ({"crashed_at": local("0001-01-02 00:00")}, "INSTANT_IMPOSSIBLE", "crashedAt"),
        ({"emergency": True}, "EMERGENCY_REASON_REQUIRED", "emergencyReason"),
        ({"idempotency_key": "k" * 201}, "TEXT_TOO_LONG", "idempotencyKey"),
        ({"customer_id": new_id()}, "NOT_FOUND", "customerId"),
        ({"asset_id": new_id()}, "NOT_FOUND", "assetId"),
        ({"site_id": new_id()}, "NOT_FOUND", "siteId"),
        ({"contact_id": new_id()}, "NOT_FOUND", "contactId"),
        ({"contract_id": new_id()}, "NOT_FOUND", "contractId"),
        ({"parent_ticket_id": new_id()}, "NOT_FOUND", "parentTicketId"),
        ({"service_unit_id": new_id()}, "NOT_FOUND", "serviceUnitId"),
        ({"call": CallDetails(handler_name="", caller="Li", notes="x")}, "REQUIRED", "call.handlerName"),
    ],
)
async def test_bad_input_names_its_field_and_writes_nothing(
    hospital: World, given: dict[str, Any], code: str, field: str
) -> None:
    error = await refused(hospital, **given)
    assert (error.code, error.field) == (code, field)


async def test_what_belongs_to_another_customer_does_not_exist(hospital: World) -> None:
    other = Customer(id=new_id(), code="C2", name="Other", created_at=hospital.clock.now())
    site = Site(id=new_id(), customer_id=other.id, name="Elsewhere")
    contact = Contact(id=new_id(), customer_id=other.id, name="Somebody")
    asset = Asset(
        id=new_id(), number="A2", name="Other", vertical="software_his", asset_type="hospital_information_system",
        customer_id=other.id, created_at=hospital.clock.now(),
    )  # fmt: skip
    await hospital.add(other, site, contact, asset)
    for given in ({"asset_id": asset.id}, {"site_id": site.id}, {"contact_id": contact.id}):
        assert (await refused(hospital, **given)).code == "NOT_FOUND"


async def test_archived_customers_and_retired_assets_take_nothing_in(hospital: World) -> None:
    async with hospital.work() as uow:
        (await uow.get(Asset, hospital.asset.id)).state = "retired"
    assert (await refused(hospital)).code == "ASSET_RETIRED"
    async with hospital.work() as uow:
        (await uow.get(Customer, hospital.customer.id)).state = "archived"
    assert (await refused(hospital)).code == "CUSTOMER_ARCHIVED"


async def test_a_contract_that_has_not_begun_is_refused_and_one_that_is_over_is_billed(hospital: World) -> None:
    def contract(number: str, first: str, last: str) -> ServiceContract:
        return ServiceContract(
            id=new_id(), number=number, title="Care", vertical="software_his", customer_id=hospital.customer.id,
            starts_on=local(f"{first} 00:00").date(), ends_on=local(f"{last} 00:00").date(), playbook_key="k",
            created_at=hospital.clock.now(),
        )  # fmt: skip

    over, future = contract("K1", "2025-01-01", "2026-06-09"), contract("K2", "2026-06-11", "2027-06-10")
    last_day = contract("K3", "2025-01-01", "2026-06-10")
    await hospital.add(over, future, last_day)
    assert (await refused(hospital, contract_id=future.id)).code == "CONTRACT_NOT_IN_FORCE"
    assert (await hospital.open(contract_id=over.id)).billable
    assert not (await hospital.open(contract_id=last_day.id)).billable


async def test_customers_open_for_themselves_and_dealers_for_their_unit(hospital: World) -> None:
    unit = ServiceUnit(id=new_id(), code="D1", name="Dealer", kind="dealer")
    await hospital.add(unit)
    dealer = member("dealer", dealer_id=unit.id)
    own = await hospital.open(hospital.customer_member(), channel="web")
    with pytest.raises(NotFound) as unknown:
        await hospital.open(dealer, channel="web")
    assert unknown.value.field == "customerId"
    await hospital.open(service_unit_id=unit.id)
    given = await hospital.open(dealer, channel="web")
    assert own.customer_id == hospital.customer.id
    assert given.service_unit_id == unit.id
    stranger = member("customer", customer_id=new_id())
    for actor, asked in (
        (stranger, {}),
        (dealer, {"service_unit_id": hospital.headquarters.id}),
    ):
        with pytest.raises(NotFound):
            await hospital.open(actor, channel="web", **asked)


async def test_finance_opens_no_tickets_and_customers_set_no_grade(hospital: World) -> None:
    before = await hospital.counts()
    for actor, given in ((member("finance"), {}), (hospital.customer_member(), {"grade": "complex"})):
        with pytest.raises(AftersalesError) as refusal:
            await hospital.open(actor, channel="web", **given)
        assert refusal.value.code == "FORBIDDEN"
    assert await hospital.counts() == before


async def test_a_disabled_vertical_refuses_new_tickets(hospital: World) -> None:
    command = OpenTicket(
        kind="fault", channel="phone", title="x", customer_id=hospital.customer.id, vertical="auto_4s", call=CALL
    )
    before = await hospital.counts()
    with pytest.raises(AftersalesError) as refusal:
        await hospital.do(service.open_ticket, command)
    assert refusal.value.code == "VERTICAL_NOT_ENABLED"
    assert await hospital.counts() == before
    assert await hospital.read(Ticket) == []


async def test_a_disabled_vertical_refuses_new_tickets_and_lets_open_ones_be_finished(hospital: World) -> None:
    """Disabling keeps the data and refuses new use; a promise that was made is still kept."""
    ticket = await hospital.open()
    await hospital.tenant.platform.registry.disable_vertical(
        DisableVertical(slug=hospital.tenant.slug, vertical="software_his")
    )

    with pytest.raises(AftersalesError) as refusal:
        await hospital.open()
    assert refusal.value.code == "VERTICAL_NOT_ENABLED"
    await hospital.do(service.start_work, StartWork(ticket_id=ticket.id))
    resolved = await hospital.do(service.resolve, Resolve(ticket_id=ticket.id, cause="toner", measures="new toner"))

    assert resolved.state == "resolved"
