"""Remote work: the customer's authorisation, its window, and the log of every session."""

from aftersales.access import Right, may, require
from aftersales.assets.models import Asset
from aftersales.journal import service as journal
from aftersales.kit.clock import require_aware
from aftersales.kit.errors import InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import happened, locked
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, clean_text
from aftersales.parties.models import Contact
from aftersales.scope import TenantWork
from aftersales.tickets import ladder_rules, queries
from aftersales.tickets.assignment import fit_engineer
from aftersales.tickets.commands import (
    AuthoriseRemote,
    CloseRemoteSession,
    OpenRemoteSession,
    RevokeAuthorisation,
)
from aftersales.tickets.handling import begin_work, load, load_ticket, move, terms_under
from aftersales.tickets.ladder import allow_step, keep_attempt
from aftersales.tickets.ladder_rules import Window
from aftersales.tickets.models import RemoteAuthorisation, RemoteSession, Ticket


async def authorise_remote(uow: TenantWork, command: AuthoriseRemote) -> RemoteAuthorisation:
    """Keep the customer's permission: who gave it, when, for what, until when (P10-21).

    A contact must be the customer's and be allowed to authorise; without a contact the person is named.
    """
    ticket = await load(uow, command, _authorising_right(uow))
    await move(uow, ticket, "authorise")
    purpose = clean_text(command.purpose, "purpose", BODY_LIMIT, required=True)
    through = clean_text(command.granted_through, "grantedThrough", NAME_LIMIT, required=True)
    valid_from = require_aware(command.valid_from, "validFrom")
    valid_until = require_aware(command.valid_until, "validUntil")
    if valid_until <= valid_from:
        raise InvalidInput("PERIOD_INVERTED", field="validUntil")
    if valid_until <= uow.now:
        raise StateRefused("AUTHORISATION_EXPIRED", field="validUntil", valid_until=valid_until.isoformat())
    await _check_asset(uow, ticket)
    authorisation = uow.add(
        RemoteAuthorisation(
            ticket_id=ticket.id,
            contact_id=command.contact_id,
            granted_by=await _granted_by(uow, ticket, command),
            granted_at=uow.now,
            granted_through=through,
            purpose=purpose,
            valid_from=valid_from,
            valid_until=valid_until,
        )
    )
    await journal.record(
        uow,
        "remote.authorised",
        subject_type="remote_authorisation",
        subject_id=authorisation.id,
        ticket=ticket,
        data={
            "granted_by": authorisation.granted_by,
            "granted_through": through,
            "purpose": purpose,
            "valid_from": valid_from,
            "valid_until": valid_until,
        },
    )
    return authorisation


def _authorising_right(uow: TenantWork) -> Right:
    """Staff note what the customer said; the customer's own members say it themselves."""
    return "ticket.work" if may(uow.actor, "ticket.work") else "ticket.confirm"


async def _granted_by(uow: TenantWork, ticket: Ticket, command: AuthoriseRemote) -> str:
    if command.contact_id is None:
        return clean_text(command.granted_by, "grantedBy", NAME_LIMIT, required=True)
    contact = await uow.find(Contact, command.contact_id)
    if contact is None or contact.customer_id != ticket.customer_id:
        raise NotFound("NOT_FOUND", field="contactId", thing="Contact")
    if not contact.may_authorise:
        raise StateRefused("AUTHORISATION_CONTACT_REFUSED", field="contactId")
    return contact.name


async def _check_asset(uow: TenantWork, ticket: Ticket) -> None:
    if ticket.asset_id is not None and not (await uow.get(Asset, ticket.asset_id)).remote_allowed:
        raise StateRefused("REMOTE_NOT_ALLOWED", field="assetId")


async def revoke_authorisation(uow: TenantWork, command: RevokeAuthorisation) -> RemoteAuthorisation:
    """Take the permission back; sessions that are open stay on record and can only be closed."""
    require(uow.actor, _authorising_right(uow))
    seen = await uow.get(RemoteAuthorisation, command.authorisation_id)
    ticket = await load_ticket(uow, seen.ticket_id, _authorising_right(uow))
    authorisation = await locked(uow, RemoteAuthorisation, command.authorisation_id, command.expected_version)
    if authorisation.revoked_at is not None:
        raise StateRefused("AUTHORISATION_REVOKED")
    authorisation.revoked_at = uow.now
    await journal.record(
        uow, "remote.revoked", subject_type="remote_authorisation", subject_id=authorisation.id, ticket=ticket
    )
    return authorisation


