"""plans and contracts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aftersales_server.migrations.support import append_only, distribute

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "term_snapshots",
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("playbook_key", sa.Text(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_term_snapshots_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_term_snapshots")),
    )
    append_only("term_snapshots")
    op.create_table(
        "dealer_agreements",
        sa.Column("service_unit_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("regions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_dealer_agreements_period")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_unit_id"],
            ["service_units.tenant_id", "service_units.id"],
            name=op.f("fk_dealer_agreements_tenant_id_service_unit_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_dealer_agreements_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_dealer_agreements")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_dealer_agreements_tenant_id_number")),
    )
    distribute("dealer_agreements")
    op.create_index("ix_dealer_agreements_unit", "dealer_agreements", ["tenant_id", "service_unit_id"], unique=False)
    op.create_table(
        "service_plans",
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("changes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("terms_id", sa.Uuid(), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('draft', 'published', 'retired')", name=op.f("ck_service_plans_state_known")),
        sa.CheckConstraint("edition > 0", name=op.f("ck_service_plans_edition_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "terms_id"],
            ["term_snapshots.tenant_id", "term_snapshots.id"],
            name=op.f("fk_service_plans_tenant_id_terms_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_service_plans_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_service_plans")),
        sa.UniqueConstraint(
            "tenant_id", "vertical", "edition", name=op.f("uq_service_plans_tenant_id_vertical_edition")
        ),
    )
    distribute("service_plans")
    op.create_index(
        "ix_service_plans_effective", "service_plans", ["tenant_id", "vertical", "effective_from"], unique=False
    )
    op.create_table(
        "contract_approvals",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("party in ('company', 'customer')", name=op.f("ck_contract_approvals_party_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["service_contracts.tenant_id", "service_contracts.id"],
            name=op.f("fk_contract_approvals_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_contract_approvals_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contract_approvals")),
        sa.UniqueConstraint(
            "tenant_id",
            "contract_id",
            "step",
            "party",
            name=op.f("uq_contract_approvals_tenant_id_contract_id_step_party"),
        ),
    )
    append_only("contract_approvals")
    op.create_table(
        "contract_revisions",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("terms_id", sa.Uuid(), nullable=True),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("differences", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('signed', 'amended', 'renewed')", name=op.f("ck_contract_revisions_kind_known")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_contract_revisions_revision_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["service_contracts.tenant_id", "service_contracts.id"],
            name=op.f("fk_contract_revisions_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "terms_id"],
            ["term_snapshots.tenant_id", "term_snapshots.id"],
            name=op.f("fk_contract_revisions_tenant_id_terms_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_contract_revisions_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contract_revisions")),
        sa.UniqueConstraint(
            "tenant_id", "contract_id", "revision", name=op.f("uq_contract_revisions_tenant_id_contract_id_revision")
        ),
    )
    append_only("contract_revisions")
    op.create_table(
        "contract_tasks",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('open', 'done', 'cancelled')", name=op.f("ck_contract_tasks_state_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["service_contracts.tenant_id", "service_contracts.id"],
            name=op.f("fk_contract_tasks_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_contract_tasks_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contract_tasks")),
        sa.UniqueConstraint(
            "tenant_id", "contract_id", "task", name=op.f("uq_contract_tasks_tenant_id_contract_id_task")
        ),
    )
    distribute("contract_tasks")
    op.create_table(
        "quality_findings",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["service_contracts.tenant_id", "service_contracts.id"],
            name=op.f("fk_quality_findings_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_quality_findings_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_quality_findings_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_quality_findings")),
        sa.UniqueConstraint(
            "tenant_id", "ticket_id", "component", name=op.f("uq_quality_findings_tenant_id_ticket_id_component")
        ),
    )
    append_only("quality_findings")
    op.add_column("service_contracts", sa.Column("service_plan_id", sa.Uuid(), nullable=True))
    op.add_column("service_contracts", sa.Column("terms_id", sa.Uuid(), nullable=True))
    op.add_column("service_contracts", sa.Column("revision", sa.Integer(), server_default="1", nullable=False))
    op.add_column("service_contracts", sa.Column("effective_from", sa.Date(), nullable=True))
    op.add_column("service_contracts", sa.Column("phase", sa.Text(), nullable=True))
    op.add_column("service_contracts", sa.Column("phase_since", sa.Date(), nullable=True))
    op.add_column("service_contracts", sa.Column("phase_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("service_contracts", sa.Column("free_until", sa.Date(), nullable=True))
    op.add_column(
        "service_contracts",
        sa.Column(
            "start_events", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
    )
    op.add_column(
        "service_contracts",
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.create_index(
        "ix_service_contracts_phase_due",
        "service_contracts",
        ["tenant_id", "phase_due_at"],
        unique=False,
        postgresql_where=sa.text("phase_due_at is not null"),
    )
    op.create_foreign_key(
        op.f("fk_service_contracts_tenant_id_terms_id"),
        "service_contracts",
        "term_snapshots",
        ["tenant_id", "terms_id"],
        ["tenant_id", "id"],
    )
    op.create_foreign_key(
        op.f("fk_service_contracts_tenant_id_service_plan_id"),
        "service_contracts",
        "service_plans",
        ["tenant_id", "service_plan_id"],
        ["tenant_id", "id"],
    )
    op.create_check_constraint(op.f("ck_service_contracts_revision_positive"), "service_contracts", "revision > 0")
    op.drop_constraint(op.f("ck_service_contracts_state_known"), "service_contracts", type_="check")
    op.create_check_constraint(
        op.f("ck_service_contracts_state_known"), "service_contracts", "state in ('active', 'pending', 'ended')"
    )
    op.add_column("tickets", sa.Column("billable", sa.Boolean(), server_default=sa.text("false"), nullable=False))


def downgrade() -> None:
    op.drop_column("tickets", "billable")
    op.drop_constraint(op.f("ck_service_contracts_state_known"), "service_contracts", type_="check")
    op.create_check_constraint(
        op.f("ck_service_contracts_state_known"), "service_contracts", "state in ('active', 'ended')"
    )
    op.drop_constraint(op.f("ck_service_contracts_revision_positive"), "service_contracts", type_="check")
    op.drop_constraint(op.f("fk_service_contracts_tenant_id_service_plan_id"), "service_contracts", type_="foreignkey")
    op.drop_constraint(op.f("fk_service_contracts_tenant_id_terms_id"), "service_contracts", type_="foreignkey")
    op.drop_index(
        "ix_service_contracts_phase_due",
        table_name="service_contracts",
        postgresql_where=sa.text("phase_due_at is not null"),
    )
    op.drop_column("service_contracts", "fields")
    op.drop_column("service_contracts", "start_events")
    op.drop_column("service_contracts", "free_until")
    op.drop_column("service_contracts", "phase_due_at")
    op.drop_column("service_contracts", "phase_since")
    op.drop_column("service_contracts", "phase")
    op.drop_column("service_contracts", "effective_from")
    op.drop_column("service_contracts", "revision")
    op.drop_column("service_contracts", "terms_id")
    op.drop_column("service_contracts", "service_plan_id")
    op.drop_table("quality_findings")
    op.drop_table("contract_tasks")
    op.drop_table("contract_revisions")
    op.drop_table("contract_approvals")
    op.drop_index("ix_service_plans_effective", table_name="service_plans")
    op.drop_table("service_plans")
    op.drop_index("ix_dealer_agreements_unit", table_name="dealer_agreements")
    op.drop_table("dealer_agreements")
    op.drop_table("term_snapshots")
