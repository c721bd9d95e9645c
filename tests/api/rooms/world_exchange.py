"""An import and a service from before the platform, as they are once a worker was there."""

from datetime import date
from uuid import UUID

from aftersales.exchange.models import DataExport, DataImport, PastService
from aftersales.kit.ids import new_id
from aftersales.scope import TenantWork


def add_exchange(uow: TenantWork, asset_id: UUID, customer_id: UUID) -> None:
    """One row of every entity of the exchange."""
    uow.add(
        DataImport(
            id=new_id(), kind="customers", file_name="customers.csv", policy="all_or_nothing", existing="update",
            columns=["code", "name"], state="checked", actor="member", created_at=uow.now,
        )
    )  # fmt: skip
    uow.add(
        DataExport(
            id=new_id(), kind="customers", format="csv", state="done", rows=1, size=20, actor="member",
            created_at=uow.now, finished_at=uow.now,
        )
    )  # fmt: skip
    uow.add(
        PastService(
            id=new_id(), reference="R-1", asset_id=asset_id, customer_id=customer_id, happened_on=date(2025, 11, 3),
            title="换真空管", created_at=uow.now,
        )
    )  # fmt: skip
