"""Provisions the demo tenants through the platform's own services; repeatable, and quick when all is there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from aftersales.access import ROLES
from aftersales.kit.actor import Actor
from aftersales.kit.clock import SystemClock
from aftersales.kit.errors import AftersalesError, Conflict
from aftersales.parties.models import Customer, ServiceUnit
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry as Verticals
from aftersales.scope import TenantWork
from aftersales_server.demo import house
from aftersales_server.demo.access import DemoAccess, DemoTenant, read_access, write_access
from aftersales_server.demo.plans import TenantPlan
from aftersales_server.demo.world import TENANTS
from aftersales_server.settings import Settings
from aftersales_server.startup import Access, startup_step
from aftersales_tenants.commands import AddMember, CreateTenant, IssueToken
from aftersales_tenants.gateway import Gateway
from aftersales_tenants.platform import Platform
from aftersales_tenants.pools import Pools, open_pools
from aftersales_tenants.scopes import Scopes
from aftersales_tenants.service import Registry

PROVISIONER = Actor(kind="platform_admin", name="demo")
FOUNDED_AT = datetime(2026, 4, 20, 1, 0, tzinfo=UTC)
"""The instant at which the demo companies enter their data: before every story, whatever the machine's date is."""
MEMBER_NAMES = {
    "owner": "总经理",
    "dispatcher": "调度员",
    "engineer": "工程师",
    "finance": "财务",
    "quality_supervisor": "质量主管",
    "gm_office": "总经理办公室",
    "customer": "客户联系人",
    "dealer": "代理商",
}
EXAMPLE_QUERY = (
    "{ tickets(first: 5, filter: {open: true}) { nodes { number title grade nextDueAt customer { name } } } }"
)

_customers, _units = Customer.__table__, ServiceUnit.__table__
_CUSTOMER = select(_customers.c.id).where(
    _customers.c.tenant_id == bindparam("tenant_id"), _customers.c.code == bindparam("code")
)
_UNIT = select(_units.c.id).where(_units.c.tenant_id == bindparam("tenant_id"), _units.c.code == bindparam("code"))


@startup_step("Provisioning demo tenants")
async def provision_demo(settings: Settings) -> list[Access]:
    """Make sure that the demo tenants exist, where the development clock is on; give the ways in."""
    if not settings.development_clock:
        return []
    return doors(settings, await provision(settings))


async def provision(settings: Settings) -> DemoAccess:
    """The ways into the demo tenants: those that are kept if they are still good, else whatever is missing is made."""
    async with _services(settings) as (pools, gateway, registry):
        kept = read_access(settings.data_folder)
        if kept is not None and await _still_good(gateway, kept):
            return kept
        known = {row["slug"] for row in await registry.tenants()}
        tenants = [await _tenant(gateway, registry, plan, exists=plan.slug in known) for plan in TENANTS]
        platform = Platform(pools, SystemClock(), PROVISIONER)
        access = DemoAccess((await platform.issue_token("demo")).token, tuple(tenants))
    write_access(settings.data_folder, access)
    return access


@asynccontextmanager
async def _services(settings: Settings) -> AsyncIterator[tuple[Pools, Gateway, Registry]]:
    compiler = PlaybookCompiler(Verticals.installed())
    async with open_pools(settings.app_dsn, settings.system_dsn, app_size=2, system_size=2) as pools:
        gateway = Gateway(pools, Scopes(compiler), SystemClock())
        yield pools, gateway, Registry(pools, compiler, PROVISIONER, SystemClock().now())


async def _still_good(gateway: Gateway, access: DemoAccess) -> bool:
    """Whether the kept tokens open this database; every tenant was complete when they were written down."""
    if {tenant.slug for tenant in access.tenants} != {plan.slug for plan in TENANTS}:
        return False
    try:
        await gateway.authenticate_platform(access.platform_token)
        for tenant in access.tenants:
            for role in ROLES:
                await gateway.authenticate(tenant.slug, tenant.tokens.get(role))
    except AftersalesError:
        return False
    return True


async def _tenant(gateway: Gateway, registry: Registry, plan: TenantPlan, *, exists: bool) -> DemoTenant:
    if not exists:
        await registry.create_tenant(
            CreateTenant(slug=plan.slug, name=plan.name, hotline=plan.hotline, verticals={plan.vertical: plan.settings})
        )
    tenant_id: UUID = (await registry.tenant(plan.slug))["id"]
    principal = replace(await gateway.system(tenant_id), actor=PROVISIONER, now=FOUNDED_AT)
    async with gateway.open(principal) as uow:
        customer_id, unit_id = await _present(uow, plan) or await house.fill(uow, plan)
    tokens: dict[str, str] = {role: await _token(registry, plan, role, customer_id, unit_id) for role in ROLES}
    return DemoTenant(slug=plan.slug, name=plan.name, tokens=tokens)


async def _present(uow: TenantWork, plan: TenantPlan) -> tuple[UUID, UUID] | None:
    """The first customer and the dealer's unit, when the tenant was filled before."""
    customer = await uow.fetch_one(_CUSTOMER, code=plan.customers[0].code)
    unit = await uow.fetch_one(_UNIT, code=plan.dealer_unit)
    return None if customer is None or unit is None else (customer["id"], unit["id"])


async def _token(registry: Registry, plan: TenantPlan, role: str, customer_id: UUID, unit_id: UUID) -> str:
    """A new token of the role's member, who is added where there is none."""
    email = f"{role.replace('_', '-')}@{plan.slug}.example"
    member = AddMember(
        slug=plan.slug,
        name=MEMBER_NAMES[role],
        email=email,
        roles=[role],
        customer_id=customer_id if role == "customer" else None,
        service_unit_id=unit_id if role == "dealer" else None,
    )
    try:
        await registry.add_member(member)
    except Conflict as refusal:
        if refusal.code != "MEMBER_EMAIL_TAKEN":
            raise
    return (await registry.issue_token(IssueToken(slug=plan.slug, email=email, name="demo"))).token


def doors(settings: Settings, access: DemoAccess) -> list[Access]:
    """What `aftersales run` prints."""
    found = [
        Access(
            title="Platform admin",
            url=f"{settings.base_url}/platform/graphql",
            lines=(("platform admin", access.platform_token),),
        )
    ]
    for plan in TENANTS:
        tenant = access.tenant(plan.slug)
        url = f"{settings.base_url}/t/{plan.slug}/graphql"
        found.append(
            Access(
                title=f"{plan.name} ({plan.english})",
                url=url,
                lines=tuple((role.replace("_", " "), token) for role, token in tenant.tokens.items()),
                example=(
                    f"curl -s {url} -H 'Authorization: Bearer {tenant.tokens['dispatcher']}' "
                    f"-H 'Content-Type: application/json' -d '{{\"query\": \"{EXAMPLE_QUERY}\"}}'"
                ),
            )
        )
    return found
