"""What the proposals room does; each function takes a unit of work and one command, and never commits."""

from datetime import datetime
from typing import Final
from uuid import UUID

from aftersales.access import require
from aftersales.commitments import service as commitments
from aftersales.commitments.service import Subject
from aftersales.contracts.models import ServiceContract
from aftersales.documents.models import Document
from aftersales.fees.pricing import check_amount
from aftersales.fees.rules import check_currency
from aftersales.journal import service as journal
from aftersales.kit.counters import next_number
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import happened, happened_on, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.parties.models import Customer, Site
from aftersales.proposals import queries, rules
from aftersales.proposals.commands import (
    AnswerProposal,
    LinkProposalContract,
    RecordSurvey,
    RequestProposal,
    SendProposal,
    WithdrawProposal,
)
from aftersales.proposals.models import Proposal, SiteSurvey
from aftersales.scope import TenantWork

NUMBER_PREFIX: Final = "PR"
MILESTONE: Final = "proposal"


async def request_proposal(uow: TenantWork, command: RequestProposal) -> Proposal:
    """A customer's need; by when the proposal is owed is a commitment from the request on (P03-03, A16).

    VERTICAL_NOT_ENABLED, CUSTOMER_ARCHIVED, SITE_OF_OTHER_CUSTOMER, INSTANT_IN_FUTURE.
    """
    require(uow.actor, "quote.issue")
    customer = await uow.get(Customer, command.customer_id)
    terms = uow.scope.enabled(command.vertical)
    if customer.state != "active":
        raise StateRefused("CUSTOMER_ARCHIVED", field="customerId")
    if command.site_id is not None and (await uow.get(Site, command.site_id)).customer_id != customer.id:
        raise InvalidInput("SITE_OF_OTHER_CUSTOMER", field="siteId")
    requested_at = happened(uow.now, command.requested_at, "requestedAt")
    proposal = uow.add(
        Proposal(
            id=new_id(),
            number=await next_number(uow, NUMBER_PREFIX, today(uow.now, uow.scope.time_zone).year),
            vertical=command.vertical,
            customer_id=customer.id,
            site_id=command.site_id,
            needs=clean_text(command.needs, "needs", BODY_LIMIT, required=True),
            requested_at=requested_at,
            revision=0,
            currency="CNY",
            warnings=[],
            state="requested",
        )
    )
    for rule in terms.proposal_rules:
        if rule.needs == "deadline":
            await commitments.start_fixed(
                uow, _subject(proposal), vertical=proposal.vertical, milestone=MILESTONE, budget=rule.due,
                clause=rule.clause, source=rule.source, at=requested_at, label=rule.label,
            )  # fmt: skip
    await _note(uow, "proposal.requested", proposal, {})
    return proposal


async def record_survey(uow: TenantWork, command: RecordSurvey) -> SiteSurvey:
    """What was found on the site. PROPOSAL_STATE_REFUSED after the answer, INSTANT_IN_FUTURE."""
    require(uow.actor, "quote.issue")
    if command.document_id is not None:
        await uow.get(Document, command.document_id)
    proposal = await locked(uow, Proposal, command.proposal_id)
    rules.check_state(proposal.state, "survey")
    survey = uow.add(
        SiteSurvey(
            id=new_id(),
            proposal_id=proposal.id,
            surveyed_on=happened_on(uow.now, uow.scope.time_zone, command.surveyed_on, "surveyedOn"),
            conditions=clean_text(command.conditions, "conditions", BODY_LIMIT, required=True),
            surveyor=clean_text(command.surveyor, "surveyor", NAME_LIMIT, required=True),
            document_id=command.document_id,
            at=uow.now,
            actor=uow.actor.label,
        )
    )
    await _note(uow, "proposal.surveyed", proposal, {"surveyed_on": survey.surveyed_on})
    return survey


