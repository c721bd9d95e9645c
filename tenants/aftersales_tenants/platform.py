"""What concerns the whole platform: admins' tokens and the development clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy.dialects.postgresql import insert as upsert

from aftersales.kit.actor import Actor
from aftersales.kit.clock import Clock, require_aware
from aftersales.kit.errors import Forbidden, InvalidInput, NotFound
from aftersales.kit.ids import new_id
from aftersales.kit.statements import Statement, compiled
from aftersales.kit.text import NAME_LIMIT, clean_text
from aftersales.kit.unit_of_work import transaction
from aftersales_tenants import queries
from aftersales_tenants.models import PlatformAction, PlatformSetting, PlatformToken
from aftersales_tenants.pools import Pools
from aftersales_tenants.service import IssuedToken
from aftersales_tenants.tokens import PLATFORM_PREFIX, digest_of, new_token

FARTHEST_MOVE = timedelta(days=36_525)
"""A century: deadlines that are counted from there still fit into a calendar."""


@dataclass(frozen=True)
class Platform:
    """The platform's own settings, for one admin; `may_move_clock` is a decision of the installation."""

    pools: Pools
    clock: Clock
    actor: Actor
    may_move_clock: bool = False

    async def issue_token(self, name: str, expires_at: datetime | None = None) -> IssuedToken:
        """A platform admin's token, shown this once; PERIOD_INVERTED for one that would be over already."""
        token, token_id, now = new_token(PLATFORM_PREFIX), new_id(), self.clock.now()
        name = clean_text(name, "name", NAME_LIMIT, required=True)
        expires_at = None if expires_at is None else require_aware(expires_at, "expiresAt")
        if expires_at is not None and expires_at <= now:
            raise InvalidInput("PERIOD_INVERTED", field="expiresAt")
        row = {
            "id": token_id, "name": name, "digest": digest_of(token), "issued_at": now, "expires_at": expires_at,
        }  # fmt: skip
        await self._run(insert(PlatformToken).values(**row), "platform_token.issued", {"token": str(token_id)})
        return IssuedToken(token_id, token, expires_at)

    async def revoke_token(self, token_id: UUID) -> None:
        """Make a platform token worthless from now on."""
        statement = (
            update(PlatformToken).where(PlatformToken.id == token_id).values(revoked_at=self.clock.now())
        ).returning(PlatformToken.id)
        if not await self._run(statement, "platform_token.revoked", {"token": str(token_id)}):
            raise NotFound("NOT_FOUND", thing="PlatformToken")

    async def move_clock(self, to: datetime) -> datetime:
        """Move the development clock to an instant; every process follows with its next unit of work.

        CLOCK_FIXED where the installation doesn't allow it, as every production installation doesn't;
        INSTANT_IMPOSSIBLE for more than a century away.
        """
        self._require_development_clock()
        offset = require_aware(to, "to") - self.clock.now()
        if abs(offset) > FARTHEST_MOVE:
            raise InvalidInput("INSTANT_IMPOSSIBLE", field="to", value=to.isoformat())
        seconds = {"seconds": offset.total_seconds()}
        statement = upsert(PlatformSetting).values(key=queries.CLOCK_OFFSET, value=seconds)
        await self._run(
            statement.on_conflict_do_update(index_elements=[PlatformSetting.key], set_={"value": seconds}),
            "clock.moved",
            {"to": to.isoformat()},
        )
        return self.clock.now() + timedelta(seconds=seconds["seconds"])

    async def now(self) -> datetime:
        """The platform's present instant: the clock, moved by the development clock's offset."""
        query = compiled(queries.OFFSET)
        offset = await self.pools.system.fetchval(query.sql, *query.arguments({}))
        return self.clock.now() + timedelta(seconds=float(offset or 0))

    async def reset_clock(self) -> datetime:
        """Let the development clock show the machine's time again."""
        self._require_development_clock()
        await self._run(delete(PlatformSetting).where(PlatformSetting.key == queries.CLOCK_OFFSET), "clock.reset", {})
        return self.clock.now()

    def _require_development_clock(self) -> None:
        if not self.may_move_clock:
            raise Forbidden("CLOCK_FIXED")

    async def _run(self, statement: Any, action: str, data: dict[str, Any]) -> list[Any]:
        record = insert(PlatformAction).values(
            id=new_id(), at=self.clock.now(), actor=self.actor.label, action=action, subject_tenant_id=None, data=data
        )
        async with transaction(self.pools.system) as connection:
            answers = []
            for each in (statement, record):
                query = Statement(each)
                answers.append(await connection.fetch(query.sql, *query.arguments({})))
            return answers[0]
