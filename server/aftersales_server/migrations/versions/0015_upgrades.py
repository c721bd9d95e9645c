"""upgrades, customisation and proposals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aftersales_server.migrations.support import append_only, distribute

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product_releases",
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("asset_type", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("release", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("fixes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind in ('upgrade', 'patch', 'expansion')", name=op.f("ck_product_releases_kind_known")),
        sa.CheckConstraint("state in ('published', 'withdrawn')", name=op.f("ck_product_releases_state_known")),
        sa.CheckConstraint(
            "subject in ('application', 'platform', 'hardware')", name=op.f("ck_product_releases_subject_known")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_product_releases_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_product_releases")),
        sa.UniqueConstraint(
            "tenant_id",
            "vertical",
            "asset_type",
            "release",
            name=op.f("uq_product_releases_tenant_id_vertical_asset_type_release"),
        ),
    )
    distribute("product_releases")
    op.create_table(
        "backlog_items",
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('open', 'released')", name=op.f("ck_backlog_items_state_known")),
        sa.CheckConstraint("quarter between 1 and 4", name=op.f("ck_backlog_items_quarter_number")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "release_id"],
            ["product_releases.tenant_id", "product_releases.id"],
            name=op.f("fk_backlog_items_tenant_id_release_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_backlog_items_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_backlog_items")),
        sa.UniqueConstraint(
            "tenant_id",
            "vertical",
            "cause",
            "year",
            "quarter",
            name=op.f("uq_backlog_items_tenant_id_vertical_cause_year_quarter"),
        ),
    )
    distribute("backlog_items")
    op.create_table(
        "proposals",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("budget_total", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("warnings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_proposals_currency_code")),
        sa.CheckConstraint(
            "state in ('requested', 'sent', 'accepted', 'declined', 'withdrawn')", name=op.f("ck_proposals_state_known")
        ),
        sa.CheckConstraint("budget_total > 0", name=op.f("ck_proposals_budget_total_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["service_contracts.tenant_id", "service_contracts.id"],
            name=op.f("fk_proposals_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_proposals_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_proposals_tenant_id_site_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_proposals_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_proposals_tenant_id_number")),
    )
    distribute("proposals")
    op.create_index("ix_proposals_customer", "proposals", ["tenant_id", "customer_id", "id"], unique=False)
    op.create_table(
        "installed_versions",
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("version_tag", sa.Text(), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("origin in ('release', 'customisation')", name=op.f("ck_installed_versions_origin_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"],
            ["assets.tenant_id", "assets.id"],
            name=op.f("fk_installed_versions_tenant_id_asset_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_installed_versions_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "release_id"],
            ["product_releases.tenant_id", "product_releases.id"],
            name=op.f("fk_installed_versions_tenant_id_release_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_installed_versions_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_installed_versions")),
    )
    append_only("installed_versions")
    op.create_index(
        "ix_installed_versions_asset",
        "installed_versions",
        ["tenant_id", "asset_id", "installed_at", "id"],
        unique=False,
    )
    op.create_table(
        "site_surveys",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("surveyed_on", sa.Date(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("surveyor", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["documents.tenant_id", "documents.id"],
            name=op.f("fk_site_surveys_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "proposal_id"],
            ["proposals.tenant_id", "proposals.id"],
            name=op.f("fk_site_surveys_tenant_id_proposal_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_site_surveys_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_site_surveys")),
    )
    append_only("site_surveys")
    op.create_index("ix_site_surveys_proposal", "site_surveys", ["tenant_id", "proposal_id", "id"], unique=False)
    op.create_table(
        "backlog_tickets",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "item_id"],
            ["backlog_items.tenant_id", "backlog_items.id"],
            name=op.f("fk_backlog_tickets_tenant_id_item_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_backlog_tickets_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_backlog_tickets_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_backlog_tickets")),
        sa.UniqueConstraint(
            "tenant_id", "item_id", "ticket_id", name=op.f("uq_backlog_tickets_tenant_id_item_id_ticket_id")
        ),
    )
    distribute("backlog_tickets")
    op.create_table(
        "customisation_requests",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("needs_estimate", sa.Boolean(), nullable=False),
        sa.Column("needs_training", sa.Boolean(), nullable=False),
        sa.Column("needs_version_tag", sa.Boolean(), nullable=False),
        sa.Column("needs_plan", sa.Boolean(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("quote_id", sa.Uuid(), nullable=True),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("version_tag", sa.Text(), nullable=True),
        sa.Column("trained_on", sa.Date(), nullable=True),
        sa.Column("training_reference", sa.Text(), nullable=True),
        sa.Column("trainees", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state in ('requested', 'quoted', 'accepted', 'declined', 'delivered', 'completed', 'withdrawn')",
            name=op.f("ck_customisation_requests_state_known"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_customisation_requests_amount_sign")),
        sa.CheckConstraint("working_days > 0", name=op.f("ck_customisation_requests_working_days_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"],
            ["assets.tenant_id", "assets.id"],
            name=op.f("fk_customisation_requests_tenant_id_asset_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_customisation_requests_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"],
            ["documents.tenant_id", "documents.id"],
            name=op.f("fk_customisation_requests_tenant_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "quote_id"],
            ["quotes.tenant_id", "quotes.id"],
            name=op.f("fk_customisation_requests_tenant_id_quote_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_customisation_requests_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_customisation_requests_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_customisation_requests")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_customisation_requests_tenant_id_number")),
        sa.UniqueConstraint("tenant_id", "ticket_id", name=op.f("uq_customisation_requests_tenant_id_ticket_id")),
    )
    distribute("customisation_requests")
    op.create_index(
        "ix_customisation_requests_asset", "customisation_requests", ["tenant_id", "asset_id"], unique=False
    )
    op.create_index(
        "ix_customisation_requests_customer", "customisation_requests", ["tenant_id", "customer_id"], unique=False
    )
    op.create_table(
        "release_choices",
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("release_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("quote_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("fee", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("basis in ('free', 'quote')", name=op.f("ck_release_choices_basis_known")),
        sa.CheckConstraint("channel in ('remote', 'on_site')", name=op.f("ck_release_choices_channel_known")),
        sa.CheckConstraint(
            "state in ('scheduled', 'declined', 'installed')", name=op.f("ck_release_choices_state_known")
        ),
        sa.CheckConstraint("fee >= 0", name=op.f("ck_release_choices_fee_amount")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"],
            ["assets.tenant_id", "assets.id"],
            name=op.f("fk_release_choices_tenant_id_asset_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_release_choices_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "quote_id"],
            ["quotes.tenant_id", "quotes.id"],
            name=op.f("fk_release_choices_tenant_id_quote_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "release_id"],
            ["product_releases.tenant_id", "product_releases.id"],
            name=op.f("fk_release_choices_tenant_id_release_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_release_choices_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_release_choices_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_release_choices")),
        sa.UniqueConstraint(
            "tenant_id", "asset_id", "release_id", name=op.f("uq_release_choices_tenant_id_asset_id_release_id")
        ),
    )
    distribute("release_choices")


def downgrade() -> None:
    op.drop_table("release_choices")
    op.drop_index("ix_customisation_requests_customer", table_name="customisation_requests")
    op.drop_index("ix_customisation_requests_asset", table_name="customisation_requests")
    op.drop_table("customisation_requests")
    op.drop_table("backlog_tickets")
    op.drop_index("ix_site_surveys_proposal", table_name="site_surveys")
    op.drop_table("site_surveys")
    op.drop_index("ix_installed_versions_asset", table_name="installed_versions")
    op.drop_table("installed_versions")
    op.drop_index("ix_proposals_customer", table_name="proposals")
    op.drop_table("proposals")
    op.drop_table("backlog_items")
    op.drop_table("product_releases")
