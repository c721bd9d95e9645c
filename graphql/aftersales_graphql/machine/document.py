"""Documents: parsed, validated, measured once and kept; and the values of their variables."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Generic, TypeVar

from graphql import (
    ArgumentNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLInputType,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    get_variable_values,
    is_non_null_type,
    parse,
    type_from_ast,
    validate,
    visit,
)

from aftersales.kit.errors import InvalidInput, Language
from aftersales_graphql import errors
from aftersales_graphql.limits import Limits, Measured, enforce, measure
from aftersales_graphql.machine.arguments import is_structural, shape_of
from aftersales_graphql.machine.schema import TenantSchema

# Longer documents are rare and take megabytes as a tree; they are parsed each time.
CACHED_LENGTH = 16_000

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Bounded(Generic[Key, Value]):
    """A cache that forgets what was used longest ago."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[Key, Value] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key) -> Value | None:
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
        return found

    def put(self, key: Key, value: Value) -> None:
        self._entries[key] = value
        if len(self._entries) > self._size:
            self._entries.popitem(last=False)


class Operation:
    """One operation of a valid document, with what its plans depend on."""

    def __init__(self, schema: TenantSchema, document: DocumentNode, name: str | None, limits: Limits) -> None:
        operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
        chosen = [d for d in operations if name is None or (d.name is not None and d.name.value == name)]
        if len(chosen) != 1:
            raise InvalidInput("OPERATION_UNKNOWN", field="operationName", value=name or "")
        self.schema = schema
        self.document = document
        self.node = chosen[0]
        self.fragments: dict[str, FragmentDefinitionNode] = {
            d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
        }
        self.kind: str = self.node.operation.value
        self.measured: Measured = measure(self.node, self.fragments)
        enforce(self.measured, limits)
        self.plans: Bounded[Any, Any] = Bounded(64)
        self._types: dict[str, GraphQLInputType] = {}
        for definition in self.node.variable_definitions or ():
            variable_type: Any = type_from_ast(schema.graphql, definition.type)
            self._types[definition.variable.name.value] = variable_type
        sizes = _page_size_variables(document)
        self._sized = [name for name in self._types if name in sizes]
        self._structural = [
            (name, type_)
            for name, type_ in self._types.items()
            if name not in sizes and (is_structural(type_) or not is_non_null_type(type_))
        ]
        self._plain = {
            name: type_.of_type.name
            for name, type_ in self._types.items()
            if is_non_null_type(type_) and getattr(type_.of_type, "name", "") in {"ID", "String"}
        }
        self._all_plain = len(self._plain) == len(self._types)

    def values(self, given: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """The coerced variables; RequestRefused with VARIABLE_INVALID when they don't fit."""
        if not self._types:
            return {}
        given = given or {}
        if self._all_plain and all(isinstance(given.get(name), str) for name in self._plain):
            return given
        found = get_variable_values(
            self.schema.graphql, self.node.variable_definitions or (), dict(given), max_errors=10
        )
        if isinstance(found, list):
            raise errors.RequestRefused(errors.of_graphql(found, "VARIABLE_INVALID"))
        return found.coerced

    def shape(self, values: Mapping[str, Any]) -> Hashable:
        """What of the variables shapes the plan; calls with the same shape share it."""
        if not self._structural and not self._sized:
            return ()
        shapes = [shape_of(values[name], type_) if name in values else ... for name, type_ in self._structural]
        return (*shapes, *[values.get(name, ...) for name in self._sized])


def _page_size_variables(document: DocumentNode) -> set[str]:
    """Variables that a `first` or `last` takes: page sizes stand in the SQL, and the cost depends on them."""
    found: set[str] = set()

    class Collect(Visitor):
        def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
            if node.name.value in {"first", "last"} and isinstance(node.value, VariableNode):
                found.add(node.value.name.value)

    visit(document, Collect())
    return found


class Documents:
    """The parsed and validated documents of one schema, bounded in number."""

    def __init__(
        self, schema: TenantSchema, limits: Limits, *, hide_suggestions: bool = False, size: int = 400
    ) -> None:
        self._schema = schema
        self._hide_suggestions = hide_suggestions
        self._limits = limits
        self._operations: Bounded[tuple[str, str | None], Operation] = Bounded(size)

    def operation(self, text: str, name: str | None, language: Language) -> Operation:
        """The operation; RequestRefused when the document is too long, malformed or doesn't fit the schema."""
        found = self._operations.get((text, name))
        if found is not None:
            return found
        made = self._refusing(language, lambda: self._make(text, name))
        if len(text) <= CACHED_LENGTH:
            self._operations.put((text, name), made)
        return made

    def _make(self, text: str, name: str | None) -> Operation:
        if len(text.encode()) > self._limits.document_bytes:
            raise InvalidInput("DOCUMENT_TOO_LONG", field="query", limit=self._limits.document_bytes)
        try:
            document = parse(text, max_tokens=self._limits.tokens)
        except GraphQLSyntaxError as error:
            if "tokens" in error.message:
                raise InvalidInput("DOCUMENT_TOO_LONG", field="query", limit=self._limits.tokens) from error
            raise errors.RequestRefused(errors.of_graphql([error], "GRAPHQL_PARSE_FAILED")) from error
        problems: list[GraphQLError] = validate(
            self._schema.graphql, document, max_errors=10, hide_suggestions=self._hide_suggestions
        )
        if problems:
            raise errors.RequestRefused(errors.of_graphql(problems, "GRAPHQL_VALIDATION_FAILED"))
        return Operation(self._schema, document, name, self._limits)

    def _refusing(self, language: Language, make: Callable[[], Operation]) -> Operation:
        try:
            return make()
        except RecursionError as error:
            refused = InvalidInput("QUERY_TOO_DEEP", limit=self._limits.depth, value="?")
            raise errors.RequestRefused([errors.of_refusal(refused, language)]) from error
        except InvalidInput as refusal:
            raise errors.RequestRefused([errors.of_refusal(refusal, language)]) from refusal
