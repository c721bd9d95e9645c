"""Broadcasts, reminders, guides, and tasks of dealers."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "BROADCAST_EXISTS": ("该通知已存在。", "This broadcast exists already."),
    "BROADCAST_STATE_REFUSED": ("通知处于 {state} 状态,不能 {operation}。", "The broadcast is {state}: {operation} isn't possible."),
    "BROADCAST_AUDIENCE_EMPTY": ("没有任何客户属于该通知的对象。", "Nobody belongs to the broadcast's audience."),
    "BROADCAST_TOO_FAR": ("发送时间不得超过一年之后。", "A broadcast is scheduled at most a year ahead."),
    "INSTANT_PAST": ("{field_name} 已过去。", "{field_name} has passed."),
    "AUDIENCE_INVALID": ("客群与行业必须同时填写。", "A segment and its vertical go together."),
    "MONTHS_INVALID": ("月数 {value} 无效,应为 1 到 {highest}。", "{value} isn't a number of months from 1 to {highest}."),
    "SERIES_ENDED": ("该提醒已结束。", "This series of reminders has ended."),
    "GUIDE_REVISION_EXISTS": ("该指导资料的此版本已发布。", "This revision of the guide was released already."),
    "GUIDE_WITHDRAWN": ("该指导资料已撤回。", "This guide isn't shown any more."),
    "DEALER_TASK_EXISTS": ("该工单已交经销商处理。", "The ticket is in a dealer's hands already."),
    "DEALER_ACT_DONE": ("{act} 已有记录。", "{act} is on record already."),
}  # fmt: skip
