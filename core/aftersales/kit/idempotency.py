"""A mutation with an idempotency key is done once; its second call gets the first one's outcome."""

import hashlib
from typing import Any

import msgspec
from sqlalchemy import bindparam, select

from aftersales.kit.entities import encode
from aftersales.kit.errors import Conflict
from aftersales.kit.outbox import IdempotencyKey
from aftersales.kit.storage_errors import on_unique
from aftersales.kit.unit_of_work import UnitOfWork

KEY_LIMIT = 200

on_unique("pk_idempotency_keys", "IDEMPOTENCY_IN_PROGRESS", "idempotencyKey")

_keys = IdempotencyKey.__table__
_FIND = select(_keys.c.fingerprint, _keys.c.outcome).where(
    _keys.c.tenant_id == bindparam("tenant_id"),
    _keys.c.actor == bindparam("actor"),
    _keys.c.key == bindparam("key"),
)


def fingerprint(operation: str, given: Any) -> str:
    """A digest of what was asked, equal for equal input whatever the order of its fields."""
    encoded = msgspec.json.encode((operation, given), enc_hook=encode, order="deterministic")
    return hashlib.sha256(encoded).hexdigest()


async def earlier_outcome(uow: UnitOfWork[Any], key: str, digest: str) -> dict[str, Any] | None:
    """The outcome of an earlier call with this key; IDEMPOTENCY_KEY_REUSED when its input was another."""
    record = await uow.fetch_one(_FIND, actor=uow.actor.label, key=key)
    if record is None:
        return None
    if record["fingerprint"] != digest:
        raise Conflict("IDEMPOTENCY_KEY_REUSED", field="idempotencyKey", key=key)
    outcome: dict[str, Any] = record["outcome"]
    return outcome


def remember_outcome(uow: UnitOfWork[Any], key: str, digest: str, outcome: dict[str, Any]) -> None:
    """Keep the outcome in the same transaction; two calls at once: the second one's insert is refused."""
    uow.add(IdempotencyKey(actor=uow.actor.label, key=key, fingerprint=digest, outcome=outcome, created_at=uow.now))
