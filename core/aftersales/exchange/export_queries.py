"""The pages of an export: rows behind the last id seen, with what they refer to by its people-facing key."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, Text, Uuid, and_, bindparam, func, literal, or_, select
from sqlalchemy.sql.elements import ColumnElement

from aftersales.assets.models import Asset, AssetComponent
from aftersales.contracts.models import ContractLine, ServiceContract
from aftersales.exchange.models import PastService
from aftersales.parties.models import Contact, Customer, Site
from aftersales.scope import TenantWork

_customers: Any = Customer.__table__
_contacts: Any = Contact.__table__
_sites: Any = Site.__table__
_assets: Any = Asset.__table__
_components: Any = AssetComponent.__table__
_contracts: Any = ServiceContract.__table__
_lines: Any = ContractLine.__table__
_past: Any = PastService.__table__
_tenant = bindparam("tenant_id", type_=Uuid)
_customer = bindparam("customer", type_=Text)
_vertical = bindparam("vertical", type_=Text)


def _paged(statement: Any, table: Any, *, vertical: Any = None) -> Any:
    """A page: the tenant's rows behind the last id, of one customer and one vertical where they are named."""
    conditions: list[ColumnElement[bool]] = [
        table.c.tenant_id == _tenant,
        table.c.id > bindparam("after", type_=Uuid),
        or_(_customer.is_(None), _customers.c.code == _customer),
    ]
    # A table without a vertical has nothing of any.
    conditions.append(or_(_vertical.is_(None), literal(False) if vertical is None else vertical == _vertical))
    return statement.where(*conditions).order_by(table.c.id).limit(bindparam("limit"))


def _with_customer(table: Any, *columns: Any) -> Select[Any]:
    return select(table.c.id, _customers.c.code.label("customer_code"), *columns).join(
        _customers, and_(_customers.c.tenant_id == table.c.tenant_id, _customers.c.id == table.c.customer_id)
    )


_parts = (
    select(
        func.jsonb_agg(
            func.concat_ws(":", _components.c.component, func.coalesce(_components.c.serial, ""),
                           func.coalesce(func.to_char(_components.c.installed_on, "YYYY-MM-DD"), ""))
        )
    )
    .where(_components.c.tenant_id == _assets.c.tenant_id, _components.c.asset_id == _assets.c.id)
    .correlate(_assets)
    .scalar_subquery()
)  # fmt: skip
_covered = _assets.alias("covered")
_parent = _assets.alias("parent")
_numbers = (
    select(func.jsonb_agg(_covered.c.number))
    .select_from(
        _lines.join(_covered, and_(_covered.c.tenant_id == _lines.c.tenant_id, _covered.c.id == _lines.c.asset_id))
    )
    .where(_lines.c.tenant_id == _contracts.c.tenant_id, _lines.c.contract_id == _contracts.c.id)
    .correlate(_contracts)
    .scalar_subquery()
)
_types = (
    select(func.jsonb_agg(_lines.c.asset_type))
    .where(
        _lines.c.tenant_id == _contracts.c.tenant_id,
        _lines.c.contract_id == _contracts.c.id,
        _lines.c.asset_type.is_not(None),
    )
    .correlate(_contracts)
    .scalar_subquery()
)

PAGES: Final[dict[str, Any]] = {
    "customers": _paged(select(_customers), _customers),
    "contacts": _paged(
        _with_customer(
            _contacts, _contacts.c.name, _contacts.c.phone, _contacts.c.email, _contacts.c.position,
            _contacts.c.may_authorise,
        ),
        _contacts,
    ),
    "sites": _paged(_with_customer(_sites, _sites.c.name, _sites.c.address, _sites.c.region), _sites),
    "assets": _paged(
        _with_customer(
            _assets, _assets.c.number, _assets.c.name, _assets.c.vertical, _assets.c.asset_type, _assets.c.serial,
            _assets.c.installed_on, _assets.c.accepted_on, _assets.c.usage, _assets.c.remote_allowed,
            _assets.c.attributes, _sites.c.name.label("site_name"), _parent.c.number.label("parent_number"),
            _parts.label("components"),
        )
        .outerjoin(_sites, and_(_sites.c.tenant_id == _assets.c.tenant_id, _sites.c.id == _assets.c.site_id))
        .outerjoin(
            _parent, and_(_parent.c.tenant_id == _assets.c.tenant_id, _parent.c.id == _assets.c.parent_asset_id)
        ),
        _assets, vertical=_assets.c.vertical,
    ),
    "contracts": _paged(
        _with_customer(
            _contracts, _contracts.c.number, _contracts.c.title, _contracts.c.vertical, _contracts.c.starts_on,
            _contracts.c.ends_on, _contracts.c.fields, _numbers.label("asset_numbers"), _types.label("asset_types"),
        ),
        _contracts, vertical=_contracts.c.vertical,
    ),
    "history": _paged(
        _with_customer(
            _past, _past.c.reference, _past.c.happened_on, _past.c.title, _past.c.description, _past.c.engineer,
            _past.c.outcome, _assets.c.number.label("asset_number"),
        ).join(_assets, and_(_assets.c.tenant_id == _past.c.tenant_id, _assets.c.id == _past.c.asset_id)),
        _past, vertical=_assets.c.vertical,
    ),
}  # fmt: skip


async def page(
    uow: TenantWork, kind: str, *, after: UUID, limit: int, customer: str | None, vertical: str | None
) -> Sequence[Any]:
    """The next rows of a table, in the order of their ids."""
    return await uow.fetch(PAGES[kind], after=after, limit=limit, customer=customer, vertical=vertical)
