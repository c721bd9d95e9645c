"""What training does when something happened elsewhere: courses fall due, and what waits for them is refused."""

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from aftersales.assets.models import Asset
from aftersales.contracts.models import ServiceContract
from aftersales.contracts.queries import counting, lines_of
from aftersales.journal.models import Event
from aftersales.journal.reactions import after
from aftersales.kit.errors import StateRefused
from aftersales.kit.guards import today
from aftersales.kit.text import TITLE_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.terms.planned import Curriculum
from aftersales.tickets.models import Ticket
from aftersales.training import queries, rules
from aftersales.training.assessment import unready
from aftersales.training.curricula import course_of, courses_in_force
from aftersales.training.duties import close_window, drop, owe
from aftersales.training.people import check_trained
from aftersales.training.visits import check_taught
from aftersales.work.models import ServiceAppointment

LINE_ADDED: Final = "contract.line_added"


@after("asset.accepted")
async def acceptance(uow: TenantWork, event: Event) -> None:
    """Acceptance waits for those whom the customer named (P08-01); then its courses fall due (P09-29, P09-30)."""
    asset = await uow.get(Asset, event.subject_id)
    accepted_on = asset.accepted_on or today(event.at, uow.scope.time_zone)
    contract = await counting(
        uow, customer_id=asset.customer_id, vertical=asset.vertical, asset_id=asset.id, asset_type=asset.asset_type,
        today=accepted_on,
    )  # fmt: skip
    courses = await courses_in_force(uow, asset.vertical, contract)
    types = await queries.asset_types(uow, asset.id)
    fitting = [course for course in courses.values() if rules.attached(course, types)]
    await _check_gate(
        uow, fitting, frozenset({"acceptance"}), accepted_on, asset.customer_id, asset.vertical, asset=asset
    )
    venue = clean_text(event.data.get("training_venue"), "trainingVenue", TITLE_LIMIT) or None
    await uow.flush()
    for course in fitting:
        due = course.trigger == "acceptance" and course.given_to == "customer"
        if event.data.get("taken_over") and rules.is_past(course, accepted_on, today(uow.now, uow.scope.time_zone)):
            continue
        if due and not await _owed_with_contract(uow, course, asset):
            await owe(
                uow, course, asset.vertical, accepted_on, customer_id=asset.customer_id, asset=asset, venue=venue,
                contract_id=None if contract is None else contract.id,
            )  # fmt: skip


@after("asset.retired")
async def retirement(uow: TenantWork, event: Event) -> None:
    """Nobody needs a course on an asset that is out of service for good."""
    for duty in await queries.duties_of_asset(uow, event.subject_id):
        await drop(uow, duty, "asset retired")


@after("contract.signed", LINE_ADDED)
async def signature(uow: TenantWork, event: Event) -> None:
    """What the signature itself makes due, and what must be held before something that the contract will reach.

    An asset that joins later brings its own courses (P13-32).
    """
    contract = await uow.get(ServiceContract, event.subject_id)
    on = contract.starts_on
    if event.kind == LINE_ADDED:
        on = max(on, today(event.at, uow.scope.time_zone))
    for course in (await courses_in_force(uow, contract.vertical, contract)).values():
        if rules.owed_at_signature(course):
            await _owe_under(uow, course, contract, on)


@after("contract.phase_entered", "contract.event_recorded")
async def phase(uow: TenantWork, event: Event) -> None:
    """A phase waits for those whom the customer named (P08-01); it ends the time for some courses (P11-50, P13-36)
    and makes others due. So does an event of the contract's life that a course names, such as going live or the
    acceptance, whatever phase it begins; what both say happens once.
    """
    contract = await uow.get(ServiceContract, event.subject_id)
    entered, previous = event.data.get("phase") or event.data["event"], event.data.get("previous")
    on = date.fromisoformat(event.data["on"])
    courses = await courses_in_force(uow, contract.vertical, contract)
    gates = rules.gated_by(entered)
    await _check_gate(
        uow, courses.values(), gates, on, contract.customer_id, contract.vertical, contract_id=contract.id
    )
    await uow.flush()
    for duty in await queries.duties_of_contract(uow, contract.id):
        course = await course_of(uow, duty)
        if duty.state == "due" and rules.is_over_at(course, entered, previous):
            await close_window(uow, duty, on, f"phase {entered}")
    accepted = entered == "acceptance" and any(asset.accepted_on for asset in await _assets_of(uow, contract))
    for course in courses.values():
        # An asset that was accepted by itself made its own courses due.
        standing = accepted and course.trigger == "acceptance"
        if course.given_to == "customer" and rules.falls_due_at(course, entered) and not standing:
            await _owe_under(uow, course, contract, on)


