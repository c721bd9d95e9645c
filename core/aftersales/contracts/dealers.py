"""Dealers' sales agreements: without one that is valid on the day, a dealer has no standing (P15-02)."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from aftersales.access import require
from aftersales.contracts import queries, rules
from aftersales.contracts.commands import EndDealerAgreement, SignDealerAgreement
from aftersales.contracts.models import DealerAgreement
from aftersales.journal import service as journal
from aftersales.kit.counters import next_number
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import CODE_LIMIT, TITLE_LIMIT, clean_text
from aftersales.parties.models import ServiceUnit
from aftersales.parties.regions import check_region
from aftersales.scope import TenantWork

NUMBER_PREFIX = "DA"
MOST_REGIONS = 200
DEALERS = frozenset({"dealer", "agent"})


async def sign_dealer_agreement(uow: TenantWork, command: SignDealerAgreement) -> DealerAgreement:
    """Keep a dealer's agreement. UNIT_NOT_DEALER, PERIOD_INVERTED, AGREEMENT_OVERLAPS, AGREEMENT_NUMBER_TAKEN."""
    require(uow.actor, "contract.manage")
    unit = await locked(uow, ServiceUnit, command.service_unit_id)
    if unit.kind not in DEALERS:
        raise InvalidInput("UNIT_NOT_DEALER", field="serviceUnitId")
    rules.check_period(command.starts_on, command.ends_on)
    title = clean_text(command.title, "title", TITLE_LIMIT, required=True)
    if len(command.regions) > MOST_REGIONS:
        raise InvalidInput("TOO_MANY_GIVEN", field="regions", limit=MOST_REGIONS, count=len(command.regions))
    for position, region in enumerate(command.regions):
        check_region(region, f"regions.{position}")
    for other in await queries.agreements_of(uow, unit.id):
        begins_after = command.ends_on is not None and command.ends_on < other.starts_on
        ends_before = other.ends_on is not None and other.ends_on < command.starts_on
        if not begins_after and not ends_before:
            raise InvalidInput("AGREEMENT_OVERLAPS", field="startsOn", number=other.number)
    number = clean_text(command.number, "number", CODE_LIMIT)
    if not number:
        number = await next_number(uow, NUMBER_PREFIX, uow.now.astimezone(ZoneInfo(uow.scope.time_zone)).year)
    agreement = uow.add(
        DealerAgreement(
            id=new_id(), service_unit_id=unit.id, number=number, title=title, regions=list(command.regions),
            starts_on=command.starts_on, ends_on=command.ends_on, created_at=uow.now,
        )
    )  # fmt: skip
    await _note(uow, "dealer.agreement_signed", agreement)
    return agreement


async def end_dealer_agreement(uow: TenantWork, command: EndDealerAgreement) -> DealerAgreement:
    """End an agreement before its time. AGREEMENT_ENDED, PERIOD_INVERTED, END_BEYOND_LAST_DAY, VERSION_STALE."""
    require(uow.actor, "contract.manage")
    agreement = await locked(uow, DealerAgreement, command.dealer_agreement_id, command.expected_version)
    present = today(uow.now, uow.scope.time_zone)
    if agreement.ends_on is not None and agreement.ends_on < present:
        raise StateRefused("AGREEMENT_ENDED", field="dealerAgreementId", day=agreement.ends_on.isoformat())
    last_day = command.ends_on or present
    rules.check_period(agreement.starts_on, last_day)
    rules.check_earlier(agreement.ends_on, last_day)
    agreement.ends_on = last_day
    await _note(uow, "dealer.agreement_ended", agreement)
    return agreement


async def agreement_on(uow: TenantWork, service_unit_id: UUID, on: date) -> DealerAgreement | None:
    """The dealer's agreement that is valid on a local day, its first and last day included."""
    for agreement in await queries.agreements_of(uow, service_unit_id):
        if agreement.starts_on <= on and (agreement.ends_on is None or on <= agreement.ends_on):
            return agreement
    return None


async def check_dealer_eligible(uow: TenantWork, service_unit_id: UUID, sold_on: date) -> DealerAgreement:
    """DEALER_NOT_ELIGIBLE unless an agreement was valid on the day of the sale: what a claim asks first."""
    found = await agreement_on(uow, service_unit_id, sold_on)
    if found is None:
        raise StateRefused("DEALER_NOT_ELIGIBLE", field="serviceUnitId", day=sold_on.isoformat())
    return found


async def _note(uow: TenantWork, kind: str, agreement: DealerAgreement) -> None:
    await journal.record(
        uow, kind, subject_type="service_unit", subject_id=agreement.service_unit_id,
        data={"number": agreement.number, "starts_on": agreement.starts_on, "ends_on": agreement.ends_on},
    )  # fmt: skip
