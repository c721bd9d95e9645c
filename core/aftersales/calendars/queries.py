"""Reads of a tenant's own calendars."""

from sqlalchemy import bindparam, select

from aftersales.calendars.models import BusinessCalendar

_calendars = BusinessCalendar.__table__

BY_CODE = (
    select(_calendars)
    .where(_calendars.c.tenant_id == bindparam("tenant_id"), _calendars.c.code == bindparam("code"))
    .with_for_update()
)

ALL = select(_calendars).where(_calendars.c.tenant_id == bindparam("tenant_id")).order_by(_calendars.c.code)
