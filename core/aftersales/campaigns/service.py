"""What the campaigns room does; each function takes a unit of work and one command, and never commits."""

from decimal import Decimal

from aftersales.access import require
from aftersales.campaigns import queries, rules
from aftersales.campaigns.commands import ChangeCampaign, EndCampaign, OpenCampaign, OwnOffer, PublishCampaign
from aftersales.campaigns.lines import CENT
from aftersales.campaigns.models import Campaign
from aftersales.campaigns.orders import hand_over_gift, price_order, redeem_order
from aftersales.campaigns.report import CampaignReport, OfferUptake, campaign_report
from aftersales.campaigns.stored import note, stored, terms_of
from aftersales.kit.errors import Conflict, InvalidInput
from aftersales.kit.guards import locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.terms.base import Label
from aftersales.terms.money import CampaignOffer
from aftersales.terms.playbook import VerticalPlaybook

__all__ = [
    "CampaignReport",
    "OfferUptake",
    "campaign_report",
    "change_campaign",
    "end_campaign",
    "hand_over_gift",
    "open_campaign",
    "price_order",
    "publish_campaign",
    "redeem_order",
]

HIGHEST_AMOUNT = Decimal("1000000000")


async def open_campaign(uow: TenantWork, command: OpenCampaign) -> Campaign:
    """A draft of a vertical's campaign with its offers and rules as they are now.

    VERTICAL_NOT_ENABLED, CAMPAIGN_UNKNOWN, CAMPAIGN_OFFER_UNKNOWN, CAMPAIGN_CONTRADICTORY, CAMPAIGN_EXISTS,
    CAMPAIGN_PARAMETER_UNKNOWN, USAGE_INVALID, AMOUNT_INVALID, YEAR_INVALID.
    """
    require(uow.actor, "contract.manage")
    terms = uow.scope.enabled(command.vertical)
    offers = _offers(terms, command)
    eligibility = [rule for rule in terms.campaign_eligibility if rule.campaign == command.campaign]
    rules.check_rules(offers, eligibility)
    starts_on, ends_on, prepare_by = rules.window_of(offers, command.year)
    if await queries.opened_in(uow, command.vertical, command.campaign, command.year):
        raise Conflict("CAMPAIGN_EXISTS", field="year")
    rate = command.labour_rate if command.labour_rate is not None else _table_rate(terms)
    campaign = uow.add(
        Campaign(
            id=new_id(),
            vertical=command.vertical,
            code=command.campaign,
            year=command.year,
            name=clean_text(command.name, "name", TITLE_LIMIT) or f"{command.campaign} {command.year}",
            prepare_by=prepare_by,
            starts_on=starts_on,
            ends_on=ends_on,
            offers=stored(offers),
            rules=stored(eligibility),
            labour=stored(terms.labour_hours),
            parameters=rules.parameters(eligibility, terms.settings, command.parameters),
            labour_rate=_amount(rate, "labourRate", positive=True),
            stacking=command.stacking,
            tier_mode=command.tier_mode,
            budget=_amount(command.budget, "budget"),
            playbook_key=uow.scope.playbook.key,
            created_at=uow.now,
        )
    )
    await note(uow, "campaign.opened", campaign, {"offers": len(offers), "year": campaign.year})
    return campaign


async def change_campaign(uow: TenantWork, command: ChangeCampaign) -> Campaign:
    """Change a draft. CAMPAIGN_STATE_REFUSED once it is published; else what `open_campaign` refuses."""
    require(uow.actor, "contract.manage")
    campaign = await locked(uow, Campaign, command.campaign_id, command.expected_version)
    rules.check_state(campaign.state, "draft", "change")
    if command.parameters is not None:
        terms = uow.scope.vertical(campaign.vertical)
        given = {
            **{key: value for key, value in campaign.parameters.items() if value is not None},
            **command.parameters,
        }
        campaign.parameters = rules.parameters(terms_of(campaign).rules, terms.settings, given)
    if command.labour_rate is not None:
        campaign.labour_rate = _amount(command.labour_rate, "labourRate", positive=True)
    if command.budget is not None:
        campaign.budget = _amount(command.budget, "budget")
    if command.stacking is not None:
        campaign.stacking = command.stacking
    if command.tier_mode is not None:
        campaign.tier_mode = command.tier_mode
    await note(uow, "campaign.changed", campaign, {})
    return campaign


