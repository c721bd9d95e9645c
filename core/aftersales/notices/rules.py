"""Who is told, at which address, and which endpoints want an event: decisions without I/O."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from aftersales.kit.messages import LANGUAGES, Language

FALLBACK_ROLE = "owner"
NOT_STAFF = frozenset({"customer", "dealer"})


class Recipient(Struct, frozen=True, kw_only=True):
    """An active member, with what decides whether a notice is for him."""

    member_id: UUID
    name: str
    email: str
    roles: frozenset[str]
    language: Language
    addresses: tuple[str, ...] = ()
    customer_id: UUID | None = None
    service_unit_id: UUID | None = None


class About(Struct, frozen=True, kw_only=True):
    """What a notice is about, as far as it narrows who may see it."""

    customer_id: UUID | None = None
    service_unit_id: UUID | None = None
    engineer_member_id: UUID | None = None


class Told(Struct, frozen=True, kw_only=True):
    """One who is told, and in which role; `stands_in` when nobody holds the role that was asked for."""

    recipient: Recipient
    role: str
    stands_in: bool = False


def whom_to_tell(roles: Sequence[str], members: Sequence[Recipient], about: About) -> list[Told]:
    """Everybody who holds one of the roles, each once; the owners stand in for a role that nobody holds.

    "engineer" means the assigned engineer where one is assigned. A customer's or dealer's member hears only of
    what is the customer's or dealer's own.
    """
    told: dict[UUID, Told] = {}
    for role in roles:
        holders = [member for member in members if role in member.roles and _concerned(member, role, about)]
        if role == "engineer" and about.engineer_member_id is not None:
            assigned = [member for member in holders if member.member_id == about.engineer_member_id]
            holders = assigned or holders
        stands_in = not holders and role != FALLBACK_ROLE
        if stands_in:
            holders = [member for member in members if FALLBACK_ROLE in member.roles]
        for member in holders:
            told.setdefault(member.member_id, Told(recipient=member, role=role, stands_in=stands_in))
    return list(told.values())


def _concerned(member: Recipient, role: str, about: About) -> bool:
    if role == "customer":
        return member.customer_id is not None and member.customer_id == about.customer_id
    if role == "dealer":
        return member.service_unit_id is not None and member.service_unit_id == about.service_unit_id
    return True


def addresses_of(member: Recipient) -> tuple[str, ...]:
    """Where to write: the member's own choice (apprise URLs), else the e-mail address."""
    return member.addresses or (f"mailto:{member.email}",)


def wants(event_kinds: Sequence[str], kind: str) -> bool:
    """Whether an endpoint with these kinds wants an event: by name, by `prefix.*`, or `*` for all."""
    return any(
        wanted in (kind, "*") or (wanted.endswith(".*") and kind.startswith(wanted[:-1])) for wanted in event_kinds
    )


def in_language(text: Any, language: Language) -> str:
    """A text that came in several languages (`zh-CN` or `zh`, `en`) or in one; the other one if this one lacks."""
    if not isinstance(text, dict):
        return "" if text is None else str(text)
    for wanted in (language, *LANGUAGES):
        for key in (wanted, wanted.partition("-")[0]):
            if text.get(key):
                return str(text[key])
    return ""
