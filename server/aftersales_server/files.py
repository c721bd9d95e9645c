"""Files and printed records over HTTP, with the tenant's token: uploads and downloads pass through as streams.

`POST /t/{tenant}/files?of=<id>&name=<file name>` takes the bytes as the body; `GET /t/{tenant}/files/{id}` gives them
back, `GET /t/{tenant}/records/{id}/print` a record as HTML or Word. Ids are the API's global ids.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Literal, cast
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Stream
from litestar.status_codes import HTTP_201_CREATED

from aftersales.kit.blobs import storage
from aftersales.kit.errors import AftersalesError, InvalidInput, Language, NotFound
from aftersales.records import files, printing, queries, subjects
from aftersales.records.models import StoredFile
from aftersales_graphql import errors
from aftersales_graphql.gateway import Gateway, refusal_body, request_id_of
from aftersales_graphql.language import choose_language
from aftersales_graphql.machine.relay import decode_id, encode_id
from aftersales_graphql.principal import Principal

logger = logging.getLogger(__name__)
PATH = "/t/{tenant:str}/files"
PRINT_PATH = "/t/{tenant:str}/records/{record_id:str}/print"
SUBJECT_TYPES = {
    "ServiceRecord": "record",
    "Document": "document",
    "Ticket": "ticket",
    "WorkOrder": "work_order",
    "Asset": "asset",
    "Customer": "customer",
    "ServiceContract": "contract",
    "Inspection": "inspection",
}
"""What a file may belong to, by the type in its global id."""
UPLOAD_SECONDS = 1800
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HARMLESS = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "cache-control": "private, no-store",
}
"""Whatever a file holds, a browser neither guesses its type nor runs anything in it."""

HttpRequest = Request[Any, Any, Any]


def file_handlers(gateway: Gateway, *, limit: int) -> list[Any]:
    """The routes; `limit` is how many bytes a file may have. Requests count towards the tenant's share."""
    open_unit = gateway.open

    async def answered(request: HttpRequest, tenant: str, work: Callable[[Principal], Awaitable[Any]]) -> Any:
        """What `work` gives, or the refusal in the caller's language."""
        accepted = request.headers.get("accept-language")
        language: Language = choose_language(accepted, "zh-CN")
        request_id = request_id_of(request.headers.get("x-request-id"))
        try:
            principal = await gateway.caller(tenant, request.headers.get("authorization"))
            language = choose_language(accepted, principal.language)
            return await work(principal)
        except AftersalesError as refusal:
            body = refusal_body([errors.of_refusal(refusal, language)])
            return Response(body, status_code=refusal.status, media_type="application/json", headers=HARMLESS)
        except Exception:
            logger.exception("request %s failed", request_id)
            body = refusal_body([errors.internal(language, request_id)])
            return Response(body, status_code=500, media_type="application/json", headers=HARMLESS)

    @post(PATH, status_code=HTTP_201_CREATED, include_in_schema=False, request_max_body_size=None)
    async def upload(request: HttpRequest, tenant: FromPath[str]) -> Any:
        async def work(principal: Principal) -> Response[dict[str, Any]]:
            command = _begin(request)
            announced = request.headers.get("content-length", "")
            if announced.isdigit() and int(announced) > limit:
                raise InvalidInput("FILE_TOO_LARGE", field="file", limit=limit)
            async with open_unit(principal) as uow:
                file = await files.begin_upload(uow, command)
            try:
                received = await _received(principal, file, request, limit)
                async with open_unit(principal) as uow:
                    file = await files.finish_upload(uow, file.id, received)
            except BaseException:
                async with open_unit(principal) as uow:
                    await files.drop_upload(uow, file.id)
                raise
            told = {"id": encode_id("StoredFile", file.id), "name": file.name, "mediaType": file.media_type,
                    "size": file.size, "sha256": file.sha256}  # fmt: skip
            return Response({"file": told}, status_code=HTTP_201_CREATED, headers=HARMLESS)

        return await answered(request, tenant, work)

    @get(f"{PATH}/{{file_id:str}}", include_in_schema=False)
    async def download(request: HttpRequest, tenant: FromPath[str], file_id: FromPath[str]) -> Any:
        async def work(principal: Principal) -> Stream:
            async with open_unit(principal) as uow:
                file = await files.readable_file(uow, _id("StoredFile", file_id))
            entered = storage().get(files.key_of(principal.tenant_id, file.id))
            pieces = await entered.__aenter__()

            async def content() -> AsyncIterator[bytes]:
                try:
                    async for piece in pieces:
                        yield piece
                finally:
                    await entered.__aexit__(None, None, None)

            told = {
                **HARMLESS,
                "content-disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
                "content-length": str(file.size),
                "etag": f'"{file.sha256}"',
            }
            return Stream(content(), media_type=file.media_type, headers=told)

        return await answered(request, tenant, work)

    @get(PRINT_PATH, include_in_schema=False)
    async def print_record(request: HttpRequest, tenant: FromPath[str], record_id: FromPath[str]) -> Any:
        async def work(principal: Principal) -> Response[bytes]:
            kind = request.query_params.get("format", "html")
            if kind not in {"html", "docx"}:
                raise InvalidInput("PAGE_OF_RECORD_UNKNOWN", field="format", value=kind)
            asked = request.query_params.get("language") or request.headers.get("accept-language")
            language = choose_language(asked, principal.language)
            async with open_unit(principal) as uow:
                record = await subjects.visible_record(uow, _id("ServiceRecord", record_id))
                photos = await queries.photo_counts(uow, record.id)
                scope = uow.scope
            page = printing.page_of(
                record, company=scope.name, language=language, time_zone=scope.time_zone, photos=photos
            )
            if kind == "html":
                return Response(printing.to_html(page), media_type="text/html", headers=HARMLESS)
            told = {**HARMLESS, "content-disposition": f'attachment; filename="{record.number}.docx"'}
            return Response(printing.to_word(page), media_type=WORD, headers=told)

        return await answered(request, tenant, work)

    return [upload, download, print_record]


async def _received(principal: Principal, file: StoredFile, request: HttpRequest, limit: int) -> files.Received:
    """What arrives in time. An upload that drips in for longer is taken for abandoned by those who clean up."""
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            return await files.receive(principal.tenant_id, file, request.stream(), limit)
    except TimeoutError as slow:
        raise InvalidInput("FILE_TOO_SLOW", field="file", minutes=UPLOAD_SECONDS // 60) from slow


def _begin(request: HttpRequest) -> files.BeginUpload:
    given = request.query_params
    for name in ("of", "name"):
        if not given.get(name):
            raise InvalidInput("REQUIRED", field=name, field_name=name)
    type_name, subject_id = decode_id(given["of"], "of")
    subject_type = SUBJECT_TYPES.get(type_name)
    if subject_type is None:
        raise InvalidInput("FILE_SUBJECT_UNKNOWN", field="of", value=type_name)
    purpose = given.get("purpose", "document")
    if purpose not in {"photo", "document"}:
        known = "photo, document"
        raise InvalidInput("VALUE_UNKNOWN", field="purpose", field_name="purpose", value=purpose, known=known)
    return files.BeginUpload(
        name=given["name"], subject_type=subject_type, subject_id=subject_id,
        purpose=cast(Literal["photo", "document"], purpose), field=given.get("field"),
    )  # fmt: skip


def _id(type_name: str, value: str) -> Any:
    found, row_id = decode_id(value)
    if found != type_name:
        raise NotFound("NOT_FOUND", thing=type_name)
    return row_id
