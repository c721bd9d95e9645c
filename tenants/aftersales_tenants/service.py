"""Provisioning: tenants, their verticals, members and tokens. The one service under command line and platform API.

It works as the system role, records every action, and makes every change in one transaction. What a Playbook may
depend on raises the tenant's `settings_version`, which every process compares on the next request.
"""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import insert, update
from sqlalchemy.sql import Executable

from aftersales.access import ROLES
from aftersales.calendars.definition import load_zone
from aftersales.kit.actor import Actor
from aftersales.kit.clock import require_aware
from aftersales.kit.errors import InvalidInput, NotFound, StateRefused
from aftersales.kit.ids import new_id
from aftersales.kit.messages import LANGUAGES
from aftersales.kit.statements import Statement
from aftersales.kit.storage_errors import translate
from aftersales.kit.text import NAME_LIMIT, clean_text
from aftersales.kit.unit_of_work import UnitOfWork, transaction
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales_tenants import queries
from aftersales_tenants.commands import (
    SLUG,
    AddMember,
    CreateTenant,
    DisableVertical,
    EnableVertical,
    IssueToken,
    RevokeToken,
    TenantState,
    UpdateMember,
    UpdateTenant,
)
from aftersales_tenants.models import MEMBER_STATES, ApiToken, Member, PlatformAction, Tenant, TenantVertical
from aftersales_tenants.pools import Pools
from aftersales_tenants.tokens import digest_of, new_token

HOTLINE_LIMIT = 50
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TRANSITIONS = {"suspended": {"active"}, "active": {"suspended"}, "archived": {"active", "suspended"}}
"""State -> the states from which it can be entered; nothing leads out of `archived`."""

System = UnitOfWork[None]


@dataclass(frozen=True)
class IssuedToken:
    """A token that was just issued; the only time that its text is known."""

    id: UUID
    token: str
    expires_at: datetime | None


