"""Terms of the installed verticals and of plans without one, and the question that a test asks of them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from aftersales.coverage.compiling import compile_terms
from aftersales.coverage.rules import decide
from aftersales.coverage.values import CoverageFacts, CoverageTerms, CoverageVerdict, DealerPromise, PartHistory
from aftersales.plugins.vertical import VerticalSettings
from aftersales.terms.base import Label
from aftersales.terms.classification import AssetType, ComponentType
from aftersales.terms.coverage import (
    CoveredCause,
    Exclusion,
    LifecyclePhase,
    StatutoryFloor,
    SymptomRemedy,
    TermStart,
    UsageLimit,
    WarrantyTerm,
)
from aftersales.terms.playbook import VerticalPlaybook
from tests.verticals.terms_of import terms_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
FAR = date(2099, 1, 1)
LAW = Label("某规定", "Some rules")


def label(text: str) -> Label:
    return Label(text, text)


def term(amount: int | None, unit: str = "month", starts_on: TermStart = "acceptance", **more: Any) -> WarrantyTerm:
    """The term of the class `unit`, named so that a test can tell it apart."""
    return WarrantyTerm(
        **{
            "code": "promise", "label": label("term"), "warranty_class": "unit", "amount": amount, "unit": unit,
            "starts_on": starts_on, **more,
        }
    )  # fmt: skip


def floor(amount: int, unit: str, *, kilometres: int | None = None, since: str = "2000-01-01") -> StatutoryFloor:
    """What law demands of the class `unit`."""
    return StatutoryFloor(
        code="floor", label=label("floor"), clause="LAW 1", source="statute", warranty_class="unit", amount=amount,
        unit=unit, law=LAW, effective_from=date.fromisoformat(since),  # type: ignore[arg-type]
        usage_limit=None if kilometres is None else UsageLimit(amount=kilometres, unit="kilometre"),
    )  # fmt: skip


def cause(code: str, clause: str | None = None, *remedies: str) -> CoveredCause:
    return CoveredCause(code=code, label=label(code), clause=clause, remedies=remedies)


def exclusion(effect: str, clause: str | None, *causes: str, bill_to: str = "customer", **more: Any) -> Exclusion:
    return Exclusion(
        code=causes[0], label=label(causes[0]), clause=clause, effect=effect, bill_to=bill_to, causes=causes, **more  # type: ignore[arg-type]
    )  # fmt: skip


def plan(
    *terms: WarrantyTerm,
    covered: Iterable[CoveredCause] = (),
    excluded: Iterable[Exclusion] = (),
    floors: Iterable[StatutoryFloor] = (),
    phases: Iterable[LifecyclePhase] = (),
    remedies: Iterable[SymptomRemedy] = (),
) -> CoverageTerms:
    """A plan without a vertical: one product with the parts `unit` and `other`, both of the class `unit`."""
    product = AssetType(
        code="product",
        label=label("product"),
        components=(
            ComponentType(code="unit", label=label("unit"), warranty_class="unit"),
            ComponentType(code="other", label=label("other"), warranty_class="unit"),
        ),
    )
    playbook = VerticalPlaybook(
        vertical="plan",
        settings=VerticalSettings(),
        asset_types=(product,),
        warranty_terms=terms,
        covered_causes=tuple(covered),
        exclusions=tuple(excluded),
        statutory_floors=tuple(floors),
        lifecycle_phases=tuple(phases),
        symptom_remedies=tuple(remedies),
    )
    return compile_terms(playbook, product, SHANGHAI)


def installed(vertical: str, asset_type: str, *, agreed: Iterable[WarrantyTerm] = (), **settings: Any) -> CoverageTerms:
    """The terms of an installed vertical for one of its types."""
    playbook = terms_of(vertical, **settings)
    declared = playbook.asset_type(asset_type)
    assert declared is not None
    return compile_terms(playbook, declared, SHANGHAI, agreed=agreed)


SOLAR = installed("solar", "solar_water_heater")
HOSPITAL = installed("software_his", "hospital_information_system", profile="hospital")
PROJECTS = installed("software_his", "project_management_system", profile="project_management")
GARDEN = installed("landscaping", "landscape_works")
CAR = installed("auto_4s", "passenger_car")


def ask(
    terms: CoverageTerms,
    component: str,
    on: str,
    cause: str | None = None,
    *,
    starts: str | Mapping[str, str] = "2026-03-01",
    symptoms: Iterable[str] = (),
    evidence: Iterable[str] = (),
    dealer_months: int | None = None,
    history: PartHistory | None = None,
    **facts: Any,
) -> CoverageVerdict:
    """The verdict on a failure on a local day; `starts` alone is the day of acceptance."""
    begun: Mapping[str, str] = {"acceptance": starts} if isinstance(starts, str) else starts
    return decide(
        CoverageFacts(
            component=component,
            occurred_on=date.fromisoformat(on),
            starts={event: date.fromisoformat(day) for event, day in begun.items()},
            cause=cause,
            symptoms=tuple(symptoms),
            evidence=frozenset(evidence),
            dealer_promise=None if dealer_months is None else DealerPromise(amount=dealer_months, unit="month"),
            history=history or PartHistory(),
            **{"today": FAR, **facts},
        ),
        terms,
    )


def told(verdict: CoverageVerdict) -> tuple[str, str, str | None]:
    """Outcome, reason and clause."""
    return verdict.outcome, verdict.reason, verdict.clause
