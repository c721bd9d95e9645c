"""Money between the company and its dealers: part orders and returns of stock."""

from typing import Literal

from aftersales.terms.base import Term

ReturnPayer = Literal["company", "dealer"]


class PartOrderRule(Term, frozen=True, kw_only=True):
    """How dealers pay for parts: `before_shipment` keeps the goods until all is paid, and nothing goes on account."""

    payment: Literal["before_shipment", "on_account"]


class ReturnCostRule(Term, frozen=True, kw_only=True):
    """Who bears the cost of a return of stock for this cause.

    `restoration` pays for the labour that makes the product whole again; None: the text says nothing about it.
    """

    cause: str
    freight: ReturnPayer
    restoration: ReturnPayer | None = None
