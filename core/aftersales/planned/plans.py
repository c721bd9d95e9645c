"""Plans as they begin, and the job that has many of them looked at."""

from typing import Final
from uuid import UUID

from aftersales.kit.ids import new_id
from aftersales.planned.models import MaintenancePlan
from aftersales.scope import TenantWork

BEGINNING: Final = UUID(int=0)
"""Before every id."""
TOPIC: Final = "plan"
"""The outbox topic of a job that brings the plans of a contract or of a vertical up to date."""


def new_plan(
    uow: TenantWork,
    customer_id: UUID,
    vertical: str,
    *,
    asset_id: UUID | None = None,
    contract_id: UUID | None = None,
) -> MaintenancePlan:
    """The plan of an asset or of a contract, to be looked at now."""
    return MaintenancePlan(
        id=new_id(), subject_id=asset_id or contract_id, asset_id=asset_id, contract_id=contract_id,
        customer_id=customer_id, vertical=vertical, next_at=uow.now, created_at=uow.now,
    )  # fmt: skip
