"""Changes that customers ask for: quoted in days and money, delivered as their own version, trained."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from aftersales.customisation import service
from aftersales.customisation.commands import (
    AnswerWithPlan,
    CompleteCustomisation,
    DeliverCustomisation,
    EstimateCustomisation,
    PlanStep,
    QuoteCustomisation,
    RecordRequestTraining,
    RequestCustomisation,
    WithdrawCustomisation,
)
from aftersales.customisation.models import CustomisationRequest
from aftersales.documents.models import Document
from aftersales.fees import service as fees
from aftersales.fees.models import Quote
from aftersales.fees.pricing import OrderLine
from aftersales.tickets import service as tickets
from aftersales.tickets.commands import Resolve
from aftersales.upgrades.models import InstalledVersion
from tests.fees.shop import FINANCE, answer, offer, publish
from tests.support.refusals import refused
from tests.tickets.world import World, member

VALID = date(2026, 6, 20)
TODAY = date(2026, 6, 10)


async def ask(world: World, type: str = "development", **given: Any) -> CustomisationRequest:
    ticket = await world.open(kind="customisation")
    command = RequestCustomisation(ticket_id=ticket.id, type=type, title="Approvals by SMS", **given)
    made: CustomisationRequest = await world.do(service.request_customisation, command)
    return made


async def stored(world: World) -> CustomisationRequest:
    [found] = await world.read(CustomisationRequest)
    return found


async def accepted(world: World, type: str = "development") -> CustomisationRequest:
    """A request whose quote of eight days and 12,000.00 the customer accepted."""
    await publish(world)
    request = await ask(world, type)
    estimate = EstimateCustomisation(request_id=request.id, working_days=8, amount=Decimal("12000.00"))
    await world.do(service.estimate_customisation, estimate)
    await world.do(service.quote_customisation, QuoteCustomisation(request_id=request.id, valid_until=VALID))
    [quote] = await world.read(Quote)
    await world.do(fees.answer_quote, answer(world, quote))
    return request


@pytest.mark.clause("P10-05")
@pytest.mark.parametrize("type", ["workflow", "report", "development"])
async def test_a_quote_needs_days_and_an_amount(projects: World, type: str) -> None:
    """Given type report, when it is quoted without an estimate, then it is refused; with one, the quote has both."""
    await publish(projects)
    request = await ask(projects, type)
    command = QuoteCustomisation(request_id=request.id, valid_until=VALID)
    refusal = await refused(projects, service.quote_customisation, command, FINANCE)
    assert (refusal.code, refusal.field) == ("ESTIMATE_REQUIRED", "workingDays")
    estimate = EstimateCustomisation(request_id=request.id, working_days=5, amount=Decimal("8000.00"))
    await projects.do(service.estimate_customisation, estimate)
    await projects.do(service.quote_customisation, command, FINANCE)
    [quote] = await projects.read(Quote)
    assert (quote.working_days, quote.total) == (5, Decimal("8000.00"))
    assert ((await stored(projects)).state, (await stored(projects)).quote_id) == ("quoted", quote.id)


@pytest.mark.clause("P10-05")
@pytest.mark.parametrize("field", ["workingDays", "lines"])
async def test_no_other_way_leads_to_a_quote_without_them(projects: World, field: str) -> None:
    """Given a request for a report, when its ticket is quoted by hand without days, or for nothing, then refused."""
    await publish(projects)
    request = await ask(projects, "report")
    [ticket] = [await projects.ticket(request.ticket_id)]
    amount = Decimal("8000.00") if field == "workingDays" else Decimal("0.00")
    days = None if field == "workingDays" else 5
    lines = (OrderLine(item="customisation", code="report", asked=amount),)
    command = offer(ticket, lines=lines, working_days=days)
    refusal = await refused(projects, fees.issue_quote, command, FINANCE)
    assert (refusal.code, refusal.field) == ("ESTIMATE_REQUIRED", field)


@pytest.mark.parametrize(
    ("days", "amount", "code"),
    [(0, "1", "QUANTITY_INVALID"), (-3, "1", "QUANTITY_INVALID"), (5, "-1", "AMOUNT_INVALID"),
     (5, "1.001", "AMOUNT_INVALID")],
)  # fmt: skip
async def test_an_impossible_estimate_is_refused(projects: World, days: int, amount: str, code: str) -> None:
    request = await ask(projects)
    command = EstimateCustomisation(request_id=request.id, working_days=days, amount=Decimal(amount))
    assert (await refused(projects, service.estimate_customisation, command)).code == code


@pytest.mark.clause("P10-04")
@pytest.mark.parametrize("type", ["workflow", "report", "development"])
async def test_a_workflow_is_incomplete_without_its_training(projects: World, type: str) -> None:
    """Given a delivered workflow, when it is completed without training record, then incomplete; with it, complete."""
    request = await accepted(projects, type)
    await projects.do(service.deliver_customisation, DeliverCustomisation(request_id=request.id, release="5.1"))
    done = CompleteCustomisation(request_id=request.id)
    assert (await refused(projects, service.complete_customisation, done)).code == "TRAINING_RECORD_REQUIRED"
    end = Resolve(ticket_id=request.ticket_id, cause="wish", measures="built")
    assert (await refused(projects, tickets.resolve, end)).code == "TRAINING_RECORD_REQUIRED"
    training = RecordRequestTraining(request_id=request.id, held_on=TODAY, reference="sheet 12")
    await projects.do(service.record_request_training, training)
    await projects.do(service.complete_customisation, done)
    assert (await stored(projects)).state == "completed"


@pytest.mark.clause("P10-06")
async def test_what_is_delivered_is_a_version_of_the_customers_own(projects: World) -> None:
    """Given an accepted development, when it is delivered on 5.1, then the version carries the customer's tag."""
    request = await accepted(projects)
    assert (await stored(projects)).state == "accepted"
    await projects.do(service.deliver_customisation, DeliverCustomisation(request_id=request.id, release="5.1"))
    tag = f"5.1+C1+{request.number}"
    assert (await stored(projects)).version_tag == tag
    [version] = await projects.read(InstalledVersion)
    assert (version.version_tag, version.customer_id, version.origin) == (tag, projects.customer.id, "customisation")


