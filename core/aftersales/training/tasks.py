"""What a customer has to do for its training, and who may ask about whom."""

from uuid import UUID

from aftersales.journal import service as journal
from aftersales.kit.errors import NotFound
from aftersales.kit.ids import new_id
from aftersales.scope import TenantWork
from aftersales.training import queries
from aftersales.training.models import TrainingTask
from aftersales.training.rules import TaskKind

DUE = {"provide_venue": "before_training", "name_successor": "on_staff_change"}
"""When a vertical's customer duty falls due, by the task that follows from it."""


def check_party(uow: TenantWork, thing: str, customer_id: UUID | None, service_unit_id: UUID | None) -> None:
    """NOT_FOUND for a customer or a dealer who asks about somebody else's, as if it didn't exist."""
    actor = uow.actor
    if actor.customer_id is not None and actor.customer_id != customer_id:
        raise NotFound("NOT_FOUND", thing=thing)
    if actor.dealer_id is not None and actor.dealer_id != service_unit_id:
        raise NotFound("NOT_FOUND", thing=thing)


async def open_task(
    uow: TenantWork,
    kind: TaskKind,
    vertical: str,
    customer_id: UUID,
    *,
    duty_id: UUID | None = None,
    session_id: UUID | None = None,
    trainee_id: UUID | None = None,
) -> TrainingTask:
    """Tell the customer what it has to do, once per class, duty or person (P09-31, P08-08)."""
    await uow.flush()
    waiting = await queries.open_tasks(uow, kind, session_id=session_id, duty_id=duty_id, trainee_id=trainee_id)
    if waiting:
        return waiting[0]
    duties = [duty for duty in uow.scope.vertical(vertical).customer_duties if duty.due == DUE[kind]]
    task = uow.add(
        TrainingTask(
            id=new_id(), kind=kind, customer_id=customer_id, training_duty_id=duty_id, training_session_id=session_id,
            trainee_id=trainee_id, clause=duties[0].clause if duties else None, opened_at=uow.now,
        )
    )  # fmt: skip
    await _note(uow, "training.customer_duty", task, vertical)
    return task


async def finish_tasks(
    uow: TenantWork,
    kind: TaskKind,
    vertical: str,
    *,
    duty_id: UUID | None = None,
    session_id: UUID | None = None,
    trainee_id: UUID | None = None,
    cancelled: bool = False,
) -> None:
    """The customer did it, or nobody needs it any more."""
    await uow.flush()
    for task in await queries.open_tasks(uow, kind, session_id=session_id, duty_id=duty_id, trainee_id=trainee_id):
        task.state, task.done_at = "cancelled" if cancelled else "done", uow.now
        await _note(uow, f"training.customer_duty_{task.state}", task, vertical)


async def _note(uow: TenantWork, kind: str, task: TrainingTask, vertical: str) -> None:
    await journal.record(
        uow, kind, subject_type="training_task", subject_id=task.id, customer_id=task.customer_id,
        data={"kind": task.kind, "clause": task.clause}, vertical=vertical,
    )  # fmt: skip
