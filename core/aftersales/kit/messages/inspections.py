"""Checklists and inspections."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "CHECKLIST_UNKNOWN": ("没有检查表 {value}。", "There is no checklist {value}."),
    "CHECKLIST_INVALID": ("检查表无效:{reason}", "The checklist can't be: {reason}"),
    "CHECKLIST_VERSION_TAKEN": ("该版本刚被他人发布,请重试。", "Somebody else published this version just now; try again."),
    "INSPECTION_SUBJECT_INVALID": ("该检查表适用于 {of}。", "This checklist is about: {of}."),
    "INSPECTION_STATE_REFUSED": ("检查处于 {state} 状态,不能 {operation}。", "The inspection is {state}: {operation} isn't possible."),
    "CHECK_ITEM_UNKNOWN": ("检查表没有项目 {value}。", "The checklist has no item {value}."),
    "CHECK_ITEM_TWICE": ("项目 {item} 被填写两次。", "The item {item} is filled in twice."),
    "ANSWER_MISSING": ("项目 {item} 没有填写结果。", "The item {item} has no result."),
    "ANSWER_OF_OTHER_KIND": ("项目 {item} 的类型是 {kind}。", "The item {item} is of the kind {kind}."),
    "NUMBER_SENSELESS": ("项目 {item} 的数值 {value} 不合理。", "{value} makes no sense for the item {item}."),
    "CHOICE_UNKNOWN": ("没有选项 {value}(有:{known})。", "There is no choice {value} (there are: {known})."),
    "PHOTO_REQUIRED": ("项目 {item} 需要照片。", "The item {item} needs a photo."),
    "PHOTO_UNFIT": (
        "项目 {item} 的照片不能用:须是本次检查或其客户已上传的图片。",
        "The photo of the item {item} won't do: it has to be an uploaded picture of this inspection or its customer.",
    ),
    "ITEMS_MISSING": ("以下项目未填写:{items}。", "These items aren't filled in: {items}."),
    "FINDING_NEEDS_SITE": ("没有现场,不能登记隐患。", "A hazard needs a site, and the inspection has none."),
    "FINDING_NEEDS_MACHINE": ("没有设备可停用。", "There is no machine to block."),
    "FINDING_NEEDS_CUSTOMER": ("检查没有客户,不能开工单。", "A ticket needs a customer, and the inspection has none."),
}  # fmt: skip
