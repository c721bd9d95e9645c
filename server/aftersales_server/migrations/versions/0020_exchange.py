"""exchange."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aftersales_server.migrations.support import distribute

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "data_imports",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("existing", sa.Text(), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("batches", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_seen", sa.Integer(), nullable=False),
        sa.Column("rows_written", sa.Integer(), nullable=False),
        sa.Column("rows_unchanged", sa.Integer(), nullable=False),
        sa.Column("rows_failed", sa.Integer(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind in ('customers', 'contacts', 'sites', 'assets', 'contracts', 'history')",
            name=op.f("ck_data_imports_kind_known"),
        ),
        sa.CheckConstraint("policy in ('all_or_nothing', 'skip_bad_rows')", name=op.f("ck_data_imports_policy_known")),
        sa.CheckConstraint("existing in ('update', 'skip')", name=op.f("ck_data_imports_existing_known")),
        sa.CheckConstraint(
            "state in ('checking', 'checked', 'running', 'done', 'stopped', 'rejected', 'cancelled')",
            name=op.f("ck_data_imports_state_known"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_data_imports_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_data_imports")),
    )
    distribute("data_imports")
    op.create_index("ix_data_imports_created", "data_imports", ["tenant_id", "created_at"], unique=False)
    op.create_table(
        "import_batches",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rows", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "import_id"],
            ["data_imports.tenant_id", "data_imports.id"],
            name=op.f("fk_import_batches_tenant_id_import_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_import_batches_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_import_batches")),
        sa.UniqueConstraint(
            "tenant_id", "import_id", "position", name=op.f("uq_import_batches_tenant_id_import_id_position")
        ),
    )
    distribute("import_batches")
    op.create_table(
        "import_faults",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("column_code", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "import_id"],
            ["data_imports.tenant_id", "data_imports.id"],
            name=op.f("fk_import_faults_tenant_id_import_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_import_faults_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_import_faults")),
    )
    distribute("import_faults")
    op.create_index("ix_import_faults_import", "import_faults", ["tenant_id", "import_id", "row_number"], unique=False)
    op.create_table(
        "past_services",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("engineer", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"],
            ["assets.tenant_id", "assets.id"],
            name=op.f("fk_past_services_tenant_id_asset_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_past_services_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_past_services_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_past_services")),
        sa.UniqueConstraint("tenant_id", "reference", name=op.f("uq_past_services_tenant_id_reference")),
    )
    distribute("past_services")
    op.create_index("ix_past_services_asset", "past_services", ["tenant_id", "asset_id", "happened_on"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_past_services_asset", table_name="past_services")
    op.drop_table("past_services")
    op.drop_index("ix_import_faults_import", table_name="import_faults")
    op.drop_table("import_faults")
    op.drop_table("import_batches")
    op.drop_index("ix_data_imports_created", table_name="data_imports")
    op.drop_table("data_imports")