class Registry:
    """The registry of tenants, for one platform admin at one instant."""

    def __init__(self, pools: Pools, compiler: PlaybookCompiler, actor: Actor, now: datetime) -> None:
        self._pools = pools
        self._compiler = compiler
        self._actor = actor
        self._now = now

    # --- reading -----------------------------------------------------------------------------------------

    async def tenants(self) -> list[dict[str, Any]]:
        """All tenants by slug, with their enabled verticals."""
        async with self._work(None) as uow:
            verticals: dict[UUID, list[Any]] = {}
            for vertical in await uow.fetch(queries.ALL_VERTICALS):
                verticals.setdefault(vertical["tenant_id"], []).append(vertical)
            return [_told(row, verticals.get(row["id"], [])) for row in await uow.fetch(queries.TENANTS)]

    async def tenant(self, slug: str) -> dict[str, Any]:
        """One tenant with its verticals, settings and members."""
        async with self._work(slug) as uow:
            row = await uow.fetch_one(queries.TENANT, tenant_id=uow.tenant_id)
            assert row is not None  # noqa: S101 - _work found it
            told = _told(row, await uow.fetch(queries.VERTICALS))
            told["members"] = [dict(member) for member in await uow.fetch(queries.MEMBERS)]
            told["tokens"] = [
                {key: value for key, value in token.items() if key != "digest"}
                for token in await uow.fetch(queries.TOKENS)
            ]
            return told

    # --- tenants -----------------------------------------------------------------------------------------

    async def create_tenant(self, command: CreateTenant) -> UUID:
        """A new, active tenant.

        SLUG_INVALID, TENANT_SLUG_TAKEN, ZONE_UNKNOWN, LANGUAGE_UNKNOWN, VERTICAL_UNKNOWN and the refusals of a
        vertical's settings; nothing is written then.
        """
        if not SLUG.fullmatch(command.slug):
            raise InvalidInput("SLUG_INVALID", field="slug", slug=command.slug[:100])
        name = clean_text(command.name, "name", NAME_LIMIT, required=True)
        _check_zone(command.time_zone)
        _check_language(command.language)
        hotline = clean_text(command.hotline, "hotline", HOTLINE_LIMIT) or None
        for vertical, settings in command.verticals.items():
            self._compiler.check_settings(vertical, settings)
        tenant_id = new_id()
        async with self._work(None) as uow:
            await self._write(
                uow,
                insert(Tenant).values(
                    id=tenant_id, slug=command.slug, name=name, state="active", time_zone=command.time_zone,
                    language=command.language, hotline=hotline, settings_version=1,
                    created_at=self._now, version=1,
                ),
            )  # fmt: skip
            inside: System = UnitOfWork(uow.connection, tenant_id, self._actor, self._now, None)
            for vertical, settings in command.verticals.items():
                inside.add(TenantVertical(vertical=vertical, settings=settings))
            await inside.flush()
            await self._record(uow, "tenant.created", tenant_id, {"slug": command.slug})
        return tenant_id

    async def update_tenant(self, command: UpdateTenant) -> None:
        """Change name, zone, language or hotline."""
        changes: dict[str, Any] = {}
        if command.name is not None:
            changes["name"] = clean_text(command.name, "name", NAME_LIMIT, required=True)
        if command.time_zone is not None:
            changes["time_zone"] = _check_zone(command.time_zone)
        if command.language is not None:
            changes["language"] = _check_language(command.language)
        if command.hotline is not None:
            changes["hotline"] = clean_text(command.hotline, "hotline", HOTLINE_LIMIT) or None
        async with self._work(command.slug) as uow:
            await self._touch(uow, **changes)
            await self._record(uow, "tenant.updated", uow.tenant_id, changes)

    async def suspend(self, command: TenantState) -> None:
        """Refuse all requests of the tenant until it is resumed; promises under way go on being watched."""
        await self._move(command, "suspended")

    async def resume(self, command: TenantState) -> None:
        """Let a suspended tenant work again."""
        await self._move(command, "active")

    async def archive(self, command: TenantState) -> None:
        """End a tenant for good; its data are kept until they are erased."""
        await self._move(command, "archived")

    async def _move(self, command: TenantState, state: str) -> None:
        async with self._work(command.slug) as uow:
            row = await uow.fetch_one(queries.TENANT)
            assert row is not None  # noqa: S101 - _work found it
            if row["state"] not in _TRANSITIONS[state]:
                raise StateRefused("TENANT_STATE_REFUSED", field="state", current=row["state"], wanted=state)
            await self._touch(uow, state=state)
            await self._record(uow, f"tenant.{state}", uow.tenant_id, {"reason": command.reason})

    # --- verticals ---------------------------------------------------------------------------------------

    async def enable_vertical(self, command: EnableVertical) -> None:
        """Enable a vertical or change its settings; refused settings change nothing."""
        async with self._work(command.slug) as uow:
            found = await self._vertical(uow, command.vertical)
            settings = command.settings if command.settings is not None else (found.settings if found else {})
            self._compiler.check_settings(command.vertical, settings)
            if found is None:
                uow.add(TenantVertical(vertical=command.vertical, settings=settings))
            else:
                found.enabled, found.settings = True, settings
            await self._touch(uow)
            await self._record(uow, "vertical.enabled", uow.tenant_id, {"vertical": command.vertical})

    async def disable_vertical(self, command: DisableVertical) -> None:
        """Refuse new use of a vertical; VERTICAL_NOT_ENABLED when it wasn't enabled."""
        async with self._work(command.slug) as uow:
            found = await self._vertical(uow, command.vertical)
            if found is None or not found.enabled:
                raise StateRefused("VERTICAL_NOT_ENABLED", field="vertical", vertical=command.vertical)
            found.enabled = False
            await self._touch(uow)
            await self._record(uow, "vertical.disabled", uow.tenant_id, {"vertical": command.vertical})

    async def _vertical(self, uow: System, name: str) -> TenantVertical | None:
        rows = await uow.entities(TenantVertical, queries.VERTICALS)
        return next((row for row in rows if row.vertical == name), None)

    # --- members and tokens ------------------------------------------------------------------------------

    async def add_member(self, command: AddMember) -> UUID:
        """A member with roles; VALUE_UNKNOWN names an unknown role, REQUIRED what a customer's or dealer's lacks."""
        name = clean_text(command.name, "name", NAME_LIMIT, required=True)
        email = clean_text(command.email, "email", NAME_LIMIT, required=True).lower()
        if not EMAIL.fullmatch(email):
            raise InvalidInput("EMAIL_INVALID", field="email", email=email)
        _check_roles(command.roles, command.customer_id, command.service_unit_id)
        if command.language is not None:
            _check_language(command.language)
        async with self._work(command.slug) as uow:
            member = uow.add(
                Member(
                    id=new_id(), name=name, email=email, roles=list(command.roles), department=command.department,
                    customer_id=command.customer_id, service_unit_id=command.service_unit_id,
                    language=command.language, notice_addresses=list(command.notice_addresses),
                )
            )  # fmt: skip
            await self._record(uow, "member.added", uow.tenant_id, {"member": str(member.id), "roles": command.roles})
            await uow.flush()
        return member.id

    async def update_member(self, command: UpdateMember) -> None:
        """Change a member; every request from then on sees the new roles, or is refused when it is inactive."""
        if command.language is not None:
            _check_language(command.language)
        if command.state not in (None, *MEMBER_STATES):
            raise InvalidInput(
                "VALUE_UNKNOWN",
                field="state",
                field_name="state",
                value=command.state,
                known=", ".join(MEMBER_STATES),
            )
        given = {
            "name": command.name and clean_text(command.name, "name", NAME_LIMIT, required=True),
            "roles": command.roles,
            "language": command.language,
            "state": command.state,
            "customer_id": command.customer_id,
            "service_unit_id": command.service_unit_id,
        }
        changes = {name: value for name, value in given.items() if value is not None}
        async with self._work(command.slug) as uow:
            member = await uow.entity(Member, queries.MEMBER_BY_EMAIL, email=command.email.lower())
            if member is None:
                raise NotFound("NOT_FOUND", field="email", thing="Member")
            for name, value in changes.items():
                setattr(member, name, value)
            _check_roles(member.roles, member.customer_id, member.service_unit_id)
            await self._record(uow, "member.updated", uow.tenant_id, {"member": str(member.id), **_plain(changes)})

    async def issue_token(self, command: IssueToken) -> IssuedToken:
        """A new token of a member, found by e-mail; its text is given back this once."""
        expires_at = None if command.expires_at is None else require_aware(command.expires_at, "expiresAt")
        if expires_at is not None and expires_at <= self._now:
            raise InvalidInput("PERIOD_INVERTED", field="expiresAt")
        token = new_token()
        async with self._work(command.slug) as uow:
            member = await uow.fetch_one(queries.MEMBER_BY_EMAIL, email=command.email.lower())
            if member is None:
                raise NotFound("NOT_FOUND", field="email", thing="Member")
            row = uow.add(
                ApiToken(
                    id=new_id(), member_id=member["id"], name=command.name, digest=digest_of(token),
                    issued_at=self._now, expires_at=expires_at,
                )
            )  # fmt: skip
            await self._record(uow, "token.issued", uow.tenant_id, {"token": str(row.id), "member": str(member["id"])})
            await uow.flush()
        return IssuedToken(row.id, token, expires_at)

    async def revoke_token(self, command: RevokeToken) -> None:
        """Make a token worthless from now on; revoking it again changes nothing."""
        async with self._work(command.slug) as uow:
            token = await uow.get(ApiToken, command.token_id, for_update=True)
            token.revoked_at = token.revoked_at or self._now
            await self._record(uow, "token.revoked", uow.tenant_id, {"token": str(token.id)})

    # --- the common part ---------------------------------------------------------------------------------

    @asynccontextmanager
    async def _work(self, slug: str | None) -> AsyncIterator[System]:
        """A transaction of the system role; with a slug, for that tenant (TENANT_UNKNOWN)."""
        async with transaction(self._pools.system) as connection:
            nobody: System = UnitOfWork(connection, UUID(int=0), self._actor, self._now, None)
            if slug is None:
                yield nobody
                await nobody.flush()
                return
            row = await nobody.fetch_one(queries.TENANT_BY_SLUG_LOCKED, slug=slug)
            if row is None:
                raise NotFound("TENANT_UNKNOWN", field="slug", slug=slug[:100])
            uow: System = UnitOfWork(connection, row["id"], self._actor, self._now, None)
            yield uow
            await uow.flush()

    async def _touch(self, uow: System, **changes: Any) -> None:
        statement = (
            update(Tenant)
            .where(Tenant.id == uow.tenant_id)
            .values(**changes, settings_version=Tenant.settings_version + 1, version=Tenant.version + 1)
        )
        await self._write(uow, statement)

    async def _record(self, uow: System, action: str, tenant_id: UUID | None, data: Mapping[str, Any]) -> None:
        await self._write(
            uow,
            insert(PlatformAction).values(
                id=new_id(),
                at=self._now,
                actor=self._actor.label,
                action=action,
                subject_tenant_id=tenant_id,
                data=dict(data),
            ),
        )

    @staticmethod
    async def _write(uow: System, statement: Executable) -> None:
        query = Statement(statement)
        try:
            await uow.connection.execute(query.sql, *query.arguments({}))
        except asyncpg.PostgresError as fault:
            raise translate(fault) from fault


