"""Inspections with their answers and findings, and the company's own checklists."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from sqlalchemy import ColumnElement, and_, false, or_
from strawberry.scalars import JSON

from aftersales.inspections import models
from aftersales_graphql.machine.declare import Columns, Viewer, connection, entity, find, many, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.contracts import ServiceContract
from aftersales_graphql.rooms.documents import Document
from aftersales_graphql.rooms.parties import Customer, Site
from aftersales_graphql.rooms.safety import Hazard
from aftersales_graphql.rooms.safety_work import SiteMachine, SiteShift
from aftersales_graphql.rooms.visibility import staff_only, through

if TYPE_CHECKING:
    from aftersales_graphql.rooms.assets import Asset
    from aftersales_graphql.rooms.records import StoredFile
    from aftersales_graphql.rooms.tickets import Ticket
    from aftersales_graphql.rooms.work import ServiceAppointment, WorkOrder

_inspections: Any = models.Inspection.__table__


def inspection_seen(row: Columns, viewer: Viewer) -> ColumnElement[bool] | None:
    """Customers see their own completed inspections, but none of the company's checks of people and machines."""
    if viewer.is_customer:
        return and_(
            row["customer_id"] == viewer.customer_id,
            row["state"] == "completed",
            row["machine_id"].is_(None),
            row["person"].is_(None),
            or_(
                row["asset_id"].is_not(None),
                row["contract_id"].is_not(None),
                row["appointment_id"].is_not(None),
                row["work_order_id"].is_not(None),
            ),
        )
    return false() if viewer.is_dealer else None


_of_inspection = through(_inspections, "inspection_id", inspection_seen)


@entity(models.ChecklistTemplate, filters=("vertical", "code"), orders=("code",), default_order=("code", "version"),
        visible=staff_only)  # fmt: skip
class ChecklistTemplate(Node):
    """A version of one of the company's own checklists; the highest counts."""

    vertical: str
    code: str
    version: int
    name_zh: str
    name_en: str
    items: JSON
    standard: str | None
    clause: str | None
    created_at: datetime


@entity(models.InspectionAnswer, visible=_of_inspection)
class InspectionAnswer(Node):
    """What was found at an item of an inspection."""

    item: str
    passed: bool | None
    number: Decimal | None
    choice: str | None
    note: str
    photo: str | None
    at: datetime
    document: Document | None = one("document_id")
    file: Annotated["StoredFile", strawberry.lazy("aftersales_graphql.rooms.records")] | None = one("file_id")


@entity(models.Finding, filters=("severity", "consequence", "state"), orders=("at",), default_order="at",
        visible=_of_inspection)  # fmt: skip
class InspectionFinding(Node):
    """A failed item, or what was found besides, with what it led to."""

    item: str | None
    description: str
    severity: str
    consequence: str
    clause: str | None
    advice_zh: str | None
    advice_en: str | None
    state: str
    at: datetime
    inspection: Annotated["Inspection", strawberry.lazy("aftersales_graphql.rooms.inspections")] | None = one(
        "inspection_id"
    )
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")
    work_order: Annotated["WorkOrder", strawberry.lazy("aftersales_graphql.rooms.work")] | None = one("work_order_id")
    hazard: Hazard | None = one("hazard_id")
    machine: SiteMachine | None = one("machine_id")


@entity(models.Inspection, filters=("vertical", "checklist", "state", "passed", "customer", "asset", "site"),
        orders=("started_at",), default_order="-started_at", visible=inspection_seen)  # fmt: skip
class Inspection(Node):
    """A checklist about one thing, with the items as they were when it was begun."""

    number: str
    vertical: str
    checklist: str
    checklist_version: int
    name_zh: str
    name_en: str
    clause: str | None
    standard: str | None
    moment: str | None
    items: JSON
    person: str | None
    inspector: str
    state: str
    passed: bool | None
    started_at: datetime
    completed_at: datetime | None
    cancel_reason: str | None
    version: int
    customer: Customer | None = one("customer_id")
    asset: Annotated["Asset", strawberry.lazy("aftersales_graphql.rooms.assets")] | None = one("asset_id")
    site: Site | None = one("site_id")
    contract: ServiceContract | None = one("contract_id")
    ticket: Annotated["Ticket", strawberry.lazy("aftersales_graphql.rooms.tickets")] | None = one("ticket_id")
    appointment: Annotated["ServiceAppointment", strawberry.lazy("aftersales_graphql.rooms.work")] | None = one(
        "appointment_id"
    )
    machine: SiteMachine | None = one("machine_id")
    shift: SiteShift | None = one("shift_id")
    answers: list[InspectionAnswer] = many("inspection_id", order="id")
    findings: list[InspectionFinding] = many("inspection_id", order="at")


@root
class InspectionQueries:
    inspection: Inspection | None = find(description="One inspection by its id.")
    inspections: Connection[Inspection] = connection(description="Inspections.")
    inspection_findings: Connection[InspectionFinding] = connection(description="What inspections found.")
    checklist_templates: Connection[ChecklistTemplate] = connection(description="The company's own checklists.")
