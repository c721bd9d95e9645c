"""work."""

import sqlalchemy as sa
from alembic import op

from aftersales_server.migrations.support import distribute

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "emergency_plans",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_emergency_plans_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_emergency_plans_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_emergency_plans")),
    )
    distribute("emergency_plans")
    op.create_index("ix_emergency_plans_ticket", "emergency_plans", ["tenant_id", "ticket_id"], unique=False)
    op.create_table(
        "engineer_rejections",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("engineer_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "engineer_id"],
            ["engineers.tenant_id", "engineers.id"],
            name=op.f("fk_engineer_rejections_tenant_id_engineer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_engineer_rejections_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_engineer_rejections_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_engineer_rejections")),
        sa.UniqueConstraint(
            "tenant_id", "ticket_id", "engineer_id", name=op.f("uq_engineer_rejections_tenant_id_ticket_id_engineer_id")
        ),
    )
    distribute("engineer_rejections")
    op.create_table(
        "remote_authorisations",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_through", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contacts.tenant_id", "contacts.id"],
            name=op.f("fk_remote_authorisations_tenant_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_remote_authorisations_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_remote_authorisations_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_remote_authorisations")),
    )
    distribute("remote_authorisations")
    op.create_index(
        "ix_remote_authorisations_ticket", "remote_authorisations", ["tenant_id", "ticket_id"], unique=False
    )
    op.create_table(
        "remote_sessions",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("authorisation_id", sa.Uuid(), nullable=False),
        sa.Column("engineer_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("log", sa.Text(), nullable=False),
        sa.Column("code_changed", sa.Boolean(), nullable=False),
        sa.Column("change_record", sa.Text(), nullable=True),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "authorisation_id"],
            ["remote_authorisations.tenant_id", "remote_authorisations.id"],
            name=op.f("fk_remote_sessions_tenant_id_authorisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "engineer_id"],
            ["engineers.tenant_id", "engineers.id"],
            name=op.f("fk_remote_sessions_tenant_id_engineer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_remote_sessions_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_remote_sessions_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_remote_sessions")),
    )
    distribute("remote_sessions")
    op.create_index(
        "ix_remote_sessions_open",
        "remote_sessions",
        ["tenant_id", "ticket_id"],
        unique=False,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index("ix_remote_sessions_ticket", "remote_sessions", ["tenant_id", "ticket_id", "id"], unique=False)
    op.create_table(
        "service_appointments",
        sa.Column("work_order_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("engineer_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("dispatched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("party in ('company', 'agent')", name=op.f("ck_service_appointments_party_known")),
        sa.CheckConstraint(
            "state in ('planned', 'dispatched', 'arrived', 'done', 'cancelled', 'missed')",
            name=op.f("ck_service_appointments_state_known"),
        ),
        sa.CheckConstraint("window_end > window_start", name=op.f("ck_service_appointments_window")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "engineer_id"],
            ["engineers.tenant_id", "engineers.id"],
            name=op.f("fk_service_appointments_tenant_id_engineer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_service_appointments_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "work_order_id"],
            ["work_orders.tenant_id", "work_orders.id"],
            name=op.f("fk_service_appointments_tenant_id_work_order_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_service_appointments_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_service_appointments")),
    )
    distribute("service_appointments")
    op.create_index(
        "ix_service_appointments_engineer",
        "service_appointments",
        ["tenant_id", "engineer_id", "window_start"],
        unique=False,
    )
    op.create_index(
        "ix_service_appointments_ticket", "service_appointments", ["tenant_id", "ticket_id", "id"], unique=False
    )
    op.create_table(
        "work_order_lines",
        sa.Column("work_order_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=12, scale=3), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('labour', 'part', 'travel')", name=op.f("ck_work_order_lines_kind_known")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_work_order_lines_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "work_order_id"],
            ["work_orders.tenant_id", "work_orders.id"],
            name=op.f("fk_work_order_lines_tenant_id_work_order_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_work_order_lines_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_work_order_lines")),
    )
    distribute("work_order_lines")
    op.create_index("ix_work_order_lines_order", "work_order_lines", ["tenant_id", "work_order_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_work_order_lines_order", table_name="work_order_lines")
    op.drop_table("work_order_lines")
    op.drop_index("ix_service_appointments_ticket", table_name="service_appointments")
    op.drop_index("ix_service_appointments_engineer", table_name="service_appointments")
    op.drop_table("service_appointments")
    op.drop_index("ix_remote_sessions_ticket", table_name="remote_sessions")
    op.drop_index("ix_remote_sessions_open", table_name="remote_sessions", postgresql_where=sa.text("ended_at is null"))
    op.drop_table("remote_sessions")
    op.drop_index("ix_remote_authorisations_ticket", table_name="remote_authorisations")
    op.drop_table("remote_authorisations")
    op.drop_table("engineer_rejections")
    op.drop_index("ix_emergency_plans_ticket", table_name="emergency_plans")
    op.drop_table("emergency_plans")
