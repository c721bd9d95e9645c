"""What the notices room reads."""

from uuid import UUID

from sqlalchemy import ARRAY, Text, bindparam, func, select

from aftersales.assets.models import Asset
from aftersales.notices.models import Notice, WebhookDelivery, WebhookEndpoint
from aftersales.notices.rules import About, wants
from aftersales.scope import TenantWork
from aftersales.tickets.models import Ticket
from aftersales.work.models import Engineer

_notices = Notice.__table__
_endpoints = WebhookEndpoint.__table__
_deliveries = WebhookDelivery.__table__
_tickets = Ticket.__table__
_engineers = Engineer.__table__
_assets = Asset.__table__

_WRITTEN = select(_notices.c.dedupe_key).where(
    _notices.c.tenant_id == bindparam("tenant_id"),
    _notices.c.dedupe_key == func.any(bindparam("keys", type_=ARRAY(Text))),
)
_ACTIVE_ENDPOINTS = (
    select(_endpoints)
    .where(_endpoints.c.tenant_id == bindparam("tenant_id"), _endpoints.c.active)
    .order_by(_endpoints.c.id)
)
_ADDRESSED = select(_deliveries.c.endpoint_id).where(
    _deliveries.c.tenant_id == bindparam("tenant_id"), _deliveries.c.message_id == bindparam("message_id")
)
_ABOUT_TICKET = (
    select(
        _tickets.c.number,
        _tickets.c.title,
        _tickets.c.customer_id,
        _tickets.c.service_unit_id,
        _engineers.c.member_id.label("engineer_member_id"),
    )
    .select_from(
        _tickets.outerjoin(
            _engineers,
            (_engineers.c.tenant_id == _tickets.c.tenant_id) & (_engineers.c.id == _tickets.c.engineer_id),
        )
    )
    .where(_tickets.c.tenant_id == bindparam("tenant_id"), _tickets.c.id == bindparam("ticket_id"))
)
_ABOUT_ASSET = select(_assets.c.number, _assets.c.name).where(
    _assets.c.tenant_id == bindparam("tenant_id"), _assets.c.id == bindparam("asset_id")
)


async def written_keys(uow: TenantWork, keys: list[str]) -> set[str]:
    """Those of the dedupe keys for which a notice exists."""
    return {record["dedupe_key"] for record in await uow.fetch(_WRITTEN, keys=keys)}


async def endpoints_for(uow: TenantWork, kind: str) -> list[WebhookEndpoint]:
    """The tenant's active endpoints that want this kind of event."""
    active = await uow.entities(WebhookEndpoint, _ACTIVE_ENDPOINTS)
    return [endpoint for endpoint in active if wants(endpoint.event_kinds, kind)]


async def addressed_endpoints(uow: TenantWork, message_id: str) -> set[UUID]:
    """The endpoints that have a delivery of this message already."""
    return {record["endpoint_id"] for record in await uow.fetch(_ADDRESSED, message_id=message_id)}


async def about_ticket(uow: TenantWork, ticket_id: UUID) -> tuple[str, str, About]:
    """Number, title and what narrows the audience; blank when the ticket is gone."""
    record = await uow.fetch_one(_ABOUT_TICKET, ticket_id=ticket_id)
    if record is None:
        return "", "", About()
    about = About(
        customer_id=record["customer_id"],
        service_unit_id=record["service_unit_id"],
        engineer_member_id=record["engineer_member_id"],
    )
    return record["number"], record["title"], about


async def asset_name(uow: TenantWork, asset_id: UUID) -> tuple[str, str]:
    """Number and name of an asset; blank when it is gone."""
    record = await uow.fetch_one(_ABOUT_ASSET, asset_id=asset_id)
    return (record["number"], record["name"]) if record is not None else ("", "")
