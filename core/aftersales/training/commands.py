"""What callers ask of training: one frozen Struct per operation. Days are local ones of the tenant."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from msgspec import Struct


class RoleOutcomesDetails(Struct, frozen=True, kw_only=True):
    """What people of a role must show in the end."""

    role: str
    outcomes: tuple[str, ...]


class PublishCurriculum(Struct, frozen=True, kw_only=True):
    """A course of the tenant's own, or a new revision of it; with a vertical's code it takes that course's place.

    `trigger` is acceptance, go_live, handover, phase (with `phase`), contract, site_entry, request, visit,
    staff_change or periodic. `gate` is what can't happen before everybody named has passed; `before` the phase on
    whose first day the course must have been held.
    """

    vertical: str
    code: str
    name: str
    units: tuple[str, ...]
    trigger: str
    name_en: str = ""
    audience: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    role_outcomes: tuple[RoleOutcomesDetails, ...] = ()
    clause: str | None = None
    note: str | None = None
    due_days: int | None = None
    gate: str | None = None
    venue_by: Literal["customer", "company"] = "company"
    given_to: Literal["customer", "dealer", "staff"] = "customer"
    track: str | None = None
    stage: int | None = None
    level: int | None = None
    prerequisites: tuple[str, ...] = ()
    phase: str | None = None
    before: str | None = None
    attendance: Literal["any", "all_named"] = "any"
    asset_types: tuple[str, ...] = ()
    per_asset: bool = False
    free: bool | None = None
    trainer_skill: str | None = None
    valid_months: int | None = None
    refresher_months: int | None = None


class WithdrawCurriculum(Struct, frozen=True, kw_only=True):
    """The tenant's own course isn't offered any more; what is due already stays."""

    vertical: str
    code: str


class RequestTraining(Struct, frozen=True, kw_only=True):
    """A course that somebody asked for. A course per asset is owed for each of `asset_ids` (P13-32).

    `fee` is what was agreed for it; a course that is free takes none.
    """

    vertical: str
    curriculum: str
    customer_id: UUID | None = None
    service_unit_id: UUID | None = None
    contract_id: UUID | None = None
    asset_ids: tuple[UUID, ...] = ()
    venue: str | None = None
    fee: Decimal | None = None
    requested_on: date | None = None


class HoldTraining(Struct, frozen=True, kw_only=True):
    """The course was held; `venue` is where."""

    training_duty_id: UUID
    held_at: datetime | None = None
    venue: str | None = None
    expected_version: int | None = None


class SetTrainingCadence(Struct, frozen=True, kw_only=True):
    """How often a dealer or a customer is trained again; `months` left out: tracked without a number (P15-10)."""

    vertical: str
    curriculum: str
    service_unit_id: UUID | None = None
    customer_id: UUID | None = None
    months: int | None = None
    last_held_on: date | None = None


class NameTrainee(Struct, frozen=True, kw_only=True):
    """A person to be trained: of a customer, of a dealer, or an engineer. `succeeds_id` is whose place it takes."""

    vertical: str
    role: str
    name: str = ""
    phone: str | None = None
    customer_id: UUID | None = None
    service_unit_id: UUID | None = None
    engineer_id: UUID | None = None
    asset_id: UUID | None = None
    contract_id: UUID | None = None
    succeeds_id: UUID | None = None


class EndTrainee(Struct, frozen=True, kw_only=True):
    """A person leaves; `left_on` is the last day, and may lie ahead."""

    trainee_id: UUID
    left_on: date | None = None
    successor_id: UUID | None = None
    expected_version: int | None = None


class PlanSession(Struct, frozen=True, kw_only=True):
    """A class. For a customer it is tentative until the time was agreed (`agreed_with`: with whom).

    `units` left out: all of the course. With `training_duty_id` it serves that duty, and course, customer and asset
    are the duty's.
    """

    trainer_id: UUID
    starts_at: datetime
    ends_at: datetime
    vertical: str | None = None
    curriculum: str | None = None
    training_duty_id: UUID | None = None
    customer_id: UUID | None = None
    service_unit_id: UUID | None = None
    asset_id: UUID | None = None
    contract_id: UUID | None = None
    units: tuple[str, ...] = ()
    venue: str | None = None
    capacity: int | None = None
    agreed_with: str | None = None


class SessionCommand(Struct, frozen=True, kw_only=True):
    """Names the class."""

    training_session_id: UUID
    expected_version: int | None = None


class AgreeSession(SessionCommand, frozen=True, kw_only=True):
    """The customer agrees to the time; `agreed_with` is who."""

    agreed_with: str = ""


class MoveSession(SessionCommand, frozen=True, kw_only=True):
    """Another time, and perhaps another trainer; the customer is asked again."""

    starts_at: datetime
    ends_at: datetime
    trainer_id: UUID | None = None


class ProvideVenue(SessionCommand, frozen=True, kw_only=True):
    """Where the class takes place."""

    venue: str


class ConfirmSession(SessionCommand, frozen=True, kw_only=True):
    """Time and place stand."""


class HoldSession(SessionCommand, frozen=True, kw_only=True):
    """The class was held; `units` are those that were taught, left out: as planned."""

    held_at: datetime | None = None
    units: tuple[str, ...] = ()


class CancelSession(SessionCommand, frozen=True, kw_only=True):
    """The class doesn't take place; what was due stays due."""

    reason: str


class EnrolTrainee(Struct, frozen=True, kw_only=True):
    """Put a person into a class."""

    training_session_id: UUID
    trainee_id: UUID


class WithdrawTrainee(Struct, frozen=True, kw_only=True):
    """Take a person out of a class that wasn't begun."""

    training_session_id: UUID
    trainee_id: UUID


class RecordAttendance(Struct, frozen=True, kw_only=True):
    """The units that a person attended in a class; they take the place of those recorded before."""

    training_session_id: UUID
    trainee_id: UUID
    units: tuple[str, ...]


class OutcomeResult(Struct, frozen=True, kw_only=True):
    """Whether a person showed an outcome."""

    outcome: str
    passed: bool


class AssessTrainee(Struct, frozen=True, kw_only=True):
    """What a person showed in the end; results of other outcomes stay."""

    training_session_id: UUID
    trainee_id: UUID
    results: tuple[OutcomeResult, ...]


class CertifyTrainee(Struct, frozen=True, kw_only=True):
    """A certificate for a person who attended all units and showed all outcomes of the role."""

    trainee_id: UUID
    curriculum: str


class JoinProjectTeam(Struct, frozen=True, kw_only=True):
    """An engineer joins the team that serves a contract."""

    contract_id: UUID
    engineer_id: UUID


class LeaveProjectTeam(Struct, frozen=True, kw_only=True):
    """An engineer leaves it."""

    contract_id: UUID
    engineer_id: UUID


class PassKnowledge(Struct, frozen=True, kw_only=True):
    """What was taught on a visit, and to whom; `curriculum` left out: the one that visits of the vertical owe."""

    appointment_id: UUID
    recipients: str
    topics: tuple[str, ...] = ()
    curriculum: str | None = None
