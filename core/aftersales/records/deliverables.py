"""What must be handed over, what has been, and the handover that is refused while something is missing."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from aftersales.access import require
from aftersales.assets.models import Asset
from aftersales.contracts.models import ServiceContract
from aftersales.contracts.terms import terms_of
from aftersales.documents.models import Document
from aftersales.documents.rules import check_may_leave
from aftersales.journal import service as journal
from aftersales.kit.errors import Conflict, InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import happened_on, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import NAME_LIMIT, clean_text
from aftersales.records import gates, queries, subjects
from aftersales.records.commands import CompleteHandover, RecordReceipt
from aftersales.records.models import DeliverableReceipt, Handover, ServiceRecord
from aftersales.scope import TenantWork
from aftersales.terms.base import Label
from aftersales.terms.records import Deliverable


class DueDeliverable(Struct, frozen=True, kw_only=True):
    """A document that is due for a contract or an asset, and whether it was received."""

    code: str
    label: Label
    due: str
    clause: str | None
    author: str | None
    received: bool


class HandoverStatus(Struct, frozen=True, kw_only=True):
    """What is due, what is missing, and whether the handover was completed already."""

    deliverables: tuple[DueDeliverable, ...]
    missing: tuple[str, ...]
    complete: bool
    completed: bool


class _Subject(Struct, frozen=True, kw_only=True):
    """The contract or asset of a handover."""

    column: str
    id: UUID
    vertical: str
    customer_id: UUID
    contract: ServiceContract | None
    asset: Asset | None


async def _subject(uow: TenantWork, contract_id: UUID | None, asset_id: UUID | None) -> _Subject:
    """DELIVERABLE_SUBJECT_INVALID unless one of both is named; NOT_FOUND for what the caller may not see."""
    contract = None if contract_id is None else await uow.get(ServiceContract, contract_id)
    asset = None if asset_id is None else await uow.get(Asset, asset_id)
    if (contract_id is None) == (asset_id is None):
        raise InvalidInput("DELIVERABLE_SUBJECT_INVALID", field="contractId")
    thing: ServiceContract | Asset = contract or asset  # type: ignore[assignment]
    if subjects.outsider(uow.actor) and thing.customer_id != uow.actor.customer_id:
        raise NotFound("NOT_FOUND", thing=type(thing).__name__)
    column = "contract_id" if contract is not None else "asset_id"
    return _Subject(
        column=column, id=thing.id, vertical=thing.vertical, customer_id=thing.customer_id, contract=contract,
        asset=asset,
    )  # fmt: skip


def _declared(uow: TenantWork, subject: _Subject, due: str | None = None) -> list[Deliverable]:
    terms = terms_of(uow.scope, subject.vertical, subject.contract).deliverables
    return [
        one
        for one in terms
        if (due is None or one.due == due)
        and one.confidentiality != "secret"
        and (subject.asset is None or not one.asset_types or subject.asset.asset_type in one.asset_types)
    ]


async def handover_status(
    uow: TenantWork, due: str, *, contract_id: UUID | None = None, asset_id: UUID | None = None
) -> HandoverStatus:
    """What is due by a phase or occasion, and what of it is still missing (P01-23, P10-12, P11-49)."""
    return await _status(uow, await _subject(uow, contract_id, asset_id), due)


async def _status(uow: TenantWork, subject: _Subject, due: str) -> HandoverStatus:
    receipts = await queries.receipts_of(uow, subject.column, subject.id)
    received = {receipt.deliverable for receipt in receipts}
    found = tuple(
        DueDeliverable(
            code=one.code, label=one.label, due=one.due, clause=one.clause, author=one.author,
            received=one.code in received,
        )
        for one in _declared(uow, subject, due)
    )  # fmt: skip
    missing = tuple(one.code for one in found if not one.received)
    done = await queries.is_handed_over(uow, subject.id, due)
    return HandoverStatus(deliverables=found, missing=missing, complete=not missing, completed=done)


async def record_receipt(uow: TenantWork, command: RecordReceipt) -> DeliverableReceipt:
    """The customer received a document, and somebody signed for it.

    DELIVERABLE_UNKNOWN, DELIVERABLE_PROOF_REQUIRED without document or record, DOCUMENT_SECRET,
    DOCUMENT_UNPUBLISHED, DOCUMENT_OF_OTHER_KIND, RECORD_OF_OTHER_CUSTOMER, INSTANT_IN_FUTURE.
    """
    require(uow.actor, "document.send")
    document = None if command.document_id is None else await uow.get(Document, command.document_id)
    record = None if command.record_id is None else await uow.get(ServiceRecord, command.record_id)
    subject = await _subject(uow, command.contract_id, command.asset_id)
    declared = next((one for one in _declared(uow, subject) if one.code == command.deliverable), None)
    if declared is None:
        raise InvalidInput("DELIVERABLE_UNKNOWN", field="deliverable", deliverable=command.deliverable)
    if (document is None) == (record is None):
        raise InvalidInput("DELIVERABLE_PROOF_REQUIRED", field="documentId")
    if document is not None:
        check_handed_over(document, declared)
    if record is not None:
        _check_record(record, subject, declared)
    receipt = uow.add(
        DeliverableReceipt(
            id=new_id(), deliverable=declared.code, due=declared.due, contract_id=command.contract_id,
            asset_id=command.asset_id, customer_id=subject.customer_id, document_id=command.document_id,
            record_id=command.record_id,
            received_by=clean_text(command.received_by, "receivedBy", NAME_LIMIT, required=True),
            received_on=happened_on(uow.now, uow.scope.time_zone, command.received_on, "receivedOn"),
            at=uow.now, actor=uow.actor.label,
        )
    )  # fmt: skip
    await _note(uow, "deliverable.received", subject, {"deliverable": declared.code, "due": declared.due})
    return receipt


def check_handed_over(document: Document, declared: Deliverable) -> None:
    """Whether the document may be handed over as that deliverable."""
    check_may_leave(document.confidentiality)
    if document.deliverable is not None and document.deliverable != declared.code:
        raise InvalidInput("DOCUMENT_OF_OTHER_KIND", field="documentId", deliverable=declared.code)
    needs_publishing = bool(declared.sections or declared.author)
    if needs_publishing and document.deliverable is None:
        raise InvalidInput("DOCUMENT_OF_OTHER_KIND", field="documentId", deliverable=declared.code)
    if needs_publishing and document.published_at is None:
        raise StateRefused("DOCUMENT_UNPUBLISHED", field="documentId")


def _check_record(record: ServiceRecord, subject: _Subject, declared: Deliverable) -> None:
    if record.customer_id != subject.customer_id:
        raise InvalidInput("RECORD_OF_OTHER_CUSTOMER", field="recordId")
    if record.state not in queries.FINISHED or record.deleted_at is not None:
        raise StateRefused("RECORD_STATE_REFUSED", field="recordId", state=record.state, operation="hand_over")
    if record.form != (declared.form or declared.code):
        raise InvalidInput("DOCUMENT_OF_OTHER_KIND", field="recordId", deliverable=declared.code)


async def complete_handover(uow: TenantWork, command: CompleteHandover) -> Handover:
    """Hand over. DELIVERABLES_MISSING names what is missing; HANDOVER_DONE, HANDOVER_NOTHING_DUE; RecordRules."""
    require(uow.actor, "document.send")
    subject = await _subject(uow, command.contract_id, command.asset_id)
    await locked(uow, ServiceContract if subject.contract is not None else Asset, subject.id)
    status = await _status(uow, subject, command.due)
    if status.completed:
        raise Conflict("HANDOVER_DONE", field="due")
    declared = await gates.rules_of(uow, subject.vertical, command.contract_id)
    applying = [rule for rule in declared if rule.before == "handover"]
    if not status.deliverables and not applying:
        raise InvalidInput("HANDOVER_NOTHING_DUE", field="due", due=command.due)
    refuse_missing(status.missing)
    about = "contract" if subject.contract is not None else "asset"
    await gates.check(uow, applying, about, subject.id, vertical=subject.vertical)
    for rule in applying:
        await require_deliverables(uow, rule.deliverables, subject.column, subject.id)
    handover = uow.add(
        Handover(
            id=new_id(), subject_id=subject.id, contract_id=command.contract_id, asset_id=command.asset_id,
            customer_id=subject.customer_id, due=command.due,
            received=[one.code for one in status.deliverables],
            completed_on=today(uow.now, uow.scope.time_zone), at=uow.now, actor=uow.actor.label,
        )
    )  # fmt: skip
    await _note(uow, "handover.completed", subject, {"due": command.due})
    return handover


def refuse_missing(missing: Sequence[str]) -> None:
    """DELIVERABLES_MISSING."""
    if missing:
        raise StateRefused("DELIVERABLES_MISSING", field="deliverables", missing=", ".join(missing))


async def require_deliverables(uow: TenantWork, codes: Sequence[str], column: str, subject_id: UUID) -> None:
    """DELIVERABLES_MISSING while one of them wasn't received for the contract or asset."""
    if codes:
        received = {receipt.deliverable for receipt in await queries.receipts_of(uow, column, subject_id)}
        refuse_missing([code for code in codes if code not in received])


async def _note(uow: TenantWork, kind: str, subject: _Subject, data: dict[str, object]) -> None:
    await journal.record(
        uow, kind, subject_type="asset" if subject.asset is not None else "contract", subject_id=subject.id,
        asset_id=subject.asset.id if subject.asset is not None else None, customer_id=subject.customer_id, data=data,
    )  # fmt: skip
