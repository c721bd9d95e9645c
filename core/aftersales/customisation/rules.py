"""The life of a request for customisation, and what each type needs. Pure."""

from collections.abc import Sequence
from typing import Final, Literal, get_args

from aftersales.customisation.commands import PlanStep
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.terms.playbook import VerticalPlaybook
from aftersales.terms.upgrades import CustomisationType

RequestState = Literal["requested", "quoted", "accepted", "declined", "delivered", "completed", "withdrawn"]
RequestOperation = Literal["estimate", "quote", "accept", "decline", "plan", "deliver", "train", "complete", "withdraw"]
STATES: tuple[RequestState, ...] = get_args(RequestState)
LONGEST_DAYS: Final = 3650
MOST_STEPS: Final = 200

_FROM: Final[dict[RequestOperation, frozenset[str]]] = {
    "estimate": frozenset({"requested", "quoted", "declined"}),
    "quote": frozenset({"requested", "quoted", "declined"}),
    "accept": frozenset({"requested", "quoted", "declined"}),
    "decline": frozenset({"requested", "quoted", "accepted"}),
    "plan": frozenset({"requested", "quoted", "accepted"}),
    "deliver": frozenset({"requested", "accepted"}),
    "train": frozenset({"accepted", "delivered"}),
    "complete": frozenset({"requested", "accepted", "delivered"}),
    "withdraw": frozenset({"requested", "quoted", "accepted", "declined"}),
}


def check_state(state: str, operation: RequestOperation) -> None:
    """CUSTOMISATION_STATE_REFUSED where the operation has no place."""
    if state not in _FROM[operation]:
        raise StateRefused("CUSTOMISATION_STATE_REFUSED", field="requestId", state=state, operation=operation)


def declared_type(terms: VerticalPlaybook, code: str) -> CustomisationType:
    """The type of that code; CUSTOMISATION_TYPE_UNKNOWN for one that the vertical hasn't."""
    found = next((known for known in terms.customisation_types if known.code == code), None)
    if found is None:
        known = ", ".join(known.code for known in terms.customisation_types)
        raise InvalidInput("CUSTOMISATION_TYPE_UNKNOWN", field="type", value=code, known=known)
    return found


def check_days(days: int, field: str = "workingDays") -> int:
    """QUANTITY_INVALID unless it is a number of days that work may take."""
    if not 0 < days <= LONGEST_DAYS:
        raise InvalidInput("QUANTITY_INVALID", field=field, value=str(days))
    return days


def check_deliverable(state: str, *, estimate: bool) -> None:
    """Work that is quoted isn't delivered before the customer accepted: CONSENT_REQUIRED (P10-05)."""
    if estimate and state in {"requested", "quoted", "declined"}:
        raise StateRefused("CONSENT_REQUIRED", field="requestId")
    check_state(state, "deliver")


def check_complete(state: str, *, training: bool, trained: bool, plan: bool, planned: bool, delivered: bool) -> None:
    """TRAINING_RECORD_REQUIRED (P10-04), PLAN_DOCUMENT_REQUIRED (P01-30); delivered, or answered by its plan."""
    check_state(state, "complete")
    if plan and not planned:
        raise StateRefused("PLAN_DOCUMENT_REQUIRED", field="requestId")
    if not delivered and not plan:
        raise StateRefused("CUSTOMISATION_STATE_REFUSED", field="requestId", state=state, operation="complete")
    if training and not trained:
        raise StateRefused("TRAINING_RECORD_REQUIRED", field="requestId")


def version_tag(release: str, customer_code: str, number: str) -> str:
    """The name of a customer's own version: the release it stands on, whose it is, and by which request."""
    return "+".join(part for part in (release, customer_code, number) if part)


def plan_text(introduction: str, steps: Sequence[PlanStep]) -> str:
    """The body of a plan document: what it is about, then its steps by number."""
    lines = [introduction, ""] if introduction else []
    for number, step in enumerate(steps, start=1):
        days = "" if step.working_days is None else f" ({step.working_days} d)"
        lines.append(f"{number}. {step.text}{days}")
    return "\n".join(lines)
