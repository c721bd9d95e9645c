"""Customers, sites, assets, contracts."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # --- parties, assets, contracts ----------------------------------------------------------------------------
    "CUSTOMER_CODE_TAKEN": ("客户编号已被使用。", "Another customer has this code."),
    "CUSTOMER_HAS_OPEN_TICKETS": ("该客户还有 {count} 个未完成的工单。", "This customer still has {count} open tickets."),
    "SERVICE_UNIT_CODE_TAKEN": ("服务单位编号已被使用。", "Another service unit has this code."),
    "UNIT_LEVEL_INVALID": ("服务级别 {value} 不成立:须为 1 到 {highest}。", "The level {value} can't stand: it runs from 1 to {highest}."),
    "UNIT_PARENT_INVALID": ("上级单位的级别({parent_level})必须高于本单位({level})。", "The unit above (level {parent_level}) has to be on a higher level than this one ({level})."),
    "WARRANTY_CARD_EXISTS": ("该处已有有效的保修卡,每户一张。", "This place has a valid warranty card already; there is one per household."),
    "WARRANTY_CARD_NUMBER_TAKEN": ("保修卡号已被使用。", "Another warranty card has this number."),
    "ASSET_NUMBER_TAKEN": ("资产编号已被使用。", "Another asset has this number."),
    "ASSET_TYPE_UNKNOWN": ("没有资产类型 {value};可用:{known}。", "There is no asset type {value}; known: {known}."),
    "ATTRIBUTES_INVALID": ("资产属性 {attribute} 不符合要求:{reason}。", "The attribute {attribute} doesn't fit: {reason}."),
    "ASSET_CYCLE": ("资产不能成为自己的组成部分。", "An asset can't be a part of itself."),
    "PARENT_OF_OTHER_CUSTOMER": ("上级资产属于另一客户。", "The parent asset belongs to another customer."),
    "SITE_OF_OTHER_CUSTOMER": ("该地点属于另一客户。", "This site belongs to another customer."),
    "TICKET_OF_OTHER_ASSET": ("该工单与此资产无关。", "This ticket isn't about this asset."),
    "ASSET_ACCEPTED": ("该资产已于 {accepted_on} 验收。", "This asset was accepted on {accepted_on}."),
    "USAGE_INVALID": ("读数 {value} 不成立。", "The reading {value} can't stand."),
    "USAGE_BACKWARD": ("读数 {value} 小于上次的 {previous}。", "The reading {value} lies below the last one, {previous}."),
    "REVISIT_RULE_UNKNOWN": ("没有回访规则 {value};可用:{known}。", "There is no revisit rule {value}; known: {known}."),
    "CONTRACT_NUMBER_TAKEN": ("合同编号已被使用。", "Another contract has this number."),
    "CONTRACT_ENDED": ("该合同已终止。", "This contract is over."),
    "CONTRACT_LINE_INVALID": ("合同明细须恰好指明该客户该行业的一项资产,或一种资产类型。", "A line names either one asset of this customer and vertical, or one asset type."),
    "TARGET_TWICE": ("时限代码 {value} 出现了两次。", "The target {value} appears twice."),
    "REGION_CLASS_UNKNOWN": ("没有地区类别 {value};可用:{known}。", "There is no region class {value}; known: {known}."),
    "HOTLINE_REQUIRED": ("发布服务方案前必须先设定服务热线。", "A service plan is published only with a hotline."),
}  # fmt: skip
