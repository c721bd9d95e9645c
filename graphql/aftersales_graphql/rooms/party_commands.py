"""What is done with customers, their sites, and the service organisation."""

from aftersales.calendars import service as calendars
from aftersales.parties import service, units
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.commands import command
from aftersales_graphql.rooms.organisation import BusinessCalendar
from aftersales_graphql.rooms.parties import Contact, Customer, ServiceUnit, Site, WarrantyCard


@root
class PartyMutations:
    create_customer = command(service.create_customer, returns=Customer)
    update_customer = command(service.update_customer, returns=Customer)
    archive_customer = command(service.archive_customer, returns=Customer)
    confirm_contact_data = command(service.confirm_contact_data, returns=Customer)
    add_contact = command(service.add_contact, returns=Contact)
    update_contact = command(service.update_contact, returns=Contact)
    add_site = command(service.add_site, returns=Site)
    update_site = command(service.update_site, returns=Site)
    issue_warranty_card = command(service.issue_warranty_card, returns=WarrantyCard)
    create_service_unit = command(units.create_service_unit, returns=ServiceUnit)
    update_service_unit = command(units.update_service_unit, returns=ServiceUnit)
    save_calendar = command(calendars.save_calendar, returns=BusinessCalendar, under="calendar")
