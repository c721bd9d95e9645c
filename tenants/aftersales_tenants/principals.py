"""The caller of a request, established from its token."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aftersales.kit.actor import Actor
from aftersales.kit.errors import Language
from aftersales.scope import TenantScope


@dataclass(frozen=True, slots=True)
class Principal:
    """A member of one tenant, or the system working for it. `now` is the platform's instant of the request."""

    scope: TenantScope
    actor: Actor
    language: Language
    now: datetime

    @property
    def tenant_id(self) -> UUID:
        return self.scope.id

    @property
    def member_id(self) -> UUID | None:
        return self.actor.id

    @property
    def roles(self) -> frozenset[str]:
        return self.actor.roles

    @property
    def customer_id(self) -> UUID | None:
        return self.actor.customer_id

    @property
    def dealer_id(self) -> UUID | None:
        return self.actor.dealer_id

    @property
    def enabled_verticals(self) -> frozenset[str]:
        return frozenset(self.scope.playbook.verticals)

    @property
    def settings_version(self) -> int:
        return self.scope.settings_version


@dataclass(frozen=True, slots=True)
class PlatformPrincipal:
    """A platform admin."""

    actor: Actor
    now: datetime
