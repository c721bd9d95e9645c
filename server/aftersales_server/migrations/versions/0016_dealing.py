"""dealing: money between company and dealer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aftersales_server.migrations.support import append_only, distribute

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dealer_settlements",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("service_unit_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("taken", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("claims", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("notice_reference", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("approved_by", sa.Text(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offset_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state in ('approved', 'noticed', 'confirmed', 'offset', 'disputed')",
            name=op.f("ck_dealer_settlements_state_known"),
        ),
        sa.CheckConstraint("taken between 0 and amount", name=op.f("ck_dealer_settlements_taken_amount")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_unit_id"],
            ["service_units.tenant_id", "service_units.id"],
            name=op.f("fk_dealer_settlements_tenant_id_service_unit_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_dealer_settlements_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_dealer_settlements")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_dealer_settlements_tenant_id_number")),
    )
    distribute("dealer_settlements")
    op.create_index(
        "ix_dealer_settlements_unit", "dealer_settlements", ["tenant_id", "service_unit_id", "id"], unique=False
    )
    op.create_table(
        "part_orders",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("service_unit_id", sa.Uuid(), nullable=False),
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("total", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("paid", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shipping_reference", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state in ('ordered', 'paid', 'shipped', 'cancelled')", name=op.f("ck_part_orders_state_known")
        ),
        sa.CheckConstraint("paid between 0 and total", name=op.f("ck_part_orders_paid_amount")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_unit_id"],
            ["service_units.tenant_id", "service_units.id"],
            name=op.f("fk_part_orders_tenant_id_service_unit_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_part_orders_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_part_orders")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_part_orders_tenant_id_number")),
    )
    distribute("part_orders")
    op.create_index("ix_part_orders_unit", "part_orders", ["tenant_id", "service_unit_id", "id"], unique=False)
    op.create_table(
        "stock_returns",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("service_unit_id", sa.Uuid(), nullable=False),
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("freight", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("restoration", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("freight_payer", sa.Text(), nullable=False),
        sa.Column("restoration_payer", sa.Text(), nullable=True),
        sa.Column("company_bears", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("dealer_bears", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("freight_payer in ('company', 'dealer')", name=op.f("ck_stock_returns_freight_payer_known")),
        sa.CheckConstraint(
            "restoration_payer in ('company', 'dealer')", name=op.f("ck_stock_returns_restoration_payer_known")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_unit_id"],
            ["service_units.tenant_id", "service_units.id"],
            name=op.f("fk_stock_returns_tenant_id_service_unit_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_stock_returns_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_stock_returns")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_stock_returns_tenant_id_number")),
    )
    append_only("stock_returns")
    op.create_index("ix_stock_returns_unit", "stock_returns", ["tenant_id", "service_unit_id", "id"], unique=False)
    op.create_table(
        "dealer_entries",
        sa.Column("service_unit_id", sa.Uuid(), nullable=False),
        sa.Column("settlement_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('charge', 'payment', 'offset')", name=op.f("ck_dealer_entries_kind_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_unit_id"],
            ["service_units.tenant_id", "service_units.id"],
            name=op.f("fk_dealer_entries_tenant_id_service_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "settlement_id"],
            ["dealer_settlements.tenant_id", "dealer_settlements.id"],
            name=op.f("fk_dealer_entries_tenant_id_settlement_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_dealer_entries_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_dealer_entries")),
    )
    append_only("dealer_entries")
    op.create_index(
        "ix_dealer_entries_unit", "dealer_entries", ["tenant_id", "service_unit_id", "currency", "id"], unique=False
    )
    op.create_table(
        "remedy_demands",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("demanded", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("quality_confirmed", sa.Boolean(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("granted", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("authority", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "demanded in ('repair', 'exchange', 'return', 'refund', 'compensation')",
            name=op.f("ck_remedy_demands_demanded_known"),
        ),
        sa.CheckConstraint(
            "granted in ('repair', 'exchange', 'return', 'refund', 'compensation')",
            name=op.f("ck_remedy_demands_granted_known"),
        ),
        sa.CheckConstraint(
            "state in ('recorded', 'granted', 'granted_other', 'refused')", name=op.f("ck_remedy_demands_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_remedy_demands_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_remedy_demands_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_remedy_demands_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_remedy_demands")),
    )
    distribute("remedy_demands")
    op.create_index("ix_remedy_demands_ticket", "remedy_demands", ["tenant_id", "ticket_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_remedy_demands_ticket", table_name="remedy_demands")
    op.drop_table("remedy_demands")
    op.drop_index("ix_dealer_entries_unit", table_name="dealer_entries")
    op.drop_table("dealer_entries")
    op.drop_index("ix_stock_returns_unit", table_name="stock_returns")
    op.drop_table("stock_returns")
    op.drop_index("ix_part_orders_unit", table_name="part_orders")
    op.drop_table("part_orders")
    op.drop_index("ix_dealer_settlements_unit", table_name="dealer_settlements")
    op.drop_table("dealer_settlements")
