"""Compiled working time: open intervals in order, with prefix sums to search in.

Positions are microseconds since 1970-01-01 UTC. Arrays instead of lists: a process keeps hundreds of
calendars, and an array holds a year of them in 20 KB instead of 100.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from typing import Final, TypeAlias

import msgspec

Integers: TypeAlias = "array[int]"
"""64-bit integers; quoted, because the class takes no type argument before Python 3.12."""

_INTEGERS: Final = "q"


class CompiledYear(msgspec.Struct, frozen=True):
    """The open intervals and the working days (proleptic ordinals) of one local year."""

    starts: Integers
    ends: Integers
    working_days: Integers


class IntervalTable(msgspec.Struct, frozen=True):
    """Open intervals in order and apart.

    sums[i] is the working time before interval i, with one more entry for the end of the last.
    """

    starts: Integers
    ends: Integers
    sums: Integers
    working_days: Integers
    first_year: int
    last_year: int


def compile_year(intervals: Iterable[tuple[int, int]], working_days: Iterable[int]) -> CompiledYear:
    """A year out of its intervals in order; those that touch, at midnight or at noon, become one."""
    starts, ends = array(_INTEGERS), array(_INTEGERS)
    for start, end in intervals:
        _append(starts, ends, start, end)
    return CompiledYear(starts, ends, array(_INTEGERS, working_days))


def join_years(years: Iterable[CompiledYear], first_year: int) -> IntervalTable:
    """One table of consecutive years."""
    starts, ends, sums, days = (array(_INTEGERS) for _ in range(4))
    last_year = first_year - 1
    for year in years:
        last_year += 1
        days.extend(year.working_days)
        for start, end in zip(year.starts, year.ends, strict=True):
            _append(starts, ends, start, end)
    sums.append(0)
    for start, end in zip(starts, ends, strict=True):
        sums.append(sums[-1] + end - start)
    return IntervalTable(starts, ends, sums, days, first_year, last_year)


def worked_before(table: IntervalTable, position: int) -> int:
    """Working time of the table before `position`."""
    index = bisect_right(table.starts, position) - 1
    if index < 0:
        return 0
    return table.sums[index] + min(position, table.ends[index]) - table.starts[index]


def _append(starts: Integers, ends: Integers, start: int, end: int) -> None:
    if ends and ends[-1] > start:
        raise AssertionError("open intervals must come in order and may not overlap")
    if ends and ends[-1] == start:
        ends[-1] = end
    else:
        starts.append(start)
        ends.append(end)
