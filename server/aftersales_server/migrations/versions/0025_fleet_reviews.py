"""Reviews of whole fleets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aftersales_server.migrations.support import append_only, distribute

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fleet_reviews",
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("asset_type", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("symptoms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("after", sa.Uuid(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("assets_decided", sa.Integer(), nullable=False),
        sa.Column("outcomes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("playbook_key", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('running', 'done', 'cancelled')", name=op.f("ck_fleet_reviews_state_known")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_fleet_reviews_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_fleet_reviews")),
    )
    distribute("fleet_reviews")
    op.create_index("ix_fleet_reviews_created", "fleet_reviews", ["tenant_id", "created_at"], unique=False)
    op.create_index(
        "ix_fleet_reviews_running",
        "fleet_reviews",
        ["tenant_id", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_table(
        "fleet_verdicts",
        sa.Column("fleet_review_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("payer", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("phase", sa.Text(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "outcome in ('free', 'cost_only', 'bill_full', 'advise_only', 'reject')",
            name=op.f("ck_fleet_verdicts_outcome_known"),
        ),
        sa.CheckConstraint(
            "payer in ('company', 'customer', 'damager', 'dealer', 'supplier')",
            name=op.f("ck_fleet_verdicts_payer_known"),
        ),
        sa.CheckConstraint(
            "phase in ('in_term', 'after_term')",
            name=op.f("ck_fleet_verdicts_phase_known"),
        ),
        sa.CheckConstraint(
            "reason in ('COVERED', 'CAUSE_OPEN', 'EXCLUSION_UNPROVEN', 'EXCLUDED', 'EXPIRED', 'USAGE_EXCEEDED', 'FORMALITY_MISSING', 'CAUSE_NOT_COVERED', 'DEALER_PROMISE')",
            name=op.f("ck_fleet_verdicts_reason_known"),
        ),
        sa.CheckConstraint(
            "(outcome is null) = (refusal is not null)",
            name=op.f("ck_fleet_verdicts_verdict_or_refusal"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"],
            ["assets.tenant_id", "assets.id"],
            name=op.f("fk_fleet_verdicts_tenant_id_asset_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "fleet_review_id"],
            ["fleet_reviews.tenant_id", "fleet_reviews.id"],
            name=op.f("fk_fleet_verdicts_tenant_id_fleet_review_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_fleet_verdicts_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_fleet_verdicts")),
        sa.UniqueConstraint(
            "tenant_id",
            "fleet_review_id",
            "asset_id",
            name=op.f("uq_fleet_verdicts_tenant_id_fleet_review_id_asset_id"),
        ),
    )
    append_only("fleet_verdicts")
    op.create_index("ix_fleet_verdicts_review", "fleet_verdicts", ["tenant_id", "fleet_review_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_fleet_verdicts_review", table_name="fleet_verdicts")
    op.drop_table("fleet_verdicts")
    op.drop_index("ix_fleet_reviews_running", table_name="fleet_reviews", postgresql_where=sa.text("state = 'running'"))
    op.drop_index("ix_fleet_reviews_created", table_name="fleet_reviews")
    op.drop_table("fleet_reviews")
