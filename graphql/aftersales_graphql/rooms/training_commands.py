"""What is done about training; which courses there are, who is trained, who belongs into a class."""

import strawberry

from aftersales.terms.planned import Curriculum
from aftersales.training import service
from aftersales_graphql.language import told
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Ref
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.commands import command, id_given
from aftersales_graphql.rooms.training import (
    KnowledgeTransfer,
    OwnCurriculum,
    ProjectTeamMember,
    Trainee,
    TrainingCadence,
    TrainingCertificate,
    TrainingDuty,
    TrainingEnrolment,
    TrainingSession,
)


@strawberry.type(description="What people of a role must show in the end.")
class CourseOutcomes:
    role: str
    outcomes: list[str]


@strawberry.type(description="A course: whom it is for, what is taught, what has to be shown, and when it falls due.")
class TrainingCourse:
    code: str
    name: str = strawberry.field(description="In the caller's language.")
    clause: str | None
    source: str
    audience: list[str]
    units: list[str]
    outcomes: list[str]
    role_outcomes: list[CourseOutcomes]
    trigger: str
    due_days: int | None
    gate: str | None
    before: str | None
    phase: str | None
    venue_by: str
    given_to: str
    track: str | None
    stage: int | None
    level: int | None
    prerequisites: list[str]
    free: bool | None
    valid_months: int | None
    refresher_months: int | None


@strawberry.type(description="How far a person is in a course since the last certificate.")
class TrainingProgress:
    complete: bool
    units: list[str]
    missing_units: list[str]
    passed: list[str]
    missing_outcomes: list[str]


MOST_MEMBERS = 500


@strawberry.type(description="Who holds a valid certificate of a course today; at most 500 of them are named.")
class TrainedTeam:
    size: int
    members: list[Trainee]


@query()
async def curricula(
    call: Call, vertical: str, role: str | None = None, track: str | None = None, asset_id: strawberry.ID | None = None
) -> list[TrainingCourse]:
    """The courses of a vertical; narrowed to those for a role, of a track, or that belong to an asset."""
    found = await service.curricula(
        call.uow,
        vertical,
        role=role,
        track=track,
        asset_id=None if asset_id is None else id_given("Asset", asset_id, "assetId"),
    )
    return [_course(course, call) for course in found]


@query()
async def trained_team(
    call: Call,
    vertical: str,
    curriculum: str,
    customer_id: strawberry.ID | None = None,
    service_unit_id: strawberry.ID | None = None,
    asset_id: strawberry.ID | None = None,
    contract_id: strawberry.ID | None = None,
) -> TrainedTeam:
    """The people of a customer or a dealer who hold a valid certificate of a course today: its maintenance team."""
    found = await service.trained_team(
        call.uow,
        vertical,
        curriculum,
        customer_id=None if customer_id is None else id_given("Customer", customer_id, "customerId"),
        service_unit_id=None if service_unit_id is None else id_given("ServiceUnit", service_unit_id, "serviceUnitId"),
        asset_id=None if asset_id is None else id_given("Asset", asset_id, "assetId"),
        contract_id=None if contract_id is None else id_given("ServiceContract", contract_id, "contractId"),
    )
    members = [Ref(Trainee, person.id) for person in found[:MOST_MEMBERS]]
    return TrainedTeam(size=len(found), members=members)  # type: ignore[arg-type]


@query()
async def suggested_trainees(call: Call, training_session_id: strawberry.ID) -> list[Trainee]:
    """Who belongs into a class: in its audience, prepared for it, not certified yet and not enrolled."""
    session_id = id_given("TrainingSession", training_session_id, "trainingSessionId")
    found = await service.suggested_trainees(call.uow, session_id)
    return [Ref(Trainee, person.id) for person in found]  # type: ignore[misc]


@query()
async def training_progress(call: Call, trainee_id: strawberry.ID, curriculum: str) -> TrainingProgress:
    """How far a person is in a course."""
    made = await service.trainee_progress(call.uow, id_given("Trainee", trainee_id, "traineeId"), curriculum)
    return TrainingProgress(
        complete=made.complete,
        units=list(made.units),
        missing_units=list(made.missing_units),
        passed=list(made.passed),
        missing_outcomes=list(made.missing_outcomes),
    )


def _course(course: Curriculum, call: Call) -> TrainingCourse:
    return TrainingCourse(
        code=course.code,
        name=told(course.label, call.language),
        clause=course.clause,
        source=course.source,
        audience=list(course.audience),
        units=list(course.units),
        outcomes=list(course.outcomes),
        role_outcomes=[
            CourseOutcomes(role=found.role, outcomes=list(found.outcomes)) for found in course.role_outcomes
        ],
        trigger=course.trigger,
        due_days=course.due_days,
        gate=course.gate,
        before=course.before,
        phase=course.phase,
        venue_by=course.venue_by,
        given_to=course.given_to,
        track=course.track,
        stage=course.stage,
        level=course.level,
        prerequisites=list(course.prerequisites),
        free=course.free,
        valid_months=course.valid_months,
        refresher_months=course.refresher_months,
    )


@root
class TrainingAnswerQueries:
    curricula = curricula
    trained_team = trained_team
    suggested_trainees = suggested_trainees
    training_progress = training_progress


@root
class TrainingMutations:
    publish_curriculum = command(service.publish_curriculum, returns=OwnCurriculum, under="curriculum")
    withdraw_curriculum = command(service.withdraw_curriculum, returns=OwnCurriculum, under="curriculum")
    request_training = command(service.request_training, returns=list[TrainingDuty], under="duties")
    hold_training = command(service.hold_training, returns=TrainingDuty)
    set_training_cadence = command(service.set_training_cadence, returns=TrainingCadence, under="cadence")
    name_trainee = command(service.name_trainee, returns=Trainee)
    end_trainee = command(service.end_trainee, returns=Trainee)
    plan_training_session = command(
        service.plan_session, returns=TrainingSession, under="session", name="plan_training_session"
    )
    agree_training_session = command(
        service.agree_session, returns=TrainingSession, under="session", name="agree_training_session"
    )
    move_training_session = command(
        service.move_session, returns=TrainingSession, under="session", name="move_training_session"
    )
    provide_training_venue = command(
        service.provide_venue, returns=TrainingSession, under="session", name="provide_training_venue"
    )
    confirm_training_session = command(
        service.confirm_session, returns=TrainingSession, under="session", name="confirm_training_session"
    )
    hold_training_session = command(
        service.hold_session, returns=TrainingSession, under="session", name="hold_training_session"
    )
    cancel_training_session = command(
        service.cancel_session, returns=TrainingSession, under="session", name="cancel_training_session"
    )
    enrol_trainee = command(service.enrol_trainee, returns=TrainingEnrolment, under="enrolment")
    withdraw_trainee = command(service.withdraw_trainee, returns=TrainingEnrolment, under="enrolment")
    record_attendance = command(service.record_attendance, returns=TrainingEnrolment, under="enrolment")
    assess_trainee = command(service.assess_trainee, returns=TrainingEnrolment, under="enrolment")
    certify_trainee = command(service.certify_trainee, returns=TrainingCertificate, under="certificate")
    join_project_team = command(service.join_project_team, returns=ProjectTeamMember, under="member")
    leave_project_team = command(service.leave_project_team, returns=ProjectTeamMember, under="member")
    pass_knowledge = command(service.pass_knowledge, returns=KnowledgeTransfer, under="transfer")
