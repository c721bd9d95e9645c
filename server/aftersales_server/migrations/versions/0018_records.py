"""records: forms, records, files, what is handed over, and the words by which they are found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from aftersales_server.migrations.support import append_only, distribute

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_templates",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("vertical", sa.Text(), nullable=True),
        sa.Column("definition", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('active', 'retired')", name=op.f("ck_form_templates_state_known")),
        sa.CheckConstraint("form_version > 0", name=op.f("ck_form_templates_form_version_positive")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_form_templates_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_form_templates")),
        sa.UniqueConstraint(
            "tenant_id", "code", "form_version", name=op.f("uq_form_templates_tenant_id_code_form_version")
        ),
    )
    distribute("form_templates")
    op.create_table(
        "search_tokens",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_search_tokens_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "token", "entry_id", name=op.f("pk_search_tokens")),
    )
    distribute("search_tokens")
    op.create_table(
        "form_points",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_form_points_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_form_points_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_form_points")),
        sa.UniqueConstraint("tenant_id", "code", name=op.f("uq_form_points_tenant_id_code")),
    )
    distribute("form_points")
    op.create_table(
        "form_issues",
        sa.Column("form_point_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_form_issues_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "form_point_id"],
            ["form_points.tenant_id", "form_points.id"],
            name=op.f("fk_form_issues_tenant_id_form_point_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_form_issues_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_form_issues")),
    )
    append_only("form_issues")
    op.create_index("ix_form_issues_point", "form_issues", ["tenant_id", "form_point_id", "id"], unique=False)
    op.create_table(
        "handovers",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("received", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"], ["assets.tenant_id", "assets.id"], name=op.f("fk_handovers_tenant_id_asset_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["service_contracts.tenant_id", "service_contracts.id"],
            name=op.f("fk_handovers_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_handovers_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_handovers_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("tenant_id", "subject_id", "due", name=op.f("uq_handovers_tenant_id_subject_id_due")),
    )
    append_only("handovers")
    op.create_table(
        "search_entries",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("service_unit_id", sa.Uuid(), nullable=True),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('record', 'document')", name=op.f("ck_search_entries_kind_known")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_search_entries_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_unit_id"],
            ["service_units.tenant_id", "service_units.id"],
            name=op.f("fk_search_entries_tenant_id_service_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_search_entries_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_search_entries_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_search_entries")),
    )
    distribute("search_entries")
    op.create_index("ix_search_entries_customer", "search_entries", ["tenant_id", "customer_id", "id"], unique=False)
    op.create_table(
        "stored_files",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("service_unit_id", sa.Uuid(), nullable=True),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_by", sa.Text(), nullable=True),
        sa.Column("archive_reason", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("purpose in ('photo', 'document')", name=op.f("ck_stored_files_purpose_known")),
        sa.CheckConstraint("state in ('pending', 'stored', 'archived')", name=op.f("ck_stored_files_state_known")),
        sa.CheckConstraint(
            "subject_type in ('record', 'document', 'ticket', 'work_order', 'asset', 'customer', 'contract')",
            name=op.f("ck_stored_files_subject_type_known"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_stored_files_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_unit_id"],
            ["service_units.tenant_id", "service_units.id"],
            name=op.f("fk_stored_files_tenant_id_service_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_stored_files_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_stored_files_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_stored_files")),
    )
    distribute("stored_files")
    op.create_index(
        "ix_stored_files_pending",
        "stored_files",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index("ix_stored_files_subject", "stored_files", ["tenant_id", "subject_id", "id"], unique=False)
    op.create_table(
        "dispatch_costs",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_dispatch_costs_currency_form")),
        sa.CheckConstraint(
            "kind in ('labour', 'travel', 'lodging', 'parts', 'other')", name=op.f("ck_dispatch_costs_kind_known")
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_dispatch_costs_amount_not_zero")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "appointment_id"],
            ["service_appointments.tenant_id", "service_appointments.id"],
            name=op.f("fk_dispatch_costs_tenant_id_appointment_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_dispatch_costs_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_dispatch_costs")),
    )
    append_only("dispatch_costs")
    op.create_index("ix_dispatch_costs_appointment", "dispatch_costs", ["tenant_id", "appointment_id"], unique=False)
    op.create_table(
        "service_records",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("previous_id", sa.Uuid(), nullable=True),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("form_kind", sa.Text(), nullable=False),
        sa.Column("form_version", sa.Text(), nullable=False),
        sa.Column("vertical", sa.Text(), nullable=True),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("template", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("field_values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("signatures", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sealed_by", sa.Text(), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missing", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("unique_key", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("work_order_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("service_unit_id", sa.Uuid(), nullable=True),
        sa.Column("form_point_id", sa.Uuid(), nullable=True),
        sa.Column("correction", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.Text(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.Text(), nullable=True),
        sa.Column("deletion_reason", sa.Text(), nullable=True),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state in ('draft', 'submitted', 'archived', 'superseded')", name=op.f("ck_service_records_state_known")
        ),
        sa.CheckConstraint("revision > 0", name=op.f("ck_service_records_revision_positive")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "appointment_id"],
            ["service_appointments.tenant_id", "service_appointments.id"],
            name=op.f("fk_service_records_tenant_id_appointment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"],
            ["assets.tenant_id", "assets.id"],
            name=op.f("fk_service_records_tenant_id_asset_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["service_contracts.tenant_id", "service_contracts.id"],
            name=op.f("fk_service_records_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_service_records_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "form_point_id"],
            ["form_points.tenant_id", "form_points.id"],
            name=op.f("fk_service_records_tenant_id_form_point_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "previous_id"],
            ["service_records.tenant_id", "service_records.id"],
            name=op.f("fk_service_records_tenant_id_previous_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "service_unit_id"],
            ["service_units.tenant_id", "service_units.id"],
            name=op.f("fk_service_records_tenant_id_service_unit_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "site_id"], ["sites.tenant_id", "sites.id"], name=op.f("fk_service_records_tenant_id_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "ticket_id"],
            ["tickets.tenant_id", "tickets.id"],
            name=op.f("fk_service_records_tenant_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "work_order_id"],
            ["work_orders.tenant_id", "work_orders.id"],
            name=op.f("fk_service_records_tenant_id_work_order_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_service_records_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_service_records")),
        sa.UniqueConstraint(
            "tenant_id", "number", "revision", name=op.f("uq_service_records_tenant_id_number_revision")
        ),
        sa.UniqueConstraint("tenant_id", "unique_key", name=op.f("uq_service_records_tenant_id_unique_key")),
    )
    distribute("service_records")
    op.create_index("ix_service_records_appointment", "service_records", ["tenant_id", "appointment_id"], unique=False)
    op.create_index("ix_service_records_asset", "service_records", ["tenant_id", "asset_id", "id"], unique=False)
    op.create_index("ix_service_records_contract", "service_records", ["tenant_id", "contract_id"], unique=False)
    op.create_index("ix_service_records_customer", "service_records", ["tenant_id", "customer_id", "id"], unique=False)
    op.create_index("ix_service_records_form", "service_records", ["tenant_id", "form", "id"], unique=False)
    op.create_index("ix_service_records_point", "service_records", ["tenant_id", "form_point_id"], unique=False)
    op.create_index("ix_service_records_ticket", "service_records", ["tenant_id", "ticket_id"], unique=False)
    op.create_index("ix_service_records_unit", "service_records", ["tenant_id", "service_unit_id", "id"], unique=False)
    op.create_index("ix_service_records_work_order", "service_records", ["tenant_id", "work_order_id"], unique=False)
    op.create_table(
        "deliverable_receipts",
        sa.Column("deliverable", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Uuid(), nullable=True),
        sa.Column("asset_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "asset_id"],
            ["assets.tenant_id", "assets.id"],
            name=op.f("fk_deliverable_receipts_tenant_id_asset_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "contract_id"],
            ["service_contracts.tenant_id", "service_contracts.id"],
            name=op.f("fk_deliverable_receipts_tenant_id_contract_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "customer_id"],
            ["customers.tenant_id", "customers.id"],
            name=op.f("fk_deliverable_receipts_tenant_id_customer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "document_id"],
            ["documents.tenant_id", "documents.id"],
            name=op.f("fk_deliverable_receipts_tenant_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "record_id"],
            ["service_records.tenant_id", "service_records.id"],
            name=op.f("fk_deliverable_receipts_tenant_id_record_id"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_deliverable_receipts_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_deliverable_receipts")),
    )
    append_only("deliverable_receipts")
    op.create_index("ix_deliverable_receipts_asset", "deliverable_receipts", ["tenant_id", "asset_id"], unique=False)
    op.create_index(
        "ix_deliverable_receipts_contract", "deliverable_receipts", ["tenant_id", "contract_id"], unique=False
    )
    op.add_column("documents", sa.Column("vertical", sa.Text(), nullable=True))
    op.add_column("documents", sa.Column("deliverable", sa.Text(), nullable=True))
    op.add_column("documents", sa.Column("author_department", sa.Text(), nullable=True))
    op.add_column(
        "documents",
        sa.Column("sections", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'{}'")),
    )
    op.alter_column("documents", "sections", server_default=None)
    op.add_column("documents", sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("work_order_lines", sa.Column("substitute_for", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("work_order_lines", "substitute_for")
    op.drop_column("documents", "published_at")
    op.drop_column("documents", "sections")
    op.drop_column("documents", "author_department")
    op.drop_column("documents", "deliverable")
    op.drop_column("documents", "vertical")
    op.drop_index("ix_deliverable_receipts_contract", table_name="deliverable_receipts")
    op.drop_index("ix_deliverable_receipts_asset", table_name="deliverable_receipts")
    op.drop_table("deliverable_receipts")
    op.drop_index("ix_service_records_work_order", table_name="service_records")
    op.drop_index("ix_service_records_unit", table_name="service_records")
    op.drop_index("ix_service_records_ticket", table_name="service_records")
    op.drop_index("ix_service_records_point", table_name="service_records")
    op.drop_index("ix_service_records_form", table_name="service_records")
    op.drop_index("ix_service_records_customer", table_name="service_records")
    op.drop_index("ix_service_records_contract", table_name="service_records")
    op.drop_index("ix_service_records_asset", table_name="service_records")
    op.drop_index("ix_service_records_appointment", table_name="service_records")
    op.drop_table("service_records")
    op.drop_index("ix_dispatch_costs_appointment", table_name="dispatch_costs")
    op.drop_table("dispatch_costs")
    op.drop_index("ix_stored_files_subject", table_name="stored_files")
    op.drop_index("ix_stored_files_pending", table_name="stored_files", postgresql_where=sa.text("state = 'pending'"))
    op.drop_table("stored_files")
    op.drop_index("ix_search_entries_customer", table_name="search_entries")
    op.drop_table("search_entries")
    op.drop_table("handovers")
    op.drop_index("ix_form_issues_point", table_name="form_issues")
    op.drop_table("form_issues")
    op.drop_table("form_points")
    op.drop_table("search_tokens")
    op.drop_table("form_templates")
