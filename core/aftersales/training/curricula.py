"""Which courses there are: those of the vertical or the signed contract, and the tenant's own in their place."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from aftersales.access import require
from aftersales.assets.models import Asset
from aftersales.contracts.models import ServiceContract
from aftersales.contracts.terms import terms_of
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, NotFound
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, CODE_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.terms.base import Label
from aftersales.terms.gates import is_kept
from aftersales.terms.planned import Curriculum, RoleOutcomes
from aftersales.terms.playbook import VerticalPlaybook
from aftersales.training import queries, rules
from aftersales.training.commands import PublishCurriculum, WithdrawCurriculum
from aftersales.training.models import OwnCurriculum, TrainingDuty, TrainingSession

Courses = Mapping[str, Curriculum]


async def publish_curriculum(uow: TenantWork, command: PublishCurriculum) -> OwnCurriculum:
    """Publish a course of the tenant's own, or a new revision; what is due or planned already stays as it was.

    VERTICAL_NOT_ENABLED, CURRICULUM_INVALID with the field that can't stand (a gate that nothing keeps is one),
    VALUE_UNKNOWN.
    """
    require(uow.actor, "settings.manage")
    terms = uow.scope.enabled(command.vertical)
    code = clean_text(command.code, "code", CODE_LIMIT, required=True)
    revisions = await queries.own_curricula(uow, command.vertical)
    known = {*(course.code for course in terms.training_curricula), *(row.code for row in revisions)}
    types = {found.code for found in terms.asset_types}
    for asset_type in command.asset_types:
        if asset_type not in types:
            listed = ", ".join(sorted(types))
            raise InvalidInput("ASSET_TYPE_UNKNOWN", field="assetTypes", value=asset_type, known=listed)
    given = msgspec.structs.asdict(command)
    for name in ("vertical", "name", "name_en", "role_outcomes", "clause", "note", "code"):
        given.pop(name)
    for name in ("gate", "track", "phase", "before", "trainer_skill"):
        given[name] = clean_text(given[name], name, CODE_LIMIT) or None
    course = rules.check_curriculum(
        Curriculum(
            code=code,
            label=Label(command.name, command.name_en),
            clause=clean_text(command.clause, "clause", CODE_LIMIT) or None,
            note=clean_text(command.note, "note", BODY_LIMIT) or None,
            source="tenant",
            role_outcomes=tuple(
                RoleOutcomes(role=found.role, outcomes=found.outcomes) for found in command.role_outcomes
            ),
            **given,
        ),
        known,
    )
    if not is_kept(course, terms):
        raise InvalidInput("CURRICULUM_INVALID", field="gate", value="gate")
    return await _revise(uow, command.vertical, code, msgspec.to_builtins(course), revisions, withdrawn=False)


async def withdraw_curriculum(uow: TenantWork, command: WithdrawCurriculum) -> OwnCurriculum:
    """The tenant's own course isn't offered any more; a vertical's course of that code counts again.

    CURRICULUM_UNKNOWN unless there is one of the tenant's own.
    """
    require(uow.actor, "settings.manage")
    uow.scope.vertical(command.vertical)
    revisions = await queries.own_curricula(uow, command.vertical)
    latest = {row.code: row for row in revisions}
    own = {code: row for code, row in latest.items() if not row.withdrawn}
    if command.code not in own:
        raise _unknown("code", command.code, own)
    return await _revise(uow, command.vertical, command.code, own[command.code].terms, revisions, withdrawn=True)


async def courses_in_force(
    uow: TenantWork, vertical: str, contract: ServiceContract | None = None
) -> dict[str, Curriculum]:
    """The courses that count for a vertical, or under a contract, by code.

    The tenant's own take the place of the vertical's. Under a contract only those do that were published before it
    was signed: what was promised isn't changed afterwards.
    """
    terms = terms_of(uow.scope, vertical, contract)
    return await courses_under(uow, terms, None if contract is None else contract.created_at)


async def courses_under(
    uow: TenantWork, terms: VerticalPlaybook, promised_at: datetime | None = None
) -> dict[str, Curriculum]:
    """The courses that count under terms, by code; what was promised at an instant isn't changed afterwards."""
    found = {course.code: course for course in terms.training_curricula}
    promised = frozenset(found)
    key = (OwnCurriculum, terms.vertical)
    if key not in uow.memo:
        uow.memo[key] = await queries.own_curricula(uow, terms.vertical)
    for row in uow.memo[key]:
        if promised_at is not None and row.code in promised and row.created_at > promised_at:
            continue
        if not row.withdrawn:
            found[row.code] = msgspec.convert(row.terms, Curriculum)
        elif row.code in found and found[row.code].source == "tenant":
            del found[row.code]
            found.update({course.code: course for course in terms.training_curricula if course.code == row.code})
    return found


