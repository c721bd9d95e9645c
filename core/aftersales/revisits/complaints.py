"""Complaints that another department heard go to after-sales at once (P11-18)."""

from aftersales.access import require
from aftersales.journal import service as journal
from aftersales.kit.errors import NotFound
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, clean_text
from aftersales.revisits.commands import LogComplaint
from aftersales.revisits.models import Revisit
from aftersales.scope import TenantWork
from aftersales.tickets.commands import OpenTicket
from aftersales.tickets.intake import take_in
from aftersales.tickets.models import Ticket

AFTER_SALES = "after_sales"
DIRECT_QUEUES = frozenset({None, "headquarters"})
"""Where a complaint waits when the vertical names nobody for it."""


async def log_complaint(uow: TenantWork, command: LogComplaint) -> Ticket:
    """Open the complaint and give it to after-sales, or to whom the vertical names for complaints.

    Refusals as for opening any ticket; NOT_FOUND for a revisit of another customer.
    """
    require(uow.actor, "ticket.open")
    department = clean_text(command.department, "department", NAME_LIMIT, required=True)
    ticket_id = None
    if command.revisit_id is not None:
        revisit = await uow.find(Revisit, command.revisit_id)
        if revisit is None or revisit.customer_id != command.customer_id:
            raise NotFound("NOT_FOUND", field="revisitId", thing="Revisit")
        ticket_id = revisit.ticket_id
    complaint = await take_in(
        uow,
        OpenTicket(
            kind="complaint", channel="visit", title=command.title, customer_id=command.customer_id,
            description=clean_text(command.description, "description", BODY_LIMIT), vertical=command.vertical,
            complaint_about_ticket_id=ticket_id,
        ),
    )  # fmt: skip
    if complaint.queue in DIRECT_QUEUES:
        complaint.queue = AFTER_SALES
    await journal.record(
        uow, "ticket.complaint_transferred", subject_type="ticket", subject_id=complaint.id, ticket=complaint,
        data={"from": department, "to": complaint.queue},
    )  # fmt: skip
    return complaint
