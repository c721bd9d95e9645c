"""What is refused while a record or a document is missing: the RecordRules of the terms that count."""

from collections.abc import Iterable
from datetime import datetime
from typing import NoReturn
from uuid import UUID

import msgspec

from aftersales.contracts.models import ServiceContract
from aftersales.contracts.terms import terms_of
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.records import forms, queries, rules
from aftersales.records.models import ServiceRecord
from aftersales.scope import TenantWork
from aftersales.terms.base import Label
from aftersales.terms.records import GatedOperation, RecordRule
from aftersales.tickets.closing_rules import in_scope
from aftersales.tickets.handling import traits_of
from aftersales.tickets.models import Ticket


async def rules_of(uow: TenantWork, vertical: str, contract_id: UUID | None) -> tuple[RecordRule, ...]:
    """The rules under which something stands: the contract's, else the vertical's."""
    contract = None if contract_id is None else await uow.get(ServiceContract, contract_id)
    return terms_of(uow.scope, vertical, contract).record_rules


async def check_ticket(
    uow: TenantWork,
    ticket: Ticket,
    operation: GatedOperation,
    *,
    subject: str = "ticket",
    subject_id: UUID | None = None,
    work_type: str | None = None,
    key: str | None = None,
) -> None:
    """The rules before an operation on a ticket, or on a visit or work order of it, whose `work_type` counts then.

    RECORD_REQUIRED, RECORD_INCOMPLETE, NO_SIGNATURE, NO_SEAL, RECORD_NOT_ARCHIVED, RECORD_UNFIT.
    """
    declared = await rules_of(uow, ticket.vertical, ticket.contract_id)
    traits = traits_of(ticket)
    if work_type is not None:
        traits = msgspec.structs.replace(traits, work_type=work_type)
    applying = [rule for rule in declared if rule.before == operation and in_scope(rule.scope, traits)]
    await check(uow, applying, subject, subject_id or ticket.id, vertical=ticket.vertical, key=key)


async def check(
    uow: TenantWork,
    applying: Iterable[RecordRule],
    subject: str,
    subject_id: UUID,
    *,
    vertical: str | None,
    key: str | None = None,
    since: datetime | None = None,
) -> None:
    """Refuse while one of the rules isn't fulfilled for the subject, by a record that was begun `since` then."""
    for rule in applying:
        for code in rule.needs:
            await _check_form(uow, rule, code, subject, subject_id, vertical=vertical, key=key, since=since)


async def check_record(uow: TenantWork, record: ServiceRecord) -> None:
    """The rules before a record is submitted: what must be there beside it, about the same thing (P15-38)."""
    if record.vertical is None:
        return
    declared = await rules_of(uow, record.vertical, record.contract_id)
    for rule in declared:
        if rule.before == "record" and record.form in rule.forms:
            subject, subject_id = _about(record)
            await check(uow, [rule], subject, subject_id, vertical=record.vertical)


def _about(record: ServiceRecord) -> tuple[str, UUID]:
    """What a record is about: the nearest thing that it is linked to."""
    for subject in ("visit", "work_order", "ticket", "asset", "contract", "site", "customer", "dealer"):
        found = getattr(record, queries.SUBJECTS[subject])
        if found is not None:
            return subject, found
    raise InvalidInput("RECORD_SUBJECT_REQUIRED", field="ticketId", subject="ticket")


async def _check_form(
    uow: TenantWork,
    rule: RecordRule,
    code: str,
    subject: str,
    subject_id: UUID,
    *,
    vertical: str | None,
    key: str | None,
    since: datetime | None,
) -> None:
    form = (await forms.form_of(uow, code, vertical)).template
    if rule.matching is not None:
        found = await queries.records_matching(uow, code, rule.matching, key or "")
        if not rule.anywhere:
            column = queries.SUBJECTS[subject]
            found = [record for record in found if getattr(record, column) == subject_id]
    elif rule.anywhere:
        found = await queries.records_of_form(uow, code)
    else:
        found = await queries.records_about(uow, subject, subject_id, code)
    if since is not None:
        found = [record for record in found if record.created_at >= since]
    judged = [(record, _lacks(rule, record)) for record in found]
    if any(lack is None for _, lack in judged):
        return
    if not judged:
        raise StateRefused("RECORD_REQUIRED", field="records", form_zh=form.label.zh, form_en=form.label.en)
    record, lack = judged[0]
    _refuse(record, str(lack), form.label)


def _lacks(rule: RecordRule, record: ServiceRecord) -> str | None:
    """What keeps a record from fulfilling a rule; None when it does."""
    if record.state not in queries.FINISHED:
        return "draft"
    for condition in rule.where:
        if not rules.holds(condition, record.field_values):
            return f"value:{condition.field}"
    return "archive" if rule.state == "archived" and record.state != "archived" else None


def _refuse(record: ServiceRecord, lack: str, label: Label) -> NoReturn:
    names = {"form_zh": label.zh, "form_en": label.en}
    if lack == "archive":
        raise StateRefused("RECORD_NOT_ARCHIVED", field="records", **names)
    if lack.startswith("value:"):
        raise StateRefused("RECORD_UNFIT", field="records", name=lack.removeprefix("value:"), **names)
    fields = [one for one in record.missing if one != rules.SEAL and not one.startswith(rules.SIGNATURE)]
    if not fields and record.missing:
        rules.refuse_incomplete(record.missing)
    raise StateRefused("RECORD_INCOMPLETE", field="records", missing=", ".join(record.missing) or "draft", **names)
