"""Classes: planned, agreed with the customer, confirmed, held; who teaches and who is in them."""

from datetime import MAXYEAR, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from aftersales.access import require
from aftersales.assets.models import Asset
from aftersales.contracts.models import ServiceContract
from aftersales.journal import service as journal
from aftersales.kit.clock import require_aware
from aftersales.kit.counters import next_number
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import happened, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.parties.models import Customer, ServiceUnit
from aftersales.scope import TenantWork
from aftersales.terms.planned import Curriculum
from aftersales.training import duties, queries, rules
from aftersales.training.commands import (
    AgreeSession,
    CancelSession,
    ConfirmSession,
    HoldSession,
    MoveSession,
    PlanSession,
    ProvideVenue,
    SessionCommand,
)
from aftersales.training.curricula import course_named, course_of, courses_in_force
from aftersales.training.models import TrainingDuty, TrainingSession
from aftersales.training.people import check_trained
from aftersales.training.tasks import check_party, finish_tasks, open_task
from aftersales.work.models import Engineer
from aftersales.work.queries import overlapping_visits

NUMBER_PREFIX: Final = "TS"
LONGEST_CLASS: Final = timedelta(days=366)
LARGEST_CLASS: Final = 500
"""People in a class whose capacity nobody stated."""


async def plan_session(uow: TenantWork, command: PlanSession) -> TrainingSession:
    """Plan a class; what is odd about it (a stage before the one it follows, P13-33) is noted in `warnings`.

    For a customer it is tentative until the time was agreed (P13-32). A venue that the customer is to provide
    becomes its task (P09-31). CURRICULUM_UNKNOWN, TRAINING_UNIT_UNKNOWN, PERIOD_INVERTED, PERIOD_PAST,
    TRAINING_TOO_LONG,
    TRAINER_UNQUALIFIED, ENGINEER_UNTRAINED, ENGINEER_INACTIVE, ENGINEER_BUSY, CAPACITY_INVALID, TRAINING_HELD,
    TRAINING_PARTY_INVALID, ASSET_OF_OTHER_CUSTOMER, CONTRACT_OF_OTHER_CUSTOMER.
    """
    require(uow.actor, "training.manage")
    starts_at, ends_at = _window(uow, command.starts_at, command.ends_at)
    plan, course = await _plan(uow, command)
    vertical = plan.vertical or ""
    units = rules.check_units(course, command.units, "units") or course.units
    if command.capacity is not None and not 1 <= command.capacity <= LARGEST_CLASS:
        raise InvalidInput("CAPACITY_INVALID", field="capacity", value=command.capacity, limit=LARGEST_CLASS)
    agreed_with = clean_text(command.agreed_with, "agreedWith", NAME_LIMIT) or None
    venue = clean_text(command.venue, "venue", TITLE_LIMIT) or None
    duty = None if plan.training_duty_id is None else await uow.get(TrainingDuty, plan.training_duty_id)
    await _check_trainer(uow, course, vertical, command.trainer_id, starts_at, ends_at, besides=None)
    number = await next_number(uow, NUMBER_PREFIX, uow.now.astimezone(ZoneInfo(uow.scope.time_zone)).year)
    agreed = plan.customer_id is None or agreed_with is not None
    session = uow.add(
        TrainingSession(
            id=new_id(), number=number, vertical=vertical, curriculum=course.code,
            terms=msgspec.to_builtins(course), units=list(units), training_duty_id=plan.training_duty_id,
            customer_id=plan.customer_id, service_unit_id=plan.service_unit_id, asset_id=plan.asset_id,
            contract_id=plan.contract_id, trainer_id=command.trainer_id, starts_at=starts_at, ends_at=ends_at,
            venue=venue or (duty.venue if duty else None), capacity=command.capacity, agreed_with=agreed_with,
            agreed_at=uow.now if agreed_with else None, warnings=await _stage_warnings(uow, plan, course),
            state="agreed" if agreed else "tentative", created_at=uow.now,
        )
    )  # fmt: skip
    await note_session(uow, "training.session_planned", session)
    if session.venue is None and course.venue_by == "customer" and session.customer_id is not None:
        await open_task(uow, "provide_venue", vertical, session.customer_id, session_id=session.id)
    elif duty is not None and session.venue is not None:
        await finish_tasks(uow, "provide_venue", vertical, duty_id=duty.id)
    return session


