"""What of planned work the company has: a rule of its own, hail, an obligation with a visit, a feed."""

from typing import Any

from aftersales.planned import planner, queries
from aftersales_graphql.machine.relay import decode_id


async def plan_something(company: Any) -> None:
    """A rule, an event that a cadence waits for, the heater's plan with its obligations, and the customer's feed."""
    owner, ids = company.owner, company.ids
    rule = await owner.do(
        "setMaintenanceRule", "rule { id }", vertical="solar", code="storm", name="After a storm", kind="inspection",
        anchor="acceptance", onEvents=["storm"], effectiveFrom="2026-06-10",
    )  # fmt: skip
    ids["MaintenanceRule"] = rule["rule"]["id"]
    event = await owner.do(
        "logOccurrence", "occurrence { id }", vertical="solar", code="storm", description="Hail", regions=["32"]
    )
    ids["LoggedOccurrence"] = event["occurrence"]["id"]
    async with company.tenant.work() as uow:
        plans = await queries.plans_of(uow, [decode_id(ids["Asset"])[1]])
        await planner.materialise(uow, plans)
    found = await owner.ask(
        '{ plannedObligations(first: 1, filter: {code: {eq: "maintenance"}}) { nodes { id } }'
        " maintenancePlans(first: 1) { nodes { id } } }"
    )
    ids["PlannedObligation"] = found["plannedObligations"]["nodes"][0]["id"]
    ids["MaintenancePlan"] = found["maintenancePlans"]["nodes"][0]["id"]
    feed = await owner.do("openFeed", "feed { id } path", customerId=ids["Customer"])
    ids["CalendarFeed"] = feed["feed"]["id"]
