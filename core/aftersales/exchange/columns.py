"""The columns of each kind of table, with their names in both languages. Pure."""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

import msgspec
from msgspec import Struct

from aftersales.access import Right
from aftersales.exchange.rules import ATTRIBUTES, FIELDS
from aftersales.kit.errors import InvalidInput
from aftersales.parties.models import TIERS
from aftersales.terms.base import Label
from aftersales.terms.playbook import VerticalPlaybook

CellKind = Literal["text", "date", "number", "boolean", "list"]


class Column(Struct, frozen=True, kw_only=True):
    """One column; `note` says what goes into a cell, `choices` what alone may."""

    code: str
    label: Label
    kind: CellKind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    note: Label | None = None


class Layout(Struct, frozen=True, kw_only=True):
    """A kind of table; two rows with the same `key` are the same thing, in the file and in the database."""

    kind: str
    label: Label
    right: Right
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, code: str) -> Column | None:
        return next((column for column in self.columns if column.code == code), None)


_DAY: Final = Label("日期,如 2026-03-01", "a day such as 2026-03-01")
_YES: Final = Label("是 或 否", "yes or no")
_REGION: Final = Label("行政区划代码(GB/T 2260)", "a region code of GB/T 2260")
_SEVERAL: Final = Label("多个时用分号分隔", "several are divided by semicolons")


def _customer_code() -> Column:
    return Column(code="customer_code", label=Label("客户编号", "Customer code"), required=True)


LAYOUTS: Final[dict[str, Layout]] = {
    layout.kind: layout
    for layout in (
        Layout(
            kind="customers", label=Label("客户", "Customers"), right="party.manage", key=("code",),
            columns=(
                Column(code="code", label=Label("客户编号", "Customer code"), required=True),
                Column(code="name", label=Label("客户名称", "Customer name"), required=True),
                Column(code="tier", label=Label("客户等级", "Tier"), choices=TIERS),
                Column(code="region", label=Label("地区代码", "Region"), note=_REGION),
                Column(code="phone", label=Label("电话", "Phone")),
                Column(code="email", label=Label("电子邮件", "E-mail")),
                Column(code="last_paid_visit_on", label=Label("最近付费日期", "Last paid visit"), kind="date",
                       note=_DAY),
                Column(code="contact_name", label=Label("联系人", "Contact"), note=Label(
                    "更多联系人另用联系人表导入", "further ones go into a table of contacts")),
                Column(code="contact_phone", label=Label("联系人电话", "Contact phone")),
                Column(code="contact_email", label=Label("联系人邮件", "Contact e-mail")),
            ),
        ),
        Layout(
            kind="contacts", label=Label("联系人", "Contacts"), right="party.manage", key=("customer_code", "name"),
            columns=(
                _customer_code(),
                Column(code="name", label=Label("姓名", "Name"), required=True),
                Column(code="phone", label=Label("电话", "Phone")),
                Column(code="email", label=Label("电子邮件", "E-mail")),
                Column(code="position", label=Label("职务", "Position")),
                Column(code="may_authorise", label=Label("可授权远程", "May authorise remote work"), kind="boolean",
                       note=_YES),
            ),
        ),
        Layout(
            kind="sites", label=Label("地点", "Sites"), right="party.manage", key=("customer_code", "name"),
            columns=(
                _customer_code(),
                Column(code="name", label=Label("地点名称", "Site name"), required=True),
                Column(code="address", label=Label("地址", "Address")),
                Column(code="region", label=Label("地区代码", "Region"), note=_REGION),
            ),
        ),
        Layout(
            kind="assets", label=Label("资产", "Assets"), right="asset.manage", key=("number",),
            columns=(
                Column(code="number", label=Label("资产编号", "Asset number"), required=True),
                Column(code="name", label=Label("资产名称", "Asset name"), required=True),
                Column(code="vertical", label=Label("行业", "Vertical"), required=True),
                Column(code="asset_type", label=Label("资产类型", "Asset type"), required=True),
                _customer_code(),
                Column(code="site_name", label=Label("地点名称", "Site name")),
                Column(code="parent_number", label=Label("上级资产编号", "Parent asset number"), note=Label(
                    "所属设备的资产编号;上级须已登记,或在文件中位于前面",
                    "the asset that it is a part of: known already, or in a row above")),
                Column(code="serial", label=Label("序列号", "Serial number")),
                Column(code="installed_on", label=Label("安装日期", "Installed on"), kind="date", note=_DAY),
                Column(code="accepted_on", label=Label("验收日期", "Accepted on"), kind="date", note=_DAY),
                Column(code="usage", label=Label("读数", "Meter reading"), kind="number"),
                Column(code="remote_allowed", label=Label("允许远程", "Remote allowed"), kind="boolean", note=_YES),
                Column(code="components", label=Label("部件", "Components"), kind="list", note=Label(
                    "部件代码:序列号:安装日期,多个时用分号分隔",
                    "code:serial:installed on, several are divided by semicolons")),
            ),
        ),
        Layout(
            kind="contracts", label=Label("合同", "Contracts"), right="contract.manage", key=("number",),
            columns=(
                Column(code="number", label=Label("合同编号", "Contract number"), required=True),
                Column(code="title", label=Label("合同名称", "Title"), required=True),
                Column(code="vertical", label=Label("行业", "Vertical"), required=True),
                _customer_code(),
                Column(code="starts_on", label=Label("开始日期", "Starts on"), kind="date", required=True, note=_DAY),
                Column(code="ends_on", label=Label("结束日期", "Ends on"), kind="date", note=_DAY),
                Column(code="asset_numbers", label=Label("资产编号", "Asset numbers"), kind="list", note=_SEVERAL),
                Column(code="asset_types", label=Label("资产类型", "Asset types"), kind="list", note=_SEVERAL),
                Column(code="inspection_body", label=Label("质量检验机构", "Inspection body")),
            ),
        ),
        Layout(
            kind="history", label=Label("服务历史", "Past services"), right="asset.manage", key=("reference",),
            columns=(
                Column(code="reference", label=Label("服务单号", "Reference"), required=True),
                Column(code="asset_number", label=Label("资产编号", "Asset number"), required=True),
                Column(code="happened_on", label=Label("服务日期", "Day"), kind="date", required=True, note=_DAY),
                Column(code="title", label=Label("标题", "Title"), required=True),
                Column(code="description", label=Label("说明", "Description")),
                Column(code="engineer", label=Label("工程师", "Engineer")),
                Column(code="outcome", label=Label("结果", "Outcome")),
            ),
        ),
    )
}  # fmt: skip
"""What can be imported and exported, by kind; whoever imports or exports needs the layout's right."""


