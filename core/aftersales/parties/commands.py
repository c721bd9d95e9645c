"""What callers ask of parties: one frozen Struct per operation.

In changes None leaves a value as it is and an empty text clears it. `expected_version` refuses the operation
(VERSION_STALE) when somebody else changed the row meanwhile.
"""

from datetime import date
from uuid import UUID

from msgspec import Struct


class CreateCustomer(Struct, frozen=True, kw_only=True):
    """A customer; `region` is a GB/T 2260 code, `code` the company's own number for it."""

    code: str
    name: str
    tier: str = "standard"
    region: str | None = None
    phone: str | None = None
    email: str | None = None
    last_paid_visit_on: date | None = None
    tags: tuple[str, ...] = ()


class UpdateCustomer(Struct, frozen=True, kw_only=True):
    """New values of a customer."""

    customer_id: UUID
    name: str | None = None
    tier: str | None = None
    region: str | None = None
    phone: str | None = None
    email: str | None = None
    last_paid_visit_on: date | None = None
    tags: tuple[str, ...] | None = None
    expected_version: int | None = None


class ArchiveCustomer(Struct, frozen=True, kw_only=True):
    """Take in nothing new for a customer; everything on record stays."""

    customer_id: UUID
    expected_version: int | None = None


class ConfirmContactData(Struct, frozen=True, kw_only=True):
    """The customer's contact data were checked on a local day, and changed where a value is given (P06-03)."""

    customer_id: UUID
    confirmed_on: date | None = None
    phone: str | None = None
    email: str | None = None
    expected_version: int | None = None


class AddContact(Struct, frozen=True, kw_only=True):
    """A person at a customer; `may_authorise` lets the person open the customer's systems for remote work."""

    customer_id: UUID
    name: str
    phone: str | None = None
    email: str | None = None
    position: str | None = None
    may_authorise: bool = False
    notice_channels: tuple[str, ...] = ()
    notices_refused: bool = False
    language: str | None = None


class UpdateContact(Struct, frozen=True, kw_only=True):
    """New values of a contact."""

    contact_id: UUID
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    position: str | None = None
    may_authorise: bool | None = None
    notice_channels: tuple[str, ...] | None = None
    notices_refused: bool | None = None
    language: str | None = None
    expected_version: int | None = None


class AddSite(Struct, frozen=True, kw_only=True):
    """A place of a customer. One that is `under_construction` is planned until its safety gates are passed."""

    customer_id: UUID
    name: str
    address: str | None = None
    region: str | None = None
    under_construction: bool = False
    tags: tuple[str, ...] = ()


class UpdateSite(Struct, frozen=True, kw_only=True):
    """New values of a site."""

    site_id: UUID
    name: str | None = None
    address: str | None = None
    region: str | None = None
    tags: tuple[str, ...] | None = None
    expected_version: int | None = None


class CreateServiceUnit(Struct, frozen=True, kw_only=True):
    """A unit of the service organisation; level 1 is nearest to the customer, 3 the top (P09-05)."""

    code: str
    name: str
    kind: str
    level: int = 1
    parent_unit_id: UUID | None = None
    regions: tuple[str, ...] = ()
    authorised: bool = True
    hotline: str | None = None
    on_call: str | None = None


class UpdateServiceUnit(Struct, frozen=True, kw_only=True):
    """New values of a service unit."""

    service_unit_id: UUID
    name: str | None = None
    level: int | None = None
    parent_unit_id: UUID | None = None
    regions: tuple[str, ...] | None = None
    authorised: bool | None = None
    hotline: str | None = None
    on_call: str | None = None
    active: bool | None = None
    expected_version: int | None = None


class IssueWarrantyCard(Struct, frozen=True, kw_only=True):
    """The warranty card of an installation; `replaces_current` invalidates the one that is valid now (P09-04)."""

    site_id: UUID
    number: str
    issued_on: date | None = None
    replaces_current: bool = False
