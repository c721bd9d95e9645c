"""What callers ask of a site's daily safety: one frozen Struct per operation. Instants left out mean now."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

# --- people ---------------------------------------------------------------------------------------------------


class RegisterWorker(Struct, frozen=True, kw_only=True):
    """Somebody who will work on sites, with the trade whose procedure he follows."""

    code: str
    name: str
    trade: str
    phone: str | None = None
    service_unit_id: UUID | None = None


class UpdateWorker(Struct, frozen=True, kw_only=True):
    """New values; None leaves a value as it is. Who isn't active joins no crew any more."""

    worker_id: UUID
    name: str | None = None
    trade: str | None = None
    phone: str | None = None
    active: bool | None = None
    expected_version: int | None = None


class CertifyWorker(Struct, frozen=True, kw_only=True):
    """A worker's certificate and its last valid day."""

    worker_id: UUID
    certificate: str
    number: str
    valid_until: date


class AssignWorker(Struct, frozen=True, kw_only=True):
    """A worker joins a site's crew."""

    site_id: UUID
    worker_id: UUID


class ReleaseWorker(Struct, frozen=True, kw_only=True):
    """A worker leaves a site's crew."""

    site_id: UUID
    worker_id: UUID


class AcknowledgeSafety(Struct, frozen=True, kw_only=True):
    """A worker or an engineer signed a paper that a rule asks for: `record` is the rule's condition.

    `reference` tells papers of one kind apart, such as the trade whose procedure it is (left out: the worker's own).
    """

    record: str
    evidence: str
    worker_id: UUID | None = None
    engineer_id: UUID | None = None
    reference: str | None = None
    site_id: UUID | None = None
    document_id: UUID | None = None
    signed_on: date | None = None


class EducationAttendee(Struct, frozen=True, kw_only=True):
    """Which topics of an education a worker attended; none named: all of them."""

    worker_id: UUID
    topics: tuple[str, ...] = ()


class RecordEducation(Struct, frozen=True, kw_only=True):
    """A safety education was held on a site by those who have to chair it."""

    site_id: UUID
    topics: tuple[str, ...]
    chair_engineer_ids: tuple[UUID, ...]
    attendees: tuple[EducationAttendee, ...]
    evidence: str
    held_at: datetime | None = None


class EnterSite(Struct, frozen=True, kw_only=True):
    """Somebody asks to come in: a worker, or a visitor by name with a permit. `guard` notes it."""

    site_id: UUID
    guard: str
    worker_id: UUID | None = None
    visitor: str | None = None
    permit_id: UUID | None = None
    at: datetime | None = None


class LeaveSite(Struct, frozen=True, kw_only=True):
    """Somebody who came in leaves."""

    entry_id: UUID
    at: datetime | None = None


class RecordViolation(Struct, frozen=True, kw_only=True):
    """Somebody broke a rule; `code` is one that the rules name, such as `smoking` (P05-11)."""

    site_id: UUID
    code: str
    evidence: str
    description: str = ""
    worker_id: UUID | None = None
    document_id: UUID | None = None
    at: datetime | None = None


# --- permits --------------------------------------------------------------------------------------------------


class PermitCondition(Struct, frozen=True, kw_only=True):
    """A condition of a permit and what fulfils it, such as the name of the keeper."""

    code: str
    detail: str


class RequestPermit(Struct, frozen=True, kw_only=True):
    """Ask for a permit of a kind: `hot_work`, `flammables`, `visitor`, whatever the rules name."""

    site_id: UUID
    kind: str
    purpose: str
    holder: str
    valid_from: datetime
    valid_until: datetime
    worker_ids: tuple[UUID, ...] = ()
    conditions: tuple[PermitCondition, ...] = ()


class PermitCommand(Struct, frozen=True, kw_only=True):
    """The permit that an operation is about."""

    permit_id: UUID
    expected_version: int | None = None


class ApprovePermit(PermitCommand, frozen=True, kw_only=True):
    """Grant a permit, with conditions that are met by now; `approver_engineer_id` is who grants it."""

    conditions: tuple[PermitCondition, ...] = ()
    approver_engineer_id: UUID | None = None


class RefusePermit(PermitCommand, frozen=True, kw_only=True):
    """Refuse a permit, or take it back."""

    reason: str


class ClosePermit(PermitCommand, frozen=True, kw_only=True):
    """The work under a permit is over, with the conditions that hold at its end (P05-19)."""

    conditions: tuple[PermitCondition, ...] = ()
    at: datetime | None = None


# --- shifts and briefings -------------------------------------------------------------------------------------


