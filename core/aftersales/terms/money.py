"""Service-fee tables, labour hours, campaigns. Amounts are Decimal texts with a currency, never floats."""

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from aftersales.terms.base import Term


class FeeRule(Term, frozen=True, kw_only=True):
    """How one kind of charge is priced and when. `amount=None` means by quote or by the tenant's price book."""

    item: Literal["labour", "parts", "travel", "upkeep", "maintenance", "consultation", "visit", "customisation"]
    basis: Literal["free", "flat", "hourly", "cost", "market_price", "company_list", "quote"]
    amount: Decimal | None = None
    currency: str = "CNY"
    applies_when: Literal["always", "in_term", "after_term", "excluded", "not_covered"] = "always"
    part_class: str | None = None
    consent_required: bool = False
    document_required: bool = False


class LabourOperation(Term, frozen=True, kw_only=True):
    """Published hours for an operation; a bundle lists the operations whose sum it replaces."""

    hours: Decimal
    bundle_of: tuple[str, ...] = ()


class CampaignWindow(Struct, frozen=True, kw_only=True):
    """First and last day, both inclusive, as month and day; the year is a parameter (A40).

    `prepared_by_month` and `prepared_by_day` are the last day of preparation, where the text names one.
    """

    starts_month: int
    starts_day: int
    ends_month: int
    ends_day: int
    prepared_by_month: int | None = None
    prepared_by_day: int | None = None

    def covers(self, day: date) -> bool:
        """Whether the local date lies in the window of its own year; a window may run over New Year."""
        first, last = (self.starts_month, self.starts_day), (self.ends_month, self.ends_day)
        position = (day.month, day.day)
        return first <= position <= last if first <= last else position >= first or position <= last


class CampaignOffer(Term, frozen=True, kw_only=True):
    """One offer of a campaign: what triggers it, how a line is priced, what is given.

    `threshold` is what the customer must spend on one day, inclusive; `checks` are the lines of a free check;
    `excludes` names cars or orders that the offer isn't for.
    """

    campaign: str
    number: int
    window: CampaignWindow
    trigger: str
    price_rule: Literal["free", "fixed", "waive_labour", "discount_material", "discount_labour", "discount_all", "gift"]
    factor: Decimal | None = None
    fixed_price: Decimal | None = None
    list_price: Decimal | None = None
    threshold: Decimal | None = None
    gifts: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


class EligibilityRule(Term, frozen=True, kw_only=True):
    """Who may take part in a campaign; `tenant_parameter` names a value that the tenant must set first."""

    campaign: str
    requires: tuple[str, ...]
    tenant_parameter: str | None = None
