"""Who may be sent and who is best, and which state of a visit follows which. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, Literal
from uuid import UUID

from msgspec import Struct

from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.parties.regions import reach
from aftersales.parties.rules import TOP_LEVEL
from aftersales.terms.base import Label
from aftersales.terms.classification import WorkType

ANY_WORK: Final = "any"
"""The type of an order for which the vertical's own types say nothing: no skill, no certificate."""

VisitOperation = Literal["dispatch", "arrive", "finish", "cancel", "miss", "refuse", "confirm", "move"]
_VISITS: Final[dict[VisitOperation, tuple[frozenset[str], str]]] = {
    "dispatch": (frozenset({"planned"}), "dispatched"),
    "arrive": (frozenset({"planned", "dispatched"}), "arrived"),
    "finish": (frozenset({"arrived"}), "done"),
    "cancel": (frozenset({"planned", "dispatched"}), "cancelled"),
    "miss": (frozenset({"planned", "dispatched"}), "missed"),
    "refuse": (frozenset({"planned", "dispatched", "arrived"}), "refused"),
    "confirm": (frozenset({"planned"}), "planned"),
    "move": (frozenset({"planned"}), "planned"),
}

OrderOperation = Literal["plan", "add_line", "complete", "sign_off", "cancel"]
_ORDERS: Final[dict[OrderOperation, tuple[frozenset[str], str | None]]] = {
    "plan": (frozenset({"open"}), None),
    "add_line": (frozenset({"open", "done"}), None),
    "complete": (frozenset({"open"}), "done"),
    "sign_off": (frozenset({"done"}), "signed_off"),
    "cancel": (frozenset({"open"}), "cancelled"),
}

POINTS_PER_REGION_DIGIT: Final = 10
POINTS_PER_LEVEL: Final = 10
POINTS_OWN_UNIT: Final = 30
POINTS_PER_VISIT: Final = -5
"""The weights of a proposal are ours (no plan gives any): nearness first, then the unit, then the load."""


class Needs(Struct, frozen=True, kw_only=True):
    """What a visit asks of its engineer: skills, certificates on every local day of the window, the place."""

    skills: tuple[str, ...]
    certificates: tuple[str, ...]
    last_day: date
    region: str | None = None
    service_unit_id: UUID | None = None


class EngineerFacts(Struct, frozen=True, kw_only=True):
    """What is known of an engineer when somebody is sent. `certificates` hold the last valid day of each."""

    id: UUID
    code: str
    name: str
    party: str
    skills: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    certificates: dict[str, date] = {}
    service_unit_id: UUID | None = None
    level: int | None = None
    active: bool = True
    rejected: bool = False
    busy: bool = False
    visits_that_day: int = 0


class Reason(Struct, frozen=True, kw_only=True):
    """A line of a proposal: what it is, the points it gives, and whether it rules the engineer out."""

    code: str
    label: Label
    points: int = 0
    blocks: bool = False


class Candidate(Struct, frozen=True, kw_only=True):
    """An engineer with the score and its breakdown; `fit` is False when a reason rules him out."""

    engineer: EngineerFacts
    fit: bool
    score: int
    reasons: tuple[Reason, ...]


def needs_of(
    work_type: WorkType | None, *, last_day: date, region: str | None = None, unit: UUID | None = None
) -> Needs:
    """What a type of work asks for; an order without a type asks for nothing."""
    return Needs(
        skills=work_type.skills if work_type else (),
        certificates=work_type.certificates if work_type else (),
        last_day=last_day,
        region=region,
        service_unit_id=unit,
    )


def check_fit(needs: Needs, skills: Iterable[str], certificates: Mapping[str, date]) -> None:
    """SKILL_MISSING (P05-15), CERTIFICATE_MISSING, CERTIFICATE_EXPIRED (P05-12).

    A certificate counts to the end of its last valid day, for the visit's last local day.
    """
    missing = sorted(set(needs.skills) - set(skills))
    if missing:
        raise StateRefused("SKILL_MISSING", field="engineerId", skill=", ".join(missing))
    for certificate in needs.certificates:
        valid_until = certificates.get(certificate)
        if valid_until is None:
            raise StateRefused("CERTIFICATE_MISSING", field="engineerId", certificate=certificate)
        if valid_until < needs.last_day:
            raise StateRefused(
                "CERTIFICATE_EXPIRED", field="engineerId", certificate=certificate, valid_until=valid_until
            )


