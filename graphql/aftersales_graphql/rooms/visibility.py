"""Who sees which rows: staff see the whole tenant, customers their own, dealers what was given to their unit."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, false, literal_column, or_, select

from aftersales.assets.models import Asset
from aftersales.tickets.models import Ticket
from aftersales.work.models import ServiceAppointment
from aftersales_graphql.machine.declare import Columns, Viewer, Visible

_tickets: Any = Ticket.__table__
_assets: Any = Asset.__table__
_visits: Any = ServiceAppointment.__table__


def own_or_given(customer: str | None = "customer_id", unit: str | None = None) -> Visible:
    """Customers see rows whose `customer` column is theirs, dealers those whose `unit` column is theirs."""

    def visible(row: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
        if viewer.is_customer:
            return row[customer] == viewer.customer_id if customer else false()
        if viewer.is_dealer:
            return row[unit] == viewer.dealer_id if unit else false()
        return None

    return visible


def staff_only(row: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
    """Nobody outside the company sees these rows."""
    return false() if viewer.is_customer or viewer.is_dealer else None


def only(*roles: str) -> Visible:
    """Nobody without one of these roles sees the rows."""
    return lambda row, viewer: None if viewer.has(*roles) else false()


def _any(source: Any, condition: Any) -> ColumnElement[bool]:
    """Whether some row of the source fits; the source is named even where the condition can't be true."""
    return select(literal_column("1")).select_from(source).where(condition).exists()


def through(parent: Any, key: str, condition: Callable[[Any, Viewer], Any]) -> Visible:
    """A row is seen when the row that its `key` names is seen."""

    def visible(row: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
        if not (viewer.is_customer or viewer.is_dealer):
            return None
        table = parent.alias()
        return _any(
            table,
            and_(table.c.tenant_id == row["tenant_id"], table.c.id == row[key], condition(table.c, viewer)),
        )

    return visible


ticket_seen: Any = own_or_given("customer_id", "service_unit_id")
asset_seen = own_or_given("customer_id")


def ticket_given(row: Columns, viewer: Viewer) -> ColumnElement[bool]:
    """Whether the dealer's unit has the ticket that a row names."""
    ticket = _tickets.alias()
    return _any(
        ticket,
        and_(
            ticket.c.tenant_id == row["tenant_id"],
            ticket.c.id == row["ticket_id"],
            ticket.c.service_unit_id == viewer.dealer_id,
        ),
    )


through_ticket = through(_tickets, "ticket_id", ticket_seen)
through_asset = through(_assets, "asset_id", asset_seen)


def own_or_on_ticket(customer: str, key: str) -> Visible:
    """Customers see rows whose `customer` is theirs, dealers those that a ticket of their unit names as `key`."""

    def visible(row: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
        if viewer.is_dealer and not viewer.is_customer:
            ticket = _tickets.alias()
            return _any(
                ticket,
                and_(
                    ticket.c.tenant_id == row["tenant_id"],
                    ticket.c[key] == row["id"],
                    ticket.c.service_unit_id == viewer.dealer_id,
                ),
            )
        return own_or_given(customer)(row, viewer)

    return visible


def engineer_seen(row: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
    """Staff see every engineer; customers and dealers those who work, or are sent, on a ticket that they see."""
    if not (viewer.is_customer or viewer.is_dealer):
        return None
    ticket, visited, visit = _tickets.alias(), _tickets.alias(), _visits.alias()
    visits = visit.join(visited, and_(visited.c.tenant_id == visit.c.tenant_id, visited.c.id == visit.c.ticket_id))
    return or_(
        _any(
            ticket,
            and_(
                ticket.c.tenant_id == row["tenant_id"],
                ticket.c.engineer_id == row["id"],
                ticket_seen(ticket.c, viewer),
            ),
        ),
        _any(
            visits,
            and_(
                visit.c.tenant_id == row["tenant_id"],
                visit.c.engineer_id == row["id"],
                ticket_seen(visited.c, viewer),
            ),
        ),
    )


def obligation_seen(row: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
    """Staff see everything that is owed, customers what is owed to them, dealers what their tickets are for."""
    if viewer.is_dealer and not viewer.is_customer:
        return through_ticket(row, viewer)
    return own_or_given()(row, viewer)


def own_member(row: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
    """Staff see every member, customers and dealers themselves."""
    own: ColumnElement[bool] = row["id"] == viewer.member_id
    return own if viewer.is_customer or viewer.is_dealer else None
