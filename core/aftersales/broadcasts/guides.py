"""Guides that are released to customers who have such a product (P01-27)."""

from aftersales.access import require
from aftersales.broadcasts import queries
from aftersales.broadcasts.commands import ReleaseGuide, WithdrawGuide
from aftersales.broadcasts.models import GuideRelease
from aftersales.documents.models import Document
from aftersales.documents.rules import check_may_leave
from aftersales.journal import service as journal
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import locked
from aftersales.kit.ids import new_id
from aftersales.kit.text import CODE_LIMIT, NAME_LIMIT, clean_text
from aftersales.scope import TenantWork

LIST_LIMIT = 100


async def release_guide(uow: TenantWork, command: ReleaseGuide) -> GuideRelease:
    """Show a document to the customers who have such a product; an earlier revision is withdrawn.

    DOCUMENT_SECRET, GUIDE_REVISION_EXISTS, LIST_TOO_LONG.
    """
    require(uow.actor, "document.send")
    document = await locked(uow, Document, command.document_id)
    check_may_leave(document.confidentiality)
    code = clean_text(command.code, "code", CODE_LIMIT, required=True)
    for field in ("asset_types", "models"):
        if len(getattr(command, field)) > LIST_LIMIT:
            raise InvalidInput("LIST_TOO_LONG", field=field, limit=LIST_LIMIT)
    for earlier in await queries.released(uow, code):
        earlier.state = "withdrawn"
    guide = uow.add(
        GuideRelease(
            id=new_id(),
            code=code,
            revision=clean_text(command.revision, "revision", CODE_LIMIT, required=True),
            document_id=document.id,
            asset_types=[clean_text(one, "assetTypes", NAME_LIMIT, required=True) for one in command.asset_types],
            models=[clean_text(one, "models", NAME_LIMIT, required=True) for one in command.models],
            state="released",
            released_at=uow.now,
        )
    )
    await _note(uow, "guide.released", guide)
    return guide


async def withdraw_guide(uow: TenantWork, command: WithdrawGuide) -> GuideRelease:
    """Show a guide to no customer any more; GUIDE_WITHDRAWN for one that isn't shown."""
    require(uow.actor, "document.send")
    guide = await locked(uow, GuideRelease, command.guide_release_id, command.expected_version)
    if guide.state != "released":
        raise StateRefused("GUIDE_WITHDRAWN", field="guideReleaseId")
    guide.state = "withdrawn"
    await _note(uow, "guide.withdrawn", guide)
    return guide


async def _note(uow: TenantWork, kind: str, guide: GuideRelease) -> None:
    await journal.record(
        uow, kind, subject_type="guide", subject_id=guide.id, data={"code": guide.code, "revision": guide.revision}
    )
