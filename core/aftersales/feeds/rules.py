"""A calendar as iCalendar text (RFC 5545), in the tenant's zone with its rules of daylight-saving time. Pure."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from msgspec import Struct

PRODUCT = "-//Aftersales//Calendar feed//EN"
REFRESH = timedelta(hours=1)


class Visit(Struct, frozen=True, kw_only=True):
    """An appointment with its window."""

    id: str
    begins: datetime
    ends: datetime
    title: str
    place: str
    description: str
    state: str
    confirmed: bool
    version: int


class Owed(Struct, frozen=True, kw_only=True):
    """Something due by the end of a day that has no appointment yet."""

    id: str
    due_on: date
    title: str
    clause: str | None
    version: int


class Contents(Struct, frozen=True, kw_only=True):
    """All that a calendar shows, under its name and in its zone."""

    name: str
    zone: str
    made_at: datetime
    visits: tuple[Visit, ...]
    owed: tuple[Owed, ...]

    def text(self) -> bytes:
        """The calendar as iCalendar text."""
        return render(self.name, self.zone, self.made_at, self.visits, self.owed)


def render(name: str, zone: str, made_at: datetime, visits: Sequence[Visit], owed: Sequence[Owed]) -> bytes:
    """The calendar as text; equal entries give equal bytes, so that a reader need not load them twice."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone)
    calendar.add("refresh-interval", REFRESH)
    local = ZoneInfo(zone)
    for visit in visits:
        event = Event()
        event.add("uid", f"visit-{visit.id}@aftersales.invalid")
        event.add("dtstamp", made_at.astimezone(UTC))
        event.add("dtstart", visit.begins.astimezone(local))
        event.add("dtend", visit.ends.astimezone(local))
        event.add("summary", visit.title)
        event.add("sequence", visit.version)
        event.add("status", "CONFIRMED" if visit.confirmed or visit.state != "planned" else "TENTATIVE")
        if visit.place:
            event.add("location", visit.place)
        if visit.description:
            event.add("description", visit.description)
        calendar.add_component(event)
    for one in owed:
        event = Event()
        event.add("uid", f"owed-{one.id}@aftersales.invalid")
        event.add("dtstamp", made_at.astimezone(UTC))
        event.add("dtstart", one.due_on)
        event.add("dtend", one.due_on + timedelta(days=1))
        event.add("summary", one.title)
        event.add("sequence", one.version)
        event.add("transp", "TRANSPARENT")
        if one.clause:
            event.add("description", one.clause)
        calendar.add_component(event)
    calendar.add_missing_timezones()
    text: bytes = calendar.to_ical()
    return text
