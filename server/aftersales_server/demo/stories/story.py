"""What a story is played on: callers by role, a clock that it moves, and a timeline of what the API then shows.

Nothing in a timeline is asserted by the story itself: promises, deadlines, alarms and notices are read back from
the API after every step. What a story knows are the dates worked out by hand, which it compares.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from aftersales_server.demo.access import DemoAccess
from aftersales_server.demo.client import Caller, RequestFailed, wait_for

ZONE = ZoneInfo("Asia/Shanghai")

TICKET = """query Ticket($id: ID!) { ticket(id: $id) {
  id number state grade step queue version nextDueAt
  commitments { id milestone party clause source state outcome startedAt dueAt metAt breachedAt handedOverAt }
  alarms { code kind role dueAt raisedAt commitment { milestone party } }
  notices { recipient role subject state } } }"""
PROMISES = """query Promises($id: ID!) { subject: %s(id: $id) { commitments {
  id milestone party clause source state outcome startedAt dueAt metAt breachedAt handedOverAt
  alarms { code kind role dueAt } } } }"""
EXPLAIN = "query Explain($id: ID!) { explain(commitmentId: $id) { text } }"
MOVE_CLOCK = "mutation Move($input: MoveClockInput!) { moveClock(input: $input) { now userErrors { code message } } }"


@dataclass(frozen=True)
class Row:
    """One line of a timeline: when (local), what happened, and what that meant for a promise."""

    at: str
    what: str
    promise: str = ""
    clause: str = ""
    due: str = ""
    state: str = ""


@dataclass(frozen=True)
class Difference:
    """A figure that isn't what was worked out by hand."""

    what: str
    expected: str
    found: str


@dataclass
class Watch:
    """A ticket under observation, or whatever else the API shows as `kind` with promises; what is known by now."""

    id: str
    name: str
    kind: str = "ticket"
    commitments: dict[str, dict[str, Any]] = field(default_factory=dict)
    alarms: int = 0
    notices: int = 0


def local(instant: str | None) -> str:
    """An instant of the API in Shanghai: "2026-09-30 10:00"; a deadline at midnight as 24:00 of the day before."""
    if instant is None:
        return "—"
    moment = datetime.fromisoformat(instant).astimezone(ZONE)
    return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M")


