"""What becomes of a broadcast's copies on the wire."""

from aftersales.broadcasts.service import settled
from aftersales.notices import outcomes
from aftersales.notices.models import Notice
from aftersales.scope import TenantWork


@outcomes.after
async def copy_is_settled(uow: TenantWork, notice: Notice) -> None:
    """Delivered, or given up: the recipient's row says so."""
    await settled(uow, notice)