async def publish_campaign(uow: TenantWork, command: PublishCampaign) -> Campaign:
    """Publish a draft. CAMPAIGN_PARAMETER_REQUIRED while a value is missing (A32); late preparation is noted."""
    require(uow.actor, "contract.manage")
    campaign = await locked(uow, Campaign, command.campaign_id, command.expected_version)
    rules.check_publishable(campaign.state, campaign.parameters)  # type: ignore[arg-type]  # the database has no other
    campaign.state = "published"
    campaign.published_at = uow.now
    present = today(uow.now, uow.scope.time_zone)
    late = campaign.prepare_by is not None and present > campaign.prepare_by
    await note(uow, "campaign.published", campaign, {"prepare_by": campaign.prepare_by, "late": late})
    return campaign


async def end_campaign(uow: TenantWork, command: EndCampaign) -> Campaign:
    """End a published campaign; what was ordered and given under it stays. CAMPAIGN_STATE_REFUSED."""
    require(uow.actor, "contract.manage")
    campaign = await locked(uow, Campaign, command.campaign_id, command.expected_version)
    rules.check_state(campaign.state, "published", "end")
    campaign.state = "ended"
    campaign.ended_at = uow.now
    campaign.end_reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    await note(uow, "campaign.ended", campaign, {"reason": campaign.end_reason})
    return campaign


# --- how ---------------------------------------------------------------------------------------------------


def _offers(terms: VerticalPlaybook, command: OpenCampaign) -> list[CampaignOffer]:
    declared = [offer for offer in terms.campaign_offers if offer.campaign == command.campaign]
    if not declared:
        known = ", ".join(sorted({offer.campaign for offer in terms.campaign_offers}))
        raise InvalidInput("CAMPAIGN_UNKNOWN", field="campaign", value=command.campaign, known=known)
    codes = [offer.code for offer in declared]
    for code in command.without:
        if code not in codes:
            raise InvalidInput("CAMPAIGN_OFFER_UNKNOWN", field="without", value=code, known=", ".join(codes))
    kept = [offer for offer in declared if offer.code not in command.without]
    own = [_own(offer, declared[0], f"ownOffers.{position}") for position, offer in enumerate(command.own_offers)]
    if not kept and not own:
        raise InvalidInput("REQUIRED", field="ownOffers", field_name="ownOffers")
    return sorted(kept + own, key=lambda offer: offer.number)


def _own(offer: OwnOffer, like: CampaignOffer, at: str) -> CampaignOffer:
    name = clean_text(offer.name, f"{at}.name", NAME_LIMIT, required=True)
    return CampaignOffer(
        code=clean_text(offer.code, f"{at}.code", NAME_LIMIT, required=True),
        label=Label(name, name),
        source="tenant",
        campaign=like.campaign,
        number=offer.number,
        window=like.window,
        trigger=clean_text(offer.trigger, f"{at}.trigger", NAME_LIMIT, required=True),
        price_rule=offer.price_rule,
        factor=offer.factor,
        fixed_price=_amount(offer.fixed_price, f"{at}.fixedPrice"),
        list_price=_amount(offer.list_price, f"{at}.listPrice"),
        threshold=_amount(offer.threshold, f"{at}.threshold"),
        gifts=offer.gifts,
        excludes=offer.excludes,
    )


def _table_rate(terms: VerticalPlaybook) -> Decimal | None:
    """The price of a labour hour in the vertical's fee table."""
    rated = [rule for rule in terms.service_fee_table if rule.item == "labour" and rule.basis == "hourly"]
    return next((rule.amount for rule in rated if rule.amount is not None), None)


def _amount(value: Decimal | None, field: str, *, positive: bool = False) -> Decimal | None:
    if value is None:
        return None
    fits = value.is_finite() and (value > 0 if positive else value >= 0) and value <= HIGHEST_AMOUNT
    if not fits or value != value.quantize(CENT):
        raise InvalidInput("AMOUNT_INVALID", field=field, value=str(value))
    return value
