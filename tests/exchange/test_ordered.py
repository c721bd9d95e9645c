"""Exports that a worker makes: asked for, made once, fetched with the right, gone after some days."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aftersales.exchange import ordered
from aftersales.exchange.commands import RequestExport
from aftersales.exchange.models import DataExport
from aftersales.kit import blobs
from aftersales.plugins.registry import Registry
from aftersales_graphql.machine.relay import decode_id
from tests.api.rooms.api import Api, Caller
from tests.exchange.files import csv_file, run
from tests.fixtures.database import TestPlatform
from tests.support.refusals import refused
from tests.tickets.world import World, member


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    blobs.use(blobs.Blobs.at(f"file://{tmp_path}"))
    return tmp_path


@pytest.fixture
def api(platform: TestPlatform, installed_verticals: Registry) -> Api:
    made = Api(installed_verticals)
    made.platform = platform
    return made


async def make(world: World, row: DataExport) -> None:
    """What the worker does with the message."""
    async with world.work() as uow:
        await ordered.make_export(uow, row.id)


async def test_an_export_is_asked_for_made_once_and_fetched(api: Api, plant: World, folder: Path) -> None:
    """Given an order, when the worker was there, even twice, then who has the right fetches it, and nobody else."""
    await run(plant, "customers", csv_file("code,name", "K1,-cmd", "K2,Two"))
    owner = Caller(api, plant.tenant, (await plant.tenant.member("owner"))[1])
    asked = await owner.do("requestExport", "dataExport { id state }", kind="customers", format="csv")
    this = asked["dataExport"]["id"]
    path = f"/t/{plant.tenant.slug}/exports/files/{this}"
    early = await api.client.get(path, headers={"authorization": f"Bearer {owner.token}"})
    assert early.json()["errors"][0]["extensions"]["code"] == "EXPORT_NOT_READY"
    [message] = await plant.outbox("export")
    assert message == {"export_id": str(decode_id(this)[1])}
    [row] = await plant.read(DataExport)
    for _ in range(2):
        await make(plant, row)
    found = await owner.ask("query ($id: ID!) { dataExport(id: $id) { state rows } }", id=this)
    assert found["dataExport"] == {"state": "done", "rows": 3}
    got = await api.client.get(path, headers={"authorization": f"Bearer {owner.token}"})
    assert (got.status_code, "'-cmd" in got.text, len(got.text.splitlines())) == (200, True, 4)
    for role, customer_id in (("engineer", None), ("customer", plant.customer.id)):
        token = (await plant.tenant.member(role, customer_id=customer_id))[1]
        answer = await api.client.get(path, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 403
    again = await run(plant, "customers", _file(got.content))
    assert again.rows_unchanged == 3


async def test_an_old_export_is_gone_when_the_next_one_is_made(plant: World, folder: Path) -> None:
    """Given an export of a week ago, then it stays until the next is made, and its bytes are gone from then on."""

    async def asked() -> Any:
        row = await plant.do(ordered.request_export, RequestExport(kind="customers", format="xlsx"), plant.owner)
        await make(plant, row)
        return row

    old = await asked()
    stored = folder / str(plant.tenant.id) / str(old.id)
    plant.later(days=7)
    await asked()
    assert stored.read_bytes()[:2] == b"PK"
    plant.clock.advance(timedelta(seconds=1))
    await asked()
    assert not stored.exists()
    assert [row.state for row in await plant.read(DataExport, id=old.id)] == ["expired"]


@pytest.mark.parametrize(
    ("given", "code"),
    [({"kind": "boats"}, "VALUE_UNKNOWN"), ({"kind": "assets", "format": "pdf"}, "VALUE_UNKNOWN"),
     ({"kind": "assets", "vertical": "auto_4s"}, "VERTICAL_NOT_ENABLED")],
)  # fmt: skip
async def test_an_export_that_can_not_be_is_not_taken_in(plant: World, given: dict[str, str], code: str) -> None:
    refusal = await refused(plant, ordered.request_export, RequestExport(**given), plant.owner)
    assert refusal.code == code
    for outsider in (plant.customer_member(), member("finance")):
        command = RequestExport(kind="assets")
        assert (await refused(plant, ordered.request_export, command, outsider)).code == "FORBIDDEN"


def _file(content: bytes) -> Any:
    return csv_file(*content.decode("utf-8-sig").splitlines())
