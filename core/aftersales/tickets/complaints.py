"""Complaints: tickets of their own, linked to what they are about, owned by somebody else (P10-31)."""

from uuid import UUID

import msgspec

from aftersales.journal import service as journal
from aftersales.kit.errors import NotFound
from aftersales.kit.idempotency import KEY_LIMIT, earlier_outcome, fingerprint, remember_outcome
from aftersales.kit.text import BODY_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.tickets.assignment import exclude
from aftersales.tickets.commands import FileComplaint, OpenTicket
from aftersales.tickets.handling import load
from aftersales.tickets.intake import take_in
from aftersales.tickets.models import Ticket
from aftersales.work.models import Engineer


async def file_complaint(uow: TenantWork, command: FileComplaint) -> Ticket:
    """Open a complaint about a ticket; with `engineer_id` that engineer is off both tickets from now on.

    It goes to the queue that the vertical names for complaints (headquarters where it names none), never to the
    unit or the engineer of the ticket.
    """
    about = await load(uow, command, "ticket.open")
    key = command.idempotency_key
    if key is None:
        return await _file(uow, command, about)
    key = clean_text(key, "idempotencyKey", KEY_LIMIT, required=True)
    digest = fingerprint("file_complaint", msgspec.structs.replace(command, idempotency_key=None))
    earlier = await earlier_outcome(uow, key, digest)
    if earlier is not None:
        return await uow.get(Ticket, UUID(earlier["ticket_id"]))
    complaint = await _file(uow, command, about)
    remember_outcome(uow, key, digest, {"ticket_id": str(complaint.id)})
    return complaint


async def _file(uow: TenantWork, command: FileComplaint, about: Ticket) -> Ticket:
    engineer = None if command.engineer_id is None else await uow.find(Engineer, command.engineer_id)
    if command.engineer_id is not None and engineer is None:
        raise NotFound("NOT_FOUND", field="engineerId", thing="Engineer")
    reason = clean_text(command.description, "description", BODY_LIMIT) or command.title
    complaint = await take_in(
        uow,
        OpenTicket(
            kind="complaint",
            channel=command.channel,
            title=command.title,
            description=command.description,
            vertical=about.vertical,
            customer_id=about.customer_id,
            contact_id=command.contact_id or about.contact_id,
            site_id=about.site_id,
            asset_id=about.asset_id,
            contract_id=about.contract_id,
            region=about.region,
            complaint_about_ticket_id=about.id,
            call=command.call,
        ),
        complaint_about=about,
    )
    await journal.record(
        uow,
        "ticket.complaint_filed",
        subject_type="ticket",
        subject_id=about.id,
        ticket=about,
        data={"complaint_id": complaint.id, "number": complaint.number, "engineer_id": command.engineer_id},
    )
    if engineer is not None:
        await exclude(uow, about, engineer.id, reason)
        await exclude(uow, complaint, engineer.id, reason)
    return complaint
