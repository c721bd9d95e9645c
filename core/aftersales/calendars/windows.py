"""From wall-clock windows to instants, in any zone and across every change of its offset.

One definition decides all odd cases: a calendar is open exactly while the clock on the wall shows a time
inside a window. Local times that are skipped in spring are never shown, so they count for nothing; times
that are shown twice in autumn count twice. A day may so have 23, 25 or 24.5 hours.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from aftersales.calendars.definition import MinuteWindow

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
MICROSECONDS_PER_SECOND: Final = 1_000_000
MICROSECONDS_PER_MINUTE: Final = 60 * MICROSECONDS_PER_SECOND
ONE_DAY: Final = timedelta(days=1)

Interval = tuple[int, int]
"""Open from (inclusive) to (exclusive), microseconds since 1970-01-01 UTC."""


def to_microseconds(instant: datetime) -> int:
    """Microseconds since 1970-01-01 UTC, exact."""
    return (instant - EPOCH) // MICROSECOND


def from_microseconds(value: int) -> datetime:
    """The UTC instant of that many microseconds since 1970-01-01."""
    return EPOCH + timedelta(microseconds=value)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """First instant (UTC) at which the zone's date is `day`, even where midnight is skipped or doubled."""
    naive = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall-clock reading, placed below
    before, after = naive.replace(tzinfo=zone), naive.replace(tzinfo=zone, fold=1)
    first = before.astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == naive:
        return first
    # Skipped midnight: the day begins with the jump, which lies between the two readings of that time.
    return _offset_change(after.astimezone(UTC), first, zone)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """24:00 of `day`: the first instant that no longer belongs to it."""
    return start_of_day(day + ONE_DAY, zone)


def local_date(instant: datetime, zone: ZoneInfo) -> date:
    """The date on the wall at that instant."""
    return instant.astimezone(zone).date()


def open_intervals(day: date, windows: Sequence[MinuteWindow], zone: ZoneInfo) -> Iterator[Interval]:
    """The stretches of `day` during which the wall clock shows a time inside one of the sorted windows."""
    if not windows:
        return
    for begin, end, offset in _offset_pieces(start_of_day(day, zone), end_of_day(day, zone), zone):
        # Wall time of an instant u is u + offset; so window minute m is shown at midnight + m - offset.
        midnight = (day - EPOCH.date()) // MICROSECOND - offset
        for start_minute, end_minute in windows:
            opens = max(begin, midnight + start_minute * MICROSECONDS_PER_MINUTE)
            closes = min(end, midnight + end_minute * MICROSECONDS_PER_MINUTE)
            if opens < closes:
                yield opens, closes


def _offset_pieces(begin: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[int, int, int]]:
    """Cut [begin, end) where the zone's offset changes: (from, to, offset), all in microseconds."""
    while begin < end:
        offset = _offset(begin, zone)
        stop = end if _offset(end - MICROSECOND, zone) == offset else _offset_change(begin, end, zone)
        yield to_microseconds(begin), to_microseconds(stop), offset // MICROSECOND
        begin = stop


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None  # noqa: S101 - a ZoneInfo always knows its offset
    return offset


def _offset_change(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The first instant in (low, high] whose offset isn't that of `low`, exact to the second."""
    offset = _offset(low, zone)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        if _offset(middle, zone) == offset:
            low = middle
        else:
            high = middle
    return high
