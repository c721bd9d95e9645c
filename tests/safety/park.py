"""A park under construction: a site with a project manager, a safety officer, a crew and a machine."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from aftersales.inspections import service as inspections
from aftersales.inspections.commands import AnswerItems, InspectionAnswerInput, StartInspection
from aftersales.inspections.models import Inspection
from aftersales.parties.models import Site
from aftersales.safety import service
from aftersales.safety.commands import AppointSafetyRole
from aftersales.safety.models import (
    CrewMember,
    SafetyEducation,
    SafetyPermit,
    SiteMachine,
    SiteShift,
    SiteWorker,
)
from aftersales.safety.site_commands import (
    AssignWorker,
    CertifyWorker,
    EducationAttendee,
    HoldMeeting,
    PermitCondition,
    PlanShift,
    RecordEducation,
    RegisterMachine,
    RegisterWorker,
    RequestPermit,
    StartShift,
)
from tests.tickets.world import World, local

TOPICS = ("production", "electricity", "fire", "machinery")
CHECKS = {
    "machine_before_shift": ("guards", "protective_neutral", "sound"),
    "machine_after_shift": ("guards", "sound", "switched_off"),
}
EIGHT, SIX = local("2026-06-10 08:00"), local("2026-06-10 18:00")


class Park:
    """What is done on the site of a world; the project manager and the officer are its two engineers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.site: Site = world.site

    async def staff(self) -> None:
        """A project manager and a safety officer."""
        for role, engineer in (
            ("project_manager", self.world.engineer),
            ("safety_officer", self.world.other_engineer),
        ):
            await self.world.do(
                service.appoint_safety_role,
                AppointSafetyRole(role=role, site_id=self.site.id, engineer_id=engineer.id),
            )

    async def worker(self, code: str = "W1", trade: str = "mason") -> SiteWorker:
        """A worker who belongs to nobody's crew yet."""
        made: SiteWorker = await self.world.do(
            service.register_worker, RegisterWorker(code=code, name=f"Worker {code}", trade=trade)
        )
        return made

    async def crew(self, *codes: str) -> list[SiteWorker]:
        """Workers of the site's crew."""
        made = []
        for code in codes:
            made.append(await self.worker(code))
            await self.assign(made[-1])
        return made

    async def assign(self, worker: SiteWorker) -> CrewMember:
        member: CrewMember = await self.world.do(
            service.assign_worker, AssignWorker(site_id=self.site.id, worker_id=worker.id)
        )
        return member

    def education(self, *workers: SiteWorker, topics: tuple[str, ...] = TOPICS, **given: Any) -> RecordEducation:
        """An education by both who have to chair it."""
        attended = given.pop("attended", ())
        given.setdefault("chair_engineer_ids", (self.world.engineer.id, self.world.other_engineer.id))
        return RecordEducation(
            site_id=self.site.id,
            topics=topics,
            attendees=tuple(EducationAttendee(worker_id=worker.id, topics=attended) for worker in workers),
            evidence="attendance list 3",
            **given,
        )

    async def educate(self, *workers: SiteWorker, **given: Any) -> SafetyEducation:
        held: SafetyEducation = await self.world.do(service.record_education, self.education(*workers, **given))
        return held

    async def certify(self, worker: SiteWorker, until: str = "2030-01-01") -> None:
        await self.world.do(
            service.certify_worker,
            CertifyWorker(
                worker_id=worker.id,
                certificate="machine_operator",
                number="M-1",
                valid_until=datetime.fromisoformat(until).date(),
            ),
        )

    async def permit(
        self, kind: str, *conditions: str, workers: Iterable[SiteWorker] = (), **given: Any
    ) -> SafetyPermit:
        """A permit that was asked for."""
        command = RequestPermit(
            **{
                "site_id": self.site.id, "kind": kind, "purpose": "welding a railing", "holder": "Zhou",
                "valid_from": EIGHT, "valid_until": SIX, "worker_ids": tuple(worker.id for worker in workers),
                "conditions": tuple(PermitCondition(code=code, detail=f"{code} by Li") for code in conditions),
                **given,
            }
        )  # fmt: skip
        asked: SafetyPermit = await self.world.do(service.request_permit, command)
        return asked

    async def plan_shift(self, name: str = "day") -> SiteShift:
        planned: SiteShift = await self.world.do(
            service.plan_shift,
            PlanShift(site_id=self.site.id, name=name, foreman="Sun", starts_at=EIGHT, ends_at=SIX),
        )
        return planned

    async def running_shift(self, *workers: SiteWorker) -> SiteShift:
        """A shift that began after its meeting."""
        shift = await self.plan_shift()
        await self.world.do(
            service.hold_meeting,
            HoldMeeting(shift_id=shift.id, safety_topic="edges of pits", worker_ids=tuple(one.id for one in workers)),
        )
        started: SiteShift = await self.world.do(service.start_shift, StartShift(shift_id=shift.id))
        return started

    async def machine(self, code: str = "D1") -> SiteMachine:
        made: SiteMachine = await self.world.do(
            service.register_machine,
            RegisterMachine(site_id=self.site.id, vertical="landscaping", code=code, name="Digger"),
        )
        return made

    async def check(self, machine: SiteMachine, shift: SiteShift, checklist: str, *failed: str) -> Inspection:
        """A machine check of a shift, completed; the named items failed."""
        begun = await self.world.do(
            inspections.start_inspection,
            StartInspection(
                vertical="landscaping", checklist=checklist, machine_id=machine.id, shift_id=shift.id, inspector="Wu"
            ),
        )
        answers = tuple(InspectionAnswerInput(item=item, passed=item not in failed) for item in CHECKS[checklist])
        done: Inspection = await self.world.do(
            inspections.answer_items, AnswerItems(inspection_id=begun.id, answers=answers, complete=True)
        )
        return done

    async def stored(self, machine: SiteMachine) -> SiteMachine:
        """The machine as it is stored."""
        [found] = await self.world.read(SiteMachine, id=machine.id)
        return found
