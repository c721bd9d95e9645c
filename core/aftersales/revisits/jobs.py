"""What workers do for revisits: open what a plan makes due, part by part."""

from typing import Final
from uuid import UUID

from aftersales.kit.jobs import Round, handles, make_rounds
from aftersales.kit.outbox import OutboxMessage
from aftersales.revisits import plans
from aftersales.revisits.queries import due_tenants
from aftersales.scope import TenantWork

PLANS: Final = Round("revisits", due_tenants, plans.run_plans, at_once=20)

make_rounds(PLANS)


@handles(plans.FAN_OUT)
async def fan_out(uow: TenantWork, message: OutboxMessage) -> None:
    """Enrol whom a plan concerns."""
    await plans.fan_out(uow, message.payload)


@handles("revisits.withdraw")
async def withdraw(uow: TenantWork, message: OutboxMessage) -> None:
    """Cancel what an ended plan had opened."""
    await plans.withdraw(uow, UUID(message.payload["plan_id"]), message.payload["reason"])


@handles("revisits.event")
async def happened(uow: TenantWork, message: OutboxMessage) -> None:
    """Send people to where something struck."""
    payload = message.payload
    await plans.happened(uow, payload["kind"], payload["regions"], payload["cause"], payload.get("title", ""))
