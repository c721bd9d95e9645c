"""Tables become customers, sites, assets, contracts, past services: checked first, then whole or without bad rows."""

from datetime import date

import pytest

from aftersales.assets.models import Asset, AssetComponent
from aftersales.contracts.models import ContractLine, ServiceContract
from aftersales.exchange import service
from aftersales.exchange.commands import CancelImport, StartImport
from aftersales.exchange.models import DataImport, PastService
from aftersales.journal.models import Event
from aftersales.kit.errors import Forbidden
from aftersales.parties.models import Contact, Customer, Site
from tests.exchange.files import CUSTOMERS, check, csv_file, faults, run, upload, work_off, workbook
from tests.support.refusals import contents, refused
from tests.tickets.world import World, member


async def test_customers_with_contacts_are_created(plant: World) -> None:
    """Given three customers in a CSV file, when it is checked and run, then they are there, with their contacts."""
    lines = [f"K{number},客户{number},important,110000,+86 138,李{number},139" for number in range(3)]
    checked = await check(plant, "customers", csv_file(CUSTOMERS, *lines))
    assert (checked.state, checked.rows_total, checked.rows_failed) == ("checked", 3, 0)
    assert len(await plant.read(Customer)) == 1, "a dry run writes nothing"
    await plant.do(service.start_import, StartImport(import_id=checked.id), plant.owner)
    done = await work_off(plant, checked.id)
    assert (done.state, done.rows_written, done.rows_failed) == ("done", 3, 0)
    [customer] = await plant.read(Customer, code="K1")
    assert (customer.name, customer.tier, customer.region, customer.phone) == (
        "客户1",
        "important",
        "110000",
        "+86 138",
    )
    [contact] = await plant.read(Contact, customer_id=customer.id)
    assert (contact.name, contact.phone) == ("李1", "139")
    [created] = [event for event in await plant.read(Event, kind="customer.created") if event.subject_id == customer.id]
    assert created.actor == f"system:{done.id}"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_chinese_files_are_read_whatever_the_encoding(plant: World, encoding: str) -> None:
    """Given headings in Chinese, then they are known, in any of the usual encodings, with semicolons too."""
    file = csv_file("客户编号;客户名称", "K1;北京医院", encoding=encoding)
    assert (await run(plant, "customers", file)).rows_written == 1
    assert (await plant.read(Customer, code="K1"))[0].name == "北京医院"


async def test_everything_else_follows_from_a_workbook(plant: World) -> None:
    """Given sheets of sites, assets with parts, contracts and past services, then all of it is there, linked."""
    assert (
        await run(plant, "sites", workbook(("customer_code", "name", "region"), ("C1", "楼顶", 110000)))
    ).state == "done"
    assets = workbook(
        ("number", "name", "vertical", "asset_type", "customer_code", "site_name", "installed_on",
         "attributes.tank_litres", "components"),
        ("S1", "热水", "solar", "solar_water_heater", "C1", "楼顶", "2026/3/1", 300, "tank:SN-1;pump"),
    )  # fmt: skip
    assert (await run(plant, "assets", assets)).rows_written == 1
    contracts = workbook(
        ("number", "title", "vertical", "customer_code", "starts_on", "asset_numbers"),
        ("HT-1", "售后", "solar", "C1", "2026-01-01", "S1;A1"),
    )
    assert (await run(plant, "contracts", contracts)).rows_written == 1
    history = workbook(
        ("reference", "asset_number", "happened_on", "title"), ("R-1", "S1", "2025年11月3日", "换真空管")
    )
    assert (await run(plant, "history", history)).rows_written == 1

    [site] = await plant.read(Site, name="楼顶")
    [asset] = await plant.read(Asset, number="S1")
    assert (asset.site_id, asset.installed_on, asset.attributes["tank_litres"]) == (site.id, date(2026, 3, 1), 300)
    parts = await plant.read(AssetComponent, asset_id=asset.id)
    assert {(part.component, part.serial) for part in parts} == {("tank", "SN-1"), ("pump", None)}
    [contract] = await plant.read(ServiceContract, number="HT-1")
    lines = await plant.read(ContractLine, contract_id=contract.id)
    assert {line.asset_id for line in lines} == {asset.id, plant.asset.id}
    [past] = await plant.read(PastService, reference="R-1")
    assert (past.asset_id, past.customer_id, past.happened_on) == (asset.id, plant.customer.id, date(2025, 11, 3))
    [told] = await plant.read(Event, kind="asset.past_service_recorded")
    assert told.asset_id == asset.id


