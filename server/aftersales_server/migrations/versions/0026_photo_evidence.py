"""Uploaded photos as the evidence of an inspection; exports that a worker makes."""

import sqlalchemy as sa
from alembic import op

from aftersales_server.migrations.support import distribute

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

SUBJECTS = "'record', 'document', 'ticket', 'work_order', 'asset', 'customer', 'contract'"


def upgrade() -> None:
    op.add_column("inspection_answers", sa.Column("file_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_inspection_answers_tenant_id_file_id"),
        "inspection_answers", "stored_files", ["tenant_id", "file_id"], ["tenant_id", "id"],
    )  # fmt: skip
    _known(f"{SUBJECTS}, 'inspection'")
    op.create_table(
        "data_exports",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("customer_code", sa.Text(), nullable=True),
        sa.Column("vertical", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind in ('customers', 'contacts', 'sites', 'assets', 'contracts', 'history')",
            name=op.f("ck_data_exports_kind_known"),
        ),
        sa.CheckConstraint("format in ('csv', 'xlsx')", name=op.f("ck_data_exports_format_known")),
        sa.CheckConstraint(
            "state in ('waiting', 'done', 'failed', 'expired')", name=op.f("ck_data_exports_state_known")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_data_exports_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_data_exports")),
    )
    distribute("data_exports")
    op.create_index("ix_data_exports_created", "data_exports", ["tenant_id", "created_at"], unique=False)


def downgrade() -> None:
    op.drop_table("data_exports")
    _known(SUBJECTS)
    op.drop_constraint(op.f("fk_inspection_answers_tenant_id_file_id"), "inspection_answers", type_="foreignkey")
    op.drop_column("inspection_answers", "file_id")


def _known(subjects: str) -> None:
    name = op.f("ck_stored_files_subject_type_known")
    op.drop_constraint(name, "stored_files", type_="check")
    op.create_check_constraint(name, "stored_files", f"subject_type in ({subjects})")