async def course_named(
    uow: TenantWork, vertical: str, code: str, contract: ServiceContract | None = None, *, field: str = "curriculum"
) -> Curriculum:
    """The course of that code; CURRICULUM_UNKNOWN names those that there are."""
    found = await courses_in_force(uow, vertical, contract)
    if code not in found:
        raise _unknown(field, code, found)
    return found[code]


async def course_of(uow: TenantWork, row: TrainingDuty | TrainingSession) -> Curriculum:
    """The course as it was when the duty fell due or the class was planned."""
    if row.terms:
        return msgspec.convert(row.terms, Curriculum)
    return await course_named(uow, row.vertical, row.curriculum)


async def curricula(
    uow: TenantWork,
    vertical: str,
    *,
    role: str | None = None,
    track: str | None = None,
    asset_id: UUID | None = None,
) -> list[Curriculum]:
    """The courses of a vertical by track, stage, level and code; narrowed to those for a role (P10-03), of a track
    (P10-01), or that belong to an asset (P13-30).

    Customers see the courses for customers, dealers those for dealers. NOT_FOUND for an asset of somebody else.
    """
    uow.scope.vertical(vertical)
    found = list((await courses_in_force(uow, vertical)).values())
    if uow.actor.customer_id is not None:
        found = [course for course in found if course.given_to == "customer"]
    elif uow.actor.dealer_id is not None:
        found = [course for course in found if course.given_to == "dealer"]
    if asset_id is not None:
        asset = await uow.get(Asset, asset_id)
        if uow.actor.dealer_id is not None or uow.actor.customer_id not in {None, asset.customer_id}:
            raise NotFound("NOT_FOUND", thing="Asset")
        types = await queries.asset_types(uow, asset_id)
        found = [course for course in found if asset.vertical == vertical and rules.attached(course, types)]
    if role is not None:
        found = [course for course in found if course.audience and role in course.audience]
    if track is not None:
        found = [course for course in found if course.track == track]
    return sorted(found, key=lambda course: (course.track or "", course.stage or 0, course.level or 0, course.code))


async def _revise(
    uow: TenantWork, vertical: str, code: str, terms: dict[str, Any], revisions: list[OwnCurriculum], *, withdrawn: bool
) -> OwnCurriculum:
    row = uow.add(
        OwnCurriculum(
            id=new_id(), vertical=vertical, code=code, terms=terms, withdrawn=withdrawn,
            revision=1 + sum(1 for found in revisions if found.code == code), created_at=uow.now,
            actor=uow.actor.label,
        )
    )  # fmt: skip
    uow.memo.pop((OwnCurriculum, vertical), None)
    await journal.record(
        uow, "curriculum.withdrawn" if withdrawn else "curriculum.published", subject_type="curriculum",
        subject_id=row.id, data={"code": code, "revision": row.revision}, vertical=vertical,
    )  # fmt: skip
    return row


def _unknown(field: str, code: str, known: Mapping[str, object]) -> InvalidInput:
    return InvalidInput("CURRICULUM_UNKNOWN", field=field, value=code, known=", ".join(sorted(known)))
