"""Visits that could be planned: what falls due, grouped into routes or days, with who could go and why."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

import asyncpg
from msgspec import Struct

from aftersales.access import require
from aftersales.assets.rules import start_of_day
from aftersales.kit.errors import InvalidInput
from aftersales.parties.rules import check_known
from aftersales.planned import queries
from aftersales.planned.commands import ProposeVisits
from aftersales.planned.models import PlannedObligation
from aftersales.scope import TenantWork
from aftersales.terms.base import Label
from aftersales.terms.classification import WorkType
from aftersales.work.queries import roster
from aftersales.work.rules import Candidate, EngineerFacts, Needs, Reason, propose

MOST_OBLIGATIONS: Final = 500
LONGEST_STRETCH: Final = timedelta(days=92)
CITY_DIGITS: Final = 4
"""Places whose GB/T 2260 codes agree in four digits lie in one city: one route."""
MOST_CANDIDATES: Final = 3
NO_TICKET: Final = UUID(int=0)


class ProposedGroup(Struct, frozen=True, kw_only=True):
    """What can be done in one go: a city's, or a day's; `day` is the last on which nothing is late yet."""

    group: str
    day: date
    obligations: tuple[UUID, ...]
    candidates: tuple[Candidate, ...]


class BoardVisit(Struct, frozen=True, kw_only=True):
    """A visit on the board."""

    id: UUID
    ticket_id: UUID
    window_start: str
    window_end: str
    state: str
    confirmed: bool


class BoardRow(Struct, frozen=True, kw_only=True):
    """One engineer's stretch: what he can, where he serves, how much he has."""

    engineer_id: UUID
    skills: tuple[str, ...]
    regions: tuple[str, ...]
    unit: str | None
    authorised: bool
    certificates: dict[str, date]
    visits: tuple[BoardVisit, ...]
    load: int


async def propose_visits(uow: TenantWork, command: ProposeVisits) -> list[ProposedGroup]:
    """What falls due and has no visit, grouped, with the three best who could go and the reasons; writes nothing.

    PERIOD_INVERTED, PERIOD_TOO_LONG beyond a quarter, VALUE_UNKNOWN for a type of work that no vertical knows.
    """
    require(uow.actor, "ticket.dispatch")
    types = _work_types(uow)
    if command.work_type is not None:
        known = sorted({code for _, code in types})
        check_known(command.work_type, known, "workType")
    if command.last < command.first:
        raise InvalidInput("PERIOD_INVERTED", field="last")
    if command.last - command.first > LONGEST_STRETCH:
        raise InvalidInput("PERIOD_TOO_LONG", field="last", days=LONGEST_STRETCH.days)
    owed = await queries.open_between(uow, command.first, command.last, MOST_OBLIGATIONS)
    groups: dict[str, list[PlannedObligation]] = {}
    for obligation in owed:
        place = (obligation.region or "")[:CITY_DIGITS]
        groups.setdefault(place if command.by == "route" else str(obligation.due_on), []).append(obligation)
    rosters: dict[date, list[EngineerFacts]] = {}
    authorised = await _authorised(uow, command)
    found: list[ProposedGroup] = []
    for name, members in groups.items():
        day = min(member.due_on for member in members if member.due_on is not None)
        if day not in rosters:
            rosters[day] = await _roster(uow, day)
        candidates = propose(_needs(members, day, types, command.work_type), rosters[day])
        if any(member.provider == "authorised_unit" for member in members):
            candidates = [_of_authorised_unit(candidate, authorised) for candidate in candidates]
        candidates.sort(key=lambda one: (not one.fit, -one.score, one.engineer.code))
        found.append(
            ProposedGroup(
                group=name,
                day=day,
                obligations=tuple(member.id for member in members),
                candidates=tuple(candidates[:MOST_CANDIDATES]),
            )
        )
    return found


async def planning_board(uow: TenantWork, first: date, last: date) -> list[BoardRow]:
    """Who is where from `first` to `last`: one statement, whatever the number of engineers.

    PERIOD_INVERTED, PERIOD_TOO_LONG beyond a quarter; FORBIDDEN for customers and dealers.
    """
    require(uow.actor, "ticket.dispatch")
    if last < first:
        raise InvalidInput("PERIOD_INVERTED", field="to")
    if last - first > LONGEST_STRETCH:
        raise InvalidInput("PERIOD_TOO_LONG", field="to", days=LONGEST_STRETCH.days)
    zone = uow.scope.time_zone
    rows = await queries.board(uow, start_of_day(first, zone), start_of_day(last + timedelta(days=1), zone))
    return [_board_row(row) for row in rows]


def _board_row(row: asyncpg.Record) -> BoardRow:
    visits = tuple(
        BoardVisit(
            id=UUID(one[0]), ticket_id=UUID(one[1]), window_start=one[2], window_end=one[3], state=one[4],
            confirmed=one[5],
        )
        for one in row["visits"] or ()
    )  # fmt: skip
    return BoardRow(
        engineer_id=row["id"],
        skills=tuple(row["skills"]),
        regions=tuple(row["regions"]),
        unit=row["unit"],
        authorised=bool(row["authorised"]),
        certificates={name: date.fromisoformat(day) for name, day in (row["held"] or {}).items()},
        visits=visits,
        load=len(visits),
    )


def _needs(
    members: list[PlannedObligation], day: date, types: dict[tuple[str, str], WorkType], named: str | None
) -> Needs:
    """What all of them ask for together, as one engineer makes the round."""
    places = {member.region for member in members if member.region is not None}
    asked = [
        types.get((member.vertical, named)) if named
        else types.get((member.vertical, member.code)) or types.get((member.vertical, member.kind))
        for member in members
    ]  # fmt: skip
    return Needs(
        skills=tuple(sorted({skill for one in asked if one for skill in one.skills})),
        certificates=tuple(sorted({certificate for one in asked if one for certificate in one.certificates})),
        last_day=day,
        region=min(places) if places else None,
    )


def _work_types(uow: TenantWork) -> dict[tuple[str, str], WorkType]:
    return {
        (vertical, found.code): found
        for vertical, terms in uow.scope.playbook.verticals.items()
        for found in terms.work_types
    }


async def _roster(uow: TenantWork, day: date) -> list[EngineerFacts]:
    zone = uow.scope.time_zone
    stretch = (start_of_day(day, zone), start_of_day(day + timedelta(days=1), zone))
    # Whether an hour is still free is asked when a window is chosen; for a day the load is what counts.
    moment = (stretch[0], stretch[0])
    return await roster(uow, ticket_id=NO_TICKET, window=moment, day=stretch)


async def _authorised(uow: TenantWork, command: ProposeVisits) -> frozenset[UUID]:
    begin = start_of_day(command.first, uow.scope.time_zone)
    return frozenset(row["id"] for row in await queries.board(uow, begin, begin) if row["authorised"])


def _of_authorised_unit(candidate: Candidate, authorised: frozenset[UUID]) -> Candidate:
    if candidate.engineer.id in authorised:
        return candidate
    reason = Reason(code="unit_not_authorised", label=Label("不属于特约服务单位", "of no authorised unit"), blocks=True)
    return Candidate(
        engineer=candidate.engineer, fit=False, score=candidate.score, reasons=(reason, *candidate.reasons)
    )
