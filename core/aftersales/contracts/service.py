"""What the contracts room does; each function takes a unit of work and one command, and never commits."""

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from aftersales.access import require
from aftersales.assets.models import Asset
from aftersales.contracts import amendments, fields, lifecycle, queries, rules, tasks
from aftersales.contracts.amendments import amend_contract, renew_contract, terms_as_of, withdraw_amendment
from aftersales.contracts.commands import AddContractLine, EndContract, LineDetails, SignContract
from aftersales.contracts.dealers import check_dealer_eligible, end_dealer_agreement, sign_dealer_agreement
from aftersales.contracts.lifecycle import approve_contract_step, enter_phase, record_contract_event
from aftersales.contracts.models import ContractLine, ServiceContract
from aftersales.contracts.tasks import complete_contract_task
from aftersales.contracts.terms import put_under, terms_of
from aftersales.journal import service as journal
from aftersales.kit.counters import next_number
from aftersales.kit.errors import InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import CODE_LIMIT, NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.parties.models import Customer
from aftersales.plans import service as plans
from aftersales.plans import snapshots
from aftersales.plans.service import publish_plan, publish_plan_check
from aftersales.scope import TenantWork
from aftersales.terms.coverage import CustomerDuty

__all__ = [
    "add_contract_line",
    "amend_contract",
    "approve_contract_step",
    "check_dealer_eligible",
    "complete_contract_task",
    "contract_for_asset",
    "customer_duties",
    "end_contract",
    "end_dealer_agreement",
    "enter_phase",
    "explain_contract",
    "publish_plan",
    "publish_plan_check",
    "record_contract_event",
    "renew_contract",
    "sign_contract",
    "sign_dealer_agreement",
    "terms_as_of",
    "withdraw_amendment",
]

NUMBER_PREFIX = "C"
MOST_LINES = 1000


async def sign_contract(uow: TenantWork, command: SignContract) -> ServiceContract:
    """Sign a contract under the tenant's terms of today; a later change of terms doesn't change what was signed.

    Its required fields stand in it, and are the term where the text leaves the term to the contract (A15, A60). With
    `two_party` it holds when the customer has signed too.

    VERTICAL_NOT_ENABLED, PERIOD_INVERTED, CONTRACT_NUMBER_TAKEN, CONTRACT_LINE_INVALID, CONTRACT_OVERLAPS,
    COMMISSIONING_INCOMPLETE, TERM_BELOW_STATUTORY_FLOOR, for targets of its own what `rules.contract_targets` refuses,
    for its fields what `fields.stated` refuses.
    """
    require(uow.actor, "contract.manage")
    uow.scope.enabled(command.vertical)
    rules.check_period(command.starts_on, command.ends_on)
    present = today(uow.now, uow.scope.time_zone)
    plan, promised = await plans.terms_on(uow, command.vertical, present)
    values = fields.stated(promised, command.fields)
    terms = fields.under(promised, values)
    title = clean_text(command.title, "title", TITLE_LIMIT, required=True)
    targets = rules.contract_targets(terms, command.targets, uow.scope.calendars)
    own = _own_fields(command, present)
    # Locked, so that of two contracts that cover the same from the same day on the second one is refused.
    customer = await locked(uow, Customer, command.customer_id)
    if customer.state != "active":
        raise StateRefused("CUSTOMER_ARCHIVED", field="customerId")
    if len(command.lines) > MOST_LINES:
        raise InvalidInput("TOO_MANY_GIVEN", field="lines", limit=MOST_LINES, count=len(command.lines))
    for position, line in enumerate(command.lines):
        await _check_line(uow, command.vertical, customer.id, line, f"lines.{position}")
    number = clean_text(command.number, "number", CODE_LIMIT)
    if not number:
        number = await next_number(uow, NUMBER_PREFIX, uow.now.astimezone(ZoneInfo(uow.scope.time_zone)).year)
    contract = uow.add(
        ServiceContract(
            id=new_id(),
            number=number,
            title=title,
            vertical=command.vertical,
            customer_id=customer.id,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            playbook_key=uow.scope.playbook.key,
            terms={"targets": targets},
            fields={**values, **own},
            service_plan_id=plan.id if plan else None,
            terms_id=await snapshots.keep(uow, terms),
            effective_from=command.starts_on,
            state="pending" if command.two_party else "active",
            created_at=uow.now,
        )
    )
    put_under(contract, terms)
    for position, line in enumerate(command.lines):
        await _check_contradiction(uow, contract, line, f"lines.{position}")
        _add_line(uow, contract, line)
    amendments.first_revision(uow, contract)
    lifecycle.refresh(uow, contract, terms)
    if command.two_party:
        lifecycle.approve(uow, contract, lifecycle.THE_CONTRACT, "company", "")
        await _note(uow, "contract.offered", contract, {"number": contract.number})
    else:
        await lifecycle.signed(uow, contract, terms)
    if command.commissioning and command.commissioning_due is not None:
        await tasks.start_commissioning(uow, contract, command.commissioning_due, present)
    return contract


def _own_fields(command: SignContract, present: date) -> dict[str, Any]:
    """What every contract may state: commissioning with its day, and who decides quarrels about quality."""
    if command.commissioning != (command.commissioning_due is not None):
        raise InvalidInput("COMMISSIONING_INCOMPLETE", field="commissioningDue")
    own: dict[str, Any] = {fields.COMMISSIONING: command.commissioning}
    if command.commissioning_due is not None:
        if command.commissioning_due < present:
            raise InvalidInput("PERIOD_INVERTED", field="commissioningDue")
        own[fields.COMMISSIONING_DUE] = command.commissioning_due.isoformat()
    body = clean_text(command.inspection_body, "inspectionBody", NAME_LIMIT)
    if body:
        own[fields.INSPECTION_BODY] = body
    return own


