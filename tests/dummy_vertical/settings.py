"""What a tenant may set of the dummy vertical, and how its names are made."""

from aftersales import Label, VerticalSettings


class DummySettings(VerticalSettings, frozen=True, kw_only=True):
    """`response_hours` is the tenant's; more than a day is refused."""

    response_hours: int = 4


def label(zh: str, en: str) -> Label:
    return Label(zh, en)
