"""Revisit plans, revisits, forums, care plans, and surveys with what they demand."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry.scalars import JSON

from aftersales.revisits import models
from aftersales_graphql.machine.declare import connection, entity, find, many, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.parties import Customer, Site
from aftersales_graphql.rooms.visibility import own_or_given, staff_only
from aftersales_graphql.rooms.work import Engineer

if TYPE_CHECKING:
    from aftersales_graphql.rooms.commitments import Commitment
    from aftersales_graphql.rooms.tickets import Ticket

_own: Any = own_or_given()


@entity(models.RevisitPlan, filters=("vertical", "code", "trigger", "state"), orders=("code",), default_order="code",
        visible=staff_only)  # fmt: skip
class RevisitPlan(Node):
    """A revisit rule in force, with its terms as they were when it was opened."""

    vertical: str
    code: str
    name: str
    trigger: str
    terms: JSON
    clause: str | None
    source: str
    starts_on: date
    next_at: datetime | None
    state: str
    version: int
    created_at: datetime


@entity(models.RevisitCopy, filters=("department",), orders=("id",), default_order="id", visible=staff_only)
class RevisitCopy(Node):
    """A copy of a record in the inbox of a department."""

    department: str
    record: str
    at: datetime


@entity(models.RevisitForum, orders=("held_on",), default_order="-held_on", visible=staff_only)
class RevisitForum(Node):
    """A meeting with customers; `attendees` are the ids of those that came."""

    title: str
    held_on: date
    notes: str
    at: datetime


@entity(
    models.Revisit,
    filters=("number", "code", "trigger", "state", "owner", "priority", "vertical", "customer", "site", "due_on"),
    orders=("due_on", "number"),
    default_order="number",
    visible=staff_only,
)
class Revisit(Node):
    """A contact that is owed or was made; `terms` says what is asked, `dueOn` is the last local day for it."""

    number: str
    vertical: str
    code: str
    name: str
    trigger: str
    terms: JSON
    clause: str | None
    source: str
    owner: str | None
    priority: str
    reason: str
    region: str | None
    since: date
    due_on: date | None
    state: str
    channel: str | None
    held_at: datetime | None
    participants: JSON
    scores: JSON
    score: Decimal | None
    product_score: int | None
    service_score: int | None
    satisfied: bool | None
    opinion: str
    opinions: JSON
    checks: JSON
    findings: str
    record: str | None
    version: int
    created_at: datetime
    plan: RevisitPlan | None = one("plan_id")
    customer: Customer | None = one("customer_id")
    site: Site | None = one("site_id")
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")
    engineer: Engineer | None = one("engineer_id")
    preferred_engineer: Engineer | None = one("preferred_engineer_id")
    forum: RevisitForum | None = one("forum_id")
    copies: list[RevisitCopy] = many("revisit_id", order="id")
    commitments: list[Annotated["Commitment", strawberry.lazy("aftersales_graphql.rooms.commitments")]] = many(
        "subject_id", order="created_at"
    )


@entity(models.CarePlan, filters=("year", "state", "customer"), orders=("year",), default_order="year",
        visible=staff_only)  # fmt: skip
class CarePlan(Node):
    """What a key customer needs and what is done about it in a year; `required` until it has an action."""

    year: int
    clause: str | None
    needs: str
    actions: JSON
    state: str
    version: int
    created_at: datetime
    customer: Customer | None = one("customer_id")


@entity(models.SurveyResponse, orders=("id",), default_order="id", visible=_own)
class SurveyResponse(Node):
    """One customer's answers."""

    scores: JSON
    comment: str
    at: datetime
    customer: Customer | None = one("customer_id")


@entity(models.ImprovementAction, filters=("state",), orders=("dimension",), default_order="dimension",
        visible=staff_only)  # fmt: skip
class ImprovementAction(Node):
    """What a survey's result demands."""

    dimension: str
    mean: Decimal
    action: str
    state: str
    version: int
    created_at: datetime
    done_at: datetime | None


@entity(models.Survey, filters=("state",), orders=("title",), default_order="title", visible=staff_only)
class Survey(Node):
    """An opinion survey, with the means once it is closed."""

    title: str
    dimensions: list[str]
    threshold: Decimal | None
    clause: str | None
    results: JSON
    state: str
    version: int
    created_at: datetime
    closed_at: datetime | None
    responses: Connection[SurveyResponse] = connection("survey_id")
    improvements: list[ImprovementAction] = many("survey_id", order="dimension")


@root
class RevisitQueries:
    revisit: Revisit | None = find(description="One revisit by its id.")
    revisits: Connection[Revisit] = connection(description="Revisits that are owed or were made.")
    revisit_plans: Connection[RevisitPlan] = connection(description="Revisit rules in force.")
    revisit_copies: Connection[RevisitCopy] = connection(description="The departments' inboxes of records.")
    care_plans: Connection[CarePlan] = connection(description="Care plans of key customers.")
    surveys: Connection[Survey] = connection(description="Opinion surveys.")
