"""Frozen facts that behaviours get, and frozen verdicts that they give back."""

from datetime import date, datetime
from typing import Any

from msgspec import Struct

from aftersales.terms.base import Label


class SettingsProblem(Struct, frozen=True, kw_only=True):
    """Why a tenant's settings can't stand: the field, and the reason in both languages."""

    field: str
    reason: Label


class GradeVerdict(Struct, frozen=True, kw_only=True):
    """A grade, with the reason that is kept beside the facts."""

    grade: str
    reason: Label
    clause: str | None = None


class Refusal(Struct, frozen=True, kw_only=True):
    """A vertical's "not yet", with its clause; the engine turns it into a TICKET_GUARD_REFUSED error."""

    reason: Label
    clause: str | None = None


class TicketFacts(Struct, frozen=True, kw_only=True):
    """What a behaviour may know about a ticket."""

    number: str
    kind: str
    channel: str
    state: str
    grade: str | None
    facts: dict[str, Any]
    milestones: dict[str, datetime]
    cause: str | None
    measures: str | None


class CustomerFacts(Struct, frozen=True, kw_only=True):
    """What a behaviour may know about a customer: tier, the last paid visit, and the local date of the question."""

    tier: str
    last_paid_visit_on: date | None
    on: date


class SegmentVerdict(Struct, frozen=True, kw_only=True):
    """A segment of customers, such as `lost`, and why."""

    segment: str
    reason: Label
    clause: str | None = None


class EligibilityFacts(Struct, frozen=True, kw_only=True):
    """An asset that asks for a campaign (or, with `offer`, for one offer of it) at a service unit on a local date.

    `usage` is the meter reading in the asset's own unit; `service_unit` the code of the unit that would serve it.
    """

    campaign: str
    offer: str | None
    asset_type: str
    attributes: dict[str, Any]
    usage: int | None
    service_unit: str | None
    on: date


class EligibilityVerdict(Struct, frozen=True, kw_only=True):
    """Yes or no, with the reason to tell the customer."""

    eligible: bool
    reason: Label
    clause: str | None = None


class EventFacts(Struct, frozen=True, kw_only=True):
    """Something that happened, as a behaviour sees it: `kind` such as `ticket.opened`, and its data."""

    kind: str
    at: datetime
    data: dict[str, Any]


class FollowUp(Struct, frozen=True, kw_only=True):
    """A side effect that a vertical asks for; the engine writes it to the outbox in the same transaction.

    `topic` is one of the engine's (`webhook`, `notice`); `payload` is JSON.
    """

    topic: str
    payload: dict[str, Any]
    clause: str | None = None