@after("contract.ended")
async def end(uow: TenantWork, event: Event) -> None:
    """What was only tracked isn't owed beyond the contract; what had its day stays."""
    for duty in await queries.duties_of_contract(uow, event.subject_id):
        course = await course_of(uow, duty)
        if duty.state == "due" and course.due_days is None and duty.trigger in ("contract", "handover", "phase"):
            await drop(uow, duty, "contract ended")


@after("ticket.assigned")
async def assignment(uow: TenantWork, event: Event) -> None:
    """Nobody is sent who wasn't trained (P01-08)."""
    ticket = await uow.get(Ticket, event.subject_id)
    engineer_id = UUID(event.data["engineer_id"])
    await check_trained(uow, engineer_id, ticket.vertical, today(uow.now, uow.scope.time_zone))


@after("visit.planned", "visit.dispatched")
async def visit_planned(uow: TenantWork, event: Event) -> None:
    """Nobody is sent who won't be trained on the day of the visit (P01-08)."""
    visit = await uow.get(ServiceAppointment, event.subject_id)
    ticket = await uow.get(Ticket, visit.ticket_id)
    await check_trained(uow, visit.engineer_id, ticket.vertical, today(visit.window_start, uow.scope.time_zone))


@after("visit.done")
async def visit_done(uow: TenantWork, event: Event) -> None:
    """A visit is complete when what it owes was taught (P12-19)."""
    visit = await uow.get(ServiceAppointment, event.subject_id)
    ticket = await uow.get(Ticket, visit.ticket_id)
    await check_taught(uow, visit, ticket)


async def _check_gate(
    uow: TenantWork,
    courses: Iterable[Curriculum],
    gates: frozenset[str],
    on: date,
    customer_id: UUID,
    vertical: str,
    *,
    asset: Asset | None = None,
    contract_id: UUID | None = None,
) -> None:
    """TRAINING_GATE_CLOSED names the people who were named and haven't passed; nobody named, nobody waits."""
    gating = [course for course in courses if course.gate in gates]
    if not gating:
        return
    people = await queries.people(
        uow, vertical, on, customer_id=customer_id, asset_id=None if asset is None else asset.id,
        contract_id=contract_id,
    )  # fmt: skip
    for course in gating:
        missing = await unready(uow, course, vertical, people, on)
        if missing:
            raise StateRefused(
                "TRAINING_GATE_CLOSED", curriculum=course.code, clause=course.clause or "", count=len(missing),
                people=", ".join(missing),
            )  # fmt: skip


async def _assets_of(uow: TenantWork, contract: ServiceContract) -> list[Asset]:
    """The assets that a contract names one by one."""
    lines = await lines_of(uow, contract.id)
    return [await uow.get(Asset, line.asset_id) for line in lines if line.asset_id is not None]


async def _owed_with_contract(uow: TenantWork, course: Curriculum, asset: Asset) -> bool:
    """Whether the acceptance of a contract that names the asset, or its type, has made the course due already."""
    for duty in await queries.due_for(uow, course.code, customer_id=asset.customer_id):
        if duty.trigger == "acceptance" and duty.asset_id is None and duty.contract_id is not None:
            lines = await lines_of(uow, duty.contract_id)
            if any(line.asset_id == asset.id or line.asset_type == asset.asset_type for line in lines):
                return True
    return False


async def _owe_under(uow: TenantWork, course: Curriculum, contract: ServiceContract, on: date) -> None:
    """Owe a course once under a contract, or once for each of its assets where the course is one per asset."""
    await uow.flush()
    standing = {
        duty.asset_id
        for duty in await queries.duties_of_contract(uow, contract.id)
        if duty.curriculum == course.code and duty.trigger == course.trigger and duty.state != "cancelled"
    }
    assets: list[Asset | None] = [None]
    if course.per_asset or course.asset_types:
        found = await _assets_of(uow, contract)
        fitting = [asset for asset in found if rules.attached(course, await queries.asset_types(uow, asset.id))]
        assets = list(fitting) if course.per_asset else [None] if fitting else []
    for asset in assets:
        if (None if asset is None else asset.id) not in standing:
            await owe(
                uow, course, contract.vertical, on, customer_id=contract.customer_id, contract_id=contract.id,
                asset=asset,
            )  # fmt: skip
