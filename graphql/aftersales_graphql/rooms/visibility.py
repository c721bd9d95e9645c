"""Who sees which rows: staff see the whole tenant, customers their own, dealers what was given to their unit."""

from collections.abc import Callable
from typing import Any

from aftersales.assets.models import Asset
from aftersales.tickets.models import Ticket
from sqlalchemy import ColumnElement, and_, exists, false

from aftersales_graphql.machine.declare import Columns, Viewer, Visible

_tickets: Any = Ticket.__table__
_assets: Any = Asset.__table__


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


def through(parent: Any, key: str, condition: Callable[[Any, Viewer], Any]) -> Visible:
    """A row is seen when the row that its `key` names is seen."""

    def visible(row: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
        if not (viewer.is_customer or viewer.is_dealer):
            return None
        table = parent.alias()
        return exists().where(
            and_(table.c.tenant_id == row["tenant_id"], table.c.id == row[key], condition(table.c, viewer))
        )

    return visible


ticket_seen = own_or_given("customer_id", "service_unit_id")
asset_seen = own_or_given("customer_id")
through_ticket = through(_tickets, "ticket_id", ticket_seen)
through_asset = through(_assets, "asset_id", asset_seen)
