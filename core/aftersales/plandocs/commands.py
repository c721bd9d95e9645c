"""What callers ask of plan documents."""

from uuid import UUID

from msgspec import Struct

from aftersales.kit.errors import Language


class PlanDocumentRequest(Struct, frozen=True, kw_only=True):
    """What is offered for a vertical or a service plan (a draft too), or what a contract says: exactly one of them."""

    language: Language
    vertical: str | None = None
    contract_id: UUID | None = None
    service_plan_id: UUID | None = None
