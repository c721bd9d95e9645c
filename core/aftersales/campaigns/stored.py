"""A campaign's terms as rows keep them, and its entries in the journal."""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from aftersales.campaigns.models import Campaign
from aftersales.campaigns.pricing import CampaignTerms
from aftersales.journal import service as journal
from aftersales.kit.entities import encode
from aftersales.scope import TenantWork
from aftersales.terms.money import CampaignOffer, EligibilityRule, LabourOperation


def stored(terms: Sequence[Struct]) -> list[dict[str, Any]]:
    """Frozen terms as JSON."""
    found: list[dict[str, Any]] = msgspec.to_builtins(list(terms), enc_hook=encode)
    return found


def terms_of(campaign: Campaign) -> CampaignTerms:
    """The terms that the campaign was opened with."""
    return CampaignTerms(
        code=campaign.code,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        offers=msgspec.convert(campaign.offers, tuple[CampaignOffer, ...]),
        rules=msgspec.convert(campaign.rules, tuple[EligibilityRule, ...]),
        labour=msgspec.convert(campaign.labour, tuple[LabourOperation, ...]),
        labour_rate=campaign.labour_rate,
        stacking=campaign.stacking,  # type: ignore[arg-type]  # the database has no other
        tier_mode=campaign.tier_mode,  # type: ignore[arg-type]  # the database has no other
    )


async def note(uow: TenantWork, kind: str, campaign: Campaign, data: dict[str, object]) -> None:
    """Write that something happened to a campaign."""
    await journal.record(
        uow, kind, subject_type="campaign", subject_id=campaign.id, data={"campaign": campaign.code, **data},
        vertical=campaign.vertical,
    )  # fmt: skip
