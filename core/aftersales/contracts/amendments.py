"""Changes of what was signed: each is a further revision, and earlier days keep what was promised on them.

One that takes effect later waits with the contract, with the terms that were agreed, until its day begins.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct

from aftersales.access import require
from aftersales.assets.rules import start_of_day
from aftersales.contracts import fields, lifecycle, queries, rules
from aftersales.contracts.commands import AmendContract, RenewContract, WithdrawAmendment
from aftersales.contracts.models import ContractRevision, ServiceContract
from aftersales.contracts.terms import put_under, terms_of
from aftersales.journal import service as journal
from aftersales.kit.entities import encode, json_text
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.kit.guards import happened_on, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, clean_text
from aftersales.plans import service as plans
from aftersales.plans import snapshots
from aftersales.plans.rules import differences
from aftersales.scope import TenantWork
from aftersales.terms.playbook import VerticalPlaybook

MOST_DIFFERENCES: Final = 1000
LAST_DAY: Final = date(9000, 1, 1)
"""The latest day from which a contract may be changed: terms that begin on it still end within the calendar."""


class Coming(Struct, frozen=True, kw_only=True):
    """An amendment that was agreed and waits for its day, as the contract keeps it."""

    effective_from: date
    terms_id: UUID
    service_plan_id: UUID | None
    fields: dict[str, Any]
    terms: dict[str, Any]
    differences: list[dict[str, Any]]
    reason: str
    actor: str


async def amend_contract(uow: TenantWork, command: AmendContract) -> ServiceContract:
    """Change what a contract promises from a day on, with a reason; on a day that comes it waits until then.

    CONTRACT_ENDED, AMENDMENT_EMPTY, AMENDMENT_BEFORE_LAST, AMENDMENT_WAITING while another one waits for its day,
    AMENDMENT_AFTER_END, INSTANT_IMPOSSIBLE, REQUIRED without a reason, VERSION_STALE, TERM_BELOW_STATUTORY_FLOOR, and
    what `fields.stated` and `rules.contract_targets` refuse.
    """
    require(uow.actor, "contract.manage")
    contract = await locked(uow, ServiceContract, command.contract_id, command.expected_version)
    lifecycle.check_active(contract)
    await settle(uow, contract)
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    present = today(uow.now, uow.scope.time_zone)
    day = command.effective_from or present
    if day <= present:
        happened_on(uow.now, uow.scope.time_zone, day, "effectiveFrom")
    _check_last_day(contract, day)
    first = contract.effective_from or contract.starts_on
    if day < first:
        raise InvalidInput("AMENDMENT_BEFORE_LAST", field="effectiveFrom", day=first.isoformat())
    before = terms_of(uow.scope, contract.vertical, contract)
    base, plan_id = before, contract.service_plan_id
    if command.adopt_plan:
        plan, base = await plans.terms_on(uow, contract.vertical, day)
        plan_id = plan.id if plan else None
    own = {name: value for name, value in contract.fields.items() if name not in fields.ENGINES_OWN}
    kept = {name: value for name, value in contract.fields.items() if name in fields.ENGINES_OWN}
    told = {**own, **(command.fields or {})}
    values = fields.stated(base, told if command.fields or command.adopt_plan else own)
    after = fields.under(base, values)
    agreed = dict(contract.terms)
    if command.targets is not None:
        agreed["targets"] = rules.contract_targets(after, command.targets, uow.scope.calendars)
    changes = _changes(before, after, contract, {**kept, **values}, agreed)
    if not changes:
        raise InvalidInput("AMENDMENT_EMPTY", field="contractId")
    agreement = Coming(
        effective_from=day, terms_id=await snapshots.keep(uow, after), service_plan_id=plan_id,
        fields={**kept, **values}, terms=agreed, differences=changes, reason=reason, actor=uow.actor.label,
    )  # fmt: skip
    if day > present:
        await _wait(uow, contract, agreement)
    else:
        await _take_effect(uow, contract, agreement, after)
    return contract


async def withdraw_amendment(uow: TenantWork, command: WithdrawAmendment) -> ServiceContract:
    """Drop the amendment that waits for its day. AMENDMENT_NOT_WAITING, CONTRACT_ENDED, REQUIRED, VERSION_STALE."""
    require(uow.actor, "contract.manage")
    contract = await locked(uow, ServiceContract, command.contract_id, command.expected_version)
    lifecycle.check_active(contract)
    await begin_due(uow, contract)
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    day = contract.coming_on
    if day is None:
        raise StateRefused("AMENDMENT_NOT_WAITING", field="contractId")
    drop_coming(contract)
    await _note(uow, "contract.amendment_withdrawn", contract, {"effective_from": day, "reason": reason})
    return contract


async def settle(uow: TenantWork, contract: ServiceContract) -> None:
    """What waits and is due counts from now on; AMENDMENT_WAITING while one waits for a day that comes: what it was
    agreed on stays as it is until then."""
    await begin_due(uow, contract)
    if contract.coming_on is not None:
        raise StateRefused("AMENDMENT_WAITING", field="contractId", day=contract.coming_on.isoformat())


async def begin_due(uow: TenantWork, contract: ServiceContract) -> bool:
    """Let the amendment count whose day has begun; whether one did. The contract is locked."""
    if contract.coming_on is None or contract.coming_on > today(uow.now, uow.scope.time_zone):
        return False
    coming = msgspec.convert(contract.coming, Coming)
    drop_coming(contract)
    await _take_effect(uow, contract, coming, await snapshots.load(uow, coming.terms_id))
    return True


def drop_coming(contract: ServiceContract) -> None:
    """Nothing waits with the contract any more."""
    contract.coming = contract.coming_on = contract.coming_at = None


def coming_of(contract: ServiceContract) -> Coming | None:
    """The amendment that waits with a contract."""
    return None if contract.coming is None else msgspec.convert(contract.coming, Coming)


async def renew_contract(uow: TenantWork, command: RenewContract) -> ServiceContract:
    """Let a contract run on to a later last day.

    CONTRACT_ENDED, CONTRACT_OPEN_ENDED, RENEWAL_NOT_LONGER, AMENDMENT_WAITING, VERSION_STALE, and what `fields.stated`
    refuses.
    """
    require(uow.actor, "contract.manage")
    contract = await locked(uow, ServiceContract, command.contract_id, command.expected_version)
    lifecycle.check_active(contract)
    await settle(uow, contract)
    reason = clean_text(command.reason, "reason", BODY_LIMIT)
    if contract.ends_on is None:
        raise InvalidInput("CONTRACT_OPEN_ENDED", field="endsOn")
    if command.ends_on <= contract.ends_on:
        raise InvalidInput("RENEWAL_NOT_LONGER", field="endsOn", day=contract.ends_on.isoformat())
    present = max(today(uow.now, uow.scope.time_zone), contract.effective_from or contract.starts_on)
    before = terms_of(uow.scope, contract.vertical, contract)
    after = before
    if command.adopt_plan:
        plan, base = await plans.terms_on(uow, contract.vertical, present)
        contract.service_plan_id = plan.id if plan else None
        own = {name: value for name, value in contract.fields.items() if name not in fields.ENGINES_OWN}
        after = fields.under(base, fields.stated(base, own))
    changes = _changes(before, after, contract, contract.fields, contract.terms)
    changes.insert(0, _changed("ends_on", contract.ends_on, command.ends_on))
    contract.ends_on = command.ends_on
    contract.terms_id = await snapshots.keep(uow, after)
    await _revise(uow, contract, after, "renewed", present, reason, changes)
    return contract


async def terms_as_of(uow: TenantWork, contract: ServiceContract, on: date) -> tuple[VerticalPlaybook, dict[str, Any]]:
    """What a contract promised on a day, with what it agreed on its own: before its first day as on that one."""
    coming = coming_of(contract)
    if coming is not None and on >= coming.effective_from:
        return await snapshots.load(uow, coming.terms_id), coming.terms
    present = terms_of(uow.scope, contract.vertical, contract)
    if contract.revision == 1 or contract.effective_from is None or on >= contract.effective_from:
        return present, contract.terms
    found = await queries.revision_on(uow, contract.id, max(on, contract.starts_on))
    if found is None or found.revision == contract.revision:
        return present, contract.terms
    if found.terms_id is None:
        return uow.scope.vertical(contract.vertical), found.terms
    return await snapshots.load(uow, found.terms_id), found.terms


def note_agreed(uow: TenantWork, contract: ServiceContract, before: dict[str, Any]) -> None:
    """A length that was stated afterwards belongs to the present revision's days: one more entry, no other terms."""
    contract.revision += 1
    changes = [
        _changed(name, before.get(name), value)
        for name, value in contract.terms.items()
        if json_text(before.get(name)) != json_text(value)
    ]
    _entry(uow, contract, "amended", contract.effective_from or contract.starts_on, "", changes)


