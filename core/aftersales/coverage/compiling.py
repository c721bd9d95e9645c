"""Turns declared terms into the index that decisions read. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from aftersales.coverage.values import DERIVED_CAUSES, OTHER_CAUSES, CoverageTerms, Entitlement, PartTerms
from aftersales.kit.errors import InvalidInput
from aftersales.terms.classification import AssetType
from aftersales.terms.coverage import StatutoryFloor, WarrantyTerm
from aftersales.terms.floors import undercut_floor
from aftersales.terms.playbook import VerticalPlaybook

AGREED = "warranty_terms"
"""Where a contract keeps the terms that it agreed on its own."""
DEFAULT_COUNTRY = "CN"


def agreed_terms(contract_terms: Mapping[str, Any] | None) -> tuple[WarrantyTerm, ...]:
    """The warranty terms that a contract agreed on its own."""
    return msgspec.convert((contract_terms or {}).get(AGREED, ()), tuple[WarrantyTerm, ...])


def compile_terms(
    playbook: VerticalPlaybook,
    asset_type: AssetType,
    zone: ZoneInfo,
    *,
    agreed: Iterable[WarrantyTerm] = (),
    country: str = DEFAULT_COUNTRY,
) -> CoverageTerms:
    """The terms that count for assets of a type; what a contract agreed takes the place of the same class's term."""
    own = {term.warranty_class: term for term in agreed}
    promised = (*own.values(), *(term for term in playbook.warranty_terms if term.warranty_class not in own))
    exclusions = {cause: exclusion for exclusion in playbook.exclusions for cause in exclusion.causes}
    covered = {cause.code: cause for cause in playbook.covered_causes}
    return CoverageTerms(
        vertical=playbook.vertical,
        asset_type=asset_type.code,
        zone=zone,
        country=country,
        parts={
            part.code: PartTerms(
                component=part.code,
                label=part.label,
                warranty_class=part.warranty_class,
                entitlements=_entitlements(part.warranty_class, promised, playbook),
                remedies=tuple(found for found in playbook.symptom_remedies if found.component == part.code),
            )
            for part in asset_type.components
        },
        covered=covered,
        exclusions=exclusions,
        causes=frozenset(covered.keys() | exclusions.keys() | OTHER_CAUSES.keys()) - DERIVED_CAUSES,
        expired=exclusions.get("expired"),
        dealer=exclusions.get("dealer_promise"),
        lifetime=next(
            (phase for phase in playbook.lifecycle_phases if phase.billable and phase.entered_on == "warranty_ended"),
            None,
        ),
    )


def _entitlements(
    warranty_class: str, promised: Iterable[WarrantyTerm], playbook: VerticalPlaybook
) -> tuple[Entitlement, ...]:
    own = [term for term in promised if warranty_class in (term.warranty_class, *term.also_covers)]
    # A contract may choose another start for its own promise, not for what law gives.
    start = next((term for term in (*playbook.warranty_terms, *own) if term.warranty_class == warranty_class), None)
    found = [_promise(term, term.amount) for term in own if term.amount is not None]
    found += [_floor(floor, start) for floor in playbook.statutory_floors if floor.warranty_class == warranty_class]
    return tuple(found)


def _promise(term: WarrantyTerm, amount: int) -> Entitlement:
    return Entitlement(
        code=term.code,
        label=term.label,
        clause=term.clause,
        source=term.source,
        amount=amount,
        unit=term.unit,
        starts_on=term.starts_on,
        fallback_start=term.fallback_start,
        later_start_counts=term.later_start_counts,
        end_rule=term.end_rule,
        roll_holiday=term.roll_holiday,
        usage_limit=term.usage_limit,
        extends_by_repair=term.extends_by_repair,
        restarts_on_replacement=term.restarts_on_replacement,
        formalities=term.formalities,
    )


def _floor(floor: StatutoryFloor, promised: WarrantyTerm | None) -> Entitlement:
    """A floor starts with the promise that it stands below; without one, with the purchase or the delivery.

    It follows the Civil Code whatever a contract chose: the last day is covered, and no formality is asked.
    """
    return Entitlement(
        code=floor.code,
        label=floor.label,
        clause=floor.clause,
        source="statute",
        amount=floor.amount,
        unit=floor.unit,
        starts_on=promised.starts_on if promised else "purchase",
        fallback_start=promised.fallback_start if promised else "delivery",
        later_start_counts=promised.later_start_counts if promised else True,
        usage_limit=floor.usage_limit,
        law=floor.law,
        effective_from=floor.effective_from,
    )


def check_agreed(term: WarrantyTerm, playbook: VerticalPlaybook) -> None:
    """TERM_BELOW_STATUTORY_FLOOR when law gives more; WARRANTY_CLASS_UNKNOWN for a class that nothing belongs to."""
    classes = sorted({part.warranty_class for kind in playbook.asset_types for part in kind.components})
    if term.warranty_class not in classes:
        raise InvalidInput(
            "WARRANTY_CLASS_UNKNOWN", field="warrantyClass", value=term.warranty_class, known=", ".join(classes)
        )
    floor = undercut_floor(term, playbook.statutory_floors)
    if floor is not None:
        label, law = floor.label, floor.law
        raise InvalidInput(
            "TERM_BELOW_STATUTORY_FLOOR", field="amount", term=term.warranty_class,
            floor_zh=label.zh, floor_en=label.en, law_zh=law.zh, law_en=law.en,
        )  # fmt: skip
