"""Files over HTTP: what is accepted, who may read it, and what is left when an upload breaks off."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import docx
import httpx
import pytest
from litestar import Litestar

from aftersales.inspections import service as inspections
from aftersales.kit import blobs
from aftersales.kit.errors import InvalidInput, NotFound
from aftersales.kit.ids import new_id
from aftersales.parties.models import Customer
from aftersales.records import file_rules, files, forms
from aftersales.records import service as records
from aftersales.records.commands import ArchiveFile, FieldDetails, SaveFormTemplate, SubmitRecord
from aftersales.records.models import ServiceRecord, StoredFile
from aftersales_graphql.gateway import Gateway
from aftersales_graphql.machine.relay import decode_id, encode_id
from aftersales_server.asgi import create_app
from aftersales_server.files import file_handlers
from aftersales_server.settings import Settings
from tests.fixtures.database import TestPlatform
from tests.inspections.looking import answers, fill, item, passed, publish
from tests.inspections.looking import begin as begin_inspection
from tests.records.filling import filed, start
from tests.support.refusals import refused
from tests.tickets.world import World, settle

LIMIT = 100_000
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x01" * 20_000
PROGRAM = b"MZ\x90\x00" + b"\x00" * 600
PDF = b"%PDF-1.7\n" + b"1" * 300


class Door:
    """The file routes of one platform, and who knocks."""

    def __init__(self, world: World, *, requests_per_minute: int = 0) -> None:
        gateway = world.tenant.platform.gateway
        api = Gateway(
            parts_for=lambda _: [], authenticate=gateway.authenticate, open_unit_of_work=gateway.open,
            requests_per_minute=requests_per_minute,
        )  # fmt: skip
        handlers = file_handlers(api, limit=LIMIT)
        app = Litestar(handlers, openapi_config=None, logging_config=None)
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(cast(Any, app)), base_url="http://test")
        self.slug = world.tenant.slug

    def _told(self, token: str | None) -> dict[str, str]:
        return {"accept-language": "en", **({"authorization": f"Bearer {token}"} if token else {})}

    async def post(self, token: str | None, content: Any, *, slug: str | None = None, **params: str) -> httpx.Response:
        address = f"/t/{slug or self.slug}/files"
        return await self.client.post(address, content=content, params=params, headers=self._told(token))

    async def get(self, token: str | None, path: str, *, slug: str | None = None, **params: str) -> httpx.Response:
        return await self.client.get(f"/t/{slug or self.slug}/{path}", params=params, headers=self._told(token))


def code(answer: httpx.Response) -> str:
    return str(answer.json()["errors"][0]["extensions"]["code"])


@pytest.fixture
async def door(solar_world: World) -> AsyncIterator[Door]:
    made = Door(solar_world)
    yield made
    await made.client.aclose()


async def token_of(world: World, *roles: str, **more: Any) -> str:
    return (await world.tenant.member(*roles, **more))[1]


async def test_what_was_sent_comes_back_and_never_runs_in_a_browser(solar_world: World, door: Door) -> None:
    ticket = await solar_world.open()
    token = await token_of(solar_world, "engineer")
    sent = await door.post(token, JPEG, of=encode_id("Ticket", ticket.id), name="漏水 1.jpg", purpose="photo")
    assert sent.status_code == 201, sent.text
    file = sent.json()["file"]
    assert (file["mediaType"], file["size"], file["sha256"]) == ("image/jpeg", len(JPEG), sha256(JPEG).hexdigest())
    got = await door.get(token, f"files/{file['id']}")
    assert (got.status_code, got.content) == (200, JPEG)
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''%E6%BC%8F%E6%B0%B4%201.jpg"
    assert "sandbox" in got.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("content", "given", "status", "refusal"),
    [
        (PROGRAM, {"name": "leak.jpg", "purpose": "photo"}, 422, "FILE_TYPE_REFUSED"),
        (b"\x7fELF" + b"\x00" * 600, {"name": "leak.png"}, 422, "FILE_TYPE_REFUSED"),
        (b"#!/bin/sh\nrm -rf /\n", {"name": "notes.txt"}, 422, "FILE_TYPE_REFUSED"),
        (b"PK\x03\x04" + b"0" * 200, {"name": "all.zip"}, 422, "FILE_TYPE_REFUSED"),
        (PDF, {"name": "leak.jpg"}, 422, "FILE_TYPE_MISMATCH"),
        (PDF, {"name": "leak.pdf", "purpose": "photo"}, 422, "FILE_TYPE_MISMATCH"),
        (JPEG + b"\x01" * LIMIT, {"name": "leak.jpg"}, 422, "FILE_TOO_LARGE"),
        (b"", {"name": "leak.jpg"}, 422, "FILE_EMPTY"),
        (JPEG, {"name": "leak"}, 422, "FILE_NAME_INVALID"),
        (JPEG, {"name": "leak.jpg", "purpose": "portrait"}, 422, "VALUE_UNKNOWN"),
        (JPEG, {"name": "leak.jpg", "field": "seal"}, 422, "FORM_FIELD_UNKNOWN"),
        (JPEG, {}, 422, "REQUIRED"),
    ],
)  # fmt: skip
async def test_what_isnt_accepted_leaves_nothing(
    solar_world: World, door: Door, content: bytes, given: dict[str, str], status: int, refusal: str
) -> None:
    ticket = await solar_world.open()
    token = await token_of(solar_world, "engineer")

    async def in_pieces() -> AsyncIterator[bytes]:
        for begin in range(0, len(content), 7_000):
            yield content[begin : begin + 7_000]

    for body in (content, in_pieces()):
        answer = await door.post(token, body, of=encode_id("Ticket", ticket.id), **given)
        assert (answer.status_code, code(answer)) == (status, refusal)
    assert await solar_world.read(StoredFile) == []


async def test_a_file_of_exactly_the_limit_is_taken(solar_world: World, door: Door) -> None:
    ticket = await solar_world.open()
    token = await token_of(solar_world, "engineer")
    content = JPEG.ljust(LIMIT, b"\x01")
    of = encode_id("Ticket", ticket.id)
    assert (await door.post(token, content, of=of, name="a.jpg")).status_code == 201
    assert code(await door.post(token, content + b"\x01", of=of, name="a.jpg")) == "FILE_TOO_LARGE"


async def test_nobody_reads_what_isnt_theirs(solar_world: World, door: Door, platform: TestPlatform) -> None:
    """Given a customer's file, when another customer, another tenant or nobody asks for it, then it isn't there."""
    ticket = await solar_world.open()
    own = await token_of(solar_world, "customer", customer_id=solar_world.customer.id)
    stranger = Customer(id=new_id(), code="C2", name="Other", created_at=solar_world.clock.now())
    await solar_world.add(stranger)
    other = await token_of(solar_world, "customer", customer_id=stranger.id)
    of = encode_id("Ticket", ticket.id)
    assert code(await door.post(other, JPEG, of=of, name="a.jpg")) == "NOT_FOUND"
    file = (await door.post(own, JPEG, of=of, name="a.jpg")).json()["file"]
    assert (await door.get(own, f"files/{file['id']}")).status_code == 200
    neighbour = await settle(platform, {"solar": {}}, vertical="solar", asset_type="solar_water_heater")
    theirs = await token_of(neighbour, "owner")
    dealer = await token_of(solar_world, "dealer", service_unit_id=solar_world.team.id)
    for token, slug, status, refusal in (
        (other, None, 404, "NOT_FOUND"),
        (dealer, None, 404, "NOT_FOUND"),
        (theirs, neighbour.tenant.slug, 404, "NOT_FOUND"),
        (theirs, None, 401, "UNAUTHENTICATED"),
        (None, None, 401, "UNAUTHENTICATED"),
    ):
        answer = await door.get(token, f"files/{file['id']}", slug=slug)
        assert (answer.status_code, code(answer)) == (status, refusal)
    assert (await door.get(own, "files/..%2F..%2Fsecret")).status_code in {404, 422}
    assert code(await door.get(own, f"files/{encode_id('Ticket', ticket.id)}")) == "NOT_FOUND"


async def test_a_key_begins_with_its_tenant_whatever_a_caller_sends() -> None:
    tenant, file = UUID(int=1), UUID(int=2)
    assert files.key_of(tenant, file) == f"{tenant}/{file}"
    assert file_rules.checked_name("../../etc/passwd.txt") == "passwd.txt"
    assert file_rules.checked_name("C:\\temp\\a.jpg") == "a.jpg"


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def begun(world: World, **given: Any) -> StoredFile:
    ticket = await world.open()
    command = files.BeginUpload(name="a.jpg", subject_type="ticket", subject_id=ticket.id, **given)
    file: StoredFile = await world.do(files.begin_upload, command)
    return file


async def test_an_upload_that_broke_off_is_unreadable_and_cleaned_up(solar_world: World, storage: blobs.Blobs) -> None:
    """Given a crash between blob and row, then there is no readable half, and an hour later nothing at all."""
    file = await begun(solar_world)
    key = files.key_of(solar_world.scope.id, file.id)

    async def once() -> AsyncIterator[bytes]:
        yield JPEG

    await storage.put(key, once())

    async def read(uow: Any, _: None) -> None:
        await files.readable_file(uow, file.id)

    assert (await refused(solar_world, read, None)).code == "FILE_NOT_READY"
    pools = solar_world.tenant.platform.pools
    for waited, found in ((timedelta(hours=1), 0), (timedelta(seconds=1), 1), (timedelta(0), 0)):
        solar_world.clock.advance(waited)
        async with pools.system.acquire() as connection:
            due = await files.due_tenants(connection, solar_world.clock.now(), 100)
        assert (solar_world.scope.id in due) == bool(found)
        async with solar_world.tenant.work() as uow:
            assert await files.clean_up(uow, 100) == found
    assert await solar_world.read(StoredFile) == []
    with pytest.raises(NotFound):
        async with storage.get(key):
            pass


async def test_a_refused_stream_stores_nothing_in_a_folder(solar_world: World, tmp_path: Path) -> None:
    kept = blobs.Blobs.at(f"file://{tmp_path}/files")
    blobs.use(kept)
    file = await begun(solar_world)

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield JPEG

    with pytest.raises(InvalidInput, match="more than"):
        await files.receive(solar_world.scope.id, file, endless(), LIMIT)
    assert files_in(tmp_path) == []


async def test_a_photo_field_is_filled_by_its_file_and_files_are_put_away_with_a_reason(
    solar_world: World, door: Door
) -> None:
    fields = (FieldDetails(code="before", name_zh="前", name_en="Before", kind="photo"),)
    await solar_world.do(
        forms.save_form_template, SaveFormTemplate(code="photos", name_zh="照片", name_en="Photos", fields=fields),
        solar_world.owner,
    )  # fmt: skip
    record = await start(solar_world, "photos", {})
    assert record.missing == ["before"]
    token = await token_of(solar_world, "engineer")
    of = encode_id("ServiceRecord", record.id)
    sent = await door.post(token, JPEG, of=of, name="a.jpg", purpose="photo", field="before")
    assert sent.status_code == 201, sent.text
    [stored] = await solar_world.read(StoredFile)
    [draft] = await solar_world.read(ServiceRecord)
    assert draft.missing == []
    put_away = ArchiveFile(file_id=stored.id, reason="blurred")
    assert (await refused(solar_world, files.archive_file, put_away)).code == "FORBIDDEN"
    await solar_world.do(files.archive_file, put_away, solar_world.owner)
    assert (await refused(solar_world, records.submit_record, SubmitRecord(record_id=record.id))).code == (
        "FORM_FIELD_REQUIRED"
    )
    await door.post(token, JPEG, of=of, name="b.jpg", purpose="photo", field="before")
    await solar_world.do(records.submit_record, SubmitRecord(record_id=record.id))
    late = await door.post(token, JPEG, of=of, name="c.jpg", purpose="photo", field="before")
    assert code(late) == "RECORD_STATE_REFUSED"


async def test_a_record_is_printed_in_both_languages_for_browser_and_word(solar_world: World, door: Door) -> None:
    ticket = await solar_world.open()
    values = {"problem": "<b>leak</b>", "cause": "seal", "work_done": "new seal", "result": "tight"}
    record = await filed(solar_world, "service_report", values, "engineer", ticket_id=ticket.id)
    token = await token_of(solar_world, "engineer")
    path = f"records/{encode_id('ServiceRecord', record.id)}/print"
    page = await door.get(token, path, language="zh-CN")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "售后服务报告单" in page.text
    assert "&lt;b&gt;leak&lt;/b&gt;" in page.text
    assert "<b>leak" not in page.text
    word = await door.get(token, path, language="en", format="docx")
    document = docx.Document(io.BytesIO(word.content))
    cells = {row.cells[0].text: row.cells[1].text for table in document.tables for row in table.rows}
    assert cells["Number"] == record.number
    assert cells["Problem"] == "<b>leak</b>"
    assert cells["engineer"] == "Mr. Zhou  2026-06-10 09:00"
    assert document.core_properties.title == "Service report"
    assert code(await door.get(token, path, format="pdf")) == "PAGE_OF_RECORD_UNKNOWN"
    stranger = Customer(id=new_id(), code="C2", name="Other", created_at=solar_world.clock.now())
    await solar_world.add(stranger)
    other = await token_of(solar_world, "customer", customer_id=stranger.id)
    assert code(await door.get(other, path)) == "NOT_FOUND"


async def test_the_application_itself_takes_and_gives_files(
    solar_world: World, settings: Settings, tmp_path: Path
) -> None:
    """Given the real application, when a file is sent and asked for, then it lies in the folder of the settings."""
    app = create_app(replace(settings, storage_url=f"file://{tmp_path}/kept", file_bytes=LIMIT))
    ticket = await solar_world.open()
    told = {"authorization": f"Bearer {await token_of(solar_world, 'engineer')}"}
    client = httpx.AsyncClient(transport=httpx.ASGITransport(cast(Any, app)), base_url="http://test")
    address = f"/t/{solar_world.tenant.slug}/files"
    params = {"of": encode_id("Ticket", ticket.id), "name": "a.jpg"}
    async with app.lifespan(), client:
        sent = await client.post(address, content=JPEG, params=params, headers=told)
        assert sent.status_code == 201, sent.text
        got = await client.get(f"{address}/{sent.json()['file']['id']}", headers=told)
        assert got.content == JPEG
    [kept] = files_in(tmp_path)
    assert kept.parent.name == str(solar_world.scope.id)


async def test_a_storage_that_cant_be_opened_is_unavailable_and_nothing_is_half_there(
    solar_world: World, door: Door, tmp_path: Path
) -> None:
    """Given a folder that can't be made, when a file is sent, then it is refused with a code of its own."""
    (tmp_path / "taken").write_text("a file where the folder should be")
    blobs.use(blobs.Blobs.at(f"file://{tmp_path}/taken/files"))
    ticket = await solar_world.open()
    token = await token_of(solar_world, "engineer")
    answer = await door.post(token, JPEG, of=encode_id("Ticket", ticket.id), name="a.jpg")
    assert (answer.status_code, code(answer)) == (503, "STORAGE_UNAVAILABLE")
    assert {file.state for file in await solar_world.read(StoredFile)} <= {"pending"}


