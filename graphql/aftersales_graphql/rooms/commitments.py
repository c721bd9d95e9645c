"""Deadlines, the turns of their clocks, the alarms they raised."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Optional

import strawberry
from sqlalchemy import ColumnElement, and_, func, or_

from aftersales.access import STAFF
from aftersales.commitments import models, service
from aftersales.commitments.rules import render_explanation
from aftersales.kit.errors import NotFound
from aftersales_graphql.machine.declare import Columns, Scope, connection, entity, find, many, one, sql
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Connection, Node, id_of
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.visibility import staff_only, through_ticket

if TYPE_CHECKING:
    from aftersales_graphql.rooms.tickets import Ticket


def _overdue(row: Columns, scope: Scope) -> ColumnElement[bool]:
    ended = func.coalesce(row["met_at"], scope.now)
    return func.coalesce(
        and_(
            row["due_at"].is_not(None),
            ended > row["due_at"],
            or_(row["state"] == "running", row["met_at"].is_not(None)),
        ),
        False,
    )


@entity(models.ClockSegmentRow, name="ClockSegment", orders=("sequence",), default_order="sequence", visible=staff_only)
class ClockSegment(Node):
    """A turn of a clock: it runs, pauses or stops from `startsAt` on, until the next turn."""

    sequence: int
    kind: str
    starts_at: datetime
    reason: str
    recorded_at: datetime
    actor: str


@entity(models.Alarm, filters=("kind", "role", "raised_at"), orders=("id",), default_order="id", visible=staff_only)
class Alarm(Node):
    """An alarm that was raised: which rung, for whom, when it was due."""

    code: str
    kind: str
    role: str
    level: int
    due_at: datetime
    raised_at: datetime
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")
    commitment: Optional["Commitment"] = one("commitment_id")


@entity(
    models.Commitment,
    filters=("milestone", "state", "party", "due_at"),
    orders=("due_at", "created_at"),
    default_order="due_at",
    visible=through_ticket,
)
class Commitment(Node):
    """A promise with its deadline: who owes which milestone, by when, by which clause, and how it ended.

    `dueAt` null means that the text gives no number: tracked and reported, never broken.
    """

    milestone: str
    party: str
    on_miss: str
    clause: str | None
    source: str
    state: str
    outcome: str | None
    started_at: datetime
    due_at: datetime | None
    spent_seconds: int
    met_at: datetime | None
    breached_at: datetime | None
    handed_over_at: datetime | None
    overdue: bool = sql(_overdue, description="Past its deadline, whether or not it was met afterwards.")
    segments: list[ClockSegment] = many("commitment_id", order="sequence")
    alarms: list[Alarm] = many("commitment_id", order="id", cap=30)
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")


@strawberry.type(description="A target that applied, and why it held or not.")
class PolicyExplanation:
    code: str
    clause: str
    source: str
    matched: list[str]
    rank: int
    lost_by: str | None


@strawberry.type(description="Why this date.")
class DeadlineExplanation:
    text: str = strawberry.field(
        description="In sentences, one per line, in the caller's language and the tenant's zone."
    )
    milestone: str
    clause: str
    source: str
    trigger: str
    started_at: datetime
    due_at: datetime | None
    status: str
    late_seconds: int | None
    paused_seconds: int
    policies: list[PolicyExplanation]


@query(
    roles=STAFF,
    description="Why a deadline lies where it lies: clause, days, pauses, the rule that won and those that lost.",
)
async def explain(call: Call, commitment_id: strawberry.ID) -> DeadlineExplanation:
    found = id_of("Commitment", commitment_id, "commitmentId")
    if found is None:
        raise NotFound("NOT_FOUND", field="commitmentId", thing="Commitment")
    told = await service.explain(call.uow, found)
    late = told.status.late_by
    return DeadlineExplanation(
        text=render_explanation(told, call.language),
        milestone=told.milestone,
        clause=told.clause,
        source=told.source,
        trigger=told.trigger,
        started_at=told.started_at,
        due_at=told.due_at,
        status=told.status.code,
        late_seconds=None if late is None else int(late.total_seconds()),
        paused_seconds=int(told.paused.total_seconds()),
        policies=[
            PolicyExplanation(
                code=verdict.candidate.code,
                clause=verdict.candidate.clause,
                source=verdict.candidate.source,
                matched=list(verdict.candidate.matched),
                rank=verdict.rank,
                lost_by=verdict.lost_by,
            )
            for verdict in told.policies
        ],
    )


@root
class CommitmentQueries:
    explain = explain
    commitment: Commitment | None = find(description="One deadline by its id.")
    commitments: Connection[Commitment] = connection(
        description="Deadlines, earliest first.",
        roles={"owner", "dispatcher", "engineer", "finance", "quality_supervisor"},
    )
    alarms: Connection[Alarm] = connection(description="Alarms that were raised, in order.")
