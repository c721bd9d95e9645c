"""The Playbook: everything that a tenant's verticals promise, compiled once, immutable, shared by requests."""

from typing import Any

import msgspec
from msgspec import Struct

from aftersales.plugins.vertical import VerticalSettings
from aftersales.terms.base import Term
from aftersales.terms.checklists import Checklist
from aftersales.terms.classification import (
    AssetType,
    CodeRegistry,
    ComponentType,
    GradeScheme,
    RegionClass,
    WorkType,
)
from aftersales.terms.coverage import (
    CoveredCause,
    CustomerDuty,
    Exclusion,
    Guarantee,
    LifecyclePhase,
    RequiredField,
    StatutoryFloor,
    SymptomRemedy,
    WarrantyTerm,
)
from aftersales.terms.deadlines import (
    CalendarTerm,
    ChannelLadder,
    ClosingRule,
    Duty,
    EscalationLadder,
    MajorIncidentRule,
    ServiceTier,
    SlaTarget,
)
from aftersales.terms.dealing import PartOrderRule, ReturnCostRule
from aftersales.terms.money import CampaignOffer, EligibilityRule, FeeRule, LabourOperation
from aftersales.terms.planned import Curriculum, InspectionCadence, RevisitRule, SafetyRule
from aftersales.terms.records import Deliverable, FormTemplate, RecordRule, ReferenceStandard
from aftersales.terms.upgrades import CustomisationType, ProposalRule, UpgradeRule


class VerticalPlaybook(Struct, frozen=True, kw_only=True):
    """One vertical's terms under one tenant's settings. Field names equal the names of the declaration hooks."""

    vertical: str
    settings: VerticalSettings
    asset_types: tuple[AssetType, ...] = ()
    fault_grades: tuple[GradeScheme, ...] = ()
    region_classes: tuple[RegionClass, ...] = ()
    code_registries: tuple[CodeRegistry, ...] = ()
    work_types: tuple[WorkType, ...] = ()
    calendars: tuple[CalendarTerm, ...] = ()
    sla_targets: tuple[SlaTarget, ...] = ()
    escalation_ladders: tuple[EscalationLadder, ...] = ()
    channel_ladder: tuple[ChannelLadder, ...] = ()
    major_incidents: tuple[MajorIncidentRule, ...] = ()
    closing_rules: tuple[ClosingRule, ...] = ()
    service_tiers: tuple[ServiceTier, ...] = ()
    roles_and_routing: tuple[Duty, ...] = ()
    warranty_terms: tuple[WarrantyTerm, ...] = ()
    covered_causes: tuple[CoveredCause, ...] = ()
    symptom_remedies: tuple[SymptomRemedy, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    lifecycle_phases: tuple[LifecyclePhase, ...] = ()
    customer_duties: tuple[CustomerDuty, ...] = ()
    required_fields: tuple[RequiredField, ...] = ()
    guarantees: tuple[Guarantee, ...] = ()
    statutory_floors: tuple[StatutoryFloor, ...] = ()
    service_fee_table: tuple[FeeRule, ...] = ()
    labour_hours: tuple[LabourOperation, ...] = ()
    campaign_offers: tuple[CampaignOffer, ...] = ()
    campaign_eligibility: tuple[EligibilityRule, ...] = ()
    upgrade_rules: tuple[UpgradeRule, ...] = ()
    customisation_types: tuple[CustomisationType, ...] = ()
    proposal_rules: tuple[ProposalRule, ...] = ()
    part_order_rules: tuple[PartOrderRule, ...] = ()
    return_costs: tuple[ReturnCostRule, ...] = ()
    inspection_cadences: tuple[InspectionCadence, ...] = ()
    revisit_rules: tuple[RevisitRule, ...] = ()
    training_curricula: tuple[Curriculum, ...] = ()
    safety_rules: tuple[SafetyRule, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    form_templates: tuple[FormTemplate, ...] = ()
    record_rules: tuple[RecordRule, ...] = ()
    deliverables: tuple[Deliverable, ...] = ()
    reference_standards: tuple[ReferenceStandard, ...] = ()

    @property
    def grade_scheme(self) -> GradeScheme | None:
        return self.fault_grades[0] if self.fault_grades else None

    @property
    def ladder_of_channels(self) -> ChannelLadder | None:
        return self.channel_ladder[0] if self.channel_ladder else None

    def asset_type(self, code: str) -> AssetType | None:
        return next((found for found in self.asset_types if found.code == code), None)

    def component(self, asset_type: str, code: str) -> ComponentType | None:
        found = self.asset_type(asset_type)
        return next((part for part in found.components if part.code == code), None) if found else None

    def calendar(self, code: str) -> CalendarTerm | None:
        return next((found for found in self.calendars if found.code == code), None)

    def escalation_ladder(self, code: str) -> EscalationLadder | None:
        return next((found for found in self.escalation_ladders if found.code == code), None)

    def checklist(self, code: str) -> Checklist | None:
        return next((found for found in self.checklists if found.code == code), None)

    def work_type(self, code: str) -> WorkType | None:
        return next((found for found in self.work_types if found.code == code), None)

    def region_class_of(self, region: str | None) -> RegionClass | None:
        """The class with the longest member that is a prefix of the region code; else the fallback class (A47)."""
        best: tuple[int, RegionClass] | None = None
        for region_class in self.region_classes:
            for member in region_class.members:
                if region and region.startswith(member) and (best is None or len(member) > best[0]):
                    best = (len(member), region_class)
        if best:
            return best[1]
        return next((found for found in self.region_classes if found.fallback), None)

    def terms(self) -> tuple[Term, ...]:
        """Every term, in the order of declaration."""
        return tuple(term for name in DECLARATIONS for term in getattr(self, name))


class Playbook(Struct, frozen=True, kw_only=True):
    """All enabled verticals of one set of settings. `key` is the same for equal settings, whoever owns them."""

    key: str
    engine: str
    verticals: dict[str, VerticalPlaybook]


def _term_type(annotation: Any) -> type[Term]:
    term_type = annotation.__args__[0]
    if not (isinstance(term_type, type) and issubclass(term_type, Term)):
        raise TypeError(f"{annotation} isn't a tuple of terms")
    return term_type


DECLARATIONS: dict[str, type[Term]] = {
    field.name: _term_type(VerticalPlaybook.__annotations__[field.name])
    for field in msgspec.structs.fields(VerticalPlaybook)
    if field.name not in {"vertical", "settings"}
}
"""Declaration hook -> the type of term that it returns."""
