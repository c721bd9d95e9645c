"""One subject with promises of its own making: a tenant, a Playbook of a few targets, one unit of work per step."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from aftersales.calendars.definition import CalendarDefinition, monday_to_friday
from aftersales.commitments import service
from aftersales.commitments.clocks import state_of_row
from aftersales.commitments.models import Alarm, ClockSegmentRow, Commitment
from aftersales.commitments.rules import AlarmRule, Budget, BudgetUnit, ClockState, replay
from aftersales.commitments.service import Subject
from aftersales.commitments.sweeper import sweep_tenant
from aftersales.commitments.targets import TargetFacts
from aftersales.kit.actor import SYSTEM
from aftersales.kit.database import Base
from aftersales.kit.entities import shape_of
from aftersales.kit.ids import new_id
from aftersales.plugins.vertical import VerticalSettings
from aftersales.scope import TenantWork
from aftersales.terms.base import Label
from aftersales.terms.deadlines import CalendarTerm, EscalationLadder, SlaTarget, StartEvent, TargetScope
from aftersales.terms.playbook import Playbook, VerticalPlaybook
from aftersales_tenants.principals import Principal
from tests.calendars.examples import local
from tests.fixtures.database import TestPlatform, TestTenant

VERTICAL = "pumps"
NAME = Label("示例", "example")


def desk_hours(*windows: tuple[str, str]) -> CalendarDefinition:
    """The phone desk's calendar, Monday to Friday."""
    return CalendarDefinition(code="desk", name="Desk", zone="Asia/Shanghai", weekly=monday_to_friday(*windows))


def target(code: str, milestone: Any, amount: int | None, unit: BudgetUnit = "hour", **given: Any) -> SlaTarget:
    grade = given.pop("grade", None)
    given.setdefault("clause", f"X-{code}")
    return SlaTarget(
        code=code,
        label=NAME,
        milestone=milestone,
        budget=None if amount is None else Budget(amount=amount, unit=unit),
        scope=TargetScope(grades=(grade,) if grade else ()),
        **given,
    )


RUNGS = (
    AlarmRule(code="half", kind="warning", share=0.5, escalate_to="dispatcher", level=1),
    AlarmRule(code="late", kind="breach", offset_minutes=0, escalate_to="dispatcher", level=2),
    AlarmRule(code="boss", kind="escalation", offset_minutes=60, escalate_to="owner", level=3),
)
PUMPS = VerticalPlaybook(
    vertical=VERTICAL,
    settings=VerticalSettings(),
    calendars=(
        CalendarTerm(
            code="desk", label=NAME, clause="X-desk", purpose="phone_desk", definition=desk_hours(("09:00", "17:00"))
        ),
    ),
    escalation_ladders=(EscalationLadder(code="rungs", label=NAME, clause="X-rungs", rungs=RUNGS),),
    sla_targets=(
        target("ack", "acknowledged", 1, grade="general", ladder="rungs"),
        target("resolve", "resolved", 8, grade="general", ladder="rungs"),
        target("resolve-any", "resolved", 48, source="default", clause=None),
        target("resolve-complex", "resolved", None, grade="complex"),
        target("plan-complex", "plan_proposed", 3, "calendar_day", grade="complex"),
        target("desk-resolve", "resolved", 8, "working_hour", grade="desk", calendar="desk"),
        target("agent-arrives", "on_site", 4, grade="general", party="agent", on_miss="handover",
               starts_on="on_site_decided"),
        target("company-arrives", "on_site", 24, grade="general", starts_on="on_site_decided"),
    ),
)  # fmt: skip


def facts(grade: str = "general", **given: Any) -> TargetFacts:
    return TargetFacts(vertical=VERTICAL, kind="fault", grade=grade, **given)


def at(text: str) -> datetime:
    """A time of Wednesday 2026-06-10 in Shanghai (`09:30`), or of any day (`2026-06-11 09:30`)."""
    return local(text if " " in text else f"2026-06-10 {text}")