def _told(row: Any, verticals: Sequence[Any]) -> dict[str, Any]:
    return {
        **dict(row),
        "verticals": {v["vertical"]: v["settings"] for v in verticals if v["enabled"]},
        "disabled_verticals": [v["vertical"] for v in verticals if not v["enabled"]],
    }


def _check_roles(roles: Sequence[str], customer_id: UUID | None, service_unit_id: UUID | None) -> None:
    unknown = sorted(set(roles) - set(ROLES))
    if unknown or not roles:
        raise InvalidInput(
            "VALUE_UNKNOWN", field="roles", field_name="roles", value=", ".join(unknown), known=", ".join(ROLES)
        )
    if "customer" in roles and customer_id is None:
        raise InvalidInput("REQUIRED", field="customerId", field_name="customerId")
    if "dealer" in roles and service_unit_id is None:
        raise InvalidInput("REQUIRED", field="serviceUnitId", field_name="serviceUnitId")


def _plain(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes as they may stand in JSON."""
    return {name: str(value) if isinstance(value, UUID) else value for name, value in changes.items()}


def _check_zone(name: str) -> str:
    load_zone(name, "timeZone")
    return name


def _check_language(language: str) -> str:
    if language not in LANGUAGES:
        raise InvalidInput("LANGUAGE_UNKNOWN", field="language", value=language)
    return language
