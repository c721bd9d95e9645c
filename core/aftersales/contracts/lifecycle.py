"""A contract's life: events with their days, phases in order, approvals of both parties."""

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from aftersales.access import may, require
from aftersales.assets.models import Asset
from aftersales.calendars.windows import end_of_day
from aftersales.contracts import lifecycle_rules as rules
from aftersales.contracts import queries
from aftersales.contracts.commands import ApproveContractStep, EnterPhase, RecordContractEvent
from aftersales.contracts.models import ContractApproval, ServiceContract
from aftersales.contracts.tasks import start_tasks
from aftersales.contracts.terms import terms_of
from aftersales.coverage.compiling import agreed_terms
from aftersales.journal import service as journal
from aftersales.kit.errors import AftersalesError, Forbidden, InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import happened_on, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.terms.coverage import ContractParty, LifecyclePhase
from aftersales.terms.playbook import VerticalPlaybook

THE_CONTRACT: Final = "contract"
"""The step that stands for the contract itself: both parties sign it."""
ACCEPTANCE: Final = "acceptance"


async def record_contract_event(uow: TenantWork, command: RecordContractEvent) -> ServiceContract:
    """Note on which day something happened to a contract; what a phase is entered on, enters it.

    CONTRACT_EVENT_UNKNOWN, CONTRACT_EVENT_TWICE, INSTANT_IN_FUTURE, CONTRACT_EVENTS_DISORDERED, PHASE_OUT_OF_ORDER,
    PHASE_STEP_MISSING, CUSTOMER_MUST_SIGN (P03-07), APPROVAL_OF_BOTH_REQUIRED (P03-06), CONTRACT_ENDED, NOT_FOUND for
    another customer's contract, VERSION_STALE.
    """
    contract = await at_hand(uow, command.contract_id, command.expected_version)
    terms = terms_of(uow.scope, contract.vertical, contract)
    if command.event not in rules.known_events(terms):
        known = ", ".join(rules.known_events(terms))
        raise InvalidInput("CONTRACT_EVENT_UNKNOWN", field="event", value=command.event, known=known)
    entered = next((phase for phase in rules.phases_of(terms) if phase.entered_on == command.event), None)
    if entered is not None:
        return await _enter(uow, contract, terms, entered, command.on, command.evidence)
    found = rules.step_of(terms, command.event)
    step = found[1] if found else None
    _check_signer(uow, contract, command.event, customer_signs=step is not None and step.customer_signs)
    if await _told_by_asset(uow, contract, command.event, command.on):
        return contract
    on = _check_day(uow, contract, terms, command.event, command.on)
    rules.check_step(terms, contract.phase, command.event, contract.start_events)
    if step is not None:
        await _check_approvals(uow, contract, command.event, step.approved_by)
    await _note_event(uow, contract, terms, command.event, on, command.evidence)
    if step is not None:
        await start_tasks(uow, contract, step.tasks, on)
    return contract


async def enter_phase(uow: TenantWork, command: EnterPhase) -> ServiceContract:
    """Enter the next phase on a day. PHASE_UNKNOWN, PHASE_COMES_BY_ITSELF, and like `record_contract_event`."""
    contract = await at_hand(uow, command.contract_id, command.expected_version)
    terms = terms_of(uow.scope, contract.vertical, contract)
    phase = rules.phase_of(terms, command.phase)
    if phase is None:
        known = ", ".join(found.code for found in rules.phases_of(terms))
        raise InvalidInput("PHASE_UNKNOWN", field="phase", value=command.phase, known=known)
    return await _enter(uow, contract, terms, phase, command.on, command.evidence)


async def approve_contract_step(uow: TenantWork, command: ApproveContractStep) -> ContractApproval:
    """The caller's party agrees: a customer's member for the customer, staff with `contract.manage` for the company.

    When both have signed a contract that waits for it, it begins to hold. STEP_NEEDS_NO_APPROVAL, APPROVED_ALREADY,
    CONTRACT_SIGNED_ALREADY, FORBIDDEN, NOT_FOUND for another customer's contract.
    """
    if uow.actor.customer_id is None:
        require(uow.actor, "contract.manage")
    contract = await locked(uow, ServiceContract, command.contract_id)
    party = _party(uow, contract)
    if contract.state == "ended":
        raise StateRefused("CONTRACT_ENDED", field="contractId")
    terms = terms_of(uow.scope, contract.vertical, contract)
    if command.step == THE_CONTRACT:
        if contract.state != "pending":
            raise StateRefused("CONTRACT_SIGNED_ALREADY", field="step")
    else:
        needing = [step.event for phase in rules.phases_of(terms) for step in phase.steps if step.approved_by]
        if command.step not in needing:
            known = ", ".join((THE_CONTRACT, *needing))
            raise InvalidInput("STEP_NEEDS_NO_APPROVAL", field="step", value=command.step, known=known)
    evidence = clean_text(command.evidence, "evidence", BODY_LIMIT)
    given = {found.party for found in await queries.approvals_of(uow, contract.id, command.step)}
    if party in given:
        raise StateRefused("APPROVED_ALREADY", field="step")
    approval = approve(uow, contract, command.step, party, evidence)
    await _note(uow, "contract.approved", contract, {"step": command.step, "party": party})
    if command.step == THE_CONTRACT and {*given, party} == {"company", "customer"}:
        contract.state = "active"
        await signed(uow, contract, terms)
    return approval


