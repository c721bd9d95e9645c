"""One writer per kind of declaration: from a term to its sentence in Chinese and in English. Pure.

A sentence begins with the term's own name and adds the figures that the term carries, nothing else: what a text
leaves open is said to be open, and never filled.
"""

from collections.abc import Callable
from typing import Any, Final

from aftersales.plandocs.words import length, share, usage, word, words
from aftersales.terms.base import Label, Term
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
from aftersales.terms.playbook import VerticalPlaybook

Writer = Callable[[Any, VerticalPlaybook], Label]

WRITERS: Final[dict[str, Writer]] = {}
"""Declaration -> its writer. A test fails when a declaration has none."""


def writes(declaration: str) -> Callable[[Writer], Writer]:
    """Have a function write the sentences of a kind of term."""

    def put(writer: Writer) -> Writer:
        if WRITERS.setdefault(declaration, writer) is not writer:
            raise RuntimeError(f"two writers for {declaration}")
        return writer

    return put


def sentence(term: Term, zh: str = "", en: str = "") -> Label:
    """The term's name, and what it says after a colon."""
    label = term.label
    return Label(f"{label.zh}:{zh}。" if zh else f"{label.zh}。", f"{label.en}: {en}." if en else f"{label.en}.")


def named_only(term: Term, terms: VerticalPlaybook) -> Label:
    """A term that is told by its name alone."""
    return sentence(term)


# --- what is served -----------------------------------------------------------------------------------------


@writes("asset_types")
def asset_type(term: AssetType, terms: VerticalPlaybook) -> Label:
    if not term.components:
        return sentence(term)
    return sentence(
        term,
        "包括" + "、".join(part.label.zh for part in term.components),
        "with " + ", ".join(part.label.en[:1].lower() + part.label.en[1:] for part in term.components),
    )


@writes("work_types")
def work_type(term: WorkType, terms: VerticalPlaybook) -> Label:
    if not term.skills and not term.certificates:
        return sentence(term)
    return sentence(term, "由具备相应技能或证书的人员进行", "by people with the skill or the certificate for it")


@writes("fault_grades")
def grade_scheme(term: GradeScheme, terms: VerticalPlaybook) -> Label:
    grades = sorted(term.grades, key=lambda grade: grade.rank)
    return sentence(
        term,
        "由重到轻分为" + "、".join(grade.label.zh for grade in grades),
        "from the gravest: " + ", ".join(grade.label.en for grade in grades),
    )


@writes("region_classes")
def region_class(term: RegionClass, terms: VerticalPlaybook) -> Label:
    if term.fallback:
        return sentence(term, "其他所有地区", "everywhere else")
    return sentence(term)


@writes("code_registries")
def code_registry(term: CodeRegistry, terms: VerticalPlaybook) -> Label:
    return sentence(
        term,
        "、".join(f"{code} {label.zh}" for code, label in term.entries.items()),
        ", ".join(f"{code} {label.en}" for code, label in term.entries.items()),
    )


# --- what is covered ----------------------------------------------------------------------------------------


@writes("warranty_terms")
def warranty_term(term: WarrantyTerm, terms: VerticalPlaybook) -> Label:
    begin = word(term.starts_on)
    if term.amount is None:
        return sentence(
            term, f"自{begin.zh}起,期限以合同约定为准", f"from {begin.en}, for as long as the contract states"
        )
    span = length(term.amount, term.unit)
    zh, en = f"自{begin.zh}之日起保修 {span.zh}", f"covered for {span.en} from {begin.en}"
    if term.usage_limit is not None:
        limit = usage(term.usage_limit)
        zh += f"或 {limit.zh},以先到者为准"
        en += f" or {limit.en}, whichever comes first"
    if term.fallback_start is not None:
        other = word(term.fallback_start)
        zh += f"(无{begin.zh}日期的,自{other.zh}起)"
        en += f" (from {other.en} where that day isn't known)"
    if term.extends_by_repair:
        zh, en = zh + ",保修期按维修占用的时间顺延", en + ", extended by the time in repair"
    if term.restarts_on_replacement:
        zh, en = zh + ",更换的部件重新起算", en + ", beginning anew for a replaced part"
    if term.formalities:
        needs = words(term.formalities)
        zh, en = f"{zh},须凭{needs.zh}", f"{en}, on presentation of {needs.en}"
    return sentence(term, zh, en)


