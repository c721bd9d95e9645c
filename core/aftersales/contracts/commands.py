"""What callers ask of contracts: one frozen Struct per operation. Dates are local days of the tenant's zone."""

from datetime import date
from typing import Any
from uuid import UUID

from msgspec import Struct, field

from aftersales.plans.commands import PublishPlan as PublishPlan


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

    Without `number` one is given. `fields` are what the text leaves to the contract (the vertical's required fields).
    With `two_party` it holds only when the customer has approved it too. `commissioning`: the contract requires to
    install, to commission and to train, by `commissioning_due`. `inspection_body` decides quarrels about quality.
    """

    title: str
    vertical: str
    customer_id: UUID
    starts_on: date
    number: str | None = None
    ends_on: date | None = None
    lines: tuple[LineDetails, ...] = ()
    targets: tuple[ContractTarget, ...] = ()
    fields: dict[str, Any] = field(default_factory=dict)
    two_party: bool = False
    commissioning: bool = False
    commissioning_due: date | None = None
    inspection_body: str | None = None


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


class AmendContract(Struct, frozen=True, kw_only=True):
    """Change what a contract promises from `effective_from` on, by default today; earlier days keep what was promised.

    A later day is agreed now and counts when it begins; until then nothing else of the terms changes.
    `fields` are set anew where given, `targets` replaces the contract's own targets. With `adopt_plan` the tenant's
    plan that is in effect on that day takes the place of the signed terms.
    """

    contract_id: UUID
    reason: str
    effective_from: date | None = None
    fields: dict[str, Any] | None = None
    targets: tuple[ContractTarget, ...] | None = None
    adopt_plan: bool = False
    expected_version: int | None = None


class WithdrawAmendment(Struct, frozen=True, kw_only=True):
    """Drop the amendment that waits for its day, with the reason."""

    contract_id: UUID
    reason: str
    expected_version: int | None = None


class RenewContract(Struct, frozen=True, kw_only=True):
    """Let a contract run on to a later last day, under the signed terms or with `adopt_plan` under today's plan."""

    contract_id: UUID
    ends_on: date
    reason: str = ""
    adopt_plan: bool = False
    expected_version: int | None = None


class RecordContractEvent(Struct, frozen=True, kw_only=True):
    """Something happened in a contract's life on a day, by default today: acceptance, handover, go_live, a step …"""

    contract_id: UUID
    event: str
    on: date | None = None
    evidence: str | None = None
    expected_version: int | None = None


class EnterPhase(Struct, frozen=True, kw_only=True):
    """The next phase of a contract's life began on a day, by default today."""

    contract_id: UUID
    phase: str
    on: date | None = None
    evidence: str | None = None
    expected_version: int | None = None


class ApproveContractStep(Struct, frozen=True, kw_only=True):
    """The caller's party agrees to a step, or to the contract itself (`step` = contract)."""

    contract_id: UUID
    step: str
    evidence: str = ""


class CompleteContractTask(Struct, frozen=True, kw_only=True):
    """A task was done on a day, by default today; `evidence` says where the proof is."""

    contract_task_id: UUID
    evidence: str
    done_on: date | None = None
    expected_version: int | None = None


class SignDealerAgreement(Struct, frozen=True, kw_only=True):
    """A dealer's sales agreement, for `regions` (GB/T 2260 prefixes; none: all). `ends_on` is its last day."""

    service_unit_id: UUID
    title: str
    starts_on: date
    number: str | None = None
    ends_on: date | None = None
    regions: tuple[str, ...] = ()


class EndDealerAgreement(Struct, frozen=True, kw_only=True):
    """End a dealer's agreement before its time, by default today."""

    dealer_agreement_id: UUID
    ends_on: date | None = None
    expected_version: int | None = None
