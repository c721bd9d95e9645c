"""Calendars and commitments."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # --- calendars ---------------------------------------------------------------------------------------------
    "CALENDAR_EMPTY": ("日历 {code_name} 没有任何工作时间。", "The calendar {code_name} has no working time at all."),
    "CALENDAR_WINDOW_INVALID": ("时段 {window} 不成立:须为 HH:MM,结束晚于开始,不超过 24:00,且互不重叠。", "The window {window} can't stand: HH:MM, the end after the start, up to 24:00, and no overlap."),
    "CALENDAR_DAY_TWICE": ("日期 {day} 在自有日期中出现了两次。", "The date {day} appears twice among the calendar's own days."),
    "CALENDAR_CONTRADICTORY": ("日历 {code_name} 标为全天候开放,不能再设时段、节假日或自有日期。", "The calendar {code_name} is always open, so it takes no windows, holidays or own days."),
    "CALENDAR_RUNS_OUT": ("日历 {code_name} 中没有足够的工作时间。", "The calendar {code_name} doesn't hold that much working time."),
    "CALENDAR_UNKNOWN": ("没有日历 {calendar}。", "There is no calendar {calendar}."),
    "HOLIDAYS_UNKNOWN": ("没有 {country} 的节假日表。", "There is no holiday list for {country}."),
    "ZONE_UNKNOWN": ("没有时区 {zone}。", "There is no time zone {zone}."),
    "DURATION_INVALID": ("时长 {value} 不成立。", "The duration {value} can't stand."),
    "TERM_LENGTH_INVALID": ("期限长度 {value} 不成立。", "The term length {value} can't stand."),
    # --- commitments -------------------------------------------------------------------------------------------
    "BUDGET_INVALID": ("时限 {amount} {unit} 不成立。", "A time limit of {amount} {unit} can't stand."),
    "BUDGET_NEEDS_CALENDAR": ("以 {unit} 计的时限需要日历。", "A time limit in {unit} needs a calendar."),
    "CLOCK_NOT_STARTED": ("计时尚未开始。", "The clock hasn't been started."),
    "CLOCK_SEQUENCE_BROKEN": ("计时段序号应为 {expected},收到 {actual}。", "The clock's next segment is number {expected}, got {actual}."),
    "CLOCK_SEGMENT_OUT_OF_ORDER": ("计时段不能早于上一段的开始 {previous}。", "A segment can't begin before the one it ends, which began {previous}."),
    "CLOCK_TRANSITION_REFUSED": ("计时不能从 {current} 变为 {wanted}。", "The clock can't go from {current} to {wanted}."),
    "CLOCK_CARRY_REFUSED": ("已用时间只能在同一类计时单位之间保留。", "Time spent can only be carried over between budgets of the same kind of time."),
    "ALARM_RULE_INVALID": ("提醒规则 {rule} 不成立:须恰好给出占比或偏移之一。", "The alarm rule {rule} can't stand: give exactly one of share and offset."),
}  # fmt: skip
