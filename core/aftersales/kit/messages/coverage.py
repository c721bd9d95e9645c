"""Coverage decisions and guarantees."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # --- coverage ----------------------------------------------------------------------------------------------
    "CAUSE_UNKNOWN": ("没有原因 {value};可用:{known}。", "There is no cause {value}; known: {known}."),
    "OCCURRED_BEFORE_START": ("故障日期 {occurred_on} 早于期限起算日 {starts_on}。", "The failure of {occurred_on} lies before the term's start on {starts_on}."),
    "WARRANTY_START_MISSING": ("尚未登记期限的起算日({event})。", "The day from which the term runs isn't on record yet ({event})."),
    "WARRANTY_TERM_NOT_STATED": ("合同尚未写明 {warranty_class} 的期限。", "No contract states the length of the term for {warranty_class} yet."),
    "WARRANTY_CLASS_UNKNOWN": ("没有保修类别 {value};可用:{known}。", "There is no warranty class {value}; known: {known}."),
    "USAGE_REQUIRED": ("该期限有使用限额,必须填写读数。", "This term ends with a reading too, so the reading is needed."),
    "TICKET_WITHOUT_ASSET": ("工单没有关联资产,无法判定保修。", "The ticket names no asset, so coverage can't be decided."),
    "TOO_MANY_GIVEN": ("最多 {limit} 项,收到 {count} 项。", "At most {limit} are taken, got {count}."),
    "FLEET_REVIEW_RUNNING": ("已有一项整批判定正在进行。", "A fleet is being reviewed already."),
    "FLEET_REVIEW_ENDED": ("该整批判定已结束({state})。", "This review is over ({state})."),
    # --- guarantees --------------------------------------------------------------------------------------------
    "GUARANTEE_UNKNOWN": ("没有保证 {value};可用:{known}。", "There is no guarantee {value}; known: {known}."),
    "GUARANTEE_SUBJECT_INVALID": ("该保证针对 {of},须指明且只指明它。", "This guarantee is about the {of}: name that and nothing else."),
    "GUARANTEE_THRESHOLD_INVALID": ("指标 {value} 不成立:比率须在 0 与 1 之间且可达到;零目标须列明事件。", "The threshold {value} can't stand: a rate lies between 0 and 1 and can be kept; a zero target names its events."),
    "GUARANTEE_METRIC_OTHER": ("该保证以 {metric} 计量,不能作此记录。", "This guarantee measures {metric}: such an entry has no place in it."),
    "GUARANTEE_ENDED": ("该保证已终止。", "This guarantee is over."),
    "CHECKPOINT_UNKNOWN": ("{value} 不是检查日;下一个:{known}。", "{value} is no checkpoint; the next one: {known}."),
    "CHECKPOINT_NOT_DUE": ("检查日 {day} 尚未到。", "The checkpoint {day} hasn't come yet."),
    "CHECKPOINT_WITHOUT_COUNT": ("该检查日没有清点记录。", "There is no count for this checkpoint."),
    "CHECKPOINT_DECIDED": ("该检查日已有结论。", "This checkpoint was decided already."),
    "COUNT_INVALID": ("{species}({size})的清点数不成立。", "The count of {species} ({size}) can't stand."),
    "EVIDENCE_REQUIRED": ("必须附上证据。", "Evidence is needed."),
    "DOWNTIME_OUT_OF_ORDER": ("停机记录须按时间先后;系统当前为 {state}。", "The downtime ledger goes forward in time; the system is {state}."),
    "INCIDENT_UNKNOWN": ("零目标不含 {value};可用:{known}。", "The zero target doesn't name {value}; known: {known}."),
    "REMEDY_MISMATCH": ("补救须为 {quantity} 株 {species}({size}),与原设计一致。", "The remedy is {quantity} of {species} ({size}), as designed."),
    "REMEDY_DONE": ("该补救已经完成。", "This remedy was carried out already."),
}  # fmt: skip
