"""What is done with records, files and handovers; finding them; and the reports over them."""

from datetime import date, datetime
from decimal import Decimal
from typing import cast

import strawberry
from strawberry.scalars import JSON

from aftersales.access import require
from aftersales.records import deliverables, files, forms, reports, search, service
from aftersales_graphql.language import told
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Ref, decode_id, encode_id
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.commands import command, id_given
from aftersales_graphql.rooms.documents import Document
from aftersales_graphql.rooms.records import (
    DeliverableReceipt,
    DispatchCost,
    FormIssue,
    FormPoint,
    FormTemplate,
    Handover,
    ServiceRecord,
    StoredFile,
)

TYPE_OF_KIND = {"record": "ServiceRecord", "document": "Document"}


@strawberry.type(description="A form that can be filled in: the tenant's own, a vertical's, or everybody's.")
class Form:
    code: str
    label: str = strawberry.field(description="In the caller's language.")
    kind: str
    vertical: str | None
    version: str
    clause: str | None
    source: str
    signatures: list[str]
    seal: bool
    about: list[str]
    filled_by: list[str]
    definition: JSON


@strawberry.type(description="A record or document that was found; one of both is there.")
class Finding:
    id: strawberry.ID
    kind: str
    title: str
    record: ServiceRecord | None
    document: Document | None


@strawberry.type(description="A document that is due, and whether the customer received it.")
class DueDeliverable:
    code: str
    label: str = strawberry.field(description="In the caller's language.")
    due: str
    clause: str | None
    author: str | None
    received: bool


@strawberry.type(description="How a handover stands.")
class HandoverStatus:
    complete: bool = strawberry.field(description="Nothing is missing.")
    completed: bool = strawberry.field(description="It was done.")
    missing: list[str]
    deliverables: list[DueDeliverable]


@strawberry.type(description="How often a product failed in a period.")
class ProductFailures:
    vertical: str
    asset_type: str
    product: str
    failures: int
    assets: int
    last_at: datetime


@strawberry.type(description="An amount in one currency.")
class CurrencyTotal:
    currency: str
    amount: Decimal


@strawberry.type(description="The dispatches of a local month and what they cost.")
class DispatchReport:
    month: str
    count: int
    totals: list[CurrencyTotal]


@strawberry.type(description="How many forms a point gave out, and how many came back.")
class FormPointCount:
    issued: int
    returned: int
    rate: Decimal | None


@query(name="forms")
async def all_forms(call: Call, vertical: str | None = None) -> list[Form]:
    """The forms that can be filled in."""
    require(call.uow.actor, "record.fill")
    return [
        Form(
            code=found.template.code,
            label=told(found.template.label, call.language),
            kind=found.template.kind,
            vertical=found.vertical,
            version=found.version,
            clause=found.template.clause,
            source=found.template.source,
            signatures=list(found.template.signatures),
            seal=found.template.seal,
            about=list(found.template.about),
            filled_by=list(found.template.filled_by),
            definition=cast(JSON, forms.to_stored(found.template)),
        )
        for found in await forms.forms_of(call.uow, vertical)
    ]


@query()
async def find_records(
    call: Call,
    text: str = "",
    fields: JSON | None = None,
    kind: str | None = None,
    first: int = 20,
    before: str | None = None,
) -> list[Finding]:
    """Records and documents that hold all the words of `text` and all values of `fields`, latest first.

    `fields` is an object by field code. `before` is the id of the last one seen.
    """
    found = await search.search(
        call.uow,
        text,
        fields=fields if isinstance(fields, dict) else {},
        kind=kind,
        first=first,
        before=None if before is None else decode_id(before, "before")[1],
    )
    return [
        Finding(
            id=strawberry.ID(encode_id(TYPE_OF_KIND[one.kind], one.id)),
            kind=one.kind,
            title=one.title,
            record=Ref(ServiceRecord, one.id) if one.kind == "record" else None,  # type: ignore[arg-type]
            document=Ref(Document, one.id) if one.kind == "document" else None,  # type: ignore[arg-type]
        )
        for one in found
    ]


@query()
async def handover_status(
    call: Call, due: str, contract_id: strawberry.ID | None = None, asset_id: strawberry.ID | None = None
) -> HandoverStatus:
    """What is to be handed over for a contract or an asset by a phase or occasion, and what is missing."""
    found = await deliverables.handover_status(
        call.uow,
        due,
        contract_id=None if contract_id is None else id_given("ServiceContract", contract_id, "contractId"),
        asset_id=None if asset_id is None else id_given("Asset", asset_id, "assetId"),
    )
    return HandoverStatus(
        complete=found.complete,
        completed=found.completed,
        missing=list(found.missing),
        deliverables=[
            DueDeliverable(
                code=one.code,
                label=told(one.label, call.language),
                due=one.due,
                clause=one.clause,
                author=one.author,
                received=one.received,
            )
            for one in found.deliverables
        ],
    )


@query()
async def product_failures(call: Call, since: date, until: date, attribute: str = "model") -> list[ProductFailures]:
    """Faults reported from one local day to another, by product: the assets' `attribute`, else their type."""
    return [
        ProductFailures(
            vertical=one.vertical,
            asset_type=one.asset_type,
            product=one.product,
            failures=one.failures,
            assets=one.assets,
            last_at=one.last_at,
        )
        for one in await reports.product_failures(call.uow, since, until, attribute=attribute)
    ]


@query()
async def dispatch_report(call: Call, month: str) -> DispatchReport:
    """The dispatches of a local month such as `2026-06`, with what they cost."""
    found = await reports.dispatch_report(call.uow, month)
    totals = [CurrencyTotal(currency=code, amount=amount) for code, amount in sorted(found.totals.items())]
    return DispatchReport(month=found.month, count=found.count, totals=totals)


@query()
async def form_point_count(call: Call, form_point_id: strawberry.ID) -> FormPointCount:
    """How many forms of a pick-up point came back."""
    found = await reports.form_point_count(call.uow, id_given("FormPoint", form_point_id, "formPointId"))
    return FormPointCount(issued=found.issued, returned=found.returned, rate=found.rate)


@root
class RecordAnswerQueries:
    forms = all_forms
    find_records = find_records
    handover_status = handover_status
    product_failures = product_failures
    dispatch_report = dispatch_report
    form_point_count = form_point_count


@root
class RecordMutations:
    save_form_template = command(service.save_form_template, returns=FormTemplate)
    retire_form_template = command(service.retire_form_template, returns=FormTemplate)
    start_record = command(service.start_record, returns=ServiceRecord, under="record")
    fill_record = command(service.fill_record, returns=ServiceRecord, under="record")
    sign_record = command(service.sign_record, returns=ServiceRecord, under="record")
    seal_record = command(service.seal_record, returns=ServiceRecord, under="record")
    submit_record = command(service.submit_record, returns=ServiceRecord, under="record")
    archive_record = command(service.archive_record, returns=ServiceRecord, under="record")
    correct_record = command(service.correct_record, returns=ServiceRecord, under="record")
    delete_record = command(service.delete_record, returns=ServiceRecord, under="record")
    archive_file = command(files.archive_file, returns=StoredFile, under="file")
    add_form_point = command(reports.add_form_point, returns=FormPoint)
    issue_forms = command(reports.issue_forms, returns=FormIssue, under="issue")
    record_receipt = command(deliverables.record_receipt, returns=DeliverableReceipt, under="receipt")
    complete_handover = command(deliverables.complete_handover, returns=Handover)
    record_dispatch_cost = command(reports.record_dispatch_cost, returns=DispatchCost, under="cost")
