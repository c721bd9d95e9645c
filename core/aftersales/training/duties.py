"""Courses that something makes due, and by when; when they count as held."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from aftersales.access import require
from aftersales.assets.models import Asset
from aftersales.assets.rules import start_of_day
from aftersales.calendars.terms import term_end
from aftersales.commitments import service as commitments
from aftersales.commitments.rules import Budget
from aftersales.commitments.service import Subject
from aftersales.contracts.models import ServiceContract
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import happened, happened_on, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import TITLE_LIMIT, clean_text
from aftersales.parties.models import Customer, ServiceUnit
from aftersales.scope import TenantWork
from aftersales.terms.planned import Curriculum
from aftersales.training import queries, rules
from aftersales.training.commands import HoldTraining, RequestTraining, SetTrainingCadence
from aftersales.training.curricula import course_named, course_of
from aftersales.training.models import Trainee, TrainingCadence, TrainingDuty
from aftersales.training.tasks import finish_tasks, open_task

MILESTONE: Final = "training"
MOST_ASSETS: Final = 200
HIGHEST_FEE: Final = Decimal("999999999999.99")
MOMENT: Final = timedelta(microseconds=1)
"""A day ends where the next one begins: a class that ends at midnight belongs to the day before."""


def subject_of(duty: TrainingDuty) -> Subject:
    """The duty as the promise ledger knows it."""
    return Subject(type="training", id=duty.id)


async def owe(
    uow: TenantWork,
    course: Curriculum,
    vertical: str,
    on: date,
    *,
    trigger: str | None = None,
    last_day: date | None = None,
    customer_id: UUID | None = None,
    service_unit_id: UUID | None = None,
    asset: Asset | None = None,
    contract_id: UUID | None = None,
    trainee_id: UUID | None = None,
    venue: str | None = None,
    fee: Decimal | None = None,
) -> TrainingDuty:
    """Owe a course from a local day on. Due at 24:00 of `last_day`, else of the course's last day (A53).

    Without either it is tracked and never breached (A05). A venue that the customer is to provide becomes its task
    (P09-31).
    """
    duty = uow.add(
        TrainingDuty(
            id=new_id(), vertical=vertical, curriculum=course.code, terms=msgspec.to_builtins(course),
            trigger=trigger or course.trigger, triggered_on=on, asset_id=None if asset is None else asset.id,
            customer_id=customer_id, contract_id=contract_id, service_unit_id=service_unit_id, trainee_id=trainee_id,
            venue=venue, fee=Decimal(0) if course.free else fee,
        )
    )  # fmt: skip
    days, start = course.due_days, on
    if last_day is not None:
        start, days = rules.days_until(on, last_day)
    due_at = await _promise(uow, duty, course, start, days)
    await note(uow, "training.due", duty, {"curriculum": course.code, "due_at": due_at})
    if course.venue_by == "customer" and venue is None and customer_id is not None:
        await open_task(uow, "provide_venue", vertical, customer_id, duty_id=duty.id)
    return duty


async def request_training(uow: TenantWork, command: RequestTraining) -> list[TrainingDuty]:
    """Owe a course that was asked for: for each asset where the course is one per asset (P13-32), else once.

    CURRICULUM_UNKNOWN, TRAINING_PARTY_INVALID, ASSETS_REQUIRED, TRAINING_FREE for a price on a free course,
    FEE_INVALID, CURRICULUM_NOT_FOR_ASSET, CONTRACT_OF_OTHER_CUSTOMER, INSTANT_IN_FUTURE.
    """
    require(uow.actor, "training.manage")
    uow.scope.enabled(command.vertical)
    contract = None if command.contract_id is None else await uow.get(ServiceContract, command.contract_id)
    course = await course_named(uow, command.vertical, command.curriculum, contract)
    await _check_parties(uow, course, command.customer_id, command.service_unit_id)
    if contract is not None and (contract.customer_id, contract.vertical) != (command.customer_id, command.vertical):
        raise InvalidInput("CONTRACT_OF_OTHER_CUSTOMER", field="contractId")
    on = happened_on(uow.now, uow.scope.time_zone, command.requested_on, "requestedOn")
    _check_fee(course, command.fee)
    venue = clean_text(command.venue, "venue", TITLE_LIMIT) or None
    assets = await _assets(uow, course, command)
    served: list[Asset | None] = list(assets) if course.per_asset else [assets[0] if len(assets) == 1 else None]
    return [
        await owe(
            uow, course, command.vertical, on, trigger="request", customer_id=command.customer_id, fee=command.fee,
            service_unit_id=command.service_unit_id, asset=asset, contract_id=command.contract_id, venue=venue,
        )
        for asset in served
    ]  # fmt: skip


async def hold_training(uow: TenantWork, command: HoldTraining) -> TrainingDuty:
    """Note when a course was held; its promise is kept at its deadline's very instant, late behind it.

    TRAINING_HELD the second time; PERIOD_INVERTED before the day that made it due; TRAINING_PEOPLE_MISSING while
    somebody named has to take part and didn't (P13-36); TRAINING_UNITS_MISSING when its classes left units out.
    """
    require(uow.actor, "training.manage")
    duty = await locked(uow, TrainingDuty, command.training_duty_id, command.expected_version)
    _check_due(duty)
    first = start_of_day(duty.triggered_on, uow.scope.time_zone)
    held_at = happened(uow.now, command.held_at, "heldAt", after=first)
    venue = clean_text(command.venue, "venue", TITLE_LIMIT) or duty.venue
    course = await course_of(uow, duty)
    taught = [session for session in await queries.sessions_of_duty(uow, duty.id) if session.state == "held"]
    missing = rules.missing_units(course, (unit for session in taught for unit in session.units)) if taught else ()
    if missing:
        raise StateRefused("TRAINING_UNITS_MISSING", field="trainingDutyId", units=", ".join(missing))
    absent = await absentees(uow, duty, course)
    if absent:
        raise StateRefused("TRAINING_PEOPLE_MISSING", field="trainingDutyId", people=", ".join(absent))
    await settle(uow, duty, held_at, venue)
    return duty


async def settle(uow: TenantWork, duty: TrainingDuty, held_at: datetime, venue: str | None) -> None:
    """The course was held: its promise is kept, or late; one that had its last moment before stays `unmet`."""
    duty.held_at, duty.venue = held_at, venue
    kept = await commitments.meet(uow, subject_of(duty), MILESTONE, held_at)
    if duty.state != "unmet" or not any(row.outcome == "late" for row in kept):
        duty.state = "held"
    await finish_tasks(uow, "provide_venue", duty.vertical, duty_id=duty.id)
    await note(uow, "training.held", duty, {"curriculum": duty.curriculum, "venue": venue}, at=held_at)


async def settle_if_complete(uow: TenantWork, duty: TrainingDuty, held_at: datetime, venue: str | None) -> bool:
    """Count a duty as held once its classes taught every unit (P13-35) to everybody who has to take part (P13-36)."""
    if duty.held_at is not None or duty.state == "cancelled":
        return False
    course = await course_of(uow, duty)
    taught = [session for session in await queries.sessions_of_duty(uow, duty.id) if session.state == "held"]
    if rules.missing_units(course, (unit for session in taught for unit in session.units)):
        return False
    if await absentees(uow, duty, course):
        return False
    await settle(uow, duty, held_at, venue)
    return True


async def absentees(uow: TenantWork, duty: TrainingDuty, course: Curriculum) -> list[str]:
    """Who was named, has to take part, and missed a unit in the held classes of the duty; by name."""
    if course.attendance != "all_named" or duty.customer_id is None:
        return []
    attended: dict[UUID, set[str]] = {}
    for session in await queries.sessions_of_duty(uow, duty.id):
        if session.state == "held":
            for enrolment in await queries.enrolments_of(uow, session.id):
                attended.setdefault(enrolment.trainee_id, set()).update(enrolment.units)
    named = await queries.people(
        uow, duty.vertical, today(uow.now, uow.scope.time_zone), customer_id=duty.customer_id, asset_id=duty.asset_id,
        contract_id=duty.contract_id,
    )  # fmt: skip
    wanted = set(course.units)
    return [
        person.name
        for person in named
        if rules.in_audience(course, person.role) and not wanted <= attended.get(person.id, set())
    ]


async def close_window(uow: TenantWork, duty: TrainingDuty, last_day: date, reason: str) -> None:
    """The last moment of a course was `last_day`: what was tracked becomes a deadline, and the duty is unmet.

    Held later it is late (P11-50); it stays `unmet` for good.
    """
    course = await course_of(uow, duty)
    await commitments.cancel(uow, subject_of(duty), reason, uow.now)
    start, days = rules.days_until(duty.triggered_on, last_day)
    due_at = await _promise(uow, duty, course, start, days)
    absent = await absentees(uow, duty, course)
    duty.state = "unmet"
    data: dict[str, object] = {"curriculum": duty.curriculum, "due_at": due_at, "people": absent, "reason": reason}
    await note(uow, "training.unmet", duty, data)


async def drop(uow: TenantWork, duty: TrainingDuty, reason: str) -> None:
    """Nothing is owed any more."""
    if duty.state != "due":
        return
    duty.state = "cancelled"
    await commitments.cancel(uow, subject_of(duty), reason, uow.now)
    await finish_tasks(uow, "provide_venue", duty.vertical, duty_id=duty.id, cancelled=True)


# --- again and again -------------------------------------------------------------------------------------------


async def set_training_cadence(uow: TenantWork, command: SetTrainingCadence) -> TrainingCadence:
    """Train a dealer or a customer every so many months (P15-10), from `last_held_on` on; left out, what was known.

    CURRICULUM_UNKNOWN, TRAINING_PARTY_INVALID, CADENCE_INVALID, INSTANT_IN_FUTURE.
    """
    require(uow.actor, "settings.manage")
    uow.scope.enabled(command.vertical)
    course = await course_named(uow, command.vertical, command.curriculum)
    await _check_parties(uow, course, command.customer_id, command.service_unit_id)
    if command.months is not None and not 1 <= command.months <= rules.LONGEST_MONTHS:
        raise InvalidInput("CADENCE_INVALID", field="months", value=command.months)
    party = {"service_unit_id": command.service_unit_id, "customer_id": command.customer_id}
    cadence = await queries.cadence(uow, command.vertical, command.curriculum, **party)
    if cadence is None:
        cadence = uow.add(
            TrainingCadence(id=new_id(), vertical=command.vertical, curriculum=command.curriculum, **party)
        )
    if command.last_held_on is not None:
        cadence.last_held_on = happened_on(uow.now, uow.scope.time_zone, command.last_held_on, "lastHeldOn")
    cadence.months = command.months
    for duty in await queries.due_for(uow, command.curriculum, **party):
        if duty.trigger == "periodic":
            await drop(uow, duty, "cadence changed")
    await _owe_next(uow, cadence, course)
    await journal.record(
        uow, "training.cadence_set", subject_type="training_cadence", subject_id=cadence.id,
        customer_id=cadence.customer_id, data={"curriculum": course.code, "months": cadence.months},
        vertical=cadence.vertical,
    )  # fmt: skip
    return cadence


async def go_on(
    uow: TenantWork, vertical: str, curriculum: str, held_at: datetime, *,
    service_unit_id: UUID | None, customer_id: UUID | None,
) -> None:  # fmt: skip
    """A class of a course that repeats was held: the next one is owed from that day on."""
    party = {"service_unit_id": service_unit_id, "customer_id": customer_id}
    cadence = await queries.cadence(uow, vertical, curriculum, **party)
    if cadence is None:
        return
    day = today(held_at - MOMENT, uow.scope.time_zone)
    if cadence.last_held_on is not None and day <= cadence.last_held_on:
        return
    cadence.last_held_on = day
    for duty in await queries.due_for(uow, curriculum, **party):
        if duty.trigger == "periodic":
            await settle(uow, duty, held_at, duty.venue)
    await _owe_next(uow, cadence, await course_named(uow, vertical, curriculum))


async def _owe_next(uow: TenantWork, cadence: TrainingCadence, course: Curriculum) -> None:
    last, zone = cadence.last_held_on, uow.scope.time_zone
    last_day = None
    if last is not None and cadence.months is not None:
        last_day = term_end(last, cadence.months, "month", zone=ZoneInfo(zone)).last_day
    await owe(
        uow, msgspec.structs.replace(course, due_days=None), cadence.vertical, last or today(uow.now, zone),
        trigger="periodic", last_day=last_day, customer_id=cadence.customer_id,
        service_unit_id=cadence.service_unit_id,
    )  # fmt: skip


async def refresh(uow: TenantWork, trainee: Trainee, course: Curriculum, issued_on: date, held_at: datetime) -> None:
    """A certificate was issued after a class at `held_at`: that refresher is done, and the next one is owed."""
    for duty in await queries.due_for(
        uow, course.code, customer_id=trainee.customer_id, service_unit_id=trainee.service_unit_id,
        trainee_id=trainee.id,
    ):  # fmt: skip
        if duty.held_at is None:
            await settle(uow, duty, held_at, duty.venue)
    last_day = rules.refresh_day(course, issued_on, uow.scope.time_zone)
    if last_day is not None:
        await owe(
            uow, course, trainee.vertical, issued_on, trigger="refresher", last_day=last_day, trainee_id=trainee.id,
            customer_id=trainee.customer_id, service_unit_id=trainee.service_unit_id,
        )  # fmt: skip


# --- inside ----------------------------------------------------------------------------------------------------


async def _promise(
    uow: TenantWork, duty: TrainingDuty, course: Curriculum, start: date, days: int | None
) -> datetime | None:
    commitment = await commitments.start_fixed(
        uow,
        subject_of(duty),
        vertical=duty.vertical,
        milestone=MILESTONE,
        budget=None if days is None else Budget(amount=days, unit="calendar_day"),
        clause=course.clause,
        source=course.source,
        at=start_of_day(start, uow.scope.time_zone),
        label=course.label,
    )
    return commitment.due_at


def _check_due(duty: TrainingDuty) -> None:
    if duty.held_at is not None:
        raise StateRefused("TRAINING_HELD", field="trainingDutyId", held_at=duty.held_at.isoformat())
    if duty.state == "cancelled":
        raise StateRefused("TRAINING_CANCELLED", field="trainingDutyId")


async def _check_parties(
    uow: TenantWork, course: Curriculum, customer_id: UUID | None, service_unit_id: UUID | None
) -> None:
    """TRAINING_PARTY_INVALID unless exactly the one is named whom the course is for."""
    customer = None if customer_id is None else await uow.get(Customer, customer_id)
    if service_unit_id is not None:
        await uow.get(ServiceUnit, service_unit_id)
    wanted = {"customer": (True, False), "dealer": (False, True), "staff": (False, False)}[course.given_to]
    if (customer_id is not None, service_unit_id is not None) != wanted:
        raise InvalidInput("TRAINING_PARTY_INVALID", field="customerId", given_to=course.given_to)
    if customer is not None and customer.state != "active":
        raise StateRefused("CUSTOMER_ARCHIVED", field="customerId")


def _check_fee(course: Curriculum, fee: Decimal | None) -> None:
    if fee is None:
        return
    if not fee.is_finite() or not 0 <= fee <= HIGHEST_FEE or fee != fee.quantize(Decimal("0.01")):
        raise InvalidInput("FEE_INVALID", field="fee", value=str(fee))
    if course.free and fee > 0:
        raise InvalidInput("TRAINING_FREE", field="fee", clause=course.clause or course.code)


async def _assets(uow: TenantWork, course: Curriculum, command: RequestTraining) -> list[Asset]:
    if len(command.asset_ids) > MOST_ASSETS or len(set(command.asset_ids)) < len(command.asset_ids):
        raise InvalidInput("ASSETS_REQUIRED", field="assetIds", limit=MOST_ASSETS)
    if course.per_asset and not command.asset_ids:
        raise InvalidInput("ASSETS_REQUIRED", field="assetIds", limit=MOST_ASSETS)
    found: list[Asset] = []
    for position, asset_id in enumerate(command.asset_ids):
        asset, field = await uow.get(Asset, asset_id), f"assetIds.{position}"
        if asset.customer_id != command.customer_id or asset.vertical != command.vertical:
            raise InvalidInput("ASSET_OF_OTHER_CUSTOMER", field=field)
        if not rules.attached(course, await queries.asset_types(uow, asset_id)):
            raise InvalidInput("CURRICULUM_NOT_FOR_ASSET", field=field, curriculum=course.code)
        found.append(asset)
    return found


async def note(
    uow: TenantWork, kind: str, duty: TrainingDuty, data: dict[str, object], at: datetime | None = None
) -> None:
    """Tell the journal about a duty."""
    await journal.record(
        uow, kind, subject_type="training", subject_id=duty.id, asset_id=duty.asset_id, customer_id=duty.customer_id,
        data=data, at=at, vertical=duty.vertical,
    )  # fmt: skip
