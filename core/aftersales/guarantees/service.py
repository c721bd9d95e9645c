"""What the guarantees room does; each function takes a unit of work and one command, and never commits."""

from datetime import datetime
from uuid import UUID

import msgspec

from aftersales.access import require
from aftersales.assets.models import Asset
from aftersales.contracts.models import ServiceContract
from aftersales.contracts.terms import terms_of
from aftersales.documents.models import Document
from aftersales.guarantees import queries, rules
from aftersales.guarantees.commands import (
    CarryOutRemedy,
    CheckGuarantee,
    EndGuarantee,
    OpenGuarantee,
    OwnGuarantee,
    RecordCount,
    RecordDowntime,
    RecordIncident,
    RecordUptime,
)
from aftersales.guarantees.measures import replanting
from aftersales.guarantees.models import (
    GuaranteeCheck,
    GuaranteeCount,
    GuaranteeDowntime,
    GuaranteeIncident,
    GuaranteeRemedy,
    ServiceGuarantee,
)
from aftersales.guarantees.standing import (
    GuaranteeForecast,
    GuaranteeStatus,
    begin_of,
    counted,
    guarantee_forecast,
    guarantee_status,
    lines_of,
    measure,
    schedule_of,
)
from aftersales.journal import service as journal
from aftersales.kit.entities import encode
from aftersales.kit.errors import Conflict, InvalidInput, StateRefused
from aftersales.kit.guards import happened, happened_on, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, CODE_LIMIT, NAME_LIMIT, clean_text
from aftersales.parties.models import Site
from aftersales.scope import TenantWork
from aftersales.terms.base import Label
from aftersales.tickets.models import Ticket

__all__ = [
    "GuaranteeForecast",
    "GuaranteeStatus",
    "carry_out_remedy",
    "check_guarantee",
    "end_guarantee",
    "guarantee_forecast",
    "guarantee_status",
    "open_guarantee",
    "record_count",
    "record_downtime",
    "record_incident",
    "record_uptime",
]

REPLANT = "replant"


async def open_guarantee(uow: TenantWork, command: OpenGuarantee) -> ServiceGuarantee:
    """Begin to measure a promise under the terms as they are now.

    VERTICAL_NOT_ENABLED, GUARANTEE_UNKNOWN, GUARANTEE_THRESHOLD_INVALID, GUARANTEE_SUBJECT_INVALID,
    ASSET_OF_OTHER_VERTICAL, PERIOD_INVERTED, YEAR_INVALID, CHECKPOINT_UNKNOWN, REQUIRED without a code or own terms.
    """
    require(uow.actor, "contract.manage")
    asset = None if command.asset_id is None else await uow.get(Asset, command.asset_id)
    site = None if command.site_id is None else await uow.get(Site, command.site_id)
    contract = None if command.contract_id is None else await uow.get(ServiceContract, command.contract_id)
    uow.scope.enabled(command.vertical)
    if (command.guarantee is None) == (command.own is None):
        raise InvalidInput("REQUIRED", field="guarantee", field_name="guarantee")
    promised = terms_of(uow.scope, command.vertical, contract)
    terms = _own(command.own) if command.own else rules.declared(promised, command.guarantee or "")
    rules.check_terms(terms, "own.threshold" if command.own else "guarantee")
    named = [name for name, thing in (("asset", asset), ("site", site)) if thing is not None] or ["company"]
    if len(named) > 1 or (terms.of != "any" and named != [terms.of]):
        raise InvalidInput("GUARANTEE_SUBJECT_INVALID", field="siteId", of=terms.of)
    if asset is not None and asset.vertical != command.vertical:
        raise InvalidInput("ASSET_OF_OTHER_VERTICAL", field="assetId", actual=asset.vertical, vertical=command.vertical)
    owners = {thing.customer_id for thing in (asset, site, contract) if thing is not None}
    if len(owners) > 1:
        raise InvalidInput("GUARANTEE_SUBJECT_INVALID", field="contractId", of=named[0])
    rules.check_start(command.starts_on)
    ends_on = command.ends_on or rules.last_day(terms, command.starts_on, uow.scope.time_zone)
    rules.check_period(command.starts_on, ends_on, command.checkpoints)
    if command.checkpoints and terms.metric != "survival_rate":
        raise InvalidInput("GUARANTEE_METRIC_OTHER", field="checkpoints", metric=terms.metric)
    guarantee = uow.add(
        ServiceGuarantee(
            id=new_id(),
            vertical=command.vertical,
            code=terms.code,
            name=terms.label.zh if uow.scope.language == "zh-CN" else terms.label.en,
            metric=terms.metric,
            threshold=terms.threshold,
            inclusive=terms.inclusive,
            excludes=list(terms.excludes),
            categories=list(terms.categories),
            remedy=terms.remedy,
            clause=terms.clause,
            source=terms.source,
            customer_id=next(iter(owners), None),
            asset_id=command.asset_id,
            site_id=command.site_id,
            contract_id=command.contract_id,
            starts_on=command.starts_on,
            ends_on=ends_on,
            checkpoints=[day.isoformat() for day in sorted(command.checkpoints)],
            created_at=uow.now,
        )
    )
    await _note(uow, "guarantee.opened", guarantee, {"code": terms.code, "clause": terms.clause, "ends_on": ends_on})
    return guarantee


