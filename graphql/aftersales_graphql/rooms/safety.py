"""Site safety: who is responsible, which hazards stop the work."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from aftersales.safety import models
from aftersales_graphql.machine.declare import connection, entity, find, many, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.parties import ServiceUnit, Site
from aftersales_graphql.rooms.visibility import staff_only
from aftersales_graphql.rooms.work import Engineer

if TYPE_CHECKING:
    from aftersales_graphql.rooms.inspections import InspectionFinding


@entity(models.SiteRole, filters=("role", "site"), orders=("since",), default_order="since", visible=staff_only)
class SiteRole(Node):
    """Who holds a safety role on a site, or in the company when `site` is empty."""

    role: str
    full_time: bool
    since: datetime
    ended_at: datetime | None
    site: Site | None = one("site_id")
    engineer: Engineer | None = one("engineer_id")
    service_unit: ServiceUnit | None = one("service_unit_id")


@entity(models.Hazard, filters=("site", "category", "severity", "state"), orders=("found_at",),
        default_order="-found_at", visible=staff_only)  # fmt: skip
class Hazard(Node):
    """A hazard on a site: found, rectified, verified; only then work resumes."""

    category: str
    description: str
    severity: str | None
    stops_work: bool
    state: str
    found_at: datetime
    leader: str | None
    rectification: str | None
    rectified_at: datetime | None
    verified_at: datetime | None
    resumed_at: datetime | None
    version: int
    site: Site | None = one("site_id")
    findings: list[Annotated["InspectionFinding", strawberry.lazy("aftersales_graphql.rooms.inspections")]] = many(
        "hazard_id", order="at", description="The findings of inspections that opened it."
    )


@root
class SafetyQueries:
    site_roles: Connection[SiteRole] = connection(description="Safety roles.")
    hazard: Hazard | None = find(description="One hazard by its id.")
    hazards: Connection[Hazard] = connection(description="Hazards.")
