"""A question about a whole fleet as a job: a worker decides page after page, and every verdict is kept.

A page and its progress are one transaction: whatever is killed, the review goes on with the page that was under way,
and no asset is decided twice.
"""

from collections import Counter
from typing import Final
from uuid import UUID

from aftersales.access import require
from aftersales.coverage import queries
from aftersales.coverage.commands import CancelFleetReview, StartFleetReview
from aftersales.coverage.fleet import BEGINNING, PAGE, Fleet, FleetAnswer, FleetQuestion
from aftersales.coverage.models import FleetReview, FleetVerdict
from aftersales.coverage.service import MOST_EVIDENCE, check_symptoms, check_value
from aftersales.coverage.values import EVIDENCE_KINDS
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import CODE_LIMIT, clean_text
from aftersales.scope import TenantWork

TOPIC: Final = "fleet_review"


async def start_fleet_review(uow: TenantWork, command: StartFleetReview) -> FleetReview:
    """Have every asset of a type decided by a worker; nothing is decided yet when this returns.

    VERTICAL_NOT_ENABLED, ASSET_TYPE_UNKNOWN, COMPONENT_UNKNOWN, CAUSE_UNKNOWN, INSTANT_IN_FUTURE, VALUE_UNKNOWN for a
    kind of evidence, TOO_MANY_GIVEN, FLEET_REVIEW_RUNNING while a review of this tenant is under way.
    """
    require(uow.actor, "coverage.decide")
    if len(command.evidence) > MOST_EVIDENCE:
        raise InvalidInput("TOO_MANY_GIVEN", field="evidence", limit=MOST_EVIDENCE, count=len(command.evidence))
    for number, kind in enumerate(command.evidence):
        check_value(kind, EVIDENCE_KINDS, f"evidence.{number}")
    uow.scope.enabled(command.vertical)
    question = FleetQuestion(
        vertical=command.vertical, asset_type=command.asset_type, component=command.component,
        cause=clean_text(command.cause, "cause", CODE_LIMIT) or None, symptoms=check_symptoms(command.symptoms),
        evidence=frozenset(command.evidence), on=command.on_day,
    )  # fmt: skip
    fleet = Fleet(uow, question)
    if await queries.review_running(uow):
        raise StateRefused("FLEET_REVIEW_RUNNING", field="vertical")
    review = uow.add(
        FleetReview(
            id=new_id(), vertical=question.vertical, asset_type=question.asset_type, component=question.component,
            cause=question.cause, symptoms=list(question.symptoms), evidence=sorted(question.evidence),
            on_day=fleet.on, playbook_key=uow.scope.playbook.key, actor=uow.actor.label, created_at=uow.now,
        )
    )  # fmt: skip
    await uow.flush()
    _next(uow, review)
    await _note(uow, "fleet_review.started", review)
    return review


async def cancel_fleet_review(uow: TenantWork, command: CancelFleetReview) -> FleetReview:
    """Decide no further assets. FLEET_REVIEW_ENDED."""
    require(uow.actor, "coverage.decide")
    review = await locked(uow, FleetReview, command.fleet_review_id, command.expected_version)
    if review.state != "running":
        raise StateRefused("FLEET_REVIEW_ENDED", field="fleetReviewId", state=review.state)
    await _end(uow, review, "cancelled")
    return review


async def advance(uow: TenantWork, review_id: UUID, page: int) -> None:
    """Decide one page, if it is that page's turn; asked twice, it does nothing the second time."""
    review = await locked(uow, FleetReview, review_id)
    if (review.state, review.pages) != ("running", page):
        return
    question = FleetQuestion(
        vertical=review.vertical, asset_type=review.asset_type, component=review.component, cause=review.cause,
        symptoms=tuple(review.symptoms), evidence=frozenset(review.evidence), on=review.on_day,
    )  # fmt: skip
    answers = await Fleet(uow, question).page(review.after or BEGINNING)
    counted: Counter[str] = Counter(review.outcomes)
    for answer in answers:
        _keep(uow, review, answer)
        counted[answer.verdict.outcome if answer.verdict else str(answer.refusal)] += 1
    review.outcomes = dict(sorted(counted.items()))
    review.assets_decided += len(answers)
    review.pages += 1
    if len(answers) < PAGE:
        await _end(uow, review, "done")
    else:
        review.after = answers[-1].asset_id
        _next(uow, review)


def _keep(uow: TenantWork, review: FleetReview, answer: FleetAnswer) -> None:
    verdict = answer.verdict
    if verdict is None:
        uow.put(FleetVerdict, fleet_review_id=review.id, asset_id=answer.asset_id, refusal=answer.refusal)
        return
    uow.put(
        FleetVerdict, fleet_review_id=review.id, asset_id=answer.asset_id, outcome=verdict.outcome,
        payer=verdict.payer, reason=verdict.reason, clause=verdict.clause, phase=verdict.phase,
        provisional=verdict.provisional, last_day=verdict.standing.last_day,
    )  # fmt: skip


def _next(uow: TenantWork, review: FleetReview) -> None:
    uow.enqueue(TOPIC, {"fleet_review_id": str(review.id), "page": review.pages or 0})


async def _end(uow: TenantWork, review: FleetReview, state: str) -> None:
    review.state = state
    review.finished_at = uow.now
    await _note(uow, f"fleet_review.{state}", review)


async def _note(uow: TenantWork, kind: str, review: FleetReview) -> None:
    await journal.record(
        uow, kind, subject_type="fleet_review", subject_id=review.id,
        data={
            "vertical": review.vertical, "asset_type": review.asset_type, "component": review.component,
            "assets": review.assets_decided, "outcomes": review.outcomes,
        },
    )  # fmt: skip
