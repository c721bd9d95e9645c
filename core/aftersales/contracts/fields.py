"""What the text leaves to the contract: checked, typed, and put in the place of the term that waits for it. Pure."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

from aftersales.kit.errors import InvalidInput
from aftersales.kit.text import NAME_LIMIT, clean_text
from aftersales.plans.rules import builtins_of, check_above_floors
from aftersales.terms.coverage import RequiredField
from aftersales.terms.playbook import DECLARATIONS, VerticalPlaybook

INSPECTION_BODY: Final = "inspection_body"
COMMISSIONING: Final = "commissioning"
COMMISSIONING_DUE: Final = "commissioning_due"
ENGINES_OWN: Final = (INSPECTION_BODY, COMMISSIONING, COMMISSIONING_DUE)
"""Fields that every contract may have, whatever its vertical; they have arguments of their own."""
LARGEST: Final = 10**9


def stated(terms: VerticalPlaybook, given: Mapping[str, Any], *, complete: bool = True) -> dict[str, Any]:
    """The fields as the contract keeps them, JSON-ready.

    CONTRACT_FIELD_REQUIRED names the first one that is missing unless they needn't be `complete`,
    CONTRACT_FIELD_UNKNOWN and CONTRACT_FIELD_INVALID what doesn't fit.
    """
    declared = {found.field: found for found in terms.required_fields if found.of == "contract"}
    for name in given:
        if name not in declared:
            known = ", ".join(declared)
            raise InvalidInput("CONTRACT_FIELD_UNKNOWN", field=f"fields.{name}", value=name, known=known)
    found: dict[str, Any] = {}
    for name, rule in declared.items():
        value = given.get(name)
        if value is None or value == "":
            if rule.stated == "signing" and complete:
                raise InvalidInput(
                    "CONTRACT_FIELD_REQUIRED", field=f"fields.{name}", value=name, clause=rule.clause or "",
                    name_zh=rule.label.zh, name_en=rule.label.en,
                )  # fmt: skip
            continue
        found[name] = _typed(rule, value)
    return found


def under(terms: VerticalPlaybook, fields: Mapping[str, Any]) -> VerticalPlaybook:
    """The terms with what the contract states in the place of what they leave open; TERM_BELOW_STATUTORY_FLOOR."""
    changed: dict[str, list[Any]] = {}
    for rule in terms.required_fields:
        if rule.of != "contract" or rule.field not in fields:
            continue
        for target in rule.sets:
            found = changed.setdefault(target.declaration, list(getattr(terms, target.declaration)))
            for place, term in enumerate(found):
                if term.code == target.code:
                    raw = {**builtins_of(term), target.field: fields[rule.field], "source": "contract"}
                    found[place] = msgspec.convert(raw, DECLARATIONS[target.declaration])
    if not changed:
        return terms
    made = msgspec.structs.replace(terms, **{name: tuple(found) for name, found in changed.items()})
    check_above_floors(made, "fields")
    return made


def _typed(rule: RequiredField, value: Any) -> Any:
    at = f"fields.{rule.field}"
    if rule.kind == "text":
        if not isinstance(value, str):
            raise _invalid(rule, value)
        return clean_text(value, at, NAME_LIMIT, required=True)
    if rule.kind == "boolean":
        if not isinstance(value, bool):
            raise _invalid(rule, value)
        return value
    if rule.kind == "date":
        try:
            return date.fromisoformat(value).isoformat() if isinstance(value, str) else value.isoformat()
        except (ValueError, AttributeError):
            raise _invalid(rule, value) from None
    return _number(rule, value)


def _number(rule: RequiredField, value: Any) -> int | str:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise _invalid(rule, value)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise _invalid(rule, value) from None
    whole = rule.kind == "integer"
    if not number.is_finite() or abs(number) > LARGEST or (whole and number != number.to_integral_value()):
        raise _invalid(rule, value)
    if rule.minimum is not None and number < rule.minimum:
        raise _invalid(rule, value)
    return int(number) if whole else str(number)


def _invalid(rule: RequiredField, value: Any) -> InvalidInput:
    kind = rule.kind if rule.minimum is None else f"{rule.kind} >= {rule.minimum}"
    return InvalidInput(
        "CONTRACT_FIELD_INVALID", field=f"fields.{rule.field}", value=str(value), kind=kind, name_zh=rule.label.zh,
        name_en=rule.label.en,
    )  # fmt: skip
