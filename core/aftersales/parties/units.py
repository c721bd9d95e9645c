"""The service organisation: its units, and which of them is nearest to a place."""

from uuid import UUID

from aftersales.access import require
from aftersales.journal import service as journal
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import CODE_LIMIT, NAME_LIMIT, clean_text
from aftersales.parties import queries
from aftersales.parties.commands import CreateServiceUnit, UpdateServiceUnit
from aftersales.parties.models import UNIT_KINDS, ServiceUnit
from aftersales.parties.regions import check_region, check_regions
from aftersales.parties.rules import NearUnit, check_known, check_level, units_by_nearness
from aftersales.scope import TenantWork


async def create_service_unit(uow: TenantWork, command: CreateServiceUnit) -> ServiceUnit:
    """Add a unit. SERVICE_UNIT_CODE_TAKEN, UNIT_LEVEL_INVALID, UNIT_PARENT_INVALID, REGION_UNKNOWN."""
    require(uow.actor, "staff.manage")
    check_level(command.level, await _level_of(uow, command.parent_unit_id))
    unit = uow.add(
        ServiceUnit(
            id=new_id(),
            code=clean_text(command.code, "code", CODE_LIMIT, required=True),
            name=clean_text(command.name, "name", NAME_LIMIT, required=True),
            kind=check_known(command.kind, UNIT_KINDS, "kind"),
            level=command.level,
            parent_id=command.parent_unit_id,
            regions=check_regions(command.regions),
            authorised=command.authorised,
            hotline=clean_text(command.hotline, "hotline", NAME_LIMIT) or None,
            on_call=clean_text(command.on_call, "onCall", NAME_LIMIT) or None,
        )
    )
    await _note(uow, "service_unit.created", unit)
    return unit


async def update_service_unit(uow: TenantWork, command: UpdateServiceUnit) -> ServiceUnit:
    """Change a unit; the rules of `create_service_unit` hold for what comes out."""
    require(uow.actor, "staff.manage")
    unit = await locked(uow, ServiceUnit, command.service_unit_id, command.expected_version)
    parent_id = command.parent_unit_id or unit.parent_id
    level = unit.level if command.level is None else command.level
    check_level(level, await _level_of(uow, parent_id))
    child = await queries.highest_child(uow, unit.id)
    if child is not None:
        check_level(child, level)
    regions = unit.regions if command.regions is None else check_regions(command.regions)
    if command.name is not None:
        unit.name = clean_text(command.name, "name", NAME_LIMIT, required=True)
    if command.hotline is not None:
        unit.hotline = clean_text(command.hotline, "hotline", NAME_LIMIT) or None
    if command.on_call is not None:
        unit.on_call = clean_text(command.on_call, "onCall", NAME_LIMIT) or None
    if command.authorised is not None:
        unit.authorised = command.authorised
    if command.active is not None:
        unit.state = "active" if command.active else "inactive"
    unit.level, unit.parent_id, unit.regions = level, parent_id, regions
    await _note(uow, "service_unit.updated", unit)
    return unit


async def nearest_units(uow: TenantWork, region: str | None, *, authorised_only: bool = False) -> list[NearUnit]:
    """The units that serve a region, nearest first (P09-05): see `units_by_nearness`."""
    units = await queries.active_units(uow)
    return units_by_nearness(units, check_region(region), authorised_only=authorised_only)


async def _level_of(uow: TenantWork, unit_id: UUID | None) -> int | None:
    return None if unit_id is None else (await uow.get(ServiceUnit, unit_id)).level


async def _note(uow: TenantWork, kind: str, unit: ServiceUnit) -> None:
    await journal.record(
        uow, kind, subject_type="service_unit", subject_id=unit.id, data={"code": unit.code, "level": unit.level}
    )
