"""The plan as a document: every kind of term has words, every sentence its clause, and plan 9 promises what it says."""

import re
from datetime import date
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import docx
import msgspec
import pytest

from aftersales.kit.messages import LANGUAGES, Language
from aftersales.plandocs.rendering import html, word_document
from aftersales.plandocs.rules import SECTIONS, PlanDocument, PlanFacts, compose
from aftersales.plandocs.writers import WRITERS
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry
from aftersales.terms.base import Label
from aftersales.terms.coverage import WarrantyTerm
from aftersales.terms.playbook import DECLARATIONS, VerticalPlaybook
from tests.seed.accounting import SEED

FACTS = PlanFacts(
    company="Sun <& Son>", vertical=Label("太阳能热水", "Solar water heating"), made_on=date(2026, 6, 10),
    hotline="400-800-2000", contract_number="C-1", customer="阳光小区", starts_on=date(2026, 1, 1),
)  # fmt: skip
CHINESE_DIGITS = {"壹": 1, "一": 1, "二": 2, "两": 2, "叁": 3, "三": 3, "四": 4, "五": 5}


def terms_of(registry: Registry, vertical: str, **settings: Any) -> VerticalPlaybook:
    return PlaybookCompiler(registry).playbook({vertical: settings}).verticals[vertical]


def plan(registry: Registry, vertical: str, language: Language = "zh-CN", **settings: Any) -> PlanDocument:
    return compose(terms_of(registry, vertical, **settings), FACTS, language)


def texts(document: PlanDocument, *clauses: str) -> str:
    """The sentences that are tied to any of the clauses (all sentences without one), one under the other."""
    return "\n".join(
        sentence.text
        for section in document.sections
        for sentence in section.sentences
        if not clauses or set(clauses) & set(sentence.clauses)
    )


def figures(text: str) -> set[int]:
    """Every number of a text, written in digits or as a Chinese one."""
    joined = re.sub(r"[—-]+", "", text)
    return {int(found) for found in re.findall(r"[0-9]+", joined)} | {
        value for sign, value in CHINESE_DIGITS.items() if sign in text
    }


