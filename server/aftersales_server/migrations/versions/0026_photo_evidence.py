"""Uploaded photos as the evidence of an inspection."""

import sqlalchemy as sa
from alembic import op

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


def downgrade() -> None:
    _known(SUBJECTS)
    op.drop_constraint(op.f("fk_inspection_answers_tenant_id_file_id"), "inspection_answers", type_="foreignkey")
    op.drop_column("inspection_answers", "file_id")


def _known(subjects: str) -> None:
    name = op.f("ck_stored_files_subject_type_known")
    op.drop_constraint(name, "stored_files", type_="check")
    op.create_check_constraint(name, "stored_files", f"subject_type in ({subjects})")
