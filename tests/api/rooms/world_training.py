"""Training in the company of all: a course, people, a class, a certificate, a task, a cadence, a team."""

from datetime import timedelta
from typing import Any

from aftersales.kit.ids import new_id
from aftersales.training.models import KnowledgeTransfer
from aftersales_graphql.machine.relay import decode_id
from tests.api.rooms.api import Caller, node_id
from tests.fixtures.database import TestTenant


async def train(owner: Caller, tenant: TestTenant, ids: dict[str, str]) -> None:
    """A person of the customer who passed, and one who is to be trained; the clock doesn't stay behind."""

    async def make(mutation: str, key: str, type_name: str, **given: Any) -> str:
        made: str = (await owner.do(mutation, f"{key} {{ id }}", **given))[key]["id"]
        ids.setdefault(type_name, made)
        return made

    vertical = {"vertical": "solar"}
    await make(
        "publishCurriculum", "curriculum", "OwnCurriculum", **vertical, code="upkeep", name="Upkeep", units=["all"],
        trigger="request",
    )  # fmt: skip
    duties = await owner.do(
        "requestTraining", "duties { id }", **vertical, curriculum="upkeep", customerId=ids["Customer"]
    )
    ids["TrainingDuty"] = duties["duties"][0]["id"]
    await make("nameTrainee", "trainee", "Trainee", **vertical, name="Wu", role="user", customerId=ids["Customer"])
    leaver = await owner.do(
        "nameTrainee", "trainee { id }", **vertical, name="Ma", role="user", customerId=ids["Customer"]
    )
    await owner.do("endTrainee", traineeId=leaver["trainee"]["id"])
    now = tenant.platform.clock.now()
    session = await make(
        "planTrainingSession", "session", "TrainingSession", trainingDutyId=ids["TrainingDuty"],
        trainerId=ids["Engineer"], startsAt=now.isoformat(), endsAt=(now + timedelta(hours=1)).isoformat(),
        venue="Roof", agreedWith="Mrs. Li",
    )  # fmt: skip
    both = {"trainingSessionId": session, "traineeId": ids["Trainee"]}
    await make("enrolTrainee", "enrolment", "TrainingEnrolment", **both)
    await owner.do("confirmTrainingSession", trainingSessionId=session)
    await owner.do("recordAttendance", **both, units=["all"])
    await owner.do("holdTrainingSession", trainingSessionId=session)
    await make("certifyTrainee", "certificate", "TrainingCertificate", traineeId=ids["Trainee"], curriculum="upkeep")
    later = now + timedelta(days=1)
    ids["TrainingSession"] = (
        await owner.do(
            "planTrainingSession", "session { id }", **vertical, curriculum="users", customerId=ids["Customer"],
            trainerId=ids["Engineer"], startsAt=later.isoformat(), endsAt=(later + timedelta(hours=1)).isoformat(),
        )
    )["session"]["id"]  # fmt: skip
    await make(
        "setTrainingCadence", "cadence", "TrainingCadence", **vertical, curriculum="upkeep",
        customerId=ids["Customer"], months=12,
    )  # fmt: skip
    await make(
        "joinProjectTeam", "member", "ProjectTeamMember", contractId=ids["ServiceContract"], engineerId=ids["Engineer"]
    )
    async with tenant.work() as uow:
        taught = uow.add(
            KnowledgeTransfer(
                id=new_id(), appointment_id=decode_id(ids["ServiceAppointment"])[1],
                customer_id=decode_id(ids["Customer"])[1], curriculum="upkeep", topics=["all"], recipients="Mrs. Li",
                at=uow.now, actor="test",
            )
        )  # fmt: skip
        ids["KnowledgeTransfer"] = node_id("KnowledgeTransfer", taught.id)