class PlanShift(Struct, frozen=True, kw_only=True):
    """A shift on a site."""

    site_id: UUID
    name: str
    foreman: str
    starts_at: datetime
    ends_at: datetime


class ShiftCommand(Struct, frozen=True, kw_only=True):
    """The shift that an operation is about."""

    shift_id: UUID
    expected_version: int | None = None


class HoldMeeting(Struct, frozen=True, kw_only=True):
    """The meeting before a shift: what of safety was told, what else, to whom."""

    shift_id: UUID
    safety_topic: str
    worker_ids: tuple[UUID, ...]
    topics: tuple[str, ...] = ()
    held_at: datetime | None = None


class StartShift(ShiftCommand, frozen=True, kw_only=True):
    """Work begins."""


class CloseShift(ShiftCommand, frozen=True, kw_only=True):
    """The shift is over."""


class IssueBriefing(Struct, frozen=True, kw_only=True):
    """The briefing sheet of a work process, for everybody who will work on it."""

    site_id: UUID
    process: str
    content: str
    issued_by: str
    worker_ids: tuple[UUID, ...]


class AcknowledgeBriefing(Struct, frozen=True, kw_only=True):
    """A worker signs that the briefing was given to him."""

    sheet_id: UUID
    worker_id: UUID
    evidence: str
    at: datetime | None = None


class StartProcess(Struct, frozen=True, kw_only=True):
    """The work process of a briefing sheet begins."""

    sheet_id: UUID
    expected_version: int | None = None


# --- machines -------------------------------------------------------------------------------------------------


class RegisterMachine(Struct, frozen=True, kw_only=True):
    """A machine on a site; without a certificate of its own, that of the rules counts for its operator."""

    site_id: UUID
    vertical: str
    code: str
    name: str
    certificate: str | None = None


class MachineCommand(Struct, frozen=True, kw_only=True):
    """The machine that an operation is about."""

    machine_id: UUID
    expected_version: int | None = None


class ReportDefect(MachineCommand, frozen=True, kw_only=True):
    """A machine isn't safe to run."""

    defect: str


class RetireMachine(MachineCommand, frozen=True, kw_only=True):
    """A machine leaves the site for good."""


class StartRun(Struct, frozen=True, kw_only=True):
    """Open an entry of the running log: a worker begins to run a machine."""

    machine_id: UUID
    shift_id: UUID
    worker_id: UUID
    at: datetime | None = None


class StopRun(Struct, frozen=True, kw_only=True):
    """Close an entry of the running log."""

    run_id: UUID
    note: str = ""
    at: datetime | None = None


class StartRepair(MachineCommand, frozen=True, kw_only=True):
    """Begin a repair; `secured` are the conditions that hold: stopped, power off, lock, tag, attendant (P05-17).

    An attendant is named.
    """

    repairer: str
    secured: tuple[str, ...]
    attendant: str | None = None
    at: datetime | None = None


class FinishRepair(Struct, frozen=True, kw_only=True):
    """The repair is over; `repaired` lets the machine run again."""

    repair_id: UUID
    outcome: str
    repaired: bool = True
    at: datetime | None = None
    expected_version: int | None = None


# --- patrols, watches, standards ------------------------------------------------------------------------------


class AssignWatch(Struct, frozen=True, kw_only=True):
    """Put an engineer or a worker in charge of a patrol or a season's checks."""

    site_id: UUID
    rule: str
    engineer_id: UUID | None = None
    worker_id: UUID | None = None


class EndWatch(Struct, frozen=True, kw_only=True):
    """Nobody is in charge any more, and no further round is owed."""

    site_id: UUID
    rule: str


class RoundHazard(Struct, frozen=True, kw_only=True):
    """What a round found: a hazard, which stops the work unless told otherwise (P05-30)."""

    category: str
    description: str
    stops_work: bool = True
    leader: str | None = None


class RecordPatrol(Struct, frozen=True, kw_only=True):
    """A round of a patrol; without areas, all that its rule names."""

    site_id: UUID
    rule: str
    areas: tuple[str, ...] = ()
    engineer_id: UUID | None = None
    worker_id: UUID | None = None
    note: str = ""
    hazard: RoundHazard | None = None
    at: datetime | None = None


class SaveStandard(Struct, frozen=True, kw_only=True):
    """A published standard in the register, or another edition of one that a vertical names."""

    vertical: str
    code: str
    name_zh: str
    name_en: str
    designation: str
    superseded_by: str | None = None
    note: str = ""
    expected_version: int | None = None
