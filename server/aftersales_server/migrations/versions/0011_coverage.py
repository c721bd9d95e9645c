"""coverage."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aftersales_server.migrations.support import append_only

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coverage_decisions",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("warranty_class", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("usage", sa.Integer(), nullable=True),
        sa.Column("symptoms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("remedies", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("must_match", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("playbook_key", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "outcome in ('free', 'cost_only', 'bill_full', 'advise_only', 'reject')",
            name=op.f("ck_coverage_decisions_outcome_known"),
        ),
        sa.CheckConstraint(
            "payer in ('company', 'customer', 'damager', 'dealer', 'supplier')",
            name=op.f("ck_coverage_decisions_payer_known"),
        ),
        sa.CheckConstraint("phase in ('in_term', 'after_term')", name=op.f("ck_coverage_decisions_phase_known")),
        sa.CheckConstraint(
            "reason in ('COVERED', 'CAUSE_OPEN', 'EXCLUSION_UNPROVEN', 'EXCLUDED', 'EXPIRED', 'USAGE_EXCEEDED', 'FORMALITY_MISSING', 'CAUSE_NOT_COVERED', 'DEALER_PROMISE')",
            name=op.f("ck_coverage_decisions_reason_known"),
        ),
        sa.CheckConstraint("sequence > 0", name=op.f("ck_coverage_decisions_sequence_positive")),
        sa.CheckConstraint("usage >= 0", name=op.f("ck_coverage_decisions_usage_not_negative")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"],
            ["assets.tenant_id", "assets.id"],
            name=op.f("fk_coverage_decisions_tenant_id_asset_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["service_contracts.tenant_id", "service_contracts.id"],
            name=op.f("fk_coverage_decisions_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_coverage_decisions_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_coverage_decisions_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_coverage_decisions")),
        sa.UniqueConstraint(
            "tenant_id",
            "ticket_id",
            "component",
            "sequence",
            name=op.f("uq_coverage_decisions_tenant_id_ticket_id_component_sequence"),
        ),
    )
    append_only("coverage_decisions")
    op.create_index(
        "ix_coverage_decisions_asset", "coverage_decisions", ["tenant_id", "asset_id", "component", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_coverage_decisions_asset", table_name="coverage_decisions")
    op.drop_table("coverage_decisions")
