"""Planned work, visits that nobody had to ask for, and calendar feeds."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "CADENCE_NEVER": ("周期 {cadence} 永远不会到期。", "The cadence {cadence} never falls due."),
    "CADENCE_ALWAYS": ("周期 {cadence} 每天不止一次,等于一直到期。", "The cadence {cadence} falls due more than once a day, which is always."),
    "CADENCE_INCOMPLETE": ("周期 {cadence} 的数值与单位须同时给出。", "The cadence {cadence} needs a number and its unit, or neither."),
    "SEASON_INVERTED": ("季节的结束早于开始;跨年的季节须注明。", "The season ends before it begins; one that runs over New Year has to say so."),
    "SEASON_DAY_INVALID": ("季节中有不存在的日期。", "The season names a day that no year has."),
    "SAMPLE_SHARE_INVALID": ("抽样比例须大于 0 且不超过 1。", "The share of a sample is more than 0 and at most 1."),
    "CADENCE_UNKNOWN": ("没有周期 {value}。已知:{known}。", "There is no cadence {value}. Known: {known}."),
    "MAINTENANCE_RULE_OVERLAPS": ("已有自 {day} 起的同名规则。", "A rule of this code begins on {day} already."),
    "OCCURRENCE_UNKNOWN": ("没有等待事件 {value} 的周期。已知:{known}。", "No cadence waits for the event {value}. Known: {known}."),
    "PLAN_MISSING": ("该设备尚未列入计划。", "This asset isn't planned yet."),
    "PERIOD_TOO_LONG": ("期间不得超过 {days} 天。", "The period is longer than {days} days."),
    "PERIOD_TOO_FULL": ("期间内的到期事项超过 {limit} 项,请缩短期间。", "More than {limit} things fall due in the period: ask for a shorter one."),
    "OBLIGATION_STATE_REFUSED": ("该计划事项处于 {state} 状态。", "What was planned is {state}: this isn't possible."),
    "OBLIGATIONS_APART": ("一次上门只能完成同一客户、同一行业的事项。", "One visit serves one customer under one vertical."),
    "OBLIGATION_TWICE": ("一次上门只算同一周期的一次。", "One visit counts once for a cadence, not for two of its dates."),
    "PROVIDER_NOT_AUTHORISED": ("须由公司指定的特约服务单位上门,{unit} 未获授权。", "Only a unit that the company authorised may make this visit; {unit} isn't one."),
    "VISIT_OUTCOME_AMBIGUOUS": ("上门不能既错过又被拒绝。", "A visit is missed or refused, not both."),
    "FEED_OWNER_REQUIRED": ("日历须属于一名工程师、一个服务单位或一个客户。", "A calendar belongs to one engineer, one service unit or one customer."),
    "FEED_REVOKED": ("该日历地址已撤销。", "This calendar's address was revoked."),
}  # fmt: skip
