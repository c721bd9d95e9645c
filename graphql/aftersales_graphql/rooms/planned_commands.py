"""What is done about planned work; what will fall due, the board, and proposals."""

from datetime import date, datetime

import strawberry

from aftersales.feeds import service as feeds
from aftersales.kit.errors import InvalidInput
from aftersales.planned import proposals, service
from aftersales.planned.commands import ProposeVisits
from aftersales_graphql.language import told
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Ref
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.assets import Asset
from aftersales_graphql.rooms.commands import command, id_given
from aftersales_graphql.rooms.contracts import ServiceContract
from aftersales_graphql.rooms.planned import CalendarFeed, LoggedOccurrence, MaintenanceRule, PlannedObligation
from aftersales_graphql.rooms.work import Engineer, ServiceAppointment
from aftersales_graphql.rooms.work_commands import DispatchProposal, proposal_of


@strawberry.type(description="Something that falls due: stored already (`obligation`), or beyond the horizon.")
class PlannedVisit:
    code: str
    name: str = strawberry.field(description="In the caller's language.")
    clause: str | None
    kind: str
    opens_on: date
    due_on: date | None
    planned_on: date | None = strawberry.field(description="The day before it was moved off a day of rest.")
    free: bool
    provider: str
    state: str = strawberry.field(description="`computed` while nothing is stored yet.")
    asset: Asset | None
    contract: ServiceContract | None
    obligation: PlannedObligation | None


@strawberry.type(description="A certificate and its last valid day.")
class BoardCertificate:
    certificate: str
    valid_until: date


@strawberry.type(description="A visit on the board.")
class BoardAppointment:
    appointment: ServiceAppointment | None
    window_start: datetime
    window_end: datetime
    state: str
    confirmed: bool


@strawberry.type(description="One engineer's days: what the engineer can do, where, and how much is planned.")
class BoardRow:
    engineer: Engineer | None
    skills: list[str]
    regions: list[str]
    unit: str | None
    authorised: bool = strawberry.field(description="Whether the unit may make visits that need an authorised one.")
    certificates: list[BoardCertificate]
    load: int
    visits: list[BoardAppointment]


@strawberry.type(description="Obligations that can be kept in one go: a city's, or a day's, and who could go.")
class VisitProposal:
    group: str
    day: date = strawberry.field(description="The last day on which nothing of it is late.")
    obligations: list[PlannedObligation]
    candidates: list[DispatchProposal]


@query()
async def planned_visits(
    call: Call,
    first: date,
    last: date,
    asset_id: strawberry.ID | None = None,
    contract_id: strawberry.ID | None = None,
    customer_id: strawberry.ID | None = None,
) -> list[PlannedVisit]:
    """What falls due from `first` to `last` for an asset, a contract or a customer, however far ahead.

    Customers are told their own without saying who they are.
    """
    found = await service.planned_between(
        call.uow,
        first,
        last,
        asset_id=None if asset_id is None else id_given("Asset", asset_id, "assetId"),
        contract_id=None if contract_id is None else id_given("ServiceContract", contract_id, "contractId"),
        customer_id=None if customer_id is None else id_given("Customer", customer_id, "customerId"),
    )
    return [
        PlannedVisit(
            code=one.cadence.code,
            name=told(one.cadence.label, call.language),
            clause=one.cadence.clause,
            kind=one.cadence.kind,
            opens_on=one.opens_on,
            due_on=one.due_on,
            planned_on=one.planned_on,
            free=one.cadence.free if row is None else row.free,
            provider=one.cadence.provider,
            state="computed" if row is None else row.state,
            asset=None if plan.asset_id is None else Ref(Asset, plan.asset_id),  # type: ignore[arg-type]
            contract=None if plan.contract_id is None else Ref(ServiceContract, plan.contract_id),  # type: ignore[arg-type]
            obligation=None if row is None else Ref(PlannedObligation, row.id),  # type: ignore[arg-type]
        )
        for plan, one, row in found
    ]


@query()
async def planning_board(call: Call, first: date, last: date) -> list[BoardRow]:
    """Who is where from `first` to `last`: every active engineer with skills, certificates, regions, load, visits."""
    return [
        BoardRow(
            engineer=Ref(Engineer, row.engineer_id),  # type: ignore[arg-type]
            skills=list(row.skills),
            regions=list(row.regions),
            unit=row.unit,
            authorised=row.authorised,
            certificates=[
                BoardCertificate(certificate=name, valid_until=day) for name, day in sorted(row.certificates.items())
            ],
            load=row.load,
            visits=[
                BoardAppointment(
                    appointment=Ref(ServiceAppointment, visit.id),  # type: ignore[arg-type]
                    window_start=datetime.fromisoformat(visit.window_start),
                    window_end=datetime.fromisoformat(visit.window_end),
                    state=visit.state,
                    confirmed=visit.confirmed,
                )
                for visit in row.visits
            ],
        )
        for row in await proposals.planning_board(call.uow, first, last)
    ]


@query()
async def visit_proposals(
    call: Call, first: date, last: date, by: str = "route", work_type: str | None = None
) -> list[VisitProposal]:
    """What falls due from `first` to `last` without a visit, grouped `by` route or day, with the best who could go.

    They need the skills and certificates of `workType`, by default of the type with the code of what is owed.
    """
    if by not in {"route", "day"}:
        raise InvalidInput("VALUE_UNKNOWN", field="by", field_name="by", value=by, known="route, day")
    found = await service.propose_visits(
        call.uow, ProposeVisits(first=first, last=last, by="day" if by == "day" else "route", work_type=work_type)
    )
    return [
        VisitProposal(
            group=group.group,
            day=group.day,
            obligations=[Ref(PlannedObligation, one) for one in group.obligations],  # type: ignore[misc]
            candidates=[proposal_of(candidate, call) for candidate in group.candidates],
        )
        for group in found
    ]


@root
class PlannedAnswerQueries:
    planned_visits = planned_visits
    planning_board = planning_board
    visit_proposals = visit_proposals


@root
class PlannedMutations:
    set_maintenance_rule = command(service.set_maintenance_rule, returns=MaintenanceRule, under="rule")
    end_maintenance_rule = command(service.end_maintenance_rule, returns=MaintenanceRule, under="rule")
    log_occurrence = command(service.log_occurrence, returns=LoggedOccurrence, under="occurrence")
    plan_extra_visit = command(service.plan_extra_visit, returns=PlannedObligation, under="obligation")
    schedule_visit = command(service.schedule_visit, returns=ServiceAppointment, under="appointment")
    record_present = command(service.record_present, returns=PlannedObligation, under="obligation")
    fulfil_obligation = command(service.fulfil_obligation, returns=PlannedObligation, under="obligation")
    open_feed = command(
        feeds.open_feed, returns=CalendarFeed, under="feed",
        also={"path": (str, lambda done: done.path)},
    )  # fmt: skip
    revoke_feed = command(feeds.revoke_feed, returns=CalendarFeed, under="feed")
