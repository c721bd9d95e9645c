"""Patrols and a season's checks: who is in charge, each round, and the audit that finds the gaps."""

from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from aftersales.access import require
from aftersales.commitments import service as commitments
from aftersales.commitments.rules import Budget
from aftersales.kit.clock import require_aware
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import happened, locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, clean_text
from aftersales.parties.models import Site
from aftersales.safety import site_queries, site_rules
from aftersales.safety.commands import ReportHazard
from aftersales.safety.declared import MINUTE, about, note, owed_by, rule_of
from aftersales.safety.hazards import open_hazard
from aftersales.safety.models import PatrolRound, SafetyWatch, SiteWorker
from aftersales.safety.site_commands import AssignWatch, EndWatch, RecordPatrol
from aftersales.scope import TenantWork
from aftersales.terms.planned import SafetyRule
from aftersales.work.models import Engineer

NEXT_ROUND: Final = "next_round"
DAILY_CHECK: Final = "daily_check"


async def assign_watch(uow: TenantWork, command: AssignWatch) -> SafetyWatch:
    """Put somebody in charge of a patrol; whoever was so far isn't any more (P05-29).

    With a season's daily checks, the first is owed by the end of the season's next day. VALUE_UNKNOWN for a rule that
    is no patrol, REQUIRED unless it is one engineer or one worker.
    """
    require(uow.actor, "safety.manage")
    site = await locked(uow, Site, command.site_id)
    if command.engineer_id is not None:
        await uow.get(Engineer, command.engineer_id)
    if command.worker_id is not None:
        await uow.get(SiteWorker, command.worker_id)
    if (command.engineer_id is None) == (command.worker_id is None):
        raise InvalidInput("REQUIRED", field="engineerId", field_name="engineerId")
    vertical, rule = rule_of(uow, "patrol", command.rule, "rule")
    for watch in await _present(uow, site.id, rule.code):
        await _end(uow, watch)
    watch = uow.add(
        SafetyWatch(
            id=new_id(), site_id=site.id, rule=rule.code, engineer_id=command.engineer_id,
            worker_id=command.worker_id, since=uow.now,
        )
    )  # fmt: skip
    await _owe_day(uow, watch, vertical, rule, uow.now, _day(uow, uow.now))
    await note(uow, "watch.assigned", site, {"rule": rule.code})
    return watch


async def end_watch(uow: TenantWork, command: EndWatch) -> list[SafetyWatch]:
    """Nobody is in charge any more, and no round is owed. WATCH_NOT_ASSIGNED when neither was."""
    require(uow.actor, "safety.manage")
    site = await locked(uow, Site, command.site_id)
    _, rule = rule_of(uow, "patrol", command.rule, "rule")
    ended = await _present(uow, site.id, rule.code)
    for watch in ended:
        await _end(uow, watch)
    owed = False
    for area in rule.conditions:
        last = await site_queries.last_round(uow, site.id, rule.code, area)
        if last is not None:
            owed = True
            await commitments.cancel(uow, about("patrol_round", last.id), "patrol ended", uow.now)
    if not ended and not owed:
        raise StateRefused("WATCH_NOT_ASSIGNED", field="rule", rule=rule.code)
    await note(uow, "watch.ended", site, {"rule": rule.code})
    return ended


async def record_patrol(uow: TenantWork, command: RecordPatrol) -> list[PatrolRound]:
    """A round of a patrol; the next one is owed within the rule's longest gap (P05-26, A29: it may be delegated).

    VALUE_UNKNOWN for a rule or an area, PATROL_OUT_OF_ORDER for a round before the last one, WATCH_NOT_ASSIGNED where
    the rule asks for a person in charge and it is somebody else (P05-29). What was found opens a hazard (P05-30).
    """
    require(uow.actor, "safety.record")
    site = await locked(uow, Site, command.site_id)
    if command.engineer_id is not None:
        await uow.get(Engineer, command.engineer_id)
    if command.worker_id is not None:
        await uow.get(SiteWorker, command.worker_id)
    vertical, rule = rule_of(uow, "patrol", command.rule, "rule")
    if command.engineer_id is None and command.worker_id is None:
        raise InvalidInput("REQUIRED", field="engineerId", field_name="engineerId")
    areas = list(dict.fromkeys(command.areas)) or list(rule.conditions)
    for area in areas:
        if area not in rule.conditions:
            known = ", ".join(rule.conditions)
            raise InvalidInput("VALUE_UNKNOWN", field="areas", field_name="areas", value=area, known=known)
    text = clean_text(command.note, "note", BODY_LIMIT)
    at = happened(uow.now, command.at, "at")
    watches = await _present(uow, site.id, rule.code)
    if rule.named_person and not any(
        (watch.engineer_id, watch.worker_id) in {(command.engineer_id, None), (None, command.worker_id)}
        for watch in watches
    ):
        raise StateRefused("WATCH_NOT_ASSIGNED", field="engineerId", rule=rule.code)
    last = {area: await site_queries.last_round(uow, site.id, rule.code, area) for area in areas}
    for earlier in last.values():
        if earlier is not None and at < earlier.at:
            raise InvalidInput("PATROL_OUT_OF_ORDER", field="at")
    hazard_id = None
    if command.hazard is not None:
        found = ReportHazard(
            site_id=site.id, category=command.hazard.category, description=command.hazard.description, found_at=at,
            stops_work=command.hazard.stops_work, leader=command.hazard.leader,
        )  # fmt: skip
        hazard_id = (await open_hazard(uow, site, found)).id
    rounds = []
    for area in areas:
        made = uow.add(
            PatrolRound(
                id=new_id(), site_id=site.id, rule=rule.code, area=area, at=at, engineer_id=command.engineer_id,
                worker_id=command.worker_id, hazard_id=hazard_id, note=text, actor=uow.actor.label,
            )
        )  # fmt: skip
        rounds.append(made)
        before = last[area]
        if before is not None:
            await commitments.meet(uow, about("patrol_round", before.id), NEXT_ROUND, at)
        if not rule.daily:
            await _owe_round(uow, made, vertical, rule, at)
    await uow.flush()
    if rule.daily:
        await _meet_day(uow, site, watches, vertical, rule, at)
    await note(uow, "patrol.round", site, {"rule": rule.code, "areas": areas, "hazard_id": hazard_id}, at=at)
    return rounds


