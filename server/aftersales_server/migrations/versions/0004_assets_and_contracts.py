"""assets and contracts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aftersales_server.migrations.support import distribute

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("confidentiality", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "confidentiality in ('public', 'customer', 'secret')", name=op.f("ck_documents_confidentiality_known")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_documents_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_documents")),
    )
    distribute("documents")
    op.create_table(
        "document_dispatches",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_document_dispatches_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["documents.tenant_id", "documents.id"],
            name=op.f("fk_document_dispatches_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_document_dispatches_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_document_dispatches")),
    )
    distribute("document_dispatches")
    op.create_index(
        "ix_document_dispatches_customer", "document_dispatches", ["tenant_id", "customer_id"], unique=False
    )
    op.create_table(
        "service_contracts",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("playbook_key", sa.Text(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('active', 'ended')", name=op.f("ck_service_contracts_state_known")),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_service_contracts_period")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_service_contracts_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_service_contracts_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_service_contracts")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_service_contracts_tenant_id_number")),
    )
    distribute("service_contracts")
    op.create_index("ix_service_contracts_customer", "service_contracts", ["tenant_id", "customer_id"], unique=False)
    op.create_table(
        "assets",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("asset_type", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("parent_asset_id", sa.Uuid(), nullable=True),
        sa.Column("serial", sa.Text(), nullable=True),
        sa.Column("attributes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("installed_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("usage", sa.Integer(), nullable=True),
        sa.Column("remote_allowed", sa.Boolean(), nullable=False),
        sa.Column("installation_guide_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('in_service', 'out_of_service', 'retired')", name=op.f("ck_assets_state_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_assets_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_asset_id"],
            ["assets.tenant_id", "assets.id"],
            name=op.f("fk_assets_tenant_id_parent_asset_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_assets_tenant_id_site_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_assets_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_assets")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_assets_tenant_id_number")),
    )
    distribute("assets")
    op.create_index("ix_assets_customer", "assets", ["tenant_id", "customer_id"], unique=False)
    op.create_index("ix_assets_parent", "assets", ["tenant_id", "parent_asset_id"], unique=False)
    op.create_table(
        "arrivals",
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("service_unit_id", sa.Uuid(), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("usage", sa.Integer(), nullable=True),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("synchronisation", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("synchronisation in ('queued', 'done')", name=op.f("ck_arrivals_synchronisation_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"], ["assets.tenant_id", "assets.id"], name=op.f("fk_arrivals_tenant_id_asset_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_unit_id"],
            ["service_units.tenant_id", "service_units.id"],
            name=op.f("fk_arrivals_tenant_id_service_unit_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_arrivals_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_arrivals")),
    )
    distribute("arrivals")
    op.create_index("ix_arrivals_asset", "arrivals", ["tenant_id", "asset_id", "id"], unique=False)
    op.create_table(
        "asset_components",
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=True),
        sa.Column("installed_on", sa.Date(), nullable=True),
        sa.Column("replaced_on", sa.Date(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"],
            ["assets.tenant_id", "assets.id"],
            name=op.f("fk_asset_components_tenant_id_asset_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_asset_components_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_asset_components")),
    )
    distribute("asset_components")
    op.create_index("ix_asset_components_asset", "asset_components", ["tenant_id", "asset_id"], unique=False)
    op.create_table(
        "contract_lines",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("asset_type", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"],
            ["assets.tenant_id", "assets.id"],
            name=op.f("fk_contract_lines_tenant_id_asset_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["service_contracts.tenant_id", "service_contracts.id"],
            name=op.f("fk_contract_lines_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_contract_lines_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_contract_lines")),
    )
    distribute("contract_lines")
    op.create_index("ix_contract_lines_asset", "contract_lines", ["tenant_id", "asset_id"], unique=False)
    op.create_index("ix_contract_lines_contract", "contract_lines", ["tenant_id", "contract_id"], unique=False)
    op.create_table(
        "training_duties",
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("curriculum", sa.Text(), nullable=False),
        sa.Column("triggered_on", sa.Date(), nullable=False),
        sa.Column("venue", sa.Text(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"],
            ["assets.tenant_id", "assets.id"],
            name=op.f("fk_training_duties_tenant_id_asset_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_training_duties_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_training_duties")),
        sa.UniqueConstraint(
            "tenant_id", "asset_id", "curriculum", name=op.f("uq_training_duties_tenant_id_asset_id_curriculum")
        ),
    )
    distribute("training_duties")
    op.create_index("ix_training_duties_asset", "training_duties", ["tenant_id", "asset_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_training_duties_asset", table_name="training_duties")
    op.drop_table("training_duties")
    op.drop_index("ix_contract_lines_contract", table_name="contract_lines")
    op.drop_index("ix_contract_lines_asset", table_name="contract_lines")
    op.drop_table("contract_lines")
    op.drop_index("ix_asset_components_asset", table_name="asset_components")
    op.drop_table("asset_components")
    op.drop_index("ix_arrivals_asset", table_name="arrivals")
    op.drop_table("arrivals")
    op.drop_index("ix_assets_parent", table_name="assets")
    op.drop_index("ix_assets_customer", table_name="assets")
    op.drop_table("assets")
    op.drop_index("ix_service_contracts_customer", table_name="service_contracts")
    op.drop_table("service_contracts")
    op.drop_index("ix_document_dispatches_customer", table_name="document_dispatches")
    op.drop_table("document_dispatches")
    op.drop_table("documents")
