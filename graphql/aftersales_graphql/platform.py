"""The platform admins' API: tenants, their verticals, members and tokens, and the development clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from aftersales.kit.errors import InvalidInput, Language
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.roots import Payload, mutation, query, root
from aftersales_graphql.machine.schema import SchemaPart
from aftersales_graphql.machine.structs import input_type, to_struct
from aftersales_tenants import commands
from aftersales_tenants.principals import PlatformPrincipal


class PlatformCaller:
    """A platform admin in the shape of the executor's principal; sees no tenant's rows."""

    tenant_id = UUID(int=0)
    member_id = None
    customer_id = None
    dealer_id = None
    roles = frozenset({"platform_admin"})
    language: Language = "en"
    enabled_verticals: frozenset[str] = frozenset()
    settings_version = 0

    def __init__(self, principal: PlatformPrincipal) -> None:
        self.platform = principal


class NoDatabase:
    """The unit of work of a platform call: the registry opens its own transactions, one per operation."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.connection: Any = None

    async def flush(self) -> None:
        """There is nothing to write."""


@asynccontextmanager
async def open_platform(principal: PlatformCaller) -> AsyncIterator[NoDatabase]:
    yield NoDatabase(principal.platform.now)


@strawberry.type(description="A member of a tenant.")
class TenantMember:
    id: strawberry.ID
    name: str
    email: str
    roles: list[str]
    state: str


@strawberry.type(description="A token of a tenant's member; its text was shown when it was issued.")
class TenantToken:
    id: strawberry.ID
    name: str
    member_name: str
    issued_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@strawberry.type(description="A company on the platform.")
class PlatformTenant:
    slug: str
    name: str
    state: str
    time_zone: str
    language: str
    hotline: str | None
    settings_version: int
    created_at: datetime
    verticals: JSON = strawberry.field(description="Enabled verticals with their settings.")
    disabled_verticals: list[str]
    members: list[TenantMember]
    tokens: list[TenantToken]


@strawberry.type(description="The platform's clock.")
class PlatformClock:
    now: datetime
    movable: bool


@strawberry.type
class TenantPayload(Payload):
    tenant: PlatformTenant | None = None


@strawberry.type
class MemberPayload(Payload):
    member_id: strawberry.ID | None = None


@strawberry.type
class TokenPayload(Payload):
    token_id: strawberry.ID | None = None
    token: str | None = strawberry.field(default=None, description="Shown this once.")


@strawberry.type
class ClockPayload(Payload):
    now: datetime | None = None


def _told(row: dict[str, Any]) -> PlatformTenant:
    names = ("slug", "name", "state", "time_zone", "language", "hotline", "settings_version", "created_at",
             "verticals", "disabled_verticals")  # fmt: skip
    return PlatformTenant(
        **{name: row[name] for name in names},
        members=[
            TenantMember(
                id=strawberry.ID(str(m["id"])), name=m["name"], email=m["email"], roles=m["roles"], state=m["state"]
            )
            for m in row.get("members", ())
        ],
        tokens=[
            TenantToken(
                id=strawberry.ID(str(t["id"])), name=t["name"], member_name=t["member_name"],
                issued_at=t["issued_at"], expires_at=t["expires_at"], revoked_at=t["revoked_at"],
            )
            for t in row.get("tokens", ())
        ],
    )  # fmt: skip


def _registry(call: Call) -> Any:
    return call.services["registry"](call.principal)