def test_every_kind_of_declaration_has_a_writer_and_a_section() -> None:
    """A kind of term that nobody can put into words fails here by its name."""
    assert WRITERS.keys() == DECLARATIONS.keys()
    placed = [kind for _, _, kinds in SECTIONS for kind in kinds]
    assert sorted(placed) == sorted(DECLARATIONS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("vertical", ["solar", "landscaping", "auto_4s", "software_his"])
def test_every_term_of_every_vertical_is_told_once(
    installed_verticals: Registry, vertical: str, language: Language
) -> None:
    """Given all terms of a vertical, then the document holds one sentence for each, with its clause and its source."""
    terms = terms_of(installed_verticals, vertical)
    told = [sentence for section in plan(installed_verticals, vertical, language).sections
            for sentence in section.sentences]  # fmt: skip
    declared = [(kind, term) for kind in DECLARATIONS for term in getattr(terms, kind)]
    assert sorted((found.kind, found.term) for found in told) == sorted((kind, term.code) for kind, term in declared)
    by_code = {(kind, term.code): term for kind, term in declared}
    for found in told:
        term = by_code[found.kind, found.term]
        assert (found.clause, found.source) == (term.clause, term.source)
        assert found.text.rstrip("。.)").strip()


P09_PROMISES = {
    "P09-01": ["方案设计"],
    "P09-02": ["技术指导"],
    "P09-03": ["咨询", "秘密"],
    "P09-04": ["保修卡"],
    "P09-05": ["3 级"],
    "P09-06": ["当地代理", "4 小时内"],
    "P09-07": ["12 小时内", "现场"],
    "P09-08": ["24 小时", "800-828-5488", "400-8899-428"],
    "P09-09": ["用户档案", "质量跟踪", "上门检查"],
    "P09-10": ["水箱", "支架", "保修 3 年"],
    "P09-11": ["管路配件及电器", "保修 1 年"],
    "P09-12": ["终身维修服务"],
    "P09-13": ["真空管", "免费更换"],
    "P09-14": ["漏水", "免费更换"],
    "P09-15": ["保温层", "免费更换"],
    "P09-16": ["支架变形无法正常使用", "免费更换"],
    "P09-17": ["保修期外", "成本", "人工费"],
    "P09-18": ["出示收费标准并征得同意"],
    "P09-19": ["发票或收据"],
    "P09-20": ["每年 2 次", "免费", "特约服务单位"],
    "P09-21": ["应急维修"],
    "P09-22": ["保修期内", "免费", "产品质量问题", "安装问题"],
    "P09-23": ["拆动", "收费"],
    "P09-24": ["运输", "说明书", "收费"],
    "P09-25": ["主要部件超过", "收费"],
    "P09-26": ["不可抗力", "天灾", "供水", "收费"],
    "P09-27": ["市场价", "公司"],
    "P09-28": ["发票或收据"],
    "P09-29": ["验收", "培训"],
    "P09-30": ["验收后 2 日内"],
    "P09-31": ["培训地点"],
    "P09-32": ["设备管理人员", "水电工", "用户"],
    "P09-33": ["运行原理", "大体结构", "参数设置", "注意事项", "常见的故障"],
    "P09-34": ["正确使用", "避免造成损伤", "避免对设备造成破坏"],
    "P09-35": ["简单故障"],
    "P09-36": ["用户使用培训"],
    "P09-37": ["不属保修范围", "人工费"],
}


@pytest.mark.clause("P09-10", "P09-11", "P09-06", "P09-07", "P09-08", "P09-30")
def test_plan_9_laid_beside_the_original_promises_the_same(installed_verticals: Registry) -> None:
    """Given the text of plan 9, then each of its clauses stands in the document, with its figures."""
    document = plan(installed_verticals, "solar")
    clauses = {
        row["id"]: row
        for row in msgspec.json.decode((SEED / "clauses.json").read_bytes())
        if row["id"].startswith("P09")
    }
    assert P09_PROMISES.keys() == clauses.keys()
    for clause, said in P09_PROMISES.items():
        told = texts(document, clause)
        for part in said:
            assert part in told, f"{clause} says nothing of {part}: {told}"


def test_nothing_is_promised_that_the_text_does_not_say(installed_verticals: Registry) -> None:
    """Given the numbers of plan 9's text, then the document holds no other, but in what is marked as our default."""
    quotes = "\n".join(
        row["quote"] for row in msgspec.json.decode((SEED / "clauses.json").read_bytes()) if row["id"].startswith("P09")
    )
    document = plan(installed_verticals, "solar")
    for section in document.sections:
        for sentence in section.sentences:
            if sentence.source == "default":
                assert sentence.text.endswith("(本公司默认,原方案未载明)")
            else:
                assert sentence.clauses, f"a sentence without a clause: {sentence.text}"
                assert figures(sentence.text) <= figures(quotes), sentence.text


def test_a_tenants_own_longer_term_is_told_instead(installed_verticals: Registry) -> None:
    """Given a tenant that gives five years, then the document says five years, as the tenant's own."""
    document = plan(installed_verticals, "solar", warranty_main_unit_months=60)
    [found] = [sentence for section in document.sections for sentence in section.sentences
               if (sentence.kind, sentence.term) == ("warranty_terms", "main_unit")]  # fmt: skip
    assert ("保修 5 年" in found.text, found.source) == (True, "tenant")


def test_an_open_term_stays_open(installed_verticals: Registry) -> None:
    """Given a term that the text leaves open, then the sentence refers to the contract and names no length."""
    terms = terms_of(installed_verticals, "solar")
    open_term = WarrantyTerm(
        code="x", label=Label("主机", "Unit"), warranty_class="x", amount=None, unit="month", starts_on="acceptance"
    )
    document = compose(msgspec.structs.replace(terms, warranty_terms=(open_term,)), FACTS, "en")
    [told] = [sentence.text for section in document.sections for sentence in section.sentences
              if sentence.kind == "warranty_terms"]  # fmt: skip
    assert told == "Unit: from acceptance, for as long as the contract states."


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_ties_each_sentence_to_its_clause_and_runs_nothing(
    installed_verticals: Registry, language: Language
) -> None:
    """Given the page, then each sentence carries its clauses as data and in brackets; names are escaped."""
    document = plan(installed_verticals, "solar", language)
    page = html(document)
    assert "Sun &lt;&amp; Son&gt;" in page
    assert "<& Son>" not in page
    assert "<script" not in page
    body = page.partition("<body>")[2]
    parsed = ElementTree.fromstring(f"<body>{body.partition('</html>')[0]}")  # noqa: S314 - our own page
    items = parsed.findall(".//li")
    sentences = [sentence for section in document.sections for sentence in section.sentences]
    assert len(items) == len(sentences)
    for item, sentence in zip(items, sentences, strict=True):
        assert item.get("data-clause") == " ".join(sentence.clauses)
        assert item.get("data-source") == sentence.source
        assert all(clause in "".join(item.itertext()) for clause in sentence.clauses)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_document_holds_the_same_sentences(installed_verticals: Registry, language: Language) -> None:
    """Given the Word document, then it opens, and holds every heading and every sentence with its clauses."""
    document = plan(installed_verticals, "solar", language)
    opened = docx.Document(BytesIO(word_document(document)))
    paragraphs = [paragraph.text for paragraph in opened.paragraphs]
    headings = [
        found.text for found in opened.paragraphs if found.style is not None and found.style.name == "Heading 1"
    ]
    assert [heading.split("、" if language == "zh-CN" else ". ", 1)[1] for heading in headings] == [
        section.title for section in document.sections
    ]
    for section in document.sections:
        for sentence in section.sentences:
            clauses = f" [{' · '.join(sentence.clauses)}]" if sentence.clauses else ""
            assert any(text.endswith(f"{sentence.text}{clauses}") for text in paragraphs), sentence.text
    assert opened.core_properties.title == document.title
