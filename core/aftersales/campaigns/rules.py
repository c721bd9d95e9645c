"""What a campaign may look like: its window in a year, its parameters, and rules that don't contradict each other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any, Literal

from aftersales.calendars.terms import day_of_month
from aftersales.campaigns.pricing import SPEND, TOUCHES, VISIT
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.terms.base import Label
from aftersales.terms.money import CampaignOffer, CampaignWindow, EligibilityRule

CampaignState = Literal["draft", "published", "ended"]
FIRST_YEAR, LAST_YEAR = 2000, 2200
NEGATION = "not_"
LONGEST_MONTHS = 1200
LARGEST_PARAMETER = 10_000_000
"""Beyond these a value of the tenant is a slip of the pen: a hundred years, ten million kilometres."""


def window_of(offers: Sequence[CampaignOffer], year: int) -> tuple[date, date, date | None]:
    """First and last day, both included, and the last day of preparation, in a year (A40).

    A window that runs over New Year ends in the next year. YEAR_INVALID.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidInput("YEAR_INVALID", field="year", value=year)
    window = offers[0].window
    first = day_of_month(year, window.starts_month, window.starts_day)
    last = day_of_month(year, window.ends_month, window.ends_day)
    if last < first:
        last = day_of_month(year + 1, window.ends_month, window.ends_day)
    if window.prepared_by_month is None or window.prepared_by_day is None:
        return first, last, None
    prepared = day_of_month(year, window.prepared_by_month, window.prepared_by_day)
    return first, last, prepared if prepared <= first else day_of_month(year - 1, prepared.month, prepared.day)


def check_rules(offers: Sequence[CampaignOffer], rules: Iterable[EligibilityRule]) -> None:
    """CAMPAIGN_CONTRADICTORY with the first thing that can't be true at once, or can't be priced."""
    found = next(_contradictions(offers, list(rules)), None)
    if found is not None:
        raise InvalidInput("CAMPAIGN_CONTRADICTORY", field="offers", reason_zh=found.zh, reason_en=found.en)


def _contradictions(offers: Sequence[CampaignOffer], rules: Sequence[EligibilityRule]) -> Iterator[Label]:
    for offer in offers:
        yield from _alone(offer)
    windows: set[CampaignWindow] = {offer.window for offer in offers}
    if len(windows) > 1:
        yield Label("同一活动的各项优惠期间不同", "the offers of one campaign have different windows")
    for one, other in combinations(offers, 2):
        yield from _together(one, other)
    required = {name: rule for rule in rules for name in rule.requires}
    for name, rule in required.items():
        if f"{NEGATION}{name}" in required:
            opposite = required[f"{NEGATION}{name}"]
            yield Label(
                f"条件 {rule.code} 与 {opposite.code} 互相矛盾",
                f"the rules {rule.code} and {opposite.code} exclude each other",
            )


def _alone(offer: CampaignOffer) -> Iterator[Label]:
    code = offer.code
    if offer.price_rule.startswith("discount"):
        if offer.factor is None or not (offer.factor.is_finite() and 0 < offer.factor < 1):
            yield Label(f"{code} 的折扣须大于 0 且小于 1", f"the factor of {code} has to lie between 0 and 1")
    elif offer.factor is not None:
        yield Label(f"{code} 不是折扣却有折扣率", f"{code} has a factor but is no discount")
    if offer.price_rule == "fixed":
        if offer.fixed_price is None or offer.fixed_price < 0:
            yield Label(f"{code} 缺少固定价", f"{code} has no fixed price")
        elif offer.list_price is not None and offer.fixed_price > offer.list_price:
            yield Label(f"{code} 的固定价高于标价", f"the fixed price of {code} lies above its list price")
    if offer.price_rule == "gift" and not offer.gifts:
        yield Label(f"{code} 没有赠品", f"{code} gives nothing")
    if (offer.trigger == SPEND) != (offer.threshold is not None):
        yield Label(f"{code} 的消费门槛与触发条件不符", f"the threshold of {code} doesn't fit its trigger")
    if offer.threshold is not None and offer.threshold <= 0:
        yield Label(f"{code} 的消费门槛须大于零", f"the threshold of {code} has to be above zero")
    if offer.trigger in offer.excludes:
        yield Label(f"{code} 排除了自己的触发条件", f"{code} excludes what triggers it")


def _together(one: CampaignOffer, other: CampaignOffer) -> Iterator[Label]:
    pair = f"{one.code}, {other.code}"
    if one.code == other.code or one.number == other.number:
        yield Label(f"编号重复:{pair}", f"one number or code twice: {pair}")
    if one.trigger != other.trigger or one.trigger == VISIT:
        return
    if TOUCHES[one.price_rule] & TOUCHES[other.price_rule]:
        yield Label(f"同一项目有两条价格规则:{pair}", f"two price rules for one operation: {pair}")
    if one.trigger == SPEND and one.threshold == other.threshold:
        yield Label(f"两档门槛相同:{pair}", f"two tiers with one threshold: {pair}")


def parameters(rules: Iterable[EligibilityRule], settings: Any, given: Mapping[str, int]) -> dict[str, int | None]:
    """The values that the rules ask the tenant for: given ones, else those of its settings, else None.

    CAMPAIGN_PARAMETER_UNKNOWN for a value that no rule asks for, USAGE_INVALID for one that can't be.
    """
    names = [rule.tenant_parameter for rule in rules if rule.tenant_parameter is not None]
    for name, value in given.items():
        if name not in names:
            raise InvalidInput("CAMPAIGN_PARAMETER_UNKNOWN", field="parameters", value=name, known=", ".join(names))
        most = LONGEST_MONTHS if name.endswith("_months") else LARGEST_PARAMETER
        if isinstance(value, bool) or not 0 <= value <= most:
            raise InvalidInput("USAGE_INVALID", field="parameters", value=str(value))
    return {name: given.get(name, getattr(settings, name, None)) for name in names}


def check_publishable(state: CampaignState, values: Mapping[str, int | None]) -> None:
    """CAMPAIGN_STATE_REFUSED unless it is a draft; CAMPAIGN_PARAMETER_REQUIRED for a value that is missing (A32)."""
    check_state(state, "draft", "publish")
    for name, value in values.items():
        if value is None:
            raise StateRefused("CAMPAIGN_PARAMETER_REQUIRED", field="parameters", parameter=name)


def check_state(state: str, wanted: CampaignState, operation: str) -> None:
    """CAMPAIGN_STATE_REFUSED unless the campaign is in the state that the operation needs."""
    if state != wanted:
        raise StateRefused("CAMPAIGN_STATE_REFUSED", field="campaignId", state=state, operation=operation)
