"""What is done with contracts and service plans; which contract counts for an asset."""

from datetime import date

import strawberry

from aftersales.contracts import service
from aftersales_graphql.language import told
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Ref
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.commands import command, id_given
from aftersales_graphql.rooms.contracts import ServiceContract
from aftersales_graphql.rooms.journal import Event


@strawberry.type(description="A contract in force for an asset, and why it stands where it stands; rank 1 counts.")
class ApplicableContract:
    rank: int
    reason: str = strawberry.field(description="In the caller's language.")
    contract: ServiceContract | None


@query()
async def contracts_for_asset(call: Call, asset_id: strawberry.ID, on: date | None = None) -> list[ApplicableContract]:
    """All contracts in force for an asset on a local day, by default today; the one that counts first."""
    ranked = await service.explain_contract(call.uow, id_given("Asset", asset_id, "assetId"), on)
    return [
        ApplicableContract(
            rank=found.rank,
            reason=told(found.reason, call.language),
            contract=Ref(ServiceContract, found.contract.id),  # type: ignore[arg-type]
        )
        for found in ranked
    ]


@root
class ContractCoverQueries:
    contracts_for_asset = contracts_for_asset


@root
class ContractMutations:
    sign_contract = command(service.sign_contract, returns=ServiceContract, under="contract")
    add_contract_line = command(service.add_contract_line, returns=ServiceContract, under="contract")
    end_contract = command(service.end_contract, returns=ServiceContract, under="contract")
    publish_plan = command(service.publish_plan, returns=Event)