async def test_the_same_file_again_changes_nothing(plant: World) -> None:
    """Given a file that was imported, when it is imported again, then all its rows are unchanged."""
    lines = (CUSTOMERS, "K1,One,standard,,1,Li,2", "K2,Two,standard,,1,,")
    await run(plant, "customers", csv_file(*lines))
    events = len(await plant.read(Event, kind="customer.updated"))
    again = await run(plant, "customers", csv_file(*lines))
    assert (again.rows_written, again.rows_unchanged) == (0, 2)
    assert len(await plant.read(Customer)) == 3
    assert len(await plant.read(Event, kind="customer.updated")) == events


async def test_what_is_known_is_updated_or_skipped_as_asked(plant: World) -> None:
    """Given a customer that is known, then `skip` leaves it as it is and `update` changes what the file names."""
    file = ("code,name", "C1,New name")
    assert (await run(plant, "customers", csv_file(*file), existing="skip")).rows_unchanged == 1
    assert (await plant.read(Customer, code="C1"))[0].name == "Hospital"
    assert (await run(plant, "customers", csv_file(*file), existing="update")).rows_written == 1
    [customer] = await plant.read(Customer, code="C1")
    assert (customer.name, customer.region) == ("New name", "110000")


async def test_each_bad_row_is_named_and_nothing_starts(plant: World) -> None:
    """Given a file with bad rows, then each is told by row, column and code, and all_or_nothing refuses to start."""
    before = await contents(plant)
    checked = await check(
        plant, "customers",
        csv_file(
            "code,name,tier,region,last_paid_visit_on",
            "K1,One,standard,110000,2026-02-28",
            "K2,,standard,,",
            "K3,Three,golden,,",
            "K4,Four,,999999,",
            "K5,Five,,,2026-02-30",
            "K1,One again,,,",
            "K6,=1+1,,,",
            "K7,Seven,,,2027-01-01",
            "K8,Eight,,,,surplus",
        ),
    )  # fmt: skip
    assert await faults(plant, checked) == [
        (3, "name", "REQUIRED"),
        (4, "tier", "VALUE_UNKNOWN"),
        (5, "region", "REGION_UNKNOWN"),
        (6, "last_paid_visit_on", "IMPORT_DATE_INVALID"),
        (7, "code", "IMPORT_ROW_TWICE"),
        (8, "name", "IMPORT_FORMULA"),
        (9, "last_paid_visit_on", "INSTANT_IN_FUTURE"),
        (10, None, "IMPORT_CELLS_BEYOND"),
    ]
    assert (checked.state, checked.rows_total, checked.rows_failed) == ("checked", 9, 8)
    start = StartImport(import_id=checked.id)
    assert (await refused(plant, service.start_import, start, plant.owner)).code == "IMPORT_HAS_ERRORS"
    after = await contents(plant)
    touched = {name for name in before if before[name] != after[name]}
    assert touched <= {"data_imports", "import_batches", "import_faults", "events", "outbox_messages"}


async def test_bad_rows_are_skipped_when_asked(plant: World) -> None:
    """Given skip_bad_rows, then the good rows of the same batch are written and the bad ones leave no trace."""
    file = csv_file("code,name,region", "K1,One,", "K2,Two,999999", "K3,Three,", "K4,Four,")
    done = await run(plant, "customers", file, policy="skip_bad_rows")
    assert (done.state, done.rows_written, done.rows_failed) == ("done", 3, 1)
    assert {row.code for row in await plant.read(Customer)} == {"C1", "K1", "K3", "K4"}


async def test_a_row_that_went_bad_meanwhile_stops_an_all_or_nothing_import(plant: World) -> None:
    """Given a site whose customer is archived after the check, when it runs, then it stops and names the row."""
    checked = await check(plant, "sites", csv_file("customer_code,name", "C1,Roof"))
    [customer] = await plant.read(Customer, code="C1")
    async with plant.work() as uow:
        (await uow.get(Customer, customer.id)).state = "archived"
    await plant.do(service.start_import, StartImport(import_id=checked.id), plant.owner)
    stopped = await work_off(plant, checked.id)
    assert (stopped.state, await faults(plant, stopped)) == ("stopped", [(2, "customer_code", "CUSTOMER_ARCHIVED")])
    assert len(await plant.read(Site)) == 1


