"""Keeping what is owed: who took part, what proves it, and that nobody did it who mustn't."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from aftersales.access import require
from aftersales.commitments import service as commitments
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import happened, locked, today
from aftersales.kit.text import BODY_LIMIT, CODE_LIMIT, clean_text
from aftersales.planned.commands import FulfilObligation, RecordPresent
from aftersales.planned.models import PlannedObligation
from aftersales.planned.planner import subject_of
from aftersales.planned.plans import look_again
from aftersales.planned.rules import missing_departments
from aftersales.scope import TenantWork
from aftersales.tickets import queries as tickets
from aftersales.tickets.ladder_rules import Window, best_window

MOST_LISTED: Final = 50


async def record_present(uow: TenantWork, command: RecordPresent) -> PlannedObligation:
    """Note the departments that take part; once it is done, those that are missing show (P11-03)."""
    obligation = await _load(uow, command.obligation_id, command.expected_version)
    obligation.present = departments_of(obligation.present, command.departments)
    obligation.missing_departments = (
        missing_departments(obligation.departments, obligation.present) if obligation.state == "done" else []
    )
    await note(uow, "planned.present", obligation, {"departments": obligation.present})
    return obligation


async def fulfil_obligation(uow: TenantWork, command: FulfilObligation) -> PlannedObligation:
    """Something owed was done, with evidence; its promise is kept up to 24:00 of its last day, late behind it.

    OBLIGATION_STATE_REFUSED unless it is owed, EVIDENCE_REQUIRED, INSTANT_IN_FUTURE,
    PROVIDER_NOT_AUTHORISED where an authorised unit has to make a visit (P09-20), and without the customer's
    authorisation what `AUTHORISATION_REQUIRED` and its kind say (P10-23).
    """
    obligation = await _load(uow, command.obligation_id, command.expected_version)
    if obligation.state not in {"open", "scheduled"}:
        raise StateRefused("OBLIGATION_STATE_REFUSED", field="obligationId", state=obligation.state)
    if obligation.provider == "authorised_unit":
        raise StateRefused("PROVIDER_NOT_AUTHORISED", field="obligationId", unit="")
    evidence = clean_text(command.evidence, "evidence", BODY_LIMIT)
    if not evidence:
        raise InvalidInput("EVIDENCE_REQUIRED", field="evidence")
    at = happened(uow.now, command.at, "at")
    await check_authorised(uow, obligation, at)
    present = departments_of(obligation.present, command.departments)
    await fulfil(uow, obligation, at, evidence, present)
    return obligation


async def fulfil(
    uow: TenantWork, obligation: PlannedObligation, at: datetime, evidence: str, present: list[str]
) -> None:
    """Bring an obligation into its last state; the plan is looked at again, as the next may be counted from here."""
    obligation.present = present
    obligation.state, obligation.evidence, obligation.remind_at = "done", evidence, None
    obligation.done_on = today(at, uow.scope.time_zone)
    obligation.missing_departments = missing_departments(obligation.departments, present)
    await commitments.meet(uow, subject_of(obligation), obligation.kind, at)
    subject_id = obligation.asset_id or obligation.contract_id
    if subject_id is not None:
        look_again(uow, subject_id)
    await note(
        uow, "planned.done", obligation, {"evidence": evidence, "missing": obligation.missing_departments}, at=at
    )


async def note(
    uow: TenantWork, kind: str, obligation: PlannedObligation, data: dict[str, Any], *, at: datetime | None = None
) -> None:
    """Tell the journal about an obligation."""
    await journal.record(
        uow, kind, subject_type="planned", subject_id=obligation.id, asset_id=obligation.asset_id,
        customer_id=obligation.customer_id, vertical=obligation.vertical, at=at,
        data={"code": obligation.code, "clause": obligation.clause, **data},
    )  # fmt: skip


async def _load(uow: TenantWork, obligation_id: UUID, expected_version: int | None) -> PlannedObligation:
    require(uow.actor, "asset.manage")
    return await locked(uow, PlannedObligation, obligation_id, expected_version)


async def check_authorised(uow: TenantWork, obligation: PlannedObligation, at: datetime) -> None:
    """Where the customer has to open its system first (P10-23), the refusal of the remote room unless it did."""
    if not obligation.needs_authorisation:
        return
    given = [] if obligation.ticket_id is None else await tickets.authorisations_of(uow, obligation.ticket_id)
    best_window(
        [Window(valid_from=one.valid_from, valid_until=one.valid_until, revoked_at=one.revoked_at) for one in given], at
    )


def departments_of(known: list[str], given: tuple[str, ...]) -> list[str]:
    """The departments on record and those that are named now, in order, each once."""
    return sorted({*known, *codes(given, "departments")})


def codes(values: tuple[str, ...], field: str) -> tuple[str, ...]:
    """Short names, cleaned, each once; LIST_TOO_LONG beyond fifty."""
    return tuple(dict.fromkeys(clean_text(value, field, CODE_LIMIT, required=True) for value in bounded(values, field)))


def bounded(values: tuple[Any, ...], field: str) -> tuple[Any, ...]:
    """The values, unless there are more than fifty: LIST_TOO_LONG."""
    if len(values) > MOST_LISTED:
        raise InvalidInput("LIST_TOO_LONG", field=field, limit=MOST_LISTED)
    return values