async def send_proposal(uow: TenantWork, command: SendProposal) -> Proposal:
    """Send the proposal, or a new revision of it; the first one keeps the deadline.

    PROPOSAL_WITHOUT_BUDGET (P03-04), SITE_SURVEY_MISSING where the text demands a survey; where it only wants one,
    that code stands among `warnings` (P09-01). AMOUNT_INVALID, CURRENCY_INVALID, INSTANT_IN_FUTURE.
    """
    require(uow.actor, "quote.issue")
    proposal = await locked(uow, Proposal, command.proposal_id, command.expected_version)
    rules.check_state(proposal.state, "send")
    budget = None if command.budget_total is None else check_amount(command.budget_total, "budgetTotal")
    declared = uow.scope.vertical(proposal.vertical).proposal_rules
    surveyed = await queries.is_surveyed(uow, proposal.id)
    warnings = rules.check_content(declared, budget_total=budget, surveyed=surveyed)
    currency = check_currency(command.currency)
    title = clean_text(command.title, "title", TITLE_LIMIT, required=True)
    body = clean_text(command.body, "body", BODY_LIMIT, required=True)
    sent_at = happened(uow.now, command.sent_at, "sentAt", after=proposal.sent_at or proposal.requested_at)
    proposal.title, proposal.body, proposal.currency = title, body, currency
    proposal.budget_total = budget or None
    proposal.warnings, proposal.sent_at, proposal.state = warnings, sent_at, "sent"
    proposal.revision += 1
    await commitments.meet(uow, _subject(proposal), MILESTONE, sent_at)
    await _note(
        uow, "proposal.sent", proposal,
        {"revision": proposal.revision, "budget_total": budget, "currency": currency, "warnings": warnings}, at=sent_at,
    )  # fmt: skip
    return proposal


async def answer_proposal(uow: TenantWork, command: AnswerProposal) -> Proposal:
    """The customer's yes or no to what was sent; a no has a reason. CONTRACT_OF_OTHER_CUSTOMER."""
    require(uow.actor, "quote.issue")
    if command.contract_id is not None:
        await uow.get(ServiceContract, command.contract_id)
    proposal = await locked(uow, Proposal, command.proposal_id, command.expected_version)
    rules.check_state(proposal.state, "answer")
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=not command.accepted)
    proposal.state, proposal.answered_at = "accepted" if command.accepted else "declined", uow.now
    proposal.reason = reason or None
    if command.contract_id is not None:
        rules.check_state(proposal.state, "link")
        await _link(uow, proposal, command.contract_id)
    await _note(uow, f"proposal.{proposal.state}", proposal, {"reason": reason, "contract_id": proposal.contract_id})
    return proposal


async def link_proposal_contract(uow: TenantWork, command: LinkProposalContract) -> Proposal:
    """Name the contract that came of an accepted proposal. CONTRACT_OF_OTHER_CUSTOMER, PROPOSAL_STATE_REFUSED."""
    require(uow.actor, "quote.issue")
    await uow.get(ServiceContract, command.contract_id)
    proposal = await locked(uow, Proposal, command.proposal_id, command.expected_version)
    rules.check_state(proposal.state, "link")
    await _link(uow, proposal, command.contract_id)
    await _note(uow, "proposal.contracted", proposal, {"contract_id": proposal.contract_id})
    return proposal


async def withdraw_proposal(uow: TenantWork, command: WithdrawProposal) -> Proposal:
    """No proposal is owed any more, with the reason."""
    require(uow.actor, "quote.issue")
    proposal = await locked(uow, Proposal, command.proposal_id, command.expected_version)
    rules.check_state(proposal.state, "withdraw")
    proposal.reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    proposal.state = "withdrawn"
    await commitments.cancel(uow, _subject(proposal), "withdrawn", uow.now)
    await _note(uow, "proposal.withdrawn", proposal, {"reason": proposal.reason})
    return proposal


async def _link(uow: TenantWork, proposal: Proposal, contract_id: UUID) -> None:
    contract = await uow.get(ServiceContract, contract_id)
    if (contract.customer_id, contract.vertical) != (proposal.customer_id, proposal.vertical):
        raise InvalidInput("CONTRACT_OF_OTHER_CUSTOMER", field="contractId")
    proposal.contract_id = contract.id


def _subject(proposal: Proposal) -> Subject:
    return Subject(type="proposal", id=proposal.id)


async def _note(
    uow: TenantWork, kind: str, proposal: Proposal, data: dict[str, object], at: datetime | None = None
) -> None:
    await journal.record(
        uow, kind, subject_type="proposal", subject_id=proposal.id, customer_id=proposal.customer_id,
        data={"number": proposal.number, **data}, at=at, vertical=proposal.vertical,
    )  # fmt: skip
