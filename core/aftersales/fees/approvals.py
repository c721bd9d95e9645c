"""Who has to approve what, by amount and type; nothing is carried out before (P07-12, A42)."""

from decimal import Decimal
from uuid import UUID

import msgspec

from aftersales.access import STAFF, require
from aftersales.fees import queries, rules
from aftersales.fees.commands import DecideApproval, ImplementApproval, RequestApproval, SetApprovalMatrix
from aftersales.fees.models import Approval, ApprovalRule, Quote
from aftersales.fees.pricing import check_amount
from aftersales.journal import service as journal
from aftersales.kit.errors import Forbidden, InvalidInput, StateRefused
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.tickets.handling import load_ticket
from aftersales.tickets.models import Ticket

QUOTE = "quote"
"""The type of approval that quotes ask for by themselves."""
TYPE_LIMIT = 60


async def set_approval_matrix(uow: TenantWork, command: SetApprovalMatrix) -> list[ApprovalRule]:
    """Replace who decides about a type; no rows: nothing of the type needs approval any more.

    APPROVAL_LIMITS_INVALID unless limits rise and only the last is open; VALUE_UNKNOWN for a role.
    """
    require(uow.actor, "approval.manage")
    kind = clean_text(command.type, "type", TYPE_LIMIT, required=True)
    rows: list[rules.MatrixRow] = []
    for position, entry in enumerate(command.rules):
        at = f"rules.{position}"
        approver = clean_text(entry.approver, f"{at}.approver", NAME_LIMIT, required=True)
        if entry.role not in STAFF:
            raise InvalidInput(
                "VALUE_UNKNOWN", field=f"{at}.role", field_name="role", value=entry.role, known=", ".join(sorted(STAFF))
            )
        if entry.up_to is not None:
            check_amount(entry.up_to, f"{at}.upTo")
        rows.append(rules.MatrixRow(up_to=entry.up_to, approver=approver, role=entry.role))
    rules.check_matrix(rows)
    for old in await queries.matrix_rules(uow, kind):
        old.replaced_at = uow.now
    made = [
        uow.add(
            ApprovalRule(id=new_id(), type=kind, up_to=row.up_to, approver=row.approver, role=row.role, set_at=uow.now)
        )
        for row in rows
    ]
    await journal.record(
        uow, "approval_matrix.set", subject_type="tenant", subject_id=uow.scope.id,
        data={"type": kind, "rules": [msgspec.structs.asdict(row) for row in rows]},
    )  # fmt: skip
    return made


async def request_approval(uow: TenantWork, command: RequestApproval) -> Approval:
    """Ask the approver whom the matrix names; APPROVAL_RULE_MISSING where it names nobody for the type."""
    ticket = await load_ticket(uow, command.ticket_id, "approval.request")
    kind = clean_text(command.type, "type", TYPE_LIMIT, required=True)
    amount = check_amount(command.amount, "amount")
    subject = clean_text(command.subject, "subject", BODY_LIMIT, required=True)
    decider = rules.approver_for(await queries.matrix_rows(uow, kind), amount)
    if decider is None:
        raise StateRefused("APPROVAL_RULE_MISSING", field="type", value=kind)
    return await ask(uow, ticket, kind, amount, subject, decider)


async def ask(
    uow: TenantWork,
    ticket: Ticket,
    type: str,
    amount: Decimal,
    subject: str,
    decider: rules.MatrixRow,
    *,
    quote_id: UUID | None = None,
) -> Approval:
    """Put a decision before its approver."""
    approval = uow.add(
        Approval(
            id=new_id(),
            type=type,
            amount=amount,
            ticket_id=ticket.id,
            quote_id=quote_id,
            subject=subject,
            approver=decider.approver,
            role=decider.role,
            requested_by=uow.actor.label,
            requested_at=uow.now,
        )
    )
    await _note(uow, "approval.requested", approval, ticket)
    return approval


async def decide_approval(uow: TenantWork, command: DecideApproval) -> Approval:
    """Keep the approver's decision; a quote that waited for it may then go to the customer, or not.

    APPROVAL_ROLE_REQUIRED without the role of the matrix, APPROVAL_OWN_REQUEST for one's own request,
    APPROVAL_STATE_REFUSED when it was decided already.
    """
    approval = await uow.get(Approval, command.approval_id)
    actor = uow.actor
    if actor.kind == "member":
        if approval.role not in actor.roles:
            raise Forbidden("APPROVAL_ROLE_REQUIRED", role=approval.role, approver=approval.approver)
        if approval.requested_by == actor.label:
            raise Forbidden("APPROVAL_OWN_REQUEST")
    ticket = await locked(uow, Ticket, approval.ticket_id)
    approval = await locked(uow, Approval, command.approval_id, command.expected_version)
    _check_state(approval, "requested", "decide")
    approval.comment = clean_text(command.comment, "comment", BODY_LIMIT, required=not command.approved)
    approval.state = "approved" if command.approved else "rejected"
    approval.decided_by, approval.decided_at = actor.label, uow.now
    if approval.quote_id is not None:
        quote = await uow.get(Quote, approval.quote_id, for_update=True)
        if quote.state == "awaiting_approval":
            quote.state = rules.next_quote_state(quote.state, "approve" if command.approved else "disapprove")
    await _note(uow, f"approval.{approval.state}", approval, ticket)
    return approval


async def implement_approval(uow: TenantWork, command: ImplementApproval) -> Approval:
    """Carry out what was approved; APPROVAL_MISSING before the approval, APPROVAL_STATE_REFUSED twice (P07-12)."""
    require(uow.actor, "approval.request")
    approval = await locked(uow, Approval, command.approval_id, command.expected_version)
    if approval.state in {"requested", "rejected"}:
        raise StateRefused("APPROVAL_MISSING", field="approvalId", approver=approval.approver)
    _check_state(approval, "approved", "implement")
    approval.state, approval.implemented_at = "implemented", uow.now
    await _note(uow, "approval.implemented", approval, await uow.get(Ticket, approval.ticket_id))
    return approval


def _check_state(approval: Approval, wanted: str, operation: str) -> None:
    if approval.state != wanted:
        raise StateRefused("APPROVAL_STATE_REFUSED", field="approvalId", state=approval.state, operation=operation)


async def _note(uow: TenantWork, kind: str, approval: Approval, ticket: Ticket) -> None:
    await journal.record(
        uow, kind, subject_type="approval", subject_id=approval.id, ticket=ticket,
        data={
            "type": approval.type, "amount": approval.amount, "approver": approval.approver,
            "subject": approval.subject, "comment": approval.comment,
        },
    )  # fmt: skip