async def agree_session(uow: TenantWork, command: AgreeSession) -> TrainingSession:
    """The customer agrees to the time (P13-32); staff say who did, customers for themselves.

    TRAINING_SESSION_STATE_REFUSED, PERIOD_PAST, REQUIRED without a name.
    """
    require(uow.actor, "training.name")
    session = await load_session(uow, command)
    state = rules.next_state(session.state, "agree")
    if session.ends_at <= uow.now:
        raise InvalidInput("PERIOD_PAST", field="trainingSessionId")
    given = command.agreed_with or (uow.actor.name or uow.actor.label if uow.actor.customer_id else "")
    session.agreed_with = clean_text(given, "agreedWith", NAME_LIMIT, required=True)
    session.state, session.agreed_at = state, uow.now
    await note_session(uow, "training.session_agreed", session)
    return session


async def move_session(uow: TenantWork, command: MoveSession) -> TrainingSession:
    """Another time or trainer; the customer has to agree anew. Refusals as in `plan_session`."""
    require(uow.actor, "training.manage")
    session = await load_session(uow, command)
    state = rules.next_state(session.state, "move")
    starts_at, ends_at = _window(uow, command.starts_at, command.ends_at)
    trainer_id = command.trainer_id or session.trainer_id
    course = await course_of(uow, session)
    await _check_trainer(uow, course, session.vertical, trainer_id, starts_at, ends_at, besides=session.id)
    session.starts_at, session.ends_at, session.trainer_id = starts_at, ends_at, trainer_id
    session.state = state if session.customer_id is not None else "agreed"
    session.agreed_with = session.agreed_at = None
    await note_session(uow, "training.session_moved", session)
    return session


async def provide_venue(uow: TenantWork, command: ProvideVenue) -> TrainingSession:
    """Say where the class takes place; the customer's task about it is done (P09-31)."""
    require(uow.actor, "training.name")
    session = await load_session(uow, command)
    if session.state in ("held", "cancelled"):
        raise StateRefused("TRAINING_SESSION_STATE_REFUSED", field="trainingSessionId", state=session.state)
    session.venue = clean_text(command.venue, "venue", TITLE_LIMIT, required=True)
    await finish_tasks(uow, "provide_venue", session.vertical, session_id=session.id, duty_id=session.training_duty_id)
    await note_session(uow, "training.venue_provided", session)
    return session


async def confirm_session(uow: TenantWork, command: ConfirmSession) -> TrainingSession:
    """Time and place stand. TRAINING_VENUE_REQUIRED while there is no venue; the customer's task stays open
    (P09-31). TRAINING_NOT_AGREED before the customer agreed to the time (P13-32). PERIOD_PAST.
    """
    require(uow.actor, "training.manage")
    session = await load_session(uow, command)
    state = rules.next_state(session.state, "confirm")
    if session.venue is None:
        raise StateRefused("TRAINING_VENUE_REQUIRED", field="trainingSessionId")
    if session.state == "tentative":
        raise StateRefused("TRAINING_NOT_AGREED", field="trainingSessionId")
    if session.ends_at <= uow.now:
        raise InvalidInput("PERIOD_PAST", field="trainingSessionId")
    session.state = state
    await note_session(uow, "training.session_confirmed", session)
    return session


async def hold_session(uow: TenantWork, command: HoldSession) -> TrainingSession:
    """Note that a class was held; what it was due for counts as held once every unit was taught.

    TRAINING_SESSION_STATE_REFUSED unless it was confirmed, TRAINING_NOBODY_CAME without any attendance,
    TRAINING_UNIT_UNKNOWN, INSTANT_IN_FUTURE, PERIOD_INVERTED before it began.
    """
    require(uow.actor, "training.manage")
    session = await load_session(uow, command)
    state = rules.next_state(session.state, "hold")
    held_at = happened(uow.now, command.held_at, "heldAt", after=session.starts_at)
    course = await course_of(uow, session)
    units = rules.check_units(course, command.units, "units") or tuple(session.units)
    attended = {unit for found in await queries.enrolments_of(uow, session.id) for unit in found.units}
    if not attended:
        raise StateRefused("TRAINING_NOBODY_CAME", field="trainingSessionId")
    if untaught := attended - set(units):
        raise InvalidInput("TRAINING_UNIT_ATTENDED", field="units", value=", ".join(sorted(untaught)))
    session.state, session.held_at, session.units = state, held_at, list(units)
    await note_session(uow, "training.session_held", session, at=held_at)
    await uow.flush()
    if session.training_duty_id is not None:
        duty = await locked(uow, TrainingDuty, session.training_duty_id)
        await duties.settle_if_complete(uow, duty, held_at, session.venue)
    await duties.go_on(
        uow, session.vertical, session.curriculum, held_at, service_unit_id=session.service_unit_id,
        customer_id=session.customer_id,
    )  # fmt: skip
    return session


