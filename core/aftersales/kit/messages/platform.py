"""Input, access, tenants, plugins, outbox: what the platform itself refuses."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # --- input in general --------------------------------------------------------------------------------------
    "INPUT_INVALID": ("输入不符合格式:{reason}。", "The input doesn't fit: {reason}."),
    "REQUIRED": ("必须填写 {field_name}。", "{field_name} is required."),
    "TEXT_TOO_LONG": ("{field_name} 最多 {limit} 个字符,收到 {length} 个。", "{field_name} takes at most {limit} characters, got {length}."),
    "TEXT_INVALID": ("{field_name} 含有不允许的控制字符。", "{field_name} contains control characters that are not allowed."),
    "INSTANT_NAIVE": ("时间 {value} 没有时区,无法确定是哪一刻。", "The time {value} has no time zone, so it names no instant."),
    "INSTANT_IMPOSSIBLE": ("时间 {value} 不可能成立。", "The time {value} is impossible."),
    "INSTANT_TOO_OLD": ("{field_name} 最多只能早于现在 {hours} 小时。", "{field_name} can't lie more than {hours} hours back."),
    "MAIL_INVALID": ("无法读取这封邮件,或发件人不唯一。", "This mail can't be read, or hasn't exactly one sender."),
    "MAIL_TOO_LONG": ("邮件最多 {limit} 个字符,收到 {length} 个。", "A mail takes at most {limit} characters, got {length}."),
    "MAIL_AUTOMATIC": ("自动发送的邮件不开立工单。", "A mail that a machine sent opens no ticket."),
    "SENDER_UNKNOWN": ("没有客户或联系人使用地址 {value}。", "No customer or contact has the address {value}."),
    "SENDER_AMBIGUOUS": ("地址 {value} 属于 {count} 个客户。", "The address {value} belongs to {count} customers."),
    "PERIOD_PAST": ("该时段已经结束。", "The window is over already."),
    "INSTANT_IN_FUTURE": ("{field_name} 不能晚于现在。", "{field_name} can't lie in the future."),
    "PERIOD_INVERTED": ("结束时间必须晚于开始时间。", "The end must come after the start."),
    "VALUE_UNKNOWN": ("{field_name} 不接受 {value};可用:{known}。", "{field_name} doesn't know {value}; known: {known}."),
    "LANGUAGE_UNKNOWN": ("不支持语言 {value}。", "The language {value} isn't supported."),
    "ID_MALFORMED": ("标识 {value} 格式不正确。", "The id {value} is malformed."),
    # --- missing and conflicting -------------------------------------------------------------------------------
    "NOT_FOUND": ("找不到这个 {thing}。", "There is no such {thing}."),
    "VERSION_STALE": ("数据已被他人修改(当前版本 {actual},您的版本 {expected});请刷新后重试。", "Somebody else changed this (version {actual}, you had {expected}); reload and try again."),
    "IDEMPOTENCY_KEY_REUSED": ("幂等键 {key} 已用于另一份不同的输入。", "The idempotency key {key} was already used with other input."),
    "IDEMPOTENCY_IN_PROGRESS": ("同一幂等键的请求正在处理,请稍后重试。", "A request with the same idempotency key is under way; try again."),
    "ALREADY_EXISTS": ("{thing} {value} 已存在。", "{thing} {value} already exists."),
    "REFERENCE_MISSING": ("引用的对象不存在。", "Something this refers to doesn't exist."),
    "CHECK_REFUSED": ("数据库约束 {constraint} 拒绝了这次写入。", "The database refused this write (constraint {constraint})."),
    "APPEND_ONLY": ("{thing} 只能追加,不能修改或删除。", "{thing} is append-only: it can't be changed or deleted."),
    # --- access ------------------------------------------------------------------------------------------------
    "UNAUTHENTICATED": ("需要有效的访问令牌。", "A valid access token is needed."),
    "FORBIDDEN": ("您的角色不允许此操作。", "Your role doesn't allow this."),
    # --- tenants -----------------------------------------------------------------------------------------------
    "TENANT_UNKNOWN": ("没有名为 {slug} 的租户。", "There is no tenant {slug}."),
    "TENANT_SUSPENDED": ("该租户已被暂停,请联系平台管理员。", "This tenant is suspended; ask the platform's admins."),
    "TENANT_ARCHIVED": ("该租户已归档。", "This tenant is archived."),
    "TENANT_SLUG_TAKEN": ("这个租户标识已被使用。", "This slug is taken by another tenant."),
    "TENANT_STATE_REFUSED": ("租户当前为 {current},不能变为 {wanted}。", "The tenant is {current} and can't become {wanted}."),
    "SLUG_INVALID": ("租户标识 {slug} 只能包含小写字母、数字和连字符。", "The slug {slug} may have lower-case letters, digits and hyphens only."),
    "MEMBER_EMAIL_TAKEN": ("该邮箱已属于另一位成员。", "Another member has this e-mail address."),
    "EMAIL_INVALID": ("{email} 不是有效的邮箱地址。", "{email} is no e-mail address."),
    "CLOCK_FIXED": ("本环境不允许移动时钟。", "The clock can't be moved in this installation."),
    # --- the platform ------------------------------------------------------------------------------------------
    "INTERNAL_ERROR": ("系统内部错误,请把编号 {request_id} 告诉管理员。", "Something went wrong on our side; give an admin the number {request_id}."),
    "DATABASE_BUSY": ("同一数据正在被他人修改,请稍后重试。", "The same data are being changed by somebody else; try again."),
    "NUMBER_OUT_OF_RANGE": ("数字或日期超出可存储的范围。", "A number or date is beyond what can be stored."),
    "DATABASE_UNAVAILABLE": ("数据库暂时不可用,请稍后再试。", "The database is not available right now; try again later."),
    "CALENDAR_MALFORMED": ("日历定义不符合其格式:{reason}。", "The calendar's definition doesn't fit its type: {reason}."),
    # --- plugins -----------------------------------------------------------------------------------------------
    "VERTICAL_UNKNOWN": ("没有名为 {vertical} 的行业插件。", "No vertical named {vertical} is installed."),
    "VERTICAL_NOT_ENABLED": ("本租户没有启用行业 {vertical}。", "The vertical {vertical} isn't enabled for this tenant."),
    "VERTICAL_ENGINE_MISMATCH": ("行业插件 {vertical} 需要引擎 {wanted},当前是 {engine}。", "The vertical {vertical} needs engine {wanted}; this is {engine}."),
    "VERTICAL_FAILED": ("行业插件 {vertical} 的钩子 {hook} 出错:{reason}。", "The vertical {vertical} failed in its hook {hook}: {reason}."),
    "VERTICAL_RETURNED_NONSENSE": ("行业插件 {vertical} 的钩子 {hook} 返回了不合约定的值:{reason}。", "The vertical {vertical} returned what its hook {hook} doesn't promise: {reason}."),
    "VERTICAL_SETTINGS_INVALID": ("行业 {vertical} 的设置不符合其格式:{reason}。", "The settings of {vertical} don't fit their type: {reason}."),
    "VERTICAL_SETTINGS_REFUSED": ("行业 {vertical} 的设置不成立:{reason_zh}。", "The settings of {vertical} can't stand: {reason_en}."),
    "TERM_BELOW_STATUTORY_FLOOR": ("期限 {term} 低于法定最低标准:{floor_zh}({law_zh})。", "The term {term} is below what law demands: {floor_en} ({law_en})."),
    # --- outbox and notices ------------------------------------------------------------------------------------
    "OUTBOX_MESSAGE_NOT_DEAD": ("这条消息没有进入死信列表,无须重放。", "This message is no dead letter, so there is nothing to replay."),
    "URL_INVALID": ("{value} 不是可用的 http 或 https 地址。", "{value} isn't an http or https address that can be used."),
}  # fmt: skip