async def test_an_uploaded_picture_is_the_evidence_of_an_inspection(solar_world: World, door: Door) -> None:
    """Given an item with a photo, then only a picture of this inspection or customer will do, and its customer sees it
    once the inspection is completed."""
    await publish(solar_world, item("tank", photo=True))
    begun = await begin_inspection(solar_world)
    of, token = encode_id("Inspection", begun.id), await token_of(solar_world, "engineer")
    theirs = await token_of(solar_world, "customer", customer_id=solar_world.customer.id)
    assert code(await door.post(token, PROGRAM, of=of, name="tank.jpg", purpose="photo")) == "FILE_TYPE_REFUSED"
    assert (await door.post(theirs, JPEG, of=of, name="tank.jpg")).status_code == 404
    photo = (await door.post(token, JPEG, of=of, name="tank.jpg", purpose="photo")).json()["file"]["id"]
    paper = (await door.post(token, PDF, of=of, name="tank.pdf")).json()["file"]["id"]
    stranger = Customer(id=new_id(), code="C2", name="Other", created_at=solar_world.clock.now())
    await solar_world.add(stranger)
    foreign = (await door.post(token, JPEG, of=encode_id("Customer", stranger.id), name="a.jpg")).json()["file"]["id"]
    for unfit in (paper, foreign):
        given = answers(begun, passed("tank", file_id=decode_id(unfit)[1]))
        assert (await refused(solar_world, inspections.answer_items, given)).code == "PHOTO_UNFIT"
    missing = answers(begun, passed("tank", file_id=new_id()))
    assert (await refused(solar_world, inspections.answer_items, missing)).code == "NOT_FOUND"
    assert (await door.get(theirs, f"files/{photo}")).status_code == 404
    await fill(solar_world, begun, passed("tank", file_id=decode_id(photo)[1]), complete=True)
    assert (await door.get(theirs, f"files/{photo}")).content == JPEG
    assert [file.internal for file in await solar_world.read(StoredFile, name="tank.jpg")] == [False]
    late = await door.post(token, JPEG, of=of, name="late.jpg", purpose="photo")
    assert code(late) == "INSPECTION_STATE_REFUSED"