async def patrol_audit(
    uow: TenantWork, site_id: UUID, rule_code: str, begin: datetime, end: datetime
) -> site_rules.PatrolAudit:
    """Which gaps of a patrol were too long, and on which days of the season something wasn't looked at.

    An end in the future counts as now. PERIOD_INVERTED, AUDIT_TOO_LONG, VALUE_UNKNOWN.
    """
    require(uow.actor, "safety.record")
    site = await uow.get(Site, site_id)
    _, rule = rule_of(uow, "patrol", rule_code, "rule")
    begin, end = require_aware(begin, "begin"), min(require_aware(end, "end"), uow.now)
    site_rules.check_audit(begin, end)
    zone = ZoneInfo(uow.scope.time_zone)
    gaps: list[site_rules.PatrolGap] = []
    seen: dict[str, list[datetime]] = {}
    for area in rule.conditions:
        before, seen[area] = await site_queries.rounds_between(uow, site.id, rule.code, area, begin, end)
        if rule.longest_gap_minutes is not None and not rule.daily:
            longest = rule.longest_gap_minutes * MINUTE
            gaps += site_rules.patrol_gaps(area, seen[area], begin, end, longest, before=before)
    return site_rules.PatrolAudit(
        rule=rule.code,
        clause=rule.clause,
        longest_gap_minutes=rule.longest_gap_minutes,
        gaps=tuple(gaps),
        missed_days=tuple(await _missed(uow, site, rule, seen, begin, end, zone)) if rule.daily else (),
    )


async def _missed(
    uow: TenantWork,
    site: Site,
    rule: SafetyRule,
    seen: dict[str, list[datetime]],
    begin: datetime,
    end: datetime,
    zone: ZoneInfo,
) -> list[site_rules.MissedDay]:
    days = {area: {at.astimezone(zone).date() for at in rounds} for area, rounds in seen.items()}
    watches = await site_queries.watches_of(uow, site.id, rule.code)
    found = []
    for day in site_rules.season_days(rule, begin, end, zone):
        missing = tuple(area for area in rule.conditions if day not in days[area])
        first = datetime.combine(day, time(), zone)
        last = datetime.combine(day + timedelta(days=1), time(), zone)
        attended = any(watch.since < last and (watch.ended_at is None or watch.ended_at > first) for watch in watches)
        if missing or (rule.named_person and not attended):
            found.append(site_rules.MissedDay(day=day, areas=missing, unattended=rule.named_person and not attended))
    return found


async def _present(uow: TenantWork, site_id: UUID, rule: str) -> list[SafetyWatch]:
    return [watch for watch in await site_queries.watches_of(uow, site_id, rule) if watch.ended_at is None]


async def _end(uow: TenantWork, watch: SafetyWatch) -> None:
    watch.ended_at = uow.now
    await commitments.cancel(uow, about("safety_watch", watch.id), "watch ended", uow.now)


async def _owe_round(uow: TenantWork, made: PatrolRound, vertical: str, rule: SafetyRule, at: datetime) -> None:
    gap = rule.longest_gap_minutes
    await commitments.start_fixed(
        uow, about("patrol_round", made.id), vertical=vertical, milestone=NEXT_ROUND,
        budget=None if gap is None else Budget(amount=gap, unit="minute"), clause=rule.clause, source=rule.source,
        at=at, label=rule.label,
    )  # fmt: skip


def _day(uow: TenantWork, at: datetime) -> date:
    return at.astimezone(ZoneInfo(uow.scope.time_zone)).date()


async def _owe_day(
    uow: TenantWork, watch: SafetyWatch, vertical: str, rule: SafetyRule, at: datetime, since: date
) -> None:
    """The checks of the first day of the season from `since` on are owed by its end; nothing without a season."""
    zone = ZoneInfo(uow.scope.time_zone)
    day = site_rules.next_season_day(rule, since) if rule.daily else None
    if day is None:
        return
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    # The clock begins with its day: a warning months before the season would be noise.
    budget, begin = owed_by(end, max(at, datetime.combine(day, time(), zone)))
    await commitments.start_fixed(
        uow, about("safety_watch", watch.id), vertical=vertical, milestone=DAILY_CHECK,
        budget=budget, clause=rule.clause, source=rule.source, at=begin, label=rule.label,
    )  # fmt: skip


async def _meet_day(
    uow: TenantWork, site: Site, watches: list[SafetyWatch], vertical: str, rule: SafetyRule, at: datetime
) -> None:
    """Once everything was looked at on a day, that day is done and the next one is owed."""
    zone = ZoneInfo(uow.scope.time_zone)
    day = _day(uow, at)
    first = datetime.combine(day, time(), zone)
    for area in rule.conditions:
        _, rounds = await site_queries.rounds_between(uow, site.id, rule.code, area, first, at)
        if not rounds:
            return
    for watch in watches:
        if await commitments.meet(uow, about("safety_watch", watch.id), DAILY_CHECK, at):
            await _owe_day(uow, watch, vertical, rule, at, day + timedelta(days=1))