async def end_guarantee(uow: TenantWork, command: EndGuarantee) -> ServiceGuarantee:
    """End a guarantee with a last day, by default today. GUARANTEE_ENDED, PERIOD_INVERTED, INSTANT_IN_FUTURE."""
    require(uow.actor, "contract.manage")
    guarantee = await _active(uow, command.guarantee_id, command.expected_version)
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    last_day = happened_on(uow.now, uow.scope.time_zone, command.ends_on, "endsOn")
    rules.check_period(guarantee.starts_on, last_day, ())
    guarantee.ends_on = last_day
    guarantee.state = "ended"
    guarantee.checkpoints = [day for day in guarantee.checkpoints if day <= last_day.isoformat()]
    await _note(uow, "guarantee.ended", guarantee, {"ends_on": last_day, "reason": reason})
    return guarantee


async def record_count(uow: TenantWork, command: RecordCount) -> GuaranteeCount:
    """Put a count on record; until the checkpoint is decided a later count takes its place.

    GUARANTEE_METRIC_OTHER, CHECKPOINT_UNKNOWN, CHECKPOINT_NOT_DUE before the day, CHECKPOINT_DECIDED,
    CHECKPOINT_WITHOUT_COUNT without lines, COUNT_INVALID, EVIDENCE_REQUIRED, INSTANT_IN_FUTURE.
    """
    require(uow.actor, "asset.manage")
    if command.document_id is not None:
        await uow.get(Document, command.document_id)
    guarantee = await _measuring(uow, command.guarantee_id, "survival_rate", ended=True)
    present = today(uow.now, uow.scope.time_zone)
    rules.check_checkpoint(schedule_of(guarantee), command.checkpoint_on, present, over=False)
    if await queries.is_decided(uow, guarantee.id, command.checkpoint_on):
        raise Conflict("CHECKPOINT_DECIDED", field="checkpointOn")
    rules.check_count(command.lines)
    counted_on = happened_on(uow.now, uow.scope.time_zone, command.counted_on, "countedOn")
    if counted_on < guarantee.starts_on:
        raise InvalidInput("PERIOD_INVERTED", field="countedOn")
    count = uow.add(
        GuaranteeCount(
            id=new_id(),
            guarantee_id=guarantee.id,
            checkpoint_on=command.checkpoint_on,
            counted_on=counted_on,
            lines=msgspec.to_builtins(list(command.lines)),
            evidence=_evidence(command.evidence),
            document_id=command.document_id,
            at=uow.now,
            actor=uow.actor.label,
        )
    )
    await _note(uow, "guarantee.counted", guarantee, {"checkpoint_on": command.checkpoint_on})
    return count


async def record_downtime(uow: TenantWork, command: RecordDowntime) -> GuaranteeDowntime:
    """The system went down. DOWNTIME_OUT_OF_ORDER while it is down already, or before the ledger's last entry."""
    require(uow.actor, "asset.manage")
    ticket = None if command.ticket_id is None else await uow.get(Ticket, command.ticket_id)
    guarantee = await _measuring(uow, command.guarantee_id, "availability")
    if ticket is not None and ticket.asset_id != guarantee.asset_id:
        raise InvalidInput("TICKET_OF_OTHER_ASSET", field="ticketId")
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    return await _enter(
        uow, guarantee, "down", command.at, reason, planned=command.planned, ticket_id=command.ticket_id
    )


