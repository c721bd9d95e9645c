"""Customers, contacts and sites: what is kept, what is refused."""

from datetime import date

from aftersales.journal.models import Event
from aftersales.parties import service
from aftersales.parties.commands import (
    AddContact,
    AddSite,
    ArchiveCustomer,
    ConfirmContactData,
    CreateCustomer,
    UpdateContact,
    UpdateCustomer,
    UpdateSite,
)
from aftersales.parties.models import Contact, Customer, Site
from tests.support.refusals import refused
from tests.tickets.world import World, local, member


async def test_a_customer_is_created_changed_and_told_of_in_the_journal(solar_world: World) -> None:
    created = await solar_world.do(
        service.create_customer, CreateCustomer(code="C7", name="Household H", region="110105", phone="138")
    )
    changed = await solar_world.do(
        service.update_customer, UpdateCustomer(customer_id=created.id, tier="important", phone="", expected_version=1)
    )
    [stored] = await solar_world.read(Customer, id=created.id)
    assert (stored.tier, stored.phone, stored.region, stored.version) == ("important", None, "110105", 2)
    assert changed.id == created.id
    kinds = [event.kind for event in await solar_world.read(Event, customer_id=created.id)]
    assert kinds == ["customer.created", "customer.updated"]


async def test_what_cannot_be_a_customer_is_refused(solar_world: World) -> None:
    twice = await refused(solar_world, service.create_customer, CreateCustomer(code="C1", name="Twin"))
    assert (twice.code, twice.field) == ("CUSTOMER_CODE_TAKEN", "code")
    tier = await refused(solar_world, service.create_customer, CreateCustomer(code="C8", name="X", tier="gold"))
    assert (tier.code, tier.field) == ("VALUE_UNKNOWN", "tier")
    region = await refused(solar_world, service.create_customer, CreateCustomer(code="C8", name="X", region="999999"))
    assert (region.code, region.field) == ("REGION_UNKNOWN", "region")
    blank = await refused(solar_world, service.create_customer, CreateCustomer(code="C8", name="  "))
    assert (blank.code, blank.field) == ("REQUIRED", "name")
    future = CreateCustomer(code="C8", name="X", last_paid_visit_on=date(2026, 6, 11))
    assert (await refused(solar_world, service.create_customer, future)).code == "INSTANT_IN_FUTURE"


async def test_two_people_who_change_one_customer_do_not_overwrite_each_other(solar_world: World) -> None:
    customer_id = solar_world.customer.id
    await solar_world.do(service.update_customer, UpdateCustomer(customer_id=customer_id, name="A", expected_version=1))
    stale = await refused(
        solar_world, service.update_customer, UpdateCustomer(customer_id=customer_id, name="B", expected_version=1)
    )
    assert stale.code == "VERSION_STALE"


async def test_a_second_change_in_one_unit_of_work_keeps_the_first(solar_world: World) -> None:
    customer_id = solar_world.customer.id
    async with solar_world.work() as uow:
        await service.update_customer(uow, UpdateCustomer(customer_id=customer_id, phone="1"))
        await service.update_customer(uow, UpdateCustomer(customer_id=customer_id, email="a@example.org"))
    [stored] = await solar_world.read(Customer, id=customer_id)
    assert (stored.phone, stored.email) == ("1", "a@example.org")


async def test_a_customer_with_an_open_ticket_is_not_archived(solar_world: World) -> None:
    await solar_world.open()
    error = await refused(solar_world, service.archive_customer, ArchiveCustomer(customer_id=solar_world.customer.id))
    assert error.code == "CUSTOMER_HAS_OPEN_TICKETS"


async def test_an_archived_customer_takes_nothing_new(solar_world: World) -> None:
    customer_id = solar_world.customer.id
    archived = await solar_world.do(service.archive_customer, ArchiveCustomer(customer_id=customer_id))
    assert archived.state == "archived"
    error = await refused(solar_world, service.add_site, AddSite(customer_id=customer_id, name="Late"))
    assert (error.code, error.field) == ("CUSTOMER_ARCHIVED", "customerId")


async def test_a_customers_member_may_not_manage_parties(solar_world: World) -> None:
    command = UpdateCustomer(customer_id=solar_world.customer.id, name="Mine")
    error = await refused(solar_world, service.update_customer, command, solar_world.customer_member())
    assert error.code == "FORBIDDEN"
    assert (await refused(solar_world, service.update_customer, command, member("engineer"))).code == "FORBIDDEN"


async def test_contacts_and_sites_are_added_and_changed(solar_world: World) -> None:
    customer_id = solar_world.customer.id
    contact = await solar_world.do(service.add_contact, AddContact(customer_id=customer_id, name="Ms. Sun"))
    await solar_world.do(
        service.update_contact, UpdateContact(contact_id=contact.id, may_authorise=True, position="Caretaker")
    )
    [stored] = await solar_world.read(Contact, id=contact.id)
    assert (stored.may_authorise, stored.position) == (True, "Caretaker")
    site = await solar_world.do(
        service.add_site, AddSite(customer_id=customer_id, name="Roof", region="1101", under_construction=True)
    )
    await solar_world.do(service.update_site, UpdateSite(site_id=site.id, address="Road 1"))
    [place] = await solar_world.read(Site, id=site.id)
    assert (place.state, place.address, place.region) == ("planned", "Road 1", "1101")


async def test_contact_data_are_confirmed_on_a_local_day(solar_world: World) -> None:
    solar_world.clock.move_to(local("2026-06-21 00:30"))
    await solar_world.do(
        service.confirm_contact_data, ConfirmContactData(customer_id=solar_world.customer.id, phone="139")
    )
    [stored] = await solar_world.read(Customer, id=solar_world.customer.id)
    assert (stored.contact_confirmed_on, stored.phone) == (date(2026, 6, 21), "139")
