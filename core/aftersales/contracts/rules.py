"""What a contract may promise, and which contract counts for an asset. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import Struct

from aftersales.commitments.rules import Budget
from aftersales.contracts.commands import ContractTarget
from aftersales.kit.errors import InvalidInput
from aftersales.terms.base import Label
from aftersales.terms.classification import TICKET_KINDS
from aftersales.terms.deadlines import MILESTONES, Party, SlaTarget, StartEvent, TargetScope
from aftersales.terms.playbook import VerticalPlaybook

_UNITS: Final = ("minute", "hour", "working_minute", "working_hour", "calendar_day", "working_day")
_WORKING_UNITS: Final = frozenset({"working_minute", "working_hour", "working_day"})

Covers = Literal["asset", "asset_type"]


class ContractCandidate(Struct, frozen=True, kw_only=True):
    """A contract of which a line covers the asset: by the asset itself or by its type."""

    id: UUID
    number: str
    covers: Covers
    starts_on: date
    ends_on: date | None
    active: bool = True


class RankedContract(Struct, frozen=True, kw_only=True):
    """A candidate with its place: rank 1 counts; `reason` says why it stands there."""

    rank: int
    contract: ContractCandidate
    reason: Label


def check_period(starts_on: date, ends_on: date | None) -> None:
    """PERIOD_INVERTED unless the last day comes after the first."""
    if ends_on is not None and ends_on <= starts_on:
        raise InvalidInput("PERIOD_INVERTED", field="endsOn")


def check_earlier(ends_on: date | None, last_day: date) -> None:
    """END_BEYOND_LAST_DAY unless what ends before its time ends by the last day that was agreed."""
    if ends_on is not None and last_day > ends_on:
        raise InvalidInput("END_BEYOND_LAST_DAY", field="endsOn", day=ends_on.isoformat())


def rank_contracts(candidates: Iterable[ContractCandidate], on: date) -> list[RankedContract]:
    """The contracts in force on a day, the one that counts first.

    A line on the asset beats one on its type; then the later start, then the higher number.
    """
    in_force = [
        found
        for found in candidates
        if found.active and found.starts_on <= on and (found.ends_on is None or on <= found.ends_on)
    ]
    ordered = sorted(in_force, key=lambda found: found.number, reverse=True)
    ordered.sort(key=lambda found: found.starts_on, reverse=True)
    ordered.sort(key=lambda found: found.covers != "asset")
    ranked: list[RankedContract] = []
    for contract in ordered:
        if any(earlier.contract.id == contract.id for earlier in ranked):
            continue
        reason = _REASONS[contract.covers] if not ranked else _why_behind(contract, ranked[0].contract)
        ranked.append(RankedContract(rank=len(ranked) + 1, contract=contract, reason=reason))
    return ranked


_REASONS: Final[dict[Covers, Label]] = {
    "asset": Label("合同列明了该资产", "a line names the asset"),
    "asset_type": Label("合同列明了该类资产", "a line names the asset's type"),
}


def _why_behind(contract: ContractCandidate, winner: ContractCandidate) -> Label:
    if contract.covers != winner.covers:
        return Label("只列明资产类型", "names the type only, the winner the asset itself")
    if contract.starts_on != winner.starts_on:
        return Label("起始日期较早", "starts earlier than the winner")
    return Label("合同编号较小", "starts on the same day under a lower number")


def contract_targets(
    terms: VerticalPlaybook, targets: Sequence[ContractTarget], calendars: Iterable[str]
) -> list[dict[str, Any]]:
    """The contract's own targets as it keeps them: SlaTarget values of source `contract`, JSON-ready.

    `calendars` are the tenant's own codes. TARGET_TWICE, VALUE_UNKNOWN, GRADE_UNKNOWN, REGION_CLASS_UNKNOWN,
    WORK_TYPE_UNKNOWN, CALENDAR_UNKNOWN, BUDGET_INVALID, BUDGET_NEEDS_CALENDAR, each with its field.
    """
    codes: set[str] = set()
    found: list[dict[str, Any]] = []
    for position, target in enumerate(targets):
        at = f"targets.{position}"
        if target.code in codes:
            raise InvalidInput("TARGET_TWICE", field=f"{at}.code", value=target.code)
        codes.add(target.code)
        found.append(msgspec.to_builtins(_sla_target(terms, target, frozenset(calendars), at)))
    return found


def _sla_target(terms: VerticalPlaybook, target: ContractTarget, calendars: frozenset[str], at: str) -> SlaTarget:
    scheme = terms.grade_scheme
    grades = tuple(grade.code for grade in scheme.grades) if scheme else ()
    _known(target.milestone, MILESTONES, f"{at}.milestone")
    _known(target.starts_on, get_args(StartEvent), f"{at}.startsOn")
    _known(target.party, get_args(Party), f"{at}.party")
    _known(target.on_miss, ("breach", "handover"), f"{at}.onMiss")
    for kind in target.kinds:
        _known(kind, TICKET_KINDS, f"{at}.kinds", "KIND_UNKNOWN")
    for grade in target.grades:
        _known(grade, grades, f"{at}.grades", "GRADE_UNKNOWN")
    for region in target.regions:
        _known(region, [found.code for found in terms.region_classes], f"{at}.regions", "REGION_CLASS_UNKNOWN")
    for work_type in target.work_types:
        _known(work_type, [found.code for found in terms.work_types], f"{at}.workTypes", "WORK_TYPE_UNKNOWN")
    if target.calendar is not None and target.calendar not in calendars and terms.calendar(target.calendar) is None:
        raise InvalidInput("CALENDAR_UNKNOWN", field=f"{at}.calendar", calendar=target.calendar)
    return SlaTarget(
        code=target.code,
        label=Label(target.name, target.name),
        clause=target.clause,
        source="contract",
        milestone=target.milestone,  # type: ignore[arg-type]  # checked above
        budget=_budget(target, at),
        starts_on=target.starts_on,  # type: ignore[arg-type]  # checked above
        scope=TargetScope(
            kinds=target.kinds, grades=target.grades, regions=target.regions, work_types=target.work_types
        ),
        calendar=target.calendar,
        party=target.party,  # type: ignore[arg-type]  # checked above
        on_miss=target.on_miss,  # type: ignore[arg-type]  # checked above
    )


def _budget(target: ContractTarget, at: str) -> Budget | None:
    if target.amount is None and target.unit is None:
        return None
    if target.amount is None or target.unit is None:
        missing = "amount" if target.amount is None else "unit"
        raise InvalidInput("REQUIRED", field=f"{at}.{missing}", field_name=f"{at}.{missing}")
    _known(target.unit, _UNITS, f"{at}.unit")
    if target.unit in _WORKING_UNITS and target.calendar is None:
        raise InvalidInput("BUDGET_NEEDS_CALENDAR", field=f"{at}.calendar", unit=target.unit)
    return Budget(amount=target.amount, unit=target.unit)  # type: ignore[arg-type]  # checked above


def _known(value: str, known: Sequence[str], field: str, code: str = "VALUE_UNKNOWN") -> None:
    if value not in known:
        raise InvalidInput(code, field=field, field_name=field, value=value, known=", ".join(known))
