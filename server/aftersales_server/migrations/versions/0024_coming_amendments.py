"""amendments that wait for their day; work orders for what a contract made due."""

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
    op.add_column("work_orders", sa.Column("due_on", sa.Date(), nullable=True))
    op.add_column("work_orders", sa.Column("contract_task_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_work_orders_tenant_id_contract_task_id"),
        "work_orders",
        "contract_tasks",
        ["tenant_id", "contract_task_id"],
        ["tenant_id", "id"],
    )
    op.create_index("ix_work_orders_contract_task", "work_orders", ["tenant_id", "contract_task_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_work_orders_contract_task", table_name="work_orders")
    op.drop_constraint(op.f("fk_work_orders_tenant_id_contract_task_id"), "work_orders", type_="foreignkey")
    op.drop_column("work_orders", "contract_task_id")
    op.drop_column("work_orders", "due_on")
    op.drop_index(
        "ix_service_contracts_coming",
        table_name="service_contracts",
        postgresql_where=sa.text("coming_at is not null"),
    )
    op.drop_column("service_contracts", "coming_at")
    op.drop_column("service_contracts", "coming_on")
    op.drop_column("service_contracts", "coming")
