"""The life of a proposal and what it must have. Pure."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, Literal, get_args

from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.terms.upgrades import ProposalRule

ProposalState = Literal["requested", "sent", "accepted", "declined", "withdrawn"]
ProposalOperation = Literal["survey", "send", "answer", "link", "withdraw"]
STATES: tuple[ProposalState, ...] = get_args(ProposalState)

_FROM: Final[dict[ProposalOperation, frozenset[str]]] = {
    "survey": frozenset({"requested", "sent"}),
    "send": frozenset({"requested", "sent"}),
    "answer": frozenset({"sent"}),
    "link": frozenset({"accepted"}),
    "withdraw": frozenset({"requested", "sent"}),
}


def check_state(state: str, operation: ProposalOperation) -> None:
    """PROPOSAL_STATE_REFUSED where the operation has no place."""
    if state not in _FROM[operation]:
        raise StateRefused("PROPOSAL_STATE_REFUSED", field="proposalId", state=state, operation=operation)


def check_content(rules: Iterable[ProposalRule], *, budget_total: Decimal | None, surveyed: bool) -> list[str]:
    """The codes of what is missing where the text only wants it known.

    PROPOSAL_WITHOUT_BUDGET, SITE_SURVEY_MISSING where sending is refused.
    """
    warnings: list[str] = []
    for rule in rules:
        if rule.needs == "budget" and not budget_total:
            code, field = "PROPOSAL_WITHOUT_BUDGET", "budgetTotal"
        elif rule.needs == "survey" and not surveyed:
            code, field = "SITE_SURVEY_MISSING", "proposalId"
        else:
            continue
        if rule.on_miss == "refuse":
            raise InvalidInput(code, field=field)
        warnings.append(code)
    return warnings