async def record_uptime(uow: TenantWork, command: RecordUptime) -> GuaranteeDowntime:
    """The system is up again. DOWNTIME_OUT_OF_ORDER unless it is down."""
    require(uow.actor, "asset.manage")
    guarantee = await _measuring(uow, command.guarantee_id, "availability")
    return await _enter(uow, guarantee, "up", command.at, clean_text(command.reason, "reason", BODY_LIMIT))


async def record_incident(uow: TenantWork, command: RecordIncident) -> GuaranteeIncident:
    """Something happened that must not. INCIDENT_UNKNOWN, EVIDENCE_REQUIRED, INSTANT_IN_FUTURE, PERIOD_INVERTED."""
    require(uow.actor, "safety.manage")
    if command.ticket_id is not None:
        await uow.get(Ticket, command.ticket_id)
    guarantee = await _measuring(uow, command.guarantee_id, "zero_count")
    if command.category not in guarantee.categories:
        known = ", ".join(guarantee.categories)
        raise InvalidInput("INCIDENT_UNKNOWN", field="category", value=command.category, known=known)
    incident = uow.add(
        GuaranteeIncident(
            id=new_id(),
            guarantee_id=guarantee.id,
            at=happened(uow.now, command.at, "at", after=begin_of(guarantee, uow.scope.time_zone)),
            category=command.category,
            description=clean_text(command.description, "description", BODY_LIMIT, required=True),
            evidence=_evidence(command.evidence),
            ticket_id=command.ticket_id,
            actor=uow.actor.label,
        )
    )
    await _note(uow, "guarantee.incident", guarantee, {"category": incident.category}, at=incident.at)
    return incident


async def check_guarantee(uow: TenantWork, command: CheckGuarantee) -> GuaranteeCheck:
    """Decide a checkpoint, once; what a missed one obliges to becomes remedies that are due.

    CHECKPOINT_UNKNOWN, CHECKPOINT_NOT_DUE (a month has to be over), CHECKPOINT_WITHOUT_COUNT, CHECKPOINT_DECIDED.
    """
    require(uow.actor, "contract.manage")
    guarantee = await locked(uow, ServiceGuarantee, command.guarantee_id)
    day, present = command.checkpoint_on, today(uow.now, uow.scope.time_zone)
    by_count = guarantee.metric == "survival_rate"
    rules.check_checkpoint(schedule_of(guarantee), day, present, over=not by_count)
    if await queries.is_decided(uow, guarantee.id, day):
        raise Conflict("CHECKPOINT_DECIDED", field="checkpointOn")
    counts = [found for found in await queries.counts_until(uow, guarantee.id, present) if found.checkpoint_on <= day]
    if by_count and (not counts or counts[-1].checkpoint_on != day):
        raise StateRefused("CHECKPOINT_WITHOUT_COUNT", field="checkpointOn")
    status = counted(guarantee, counts[-1], day) if counts else await measure(uow, guarantee, day)
    check = uow.add(
        GuaranteeCheck(
            id=new_id(),
            guarantee_id=guarantee.id,
            checkpoint_on=day,
            count_id=counts[-1].id if counts else None,
            met=bool(status.met),
            value=status.value,
            shortfall=status.shortfall,
            measured=msgspec.to_builtins(status, enc_hook=encode),
            at=uow.now,
            actor=uow.actor.label,
        )
    )
    kind = "guarantee.met" if check.met else "guarantee.missed"
    await _note(uow, kind, guarantee, {"checkpoint_on": day, "value": status.value, "shortfall": status.shortfall})
    for plants in replanting(lines_of(counts[-1]), status.shortfall) if counts else ():
        remedy = uow.add(
            GuaranteeRemedy(
                id=new_id(), guarantee_id=guarantee.id, check_id=check.id, remedy=guarantee.remedy or REPLANT,
                species=plants.species, size=plants.size, quantity=plants.quantity, due_since=uow.now,
            )
        )  # fmt: skip
        await _note(uow, "guarantee.remedy_due", guarantee, {"species": remedy.species, "quantity": remedy.quantity})
    return check