async def cancel_session(uow: TenantWork, command: CancelSession) -> TrainingSession:
    """The class doesn't take place; what it was for stays due."""
    require(uow.actor, "training.manage")
    session = await load_session(uow, command)
    session.state = rules.next_state(session.state, "cancel")
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    await finish_tasks(uow, "provide_venue", session.vertical, session_id=session.id, cancelled=True)
    await note_session(uow, "training.session_cancelled", session, {"reason": reason})
    return session


# --- inside ----------------------------------------------------------------------------------------------------


async def load_session(uow: TenantWork, command: SessionCommand) -> TrainingSession:
    """The class, locked; NOT_FOUND for somebody else's."""
    seen = await uow.get(TrainingSession, command.training_session_id)
    check_party(uow, "TrainingSession", seen.customer_id, seen.service_unit_id)
    return await locked(uow, TrainingSession, command.training_session_id, command.expected_version)


def _window(uow: TenantWork, start: datetime, end: datetime) -> tuple[datetime, datetime]:
    starts_at, ends_at = require_aware(start, "startsAt"), require_aware(end, "endsAt")
    if ends_at <= starts_at:
        raise InvalidInput("PERIOD_INVERTED", field="endsAt")
    if ends_at <= uow.now:
        raise InvalidInput("PERIOD_PAST", field="endsAt")
    if ends_at.year == MAXYEAR:
        # The days after a class are asked about too, and the calendar ends with that year.
        raise InvalidInput("INSTANT_IMPOSSIBLE", field="endsAt", value=ends_at.isoformat())
    if ends_at - starts_at > LONGEST_CLASS:
        raise InvalidInput("TRAINING_TOO_LONG", field="endsAt", days=LONGEST_CLASS.days)
    return starts_at, ends_at


async def _plan(uow: TenantWork, command: PlanSession) -> tuple[PlanSession, Curriculum]:
    """What the class is for: a duty's own party and course, else what was asked for; a duty that waits is found."""
    if command.training_duty_id is not None:
        duty = await locked(uow, TrainingDuty, command.training_duty_id)
        if duty.held_at is not None:
            raise StateRefused("TRAINING_HELD", field="trainingDutyId", held_at=duty.held_at.isoformat())
        if duty.state == "cancelled":
            raise StateRefused("TRAINING_CANCELLED", field="trainingDutyId")
        return _of_duty(command, duty), await course_of(uow, duty)
    if command.vertical is None or command.curriculum is None:
        missing = "vertical" if command.vertical is None else "curriculum"
        raise InvalidInput("REQUIRED", field=missing, field_name=missing)
    uow.scope.enabled(command.vertical)
    contract = await _check_whose(uow, command)
    course = await course_named(uow, command.vertical, command.curriculum, contract)
    misfit = (command.customer_id is not None and course.given_to != "customer") or (
        command.service_unit_id is not None and course.given_to != "dealer"
    )
    if misfit:
        raise InvalidInput("TRAINING_PARTY_INVALID", field="customerId", given_to=course.given_to)
    waiting = await queries.due_for(
        uow, course.code, customer_id=command.customer_id, service_unit_id=command.service_unit_id
    )
    fitting = [duty for duty in waiting if duty.vertical == command.vertical and _fits(duty, command)]
    named = command.customer_id is not None or command.service_unit_id is not None
    return (_of_duty(command, fitting[0]) if fitting and named else command), course


