"""one fleet review of a tenant at a time, however many are started at once."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_RUNNING = sa.text("state = 'running'")


def upgrade() -> None:
    op.drop_index("ix_fleet_reviews_running", table_name="fleet_reviews", postgresql_where=_RUNNING)
    op.create_index("uq_fleet_reviews_running", "fleet_reviews", ["tenant_id"], unique=True, postgresql_where=_RUNNING)


def downgrade() -> None:
    op.drop_index("uq_fleet_reviews_running", table_name="fleet_reviews", postgresql_where=_RUNNING)
    op.create_index(
        "ix_fleet_reviews_running", "fleet_reviews", ["tenant_id", "id"], unique=False, postgresql_where=_RUNNING
    )
