"""What callers ask of plan documents."""

from uuid import UUID

from msgspec import Struct

from aftersales.kit.errors import Language


class PlanDocumentRequest(Struct, frozen=True, kw_only=True):
    """The plan of a vertical under the tenant's settings, or what was signed in a contract: exactly one of the two."""

    language: Language
    vertical: str | None = None
    contract_id: UUID | None = None
