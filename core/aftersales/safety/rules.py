"""Who must be responsible before a site opens, and in which order a hazard is dealt with. Pure."""

from collections.abc import Iterable
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from aftersales.kit.errors import StateRefused
from aftersales.terms.planned import SafetyRule

HazardOperation = Literal["rectify", "verify", "resume"]
_HAZARDS: Final[dict[HazardOperation, tuple[str, str, str]]] = {
    "rectify": ("open", "rectified", "HAZARD_STATE_REFUSED"),
    "verify": ("rectified", "verified", "HAZARD_NOT_RECTIFIED"),
    "resume": ("verified", "resumed", "HAZARD_NOT_VERIFIED"),
}
_ENDED: Final = "resumed"

FULL_TIME: Final = "full_time"
REFUSALS: Final[dict[str, str]] = {
    "project_manager": "SITE_WITHOUT_PROJECT_MANAGER",
    "safety_officer": "SITE_WITHOUT_SAFETY_OFFICER",
    "safety_supervision": "SAFETY_SUPERVISION_MISSING",
    "production_manager": "PRODUCTION_MANAGER_MISSING",
}
"""The role that nobody holds -> the code of the refusal."""


class Holder(Struct, frozen=True, kw_only=True):
    """Somebody who holds a role now; without a site it is the company's."""

    role: str
    site_id: UUID | None = None
    service_unit_id: UUID | None = None
    full_time: bool = False


class Gap(Struct, frozen=True, kw_only=True):
    """A role that has to be held and isn't: on the site, in the company, or (with `service_unit_id`) in a branch."""

    applies_to: str
    role: str
    clause: str | None
    service_unit_id: UUID | None = None


def safety_gaps(
    rules: Iterable[SafetyRule], holders: Iterable[Holder], site_id: UUID, branches: Iterable[UUID]
) -> list[Gap]:
    """The roles that the rules ask for and nobody holds, the site's before the company's before the branches'."""
    held = list(holders)
    taking_part = list(branches)
    found: list[Gap] = []
    for rule in rules:
        if rule.kind != "role":
            continue
        full_time = FULL_TIME in rule.conditions
        for role in rule.conditions:
            if role == FULL_TIME:
                continue
            for place, unit in _places(rule.applies_to, site_id, taking_part):
                count = sum(_holds(holder, role, place, unit, full_time) for holder in held)
                if count < (rule.minimum or 1):
                    found.append(Gap(applies_to=rule.applies_to, role=role, clause=rule.clause, service_unit_id=unit))
    order = {"site": 0, "company": 1, "branch": 2}
    return sorted(found, key=lambda gap: order.get(gap.applies_to, len(order)))


def _places(applies_to: str, site_id: UUID, branches: list[UUID]) -> list[tuple[UUID | None, UUID | None]]:
    if applies_to == "branch":
        return [(site_id, unit) for unit in branches]
    return [(site_id if applies_to == "site" else None, None)]


def _holds(holder: Holder, role: str, site_id: UUID | None, unit: UUID | None, full_time: bool) -> bool:
    return (
        holder.role == role
        and holder.site_id == site_id
        and (unit is None or holder.service_unit_id == unit)
        and (holder.full_time or not full_time)
    )


def check_activation(gaps: Iterable[Gap]) -> None:
    """Refuse to open a site while a role of the site or of the company isn't held (P05-02, P05-03, P05-04).

    A branch without a safety contact is a gap to report, no obstacle (P05-44).
    """
    for gap in gaps:
        if gap.role in REFUSALS and gap.applies_to != "branch":
            raise StateRefused(REFUSALS[gap.role], field="siteId")


def next_hazard_state(state: str, operation: HazardOperation) -> str:
    """Open, rectified, verified, resumed, in this order and no other (P05-27)."""
    needed, following, code = _HAZARDS[operation]
    if state == needed:
        return following
    if state == _ENDED or (operation == "verify" and state == "verified"):
        raise StateRefused("HAZARD_STATE_REFUSED", state=state, operation=operation)
    raise StateRefused(code, state=state, operation=operation)
