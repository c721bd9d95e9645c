"""What callers ask of revisits: one frozen Struct per operation. Days are local ones of the tenant."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct, field

from aftersales.terms.planned import RevisitTrigger, Season


class OwnRevisitRule(Struct, frozen=True, kw_only=True):
    """A rule of the tenant's own; the fields say what those of a vertical's rule say."""

    code: str
    name: str
    trigger: RevisitTrigger
    clause: str | None = None
    months: int | None = None
    tier: str | None = None
    channels: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    owner: str | None = None
    within_days: int | None = None
    regions: tuple[str, ...] = ()
    seasons: tuple[Season, ...] = ()
    sample_percent: int | None = None
    events: tuple[str, ...] = ()
    flag: str | None = None
    priority: Literal["normal", "highest"] = "normal"
    topics: tuple[str, ...] = ()
    check_items: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    needs_record: bool = False
    needs_opinion: bool = False
    copies_to: tuple[str, ...] = ()
    original_team: bool = False
    notice: bool = False
    forum_counts: bool = False
    ends_with_contract: bool = False


class OpenRevisitPlan(Struct, frozen=True, kw_only=True):
    """Put a vertical's rule (`rule`: its code) or one of the tenant's own into force.

    `months` is the cadence that the text leaves to the tenant (A05).
    """

    vertical: str
    rule: str | None = None
    own: OwnRevisitRule | None = None
    months: int | None = None
    starts_on: date | None = None


class EndRevisitPlan(Struct, frozen=True, kw_only=True):
    """Let nothing more fall due by a plan; what is open under it is cancelled with the reason."""

    revisit_plan_id: UUID
    reason: str
    expected_version: int | None = None


class PlanRevisit(Struct, frozen=True, kw_only=True):
    """A contact that somebody orders: by a rule (`rule`: its code), after an `event`, or of no rule at all."""

    customer_id: UUID
    vertical: str | None = None
    rule: str | None = None
    event: str | None = None
    reason: str = ""
    site_id: UUID | None = None
    engineer_id: UUID | None = None
    due_on: date | None = None


class RevisitParticipant(Struct, frozen=True, kw_only=True):
    """Somebody who took part, in which role (general_manager, service_centre, …)."""

    role: str
    name: str


class RevisitCheck(Struct, frozen=True, kw_only=True):
    """What was found about one item."""

    item: str
    passed: bool
    note: str = ""


class CompleteRevisit(Struct, frozen=True, kw_only=True):
    """The contact took place, by default now: scores by dimension (1 to 5), opinions by topic, findings by item.

    `record` is the filled record; where the rule needs one, a contact without it is kept and doesn't count.
    """

    revisit_id: UUID
    channel: str
    held_at: datetime | None = None
    scores: dict[str, Any] = field(default_factory=dict)
    product_score: int | None = None
    service_score: int | None = None
    satisfied: bool | None = None
    opinion: str = ""
    opinions: dict[str, Any] = field(default_factory=dict)
    checks: tuple[RevisitCheck, ...] = ()
    participants: tuple[RevisitParticipant, ...] = ()
    findings: str = ""
    record: str | None = None
    expected_version: int | None = None


class FileRevisitRecord(Struct, frozen=True, kw_only=True):
    """The record of a contact that was held without one: now it counts."""

    revisit_id: UUID
    record: str
    expected_version: int | None = None


class CancelRevisit(Struct, frozen=True, kw_only=True):
    """The contact won't take place; a cadence owes it again at once, by the same day."""

    revisit_id: UUID
    reason: str
    expected_version: int | None = None


class RecordForum(Struct, frozen=True, kw_only=True):
    """A meeting and the customers that came."""

    title: str
    customer_ids: tuple[UUID, ...]
    held_on: date | None = None
    notes: str = ""


class LogComplaint(Struct, frozen=True, kw_only=True):
    """A complaint that a department other than after-sales heard, such as marketing on a revisit (P11-18)."""

    customer_id: UUID
    department: str
    title: str
    description: str = ""
    vertical: str | None = None
    revisit_id: UUID | None = None


class RecordNeeds(Struct, frozen=True, kw_only=True):
    """What a key customer needs this year."""

    care_plan_id: UUID
    needs: str
    expected_version: int | None = None


class AddCareAction(Struct, frozen=True, kw_only=True):
    """Something that is going to be done for a key customer."""

    care_plan_id: UUID
    action: str
    due_on: date | None = None
    expected_version: int | None = None


class CompleteCareAction(Struct, frozen=True, kw_only=True):
    """The action of that number (from 1 on) was done."""

    care_plan_id: UUID
    number: int
    done_on: date | None = None
    note: str = ""
    expected_version: int | None = None


class OpenSurvey(Struct, frozen=True, kw_only=True):
    """Ask customers for their opinion; below `threshold` a dimension demands an improvement."""

    title: str
    dimensions: tuple[str, ...]
    threshold: Decimal | None = None
    clause: str | None = None


class AnswerSurvey(Struct, frozen=True, kw_only=True):
    """One customer's answers: a score from 1 to 5 for every dimension."""

    survey_id: UUID
    customer_id: UUID
    scores: dict[str, Any]
    comment: str = ""


class CloseSurvey(Struct, frozen=True, kw_only=True):
    """No more answers: the means are taken."""

    survey_id: UUID
    expected_version: int | None = None


class CompleteImprovement(Struct, frozen=True, kw_only=True):
    """What was done about a survey's result."""

    improvement_id: UUID
    action: str
    expected_version: int | None = None
