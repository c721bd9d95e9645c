"""Imports with the rows that were uploaded and what is wrong with them; services from before the platform."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from aftersales.kit.database import (
    Base,
    TenantRow,
    Versioned,
    one_of,
    tenant_index,
    tenant_reference,
    tenant_unique,
)

KINDS = ("customers", "contacts", "sites", "assets", "contracts", "history")
POLICIES = ("all_or_nothing", "skip_bad_rows")
EXISTING = ("update", "skip")
STATES = ("checking", "checked", "running", "done", "stopped", "rejected", "cancelled")
EXPORT_STATES = ("waiting", "done", "failed", "expired")


class DataImport(TenantRow, Versioned, Base):
    """A file that was uploaded, and how far it is: checked first (nothing is written), then run.

    `position` is the next batch of the phase under way. `rows_seen` counts the phase's rows, `rows_written` what was
    created or changed, `rows_unchanged` what was there already, `rows_failed` what can't be taken.
    """

    __tablename__ = "data_imports"
    __table_args__ = (
        one_of("kind", KINDS),
        one_of("policy", POLICIES),
        one_of("existing", EXISTING),
        one_of("state", STATES),
        tenant_index("ix_data_imports_created", "created_at"),
    )

    kind: Mapped[str]
    file_name: Mapped[str]
    policy: Mapped[str]
    existing: Mapped[str]
    columns: Mapped[list[str]]
    state: Mapped[str]
    batches: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_seen: Mapped[int] = mapped_column(default=0)
    rows_written: Mapped[int] = mapped_column(default=0)
    rows_unchanged: Mapped[int] = mapped_column(default=0)
    rows_failed: Mapped[int] = mapped_column(default=0)
    actor: Mapped[str]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class DataExport(TenantRow, Versioned, Base):
    """A table that a worker writes into the object storage, under `<tenant>/<id>`, for whoever asks for it later.

    `rows` counts those below the headings. `fault` is the code of what kept it from being made.
    """

    __tablename__ = "data_exports"
    __table_args__ = (
        one_of("kind", KINDS),
        one_of("format", ("csv", "xlsx")),
        one_of("state", EXPORT_STATES),
        tenant_index("ix_data_exports_created", "created_at"),
    )

    kind: Mapped[str]
    format: Mapped[str]
    customer_code: Mapped[str | None]
    vertical: Mapped[str | None]
    state: Mapped[str]
    rows: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    fault: Mapped[str | None]
    actor: Mapped[str]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ImportBatch(TenantRow, Base):
    """Some hundred rows of an uploaded file, as text. A row is `{"n": number, "c": cells, "d": first with its key}`."""

    __tablename__ = "import_batches"
    __table_args__ = (
        tenant_reference("import_id", to="data_imports"),
        tenant_unique("import_id", "position"),
    )

    import_id: Mapped[UUID]
    position: Mapped[int]
    rows: Mapped[list[dict[str, Any]]]


class ImportFault(TenantRow, Base):
    """What is wrong with a row: the number of the row in the file, the column's code, the error's code and values."""

    __tablename__ = "import_faults"
    __table_args__ = (
        tenant_reference("import_id", to="data_imports"),
        tenant_index("ix_import_faults_import", "import_id", "row_number"),
    )

    import_id: Mapped[UUID]
    row_number: Mapped[int]
    column_code: Mapped[str | None]
    code: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)


class PastService(TenantRow, Base):
    """A service from before the platform, as the company had it on record: part of the asset's archive."""

    __tablename__ = "past_services"
    __table_args__ = (
        tenant_unique("reference"),
        tenant_reference("asset_id", to="assets"),
        tenant_reference("customer_id", to="customers"),
        tenant_index("ix_past_services_asset", "asset_id", "happened_on"),
    )

    reference: Mapped[str]
    asset_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    happened_on: Mapped[date]
    title: Mapped[str]
    description: Mapped[str | None]
    engineer: Mapped[str | None]
    outcome: Mapped[str | None]
    created_at: Mapped[datetime]
