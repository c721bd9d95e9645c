"""What the safety room does; each function takes a unit of work and one command, and never commits."""

from uuid import UUID

from aftersales.access import require
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.parties.models import ServiceUnit, Site
from aftersales.parties.rules import check_known
from aftersales.safety import queries, rules
from aftersales.safety.commands import (
    ActivateSite,
    AddSiteBranch,
    AppointSafetyRole,
    EndSafetyRole,
)
from aftersales.safety.hazards import open_hazard, rectify_hazard, report_hazard, resume_work, verify_hazard
from aftersales.safety.machines import (
    finish_repair,
    register_machine,
    report_defect,
    retire_machine,
    start_repair,
    start_run,
    stop_run,
)
from aftersales.safety.models import SITE_ROLES, SiteBranch, SiteRole
from aftersales.safety.patrols import assign_watch, end_watch, patrol_audit, record_patrol
from aftersales.safety.people import (
    acknowledge_safety,
    assign_worker,
    certify_worker,
    paper_gaps,
    record_education,
    record_violation,
    register_worker,
    release_worker,
    update_worker,
)
from aftersales.safety.permits import (
    approve_permit,
    close_permit,
    enter_site,
    leave_site,
    refuse_permit,
    request_permit,
)
from aftersales.safety.shifts import (
    acknowledge_briefing,
    close_shift,
    hold_meeting,
    issue_briefing,
    plan_shift,
    start_process,
    start_shift,
)
from aftersales.safety.standards import save_standard, standards_register
from aftersales.scope import TenantWork
from aftersales.work.models import Engineer

__all__ = [
    "acknowledge_briefing",
    "acknowledge_safety",
    "activate_site",
    "add_site_branch",
    "appoint_safety_role",
    "approve_permit",
    "assign_watch",
    "assign_worker",
    "certify_worker",
    "close_permit",
    "close_shift",
    "end_safety_role",
    "end_watch",
    "enter_site",
    "finish_repair",
    "hold_meeting",
    "issue_briefing",
    "leave_site",
    "open_hazard",
    "paper_gaps",
    "patrol_audit",
    "plan_shift",
    "record_education",
    "record_patrol",
    "record_violation",
    "rectify_hazard",
    "refuse_permit",
    "register_machine",
    "register_worker",
    "release_worker",
    "report_defect",
    "report_hazard",
    "request_permit",
    "resume_work",
    "retire_machine",
    "save_standard",
    "site_gaps",
    "standards_register",
    "start_process",
    "start_repair",
    "start_run",
    "start_shift",
    "stop_run",
    "update_worker",
    "verify_hazard",
]


async def appoint_safety_role(uow: TenantWork, command: AppointSafetyRole) -> SiteRole:
    """Give somebody a safety role.

    SAFETY_OFFICER_TAKEN for a full-time officer who is one elsewhere (P05-04), VALUE_UNKNOWN, ENGINEER_INACTIVE.
    """
    require(uow.actor, "safety.manage")
    role = check_known(command.role, SITE_ROLES, "role")
    if command.engineer_id is None and command.service_unit_id is None:
        raise InvalidInput("REQUIRED", field="engineerId", field_name="engineerId")
    site = None if command.site_id is None else await uow.get(Site, command.site_id)
    unit = None if command.service_unit_id is None else await uow.get(ServiceUnit, command.service_unit_id)
    if command.engineer_id is not None:
        engineer = await locked(uow, Engineer, command.engineer_id)
        if engineer.state != "active":
            raise StateRefused("ENGINEER_INACTIVE", field="engineerId")
        full_time_officer = role == "safety_officer" and command.full_time
        if full_time_officer and await queries.full_time_posts(uow, engineer.id):
            raise StateRefused("SAFETY_OFFICER_TAKEN", field="engineerId")
    appointed = uow.add(
        SiteRole(
            id=new_id(),
            site_id=site.id if site else None,
            role=role,
            engineer_id=command.engineer_id,
            service_unit_id=unit.id if unit else None,
            full_time=command.full_time,
            since=uow.now,
        )
    )
    await _note(
        uow,
        "safety.appointed",
        site,
        {
            "role": role,
            "engineer_id": command.engineer_id,
            "service_unit_id": command.service_unit_id,
            "full_time": command.full_time,
        },
    )
    return appointed


