"""Carries out one row of a table through the operations of the room that owns the thing, so by the same rules."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

import msgspec
from msgspec import Struct

from aftersales.assets import rules as asset_rules
from aftersales.assets import service as assets
from aftersales.assets.commands import (
    AcceptAsset,
    AddComponent,
    ComponentDetails,
    RecordUsage,
    RegisterAsset,
    UpdateAsset,
)
from aftersales.assets.models import Asset, AssetComponent
from aftersales.contracts import service as contracts
from aftersales.contracts.commands import LineDetails, SignContract
from aftersales.contracts.models import ServiceContract
from aftersales.exchange import queries
from aftersales.exchange.columns import Layout
from aftersales.exchange.models import PastService
from aftersales.exchange.rules import ATTRIBUTES, FIELDS, Cells, below, read_day
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput
from aftersales.kit.guards import happened_on
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, CODE_LIMIT, NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.parties import service as parties
from aftersales.parties.commands import (
    AddContact,
    AddSite,
    CreateCustomer,
    UpdateContact,
    UpdateCustomer,
    UpdateSite,
)
from aftersales.parties.models import Contact, Customer, Site
from aftersales.scope import TenantWork
from aftersales.terms.classification import AssetType

Outcome = Literal["written", "unchanged"]
Row = TypeVar("Row")

FIELD_COLUMNS: Final[Mapping[str, str]] = {
    "customer_id": "customer_code",
    "site_id": "site_name",
    "asset_id": "asset_number",
    "parent_asset_id": "parent_number",
    "component": "components",
}
"""Fields of commands -> the column in which their value stood, where the names differ."""


class Known(Struct, kw_only=True):
    """What the tenant has already of what a batch's rows name. Rows add to it as they are carried out.

    `awaited` are numbers of assets that rows of earlier batches bring, which a check has undone.
    """

    customers: dict[str, Customer]
    contacts: dict[tuple[UUID, str], Contact]
    sites: dict[tuple[UUID, str], Site]
    assets: dict[str, Asset]
    components: dict[UUID, list[AssetComponent]]
    contracts: dict[str, ServiceContract]
    past: dict[str, PastService]
    awaited: frozenset[str] = frozenset()

    def customer(self, code: str) -> Customer:
        return _known(self.customers, code, "customer", "customer_code")

    def asset(self, number: str, column: str) -> Asset:
        return _known(self.assets, number, "asset", column)


def _known(found: Mapping[str, Row], key: str, thing: str, column: str) -> Row:
    if key not in found:
        raise InvalidInput("IMPORT_REFERENCE_UNKNOWN", field=column, thing=thing, value=key)
    return found[key]


async def known_of(uow: TenantWork, layout: Layout, rows: Sequence[Cells], awaited: frozenset[str]) -> Known:
    """Everything that the rows name, one read per table."""
    kind = layout.kind
    codes = {row.get("code" if kind == "customers" else "customer_code") for row in rows}
    customers = await queries.customers(uow, sorted(code for code in codes if code), lock=kind == "customers")
    ids = [customer.id for customer in customers.values()]
    numbers = {row.get("number") for row in rows} if kind == "assets" else {row.get("asset_number") for row in rows}
    numbers |= {number for row in rows for number in row.get("asset_numbers", ())}
    numbers |= {row.get("parent_number") for row in rows}
    assets_ = await queries.assets(uow, sorted(number for number in numbers if number), lock=kind == "assets")
    asset_ids = [asset.id for asset in assets_.values()]
    contract_numbers = sorted({row["number"] for row in rows if "number" in row}) if kind == "contracts" else []
    references = sorted({row["reference"] for row in rows if "reference" in row})
    return Known(
        customers=customers,
        contacts=await queries.contacts(uow, ids) if kind in {"customers", "contacts"} else {},
        sites=await queries.sites(uow, ids, lock=kind == "sites") if kind in {"sites", "assets"} else {},
        assets=assets_,
        components=await queries.components(uow, asset_ids) if kind == "assets" else {},
        contracts=await queries.contracts(uow, contract_numbers) if contract_numbers else {},
        past=await queries.past_services(uow, references) if kind == "history" else {},
        awaited=awaited,
    )


async def carry_out(uow: TenantWork, layout: Layout, cells: Cells, known: Known, *, update: bool) -> Outcome:
    """Create what a row describes, or change what is known by its key (only with `update`, and only what differs)."""
    return await _CARRIERS[layout.kind](uow, cells, known, update)


async def _customer(uow: TenantWork, cells: Cells, known: Known, update: bool) -> Outcome:
    fields = {name: cells.get(name) for name in ("name", "tier", "region", "phone", "email", "last_paid_visit_on")}
    given = {name: value for name, value in fields.items() if value is not None}
    customer = known.customers.get(cells["code"])
    outcome: Outcome = "unchanged"
    if customer is None:
        customer = await parties.create_customer(uow, CreateCustomer(code=cells["code"], **given))
        known.customers[customer.code] = customer
        outcome = "written"
    elif update and _differs(customer, given):
        await parties.update_customer(uow, UpdateCustomer(customer_id=customer.id, **given))
        outcome = "written"
    person = {name: cells[f"contact_{name}"] for name in ("name", "phone", "email") if f"contact_{name}" in cells}
    if person and "name" not in person:
        raise InvalidInput("REQUIRED", field="contact_name", field_name="contact_name")
    if person and await _person(uow, customer, person, known, update) == "written":
        outcome = "written"
    return outcome


async def _contact(uow: TenantWork, cells: Cells, known: Known, update: bool) -> Outcome:
    customer = known.customer(cells["customer_code"])
    given = {name: value for name, value in cells.items() if name != "customer_code"}
    return await _person(uow, customer, given, known, update)


async def _person(uow: TenantWork, customer: Customer, given: Cells, known: Known, update: bool) -> Outcome:
    contact = known.contacts.get((customer.id, given["name"]))
    if contact is None:
        contact = await parties.add_contact(uow, AddContact(customer_id=customer.id, **given))
        known.contacts[customer.id, contact.name] = contact
        return "written"
    if update and _differs(contact, given):
        await parties.update_contact(uow, UpdateContact(contact_id=contact.id, **given))
        return "written"
    return "unchanged"


async def _site(uow: TenantWork, cells: Cells, known: Known, update: bool) -> Outcome:
    customer = known.customer(cells["customer_code"])
    given = {name: value for name, value in cells.items() if name != "customer_code"}
    site = known.sites.get((customer.id, given["name"]))
    if site is None:
        site = await parties.add_site(uow, AddSite(customer_id=customer.id, **given))
        known.sites[customer.id, site.name] = site
        return "written"
    if update and _differs(site, given):
        await parties.update_site(uow, UpdateSite(site_id=site.id, **given))
        return "written"
    return "unchanged"


async def _asset(uow: TenantWork, cells: Cells, known: Known, update: bool) -> Outcome:
    customer = known.customer(cells["customer_code"])
    asset_type = asset_rules.known_type(uow.scope.enabled(cells["vertical"]), cells["asset_type"])
    site_id = _site_of(known, customer, cells.get("site_name"))
    parent_id = _parent_of(known, cells.get("parent_number"))
    attributes = _typed(asset_type, below(cells, ATTRIBUTES))
    parts = [_part(text) for text in cells.get("components", ())]
    given: Cells = {name: cells[name] for name in ("name", "serial", "installed_on", "remote_allowed") if name in cells}
    asset = known.assets.get(cells["number"])
    if asset is None:
        asset = await assets.register_asset(
            uow,
            RegisterAsset(
                number=cells["number"], vertical=cells["vertical"], asset_type=asset_type.code,
                customer_id=customer.id, site_id=site_id, attributes=attributes, components=tuple(parts),
                parent_asset_id=parent_id, usage=cells.get("usage"), **given,
            ),
        )  # fmt: skip
        known.assets[asset.number] = asset
        if "accepted_on" in cells:
            await assets.take_over_acceptance(uow, AcceptAsset(asset_id=asset.id, accepted_on=cells["accepted_on"]))
        return "written"
    if asset.customer_id != customer.id:
        raise InvalidInput("IMPORT_OTHER_CUSTOMER", field="number", value=asset.number)
    if not update:
        return "unchanged"
    outcome: Outcome = "unchanged"
    merged = {**asset.attributes, **attributes}
    wanted: dict[str, Any] = {
        **given, "attributes": merged, "site_id": site_id or asset.site_id,
        "parent_asset_id": parent_id or asset.parent_asset_id,
    }  # fmt: skip
    if _differs(asset, wanted):
        command = UpdateAsset(
            asset_id=asset.id, site_id=site_id, parent_asset_id=parent_id, attributes=attributes, **given
        )
        await assets.update_asset(uow, command)
        outcome = "written"
    if "accepted_on" in cells and cells["accepted_on"] != asset.accepted_on:
        await assets.take_over_acceptance(uow, AcceptAsset(asset_id=asset.id, accepted_on=cells["accepted_on"]))
        outcome = "written"
    if "usage" in cells and cells["usage"] != asset.usage:
        await assets.record_usage(uow, RecordUsage(asset_id=asset.id, usage=cells["usage"]))
        outcome = "written"
    there = [(part.component, part.serial) for part in known.components.get(asset.id, ())]
    for part in parts:
        if (part.component, part.serial) in there:
            continue
        command_ = AddComponent(
            asset_id=asset.id, component=part.component, serial=part.serial, installed_on=part.installed_on
        )
        await assets.add_component(uow, command_)
        outcome = "written"
    return outcome


async def _contract(uow: TenantWork, cells: Cells, known: Known, update: bool) -> Outcome:
    customer = known.customer(cells["customer_code"])
    lines = [LineDetails(asset_id=known.asset(number, "asset_numbers").id) for number in cells.get("asset_numbers", ())]
    lines += [LineDetails(asset_type=code) for code in cells.get("asset_types", ())]
    contract = known.contracts.get(cells["number"])
    fields = below(cells, FIELDS)
    if contract is not None:
        signed = {name: cells[name] for name in ("title", "vertical", "starts_on")}
        signed |= {"customer_id": customer.id, "ends_on": cells.get("ends_on")}
        stated = {**fields, **({"inspection_body": cells["inspection_body"]} if "inspection_body" in cells else {})}
        others = any(str(contract.fields.get(name)) != _told(value) for name, value in stated.items())
        if update and (others or _differs(contract, signed)):
            raise InvalidInput("IMPORT_CONTRACT_SIGNED", field="number")
        return "unchanged"
    known.contracts[cells["number"]] = await contracts.sign_contract(
        uow,
        SignContract(
            number=cells["number"], title=cells["title"], vertical=cells["vertical"], customer_id=customer.id,
            starts_on=cells["starts_on"], ends_on=cells.get("ends_on"), lines=tuple(lines), fields=fields,
            inspection_body=cells.get("inspection_body"),
        ),
    )  # fmt: skip
    return "written"


async def _history(uow: TenantWork, cells: Cells, known: Known, update: bool) -> Outcome:
    asset = known.asset(cells["asset_number"], "asset_number")
    told = {
        "happened_on": happened_on(uow.now, uow.scope.time_zone, cells["happened_on"], "happened_on"),
        "title": clean_text(cells["title"], "title", TITLE_LIMIT, required=True),
        "description": clean_text(cells.get("description"), "description", BODY_LIMIT) or None,
        "engineer": clean_text(cells.get("engineer"), "engineer", NAME_LIMIT) or None,
        "outcome": clean_text(cells.get("outcome"), "outcome", BODY_LIMIT) or None,
    }
    reference = clean_text(cells["reference"], "reference", CODE_LIMIT, required=True)
    past = known.past.get(reference)
    if past is not None:
        if update and _differs(past, {**told, "asset_id": asset.id}):
            raise InvalidInput("IMPORT_HISTORY_KNOWN", field="reference")
        return "unchanged"
    past = uow.add(
        PastService(
            id=new_id(), reference=reference, asset_id=asset.id, customer_id=asset.customer_id, created_at=uow.now,
            **told,
        )
    )  # fmt: skip
    known.past[reference] = past
    await journal.record(
        uow, "asset.past_service_recorded", subject_type="asset", subject_id=asset.id, asset_id=asset.id,
        customer_id=asset.customer_id,
        data={"reference": reference, "happened_on": past.happened_on, "title": past.title},
    )  # fmt: skip
    return "written"


Carrier = Callable[[TenantWork, Cells, Known, bool], Awaitable[Outcome]]
_CARRIERS: Final[dict[str, Carrier]] = {
    "customers": _customer,
    "contacts": _contact,
    "sites": _site,
    "assets": _asset,
    "contracts": _contract,
    "history": _history,
}


def _differs(row: Any, given: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in given.items())


def _site_of(known: Known, customer: Customer, name: str | None) -> UUID | None:
    if name is None:
        return None
    site = known.sites.get((customer.id, name))
    if site is None:
        raise InvalidInput("IMPORT_REFERENCE_UNKNOWN", field="site_name", thing="site", value=name)
    return site.id


def _parent_of(known: Known, number: str | None) -> UUID | None:
    """The asset that another is a part of; None as well for one that an earlier row will have brought."""
    if number is None or (number not in known.assets and number in known.awaited):
        return None
    return known.asset(number, "parent_number").id


def _told(value: object) -> str:
    """A value as the fields of a contract keep it."""
    return value.isoformat() if isinstance(value, date) else str(value)


def _part(text: str) -> ComponentDetails:
    """`tank:SN-1:2026-03-01`: code, serial number, day of installation; the latter two may be left out."""
    code, serial, installed_on = ([part.strip() for part in text.split(":", 2)] + ["", ""])[:3]
    day: date | None = read_day(installed_on, "components") if installed_on else None
    return ComponentDetails(
        component=code, serial=clean_text(serial, "components", NAME_LIMIT) or None, installed_on=day
    )


def _typed(asset_type: AssetType, given: Mapping[str, str]) -> dict[str, Any]:
    """Texts as the kinds of value that the type's Struct wants; what doesn't fit is left for its own check to name."""
    kinds = _kinds(asset_type.attributes)
    typed: dict[str, Any] = {}
    for name, text in given.items():
        try:
            typed[name] = msgspec.to_builtins(msgspec.convert(text, kinds.get(name, str), strict=False))
        except msgspec.ValidationError:
            typed[name] = text
    return typed


@cache
def _kinds(struct: type[Struct] | None) -> dict[str, Any]:
    return {} if struct is None else {found.encode_name: found.type for found in msgspec.structs.fields(struct)}
