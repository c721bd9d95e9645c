"""Tasks in dealers' hands: within two hours arranged, the user told, and filed with the company (P15-22, A76)."""

from aftersales.access import may, require
from aftersales.broadcasts import rules
from aftersales.broadcasts.commands import RecordDealerAct, TakeDealerTask
from aftersales.broadcasts.models import DealerTask
from aftersales.broadcasts.rules import DEALER_ACTS
from aftersales.commitments import service as commitments
from aftersales.commitments.service import Subject
from aftersales.contracts.models import ServiceContract
from aftersales.contracts.terms import terms_of
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import happened, locked
from aftersales.kit.ids import new_id
from aftersales.parties.models import ServiceUnit
from aftersales.parties.rules import check_known
from aftersales.scope import TenantWork
from aftersales.terms.base import Label
from aftersales.terms.deadlines import SlaTarget
from aftersales.tickets.handling import load_ticket
from aftersales.tickets.models import Ticket

MILESTONE = "arranged"
LABEL = Label("经销商安排", "Arranged by the dealer")


async def take_dealer_task(uow: TenantWork, command: TakeDealerTask) -> DealerTask:
    """A dealer got the ticket: its clock runs from `received_at`, by the target that names conditions.

    Where the terms have no such target the three acts are owed without a number. DEALER_TASK_EXISTS, REQUIRED
    without a unit, NOT_FOUND for a ticket or unit that isn't the caller's.
    """
    ticket = await load_ticket(uow, command.ticket_id, "ticket.work")
    unit_id = uow.actor.dealer_id or command.service_unit_id or ticket.service_unit_id
    if unit_id is None:
        raise InvalidInput("REQUIRED", field="serviceUnitId", field_name="serviceUnitId")
    if command.service_unit_id not in {None, unit_id} or await uow.find(ServiceUnit, unit_id) is None:
        raise NotFound("NOT_FOUND", field="serviceUnitId", thing="ServiceUnit")
    if may(uow.actor, "ticket.dispatch"):
        ticket.service_unit_id = unit_id
    received_at = happened(uow.now, command.received_at, "receivedAt", after=ticket.reported_at)
    target = await _target(uow, ticket)
    task = uow.add(
        DealerTask(
            id=new_id(),
            ticket_id=ticket.id,
            service_unit_id=unit_id,
            clause=None if target is None else target.clause,
            conditions=list(target.conditions if target is not None else DEALER_ACTS),
            received_at=received_at,
        )
    )
    calendar = None
    if target is not None and target.calendar is not None:
        calendar = uow.scope.calendar(ticket.vertical, target.calendar)
    await commitments.start_fixed(
        uow, _subject(task), vertical=ticket.vertical, milestone=MILESTONE,
        budget=None if target is None else target.budget, clause=task.clause,
        source="default" if target is None else target.source, at=received_at,
        label=LABEL if target is None else target.label, calendar=calendar,
    )  # fmt: skip
    await _note(uow, "dealer_task.taken", task, ticket, {"received_at": received_at})
    return task


async def record_dealer_act(uow: TenantWork, command: RecordDealerAct) -> DealerTask:
    """Keep an act with its instant; the last one ends the clock, late when it comes too late.

    VALUE_UNKNOWN, DEALER_ACT_DONE for one that is on record, NOT_FOUND for another dealer's task.
    """
    require(uow.actor, "ticket.work")
    seen = await uow.get(DealerTask, command.dealer_task_id)
    if uow.actor.dealer_id not in {None, seen.service_unit_id}:
        raise NotFound("NOT_FOUND", thing="DealerTask")
    ticket = await load_ticket(uow, seen.ticket_id, "ticket.work")
    task = await locked(uow, DealerTask, command.dealer_task_id, command.expected_version)
    act = check_known(command.act, task.conditions, "act")
    if act in task.acts:
        raise StateRefused("DEALER_ACT_DONE", field="act", act=act)
    at = happened(uow.now, command.at, "at", after=task.received_at)
    task.acts = {**task.acts, act: at.isoformat()}
    if rules.completed(task.conditions, task.acts) is not None:
        task.state = "done"
        task.done_at = max(uow.now.fromisoformat(value) for value in task.acts.values())
        await commitments.meet(uow, _subject(task), MILESTONE, task.done_at)
    await _note(uow, "dealer_task.act", task, ticket, {"act": act, "at": at})
    return task


async def _target(uow: TenantWork, ticket: Ticket) -> SlaTarget | None:
    contract = None if ticket.contract_id is None else await uow.get(ServiceContract, ticket.contract_id)
    targets = terms_of(uow.scope, ticket.vertical, contract).sla_targets
    return next((target for target in targets if target.milestone == MILESTONE and target.conditions), None)


def _subject(task: DealerTask) -> Subject:
    return Subject(type="dealer_task", id=task.id)


async def _note(uow: TenantWork, kind: str, task: DealerTask, ticket: Ticket, data: dict[str, object]) -> None:
    await journal.record(
        uow, kind, subject_type="dealer_task", subject_id=task.id, ticket=ticket,
        data={"clause": task.clause, "service_unit_id": task.service_unit_id, **data},
    )  # fmt: skip
