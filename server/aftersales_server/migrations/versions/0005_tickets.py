"""tickets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aftersales_server.migrations.support import append_only, distribute

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tickets",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_lower", sa.Text(), sa.Computed("lower(title)", persisted=True), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("emergency_reason", sa.Text(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("component", sa.Text(), nullable=True),
        sa.Column("symptom", sa.Text(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("region_class", sa.Text(), nullable=True),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("work_type", sa.Text(), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("module_code", sa.Text(), nullable=True),
        sa.Column("campaign", sa.Text(), nullable=True),
        sa.Column("parent_ticket_id", sa.Uuid(), nullable=True),
        sa.Column("complaint_about_ticket_id", sa.Uuid(), nullable=True),
        sa.Column("queue", sa.Text(), nullable=True),
        sa.Column("queue_contact", sa.Text(), nullable=True),
        sa.Column("service_unit_id", sa.Uuid(), nullable=True),
        sa.Column("owner_member_id", sa.Uuid(), nullable=True),
        sa.Column("engineer_id", sa.Uuid(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("waiting_reason", sa.Text(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phone_failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remote_failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("on_site_decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("customer_replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("crashed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("restored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("customer_satisfied", sa.Boolean(), nullable=True),
        sa.Column("customer_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel in ('phone', 'email', 'web', 'letter', 'visit', 'mobile', 'outreach')",
            name=op.f("ck_tickets_channel_known"),
        ),
        sa.CheckConstraint(
            "kind in ('fault', 'question', 'advice', 'complaint', 'suggestion', 'return', 'upgrade', 'customisation', 'maintenance')",
            name=op.f("ck_tickets_kind_known"),
        ),
        sa.CheckConstraint(
            "state in ('open', 'in_progress', 'waiting_customer', 'resolved', 'closed', 'cancelled')",
            name=op.f("ck_tickets_state_known"),
        ),
        sa.CheckConstraint("step in ('phone', 'remote', 'on_site')", name=op.f("ck_tickets_step_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"], ["assets.tenant_id", "assets.id"], name=op.f("fk_tickets_tenant_id_asset_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "complaint_about_ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_tickets_tenant_id_complaint_about_ticket_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contacts.tenant_id", "contacts.id"],
            name=op.f("fk_tickets_tenant_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["service_contracts.tenant_id", "service_contracts.id"],
            name=op.f("fk_tickets_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_tickets_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "engineer_id"],
            ["engineers.tenant_id", "engineers.id"],
            name=op.f("fk_tickets_tenant_id_engineer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "parent_ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_tickets_tenant_id_parent_ticket_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_unit_id"],
            ["service_units.tenant_id", "service_units.id"],
            name=op.f("fk_tickets_tenant_id_service_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_tickets_tenant_id_site_id")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_tickets_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_tickets_tenant_id_number")),
    )
    distribute("tickets")
    op.create_index("ix_tickets_asset", "tickets", ["tenant_id", "asset_id", "id"], unique=False)
    op.create_index("ix_tickets_created", "tickets", ["tenant_id", "id"], unique=False)
    op.create_index("ix_tickets_customer", "tickets", ["tenant_id", "customer_id", "id"], unique=False)
    op.create_index(
        "ix_tickets_engineer",
        "tickets",
        ["tenant_id", "engineer_id"],
        unique=False,
        postgresql_where=sa.text("engineer_id is not null"),
    )
    op.create_index(
        "ix_tickets_open_due",
        "tickets",
        ["tenant_id", "next_due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state in ('open', 'in_progress', 'waiting_customer')"),
    )
    op.create_index(
        "ix_tickets_parent",
        "tickets",
        ["tenant_id", "parent_ticket_id"],
        unique=False,
        postgresql_where=sa.text("parent_ticket_id is not null"),
    )
    op.create_table(
        "call_records",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("handler_member_id", sa.Uuid(), nullable=True),
        sa.Column("handler_name", sa.Text(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_call_records_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_call_records_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_call_records")),
    )
    distribute("call_records")
    op.create_index("ix_call_records_ticket", "call_records", ["tenant_id", "ticket_id", "id"], unique=False)
    op.create_table(
        "channel_attempts",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("override_reason", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "outcome in ('solved', 'unsolved', 'skipped')", name=op.f("ck_channel_attempts_outcome_known")
        ),
        sa.CheckConstraint("step in ('phone', 'remote', 'on_site')", name=op.f("ck_channel_attempts_step_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_channel_attempts_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_channel_attempts_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_channel_attempts")),
    )
    distribute("channel_attempts")
    op.create_index("ix_channel_attempts_ticket", "channel_attempts", ["tenant_id", "ticket_id", "id"], unique=False)
    op.create_table(
        "ticket_gradings",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grade", sa.Text(), nullable=True),
        sa.Column("previous_grade", sa.Text(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_ticket_gradings_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_ticket_gradings_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_ticket_gradings")),
    )
    append_only("ticket_gradings")
    op.create_index("ix_ticket_gradings_ticket", "ticket_gradings", ["tenant_id", "ticket_id", "id"], unique=False)
    op.create_table(
        "work_orders",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("work_type", sa.Text(), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("signed_off_by", sa.Text(), nullable=True),
        sa.Column("signed_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state in ('open', 'done', 'signed_off', 'cancelled')", name=op.f("ck_work_orders_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_work_orders_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_work_orders_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_work_orders")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_work_orders_tenant_id_number")),
    )
    distribute("work_orders")
    op.create_index("ix_work_orders_ticket", "work_orders", ["tenant_id", "ticket_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_work_orders_ticket", table_name="work_orders")
    op.drop_table("work_orders")
    op.drop_index("ix_ticket_gradings_ticket", table_name="ticket_gradings")
    op.drop_table("ticket_gradings")
    op.drop_index("ix_channel_attempts_ticket", table_name="channel_attempts")
    op.drop_table("channel_attempts")
    op.drop_index("ix_call_records_ticket", table_name="call_records")
    op.drop_table("call_records")
    op.drop_index("ix_tickets_parent", table_name="tickets", postgresql_where=sa.text("parent_ticket_id is not null"))
    op.drop_index(
        "ix_tickets_open_due",
        table_name="tickets",
        postgresql_where=sa.text("state in ('open', 'in_progress', 'waiting_customer')"),
    )
    op.drop_index("ix_tickets_engineer", table_name="tickets", postgresql_where=sa.text("engineer_id is not null"))
    op.drop_index("ix_tickets_customer", table_name="tickets")
    op.drop_index("ix_tickets_created", table_name="tickets")
    op.drop_index("ix_tickets_asset", table_name="tickets")
    op.drop_table("tickets")
