"""Survival, availability and zero targets as numbers: pure, exact, compared strictly or inclusively."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct

Metric = Literal["survival_rate", "availability", "zero_count"]
METRICS: tuple[Metric, ...] = ("survival_rate", "availability", "zero_count")
RATE = Decimal("0.000001")
"""Rates are told to six places, rounded down: 0.99 is never shown for less. Comparisons are exact."""


class CountLine(Struct, frozen=True, kw_only=True):
    """Plants of one species and size at a checkpoint.

    `excluded` were removed for human damage and leave the base. `upright` are alive and upright (A31), by default
    all that are alive; `replaced` are replacements standing now, counted apart; `caused_by_us` are the dead or bad
    ones that are our fault (P05-37).
    """

    species: str
    size: str
    planted: int
    alive: int
    excluded: int = 0
    upright: int | None = None
    replaced: int = 0
    caused_by_us: int = 0

    @property
    def standing(self) -> int:
        return self.alive if self.upright is None else self.upright

    @property
    def base(self) -> int:
        return self.planted - self.excluded

    @property
    def missing(self) -> int:
        return max(self.base - self.standing - self.replaced, 0)


class Survival(Struct, frozen=True, kw_only=True):
    """(alive and upright) / (planted - removed for human damage), as originals only and with replacements (A25).

    `counted` is the one that the guarantee looks at: originals at a checkpoint, with replacements at the term's
    end. `shortfall` is the least number of plants that reaches the threshold.
    """

    base: int
    counted: int
    raw: Decimal | None
    after_replacement: Decimal | None
    value: Decimal | None
    met: bool
    shortfall: int


class Availability(Struct, frozen=True, kw_only=True):
    """Up time / (time - planned downtime), in seconds; `allowance` is how much more downtime the period bears.

    A strict threshold is missed when the allowance is 0 and something was due.
    """

    seconds: Decimal
    planned: Decimal
    down: Decimal
    base: Decimal
    value: Decimal | None
    met: bool
    allowance: Decimal


class Transition(Struct, frozen=True, kw_only=True):
    """An entry of the downtime ledger: the system went down (planned or not), or came up again."""

    at: datetime
    state: Literal["down", "up"]
    planned: bool = False


class Replanting(Struct, frozen=True, kw_only=True):
    """Plants to replace, of the species and size that were planted (P05-37)."""

    species: str
    size: str
    quantity: int


def rate(part: int | Fraction, base: int | Fraction) -> Decimal | None:
    """The share, to six places, rounded down; None of nothing."""
    if base == 0:
        return None
    share = Fraction(part) / Fraction(base)
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(RATE, ROUND_FLOOR)


def needed(threshold: Decimal, base: int, *, inclusive: bool) -> int:
    """The least whole number out of `base` that keeps the threshold."""
    exact = threshold * base
    if inclusive:
        return int(exact.to_integral_value(ROUND_CEILING))
    return int(exact.to_integral_value(ROUND_FLOOR)) + 1


def survival(lines: Sequence[CountLine], threshold: Decimal, *, inclusive: bool, at_term_end: bool) -> Survival:
    """The survival rate of a project's plants; with nothing left in the base, the guarantee is kept."""
    base = sum(line.base for line in lines)
    standing = sum(line.standing for line in lines)
    with_replacements = sum(min(line.standing + line.replaced, line.base) for line in lines)
    counted = with_replacements if at_term_end else standing
    shortfall = max(needed(threshold, base, inclusive=inclusive) - counted, 0) if base else 0
    return Survival(
        base=base,
        counted=counted,
        raw=rate(standing, base),
        after_replacement=rate(with_replacements, base),
        value=rate(counted, base),
        met=shortfall == 0,
        shortfall=shortfall,
    )


def replanting(lines: Sequence[CountLine], shortfall: int) -> list[Replanting]:
    """What has to be replanted: all that is our fault, and as much more as the threshold asks for.

    Plants that were replaced already aren't asked for again. The rest comes from the lines that lack most.
    """
    owed = [min(line.caused_by_us, line.missing) for line in lines]
    left = shortfall - sum(owed)
    for place in sorted(range(len(lines)), key=lambda place: (owed[place] - lines[place].missing, place)):
        if left <= 0:
            break
        more = min(left, lines[place].missing - owed[place])
        owed[place] += more
        left -= more
    return [
        Replanting(species=line.species, size=line.size, quantity=quantity)
        for line, quantity in zip(lines, owed, strict=True)
        if quantity
    ]


def availability(
    ledger: Iterable[Transition], begin: datetime, end: datetime, threshold: Decimal, *, inclusive: bool
) -> Availability:
    """Availability from `begin` to `end`; a downtime that is still open at `end` counts up to it."""
    down, planned = Fraction(0), Fraction(0)
    since: Transition | None = None
    for entry in [*ledger, Transition(at=end, state="up")]:
        if entry.state == "down":
            since = entry
        elif since is not None:
            spent = max(_seconds(max(since.at, begin), min(entry.at, end)), Fraction(0))
            if since.planned:
                planned += spent
            else:
                down += spent
            since = None
    total = max(_seconds(begin, end), Fraction(0))
    base = total - planned
    floor = Fraction(threshold) * base
    up = base - down
    return Availability(
        seconds=_decimal(total),
        planned=_decimal(planned),
        down=_decimal(down),
        base=_decimal(base),
        value=rate(up, base),
        met=base == 0 or (up >= floor if inclusive else up > floor),
        allowance=_decimal(max(up - floor, Fraction(0))),
    )


def _seconds(begin: datetime, end: datetime) -> Fraction:
    span = end - begin
    return Fraction(span.days * 86_400 + span.seconds) + Fraction(span.microseconds, 1_000_000)


def _decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(RATE, ROUND_FLOOR)
