"""The people who are trained: named by customers, technicians of dealers, engineers of the company; project teams."""

from datetime import date
from uuid import UUID

from aftersales.access import require
from aftersales.assets.models import Asset
from aftersales.contracts.models import ServiceContract
from aftersales.journal import service as journal
from aftersales.kit.errors import Conflict, InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import CODE_LIMIT, NAME_LIMIT, clean_text
from aftersales.parties.models import Customer, ServiceUnit
from aftersales.scope import TenantWork
from aftersales.training import queries, rules
from aftersales.training.commands import EndTrainee, JoinProjectTeam, LeaveProjectTeam, NameTrainee
from aftersales.training.curricula import course_named, courses_in_force
from aftersales.training.duties import owe
from aftersales.training.models import ProjectTeamMember, Trainee
from aftersales.training.tasks import check_party, finish_tasks, open_task
from aftersales.work.models import Engineer


async def name_trainee(uow: TenantWork, command: NameTrainee) -> Trainee:
    """Name a person to be trained; customers and dealers name their own (P13-32, P15-11).

    Who takes another's place is owed the courses that a change of staff triggers, and ends the customer's task to
    name somebody (P08-08). NOT_FOUND for somebody else's customer or unit, TRAINEE_PARTY_INVALID unless exactly one
    party is named, ASSET_OF_OTHER_CUSTOMER,
    CONTRACT_OF_OTHER_CUSTOMER, TRAINEE_OF_OTHER_PARTY, TRAINEE_NAMED_ALREADY for an engineer.
    """
    require(uow.actor, "training.name")
    uow.scope.enabled(command.vertical)
    thing = "Customer" if uow.actor.customer_id else "ServiceUnit"
    check_party(uow, thing, command.customer_id, command.service_unit_id)
    name, phone = command.name, command.phone
    if command.engineer_id is not None:
        engineer = await uow.get(Engineer, command.engineer_id)
        name, phone = name or engineer.name, phone or engineer.phone
    await _check_whose(uow, command)
    parties = [command.customer_id, command.service_unit_id, command.engineer_id]
    if sum(party is not None for party in parties) != 1:
        raise InvalidInput("TRAINEE_PARTY_INVALID", field="customerId")
    if command.engineer_id is not None:
        known = await queries.trainee_of_engineer(uow, command.engineer_id, command.vertical)
        if known is not None:
            raise Conflict("TRAINEE_NAMED_ALREADY", field="engineerId")
    role = clean_text(command.role, "role", CODE_LIMIT, required=True)
    trainee = uow.add(
        Trainee(
            id=new_id(),
            vertical=command.vertical,
            name=clean_text(name, "name", NAME_LIMIT, required=True),
            phone=clean_text(phone, "phone", NAME_LIMIT) or None,
            role=role,
            customer_id=command.customer_id,
            service_unit_id=command.service_unit_id,
            engineer_id=command.engineer_id,
            asset_id=command.asset_id,
            contract_id=command.contract_id,
            created_at=uow.now,
        )
    )
    await _note(uow, "trainee.named", trainee, {"role": role, "name": trainee.name})
    if command.succeeds_id is not None:
        previous = await _load(uow, command.succeeds_id, None)
        await _succeed(uow, previous, trainee, field="succeedsId")
    return trainee


async def end_trainee(uow: TenantWork, command: EndTrainee) -> Trainee:
    """Note a person's last day. Without a successor the customer owes one, and is told so at once (P08-08).

    NOT_FOUND, TRAINEE_LEFT the second time, TRAINEE_OF_OTHER_PARTY for a successor from elsewhere, PERIOD_INVERTED
    before the person was named.
    """
    require(uow.actor, "training.name")
    trainee = await _load(uow, command.trainee_id, command.expected_version)
    if trainee.left_on is not None:
        raise StateRefused("TRAINEE_LEFT", field="traineeId", left_on=trainee.left_on)
    last_day = command.left_on or today(uow.now, uow.scope.time_zone)
    if last_day < today(trainee.created_at, uow.scope.time_zone):
        raise InvalidInput("PERIOD_INVERTED", field="leftOn")
    trainee.left_on = last_day
    await _note(uow, "trainee.left", trainee, {"name": trainee.name, "left_on": last_day})
    if command.successor_id is not None:
        await _succeed(uow, trainee, await _load(uow, command.successor_id, None), field="successorId")
    elif trainee.customer_id is not None:
        await open_task(uow, "name_successor", trainee.vertical, trainee.customer_id, trainee_id=trainee.id)
        await _note(uow, "training.successor_missing", trainee, {"name": trainee.name, "left_on": last_day})
    return trainee


