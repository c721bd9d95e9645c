"""Carries out one outbox message: rows in one transaction, the wire outside of any, the outcome in another."""

import logging
import random
from typing import Protocol
from uuid import UUID

from aftersales.kit.errors import AftersalesError
from aftersales.kit.outbox import OutboxMessage
from aftersales.kit.outbox_queries import LOCK
from aftersales.kit.retries import RetryPolicy
from aftersales.notices import service
from aftersales.notices.effects import DeliveryFailed, Effect, EventBell, NoChannel, Undeliverable
from aftersales.scope import TenantWork
from aftersales_server.bell import Bell
from aftersales_server.worker.doors import Doors
from aftersales_server.worker.metrics import ATTEMPTS
from aftersales_server.worker.supervision import CONNECTION_FAULTS

logger = logging.getLogger(__name__)

LAPSES_LIMIT = 20
"""Ten minutes of leases, by default: restarts and lost connections stay below it, a message that kills doesn't."""
_ERROR_LIMIT = 2_000


class Wire(Protocol):
    """Sends what leaves the platform."""

    async def send(self, effect: Effect) -> int | None:
        """Carry it out; the HTTP status where there is one. DeliveryFailed or Undeliverable says why not."""
        ...


class Deliverer:
    """Delivers messages, any number of times each: the rows are written once, the wire hears at least once."""

    def __init__(self, doors: Doors, wire: Wire, bell: Bell, retries: RetryPolicy) -> None:
        self._doors = doors
        self._wire = wire
        self._bell = bell
        self._retries = retries

    async def deliver(self, tenant_id: UUID, message_id: UUID) -> bool:
        """Try a message; whether it is done. One that is done, dead or in other hands is left alone.

        A failure of the message's own is counted and put off. When PostgreSQL is away the error is raised and
        nothing is counted: the lease lapses and the message is found again.
        """
        try:
            async with self._doors.tenant(tenant_id) as uow:
                message = await _lock(uow, message_id)
                if message is None:
                    return False
                if message.lapses >= LAPSES_LIMIT:
                    raise Undeliverable(f"left without a word {message.lapses} times: it may kill the worker")
                effect = await service.handle(uow, message, self._doors.recipients)
                if effect is None or isinstance(effect, EventBell):
                    _done(uow, message)
        except DeliveryFailed as fault:
            await self._put_off(tenant_id, message_id, fault)
            return False
        except CONNECTION_FAULTS:
            raise
        except Exception as fault:
            logger.exception("message %s of tenant %s failed", message_id, tenant_id)
            await self._put_off(tenant_id, message_id, DeliveryFailed(_reason(fault)))
            return False
        if effect is not None and not isinstance(effect, EventBell):
            return await self._over_the_wire(tenant_id, message_id, effect)
        ATTEMPTS.labels("done").inc()
        if effect is not None:
            await self._bell.event(tenant_id, effect.event_id)
        return True

    async def _over_the_wire(self, tenant_id: UUID, message_id: UUID, effect: Effect) -> bool:
        try:
            status = await self._wire.send(effect)
        except DeliveryFailed as fault:
            await self._put_off(tenant_id, message_id, fault)
            return False
        except Exception as fault:
            logger.exception("sending message %s of tenant %s failed", message_id, tenant_id)
            await self._put_off(tenant_id, message_id, DeliveryFailed(_reason(fault)))
            return False
        async with self._doors.tenant(tenant_id) as uow:
            message = await _lock(uow, message_id)
            if message is not None:
                await service.delivered(uow, effect, status)
                _done(uow, message)
        ATTEMPTS.labels("done").inc()
        return True

    async def _put_off(self, tenant_id: UUID, message_id: UUID, fault: DeliveryFailed) -> None:
        async with self._doors.tenant(tenant_id) as uow:
            message = await _lock(uow, message_id)
            if message is None:
                return
            message.attempts += 1
            message.last_error = fault.reason[:_ERROR_LIMIT]
            message.leased_until = None
            hopeless = isinstance(fault, Undeliverable | NoChannel)
            pause = None if hopeless else self._retries.pause(message.attempts, _chance())
            if isinstance(fault, NoChannel):
                message.done_at = uow.now
            elif pause is None:
                message.dead_at = uow.now
            else:
                message.available_at = uow.now + pause
            await service.failed(uow, message, fault, given_up=pause is None)
        ATTEMPTS.labels("again" if pause is not None else "dead").inc()


async def _lock(uow: TenantWork, message_id: UUID) -> OutboxMessage | None:
    return await uow.entity(OutboxMessage, LOCK, id=message_id)


def _done(uow: TenantWork, message: OutboxMessage) -> None:
    message.done_at, message.leased_until = uow.now, None


def _chance() -> float:
    return random.random()  # noqa: S311 - spreads retries, guards nothing


def _reason(fault: Exception) -> str:
    code = fault.code if isinstance(fault, AftersalesError) else type(fault).__name__
    return f"{code}: {fault}"
