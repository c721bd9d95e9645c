"""What imported assets are a part of, when they were accepted, and what a contract has to state."""

import io
from datetime import date

import pytest

from aftersales.assets.models import Asset
from aftersales.commitments.models import Commitment
from aftersales.contracts.models import ServiceContract
from aftersales.exchange import export
from aftersales.exchange.columns import layout_of, read_header, with_own_columns
from aftersales.exchange.export import ExportFilter
from aftersales.exchange.tables import read_table
from aftersales.training.models import TrainingDuty
from tests.exchange.files import check, csv_file, faults, run
from tests.fixtures.database import TestPlatform
from tests.tickets.world import World, settle

ASSETS = "number,name,vertical,asset_type,customer_code,parent_number"


@pytest.fixture
async def software(platform: TestPlatform) -> World:
    """A tenant that sells project-management software, whose contracts state the length of the guarantee (P10-33)."""
    settings = {"software_his": {"profile": "project_management"}}
    return await settle(platform, settings, vertical="software_his", asset_type="project_management_system")


async def test_parts_are_hung_below_assets_that_stand_above_them_in_the_file(plant: World) -> None:
    """Given a plant, its loop and its heater in three batches, then the check knows them, and the run links them."""
    file = csv_file(
        ASSETS,
        "P1,plant,solar,solar_water_heater,C1,",
        "X1,other,solar,solar_water_heater,C1,",
        "X2,other,solar,solar_water_heater,C1,A1",
        "X3,other,solar,solar_water_heater,C1,",
        "P2,loop,solar,solar_water_heater,C1,P1",
        "P3,heater,solar,solar_water_heater,C1,P2",
    )
    assert (await run(plant, "assets", file)).rows_written == 6
    known = {row.number: row for row in await plant.read(Asset)}
    assert known["P2"].parent_asset_id == known["P1"].id
    assert known["P3"].parent_asset_id == known["P2"].id
    assert known["X2"].parent_asset_id == known["A1"].id
    file.seek(0)
    assert (await run(plant, "assets", file)).rows_unchanged == 6


async def test_a_parent_below_its_part_of_another_customer_or_in_a_circle_is_refused(plant: World) -> None:
    """Given such rows, then each is named with its column."""
    await run(plant, "customers", csv_file("code,name", "K1,One"))
    await run(
        plant, "assets", csv_file(ASSETS, "P1,a,solar,solar_water_heater,C1,", "P2,b,solar,solar_water_heater,C1,P1")
    )
    checked = await check(
        plant, "assets",
        csv_file(
            ASSETS,
            "S1,x,solar,solar_water_heater,C1,S2",
            "S2,x,solar,solar_water_heater,C1,",
            "S3,x,solar,solar_water_heater,K1,A1",
            "S4,x,solar,solar_water_heater,K1,",
            "S5,x,solar,solar_water_heater,C1,S4",
            "P1,a,solar,solar_water_heater,C1,P2",
            "S6,x,solar,solar_water_heater,C1,S6",
        ),
    )  # fmt: skip
    assert await faults(plant, checked) == [
        (2, "parent_number", "IMPORT_REFERENCE_UNKNOWN"),
        (4, "parent_number", "PARENT_OF_OTHER_CUSTOMER"),
        (6, "parent_number", "IMPORT_REFERENCE_UNKNOWN"),
        (7, "parent_number", "ASSET_CYCLE"),
        (8, "parent_number", "IMPORT_REFERENCE_UNKNOWN"),
    ]