def _fits(duty: TrainingDuty, command: PlanSession) -> bool:
    """Whether a duty is what was asked for: of the asset and the contract, where they were named."""
    return command.asset_id in {None, duty.asset_id} and command.contract_id in {None, duty.contract_id}


def _of_duty(command: PlanSession, duty: TrainingDuty) -> PlanSession:
    return msgspec.structs.replace(
        command, training_duty_id=duty.id, vertical=duty.vertical, curriculum=duty.curriculum,
        customer_id=duty.customer_id, service_unit_id=duty.service_unit_id, asset_id=duty.asset_id,
        contract_id=duty.contract_id,
    )  # fmt: skip


async def _check_whose(uow: TenantWork, command: PlanSession) -> ServiceContract | None:
    customer = None if command.customer_id is None else await uow.get(Customer, command.customer_id)
    unit = None if command.service_unit_id is None else await uow.get(ServiceUnit, command.service_unit_id)
    if customer is not None and unit is not None:
        raise InvalidInput("TRAINEE_PARTY_INVALID", field="customerId")
    if customer is not None and customer.state != "active":
        raise StateRefused("CUSTOMER_ARCHIVED", field="customerId")
    if command.asset_id is not None:
        asset = await uow.get(Asset, command.asset_id)
        if (asset.customer_id, asset.vertical) != (command.customer_id, command.vertical):
            raise InvalidInput("ASSET_OF_OTHER_CUSTOMER", field="assetId")
    if command.contract_id is None:
        return None
    contract = await uow.get(ServiceContract, command.contract_id)
    if (contract.customer_id, contract.vertical) != (command.customer_id, command.vertical):
        raise InvalidInput("CONTRACT_OF_OTHER_CUSTOMER", field="contractId")
    return contract


async def _check_trainer(
    uow: TenantWork, course: Curriculum, vertical: str, trainer_id: UUID, starts_at: datetime, ends_at: datetime, *,
    besides: UUID | None,
) -> None:  # fmt: skip
    """Whoever teaches is active, trained, has what the course asks of a trainer, and has the time."""
    # Locked, so that nobody is given two classes at one time.
    engineer = await locked(uow, Engineer, trainer_id)
    if engineer.state != "active":
        raise StateRefused("ENGINEER_INACTIVE", field="trainerId")
    day = today(ends_at - duties.MOMENT, uow.scope.time_zone)
    skill = course.trainer_skill
    if skill not in {None, *engineer.skills, *await queries.papers_of(uow, engineer.id, day)}:
        raise StateRefused("TRAINER_UNQUALIFIED", field="trainerId", engineer=engineer.name, skill=skill)
    if course.given_to != "staff":
        await check_trained(uow, engineer.id, vertical, day)
    taken = await queries.overlapping_sessions(uow, engineer.id, starts_at, ends_at, besides=besides or new_id())
    if taken or await overlapping_visits(uow, engineer.id, starts_at, ends_at):
        raise StateRefused("ENGINEER_BUSY", field="trainerId", engineer=engineer.name)


async def _stage_warnings(uow: TenantWork, plan: PlanSession, course: Curriculum) -> list[dict[str, str]]:
    vertical = plan.vertical or ""
    before = rules.earlier_stage(course, (await courses_in_force(uow, vertical)).values())
    if not before:
        return []
    held = await queries.held_courses(
        uow, vertical, customer_id=plan.customer_id, service_unit_id=plan.service_unit_id, asset_id=plan.asset_id
    )
    if before & held:
        return []
    warning = rules.Notice(code="TRAINING_STAGE_ORDER", value=", ".join(sorted(before)))
    return [msgspec.to_builtins(warning)]


async def note_session(
    uow: TenantWork,
    kind: str,
    session: TrainingSession,
    data: dict[str, object] | None = None,
    at: datetime | None = None,
) -> None:
    """Tell the journal about a class."""
    await journal.record(
        uow, kind, subject_type="training_session", subject_id=session.id, asset_id=session.asset_id,
        customer_id=session.customer_id, at=at, vertical=session.vertical,
        data={
            "number": session.number, "curriculum": session.curriculum, "starts_at": session.starts_at,
            "ends_at": session.ends_at, "venue": session.venue, **(data or {}),
        },
    )  # fmt: skip
