"""What of the journal customers and dealers may read: kinds of events, and of each the keys of its data.

Whatever isn't named here stays in the company: gradings' reasons, plan bodies, notes, approvals, alarms.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB

from aftersales_graphql.machine.declare import Columns, Scope, Viewer

Disclosed = Mapping[str, frozenset[str]]
_NOTHING: frozenset[str] = frozenset()
_VISIT = frozenset({"engineer", "window_start", "window_end"})
_CLASS = frozenset({"number", "curriculum", "starts_at", "ends_at", "venue"})
_QUOTE = frozenset({"number", "revision", "total", "currency"})

OF_TICKETS: Disclosed = {
    "ticket.opened": frozenset({"number", "kind", "channel", "title"}),
    "ticket.graded": frozenset({"grade"}),
    "ticket.assigned": frozenset({"engineer"}),
    "ticket.engineer_rejected": frozenset({"engineer"}),
    "ticket.answered": _NOTHING,
    "ticket.started": _NOTHING,
    "ticket.plan_proposed": _NOTHING,
    "ticket.paused": _NOTHING,
    "ticket.resumed": _NOTHING,
    "ticket.milestone": frozenset({"milestone"}),
    "ticket.step_failed": frozenset({"step", "outcome"}),
    "ticket.step_solved": frozenset({"step", "outcome"}),
    "ticket.escalated": frozenset({"to"}),
    "ticket.on_site_decided": _NOTHING,
    "ticket.resolved": frozenset({"cause", "measures"}),
    "ticket.confirmed": frozenset({"satisfied"}),
    "ticket.closed": _NOTHING,
    "ticket.reopened": _NOTHING,
    "ticket.cancelled": _NOTHING,
    "remote.authorised": frozenset({"granted_by", "granted_through", "purpose", "valid_from", "valid_until"}),
    "remote.revoked": _NOTHING,
    "remote.opened": _NOTHING,
    "remote.closed": frozenset({"minutes"}),
    "visit.planned": _VISIT,
    "visit.dispatched": _VISIT,
    "visit.arrived": _VISIT,
    "visit.done": _VISIT,
    "visit.cancelled": _VISIT,
    "visit.missed": _VISIT,
    "visit.refused": _VISIT,
    "visit.confirmed": _VISIT,
    "visit.moved": _VISIT,
    "work_order.created": frozenset({"number"}),
    "work_order.done": frozenset({"number"}),
    "work_order.signed_off": frozenset({"number", "signed_off_by"}),
    "work_order.cancelled": frozenset({"number"}),
    "coverage.quality_found": frozenset({"component", "inspection_body", "cause"}),
    "asset.arrived": frozenset({"number", "usage"}),
}
"""Events of a ticket that whoever sees the ticket may read."""

OF_CUSTOMERS: Disclosed = {
    **OF_TICKETS,
    "ticket.complaint_filed": frozenset({"number"}),
    "quote.issued": _QUOTE,
    "quote.accepted": _QUOTE,
    "quote.declined": _QUOTE,
    "quote.withdrawn": _QUOTE,
    "campaign.redeemed": frozenset({"order", "payable", "saved"}),
    "customer.created": frozenset({"name"}),
    "customer.updated": frozenset({"name"}),
    "customer.confirmed": frozenset({"on"}),
    "contact.added": _NOTHING,
    "contact.updated": _NOTHING,
    "site.added": _NOTHING,
    "site.updated": _NOTHING,
    "warranty_card.issued": frozenset({"number"}),
    "asset.created": frozenset({"number", "asset_type"}),
    "asset.updated": frozenset({"number"}),
    "asset.component_added": frozenset({"component", "serial"}),
    "asset.accepted": frozenset({"accepted_on"}),
    "asset.past_service_recorded": frozenset({"reference", "happened_on", "title"}),
    "asset.usage_read": frozenset({"usage"}),
    "asset.retired": _NOTHING,
    "asset.revisited": _NOTHING,
    "contract.signed": frozenset({"number"}),
    "contract.offered": frozenset({"number"}),
    "contract.amended": frozenset({"effective_from"}),
    "contract.confirmation_awaited": frozenset({"event", "on", "asset"}),
    "contract.amendment_agreed": frozenset({"effective_from"}),
    "contract.amendment_withdrawn": frozenset({"effective_from"}),
    "contract.renewed": frozenset({"ends_on"}),
    "contract.approved": frozenset({"step", "party"}),
    "contract.event_recorded": frozenset({"event", "on"}),
    "contract.phase_entered": frozenset({"phase", "on", "billable"}),
    "contract.task_due": frozenset({"name", "due_on"}),
    "contract.task_done": frozenset({"task", "done_on"}),
    "contract.ended": frozenset({"ends_on"}),
    "training.due": frozenset({"curriculum", "due_at"}),
    "training.held": frozenset({"curriculum", "venue"}),
    "training.unmet": frozenset({"curriculum", "due_at", "people"}),
    "training.customer_duty": frozenset({"kind", "clause"}),
    "training.customer_duty_done": frozenset({"kind"}),
    "training.customer_duty_cancelled": frozenset({"kind"}),
    "training.successor_missing": frozenset({"name", "left_on"}),
    "training.session_planned": _CLASS,
    "training.session_agreed": _CLASS,
    "training.session_moved": _CLASS,
    "training.session_confirmed": _CLASS,
    "training.session_held": _CLASS,
    "training.session_cancelled": _CLASS,
    "training.venue_provided": _CLASS,
    "training.certified": frozenset({"number", "curriculum", "valid_until"}),
    "trainee.named": frozenset({"role", "name"}),
    "trainee.left": frozenset({"name", "left_on"}),
    "broadcast.delivered": frozenset({"number", "topic"}),
    "document.sent": frozenset({"title"}),
    "planned.done": frozenset({"code", "clause"}),
    "planned.extra": frozenset({"code", "clause", "free", "due_on"}),
    "planned.reopened": frozenset({"code", "clause"}),
    "record.submitted": frozenset({"number", "form"}),
    "deliverable.received": frozenset({"deliverable", "due"}),
    "handover.completed": frozenset({"due"}),
    "guarantee.opened": frozenset({"code", "clause", "ends_on"}),
    "guarantee.met": frozenset({"checkpoint_on"}),
    "guarantee.missed": frozenset({"checkpoint_on"}),
    "guarantee.ended": frozenset({"ends_on"}),
    "inspection.completed": frozenset({"number", "passed"}),
    "advice.issued": frozenset({"advice_zh", "advice_en"}),
    "release.scheduled": frozenset({"release", "channel"}),
    "release.declined": frozenset({"release"}),
    "release.installed": frozenset({"release", "channel", "fee"}),
    "customisation.requested": frozenset({"number", "type", "title"}),
    "customisation.accepted": frozenset({"number"}),
    "customisation.declined": frozenset({"number"}),
    "customisation.planned": frozenset({"number", "title"}),
    "customisation.delivered": frozenset({"number", "version_tag"}),
    "customisation.trained": frozenset({"number", "held_on"}),
    "customisation.completed": frozenset({"number"}),
    "proposal.requested": frozenset({"number"}),
    "proposal.sent": frozenset({"number", "revision", "budget_total", "currency"}),
    "proposal.accepted": frozenset({"number"}),
    "demand.recorded": frozenset({"demanded"}),
    "demand.decided": frozenset({"granted"}),
}
"""Events that a customer may read of itself, beside those of its tickets."""


def disclosed(*, is_customer: bool, is_dealer: bool) -> Disclosed | None:
    """What such a caller may read; None for the company's own people, who read everything."""
    if is_dealer:
        return OF_TICKETS
    return OF_CUSTOMERS if is_customer else None


def event_data(row: Columns, scope: Scope) -> ColumnElement[Any]:
    """The event's data; for outsiders only the keys that its kind discloses."""
    allowed = _of_viewer(scope.viewer)
    data: Any = row["data"]
    if allowed is None:
        return data  # type: ignore[no-any-return]
    pairs = [f"{kind}/{key}" for kind, keys in sorted(allowed.items()) for key in sorted(keys)]
    each = func.jsonb_each(data).table_valued("key", "value", name="disclosed")
    kept = select(func.jsonb_object_agg(each.c.key, cast(each.c.value, JSONB))).select_from(each)
    kept = kept.where(func.concat(row["kind"], literal_column("'/'"), cast(each.c.key, String)).in_(pairs))
    kept = kept.correlate(data.table)
    return func.coalesce(kept.scalar_subquery(), literal_column("'{}'::jsonb"))


def kind_disclosed(row: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
    """Whether the viewer may read events of this kind at all."""
    allowed = _of_viewer(viewer)
    return None if allowed is None else row["kind"].in_(sorted(allowed))


def _of_viewer(viewer: Viewer) -> Disclosed | None:
    return disclosed(is_customer=viewer.is_customer, is_dealer=viewer.is_dealer)