async def carry_out_remedy(uow: TenantWork, command: CarryOutRemedy) -> GuaranteeRemedy:
    """A remedy was carried out as designed: REMEDY_MISMATCH for another species, size or number (P05-37).

    REMEDY_DONE the second time, EVIDENCE_REQUIRED, INSTANT_IN_FUTURE.
    """
    require(uow.actor, "asset.manage")
    remedy = await locked(uow, GuaranteeRemedy, command.remedy_id, command.expected_version)
    if remedy.state == "done":
        raise StateRefused("REMEDY_DONE", field="remedyId")
    given = (command.species.strip(), command.size.strip(), command.quantity)
    if given != (remedy.species, remedy.size, remedy.quantity):
        raise InvalidInput(
            "REMEDY_MISMATCH", field="species", species=remedy.species, size=remedy.size, quantity=remedy.quantity
        )
    remedy.evidence = _evidence(command.evidence)
    remedy.done_at = happened(uow.now, command.at, "at", after=remedy.due_since)
    remedy.done_by = uow.actor.label
    remedy.state = "done"
    guarantee = await uow.get(ServiceGuarantee, remedy.guarantee_id)
    await _note(
        uow, "guarantee.remedied", guarantee, {"species": remedy.species, "quantity": remedy.quantity},
        at=remedy.done_at,
    )  # fmt: skip
    return remedy


def _own(own: OwnGuarantee) -> rules.GuaranteeTerms:
    name = clean_text(own.name, "own.name", NAME_LIMIT, required=True)
    return rules.GuaranteeTerms(
        code=clean_text(own.code, "own.code", CODE_LIMIT, required=True),
        label=Label(name, name),
        metric=own.metric,
        threshold=own.threshold,
        inclusive=own.inclusive or own.metric == "zero_count",
        clause=own.clause,
        source="contract",
        window=own.window,
        excludes=own.excludes,
        categories=own.categories,
        remedy=own.remedy,
    )


def _evidence(value: str) -> str:
    text = clean_text(value, "evidence", BODY_LIMIT)
    if not text:
        raise InvalidInput("EVIDENCE_REQUIRED", field="evidence")
    return text


async def _active(uow: TenantWork, guarantee_id: UUID, expected_version: int | None = None) -> ServiceGuarantee:
    guarantee = await locked(uow, ServiceGuarantee, guarantee_id, expected_version)
    if guarantee.state != "active":
        raise StateRefused("GUARANTEE_ENDED", field="guaranteeId")
    return guarantee


async def _measuring(uow: TenantWork, guarantee_id: UUID, metric: str, *, ended: bool = False) -> ServiceGuarantee:
    """The guarantee, locked so that its ledger has one writer; GUARANTEE_METRIC_OTHER for another metric.

    GUARANTEE_ENDED unless `ended` ones may take it too: the last day's count comes after the end.
    """
    guarantee = await (locked(uow, ServiceGuarantee, guarantee_id) if ended else _active(uow, guarantee_id))
    if guarantee.metric != metric:
        raise StateRefused("GUARANTEE_METRIC_OTHER", field="guaranteeId", metric=guarantee.metric)
    return guarantee


async def _enter(
    uow: TenantWork,
    guarantee: ServiceGuarantee,
    state: rules.LedgerState,
    at: datetime | None,
    reason: str,
    *,
    planned: bool = False,
    ticket_id: UUID | None = None,
) -> GuaranteeDowntime:
    instant = happened(uow.now, at, "at")
    ledger = await queries.ledger_until(uow, guarantee.id, queries.EVER)
    rules.check_transition(ledger, state, instant, begin_of(guarantee, uow.scope.time_zone))
    entry = uow.add(
        GuaranteeDowntime(
            id=new_id(), guarantee_id=guarantee.id, at=instant, state=state, planned=planned, reason=reason,
            ticket_id=ticket_id, actor=uow.actor.label,
        )
    )  # fmt: skip
    await _note(uow, f"guarantee.{state}", guarantee, {"planned": planned}, at=instant)
    return entry


async def _note(
    uow: TenantWork, kind: str, guarantee: ServiceGuarantee, data: dict[str, object], at: datetime | None = None
) -> None:
    await journal.record(
        uow, kind, subject_type="guarantee", subject_id=guarantee.id, asset_id=guarantee.asset_id,
        customer_id=guarantee.customer_id, data=data, at=at, vertical=guarantee.vertical,
    )  # fmt: skip
