"""What the fees room does, in one place for callers; each function takes a unit of work and one command.

Nothing here commits. Every refusal is an `AftersalesError` with a stable code.
"""

from aftersales.fees.approvals import decide_approval, implement_approval, request_approval, set_approval_matrix
from aftersales.fees.billing import (
    Statement,
    StatementLine,
    charge_work,
    customer_statement,
    issue_credit_note,
    issue_invoice,
    record_payment,
)
from aftersales.fees.books import end_price_book, price_ticket, publish_price_book
from aftersales.fees.quotes import answer_quote, issue_quote, withdraw_quote, work_allowed

__all__ = [
    "Statement",
    "StatementLine",
    "answer_quote",
    "charge_work",
    "customer_statement",
    "decide_approval",
    "end_price_book",
    "implement_approval",
    "issue_credit_note",
    "issue_invoice",
    "issue_quote",
    "price_ticket",
    "publish_price_book",
    "record_payment",
    "request_approval",
    "set_approval_matrix",
    "withdraw_quote",
    "work_allowed",
]
