"""Plan 6's campaign as the vertical declares it, and orders to price under it."""

from datetime import date
from decimal import Decimal
from typing import Any

from aftersales.campaigns.lines import CampaignLine, CampaignOrder
from aftersales.campaigns.pricing import CampaignTerms, PricedCampaign, PricedLine, SameDaySpend, VehicleFacts, price
from aftersales.plugins.verdicts import EligibilityVerdict
from aftersales.terms.base import Label
from tests.verticals.terms_of import terms_of

AUTO_4S = terms_of("auto_4s", minimum_campaign_kilometres=5_000)
IN_THE_WINDOW = date(2026, 7, 1)
YES = EligibilityVerdict(eligible=True, reason=Label("可以", "may take part"))
ANY_CAR = VehicleFacts(verdict=YES)
NEW_CAR = VehicleFacts(
    verdict=YES,
    refused={
        "air_conditioning_cleaning": EligibilityVerdict(
            eligible=False, reason=Label("新车无需清洗空调", "new cars need no cleaning"), clause="P06-06"
        )
    },
)


def summer(**changed: Any) -> CampaignTerms:
    """The summer of 2026 with a labour hour at 100.00."""
    return CampaignTerms(
        **{
            "code": "summer",
            "starts_on": date(2026, 6, 18),
            "ends_on": date(2026, 8, 18),
            "offers": AUTO_4S.campaign_offers,
            "rules": AUTO_4S.campaign_eligibility,
            "labour": AUTO_4S.labour_hours,
            "labour_rate": Decimal("100.00"),
            **changed,
        }
    )


def material(operation: str, unit_price: str, *products: str, quantity: str = "1") -> CampaignLine:
    return CampaignLine(
        operation=operation, item="material", products=products, unit_price=Decimal(unit_price),
        quantity=Decimal(quantity),
    )  # fmt: skip


def labour(operation: str, unit_price: str | None = None, *, quantity: str = "1") -> CampaignLine:
    price_ = None if unit_price is None else Decimal(unit_price)
    return CampaignLine(operation=operation, item="labour", unit_price=price_, quantity=Decimal(quantity))


def work(operation: str, unit_price: str | None = None, *products: str) -> CampaignLine:
    price_ = None if unit_price is None else Decimal(unit_price)
    return CampaignLine(operation=operation, products=products, unit_price=price_)


def priced(
    *lines: CampaignLine,
    day: date = IN_THE_WINDOW,
    order_type: str = "routine",
    vehicle: VehicleFacts = ANY_CAR,
    earlier: SameDaySpend = SameDaySpend(),  # noqa: B008 - immutable
    **changed: Any,
) -> PricedCampaign:
    order = CampaignOrder(lines=lines, order_type=order_type)  # type: ignore[arg-type]
    return price(order, summer(**changed), vehicle, day, earlier)


def payable(result: PricedCampaign) -> list[str]:
    return [str(line.payable) for line in result.lines]


def gifts(result: PricedCampaign) -> list[tuple[str, int]]:
    return [(gift.gift, gift.quantity) for gift in result.gifts]


def losers(line: PricedLine) -> list[str]:
    return [lost.offer for lost in line.lost]
