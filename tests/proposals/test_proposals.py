"""From a request to a proposal: two days, a budget, a survey of the site."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from aftersales import AssetType, Budget, Label, ProposalRule
from aftersales.commitments.models import Commitment
from aftersales.commitments.sweeper import sweep_tenant
from aftersales.contracts import service as contracts
from aftersales.contracts.commands import SignContract
from aftersales.proposals import service
from aftersales.proposals.commands import (
    AnswerProposal,
    RecordSurvey,
    RequestProposal,
    SendProposal,
    WithdrawProposal,
)
from aftersales.proposals.models import Proposal
from tests.fixtures.database import TestPlatform
from tests.support.declaring import declared, over
from tests.support.refusals import refused
from tests.tickets.world import World, local, member, settle


def _name(text: str) -> Label:
    return Label(text, text)


DISPLAYS = declared(
    "led_display",
    asset_types=(AssetType(code="display", label=_name("Display"), clause="P03-08"),),
    proposal_rules=(
        ProposalRule(
            code="two_days", label=_name("Design proposal in two days"), clause="P03-03", needs="deadline",
            due=Budget(amount=2, unit="calendar_day"), note="A16",
        ),
        ProposalRule(code="budget", label=_name("Project budget"), clause="P03-04", needs="budget"),
    ),
)  # fmt: skip
STRICT = declared(
    "strict",
    asset_types=(AssetType(code="display", label=_name("Display"), clause="X-1"),),
    proposal_rules=(
        ProposalRule(code="survey", label=_name("Survey"), clause="X-2", needs="survey"),
        ProposalRule(code="soon", label=_name("Soon"), clause="X-3", needs="deadline"),
    ),
)


@pytest.fixture
async def displays(platform: TestPlatform) -> World:
    """A tenant of plan 3, to whom a customer turned on 1 June 2026, 15:00 in Shanghai."""
    platform.clock.move_to(local("2026-06-01 15:00"))
    return await settle(over(platform, DISPLAYS), {"led_display": {}}, vertical="led_display", asset_type="display")


@pytest.fixture
async def solar(platform: TestPlatform) -> World:
    return await settle(platform, {"solar": {}}, vertical="solar", asset_type="solar_water_heater")


async def request(world: World, **given: Any) -> Proposal:
    command = RequestProposal(
        **{"vertical": world.asset.vertical, "customer_id": world.customer.id, "needs": "A wall of 20 m2", **given}
    )
    made: Proposal = await world.do(service.request_proposal, command)
    return made


def proposed(proposal: Proposal, **given: Any) -> SendProposal:
    content = {"title": "P4 wall", "body": "Twenty cabinets.", "budget_total": Decimal("86000.00"), **given}
    return SendProposal(proposal_id=proposal.id, **content)


async def promise(world: World) -> Commitment:
    [found] = await world.read(Commitment, milestone="proposal")
    return found


@pytest.mark.clause("P03-03", "P13-03")
@pytest.mark.parametrize(
    ("sent", "outcome"),
    [("2026-06-03 18:00", "met"), ("2026-06-03 23:59", "met"), ("2026-06-04 00:01", "breached")],
)
async def test_a_proposal_is_sent_within_two_days(displays: World, sent: str, outcome: str) -> None:
    """Given a request on 1 June, 15:00, then the end of 3 June is the last instant (A16)."""
    proposal = await request(displays)
    due = await promise(displays)
    assert (due.due_at, due.clause) == (local("2026-06-04 00:00"), "P03-03")
    displays.clock.move_to(local(sent))
    await displays.do(service.send_proposal, proposed(proposal))
    kept = await promise(displays)
    assert (kept.state, kept.breached_at is None) == ("met", outcome == "met")
    assert (kept.outcome == "in_time") is (outcome == "met")


@pytest.mark.clause("P03-03", "P13-03")
async def test_the_sweeper_tells_that_nothing_was_sent(displays: World) -> None:
    await request(displays)
    displays.clock.move_to(local("2026-06-04 00:01"))
    async with displays.work() as uow:
        await sweep_tenant(uow, 100)
    assert (await promise(displays)).breached_at == local("2026-06-04 00:00")


@pytest.mark.clause("P03-04", "P13-04")
@pytest.mark.parametrize("budget", [None, Decimal("0.00")])
async def test_a_proposal_without_a_budget_total_isnt_sent(displays: World, budget: Decimal | None) -> None:
    proposal = await request(displays)
    refusal = await refused(displays, service.send_proposal, proposed(proposal, budget_total=budget))
    assert (refusal.code, refusal.field) == ("PROPOSAL_WITHOUT_BUDGET", "budgetTotal")
    sent: Proposal = await displays.do(service.send_proposal, proposed(proposal))
    assert (sent.state, sent.budget_total, sent.revision) == ("sent", Decimal("86000.00"), 1)


@pytest.mark.clause("P09-01", "P14-01")
async def test_without_a_survey_of_the_site_there_is_a_warning(solar: World) -> None:
    """Given no site survey, when the proposal is issued, then it carries a warning; after one it doesn't."""
    proposal = await request(solar)
    sent: Proposal = await solar.do(service.send_proposal, proposed(proposal))
    assert sent.warnings == ["SITE_SURVEY_MISSING"]
    survey = RecordSurvey(proposal_id=proposal.id, conditions="South roof, 30 degrees", surveyor="Wang")
    await solar.do(service.record_survey, survey)
    again: Proposal = await solar.do(service.send_proposal, proposed(proposal))
    assert (again.warnings, again.revision) == ([], 2)


