"""The plan as sections of sentences, each with its clause and its source. Pure."""

import re
from datetime import date
from typing import Final

from msgspec import Struct

from aftersales.kit.errors import Language
from aftersales.plandocs import promises, services
from aftersales.plandocs.writers import WRITERS, named_only
from aftersales.terms.base import Label, Source, Term
from aftersales.terms.playbook import DECLARATIONS, VerticalPlaybook

__all__ = ["SECTIONS", "PlanDocument", "PlanFacts", "PlanSection", "PlanSentence", "compose", "promises", "services"]

SECTIONS: Final[tuple[tuple[str, Label, tuple[str, ...]], ...]] = (
    ("scope", Label("服务范围", "What is served"),
     ("asset_types", "work_types", "code_registries", "region_classes")),
    ("organisation", Label("服务体系", "The service organisation"),
     ("service_tiers", "roles_and_routing", "calendars")),
    ("response", Label("响应与处理", "Response and handling"),
     ("sla_targets", "fault_grades", "channel_ladder", "major_incidents", "escalation_ladders", "closing_rules")),
    ("warranty", Label("保修承诺", "Warranty"),
     ("lifecycle_phases", "warranty_terms", "covered_causes", "symptom_remedies", "statutory_floors")),
    ("exclusions", Label("不属保修范围的情形", "What is not covered"), ("exclusions",)),
    ("guarantees", Label("质量保证", "Guarantees"), ("guarantees",)),
    ("fees", Label("收费标准", "Fees"), ("service_fee_table", "labour_hours")),
    ("campaigns", Label("优惠活动", "Campaigns"), ("campaign_offers", "campaign_eligibility")),
    ("planned", Label("定期服务", "Planned service"), ("inspection_cadences", "checklists", "revisit_rules")),
    ("development", Label("升级与定制", "Upgrades and customisation"),
     ("proposal_rules", "upgrade_rules", "customisation_types")),
    ("training", Label("培训", "Training"), ("training_curricula",)),
    ("safety", Label("安全管理", "Safety"), ("safety_rules",)),
    ("records", Label("记录与资料", "Records and documents"),
     ("form_templates", "record_rules", "deliverables", "reference_standards")),
    ("dealing", Label("经销商", "Dealers"), ("part_order_rules", "return_costs")),
    ("customer", Label("需要客户配合的事项", "What we ask of the customer"),
     ("customer_duties", "required_fields")),
)  # fmt: skip
OTHER: Final = Label("其他", "Further terms")
_HALF_WIDTH: Final = re.compile(r"[,:;](?![0-9])")
_FULL_WIDTH: Final = {",": ",", ":": ":", ";": ";"}
DEFAULT_MARK: Final = Label("(本公司默认,原方案未载明)", " (our default: the plan's text doesn't say)")


class PlanFacts(Struct, frozen=True, kw_only=True):
    """What stands on the first page. Dates are local days of the tenant's zone."""

    company: str
    vertical: Label
    made_on: date
    hotline: str | None = None
    contract_number: str | None = None
    contract_title: str | None = None
    customer: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None


class PlanSentence(Struct, frozen=True, kw_only=True):
    """One promise in words. `clauses` are the numbers it is tied to, the term's own first; `term` is its code."""

    text: str
    clause: str | None
    clauses: tuple[str, ...]
    source: Source
    kind: str
    term: str


class PlanSection(Struct, frozen=True, kw_only=True):
    """Sentences under one heading."""

    code: str
    title: str
    sentences: tuple[PlanSentence, ...]


class PlanDocument(Struct, frozen=True, kw_only=True):
    """The whole plan in one language."""

    language: Language
    title: str
    facts: PlanFacts
    sections: tuple[PlanSection, ...]


def compose(terms: VerticalPlaybook, facts: PlanFacts, language: Language) -> PlanDocument:
    """The plan of a vertical's terms. Sections without a sentence are left out; the numbers of clauses stay."""
    sections = [_section(terms, code, title, kinds, language) for code, title, kinds in SECTIONS]
    placed = {kind for _, _, kinds in SECTIONS for kind in kinds}
    sections.append(_section(terms, "other", OTHER, tuple(DECLARATIONS.keys() - placed), language))
    return PlanDocument(
        language=language,
        title=told(Label("售后服务方案", "After-sales service plan"), language),
        facts=facts,
        sections=tuple(section for section in sections if section.sentences),
    )


def told(label: Label, language: Language) -> str:
    """A name in the language asked for."""
    return label.zh if language == "zh-CN" else label.en


def _section(
    terms: VerticalPlaybook, code: str, title: Label, kinds: tuple[str, ...], language: Language
) -> PlanSection:
    found = [_sentence(term, kind, terms, language) for kind in kinds for term in getattr(terms, kind)]
    return PlanSection(code=code, title=told(title, language), sentences=tuple(found))


def in_words(term: Term, kind: str, terms: VerticalPlaybook) -> Label:
    """A term of a declaration as a sentence in both languages; what is our default says so."""
    words = WRITERS.get(kind, named_only)(term, terms)
    zh, en = words.zh, words.en
    if term.source == "default":
        zh, en = zh + DEFAULT_MARK.zh, en + DEFAULT_MARK.en
    return Label(_HALF_WIDTH.sub(lambda found: _FULL_WIDTH[found[0]], zh), en)


def _sentence(term: Term, kind: str, terms: VerticalPlaybook, language: Language) -> PlanSentence:
    text = told(in_words(term, kind, terms), language)
    own = (term.clause,) if term.clause else ()
    return PlanSentence(
        text=text,
        clause=term.clause,
        clauses=tuple(dict.fromkeys((*own, *term.also_clauses))),
        source=term.source,
        kind=kind,
        term=term.code,
    )
