"""Import and export."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "IMPORT_FILE_EMPTY": (
        "文件是空的:需要一行标题和至少一行数据。",
        "The file is empty: it needs a line of headings and at least one row.",
    ),
    "IMPORT_FILE_TYPE": ("不是 CSV 或 Excel(.xlsx)文件。", "This is neither a CSV nor an Excel file (.xlsx)."),
    "IMPORT_FILE_BROKEN": ("文件无法读取:{reason}。", "The file can't be read: {reason}."),
    "IMPORT_FILE_TOO_LARGE": ("文件过大:最多 {limit} 字节。", "The file is too large: at most {limit} bytes."),
    "IMPORT_SHEET_TOO_LARGE": ("表格过大:{what} 最多 {limit}。", "The sheet is too large: at most {limit} {what}."),
    "IMPORT_ENCODING_UNKNOWN": (
        "文字编码无法识别:请用 UTF-8 或 GB18030。",
        "The encoding can't be told: save the file as UTF-8 or GB18030.",
    ),
    "IMPORT_COLUMN_UNKNOWN": (
        "没有这些列:{columns};可用:{known}。",
        "There are no such columns: {columns}; known: {known}.",
    ),
    "IMPORT_COLUMN_MISSING": ("缺少必填列:{columns}。", "These columns have to be there: {columns}."),
    "IMPORT_COLUMN_TWICE": ("列重复:{columns}。", "These columns stand there twice: {columns}."),
    "IMPORT_CELLS_BEYOND": ("该行在第 {count} 列之后还有内容。", "The row goes on behind the last of {count} columns."),
    "IMPORT_ROW_TWICE": ("与第 {first} 行重复。", "This is the same as row {first}."),
    "IMPORT_FORMULA": ("单元格不能是公式。", "A cell can't be a formula."),
    "IMPORT_DATE_INVALID": ("{value} 不是日期:请写 2026-03-01。", "{value} is no day: write 2026-03-01."),
    "IMPORT_NUMBER_INVALID": ("{value} 不是整数。", "{value} is no whole number."),
    "IMPORT_YES_OR_NO": ("{value} 不是 是 或 否。", "{value} is neither yes nor no."),
    "IMPORT_REFERENCE_UNKNOWN": ("没有编号或名称为 {value} 的 {thing}。", "There is no {thing} {value}."),
    "IMPORT_OTHER_CUSTOMER": ("{value} 属于另一客户。", "{value} belongs to another customer."),
    "IMPORT_CONTRACT_SIGNED": ("合同已签订,导入不能更改。", "The contract is signed: an import doesn't change it."),
    "IMPORT_HISTORY_KNOWN": ("该服务单号已有不同的记录。", "Another record has this reference already."),
    "IMPORT_NOT_CHECKED": (
        "导入的状态为 {state}:只有检查完的才能执行。",
        "The import is {state}: only one that was checked can be run.",
    ),
    "IMPORT_HAS_ERRORS": (
        "有 {count} 行有错:按 all_or_nothing 不能执行。",
        "{count} rows have errors: under all_or_nothing nothing is run.",
    ),
    "IMPORTS_UNDER_WAY": (
        "已有 {count} 个导入正在检查或执行,请等待其结束。",
        "{count} imports are being checked or run: wait until one has ended.",
    ),
    "EXPORT_NOT_READY": (
        "导出的状态为 {state}:没有可下载的文件。",
        "The export is {state}: there is nothing to fetch.",
    ),
    "IMPORT_ENDED": ("导入已结束({state})。", "The import has ended ({state})."),
}
