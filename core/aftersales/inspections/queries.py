"""The inspections' reads."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Text, Uuid, bindparam, select

from aftersales.inspections.models import ChecklistTemplate, Finding, Inspection, InspectionAnswer
from aftersales.scope import TenantWork

TREND_LIMIT = 500
"""Points of a series, the latest ones."""

_templates: Any = ChecklistTemplate.__table__
_inspections: Any = Inspection.__table__
_answers: Any = InspectionAnswer.__table__
_findings: Any = Finding.__table__
_tenant = bindparam("tenant_id", type_=Uuid)

_LATEST = (
    select(_templates)
    .where(
        _templates.c.tenant_id == _tenant,
        _templates.c.vertical == bindparam("vertical", type_=Text),
        _templates.c.code == bindparam("code", type_=Text),
    )
    .order_by(_templates.c.version.desc())
    .limit(1)
)
_ANSWERS = (
    select(_answers)
    .where(_answers.c.tenant_id == _tenant, _answers.c.inspection_id == bindparam("inspection_id", type_=Uuid))
    .order_by(_answers.c.id)
)
_FINDINGS = (
    select(_findings)
    .where(_findings.c.tenant_id == _tenant, _findings.c.inspection_id == bindparam("inspection_id", type_=Uuid))
    .order_by(_findings.c.id)
)
_TREND = (
    select(
        _answers.c.inspection_id,
        _answers.c.at,
        _answers.c.number,
        _answers.c.passed,
        _inspections.c.number.label("inspection"),
    )
    .select_from(
        _answers.join(
            _inspections,
            (_inspections.c.tenant_id == _answers.c.tenant_id) & (_inspections.c.id == _answers.c.inspection_id),
        )
    )
    .where(
        _answers.c.tenant_id == _tenant,
        _answers.c.asset_id == bindparam("asset_id", type_=Uuid),
        _answers.c.item == bindparam("item", type_=Text),
        _answers.c.number.is_not(None),
        _inspections.c.tenant_id == _tenant,
        _inspections.c.state == "completed",
    )
    .order_by(_answers.c.at.desc(), _answers.c.id.desc())
    .limit(TREND_LIMIT)
)


class TrendPoint(Struct, frozen=True, kw_only=True):
    """A value of a series."""

    inspection_id: UUID
    inspection: str
    at: datetime
    value: Decimal
    passed: bool | None


async def latest_template(uow: TenantWork, vertical: str, code: str) -> ChecklistTemplate | None:
    """The newest version of a company's own checklist."""
    return await uow.entity(ChecklistTemplate, _LATEST, vertical=vertical, code=code)


async def answers_of(uow: TenantWork, inspection_id: UUID) -> list[InspectionAnswer]:
    """What was filled in, in the order in which items were first filled in."""
    return await uow.entities(InspectionAnswer, _ANSWERS, inspection_id=inspection_id)


async def findings_of(uow: TenantWork, inspection_id: UUID) -> list[Finding]:
    """What was found, in order."""
    return await uow.entities(Finding, _FINDINGS, inspection_id=inspection_id)


async def trend_of(uow: TenantWork, asset_id: UUID, item: str) -> list[TrendPoint]:
    """The values of an item over an asset's completed inspections, oldest first; the latest 500."""
    rows = await uow.fetch(_TREND, asset_id=asset_id, item=item)
    return [
        TrendPoint(
            inspection_id=row["inspection_id"],
            inspection=row["inspection"],
            at=row["at"],
            value=row["number"],
            passed=row["passed"],
        )
        for row in reversed(rows)
    ]
