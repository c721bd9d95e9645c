"""Every hook of the engine, one function each.

Declarations return frozen terms. They are called once when a Playbook is compiled for a set of settings,
never while a request is served from an existing Playbook. They get the tenant's settings of their own
vertical and nothing else. Behaviours run at decision points, get frozen facts and return frozen verdicts;
they do no I/O, the engine does.
"""

from collections.abc import Sequence

import pluggy
from msgspec import Struct

from aftersales.plugins.verdicts import (
    CustomerFacts,
    EligibilityFacts,
    EligibilityVerdict,
    EventFacts,
    FollowUp,
    GradeVerdict,
    Refusal,
    SegmentVerdict,
    SettingsProblem,
    TicketFacts,
)
from aftersales.plugins.vertical import VerticalSettings
from aftersales.terms.checklists import Checklist
from aftersales.terms.classification import AssetType, CodeRegistry, GradeScheme, RegionClass, WorkType
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

PROJECT = "aftersales"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

# --- declarations: settings ---------------------------------------------------------------------------


@hookspec
def settings_problems(settings: VerticalSettings) -> Sequence[SettingsProblem]:
    """Fires when a tenant's settings are saved. Return what contradicts the text; empty when all is well."""
    raise NotImplementedError


# --- declarations: what tickets are about ---------------------------------------------------------------


@hookspec
def asset_types(settings: VerticalSettings) -> Sequence[AssetType]:
    """Return the product classes with their components and the Struct of their attributes."""
    raise NotImplementedError


@hookspec
def fault_grades(settings: VerticalSettings) -> Sequence[GradeScheme]:
    """Return at most one scheme of severities with the facts and the rules that lead to them."""
    raise NotImplementedError


@hookspec
def region_classes(settings: VerticalSettings) -> Sequence[RegionClass]:
    """Return the classes of places that have targets of their own."""
    raise NotImplementedError


@hookspec
def code_registries(settings: VerticalSettings) -> Sequence[CodeRegistry]:
    """Return the closed lists (error codes, module codes) that tickets refer to."""
    raise NotImplementedError


@hookspec
def work_types(settings: VerticalSettings) -> Sequence[WorkType]:
    """Return the services that can be ordered, with the skills and certificates they need."""
    raise NotImplementedError


# --- declarations: deadlines ----------------------------------------------------------------------------


@hookspec
def calendars(settings: VerticalSettings) -> Sequence[CalendarTerm]:
    """Return the working-time calendars that the text names."""
    raise NotImplementedError


@hookspec
def sla_targets(settings: VerticalSettings) -> Sequence[SlaTarget]:
    """Return every milestone with its budget; a milestone without a number has budget None."""
    raise NotImplementedError


@hookspec
def escalation_ladders(settings: VerticalSettings) -> Sequence[EscalationLadder]:
    """Return who is told before and after a deadline; the engine's default ladder fills what is missing."""
    raise NotImplementedError


@hookspec
def channel_ladder(settings: VerticalSettings) -> Sequence[ChannelLadder]:
    """Return at most one ladder phone, remote, on site, with what each step requires."""
    raise NotImplementedError


@hookspec
def major_incidents(settings: VerticalSettings) -> Sequence[MajorIncidentRule]:
    """Return which grades convene a group and need an emergency plan."""
    raise NotImplementedError


@hookspec
def closing_rules(settings: VerticalSettings) -> Sequence[ClosingRule]:
    """Return what must be on record before a ticket is opened, resolved or closed."""
    raise NotImplementedError


@hookspec
def service_tiers(settings: VerticalSettings) -> Sequence[ServiceTier]:
    """Return the levels of the service organisation, nearest to the customer first."""
    raise NotImplementedError


@hookspec
def roles_and_routing(settings: VerticalSettings) -> Sequence[Duty]:
    """Return standing duties and who owns them."""
    raise NotImplementedError


# --- declarations: coverage and contract ------------------------------------------------------------------


@hookspec
def warranty_terms(settings: VerticalSettings) -> Sequence[WarrantyTerm]:
    """Return the term of every warranty class."""
    raise NotImplementedError


@hookspec
def covered_causes(settings: VerticalSettings) -> Sequence[CoveredCause]:
    """Return the causes that make in-term work free."""
    raise NotImplementedError


@hookspec
def symptom_remedies(settings: VerticalSettings) -> Sequence[SymptomRemedy]:
    """Return which symptom of which component leads to which remedy."""
    raise NotImplementedError


@hookspec
def exclusions(settings: VerticalSettings) -> Sequence[Exclusion]:
    """Return the causes that take work out of coverage, and who pays then."""
    raise NotImplementedError


@hookspec
def lifecycle_phases(settings: VerticalSettings) -> Sequence[LifecyclePhase]:
    """Return the phases of a contract's life in order."""
    raise NotImplementedError


@hookspec
def customer_duties(settings: VerticalSettings) -> Sequence[CustomerDuty]:
    """Return what the customer owes for the promises to hold."""
    raise NotImplementedError


@hookspec
def required_fields(settings: VerticalSettings) -> Sequence[RequiredField]:
    """Return the values that the text leaves to the contract or to the tenant."""
    raise NotImplementedError


@hookspec
def guarantees(settings: VerticalSettings) -> Sequence[Guarantee]:
    """Return measured promises such as a survival rate."""
    raise NotImplementedError


