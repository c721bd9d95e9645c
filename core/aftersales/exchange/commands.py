"""What callers ask of imports: one frozen Struct per operation."""

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
