"""A tenant's changes of a vertical's terms: what may be changed, what comes out of it, what differs. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from aftersales.kit.errors import InvalidInput, PluginFault
from aftersales.plans.commands import TermChange
from aftersales.plugins.checks import check_floors, check_references
from aftersales.terms.base import Term
from aftersales.terms.floors import undercut_floor
from aftersales.terms.playbook import DECLARATIONS, VerticalPlaybook

NOT_FOR_TENANTS: Final = frozenset({"statutory_floors", "asset_types", "fault_grades", "code_registries", "work_types"})
"""Law, and the vertical's own classification: a tenant's plan doesn't change these."""
CHANGEABLE: Final = tuple(name for name in DECLARATIONS if name not in NOT_FOR_TENANTS)
MOST_CHANGES: Final = 500
_OWN: Final = frozenset({"code", "source", "clause"})
"""Fields that a change doesn't set by itself."""


class TermDifference(Struct, frozen=True, kw_only=True):
    """One field of a term that two sets of terms have otherwise. `field` None: the term itself was added or left out.

    Values are JSON; `clause` is where the value comes from now, or came from for a term that was left out.
    """

    declaration: str
    code: str
    field: str | None
    old: Any
    new: Any
    clause: str | None
    source: str | None


def apply_changes(base: VerticalPlaybook, changes: Sequence[TermChange]) -> VerticalPlaybook:
    """The terms with the tenant's changes; whatever it set has the source `tenant`.

    DECLARATION_UNKNOWN, TERM_UNKNOWN, TERM_EXISTS, TERM_CHANGED_TWICE, TERM_FIELD_UNKNOWN, TERM_VALUE_INVALID,
    TERM_BELOW_STATUTORY_FLOOR, PLAN_INCONSISTENT, TOO_MANY_GIVEN; the field names the change.
    """
    if len(changes) > MOST_CHANGES:
        raise InvalidInput("TOO_MANY_GIVEN", field="changes", limit=MOST_CHANGES, count=len(changes))
    seen: dict[tuple[str, str], str] = {}
    found: dict[str, list[Term]] = {}
    for position, change in enumerate(changes):
        at = f"changes.{position}"
        if change.declaration not in CHANGEABLE:
            known = ", ".join(CHANGEABLE)
            raise InvalidInput("DECLARATION_UNKNOWN", field=f"{at}.declaration", value=change.declaration, known=known)
        # A term may be left out and another one declared under its code; anything else is said once.
        earlier = seen.get((change.declaration, change.code))
        if earlier is not None and (earlier, change.action) != ("withdraw", "add"):
            raise InvalidInput("TERM_CHANGED_TWICE", field=f"{at}.code", value=change.code)
        seen[change.declaration, change.code] = change.action
        terms = found.setdefault(change.declaration, list(getattr(base, change.declaration)))
        _apply(base, terms, change, at)
    changed = msgspec.structs.replace(base, **{name: tuple(terms) for name, terms in found.items()})
    try:
        check_references(changed)
        check_floors(changed)
    except PluginFault as fault:
        raise InvalidInput("PLAN_INCONSISTENT", field="changes", reason=str(fault.params.get("reason", ""))) from None
    return changed


def _apply(base: VerticalPlaybook, terms: list[Term], change: TermChange, at: str) -> None:
    place = next((number for number, term in enumerate(terms) if term.code == change.code), None)
    if change.action == "add":
        if place is not None:
            raise InvalidInput("TERM_EXISTS", field=f"{at}.code", value=change.code, declaration=change.declaration)
        terms.append(_made({}, change, at))
        return
    if place is None:
        known = ", ".join(term.code for term in terms)
        raise InvalidInput(
            "TERM_UNKNOWN", field=f"{at}.code", value=change.code, declaration=change.declaration, known=known
        )
    if change.action == "withdraw":
        _check_withdrawal(base, terms[place])
        del terms[place]
    else:
        terms[place] = _made(builtins_of(terms[place]), change, at)


