"""Approvals: by amount and type to whom the matrix names, and nothing before (P07-12)."""

from decimal import Decimal

import pytest

from aftersales.fees import service
from aftersales.fees.commands import (
    DecideApproval,
    ImplementApproval,
    MatrixEntry,
    RequestApproval,
    SetApprovalMatrix,
)
from aftersales.fees.models import Approval, ApprovalRule, Quote
from aftersales.tickets import service as tickets
from aftersales.tickets.commands import StartWork
from tests.fees.shop import FINANCE, answer, publish, quote
from tests.support.refusals import refused
from tests.tickets.world import World, member

D = Decimal
REFUNDS = SetApprovalMatrix(
    type="refund",
    rules=(
        MatrixEntry(up_to=D("5000.00"), approver="general_manager", role="owner"),
        MatrixEntry(approver="gm_office_meeting", role="owner"),
    ),
)


@pytest.mark.clause("P07-12")
async def test_a_refund_above_the_managers_limit_goes_to_the_office_meeting(solar_world: World) -> None:
    """Given a limit of 5,000.00, when 8,000.00 are to be refunded, then the meeting decides, and nothing before it."""
    await solar_world.do(service.set_approval_matrix, REFUNDS, solar_world.owner)
    ticket = await solar_world.open()

    async def ask(amount: str) -> Approval:
        command = RequestApproval(ticket_id=ticket.id, type="refund", amount=D(amount), subject="returned tank")
        asked: Approval = await solar_world.do(service.request_approval, command, FINANCE)
        return asked

    assert (await ask("5000.00")).approver == "general_manager"
    assert (await ask("5000.01")).approver == "gm_office_meeting"
    large = await ask("8000.00")
    assert (large.approver, large.state) == ("gm_office_meeting", "requested")

    implement = ImplementApproval(approval_id=large.id)
    early = await refused(solar_world, service.implement_approval, implement, FINANCE)
    assert (early.code, early.params["approver"]) == ("APPROVAL_MISSING", "gm_office_meeting")
    decide = DecideApproval(approval_id=large.id, approved=True)
    wrong_role = await refused(solar_world, service.decide_approval, decide, FINANCE)
    assert (wrong_role.code, wrong_role.status) == ("APPROVAL_ROLE_REQUIRED", 403)
    approved = await solar_world.do(service.decide_approval, decide, solar_world.owner)
    assert (approved.state, approved.decided_by) == ("approved", solar_world.owner.label)
    assert (await refused(solar_world, service.decide_approval, decide, solar_world.owner)).code == (
        "APPROVAL_STATE_REFUSED"
    )
    assert (await solar_world.do(service.implement_approval, implement, FINANCE)).state == "implemented"
    assert (await refused(solar_world, service.implement_approval, implement, FINANCE)).code == "APPROVAL_STATE_REFUSED"


async def test_what_was_rejected_is_not_carried_out(solar_world: World) -> None:
    await solar_world.do(service.set_approval_matrix, REFUNDS, solar_world.owner)
    ticket = await solar_world.open()
    command = RequestApproval(ticket_id=ticket.id, type="refund", amount=D("1.00"), subject="valve")
    own = member("owner")
    asked = await solar_world.do(service.request_approval, command, own)
    self_made = await refused(
        solar_world, service.decide_approval, DecideApproval(approval_id=asked.id, approved=True), own
    )
    assert self_made.code == "APPROVAL_OWN_REQUEST"
    silent = DecideApproval(approval_id=asked.id, approved=False)
    assert (await refused(solar_world, service.decide_approval, silent, solar_world.owner)).field == "comment"
    rejection = DecideApproval(approval_id=asked.id, approved=False, comment="no defect found")
    assert (await solar_world.do(service.decide_approval, rejection, solar_world.owner)).state == "rejected"
    implement = ImplementApproval(approval_id=asked.id)
    assert (await refused(solar_world, service.implement_approval, implement, own)).code == "APPROVAL_MISSING"


async def test_a_matrix_that_contradicts_itself_is_refused(solar_world: World) -> None:
    def matrix(*limits: str | None, role: str = "owner", type: str = "refund") -> SetApprovalMatrix:
        rows = tuple(MatrixEntry(up_to=None if x is None else D(x), approver="a", role=role) for x in limits)
        return SetApprovalMatrix(type=type, rules=rows)

    cases = [
        (matrix("5", "5"), "APPROVAL_LIMITS_INVALID", "rules.1.upTo"),
        (matrix("5", "4"), "APPROVAL_LIMITS_INVALID", "rules.1.upTo"),
        (matrix(None, "4"), "APPROVAL_LIMITS_INVALID", "rules.1.upTo"),
        (matrix(None, None), "APPROVAL_LIMITS_INVALID", "rules.1.upTo"),
        (matrix("-1"), "AMOUNT_INVALID", "rules.0.upTo"),
        (matrix("1", role="king"), "VALUE_UNKNOWN", "rules.0.role"),
        (matrix("1", type=" "), "REQUIRED", "type"),
    ]
    for command, code, field in cases:
        error = await refused(solar_world, service.set_approval_matrix, command, solar_world.owner)
        assert (error.code, error.field) == (code, field)
    assert (await refused(solar_world, service.set_approval_matrix, REFUNDS, FINANCE)).code == "FORBIDDEN"


async def test_a_new_matrix_replaces_the_old_one(solar_world: World) -> None:
    await solar_world.do(service.set_approval_matrix, REFUNDS, solar_world.owner)
    ticket = await solar_world.open()
    await solar_world.do(service.set_approval_matrix, SetApprovalMatrix(type="refund", rules=()), solar_world.owner)
    assert [rule.replaced_at is None for rule in await solar_world.read(ApprovalRule)] == [False, False]
    command = RequestApproval(ticket_id=ticket.id, type="refund", amount=D("1.00"), subject="valve")
    error = await refused(solar_world, service.request_approval, command, FINANCE)
    assert (error.code, error.field) == ("APPROVAL_RULE_MISSING", "type")


async def test_a_quote_waits_for_its_approver(solar_world: World) -> None:
    await publish(solar_world)
    matrix = SetApprovalMatrix(type="quote", rules=(MatrixEntry(approver="sales director", role="owner"),))
    await solar_world.do(service.set_approval_matrix, matrix, solar_world.owner)
    ticket = await solar_world.open()
    refused_one = await quote(solar_world, ticket)
    [asked] = await solar_world.read(Approval, quote_id=refused_one.id)
    assert (asked.amount, asked.approver) == (D("380.00"), "sales director")
    no = DecideApproval(approval_id=asked.id, approved=False, comment="too dear")
    await solar_world.do(service.decide_approval, no, solar_world.owner)
    [stored] = await solar_world.read(Quote, id=refused_one.id)
    assert stored.state == "not_approved"

    offered = await quote(solar_world, ticket)
    [asked] = await solar_world.read(Approval, quote_id=offered.id)
    await solar_world.do(
        service.decide_approval, DecideApproval(approval_id=asked.id, approved=True), solar_world.owner
    )
    await solar_world.do(service.answer_quote, answer(solar_world, offered))
    assert (await solar_world.do(tickets.start_work, StartWork(ticket_id=ticket.id))).state == "in_progress"
