"""Quarrels about quality: the inspection body that the contract names finds the cause, and that is final (P07-19)."""

from uuid import UUID

from aftersales.assets.models import Asset
from aftersales.contracts.fields import INSPECTION_BODY
from aftersales.contracts.models import ServiceContract
from aftersales.coverage import queries
from aftersales.coverage.commands import RecordQualityFinding
from aftersales.coverage.models import QualityFinding
from aftersales.coverage.values import DERIVED_CAUSES, OTHER_CAUSES
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import happened_on
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, CODE_LIMIT, NAME_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.tickets.handling import load_ticket, move, terms_under


async def record_quality_finding(uow: TenantWork, command: RecordQualityFinding) -> QualityFinding:
    """Keep the body's finding; decisions on the part follow its cause from now on.

    INSPECTION_BODY_MISSING where the contract names none, INSPECTION_BODY_OTHER for another body, FINDING_FINAL the
    second time, CAUSE_UNKNOWN, COMPONENT_UNKNOWN, TICKET_WITHOUT_ASSET, INSTANT_IN_FUTURE, REQUIRED.
    """
    ticket = await load_ticket(uow, command.ticket_id, "coverage.decide", command.expected_version)
    await move(uow, ticket, "record")
    contract = None if ticket.contract_id is None else await uow.get(ServiceContract, ticket.contract_id)
    named = None if contract is None else contract.fields.get(INSPECTION_BODY)
    if contract is None or not named:
        raise StateRefused("INSPECTION_BODY_MISSING", field="body")
    body = clean_text(command.body, "body", NAME_LIMIT, required=True)
    if body != named:
        raise InvalidInput("INSPECTION_BODY_OTHER", field="body", value=body, body=named)
    component = clean_text(command.component, "component", CODE_LIMIT, required=True)
    known = await queries.finding_on(uow, ticket.id, component)
    if known is not None:
        raise StateRefused("FINDING_FINAL", field="component", body=known.body)
    if ticket.asset_id is None:
        raise StateRefused("TICKET_WITHOUT_ASSET", field="ticketId")
    terms = await terms_under(uow, ticket)
    asset = await uow.get(Asset, ticket.asset_id)
    if terms.component(asset.asset_type, component) is None:
        raise InvalidInput("COMPONENT_UNKNOWN", field="component", asset_type=asset.asset_type, value=component)
    excluded = {cause for exclusion in terms.exclusions for cause in exclusion.causes}
    causes = sorted(({found.code for found in terms.covered_causes} | excluded | OTHER_CAUSES.keys()) - DERIVED_CAUSES)
    cause = clean_text(command.cause, "cause", CODE_LIMIT, required=True)
    if cause not in causes:
        raise InvalidInput("CAUSE_UNKNOWN", field="cause", value=cause, known=", ".join(causes))
    finding = uow.add(
        QualityFinding(
            id=new_id(),
            ticket_id=ticket.id,
            contract_id=contract.id,
            component=component,
            body=body,
            finding=clean_text(command.finding, "finding", BODY_LIMIT, required=True),
            cause=cause,
            evidence=clean_text(command.evidence, "evidence", BODY_LIMIT, required=True),
            reported_on=happened_on(uow.now, uow.scope.time_zone, command.reported_on, "reportedOn"),
            actor=uow.actor.label,
            recorded_at=uow.now,
        )
    )
    await journal.record(
        uow, "coverage.quality_found", subject_type="quality_finding", subject_id=finding.id, ticket=ticket,
        data={"component": component, "inspection_body": body, "cause": cause, "reported_on": finding.reported_on},
    )  # fmt: skip
    return finding


async def locked_cause(uow: TenantWork, ticket_id: UUID, component: str, cause: str | None) -> str | None:
    """The cause to decide by: the body's where it found one; CAUSE_LOCKED for another."""
    found = await queries.finding_on(uow, ticket_id, component)
    if found is None:
        return cause
    if cause is not None and cause != found.cause:
        raise StateRefused("CAUSE_LOCKED", field="cause", body=found.body, cause=found.cause)
    return found.cause
