"""Checklists: what an inspection looks at, which values pass, and what a failed item leads to."""

from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct

from aftersales.terms.base import Label, Term

ItemKind = Literal["pass_fail", "number", "choice", "note"]
Consequence = Literal["record", "ticket", "work_order", "hazard", "block_machine", "advice"]
Severity = Literal["none", "low", "medium", "high", "critical"]
CONSEQUENCES: Final[tuple[Consequence, ...]] = (
    "record", "ticket", "work_order", "hazard", "block_machine", "advice",
)  # fmt: skip
SEVERITIES: Final[tuple[Severity, ...]] = ("none", "low", "medium", "high", "critical")
"""From nothing to do to danger at once."""
STOPPING: Final[frozenset[str]] = frozenset({"critical"})
"""A hazard of these severities stops the work of its site."""


class ChecklistItem(Struct, frozen=True, kw_only=True):
    """One thing to look at.

    `number` passes from `minimum` to `maximum`, both included, in `unit`; without limits it is measured for its trend
    and can't fail. `choice` passes when it is one of `accepted` (all of `choices` when none is named). `note` is text.
    `photo` asks for a photo, by reference, whatever the result. `severity` and `consequence` are those of a failure:
    a record alone, a ticket, a ticket with a work order, a hazard on the site, a machine that is blocked, or advice to
    the owner, whose words stand in `advice`. `category` is that of the hazard.
    """

    code: str
    label: Label
    kind: ItemKind = "pass_fail"
    required: bool = True
    unit: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    choices: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    photo: bool = False
    consequence: Consequence = "ticket"
    severity: Severity = "medium"
    category: Literal["behaviour", "condition", "environment", "management"] = "condition"
    advice: Label | None = None
    clause: str | None = None


class Checklist(Term, frozen=True, kw_only=True):
    """A list that an inspection is filled in by. A change of its items is a new `version`.

    `of` is what is inspected; `asset_types` limit it to some (empty: all). `standard` is the code of the published
    standard that its items check (P05-07). `moment` says for which of a machine's two checks of a shift it is made.
    """

    items: tuple[ChecklistItem, ...]
    version: int = 1
    of: Literal["any", "asset", "site", "contract", "visit", "person", "machine"] = "any"
    asset_types: tuple[str, ...] = ()
    standard: str | None = None
    moment: Literal["before_shift", "after_shift"] | None = None


def item_problems(items: tuple[ChecklistItem, ...]) -> list[str]:
    """What stands against a list's items, in words: each must be able to pass, and to be told apart."""
    found: list[str] = []
    if not items:
        found.append("no items")
    codes = [item.code for item in items]
    found += [f"the item {code} twice" for code in sorted({code for code in codes if codes.count(code) > 1})]
    for item in items:
        limits = [limit for limit in (item.minimum, item.maximum) if limit is not None]
        if any(not limit.is_finite() for limit in limits):
            found.append(f"{item.code} has a limit that is no number")
        elif len(limits) == 2 and limits[0] > limits[1]:
            found.append(f"{item.code} has a minimum above its maximum")
        if limits and item.kind != "number":
            found.append(f"{item.code} has limits but is no number")
        if (item.kind == "choice") != bool(item.choices):
            found.append(f"{item.code} has choices if and only if it is a choice")
        if not set(item.accepted) <= set(item.choices):
            found.append(f"{item.code} accepts what can't be chosen")
        if item.consequence == "advice" and item.advice is None:
            found.append(f"{item.code} leads to advice but has none")
    return found
