"""What a form accepts, and what is missing in a record. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from aftersales.kit.errors import InvalidInput
from aftersales.kit.text import BODY_LIMIT, clean_text
from aftersales.terms.records import FieldCondition, FormField, FormTemplate

LARGEST_NUMBER: Final = Decimal(10) ** 15
SIGNATURE: Final = "signature:"
SEAL: Final = "seal"


def field_of(template: FormTemplate, code: str) -> FormField:
    """The form's field; FORM_FIELD_UNKNOWN."""
    found = next((one for one in template.fields if one.code == code), None)
    if found is None:
        raise InvalidInput("FORM_FIELD_UNKNOWN", field=f"values.{code}"[:200], value=code, form=template.code)
    return found


def checked_values(template: FormTemplate, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values in the form in which they are kept; None stands for an emptied field.

    FORM_FIELD_UNKNOWN, FORM_VALUE_INVALID (of the wrong type), FORM_CHOICE_UNKNOWN, FORM_NUMBER_OUTSIDE.
    """
    return {code: _checked(field_of(template, code), value) for code, value in given.items()}


def _checked(field: FormField, value: Any) -> Any:
    path = f"values.{field.code}"
    if value is None:
        return None
    match field.kind:
        case "number":
            return _number(field, value, path)
        case "boolean":
            if isinstance(value, bool):
                return value
        case "date":
            if isinstance(value, str):
                return _parsed(field, value, path, date.fromisoformat)
        case "instant":
            if isinstance(value, str):
                return _parsed(field, value, path, _instant)
        case "choice":
            if isinstance(value, str):
                return _choice(field, value, path)
        case "choices":
            if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
                chosen = [_choice(field, one, path) for one in dict.fromkeys(value)]
                return chosen or None
        case "text" | "signature":
            if isinstance(value, str):
                return clean_text(value, path, BODY_LIMIT) or None
        case "photo":
            raise InvalidInput("FORM_PHOTO_IS_A_FILE", field=path, name=field.code)
    raise InvalidInput("FORM_VALUE_INVALID", field=path, name=field.code, kind=field.kind)


def _number(field: FormField, value: Any, path: str) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise InvalidInput("FORM_VALUE_INVALID", field=path, name=field.code, kind=field.kind)
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation as fault:
        raise InvalidInput("FORM_VALUE_INVALID", field=path, name=field.code, kind=field.kind) from fault
    if not number.is_finite() or abs(number) > LARGEST_NUMBER:
        raise InvalidInput("FORM_VALUE_INVALID", field=path, name=field.code, kind=field.kind)
    below = field.minimum is not None and number < field.minimum
    if below or (field.maximum is not None and number > field.maximum):
        limits = f"{'' if field.minimum is None else field.minimum} … {'' if field.maximum is None else field.maximum}"
        raise InvalidInput("FORM_NUMBER_OUTSIDE", field=path, name=field.code, limits=limits)
    return format(number, "f")


def _choice(field: FormField, value: str, path: str) -> str:
    if value not in field.choices:
        known = ", ".join(field.choices)
        raise InvalidInput("FORM_CHOICE_UNKNOWN", field=path, name=field.code, value=value, known=known)
    return value


def _parsed(field: FormField, value: str, path: str, parse: Any) -> str:
    try:
        return str(parse(value.strip()).isoformat())
    except ValueError as fault:
        raise InvalidInput("FORM_VALUE_INVALID", field=path, name=field.code, kind=field.kind) from fault


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("an instant needs its offset")
    return found


def text_of(value: Any) -> tuple[str, ...]:
    """A kept value as a condition compares it."""
    if value is None:
        return ()
    if isinstance(value, bool):
        return ("true" if value else "false",)
    return tuple(value) if isinstance(value, list | tuple) else (str(value),)


def holds(condition: FieldCondition, values: Mapping[str, Any]) -> bool:
    """Whether the field has one of the condition's values."""
    return any(one in condition.values for one in text_of(values.get(condition.field)))


def missing_fields(template: FormTemplate, values: Mapping[str, Any], photos: Collection[str]) -> list[str]:
    """The codes of required fields without a value, and of those whose value isn't what it must be."""
    found: list[str] = []
    for field in template.fields:
        needed = field.required and field.required_when is None
        if field.required_when is not None:
            needed = holds(field.required_when, values)
        there = field.code in photos if field.kind == "photo" else values.get(field.code) is not None
        wrong = bool(field.must_be) and there and not set(text_of(values[field.code])) & set(field.must_be)
        if (needed and not there) or wrong:
            found.append(field.code)
    return found


def missing(
    template: FormTemplate,
    values: Mapping[str, Any],
    signers: Iterable[str],
    *,
    sealed: bool,
    photos: Collection[str] = (),
) -> list[str]:
    """Everything that a record lacks before it can be submitted: fields, `signature:<signer>`, `seal`."""
    signed = set(signers)
    found = missing_fields(template, values, photos)
    found += [f"{SIGNATURE}{signer}" for signer in template.signatures if signer not in signed]
    if template.seal and not sealed:
        found.append(SEAL)
    return found


def refuse_incomplete(lacking: list[str]) -> None:
    """The refusal for the first thing that a record lacks: FORM_FIELD_REQUIRED, NO_SIGNATURE or NO_SEAL."""
    for one in lacking:
        if one == SEAL:
            raise InvalidInput("NO_SEAL", field="seal")
        if one.startswith(SIGNATURE):
            signer = one.removeprefix(SIGNATURE)
            raise InvalidInput("NO_SIGNATURE", field="signatures", signer=signer)
        raise InvalidInput("FORM_FIELD_REQUIRED", field=f"values.{one}", name=one)


def check_template(template: FormTemplate) -> None:
    """FORM_INVALID for a form that nobody could fill in: no field, one twice, a choice without choices …"""
    codes = [field.code for field in template.fields]
    problem = None
    if not codes:
        problem = "no field"
    elif len(set(codes)) != len(codes):
        problem = "a field twice"
    for field in template.fields:
        if field.kind in {"choice", "choices"} and not field.choices:
            problem = f"{field.code}: no choices"
        elif field.required_when is not None and field.required_when.field not in codes:
            problem = f"{field.code}: required_when {field.required_when.field}"
        elif field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
            problem = f"{field.code}: minimum > maximum"
        elif field.must_be and field.choices and not set(field.must_be) <= set(field.choices):
            problem = f"{field.code}: must_be"
    if problem is not None:
        raise InvalidInput("FORM_INVALID", field="fields", reason=problem)
