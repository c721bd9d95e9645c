"""What callers ask of site safety: one frozen Struct per operation. Instants are tz-aware; left out, they mean now."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class AppointSafetyRole(Struct, frozen=True, kw_only=True):
    """Who holds a safety role: an engineer, or a unit as a department. Without a site the role is the company's."""

    role: str
    site_id: UUID | None = None
    engineer_id: UUID | None = None
    service_unit_id: UUID | None = None
    full_time: bool = False


class EndSafetyRole(Struct, frozen=True, kw_only=True):
    """Nobody holds the role on the site (or in the company) any more; an engineer or unit narrows it to one."""

    role: str
    site_id: UUID | None = None
    engineer_id: UUID | None = None
    service_unit_id: UUID | None = None


class AddSiteBranch(Struct, frozen=True, kw_only=True):
    """A branch or department takes part on a site (P05-44)."""

    site_id: UUID
    service_unit_id: UUID


class ActivateSite(Struct, frozen=True, kw_only=True):
    """Work on a planned site begins."""

    site_id: UUID
    expected_version: int | None = None


class ReportHazard(Struct, frozen=True, kw_only=True):
    """A hazard of one of the four categories; unless told otherwise it stops the work at once (P05-30).

    `leader` is whom it is reported to by name; the members in charge are told in any case. `severity` is none, low,
    medium, high or critical.
    """

    site_id: UUID
    category: str
    description: str
    found_at: datetime | None = None
    stops_work: bool = True
    leader: str | None = None
    severity: str | None = None


class HazardCommand(Struct, frozen=True, kw_only=True):
    """The hazard that an operation is about."""

    hazard_id: UUID
    at: datetime | None = None
    expected_version: int | None = None


class RectifyHazard(HazardCommand, frozen=True, kw_only=True):
    """What was done about the hazard."""

    rectification: str


class VerifyHazard(HazardCommand, frozen=True, kw_only=True):
    """The rectification passed its inspection."""


class ResumeWork(HazardCommand, frozen=True, kw_only=True):
    """Work goes on where the hazard was."""