def first_revision(uow: TenantWork, contract: ServiceContract) -> ContractRevision:
    """What was signed, as the history's first entry."""
    return _entry(uow, contract, "signed", contract.starts_on, "", [])


def _check_last_day(contract: ServiceContract, day: date) -> None:
    if day > LAST_DAY:
        raise InvalidInput("INSTANT_IMPOSSIBLE", field="effectiveFrom", value=day.isoformat())
    if contract.ends_on is not None and day > contract.ends_on:
        raise InvalidInput("AMENDMENT_AFTER_END", field="effectiveFrom", day=contract.ends_on.isoformat())


async def _wait(uow: TenantWork, contract: ServiceContract, coming: Coming) -> None:
    contract.coming, contract.coming_on = _plain(coming), coming.effective_from
    contract.coming_at = start_of_day(coming.effective_from, uow.scope.time_zone)
    await _note(
        uow, "contract.amendment_agreed", contract,
        {"effective_from": coming.effective_from, "reason": coming.reason, "differences": len(coming.differences)},
    )  # fmt: skip


async def _take_effect(uow: TenantWork, contract: ServiceContract, agreed: Coming, terms: VerticalPlaybook) -> None:
    contract.fields, contract.terms = agreed.fields, agreed.terms
    contract.terms_id, contract.service_plan_id = agreed.terms_id, agreed.service_plan_id
    await _revise(
        uow, contract, terms, "amended", agreed.effective_from, agreed.reason, agreed.differences, actor=agreed.actor
    )


