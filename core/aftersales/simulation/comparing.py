"""What one simulated contract has otherwise than another: what appears, disappears, moves or changes. Pure."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from aftersales.simulation.values import KINDS, SimulatedChange, SimulatedDate, Simulation, StandingPromise


def compare(before: Simulation, after: Simulation) -> tuple[SimulatedChange, ...]:
    """Dates first, in their order, then standing promises.

    Of the dates of one kind, code and type of asset those on the same day belong together, and change when name,
    price, number, limit or law are otherwise; the others are matched in their order and move; what is left over on
    one side appears or disappears. What repeats is compared as far as both lists go.
    """
    last = min(before.until, after.until)
    old, new = _by_identity(_within(before, last)), _by_identity(_within(after, last))
    found = [
        change for identity in dict.fromkeys((*old, *new))
        for change in _dates(old.get(identity, []), new.get(identity, []))
    ]  # fmt: skip
    found.sort(key=_place)
    return (*found, *_promises(before.promises, after.promises))


def _within(simulation: Simulation, last: Any) -> list[SimulatedDate]:
    repeated = ("planned", "revisit", "guarantee")
    return [one for one in simulation.dates if one.kind not in repeated or one.on <= last]


def _by_identity(dates: Sequence[SimulatedDate]) -> dict[tuple[Any, ...], list[SimulatedDate]]:
    found: dict[tuple[Any, ...], list[SimulatedDate]] = {}
    for one in dates:
        found.setdefault((one.kind, one.moment, one.code, one.asset_type), []).append(one)
    return found


def _dates(old: list[SimulatedDate], new: list[SimulatedDate]) -> Iterator[SimulatedChange]:
    left = list(new)
    unmatched = []
    for one in old:
        same = next((other for other in left if other.on == one.on), None)
        if same is None:
            unmatched.append(one)
            continue
        left.remove(same)
        if _said(same) != _said(one):
            yield SimulatedChange(change="changes", date_before=one, date_after=same)
    for before, after in zip_longest(unmatched, left):
        kind = "appears" if before is None else "disappears" if after is None else "moves"
        yield SimulatedChange(change=kind, date_before=before, date_after=after)  # type: ignore[arg-type]


def _said(one: SimulatedDate) -> tuple[Any, ...]:
    return one.label, one.free, one.count, one.share, one.law, one.usage_limit


def _place(change: SimulatedChange) -> Any:
    one = change.date_after or change.date_before
    assert one is not None  # noqa: S101 - a change has one of both
    return one.on, KINDS.index(one.kind), one.code


def _meant(one: StandingPromise) -> tuple[Any, ...]:
    return one.words, one.free, one.waits_for


def _promises(before: Sequence[StandingPromise], after: Sequence[StandingPromise]) -> Iterator[SimulatedChange]:
    old = {(one.kind, one.code): one for one in before}
    new = {(one.kind, one.code): one for one in after}
    for identity in dict.fromkeys((*old, *new)):
        was, now = old.get(identity), new.get(identity)
        if was is not None and now is not None and _meant(was) == _meant(now):
            continue
        kind = "appears" if was is None else "disappears" if now is None else "changes"
        yield SimulatedChange(change=kind, promise_before=was, promise_after=now)  # type: ignore[arg-type]
