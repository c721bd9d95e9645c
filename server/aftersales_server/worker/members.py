"""Members as recipients of notices."""

from collections.abc import Sequence

from sqlalchemy import ARRAY, Text, bindparam, select

from aftersales.kit.messages import LANGUAGES, Language
from aftersales.notices.rules import FALLBACK_ROLE, Recipient
from aftersales.scope import TenantWork
from aftersales_tenants.models import Member

_members = Member.__table__
_HOLDERS = (
    select(_members)
    .where(
        _members.c.tenant_id == bindparam("tenant_id"),
        _members.c.state == "active",
        _members.c.roles.op("?|")(bindparam("roles", type_=ARRAY(Text))),
    )
    .order_by(_members.c.id)
)


async def recipients(uow: TenantWork, roles: Sequence[str]) -> list[Recipient]:
    """The active members who hold one of the roles, and the owners; each in the language that he reads."""
    records = await uow.fetch(_HOLDERS, roles=[*roles, FALLBACK_ROLE])
    return [
        Recipient(
            member_id=record["id"],
            name=record["name"],
            email=record["email"],
            roles=frozenset(record["roles"]),
            language=_language(record["language"]) or uow.scope.language,
            addresses=tuple(record["notice_addresses"]),
            customer_id=record["customer_id"],
            service_unit_id=record["service_unit_id"],
        )
        for record in records
    ]


def _language(value: str | None) -> Language | None:
    return value if value in LANGUAGES else None