async def test_references_and_other_customers_things_are_refused(plant: World) -> None:
    """Given unknown codes, another customer's asset, an unknown part and a signed contract, then each is named."""
    await run(plant, "customers", csv_file("code,name", "K1,One"))
    heading = "number,name,vertical,asset_type,customer_code,site_name,usage,components,attributes.tank_litres"
    checked = await check(
        plant, "assets",
        csv_file(
            heading,
            "S1,x,solar,solar_water_heater,NOBODY,,,,",
            "S2,x,solar,solar_water_heater,C1,Nowhere,,,",
            "A1,x,solar,solar_water_heater,K1,,,,",
            "S3,x,solar,boat,C1,,,,",
            "S4,x,solar,solar_water_heater,C1,,,wing,",
            "S5,x,solar,solar_water_heater,C1,,-5,,",
            "S6,x,solar,solar_water_heater,C1,,many,,",
            "S7,x,solar,solar_water_heater,C1,,,,much",
            "S8,x,auto_4s,car,C1,,,,",
        ),
    )  # fmt: skip
    assert await faults(plant, checked) == [
        (2, "customer_code", "IMPORT_REFERENCE_UNKNOWN"),
        (3, "site_name", "IMPORT_REFERENCE_UNKNOWN"),
        (4, "number", "IMPORT_OTHER_CUSTOMER"),
        (5, "asset_type", "ASSET_TYPE_UNKNOWN"),
        (6, "components", "COMPONENT_UNKNOWN"),
        (7, "usage", "USAGE_INVALID"),
        (8, "usage", "IMPORT_NUMBER_INVALID"),
        (9, "attributes.tank_litres", "ATTRIBUTES_INVALID"),
        (10, "vertical", "VERTICAL_NOT_ENABLED"),
    ]
    contract = "number,title,vertical,customer_code,starts_on,asset_numbers"
    await run(plant, "contracts", csv_file(contract, "HT-1,One,solar,C1,2026-01-01,"))
    again = await check(
        plant, "contracts",
        csv_file(contract, "HT-1,Two,solar,C1,2026-01-01,", "HT-2,x,solar,K1,2026-01-01,A1"),
    )  # fmt: skip
    assert await faults(plant, again) == [
        (2, "number", "IMPORT_CONTRACT_SIGNED"), (3, "asset_numbers", "CONTRACT_LINE_INVALID"),
    ]  # fmt: skip


async def test_a_batch_done_twice_is_written_once(plant: World) -> None:
    """Given a message that is delivered twice, then the second delivery finds that it isn't its turn."""
    checked = await check(plant, "customers", csv_file("code,name", "K1,One", "K2,Two", "K3,Three"))
    await plant.do(service.start_import, StartImport(import_id=checked.id), plant.owner)
    for _ in range(2):
        async with plant.work() as uow:
            await service.advance(uow, checked.id, "running", 0)
    [row] = await plant.read(DataImport, id=checked.id)
    assert (row.position, row.rows_written, len(await plant.read(Customer))) == (1, 2, 3)


async def test_who_may_import_and_when(plant: World) -> None:
    """Given no right, a second start, or an end, then the operation is refused."""
    with pytest.raises(Forbidden):
        await upload(plant, "contracts", csv_file("number"), member("engineer"))
    checked = await check(plant, "customers", csv_file("code,name", "K1,One"))
    start = StartImport(import_id=checked.id)
    assert (await refused(plant, service.start_import, start, member("engineer"))).code == "FORBIDDEN"
    await plant.do(service.start_import, start, plant.owner)
    assert (await refused(plant, service.start_import, start, plant.owner)).code == "IMPORT_NOT_CHECKED"
    await plant.do(service.cancel_import, CancelImport(import_id=checked.id), plant.owner)
    cancel = CancelImport(import_id=checked.id)
    assert (await refused(plant, service.cancel_import, cancel, plant.owner)).code == "IMPORT_ENDED"
    assert len(await plant.read(Customer)) == 1
