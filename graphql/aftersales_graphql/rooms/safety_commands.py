"""What is done for safety on sites, and which safety roles a site still lacks."""

import strawberry

from aftersales.safety import service
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Ref
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.commands import command, id_given
from aftersales_graphql.rooms.parties import ServiceUnit, Site
from aftersales_graphql.rooms.safety import Hazard, SiteRole


@strawberry.type(description="A safety role that has to be held and isn't: on the site, in the company or in a branch.")
class SafetyGap:
    applies_to: str
    role: str
    clause: str | None
    service_unit: ServiceUnit | None


@query(description="The safety roles that a site lacks; while one is missing, its work can't begin.")
async def safety_gaps(call: Call, site_id: strawberry.ID) -> list[SafetyGap]:
    return [
        SafetyGap(
            applies_to=gap.applies_to,
            role=gap.role,
            clause=gap.clause,
            service_unit=None if gap.service_unit_id is None else Ref(ServiceUnit, gap.service_unit_id),  # type: ignore[arg-type]
        )
        for gap in await service.site_gaps(call.uow, id_given("Site", site_id, "siteId"))
    ]


@root
class SafetyGapQueries:
    safety_gaps = safety_gaps


@root
class SafetyMutations:
    appoint_safety_role = command(service.appoint_safety_role, returns=SiteRole)
    end_safety_role = command(service.end_safety_role, returns=list[SiteRole], under="site_roles")
    add_site_branch = command(service.add_site_branch, returns=Site)
    activate_site = command(service.activate_site, returns=Site)
    report_hazard = command(service.report_hazard, returns=Hazard)
    rectify_hazard = command(service.rectify_hazard, returns=Hazard)
    verify_hazard = command(service.verify_hazard, returns=Hazard)
    resume_site_work = command(service.resume_work, returns=Hazard, name="resume_site_work")