async def trained_team(
    uow: TenantWork,
    vertical: str,
    curriculum: str,
    *,
    customer_id: UUID | None = None,
    service_unit_id: UUID | None = None,
    asset_id: UUID | None = None,
    contract_id: UUID | None = None,
) -> list[Trainee]:
    """Who of a customer or a dealer holds a valid certificate of a course today: its maintenance team (P01-01,
    P15-11).

    TRAINEE_PARTY_INVALID unless one party is named, NOT_FOUND for somebody else's, CURRICULUM_UNKNOWN.
    """
    check_party(uow, "Customer" if uow.actor.customer_id else "ServiceUnit", customer_id, service_unit_id)
    if customer_id is not None:
        await uow.get(Customer, customer_id)
    if service_unit_id is not None:
        await uow.get(ServiceUnit, service_unit_id)
    asset = None if asset_id is None else await uow.get(Asset, asset_id)
    contract = None if contract_id is None else await uow.get(ServiceContract, contract_id)
    if (customer_id is None) == (service_unit_id is None):
        raise InvalidInput("TRAINEE_PARTY_INVALID", field="customerId")
    if asset is not None and asset.customer_id != customer_id:
        raise NotFound("NOT_FOUND", thing="Asset")
    if contract is not None and contract.customer_id != customer_id:
        raise NotFound("NOT_FOUND", thing="ServiceContract")
    await course_named(uow, vertical, curriculum)
    day = today(uow.now, uow.scope.time_zone)
    people = await queries.people(
        uow, vertical, day, customer_id=customer_id, service_unit_id=service_unit_id, asset_id=asset_id,
        contract_id=contract_id,
    )  # fmt: skip
    passed = await queries.passed(uow, [person.id for person in people], day)
    return [person for person in people if curriculum in passed.get(person.id, frozenset())]


# --- the company's own people ----------------------------------------------------------------------------------


async def join_project_team(uow: TenantWork, command: JoinProjectTeam) -> ProjectTeamMember:
    """Put an engineer into the team of a contract (P01-08).

    ENGINEER_UNTRAINED without a valid training record, ENGINEER_INACTIVE, TEAM_MEMBER_TWICE, CONTRACT_ENDED.
    """
    require(uow.actor, "staff.manage")
    contract = await uow.get(ServiceContract, command.contract_id)
    if contract.state != "active":
        raise StateRefused("CONTRACT_ENDED", field="contractId")
    engineer = await uow.get(Engineer, command.engineer_id)
    if engineer.state != "active":
        raise StateRefused("ENGINEER_INACTIVE", field="engineerId")
    day = today(uow.now, uow.scope.time_zone)
    if not await training_records(uow, engineer.id, contract.vertical, day):
        raise StateRefused("ENGINEER_UNTRAINED", field="engineerId", engineer=engineer.name)
    if await queries.team_member(uow, contract.id, engineer.id) is not None:
        raise Conflict("TEAM_MEMBER_TWICE", field="engineerId")
    member = uow.add(ProjectTeamMember(id=new_id(), contract_id=contract.id, engineer_id=engineer.id, joined_on=day))
    await _note_team(uow, "project_team.joined", contract, engineer)
    return member


async def leave_project_team(uow: TenantWork, command: LeaveProjectTeam) -> ProjectTeamMember:
    """Take an engineer out of the team of a contract. TEAM_MEMBER_UNKNOWN."""
    require(uow.actor, "staff.manage")
    contract = await uow.get(ServiceContract, command.contract_id)
    engineer = await uow.get(Engineer, command.engineer_id)
    member = await queries.team_member(uow, contract.id, engineer.id)
    if member is None:
        raise StateRefused("TEAM_MEMBER_UNKNOWN", field="engineerId")
    member.left_on = today(uow.now, uow.scope.time_zone)
    await _note_team(uow, "project_team.left", contract, engineer)
    return member


async def training_records(uow: TenantWork, engineer_id: UUID, vertical: str, on: date) -> frozenset[str]:
    """What an engineer was trained in and may still do on a day: courses of the vertical, certificates from outside."""
    papers = await queries.papers_of(uow, engineer_id, on)
    return papers | await own_courses(uow, engineer_id, vertical, on)


