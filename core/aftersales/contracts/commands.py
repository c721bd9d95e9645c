"""What callers ask of contracts: one frozen Struct per operation. Dates are local days of the tenant's zone."""

from datetime import date
from uuid import UUID

from msgspec import Struct


class LineDetails(Struct, frozen=True, kw_only=True):
    """One asset, or every asset of a type."""

    asset_id: UUID | None = None
    asset_type: str | None = None


class ContractTarget(Struct, frozen=True, kw_only=True):
    """A deadline that this contract promises on its own; it wins over the vertical's.

    `milestone` is due `amount` `unit`s (minute, hour, working_minute, working_hour, calendar_day, working_day)
    after `starts_on`; without an amount it is tracked and never breached. An empty list of kinds, grades, regions
    or work types means any. `clause` is the contract's own number.
    """

    code: str
    name: str
    milestone: str
    amount: int | None = None
    unit: str | None = None
    starts_on: str = "reported"
    kinds: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    work_types: tuple[str, ...] = ()
    calendar: str | None = None
    party: str = "company"
    on_miss: str = "breach"
    clause: str | None = None


class SignContract(Struct, frozen=True, kw_only=True):
    """A contract under an enabled vertical. `ends_on` is its last day, None while open-ended.

    Without `number` one is given.
    """

    title: str
    vertical: str
    customer_id: UUID
    starts_on: date
    number: str | None = None
    ends_on: date | None = None
    lines: tuple[LineDetails, ...] = ()
    targets: tuple[ContractTarget, ...] = ()


class AddContractLine(Struct, frozen=True, kw_only=True):
    """Cover a further asset, or a further type."""

    contract_id: UUID
    asset_id: UUID | None = None
    asset_type: str | None = None
    expected_version: int | None = None


class EndContract(Struct, frozen=True, kw_only=True):
    """End a contract before its time, by default today."""

    contract_id: UUID
    ends_on: date | None = None
    expected_version: int | None = None


class PublishPlan(Struct, frozen=True, kw_only=True):
    """Publish the service plan of a vertical to the customers."""

    vertical: str
