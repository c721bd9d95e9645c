"""What contracts do when something happens elsewhere; `terms` completes each contract that is read."""

from aftersales.assets.models import Asset
from aftersales.contracts import lifecycle, queries, terms
from aftersales.contracts.models import ServiceContract
from aftersales.journal import reactions
from aftersales.journal.models import Event
from aftersales.kit.guards import locked, today
from aftersales.scope import TenantWork

__all__ = ["terms"]


@reactions.after("asset.accepted")
async def accept_contract(uow: TenantWork, event: Event) -> None:
    """The contract that counts for the asset, and names nothing else, is accepted on that day."""
    asset = await uow.get(Asset, event.subject_id)
    found = await queries.counting(
        uow, customer_id=asset.customer_id, vertical=asset.vertical, asset_id=asset.id, asset_type=asset.asset_type,
        today=today(uow.now, uow.scope.time_zone),
    )  # fmt: skip
    if found is not None:
        await lifecycle.asset_accepted(uow, await locked(uow, ServiceContract, found.id), asset)
