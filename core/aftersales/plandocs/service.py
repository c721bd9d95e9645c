"""What the plandocs room does: it reads terms and facts, and writes nothing."""

from datetime import date, timedelta
from typing import Final

import msgspec

from aftersales.access import STAFF, require
from aftersales.assets import rules as asset_rules
from aftersales.contracts import fields, lifecycle_rules
from aftersales.contracts.amendments import LAST_DAY
from aftersales.contracts.lifecycle_rules import promised_terms
from aftersales.contracts.models import ServiceContract
from aftersales.contracts.rules import check_period
from aftersales.contracts.terms import terms_of
from aftersales.coverage.compiling import agreed_terms
from aftersales.kit.errors import Forbidden, InvalidInput, NotFound
from aftersales.kit.guards import FIRST_DAY, today
from aftersales.parties.models import Customer
from aftersales.parties.regions import check_region
from aftersales.plandocs.commands import PlanDocumentRequest, SimulateContract
from aftersales.plandocs.rules import PlanDocument, PlanFacts, compose
from aftersales.plandocs.simulation import Foreseen, Life, foresee
from aftersales.planned.planner import working_days
from aftersales.plans import service as plans
from aftersales.plans.models import ServicePlan
from aftersales.scope import TenantWork
from aftersales.terms.deadlines import SlaTarget
from aftersales.terms.playbook import VerticalPlaybook

TEN_YEARS: Final = timedelta(days=3653)
LONGEST: Final = timedelta(days=30 * 366)
MOST_FORESEEN: Final = 5000


async def plan_document(uow: TenantWork, command: PlanDocumentRequest) -> PlanDocument:
    """The after-sales plan of a vertical as the tenant offers it now, by its plan in effect; of a service plan; or of a
    contract as it was signed, with what it agreed on its own.

    Staff see every plan, customers those of their own contracts. REQUIRED unless exactly one of vertical, plan and
    contract is named, VERTICAL_NOT_ENABLED, NOT_FOUND (another customer's contract too), FORBIDDEN.
    """
    named = [one for one in (command.vertical, command.contract_id, command.service_plan_id) if one is not None]
    if len(named) != 1:
        raise InvalidInput("REQUIRED", field="vertical", field_name="vertical")
    if command.contract_id is not None:
        contract = await uow.get(ServiceContract, command.contract_id)
        if uow.actor.customer_id is not None and contract.customer_id != uow.actor.customer_id:
            raise NotFound("NOT_FOUND", thing="ServiceContract")
        if uow.actor.dealer_id is not None:
            raise NotFound("NOT_FOUND", thing="ServiceContract")
        customer = await uow.get(Customer, contract.customer_id)
        terms = _with_agreed(terms_of(uow.scope, contract.vertical, contract), contract)
        return compose(terms, _facts(uow, contract.vertical, contract, customer), command.language)
    if uow.actor.kind == "member" and not uow.actor.roles & STAFF:
        raise Forbidden("FORBIDDEN")
    if command.service_plan_id is not None:
        plan = await uow.get(ServicePlan, command.service_plan_id)
        return compose(await plans.plan_terms(uow, plan), _facts(uow, plan.vertical), command.language)
    vertical = command.vertical or ""
    _, offered = await plans.terms_on(uow, vertical, today(uow.now, uow.scope.time_zone))
    return compose(offered, _facts(uow, vertical), command.language)


async def simulate_contract(uow: TenantWork, command: SimulateContract) -> list[Foreseen]:
    """Every obligation and date that a contract would create over its life, before it is signed; writes nothing.

    VERTICAL_NOT_ENABLED, PERIOD_INVERTED, INSTANT_IMPOSSIBLE, PERIOD_TOO_LONG beyond thirty years,
    PLAN_OF_OTHER_VERTICAL, CONTRACT_EVENT_UNKNOWN, CONTRACT_EVENT_TWICE, ASSET_TYPE_UNKNOWN, SIMULATION_TOO_LONG beyond
    what one reads, and what `fields.stated` and `fields.under` refuse.
    """
    require(uow.actor, "contract.manage")
    uow.scope.enabled(command.vertical)
    check_period(command.starts_on, command.ends_on)
    for name, day in (
        ("startsOn", command.starts_on),
        *((f"events.{n}.on", e.on) for n, e in enumerate(command.events)),
    ):
        if not FIRST_DAY <= day <= LAST_DAY:
            raise InvalidInput("INSTANT_IMPOSSIBLE", field=name, value=day.isoformat())
    until = command.until or command.ends_on or date.fromordinal(command.starts_on.toordinal() + TEN_YEARS.days)
    if until < command.starts_on:
        raise InvalidInput("PERIOD_INVERTED", field="until")
    if until - command.starts_on > LONGEST:
        raise InvalidInput("PERIOD_TOO_LONG", field="until", days=LONGEST.days)
    if command.service_plan_id is None:
        _, promised = await plans.terms_on(uow, command.vertical, today(uow.now, uow.scope.time_zone))
    else:
        plan = await uow.get(ServicePlan, command.service_plan_id)
        if plan.vertical != command.vertical:
            raise InvalidInput("PLAN_OF_OTHER_VERTICAL", field="servicePlanId", vertical=plan.vertical)
        promised = await plans.plan_terms(uow, plan)
    terms = fields.under(promised, fields.stated(promised, command.fields))
    if command.asset_type is not None:
        asset_rules.known_type(terms, command.asset_type)
    events: dict[str, date] = {}
    known = lifecycle_rules.known_events(terms)
    for position, one in enumerate(command.events):
        at = f"events.{position}.event"
        if one.event not in known:
            raise InvalidInput("CONTRACT_EVENT_UNKNOWN", field=at, value=one.event, known=", ".join(known))
        if one.event in events:
            raise InvalidInput("CONTRACT_EVENT_TWICE", field=at, value=one.event, day=events[one.event].isoformat())
        events[one.event] = one.on
    found = foresee(
        terms,
        Life(
            starts_on=command.starts_on, ends_on=command.ends_on, until=until, events=events,
            zone=uow.scope.time_zone, asset_type=command.asset_type, region=check_region(command.region),
            commissioning_due=command.commissioning_due,
        ),
        is_working=working_days(uow, terms),
    )  # fmt: skip
    if len(found) > MOST_FORESEEN:
        raise InvalidInput("SIMULATION_TOO_LONG", field="until", count=len(found), limit=MOST_FORESEEN)
    return found


def _with_agreed(terms: VerticalPlaybook, contract: ServiceContract) -> VerticalPlaybook:
    """The terms with what the contract agreed apart: lengths in the place of a class's, targets before all others."""
    targets = msgspec.convert(contract.terms.get("targets", ()), tuple[SlaTarget, ...])
    return msgspec.structs.replace(
        terms,
        warranty_terms=tuple(promised_terms(terms, agreed_terms(contract.terms))),
        sla_targets=(*targets, *terms.sla_targets),
    )


def _facts(
    uow: TenantWork, vertical: str, contract: ServiceContract | None = None, customer: Customer | None = None
) -> PlanFacts:
    return PlanFacts(
        company=uow.scope.name,
        vertical=uow.scope.registry.vertical(vertical).label,
        made_on=today(uow.now, uow.scope.time_zone),
        hotline=uow.scope.hotline,
        contract_number=contract.number if contract else None,
        contract_title=contract.title if contract else None,
        customer=customer.name if customer else None,
        starts_on=contract.starts_on if contract else None,
        ends_on=contract.ends_on if contract else None,
    )