def approve(
    uow: TenantWork, contract: ServiceContract, step: str, party: ContractParty, evidence: str
) -> ContractApproval:
    """Keep a party's yes."""
    return uow.add(
        ContractApproval(
            id=new_id(), contract_id=contract.id, step=step, party=party, evidence=evidence, actor=uow.actor.label,
            approved_at=uow.now,
        )
    )  # fmt: skip


async def signed(uow: TenantWork, contract: ServiceContract, terms: VerticalPlaybook) -> None:
    """The contract holds from now on: tell, and enter the phase that begins with the signature."""
    await _note(
        uow, "contract.signed", contract,
        {"number": contract.number, "targets": len(contract.terms.get("targets", ())), "revision": contract.revision},
    )  # fmt: skip
    first = rules.following(terms, None)
    if first is not None and first.entered_on == rules.SIGNED:
        await _move(uow, contract, terms, first, contract.starts_on)
    refresh(uow, contract, terms)


def refresh(uow: TenantWork, contract: ServiceContract, terms: VerticalPlaybook) -> None:
    """Work out anew when the free term ends, and when the phase after it begins by itself."""
    zone = ZoneInfo(uow.scope.time_zone)
    events = {event: date.fromisoformat(day) for event, day in contract.start_events.items()}
    promised = rules.promised_terms(terms, agreed_terms(contract.terms))
    contract.free_until = rules.last_free_day(promised, events, zone, contract.ends_on)
    after = rules.following(terms, contract.phase)
    by_itself = after is not None and after.entered_on == rules.TERM_OVER and contract.state == "active"
    due = by_itself and contract.free_until is not None
    contract.phase_due_at = end_of_day(contract.free_until, zone) if due and contract.free_until else None


async def at_hand(uow: TenantWork, contract_id: UUID, expected_version: int | None) -> ServiceContract:
    """An active contract that the caller may act on, locked; CONTRACT_ENDED, CONTRACT_NOT_SIGNED, NOT_FOUND."""
    if uow.actor.customer_id is None and not may(uow.actor, "asset.manage"):
        require(uow.actor, "contract.manage")
    _party(uow, await uow.get(ServiceContract, contract_id))
    contract = await locked(uow, ServiceContract, contract_id, expected_version)
    check_active(contract)
    return contract


def check_active(contract: ServiceContract) -> None:
    """CONTRACT_ENDED, or CONTRACT_NOT_SIGNED while a party's signature is missing."""
    if contract.state == "pending":
        raise StateRefused("CONTRACT_NOT_SIGNED", field="contractId")
    if contract.state != "active":
        raise StateRefused("CONTRACT_ENDED", field="contractId")


async def begin_due_phase(uow: TenantWork, contract: ServiceContract) -> bool:
    """Enter the phase that follows from the end of the longest term; whether one was entered."""
    terms = terms_of(uow.scope, contract.vertical, contract)
    refresh(uow, contract, terms)
    present = today(uow.now, uow.scope.time_zone)
    phase = rules.phase_on(terms, contract.phase, contract.free_until, present)
    if phase is None or phase.code == contract.phase or contract.free_until is None:
        return False
    await _move(uow, contract, terms, phase, date.fromordinal(contract.free_until.toordinal() + 1))
    return True


async def _enter(
    uow: TenantWork,
    contract: ServiceContract,
    terms: VerticalPlaybook,
    phase: LifecyclePhase,
    on: date | None,
    evidence: str | None,
) -> ServiceContract:
    _check_signer(uow, contract, phase.entered_on, customer_signs=phase.customer_signs)
    if phase.code == contract.phase and await _told_by_asset(uow, contract, phase.entered_on, on):
        return contract
    rules.check_entry(terms, contract.phase, phase, contract.start_events)
    if phase.entered_on in rules.BY_ITSELF:
        raise StateRefused("PHASE_COMES_BY_ITSELF", field="phase", value=phase.code)
    day = _check_day(uow, contract, terms, phase.entered_on, on)
    await _note_event(uow, contract, terms, phase.entered_on, day, evidence)
    await _move(uow, contract, terms, phase, day)
    return contract


async def _move(
    uow: TenantWork, contract: ServiceContract, terms: VerticalPlaybook, phase: LifecyclePhase, on: date
) -> None:
    previous, contract.phase, contract.phase_since = contract.phase, phase.code, on
    refresh(uow, contract, terms)
    await _note(
        uow, "contract.phase_entered", contract,
        {"phase": phase.code, "on": on, "previous": previous, "billable": phase.billable, "clause": phase.clause},
    )  # fmt: skip
    await start_tasks(uow, contract, phase.tasks, on)


