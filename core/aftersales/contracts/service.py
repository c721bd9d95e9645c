"""What the contracts room does; each function takes a unit of work and one command, and never commits."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from aftersales.access import require
from aftersales.assets.models import Asset
from aftersales.contracts import queries, rules
from aftersales.contracts.commands import AddContractLine, EndContract, LineDetails, PublishPlan, SignContract
from aftersales.contracts.models import ContractLine, ServiceContract
from aftersales.journal import service as journal
from aftersales.journal.models import Event
from aftersales.kit.counters import next_number
from aftersales.kit.errors import InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import TITLE_LIMIT, clean_text
from aftersales.parties.models import Customer
from aftersales.scope import TenantScope, TenantWork

__all__ = [
    "add_contract_line",
    "contract_for_asset",
    "end_contract",
    "explain_contract",
    "publish_plan",
    "publish_plan_check",
    "sign_contract",
]

NUMBER_PREFIX = "C"
CODE_LIMIT = 60


async def sign_contract(uow: TenantWork, command: SignContract) -> ServiceContract:
    """Sign a contract under the terms as they are now; a later change of terms doesn't change what was signed.

    VERTICAL_NOT_ENABLED, PERIOD_INVERTED, CONTRACT_NUMBER_TAKEN, CONTRACT_LINE_INVALID, and for targets of its
    own what `rules.contract_targets` refuses.
    """
    require(uow.actor, "contract.manage")
    terms = uow.scope.enabled(command.vertical)
    rules.check_period(command.starts_on, command.ends_on)
    title = clean_text(command.title, "title", TITLE_LIMIT, required=True)
    targets = rules.contract_targets(terms, command.targets, uow.scope.calendars)
    customer = await uow.get(Customer, command.customer_id)
    if customer.state != "active":
        raise StateRefused("CUSTOMER_ARCHIVED", field="customerId")
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
            created_at=uow.now,
        )
    )
    for line in command.lines:
        _add_line(uow, contract, line)
    await _note(uow, "contract.signed", contract, {"number": contract.number, "targets": len(targets)})
    return contract


async def add_contract_line(uow: TenantWork, command: AddContractLine) -> ServiceContract:
    """Cover more. CONTRACT_ENDED, CONTRACT_LINE_INVALID."""
    require(uow.actor, "contract.manage")
    contract = await _active(uow, command.contract_id, command.expected_version)
    line = LineDetails(asset_id=command.asset_id, asset_type=command.asset_type)
    await _check_line(uow, contract.vertical, contract.customer_id, line, "")
    _add_line(uow, contract, line)
    await _note(uow, "contract.line_added", contract, {"asset_id": command.asset_id, "asset_type": command.asset_type})
    return contract


async def end_contract(uow: TenantWork, command: EndContract) -> ServiceContract:
    """End a contract with a last day that isn't before its first; CONTRACT_ENDED the second time.

    It counts to the end of that day; what was promised under it before stays.
    """
    require(uow.actor, "contract.manage")
    contract = await _active(uow, command.contract_id, command.expected_version)
    present = today(uow.now, uow.scope.time_zone)
    last_day = command.ends_on or present
    rules.check_period(contract.starts_on, last_day)
    contract.ends_on = last_day
    if last_day < present:
        contract.state = "ended"
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


def publish_plan_check(scope: TenantScope, vertical: str) -> None:
    """HOTLINE_REQUIRED unless the tenant has a hotline to publish with its plan (P08-22); VERTICAL_NOT_ENABLED."""
    scope.enabled(vertical)
    if not (scope.hotline or "").strip():
        raise StateRefused("HOTLINE_REQUIRED", field="vertical")


async def publish_plan(uow: TenantWork, command: PublishPlan) -> Event:
    """Publish the service plan of a vertical: what it promises now, under which hotline."""
    require(uow.actor, "contract.manage")
    publish_plan_check(uow.scope, command.vertical)
    return await journal.record(
        uow,
        "plan.published",
        subject_type="tenant",
        subject_id=uow.scope.id,
        data={
            "vertical": command.vertical,
            "hotline": uow.scope.hotline,
            "playbook_key": uow.scope.playbook.key,
        },
    )


async def _active(uow: TenantWork, contract_id: UUID, expected_version: int | None) -> ServiceContract:
    contract = await locked(uow, ServiceContract, contract_id, expected_version)
    if contract.state != "active":
        raise StateRefused("CONTRACT_ENDED", field="contractId")
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