@hookspec
def statutory_floors(settings: VerticalSettings) -> Sequence[StatutoryFloor]:
    """Return the least that law allows, with its source and effective date."""
    raise NotImplementedError


# --- declarations: money ------------------------------------------------------------------------------------


@hookspec
def service_fee_table(settings: VerticalSettings) -> Sequence[FeeRule]:
    """Return how labour, parts, travel and the rest are priced, and when."""
    raise NotImplementedError


@hookspec
def labour_hours(settings: VerticalSettings) -> Sequence[LabourOperation]:
    """Return the published hours of operations and bundles."""
    raise NotImplementedError


@hookspec
def campaign_offers(settings: VerticalSettings) -> Sequence[CampaignOffer]:
    """Return the offers of the vertical's campaigns."""
    raise NotImplementedError


@hookspec
def campaign_eligibility(settings: VerticalSettings) -> Sequence[EligibilityRule]:
    """Return who may take part in a campaign."""
    raise NotImplementedError


# --- declarations: what becomes of a product -----------------------------------------------------------------


@hookspec
def upgrade_rules(settings: VerticalSettings) -> Sequence[UpgradeRule]:
    """Return which releases are free and in which phase; what no rule makes free is quoted."""
    raise NotImplementedError


@hookspec
def customisation_types(settings: VerticalSettings) -> Sequence[CustomisationType]:
    """Return the kinds of change that a customer may ask for, with what each needs."""
    raise NotImplementedError


@hookspec
def proposal_rules(settings: VerticalSettings) -> Sequence[ProposalRule]:
    """Return what a proposal before the sale must keep: deadline, budget, site survey."""
    raise NotImplementedError


# --- declarations: money between company and dealer ----------------------------------------------------------


@hookspec
def part_order_rules(settings: VerticalSettings) -> Sequence[PartOrderRule]:
    """Return at most one rule for how dealers pay for parts."""
    raise NotImplementedError


@hookspec
def return_costs(settings: VerticalSettings) -> Sequence[ReturnCostRule]:
    """Return who bears freight and restoration of a return of stock, cause by cause."""
    raise NotImplementedError


# --- declarations: planned work and records -------------------------------------------------------------------


@hookspec
def inspection_cadences(settings: VerticalSettings) -> Sequence[InspectionCadence]:
    """Return the visits that fall due without a ticket."""
    raise NotImplementedError


@hookspec
def revisit_rules(settings: VerticalSettings) -> Sequence[RevisitRule]:
    """Return the contacts after service."""
    raise NotImplementedError


@hookspec
def training_curricula(settings: VerticalSettings) -> Sequence[Curriculum]:
    """Return the courses with audience, units, trigger and deadline."""
    raise NotImplementedError


@hookspec
def safety_rules(settings: VerticalSettings) -> Sequence[SafetyRule]:
    """Return site-safety gates, checks, permits and zero targets."""
    raise NotImplementedError


@hookspec
def checklists(settings: VerticalSettings) -> Sequence[Checklist]:
    """Return what inspections look at, which values pass, and what a failed item leads to."""
    raise NotImplementedError


@hookspec
def form_templates(settings: VerticalSettings) -> Sequence[FormTemplate]:
    """Return the records that must be kept in a given shape."""
    raise NotImplementedError


@hookspec
def record_rules(settings: VerticalSettings) -> Sequence[RecordRule]:
    """Return which operation is refused while which record or document is missing."""
    raise NotImplementedError


@hookspec
def deliverables(settings: VerticalSettings) -> Sequence[Deliverable]:
    """Return the documents that the customer must receive."""
    raise NotImplementedError


@hookspec
def reference_standards(settings: VerticalSettings) -> Sequence[ReferenceStandard]:
    """Return the published standards that the text refers to, with the edition that replaced them."""
    raise NotImplementedError


# --- behaviours ---------------------------------------------------------------------------------------------


@hookspec(firstresult=True)
def classify_fault(facts: Struct, settings: VerticalSettings) -> GradeVerdict | None:
    """Fires when no GradeRule matched the facts of a ticket. Return a grade of the scheme, or None to abstain.

    Doesn't fire when a rule of the scheme decided, when intake recorded no fact at all (the scheme's default holds),
    nor when a person set the grade.
    """
    raise NotImplementedError


@hookspec(firstresult=True)
def segment_customer(facts: CustomerFacts, settings: VerticalSettings) -> SegmentVerdict | None:
    """Fires when an audience is selected. Return the segment the customer belongs to, or None to abstain."""
    raise NotImplementedError


@hookspec(firstresult=True)
def judge_eligibility(facts: EligibilityFacts, settings: VerticalSettings) -> EligibilityVerdict | None:
    """Fires when an asset is to take part in a campaign or to get one of its offers. Return yes or no with a reason.

    None abstains: the declared EligibilityRules alone decide then.
    """
    raise NotImplementedError


@hookspec
def before_close(ticket: TicketFacts, settings: VerticalSettings) -> Sequence[Refusal]:
    """Fires before a ticket is closed, after the declared closing rules passed. Return what is still missing."""
    raise NotImplementedError


@hookspec
def on_event(event: EventFacts, settings: VerticalSettings) -> Sequence[FollowUp]:
    """Fires for every event of the tenant's tickets and assets, inside its transaction. Return side effects.

    Doesn't fire for the vertical's own follow-ups, so it can't loop.
    """
    raise NotImplementedError
