"""The terms under which something is owed: the one place where a contract's own take the vertical's place."""

from aftersales.contracts.models import ServiceContract
from aftersales.scope import TenantScope
from aftersales.terms.playbook import VerticalPlaybook


def terms_of(scope: TenantScope, vertical: str, contract: ServiceContract | None) -> VerticalPlaybook:
    """What was promised under a contract, or by the vertical as it is now where there is no contract."""
    return scope.vertical(vertical if contract is None else contract.vertical)
