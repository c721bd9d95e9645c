"""broadcasts and outreach."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aftersales_server.migrations.support import append_only, distribute

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def with_default(table: str, column: str, kind: sa.types.TypeEngine[Any], value: str) -> None:
    """A column that rows of before get the value for; the model, not the database, gives it to new ones."""
    op.add_column(table, sa.Column(column, kind, nullable=False, server_default=sa.text(f"'{value}'")))
    op.alter_column(table, column, server_default=None)


def upgrade() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("audience", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind in ('virus', 'weather', 'season', 'guide', 'patch', 'reminder', 'news')",
            name=op.f("ck_broadcasts_kind_known"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'scheduled', 'sending', 'sent', 'cancelled')", name=op.f("ck_broadcasts_state_known")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_broadcasts_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_broadcasts")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_broadcasts_tenant_id_key")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_broadcasts_tenant_id_number")),
    )
    distribute("broadcasts")
    op.create_table(
        "reminder_series",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("title", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("audience", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('active', 'ended')", name=op.f("ck_reminder_series_state_known")),
        sa.CheckConstraint("months > 0", name=op.f("ck_reminder_series_months_positive")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_reminder_series_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_reminder_series")),
    )
    distribute("reminder_series")
    op.create_index(
        "ix_reminder_series_next",
        "reminder_series",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at is not null"),
    )
    op.create_table(
        "guide_releases",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("asset_types", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("models", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('released', 'withdrawn')", name=op.f("ck_guide_releases_state_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["documents.tenant_id", "documents.id"],
            name=op.f("fk_guide_releases_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_guide_releases_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_guide_releases")),
        sa.UniqueConstraint("tenant_id", "code", "revision", name=op.f("uq_guide_releases_tenant_id_code_revision")),
    )
    distribute("guide_releases")
    op.create_table(
        "outreach_events",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("owner_department", sa.Text(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("phases", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("staffing", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("plan_document_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("summary", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('draft', 'published', 'closed')", name=op.f("ck_outreach_events_state_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_document_id"],
            ["documents.tenant_id", "documents.id"],
            name=op.f("fk_outreach_events_tenant_id_plan_document_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_outreach_events_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_outreach_events")),
        sa.UniqueConstraint("tenant_id", "code", "year", name=op.f("uq_outreach_events_tenant_id_code_year")),
    )
    distribute("outreach_events")
    op.create_table(
        "broadcast_recipients",
        sa.Column("broadcast_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("channel in ('email', 'inbox')", name=op.f("ck_broadcast_recipients_channel_known")),
        sa.CheckConstraint(
            "state in ('queued', 'sent', 'undeliverable', 'refused')", name=op.f("ck_broadcast_recipients_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "broadcast_id"],
            ["broadcasts.tenant_id", "broadcasts.id"],
            name=op.f("fk_broadcast_recipients_tenant_id_broadcast_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contact_id"],
            ["contacts.tenant_id", "contacts.id"],
            name=op.f("fk_broadcast_recipients_tenant_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_broadcast_recipients_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_broadcast_recipients_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_broadcast_recipients")),
        sa.UniqueConstraint(
            "tenant_id",
            "broadcast_id",
            "customer_id",
            "person",
            name=op.f("uq_broadcast_recipients_tenant_id_broadcast_id_customer_id_person"),
        ),
    )
    distribute("broadcast_recipients")
    op.create_index(
        "ix_broadcast_recipients_customer", "broadcast_recipients", ["tenant_id", "customer_id", "id"], unique=False
    )
    op.create_table(
        "outreach_goods",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("in_stock", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("in_stock >= 0", name=op.f("ck_outreach_goods_stock_not_negative")),
        sa.CheckConstraint("needed > 0", name=op.f("ck_outreach_goods_needed_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "event_id"],
            ["outreach_events.tenant_id", "outreach_events.id"],
            name=op.f("fk_outreach_goods_tenant_id_event_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_outreach_goods_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_outreach_goods")),
        sa.UniqueConstraint("tenant_id", "event_id", "item", name=op.f("uq_outreach_goods_tenant_id_event_id_item")),
    )
    distribute("outreach_goods")
    op.create_table(
        "outreach_points",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Text(), nullable=False),
        sa.Column("ends", sa.Text(), nullable=False),
        sa.Column("staff", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind in ('community', 'market_day')", name=op.f("ck_outreach_points_kind_known")),
        sa.CheckConstraint("ends > starts", name=op.f("ck_outreach_points_slot")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "event_id"],
            ["outreach_events.tenant_id", "outreach_events.id"],
            name=op.f("fk_outreach_points_tenant_id_event_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_outreach_points_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_outreach_points")),
    )
    distribute("outreach_points")
    op.create_index("ix_outreach_points_event", "outreach_points", ["tenant_id", "event_id", "day"], unique=False)
    op.create_table(
        "outreach_staff",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "event_id"],
            ["outreach_events.tenant_id", "outreach_events.id"],
            name=op.f("fk_outreach_staff_tenant_id_event_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_outreach_staff_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_outreach_staff")),
        sa.UniqueConstraint(
            "tenant_id",
            "event_id",
            "department",
            "name",
            name=op.f("uq_outreach_staff_tenant_id_event_id_department_name"),
        ),
    )
    distribute("outreach_staff")
    op.create_table(
        "dealer_tasks",
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("service_unit_id", sa.Uuid(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("conditions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("acts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('open', 'done')", name=op.f("ck_dealer_tasks_state_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_unit_id"],
            ["service_units.tenant_id", "service_units.id"],
            name=op.f("fk_dealer_tasks_tenant_id_service_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_dealer_tasks_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_dealer_tasks_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_dealer_tasks")),
        sa.UniqueConstraint("tenant_id", "ticket_id", name=op.f("uq_dealer_tasks_tenant_id_ticket_id")),
    )
    distribute("dealer_tasks")
    op.create_index("ix_dealer_tasks_unit", "dealer_tasks", ["tenant_id", "service_unit_id", "id"], unique=False)
    op.create_table(
        "outreach_opinions",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("point_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("known_before", sa.Boolean(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "category in ('opinion', 'suggestion', 'complaint', 'praise', 'question', 'home_visit')",
            name=op.f("ck_outreach_opinions_category_known"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_outreach_opinions_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "event_id"],
            ["outreach_events.tenant_id", "outreach_events.id"],
            name=op.f("fk_outreach_opinions_tenant_id_event_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "point_id"],
            ["outreach_points.tenant_id", "outreach_points.id"],
            name=op.f("fk_outreach_opinions_tenant_id_point_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_outreach_opinions_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_outreach_opinions_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_outreach_opinions")),
    )
    append_only("outreach_opinions")
    op.create_index("ix_outreach_opinions_event", "outreach_opinions", ["tenant_id", "event_id", "id"], unique=False)
    with_default("contacts", "notice_channels", postgresql.JSONB(astext_type=sa.Text()), "[]")
    with_default("contacts", "notices_refused", sa.Boolean(), "false")
    with_default("customers", "tags", postgresql.JSONB(astext_type=sa.Text()), "[]")
    op.add_column("notices", sa.Column("customer_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_notices_customer",
        "notices",
        ["tenant_id", "customer_id", "id"],
        unique=False,
        postgresql_where=sa.text("customer_id is not null"),
    )
    op.create_foreign_key(
        op.f("fk_notices_tenant_id_customer_id"),
        "notices",
        "customers",
        ["tenant_id", "customer_id"],
        ["tenant_id", "id"],
    )
    with_default("sites", "tags", postgresql.JSONB(astext_type=sa.Text()), "[]")


def downgrade() -> None:
    op.drop_column("sites", "tags")
    op.drop_constraint(op.f("fk_notices_tenant_id_customer_id"), "notices", type_="foreignkey")
    op.drop_index("ix_notices_customer", table_name="notices", postgresql_where=sa.text("customer_id is not null"))
    op.drop_column("notices", "customer_id")
    op.drop_column("customers", "tags")
    op.drop_column("contacts", "notices_refused")
    op.drop_column("contacts", "notice_channels")
    op.drop_index("ix_outreach_opinions_event", table_name="outreach_opinions")
    op.drop_table("outreach_opinions")
    op.drop_index("ix_dealer_tasks_unit", table_name="dealer_tasks")
    op.drop_table("dealer_tasks")
    op.drop_table("outreach_staff")
    op.drop_index("ix_outreach_points_event", table_name="outreach_points")
    op.drop_table("outreach_points")
    op.drop_table("outreach_goods")
    op.drop_index("ix_broadcast_recipients_customer", table_name="broadcast_recipients")
    op.drop_table("broadcast_recipients")
    op.drop_table("outreach_events")
    op.drop_table("guide_releases")
    op.drop_index(
        "ix_reminder_series_next", table_name="reminder_series", postgresql_where=sa.text("next_at is not null")
    )
    op.drop_table("reminder_series")
    op.drop_table("broadcasts")