@pytest.mark.clause("P10-06")
async def test_nothing_is_delivered_before_the_customer_accepted(projects: World) -> None:
    await publish(projects)
    request = await ask(projects)
    early = DeliverCustomisation(request_id=request.id, release="5.1")
    assert (await refused(projects, service.deliver_customisation, early)).code == "CONSENT_REQUIRED"
    estimate = EstimateCustomisation(request_id=request.id, working_days=8, amount=Decimal(100))
    await projects.do(service.estimate_customisation, estimate)
    await projects.do(service.quote_customisation, QuoteCustomisation(request_id=request.id, valid_until=VALID))
    assert (await refused(projects, service.deliver_customisation, early)).code == "CONSENT_REQUIRED"
    [quote] = await projects.read(Quote)
    await projects.do(fees.answer_quote, answer(projects, quote, agreed=False))
    assert (await stored(projects)).state == "declined"
    assert (await refused(projects, service.deliver_customisation, early)).code == "CONSENT_REQUIRED"


@pytest.mark.clause("P10-06")
async def test_a_version_names_its_release(projects: World) -> None:
    request = await accepted(projects)
    refusal = await refused(projects, service.deliver_customisation, DeliverCustomisation(request_id=request.id))
    assert (refusal.code, refusal.field) == ("REQUIRED", "release")


@pytest.mark.clause("P01-30")
async def test_an_expansion_is_answered_with_a_plan_of_steps(lighting: World) -> None:
    """Given a request for expansion, then it isn't complete before a plan document with steps is attached."""
    request = await ask(lighting, "expansion")
    done = CompleteCustomisation(request_id=request.id)
    assert (await refused(lighting, service.complete_customisation, done)).code == "PLAN_DOCUMENT_REQUIRED"
    empty = AnswerWithPlan(request_id=request.id, title="Twenty more lamps", steps=())
    assert (await refused(lighting, service.answer_with_plan, empty)).code == "PLAN_STEPS_REQUIRED"
    blank = AnswerWithPlan(request_id=request.id, title="Twenty more lamps", steps=(PlanStep(text=" "),))
    assert (await refused(lighting, service.answer_with_plan, blank)).field == "steps.0.text"
    steps = (PlanStep(text="Open the bus protocol", working_days=3), PlanStep(text="Wire the lamps"))
    await lighting.do(
        service.answer_with_plan, AnswerWithPlan(request_id=request.id, title="Twenty more lamps", steps=steps)
    )
    [document] = await lighting.read(Document)
    assert document.body == "1. Open the bus protocol (3 d)\n2. Wire the lamps"
    await lighting.do(service.complete_customisation, done)
    assert ((await stored(lighting)).state, (await stored(lighting)).plan_id) == ("completed", document.id)


async def test_bad_requests_are_refused(projects: World) -> None:
    fault = await projects.open()
    command = RequestCustomisation(ticket_id=fault.id, type="report", title="x")
    assert (await refused(projects, service.request_customisation, command)).code == "TICKET_KIND_OTHER"
    wish = await projects.open(kind="customisation")
    unknown = RequestCustomisation(ticket_id=wish.id, type="paint", title="x")
    assert (await refused(projects, service.request_customisation, unknown)).code == "CUSTOMISATION_TYPE_UNKNOWN"
    known = RequestCustomisation(ticket_id=wish.id, type="report", title="x")
    assert (await refused(projects, service.request_customisation, known, member("finance"))).code == "FORBIDDEN"
    request = await projects.do(service.request_customisation, known)
    assert (await refused(projects, service.request_customisation, known)).code == "CUSTOMISATION_EXISTS"
    plan = AnswerWithPlan(request_id=request.id, title="x", steps=(PlanStep(text="y"),))
    assert (await refused(projects, service.answer_with_plan, plan)).code == "PLAN_NOT_ASKED"
    await projects.do(service.withdraw_customisation, WithdrawCustomisation(request_id=request.id, reason="too dear"))
    again = WithdrawCustomisation(request_id=request.id, reason="too dear")
    refusal = await refused(projects, service.withdraw_customisation, again)
    assert refusal.code == "CUSTOMISATION_STATE_REFUSED"
