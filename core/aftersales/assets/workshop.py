"""Arrivals at a workshop (P06-03)."""

from aftersales.access import require
from aftersales.assets import rules
from aftersales.assets.commands import CheckIn
from aftersales.assets.models import Arrival, Asset
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import happened, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import NAME_LIMIT, clean_text
from aftersales.parties.models import Customer, ServiceUnit
from aftersales.scope import TenantWork
from aftersales.tickets.models import Ticket

SYNCHRONISATION_TOPIC = "dms_sync"
"""The outbox topic that passes an arrival on to the dealer system."""


async def check_in(uow: TenantWork, command: CheckIn) -> Arrival:
    """Record an arrival, take the meter reading, confirm the contact data, and queue the dealer system's copy.

    The contact data are confirmed on the local day of the arrival. USAGE_BACKWARD, TICKET_OF_OTHER_ASSET,
    ASSET_RETIRED, VERTICAL_NOT_ENABLED.
    """
    require(uow.actor, "asset.manage")
    asset = await locked(uow, Asset, command.asset_id, command.expected_version)
    if asset.state == "retired":
        raise StateRefused("ASSET_RETIRED", field="assetId")
    uow.scope.enabled(asset.vertical)
    arrived_at = happened(uow.now, command.arrived_at, "arrivedAt")
    unit = None if command.service_unit_id is None else await uow.get(ServiceUnit, command.service_unit_id)
    if command.ticket_id is not None and (await uow.get(Ticket, command.ticket_id)).asset_id != asset.id:
        raise InvalidInput("TICKET_OF_OTHER_ASSET", field="ticketId")
    usage = asset.usage if command.usage is None else rules.next_reading(asset.usage, command.usage)
    phone = clean_text(command.phone, "phone", NAME_LIMIT)
    email = clean_text(command.email, "email", NAME_LIMIT)
    customer = await locked(uow, Customer, asset.customer_id)
    asset.usage = usage
    day = today(arrived_at, uow.scope.time_zone)
    customer.contact_confirmed_on = max(day, customer.contact_confirmed_on or day)
    customer.phone = phone or customer.phone
    customer.email = email or customer.email
    arrival = uow.add(
        Arrival(
            id=new_id(),
            asset_id=asset.id,
            service_unit_id=unit.id if unit else None,
            arrived_at=arrived_at,
            usage=usage,
            ticket_id=command.ticket_id,
        )
    )
    uow.enqueue(SYNCHRONISATION_TOPIC, {"arrival_id": str(arrival.id)})
    await journal.record(
        uow,
        "asset.arrived",
        subject_type="asset",
        subject_id=asset.id,
        ticket_id=command.ticket_id,
        asset_id=asset.id,
        customer_id=customer.id,
        data={
            "arrival_id": arrival.id,
            "number": asset.number,
            "usage": usage,
            "service_unit": unit.code if unit else None,
        },
        at=arrived_at,
        vertical=asset.vertical,
    )
    return arrival
