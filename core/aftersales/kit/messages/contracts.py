"""Service plans, contracts, dealers' agreements."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # --- service plans -----------------------------------------------------------------------------------------
    "DECLARATION_UNKNOWN": ("服务方案不能更改 {value};可改:{known}。", "A plan can't change {value}; it may change: {known}."),
    "TERM_UNKNOWN": ("{declaration} 中没有条款 {value};已有:{known}。", "{declaration} has no term {value}; known: {known}."),
    "TERM_EXISTS": ("{declaration} 中已有条款 {value}。", "{declaration} has a term {value} already."),
    "TERM_CHANGED_TWICE": ("条款 {value} 被更改了两次。", "The term {value} is changed twice."),
    "TERM_FIELD_UNKNOWN": ("该条款没有可改字段 {value};可改:{known}。", "The term has no field {value} to change; known: {known}."),
    "TERM_VALUE_INVALID": ("条款 {term} 的取值不成立:{reason}。", "The value for the term {term} can't stand: {reason}."),
    "PLAN_INCONSISTENT": ("更改后的条款互相矛盾:{reason}。", "After these changes the terms contradict each other: {reason}."),
    "PLAN_OF_OTHER_VERTICAL": ("该方案属于行业 {vertical}。", "That plan belongs to the vertical {vertical}."),
    "PLAN_NOT_DRAFT": ("方案处于 {state} 状态,只有草稿可以更改或发布。", "The plan is {state}: only a draft may be changed or published."),
    "PLAN_NOT_PUBLISHED": ("方案处于 {state} 状态,只有已发布的方案可以停用。", "The plan is {state}: only a published plan can be retired."),
    "PLAN_IN_PAST": ("{day} 已过,方案不能追溯生效或停用。", "{day} is over: a plan neither begins nor ends to count in the past."),
    "PLAN_DAY_TAKEN": ("第 {edition} 版方案已定于 {day} 生效。", "Edition {edition} begins to count on {day} already."),
    # --- contracts ---------------------------------------------------------------------------------------------
    "CONTRACT_FIELD_REQUIRED": ("合同必须写明{name_zh}({value},条款 {clause})。", "The contract has to state {name_en} ({value}, clause {clause})."),
    "CONTRACT_FIELD_UNKNOWN": ("合同没有字段 {value};可用:{known}。", "The contract has no field {value}; known: {known}."),
    "CONTRACT_FIELD_INVALID": ("{name_zh}的取值 {value} 不成立:须为 {kind}。", "The value {value} for {name_en} can't stand: it has to be of the kind {kind}."),
    "CONTRACT_NOT_SIGNED": ("合同尚未经双方签署。", "The contract isn't signed by both parties yet."),
    "CONTRACT_OVERLAPS": ("合同 {number} 在重叠期间已覆盖同一资产或类型。", "The contract {number} covers the same asset or type in a period that overlaps."),
    "CONTRACT_SIGNED_ALREADY": ("合同已签署。", "The contract is signed already."),
    "PHASE_UNKNOWN": ("没有阶段 {value};可用:{known}。", "There is no phase {value}; known: {known}."),
    "PHASE_OUT_OF_ORDER": ("不能从阶段 {current} 直接进入 {value};下一阶段是 {following}。", "From the phase {current} one can't go to {value}; the next is {following}."),
    "PHASE_COMES_BY_ITSELF": ("阶段 {value} 在免费期届满后自动开始。", "The phase {value} begins by itself when the free term is over."),
    "PHASE_STEP_MISSING": ("阶段尚未完成:缺少 {missing}。", "The phase isn't through: {missing} is missing."),
    "CONTRACT_EVENT_UNKNOWN": ("合同没有事件 {value};可用:{known}。", "A contract has no event {value}; known: {known}."),
    "CONTRACT_EVENT_TWICE": ("事件 {value} 已记录于 {day}。", "The event {value} was recorded for {day} already."),
    "CONTRACT_EVENTS_DISORDERED": ("{value} 不能早于 {earlier}({day})。", "{value} can't come before {earlier} ({day})."),
    "CUSTOMER_MUST_SIGN": ("只有客户可以确认 {value}。", "Only the customer may confirm {value}."),
    "APPROVAL_OF_BOTH_REQUIRED": ("{value} 须先经双方批准;缺少:{missing}。", "{value} needs the approval of both parties first; missing: {missing}."),
    "APPROVED_ALREADY": ("该方已批准。", "This party approved it already."),
    "STEP_NEEDS_NO_APPROVAL": ("{value} 无需双方批准;可批准:{known}。", "{value} needs no approval; what does: {known}."),
    "AMENDMENT_EMPTY": ("变更没有改动任何内容。", "The amendment changes nothing."),
    "AMENDMENT_BEFORE_LAST": ("变更日期不能早于 {day}。", "A change can't take effect before {day}."),
    "RENEWAL_NOT_LONGER": ("续签后的最后一天须晚于 {day}。", "A renewed contract has to end after {day}."),
    "CONTRACT_OPEN_ENDED": ("合同没有终止日,无需续签。", "The contract is open-ended, so there is nothing to renew."),
    "TASK_NOT_OPEN": ("该事项处于 {state} 状态。", "This task is {state}."),
    "COMMISSIONING_INCOMPLETE": ("要求安装调试的合同须写明完成日期。", "A contract that requires commissioning states by when."),
    # --- dealers' agreements -----------------------------------------------------------------------------------
    "AGREEMENT_NUMBER_TAKEN": ("协议编号已被使用。", "Another agreement has this number."),
    "AGREEMENT_OVERLAPS": ("与协议 {number} 的期间重叠。", "The period overlaps with that of the agreement {number}."),
    "AGREEMENT_ENDED": ("该协议已于 {day} 终止。", "This agreement ended on {day}."),
    "UNIT_NOT_DEALER": ("只有经销商签订代理协议。", "Only a dealer signs a sales agreement."),
    "DEALER_NOT_ELIGIBLE": ("经销商在 {day} 没有有效的代理协议。", "The dealer has no agreement that is valid on {day}."),
    # --- prices under coverage ---------------------------------------------------------------------------------
    "OUTCOME_NOT_DECIDED": ("尚无适用的保修判定,或各部件判定不同,请指明部件。", "Coverage hasn't decided, or decided differently for several parts: name the part."),
    "OUTCOME_OTHER": ("保修判定为 {known},不能按 {value} 计价。", "Coverage decided {known}; pricing under {value} isn't possible."),
    "PAYER_OTHER": ("保修判定由 {payer} 付款,不能向客户收取。", "Coverage decided that the {payer} pays; the customer isn't billed for it."),
    # --- quarrels about quality --------------------------------------------------------------------------------
    "INSPECTION_BODY_MISSING": ("合同没有约定检验机构。", "The contract names no inspection body."),
    "INSPECTION_BODY_OTHER": ("合同约定的检验机构是 {body},不是 {value}。", "The contract names {body} as the inspection body, not {value}."),
    "CAUSE_LOCKED": ("检验机构 {body} 已最终认定原因为 {cause}。", "The inspection body {body} found {cause} to be the cause, and that is final."),
    "FINDING_FINAL": ("检验机构 {body} 已作出最终认定。", "The inspection body {body} has made its final finding."),
}  # fmt: skip
