"""What the training room does; each function takes a unit of work and one command, and never commits."""

from aftersales.training.assessment import (
    assess_trainee,
    certify_trainee,
    enrol_trainee,
    record_attendance,
    suggested_trainees,
    trainee_progress,
    withdraw_trainee,
)
from aftersales.training.curricula import curricula, publish_curriculum, withdraw_curriculum
from aftersales.training.duties import hold_training, request_training, set_training_cadence
from aftersales.training.people import (
    end_trainee,
    join_project_team,
    leave_project_team,
    name_trainee,
    trained_team,
)
from aftersales.training.sessions import (
    agree_session,
    cancel_session,
    confirm_session,
    hold_session,
    move_session,
    plan_session,
    provide_venue,
)
from aftersales.training.visits import pass_knowledge

__all__ = [
    "agree_session",
    "assess_trainee",
    "cancel_session",
    "certify_trainee",
    "confirm_session",
    "curricula",
    "end_trainee",
    "enrol_trainee",
    "hold_session",
    "hold_training",
    "join_project_team",
    "leave_project_team",
    "move_session",
    "name_trainee",
    "pass_knowledge",
    "plan_session",
    "provide_venue",
    "publish_curriculum",
    "record_attendance",
    "request_training",
    "set_training_cadence",
    "suggested_trainees",
    "trained_team",
    "trainee_progress",
    "withdraw_curriculum",
    "withdraw_trainee",
]
