"""inspections and site safety."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aftersales_server.migrations.support import append_only, distribute

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# fmt: off
TABLES = (
    "checklist_templates", "safety_standards", "site_workers", "briefing_sheets", "crew_members",
    "safety_acknowledgements", "safety_educations", "safety_permits", "safety_watches", "site_machines",
    "site_shifts", "worker_certificates", "briefing_signatures", "education_attendances", "gate_entries",
    "machine_repairs", "machine_runs", "patrol_rounds", "safety_alerts", "safety_violations", "shift_meetings",
    "inspections", "inspection_answers", "inspection_findings",
)
"""In the order in which they refer to each other."""


def _create(isolate: Callable[[str], None], name: str, *parts: sa.schema.SchemaItem) -> None:
    """A tenant's table with the key that all of them have, isolated at once."""
    op.create_table(
        name,
        *parts,
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{name}_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{name}")),
    )
    isolate(name)


def upgrade() -> None:
    _create(append_only, "checklist_templates",
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("standard", sa.Text(), nullable=True),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_checklist_templates_version")),
        sa.UniqueConstraint("tenant_id", "vertical", "code", "version", name=op.f("uq_checklist_templates_tenant_id_vertical_code_version")),
    )
    _create(distribute, "safety_standards",
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("designation", sa.Text(), nullable=False),
        sa.Column("superseded_by", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("tenant_id", "vertical", "code", name=op.f("uq_safety_standards_tenant_id_vertical_code")),
    )
    _create(distribute, "site_workers",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("trade", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("service_unit_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('active', 'inactive')", name=op.f("ck_site_workers_state_known")),
        sa.ForeignKeyConstraint(["tenant_id", "service_unit_id"], ["service_units.tenant_id", "service_units.id"], name=op.f("fk_site_workers_tenant_id_service_unit_id")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_site_workers_tenant_id_code")),
    )
    _create(distribute, "briefing_sheets",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('issued', 'started')", name=op.f("ck_briefing_sheets_state_known")),
        sa.ForeignKeyConstraint(["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_briefing_sheets_tenant_id_site_id")),
    )
    op.create_index("ix_briefing_sheets_site", "briefing_sheets", ["tenant_id", "site_id", "id"], unique=False)
    _create(distribute, "crew_members",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("warnings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_crew_members_tenant_id_site_id")),
        sa.ForeignKeyConstraint(["tenant_id", "worker_id"], ["site_workers.tenant_id", "site_workers.id"], name=op.f("fk_crew_members_tenant_id_worker_id")),
    )
    op.create_index("ix_crew_members_site", "crew_members", ["tenant_id", "site_id", "id"], unique=False)
    op.create_index("uq_crew_members_present", "crew_members", ["tenant_id", "site_id", "worker_id"], unique=True, postgresql_where=sa.text("ended_at is null"))
    _create(append_only, "safety_acknowledgements",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("engineer_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id", "document_id"], ["documents.tenant_id", "documents.id"], name=op.f("fk_safety_acknowledgements_tenant_id_document_id")),
        sa.ForeignKeyConstraint(["tenant_id", "engineer_id"], ["engineers.tenant_id", "engineers.id"], name=op.f("fk_safety_acknowledgements_tenant_id_engineer_id")),
        sa.ForeignKeyConstraint(["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_safety_acknowledgements_tenant_id_site_id")),
        sa.ForeignKeyConstraint(["tenant_id", "worker_id"], ["site_workers.tenant_id", "site_workers.id"], name=op.f("fk_safety_acknowledgements_tenant_id_worker_id")),
    )
    op.create_index("ix_safety_acknowledgements_engineer", "safety_acknowledgements", ["tenant_id", "engineer_id"], unique=False)
    op.create_index("ix_safety_acknowledgements_worker", "safety_acknowledgements", ["tenant_id", "worker_id"], unique=False)
    _create(append_only, "safety_educations",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("topics", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("chaired_by", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_safety_educations_tenant_id_site_id")),
    )
    op.create_index("ix_safety_educations_site", "safety_educations", ["tenant_id", "site_id", "id"], unique=False)
    _create(distribute, "safety_permits",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("crew", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("conditions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("approver_engineer_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('requested', 'approved', 'closed', 'refused')", name=op.f("ck_safety_permits_state_known")),
        sa.CheckConstraint("valid_until > valid_from", name=op.f("ck_safety_permits_period")),
        sa.ForeignKeyConstraint(["tenant_id", "approver_engineer_id"], ["engineers.tenant_id", "engineers.id"], name=op.f("fk_safety_permits_tenant_id_approver_engineer_id")),
        sa.ForeignKeyConstraint(["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_safety_permits_tenant_id_site_id")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_safety_permits_tenant_id_number")),
    )
    op.create_index("ix_safety_permits_site", "safety_permits", ["tenant_id", "site_id", "id"], unique=False)
    _create(distribute, "safety_watches",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Uuid(), nullable=True),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id", "engineer_id"], ["engineers.tenant_id", "engineers.id"], name=op.f("fk_safety_watches_tenant_id_engineer_id")),
        sa.ForeignKeyConstraint(["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_safety_watches_tenant_id_site_id")),
        sa.ForeignKeyConstraint(["tenant_id", "worker_id"], ["site_workers.tenant_id", "site_workers.id"], name=op.f("fk_safety_watches_tenant_id_worker_id")),
    )
    op.create_index("ix_safety_watches_site", "safety_watches", ["tenant_id", "site_id", "rule"], unique=False)
    _create(distribute, "site_machines",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("defect", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('ready', 'defective', 'in_repair', 'retired')", name=op.f("ck_site_machines_state_known")),
        sa.ForeignKeyConstraint(["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_site_machines_tenant_id_site_id")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_site_machines_tenant_id_code")),
    )
    op.create_index("ix_site_machines_site", "site_machines", ["tenant_id", "site_id", "id"], unique=False)
    _create(distribute, "site_shifts",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("foreman", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('planned', 'running', 'closed')", name=op.f("ck_site_shifts_state_known")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_site_shifts_period")),
        sa.ForeignKeyConstraint(["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_site_shifts_tenant_id_site_id")),
    )
    op.create_index("ix_site_shifts_site", "site_shifts", ["tenant_id", "site_id", "id"], unique=False)
    _create(distribute, "worker_certificates",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id", "worker_id"], ["site_workers.tenant_id", "site_workers.id"], name=op.f("fk_worker_certificates_tenant_id_worker_id")),
    )
    op.create_index("ix_worker_certificates_worker", "worker_certificates", ["tenant_id", "worker_id"], unique=False)
    _create(distribute, "briefing_signatures",
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id", "sheet_id"], ["briefing_sheets.tenant_id", "briefing_sheets.id"], name=op.f("fk_briefing_signatures_tenant_id_sheet_id")),
        sa.ForeignKeyConstraint(["tenant_id", "worker_id"], ["site_workers.tenant_id", "site_workers.id"], name=op.f("fk_briefing_signatures_tenant_id_worker_id")),
        sa.UniqueConstraint("tenant_id", "sheet_id", "worker_id", name=op.f("uq_briefing_signatures_tenant_id_sheet_id_worker_id")),
    )
    _create(append_only, "education_attendances",
        sa.Column("education_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("topics", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id", "education_id"], ["safety_educations.tenant_id", "safety_educations.id"], name=op.f("fk_education_attendances_tenant_id_education_id")),
        sa.ForeignKeyConstraint(["tenant_id", "worker_id"], ["site_workers.tenant_id", "site_workers.id"], name=op.f("fk_education_attendances_tenant_id_worker_id")),
        sa.UniqueConstraint("tenant_id", "education_id", "worker_id", name=op.f("uq_education_attendances_tenant_id_education_id_worker_id")),
    )
    op.create_index("ix_education_attendances_worker", "education_attendances", ["tenant_id", "worker_id"], unique=False)
    _create(distribute, "gate_entries",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("permit_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("guard", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id", "permit_id"], ["safety_permits.tenant_id", "safety_permits.id"], name=op.f("fk_gate_entries_tenant_id_permit_id")),
        sa.ForeignKeyConstraint(["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_gate_entries_tenant_id_site_id")),
        sa.ForeignKeyConstraint(["tenant_id", "worker_id"], ["site_workers.tenant_id", "site_workers.id"], name=op.f("fk_gate_entries_tenant_id_worker_id")),
    )
    op.create_index("ix_gate_entries_site", "gate_entries", ["tenant_id", "site_id", "id"], unique=False)
    op.create_index("uq_gate_entries_worker_inside", "gate_entries", ["tenant_id", "worker_id"], unique=True, postgresql_where=sa.text("left_at is null"))
    _create(distribute, "machine_repairs",
        sa.Column("machine_id", sa.Uuid(), nullable=False),
        sa.Column("repairer", sa.Text(), nullable=False),
        sa.Column("secured", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("attendant", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("repaired", sa.Boolean(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('open', 'done')", name=op.f("ck_machine_repairs_state_known")),
        sa.ForeignKeyConstraint(["tenant_id", "machine_id"], ["site_machines.tenant_id", "site_machines.id"], name=op.f("fk_machine_repairs_tenant_id_machine_id")),
    )
    op.create_index("ix_machine_repairs_machine", "machine_repairs", ["tenant_id", "machine_id", "id"], unique=False)
    _create(distribute, "machine_runs",
        sa.Column("machine_id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id", "machine_id"], ["site_machines.tenant_id", "site_machines.id"], name=op.f("fk_machine_runs_tenant_id_machine_id")),
        sa.ForeignKeyConstraint(["tenant_id", "shift_id"], ["site_shifts.tenant_id", "site_shifts.id"], name=op.f("fk_machine_runs_tenant_id_shift_id")),
        sa.ForeignKeyConstraint(["tenant_id", "worker_id"], ["site_workers.tenant_id", "site_workers.id"], name=op.f("fk_machine_runs_tenant_id_worker_id")),
    )
    op.create_index("ix_machine_runs_machine", "machine_runs", ["tenant_id", "machine_id", "id"], unique=False)
    op.create_index("ix_machine_runs_shift", "machine_runs", ["tenant_id", "shift_id"], unique=False)
    op.create_index("uq_machine_runs_running", "machine_runs", ["tenant_id", "machine_id"], unique=True, postgresql_where=sa.text("stopped_at is null"))
    _create(append_only, "patrol_rounds",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("engineer_id", sa.Uuid(), nullable=True),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("hazard_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id", "engineer_id"], ["engineers.tenant_id", "engineers.id"], name=op.f("fk_patrol_rounds_tenant_id_engineer_id")),
        sa.ForeignKeyConstraint(["tenant_id", "hazard_id"], ["hazards.tenant_id", "hazards.id"], name=op.f("fk_patrol_rounds_tenant_id_hazard_id")),
        sa.ForeignKeyConstraint(["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_patrol_rounds_tenant_id_site_id")),
        sa.ForeignKeyConstraint(["tenant_id", "worker_id"], ["site_workers.tenant_id", "site_workers.id"], name=op.f("fk_patrol_rounds_tenant_id_worker_id")),
    )
    op.create_index("ix_patrol_rounds_site", "patrol_rounds", ["tenant_id", "site_id", "rule", "area", "at"], unique=False)
    _create(append_only, "safety_alerts",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("machine_id", sa.Uuid(), nullable=True),
        sa.Column("shift_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("message_zh", sa.Text(), nullable=False),
        sa.Column("message_en", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id", "machine_id"], ["site_machines.tenant_id", "site_machines.id"], name=op.f("fk_safety_alerts_tenant_id_machine_id")),
        sa.ForeignKeyConstraint(["tenant_id", "shift_id"], ["site_shifts.tenant_id", "site_shifts.id"], name=op.f("fk_safety_alerts_tenant_id_shift_id")),
        sa.ForeignKeyConstraint(["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_safety_alerts_tenant_id_site_id")),
        sa.UniqueConstraint("tenant_id", "dedupe_key", name=op.f("uq_safety_alerts_tenant_id_dedupe_key")),
    )
    op.create_index("ix_safety_alerts_site", "safety_alerts", ["tenant_id", "site_id", "id"], unique=False)
    _create(append_only, "safety_violations",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("permit_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id", "document_id"], ["documents.tenant_id", "documents.id"], name=op.f("fk_safety_violations_tenant_id_document_id")),
        sa.ForeignKeyConstraint(["tenant_id", "permit_id"], ["safety_permits.tenant_id", "safety_permits.id"], name=op.f("fk_safety_violations_tenant_id_permit_id")),
        sa.ForeignKeyConstraint(["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_safety_violations_tenant_id_site_id")),
        sa.ForeignKeyConstraint(["tenant_id", "worker_id"], ["site_workers.tenant_id", "site_workers.id"], name=op.f("fk_safety_violations_tenant_id_worker_id")),
    )
    op.create_index("ix_safety_violations_permit", "safety_violations", ["tenant_id", "permit_id"], unique=False)
    op.create_index("ix_safety_violations_site", "safety_violations", ["tenant_id", "site_id", "at"], unique=False)
    _create(append_only, "shift_meetings",
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("safety_topic", sa.Text(), nullable=False),
        sa.Column("topics", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("attendees", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id", "shift_id"], ["site_shifts.tenant_id", "site_shifts.id"], name=op.f("fk_shift_meetings_tenant_id_shift_id")),
        sa.UniqueConstraint("tenant_id", "shift_id", name=op.f("uq_shift_meetings_tenant_id_shift_id")),
    )
    _create(distribute, "inspections",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("checklist", sa.Text(), nullable=False),
        sa.Column("checklist_version", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("standard", sa.Text(), nullable=True),
        sa.Column("moment", sa.Text(), nullable=True),
        sa.Column("items", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("work_order_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("machine_id", sa.Uuid(), nullable=True),
        sa.Column("shift_id", sa.Uuid(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("inspector", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("moment in ('before_shift', 'after_shift')", name=op.f("ck_inspections_moment_known")),
        sa.CheckConstraint("state in ('open', 'completed', 'cancelled')", name=op.f("ck_inspections_state_known")),
        sa.ForeignKeyConstraint(["tenant_id", "appointment_id"], ["service_appointments.tenant_id", "service_appointments.id"], name=op.f("fk_inspections_tenant_id_appointment_id")),
        sa.ForeignKeyConstraint(["tenant_id", "asset_id"], ["assets.tenant_id", "assets.id"], name=op.f("fk_inspections_tenant_id_asset_id")),
        sa.ForeignKeyConstraint(["tenant_id", "contract_id"], ["service_contracts.tenant_id", "service_contracts.id"], name=op.f("fk_inspections_tenant_id_contract_id")),
        sa.ForeignKeyConstraint(["tenant_id", "customer_id"], ["customers.tenant_id", "customers.id"], name=op.f("fk_inspections_tenant_id_customer_id")),
        sa.ForeignKeyConstraint(["tenant_id", "machine_id"], ["site_machines.tenant_id", "site_machines.id"], name=op.f("fk_inspections_tenant_id_machine_id")),
        sa.ForeignKeyConstraint(["tenant_id", "shift_id"], ["site_shifts.tenant_id", "site_shifts.id"], name=op.f("fk_inspections_tenant_id_shift_id")),
        sa.ForeignKeyConstraint(["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_inspections_tenant_id_site_id")),
        sa.ForeignKeyConstraint(["tenant_id", "ticket_id"], ["tickets.tenant_id", "tickets.id"], name=op.f("fk_inspections_tenant_id_ticket_id")),
        sa.ForeignKeyConstraint(["tenant_id", "work_order_id"], ["work_orders.tenant_id", "work_orders.id"], name=op.f("fk_inspections_tenant_id_work_order_id")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_inspections_tenant_id_number")),
    )
    op.create_index("ix_inspections_asset", "inspections", ["tenant_id", "asset_id", "id"], unique=False)
    op.create_index("ix_inspections_shift", "inspections", ["tenant_id", "shift_id", "machine_id"], unique=False)
    op.create_index("ix_inspections_site", "inspections", ["tenant_id", "site_id", "id"], unique=False)
    _create(distribute, "inspection_answers",
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("number", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("choice", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("photo", sa.Text(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id", "asset_id"], ["assets.tenant_id", "assets.id"], name=op.f("fk_inspection_answers_tenant_id_asset_id")),
        sa.ForeignKeyConstraint(["tenant_id", "document_id"], ["documents.tenant_id", "documents.id"], name=op.f("fk_inspection_answers_tenant_id_document_id")),
        sa.ForeignKeyConstraint(["tenant_id", "inspection_id"], ["inspections.tenant_id", "inspections.id"], name=op.f("fk_inspection_answers_tenant_id_inspection_id")),
        sa.UniqueConstraint("tenant_id", "inspection_id", "item", name=op.f("uq_inspection_answers_tenant_id_inspection_id_item")),
    )
    op.create_index("ix_inspection_answers_trend", "inspection_answers", ["tenant_id", "asset_id", "item", "at"], unique=False)
    _create(distribute, "inspection_findings",
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("item", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("consequence", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("advice_zh", sa.Text(), nullable=True),
        sa.Column("advice_en", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("work_order_id", sa.Uuid(), nullable=True),
        sa.Column("hazard_id", sa.Uuid(), nullable=True),
        sa.Column("machine_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("consequence in ('record', 'ticket', 'work_order', 'hazard', 'block_machine', 'advice')", name=op.f("ck_inspection_findings_consequence_known")),
        sa.CheckConstraint("severity in ('none', 'low', 'medium', 'high', 'critical')", name=op.f("ck_inspection_findings_severity_known")),
        sa.CheckConstraint("state in ('open', 'corrected')", name=op.f("ck_inspection_findings_state_known")),
        sa.ForeignKeyConstraint(["tenant_id", "customer_id"], ["customers.tenant_id", "customers.id"], name=op.f("fk_inspection_findings_tenant_id_customer_id")),
        sa.ForeignKeyConstraint(["tenant_id", "hazard_id"], ["hazards.tenant_id", "hazards.id"], name=op.f("fk_inspection_findings_tenant_id_hazard_id")),
        sa.ForeignKeyConstraint(["tenant_id", "inspection_id"], ["inspections.tenant_id", "inspections.id"], name=op.f("fk_inspection_findings_tenant_id_inspection_id")),
        sa.ForeignKeyConstraint(["tenant_id", "machine_id"], ["site_machines.tenant_id", "site_machines.id"], name=op.f("fk_inspection_findings_tenant_id_machine_id")),
        sa.ForeignKeyConstraint(["tenant_id", "ticket_id"], ["tickets.tenant_id", "tickets.id"], name=op.f("fk_inspection_findings_tenant_id_ticket_id")),
        sa.ForeignKeyConstraint(["tenant_id", "work_order_id"], ["work_orders.tenant_id", "work_orders.id"], name=op.f("fk_inspection_findings_tenant_id_work_order_id")),
    )
    op.create_index("ix_inspection_findings_inspection", "inspection_findings", ["tenant_id", "inspection_id", "id"], unique=False)
    op.create_index("ix_inspection_findings_ticket", "inspection_findings", ["tenant_id", "ticket_id"], unique=False)
    op.add_column("hazards", sa.Column("severity", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_hazards_severity_known"), "hazards", "severity in ('none', 'low', 'medium', 'high', 'critical')")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_hazards_severity_known"), "hazards")
    op.drop_column("hazards", "severity")
    for table in reversed(TABLES):
        op.drop_table(table)