async def _check_contradiction(uow: TenantWork, contract: ServiceContract, line: LineDetails, at: str) -> None:
    """CONTRACT_OVERLAPS when another contract covers the same from the same day on: nothing would rank them."""
    number = await queries.contradicting(
        uow, customer_id=contract.customer_id, vertical=contract.vertical, contract_id=contract.id,
        starts_on=contract.starts_on, asset_id=line.asset_id, asset_type=line.asset_type,
    )  # fmt: skip
    if number is not None:
        raise InvalidInput("CONTRACT_OVERLAPS", field=at or None, number=number)


async def add_contract_line(uow: TenantWork, command: AddContractLine) -> ServiceContract:
    """Cover more. CONTRACT_ENDED, CONTRACT_LINE_INVALID."""
    require(uow.actor, "contract.manage")
    contract = await _active(uow, command.contract_id, command.expected_version)
    line = LineDetails(asset_id=command.asset_id, asset_type=command.asset_type)
    await _check_line(uow, contract.vertical, contract.customer_id, line, "")
    await locked(uow, Customer, contract.customer_id)
    await _check_contradiction(uow, contract, line, "")
    _add_line(uow, contract, line)
    await _note(uow, "contract.line_added", contract, {"asset_id": command.asset_id, "asset_type": command.asset_type})
    return contract


async def end_contract(uow: TenantWork, command: EndContract) -> ServiceContract:
    """End a contract with a last day that isn't before its first; CONTRACT_ENDED the second time, or when it is over.

    END_BEYOND_LAST_DAY for a later day than its own: that would be a renewal.

    It counts to the end of that day; what was promised under it before stays.
    """
    require(uow.actor, "contract.manage")
    contract = await _active(uow, command.contract_id, command.expected_version)
    present = today(uow.now, uow.scope.time_zone)
    last_day = command.ends_on or present
    rules.check_period(contract.starts_on, last_day)
    if contract.ends_on is not None and contract.ends_on < present:
        raise StateRefused("CONTRACT_ENDED", field="contractId")
    rules.check_earlier(contract.ends_on, last_day)
    await amendments.begin_due(uow, contract)
    if contract.coming_on is not None and contract.coming_on > last_day:
        amendments.drop_coming(contract)
    contract.ends_on = last_day
    if last_day < present:
        contract.state = "ended"
    lifecycle.refresh(uow, contract, terms_of(uow.scope, contract.vertical, contract))
    await tasks.cancel_tasks(uow, contract, "contract ended")
    await _note(uow, "contract.ended", contract, {"ends_on": last_day})
    return contract


async def contract_for_asset(uow: TenantWork, asset_id: UUID, on: date | None = None) -> ServiceContract | None:
    """The contract that counts for an asset on a local day, by default today; None when none does."""
    ranked = await explain_contract(uow, asset_id, on)
    return await uow.get(ServiceContract, ranked[0].contract.id) if ranked else None


async def explain_contract(uow: TenantWork, asset_id: UUID, on: date | None = None) -> list[rules.RankedContract]:
    """All contracts in force for an asset, the one that counts first, each with the reason of its place."""
    asset = await uow.get(Asset, asset_id)
    if uow.actor.dealer_id is not None or uow.actor.customer_id not in {None, asset.customer_id}:
        raise NotFound("NOT_FOUND", thing="Asset")
    return rules.rank_contracts(await queries.covering(uow, asset), on or today(uow.now, uow.scope.time_zone))


async def customer_duties(uow: TenantWork, contract_id: UUID) -> tuple[CustomerDuty, ...]:
    """What the customer has to do under a contract, as it was signed. NOT_FOUND for others' contracts."""
    contract = await uow.get(ServiceContract, contract_id)
    if uow.actor.dealer_id is not None or uow.actor.customer_id not in {None, contract.customer_id}:
        raise NotFound("NOT_FOUND", field="contractId", thing="ServiceContract")
    return terms_of(uow.scope, contract.vertical, contract).customer_duties


async def _active(uow: TenantWork, contract_id: UUID, expected_version: int | None) -> ServiceContract:
    contract = await locked(uow, ServiceContract, contract_id, expected_version)
    lifecycle.check_active(contract)
    return contract


async def _check_line(uow: TenantWork, vertical: str, customer_id: UUID, line: LineDetails, at: str) -> None:
    """CONTRACT_LINE_INVALID unless the line names an asset of the customer and vertical, or a type of it."""
    terms = uow.scope.vertical(vertical)
    if (line.asset_id is None) == (line.asset_type is None):
        raise InvalidInput("CONTRACT_LINE_INVALID", field=at or None)
    if line.asset_type is not None and terms.asset_type(line.asset_type) is None:
        known = ", ".join(found.code for found in terms.asset_types)
        field = f"{at}.assetType".lstrip(".")
        raise InvalidInput("ASSET_TYPE_UNKNOWN", field=field, value=line.asset_type, known=known)
    if line.asset_id is not None:
        asset = await uow.get(Asset, line.asset_id)
        if asset.customer_id != customer_id or asset.vertical != vertical:
            raise InvalidInput("CONTRACT_LINE_INVALID", field=f"{at}.assetId".lstrip("."))


def _add_line(uow: TenantWork, contract: ServiceContract, line: LineDetails) -> None:
    uow.add(ContractLine(id=new_id(), contract_id=contract.id, asset_id=line.asset_id, asset_type=line.asset_type))


async def _note(uow: TenantWork, kind: str, contract: ServiceContract, data: dict[str, object]) -> None:
    await journal.record(
        uow, kind, subject_type="contract", subject_id=contract.id, customer_id=contract.customer_id, data=data,
        vertical=contract.vertical,
    )  # fmt: skip