async def _revise(
    uow: TenantWork,
    contract: ServiceContract,
    terms: VerticalPlaybook,
    kind: str,
    day: date,
    reason: str,
    changes: Sequence[dict[str, Any]],
    actor: str | None = None,
) -> None:
    put_under(contract, terms)
    contract.revision += 1
    contract.effective_from = day
    _entry(uow, contract, kind, day, reason, changes, actor)
    lifecycle.refresh(uow, contract, terms)
    await _note(
        uow, f"contract.{kind}", contract,
        {"revision": contract.revision, "effective_from": day, "ends_on": contract.ends_on, "reason": reason,
         "differences": len(changes)},
    )  # fmt: skip


async def _note(uow: TenantWork, kind: str, contract: ServiceContract, data: dict[str, object]) -> None:
    await journal.record(
        uow, kind, subject_type="contract", subject_id=contract.id, customer_id=contract.customer_id,
        vertical=contract.vertical, data=data,
    )  # fmt: skip


def _entry(
    uow: TenantWork,
    contract: ServiceContract,
    kind: str,
    day: date,
    reason: str,
    changes: Sequence[dict[str, Any]],
    actor: str | None = None,
) -> ContractRevision:
    return uow.add(
        ContractRevision(
            id=new_id(),
            contract_id=contract.id,
            revision=contract.revision,
            kind=kind,
            effective_from=day,
            ends_on=contract.ends_on,
            terms_id=contract.terms_id,
            terms=contract.terms,
            fields=contract.fields,
            differences=list(changes),
            reason=reason,
            actor=actor or uow.actor.label,
            recorded_at=uow.now,
        )
    )


def _changes(
    before: VerticalPlaybook,
    after: VerticalPlaybook,
    contract: ServiceContract,
    values: dict[str, Any],
    agreed: dict[str, Any],
) -> list[dict[str, Any]]:
    """What differs, JSON-ready: terms, fields, and what the contract agreed on its own."""
    found = [_plain(difference) for difference in differences(before, after)]
    for name in sorted({*contract.fields, *values}):
        if contract.fields.get(name) != values.get(name):
            found.append(_changed(f"fields.{name}", contract.fields.get(name), values.get(name)))
    for name in sorted({*contract.terms, *agreed}):
        if json_text(contract.terms.get(name)) != json_text(agreed.get(name)):
            found.append(_changed(name, contract.terms.get(name), agreed.get(name)))
    return found[:MOST_DIFFERENCES]


def _changed(name: str, old: object, new: object) -> dict[str, Any]:
    return _plain({"declaration": "contract", "code": name, "field": None, "old": old, "new": new})


def _plain(value: object) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(value, enc_hook=encode)
    return found
