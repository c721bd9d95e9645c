"""planned visits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aftersales_server.migrations.support import append_only, distribute

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "logged_occurrences",
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("regions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_logged_occurrences_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_logged_occurrences")),
    )
    append_only("logged_occurrences")
    op.create_index(
        "ix_logged_occurrences_vertical", "logged_occurrences", ["tenant_id", "vertical", "happened_on"], unique=False
    )
    op.create_table(
        "maintenance_rules",
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("cadence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_until", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("effective_until >= effective_from", name=op.f("ck_maintenance_rules_period")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_maintenance_rules_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_maintenance_rules")),
    )
    distribute("maintenance_rules")
    op.create_index(
        "ix_maintenance_rules_vertical",
        "maintenance_rules",
        ["tenant_id", "vertical", "code", "effective_from"],
        unique=False,
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("engineer_id", sa.Uuid(), nullable=True),
        sa.Column("service_unit_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind in ('engineer', 'unit', 'customer')", name=op.f("ck_calendar_feeds_kind_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_calendar_feeds_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "engineer_id"],
            ["engineers.tenant_id", "engineers.id"],
            name=op.f("fk_calendar_feeds_tenant_id_engineer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_unit_id"],
            ["service_units.tenant_id", "service_units.id"],
            name=op.f("fk_calendar_feeds_tenant_id_service_unit_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_calendar_feeds_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("tenant_id", "digest", name=op.f("uq_calendar_feeds_tenant_id_digest")),
    )
    distribute("calendar_feeds")
    op.create_table(
        "maintenance_plans",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("entered", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("planned_through", sa.Date(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"],
            ["assets.tenant_id", "assets.id"],
            name=op.f("fk_maintenance_plans_tenant_id_asset_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["service_contracts.tenant_id", "service_contracts.id"],
            name=op.f("fk_maintenance_plans_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_maintenance_plans_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_maintenance_plans_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_maintenance_plans")),
        sa.UniqueConstraint("tenant_id", "subject_id", name=op.f("uq_maintenance_plans_tenant_id_subject_id")),
    )
    distribute("maintenance_plans")
    op.create_index("ix_maintenance_plans_contract", "maintenance_plans", ["tenant_id", "contract_id"], unique=False)
    op.create_index("ix_maintenance_plans_customer", "maintenance_plans", ["tenant_id", "customer_id"], unique=False)
    op.create_index(
        "ix_maintenance_plans_next",
        "maintenance_plans",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at is not null"),
    )
    op.create_index("ix_maintenance_plans_vertical", "maintenance_plans", ["tenant_id", "vertical", "id"], unique=False)
    op.create_table(
        "planned_obligations",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("free", sa.Boolean(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("needs_authorisation", sa.Boolean(), nullable=False),
        sa.Column("departments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("checklist", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("present", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("missing_departments", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "provider in ('any', 'authorised_unit', 'named_person')", name=op.f("ck_planned_obligations_provider_known")
        ),
        sa.CheckConstraint(
            "state in ('open', 'scheduled', 'done', 'withdrawn')", name=op.f("ck_planned_obligations_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"],
            ["assets.tenant_id", "assets.id"],
            name=op.f("fk_planned_obligations_tenant_id_asset_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["service_contracts.tenant_id", "service_contracts.id"],
            name=op.f("fk_planned_obligations_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_planned_obligations_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"],
            ["maintenance_plans.tenant_id", "maintenance_plans.id"],
            name=op.f("fk_planned_obligations_tenant_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"],
            ["sites.tenant_id", "sites.id"],
            name=op.f("fk_planned_obligations_tenant_id_site_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_planned_obligations_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_planned_obligations_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_planned_obligations")),
        sa.UniqueConstraint(
            "tenant_id",
            "plan_id",
            "rule",
            "occurrence",
            name=op.f("uq_planned_obligations_tenant_id_plan_id_rule_occurrence"),
        ),
    )
    distribute("planned_obligations")
    op.create_index(
        "ix_planned_obligations_asset", "planned_obligations", ["tenant_id", "asset_id", "due_on"], unique=False
    )
    op.create_index(
        "ix_planned_obligations_customer", "planned_obligations", ["tenant_id", "customer_id", "due_on"], unique=False
    )
    op.create_index("ix_planned_obligations_due", "planned_obligations", ["tenant_id", "due_on", "id"], unique=False)
    op.create_index(
        "ix_planned_obligations_ticket",
        "planned_obligations",
        ["tenant_id", "ticket_id"],
        unique=False,
        postgresql_where=sa.text("ticket_id is not null"),
    )
    _appointment_states("'planned', 'dispatched', 'arrived', 'done', 'cancelled', 'missed', 'refused'")
    op.add_column("service_appointments", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("service_appointments", sa.Column("confirmed_by", sa.Text(), nullable=True))
    op.create_index(
        "ix_service_appointments_window", "service_appointments", ["tenant_id", "window_start"], unique=False
    )


def _appointment_states(listed: str) -> None:
    name = op.f("ck_service_appointments_state_known")
    op.drop_constraint(name, "service_appointments", type_="check")
    op.create_check_constraint(name, "service_appointments", f"state in ({listed})")


def downgrade() -> None:
    _appointment_states("'planned', 'dispatched', 'arrived', 'done', 'cancelled', 'missed'")
    op.drop_index("ix_service_appointments_window", table_name="service_appointments")
    op.drop_column("service_appointments", "confirmed_by")
    op.drop_column("service_appointments", "confirmed_at")
    op.drop_index(
        "ix_planned_obligations_ticket",
        table_name="planned_obligations",
        postgresql_where=sa.text("ticket_id is not null"),
    )
    op.drop_index("ix_planned_obligations_due", table_name="planned_obligations")
    op.drop_index("ix_planned_obligations_customer", table_name="planned_obligations")
    op.drop_index("ix_planned_obligations_asset", table_name="planned_obligations")
    op.drop_table("planned_obligations")
    op.drop_index("ix_maintenance_plans_vertical", table_name="maintenance_plans")
    op.drop_index(
        "ix_maintenance_plans_next", table_name="maintenance_plans", postgresql_where=sa.text("next_at is not null")
    )
    op.drop_index("ix_maintenance_plans_customer", table_name="maintenance_plans")
    op.drop_index("ix_maintenance_plans_contract", table_name="maintenance_plans")
    op.drop_table("maintenance_plans")
    op.drop_table("calendar_feeds")
    op.drop_index("ix_maintenance_rules_vertical", table_name="maintenance_rules")
    op.drop_table("maintenance_rules")
    op.drop_index("ix_logged_occurrences_vertical", table_name="logged_occurrences")
    op.drop_table("logged_occurrences")
