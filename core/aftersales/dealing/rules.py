"""Who pays what between company and dealer, and who may answer a customer's demand. Pure."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Final, Literal, get_args

from msgspec import Struct

from aftersales.fees.rules import MatrixRow, approver_for
from aftersales.kit.errors import Forbidden, InvalidInput, StateRefused
from aftersales.terms.dealing import PartOrderRule, ReturnCostRule, ReturnPayer

OrderState = Literal["ordered", "paid", "shipped", "cancelled"]
SettlementState = Literal["approved", "noticed", "confirmed", "offset", "disputed"]
DemandState = Literal["recorded", "granted", "granted_other", "refused"]
ORDER_STATES: tuple[OrderState, ...] = get_args(OrderState)
SETTLEMENT_STATES: tuple[SettlementState, ...] = get_args(SettlementState)
DEMAND_STATES: tuple[DemandState, ...] = get_args(DemandState)
ZERO: Final = Decimal("0.00")


class ReturnCosts(Struct, frozen=True, kw_only=True):
    """What each side bears of a return, with the clause."""

    freight_payer: ReturnPayer
    restoration_payer: ReturnPayer | None
    company: Decimal
    dealer: Decimal
    clause: str | None


def check_order_state(state: str, wanted: Collection[str], operation: str) -> None:
    """PART_ORDER_STATE_REFUSED where the operation has no place."""
    if state not in wanted:
        raise StateRefused("PART_ORDER_STATE_REFUSED", field="partOrderId", state=state, operation=operation)


def check_method(method: str, rules: Iterable[PartOrderRule]) -> None:
    """ON_ACCOUNT_REFUSED where dealers pay before the goods leave (P15-12)."""
    if method == "on_account" and any(rule.payment == "before_shipment" for rule in rules):
        raise StateRefused("ON_ACCOUNT_REFUSED", field="method")


def check_shippable(total: Decimal, paid: Decimal, rules: Iterable[PartOrderRule]) -> None:
    """PAYMENT_BEFORE_SHIPMENT with what is missing, where the goods wait for the money (P15-12)."""
    if paid < total and any(rule.payment == "before_shipment" for rule in rules):
        raise StateRefused("PAYMENT_BEFORE_SHIPMENT", field="partOrderId", missing=str(total - paid))


def return_costs(cause: str, freight: Decimal, restoration: Decimal, rules: Iterable[ReturnCostRule]) -> ReturnCosts:
    """Split the cost of a return by its cause (P15-28 to P15-30).

    RETURN_CAUSE_UNKNOWN; RESTORATION_UNDECIDED for restoration labour that no term gives to anybody.
    """
    declared = tuple(rules)
    rule = next((known for known in declared if known.cause == cause), None)
    if rule is None:
        known = ", ".join(known.cause for known in declared)
        raise InvalidInput("RETURN_CAUSE_UNKNOWN", field="cause", value=cause, known=known)
    if restoration > 0 and rule.restoration is None:
        raise StateRefused("RESTORATION_UNDECIDED", field="restoration")
    dealer = (freight if rule.freight == "dealer" else ZERO) + (restoration if rule.restoration == "dealer" else ZERO)
    return ReturnCosts(
        freight_payer=rule.freight,
        restoration_payer=rule.restoration,
        company=freight + restoration - dealer,
        dealer=dealer,
        clause=rule.clause,
    )


def offset(balance: Decimal, open_amount: Decimal) -> Decimal:
    """How much of an open write-off is taken off what a dealer owes: never below zero, the rest stays open (A79)."""
    return max(min(balance, open_amount), ZERO)


def check_settlement_state(state: str, wanted: str, operation: str) -> None:
    """SETTLEMENT_STATE_REFUSED where the operation has no place."""
    if state != wanted:
        raise StateRefused("SETTLEMENT_STATE_REFUSED", field="settlementId", state=state, operation=operation)


def decide_demand(
    *, demanded: str, granted: str | None, amount: Decimal, reason: str, confirmed: bool | None,
    roles: Collection[str], system: bool, matrix: Collection[MatrixRow],
) -> tuple[DemandState, str | None]:  # fmt: skip
    """The answer to a demand and the authority that it stands on (P07-21).

    DEMAND_QUALITY_OPEN before anybody examined the product. Once quality is confirmed, who has authority for the
    amount grants what is demanded; a refusal or another remedy needs a reason, and the highest authority of the
    matrix: DEMAND_REASON_REQUIRED, DEMAND_FAVOUR_DUE. DEMAND_AUTHORITY_REQUIRED beyond one's own authority.
    """
    if confirmed is None:
        raise StateRefused("DEMAND_QUALITY_OPEN", field="demandId")
    if granted != demanded and not reason:
        raise InvalidInput("DEMAND_REASON_REQUIRED", field="reason")
    decider = approver_for(matrix, amount)
    highest = max(matrix, key=lambda row: (row.up_to is None, row.up_to or ZERO), default=None)
    if decider is not None and granted is not None and not system and not _decides(roles, matrix, amount):
        raise Forbidden("DEMAND_AUTHORITY_REQUIRED", approver=decider.approver, role=decider.role)
    if confirmed and granted != demanded and highest is not None and not system and highest.role not in roles:
        raise Forbidden("DEMAND_FAVOUR_DUE", approver=highest.approver)
    state: DemandState = "refused" if granted is None else "granted" if granted == demanded else "granted_other"
    authority = highest if confirmed and granted != demanded else decider
    return state, authority.approver if authority else None


def _decides(roles: Collection[str], matrix: Iterable[MatrixRow], amount: Decimal) -> bool:
    """Whether somebody with these roles decides about the amount, or about more."""
    return any(row.role in roles and (row.up_to is None or row.up_to >= amount) for row in matrix)
