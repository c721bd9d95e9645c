"""What callers ask of assets: one frozen Struct per operation.

Dates are local days of the tenant's zone. In changes None leaves a value as it is and an empty text clears it.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct, field


class ComponentDetails(Struct, frozen=True, kw_only=True):
    """A part that the vertical names for the asset's type."""

    component: str
    serial: str | None = None
    installed_on: date | None = None


class RegisterAsset(Struct, frozen=True, kw_only=True):
    """A product in a customer's hands. `attributes` fit the type's own Struct; without `number` one is given."""

    name: str
    vertical: str
    asset_type: str
    customer_id: UUID
    number: str | None = None
    site_id: UUID | None = None
    parent_asset_id: UUID | None = None
    serial: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    components: tuple[ComponentDetails, ...] = ()
    installed_on: date | None = None
    usage: int | None = None
    remote_allowed: bool = True
    installation_guide_id: UUID | None = None


class AssetCommand(Struct, frozen=True, kw_only=True):
    """The asset that an operation is about."""

    asset_id: UUID
    expected_version: int | None = None


class UpdateAsset(AssetCommand, frozen=True, kw_only=True):
    """New values of an asset; `attributes` are merged into the known ones."""

    name: str | None = None
    serial: str | None = None
    site_id: UUID | None = None
    parent_asset_id: UUID | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    installed_on: date | None = None
    remote_allowed: bool | None = None


class AddComponent(AssetCommand, frozen=True, kw_only=True):
    """A further part of an asset."""

    component: str
    serial: str | None = None
    installed_on: date | None = None


class AssignInstallationGuide(AssetCommand, frozen=True, kw_only=True):
    """The engineer who guides the installation until acceptance (P09-02)."""

    installation_guide_id: UUID


class AcceptAsset(AssetCommand, frozen=True, kw_only=True):
    """The customer accepted the installation; courses that acceptance triggers fall due (P09-30)."""

    accepted_on: date | None = None
    training_venue: str | None = None


class RecordUsage(AssetCommand, frozen=True, kw_only=True):
    """A meter reading, in the unit of the asset's vertical."""

    usage: int


class RetireAsset(AssetCommand, frozen=True, kw_only=True):
    """Nothing new is taken in for the asset."""


class CheckIn(AssetCommand, frozen=True, kw_only=True):
    """A customer arrives with an asset at a workshop (P06-03); its contact data are confirmed on that day."""

    arrived_at: datetime | None = None
    service_unit_id: UUID | None = None
    usage: int | None = None
    ticket_id: UUID | None = None
    phone: str | None = None
    email: str | None = None


class RecordRevisit(AssetCommand, frozen=True, kw_only=True):
    """A quality-tracking contact took place (P09-09); the next one falls due where the tenant set a cadence."""

    rule: str
    notes: str
    at: datetime | None = None


class CheckEligibility(AssetCommand, frozen=True, kw_only=True):
    """May the asset take part in a campaign (or get one offer of it) at a service unit on a day?"""

    campaign: str
    offer: str | None = None
    service_unit_id: UUID | None = None
    on: date | None = None
