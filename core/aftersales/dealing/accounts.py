"""What dealers owe, and the write-off of warranty fees against it (P15-45)."""

from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

from aftersales.access import require
from aftersales.dealing import queries, rules
from aftersales.dealing.commands import ApproveSettlement, ConfirmSettlement, NoticeSettlement, PostReceivable
from aftersales.dealing.models import DealerEntry, DealerSettlement
from aftersales.fees.pricing import check_amount
from aftersales.fees.rules import check_currency
from aftersales.journal import service as journal
from aftersales.kit.counters import next_number
from aftersales.kit.errors import InvalidInput, NotFound
from aftersales.kit.guards import locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, TITLE_LIMIT, clean_text
from aftersales.parties.models import ServiceUnit
from aftersales.scope import TenantWork

SETTLEMENT_PREFIX: Final = "ST"
MOST_CLAIMS: Final = 500


async def post_receivable(uow: TenantWork, command: PostReceivable) -> DealerEntry:
    """Put on a dealer's account what it owes or paid; write-offs that wait are taken off at once.

    AMOUNT_INVALID, CURRENCY_INVALID.
    """
    require(uow.actor, "dealing.settle")
    await uow.get(ServiceUnit, command.service_unit_id)
    amount = check_amount(command.amount, "amount")
    if amount == 0:
        raise InvalidInput("AMOUNT_INVALID", field="amount", value=str(amount))
    reference = clean_text(command.reference, "reference", TITLE_LIMIT, required=True)
    return await enter(uow, command.service_unit_id, command.kind, amount, check_currency(command.currency), reference)


async def receivable(uow: TenantWork, service_unit_id: UUID, currency: str = "CNY") -> Decimal:
    """What a dealer owes; NOT_FOUND for another dealer's account."""
    if uow.actor.dealer_id is None:
        require(uow.actor, "statement.read")
    elif uow.actor.dealer_id != service_unit_id:
        raise NotFound("NOT_FOUND", field="serviceUnitId", thing="ServiceUnit")
    await uow.get(ServiceUnit, service_unit_id)
    return await queries.balance(uow, service_unit_id, check_currency(currency))


async def approve_settlement(uow: TenantWork, command: ApproveSettlement) -> DealerSettlement:
    """Finance approved warranty fees of a dealer; nothing is taken off before the dealer confirmed (A79)."""
    require(uow.actor, "dealing.settle")
    unit = await uow.get(ServiceUnit, command.service_unit_id)
    amount = check_amount(command.amount, "amount")
    if amount == 0:
        raise InvalidInput("AMOUNT_INVALID", field="amount", value=str(amount))
    if not command.claims:
        raise InvalidInput("REQUIRED", field="claims", field_name="claims")
    if len(command.claims) > MOST_CLAIMS:
        raise InvalidInput("TOO_MANY_GIVEN", field="claims", limit=MOST_CLAIMS, count=len(command.claims))
    settlement = uow.add(
        DealerSettlement(
            id=new_id(),
            number=await next_number(uow, SETTLEMENT_PREFIX, today(uow.now, uow.scope.time_zone).year),
            service_unit_id=unit.id,
            amount=amount,
            taken=rules.ZERO,
            currency=check_currency(command.currency),
            claims=[clean_text(claim, "claims", TITLE_LIMIT, required=True) for claim in command.claims],
            state="approved",
            approved_by=uow.actor.label,
            approved_at=uow.now,
        )
    )
    await _note(uow, "settlement.approved", settlement, {})
    return settlement


async def notice_settlement(uow: TenantWork, command: NoticeSettlement) -> DealerSettlement:
    """The written notice went to the dealer. SETTLEMENT_STATE_REFUSED unless approved and not noticed."""
    require(uow.actor, "dealing.settle")
    settlement = await locked(uow, DealerSettlement, command.settlement_id, command.expected_version)
    rules.check_settlement_state(settlement.state, "approved", "notice")
    settlement.notice_reference = clean_text(command.reference, "reference", TITLE_LIMIT, required=True)
    settlement.state, settlement.noticed_at = "noticed", uow.now
    await _note(uow, "settlement.noticed", settlement, {"reference": settlement.notice_reference})
    return settlement


