"""inspections and site safety."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aftersales_server.migrations.support import append_only, distribute

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checklist_templates",
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
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_checklist_templates_version")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_checklist_templates_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_checklist_templates")),
        sa.UniqueConstraint(
            "tenant_id",
            "vertical",
            "code",
            "version",
            name=op.f("uq_checklist_templates_tenant_id_vertical_code_version"),
        ),
    )
    append_only("checklist_templates")
    op.create_table(
        "safety_standards",
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("designation", sa.Text(), nullable=False),
        sa.Column("superseded_by", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_safety_standards_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_safety_standards")),
        sa.UniqueConstraint("tenant_id", "vertical", "code", name=op.f("uq_safety_standards_tenant_id_vertical_code")),
    )
    distribute("safety_standards")
    op.create_table(
        "site_workers",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("trade", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("service_unit_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('active', 'inactive')", name=op.f("ck_site_workers_state_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_unit_id"],
            ["service_units.tenant_id", "service_units.id"],
            name=op.f("fk_site_workers_tenant_id_service_unit_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_site_workers_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_site_workers")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_site_workers_tenant_id_code")),
    )
    distribute("site_workers")
    op.create_table(
        "briefing_sheets",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('issued', 'started')", name=op.f("ck_briefing_sheets_state_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_briefing_sheets_tenant_id_site_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_briefing_sheets_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_briefing_sheets")),
    )
    distribute("briefing_sheets")
    op.create_index("ix_briefing_sheets_site", "briefing_sheets", ["tenant_id", "site_id", "id"], unique=False)
    op.create_table(
        "crew_members",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("warnings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_crew_members_tenant_id_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "worker_id"],
            ["site_workers.tenant_id", "site_workers.id"],
            name=op.f("fk_crew_members_tenant_id_worker_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_crew_members_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_crew_members")),
    )
    distribute("crew_members")
    op.create_index("ix_crew_members_site", "crew_members", ["tenant_id", "site_id", "id"], unique=False)
    op.create_index(
        "uq_crew_members_present",
        "crew_members",
        ["tenant_id", "site_id", "worker_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "safety_acknowledgements",
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("engineer_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["documents.tenant_id", "documents.id"],
            name=op.f("fk_safety_acknowledgements_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "engineer_id"],
            ["engineers.tenant_id", "engineers.id"],
            name=op.f("fk_safety_acknowledgements_tenant_id_engineer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["sites.tenant_id", "sites.id"],
            name=op.f("fk_safety_acknowledgements_tenant_id_site_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "worker_id"],
            ["site_workers.tenant_id", "site_workers.id"],
            name=op.f("fk_safety_acknowledgements_tenant_id_worker_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_safety_acknowledgements_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_safety_acknowledgements")),
    )
    append_only("safety_acknowledgements")
    op.create_index(
        "ix_safety_acknowledgements_engineer", "safety_acknowledgements", ["tenant_id", "engineer_id"], unique=False
    )
    op.create_index(
        "ix_safety_acknowledgements_worker", "safety_acknowledgements", ["tenant_id", "worker_id"], unique=False
    )
    op.create_table(
        "safety_educations",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("topics", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("chaired_by", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["sites.tenant_id", "sites.id"],
            name=op.f("fk_safety_educations_tenant_id_site_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_safety_educations_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_safety_educations")),
    )
    append_only("safety_educations")
    op.create_index("ix_safety_educations_site", "safety_educations", ["tenant_id", "site_id", "id"], unique=False)
    op.create_table(
        "safety_permits",
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
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state in ('requested', 'approved', 'closed', 'refused')", name=op.f("ck_safety_permits_state_known")
        ),
        sa.CheckConstraint("valid_until > valid_from", name=op.f("ck_safety_permits_period")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "approver_engineer_id"],
            ["engineers.tenant_id", "engineers.id"],
            name=op.f("fk_safety_permits_tenant_id_approver_engineer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_safety_permits_tenant_id_site_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_safety_permits_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_safety_permits")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_safety_permits_tenant_id_number")),
    )
    distribute("safety_permits")
    op.create_index("ix_safety_permits_site", "safety_permits", ["tenant_id", "site_id", "id"], unique=False)
    op.create_table(
        "safety_watches",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Uuid(), nullable=True),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "engineer_id"],
            ["engineers.tenant_id", "engineers.id"],
            name=op.f("fk_safety_watches_tenant_id_engineer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_safety_watches_tenant_id_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "worker_id"],
            ["site_workers.tenant_id", "site_workers.id"],
            name=op.f("fk_safety_watches_tenant_id_worker_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_safety_watches_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_safety_watches")),
    )
    distribute("safety_watches")
    op.create_index("ix_safety_watches_site", "safety_watches", ["tenant_id", "site_id", "rule"], unique=False)
    op.create_table(
        "site_machines",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("defect", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state in ('ready', 'defective', 'in_repair', 'retired')", name=op.f("ck_site_machines_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_site_machines_tenant_id_site_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_site_machines_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_site_machines")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_site_machines_tenant_id_code")),
    )
    distribute("site_machines")
    op.create_index("ix_site_machines_site", "site_machines", ["tenant_id", "site_id", "id"], unique=False)
    op.create_table(
        "site_shifts",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("foreman", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('planned', 'running', 'closed')", name=op.f("ck_site_shifts_state_known")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_site_shifts_period")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_site_shifts_tenant_id_site_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_site_shifts_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_site_shifts")),
    )
    distribute("site_shifts")
    op.create_index("ix_site_shifts_site", "site_shifts", ["tenant_id", "site_id", "id"], unique=False)
    op.create_table(
        "worker_certificates",
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "worker_id"],
            ["site_workers.tenant_id", "site_workers.id"],
            name=op.f("fk_worker_certificates_tenant_id_worker_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_worker_certificates_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_worker_certificates")),
    )
    distribute("worker_certificates")
    op.create_index("ix_worker_certificates_worker", "worker_certificates", ["tenant_id", "worker_id"], unique=False)
    op.create_table(
        "briefing_signatures",
        sa.Column("sheet_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "sheet_id"],
            ["briefing_sheets.tenant_id", "briefing_sheets.id"],
            name=op.f("fk_briefing_signatures_tenant_id_sheet_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "worker_id"],
            ["site_workers.tenant_id", "site_workers.id"],
            name=op.f("fk_briefing_signatures_tenant_id_worker_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_briefing_signatures_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_briefing_signatures")),
        sa.UniqueConstraint(
            "tenant_id", "sheet_id", "worker_id", name=op.f("uq_briefing_signatures_tenant_id_sheet_id_worker_id")
        ),
    )
    distribute("briefing_signatures")
    op.create_table(
        "education_attendances",
        sa.Column("education_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("topics", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "education_id"],
            ["safety_educations.tenant_id", "safety_educations.id"],
            name=op.f("fk_education_attendances_tenant_id_education_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "worker_id"],
            ["site_workers.tenant_id", "site_workers.id"],
            name=op.f("fk_education_attendances_tenant_id_worker_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_education_attendances_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_education_attendances")),
        sa.UniqueConstraint(
            "tenant_id",
            "education_id",
            "worker_id",
            name=op.f("uq_education_attendances_tenant_id_education_id_worker_id"),
        ),
    )
    append_only("education_attendances")
    op.create_index(
        "ix_education_attendances_worker", "education_attendances", ["tenant_id", "worker_id"], unique=False
    )
    op.create_table(
        "gate_entries",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("permit_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("guard", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "permit_id"],
            ["safety_permits.tenant_id", "safety_permits.id"],
            name=op.f("fk_gate_entries_tenant_id_permit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_gate_entries_tenant_id_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "worker_id"],
            ["site_workers.tenant_id", "site_workers.id"],
            name=op.f("fk_gate_entries_tenant_id_worker_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_gate_entries_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_gate_entries")),
    )
    distribute("gate_entries")
    op.create_index("ix_gate_entries_site", "gate_entries", ["tenant_id", "site_id", "id"], unique=False)
    op.create_index(
        "uq_gate_entries_worker_inside",
        "gate_entries",
        ["tenant_id", "worker_id"],
        unique=True,
        postgresql_where=sa.text("left_at is null"),
    )
    op.create_table(
        "machine_repairs",
        sa.Column("machine_id", sa.Uuid(), nullable=False),
        sa.Column("repairer", sa.Text(), nullable=False),
        sa.Column("secured", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("attendant", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("repaired", sa.Boolean(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('open', 'done')", name=op.f("ck_machine_repairs_state_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "machine_id"],
            ["site_machines.tenant_id", "site_machines.id"],
            name=op.f("fk_machine_repairs_tenant_id_machine_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_machine_repairs_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_machine_repairs")),
    )
    distribute("machine_repairs")
    op.create_index("ix_machine_repairs_machine", "machine_repairs", ["tenant_id", "machine_id", "id"], unique=False)
    op.create_table(
        "machine_runs",
        sa.Column("machine_id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "machine_id"],
            ["site_machines.tenant_id", "site_machines.id"],
            name=op.f("fk_machine_runs_tenant_id_machine_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "shift_id"],
            ["site_shifts.tenant_id", "site_shifts.id"],
            name=op.f("fk_machine_runs_tenant_id_shift_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "worker_id"],
            ["site_workers.tenant_id", "site_workers.id"],
            name=op.f("fk_machine_runs_tenant_id_worker_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_machine_runs_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_machine_runs")),
    )
    distribute("machine_runs")
    op.create_index("ix_machine_runs_machine", "machine_runs", ["tenant_id", "machine_id", "id"], unique=False)
    op.create_index("ix_machine_runs_shift", "machine_runs", ["tenant_id", "shift_id"], unique=False)
    op.create_index(
        "uq_machine_runs_running",
        "machine_runs",
        ["tenant_id", "machine_id"],
        unique=True,
        postgresql_where=sa.text("stopped_at is null"),
    )
    op.create_table(
        "patrol_rounds",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("engineer_id", sa.Uuid(), nullable=True),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("hazard_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "engineer_id"],
            ["engineers.tenant_id", "engineers.id"],
            name=op.f("fk_patrol_rounds_tenant_id_engineer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "hazard_id"],
            ["hazards.tenant_id", "hazards.id"],
            name=op.f("fk_patrol_rounds_tenant_id_hazard_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_patrol_rounds_tenant_id_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "worker_id"],
            ["site_workers.tenant_id", "site_workers.id"],
            name=op.f("fk_patrol_rounds_tenant_id_worker_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_patrol_rounds_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_patrol_rounds")),
    )
    append_only("patrol_rounds")
    op.create_index(
        "ix_patrol_rounds_site", "patrol_rounds", ["tenant_id", "site_id", "rule", "area", "at"], unique=False
    )
    op.create_table(
        "safety_alerts",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("machine_id", sa.Uuid(), nullable=True),
        sa.Column("shift_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("message_zh", sa.Text(), nullable=False),
        sa.Column("message_en", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "machine_id"],
            ["site_machines.tenant_id", "site_machines.id"],
            name=op.f("fk_safety_alerts_tenant_id_machine_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "shift_id"],
            ["site_shifts.tenant_id", "site_shifts.id"],
            name=op.f("fk_safety_alerts_tenant_id_shift_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_safety_alerts_tenant_id_site_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_safety_alerts_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_safety_alerts")),
        sa.UniqueConstraint("tenant_id", "dedupe_key", name=op.f("uq_safety_alerts_tenant_id_dedupe_key")),
    )
    append_only("safety_alerts")
    op.create_index("ix_safety_alerts_site", "safety_alerts", ["tenant_id", "site_id", "id"], unique=False)
    op.create_table(
        "safety_violations",
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
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["documents.tenant_id", "documents.id"],
            name=op.f("fk_safety_violations_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "permit_id"],
            ["safety_permits.tenant_id", "safety_permits.id"],
            name=op.f("fk_safety_violations_tenant_id_permit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["sites.tenant_id", "sites.id"],
            name=op.f("fk_safety_violations_tenant_id_site_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "worker_id"],
            ["site_workers.tenant_id", "site_workers.id"],
            name=op.f("fk_safety_violations_tenant_id_worker_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_safety_violations_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_safety_violations")),
    )
    append_only("safety_violations")
    op.create_index("ix_safety_violations_permit", "safety_violations", ["tenant_id", "permit_id"], unique=False)
    op.create_index("ix_safety_violations_site", "safety_violations", ["tenant_id", "site_id", "at"], unique=False)
    op.create_table(
        "shift_meetings",
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("safety_topic", sa.Text(), nullable=False),
        sa.Column("topics", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("attendees", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "shift_id"],
            ["site_shifts.tenant_id", "site_shifts.id"],
            name=op.f("fk_shift_meetings_tenant_id_shift_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_shift_meetings_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_shift_meetings")),
        sa.UniqueConstraint("tenant_id", "shift_id", name=op.f("uq_shift_meetings_tenant_id_shift_id")),
    )
    append_only("shift_meetings")
    op.create_table(
        "inspections",
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
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("moment in ('before_shift', 'after_shift')", name=op.f("ck_inspections_moment_known")),
        sa.CheckConstraint("state in ('open', 'completed', 'cancelled')", name=op.f("ck_inspections_state_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "appointment_id"],
            ["service_appointments.tenant_id", "service_appointments.id"],
            name=op.f("fk_inspections_tenant_id_appointment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"], ["assets.tenant_id", "assets.id"], name=op.f("fk_inspections_tenant_id_asset_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["service_contracts.tenant_id", "service_contracts.id"],
            name=op.f("fk_inspections_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_inspections_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "machine_id"],
            ["site_machines.tenant_id", "site_machines.id"],
            name=op.f("fk_inspections_tenant_id_machine_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "shift_id"],
            ["site_shifts.tenant_id", "site_shifts.id"],
            name=op.f("fk_inspections_tenant_id_shift_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_inspections_tenant_id_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_inspections_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "work_order_id"],
            ["work_orders.tenant_id", "work_orders.id"],
            name=op.f("fk_inspections_tenant_id_work_order_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_inspections_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_inspections")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_inspections_tenant_id_number")),
    )
    distribute("inspections")
    op.create_index("ix_inspections_asset", "inspections", ["tenant_id", "asset_id", "id"], unique=False)
    op.create_index("ix_inspections_shift", "inspections", ["tenant_id", "shift_id", "machine_id"], unique=False)
    op.create_index("ix_inspections_site", "inspections", ["tenant_id", "site_id", "id"], unique=False)
    op.create_table(
        "inspection_answers",
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
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"],
            ["assets.tenant_id", "assets.id"],
            name=op.f("fk_inspection_answers_tenant_id_asset_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["documents.tenant_id", "documents.id"],
            name=op.f("fk_inspection_answers_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "inspection_id"],
            ["inspections.tenant_id", "inspections.id"],
            name=op.f("fk_inspection_answers_tenant_id_inspection_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_inspection_answers_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_inspection_answers")),
        sa.UniqueConstraint(
            "tenant_id", "inspection_id", "item", name=op.f("uq_inspection_answers_tenant_id_inspection_id_item")
        ),
    )
    distribute("inspection_answers")
    op.create_index(
        "ix_inspection_answers_trend", "inspection_answers", ["tenant_id", "asset_id", "item", "at"], unique=False
    )
    op.create_table(
        "inspection_findings",
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
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "consequence in ('record', 'ticket', 'work_order', 'hazard', 'block_machine', 'advice')",
            name=op.f("ck_inspection_findings_consequence_known"),
        ),
        sa.CheckConstraint(
            "severity in ('none', 'low', 'medium', 'high', 'critical')",
            name=op.f("ck_inspection_findings_severity_known"),
        ),
        sa.CheckConstraint("state in ('open', 'corrected')", name=op.f("ck_inspection_findings_state_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_inspection_findings_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "hazard_id"],
            ["hazards.tenant_id", "hazards.id"],
            name=op.f("fk_inspection_findings_tenant_id_hazard_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "inspection_id"],
            ["inspections.tenant_id", "inspections.id"],
            name=op.f("fk_inspection_findings_tenant_id_inspection_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "machine_id"],
            ["site_machines.tenant_id", "site_machines.id"],
            name=op.f("fk_inspection_findings_tenant_id_machine_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_inspection_findings_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "work_order_id"],
            ["work_orders.tenant_id", "work_orders.id"],
            name=op.f("fk_inspection_findings_tenant_id_work_order_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_inspection_findings_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_inspection_findings")),
    )
    distribute("inspection_findings")
    op.create_index(
        "ix_inspection_findings_inspection", "inspection_findings", ["tenant_id", "inspection_id", "id"], unique=False
    )
    op.create_index("ix_inspection_findings_ticket", "inspection_findings", ["tenant_id", "ticket_id"], unique=False)
    op.add_column("hazards", sa.Column("severity", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("hazards", "severity")
    op.drop_index("ix_inspection_findings_ticket", table_name="inspection_findings")
    op.drop_index("ix_inspection_findings_inspection", table_name="inspection_findings")
    op.drop_table("inspection_findings")
    op.drop_index("ix_inspection_answers_trend", table_name="inspection_answers")
    op.drop_table("inspection_answers")
    op.drop_index("ix_inspections_site", table_name="inspections")
    op.drop_index("ix_inspections_shift", table_name="inspections")
    op.drop_index("ix_inspections_asset", table_name="inspections")
    op.drop_table("inspections")
    op.drop_table("shift_meetings")
    op.drop_index("ix_safety_violations_site", table_name="safety_violations")
    op.drop_index("ix_safety_violations_permit", table_name="safety_violations")
    op.drop_table("safety_violations")
    op.drop_index("ix_safety_alerts_site", table_name="safety_alerts")
    op.drop_table("safety_alerts")
    op.drop_index("ix_patrol_rounds_site", table_name="patrol_rounds")
    op.drop_table("patrol_rounds")
    op.drop_index("uq_machine_runs_running", table_name="machine_runs", postgresql_where=sa.text("stopped_at is null"))
    op.drop_index("ix_machine_runs_shift", table_name="machine_runs")
    op.drop_index("ix_machine_runs_machine", table_name="machine_runs")
    op.drop_table("machine_runs")
    op.drop_index("ix_machine_repairs_machine", table_name="machine_repairs")
    op.drop_table("machine_repairs")
    op.drop_index(
        "uq_gate_entries_worker_inside", table_name="gate_entries", postgresql_where=sa.text("left_at is null")
    )
    op.drop_index("ix_gate_entries_site", table_name="gate_entries")
    op.drop_table("gate_entries")
    op.drop_index("ix_education_attendances_worker", table_name="education_attendances")
    op.drop_table("education_attendances")
    op.drop_table("briefing_signatures")
    op.drop_index("ix_worker_certificates_worker", table_name="worker_certificates")
    op.drop_table("worker_certificates")
    op.drop_index("ix_site_shifts_site", table_name="site_shifts")
    op.drop_table("site_shifts")
    op.drop_index("ix_site_machines_site", table_name="site_machines")
    op.drop_table("site_machines")
    op.drop_index("ix_safety_watches_site", table_name="safety_watches")
    op.drop_table("safety_watches")
    op.drop_index("ix_safety_permits_site", table_name="safety_permits")
    op.drop_table("safety_permits")
    op.drop_index("ix_safety_educations_site", table_name="safety_educations")
    op.drop_table("safety_educations")
    op.drop_index("ix_safety_acknowledgements_worker", table_name="safety_acknowledgements")
    op.drop_index("ix_safety_acknowledgements_engineer", table_name="safety_acknowledgements")
    op.drop_table("safety_acknowledgements")
    op.drop_index("uq_crew_members_present", table_name="crew_members", postgresql_where=sa.text("ended_at is null"))
    op.drop_index("ix_crew_members_site", table_name="crew_members")
    op.drop_table("crew_members")
    op.drop_index("ix_briefing_sheets_site", table_name="briefing_sheets")
    op.drop_table("briefing_sheets")
    op.drop_table("site_workers")
    op.drop_table("safety_standards")
    op.drop_table("checklist_templates")