def layout_of(kind: str) -> Layout:
    """The layout of a kind; VALUE_UNKNOWN for one that there isn't."""
    found = LAYOUTS.get(kind)
    if found is None:
        raise InvalidInput("VALUE_UNKNOWN", field="kind", field_name="kind", value=kind, known=", ".join(LAYOUTS))
    return found


def with_own_columns(layout: Layout, verticals: Iterable[VerticalPlaybook]) -> Layout:
    """The layout with what the tenant's verticals add: attributes of assets, fields that a contract has to state."""
    own: dict[str, Column] = {}
    for terms in verticals:
        if layout.kind == "assets":
            structs = [found.attributes for found in terms.asset_types if found.attributes is not None]
            for name in sorted(name for struct in structs for name in struct.__struct_encode_fields__):
                code = f"{ATTRIBUTES}{name}"
                own.setdefault(code, Column(code=code, label=Label(code, code)))
        elif layout.kind == "contracts":
            for rule in terms.required_fields:
                kind: CellKind = rule.kind if rule.kind in ("date", "boolean") else "text"
                note = {"date": _DAY, "boolean": _YES}.get(kind, rule.label)
                if rule.of == "contract" and layout.column(rule.field) is None:
                    column = Column(code=f"{FIELDS}{rule.field}", label=rule.label, kind=kind, note=note)
                    own.setdefault(column.code, column)
    return msgspec.structs.replace(layout, columns=(*layout.columns, *own.values()))


def read_header(layout: Layout, cells: Sequence[str]) -> list[str]:
    """The codes of a table's columns, by code or by name in either language; empty cells at the end are dropped.

    IMPORT_COLUMN_UNKNOWN and IMPORT_COLUMN_MISSING name the columns, IMPORT_COLUMN_TWICE one that stands twice.
    """
    names = {
        name.casefold(): column.code
        for column in layout.columns
        for name in (column.code.removeprefix(FIELDS), column.code, *_names(column))
    }
    given = [cell.strip().rstrip("*").strip() for cell in cells]
    while given and not given[-1]:
        given.pop()
    codes: list[str] = []
    unknown: list[str] = []
    for name in given:
        code = names.get(name.casefold())
        if code is None and layout.kind == "assets" and name.startswith(ATTRIBUTES):
            code = name
        if code is None:
            unknown.append(name or "-")
        else:
            codes.append(code)
    known = ", ".join(column.code for column in layout.columns)
    if unknown:
        raise InvalidInput("IMPORT_COLUMN_UNKNOWN", field="file", columns=", ".join(unknown), known=known)
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise InvalidInput("IMPORT_COLUMN_TWICE", field="file", columns=", ".join(twice))
    missing = [column.code for column in layout.columns if column.required and column.code not in codes]
    if missing:
        raise InvalidInput("IMPORT_COLUMN_MISSING", field="file", columns=", ".join(missing))
    return codes


def heading(column: Column) -> str:
    """What stands above a column in a template: its names in both languages, an asterisk where it is required."""
    return f"{_names(column)[-1]}{'*' if column.required else ''}"


def _names(column: Column) -> tuple[str, ...]:
    zh, en = column.label.zh, column.label.en
    return (zh, en, zh if zh == en else f"{zh} {en}")