async def asset_accepted(uow: TenantWork, contract: ServiceContract, asset: Asset) -> None:
    """An accepted asset is its contract's acceptance, where the contract names that asset and nothing else.

    What the customer alone may confirm is put before it, in the journal. A contract with an acceptance of its own, and
    one whose life hasn't come as far as that, stay as they are.
    """
    if ACCEPTANCE in contract.start_events or asset.accepted_on is None or not await _names_only(uow, contract, asset):
        return
    terms = terms_of(uow.scope, contract.vertical, contract)
    entered = next((phase for phase in rules.phases_of(terms) if phase.entered_on == ACCEPTANCE), None)
    found = rules.step_of(terms, ACCEPTANCE)
    try:
        if entered is not None:
            rules.check_entry(terms, contract.phase, entered, contract.start_events)
        rules.check_step(terms, contract.phase, ACCEPTANCE, contract.start_events)
        rules.check_dates(terms, ACCEPTANCE, asset.accepted_on, contract.start_events)
    except AftersalesError:
        return
    if (entered is not None and entered.customer_signs) or (found is not None and found[1].customer_signs):
        data: dict[str, object] = {"event": ACCEPTANCE, "on": asset.accepted_on, "asset": asset.number}
        await _note(uow, "contract.confirmation_awaited", contract, data)
        return
    await _note_event(uow, contract, terms, ACCEPTANCE, asset.accepted_on, asset.number)
    if entered is not None:
        await _move(uow, contract, terms, entered, asset.accepted_on)


async def _told_by_asset(uow: TenantWork, contract: ServiceContract, event: str, on: date | None) -> bool:
    """Whether a contract's acceptance of that day was taken from its asset: saying it again changes nothing."""
    day = (on or today(uow.now, uow.scope.time_zone)).isoformat()
    if event != ACCEPTANCE or contract.start_events.get(event) != day:
        return False
    lines = await queries.lines_of(uow, contract.id)
    if len(lines) != 1 or lines[0].asset_id is None:
        return False
    accepted_on = (await uow.get(Asset, lines[0].asset_id)).accepted_on
    return accepted_on is not None and accepted_on.isoformat() == day


async def _names_only(uow: TenantWork, contract: ServiceContract, asset: Asset) -> bool:
    lines = await queries.lines_of(uow, contract.id)
    return [line.asset_id for line in lines] == [asset.id]


def _check_day(
    uow: TenantWork, contract: ServiceContract, terms: VerticalPlaybook, event: str, given: date | None
) -> date:
    on = happened_on(uow.now, uow.scope.time_zone, given, "on")
    known = contract.start_events.get(event)
    if known is not None:
        raise StateRefused("CONTRACT_EVENT_TWICE", field="event", value=event, day=known)
    rules.check_dates(terms, event, on, contract.start_events)
    return on


def _check_signer(uow: TenantWork, contract: ServiceContract, event: str, *, customer_signs: bool) -> None:
    """Only the customer confirms what the text leaves to it (P03-07); the rest is noted by who manages assets."""
    own = uow.actor.customer_id is not None and uow.actor.customer_id == contract.customer_id
    if customer_signs and not own:
        raise Forbidden("CUSTOMER_MUST_SIGN", field="contractId", value=event)
    if not customer_signs and not may(uow.actor, "asset.manage"):
        require(uow.actor, "contract.manage")


async def _check_approvals(
    uow: TenantWork, contract: ServiceContract, step: str, parties: Iterable[ContractParty]
) -> None:
    wanted = list(parties)
    if not wanted:
        return
    given = {found.party for found in await queries.approvals_of(uow, contract.id, step)}
    missing = [party for party in wanted if party not in given]
    if missing:
        raise StateRefused("APPROVAL_OF_BOTH_REQUIRED", field="event", value=step, missing=", ".join(missing))


def _party(uow: TenantWork, contract: ServiceContract) -> ContractParty:
    """For which party the caller acts; others' contracts don't exist for a customer."""
    customer_id = uow.actor.customer_id
    if customer_id is None:
        return "company"
    if customer_id != contract.customer_id:
        raise NotFound("NOT_FOUND", field="contractId", thing="ServiceContract")
    return "customer"


async def _note_event(
    uow: TenantWork, contract: ServiceContract, terms: VerticalPlaybook, event: str, on: date, evidence: str | None
) -> None:
    said = clean_text(evidence, "evidence", BODY_LIMIT)
    contract.start_events = {**contract.start_events, event: on.isoformat()}
    refresh(uow, contract, terms)
    await _note(uow, "contract.event_recorded", contract, {"event": event, "on": on, "evidence": said or None})


async def _note(uow: TenantWork, kind: str, contract: ServiceContract, data: dict[str, object]) -> None:
    await journal.record(
        uow, kind, subject_type="contract", subject_id=contract.id, customer_id=contract.customer_id, data=data,
        vertical=contract.vertical,
    )  # fmt: skip
