"""What the GraphQL API refuses before a service is asked."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # --- the API -----------------------------------------------------------------------------------------------
    "GRAPHQL_PARSE_FAILED": ("GraphQL 文档无法解析。", "The GraphQL document can't be parsed."),
    "GRAPHQL_VALIDATION_FAILED": ("GraphQL 文档不符合模式。", "The GraphQL document doesn't fit the schema."),
    "VARIABLE_INVALID": ("变量的值不符合其类型。", "A variable's value doesn't fit its type."),
    "REQUEST_MALFORMED": ("请求体不是合法的 GraphQL 请求:{reason}。", "The body is not a GraphQL request: {reason}."),
    "BATCH_REFUSED": ("不接受批量请求。", "Batches of requests are not accepted."),
    "OPERATION_UNKNOWN": ("文档中没有唯一的操作 {value}。", "The document has no single operation {value}."),
    "OPERATION_NOT_PERSISTED": ("没有登记哈希为 {hash} 的操作。", "No operation is registered under the hash {hash}."),
    "PERSISTED_HASH_MISMATCH": ("文档与其哈希不一致。", "The document and its hash don't match."),
    "BODY_TOO_LARGE": ("请求体过大(上限 {limit} 字节)。", "The body is too large (limit {limit} bytes)."),
    "DOCUMENT_TOO_LONG": ("GraphQL 文档过长(上限 {limit})。", "The GraphQL document is too long (limit {limit})."),
    "QUERY_TOO_DEEP": ("查询嵌套过深({value} 层,上限 {limit})。", "The query is nested too deep ({value}, limit {limit})."),
    "QUERY_TOO_MANY_ALIASES": ("查询使用的别名过多({value} 个,上限 {limit})。", "The query uses too many aliases ({value}, limit {limit})."),
    "QUERY_TOO_MANY_ROOTS": ("查询的根字段过多({value} 个,上限 {limit})。", "The query has too many root fields ({value}, limit {limit})."),
    "QUERY_TOO_COSTLY": ("查询可能读取的行数超过上限 {limit}。", "The query may read more than {limit} rows."),
    "ALIAS_TOO_LONG": ("别名最多 {limit} 个字符。", "An alias takes at most {limit} characters."),
    "INTROSPECTION_FORBIDDEN": ("您的角色不允许查看模式。", "Your role doesn't allow introspection."),
    "RATE_LIMITED": ("请求过于频繁:每分钟最多 {limit} 次,请在 {seconds} 秒后重试。", "Too many requests: {limit} a minute are allowed; try again in {seconds} s."),
    "SUBSCRIPTION_NEEDS_WEBSOCKET": ("订阅只能通过 WebSocket 使用。", "Subscriptions need a WebSocket."),
    "PAGE_SIZE_INVALID": ("每页数量必须在 0 到 {limit} 之间,收到 {value}。", "A page takes 0 to {limit} rows, got {value}."),
    "PAGE_BOTH_WAYS": ("first 与 last 只能给一个。", "Give either first or last, not both."),
    "CURSOR_INVALID": ("游标无效,或属于另一种排序。", "The cursor is invalid or belongs to another order."),
    "ORDER_UNKNOWN": ("不能按 {value} 排序。", "Ordering by {value} isn't possible."),
    "LIST_TOO_LONG": ("列表最多 {limit} 项。", "A list takes at most {limit} items."),
}  # fmt: skip
