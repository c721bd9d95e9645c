"""Outreach events."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "OUTREACH_EVENT_EXISTS": ("该活动当年已存在。", "The event exists in this year already."),
    "OUTREACH_GOOD_EXISTS": ("物品已在清单中。", "The item is on the list already."),
    "OUTREACH_STATE_REFUSED": ("活动处于 {state} 状态,不能 {operation}。", "The event is {state}: {operation} isn't possible."),
    "OUTREACH_NOT_OWNER": ("该活动由 {department} 负责,其他部门不能修改。", "The event belongs to {department}; no other department changes it."),
    "PHASES_OVERLAP": ("阶段 {earlier} 与 {later} 重叠。", "The phases {earlier} and {later} overlap."),
    "PHASE_TWICE": ("阶段代码重复。", "Two phases have one code."),
    "PHASE_OUTSIDE_YEAR": ("阶段开始日 {value} 不在 {year} 年。", "The phase begins on {value}, which isn't in {year}."),
    "OUTSIDE_OF_PHASES": ("{value} 不在任何活动阶段内。", "{value} lies in none of the event's phases."),
    "SLOT_INVALID": ("时段 {starts}–{ends} 无效。", "The slot from {starts} to {ends} can't be; write HH:MM."),
    "ITINERARY_MISSING": ("活动没有行程规划(附表一)。", "The event has no itinerary (Attachment 1)."),
    "STAFF_MISSING": ("{department} 需要 {needs} 人,现有 {has} 人。", "{department} needs {needs}, has {has}."),
    "OUTREACH_COUNT_INVALID": ("数量 {value} 无效。", "{value} isn't a number that can be."),
    "GOODS_SHORT": ("物品不足:{items}。", "Goods are short: {items}."),
}  # fmt: skip
