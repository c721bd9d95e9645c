"""Requests that come by mail (P08-18): the sender is looked up, then the ticket is opened like any other."""

from aftersales.access import require
from aftersales.kit.errors import InvalidInput, NotFound
from aftersales.scope import TenantWork
from aftersales.tickets import queries
from aftersales.tickets.commands import OpenFromMail, OpenTicket
from aftersales.tickets.intake import open_ticket
from aftersales.tickets.mail import read_mail
from aftersales.tickets.models import Ticket


async def open_from_mail(uow: TenantWork, command: OpenFromMail) -> Ticket:
    """Open a ticket from a mail, once per Message-ID; for the desk and its mail gateway only: a sender can be forged.

    MAIL_INVALID, MAIL_TOO_LONG, MAIL_AUTOMATIC, SENDER_UNKNOWN when neither a contact nor a customer has the
    address, SENDER_AMBIGUOUS when several customers do; and what `open_ticket` refuses.
    """
    require(uow.actor, "ticket.dispatch")
    mail = read_mail(command.raw)
    senders = await queries.senders(uow, mail.sender)
    customers = {customer_id for customer_id, _ in senders}
    if not customers:
        raise NotFound("SENDER_UNKNOWN", field="raw", value=mail.sender)
    if len(customers) > 1:
        raise InvalidInput("SENDER_AMBIGUOUS", field="raw", value=mail.sender, count=len(customers))
    contacts = [contact_id for _, contact_id in senders if contact_id is not None]
    return await open_ticket(
        uow,
        OpenTicket(
            kind=command.kind,
            channel="email",
            title=mail.title,
            description=mail.text,
            vertical=command.vertical,
            customer_id=customers.pop(),
            contact_id=contacts[0] if len(contacts) == 1 else None,
            idempotency_key=mail.key,
        ),
    )
