"""What the customisation room does; each function takes a unit of work and one command, and never commits."""

from datetime import datetime
from typing import Final
from uuid import UUID

from aftersales.access import Right, require
from aftersales.assets.models import Asset
from aftersales.contracts.models import ServiceContract
from aftersales.contracts.terms import terms_of
from aftersales.customisation import queries, rules
from aftersales.customisation.commands import (
    AnswerWithPlan,
    CompleteCustomisation,
    DeliverCustomisation,
    EstimateCustomisation,
    QuoteCustomisation,
    RecordRequestTraining,
    RequestCustomisation,
    WithdrawCustomisation,
)
from aftersales.customisation.models import CustomisationRequest
from aftersales.documents.service import AddDocument, add_document
from aftersales.fees import quotes
from aftersales.fees.commands import IssueQuote
from aftersales.fees.pricing import OrderLine, check_amount
from aftersales.journal import service as journal
from aftersales.kit.counters import next_number
from aftersales.kit.errors import Conflict, InvalidInput, StateRefused
from aftersales.kit.guards import happened, happened_on, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.parties.models import Customer
from aftersales.scope import TenantWork
from aftersales.tickets.handling import load_ticket
from aftersales.tickets.models import OPEN_STATES, Ticket
from aftersales.upgrades.service import enter_version

NUMBER_PREFIX: Final = "CR"
KINDS: Final = ("customisation", "upgrade")
"""The kinds of ticket that may ask for a change."""
MOST_TRAINEES: Final = 100_000


async def request_customisation(uow: TenantWork, command: RequestCustomisation) -> CustomisationRequest:
    """Say which change a ticket asks for; what its type needs is kept as it is promised today.

    CUSTOMISATION_TYPE_UNKNOWN, TICKET_KIND_OTHER, TICKET_WITHOUT_ASSET, TICKET_STATE_REFUSED, CUSTOMISATION_EXISTS.
    """
    ticket = await load_ticket(uow, command.ticket_id, "ticket.open")
    if ticket.kind not in KINDS:
        raise StateRefused("TICKET_KIND_OTHER", field="ticketId", expected=", ".join(KINDS))
    if ticket.state not in OPEN_STATES:
        raise StateRefused("TICKET_STATE_REFUSED", state=ticket.state, operation="request_customisation")
    if ticket.asset_id is None:
        raise StateRefused("TICKET_WITHOUT_ASSET", field="ticketId")
    if await queries.of_ticket(uow, ticket.id) is not None:
        raise Conflict("CUSTOMISATION_EXISTS", field="ticketId")
    contract = None if ticket.contract_id is None else await uow.get(ServiceContract, ticket.contract_id)
    wanted = rules.declared_type(terms_of(uow.scope, ticket.vertical, contract), command.type)
    request = uow.add(
        CustomisationRequest(
            id=new_id(),
            number=await next_number(uow, NUMBER_PREFIX, today(uow.now, uow.scope.time_zone).year),
            type=wanted.code,
            title=clean_text(command.title, "title", TITLE_LIMIT, required=True),
            description=clean_text(command.description, "description", BODY_LIMIT),
            vertical=ticket.vertical,
            ticket_id=ticket.id,
            asset_id=ticket.asset_id,
            customer_id=ticket.customer_id,
            clause=wanted.clause,
            needs_estimate=wanted.estimate,
            needs_training=wanted.training,
            needs_version_tag=wanted.version_tag,
            needs_plan=wanted.plan_document,
            state="requested",
            requested_at=uow.now,
        )
    )
    await note(uow, "customisation.requested", request, ticket, {"title": request.title, "clause": request.clause})
    return request


async def estimate_customisation(uow: TenantWork, command: EstimateCustomisation) -> CustomisationRequest:
    """Estimate days and amount; both go into the quote. QUANTITY_INVALID, AMOUNT_INVALID."""
    request, ticket = await _load(uow, command.request_id, "quote.issue", command.expected_version)
    rules.check_state(request.state, "estimate")
    request.working_days = rules.check_days(command.working_days)
    request.amount = check_amount(command.amount, "amount")
    await note(
        uow, "customisation.estimated", request, ticket,
        {"working_days": request.working_days, "amount": request.amount},
    )  # fmt: skip
    return request


async def quote_customisation(uow: TenantWork, command: QuoteCustomisation) -> CustomisationRequest:
    """Issue the estimate as a quote, by the room of fees. ESTIMATE_REQUIRED, and what `issue_quote` refuses."""
    request, _ = await _load(uow, command.request_id, "quote.issue", command.expected_version)
    rules.check_state(request.state, "quote")
    if request.working_days is None or request.amount is None:
        raise StateRefused("ESTIMATE_REQUIRED", field="workingDays" if request.working_days is None else "amount")
    line = OrderLine(item="customisation", code=request.type, description=request.title, asked=request.amount)
    quote = await quotes.issue_quote(
        uow,
        IssueQuote(
            ticket_id=request.ticket_id, outcome="bill_full", phase=command.phase, lines=(line,),
            currency=command.currency, valid_until=command.valid_until, working_days=request.working_days,
        ),
    )  # fmt: skip
    request.quote_id, request.state = quote.id, "quoted"
    return request


