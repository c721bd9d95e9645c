"""What the simulation room does: it reads terms and what the tenant has in force, and writes nothing."""

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from aftersales.access import require
from aftersales.contracts import fields
from aftersales.kit.errors import InvalidInput
from aftersales.kit.guards import today
from aftersales.kit.text import NAME_LIMIT, clean_text
from aftersales.parties.regions import check_region
from aftersales.planned.planner import own_rules, working_days
from aftersales.plans import service as plans
from aftersales.plans.models import ServicePlan
from aftersales.revisits import queries as revisit_queries
from aftersales.revisits.owing import rule_of
from aftersales.scope import TenantWork
from aftersales.simulation import rules
from aftersales.simulation.commands import SimulateContract
from aftersales.simulation.comparing import compare
from aftersales.simulation.values import Assumptions, RevisitInForce, SimulatedChange, Simulation
from aftersales.terms.playbook import VerticalPlaybook
from aftersales.training.curricula import courses_under


class SimulatedContract(Struct, frozen=True, kw_only=True):
    """A contract's life under a plan (None: the vertical's own terms), and what is otherwise than under another."""

    vertical: str
    plan: ServicePlan | None
    simulation: Simulation
    compared_with: ServicePlan | None = None
    changes: tuple[SimulatedChange, ...] = ()


async def simulate_contract(uow: TenantWork, command: SimulateContract) -> SimulatedContract:
    """Every date and promise that a contract would come to over its life, before it is signed.

    REQUIRED without vertical or plan, VERTICAL_NOT_ENABLED, NOT_FOUND for a plan that there isn't,
    PLAN_OF_OTHER_VERTICAL, PERIOD_INVERTED, PERIOD_TOO_LONG, YEAR_INVALID, REGION_UNKNOWN, for fields what
    `contracts.fields` refuses (one that is missing is told, not refused), and what `rules.assumed_events` and
    `rules.assumed_assets` refuse.
    """
    require(uow.actor, "contract.manage")
    rules.check_days(
        command.starts_on, command.ends_on, command.until,
        {"commissioningDue": command.commissioning_due, "guaranteesFrom": command.guarantees_from},
    )  # fmt: skip
    present = today(uow.now, uow.scope.time_zone)
    vertical, plan, terms = await _terms(uow, command, present)
    events = rules.assumed_events(terms, command.events)
    simulation = rules.simulate(*await _assume(uow, command, terms, present, events, command.fields))
    other = await _compared(uow, command, vertical, present)
    if other is None:
        return SimulatedContract(vertical=vertical, plan=plan, simulation=simulation)
    # What only the one plan knows can't be assumed of the other.
    known = rules.known_events(other[1])
    shared = {event: day for event, day in events.items() if event in known}
    stating = {found.field for found in other[1].required_fields if found.of == "contract"}
    told = {name: value for name, value in command.fields.items() if name in stating}
    before = rules.simulate(*await _assume(uow, command, other[1], present, shared, told))
    return SimulatedContract(
        vertical=vertical, plan=plan, simulation=simulation, compared_with=other[0],
        changes=compare(before, simulation),
    )  # fmt: skip


async def _terms(
    uow: TenantWork, command: SimulateContract, present: date
) -> tuple[str, ServicePlan | None, VerticalPlaybook]:
    if command.service_plan_id is not None:
        return await _plan(uow, command.service_plan_id, command.vertical, "servicePlanId")
    if command.vertical is None:
        raise InvalidInput("REQUIRED", field="vertical", field_name="vertical")
    plan, terms = await plans.terms_on(uow, command.vertical, present)
    uow.scope.enabled(command.vertical)
    return command.vertical, plan, terms


async def _plan(
    uow: TenantWork, plan_id: UUID, vertical: str | None, field: str
) -> tuple[str, ServicePlan, VerticalPlaybook]:
    plan = await uow.get(ServicePlan, plan_id)
    if vertical is not None and plan.vertical != vertical:
        raise InvalidInput("PLAN_OF_OTHER_VERTICAL", field=field, vertical=plan.vertical)
    uow.scope.enabled(plan.vertical)
    return plan.vertical, plan, await plans.plan_terms(uow, plan)


async def _compared(
    uow: TenantWork, command: SimulateContract, vertical: str, present: date
) -> tuple[ServicePlan | None, VerticalPlaybook] | None:
    if command.compared_with_plan_id is not None:
        _, plan, terms = await _plan(uow, command.compared_with_plan_id, vertical, "comparedWithPlanId")
        return plan, terms
    return await plans.terms_on(uow, vertical, present) if command.compared_with_present else None


async def _assume(
    uow: TenantWork,
    command: SimulateContract,
    offered: VerticalPlaybook,
    present: date,
    events: dict[str, date],
    given: dict[str, Any],
) -> tuple[VerticalPlaybook, Assumptions]:
    """The terms with what the contract states, and the facts, together with what the tenant has in force."""
    stated = fields.stated(offered, given, complete=False)
    terms = fields.under(offered, stated)
    revisits = [plan for plan in await revisit_queries.active_plans(uow) if plan.vertical == terms.vertical]
    return terms, Assumptions(
        starts_on=command.starts_on,
        signed_on=min(present, command.starts_on),
        zone=ZoneInfo(uow.scope.time_zone),
        ends_on=command.ends_on,
        until=command.until,
        events=events,
        assets=rules.assumed_assets(terms, command.assets),
        region=check_region(command.region),
        tier=clean_text(command.tier, "tier", NAME_LIMIT) or None,
        fields=stated,
        commissioning_due=command.commissioning_due,
        guarantees_from=command.guarantees_from,
        own_rules=(await own_rules(uow)).get(terms.vertical, ()),
        courses=tuple((await courses_under(uow, terms)).values()),
        revisits=tuple(RevisitInForce(rule=rule_of(plan), starts_on=plan.starts_on) for plan in revisits),
        is_working=working_days(uow, terms),
    )
