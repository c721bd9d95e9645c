"""The terms under which something is owed: the one place where a contract's own take the vertical's place."""

from typing import Final

from aftersales.contracts.models import ServiceContract
from aftersales.kit.unit_of_work import after_reading
from aftersales.plans import snapshots
from aftersales.scope import TenantScope, TenantWork
from aftersales.terms.playbook import VerticalPlaybook

_SIGNED: Final = "signed_terms"


def terms_of(scope: TenantScope, vertical: str, contract: ServiceContract | None) -> VerticalPlaybook:
    """What was promised under a contract, or by the vertical as it is now where there is no contract.

    The contract has to come from a unit of work, which reads its terms with it.
    """
    if contract is None:
        return scope.vertical(vertical)
    return signed_terms(contract) or scope.vertical(contract.vertical)


def signed_terms(contract: ServiceContract | None) -> VerticalPlaybook | None:
    """The terms that a contract was signed under; None for one from the time before terms were kept."""
    if contract is None or contract.terms_id is None:
        return None
    terms_id, terms = contract.__dict__.get(_SIGNED, (None, None))
    if terms_id != contract.terms_id:
        raise RuntimeError("a contract's terms are at hand only when a unit of work read it")
    found: VerticalPlaybook = terms
    return found


def put_under(contract: ServiceContract, terms: VerticalPlaybook) -> None:
    """Let a contract that is at hand be read with these terms, which its `terms_id` names."""
    contract.__dict__[_SIGNED] = (contract.terms_id, terms)


@after_reading(ServiceContract)
async def read_terms(uow: TenantWork, contract: ServiceContract) -> None:
    """Put the signed terms at a contract's row, so that pure code finds them there."""
    terms_id = contract.terms_id
    if terms_id is not None and contract.__dict__.get(_SIGNED, (None, None))[0] != terms_id:
        contract.__dict__[_SIGNED] = (terms_id, await snapshots.load(uow, terms_id))
