"""safety."""

import sqlalchemy as sa
from alembic import op

from aftersales_server.migrations.support import distribute

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hazards",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("stops_work", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leader", sa.Text(), nullable=True),
        sa.Column("rectification", sa.Text(), nullable=True),
        sa.Column("rectified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "category in ('behaviour', 'condition', 'environment', 'management')",
            name=op.f("ck_hazards_category_known"),
        ),
        sa.CheckConstraint(
            "state in ('open', 'rectified', 'verified', 'resumed')", name=op.f("ck_hazards_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_hazards_tenant_id_site_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_hazards_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_hazards")),
    )
    distribute("hazards")
    op.create_index("ix_hazards_site", "hazards", ["tenant_id", "site_id", "id"], unique=False)
    op.create_table(
        "site_branches",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("service_unit_id", sa.Uuid(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_unit_id"],
            ["service_units.tenant_id", "service_units.id"],
            name=op.f("fk_site_branches_tenant_id_service_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_site_branches_tenant_id_site_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_site_branches_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_site_branches")),
    )
    distribute("site_branches")
    op.create_index("ix_site_branches_site", "site_branches", ["tenant_id", "site_id"], unique=False)
    op.create_table(
        "site_roles",
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Uuid(), nullable=True),
        sa.Column("service_unit_id", sa.Uuid(), nullable=True),
        sa.Column("full_time", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "role in ('project_manager', 'safety_officer', 'safety_contact', 'safety_supervision', 'production_manager')",
            name=op.f("ck_site_roles_role_known"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "engineer_id"],
            ["engineers.tenant_id", "engineers.id"],
            name=op.f("fk_site_roles_tenant_id_engineer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_unit_id"],
            ["service_units.tenant_id", "service_units.id"],
            name=op.f("fk_site_roles_tenant_id_service_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_site_roles_tenant_id_site_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_site_roles_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_site_roles")),
    )
    distribute("site_roles")
    op.create_index("ix_site_roles_site", "site_roles", ["tenant_id", "site_id"], unique=False)
    op.create_index(
        "uq_site_roles_full_time_officer",
        "site_roles",
        ["tenant_id", "engineer_id"],
        unique=True,
        postgresql_where=sa.text("role = 'safety_officer' and full_time and ended_at is null"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_site_roles_full_time_officer",
        table_name="site_roles",
        postgresql_where=sa.text("role = 'safety_officer' and full_time and ended_at is null"),
    )
    op.drop_index("ix_site_roles_site", table_name="site_roles")
    op.drop_table("site_roles")
    op.drop_index("ix_site_branches_site", table_name="site_branches")
    op.drop_table("site_branches")
    op.drop_index("ix_hazards_site", table_name="hazards")
    op.drop_table("hazards")
