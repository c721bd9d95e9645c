"""Plans whose verticals aren't built yet, as far as their records and documents go; each is a small vertical."""

from typing import Any

from msgspec import Struct

from aftersales import (
    AssetType,
    Deliverable,
    FaultGrade,
    FieldCondition,
    FormField,
    FormTemplate,
    GradeRule,
    GradeScheme,
    Label,
    RecordRule,
    TargetScope,
    Vertical,
    VerticalSettings,
    hookimpl,
)


class Facts(Struct, frozen=True, kw_only=True):
    major: bool = False


def label(text: str) -> Label:
    return Label(f"{text}(中文)", text)


def field(code: str, **more: Any) -> FormField:
    return FormField(code=code, label=label(code), **more)


def form(code: str, *fields: str | FormField, **more: Any) -> FormTemplate:
    made = tuple(one if isinstance(one, FormField) else field(one) for one in fields)
    return FormTemplate(code=code, label=label(code), fields=made, **more)


def rule(before: Any, *needs: str, clause: str, **more: Any) -> RecordRule:
    return RecordRule(code=f"{before}_{'_'.join(needs)}_{clause}", label=label(clause), clause=clause, before=before,
                      needs=needs, **more)  # fmt: skip


def document(code: str, due: Any, clause: str, **more: Any) -> Deliverable:
    return Deliverable(code=code, label=label(code), clause=clause, due=due, **more)


GRADES = GradeScheme(
    code="faults",
    clause="X-2",
    label=label("faults"),
    grades=(FaultGrade(code="major", label=label("major"), rank=1), FaultGrade(code="minor", label=label("minor"),
                                                                               rank=4)),
    facts=Facts,
    rules=(GradeRule(grade="major", when={"major": True}),),
    default_grade="minor",
)  # fmt: skip
MAJOR = TargetScope(grades=("major",))
COMPLAINTS = TargetScope(kinds=("complaint",))
MAINTENANCE = TargetScope(kinds=("maintenance",))


def vertical(name: str, **terms: Any) -> Vertical:
    """A vertical that declares these terms, with one type of asset and two grades."""
    given = {
        "asset_types": (AssetType(code="product", label=label("product"), clause="X-1"),),
        "fault_grades": (GRADES,),
        **terms,
    }

    def declaring(hook: str, value: Any) -> Any:
        def declared(settings: VerticalSettings) -> Any:
            return value

        declared.__name__ = hook
        return hookimpl(declared)

    class Hooks:
        pass

    hooks = Hooks()
    vars(hooks).update({hook: declaring(hook, value) for hook, value in given.items()})
    return Vertical(
        name=name, label=label(name), version="1.0", engine=">=0.1,<1", settings=VerticalSettings,
        hooks=hooks,
    )  # fmt: skip


LIGHTING = vertical(
    "lighting",
    form_templates=(
        form("substitute_test_report", "part", "result", clause="P01-13", signatures=("tester",)),
        form("emergency_plan", "plan", clause="P01-14", about=("ticket",)),
        form("problem_record", "root_cause", "solution", clause="P01-17", about=("ticket",)),
    ),
    record_rules=(
        rule("substitute", "substitute_test_report", clause="P01-13", matching="part", anywhere=True),
        rule("start", "emergency_plan", clause="P01-14", scope=MAJOR),
        rule("close", "problem_record", clause="P01-17", scope=MAJOR),
    ),
    deliverables=tuple(
        document(code, "handover", "P01-23")
        for code in ("technical_specifications", "drawings", "operation_manual", "maintenance_documents")
    ),
)
"""Plan 1."""

CONSUMER = vertical(
    "consumer",
    form_templates=(
        form(
            "customer_profile", "customer_name", "address", "contact", "product_grade",
            field("purchase_date", kind="date"), clause="P07-11", unique_per="customer",
        ),
    ),
)  # fmt: skip
"""Plan 7."""

WINDOWS = vertical(
    "windows",
    form_templates=(
        form("quality_problem_record", "kind", "location", "cause", "solution", clause="P11-06", about=("ticket",)),
        form("completion_report", "damage_cause", "remedy", "completion", clause="P11-14", about=("ticket",)),
        form("acceptance_form", "result", clause="P11-15", about=("ticket",), signatures=("customer",)),
        form("revisit_report", "findings", clause="P11-48"),
        form("product_certificate", "batch", clause="P11-35", about=("asset",), signatures=("quality_room",)),
    ),
    record_rules=(
        rule("propose_plan", "quality_problem_record", clause="P11-05", scope=COMPLAINTS),
        rule("resolve", "completion_report", clause="P11-14", scope=TargetScope(kinds=("fault",))),
        rule("close", "acceptance_form", clause="P11-15", state="archived", scope=TargetScope(kinds=("fault",))),
        rule("close", "completion_report", clause="P11-48", state="archived", scope=MAINTENANCE),
        rule("revisit", "revisit_report", clause="P11-48", state="archived"),
    ),
    deliverables=(
        document("certificate", "handover", "P11-35", form="product_certificate"),
        document(
            "maintenance_manual", "acceptance", "P11-49", author="design",
            sections=("characteristics", "purpose", "use_method"),
        ),
    ),
)  # fmt: skip
"""Plan 11."""

SERVICE = vertical(
    "service_company",
    record_rules=(
        rule("close", "service_report", clause="P12-12"),
        rule("close", "satisfaction_survey", clause="P12-13"),
    ),
)
"""Plan 12: its two forms are those that every tenant has."""

DEALERS = vertical(
    "dealers",
    form_templates=(
        form("service_register", "channel", "contact", "subject", "result", clause="P15-09", kind="register",
             filled_by=("dealer",), internal=True),
        form("delivery_list", "goods", clause="P15-13", seal=True, signatures=("dealer",), filled_by=("dealer",)),
        form("sale_checklist", field("policy_explained", kind="boolean", must_be=("true",)), clause="P15-17",
             signatures=("customer",), filled_by=("dealer",)),
        form(
            "repair_record", "fault", field("part_replaced", kind="boolean"),
            field("old_part", required=False, required_when=FieldCondition(field="part_replaced", values=("true",))),
            clause="P15-38", signatures=("customer",), about=("ticket",), filled_by=("dealer",),
        ),
        form("repair_claim", field("amount", kind="number"), clause="P15-38", about=("ticket",),
             filled_by=("dealer",)),
        form("expense_claim", field("amount", kind="number"), clause="P15-41", about=("ticket",)),
    ),
    record_rules=(
        rule("record", "repair_record", clause="P15-38", forms=("repair_claim",)),
        rule("record", "repair_record", clause="P15-41", forms=("expense_claim",),),
    ),
)  # fmt: skip
"""Plan 15."""

GATES = vertical(
    "gates",
    form_templates=(form("trial_run", "hours", clause="X-3"),),
    record_rules=(
        rule("acceptance", "trial_run", clause="X-4", where=(FieldCondition(field="hours", values=("72",)),)),
        rule("phase", clause="X-5", phases=("operation",), deliverables=("operation_manual",)),
        rule("work_order_done", "service_report", clause="X-6"),
    ),
    deliverables=(document("operation_manual", "handover", "X-7"),),
)
"""Gates that no plan above has: before acceptance, a phase, and the end of work."""
