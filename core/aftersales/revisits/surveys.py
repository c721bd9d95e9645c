"""Opinion surveys, and the improvements that their results demand (P07-17)."""

from typing import Any

from aftersales.access import require
from aftersales.journal import service as journal
from aftersales.kit.entities import encode
from aftersales.kit.errors import InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.parties.service import active_customer
from aftersales.revisits import queries, rules
from aftersales.revisits.commands import AnswerSurvey, CloseSurvey, CompleteImprovement, OpenSurvey
from aftersales.revisits.models import ImprovementAction, Survey, SurveyResponse
from aftersales.scope import TenantWork

DIMENSION_LIMIT = 20


async def open_survey(uow: TenantWork, command: OpenSurvey) -> Survey:
    """Begin a survey. REQUIRED without a dimension, LIST_TOO_LONG, SCORE_INVALID for a threshold beyond 1 to 5."""
    require(uow.actor, "revisit.plan")
    names = [clean_text(name, "dimensions", NAME_LIMIT, required=True) for name in dict.fromkeys(command.dimensions)]
    if not names:
        raise InvalidInput("REQUIRED", field="dimensions", field_name="dimensions")
    if len(names) > DIMENSION_LIMIT:
        raise InvalidInput("LIST_TOO_LONG", field="dimensions", limit=DIMENSION_LIMIT)
    threshold = command.threshold
    if threshold is not None and not (threshold.is_finite() and rules.LOWEST_SCORE <= threshold <= rules.HIGHEST_SCORE):
        raise InvalidInput(
            "SCORE_INVALID", field="threshold", value=threshold, lowest=rules.LOWEST_SCORE, highest=rules.HIGHEST_SCORE
        )
    survey = uow.add(
        Survey(
            id=new_id(),
            title=clean_text(command.title, "title", TITLE_LIMIT, required=True),
            dimensions=names,
            threshold=threshold,
            clause=clean_text(command.clause, "clause", NAME_LIMIT) or None,
            created_at=uow.now,
        )
    )
    await _note(uow, "survey.opened", survey, {"dimensions": names})
    return survey


async def answer_survey(uow: TenantWork, command: AnswerSurvey) -> SurveyResponse:
    """Keep a customer's answers, once. A customer answers for itself only.

    SURVEY_CLOSED, SURVEY_ANSWERED, DIMENSION_UNKNOWN, SCORE_INVALID, REVISIT_INCOMPLETE.
    """
    if uow.actor.customer_id is None:
        require(uow.actor, "revisit.record")
    elif uow.actor.customer_id != command.customer_id:
        raise NotFound("NOT_FOUND", field="customerId", thing="Customer")
    customer = await active_customer(uow, command.customer_id)
    survey = await locked(uow, Survey, command.survey_id)
    if survey.state != "open":
        raise StateRefused("SURVEY_CLOSED", field="surveyId")
    response = uow.add(
        SurveyResponse(
            id=new_id(),
            survey_id=survey.id,
            customer_id=customer.id,
            scores=rules.check_scores(command.scores, survey.dimensions),
            comment=clean_text(command.comment, "comment", BODY_LIMIT),
            at=uow.now,
            actor=uow.actor.label,
        )
    )
    await uow.flush()
    return response


async def close_survey(uow: TenantWork, command: CloseSurvey) -> Survey:
    """Take the means; below the threshold an improvement is required. SURVEY_CLOSED when it was closed before."""
    require(uow.actor, "revisit.plan")
    survey = await locked(uow, Survey, command.survey_id, command.expected_version)
    if survey.state != "open":
        raise StateRefused("SURVEY_CLOSED", field="surveyId")
    given = await queries.answers(uow, survey.id)
    means = {name: rules.mean([scores[name] for scores in given]) for name in survey.dimensions}
    survey.state, survey.closed_at = "closed", uow.now
    survey.results = {
        "answers": len(given),
        "means": {name: None if mean is None else encode(mean) for name, mean in means.items()},
    }
    for name, mean in means.items():
        if mean is None or survey.threshold is None or mean >= survey.threshold:
            continue
        uow.add(
            ImprovementAction(
                id=new_id(), survey_id=survey.id, dimension=name, mean=mean, state="required", created_at=uow.now
            )
        )
    await _note(uow, "survey.closed", survey, survey.results)
    return survey


async def complete_improvement(uow: TenantWork, command: CompleteImprovement) -> ImprovementAction:
    """Say what was done; IMPROVEMENT_DONE when somebody did before."""
    require(uow.actor, "revisit.plan")
    improvement = await locked(uow, ImprovementAction, command.improvement_id, command.expected_version)
    if improvement.state != "required":
        raise StateRefused("IMPROVEMENT_DONE", field="improvementId")
    improvement.action = clean_text(command.action, "action", BODY_LIMIT, required=True)
    improvement.state, improvement.done_at = "done", uow.now
    survey = await uow.get(Survey, improvement.survey_id)
    await _note(uow, "survey.improved", survey, {"dimension": improvement.dimension})
    return improvement


async def _note(uow: TenantWork, kind: str, survey: Survey, data: dict[str, Any]) -> None:
    await journal.record(uow, kind, subject_type="survey", subject_id=survey.id, data={"title": survey.title, **data})
