"""Revisits, care plans and surveys."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "REVISIT_PLAN_EXISTS": ("该回访规则已在执行。", "A plan for this rule is in force already."),
    "REVISIT_PLAN_ENDED": ("该回访计划已结束。", "This revisit plan has ended."),
    "REVISIT_RULE_NOT_DECLARED": ("没有回访规则 {value}。已知:{known}。", "There is no revisit rule {value}. Known: {known}."),
    "REVISIT_RULE_INVALID": ("回访规则的 {name} 无效或缺失。", "The revisit rule's {name} is missing or can't be."),
    "REVISIT_EVENT_UNKNOWN": ("没有针对事件 {value} 的回访规则。已知:{known}。", "No revisit rule is about the event {value}. Known: {known}."),
    "REVISIT_CHANNEL_UNKNOWN": ("没有回访方式 {value}。已知:{known}。", "There is no revisit channel {value}. Known: {known}."),
    "REVISIT_CHANNEL_REFUSED": ("该回访不允许使用 {value}。允许:{known}。", "This revisit isn't made by {value}. Allowed: {known}."),
    "REVISIT_TOPIC_UNKNOWN": ("该回访没有项目 {value}。已知:{known}。", "This revisit has no item {value}. Known: {known}."),
    "REVISIT_INCOMPLETE": ("缺少:{missing}。", "Missing: {missing}."),
    "REVISIT_STATE_REFUSED": ("该回访处于 {state} 状态,不能这样做。", "The revisit is {state}, so this isn't possible."),
    "DIMENSION_UNKNOWN": ("没有评价维度 {value}。已知:{known}。", "There is no dimension {value}. Known: {known}."),
    "SCORE_INVALID": ("评分 {value} 无效,应为 {lowest} 到 {highest}。", "The score {value} isn't one from {lowest} to {highest}."),
    "DAY_PAST": ("日期 {value} 已过去。", "The day {value} has passed."),
    "CARE_PLAN_EXISTS": ("该客户当年已有关怀计划。", "The customer has a care plan for this year."),
    "CARE_ACTION_UNKNOWN": ("没有第 {value} 项措施。", "There is no action number {value}."),
    "CARE_ACTION_DONE": ("第 {value} 项措施已完成。", "The action number {value} is done already."),
    "SURVEY_CLOSED": ("该调查已结束。", "This survey is closed."),
    "SURVEY_ANSWERED": ("该客户已答复此调查。", "The customer has answered this survey already."),
    "IMPROVEMENT_DONE": ("该改进措施已完成。", "This improvement is done already."),
}  # fmt: skip