def instant(text: str) -> str:
    """The API's form of a local time in Shanghai, "2026-09-30 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).isoformat()


class Story:
    """One tenant's story under way."""

    def __init__(self, http: httpx.Client, base_url: str, access: DemoAccess, slug: str) -> None:
        tenant = access.tenant(slug)
        url = f"{base_url}/t/{slug}/graphql"
        self.name = tenant.name
        self.rows: list[Row] = []
        self.differences: list[Difference] = []
        self.explanation = ""
        self._callers = {role: Caller(http, url, token) for role, token in tenant.tokens.items()}
        self._platform = Caller(http, f"{base_url}/platform/graphql", access.platform_token)
        self._now = ""
        self._watched: list[Watch] = []

    # --- acting ------------------------------------------------------------------------------------------

    def by(self, role: str) -> Caller:
        """The tenant's member with the role."""
        return self._callers[role]

    def at(self, text: str) -> str:
        """Move the platform's clock to a local time; gives it as the API takes it."""
        moved = self._platform.query(MOVE_CLOCK, input={"to": instant(text)})["moveClock"]
        if moved["userErrors"]:
            raise RuntimeError(f"the clock can't be moved: {moved['userErrors']}")
        self._now = text
        return instant(text)

    def find(self, field_name: str, condition: str, returning: str = "id") -> dict[str, Any]:
        """The first row of a list, such as `find("assets", 'number: {eq: "CAR-1"}')`."""
        text = f"query Find {{ {field_name}(first: 1, filter: {{{condition}}}) {{ nodes {{ {returning} }} }} }}"
        nodes: list[dict[str, Any]] = self.by("owner").query(text)[field_name]["nodes"]
        return nodes[0]

    def open_ticket(self, name: str, role: str, **given: Any) -> dict[str, Any]:
        """Open a ticket and watch it from now on."""
        opened = self.by(role).do("openTicket", "ticket { id number grade queue emergency regionClass }", **given)
        ticket: dict[str, Any] = opened["ticket"]
        self._watched.append(Watch(ticket["id"], name))
        return ticket

    def refusal(self, act: Callable[[], object], what: str) -> list[str]:
        """The codes with which the API refuses; empty when it doesn't."""
        try:
            act()
        except RequestFailed as refused:
            self.rows.append(Row(self._now, f"refused: {what} ({', '.join(refused.codes)})"))
            return refused.codes
        return []

    def visit(self, ticket_id: str, engineer_id: str, start: str, end: str) -> str:
        """Plan a visit in a local window under the ticket's work order; its id."""
        text = "query Orders($id: ID!) { ticket(id: $id) { workOrders { id state } } }"
        orders = self.by("dispatcher").query(text, id=ticket_id)["ticket"]["workOrders"]
        order = next((row["id"] for row in orders if row["state"] == "open"), None)
        if order is None:
            made = self.by("dispatcher").do("createWorkOrder", "workOrder { id }", ticketId=ticket_id)
            order = made["workOrder"]["id"]
        planned = self.by("dispatcher").do(
            "planAppointment", "appointment { id }",
            workOrderId=order, engineerId=engineer_id, windowStart=instant(start), windowEnd=instant(end),
        )  # fmt: skip
        found: str = planned["appointment"]["id"]
        return found

    def follow(self, field_name: str, subject_id: str, name: str) -> None:
        """Watch promises without a ticket from now on: of a `plannedObligation`, a `trainingDuty`, a `revisit`."""
        self._watched.append(Watch(subject_id, name, field_name))

    def note(self, what: str) -> None:
        """Put what just happened on the timeline, with all that it did to the promises."""
        self.rows.append(Row(self._now, what))
        for watch in self._watched:
            self._observe(watch)

    # --- looking -----------------------------------------------------------------------------------------

    def ticket(self, ticket_id: str) -> dict[str, Any]:
        """The ticket as the dispatcher sees it."""
        found: dict[str, Any] = self.by("dispatcher").query(TICKET, id=ticket_id)["ticket"]
        return found

    def commitment(self, ticket_id: str, milestone: str, party: str = "company") -> dict[str, Any]:
        """The ticket's promise of a milestone, the standing one where an earlier one was cancelled."""
        found = [
            row
            for row in self.ticket(ticket_id)["commitments"]
            if (row["milestone"], row["party"]) == (milestone, party)
        ]
        first: dict[str, Any] = min(found, key=lambda row: (row["state"] == "cancelled", row["id"]))
        return first

    def alarm(self, ticket_id: str, code: str, milestone: str) -> dict[str, Any]:
        """Wait until the worker raised the alarm of a rung, and until everybody was told of it."""

        def raised() -> dict[str, Any] | None:
            for alarm in self.ticket(ticket_id)["alarms"]:
                if alarm["code"] == code and alarm["commitment"]["milestone"] == milestone:
                    return dict(alarm)
            return None

        found: dict[str, Any] = wait_for(f"the alarm {code} of {milestone}", raised)
        self.told(ticket_id, found["role"], at_least=1)
        return found

    def promise(self, field_name: str, subject_id: str) -> dict[str, Any]:
        """The latest promise of something without a ticket, with its alarms."""
        found: dict[str, Any] = self._promises(field_name, subject_id)[-1]
        return found

    def alarm_of(self, field_name: str, subject_id: str, code: str) -> dict[str, Any]:
        """Wait until the worker raised a rung's alarm of the latest promise of something without a ticket."""

        def raised() -> dict[str, Any] | None:
            alarms = self.promise(field_name, subject_id)["alarms"]
            return next((dict(alarm) for alarm in alarms if alarm["code"] == code), None)

        return wait_for(f"the alarm {code} of a {field_name}", raised)

    def told(self, ticket_id: str, role: str, at_least: int = 1) -> list[dict[str, Any]]:
        """Wait until members of the role were written to about the ticket."""

        def written() -> list[dict[str, Any]] | None:
            found = [notice for notice in self.ticket(ticket_id)["notices"] if notice["role"] == role]
            return found if len(found) >= at_least else None

        return wait_for(f"a notice to the role {role}", written)

    def explain(self, ticket_id: str, milestone: str, party: str = "company") -> None:
        """Keep the API's own words on why a deadline lies where it lies."""
        commitment = self.commitment(ticket_id, milestone, party)
        self.explanation = self.by("dispatcher").query(EXPLAIN, id=commitment["id"])["explain"]["text"]

    def explain_promise(self, field_name: str, subject_id: str) -> None:
        """Keep the API's own words on why something without a ticket is due when it is due."""
        commitment = self.promise(field_name, subject_id)["id"]
        self.explanation = self.by("dispatcher").query(EXPLAIN, id=commitment)["explain"]["text"]

    @staticmethod
    def local(instant_of_api: str | None) -> str:
        """An instant of the API in Shanghai."""
        return local(instant_of_api)

    # --- comparing ---------------------------------------------------------------------------------------

    def expect(self, what: str, expected: object, found: object) -> None:
        """Remember a difference between what was worked out by hand and what the API says."""
        if expected != found:
            self.differences.append(Difference(what, str(expected), str(found)))

    def expect_promise(
        self, ticket_id: str, milestone: str, party: str = "company", *, due: str | None = None, **expected: object
    ) -> None:
        """Compare a promise's local deadline (None: no number) and further fields such as `state` and `clause`."""
        found = self.commitment(ticket_id, milestone, party)
        where = f"{milestone} ({party})"
        self.expect(f"{where} due", due or "—", local(found["dueAt"]))
        for name, value in expected.items():
            self.expect(f"{where} {name}", value, found[name])

    def expect_owed(
        self, field_name: str, subject_id: str, what: str, *, due: str | None = None, **expected: object
    ) -> None:
        """Compare the promise of something without a ticket like `expect_promise`."""
        found = self.promise(field_name, subject_id)
        self.expect(f"{what} due", due or "—", local(found["dueAt"]))
        for name, value in expected.items():
            self.expect(f"{what} {name}", value, found[name])

    def _promises(self, field_name: str, subject_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.by("dispatcher").query(PROMISES % field_name, id=subject_id)["subject"][
            "commitments"
        ]
        return found

    def _observe(self, watch: Watch) -> None:
        if watch.kind == "ticket":
            self._observe_ticket(watch)
            return
        promises = self._promises(watch.kind, watch.id)
        self._tell_promises(watch, promises)
        alarms = [{**alarm, "commitment": row} for row in promises for alarm in row["alarms"]]
        self._tell_alarms(watch, sorted(alarms, key=lambda alarm: str(alarm["dueAt"])))

    def _observe_ticket(self, watch: Watch) -> None:
        ticket = self.ticket(watch.id)
        self._tell_promises(watch, ticket["commitments"])
        self._tell_alarms(watch, ticket["alarms"])
        for notice in ticket["notices"][watch.notices :]:
            self.rows.append(Row("", f"told {notice['recipient']} ({notice['role']}): {notice['subject']}"))
        watch.notices = len(ticket["notices"])

    def _tell_promises(self, watch: Watch, promises: list[dict[str, Any]]) -> None:
        for row in promises:
            known = watch.commitments.get(row["id"])
            if known == row:
                continue
            watch.commitments[row["id"]] = row
            change = _change(known, row)
            if change:
                self.rows.append(
                    Row(
                        "",
                        f"{change} [{watch.name}]",
                        f"{row['milestone']} ({row['party']})",
                        f"{row['clause'] or '—'} · {row['source']}",
                        local(row["dueAt"]),
                        _state(row),
                    )
                )

    def _tell_alarms(self, watch: Watch, alarms: list[dict[str, Any]]) -> None:
        for alarm in alarms[watch.alarms :]:
            what = f"alarm {alarm['code']} for {alarm['role']} [{watch.name}]"
            promise = f"{alarm['commitment']['milestone']} ({alarm['commitment']['party']})"
            self.rows.append(Row(local(alarm["dueAt"]), what, promise, "", "", alarm["kind"]))
        watch.alarms = len(alarms)


def _change(before: dict[str, Any] | None, now: dict[str, Any]) -> str:
    if before is None:
        return "promised"
    if before["state"] != now["state"]:
        state: str = now["state"]
        return {"met": "reached", "cancelled": "ended"}.get(state, state)
    if before["dueAt"] != now["dueAt"]:
        return "re-computed"
    if before["handedOverAt"] != now["handedOverAt"]:
        return "handed over"
    if before["breachedAt"] != now["breachedAt"]:
        return "broken"
    return ""


def _state(row: dict[str, Any]) -> str:
    if row["state"] == "met":
        at = local(row["metAt"])
        return {"in_time": f"met {at}", "late": f"LATE {at}"}.get(row["outcome"], f"done {at}")
    if row["state"] == "running":
        if row["handedOverAt"]:
            return "handed over"
        return "BROKEN" if row["breachedAt"] else ("open" if row["dueAt"] else "tracked")
    return str(row["state"])


Play = Callable[[Story], None]


@dataclass(frozen=True)
class Script:
    """A story that can be played: whose it is, what it shows, by which clauses."""

    code: str
    slug: str
    title: str
    clauses: tuple[str, ...]
    play: Play
