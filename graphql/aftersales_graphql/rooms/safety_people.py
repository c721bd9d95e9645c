"""People on a site: workers, papers, education, the gate, permits, violations."""

from datetime import date, datetime

from strawberry.scalars import JSON

from aftersales.safety import models
from aftersales_graphql.machine.declare import connection, entity, find, many, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.documents import Document
from aftersales_graphql.rooms.parties import ServiceUnit, Site
from aftersales_graphql.rooms.visibility import staff_only
from aftersales_graphql.rooms.work import Engineer


@entity(models.WorkerCertificate, visible=staff_only)
class WorkerCertificate(Node):
    """A worker's certificate with its last valid day."""

    certificate: str
    number: str
    valid_until: date


@entity(models.SiteWorker, filters=("code", "trade", "state"), orders=("code",), default_order="code",
        visible=staff_only)  # fmt: skip
class SiteWorker(Node):
    """Somebody who works on sites."""

    code: str
    name: str
    trade: str
    phone: str | None
    state: str
    version: int
    service_unit: ServiceUnit | None = one("service_unit_id")
    certificates: list[WorkerCertificate] = many("worker_id", order="certificate")


@entity(models.CrewMember, filters=("site",), orders=("since",), default_order="since", visible=staff_only)
class CrewMember(Node):
    """A worker on a site; `warnings` are the records that were missing when he joined."""

    warnings: list[str]
    since: datetime
    ended_at: datetime | None
    site: Site | None = one("site_id")
    worker: SiteWorker | None = one("worker_id")


@entity(models.SafetyAcknowledgement, filters=("record",), orders=("signed_on",), default_order="signed_on",
        visible=staff_only)  # fmt: skip
class SafetyAcknowledgement(Node):
    """A signed paper that a rule asks for."""

    record: str
    reference: str | None
    signed_on: date
    evidence: str
    worker: SiteWorker | None = one("worker_id")
    engineer: Engineer | None = one("engineer_id")
    site: Site | None = one("site_id")
    document: Document | None = one("document_id")


@entity(models.EducationAttendance, visible=staff_only)
class EducationAttendance(Node):
    """Which topics of an education a worker attended."""

    topics: list[str]
    worker: SiteWorker | None = one("worker_id")


@entity(models.SafetyEducation, filters=("site",), orders=("held_at",), default_order="-held_at", visible=staff_only)
class SafetyEducation(Node):
    """A safety education of a site."""

    topics: list[str]
    held_at: datetime
    evidence: str
    site: Site | None = one("site_id")
    attendances: list[EducationAttendance] = many("education_id", order="id")


@entity(models.SafetyPermit, filters=("site", "kind", "state"), orders=("created_at",), default_order="-created_at",
        visible=staff_only)  # fmt: skip
class SafetyPermit(Node):
    """A permit; `conditions` says what fulfils each of those that are met."""

    number: str
    kind: str
    rule: str
    clause: str | None
    purpose: str
    holder: str
    conditions: JSON
    valid_from: datetime
    valid_until: datetime
    state: str
    approved_at: datetime | None
    closed_at: datetime | None
    reason: str | None
    created_at: datetime
    version: int
    site: Site | None = one("site_id")
    approver: Engineer | None = one("approver_engineer_id")


@entity(models.GateEntry, filters=("site",), orders=("entered_at",), default_order="-entered_at", visible=staff_only)
class GateEntry(Node):
    """Somebody who came in at a site's gate, and when he left."""

    name: str
    guard: str
    entered_at: datetime
    left_at: datetime | None
    site: Site | None = one("site_id")
    worker: SiteWorker | None = one("worker_id")
    permit: SafetyPermit | None = one("permit_id")


@entity(models.SafetyViolation, filters=("site", "code"), orders=("at",), default_order="-at", visible=staff_only)
class SafetyViolation(Node):
    """Somebody broke a rule."""

    code: str
    rule: str
    clause: str | None
    description: str
    evidence: str
    at: datetime
    site: Site | None = one("site_id")
    worker: SiteWorker | None = one("worker_id")
    permit: SafetyPermit | None = one("permit_id")
    document: Document | None = one("document_id")


@root
class SafetyPeopleQueries:
    site_workers: Connection[SiteWorker] = connection(description="Workers.")
    crew_members: Connection[CrewMember] = connection(description="Who works or worked on which site.")
    safety_acknowledgements: Connection[SafetyAcknowledgement] = connection(description="Signed papers.")
    safety_educations: Connection[SafetyEducation] = connection(description="Safety educations.")
    safety_permit: SafetyPermit | None = find(description="One permit by its id.")
    safety_permits: Connection[SafetyPermit] = connection(description="Permits.")
    gate_entries: Connection[GateEntry] = connection(description="The gate log.")
    safety_violations: Connection[SafetyViolation] = connection(description="Violations.")
