"""The registry of tenants, what each has enabled, who its members are and by which tokens they come."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from aftersales.kit.database import (
    Base,
    TenantRow,
    Versioned,
    one_of,
    tenant_index,
    tenant_reference,
    tenant_unique,
)
from aftersales.kit.ids import new_id
from aftersales.kit.storage_errors import on_unique

STATES = ("active", "suspended", "archived")
MEMBER_STATES = ("active", "inactive")

on_unique("uq_tenants_slug", "TENANT_SLUG_TAKEN", "slug")
on_unique("uq_members_tenant_id_email", "MEMBER_EMAIL_TAKEN", "email")


class Tenant(Versioned, Base):
    """A company on the platform. `settings_version` rises with every change that a Playbook may depend on."""

    __tablename__ = "tenants"
    __table_args__ = (UniqueConstraint("slug"), one_of("state", STATES))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str]
    name: Mapped[str]
    state: Mapped[str] = mapped_column(default="active")
    time_zone: Mapped[str] = mapped_column(default="Asia/Shanghai")
    language: Mapped[str] = mapped_column(default="zh-CN")
    hotline: Mapped[str | None]
    settings_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class TenantVertical(TenantRow, Versioned, Base):
    """A vertical of a tenant. Disabling keeps the row, the settings and all data, and refuses new use."""

    __tablename__ = "tenant_verticals"
    __table_args__ = (tenant_unique("vertical"),)

    vertical: Mapped[str]
    enabled: Mapped[bool] = mapped_column(default=True)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Member(TenantRow, Versioned, Base):
    """A person or system that acts in a tenant, with roles; customers' and dealers' members see only their own."""

    __tablename__ = "members"
    __table_args__ = (
        tenant_unique("email"),
        tenant_reference("customer_id", to="customers"),
        tenant_reference("service_unit_id", to="service_units"),
        one_of("state", MEMBER_STATES),
    )

    name: Mapped[str]
    email: Mapped[str]
    roles: Mapped[list[str]]
    department: Mapped[str | None]
    customer_id: Mapped[UUID | None]
    service_unit_id: Mapped[UUID | None]
    language: Mapped[str | None]
    notice_addresses: Mapped[list[str]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="active")


class ApiToken(TenantRow, Base):
    """An access token; only its SHA-256 is kept. The token itself is shown once, when it is issued."""

    __tablename__ = "api_tokens"
    __table_args__ = (
        tenant_unique("digest"),
        tenant_reference("member_id", to="members"),
        tenant_index("ix_api_tokens_member", "member_id"),
    )

    member_id: Mapped[UUID]
    name: Mapped[str]
    digest: Mapped[str]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class PlatformToken(Base):
    """A platform admin's token; kept like a tenant's, outside of every tenant."""

    __tablename__ = "platform_tokens"
    __table_args__ = (UniqueConstraint("digest"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    digest: Mapped[str]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class PlatformSetting(Base):
    """A value of the whole platform, such as the offset of the development clock in seconds."""

    __tablename__ = "platform_settings"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]


class PlatformAction(Base):
    """What a platform admin did, to which tenant; append-only."""

    __tablename__ = "platform_actions"
    append_only: ClassVar[bool] = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject_tenant_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("tenants.id"))
    data: Mapped[dict[str, Any]]