def _made(present: dict[str, Any], change: TermChange, at: str) -> Term:
    term_type = DECLARATIONS[change.declaration]
    known = [name for name in term_type.__struct_fields__ if name not in _OWN]
    for name in change.fields:
        if name not in known:
            raise InvalidInput("TERM_FIELD_UNKNOWN", field=f"{at}.fields", value=name, known=", ".join(known))
    if not change.fields and change.action == "change":
        raise InvalidInput("REQUIRED", field=f"{at}.fields", field_name=f"{at}.fields")
    wanted = {**present, **change.fields, "code": change.code, "source": "tenant"}
    wanted["clause"] = change.clause or present.get("clause")
    try:
        made: Term = msgspec.convert(wanted, term_type)
    except msgspec.ValidationError as fault:
        raise InvalidInput("TERM_VALUE_INVALID", field=f"{at}.fields", term=change.code, reason=str(fault)) from None
    amount = getattr(made, "amount", None)
    if isinstance(amount, int) and amount < 1:
        raise InvalidInput("TERM_VALUE_INVALID", field=f"{at}.fields", term=change.code, reason="amount < 1")
    return made


def _check_withdrawal(base: VerticalPlaybook, term: Term) -> None:
    """What law gives can't be left out: it counts as a promise of nothing."""
    warranty_class = getattr(term, "warranty_class", None)
    floor = next((found for found in base.statutory_floors if found.warranty_class == warranty_class), None)
    if floor is not None and term in base.warranty_terms:
        raise InvalidInput(
            "TERM_BELOW_STATUTORY_FLOOR", field="changes", term=term.code, floor_zh=floor.label.zh,
            floor_en=floor.label.en, law_zh=floor.law.zh, law_en=floor.law.en,
        )  # fmt: skip


def check_above_floors(terms: VerticalPlaybook, field: str) -> None:
    """TERM_BELOW_STATUTORY_FLOOR for whatever source a term below has."""
    for term in terms.warranty_terms:
        floor = undercut_floor(term, terms.statutory_floors)
        if floor is not None:
            raise InvalidInput(
                "TERM_BELOW_STATUTORY_FLOOR", field=field, term=term.code, floor_zh=floor.label.zh,
                floor_en=floor.label.en, law_zh=floor.law.zh, law_en=floor.law.en,
            )  # fmt: skip


def differences(old: VerticalPlaybook, new: VerticalPlaybook) -> list[TermDifference]:
    """What `new` has otherwise than `old`, term by term and field by field, in the order of declaration."""
    found: list[TermDifference] = []
    for name in DECLARATIONS:
        before = {term.code: term for term in getattr(old, name)}
        after = {term.code: term for term in getattr(new, name)}
        for code, term in before.items():
            if code not in after:
                found.append(_difference(name, term, None, builtins_of(term), None))
        for code, term in after.items():
            known = before.get(code)
            if known is None:
                found.append(_difference(name, term, None, None, builtins_of(term)))
            elif known != term:
                found += _fields(name, known, term)
    return found


def _fields(declaration: str, old: Term, new: Term) -> Iterable[TermDifference]:
    before, after = builtins_of(old), builtins_of(new)
    for field in new.__struct_fields__:
        if field not in {"source"} and before.get(field) != after.get(field):
            yield _difference(declaration, new, field, before.get(field), after.get(field))


def _difference(declaration: str, term: Term, field: str | None, old: Any, new: Any) -> TermDifference:
    return TermDifference(
        declaration=declaration, code=term.code, field=field, old=old, new=new, clause=term.clause, source=term.source
    )


def builtins_of(term: Term) -> dict[str, Any]:
    """A term as JSON has it."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(term, enc_hook=_encode, order="deterministic"))
    return found


def _encode(value: object) -> str:
    """Types of attributes are the vertical's code: terms are told apart by their names."""
    if isinstance(value, type):
        return value.__qualname__
    raise NotImplementedError
