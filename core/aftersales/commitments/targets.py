"""Which targets a ticket has: pure matching of facts against what the Playbook and the contract promise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from aftersales.commitments.policies import PolicyCandidate, PolicyVerdict, rank_policies
from aftersales.commitments.rules import AlarmKind, AlarmRule
from aftersales.terms.base import Label
from aftersales.terms.deadlines import EscalationLadder, SlaTarget, StartEvent
from aftersales.terms.playbook import VerticalPlaybook

DEFAULT_LADDER = EscalationLadder(
    code="default",
    label=Label("默认升级阶梯", "Default escalation ladder"),
    source="default",
    rungs=(
        AlarmRule(code="warning", kind="warning", share=0.75, escalate_to="dispatcher", level=1),
        AlarmRule(code="due", kind="breach", offset_minutes=0, escalate_to="dispatcher", level=2),
        AlarmRule(code="escalation", kind="escalation", share=1.5, escalate_to="owner", level=3),
    ),
)
"""Ours, for targets whose text names no ladder: dispatcher at 75 % and at the deadline, owner at 150 %."""


@dataclass(frozen=True)
class TargetFacts:
    """The facts that select targets; `contract_targets` are the contract's own, with source `contract`.

    `signed` are the terms of the contract; without them those of the vertical as it is now hold.
    """

    vertical: str
    kind: str
    grade: str | None = None
    region_class: str | None = None
    tier: str | None = None
    symptom: str | None = None
    work_type: str | None = None
    channel: str | None = None
    contract_targets: tuple[SlaTarget, ...] = ()
    signed: VerticalPlaybook | None = None


@dataclass(frozen=True)
class Choice:
    """The target that holds for a milestone and a party, and how it was chosen."""

    target: SlaTarget
    verdicts: tuple[PolicyVerdict, ...]


def matched_dimensions(target: SlaTarget, facts: TargetFacts) -> tuple[str, ...] | None:
    """The dimensions a target is written for, when the facts fit all of them; None when one doesn't fit."""
    scope = target.scope
    dimensions: Sequence[tuple[str, tuple[str, ...], str | None]] = (
        ("kind", scope.kinds, facts.kind),
        ("grade", scope.grades, facts.grade),
        ("region", scope.regions, facts.region_class),
        ("tier", scope.tiers, facts.tier),
        ("symptom", scope.symptoms, facts.symptom),
        ("work_type", scope.work_types, facts.work_type),
        ("channel", scope.channels, facts.channel),
    )
    matched: list[str] = []
    for name, wanted, actual in dimensions:
        if not wanted:
            continue
        if actual not in wanted:
            return None
        matched.append(name)
    return tuple(matched)


def choose(targets: Iterable[SlaTarget], facts: TargetFacts) -> dict[tuple[str, str], Choice]:
    """The winning target per (milestone, party). One with conditions waits for the acts of a dealer's task."""
    applicable: dict[tuple[str, str], list[tuple[SlaTarget, tuple[str, ...]]]] = {}
    for target in (*facts.contract_targets, *targets):
        matched = matched_dimensions(target, facts)
        if matched is not None and not target.conditions:
            applicable.setdefault((target.milestone, target.party), []).append((target, matched))
    choices: dict[tuple[str, str], Choice] = {}
    for key, candidates in applicable.items():
        verdicts = rank_policies(
            PolicyCandidate(code=target.code, clause=target.clause or "", source=target.source, matched=matched)
            for target, matched in candidates
        )
        first = verdicts[0].candidate
        winner = next(t for t, _ in candidates if (t.code, t.source) == (first.code, first.source))
        choices[key] = Choice(winner, verdicts)
    return choices


def starting_with(choices: dict[tuple[str, str], Choice], event: StartEvent) -> list[Choice]:
    """Those of the chosen targets whose clock the event starts."""
    return [choice for choice in choices.values() if choice.target.starts_with(event)]


def rungs_of(playbook: VerticalPlaybook, ladder: str | None, on_miss: str) -> tuple[AlarmRule, ...]:
    """The alarm rungs of a target; a rung at the deadline is added where a ladder has none."""
    declared = playbook.escalation_ladder(ladder) if ladder is not None else None
    return _with_deadline(tuple((declared or DEFAULT_LADDER).rungs), on_miss)


@lru_cache(maxsize=1024)
def _with_deadline(rungs: tuple[AlarmRule, ...], on_miss: str) -> tuple[AlarmRule, ...]:
    kind: AlarmKind = "handover" if on_miss == "handover" else "breach"
    adjusted = tuple(
        AlarmRule(code=rung.code, kind="handover", offset_minutes=0, escalate_to=rung.escalate_to, level=rung.level)
        if kind == "handover" and rung.kind == "breach" and rung.offset_minutes == 0
        else rung
        for rung in rungs
    )
    if any(rung.offset_minutes == 0 and rung.kind == kind for rung in adjusted):
        return adjusted
    at_deadline = AlarmRule(code="due", kind=kind, offset_minutes=0, escalate_to="dispatcher", level=1)
    return (*adjusted, at_deadline)