async def own_courses(uow: TenantWork, engineer_id: UUID, vertical: str, on: date) -> frozenset[str]:
    """The courses of a vertical of which an engineer holds a certificate that is valid on a day."""
    trainee = await queries.trainee_of_engineer(uow, engineer_id, vertical)
    if trainee is None:
        return frozenset()
    return (await queries.passed(uow, [trainee.id], on)).get(trainee.id, frozenset())


async def check_trained(uow: TenantWork, engineer_id: UUID, vertical: str, on: date) -> None:
    """ENGINEER_UNTRAINED when the vertical's or the tenant's courses for staff gate a dispatch and one is missing."""
    gating = [
        course
        for course in (await courses_in_force(uow, vertical)).values()
        if course.given_to == "staff" and course.gate == "dispatch"
    ]
    if not gating:
        return
    passed = await own_courses(uow, engineer_id, vertical, on)
    if any(course.code not in passed for course in gating):
        engineer = await uow.get(Engineer, engineer_id)
        raise StateRefused("ENGINEER_UNTRAINED", field="engineerId", engineer=engineer.name)


# --- inside ----------------------------------------------------------------------------------------------------


async def _load(uow: TenantWork, trainee_id: UUID, expected_version: int | None) -> Trainee:
    seen = await uow.get(Trainee, trainee_id)
    check_party(uow, "Trainee", seen.customer_id, seen.service_unit_id)
    return await locked(uow, Trainee, trainee_id, expected_version)


async def _check_whose(uow: TenantWork, command: NameTrainee) -> None:
    """What the person is named for belongs to the party that names it."""
    if command.customer_id is not None and (await uow.get(Customer, command.customer_id)).state != "active":
        raise StateRefused("CUSTOMER_ARCHIVED", field="customerId")
    if command.service_unit_id is not None:
        await uow.get(ServiceUnit, command.service_unit_id)
    if command.asset_id is not None:
        asset = await uow.get(Asset, command.asset_id)
        if (asset.customer_id, asset.vertical) != (command.customer_id, command.vertical):
            raise _hidden(uow, "Asset") or InvalidInput("ASSET_OF_OTHER_CUSTOMER", field="assetId")
    if command.contract_id is not None:
        contract = await uow.get(ServiceContract, command.contract_id)
        if (contract.customer_id, contract.vertical) != (command.customer_id, command.vertical):
            raise _hidden(uow, "ServiceContract") or InvalidInput("CONTRACT_OF_OTHER_CUSTOMER", field="contractId")


def _hidden(uow: TenantWork, thing: str) -> NotFound | None:
    """Outsiders don't learn that somebody else's thing exists."""
    outside = uow.actor.customer_id is not None or uow.actor.dealer_id is not None
    return NotFound("NOT_FOUND", thing=thing) if outside else None


async def _succeed(uow: TenantWork, previous: Trainee, successor: Trainee, *, field: str) -> None:
    day = today(uow.now, uow.scope.time_zone)
    same = (previous.customer_id, previous.service_unit_id, previous.vertical)
    if previous.id == successor.id or same != (successor.customer_id, successor.service_unit_id, successor.vertical):
        raise InvalidInput("TRAINEE_OF_OTHER_PARTY", field=field)
    if successor.left_on is not None and successor.left_on < day:
        raise StateRefused("TRAINEE_LEFT", field=field, left_on=successor.left_on)
    previous.successor_id = successor.id
    await finish_tasks(uow, "name_successor", previous.vertical, trainee_id=previous.id)
    passed = (await queries.passed(uow, [successor.id], day)).get(successor.id, frozenset())
    for course in (await courses_in_force(uow, successor.vertical)).values():
        if course.trigger != "staff_change" or course.code in passed or not rules.in_audience(course, successor.role):
            continue
        await uow.flush()
        await owe(
            uow, course, successor.vertical, day, customer_id=successor.customer_id, trainee_id=successor.id,
            service_unit_id=successor.service_unit_id,
        )  # fmt: skip


async def _note(uow: TenantWork, kind: str, trainee: Trainee, data: dict[str, object]) -> None:
    await journal.record(
        uow, kind, subject_type="trainee", subject_id=trainee.id, customer_id=trainee.customer_id,
        asset_id=trainee.asset_id, data=data, vertical=trainee.vertical,
    )  # fmt: skip


async def _note_team(uow: TenantWork, kind: str, contract: ServiceContract, engineer: Engineer) -> None:
    await journal.record(
        uow, kind, subject_type="contract", subject_id=contract.id, customer_id=contract.customer_id,
        data={"engineer_id": engineer.id, "engineer": engineer.name}, vertical=contract.vertical,
    )  # fmt: skip
