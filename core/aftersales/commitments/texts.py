"""The sentences of an explanation, in Chinese and in English."""

from datetime import timedelta
from typing import Any, Final

from aftersales.commitments.budgets import Budget
from aftersales.kit.errors import Language

_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "promise": (
        "承诺:{milestone},依据条款 {clause}({source})。",
        "Promise: {milestone}, by clause {clause} ({source}).",
    ),
    "source_vertical": ("行业条款", "the vertical's terms"),
    "source_tenant": ("企业自定", "the tenant's own terms"),
    "source_contract": ("合同", "the contract"),
    "source_statute": ("法律法规", "statute"),
    "source_default": ("平台默认值", "our default"),
    "trigger": ("起算事件:{trigger},{at}。", "The clock was started by {trigger} at {at}."),
    "budget": ("时限:{budget}。", "Time allowed: {budget}."),
    "no_budget": (
        "条款没有给出数字:只作记录,不会违约。",
        "The clause gives no number: it is tracked and can't be broken.",
    ),
    "no_limit": ("无时限", "no limit"),
    "no_reason": ("未注明原因", "no reason given"),
    "segment_paused": ("{at} 暂停:{reason}。", "Paused at {at}: {reason}."),
    "segment_running": ("{at} 继续计时:{reason}。", "Running again from {at}: {reason}."),
    "segment_met": ("{at} 完成。", "Done at {at}."),
    "segment_cancelled": ("{at} 取消:{reason}。", "Cancelled at {at}: {reason}."),
    "recomputed_remeasure": (
        "{at} 改为 {budget}:自起算事件重新计算,暂停全部保留({reason})。",
        "Changed at {at} to {budget}: counted anew since the trigger, every pause kept ({reason}).",
    ),
    "recomputed_keep": (
        "{at} 改为 {budget}:已用时间照旧,此后按新规则计算({reason})。",
        "Changed at {at} to {budget}: time spent stays as it was counted, the rest by the new terms ({reason}).",
    ),
    "paused_total": ("暂停合计 {length},不计入时限。", "Paused for {length} in all, which isn't counted."),
    "walk": ("日历 {calendar}({zone})逐日:", "Day by day on the calendar {calendar} ({zone}):"),
    "counted": ("计一天", "counted"),
    "truncated": ("  ……其后从略。", "  … and so on."),
    "provisional": (
        "{year} 年的官方放假安排尚未发布:只按法定节日计算。",
        "The official holiday arrangement for {year} wasn't published yet: statutory days only.",
    ),
    "due": ("到期:{at}(到期时刻完成仍算按时)。", "Due: {at} (met if done at that very instant)."),
    "status_open": ("状态:计时中。", "Status: open."),
    "status_paused": ("状态:暂停中,剩余时限保留。", "Status: paused, the rest of the time is kept."),
    "status_overdue": ("状态:已超时 {late}。", "Status: overdue by {late}."),
    "status_met": ("状态:按时完成。", "Status: met."),
    "status_met_late": ("状态:完成但迟了 {late}。", "Status: done, {late} late."),
    "status_tracked": ("状态:仅记录。", "Status: tracked."),
    "status_cancelled": ("状态:已取消。", "Status: cancelled."),
    "policy_won": ("适用:{code}(条款 {clause})。", "Holds: {code} (clause {clause})."),
    "lost_weaker_source": (
        "不适用:{code}(条款 {clause}),来源次序较低。",
        "Doesn't: {code} (clause {clause}), its source ranks lower.",
    ),
    "lost_less_specific": (
        "不适用:{code}(条款 {clause}),不够具体。",
        "Doesn't: {code} (clause {clause}), it is less specific.",
    ),
    "lost_lower_priority": (
        "不适用:{code}(条款 {clause}),优先级较低。",
        "Doesn't: {code} (clause {clause}), its priority is lower.",
    ),
    "lost_later_code": (
        "不适用:{code}(条款 {clause}),同级按编号排后。",
        "Doesn't: {code} (clause {clause}), equal, and later by code.",
    ),
}

