"""The tenant itself, its members and its own calendars; who is asking."""

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from aftersales.calendars import models as calendar_models
from aftersales_graphql.machine.declare import connection, entity
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Connection, Node, Ref
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.visibility import own_member, staff_only
from aftersales_tenants import models


@entity(models.Member, filters=("name", "state"), orders=("name",), default_order="name", visible=own_member)
class Member(Node):
    """A person or system that acts in the tenant."""

    name: str
    email: str
    roles: list[str]
    department: str | None
    language: str | None
    state: str
    version: int


@entity(calendar_models.BusinessCalendar, name="BusinessCalendar", orders=("code",), default_order="code",
        visible=staff_only)  # fmt: skip
class BusinessCalendar(Node):
    """A working-time calendar of the tenant's own."""

    code: str
    name: str
    definition: JSON
    version: int


@strawberry.type(description="Who is asking, as the platform sees it.")
class Viewer:
    roles: list[str]
    language: str
    member: Member | None


@strawberry.type(description="The company whose API this is.")
class TenantInfo:
    slug: str
    name: str
    time_zone: str
    language: str
    hotline: str | None
    verticals: list[str]
    now: datetime = strawberry.field(description="The platform's clock; a development clock may be moved.")


@query(description="Who is asking.")
async def viewer(call: Call) -> Viewer:
    principal = call.principal
    member = Ref(Member, principal.member_id) if principal.member_id is not None else None
    return Viewer(roles=sorted(principal.roles), language=call.language, member=member)  # type: ignore[arg-type]


@query(description="The company whose API this is.")
async def tenant(call: Call) -> TenantInfo:
    scope = call.uow.scope
    return TenantInfo(
        slug=scope.slug, name=scope.name, time_zone=scope.time_zone, language=scope.language, hotline=scope.hotline,
        verticals=sorted(scope.playbook.verticals), now=call.uow.now,
    )  # fmt: skip


@root
class OrganisationQueries:
    viewer = viewer
    tenant = tenant
    members: Connection[Member] = connection(description="Members.", roles={"owner", "dispatcher"})
    calendars: Connection[BusinessCalendar] = connection(description="The tenant's own calendars.")