async def test_a_stricter_text_refuses_without_a_survey_and_tracks_without_a_number(platform: TestPlatform) -> None:
    world = await settle(over(platform, STRICT), {"strict": {}}, vertical="strict", asset_type="display")
    proposal = await request(world)
    due = await promise(world)
    assert (due.due_at, due.state) == (None, "running")
    assert (await refused(world, service.send_proposal, proposed(proposal))).code == "SITE_SURVEY_MISSING"


async def test_a_later_revision_doesnt_touch_the_kept_deadline(displays: World) -> None:
    proposal = await request(displays)
    await displays.do(service.send_proposal, proposed(proposal))
    displays.clock.move_to(local("2026-06-10 09:00"))
    await displays.do(service.send_proposal, proposed(proposal, budget_total=Decimal("90000.00")))
    assert (await promise(displays)).breached_at is None


async def test_an_accepted_proposal_names_its_contract(displays: World) -> None:
    proposal = await request(displays)
    early = AnswerProposal(proposal_id=proposal.id, accepted=True)
    assert (await refused(displays, service.answer_proposal, early)).code == "PROPOSAL_STATE_REFUSED"
    await displays.do(service.send_proposal, proposed(proposal))
    contract = await displays.do(
        contracts.sign_contract,
        SignContract(
            title="Wall", vertical="led_display", customer_id=displays.customer.id, starts_on=date(2026, 6, 1)
        ),
        displays.owner,
    )
    taken: Proposal = await displays.do(
        service.answer_proposal, AnswerProposal(proposal_id=proposal.id, accepted=True, contract_id=contract.id)
    )
    assert (taken.state, taken.contract_id) == ("accepted", contract.id)


async def test_bad_input_is_refused(displays: World) -> None:
    proposal = await request(displays)
    future = datetime.fromisoformat("2026-06-02T00:00:00+08:00")
    for given, code in (
        ({"sent_at": future}, "INSTANT_IN_FUTURE"), ({"currency": "yuan"}, "CURRENCY_INVALID"),
        ({"budget_total": Decimal(-1)}, "AMOUNT_INVALID"), ({"title": " "}, "REQUIRED"),
    ):  # fmt: skip
        assert (await refused(displays, service.send_proposal, proposed(proposal, **given))).code == code
    assert (await refused(displays, service.send_proposal, proposed(proposal), member("engineer"))).code == "FORBIDDEN"
    await displays.do(service.withdraw_proposal, WithdrawProposal(proposal_id=proposal.id, reason="bought elsewhere"))
    assert (await promise(displays)).state == "cancelled"
