"""Tenants' scopes, one per settings version: a change in any process is seen by the next request in every process."""

import logging
from collections import OrderedDict
from typing import Any
from uuid import UUID

import msgspec

from aftersales.calendars.rules import CalendarDefinition
from aftersales.kit.errors import AftersalesError
from aftersales.kit.statements import compiled
from aftersales.kit.unit_of_work import Connection
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.scope import TenantScope
from aftersales.terms.playbook import VerticalPlaybook
from aftersales_tenants import queries

logger = logging.getLogger(__name__)

KEPT_SCOPES = 10_000
"""Scopes kept per process (a few hundred bytes each; Playbooks are shared apart from them)."""


class Scopes:
    """Gives the scope of a tenant as of a settings version, from memory or freshly read."""

    def __init__(self, compiler: PlaybookCompiler) -> None:
        self.compiler = compiler
        self._kept: OrderedDict[UUID, TenantScope] = OrderedDict()

    async def scope(self, connection: Connection, tenant_id: UUID, settings_version: int) -> TenantScope:
        """The tenant's scope; compiled anew when the version is another than the kept one's."""
        kept = self._kept.get(tenant_id)
        if kept is not None and kept.settings_version == settings_version:
            self._kept.move_to_end(tenant_id)
            return kept
        scope = await self._load(connection, tenant_id)
        self._kept[tenant_id] = scope
        self._kept.move_to_end(tenant_id)
        while len(self._kept) > KEPT_SCOPES:
            self._kept.popitem(last=False)
        return scope

    async def _load(self, connection: Connection, tenant_id: UUID) -> TenantScope:
        tenant = await _one(connection, queries.TENANT, tenant_id=tenant_id)
        assert tenant is not None  # noqa: S101 - the caller found the tenant in the same moment
        verticals = await _all(connection, queries.VERTICALS, tenant_id=tenant_id)
        calendars = await _all(connection, queries.CALENDARS, tenant_id=tenant_id)
        zone = {"time_zone": tenant["time_zone"]}
        enabled = {row["vertical"]: {**zone, **row["settings"]} for row in verticals if row["enabled"]}
        return TenantScope(
            id=tenant_id,
            slug=tenant["slug"],
            name=tenant["name"],
            time_zone=tenant["time_zone"],
            language=tenant["language"],
            settings_version=tenant["settings_version"],
            hotline=tenant["hotline"],
            playbook=self.compiler.playbook(enabled),
            registry=self.compiler.registry,
            dormant=self._dormant(zone, [row for row in verticals if not row["enabled"]]),
            calendars={row["code"]: msgspec.convert(row["definition"], CalendarDefinition) for row in calendars},
        )

    def _dormant(self, zone: dict[str, Any], rows: list[Any]) -> dict[str, VerticalPlaybook]:
        found: dict[str, VerticalPlaybook] = {}
        for row in rows:
            name = row["vertical"]
            try:
                found[name] = self.compiler.playbook({name: {**zone, **row["settings"]}}).verticals[name]
            except AftersalesError as fault:
                # A disabled vertical may be uninstalled or outgrown; that must not close the tenant.
                logger.warning("the disabled vertical %s has no terms: %s", name, fault)
        return found


async def _one(connection: Connection, statement: Any, **params: Any) -> Any:
    query = compiled(statement)
    return await connection.fetchrow(query.sql, *query.arguments(params))


async def _all(connection: Connection, statement: Any, **params: Any) -> Any:
    query = compiled(statement)
    return await connection.fetch(query.sql, *query.arguments(params))
