"""What engineers teach on a visit (P12-19)."""

from aftersales.access import require
from aftersales.contracts.models import ServiceContract
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import NAME_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.terms.planned import Curriculum
from aftersales.tickets.handling import visible_to
from aftersales.tickets.models import Ticket
from aftersales.training import queries, rules
from aftersales.training.commands import PassKnowledge
from aftersales.training.curricula import courses_in_force
from aftersales.training.models import KnowledgeTransfer
from aftersales.work.models import ServiceAppointment


async def pass_knowledge(uow: TenantWork, command: PassKnowledge) -> KnowledgeTransfer:
    """Note what was taught on a visit, and to whom; without topics, all of the course.

    KNOWLEDGE_NOT_OWED where the vertical's visits owe none, CURRICULUM_UNKNOWN, TRAINING_UNIT_UNKNOWN,
    VISIT_NOT_ARRIVED before the engineer is there, NOT_FOUND for a visit that isn't of the dealer's unit.
    """
    require(uow.actor, "ticket.work")
    seen = await uow.get(ServiceAppointment, command.appointment_id)
    if not visible_to(uow.actor, await uow.get(Ticket, seen.ticket_id)):
        raise NotFound("NOT_FOUND", thing="ServiceAppointment")
    visit = await locked(uow, ServiceAppointment, command.appointment_id)
    if visit.state not in ("arrived", "done"):
        raise StateRefused("VISIT_NOT_ARRIVED", field="appointmentId")
    ticket = await uow.get(Ticket, visit.ticket_id)
    owed = await owed_on_visits(uow, ticket)
    if not owed:
        raise StateRefused("KNOWLEDGE_NOT_OWED", field="appointmentId")
    code = command.curriculum or owed[0].code
    course = next((found for found in owed if found.code == code), None)
    if course is None:
        known = ", ".join(found.code for found in owed)
        raise InvalidInput("CURRICULUM_UNKNOWN", field="curriculum", value=code, known=known)
    topics = rules.check_units(course, command.topics, "topics") or course.units
    recipients = clean_text(command.recipients, "recipients", NAME_LIMIT, required=True)
    row = uow.add(
        KnowledgeTransfer(
            id=new_id(), appointment_id=visit.id, customer_id=ticket.customer_id, curriculum=course.code,
            topics=list(topics), recipients=recipients, at=uow.now, actor=uow.actor.label,
        )
    )  # fmt: skip
    await journal.record(
        uow, "visit.knowledge_passed", subject_type="visit", subject_id=visit.id, ticket=ticket,
        data={"curriculum": course.code, "topics": list(topics), "recipients": recipients},
    )  # fmt: skip
    return row


async def owed_on_visits(uow: TenantWork, ticket: Ticket) -> list[Curriculum]:
    """The courses without which a visit for the ticket isn't complete, by its contract where it has one."""
    contract = None if ticket.contract_id is None else await uow.get(ServiceContract, ticket.contract_id)
    return [
        course
        for course in (await courses_in_force(uow, ticket.vertical, contract)).values()
        if course.trigger == "visit" and course.gate == "visit"
    ]


async def check_taught(uow: TenantWork, visit: ServiceAppointment, ticket: Ticket) -> None:
    """VISIT_INCOMPLETE while a topic that the visit owes wasn't taught."""
    owed = await owed_on_visits(uow, ticket)
    if not owed:
        return
    await uow.flush()
    taught = await queries.taught_on(uow, visit.id)
    missing = [unit for course in owed for unit in rules.missing_units(course, taught.get(course.code, frozenset()))]
    if missing:
        raise StateRefused("VISIT_INCOMPLETE", field="appointmentId", topics=", ".join(missing))
