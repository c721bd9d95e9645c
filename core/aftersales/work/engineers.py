"""The people who are sent: skills, regions, certificates."""

from datetime import date

from aftersales.access import require
from aftersales.journal import service as journal
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import CODE_LIMIT, NAME_LIMIT, clean_text
from aftersales.parties.models import ServiceUnit
from aftersales.parties.regions import check_regions
from aftersales.scope import TenantWork
from aftersales.work.commands import AddCertificate, CreateEngineer, UpdateEngineer
from aftersales.work.models import Engineer, EngineerCertificate


async def create_engineer(uow: TenantWork, command: CreateEngineer) -> Engineer:
    """Take up an engineer. ENGINEER_CODE_TAKEN, REGION_UNKNOWN."""
    require(uow.actor, "staff.manage")
    if command.service_unit_id is not None:
        await uow.get(ServiceUnit, command.service_unit_id)
    engineer = uow.add(
        Engineer(
            id=new_id(),
            code=clean_text(command.code, "code", CODE_LIMIT, required=True),
            name=clean_text(command.name, "name", NAME_LIMIT, required=True),
            phone=clean_text(command.phone, "phone", NAME_LIMIT) or None,
            email=clean_text(command.email, "email", NAME_LIMIT) or None,
            member_id=command.member_id,
            service_unit_id=command.service_unit_id,
            party=command.party,
            skills=_codes(command.skills, "skills"),
            regions=check_regions(command.regions),
        )
    )
    await _note(uow, "engineer.created", engineer)
    return engineer


async def update_engineer(uow: TenantWork, command: UpdateEngineer) -> Engineer:
    """Change an engineer; visits that are planned already stay as they are."""
    require(uow.actor, "staff.manage")
    engineer = await locked(uow, Engineer, command.engineer_id, command.expected_version)
    skills = engineer.skills if command.skills is None else _codes(command.skills, "skills")
    regions = engineer.regions if command.regions is None else check_regions(command.regions)
    if command.service_unit_id is not None:
        engineer.service_unit_id = (await uow.get(ServiceUnit, command.service_unit_id)).id
    if command.name is not None:
        engineer.name = clean_text(command.name, "name", NAME_LIMIT, required=True)
    if command.phone is not None:
        engineer.phone = clean_text(command.phone, "phone", NAME_LIMIT) or None
    if command.email is not None:
        engineer.email = clean_text(command.email, "email", NAME_LIMIT) or None
    if command.active is not None:
        engineer.state = "active" if command.active else "inactive"
    engineer.party = command.party or engineer.party
    engineer.skills, engineer.regions = skills, regions
    await _note(uow, "engineer.updated", engineer)
    return engineer


async def add_certificate(uow: TenantWork, command: AddCertificate) -> Engineer:
    """Add a certificate; of several of one kind the longest valid counts."""
    require(uow.actor, "staff.manage")
    engineer = await uow.get(Engineer, command.engineer_id)
    certificate = clean_text(command.certificate, "certificate", CODE_LIMIT, required=True)
    number = clean_text(command.number, "number", NAME_LIMIT, required=True)
    uow.add(
        EngineerCertificate(
            id=new_id(),
            engineer_id=engineer.id,
            certificate=certificate,
            number=number,
            valid_until=command.valid_until,
        )
    )
    await _note(uow, "engineer.certified", engineer, certificate=certificate, valid_until=command.valid_until)
    return engineer


def _codes(values: tuple[str, ...], field: str) -> list[str]:
    return sorted({clean_text(value, field, CODE_LIMIT, required=True) for value in values})


async def _note(uow: TenantWork, kind: str, engineer: Engineer, **data: str | date) -> None:
    await journal.record(
        uow, kind, subject_type="engineer", subject_id=engineer.id, data={"code": engineer.code, **data}
    )
