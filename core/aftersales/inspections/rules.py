"""Which value passes an item, what is still missing, how a report reads. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from msgspec import Struct

from aftersales.inspections.commands import InspectionAnswerInput
from aftersales.kit.errors import InvalidInput, StateRefused
from aftersales.terms.base import Label
from aftersales.terms.checklists import ChecklistItem

LARGEST_NUMBER: Final = Decimal(100_000_000)
DECIMALS: Final = 6
"""Places behind the point that are kept; a finer value is refused, since it might pass only by being rounded."""


class Judged(Struct, frozen=True, kw_only=True):
    """An answer and whether it passes; None for a note, or a number without limits."""

    passed: bool | None
    number: Decimal | None = None
    choice: str | None = None


def item_of(items: Iterable[ChecklistItem], code: str) -> ChecklistItem:
    """The item of that code; CHECK_ITEM_UNKNOWN."""
    for item in items:
        if item.code == code:
            return item
    raise InvalidInput("CHECK_ITEM_UNKNOWN", field="answers.item", value=code)


def judge(item: ChecklistItem, answer: InspectionAnswerInput) -> Judged:
    """Whether the answer passes. A number passes from the minimum to the maximum, both included (P11-21).

    ANSWER_MISSING without the value that the item's kind asks for, ANSWER_OF_OTHER_KIND with another one,
    NUMBER_SENSELESS, CHOICE_UNKNOWN.
    """
    given = {
        "pass_fail": answer.passed is not None,
        "number": answer.number is not None,
        "choice": answer.choice is not None,
    }
    wrong = sorted(kind for kind, present in given.items() if present and kind != item.kind)
    if wrong:
        raise InvalidInput("ANSWER_OF_OTHER_KIND", field="answers", item=item.code, kind=item.kind)
    if item.kind == "note":
        if not answer.note.strip():
            raise InvalidInput("ANSWER_MISSING", field="answers.note", item=item.code)
        return Judged(passed=None)
    if not given[item.kind]:
        raise InvalidInput("ANSWER_MISSING", field="answers", item=item.code)
    if item.kind == "number":
        assert answer.number is not None  # noqa: S101 - `given` says so
        number = _sensible(answer.number, item)
        limits = item.minimum is not None or item.maximum is not None
        low = item.minimum is None or number >= item.minimum
        high = item.maximum is None or number <= item.maximum
        return Judged(passed=low and high if limits else None, number=number)
    if item.kind == "choice":
        if answer.choice not in item.choices:
            known = ", ".join(item.choices)
            raise InvalidInput("CHOICE_UNKNOWN", field="answers.choice", value=answer.choice, known=known)
        return Judged(passed=answer.choice in (item.accepted or item.choices), choice=answer.choice)
    return Judged(passed=answer.passed)


def _sensible(number: Decimal, item: ChecklistItem) -> Decimal:
    exponent = number.as_tuple().exponent
    if not number.is_finite() or not isinstance(exponent, int):
        raise InvalidInput("NUMBER_SENSELESS", field="answers.number", item=item.code, value=str(number))
    if abs(number) > LARGEST_NUMBER or exponent < -DECIMALS:
        raise InvalidInput("NUMBER_SENSELESS", field="answers.number", item=item.code, value=str(number))
    return number


def check_complete(items: Sequence[ChecklistItem], answered: Mapping[str, bool | None]) -> bool:
    """Whether the whole passed; ITEMS_MISSING names what nobody filled in."""
    missing = [item.code for item in items if item.required and item.code not in answered]
    if missing:
        raise StateRefused("ITEMS_MISSING", field="inspectionId", items=", ".join(missing))
    return all(passed is not False for passed in answered.values())


def told(item: ChecklistItem, passed: bool | None, number: Decimal | None, choice: str | None, note: str) -> Label:
    """An answer in words, in both languages, with the limits that it was judged by."""
    if item.kind == "number" and number is not None:
        unit = f" {item.unit}" if item.unit else ""
        value = f"{number.normalize():f}{unit}"
        zh, en = _limits(item, unit)
        value_zh, value_en = f"{value}{zh}", f"{value}{en}"
    elif item.kind == "choice":
        value_zh = value_en = choice or ""
    elif item.kind == "note":
        return Label(note, note)
    else:
        value_zh = value_en = ""
    verdict = {True: Label("合格", "passed"), False: Label("不合格", "not passed"), None: Label("", "")}[passed]
    tail = f" – {note}" if note else ""
    zh = " ".join(part for part in (value_zh, verdict.zh) if part)
    en = ", ".join(part for part in (value_en, verdict.en) if part)
    return Label(f"{zh}{tail}", f"{en}{tail}")


def _limits(item: ChecklistItem, unit: str) -> tuple[str, str]:
    low = None if item.minimum is None else f"{item.minimum.normalize():f}{unit}"
    high = None if item.maximum is None else f"{item.maximum.normalize():f}{unit}"
    if low and high:
        return f"(应为 {low} 至 {high})", f" (from {low} to {high})"
    if low:
        return f"(不低于 {low})", f" (at least {low})"
    if high:
        return f"(不高于 {high})", f" (at most {high})"
    return "", ""