def propose(needs: Needs, engineers: Iterable[EngineerFacts]) -> list[Candidate]:
    """Every engineer with score and reasons: those who may go first, the best on top; then who may not, and why."""
    candidates = [_judge(needs, engineer) for engineer in engineers]
    return sorted(candidates, key=lambda found: (not found.fit, -found.score, found.engineer.code))


def _judge(needs: Needs, engineer: EngineerFacts) -> Candidate:
    reasons = [*_obstacles(needs, engineer), *_merits(needs, engineer)]
    return Candidate(
        engineer=engineer,
        fit=not any(reason.blocks for reason in reasons),
        score=sum(reason.points for reason in reasons),
        reasons=tuple(reasons),
    )


def _obstacles(needs: Needs, engineer: EngineerFacts) -> list[Reason]:
    found: list[Reason] = []
    if not engineer.active:
        found.append(_block("inactive", "已停用", "inactive"))
    if engineer.rejected:
        found.append(_block("rejected", "客户拒绝该工程师", "rejected by the customer"))
    if engineer.busy:
        found.append(_block("busy", "该时段已有安排", "has another visit in the window"))
    for skill in sorted(set(needs.skills) - set(engineer.skills)):
        found.append(_block("skill_missing", f"缺少技能 {skill}", f"lacks the skill {skill}"))
    for certificate in needs.certificates:
        valid_until = engineer.certificates.get(certificate)
        if valid_until is None:
            found.append(
                _block("certificate_missing", f"没有证书 {certificate}", f"holds no certificate {certificate}")
            )
        elif valid_until < needs.last_day:
            found.append(
                _block(
                    "certificate_expired",
                    f"证书 {certificate} 有效期至 {valid_until}",
                    f"certificate {certificate} ended {valid_until}",
                )
            )
    return found


def _merits(needs: Needs, engineer: EngineerFacts) -> list[Reason]:
    digits = reach(engineer.regions, needs.region)
    found = [
        Reason(
            code="region",
            label=Label(f"服务区域匹配 {digits} 位", f"the region served fits in {digits} digits"),
            points=digits * POINTS_PER_REGION_DIGIT,
        )
    ]
    if engineer.level is not None:
        found.append(
            Reason(
                code="level",
                label=Label(f"第 {engineer.level} 级服务单位", f"of a unit on level {engineer.level}"),
                points=(TOP_LEVEL - engineer.level) * POINTS_PER_LEVEL,
            )
        )
    if needs.service_unit_id is not None and engineer.service_unit_id == needs.service_unit_id:
        found.append(
            Reason(code="own_unit", label=Label("属于受理单位", "of the ticket's own unit"), points=POINTS_OWN_UNIT)
        )
    if engineer.visits_that_day:
        found.append(
            Reason(
                code="load",
                label=Label(
                    f"当日已有 {engineer.visits_that_day} 次上门", f"{engineer.visits_that_day} visits on that day"
                ),
                points=engineer.visits_that_day * POINTS_PER_VISIT,
            )
        )
    return found


def _block(code: str, zh: str, en: str) -> Reason:
    return Reason(code=code, label=Label(zh, en), blocks=True)


def next_visit_state(state: str, operation: VisitOperation) -> str:
    """The state after an operation on a visit; APPOINTMENT_STATE_REFUSED when it isn't possible now."""
    allowed, following = _VISITS[operation]
    if state not in allowed:
        raise StateRefused("APPOINTMENT_STATE_REFUSED", state=state, operation=operation)
    return following


def next_order_state(state: str, operation: OrderOperation) -> str:
    """The state after an operation on a work order; WORK_ORDER_STATE_REFUSED when it isn't possible now."""
    allowed, following = _ORDERS[operation]
    if state not in allowed:
        raise StateRefused("WORK_ORDER_STATE_REFUSED", state=state, operation=operation)
    return following or state


def check_work_type(known: Iterable[WorkType], code: str | None) -> WorkType | None:
    """The type of that code; WORK_TYPE_UNKNOWN for one that the vertical hasn't."""
    if code is None or code == ANY_WORK:
        return None
    types = {found.code: found for found in known}
    if code not in types:
        raise InvalidInput("WORK_TYPE_UNKNOWN", field="workType", value=code, known=", ".join(types))
    return types[code]
