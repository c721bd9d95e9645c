"""A plan document as HTML for the screen and the printer, and as a Word document. Pure: bytes out, nothing kept."""

from datetime import datetime, time
from io import BytesIO
from typing import Any, Final

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from jinja2 import Environment, PackageLoader, select_autoescape

from aftersales.kit.errors import Language
from aftersales.plandocs.rules import PlanDocument, PlanSection, told
from aftersales.terms.base import Label

DOCX_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_FRONT: Final = {
    "vertical": Label("服务内容", "Service"),
    "customer": Label("客户", "Customer"),
    "contract": Label("合同", "Contract"),
    "period": Label("期限", "Period"),
    "hotline": Label("服务电话", "Hotline"),
    "made_on": Label("制定日期", "Made on"),
}
_OURS: Final = Label("服务方(签字、盖章)", "For the company (signature, seal)")
_THEIRS: Final = Label("客户(签字、盖章)", "For the customer (signature, seal)")
_CLOSING: Final = Label(
    "方括号内为条款编号;每一句均出自所列条款,标为本公司默认的除外。",
    "Numbers in brackets name clauses; every sentence comes from its clause, except where marked as our default.",
)
_ACCENT: Final = RGBColor(0x0F, 0x5C, 0x8C)
_FAINT: Final = RGBColor(0x66, 0x75, 0x8A)
_LATIN_FONT: Final = "Calibri"
_CHINESE_FONT: Final = "微软雅黑"

_templates = Environment(
    loader=PackageLoader("aftersales.plandocs"), autoescape=select_autoescape(["html"]), trim_blocks=False
)


def html(document: PlanDocument) -> str:
    """One self-contained page, without scripts or anything loaded; every sentence carries `data-clause`."""
    language = document.language
    return _templates.get_template("plan.html").render(
        document=document,
        facts=document.facts,
        front=front(document),
        stop=_stop(language),
        ours=told(_OURS, language),
        theirs=told(_THEIRS, language),
        closing=told(_CLOSING, language),
    )


def word_document(document: PlanDocument) -> bytes:
    """The same as .docx: headings in Word's own styles, so that a table of contents can be made from them."""
    made = docx.Document()
    _prepare(made, document)
    company = made.add_paragraph()
    _run(company, document.facts.company, size=12, colour=_ACCENT)
    made.add_heading(document.title, level=0)
    table = made.add_table(rows=0, cols=2)
    table.autofit = False
    for column, width in zip(table.columns, (Mm(35), Mm(125)), strict=True):
        column.width = width
    for name, value in front(document):
        cells = table.add_row().cells
        cells[0].width, cells[1].width = Mm(35), Mm(125)
        _run(cells[0].paragraphs[0], name, colour=_FAINT)
        _run(cells[1].paragraphs[0], value)
    for number, section in enumerate(document.sections, start=1):
        _section(made, number, section, document.language)
    _signatures(made, document.language)
    closing = made.add_paragraph()
    closing.paragraph_format.space_before = Pt(18)
    _run(closing, told(_CLOSING, document.language), size=8, colour=_FAINT)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def front(document: PlanDocument) -> list[tuple[str, str]]:
    """The lines of the first page: only those that are known."""
    facts, language = document.facts, document.language
    values: dict[str, str | None] = {
        "vertical": told(facts.vertical, language),
        "customer": facts.customer,
        "contract": " · ".join(text for text in (facts.contract_number, facts.contract_title) if text) or None,
        "period": _period(document),
        "hotline": facts.hotline,
        "made_on": facts.made_on.isoformat(),
    }
    return [(told(_FRONT[name], language), value) for name, value in values.items() if value]


def _period(document: PlanDocument) -> str | None:
    begin, end = document.facts.starts_on, document.facts.ends_on
    if begin is None:
        return None
    last = end.isoformat() if end else told(Label("长期", "open-ended"), document.language)
    return f"{begin.isoformat()} – {last}"


def _stop(language: Language) -> str:
    return "、" if language == "zh-CN" else ". "


def _prepare(made: Any, document: PlanDocument) -> None:
    page = made.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(24)
    page.top_margin = page.bottom_margin = Mm(22)
    for name, size in (("Normal", 10.5), ("Title", 24), ("Heading 1", 14), ("List Number", 10.5)):
        style = made.styles[name]
        style.font.name, style.font.size = _LATIN_FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), _CHINESE_FONT)
        if name in {"Title", "Heading 1"}:
            style.font.color.rgb = _ACCENT
    properties = made.core_properties
    properties.title, properties.author = document.title, document.facts.company
    properties.language = document.language
    # The day of the document, not of the machine: the same plan gives the same file.
    properties.created = properties.modified = datetime.combine(document.facts.made_on, time())
    footer = page.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(footer, f"{document.facts.company} · {document.title}", size=8, colour=_FAINT)


def _section(made: Any, number: int, section: PlanSection, language: Language) -> None:
    made.add_heading(f"{number}{_stop(language)}{section.title}", level=1)
    for place, sentence in enumerate(section.sentences, start=1):
        line = made.add_paragraph()
        line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Mm(9), Mm(-9)
        line.paragraph_format.space_after = Pt(3)
        line.paragraph_format.tab_stops.add_tab_stop(Mm(9))
        _run(line, f"{number}.{place}\t", colour=_FAINT, size=9)
        _run(line, sentence.text, colour=_FAINT if sentence.source == "default" else None)
        if sentence.clauses:
            _run(line, f" [{' · '.join(sentence.clauses)}]", size=7.5, colour=_FAINT)


def _signatures(made: Any, language: Language) -> None:
    table = made.add_table(rows=2, cols=2)
    for cell, label in zip(table.rows[1].cells, (_OURS, _THEIRS), strict=True):
        _run(cell.paragraphs[0], told(label, language), size=9)
    for cell in table.rows[0].cells:
        cell.paragraphs[0].paragraph_format.space_before = Pt(36)
        _run(cell.paragraphs[0], "_" * 32, colour=_FAINT)


def _run(paragraph: Any, text: str, *, size: float | None = None, colour: RGBColor | None = None) -> None:
    run = paragraph.add_run(text)
    if size is not None:
        run.font.size = Pt(size)
    if colour is not None:
        run.font.color.rgb = colour
