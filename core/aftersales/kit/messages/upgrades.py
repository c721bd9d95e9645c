"""Releases, customisation, proposals, and money between company and dealer."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # --- releases ----------------------------------------------------------------------------------------------
    "RELEASE_TAKEN": ("该产品已有此版本。", "The product has this release already."),
    "RELEASE_CHOSEN_MEANWHILE": ("该版本刚被他人选择。", "Somebody else decided about this release meanwhile."),
    "RELEASE_WITHDRAWN": ("版本 {release} 已撤回。", "The release {release} was withdrawn."),
    "RELEASE_INSTALLED": ("该版本已经安装。", "This release is installed already."),
    "RELEASE_DECLINED": ("客户不要该版本。", "The customer declined this release."),
    "RELEASE_NOT_CHOSEN": ("客户尚未选择该补丁。", "The customer hasn't picked this patch."),
    "RELEASE_OF_OTHER_PRODUCT": ("版本与产品不符。", "The release belongs to another product."),
    "QUARTER_INVALID": ("没有季度 {value}。", "There is no quarter {value}."),
    "BACKLOG_ITEM_RELEASED": ("问题 {cause} 已由其他版本解决。", "Another release mends {cause} already."),
    # --- customisation -----------------------------------------------------------------------------------------
    "CUSTOMISATION_TYPE_UNKNOWN": ("没有定制类型 {value};可用:{known}。", "There is no type of customisation {value}; known: {known}."),
    "CUSTOMISATION_STATE_REFUSED": ("定制申请处于 {state} 状态,不能进行 {operation}。", "The request is {state}: {operation} isn't possible."),
    "CUSTOMISATION_EXISTS": ("该工单已有定制申请。", "The ticket has a request for customisation already."),
    "TICKET_KIND_OTHER": ("工单类型应为 {expected}。", "The ticket has to be of the kind {expected}."),
    "ESTIMATE_REQUIRED": ("报价须有天数和金额。", "A quote needs days and an amount."),
    "TRAINING_RECORD_REQUIRED": ("没有培训记录,不能完成。", "It isn't complete before the training is on record."),
    "TRAINING_RECORDED": ("培训已经登记。", "The training is on record already."),
    "PLAN_STEPS_REQUIRED": ("方案须有实施步骤。", "The plan needs steps."),
    "PLAN_DOCUMENT_REQUIRED": ("该申请须以方案文件答复。", "This request is answered with a plan document."),
    "PLAN_NOT_ASKED": ("该类申请不需要方案文件。", "Requests of this type aren't answered with a plan."),
    # --- proposals ---------------------------------------------------------------------------------------------
    "PROPOSAL_STATE_REFUSED": ("方案处于 {state} 状态,不能进行 {operation}。", "The proposal is {state}: {operation} isn't possible."),
    "PROPOSAL_WITHOUT_BUDGET": ("方案必须载明工程预算总额。", "The proposal has to state the project's total budget."),
    "SITE_SURVEY_MISSING": ("尚未踏勘现场。", "The site wasn't surveyed."),
    # --- dealers -----------------------------------------------------------------------------------------------
    "PAYMENT_BEFORE_SHIPMENT": ("款到发货:尚欠 {missing}。", "Goods leave when they are paid: {missing} is missing."),
    "ON_ACCOUNT_REFUSED": ("只收现款,不能挂账。", "Paid in cash only; nothing goes on account."),
    "PART_ORDER_STATE_REFUSED": ("配件订单处于 {state} 状态,不能进行 {operation}。", "The order is {state}: {operation} isn't possible."),
    "OVERPAID": ("超过应付 {missing}。", "That is more than the {missing} that is owed."),
    "RETURN_CAUSE_UNKNOWN": ("没有退货原因 {value};可用:{known}。", "There is no cause of return {value}; known: {known}."),
    "RESTORATION_UNDECIDED": ("条款未规定该原因的恢复工时费。", "No term says who pays for restoration in this case."),
    "SETTLEMENT_STATE_REFUSED": ("核销处于 {state} 状态,不能进行 {operation}。", "The settlement is {state}: {operation} isn't possible."),
    "DEMAND_STATE_REFUSED": ("诉求已有答复。", "The demand was answered already."),
    "DEMAND_QUALITY_OPEN": ("质量问题尚未确认。", "The quality problem isn't confirmed yet."),
    "DEMAND_REASON_REQUIRED": ("与客户诉求不同的答复须说明理由。", "An answer other than the demand needs a reason."),
    "DEMAND_AUTHORITY_REQUIRED": ("金额超出权限,须由 {approver}({role})决定。", "{approver} ({role}) decides about this amount."),
    "DEMAND_FAVOUR_DUE": ("质量已确认且在权限内,应满足客户诉求;拒绝须由上级({approver})决定。", "Quality is confirmed and the demand is within authority, so it is granted; only {approver} may refuse."),
    "NOT_A_DEALER": ("该服务单位不是经销商。", "This service unit isn't a dealer."),
}  # fmt: skip
