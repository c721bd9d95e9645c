"""What the plandocs room does: it reads terms and facts, and writes nothing."""

import msgspec

from aftersales.access import STAFF
from aftersales.contracts.lifecycle_rules import promised_terms
from aftersales.contracts.models import ServiceContract
from aftersales.contracts.terms import terms_of
from aftersales.coverage.compiling import agreed_terms
from aftersales.kit.errors import Forbidden, InvalidInput, NotFound
from aftersales.kit.guards import today
from aftersales.parties.models import Customer
from aftersales.plandocs.commands import PlanDocumentRequest
from aftersales.plandocs.rules import PlanDocument, PlanFacts, compose
from aftersales.plans import service as plans
from aftersales.plans.models import ServicePlan
from aftersales.scope import TenantWork
from aftersales.terms.deadlines import SlaTarget
from aftersales.terms.playbook import VerticalPlaybook


async def plan_document(uow: TenantWork, command: PlanDocumentRequest) -> PlanDocument:
    """The after-sales plan of a vertical as the tenant offers it now, by its plan in effect; of a service plan; or of a
    contract as it was signed, with what it agreed on its own.

    Staff see every plan, customers those of their own contracts. REQUIRED unless exactly one of vertical, plan and
    contract is named, VERTICAL_NOT_ENABLED, NOT_FOUND (another customer's contract too), FORBIDDEN.
    """
    named = [one for one in (command.vertical, command.contract_id, command.service_plan_id) if one is not None]
    if len(named) != 1:
        raise InvalidInput("REQUIRED", field="vertical", field_name="vertical")
    if command.contract_id is not None:
        contract = await uow.get(ServiceContract, command.contract_id)
        if uow.actor.customer_id is not None and contract.customer_id != uow.actor.customer_id:
            raise NotFound("NOT_FOUND", thing="ServiceContract")
        if uow.actor.dealer_id is not None:
            raise NotFound("NOT_FOUND", thing="ServiceContract")
        customer = await uow.get(Customer, contract.customer_id)
        terms = _with_agreed(terms_of(uow.scope, contract.vertical, contract), contract)
        return compose(terms, _facts(uow, contract.vertical, contract, customer), command.language)
    if uow.actor.kind == "member" and not uow.actor.roles & STAFF:
        raise Forbidden("FORBIDDEN")
    if command.service_plan_id is not None:
        plan = await uow.get(ServicePlan, command.service_plan_id)
        return compose(await plans.plan_terms(uow, plan), _facts(uow, plan.vertical), command.language)
    vertical = command.vertical or ""
    _, offered = await plans.terms_on(uow, vertical, today(uow.now, uow.scope.time_zone))
    return compose(offered, _facts(uow, vertical), command.language)


def _with_agreed(terms: VerticalPlaybook, contract: ServiceContract) -> VerticalPlaybook:
    """The terms with what the contract agreed apart: lengths in the place of a class's, targets before all others."""
    targets = msgspec.convert(contract.terms.get("targets", ()), tuple[SlaTarget, ...])
    return msgspec.structs.replace(
        terms,
        warranty_terms=tuple(promised_terms(terms, agreed_terms(contract.terms))),
        sla_targets=(*targets, *terms.sla_targets),
    )


def _facts(
    uow: TenantWork, vertical: str, contract: ServiceContract | None = None, customer: Customer | None = None
) -> PlanFacts:
    return PlanFacts(
        company=uow.scope.name,
        vertical=uow.scope.registry.vertical(vertical).label,
        made_on=today(uow.now, uow.scope.time_zone),
        hotline=uow.scope.hotline,
        contract_number=contract.number if contract else None,
        contract_title=contract.title if contract else None,
        customer=customer.name if customer else None,
        starts_on=contract.starts_on if contract else None,
        ends_on=contract.ends_on if contract else None,
    )
