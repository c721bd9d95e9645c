"""Reads of the registry. They run as the system role: a caller's tenant isn't known before they answered."""

from sqlalchemy import and_, bindparam, func, select

from aftersales.calendars.models import BusinessCalendar
from aftersales_tenants.models import (
    ApiToken,
    Member,
    PlatformSetting,
    PlatformToken,
    Tenant,
    TenantVertical,
)

_tenants = Tenant.__table__
_verticals = TenantVertical.__table__
_members = Member.__table__
_tokens = ApiToken.__table__
_platform_tokens = PlatformToken.__table__
_settings = PlatformSetting.__table__
_calendars = BusinessCalendar.__table__

CLOCK_OFFSET = "clock_offset"

_offset = select(_settings.c.value["seconds"].astext).where(_settings.c.key == CLOCK_OFFSET).scalar_subquery()

AUTHENTICATE = (
    select(
        _tenants.c.id.label("tenant_id"),
        _tenants.c.state.label("tenant_state"),
        _tenants.c.settings_version,
        _tenants.c.language.label("tenant_language"),
        _members.c.id.label("member_id"),
        _members.c.name,
        _members.c.roles,
        _members.c.customer_id,
        _members.c.service_unit_id,
        _members.c.department,
        _members.c.language,
        _members.c.state.label("member_state"),
        _tokens.c.expires_at,
        _tokens.c.revoked_at,
        _offset.label("offset_seconds"),
    )
    .select_from(
        _tenants.outerjoin(
            _tokens, and_(_tokens.c.tenant_id == _tenants.c.id, _tokens.c.digest == bindparam("digest"))
        ).outerjoin(_members, and_(_members.c.tenant_id == _tenants.c.id, _members.c.id == _tokens.c.member_id))
    )
    .where(_tenants.c.slug == bindparam("slug"))
)

AUTHENTICATE_PLATFORM = select(
    _platform_tokens.c.id,
    _platform_tokens.c.name,
    _platform_tokens.c.expires_at,
    _platform_tokens.c.revoked_at,
    _offset.label("offset_seconds"),
).where(_platform_tokens.c.digest == bindparam("digest"))

OFFSET = select(_offset.label("offset_seconds"))

TENANT = select(_tenants).where(_tenants.c.id == bindparam("tenant_id"))
TENANT_BY_SLUG = select(_tenants).where(_tenants.c.slug == bindparam("slug"))
TENANT_BY_SLUG_LOCKED = TENANT_BY_SLUG.with_for_update(key_share=True)
"""FOR NO KEY UPDATE: admins wait for each other; the tenant's own inserts, which refer to the row, don't."""
TENANTS = select(_tenants).order_by(_tenants.c.slug)

VERTICALS = select(_verticals).where(_verticals.c.tenant_id == bindparam("tenant_id")).order_by(_verticals.c.vertical)
ALL_VERTICALS = select(_verticals).order_by(_verticals.c.vertical)
"""Across tenants, for the registry alone."""
CALENDARS = select(_calendars.c.code, _calendars.c.definition).where(_calendars.c.tenant_id == bindparam("tenant_id"))

MEMBER_BY_EMAIL = select(_members).where(
    _members.c.tenant_id == bindparam("tenant_id"), func.lower(_members.c.email) == bindparam("email")
)
MEMBERS = select(_members).where(_members.c.tenant_id == bindparam("tenant_id")).order_by(_members.c.name)
TOKEN = select(_tokens).where(_tokens.c.tenant_id == bindparam("tenant_id"), _tokens.c.id == bindparam("id"))
TOKENS = (
    select(_tokens, _members.c.name.label("member_name"))
    .join(_members, and_(_members.c.tenant_id == _tokens.c.tenant_id, _members.c.id == _tokens.c.member_id))
    .where(_tokens.c.tenant_id == bindparam("tenant_id"))
    .order_by(_tokens.c.issued_at)
)
