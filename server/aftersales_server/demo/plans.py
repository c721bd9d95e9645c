"""The shape of a demo tenant's data: what `provision` turns into rows, by code and name instead of by id."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, kw_only=True)
class UnitPlan:
    """A part of the service organisation; `parent` is the code of the unit above it."""

    code: str
    name: str
    kind: str
    level: int
    parent: str | None = None
    regions: tuple[str, ...] = ()
    hotline: str | None = None
    on_call: str | None = None


@dataclass(frozen=True, kw_only=True)
class EngineerPlan:
    """A person who is sent to work; certificates as (certificate, number, last valid day)."""

    code: str
    name: str
    unit: str
    party: str = "company"
    skills: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    certificates: tuple[tuple[str, str, date], ...] = ()


@dataclass(frozen=True, kw_only=True)
class ContactPlan:
    """A person at a customer."""

    name: str
    position: str
    phone: str
    may_authorise: bool = False


@dataclass(frozen=True, kw_only=True)
class AssetPlan:
    """A product in the customer's hands; components as (code, serial)."""

    number: str
    name: str
    type: str
    site: str
    attributes: dict[str, Any] = field(default_factory=dict)
    components: tuple[tuple[str, str], ...] = ()
    serial: str | None = None
    usage: int | None = None
    installed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class CustomerPlan:
    """A customer with its contacts, sites (name, address, region), assets, and the number of its contract."""

    code: str
    name: str
    tier: str
    region: str
    phone: str
    contacts: tuple[ContactPlan, ...]
    sites: tuple[tuple[str, str, str], ...]
    assets: tuple[AssetPlan, ...]
    contract: str | None = None


@dataclass(frozen=True, kw_only=True)
class TenantPlan:
    """A demo company: one vertical with its settings, and everything that its story needs."""

    slug: str
    name: str
    english: str
    hotline: str
    vertical: str
    settings: dict[str, Any]
    units: tuple[UnitPlan, ...]
    dealer_unit: str
    engineers: tuple[EngineerPlan, ...]
    customers: tuple[CustomerPlan, ...]
    contract_title: str
    contract_fields: dict[str, Any] = field(default_factory=dict)
