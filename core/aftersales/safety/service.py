"""What the safety room does; each function takes a unit of work and one command, and never commits."""

from datetime import datetime
from uuid import UUID

from aftersales.access import require
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import happened, locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, clean_text
from aftersales.parties.models import ServiceUnit, Site
from aftersales.parties.rules import check_known
from aftersales.safety import queries, rules
from aftersales.safety.commands import (
    ActivateSite,
    AddSiteBranch,
    AppointSafetyRole,
    EndSafetyRole,
    HazardCommand,
    RectifyHazard,
    ReportHazard,
    ResumeWork,
    VerifyHazard,
)
from aftersales.safety.models import HAZARD_CATEGORIES, SITE_ROLES, Hazard, SiteBranch, SiteRole
from aftersales.scope import TenantWork
from aftersales.work.models import Engineer

__all__ = [
    "activate_site",
    "add_site_branch",
    "appoint_safety_role",
    "end_safety_role",
    "rectify_hazard",
    "report_hazard",
    "resume_work",
    "site_gaps",
    "verify_hazard",
]

LEADER_ROLES = ("owner", "quality_supervisor")
"""The members who are told at once: the leader in charge (P05-30), and whoever watches over safety."""
NOTICE_TOPIC = "notice"


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


async def report_hazard(uow: TenantWork, command: ReportHazard) -> Hazard:
    """Record a hazard: the site stops at once and the leader is told (P05-30)."""
    require(uow.actor, "safety.manage")
    category = check_known(command.category, HAZARD_CATEGORIES, "category")
    description = clean_text(command.description, "description", BODY_LIMIT, required=True)
    leader = clean_text(command.leader, "leader", NAME_LIMIT) or None
    found_at = happened(uow.now, command.found_at, "foundAt")
    site = await locked(uow, Site, command.site_id)
    if command.stops_work and site.state == "active":
        site.state = "stopped"
    hazard = uow.add(
        Hazard(
            id=new_id(),
            site_id=site.id,
            category=category,
            description=description,
            stops_work=command.stops_work,
            found_at=found_at,
            leader=leader,
        )
    )
    uow.enqueue(
        NOTICE_TOPIC,
        {
            "roles": list(LEADER_ROLES),
            "subject": {"zh": f"【安全隐患】{site.name}", "en": f"[Hazard] {site.name}"},
            "body": {
                "zh": f"{description}\n负责人:{leader or '未指定'}。现场状态:{site.state}。",
                "en": f"{description}\nLeader: {leader or 'none named'}. The site is {site.state}.",
            },
            "dedupe_key": f"hazard:{hazard.id}",
        },
    )
    await _note(
        uow,
        "hazard.reported",
        site,
        {"hazard_id": hazard.id, "category": category, "stops_work": command.stops_work, "leader": leader},
        found_at,
    )
    return hazard


async def rectify_hazard(uow: TenantWork, command: RectifyHazard) -> Hazard:
    """Note what was done about a hazard; it still has to be verified (P05-27)."""
    hazard, site = await _load(uow, command)
    state = rules.next_hazard_state(hazard.state, "rectify")
    rectification = clean_text(command.rectification, "rectification", BODY_LIMIT, required=True)
    at = happened(uow.now, command.at, "at", after=hazard.found_at)
    hazard.state, hazard.rectification, hazard.rectified_at = state, rectification, at
    await _note(uow, "hazard.rectified", site, {"hazard_id": hazard.id, "rectification": rectification}, at)
    return hazard


async def verify_hazard(uow: TenantWork, command: VerifyHazard) -> Hazard:
    """The rectification passed; HAZARD_NOT_RECTIFIED before there is one."""
    hazard, site = await _load(uow, command)
    state = rules.next_hazard_state(hazard.state, "verify")
    at = happened(uow.now, command.at, "at", after=hazard.rectified_at)
    hazard.state, hazard.verified_at = state, at
    await _note(uow, "hazard.verified", site, {"hazard_id": hazard.id}, at)
    return hazard


async def resume_work(uow: TenantWork, command: ResumeWork) -> Hazard:
    """Go on after a verified hazard; HAZARD_NOT_VERIFIED before. The site runs again when none is left (P05-27)."""
    hazard, site = await _load(uow, command)
    state = rules.next_hazard_state(hazard.state, "resume")
    at = happened(uow.now, command.at, "at", after=hazard.verified_at)
    hazard.state, hazard.resumed_at = state, at
    others = await queries.other_stopping_hazards(uow, site.id, hazard.id)
    if hazard.stops_work and site.state == "stopped" and not others:
        site.state = "active"
    await _note(uow, "hazard.resumed", site, {"hazard_id": hazard.id, "site_state": site.state}, at)
    return hazard


async def _load(uow: TenantWork, command: HazardCommand) -> tuple[Hazard, Site]:
    """The hazard and its site, both locked, the site first."""
    require(uow.actor, "safety.manage")
    await uow.flush()
    site = await locked(uow, Site, (await uow.get(Hazard, command.hazard_id)).site_id)
    return await locked(uow, Hazard, command.hazard_id, command.expected_version), site


async def _gaps(uow: TenantWork, site: Site) -> list[rules.Gap]:
    holders = [
        rules.Holder(
            role=held.role, site_id=held.site_id, service_unit_id=held.service_unit_id, full_time=held.full_time
        )
        for held in await queries.roles_held(uow, site.id)
    ]
    declared = [rule for terms in uow.scope.playbook.verticals.values() for rule in terms.safety_rules]
    return rules.safety_gaps(declared, holders, site.id, await queries.branches_of(uow, site.id))


async def _note(
    uow: TenantWork, kind: str, site: Site | None, data: dict[str, object], at: datetime | None = None
) -> None:
    await journal.record(
        uow,
        kind,
        subject_type="site" if site else "tenant",
        subject_id=site.id if site else uow.scope.id,
        customer_id=site.customer_id if site else None,
        data=data,
        at=at,
    )
