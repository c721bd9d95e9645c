"""Hazards: found, rectified, verified, and only then does work go on (P05-27, P05-30)."""

from aftersales.access import require
from aftersales.kit.guards import happened, locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, clean_text
from aftersales.parties.models import Site
from aftersales.parties.rules import check_known
from aftersales.safety import queries, rules
from aftersales.safety.commands import HazardCommand, RectifyHazard, ReportHazard, ResumeWork, VerifyHazard
from aftersales.safety.declared import LEADER_ROLES, NOTICE_TOPIC, note
from aftersales.safety.models import HAZARD_CATEGORIES, Hazard
from aftersales.scope import TenantWork
from aftersales.terms.checklists import SEVERITIES


async def report_hazard(uow: TenantWork, command: ReportHazard) -> Hazard:
    """Record a hazard: the site stops at once and the leader is told (P05-30)."""
    require(uow.actor, "safety.manage")
    return await open_hazard(uow, await locked(uow, Site, command.site_id), command)


async def open_hazard(uow: TenantWork, site: Site, command: ReportHazard) -> Hazard:
    """Record a hazard that a person, a round or an inspection found on a locked site; see `report_hazard`."""
    category = check_known(command.category, HAZARD_CATEGORIES, "category")
    description = clean_text(command.description, "description", BODY_LIMIT, required=True)
    leader = clean_text(command.leader, "leader", NAME_LIMIT) or None
    found_at = happened(uow.now, command.found_at, "foundAt")
    severity = None if command.severity is None else check_known(command.severity, SEVERITIES, "severity")
    if command.stops_work and site.state == "active":
        site.state = "stopped"
    hazard = uow.add(
        Hazard(
            id=new_id(),
            site_id=site.id,
            category=category,
            description=description,
            severity=severity,
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
    await note(
        uow,
        "hazard.reported",
        site,
        {
            "hazard_id": hazard.id,
            "category": category,
            "severity": severity,
            "stops_work": command.stops_work,
            "leader": leader,
        },
        at=found_at,
    )
    return hazard


async def rectify_hazard(uow: TenantWork, command: RectifyHazard) -> Hazard:
    """Note what was done about a hazard; it still has to be verified (P05-27)."""
    hazard, site = await _load(uow, command)
    state = rules.next_hazard_state(hazard.state, "rectify")
    rectification = clean_text(command.rectification, "rectification", BODY_LIMIT, required=True)
    at = happened(uow.now, command.at, "at", after=hazard.found_at)
    hazard.state, hazard.rectification, hazard.rectified_at = state, rectification, at
    await note(uow, "hazard.rectified", site, {"hazard_id": hazard.id, "rectification": rectification}, at=at)
    return hazard


async def verify_hazard(uow: TenantWork, command: VerifyHazard) -> Hazard:
    """The rectification passed; HAZARD_NOT_RECTIFIED before there is one."""
    hazard, site = await _load(uow, command)
    state = rules.next_hazard_state(hazard.state, "verify")
    at = happened(uow.now, command.at, "at", after=hazard.rectified_at)
    hazard.state, hazard.verified_at = state, at
    await note(uow, "hazard.verified", site, {"hazard_id": hazard.id}, at=at)
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
    await note(uow, "hazard.resumed", site, {"hazard_id": hazard.id, "site_state": site.state}, at=at)
    return hazard


async def _load(uow: TenantWork, command: HazardCommand) -> tuple[Hazard, Site]:
    """The hazard and its site, both locked, the site first."""
    require(uow.actor, "safety.manage")
    await uow.flush()
    site = await locked(uow, Site, (await uow.get(Hazard, command.hazard_id)).site_id)
    return await locked(uow, Hazard, command.hazard_id, command.expected_version), site
