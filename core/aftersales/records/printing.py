"""A record on paper: as HTML and as a Word document, in Chinese or English."""

import io
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import docx
import jinja2
from docx.oxml.ns import qn
from docx.shared import Pt
from msgspec import Struct

from aftersales.kit.errors import Language
from aftersales.records.forms import from_stored
from aftersales.records.models import ServiceRecord
from aftersales.terms.base import Label
from aftersales.terms.records import FormField

PAPER_FONT: Final = "SimSun"
_WORDS: Final[dict[str, Label]] = {
    "number": Label("编号", "Number"),
    "revision": Label("版次", "Revision"),
    "state": Label("状态", "State"),
    "form_version": Label("表单版本", "Version of the form"),
    "signatures": Label("签字", "Signatures"),
    "seal": Label("盖章", "Seal"),
    "correction": Label("更正原因", "Reason of the correction"),
    "true": Label("是", "yes"),
    "false": Label("否", "no"),
    "draft": Label("草稿", "draft"),
    "submitted": Label("已提交", "submitted"),
    "archived": Label("已归档", "archived"),
    "superseded": Label("已被更正", "superseded"),
    "photo": Label("照片 {count} 张", "{count} photos"),
    "empty": Label("—", "—"),
}


class Line(Struct, frozen=True, kw_only=True):
    """A field on paper."""

    label: str
    text: str


class Section(Struct, frozen=True, kw_only=True):
    """Fields under one heading; the first ones have none."""

    title: str | None
    lines: tuple[Line, ...]


class Page(Struct, frozen=True, kw_only=True):
    """A record as it is printed."""

    language: Language
    company: str
    title: str
    facts: tuple[Line, ...]
    sections: tuple[Section, ...]
    signatures_title: str
    signatures: tuple[Line, ...]
    created_at: datetime


def page_of(
    record: ServiceRecord, *, company: str, language: Language, time_zone: str, photos: dict[str, int] | None = None
) -> Page:
    """What is printed; instants in the tenant's zone, to the minute."""
    template, zone = from_stored(record.template), ZoneInfo(time_zone)
    facts = [
        Line(label=_word("number", language), text=record.number),
        Line(label=_word("revision", language), text=str(record.revision)),
        Line(label=_word("form_version", language), text=record.form_version),
        Line(label=_word("state", language), text=_word(record.state, language)),
    ]
    if record.correction:
        facts.append(Line(label=_word("correction", language), text=record.correction))
    sections: dict[str | None, list[Line]] = {None: []}
    for field in template.fields:
        text = _text(field, record.field_values.get(field.code), (photos or {}).get(field.code, 0), language, zone)
        sections.setdefault(field.section, []).append(Line(label=_label(field.label, language), text=text))
    signatures = [
        Line(label=signer, text=_signed(record, signer, zone) or _word("empty", language))
        for signer in template.signatures
    ]
    if template.seal:
        sealed = f"{record.sealed_by}  {_minute(record.sealed_at, zone)}" if record.sealed_at else ""
        signatures.append(Line(label=_word("seal", language), text=sealed or _word("empty", language)))
    return Page(
        language=language,
        company=company,
        title=_label(template.label, language),
        facts=tuple(facts),
        sections=tuple(Section(title=title, lines=tuple(lines)) for title, lines in sections.items() if lines),
        signatures_title=_word("signatures", language),
        signatures=tuple(signatures),
        created_at=record.created_at,
    )


def _word(name: str, language: Language) -> str:
    return _label(_WORDS[name], language)


def _label(label: Label, language: Language) -> str:
    return label.zh if language == "zh-CN" else label.en


def _text(field: FormField, value: Any, photos: int, language: Language, zone: ZoneInfo) -> str:
    if field.kind == "photo":
        return _word("photo", language).format(count=photos) if photos else _word("empty", language)
    if value is None:
        return _word("empty", language)
    if isinstance(value, bool):
        return _word("true" if value else "false", language)
    if isinstance(value, list):
        return ", ".join(value)
    return _minute(datetime.fromisoformat(value), zone) if field.kind == "instant" else str(value)


def _minute(instant: datetime | None, zone: ZoneInfo) -> str:
    return "" if instant is None else instant.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _signed(record: ServiceRecord, signer: str, zone: ZoneInfo) -> str:
    found = next((one for one in record.signatures or () if one["signer"] == signer), None)
    return "" if found is None else f"{found['name']}  {_minute(datetime.fromisoformat(found['at']), zone)}"


_HTML = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
    """<!doctype html>
<html lang="{{ page.language }}">
<head><meta charset="utf-8"><title>{{ page.title }}</title>
<style>
body { font: 12pt serif; margin: 2cm; } h1 { text-align: center; }
table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid; padding: 4pt; text-align: left; }
th { width: 30%; font-weight: normal; } td { white-space: pre-wrap; }
</style></head>
<body>
<p>{{ page.company }}</p>
<h1>{{ page.title }}</h1>
{% for heading, lines in blocks %}{% if heading %}<h2>{{ heading }}</h2>
{% endif %}<table>
{% for line in lines %}<tr><th>{{ line.label }}</th><td>{{ line.text }}</td></tr>
{% endfor %}</table>
{% endfor %}</body>
</html>
"""
)


def _blocks(page: Page) -> list[tuple[str | None, tuple[Line, ...]]]:
    found: list[tuple[str | None, tuple[Line, ...]]] = [(None, page.facts)]
    found += [(section.title, section.lines) for section in page.sections]
    if page.signatures:
        found.append((page.signatures_title, page.signatures))
    return found


def to_html(page: Page) -> bytes:
    """The page for a browser's printer: complete in itself, nothing in it is markup of a caller."""
    return _HTML.render(page=page, blocks=_blocks(page)).encode()


def to_word(page: Page) -> bytes:
    """The page as a .docx. What it holds and its own dates follow from the record alone."""
    document = docx.Document()
    normal: Any = document.styles["Normal"]
    normal.font.name, normal.font.size = PAPER_FONT, Pt(11)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), PAPER_FONT)
    document.add_paragraph(page.company)
    document.add_heading(page.title, level=1)
    for heading, lines in _blocks(page):
        if heading:
            document.add_heading(heading, level=2)
        table = document.add_table(rows=0, cols=2)
        table.style = "Table Grid"
        for line in lines:
            label, text = table.add_row().cells
            label.text, text.text = line.label, line.text
    about = document.core_properties
    about.title, about.author, about.last_modified_by, about.revision = page.title, page.company, page.company, 1
    about.created = about.modified = page.created_at.replace(tzinfo=None)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
