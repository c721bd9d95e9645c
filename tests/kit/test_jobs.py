"""What rooms register for workers: topics, rounds, reactions; and that every process finds them."""

import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime
from uuid import UUID

import pytest

from aftersales.journal import reactions
from aftersales.journal import service as journal
from aftersales.journal.models import Event
from aftersales.kit import jobs
from aftersales.kit.errors import StateRefused
from aftersales.kit.ids import new_id
from aftersales.kit.jobs import Round
from aftersales.kit.outbox import OutboxMessage
from aftersales.kit.unit_of_work import Connection
from aftersales.notices import service as notices
from aftersales.notices.rules import Recipient
from aftersales.scope import TenantWork
from tests.fixtures.database import TestPlatform

PROGRAM = """
import aftersales_tenants.gateway
from aftersales.kit import jobs
from aftersales.tickets import guards
print(*(one.name for one in jobs.rounds()))
print(*guards.names("start"))
"""


def test_whoever_opens_units_of_work_has_every_room() -> None:
    """Given a fresh process that knows the gateway only, then guards and rounds of all rooms are there."""
    told = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    rounds, start = told.stdout.splitlines()
    assert "alarms" in rounds.split()
    assert "consent_before_work" in start.split()


async def nobody(uow: TenantWork, roles: object) -> list[Recipient]:
    return []


async def test_a_rooms_handler_carries_out_its_topic(platform: TestPlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a room that handles a topic, when a message of it is delivered, then the room is asked."""
    monkeypatch.setattr(jobs, "_handlers", {})
    asked: list[str] = []

    @jobs.handles("plan.ahead")
    async def plan(uow: TenantWork, message: OutboxMessage) -> None:
        asked.append(message.payload["contract"])

    with pytest.raises(RuntimeError, match=r"two handlers for the topic plan\.ahead"):
        jobs.handles("plan.ahead")(lambda uow, message: plan(uow, message))
    tenant = await platform.tenant()
    async with tenant.work() as uow:
        message = uow.enqueue("plan.ahead", {"contract": "C-1"})
        assert await notices.handle(uow, message, nobody) is None
    assert asked == ["C-1"]


def test_a_round_has_a_name_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_rounds", {})

    async def tenants(connection: Connection, now: datetime, limit: int) -> list[UUID]:
        return []

    async def work(uow: TenantWork, limit: int) -> int:
        return 0

    jobs.make_rounds(Round("visits", tenants, work))
    with pytest.raises(RuntimeError, match="two rounds of the name visits"):
        jobs.make_rounds(Round("visits", tenants, work))
    assert [one.name for one in jobs.rounds()] == ["visits"]


async def test_a_reaction_writes_and_refuses_with_what_it_reacts_to(
    platform: TestPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given a room that reacts, when it refuses, then what it reacts to isn't written either."""
    monkeypatch.setattr(reactions, "_reactions", defaultdict(list))
    seen: list[str] = []

    @reactions.after("tank.burst", "tank.mended")
    async def note(uow: TenantWork, event: Event) -> None:
        seen.append(event.kind)
        if event.kind == "tank.mended":
            raise StateRefused("CONTRACT_ENDED")

    assert reactions.names("tank.burst") == ["note"]
    tenant = await platform.tenant()
    for kind, kept in (("tank.burst", True), ("tank.mended", False)):
        event_id = None
        try:
            async with tenant.work(at=datetime(2026, 6, 10, 1, tzinfo=UTC)) as uow:
                event_id = (await journal.record(uow, kind, subject_type="tank", subject_id=new_id())).id
        except StateRefused:
            assert not kept
        if kept:
            assert event_id is not None
            async with tenant.work() as uow:
                assert (await uow.get(Event, event_id)).kind == kind
    assert seen == ["tank.burst", "tank.mended"]
