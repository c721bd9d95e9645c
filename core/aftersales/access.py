"""Roles and rights: who may do what in a tenant."""

from typing import Literal

from aftersales.kit.actor import Actor
from aftersales.kit.errors import Forbidden

Role = Literal["owner", "dispatcher", "engineer", "finance", "quality_supervisor", "gm_office", "customer", "dealer"]
ROLES: tuple[Role, ...] = (
    "owner", "dispatcher", "engineer", "finance", "quality_supervisor", "gm_office", "customer", "dealer",
)  # fmt: skip
STAFF: frozenset[str] = frozenset({"owner", "dispatcher", "engineer", "finance", "quality_supervisor", "gm_office"})

Right = Literal[
    "ticket.open", "ticket.grade", "ticket.dispatch", "ticket.work", "ticket.close", "ticket.confirm",
    "party.manage", "asset.manage", "contract.manage", "calendar.manage", "staff.manage", "webhook.manage",
    "complaint.handle", "safety.manage", "outbox.manage", "settings.manage", "member.manage", "document.send",
    "price.manage", "quote.issue", "quote.answer", "approval.manage", "approval.request", "charge.record",
    "invoice.issue", "statement.read", "coverage.decide",
    "training.manage", "training.name", "plan.manage", "feed.open", "inspection.record", "safety.record",
    "record.fill", "record.archive", "record.delete", "report.read", "revisit.plan", "revisit.record",
    "broadcast.send", "outreach.manage", "release.choose", "dealing.order", "dealing.settle",
    "dealing.confirm",
]  # fmt: skip

RIGHTS: dict[Right, frozenset[str]] = {
    "ticket.open": frozenset({"owner", "dispatcher", "engineer", "quality_supervisor", "customer", "dealer"}),
    "ticket.grade": frozenset({"owner", "dispatcher", "engineer"}),
    "ticket.dispatch": frozenset({"owner", "dispatcher"}),
    "ticket.work": frozenset({"owner", "dispatcher", "engineer", "dealer"}),
    "ticket.close": frozenset({"owner", "dispatcher"}),
    "ticket.confirm": frozenset({"owner", "dispatcher", "customer"}),
    "party.manage": frozenset({"owner", "dispatcher"}),
    "asset.manage": frozenset({"owner", "dispatcher", "engineer"}),
    "contract.manage": frozenset({"owner", "finance"}),
    "calendar.manage": frozenset({"owner"}),
    "staff.manage": frozenset({"owner", "dispatcher"}),
    "webhook.manage": frozenset({"owner"}),
    "complaint.handle": frozenset({"owner", "quality_supervisor"}),
    "safety.manage": frozenset({"owner", "dispatcher", "quality_supervisor"}),
    "outbox.manage": frozenset({"owner"}),
    "settings.manage": frozenset({"owner"}),
    "member.manage": frozenset({"owner"}),
    "document.send": frozenset({"owner", "dispatcher", "engineer"}),
    "price.manage": frozenset({"owner", "finance"}),
    "quote.issue": frozenset({"owner", "dispatcher", "finance"}),
    "quote.answer": frozenset({"owner", "dispatcher", "engineer", "finance", "customer"}),
    "approval.manage": frozenset({"owner"}),
    "approval.request": frozenset({"owner", "dispatcher", "finance", "quality_supervisor"}),
    "charge.record": frozenset({"owner", "dispatcher", "engineer", "finance"}),
    "invoice.issue": frozenset({"owner", "finance"}),
    "statement.read": frozenset({"owner", "dispatcher", "finance"}),
    "plan.manage": frozenset({"owner", "dispatcher", "quality_supervisor"}),
    "feed.open": frozenset({"owner", "dispatcher", "engineer", "customer", "dealer"}),
    "inspection.record": frozenset({"owner", "dispatcher", "engineer", "quality_supervisor"}),
    "safety.record": frozenset({"owner", "dispatcher", "engineer", "quality_supervisor"}),
    "revisit.plan": frozenset({"owner", "dispatcher"}),
    "revisit.record": frozenset({"owner", "dispatcher", "engineer", "quality_supervisor"}),
    "broadcast.send": frozenset({"owner", "dispatcher"}),
    "outreach.manage": frozenset({"owner", "dispatcher"}),
    "coverage.decide": frozenset({"owner", "dispatcher", "engineer", "finance", "quality_supervisor"}),
    "training.manage": frozenset({"owner", "dispatcher", "engineer"}),
    "training.name": frozenset({"owner", "dispatcher", "engineer", "customer", "dealer"}),
    "record.fill": frozenset(ROLES),
    "record.archive": STAFF,
    "record.delete": frozenset({"owner", "quality_supervisor"}),
    "report.read": frozenset({"owner", "dispatcher", "finance", "quality_supervisor"}),
    "release.choose": frozenset({"owner", "dispatcher", "engineer", "customer"}),
    "dealing.order": frozenset({"owner", "dispatcher", "finance", "dealer"}),
    "dealing.settle": frozenset({"owner", "finance"}),
    "dealing.confirm": frozenset({"owner", "finance", "dealer"}),
}


def may(actor: Actor, right: Right) -> bool:
    """Whether the actor has the right; the system and platform admins acting for a tenant have every right."""
    return actor.kind != "member" or bool(RIGHTS[right] & actor.roles)


def require(actor: Actor, right: Right) -> None:
    """FORBIDDEN when the actor hasn't the right."""
    if not may(actor, right):
        raise Forbidden("FORBIDDEN")