def _uuid(value: str, field: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise InvalidInput("ID_MALFORMED", field=field, value=value[:100]) from None


def _struct(given: Any, struct: Any) -> Any:
    return to_struct(given, struct, {})


CreateTenantInput: Any = input_type(commands.CreateTenant)
UpdateTenantInput: Any = input_type(commands.UpdateTenant)
EnableVerticalInput: Any = input_type(commands.EnableVertical)
DisableVerticalInput: Any = input_type(commands.DisableVertical)
TenantStateInput: Any = input_type(commands.TenantState)


@strawberry.input(description="A member with roles; a customer's names its customer, a dealer's its service unit.")
class AddMemberInput:
    slug: str
    name: str
    email: str
    roles: list[str]
    department: str | None = None
    customer_id: strawberry.ID | None = strawberry.field(default=None, description="The customer's uuid.")
    service_unit_id: strawberry.ID | None = strawberry.field(default=None, description="The service unit's uuid.")
    language: str | None = None
    notice_addresses: list[str] = strawberry.field(default_factory=list)


@strawberry.input(description="A token for a member, found by e-mail; without `expiresAt` it has no end.")
class IssueTokenInput:
    slug: str
    email: str
    name: str = "token"
    expires_at: datetime | None = None


@strawberry.input(description="The token to revoke.")
class RevokeTokenInput:
    slug: str
    token_id: strawberry.ID


@strawberry.input(description="The instant that the development clock shall show.")
class MoveClockInput:
    to: datetime


@query(description="All tenants.")
async def tenants(call: Call) -> list[PlatformTenant]:
    return [_told(row) for row in await _registry(call).tenants()]


@query(description="One tenant with its members.")
async def tenant(call: Call, slug: str) -> PlatformTenant:
    return _told(await _registry(call).tenant(slug))


@query(description="The platform's clock.")
async def clock(call: Call) -> PlatformClock:
    movable = call.services["platform"](call.principal).may_move_clock
    return PlatformClock(now=call.principal.platform.now, movable=movable)  # type: ignore[attr-defined]


async def _tenant_payload(call: Call, slug: str) -> TenantPayload:
    return TenantPayload(tenant=_told(await _registry(call).tenant(slug)))


@mutation(description="Provision a tenant.")
async def create_tenant(call: Call, input: CreateTenantInput) -> TenantPayload:
    await _registry(call).create_tenant(_struct(input, commands.CreateTenant))
    return await _tenant_payload(call, input.slug)


@mutation(description="Change a tenant's name, zone, language or hotline.")
async def update_tenant(call: Call, input: UpdateTenantInput) -> TenantPayload:
    await _registry(call).update_tenant(_struct(input, commands.UpdateTenant))
    return await _tenant_payload(call, input.slug)


@mutation(description="Enable a vertical, or change its settings.")
async def enable_vertical(call: Call, input: EnableVerticalInput) -> TenantPayload:
    await _registry(call).enable_vertical(_struct(input, commands.EnableVertical))
    return await _tenant_payload(call, input.slug)


@mutation(description="Disable a vertical: data are kept, new use is refused.")
async def disable_vertical(call: Call, input: DisableVerticalInput) -> TenantPayload:
    await _registry(call).disable_vertical(_struct(input, commands.DisableVertical))
    return await _tenant_payload(call, input.slug)


@mutation(description="Refuse all requests of a tenant until it is resumed.")
async def suspend_tenant(call: Call, input: TenantStateInput) -> TenantPayload:
    await _registry(call).suspend(_struct(input, commands.TenantState))
    return await _tenant_payload(call, input.slug)


@mutation(description="Let a suspended tenant work again.")
async def resume_tenant(call: Call, input: TenantStateInput) -> TenantPayload:
    await _registry(call).resume(_struct(input, commands.TenantState))
    return await _tenant_payload(call, input.slug)


@mutation(description="End a tenant for good; its data are kept.")
async def archive_tenant(call: Call, input: TenantStateInput) -> TenantPayload:
    await _registry(call).archive(_struct(input, commands.TenantState))
    return await _tenant_payload(call, input.slug)


@mutation(description="Add a member to a tenant.")
async def add_member(call: Call, input: AddMemberInput) -> MemberPayload:
    given = {**vars(input)}
    for name in ("customer_id", "service_unit_id"):
        given[name] = None if given[name] is None else _uuid(given[name], name)
    member = await _registry(call).add_member(commands.AddMember(**given))
    return MemberPayload(member_id=strawberry.ID(str(member)))


@mutation(description="Issue a token to a member; its text is shown this once.")
async def issue_token(call: Call, input: IssueTokenInput) -> TokenPayload:
    issued = await _registry(call).issue_token(commands.IssueToken(**vars(input)))
    return TokenPayload(token_id=strawberry.ID(str(issued.id)), token=issued.token)


@mutation(description="Make a token worthless from now on.")
async def revoke_token(call: Call, input: RevokeTokenInput) -> TokenPayload:
    token_id = _uuid(input.token_id, "tokenId")
    await _registry(call).revoke_token(commands.RevokeToken(slug=input.slug, token_id=token_id))
    return TokenPayload(token_id=input.token_id)


@mutation(description="Move the development clock; refused where the installation doesn't allow it.")
async def move_clock(call: Call, input: MoveClockInput) -> ClockPayload:
    return ClockPayload(now=await call.services["platform"](call.principal).move_clock(input.to))


@mutation(description="Let the development clock show the machine's time again.")
async def reset_clock(call: Call) -> ClockPayload:
    return ClockPayload(now=await call.services["platform"](call.principal).reset_clock())


@root
class PlatformQueries:
    tenants = tenants
    tenant = tenant
    clock = clock


@root
class PlatformMutations:
    create_tenant = create_tenant
    update_tenant = update_tenant
    enable_vertical = enable_vertical
    disable_vertical = disable_vertical
    suspend_tenant = suspend_tenant
    resume_tenant = resume_tenant
    archive_tenant = archive_tenant
    add_member = add_member
    issue_token = issue_token
    revoke_token = revoke_token
    move_clock = move_clock
    reset_clock = reset_clock


PLATFORM = SchemaPart(queries=(PlatformQueries,), mutations=(PlatformMutations,))
