"""What platform admins and owners ask of the registry: one frozen Struct per operation."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct, field

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
"""A tenant's address; fits a host name's label."""


class CreateTenant(Struct, frozen=True, kw_only=True):
    """A new tenant. `slug` is its address: lower-case letters, digits, hyphens. `verticals`: name -> settings."""

    slug: str
    name: str
    time_zone: str = "Asia/Shanghai"
    language: str = "zh-CN"
    hotline: str | None = None
    verticals: dict[str, dict[str, Any]] = field(default_factory=dict)


class UpdateTenant(Struct, frozen=True, kw_only=True):
    """New name, zone, language or hotline; what is left out stays."""

    slug: str
    name: str | None = None
    time_zone: str | None = None
    language: str | None = None
    hotline: str | None = None


class EnableVertical(Struct, frozen=True, kw_only=True):
    """Enable a vertical with settings, or change the settings of an enabled one; None keeps the settings it had."""

    slug: str
    vertical: str
    settings: dict[str, Any] | None = None


class DisableVertical(Struct, frozen=True, kw_only=True):
    """Refuse new use of a vertical; its data and settings are kept."""

    slug: str
    vertical: str


class TenantState(Struct, frozen=True, kw_only=True):
    """The tenant whose state changes, and why."""

    slug: str
    reason: str = ""


class AddMember(Struct, frozen=True, kw_only=True):
    """A member with roles. A customer's member names its customer, a dealer's its service unit."""

    slug: str
    name: str
    email: str
    roles: list[str]
    department: str | None = None
    customer_id: UUID | None = None
    service_unit_id: UUID | None = None
    language: str | None = None
    notice_addresses: list[str] = field(default_factory=list)


class UpdateMember(Struct, frozen=True, kw_only=True):
    """New name, roles, language or state of a member, found by e-mail; what is left out stays.

    State `inactive` closes the door to all tokens of the member at once; `active` opens it again.
    """

    slug: str
    email: str
    name: str | None = None
    roles: list[str] | None = None
    language: str | None = None
    state: str | None = None
    customer_id: UUID | None = None
    service_unit_id: UUID | None = None


class IssueToken(Struct, frozen=True, kw_only=True):
    """A token for a member; `expires_at` is the last instant at which it is valid, None for no end."""

    slug: str
    email: str
    name: str = "token"
    expires_at: datetime | None = None


class RevokeToken(Struct, frozen=True, kw_only=True):
    """The token to revoke."""

    slug: str
    token_id: UUID
