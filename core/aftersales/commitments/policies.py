"""Which of several promises holds: an explicit order, most specific first, told with its losers."""

from collections.abc import Iterable
from typing import Final, Literal

import msgspec

PolicySource = Literal["contract", "tenant", "vertical", "statute", "default"]
LossReason = Literal["weaker_source", "less_specific", "lower_priority", "later_code"]

SOURCE_ORDER: Final[tuple[PolicySource, ...]] = ("contract", "tenant", "vertical", "statute", "default")
"""Between targets of equal specificity: a signed contract before the tenant's own terms, and so on."""


class PolicyCandidate(msgspec.Struct, frozen=True, kw_only=True):
    """A target that applies. `matched` names the dimensions it is written for (grade, region, tier …)."""

    code: str
    clause: str
    source: PolicySource
    matched: tuple[str, ...] = ()
    priority: int = 0


class PolicyVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """A candidate with its rank (1 won) and, for the others, what they lost by."""

    candidate: PolicyCandidate
    rank: int
    lost_by: LossReason | None = None


def rank_policies(candidates: Iterable[PolicyCandidate]) -> tuple[PolicyVerdict, ...]:
    """Best first, most specific first; at last by code, so never by luck.

    A contract's target is written for one customer and goes before all others; a default only fills a hole and
    goes after all others. In between the number of matched dimensions counts, then the source, then `priority`.
    """
    ordered = sorted(candidates, key=_key)
    return tuple(
        PolicyVerdict(candidate=candidate, rank=rank, lost_by=_lost_by(ordered[0], candidate) if rank > 1 else None)
        for rank, candidate in enumerate(ordered, start=1)
    )


def _class(candidate: PolicyCandidate) -> int:
    return {"contract": 0, "default": 2}.get(candidate.source, 1)


def _key(candidate: PolicyCandidate) -> tuple[int, int, int, int, str]:
    return (
        _class(candidate),
        -len(candidate.matched),
        SOURCE_ORDER.index(candidate.source),
        -candidate.priority,
        candidate.code,
    )


def _lost_by(winner: PolicyCandidate, loser: PolicyCandidate) -> LossReason:
    if _class(winner) != _class(loser):
        return "weaker_source"
    if len(winner.matched) != len(loser.matched):
        return "less_specific"
    if winner.source != loser.source:
        return "weaker_source"
    return "lower_priority" if winner.priority != loser.priority else "later_code"