async def end_safety_role(uow: TenantWork, command: EndSafetyRole) -> list[SiteRole]:
    """End the role for all who hold it now, and give them; SAFETY_ROLE_VACANT when nobody does."""
    require(uow.actor, "safety.manage")
    role = check_known(command.role, SITE_ROLES, "role")
    site = None if command.site_id is None else await uow.get(Site, command.site_id)
    await uow.flush()
    ended = [
        held
        for held in await queries.roles_held(uow, command.site_id)
        if held.role == role
        and held.site_id == command.site_id
        and command.engineer_id in {None, held.engineer_id}
        and command.service_unit_id in {None, held.service_unit_id}
    ]
    if not ended:
        raise InvalidInput("SAFETY_ROLE_VACANT", field="role", role=role)
    for held in ended:
        held.ended_at = uow.now
    await _note(uow, "safety.role_ended", site, {"role": role, "engineer_ids": [held.engineer_id for held in ended]})
    return ended


async def add_site_branch(uow: TenantWork, command: AddSiteBranch) -> Site:
    """A branch takes part on a site; until it names a safety contact the site has a gap (P05-44)."""
    require(uow.actor, "safety.manage")
    site = await locked(uow, Site, command.site_id)
    unit = await uow.get(ServiceUnit, command.service_unit_id)
    if unit.id not in await queries.branches_of(uow, site.id):
        uow.add(SiteBranch(id=new_id(), site_id=site.id, service_unit_id=unit.id))
        await _note(uow, "safety.branch_added", site, {"service_unit_id": unit.id, "code": unit.code})
    return site


async def site_gaps(uow: TenantWork, site_id: UUID) -> list[rules.Gap]:
    """The safety roles that the tenant's verticals ask for on this site and that nobody holds."""
    require(uow.actor, "safety.manage")
    site = await uow.get(Site, site_id)
    await uow.flush()
    return await _gaps(uow, site)


async def activate_site(uow: TenantWork, command: ActivateSite) -> Site:
    """Begin the work on a planned site.

    SITE_WITHOUT_PROJECT_MANAGER (P05-03), SITE_WITHOUT_SAFETY_OFFICER (P05-04), SAFETY_SUPERVISION_MISSING and
    PRODUCTION_MANAGER_MISSING (P05-02) as far as the tenant's verticals ask for them; SITE_STATE_REFUSED.
    """
    require(uow.actor, "safety.manage")
    site = await locked(uow, Site, command.site_id, command.expected_version)
    if site.state != "planned":
        raise StateRefused("SITE_STATE_REFUSED", field="siteId", state=site.state)
    rules.check_activation(await _gaps(uow, site))
    site.state = "active"
    await _note(uow, "site.activated", site, {})
    return site


async def _gaps(uow: TenantWork, site: Site) -> list[rules.Gap]:
    holders = [
        rules.Holder(
            role=held.role, site_id=held.site_id, service_unit_id=held.service_unit_id, full_time=held.full_time
        )
        for held in await queries.roles_held(uow, site.id)
    ]
    declared = [rule for terms in uow.scope.playbook.verticals.values() for rule in terms.safety_rules]
    return rules.safety_gaps(declared, holders, site.id, await queries.branches_of(uow, site.id))


async def _note(uow: TenantWork, kind: str, site: Site | None, data: dict[str, object]) -> None:
    await journal.record(
        uow,
        kind,
        subject_type="site" if site else "tenant",
        subject_id=site.id if site else uow.scope.id,
        customer_id=site.customer_id if site else None,
        data=data,
    )
