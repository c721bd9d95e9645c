"""What doesn't go through GraphQL: tables that are uploaded or downloaded, and plans as Word documents."""

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator
from itertools import islice
from typing import Any, BinaryIO, cast
from urllib.parse import quote
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.params import FromPath
from litestar.response import Stream
from litestar.status_codes import HTTP_201_CREATED, HTTP_413_REQUEST_ENTITY_TOO_LARGE

from aftersales.exchange import export, ordered, tables
from aftersales.exchange.commands import ImportDetails
from aftersales.exchange.export import MEDIA_TYPES, ExportFilter
from aftersales.exchange.service import BATCH_ROWS, Upload
from aftersales.kit.blobs import storage
from aftersales.kit.errors import AftersalesError, InvalidInput, Language
from aftersales.plandocs import rendering, service
from aftersales.plandocs.commands import PlanDocumentRequest
from aftersales_graphql import errors
from aftersales_graphql.gateway import Gateway, refusal_body, request_id_of
from aftersales_graphql.language import choose_language
from aftersales_graphql.machine.relay import encode_id
from aftersales_graphql.principal import Principal
from aftersales_graphql.rooms.commands import id_given
from aftersales_graphql.rooms.plan_documents import language_given

logger = logging.getLogger(__name__)
SPOOL_BYTES = 1_000_000


def table_handlers(gateway: Gateway) -> list[Any]:
    """The routes below `/t/{tenant}`; each takes the bearer token that GraphQL takes."""

    @post("/t/{tenant:str}/imports", include_in_schema=False, request_max_body_size=tables.FILE_BYTES)
    async def upload(request: Request[Any, Any, Any], tenant: FromPath[str]) -> Response[bytes]:
        async def taken(principal: Principal, language: Language) -> Response[bytes]:
            asked = request.query_params
            details = ImportDetails(
                kind=asked.get("kind", ""),
                file_name=asked.get("name", "upload"),
                policy=asked.get("policy", "all_or_nothing"),
                existing=asked.get("existing", "update"),
            )
            async with gateway.open(principal) as uow:
                await Upload.check(uow, details.kind)
            with tempfile.SpooledTemporaryFile(SPOOL_BYTES) as file:
                async for chunk in request.stream():
                    file.write(chunk)
                async with gateway.open(principal) as uow:
                    row = await _take_in(uow, details, cast(BinaryIO, file))
            told = {"id": encode_id("DataImport", row.id), "rows": row.rows_total, "state": row.state}
            return Response(msgspec.json.encode(told), status_code=HTTP_201_CREATED, media_type="application/json")

        return await _answered(gateway, request, tenant, taken)

    @get("/t/{tenant:str}/imports/templates/{name:str}", include_in_schema=False)
    async def template(request: Request[Any, Any, Any], tenant: FromPath[str], name: FromPath[str]) -> Response[Any]:
        async def made(principal: Principal, language: Language) -> Response[Any]:
            kind, _, ending = name.rpartition(".")
            async with gateway.open(principal) as uow:
                layout, format_ = export.check_export(uow, kind, ending)
            return _attachment(export.template(layout, format_, language), name, MEDIA_TYPES[format_])

        return await _answered(gateway, request, tenant, made)

    @get("/t/{tenant:str}/exports/{name:str}", include_in_schema=False)
    async def download(request: Request[Any, Any, Any], tenant: FromPath[str], name: FromPath[str]) -> Response[Any]:
        async def made(principal: Principal, language: Language) -> Response[Any]:
            kind, _, ending = name.rpartition(".")
            chosen = ExportFilter(request.query_params.get("customer"), request.query_params.get("vertical"))
            async with gateway.open(principal) as uow:
                _, format_ = export.check_export(uow, kind, ending)
                if chosen.vertical is not None:
                    uow.scope.enabled(chosen.vertical)
            return Stream(
                lambda: _exported(gateway, principal, kind, ending, chosen),
                media_type=MEDIA_TYPES[format_],
                headers=_disposition(name),
            )

        return await _answered(gateway, request, tenant, made)

    @get("/t/{tenant:str}/exports/files/{export_id:str}", include_in_schema=False)
    async def fetch(request: Request[Any, Any, Any], tenant: FromPath[str], export_id: FromPath[str]) -> Response[Any]:
        async def made(principal: Principal, language: Language) -> Response[Any]:
            async with gateway.open(principal) as uow:
                row = await ordered.ready_export(uow, id_given("DataExport", export_id, "exportId"))
                _, format_ = export.check_export(uow, row.kind, row.format)
            entered = storage().get(ordered.key_of(principal.tenant_id, row.id))
            pieces = await entered.__aenter__()

            async def content() -> AsyncIterator[bytes]:
                try:
                    async for piece in pieces:
                        yield piece
                finally:
                    await entered.__aexit__(None, None, None)

            headers = {**_disposition(f"{row.kind}.{row.format}"), "content-length": str(row.size)}
            return Stream(content(), media_type=MEDIA_TYPES[format_], headers=headers)

        return await _answered(gateway, request, tenant, made)

    @get("/t/{tenant:str}/plans/document.docx", include_in_schema=False)
    async def plan(request: Request[Any, Any, Any], tenant: FromPath[str]) -> Response[Any]:
        async def made(principal: Principal, language: Language) -> Response[Any]:
            asked = request.query_params
            contract = asked.get("contract")
            contract_id: UUID | None = None
            if contract is not None:
                contract_id = id_given("ServiceContract", contract, "contract")
            command = PlanDocumentRequest(
                language=language_given(asked.get("language"), language),
                vertical=asked.get("vertical"),
                contract_id=contract_id,
            )
            async with gateway.open(principal) as uow:
                document = await service.plan_document(uow, command)
            return _attachment(rendering.word_document(document), f"{document.title}.docx", rendering.DOCX_TYPE)

        return await _answered(gateway, request, tenant, made)

    return [upload, template, download, fetch, plan]


