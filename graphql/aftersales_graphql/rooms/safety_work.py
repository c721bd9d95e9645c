"""Work on a site: shifts, briefings, machines, patrols, alerts, standards."""

from datetime import datetime

from aftersales.safety import models
from aftersales_graphql.machine.declare import connection, entity, find, many, one
from aftersales_graphql.machine.relay import Connection, Node
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.parties import Site
from aftersales_graphql.rooms.safety import Hazard
from aftersales_graphql.rooms.safety_people import SiteWorker
from aftersales_graphql.rooms.visibility import staff_only
from aftersales_graphql.rooms.work import Engineer


@entity(models.ShiftMeeting, visible=staff_only)
class ShiftMeeting(Node):
    """The meeting before a shift."""

    held_at: datetime
    safety_topic: str
    topics: list[str]


@entity(models.SiteShift, filters=("site", "state"), orders=("starts_at",), default_order="-starts_at",
        visible=staff_only)  # fmt: skip
class SiteShift(Node):
    """A shift on a site."""

    name: str
    foreman: str
    starts_at: datetime
    ends_at: datetime
    state: str
    started_at: datetime | None
    closed_at: datetime | None
    version: int
    site: Site | None = one("site_id")
    meetings: list[ShiftMeeting] = many("shift_id", order="held_at")


@entity(models.BriefingSignature, visible=staff_only)
class BriefingSignature(Node):
    """A worker who has to acknowledge a briefing, and when he did."""

    acknowledged_at: datetime | None
    evidence: str
    worker: SiteWorker | None = one("worker_id")


@entity(models.BriefingSheet, filters=("site", "state"), orders=("issued_at",), default_order="-issued_at",
        visible=staff_only)  # fmt: skip
class BriefingSheet(Node):
    """The safety briefing of a work process."""

    process: str
    content: str
    issued_by: str
    issued_at: datetime
    state: str
    started_at: datetime | None
    version: int
    site: Site | None = one("site_id")
    signatures: list[BriefingSignature] = many("sheet_id", order="id")


@entity(models.MachineRun, visible=staff_only)
class MachineRun(Node):
    """An entry of a machine's running log."""

    started_at: datetime
    stopped_at: datetime | None
    note: str
    worker: SiteWorker | None = one("worker_id")
    shift: SiteShift | None = one("shift_id")


@entity(models.MachineRepair, visible=staff_only)
class MachineRepair(Node):
    """A repair with its lock-out record."""

    repairer: str
    secured: list[str]
    attendant: str | None
    state: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    repaired: bool | None
    version: int


@entity(models.SiteMachine, filters=("site", "code", "state"), orders=("code",), default_order="code",
        visible=staff_only)  # fmt: skip
class SiteMachine(Node):
    """A machine that works on a site."""

    vertical: str
    code: str
    name: str
    certificate: str | None
    state: str
    defect: str | None
    version: int
    site: Site | None = one("site_id")
    runs: list[MachineRun] = many("machine_id", order="-started_at")
    repairs: list[MachineRepair] = many("machine_id", order="-started_at")


@entity(models.SafetyWatch, filters=("site", "rule"), orders=("since",), default_order="since", visible=staff_only)
class SafetyWatch(Node):
    """Who is in charge of a patrol or of a season's checks."""

    rule: str
    since: datetime
    ended_at: datetime | None
    site: Site | None = one("site_id")
    engineer: Engineer | None = one("engineer_id")
    worker: SiteWorker | None = one("worker_id")


@entity(models.PatrolRound, filters=("site", "rule"), orders=("at",), default_order="-at", visible=staff_only)
class PatrolRound(Node):
    """A round of a patrol."""

    rule: str
    area: str
    at: datetime
    note: str
    site: Site | None = one("site_id")
    engineer: Engineer | None = one("engineer_id")
    worker: SiteWorker | None = one("worker_id")
    hazard: Hazard | None = one("hazard_id")


@entity(models.SafetyAlert, filters=("site", "code"), orders=("at",), default_order="-at", visible=staff_only)
class SafetyAlert(Node):
    """Something that wasn't done in time."""

    code: str
    clause: str | None
    message_zh: str
    message_en: str
    at: datetime
    site: Site | None = one("site_id")
    machine: SiteMachine | None = one("machine_id")
    shift: SiteShift | None = one("shift_id")


@entity(models.SafetyStandard, visible=staff_only)
class SafetyStandard(Node):
    """An entry of the company's own in the register of standards."""

    vertical: str
    code: str
    name_zh: str
    name_en: str
    designation: str
    superseded_by: str | None
    note: str
    version: int


@root
class SafetyWorkQueries:
    site_shift: SiteShift | None = find(description="One shift by its id.")
    site_shifts: Connection[SiteShift] = connection(description="Shifts.")
    briefing_sheet: BriefingSheet | None = find(description="One briefing sheet by its id.")
    briefing_sheets: Connection[BriefingSheet] = connection(description="Safety briefings.")
    site_machine: SiteMachine | None = find(description="One machine by its id.")
    site_machines: Connection[SiteMachine] = connection(description="Machines.")
    safety_watches: Connection[SafetyWatch] = connection(description="Who is in charge of patrols.")
    patrol_rounds: Connection[PatrolRound] = connection(description="Rounds of patrols.")
    safety_alerts: Connection[SafetyAlert] = connection(description="What wasn't done in time.")
