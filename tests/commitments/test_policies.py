"""Which promise holds when several apply."""

from itertools import permutations

from aftersales.commitments.rules import PolicyCandidate, rank_policies

CANDIDATES = (
    PolicyCandidate(code="contract-any", clause="C-1", source="contract"),
    PolicyCandidate(code="tenant-region-grade", clause="T-1", source="tenant", matched=("region", "grade")),
    PolicyCandidate(code="tenant-grade-high", clause="T-2", source="tenant", matched=("grade",), priority=5),
    PolicyCandidate(code="tenant-grade", clause="T-3", source="tenant", matched=("grade",)),
    PolicyCandidate(code="vertical-a", clause="P08-12", source="vertical", matched=("grade",)),
    PolicyCandidate(code="vertical-b", clause="P08-13", source="vertical", matched=("grade",)),
    PolicyCandidate(code="default", clause="-", source="default"),
)


def test_the_order_is_source_then_specificity_then_priority_then_code() -> None:
    """Zammad #3871 applied the wrong SLA: the order is explicit here and doesn't depend on how they come."""
    for shuffled in list(permutations(CANDIDATES))[::97]:
        ranked = rank_policies(shuffled)
        assert [verdict.candidate for verdict in ranked] == list(CANDIDATES)
        assert [verdict.rank for verdict in ranked] == [1, 2, 3, 4, 5, 6, 7]


def test_every_loser_knows_what_it_lost_by() -> None:
    assert [verdict.lost_by for verdict in rank_policies(CANDIDATES[:2])] == [None, "weaker_source"]
    assert [verdict.lost_by for verdict in rank_policies(CANDIDATES[1:3])] == [None, "less_specific"]
    assert [verdict.lost_by for verdict in rank_policies(CANDIDATES[2:4])] == [None, "lower_priority"]
    assert [verdict.lost_by for verdict in rank_policies(CANDIDATES[4:6])] == [None, "later_code"]


def test_no_candidate_no_verdict() -> None:
    assert rank_policies(()) == ()
