"""The safety rules that a tenant's verticals declare, and the small things that every part of the room does."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from aftersales.commitments.rules import Budget
from aftersales.commitments.service import Subject
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput
from aftersales.kit.ids import new_id
from aftersales.parties.models import Site
from aftersales.safety import queries, site_queries
from aftersales.safety.models import SafetyAlert
from aftersales.scope import TenantWork
from aftersales.terms.base import Label
from aftersales.terms.planned import SafetyRule

LEADER_ROLES = ("owner", "quality_supervisor")
"""The members who are told at once: the leader in charge (P05-30), and whoever watches over safety."""
NOTICE_TOPIC = "notice"
MINUTE: Final = timedelta(minutes=1)


def rules_of(uow: TenantWork, kind: str, applies_to: str | None = None) -> list[tuple[str, SafetyRule]]:
    """The rules of a kind, about something, with the vertical that declares each."""
    return [
        (vertical, rule)
        for vertical, terms in uow.scope.playbook.verticals.items()
        for rule in terms.safety_rules
        if rule.kind == kind and applies_to in (None, rule.applies_to)
    ]


def rule_of(uow: TenantWork, kind: str, code: str, field: str) -> tuple[str, SafetyRule]:
    """The rule of a kind with that code; VALUE_UNKNOWN."""
    declared = rules_of(uow, kind)
    for vertical, rule in declared:
        if rule.code == code:
            return vertical, rule
    known = ", ".join(rule.code for _, rule in declared)
    raise InvalidInput("VALUE_UNKNOWN", field=field, field_name=field, value=code, known=known)


async def engineers_by_role(uow: TenantWork, site: Site) -> dict[str, set[UUID]]:
    """Who holds which role on the site or in the company now."""
    held: dict[str, set[UUID]] = {}
    for role in await queries.roles_held(uow, site.id):
        if role.engineer_id is not None:
            held.setdefault(role.role, set()).add(role.engineer_id)
    return held


async def alert(
    uow: TenantWork,
    site: Site,
    code: str,
    message: Label,
    *,
    clause: str | None,
    dedupe_key: str,
    machine_id: UUID | None = None,
    shift_id: UUID | None = None,
) -> SafetyAlert | None:
    """Tell whoever watches over safety, once per key; None when it was told before."""
    if await site_queries.is_alerted(uow, dedupe_key):
        return None
    told = uow.add(
        SafetyAlert(
            id=new_id(), site_id=site.id, machine_id=machine_id, shift_id=shift_id, code=code, clause=clause,
            message_zh=message.zh, message_en=message.en, dedupe_key=dedupe_key, at=uow.now,
        )
    )  # fmt: skip
    uow.enqueue(
        NOTICE_TOPIC,
        {
            "roles": list(LEADER_ROLES),
            "subject": {"zh": f"【安全提醒】{site.name}", "en": f"[Safety] {site.name}"},
            "body": {"zh": message.zh, "en": message.en},
            "dedupe_key": f"safety:{dedupe_key}",
        },
    )
    await note(uow, f"safety.{code}", site, {"alert_id": told.id, "clause": clause})
    return told


async def note(uow: TenantWork, kind: str, site: Site, data: dict[str, object], **more: object) -> None:
    """Write something that happened on a site into the journal."""
    await journal.record(
        uow, kind, subject_type="site", subject_id=site.id, customer_id=site.customer_id, data=data,
        at=more.get("at"),  # type: ignore[arg-type]
    )  # fmt: skip


def owed_by(due: datetime, since: datetime) -> tuple[Budget, datetime]:
    """The budget of a deadline that is an instant, and when its clock begins: whole minutes that end there exactly.

    The clock begins up to a minute before `since`; a deadline that is over already is late at once.
    """
    minutes = max(1, -((since - due) // MINUTE))
    return Budget(amount=minutes, unit="minute"), due - minutes * MINUTE


def about(kind: str, row_id: UUID) -> Subject:
    """The subject of a deadline of this room."""
    return Subject(kind, row_id)
