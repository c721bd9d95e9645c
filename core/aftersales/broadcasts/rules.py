"""Decisions about broadcasts: who belongs to an audience, and by which way each is told. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal
from uuid import UUID

from msgspec import Struct

from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.parties.regions import lies_in

BroadcastKind = Literal["virus", "weather", "season", "guide", "patch", "reminder", "news"]
BROADCAST_KINDS: Final = ("virus", "weather", "season", "guide", "patch", "reminder", "news")
BroadcastState = Literal["draft", "scheduled", "sending", "sent", "cancelled"]
RecipientState = Literal["queued", "sent", "undeliverable", "refused"]
Operation = Literal["edit", "send", "cancel"]
ALLOWED: Final[dict[Operation, frozenset[str]]] = {
    "edit": frozenset({"draft"}),
    "send": frozenset({"draft"}),
    "cancel": frozenset({"draft", "scheduled", "sending"}),
}
DEALER_ACTS: Final = ("arranged", "user_told", "filed")
THE_CUSTOMER: Final = "customer"
"""The person who is written to where no contact is: the customer at its own address."""


class BroadcastAudience(Struct, frozen=True, kw_only=True):
    """Active customers; each list that isn't empty narrows them. Regions are GB/T 2260 prefixes of customer or site.

    `models` are values of the attribute `model` of assets; `segment` is one of the vertical `segment_vertical`.
    """

    regions: tuple[str, ...] = ()
    verticals: tuple[str, ...] = ()
    asset_types: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    segment: str | None = None
    segment_vertical: str | None = None
    customer_ids: tuple[UUID, ...] = ()


class OwnedThing(Struct, frozen=True, kw_only=True):
    """What decides about an asset: its vertical, its type, its model, where it stands."""

    vertical: str
    asset_type: str
    model: str | None = None
    region: str | None = None


class Person(Struct, frozen=True, kw_only=True):
    """A contact, with what it chose."""

    id: UUID
    name: str
    email: str | None
    channels: tuple[str, ...] = ()
    refused: bool = False
    language: str | None = None


class Addressed(Struct, frozen=True, kw_only=True):
    """How one person is told: `queued`, or `undeliverable` without a way, or `refused` by its own wish.

    `language` is the person's, None where it isn't known: then it is the tenant's.
    """

    person: str
    name: str
    state: RecipientState
    contact_id: UUID | None = None
    channel: str | None = None
    address: str | None = None
    language: str | None = None


def matches(
    audience: BroadcastAudience,
    *,
    customer_id: UUID,
    region: str | None,
    tier: str,
    tags: Sequence[str],
    things: Iterable[OwnedThing],
    site_regions: Iterable[str | None] = (),
) -> bool:
    """Whether a customer belongs to an audience, its segment apart; one asset must fit all that is said of assets."""
    if audience.customer_ids and customer_id not in audience.customer_ids:
        return False
    if audience.tiers and tier not in audience.tiers and not set(audience.tiers) & set(tags):
        return False
    if audience.tags and not set(audience.tags) & set(tags):
        return False
    if audience.verticals or audience.asset_types or audience.models:
        return any(
            (not audience.verticals or thing.vertical in audience.verticals)
            and (not audience.asset_types or thing.asset_type in audience.asset_types)
            and (not audience.models or thing.model in audience.models)
            and lies_in(audience.regions, thing.region, region)
            for thing in things
        )
    return lies_in(audience.regions, region, *site_regions)


def addressed(name: str, email: str | None, people: Sequence[Person]) -> list[Addressed]:
    """Everybody who is told, each on the first of the channels of its own choice that leads somewhere.

    Where no contact has chosen, the customer is told once: at its own address, else at a contact's.
    """
    willing = [person for person in people if not person.refused]
    chosen = [person for person in willing if person.channels]
    if chosen:
        return [_by_choice(person) for person in chosen]
    if people and not willing:
        return [Addressed(person=THE_CUSTOMER, name=name, state="refused")]
    if email:
        return [Addressed(person=THE_CUSTOMER, name=name, state="queued", channel="email", address=f"mailto:{email}")]
    for person in willing:
        if person.email:
            return [_by_choice(person, ("email",))]
    return [Addressed(person=THE_CUSTOMER, name=name, state="undeliverable")]


def _by_choice(person: Person, channels: tuple[str, ...] | None = None) -> Addressed:
    this = {"person": str(person.id), "name": person.name, "contact_id": person.id, "language": person.language}
    for channel in channels or person.channels:
        if channel == "inbox":
            return Addressed(**this, state="queued", channel=channel)  # type: ignore[arg-type]
        if person.email:
            return Addressed(**this, state="queued", channel=channel, address=f"mailto:{person.email}")  # type: ignore[arg-type]
    return Addressed(**this, state="undeliverable")  # type: ignore[arg-type]


def allow(operation: Operation, state: str) -> None:
    """BROADCAST_STATE_REFUSED when the broadcast's state doesn't allow it; nothing is sent twice."""
    if state not in ALLOWED[operation]:
        raise StateRefused("BROADCAST_STATE_REFUSED", state=state, operation=operation)


def check_audience(audience: BroadcastAudience) -> None:
    """AUDIENCE_INVALID for a segment without its vertical, or the other way round."""
    if (audience.segment is None) != (audience.segment_vertical is None):
        raise InvalidInput("AUDIENCE_INVALID", field="audience.segmentVertical")


def completed(conditions: Sequence[str], acts: Mapping[str, Any]) -> str | None:
    """The last of the acts once all conditions are on record: only then the milestone is reached (P15-22)."""
    if any(condition not in acts for condition in conditions):
        return None
    return max(str(acts[condition]) for condition in conditions)
