"""Courses that are due, the people who are trained, classes, certificates, and what customers have to do for them."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Optional

import strawberry
from strawberry.scalars import JSON

from aftersales.kit.messages import render
from aftersales.training import models
from aftersales_graphql.machine.declare import computed, connection, entity, find, many, one, sql
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.contracts import ServiceContract
from aftersales_graphql.rooms.parties import Customer, ServiceUnit
from aftersales_graphql.rooms.visibility import own_or_given, staff_only, through
from aftersales_graphql.rooms.work import Engineer

if TYPE_CHECKING:
    from aftersales_graphql.rooms.assets import Asset
    from aftersales_graphql.rooms.commitments import Commitment

_own: Any = own_or_given("customer_id", "service_unit_id")
_trainees: Any = models.Trainee.__table__
_of_trainee = through(_trainees, "trainee_id", _own)


def _warnings(row: Any, call: Any) -> list[str]:
    return [render(found["code"], call.language, {"value": found["value"]}) for found in row.warnings or ()]


@entity(models.OwnCurriculum, filters=("vertical", "code"), orders=("code", "revision"), default_order="code",
        visible=staff_only)  # fmt: skip
class OwnCurriculum(Node):
    """A revision of a course of the company's own; the youngest counts."""

    vertical: str
    code: str
    revision: int
    terms: JSON
    withdrawn: bool
    created_at: datetime


@entity(models.TrainingCertificate, filters=("number", "curriculum", "valid_until"), orders=("number", "valid_until"),
        default_order="number", visible=_of_trainee)  # fmt: skip
class TrainingCertificate(Node):
    """What a person passed, with the last day on which that holds; null for good."""

    number: str
    vertical: str
    curriculum: str
    outcomes: list[str]
    issued_on: date
    valid_until: date | None
    trainee: Optional["Trainee"] = one("trainee_id")


@entity(models.Trainee, filters=("vertical", "role", "name", "customer", "service_unit", "left_on"),
        orders=("name", "created_at"), default_order="name", visible=_own)  # fmt: skip
class Trainee(Node):
    """A person to be trained: named by a customer, a technician of a dealer, or an engineer of the company."""

    vertical: str
    name: str
    phone: str | None
    role: str
    left_on: date | None
    version: int
    created_at: datetime
    customer: Customer | None = one("customer_id")
    service_unit: ServiceUnit | None = one("service_unit_id")
    engineer: Engineer | None = one("engineer_id")
    asset: Annotated["Asset", strawberry.lazy("aftersales_graphql.rooms.assets")] | None = one("asset_id")
    contract: ServiceContract | None = one("contract_id")
    successor: Optional["Trainee"] = one("successor_id")
    enrolments: list["TrainingEnrolment"] = many("trainee_id", order="enrolled_at")
    certificates: list[TrainingCertificate] = many("trainee_id", order="issued_on")


@entity(models.TrainingEnrolment, visible=_of_trainee)
class TrainingEnrolment(Node):
    """A person in a class: units attended, and of each outcome whether it was shown."""

    units: list[str]
    results: JSON
    warnings: list[str] = computed("warnings", resolve=_warnings, description="In the caller's language.")
    enrolled_at: datetime
    withdrawn_at: datetime | None
    assessed_at: datetime | None
    trainee: Trainee | None = one("trainee_id")
    session: Optional["TrainingSession"] = one("session_id")
    certificate: TrainingCertificate | None = one("certificate_id")


@entity(models.TrainingTask, filters=("kind", "state", "customer"), orders=("opened_at",), default_order="opened_at",
        visible=own_or_given())  # fmt: skip
class TrainingTask(Node):
    """What a customer has to do for its training: `provide_venue`, `name_successor`."""

    kind: str
    state: str
    clause: str | None
    opened_at: datetime
    done_at: datetime | None
    customer: Customer | None = one("customer_id")
    session: Optional["TrainingSession"] = one("training_session_id")
    duty: Optional["TrainingDuty"] = one("training_duty_id")
    trainee: Trainee | None = one("trainee_id")


@entity(models.TrainingSession,
        filters=("number", "vertical", "curriculum", "state", "customer", "service_unit", "starts_at"),
        orders=("starts_at", "number"), default_order="starts_at", visible=_own)  # fmt: skip
