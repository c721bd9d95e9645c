"""campaigns and guarantees."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aftersales_server.migrations.support import append_only, distribute

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaigns",
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prepare_by", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("offers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("labour", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("parameters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("labour_rate", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("stacking", sa.Text(), nullable=False),
        sa.Column("tier_mode", sa.Text(), nullable=False),
        sa.Column("budget", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("playbook_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_campaigns_currency_code")),
        sa.CheckConstraint("stacking in ('specific_first', 'lowest_price')", name=op.f("ck_campaigns_stacking_known")),
        sa.CheckConstraint("state in ('draft', 'published', 'ended')", name=op.f("ck_campaigns_state_known")),
        sa.CheckConstraint("tier_mode in ('cumulative', 'highest')", name=op.f("ck_campaigns_tier_mode_known")),
        sa.CheckConstraint("budget >= 0", name=op.f("ck_campaigns_budget_amount")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_campaigns_period")),
        sa.CheckConstraint("labour_rate > 0", name=op.f("ck_campaigns_labour_rate_positive")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_campaigns_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint(
            "tenant_id", "vertical", "code", "year", name=op.f("uq_campaigns_tenant_id_vertical_code_year")
        ),
    )
    distribute("campaigns")
    op.create_table(
        "service_guarantees",
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("threshold", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("inclusive", sa.Boolean(), nullable=False),
        sa.Column("excludes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("categories", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=True),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("checkpoints", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "metric in ('survival_rate', 'availability', 'zero_count')", name=op.f("ck_service_guarantees_metric_known")
        ),
        sa.CheckConstraint("state in ('active', 'ended')", name=op.f("ck_service_guarantees_state_known")),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_service_guarantees_period")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"],
            ["assets.tenant_id", "assets.id"],
            name=op.f("fk_service_guarantees_tenant_id_asset_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["service_contracts.tenant_id", "service_contracts.id"],
            name=op.f("fk_service_guarantees_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_service_guarantees_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["sites.tenant_id", "sites.id"],
            name=op.f("fk_service_guarantees_tenant_id_site_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_service_guarantees_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_service_guarantees")),
    )
    distribute("service_guarantees")
    op.create_index("ix_service_guarantees_asset", "service_guarantees", ["tenant_id", "asset_id"], unique=False)
    op.create_index("ix_service_guarantees_site", "service_guarantees", ["tenant_id", "site_id"], unique=False)
    op.create_table(
        "campaign_orders",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("service_unit_id", sa.Uuid(), nullable=True),
        sa.Column("order_type", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("listed", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("payable", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("saved", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("routine_spend", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("segment", sa.Text(), nullable=True),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "order_type in ('routine', 'accident', 'warranty')", name=op.f("ck_campaign_orders_order_type_known")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"],
            ["assets.tenant_id", "assets.id"],
            name=op.f("fk_campaign_orders_tenant_id_asset_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "campaign_id"],
            ["campaigns.tenant_id", "campaigns.id"],
            name=op.f("fk_campaign_orders_tenant_id_campaign_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_campaign_orders_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_unit_id"],
            ["service_units.tenant_id", "service_units.id"],
            name=op.f("fk_campaign_orders_tenant_id_service_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_campaign_orders_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_campaign_orders_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_campaign_orders")),
        sa.UniqueConstraint(
            "tenant_id", "campaign_id", "number", name=op.f("uq_campaign_orders_tenant_id_campaign_id_number")
        ),
    )
    append_only("campaign_orders")
    op.create_index(
        "ix_campaign_orders_day", "campaign_orders", ["tenant_id", "campaign_id", "asset_id", "day"], unique=False
    )
    op.create_table(
        "guarantee_counts",
        sa.Column("guarantee_id", sa.Uuid(), nullable=False),
        sa.Column("checkpoint_on", sa.Date(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["documents.tenant_id", "documents.id"],
            name=op.f("fk_guarantee_counts_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "guarantee_id"],
            ["service_guarantees.tenant_id", "service_guarantees.id"],
            name=op.f("fk_guarantee_counts_tenant_id_guarantee_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_guarantee_counts_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_guarantee_counts")),
    )
    append_only("guarantee_counts")
    op.create_index(
        "ix_guarantee_counts_checkpoint",
        "guarantee_counts",
        ["tenant_id", "guarantee_id", "checkpoint_on", "id"],
        unique=False,
    )
    op.create_table(
        "guarantee_downtimes",
        sa.Column("guarantee_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("planned", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state in ('down', 'up')", name=op.f("ck_guarantee_downtimes_state_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "guarantee_id"],
            ["service_guarantees.tenant_id", "service_guarantees.id"],
            name=op.f("fk_guarantee_downtimes_tenant_id_guarantee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_guarantee_downtimes_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_guarantee_downtimes_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_guarantee_downtimes")),
    )
    append_only("guarantee_downtimes")
    op.create_index(
        "ix_guarantee_downtimes_ledger", "guarantee_downtimes", ["tenant_id", "guarantee_id", "at", "id"], unique=False
    )
    op.create_table(
        "guarantee_incidents",
        sa.Column("guarantee_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "guarantee_id"],
            ["service_guarantees.tenant_id", "service_guarantees.id"],
            name=op.f("fk_guarantee_incidents_tenant_id_guarantee_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_guarantee_incidents_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_guarantee_incidents_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_guarantee_incidents")),
    )
    append_only("guarantee_incidents")
    op.create_index(
        "ix_guarantee_incidents_ledger", "guarantee_incidents", ["tenant_id", "guarantee_id", "at", "id"], unique=False
    )
    op.create_table(
        "campaign_gifts",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("offer", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("gift", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("tier", sa.Boolean(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("earned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_by", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_campaign_gifts_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"],
            ["assets.tenant_id", "assets.id"],
            name=op.f("fk_campaign_gifts_tenant_id_asset_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "campaign_id"],
            ["campaigns.tenant_id", "campaigns.id"],
            name=op.f("fk_campaign_gifts_tenant_id_campaign_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["campaign_orders.tenant_id", "campaign_orders.id"],
            name=op.f("fk_campaign_gifts_tenant_id_order_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_campaign_gifts_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_campaign_gifts")),
        sa.UniqueConstraint(
            "tenant_id", "campaign_id", "key", name=op.f("uq_campaign_gifts_tenant_id_campaign_id_key")
        ),
    )
    distribute("campaign_gifts")
    op.create_index(
        "ix_campaign_gifts_day", "campaign_gifts", ["tenant_id", "campaign_id", "asset_id", "day"], unique=False
    )
    op.create_index("ix_campaign_gifts_order", "campaign_gifts", ["tenant_id", "order_id"], unique=False)
    op.create_table(
        "campaign_uses",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("offer", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("saved", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "campaign_id"],
            ["campaigns.tenant_id", "campaigns.id"],
            name=op.f("fk_campaign_uses_tenant_id_campaign_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "order_id"],
            ["campaign_orders.tenant_id", "campaign_orders.id"],
            name=op.f("fk_campaign_uses_tenant_id_order_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_campaign_uses_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_campaign_uses")),
        sa.UniqueConstraint("tenant_id", "order_id", "offer", name=op.f("uq_campaign_uses_tenant_id_order_id_offer")),
    )
    append_only("campaign_uses")
    op.create_index("ix_campaign_uses_campaign", "campaign_uses", ["tenant_id", "campaign_id", "offer"], unique=False)
    op.create_table(
        "guarantee_checks",
        sa.Column("guarantee_id", sa.Uuid(), nullable=False),
        sa.Column("checkpoint_on", sa.Date(), nullable=False),
        sa.Column("count_id", sa.Uuid(), nullable=True),
        sa.Column("met", sa.Boolean(), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=6), nullable=True),
        sa.Column("shortfall", sa.Integer(), nullable=False),
        sa.Column("measured", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "count_id"],
            ["guarantee_counts.tenant_id", "guarantee_counts.id"],
            name=op.f("fk_guarantee_checks_tenant_id_count_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "guarantee_id"],
            ["service_guarantees.tenant_id", "service_guarantees.id"],
            name=op.f("fk_guarantee_checks_tenant_id_guarantee_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_guarantee_checks_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_guarantee_checks")),
        sa.UniqueConstraint(
            "tenant_id",
            "guarantee_id",
            "checkpoint_on",
            name=op.f("uq_guarantee_checks_tenant_id_guarantee_id_checkpoint_on"),
        ),
    )
    append_only("guarantee_checks")
    op.create_table(
        "guarantee_remedies",
        sa.Column("guarantee_id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("species", sa.Text(), nullable=False),
        sa.Column("size", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("due_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('due', 'done')", name=op.f("ck_guarantee_remedies_state_known")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_guarantee_remedies_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "check_id"],
            ["guarantee_checks.tenant_id", "guarantee_checks.id"],
            name=op.f("fk_guarantee_remedies_tenant_id_check_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "guarantee_id"],
            ["service_guarantees.tenant_id", "service_guarantees.id"],
            name=op.f("fk_guarantee_remedies_tenant_id_guarantee_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_guarantee_remedies_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_guarantee_remedies")),
    )
    distribute("guarantee_remedies")
    op.create_index(
        "ix_guarantee_remedies_guarantee", "guarantee_remedies", ["tenant_id", "guarantee_id", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_guarantee_remedies_guarantee", table_name="guarantee_remedies")
    op.drop_table("guarantee_remedies")
    op.drop_table("guarantee_checks")
    op.drop_index("ix_campaign_uses_campaign", table_name="campaign_uses")
    op.drop_table("campaign_uses")
    op.drop_index("ix_campaign_gifts_order", table_name="campaign_gifts")
    op.drop_index("ix_campaign_gifts_day", table_name="campaign_gifts")
    op.drop_table("campaign_gifts")
    op.drop_index("ix_guarantee_incidents_ledger", table_name="guarantee_incidents")
    op.drop_table("guarantee_incidents")
    op.drop_index("ix_guarantee_downtimes_ledger", table_name="guarantee_downtimes")
    op.drop_table("guarantee_downtimes")
    op.drop_index("ix_guarantee_counts_checkpoint", table_name="guarantee_counts")
    op.drop_table("guarantee_counts")
    op.drop_index("ix_campaign_orders_day", table_name="campaign_orders")
    op.drop_table("campaign_orders")
    op.drop_index("ix_service_guarantees_site", table_name="service_guarantees")
    op.drop_index("ix_service_guarantees_asset", table_name="service_guarantees")
    op.drop_table("service_guarantees")
    op.drop_table("campaigns")
