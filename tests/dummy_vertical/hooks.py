"""A vertical of an industry that doesn't exist: it uses every hook of the engine once."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from aftersales import (
    AlarmRule,
    AssetType,
    Budget,
    CalendarDefinition,
    CalendarTerm,
    CampaignOffer,
    CampaignWindow,
    ChannelLadder,
    ClosingRule,
    CodeRegistry,
    ComponentType,
    CoveredCause,
    CustomerDuty,
    CustomerFacts,
    CustomisationType,
    Duty,
    EligibilityFacts,
    EligibilityRule,
    EligibilityVerdict,
    EscalationLadder,
    EventFacts,
    Exclusion,
    FaultGrade,
    FeeRule,
    FollowUp,
    GradeRule,
    GradeScheme,
    GradeVerdict,
    Guarantee,
    LabourOperation,
    LifecyclePhase,
    MajorIncidentRule,
    PartOrderRule,
    ProposalRule,
    Refusal,
    RegionClass,
    RequiredField,
    ReturnCostRule,
    SegmentVerdict,
    ServiceTier,
    SettingsProblem,
    SlaTarget,
    StatutoryFloor,
    SymptomRemedy,
    TargetScope,
    TicketFacts,
    UpgradeRule,
    WarrantyTerm,
    WorkType,
    hookimpl,
    monday_to_friday,
)
from tests.dummy_vertical.settings import DummySettings, label
from tests.dummy_vertical.work import (  # noqa: F401 - hooks like the others here
    checklists,
    deliverables,
    form_templates,
    inspection_cadences,
    record_rules,
    reference_standards,
    revisit_rules,
    safety_rules,
    training_curricula,
)


class Teapot(Struct, frozen=True, kw_only=True):
    """Attributes of every type that the engine shows."""

    colour: Literal["white", "blue"] = "white"
    litres: Decimal | None = None
    bought_on: date | None = None
    cups: int = 6
    whistles: bool = False
    nicknames: tuple[str, ...] = ()


class TeapotFacts(Struct, frozen=True, kw_only=True):
    """What is known of a broken teapot."""

    leaks: bool = False
    handle_off: bool = False


@hookimpl
def settings_problems(settings: DummySettings) -> Sequence[SettingsProblem]:
    if settings.response_hours <= 24:
        return ()
    return (SettingsProblem(field="response_hours", reason=label("不得超过一天", "not more than a day")),)


@hookimpl
def asset_types(settings: DummySettings) -> Sequence[AssetType]:
    spout = ComponentType(code="spout", label=label("壶嘴", "Spout"), warranty_class="pot")
    name = label("茶壶", "Teapot")
    return (AssetType(code="teapot", label=name, clause="D-01", components=(spout,), attributes=Teapot),)


@hookimpl
def fault_grades(settings: DummySettings) -> Sequence[GradeScheme]:
    return (
        GradeScheme(
            code="grades",
            label=label("分级", "Grades"),
            clause="D-02",
            grades=(
                FaultGrade(code="flood", label=label("漏水", "Flood"), clause="D-02", rank=1, emergency=True),
                FaultGrade(code="nuisance", label=label("小毛病", "Nuisance"), clause="D-02", rank=2),
            ),
            facts=TeapotFacts,
            rules=(GradeRule(grade="flood", when={"leaks": True}),),
            default_grade="nuisance",
        ),
    )


@hookimpl
def region_classes(settings: DummySettings) -> Sequence[RegionClass]:
    return (RegionClass(code="anywhere", label=label("各地", "Anywhere"), clause="D-03", fallback=True),)


@hookimpl
def code_registries(settings: DummySettings) -> Sequence[CodeRegistry]:
    entries = {"T-418": label("不是咖啡机", "Not a coffee machine")}
    name = label("错误码", "Error codes")
    return (CodeRegistry(code="errors", label=name, clause="D-04", entries=entries, ticket_field="error_code"),)


@hookimpl
def work_types(settings: DummySettings) -> Sequence[WorkType]:
    return (WorkType(code="gluing", label=label("粘接", "Gluing"), clause="D-05", skills=("glue",)),)


@hookimpl
def calendars(settings: DummySettings) -> Sequence[CalendarTerm]:
    week = monday_to_friday(("09:00", "12:00"), ("13:00", "18:00"))
    hours = CalendarDefinition(code="hours", name="Opening hours", zone=settings.time_zone, weekly=week)
    name = label("营业时间", "Opening hours")
    return (CalendarTerm(code="hours", label=name, clause="D-06", definition=hours, purpose="phone_desk"),)


@hookimpl
def sla_targets(settings: DummySettings) -> Sequence[SlaTarget]:
    return (
        SlaTarget(
            code="answer",
            label=label("答复", "Answer"),
            clause="D-07",
            source="tenant",
            milestone="acknowledged",
            budget=Budget(amount=settings.response_hours, unit="working_hour"),
            calendar="hours",
            scope=TargetScope(grades=("flood",), regions=("anywhere",)),
            ladder="ladder",
        ),
    )


@hookimpl
def escalation_ladders(settings: DummySettings) -> Sequence[EscalationLadder]:
    rungs = (AlarmRule(code="half", share=0.5, escalate_to="dispatcher"),)
    return (EscalationLadder(code="ladder", label=label("升级", "Ladder"), source="default", rungs=rungs),)


@hookimpl
def channel_ladder(settings: DummySettings) -> Sequence[ChannelLadder]:
    steps: tuple[Literal["phone", "on_site"], ...] = ("phone", "on_site")
    name = label("渠道", "Channels")
    return (ChannelLadder(code="l", label=name, clause="D-08", steps=steps, requires={"on_site": ("phone",)}),)


@hookimpl
def major_incidents(settings: DummySettings) -> Sequence[MajorIncidentRule]:
    name = label("重大", "Major")
    return (MajorIncidentRule(code="m", label=name, clause="D-09", grades=("flood",), notify_roles=("owner",)),)


@hookimpl
def closing_rules(settings: DummySettings) -> Sequence[ClosingRule]:
    return (ClosingRule(code="c", label=label("签收", "Sign-off"), clause="D-10", before="close", needs="sign_off"),)


@hookimpl
def service_tiers(settings: DummySettings) -> Sequence[ServiceTier]:
    return (ServiceTier(code="s", label=label("门店", "Store"), clause="D-11", level=1, party="company"),)


@hookimpl
def roles_and_routing(settings: DummySettings) -> Sequence[Duty]:
    return (Duty(code="d", label=label("总部", "Headquarters"), clause="D-12", owner="hq", kinds=("complaint",)),)


@hookimpl
def warranty_terms(settings: DummySettings) -> Sequence[WarrantyTerm]:
    return (
        WarrantyTerm(
            code="pot",
            label=label("保修", "Warranty"),
            clause="D-13",
            warranty_class="pot",
            amount=2,
            unit="year",
            starts_on="purchase",
        ),
    )


@hookimpl
def covered_causes(settings: DummySettings) -> Sequence[CoveredCause]:
    return (CoveredCause(code="glaze", label=label("釉面", "Glaze"), clause="D-14"),)


@hookimpl
def symptom_remedies(settings: DummySettings) -> Sequence[SymptomRemedy]:
    name = label("壶嘴断裂", "Spout off")
    return (SymptomRemedy(code="r", label=name, clause="D-15", component="spout", symptoms=("off",), remedy="replace"),)


@hookimpl
def exclusions(settings: DummySettings) -> Sequence[Exclusion]:
    return (Exclusion(code="e", label=label("摔落", "Dropped"), clause="D-16", effect="bill_full", causes=("drop",)),)


@hookimpl
def lifecycle_phases(settings: DummySettings) -> Sequence[LifecyclePhase]:
    name = label("在用", "In use")
    return (LifecyclePhase(code="p", label=name, clause="D-17", order=1, entered_on="purchase", billable=False),)


@hookimpl
def customer_duties(settings: DummySettings) -> Sequence[CustomerDuty]:
    return (CustomerDuty(code="u", label=label("除垢", "Descale"), clause="D-18", due="always"),)


@hookimpl
def required_fields(settings: DummySettings) -> Sequence[RequiredField]:
    return (RequiredField(code="f", label=label("地址", "Address"), clause="D-19", field="address", of="contract"),)


@hookimpl
def guarantees(settings: DummySettings) -> Sequence[Guarantee]:
    name = label("不滴漏", "No drips")
    return (
        Guarantee(
            code="g", label=name, clause="D-20", metric="zero_count", threshold="0", inclusive=True, window="P1Y"
        ),
    )


@hookimpl
def statutory_floors(settings: DummySettings) -> Sequence[StatutoryFloor]:
    return (
        StatutoryFloor(
            code="pot_floor",
            label=label("一年", "One year"),
            clause="Teapot Act 1",
            source="statute",
            warranty_class="pot",
            amount=12,
            unit="month",
            law=label("茶壶法", "Teapot Act"),
            effective_from=date(2020, 1, 1),
        ),
    )


@hookimpl
def service_fee_table(settings: DummySettings) -> Sequence[FeeRule]:
    name = label("粘接费", "Gluing")
    return (FeeRule(code="fee", label=name, clause="D-21", item="labour", basis="flat", amount=Decimal("9.90")),)


@hookimpl
def labour_hours(settings: DummySettings) -> Sequence[LabourOperation]:
    return (LabourOperation(code="glue", label=label("粘接", "Glue"), clause="D-22", hours=Decimal("0.5")),)


@hookimpl
def campaign_offers(settings: DummySettings) -> Sequence[CampaignOffer]:
    return (
        CampaignOffer(
            code="tea",
            label=label("送茶", "Free tea"),
            clause="D-23",
            campaign="new_year",
            number=1,
            window=CampaignWindow(starts_month=12, starts_day=20, ends_month=1, ends_day=10),
            trigger="visit",
            price_rule="gift",
            gifts=("tea",),
        ),
    )


@hookimpl
def campaign_eligibility(settings: DummySettings) -> Sequence[EligibilityRule]:
    name = label("持有茶壶", "Has a teapot")
    return (EligibilityRule(code="owner", label=name, clause="D-24", campaign="new_year", requires=("teapot",)),)


@hookimpl
def upgrade_rules(settings: DummySettings) -> Sequence[UpgradeRule]:
    return (UpgradeRule(code="glaze", label=label("新釉", "New glaze"), clause="D-40", basis="free"),)


@hookimpl
def customisation_types(settings: DummySettings) -> Sequence[CustomisationType]:
    return (CustomisationType(code="engraving", label=label("刻字", "Engraving"), clause="D-41"),)


@hookimpl
def proposal_rules(settings: DummySettings) -> Sequence[ProposalRule]:
    return (ProposalRule(code="total", label=label("预算", "Budget"), clause="D-42", needs="budget"),)


@hookimpl
def part_order_rules(settings: DummySettings) -> Sequence[PartOrderRule]:
    return (PartOrderRule(code="cash", label=label("现款", "Cash"), clause="D-43", payment="before_shipment"),)


@hookimpl
def return_costs(settings: DummySettings) -> Sequence[ReturnCostRule]:
    name = label("碎壶", "Broken pots")
    return (ReturnCostRule(code="broken", label=name, clause="D-44", cause="broken", freight="company"),)


@hookimpl
def classify_fault(facts: TeapotFacts, settings: DummySettings) -> GradeVerdict | None:
    if facts.handle_off:
        return GradeVerdict(grade="nuisance", reason=label("壶把脱落", "the handle is off"), clause="D-02")
    return None


@hookimpl
def segment_customer(facts: CustomerFacts, settings: DummySettings) -> SegmentVerdict | None:
    return SegmentVerdict(segment=facts.tier, reason=label("按等级", "by tier"))


@hookimpl
def judge_eligibility(facts: EligibilityFacts, settings: DummySettings) -> EligibilityVerdict | None:
    if facts.campaign != "new_year":
        return None
    return EligibilityVerdict(eligible=facts.asset_type == "teapot", reason=label("限茶壶", "teapots only"))


@hookimpl
def before_close(ticket: TicketFacts, settings: DummySettings) -> Sequence[Refusal]:
    if ticket.measures:
        return ()
    return (Refusal(reason=label("没有写措施", "no measures on record"), clause="D-10"),)


@hookimpl
def on_event(event: EventFacts, settings: DummySettings) -> Sequence[FollowUp]:
    if event.kind != "ticket.closed":
        return ()
    return (FollowUp(topic="webhook", payload={"kind": "dummy.tea_time"}, clause="D-23"),)
