"""reminders of what customers do themselves; the language in which a contact is told."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("contacts", sa.Column("language", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_contacts_language_known"), "contacts", "language in ('zh-CN', 'en')")
    op.add_column("planned_obligations", sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_planned_obligations_remind", "planned_obligations", ["remind_at"],
        postgresql_where=sa.text("remind_at is not null"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index(
        "ix_planned_obligations_remind", table_name="planned_obligations",
        postgresql_where=sa.text("remind_at is not null"),
    )  # fmt: skip
    op.drop_column("planned_obligations", "remind_at")
    op.drop_constraint(op.f("ck_contacts_language_known"), "contacts", type_="check")
    op.drop_column("contacts", "language")