async def confirm_settlement(uow: TenantWork, command: ConfirmSettlement) -> DealerSettlement:
    """The dealer's own written answer, or finance with its evidence; a yes is taken off what the dealer owes.

    SETTLEMENT_STATE_REFUSED before the notice, NOT_FOUND for another dealer's, EVIDENCE_REQUIRED, REQUIRED for a
    no without a reason.
    """
    require(uow.actor, "dealing.confirm")
    found = await uow.find(DealerSettlement, command.settlement_id)
    if found is None or uow.actor.dealer_id not in {None, found.service_unit_id}:
        raise NotFound("NOT_FOUND", field="settlementId", thing="DealerSettlement")
    # The dealer before its settlements: the order in which every entry of an account locks.
    await locked(uow, ServiceUnit, found.service_unit_id)
    settlement = await locked(uow, DealerSettlement, command.settlement_id, command.expected_version)
    rules.check_settlement_state(settlement.state, "noticed", "confirm")
    evidence = clean_text(command.evidence, "evidence", BODY_LIMIT)
    if not evidence:
        raise InvalidInput("EVIDENCE_REQUIRED", field="evidence")
    settlement.reason = clean_text(command.reason, "reason", BODY_LIMIT, required=not command.agreed) or None
    settlement.evidence = evidence
    if not command.agreed:
        settlement.state = "disputed"
        await _note(uow, "settlement.disputed", settlement, {"reason": settlement.reason})
        return settlement
    settlement.state, settlement.confirmed_at = "confirmed", uow.now
    await _note(uow, "settlement.confirmed", settlement, {})
    await _take_off(uow, settlement.service_unit_id, settlement.currency)
    return settlement


async def enter(
    uow: TenantWork, service_unit_id: UUID, kind: Literal["charge", "payment"], amount: Decimal, currency: str,
    reference: str,
) -> DealerEntry:  # fmt: skip
    """An entry of a dealer's account, whose row is locked, so that entries come one by one."""
    await locked(uow, ServiceUnit, service_unit_id)
    signed = amount if kind == "charge" else -amount
    entry = _enter(uow, service_unit_id, kind, signed, currency, reference, None)
    await journal.record(
        uow, f"receivable.{kind}", subject_type="service_unit", subject_id=service_unit_id,
        data={"amount": amount, "currency": currency, "reference": reference},
    )  # fmt: skip
    await _take_off(uow, service_unit_id, currency)
    return entry


async def _take_off(uow: TenantWork, service_unit_id: UUID, currency: str) -> None:
    """Take confirmed write-offs off what the dealer owes, oldest first, never below zero; the rest waits (A79)."""
    await uow.flush()
    owed = await queries.balance(uow, service_unit_id, currency)
    for settlement in await queries.confirmed(uow, service_unit_id, currency):
        part = rules.offset(owed, settlement.amount - settlement.taken)
        if part == 0:
            return
        owed -= part
        settlement.taken += part
        _enter(uow, service_unit_id, "offset", -part, currency, settlement.number, settlement.id)
        if settlement.taken == settlement.amount:
            settlement.state, settlement.offset_at = "offset", uow.now
        left = settlement.amount - settlement.taken
        await _note(uow, "settlement.offset", settlement, {"taken": part, "carried_forward": left})


def _enter(
    uow: TenantWork, service_unit_id: UUID, kind: str, amount: Decimal, currency: str, reference: str,
    settlement_id: UUID | None,
) -> DealerEntry:  # fmt: skip
    return uow.add(
        DealerEntry(
            id=new_id(), service_unit_id=service_unit_id, settlement_id=settlement_id, kind=kind, amount=amount,
            currency=currency, reference=reference, at=uow.now, actor=uow.actor.label,
        )
    )  # fmt: skip


async def _note(uow: TenantWork, kind: str, settlement: DealerSettlement, data: dict[str, object]) -> None:
    await journal.record(
        uow, kind, subject_type="settlement", subject_id=settlement.id,
        data={"number": settlement.number, "amount": settlement.amount, "currency": settlement.currency, **data},
    )  # fmt: skip
