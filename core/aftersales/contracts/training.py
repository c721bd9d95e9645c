"""Courses that an event makes due, and by when (P09-29, P09-30)."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from aftersales.access import require
from aftersales.assets import rules
from aftersales.assets.models import Asset
from aftersales.commitments import service as commitments
from aftersales.commitments.rules import Budget
from aftersales.commitments.service import Subject
from aftersales.contracts.models import TrainingDuty
from aftersales.journal import service as journal
from aftersales.kit.errors import StateRefused
from aftersales.kit.guards import happened, locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import TITLE_LIMIT, clean_text
from aftersales.scope import TenantWork

MILESTONE = "training"


class HoldTraining(Struct, frozen=True, kw_only=True):
    """The course was held; `venue` is where."""

    training_duty_id: UUID
    held_at: datetime | None = None
    venue: str | None = None
    expected_version: int | None = None


async def start_training(
    uow: TenantWork, asset: Asset, accepted_on: date, *, venue: str | None = None
) -> list[TrainingDuty]:
    """A duty for every course that acceptance triggers, due at 24:00 of its last local day (A53).

    A course without a number of days is tracked and never breached (A05).
    """
    duties: list[TrainingDuty] = []
    place = clean_text(venue, "trainingVenue", TITLE_LIMIT) or None
    for course in uow.scope.vertical(asset.vertical).training_curricula:
        if course.trigger != "acceptance":
            continue
        duty = uow.add(
            TrainingDuty(id=new_id(), asset_id=asset.id, curriculum=course.code, triggered_on=accepted_on, venue=place)
        )
        commitment = await commitments.start_fixed(
            uow,
            Subject(type="training", id=duty.id),
            vertical=asset.vertical,
            milestone=MILESTONE,
            budget=None if course.due_days is None else Budget(amount=course.due_days, unit="calendar_day"),
            clause=course.clause,
            source=course.source,
            at=rules.start_of_day(accepted_on, uow.scope.time_zone),
            label=course.label,
        )
        await _note(uow, "training.due", duty, asset, {"curriculum": course.code, "due_at": commitment.due_at})
        duties.append(duty)
    return duties


async def hold_training(uow: TenantWork, command: HoldTraining) -> TrainingDuty:
    """Note when a course was held; its promise is kept at its deadline's very instant, late behind it.

    TRAINING_HELD the second time; PERIOD_INVERTED before the day that made it due.
    """
    require(uow.actor, "asset.manage")
    duty = await locked(uow, TrainingDuty, command.training_duty_id, command.expected_version)
    if duty.held_at is not None:
        raise StateRefused("TRAINING_HELD", field="trainingDutyId", held_at=duty.held_at.isoformat())
    first = rules.start_of_day(duty.triggered_on, uow.scope.time_zone)
    held_at = happened(uow.now, command.held_at, "heldAt", after=first)
    venue = clean_text(command.venue, "venue", TITLE_LIMIT) or duty.venue
    asset = await uow.get(Asset, duty.asset_id)
    duty.held_at, duty.venue = held_at, venue
    await commitments.meet(uow, Subject(type="training", id=duty.id), MILESTONE, held_at)
    await _note(uow, "training.held", duty, asset, {"curriculum": duty.curriculum, "venue": venue}, at=held_at)
    return duty


async def _note(
    uow: TenantWork,
    kind: str,
    duty: TrainingDuty,
    asset: Asset,
    data: dict[str, object],
    at: datetime | None = None,
) -> None:
    await journal.record(
        uow, kind, subject_type="training", subject_id=duty.id, asset_id=asset.id, customer_id=asset.customer_id,
        data=data, at=at, vertical=asset.vertical,
    )  # fmt: skip