async def _take_in(uow: Any, details: ImportDetails, file: BinaryIO) -> Any:
    """Every row of the file, kept in batches; unpacking and parsing happen beside the event loop."""
    rows = await asyncio.to_thread(tables.read_table, file)
    heading = await asyncio.to_thread(next, rows, None)
    if heading is None:
        raise InvalidInput("IMPORT_FILE_EMPTY", field="file")
    taken = Upload(uow, details, heading)
    while batch := await asyncio.to_thread(lambda: list(islice(rows, BATCH_ROWS))):
        await taken.add(batch)
    return await taken.finish()


async def _exported(
    gateway: Gateway, principal: Principal, kind: str, ending: str, chosen: ExportFilter
) -> AsyncIterator[bytes]:
    async with gateway.open(principal) as uow:
        layout, format_ = export.check_export(uow, kind, ending)
        table = export.rows(uow, layout, chosen)
        chunks = export.csv_chunks(table) if format_ == "csv" else export.workbook_chunks(table)
        async for chunk in chunks:
            yield chunk


async def _answered(gateway: Gateway, request: Request[Any, Any, Any], tenant: str, work: Any) -> Response[Any]:
    """What `work` answers to an authenticated caller; a refusal has the body and the status that GraphQL's have."""
    headers = request.headers
    accepted = headers.get("accept-language")
    language = choose_language(accepted, gateway.default_language)
    try:
        principal = await gateway.caller(tenant, headers.get("authorization"))
        language = choose_language(accepted, principal.language)
        answer: Response[Any] = await work(principal, language)
        return answer
    except RequestEntityTooLarge:
        body = refusal_body([errors.of_catalogue("IMPORT_FILE_TOO_LARGE", language, limit=tables.FILE_BYTES)])
        return Response(body, status_code=HTTP_413_REQUEST_ENTITY_TOO_LARGE, media_type="application/json")
    except AftersalesError as refusal:
        body = refusal_body([errors.of_refusal(refusal, language)])
        return Response(body, status_code=refusal.status, media_type="application/json")
    except Exception:
        request_id = request_id_of(headers.get("x-request-id"))
        logger.exception("request %s failed", request_id)
        body = refusal_body([errors.internal(language, request_id)])
        return Response(body, status_code=500, media_type="application/json")


def _attachment(body: bytes, name: str, media_type: str) -> Response[bytes]:
    return Response(body, media_type=media_type, headers=_disposition(name))


def _disposition(name: str) -> dict[str, str]:
    """Saved under its name, whatever its characters; never shown or sniffed."""
    return {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }
