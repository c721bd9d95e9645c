"""What is done with service plans, contracts, what they make due, and dealers' agreements; which contract counts."""

from datetime import date

import strawberry
from strawberry.scalars import JSON

from aftersales.access import require
from aftersales.contracts import amendments, dealers, service
from aftersales.contracts.models import ServiceContract as ContractRow
from aftersales.plans import service as plans
from aftersales.plans.models import ServicePlan as PlanRow
from aftersales_graphql.language import told
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Ref
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.commands import command, id_given
from aftersales_graphql.rooms.contracts import (
    ContractApproval,
    ContractTask,
    DealerAgreement,
    ServiceContract,
    ServicePlan,
)
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


@strawberry.type(description="What a plan promises otherwise than its vertical; without a field, a whole term.")
class TermDifference:
    declaration: str
    code: str
    field: str | None
    old: JSON | None
    new: JSON | None
    clause: str | None
    source: str | None


@query()
async def plan_differences(call: Call, service_plan_id: strawberry.ID) -> list[TermDifference]:
    """What a service plan promises otherwise than its vertical does now, field by field with the clause."""
    require(call.uow.actor, "contract.manage")
    plan = await call.uow.get(PlanRow, id_given("ServicePlan", service_plan_id, "servicePlanId"))
    return [
        TermDifference(
            declaration=found.declaration, code=found.code, field=found.field, old=found.old, new=found.new,
            clause=found.clause, source=found.source,
        )
        for found in await plans.plan_differences(call.uow, plan)
    ]  # fmt: skip


@strawberry.type(description="Something the customer has to do under a contract, with its clause.")
class ContractDuty:
    code: str
    name: str = strawberry.field(description="In the caller's language.")
    due: str
    clause: str | None
    source: str


@query()
async def contract_duties(call: Call, contract_id: strawberry.ID) -> list[ContractDuty]:
    """What the customer has to do under a contract, as it was signed."""
    duties = await service.customer_duties(call.uow, id_given("ServiceContract", contract_id, "contractId"))
    return [
        ContractDuty(
            code=duty.code, name=told(duty.label, call.language), due=duty.due, clause=duty.clause, source=duty.source
        )
        for duty in duties
    ]


@strawberry.type(description="An amendment that was agreed and counts from its day on, with what it changes.")
class ComingAmendment:
    effective_from: date
    reason: str
    actor: str
    fields: JSON
    differences: JSON


@query()
async def coming_amendment(call: Call, contract_id: strawberry.ID) -> ComingAmendment | None:
    """The amendment that waits for its day with a contract; none: nothing does."""
    require(call.uow.actor, "contract.manage")
    contract = await call.uow.get(ContractRow, id_given("ServiceContract", contract_id, "contractId"))
    found = amendments.coming_of(contract)
    if found is None:
        return None
    return ComingAmendment(
        effective_from=found.effective_from, reason=found.reason, actor=found.actor,
        fields=found.fields, differences=found.differences,  # type: ignore[arg-type]
    )  # fmt: skip


@query()
async def dealer_agreement_on(call: Call, service_unit_id: strawberry.ID, on: date) -> DealerAgreement | None:
    """The dealer's agreement that is valid on a local day; none: the dealer has no standing on it."""
    require(call.uow.actor, "contract.manage")
    found = await dealers.agreement_on(call.uow, id_given("ServiceUnit", service_unit_id, "serviceUnitId"), on)
    return None if found is None else Ref(DealerAgreement, found.id)  # type: ignore[return-value]


@root
class ContractCoverQueries:
    contracts_for_asset = contracts_for_asset
    plan_differences = plan_differences
    dealer_agreement_on = dealer_agreement_on
    coming_amendment = coming_amendment
    contract_duties = contract_duties


@root
class ContractMutations:
    sign_contract = command(service.sign_contract, returns=ServiceContract, under="contract")
    add_contract_line = command(service.add_contract_line, returns=ServiceContract, under="contract")
    end_contract = command(service.end_contract, returns=ServiceContract, under="contract")
    amend_contract = command(service.amend_contract, returns=ServiceContract, under="contract")
    withdraw_amendment = command(service.withdraw_amendment, returns=ServiceContract, under="contract")
    renew_contract = command(service.renew_contract, returns=ServiceContract, under="contract")
    record_contract_event = command(service.record_contract_event, returns=ServiceContract, under="contract")
    enter_phase = command(service.enter_phase, returns=ServiceContract, under="contract")
    approve_contract_step = command(service.approve_contract_step, returns=ContractApproval, under="approval")
    complete_contract_task = command(service.complete_contract_task, returns=ContractTask, under="task")
    sign_dealer_agreement = command(service.sign_dealer_agreement, returns=DealerAgreement, under="agreement")
    end_dealer_agreement = command(service.end_dealer_agreement, returns=DealerAgreement, under="agreement")
    draft_service_plan = command(plans.draft_service_plan, returns=ServicePlan, under="plan")
    change_service_plan = command(plans.change_service_plan, returns=ServicePlan, under="plan")
    publish_service_plan = command(plans.publish_service_plan, returns=ServicePlan, under="plan")
    retire_service_plan = command(plans.retire_service_plan, returns=ServicePlan, under="plan")
    publish_plan = command(plans.publish_plan, returns=Event)
