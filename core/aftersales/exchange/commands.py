"""What callers ask of imports and exports: one frozen Struct per operation."""

from uuid import UUID

from msgspec import Struct


class ImportDetails(Struct, frozen=True, kw_only=True):
    """What an uploaded file is: its kind, and what happens to bad rows and to what is known already."""

    kind: str
    file_name: str
    policy: str = "all_or_nothing"
    existing: str = "update"


class StartImport(Struct, frozen=True, kw_only=True):
    """Write what was checked."""

    import_id: UUID
    expected_version: int | None = None


class CancelImport(Struct, frozen=True, kw_only=True):
    """Write no further rows; what was written stays."""

    import_id: UUID
    expected_version: int | None = None


class RequestExport(Struct, frozen=True, kw_only=True):
    """A table for later, as CSV or Excel: of one customer (its code), of one vertical; left out: of all."""

    kind: str
    format: str = "csv"
    customer_code: str | None = None
    vertical: str | None = None
