"""Plans as they begin, and the job that has them looked at."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from aftersales.kit.ids import new_id
from aftersales.planned.models import MaintenancePlan
from aftersales.scope import TenantWork

BEGINNING: Final = UUID(int=0)
"""Before every id."""
TOPIC: Final = "plan"
"""The outbox topic of a job that brings a plan, those of a contract, or those of a vertical up to date."""


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


def look_again(uow: TenantWork, subject_id: UUID, *, entered: dict[str, date | str] | None = None) -> None:
    """Have the plan of an asset or a contract looked at once this unit is over, with the phases that were entered.

    The plan itself isn't written here: the planner may have it in hand, and nobody's work is refused for that.
    """
    payload: dict[str, Any] = {"subject_id": str(subject_id)}
    if entered:
        payload["entered"] = {phase: str(on) for phase, on in entered.items()}
    uow.enqueue(TOPIC, payload)
