"""Quality tracking: the contacts that an installation makes due (P09-09), as promises of the ledger."""

from datetime import date, datetime, timedelta
from typing import Final

from aftersales.access import require
from aftersales.assets import rules
from aftersales.assets.commands import RecordRevisit
from aftersales.assets.models import Asset
from aftersales.commitments import service as commitments
from aftersales.commitments.rules import Budget
from aftersales.commitments.service import Subject
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput
from aftersales.kit.guards import happened, locked, today
from aftersales.kit.text import BODY_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.terms.planned import RevisitRule

TRIGGER: Final = "installation"
MOMENT: Final = timedelta(microseconds=1)
"""A day ends where the next one begins: a deadline at 24:00 belongs to the day before."""


def subject_of(asset: Asset) -> Subject:
    """The asset as the promise ledger knows it."""
    return Subject(type="asset", id=asset.id)


async def start_tracking(uow: TenantWork, asset: Asset, installed_on: date) -> None:
    """Owe the customer every contact that an installation triggers.

    A rule without a number of months is tracked and never breached (A05).
    """
    for rule in _rules(uow, asset):
        await _owe(uow, asset, rule, installed_on)


async def record_revisit(uow: TenantWork, command: RecordRevisit) -> Asset:
    """Note a contact and what it found; the next one is owed at once. REVISIT_RULE_UNKNOWN.

    A contact in time begins the cadence anew on its day. A late one doesn't shift it: the next is counted from the
    day on which this one was due, beyond the days that passed meanwhile.
    """
    require(uow.actor, "asset.manage")
    asset = await locked(uow, Asset, command.asset_id, command.expected_version)
    rule = next((found for found in _rules(uow, asset) if found.code == command.rule), None)
    if rule is None:
        known = ", ".join(found.code for found in _rules(uow, asset))
        raise InvalidInput("REVISIT_RULE_UNKNOWN", field="rule", value=command.rule, known=known)
    notes = clean_text(command.notes, "notes", BODY_LIMIT, required=True)
    not_before: datetime | None = None
    if asset.installed_on is not None:
        not_before = rules.start_of_day(asset.installed_on, uow.scope.time_zone)
    at = happened(uow.now, command.at, "at", after=not_before)
    kept = await commitments.meet(uow, subject_of(asset), rule.code, at)
    await journal.record(
        uow, "asset.revisited", subject_type="asset", subject_id=asset.id, asset_id=asset.id,
        customer_id=asset.customer_id, data={"rule": rule.code, "notes": notes}, at=at, vertical=asset.vertical,
    )  # fmt: skip
    if asset.state == "retired":
        return asset
    contact = today(at, uow.scope.time_zone)
    late = [row.due_at for row in kept if row.outcome == "late" and row.due_at is not None]
    since = contact
    if late and rule.months is not None:
        since = rules.anchor_after(today(max(late) - MOMENT, uow.scope.time_zone), rule.months, contact)
    await _owe(uow, asset, rule, since)
    return asset


async def stop_tracking(uow: TenantWork, asset: Asset, reason: str) -> None:
    """No contact is owed about the asset any more."""
    await commitments.cancel(uow, subject_of(asset), reason, uow.now)


def _rules(uow: TenantWork, asset: Asset) -> list[RevisitRule]:
    return [rule for rule in uow.scope.vertical(asset.vertical).revisit_rules if rule.trigger == TRIGGER]


async def _owe(uow: TenantWork, asset: Asset, rule: RevisitRule, since: date) -> None:
    budget = None
    if rule.months is not None:
        days = (rules.months_after(since, rule.months) - since).days
        budget = Budget(amount=days, unit="calendar_day")
    commitment = await commitments.start_fixed(
        uow,
        subject_of(asset),
        vertical=asset.vertical,
        milestone=rule.code,
        budget=budget,
        clause=rule.clause,
        source=rule.source,
        at=rules.start_of_day(since, uow.scope.time_zone),
        label=rule.label,
    )
    await journal.record(
        uow, "asset.tracking_started", subject_type="asset", subject_id=asset.id, asset_id=asset.id,
        customer_id=asset.customer_id, data={"rule": rule.code, "due_at": commitment.due_at},
    )  # fmt: skip