async def answer_with_plan(uow: TenantWork, command: AnswerWithPlan) -> CustomisationRequest:
    """Answer a request with a plan document of steps (P01-30).

    PLAN_NOT_ASKED, PLAN_STEPS_REQUIRED without one, TOO_MANY_GIVEN, QUANTITY_INVALID for a step's days.
    """
    request, ticket = await _load(uow, command.request_id, "document.send", command.expected_version)
    if not request.needs_plan:
        raise StateRefused("PLAN_NOT_ASKED", field="requestId")
    rules.check_state(request.state, "plan")
    if not command.steps:
        raise InvalidInput("PLAN_STEPS_REQUIRED", field="steps")
    if len(command.steps) > rules.MOST_STEPS:
        raise InvalidInput("TOO_MANY_GIVEN", field="steps", limit=rules.MOST_STEPS, count=len(command.steps))
    for place, step in enumerate(command.steps):
        clean_text(step.text, f"steps.{place}.text", TITLE_LIMIT, required=True)
        if step.working_days is not None:
            rules.check_days(step.working_days, f"steps.{place}.workingDays")
    introduction = clean_text(command.introduction, "introduction", BODY_LIMIT)
    body = rules.plan_text(introduction, command.steps)
    title = clean_text(command.title, "title", TITLE_LIMIT, required=True)
    document = await add_document(uow, AddDocument(title=title, body=body, confidentiality="customer"))
    await uow.flush()
    request.plan_id = document.id
    await note(uow, "customisation.planned", request, ticket, {"title": title, "steps": len(command.steps)})
    return request


async def deliver_customisation(uow: TenantWork, command: DeliverCustomisation) -> CustomisationRequest:
    """The change was delivered; where the type says so, the asset runs the customer's own version from now on (P10-06).

    CONSENT_REQUIRED before the customer accepted the quote, REQUIRED without the release that a version stands on,
    INSTANT_IN_FUTURE, PERIOD_INVERTED.
    """
    request, ticket = await _load(uow, command.request_id, "ticket.work", command.expected_version)
    rules.check_deliverable(request.state, estimate=request.needs_estimate)
    at = happened(uow.now, command.at, "at", after=request.requested_at)
    release = clean_text(command.release, "release", NAME_LIMIT, required=request.needs_version_tag)
    request.state, request.delivered_at = "delivered", at
    if request.needs_version_tag:
        customer = await uow.get(Customer, request.customer_id)
        request.version_tag = rules.version_tag(release, customer.code, request.number)
        asset = await locked(uow, Asset, request.asset_id)
        await enter_version(uow, asset, "customisation", request.version_tag, at)
    await note(uow, "customisation.delivered", request, ticket, {"version_tag": request.version_tag}, at=at)
    return request


async def record_request_training(uow: TenantWork, command: RecordRequestTraining) -> CustomisationRequest:
    """The users were trained in the change. TRAINING_RECORDED the second time, INSTANT_IN_FUTURE, PERIOD_INVERTED."""
    request, ticket = await _load(uow, command.request_id, "ticket.work", command.expected_version)
    if request.trained_on is not None:
        raise StateRefused("TRAINING_RECORDED", field="requestId")
    rules.check_state(request.state, "train")
    held_on = happened_on(uow.now, uow.scope.time_zone, command.held_on, "heldOn")
    if held_on < today(request.requested_at, uow.scope.time_zone):
        raise InvalidInput("PERIOD_INVERTED", field="heldOn")
    if command.trainees is not None and not 0 < command.trainees <= MOST_TRAINEES:
        raise InvalidInput("QUANTITY_INVALID", field="trainees", value=str(command.trainees))
    request.training_reference = clean_text(command.reference, "reference", BODY_LIMIT, required=True)
    request.trained_on, request.trainees = held_on, command.trainees
    await note(uow, "customisation.trained", request, ticket, {"held_on": held_on, "trainees": command.trainees})
    return request


async def complete_customisation(uow: TenantWork, command: CompleteCustomisation) -> CustomisationRequest:
    """All is done. TRAINING_RECORD_REQUIRED, PLAN_DOCUMENT_REQUIRED, CUSTOMISATION_STATE_REFUSED before delivery."""
    request, ticket = await _load(uow, command.request_id, "ticket.work", command.expected_version)
    check_complete(request)
    request.state, request.completed_at = "completed", uow.now
    await note(uow, "customisation.completed", request, ticket, {"version_tag": request.version_tag})
    return request


async def withdraw_customisation(uow: TenantWork, command: WithdrawCustomisation) -> CustomisationRequest:
    """The request isn't followed any more, with the reason."""
    request, ticket = await _load(uow, command.request_id, "ticket.work", command.expected_version)
    rules.check_state(request.state, "withdraw")
    request.reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    request.state = "withdrawn"
    await note(uow, "customisation.withdrawn", request, ticket, {"reason": request.reason})
    return request


def check_complete(request: CustomisationRequest) -> None:
    """What is still missing before a request is complete."""
    rules.check_complete(
        request.state,
        training=request.needs_training,
        trained=request.trained_on is not None,
        plan=request.needs_plan,
        planned=request.plan_id is not None,
        delivered=request.delivered_at is not None,
    )


async def _load(
    uow: TenantWork, request_id: UUID, right: Right, expected_version: int | None
) -> tuple[CustomisationRequest, Ticket]:
    """The request and its ticket, the ticket locked first: the order in which every operation on a ticket locks."""
    require(uow.actor, right)
    found = await uow.get(CustomisationRequest, request_id)
    ticket = await load_ticket(uow, found.ticket_id, right)
    return await locked(uow, CustomisationRequest, request_id, expected_version), ticket


async def note(
    uow: TenantWork, kind: str, request: CustomisationRequest, ticket: Ticket, data: dict[str, object],
    at: datetime | None = None,
) -> None:  # fmt: skip
    """Tell the journal about a request."""
    await journal.record(
        uow, kind, subject_type="customisation", subject_id=request.id, ticket=ticket,
        data={"number": request.number, "type": request.type, **data}, at=at,
    )  # fmt: skip
