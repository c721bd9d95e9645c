"""amendments that wait for their day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("service_contracts", sa.Column("coming", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("service_contracts", sa.Column("coming_on", sa.Date(), nullable=True))
    op.add_column("service_contracts", sa.Column("coming_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_service_contracts_coming",
        "service_contracts",
        ["tenant_id", "coming_at"],
        unique=False,
        postgresql_where=sa.text("coming_at is not null"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_service_contracts_coming",
        table_name="service_contracts",
        postgresql_where=sa.text("coming_at is not null"),
    )
    op.drop_column("service_contracts", "coming_at")
    op.drop_column("service_contracts", "coming_on")
    op.drop_column("service_contracts", "coming")