_PLANNED: Final[dict[str, tuple[str, str]]] = {
    "inspection": ("巡检", "inspection"),
    "maintenance": ("保养", "maintenance"),
    "health_check": ("健康检查", "health check"),
    "patrol": ("巡视", "patrol"),
    "upkeep": ("养护", "upkeep"),
    "safety_check": ("安全检查", "safety check"),
    "visit": ("拜访", "visit"),
    "reminder": ("提醒", "reminder"),
}
"""Kinds of planned work; the plan itself is what starts their clocks."""
_OWED: Final[dict[str, tuple[str, str]]] = {
    "training": ("培训", "training"),
    "revisit": ("回访", "revisit"),
    "care_plan": ("客户关怀计划", "care plan"),
    "proposal": ("方案", "proposal"),
    "contract_task": ("合同任务", "contract task"),
    "next_round": ("下一次巡视", "next round"),
    "daily_check": ("每日检查", "daily check"),
    "post_shift_check": ("班后检查", "check after the shift"),
    "permit_close_out": ("作业票关闭", "close-out of the permit"),
}
"""What rooms owe once something happened: one of several events, which the record names."""

_MILESTONES: Final[dict[str, tuple[str, str]]] = {
    "acknowledged": ("响应", "acknowledgement"),
    "plan_proposed": ("提出解决方案", "plan"),
    "arranged": ("安排处理", "arrangement"),
    "dispatched": ("派人", "dispatch"),
    "on_site": ("到达现场", "arrival on site"),
    "restored": ("恢复运行", "restoration"),
    "resolved": ("解决", "resolution"),
    "next_response": ("再次回复", "next response"),
    **_OWED,
    **_PLANNED,
}
_EVENTS: Final[dict[str, tuple[str, str]]] = {
    "reported": ("客户报修", "the customer's report"),
    "graded": ("故障定级", "the grading"),
    "phone_failed": ("电话支持未能解决", "the failed attempt by phone"),
    "remote_failed": ("远程支持未能解决", "the failed remote session"),
    "on_site_decided": ("决定上门", "the decision to go on site"),
    "customer_replied": ("客户回复", "the customer's reply"),
    **dict.fromkeys(_OWED, ("应办事由", "what made it due")),
    **dict.fromkeys(_PLANNED, ("计划", "the plan")),
}

_DAY_KINDS: Final[dict[str, tuple[str, str]]] = {
    "calendar_day": ("自然日", "calendar day"),
    "working": ("工作日", "working day"),
    "weekend": ("休息日", "day of rest"),
    "holiday": ("节假日", "public holiday"),
    "make_up": ("调休上班日", "make-up working day"),
    "own_closed": ("自定休业日", "closed, own day"),
    "own_open": ("自定营业日", "open, own day"),
}

_UNITS: Final[dict[str, tuple[str, str, str]]] = {
    "minute": ("分钟", "minute", "minutes"),
    "hour": ("小时", "hour", "hours"),
    "working_minute": ("工作分钟", "working minute", "working minutes"),
    "working_hour": ("工作小时", "working hour", "working hours"),
    "calendar_day": ("日", "calendar day", "calendar days"),
    "working_day": ("个工作日", "working day", "working days"),
}


def phrase(key: str, language: Language, **values: Any) -> str:
    """One sentence; an unknown key is a programming error and raises KeyError."""
    chinese, english = _PHRASES[key]
    return (chinese if language == "zh-CN" else english).format(**values)


def day_kind(kind: str, language: Language) -> str:
    """What kind of day it is, in words."""
    chinese, english = _DAY_KINDS[kind]
    return chinese if language == "zh-CN" else english


def milestone_name(milestone: str, language: Language) -> str:
    """A milestone's name for a person; one that isn't known keeps its code."""
    chinese, english = _MILESTONES.get(milestone, (milestone, milestone))
    return chinese if language == "zh-CN" else english


def event_name(event: str, language: Language) -> str:
    """What started a clock, for a person; one that isn't known keeps its code."""
    chinese, english = _EVENTS.get(event, (event, event))
    return chinese if language == "zh-CN" else english


def unit_text(budget: Budget, language: Language) -> str:
    """ "3 working days", "3 个工作日"."""
    chinese, singular, plural = _UNITS[budget.unit]
    if language == "zh-CN":
        return f"{budget.amount} {chinese}"
    return f"{budget.amount} {singular if budget.amount == 1 else plural}"


def duration(length: timedelta, language: Language) -> str:
    """Days, hours, minutes and seconds without zeros: "1 d 2 h", "1 天 2 小时"."""
    total = int(length.total_seconds())
    if total == 0:
        return "不到 1 秒" if language == "zh-CN" else "less than 1 s"
    names = ("天", "小时", "分", "秒") if language == "zh-CN" else ("d", "h", "min", "s")
    parts = (total // 86_400, total // 3600 % 24, total // 60 % 60, total % 60)
    return " ".join(f"{amount} {name}" for amount, name in zip(parts, names, strict=True) if amount)
