"""Count claims of an outbox message that ended without a word, and find those done long ago."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox_messages", sa.Column("lapses", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("outbox_messages", "lapses", server_default=None)
    op.create_index(
        "ix_outbox_messages_done",
        "outbox_messages",
        ["done_at", "tenant_id"],
        unique=False,
        postgresql_where=sa.text("done_at is not null"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_outbox_messages_done", table_name="outbox_messages", postgresql_where=sa.text("done_at is not null")
    )
    op.drop_column("outbox_messages", "lapses")