@pytest.mark.clause("P09-30")
async def test_an_acceptance_from_old_books_owes_only_what_is_not_over(plant: World) -> None:
    """Given assets accepted long ago and yesterday, then the day is kept, and only the later one owes its course."""
    heading = "number,name,vertical,asset_type,customer_code,installed_on,accepted_on"
    done = await run(
        plant, "assets",
        csv_file(
            heading,
            "S1,x,solar,solar_water_heater,C1,2024-02-20,2024-03-01",
            "S2,x,solar,solar_water_heater,C1,,2026-06-09",
        ),
    )  # fmt: skip
    assert done.rows_written == 2
    old, new = [(await plant.read(Asset, number=number))[0] for number in ("S1", "S2")]
    assert (old.accepted_on, new.accepted_on, new.installed_on) == (
        date(2024, 3, 1),
        date(2026, 6, 9),
        date(2026, 6, 9),
    )
    duties = [duty for duty in await plant.read(TrainingDuty) if duty.trigger == "acceptance"]
    assert {duty.asset_id for duty in duties} == {new.id}
    assert {row.state for row in await plant.read(Commitment, milestone="training")} == {"running"}
    checked = await check(
        plant, "assets",
        csv_file(
            heading,
            "S1,x,solar,solar_water_heater,C1,2024-02-20,2025-03-01",
            "S3,x,solar,solar_water_heater,C1,2024-02-20,2024-02-19",
            "S4,x,solar,solar_water_heater,C1,,2026-06-11",
        ),
    )  # fmt: skip
    assert await faults(plant, checked) == [
        (2, None, "ASSET_ACCEPTED"), (3, "accepted_on", "PERIOD_INVERTED"), (4, "accepted_on", "INSTANT_IN_FUTURE"),
    ]  # fmt: skip


@pytest.mark.clause("P10-33")
@pytest.mark.parametrize(
    "column", ["guarantee_months", "fields.guarantee_months", "担保期限", "Length of the guarantee"]
)
async def test_contracts_state_what_the_text_leaves_to_them(software: World, column: str) -> None:
    """Given a column for the length of the guarantee, then it is part of the contract; without it none is signed."""
    heading = f"number,title,vertical,customer_code,starts_on,{column}"
    checked = await check(
        software, "contracts",
        csv_file(heading, "H1,x,software_his,C1,2026-01-01,", "H2,x,software_his,C1,2026-01-01,soon"),
    )  # fmt: skip
    assert await faults(software, checked) == [
        (2, "fields.guarantee_months", "CONTRACT_FIELD_REQUIRED"),
        (3, "fields.guarantee_months", "CONTRACT_FIELD_INVALID"),
    ]
    good = csv_file(heading, "H3,x,software_his,C1,2026-01-01,18")
    assert (await run(software, "contracts", good)).rows_written == 1
    [contract] = await software.read(ServiceContract)
    assert contract.fields["guarantee_months"] == 18
    good.seek(0)
    assert (await run(software, "contracts", good)).rows_unchanged == 1
    other = csv_file(heading, "H3,x,software_his,C1,2026-01-01,36")
    assert await faults(software, await check(software, "contracts", other)) == [
        (2, "number", "IMPORT_CONTRACT_SIGNED")
    ]


async def test_the_template_and_the_export_have_the_verticals_own_columns(software: World) -> None:
    """Given a vertical that leaves a value to the contract, then both the template and the export have its column."""
    async with software.work(software.owner) as uow:
        layout, _ = export.check_export(uow, "contracts", "xlsx")
        [heading] = list(read_table(io.BytesIO(export.template(layout, "xlsx", "zh-CN"))))
        assert "fields.guarantee_months" in read_header(layout, heading)
        assert (
            with_own_columns(layout_of("customers"), uow.scope.playbook.verticals.values()).columns
            == layout_of("customers").columns
        )
    row = "H3,x,software_his,C1,2026-01-01,18"
    await run(
        software,
        "contracts",
        csv_file("number,title,vertical,customer_code,starts_on,guarantee_months", row),
    )
    async with software.work(software.owner) as uow:
        layout, _ = export.check_export(uow, "contracts", "csv")
        chunks = [chunk async for chunk in export.csv_chunks(export.rows(uow, layout, ExportFilter()))]
    file = io.BytesIO(b"".join(chunks))
    [names, values] = list(read_table(file))
    assert dict(zip(names, values, strict=True))["fields.guarantee_months"] == "18"
    assert (await run(software, "contracts", file)).rows_unchanged == 1
