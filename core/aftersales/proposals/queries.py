"""The proposals' reads."""

from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from aftersales.proposals.models import SiteSurvey
from aftersales.scope import TenantWork

_surveys: Any = SiteSurvey.__table__
_SURVEY = (
    select(_surveys.c.id)
    .where(
        _surveys.c.tenant_id == bindparam("tenant_id", type_=Uuid),
        _surveys.c.proposal_id == bindparam("proposal_id", type_=Uuid),
    )
    .limit(1)
)


async def is_surveyed(uow: TenantWork, proposal_id: UUID) -> bool:
    """Whether the site of a proposal was surveyed."""
    return await uow.fetch_one(_SURVEY, proposal_id=proposal_id) is not None