class Promises:
    """What happens to one subject, told step by step."""

    def __init__(self, tenant: TestTenant, playbook: VerticalPlaybook = PUMPS) -> None:
        self.tenant = tenant
        self.playbook = playbook
        self.subject = Subject("example", new_id())

    @classmethod
    async def of(cls, platform: TestPlatform) -> "Promises":
        return cls(await platform.tenant())

    def work(self, when: str | datetime) -> AbstractAsyncContextManager[TenantWork]:
        """A unit of work at that time, committed at its end."""

        @asynccontextmanager
        async def opened() -> AsyncIterator[TenantWork]:
            gateway = self.tenant.platform.gateway
            scope = (await gateway.system(self.tenant.id)).scope
            scope = replace(scope, playbook=Playbook(key="x", engine="1", verticals={VERTICAL: self.playbook}))
            now = at(when) if isinstance(when, str) else when
            async with gateway.open(Principal(scope=scope, actor=SYSTEM, language="en", now=now)) as uow:
                yield uow

        return opened()

    async def start(self, when: str, event: StartEvent = "reported", grade: str = "general", **given: Any) -> None:
        async with self.work(when) as uow:
            await service.start(uow, self.subject, facts(grade, **given), event, uow.now)

    async def meet(self, when: str, milestone: str, *, told: str | None = None, party: str | None = None) -> None:
        """The milestone is reached at `when`; `told` is when somebody says so."""
        async with self.work(told or when) as uow:
            await service.meet(uow, self.subject, milestone, at(when), party=party)

    async def pause(self, when: str) -> None:
        async with self.work(when) as uow:
            await service.pause(uow, self.subject, "waiting", uow.now)

    async def resume(self, when: str) -> None:
        async with self.work(when) as uow:
            await service.resume(uow, self.subject, uow.now)

    async def regrade(self, when: str, grade: str, **started: str) -> None:
        """The grade changes; `started` are the events that happened so far."""
        events: dict[StartEvent, datetime] = {event: at(text) for event, text in started.items()}  # type: ignore[misc]
        async with self.work(when) as uow:
            await service.retarget(uow, self.subject, facts(grade), f"now {grade}", uow.now, started=events)

    async def sweep(self, when: str | datetime, limit: int = 100) -> int:
        async with self.work(when) as uow:
            return await sweep_tenant(uow, limit)

    async def stored(self, entity: type[Base]) -> list[Any]:
        """The tenant's rows of a table as they are stored, in the order of their making."""
        shape = shape_of(entity)
        async with self.work("09:00") as uow:
            records = await uow.connection.fetch(
                f'select * from "{shape.name}" where tenant_id = $1 order by id', self.tenant.id
            )
        rows: list[Base] = [shape.load(record) for record in records]
        return rows

    async def rows(self) -> dict[str, Commitment]:
        """The stored commitments by milestone (`on_site/agent` for an agent's)."""
        found: list[Commitment] = await self.stored(Commitment)
        return {row.milestone if row.party == "company" else f"{row.milestone}/{row.party}": row for row in found}

    async def alarms(self) -> list[tuple[str, datetime]]:
        """Code and due time of the raised alarms, in the order of their due times."""
        raised: list[Alarm] = await self.stored(Alarm)
        return sorted(((alarm.code, alarm.due_at) for alarm in raised), key=lambda pair: pair[1])

    async def ledgers(self) -> list[tuple[Commitment, ClockState]]:
        """Every stored row with what its stored segments amount to when they are replayed."""
        segments: list[ClockSegmentRow] = await self.stored(ClockSegmentRow)
        told = []
        for row in (await self.rows()).values():
            own = sorted((one for one in segments if one.commitment_id == row.id), key=lambda one: one.sequence)
            entries, calendars = state_of_row(own)
            told.append((row, replay(entries, calendars)))
        return told


def hours(count: float) -> timedelta:
    return timedelta(hours=count)
