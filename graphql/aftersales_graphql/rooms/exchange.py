"""Imports: how far they are, and what is wrong with which row. Files go through `/t/{tenant}/imports`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import date, datetime

import strawberry

from aftersales.exchange import models, ordered, service
from aftersales.journal.models import Event
from aftersales.kit.messages import render
from aftersales_graphql.machine.declare import connection, entity, find, one
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Connection, Node, Ref
from aftersales_graphql.machine.roots import query, root, subscription
from aftersales_graphql.rooms.assets import Asset
from aftersales_graphql.rooms.commands import command, id_given
from aftersales_graphql.rooms.parties import Customer
from aftersales_graphql.rooms.visibility import asset_seen, staff_only


@entity(models.DataImport, filters=("kind", "state"), orders=("created_at",), default_order="created_at",
        visible=staff_only)  # fmt: skip
class DataImport(Node):
    """An uploaded table and how far it is: checking, checked, running, then done, stopped, rejected or cancelled."""

    kind: str
    file_name: str
    policy: str
    existing: str
    columns: list[str]
    state: str
    rows_total: int
    rows_seen: int
    rows_written: int
    rows_unchanged: int
    rows_failed: int
    version: int
    created_at: datetime
    finished_at: datetime | None


@entity(models.DataExport, filters=("kind", "state"), orders=("created_at",), default_order="created_at",
        visible=staff_only)  # fmt: skip
class DataExport(Node):
    """A table that a worker makes: waiting, then done or failed, later expired. `/t/{tenant}/exports/files/{id}`."""

    kind: str
    format: str
    customer_code: str | None
    vertical: str | None
    state: str
    rows: int
    fault: str | None
    version: int
    created_at: datetime
    finished_at: datetime | None


@entity(models.PastService, filters=("asset",), orders=("happened_on",), default_order="happened_on",
        visible=asset_seen)  # fmt: skip
class PastService(Node):
    """A service from before the platform, as it was imported."""

    reference: str
    happened_on: date
    title: str
    description: str | None
    engineer: str | None
    outcome: str | None
    asset: Asset | None = one("asset_id")
    customer: Customer | None = one("customer_id")


@strawberry.type(description="What is wrong with a row of an uploaded table.")
class ImportFault:
    row: int = strawberry.field(description="The row's number in the file; the headings are row 1.")
    column: str | None
    code: str
    message: str = strawberry.field(description="In the caller's language.")


@query()
async def import_faults(call: Call, import_id: strawberry.ID, after: int = 0, first: int = 100) -> list[ImportFault]:
    """What is wrong with an import's rows behind row `after`; at most 500 at once."""
    found = await service.import_faults(
        call.uow, id_given("DataImport", import_id, "importId"), after=after, first=first
    )
    return [
        ImportFault(
            row=one_["row_number"],
            column=one_["column_code"],
            code=one_["code"],
            message=render(one_["code"], call.language, one_["details"]),
        )
        for one_ in found
    ]


@subscription(
    description="An import as it is, then again after each batch of rows and each change of its state, until it ended."
)
async def import_progress(call: Call, import_id: strawberry.ID) -> AsyncIterator[DataImport]:
    wanted, principal = id_given("DataImport", import_id, "importId"), call.principal
    events = call.services["events"](principal.tenant_id)
    # The ear first, so that what happens while the present state is told isn't missed.
    heard = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0)
    try:
        async with call.services["open"](principal) as uow:
            state = (await service.watched_import(uow, wanted)).state
        yield Ref(DataImport, wanted)  # type: ignore[misc]
        while state not in service.ENDED:
            event_id = await heard
            heard = asyncio.ensure_future(anext(events))
            async with call.services["open"](principal) as uow:
                event = await uow.find(Event, event_id)
                if event is None or event.subject_id != wanted:
                    continue
                state = (await service.watched_import(uow, wanted)).state
            yield Ref(DataImport, wanted)  # type: ignore[misc]
    finally:
        heard.cancel()
        with suppress(asyncio.CancelledError, StopAsyncIteration):
            await heard
        await events.aclose()


@root
class ExchangeQueries:
    data_import: DataImport | None = find(description="One import by its id.")
    data_imports: Connection[DataImport] = connection(description="Imports.")
    data_export: DataExport | None = find(description="One export by its id.")
    data_exports: Connection[DataExport] = connection(description="Exports.")
    past_services: Connection[PastService] = connection(description="Services from before the platform.")


@root
class ExchangeAnswerQueries:
    import_faults = import_faults


@root
class ExchangeMutations:
    start_import = command(service.start_import, returns=DataImport)
    cancel_import = command(service.cancel_import, returns=DataImport)
    request_export = command(ordered.request_export, returns=DataExport)


@root
class ExchangeSubscriptions:
    import_progress = import_progress