@writes("covered_causes")
def covered_cause(term: CoveredCause, terms: VerticalPlaybook) -> Label:
    return sentence(term, "保修期内属此原因的免费服务", "work for this cause is free within the term")


@writes("symptom_remedies")
def symptom_remedy(term: SymptomRemedy, terms: VerticalPlaybook) -> Label:
    remedy = word(term.remedy)
    zh, en = f"保修期内{remedy.zh}", f"{remedy.en} within the term"
    if term.must_match:
        same = words(term.must_match)
        zh, en = f"{zh},{same.zh}与原来相同", f"{en}, of the same {same.en}"
    return sentence(term, zh, en)


@writes("exclusions")
def exclusion(term: Exclusion, terms: VerticalPlaybook) -> Label:
    effect = word(term.effect)
    zh, en = f"不属保修范围,{effect.zh}", f"not covered, {effect.en}"
    if term.bill_to != "customer" and term.effect in {"bill_full", "cost_only"}:
        payer = word(term.bill_to)
        zh, en = f"{zh},由{payer.zh}承担", f"{en}, to be paid by {payer.en}"
    if term.evidence_required:
        zh, en = f"{zh}(由本公司举证)", f"{en} (for the company to prove)"
    return sentence(term, zh, en)


@writes("lifecycle_phases")
def lifecycle_phase(term: LifecyclePhase, terms: VerticalPlaybook) -> Label:
    # What isn't billable is said by the fee rules: a phase alone promises no price.
    zh, en = (["收费服务"], ["service is charged"]) if term.billable else ([], [])
    if term.customer_signs:
        zh.append("由双方签字确认")
        en.append("signed for by both parties")
    return sentence(term, ",".join(zh), ", ".join(en))


@writes("customer_duties")
def customer_duty(term: CustomerDuty, terms: VerticalPlaybook) -> Label:
    due = word(term.due) if term.due != "always" else Label("", "")
    return sentence(term, f"{due.zh}由客户负责", f"for the customer to do{f' {due.en}' if due.en else ''}")


@writes("required_fields")
def required_field(term: RequiredField, terms: VerticalPlaybook) -> Label:
    owner = word(term.of)
    return sentence(term, f"以{owner.zh}载明的为准", f"as stated by {owner.en}")


@writes("guarantees")
def guarantee(term: Guarantee, terms: VerticalPlaybook) -> Label:
    if term.metric == "zero_count":
        return sentence(term, "保证不发生", "guaranteed not to happen")
    metric = word(term.metric)
    above, above_en = ("不低于", "at least") if term.inclusive else ("高于", "more than")
    zh, en = f"{metric.zh}{above} {share(term.threshold)}", f"{metric.en} of {above_en} {share(term.threshold)}"
    if term.excludes:
        left_out = words(term.excludes)
        zh, en = f"{zh}(不计{left_out.zh})", f"{en} (leaving out {left_out.en})"
    if term.remedy:
        remedy = word(term.remedy)
        zh, en = f"{zh},达不到的{remedy.zh}", f"{en}, what falls short is {remedy.en}"
    return sentence(term, zh, en)


@writes("statutory_floors")
def statutory_floor(term: StatutoryFloor, terms: VerticalPlaybook) -> Label:
    least = length(term.amount, term.unit)
    zh, en = f"依{term.law.zh},不少于 {least.zh}", f"by {term.law.en} no less than {least.en}"
    if term.usage_limit is not None:
        limit = usage(term.usage_limit)
        zh, en = f"{zh}或 {limit.zh}", f"{en} or {limit.en}"
    return sentence(term, zh, en)