async def open_remote_session(uow: TenantWork, command: OpenRemoteSession) -> RemoteSession:
    """Enter the customer's system; refused without, before, after or beyond an authorisation (P10-21)."""
    ticket = await load(uow, command, "ticket.work")
    await move(uow, ticket, "escalate")
    started_at = happened(uow.now, command.started_at, "startedAt", after=ticket.reported_at)
    await _check_asset(uow, ticket)
    granted = await queries.authorisations_of(uow, ticket.id)
    if command.authorisation_id is not None:
        granted = [row for row in granted if row.id == command.authorisation_id]
        if not granted:
            raise NotFound("NOT_FOUND", field="authorisationId", thing="RemoteAuthorisation")
    windows = [
        Window(valid_from=row.valid_from, valid_until=row.valid_until, revoked_at=row.revoked_at) for row in granted
    ]
    authorisation = granted[ladder_rules.best_window(windows, started_at)]
    attempts = await queries.attempts_of(uow, ticket.id)
    await allow_step(uow, ticket, "remote", attempts, command.override_reason)
    engineer_id = command.engineer_id or ticket.engineer_id
    if engineer_id is not None:
        await fit_engineer(uow, ticket, engineer_id)
    ticket.step = ladder_rules.further(ticket.step, "remote")
    await begin_work(uow, ticket)
    session = uow.add(
        RemoteSession(
            ticket_id=ticket.id,
            authorisation_id=authorisation.id,
            engineer_id=engineer_id,
            started_at=started_at,
        )
    )
    await journal.record(
        uow,
        "remote.opened",
        subject_type="remote_session",
        subject_id=session.id,
        ticket=ticket,
        data={"authorisation_id": authorisation.id, "granted_by": authorisation.granted_by, "engineer_id": engineer_id},
        at=started_at,
    )
    return session


async def close_remote_session(uow: TenantWork, command: CloseRemoteSession) -> RemoteSession:
    """End a session with its log, minutes and outcome.

    CHANGE_RECORD_REQUIRED when code was changed and nothing says how (P10-22). A session that overran its
    authorisation is a fact: it is kept, and the journal says so.
    """
    require(uow.actor, "ticket.work")
    seen = await uow.get(RemoteSession, command.session_id)
    ticket = await load_ticket(uow, seen.ticket_id, "ticket.work")
    session = await locked(uow, RemoteSession, command.session_id, command.expected_version)
    if session.ended_at is not None:
        raise StateRefused("REMOTE_SESSION_CLOSED")
    ended_at = happened(uow.now, command.ended_at, "endedAt", after=session.started_at)
    log = clean_text(command.log, "log", BODY_LIMIT, required=True)
    record = clean_text(command.change_record, "changeRecord", BODY_LIMIT) or None
    ladder = (await terms_under(uow, ticket)).ladder_of_channels
    if ladder_rules.change_record_missing(ladder, code_changed=command.code_changed, change_record=record):
        raise StateRefused("CHANGE_RECORD_REQUIRED", field="changeRecord")
    session.ended_at = ended_at
    session.log = log
    session.code_changed = command.code_changed
    session.change_record = record
    session.findings = clean_text(command.findings, "findings", BODY_LIMIT) or None
    authorisation = await uow.get(RemoteAuthorisation, session.authorisation_id)
    await journal.record(
        uow,
        "remote.closed",
        subject_type="remote_session",
        subject_id=session.id,
        ticket=ticket,
        data={
            "minutes": ladder_rules.session_minutes(session.started_at, ended_at),
            "outcome": command.outcome,
            "code_changed": command.code_changed,
            "change_record": record,
            "findings": session.findings,
            "overran": ended_at > authorisation.valid_until,
        },
        at=ended_at,
    )
    if command.outcome is not None:
        await keep_attempt(
            uow, ticket, step="remote", outcome=command.outcome, started_at=session.started_at, ended_at=ended_at,
            notes=log,
        )  # fmt: skip
    return session
