"""revisits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aftersales_server.migrations.support import append_only, distribute

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "revisit_forums",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("attendees", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_revisit_forums_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_revisit_forums")),
    )
    append_only("revisit_forums")
    op.create_table(
        "revisit_plans",
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('active', 'ended')", name=op.f("ck_revisit_plans_state_known")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_revisit_plans_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_revisit_plans")),
    )
    distribute("revisit_plans")
    op.create_index(
        "ix_revisit_plans_next",
        "revisit_plans",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at is not null"),
    )
    op.create_index(
        "uq_revisit_plans_active_code",
        "revisit_plans",
        ["tenant_id", "vertical", "code"],
        unique=True,
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_table(
        "surveys",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("dimensions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("threshold", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("results", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('open', 'closed')", name=op.f("ck_surveys_state_known")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_surveys_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_surveys")),
    )
    distribute("surveys")
    op.create_table(
        "care_plans",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("actions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('required', 'planned', 'done')", name=op.f("ck_care_plans_state_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_care_plans_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_care_plans_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_care_plans")),
        sa.UniqueConstraint("tenant_id", "customer_id", "year", name=op.f("uq_care_plans_tenant_id_customer_id_year")),
    )
    distribute("care_plans")
    op.create_table(
        "improvement_actions",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("mean", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('required', 'done')", name=op.f("ck_improvement_actions_state_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "survey_id"],
            ["surveys.tenant_id", "surveys.id"],
            name=op.f("fk_improvement_actions_tenant_id_survey_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_improvement_actions_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_improvement_actions")),
        sa.UniqueConstraint(
            "tenant_id", "survey_id", "dimension", name=op.f("uq_improvement_actions_tenant_id_survey_id_dimension")
        ),
    )
    distribute("improvement_actions")
    op.create_table(
        "survey_responses",
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("scores", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_survey_responses_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "survey_id"],
            ["surveys.tenant_id", "surveys.id"],
            name=op.f("fk_survey_responses_tenant_id_survey_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_survey_responses_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_survey_responses")),
        sa.UniqueConstraint(
            "tenant_id", "survey_id", "customer_id", name=op.f("uq_survey_responses_tenant_id_survey_id_customer_id")
        ),
    )
    append_only("survey_responses")
    op.create_table(
        "revisits",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("vertical", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("terms", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("preferred_engineer_id", sa.Uuid(), nullable=True),
        sa.Column("engineer_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by", sa.Text(), nullable=True),
        sa.Column("participants", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("scores", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("score", sa.Numeric(precision=5, scale=2), nullable=True),
        sa.Column("product_score", sa.Integer(), nullable=True),
        sa.Column("service_score", sa.Integer(), nullable=True),
        sa.Column("satisfied", sa.Boolean(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("opinions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("checks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("forum_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel in ('phone', 'letter', 'email', 'visit', 'remote', 'forum', 'notice', 'other')",
            name=op.f("ck_revisits_channel_known"),
        ),
        sa.CheckConstraint("priority in ('normal', 'highest')", name=op.f("ck_revisits_priority_known")),
        sa.CheckConstraint("state in ('open', 'held', 'done', 'cancelled')", name=op.f("ck_revisits_state_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["service_contracts.tenant_id", "service_contracts.id"],
            name=op.f("fk_revisits_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_revisits_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "engineer_id"],
            ["engineers.tenant_id", "engineers.id"],
            name=op.f("fk_revisits_tenant_id_engineer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "forum_id"],
            ["revisit_forums.tenant_id", "revisit_forums.id"],
            name=op.f("fk_revisits_tenant_id_forum_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "plan_id"],
            ["revisit_plans.tenant_id", "revisit_plans.id"],
            name=op.f("fk_revisits_tenant_id_plan_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "preferred_engineer_id"],
            ["engineers.tenant_id", "engineers.id"],
            name=op.f("fk_revisits_tenant_id_preferred_engineer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_revisits_tenant_id_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_revisits_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_revisits_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_revisits")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_revisits_tenant_id_key")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_revisits_tenant_id_number")),
    )
    distribute("revisits")
    op.create_index("ix_revisits_customer", "revisits", ["tenant_id", "customer_id", "id"], unique=False)
    op.create_index(
        "ix_revisits_engineer",
        "revisits",
        ["tenant_id", "engineer_id"],
        unique=False,
        postgresql_where=sa.text("engineer_id is not null"),
    )
    op.create_index(
        "ix_revisits_open",
        "revisits",
        ["tenant_id", "due_on", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_revisits_ticket",
        "revisits",
        ["tenant_id", "ticket_id"],
        unique=False,
        postgresql_where=sa.text("ticket_id is not null"),
    )
    op.create_table(
        "revisit_copies",
        sa.Column("revisit_id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "revisit_id"],
            ["revisits.tenant_id", "revisits.id"],
            name=op.f("fk_revisit_copies_tenant_id_revisit_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_revisit_copies_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_revisit_copies")),
        sa.UniqueConstraint(
            "tenant_id", "revisit_id", "department", name=op.f("uq_revisit_copies_tenant_id_revisit_id_department")
        ),
    )
    append_only("revisit_copies")
    op.create_index("ix_revisit_copies_department", "revisit_copies", ["tenant_id", "department", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_revisit_copies_department", table_name="revisit_copies")
    op.drop_table("revisit_copies")
    op.drop_index("ix_revisits_ticket", table_name="revisits", postgresql_where=sa.text("ticket_id is not null"))
    op.drop_index("ix_revisits_open", table_name="revisits", postgresql_where=sa.text("state = 'open'"))
    op.drop_index("ix_revisits_engineer", table_name="revisits", postgresql_where=sa.text("engineer_id is not null"))
    op.drop_index("ix_revisits_customer", table_name="revisits")
    op.drop_table("revisits")
    op.drop_table("survey_responses")
    op.drop_table("improvement_actions")
    op.drop_table("care_plans")
    op.drop_table("surveys")
    op.drop_index(
        "uq_revisit_plans_active_code", table_name="revisit_plans", postgresql_where=sa.text("state = 'active'")
    )
    op.drop_index("ix_revisit_plans_next", table_name="revisit_plans", postgresql_where=sa.text("next_at is not null"))
    op.drop_table("revisit_plans")
    op.drop_table("revisit_forums")