class TrainingSession(Node):
    """A class: `tentative` until the customer agreed to the time, then `agreed`, `confirmed`, `held`."""

    number: str
    vertical: str
    curriculum: str
    units: list[str]
    starts_at: datetime
    ends_at: datetime
    venue: str | None
    capacity: int | None
    agreed_with: str | None
    agreed_at: datetime | None
    warnings: list[str] = computed("warnings", resolve=_warnings, description="In the caller's language.")
    state: str
    held_at: datetime | None
    version: int
    customer: Customer | None = one("customer_id")
    service_unit: ServiceUnit | None = one("service_unit_id")
    asset: Annotated["Asset", strawberry.lazy("aftersales_graphql.rooms.assets")] | None = one("asset_id")
    contract: ServiceContract | None = one("contract_id")
    trainer: Engineer | None = one("trainer_id")
    duty: Optional["TrainingDuty"] = one("training_duty_id")
    enrolments: list[TrainingEnrolment] = many("session_id", order="enrolled_at")
    tasks: list[TrainingTask] = many("training_session_id", order="opened_at")


@entity(models.TrainingDuty, filters=("vertical", "curriculum", "state", "trigger", "customer", "asset", "contract"),
        orders=("triggered_on",), default_order="triggered_on", visible=_own)  # fmt: skip
class TrainingDuty(Node):
    """A course that is due, to whom and for what, and when it was held. `fee` 0: it is free."""

    vertical: str
    curriculum: str
    trigger: str
    triggered_on: date
    venue: str | None
    fee: Decimal | None
    state: str
    held_at: datetime | None
    version: int
    free: bool = sql(lambda duty, scope: duty["fee"].is_not_distinct_from(0), description="Whether it costs nothing.")
    customer: Customer | None = one("customer_id")
    service_unit: ServiceUnit | None = one("service_unit_id")
    asset: Annotated["Asset", strawberry.lazy("aftersales_graphql.rooms.assets")] | None = one("asset_id")
    contract: ServiceContract | None = one("contract_id")
    trainee: Trainee | None = one("trainee_id")
    sessions: list[TrainingSession] = many("training_duty_id", order="starts_at")
    tasks: list[TrainingTask] = many("training_duty_id", order="opened_at")
    commitments: list[Annotated["Commitment", strawberry.lazy("aftersales_graphql.rooms.commitments")]] = many(
        "subject_id", order="created_at"
    )


@entity(models.TrainingCadence, filters=("vertical", "curriculum", "customer", "service_unit"), orders=("curriculum",),
        default_order="curriculum", visible=_own)  # fmt: skip
class TrainingCadence(Node):
    """How often a dealer or a customer is trained again; without months it is tracked only."""

    vertical: str
    curriculum: str
    months: int | None
    last_held_on: date | None
    version: int
    customer: Customer | None = one("customer_id")
    service_unit: ServiceUnit | None = one("service_unit_id")


@entity(models.ProjectTeamMember, filters=("contract", "engineer"), orders=("joined_on",), default_order="joined_on",
        visible=staff_only)  # fmt: skip
class ProjectTeamMember(Node):
    """An engineer of the team that serves a contract."""

    joined_on: date
    left_on: date | None
    contract: ServiceContract | None = one("contract_id")
    engineer: Engineer | None = one("engineer_id")


@entity(models.KnowledgeTransfer, filters=("curriculum", "customer"), orders=("at",), default_order="at",
        visible=own_or_given())  # fmt: skip
class KnowledgeTransfer(Node):
    """What an engineer taught on a visit, and to whom."""

    curriculum: str
    topics: list[str]
    recipients: str
    at: datetime
    customer: Customer | None = one("customer_id")


@root
class TrainingQueries:
    trainee: Trainee | None = find(description="One person to be trained by its id.")
    trainees: Connection[Trainee] = connection(description="People to be trained.")
    training_session: TrainingSession | None = find(description="One class by its id.")
    training_sessions: Connection[TrainingSession] = connection(description="Classes.")
    training_duty: TrainingDuty | None = find(description="One course that is due by its id.")
    training_duties: Connection[TrainingDuty] = connection(description="Courses that are due, or were.")
    training_certificates: Connection[TrainingCertificate] = connection(description="Certificates of people.")
    training_tasks: Connection[TrainingTask] = connection(description="What customers have to do for their training.")
    training_cadences: Connection[TrainingCadence] = connection(description="How often somebody is trained again.")
    own_curricula: Connection[OwnCurriculum] = connection(description="The company's own courses, by revision.")
    project_team: Connection[ProjectTeamMember] = connection(description="Engineers in the teams of contracts.")
    knowledge_transfers: Connection[KnowledgeTransfer] = connection(description="What was taught on visits.")
