"""The exchange's reads: what the rows of a batch refer to, in one statement per table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Integer, Text, Uuid, any_, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from aftersales.assets.models import Asset, AssetComponent
from aftersales.contracts.models import ServiceContract
from aftersales.exchange.models import DataExport, DataImport, ImportBatch, ImportFault, PastService
from aftersales.kit.guards import taken
from aftersales.parties.models import Contact, Customer, Site
from aftersales.scope import TenantWork

_customers: Any = Customer.__table__
_contacts: Any = Contact.__table__
_sites: Any = Site.__table__
_assets: Any = Asset.__table__
_components: Any = AssetComponent.__table__
_contracts: Any = ServiceContract.__table__
_past: Any = PastService.__table__
_imports: Any = DataImport.__table__
_exports: Any = DataExport.__table__
_batches: Any = ImportBatch.__table__
_faults: Any = ImportFault.__table__
_tenant = bindparam("tenant_id", type_=Uuid)
_texts: Any = bindparam("texts", type_=ARRAY(Text))
_ids: Any = bindparam("ids", type_=ARRAY(Uuid))

_CUSTOMERS = select(_customers).where(_customers.c.tenant_id == _tenant, _customers.c.code == any_(_texts))
_ASSETS = select(_assets).where(_assets.c.tenant_id == _tenant, _assets.c.number == any_(_texts))
_CONTRACTS = select(_contracts).where(_contracts.c.tenant_id == _tenant, _contracts.c.number == any_(_texts))
_PAST = select(_past).where(_past.c.tenant_id == _tenant, _past.c.reference == any_(_texts))
_CONTACTS = (
    select(_contacts)
    .where(_contacts.c.tenant_id == _tenant, _contacts.c.customer_id == any_(_ids))
    .order_by(_contacts.c.id)
)
_SITES = select(_sites).where(_sites.c.tenant_id == _tenant, _sites.c.customer_id == any_(_ids)).order_by(_sites.c.id)
_COMPONENTS = (
    select(_components)
    .where(_components.c.tenant_id == _tenant, _components.c.asset_id == any_(_ids))
    .order_by(_components.c.id)
)
_BATCH = select(_batches.c.rows).where(
    _batches.c.tenant_id == _tenant,
    _batches.c.import_id == bindparam("import_id", type_=Uuid),
    _batches.c.position == bindparam("position", type_=Integer),
)
_FAULTY = select(_faults.c.row_number).where(
    _faults.c.tenant_id == _tenant,
    _faults.c.import_id == bindparam("import_id", type_=Uuid),
    _faults.c.row_number >= bindparam("first", type_=Integer),
    _faults.c.row_number <= bindparam("last", type_=Integer),
)
_FAULTS = (
    select(_faults.c.row_number, _faults.c.column_code, _faults.c.code, _faults.c.details)
    .where(
        _faults.c.tenant_id == _tenant,
        _faults.c.import_id == bindparam("import_id", type_=Uuid),
        _faults.c.row_number > bindparam("after", type_=Integer),
    )
    .order_by(_faults.c.row_number, _faults.c.id)
    .limit(bindparam("limit", type_=BigInteger))
)
_EXPORTS_BEFORE = (
    select(_exports)
    .where(
        _exports.c.tenant_id == _tenant,
        _exports.c.state == literal_column("'done'"),
        _exports.c.created_at < bindparam("before", type_=DateTime(timezone=True)),
    )
    .order_by(_exports.c.created_at)
    .limit(bindparam("limit", type_=BigInteger))
    .with_for_update()
)
_RUNNING = select(func.count().label("count")).where(
    _imports.c.tenant_id == _tenant, _imports.c.state.in_([literal_column("'checking'"), literal_column("'running'")])
)


def _for_update(statement: Any, table: Any) -> Any:
    """The same rows, locked in one order, so that two imports never wait for each other."""
    return statement.order_by(None).order_by(table.c.id).with_for_update()


_LOCKED_CUSTOMERS = _for_update(_CUSTOMERS, _customers)
_LOCKED_ASSETS = _for_update(_ASSETS, _assets)
_LOCKED_CONTACTS = _for_update(_CONTACTS, _contacts)
_LOCKED_SITES = _for_update(_SITES, _sites)


async def customers(uow: TenantWork, codes: Sequence[str], *, lock: bool = False) -> dict[str, Customer]:
    """The customers with these codes; with `lock` they are to be changed."""
    rows = await uow.entities(Customer, _LOCKED_CUSTOMERS if lock else _CUSTOMERS, texts=list(codes))
    taken(uow, Customer, rows if lock else ())
    return {row.code: row for row in rows}


async def assets(uow: TenantWork, numbers: Sequence[str], *, lock: bool = False) -> dict[str, Asset]:
    """The assets with these numbers; with `lock` they are to be changed."""
    rows = await uow.entities(Asset, _LOCKED_ASSETS if lock else _ASSETS, texts=list(numbers))
    taken(uow, Asset, rows if lock else ())
    return {row.number: row for row in rows}


async def contracts(uow: TenantWork, numbers: Sequence[str]) -> dict[str, ServiceContract]:
    """The contracts with these numbers."""
    return {row.number: row for row in await uow.entities(ServiceContract, _CONTRACTS, texts=list(numbers))}


async def past_services(uow: TenantWork, references: Sequence[str]) -> dict[str, PastService]:
    """The services from before the platform with these references."""
    return {row.reference: row for row in await uow.entities(PastService, _PAST, texts=list(references))}


async def contacts(uow: TenantWork, customer_ids: Sequence[UUID]) -> dict[tuple[UUID, str], Contact]:
    """The contacts of these customers, to be changed, by customer and name; of two with one name the older."""
    rows = await uow.entities(Contact, _LOCKED_CONTACTS, ids=list(customer_ids))
    taken(uow, Contact, rows)
    return {(row.customer_id, row.name): row for row in reversed(rows)}


async def sites(uow: TenantWork, customer_ids: Sequence[UUID], *, lock: bool = False) -> dict[tuple[UUID, str], Site]:
    """The sites of these customers by customer and name; of two with one name the older."""
    rows = await uow.entities(Site, _LOCKED_SITES if lock else _SITES, ids=list(customer_ids))
    taken(uow, Site, rows if lock else ())
    return {(row.customer_id, row.name): row for row in reversed(rows)}


async def components(uow: TenantWork, asset_ids: Sequence[UUID]) -> dict[UUID, list[AssetComponent]]:
    """The parts of these assets."""
    found: dict[UUID, list[AssetComponent]] = {}
    for row in await uow.entities(AssetComponent, _COMPONENTS, ids=list(asset_ids)):
        found.setdefault(row.asset_id, []).append(row)
    return found


async def batch(uow: TenantWork, import_id: UUID, position: int) -> list[dict[str, Any]]:
    """The rows of a batch; none behind the last one."""
    row = await uow.fetch_one(_BATCH, import_id=import_id, position=position)
    return [] if row is None else list(row["rows"])


async def faulty_rows(uow: TenantWork, import_id: UUID, first: int, last: int) -> set[int]:
    """The rows of a range in which something is wrong."""
    rows = await uow.fetch(_FAULTY, import_id=import_id, first=first, last=last)
    return {row["row_number"] for row in rows}


async def faults(uow: TenantWork, import_id: UUID, *, after: int, limit: int) -> list[Any]:
    """What is wrong with the rows behind row `after`, in the order of the file."""
    return await uow.fetch(_FAULTS, import_id=import_id, after=after, limit=limit)


async def under_way(uow: TenantWork) -> int:
    """How many imports of the tenant are being checked or run."""
    row = await uow.fetch_one(_RUNNING)
    return 0 if row is None else int(row["count"])


async def exports_before(uow: TenantWork, before: datetime, limit: int) -> list[DataExport]:
    """Exports that can be fetched and were asked for before then, oldest first, locked."""
    return await uow.entities(DataExport, _EXPORTS_BEFORE, before=before, limit=limit)
