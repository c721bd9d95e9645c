"""What a contract makes due once: commissioning, an agreement, a visit; each is a promise with its own clock."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from aftersales.access import require
from aftersales.assets import rules as asset_rules
from aftersales.calendars.windows import ONE_DAY
from aftersales.commitments import service as commitments
from aftersales.commitments.rules import Budget
from aftersales.commitments.service import Subject
from aftersales.contracts import queries
from aftersales.contracts.commands import CompleteContractTask
from aftersales.contracts.lifecycle_rules import COMMISSIONING
from aftersales.contracts.models import ContractTask, ServiceContract
from aftersales.journal import service as journal
from aftersales.kit.errors import StateRefused
from aftersales.kit.guards import happened_on, locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.terms.coverage import PhaseTask

MILESTONE: Final = "contract_task"


async def start_commissioning(uow: TenantWork, contract: ServiceContract, due_on: date, present: date) -> None:
    """Install, commission and train, due at 24:00 of the day that the contract names."""
    for task in COMMISSIONING:
        await _start(uow, contract, task, present, due_on)


async def start_tasks(uow: TenantWork, contract: ServiceContract, tasks: Iterable[PhaseTask], on: date) -> None:
    """What an event of the contract's life on a day makes due; without a number of days it is tracked only (A05)."""
    for task in tasks:
        due_on = None if task.due_days is None else on + task.due_days * ONE_DAY
        await _start(uow, contract, task, on, due_on)


async def _start(
    uow: TenantWork, contract: ServiceContract, task: PhaseTask, begins: date, due_on: date | None
) -> None:
    name = task.label.zh if uow.scope.language == "zh-CN" else task.label.en
    row = uow.add(
        ContractTask(
            id=new_id(), contract_id=contract.id, task=task.code, name=name, clause=task.clause, due_on=due_on,
            created_at=uow.now,
        )
    )  # fmt: skip
    # A day that is due is its own last one: the count begins on the day before it at the latest.
    counted_from = begins if due_on is None else min(begins, due_on - ONE_DAY)
    await commitments.start_fixed(
        uow,
        Subject(type="contract_task", id=row.id),
        vertical=contract.vertical,
        milestone=MILESTONE,
        budget=None if due_on is None else Budget(amount=(due_on - counted_from).days, unit="calendar_day"),
        clause=task.clause or contract.number,
        source="contract" if task.clause is None else "vertical",
        at=asset_rules.start_of_day(counted_from, uow.scope.time_zone),
        label=task.label,
    )
    await journal.record(
        uow, "contract.task_due", subject_type="contract_task", subject_id=row.id, customer_id=contract.customer_id,
        vertical=contract.vertical,
        data={"contract_id": contract.id, "task": task.code, "name": name, "due_on": due_on, "clause": task.clause,
              "visit": task.visit},
    )  # fmt: skip


async def complete_contract_task(uow: TenantWork, command: CompleteContractTask) -> ContractTask:
    """Note that a task was done; its promise is kept on its last day, late after it.

    TASK_NOT_OPEN the second time, INSTANT_IN_FUTURE, REQUIRED without evidence, VERSION_STALE.
    """
    require(uow.actor, "asset.manage")
    task = await locked(uow, ContractTask, command.contract_task_id, command.expected_version)
    if task.state != "open":
        raise StateRefused("TASK_NOT_OPEN", field="contractTaskId", state=task.state)
    done_on = happened_on(uow.now, uow.scope.time_zone, command.done_on, "doneOn")
    await finish_task(uow, task, done_on, clean_text(command.evidence, "evidence", BODY_LIMIT, required=True))
    return task


async def finish_task(uow: TenantWork, task: ContractTask, done_on: date, evidence: str) -> None:
    """An open task is done, whoever found it so; `evidence` says where the proof is."""
    contract = await uow.get(ServiceContract, task.contract_id)
    task.done_on, task.state, task.evidence = done_on, "done", evidence
    end = asset_rules.start_of_day(done_on + ONE_DAY, uow.scope.time_zone)
    await commitments.meet(uow, Subject(type="contract_task", id=task.id), MILESTONE, min(end, uow.now))
    await journal.record(
        uow, "contract.task_done", subject_type="contract_task", subject_id=task.id, customer_id=contract.customer_id,
        vertical=contract.vertical, data={"contract_id": contract.id, "task": task.task, "done_on": done_on},
    )  # fmt: skip


async def cancel_tasks(uow: TenantWork, contract: ServiceContract, reason: str) -> None:
    """Nothing of what a contract made due is owed any more."""
    for task in await queries.open_tasks(uow, contract.id):
        task.state = "cancelled"
        await commitments.cancel(uow, Subject(type="contract_task", id=task.id), reason, uow.now)
