"""Filling in forms in tests: begun, signed, submitted, each step in a unit of its own."""

from typing import Any

from aftersales.kit.actor import Actor
from aftersales.records import service
from aftersales.records.commands import (
    ArchiveRecord,
    SealRecord,
    SignRecord,
    StartRecord,
    SubmitRecord,
)
from aftersales.records.models import ServiceRecord
from tests.tickets.world import World


async def start(world: World, form: str, values: dict[str, Any], actor: Actor | None = None, **about: Any) -> ServiceRecord:  # fmt: skip # noqa: E501
    command = StartRecord(form=form, values=values, **about)
    record: ServiceRecord = await world.do(service.start_record, command, actor)
    return record


async def sign(world: World, record: ServiceRecord, signer: str, actor: Actor | None = None) -> None:
    await world.do(service.sign_record, SignRecord(record_id=record.id, signer=signer, name="Mr. Zhou"), actor)


async def seal(world: World, record: ServiceRecord, actor: Actor | None = None) -> None:
    await world.do(service.seal_record, SealRecord(record_id=record.id, sealed_by="Company"), actor)


async def submit(world: World, record: ServiceRecord, actor: Actor | None = None) -> ServiceRecord:
    submitted: ServiceRecord = await world.do(service.submit_record, SubmitRecord(record_id=record.id), actor)
    return submitted


async def archive(world: World, record: ServiceRecord) -> None:
    await world.do(service.archive_record, ArchiveRecord(record_id=record.id))


async def filed(
    world: World, form: str, values: dict[str, Any], *signers: str, actor: Actor | None = None, archived: bool = False,
    **about: Any,
) -> ServiceRecord:  # fmt: skip
    """A record with everything that it needs."""
    record = await start(world, form, values, actor, **about)
    for signer in signers:
        await sign(world, record, signer, actor)
    await submit(world, record, actor)
    if archived:
        await archive(world, record)
    return record
