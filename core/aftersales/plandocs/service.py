"""What the plandocs room does: it reads terms and facts, and writes nothing."""

from aftersales.access import STAFF
from aftersales.contracts.models import ServiceContract
from aftersales.contracts.terms import terms_of
from aftersales.kit.errors import Forbidden, InvalidInput, NotFound
from aftersales.kit.guards import today
from aftersales.parties.models import Customer
from aftersales.plandocs.commands import PlanDocumentRequest
from aftersales.plandocs.rules import PlanDocument, PlanFacts, compose
from aftersales.scope import TenantWork


async def plan_document(uow: TenantWork, command: PlanDocumentRequest) -> PlanDocument:
    """The after-sales plan of a vertical as the tenant offers it now, or of a contract as it was signed.

    Staff see every plan, customers those of their own contracts. REQUIRED unless exactly one of vertical and
    contract is named, VERTICAL_NOT_ENABLED, NOT_FOUND (another customer's contract too), FORBIDDEN.
    """
    if (command.vertical is None) == (command.contract_id is None):
        raise InvalidInput("REQUIRED", field="vertical", field_name="vertical")
    if command.contract_id is not None:
        contract = await uow.get(ServiceContract, command.contract_id)
        if uow.actor.customer_id is not None and contract.customer_id != uow.actor.customer_id:
            raise NotFound("NOT_FOUND", thing="ServiceContract")
        if uow.actor.dealer_id is not None:
            raise NotFound("NOT_FOUND", thing="ServiceContract")
        customer = await uow.get(Customer, contract.customer_id)
        terms = terms_of(uow.scope, contract.vertical, contract)
        return compose(terms, _facts(uow, contract.vertical, contract, customer), command.language)
    if uow.actor.kind == "member" and not uow.actor.roles & STAFF:
        raise Forbidden("FORBIDDEN")
    vertical = command.vertical or ""
    return compose(uow.scope.enabled(vertical), _facts(uow, vertical), command.language)


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
