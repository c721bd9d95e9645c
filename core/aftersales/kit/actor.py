"""Who does something: a member of a tenant, a platform admin, or the system itself."""

from typing import Literal
from uuid import UUID

from msgspec import Struct


class Actor(Struct, frozen=True, kw_only=True):
    """The author of a change. `customer_id` and `dealer_id` narrow what a customer's or dealer's member may see.

    `department` is the one that a member works in.
    """

    kind: Literal["member", "platform_admin", "system"]
    id: UUID | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    customer_id: UUID | None = None
    dealer_id: UUID | None = None
    department: str | None = None

    @property
    def label(self) -> str:
        """How the journal names the actor."""
        return f"{self.kind}:{self.id}" if self.id else self.kind


SYSTEM = Actor(kind="system", name="system")
