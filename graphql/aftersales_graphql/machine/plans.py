"""Plans: the root fields of an operation as steps, made once for a kind of caller and a shape of variables."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import msgspec
from graphql import GraphQLObjectType, GraphQLSchema, execute_sync, get_named_type, is_non_null_type
from graphql.language import DocumentNode, OperationDefinitionNode, SelectionSetNode
from strawberry.types.arguments import convert_argument

from aftersales.kit.errors import AftersalesError, InvalidInput, Language
from aftersales_graphql import errors
from aftersales_graphql.limits import INTROSPECTION, Limits
from aftersales_graphql.machine.arguments import argument_trees, getter
from aftersales_graphql.machine.completion import Complete, Completion, Later, Sink
from aftersales_graphql.machine.declare import AnyNode, Entity, Find, Function, Paged, entity_of, mapping_of
from aftersales_graphql.machine.document import Operation
from aftersales_graphql.machine.frame import Call, Frame, Statement
from aftersales_graphql.machine.planner import DEFINITION, Planner
from aftersales_graphql.machine.relay import decode_id
from aftersales_graphql.machine.schema import TenantSchema
from aftersales_graphql.machine.selection import Selected, Selections

encode = msgspec.json.encode
decode = msgspec.json.decode
NULL = b"null"
NODES_LIMIT = 100


@dataclass(slots=True)
class Step:
    """One root field of a plan: its response key and how it is answered."""

    key: str
    prefix: bytes
    nullable: bool
    statement: Statement | None = None
    constant: bytes | None = None
    run: Callable[[Call, Mapping[str, Any]], Any] | None = None
    refuse: Callable[[AftersalesError, Language], bytes] | None = None


def _encoded_or_null(text: str | None) -> bytes:
    return NULL if text is None else text.encode()


async def run_statement(statement: Statement, frame: Frame) -> Any:
    """Run one statement: bytes of JSON, as they came unless a computed field shapes them."""
    text = await frame.call.uow.connection.fetchval(statement.sql, *statement.arguments(frame))
    if statement.shape is None or text is None:
        return _encoded_or_null(text)
    return encode(statement.shape(decode(text), frame))


class Plans:
    """Makes the steps of an operation for one kind of viewer and one shape of variables."""

    def __init__(
        self, schema: TenantSchema, operation: Operation, variables: Mapping[str, Any], call: Call, limits: Limits
    ) -> None:
        self._schema, self._operation, self._variables = schema, operation, variables
        self._principal = call.principal
        self._limits = limits
        self._spent = 0
        self._selections = Selections(schema.graphql, operation.fragments, variables)
        self._completion = Completion(self._selections, schema.entities, self._reference_statement)

    def steps(self) -> list[Step]:
        root = self._schema.graphql.get_root_type(self._operation.node.operation)
        assert root is not None  # noqa: S101 - validation found the operation's root type
        selected = self._selections.collect(root, (self._operation.node.selection_set,))
        return [self._step(root, key, item) for key, item in selected.items()]

    def _planner(self) -> Planner:
        return Planner(
            self._selections,
            self._variables,
            self._principal.roles,
            is_customer=self._principal.customer_id is not None,
            is_dealer=self._principal.dealer_id is not None,
            completion=self._completion,
            cost_limit=self._limits.cost - self._spent,
        )

    def _spend(self, statement: Statement) -> Statement:
        self._spent += statement.cost
        return statement

    def _step(self, root: GraphQLObjectType, key: str, item: Selected) -> Step:
        name = item.node.name.value
        prefix = encode(key) + b":"
        if name == "__typename":
            return Step(key, prefix, False, constant=encode(root.name))
        if name in INTROSPECTION:
            answer = _introspect(self._schema.graphql, self._operation, item, self._variables)
            return Step(key, prefix, True, constant=answer)
        field = root.fields[name]
        declared = field.extensions[DEFINITION]
        mapping = mapping_of(declared)
        step = Step(key, prefix, not is_non_null_type(field.type))
        planner = self._planner()
        planner.allow(mapping, name)
        if isinstance(mapping, Function):
            step.run = self._function(item, field, mapping)
            step.refuse = self._refusal(item, field)
            return step
        target = entity_of(declared.type)
        if isinstance(mapping, AnyNode):
            step.run = self._nodes(item, field, many=mapping.several)
            return step
        if target is None or not isinstance(mapping, Find | Paged):
            raise TypeError(f"the root field {name} can't be planned")
        type_ = get_named_type(field.type)
        assert isinstance(type_, GraphQLObjectType)  # noqa: S101 - entities are object types
        plan = planner.find if isinstance(mapping, Find) else planner.page
        step.statement = self._spend(plan(target, type_, item, field))
        return step

    def _reference_statement(
        self, entity: Entity, type_: GraphQLObjectType, below: Any, rows: int = 1
    ) -> Callable[[], Statement]:
        made: list[Statement] = []

        def statement() -> Statement:
            if not made:
                made.append(self._planner().by_ids(entity, type_, below, rows))
            return made[0]

        return statement

    def _function(self, item: Selected, field: Any, mapping: Function) -> Callable[..., Any]:
        complete = self._completion.plan(field.type, item.below)
        convert = argument_converter(self._schema, item, field, self._variables)
        if mapping.kind == "subscription":
            return lambda call, variables: (mapping.call(call, **convert(variables)), complete)

        async def run(call: Call, variables: Mapping[str, Any]) -> Any:
            value = mapping.call(call, **convert(variables))
            if inspect.isawaitable(value):
                value = await value
            if mapping.kind == "mutation":
                await call.uow.flush()
            return await completed(value, complete, Frame(call, variables))

        return run

    def _refusal(self, item: Selected, field: Any) -> Callable[[AftersalesError, Language], bytes] | None:
        """How a refused mutation answers: its payload with nothing in it but `userErrors`."""
        type_ = get_named_type(field.type)
        interface = self._schema.graphql.type_map.get("Payload")
        if interface is None or interface not in getattr(type_, "interfaces", ()):
            return None
        complete = self._completion.plan(field.type, item.below)

        def refuse(error: AftersalesError, language: Language) -> bytes:
            return encode(complete(_Refused([errors.user_error(error, language)]), None))

        return refuse

    def _nodes(self, item: Selected, field: Any, *, many: bool) -> Callable[..., Any]:
        trees = argument_trees(field.args, item.node.arguments, self._variables)
        take = getter(next(iter(trees.values())))
        statements: dict[str, Callable[[], Statement]] = {}

        def statement_for(name: str) -> Callable[[], Statement] | None:
            entity = self._schema.entities.get(name)
            if entity is not None and name not in statements:
                type_ = self._schema.graphql.type_map[name]
                assert isinstance(type_, GraphQLObjectType)  # noqa: S101 - entities are object types
                statements[name] = self._reference_statement(entity, type_, item.below, NODES_LIMIT if many else 1)
            return statements.get(name)

        async def run(call: Call, variables: Mapping[str, Any]) -> Any:
            given = take(variables) if many else [take(variables)]
            if len(given) > NODES_LIMIT:
                raise InvalidInput("LIST_TOO_LONG", field="ids", limit=NODES_LIMIT)
            wanted = [decode_id(value) for value in given]
            by_type: dict[str, list[UUID]] = {}
            for name, identifier in wanted:
                by_type.setdefault(name, []).append(identifier)
            found: dict[tuple[str, UUID], Any] = {}
            for name, identifiers in by_type.items():
                statement = statement_for(name)
                if statement is not None:
                    rows = await rows_by_id(statement(), Frame(call, variables, identifiers))
                    found.update({(name, identifier): row for identifier, row in rows.items()})
            answers = [found.get(key) for key in wanted]
            return encode(answers if many else answers[0])

        return run


def argument_converter(
    schema: TenantSchema, item: Selected, field: Any, variables: Mapping[str, Any]
) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """A function that takes a field's arguments out of the variables as Strawberry's typed input."""
    trees = argument_trees(field.args, item.node.arguments, variables)
    converter = schema.strawberry.schema_converter
    parts = []
    for name, tree in trees.items():
        declared = field.args[name].extensions[DEFINITION]
        parts.append((declared.python_name, declared.type, getter(tree)))

    def convert(values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: convert_argument(take(values), type_, converter.scalar_registry, schema.strawberry.config)
            for name, type_, take in parts
        }

    return convert


async def rows_by_id(statement: Statement, frame: Frame) -> dict[UUID, Any]:
    """The rows of a by-ids statement; rows that need no shaping stay JSON text inside."""
    text = await frame.call.uow.connection.fetchval(statement.sql, *statement.arguments(frame))
    if statement.shape is not None:
        return {UUID(part["id"]): part["row"] for part in statement.shape(decode(text), frame)}
    return {part.id: part.row for part in _RAW_ROWS.decode(text)}


class _RawRow(msgspec.Struct):
    id: UUID
    row: msgspec.Raw


_RAW_ROWS = msgspec.json.Decoder(list[_RawRow])


class _Refused:
    """A payload of which only `user_errors` is there."""

    def __init__(self, user_errors: list[errors.UserError]) -> None:
        self.user_errors = user_errors

    def __getattr__(self, name: str) -> None:
        return None


async def completed(value: Any, complete: Complete, frame: Frame) -> bytes:
    """A function's value shaped to its selection, with the rows of its references read."""
    sink = Sink()
    shaped = complete(value, sink)
    holder = {"value": shaped}
    if isinstance(shaped, Later):
        shaped.container, shaped.key = holder, "value"
    for pending in sink.pending:
        rows = await rows_by_id(pending.statement(), Frame(frame.call, frame.variables, pending.ids))
        pending.put([rows.get(identifier) for identifier in pending.ids])
    return encode(holder["value"])


def _introspect(schema: GraphQLSchema, operation: Operation, item: Selected, variables: Mapping[str, Any]) -> bytes:
    """Answer one `__schema` or `__type` by graphql-core; nothing else of the document runs there."""
    node = operation.node
    below = SelectionSetNode(selections=tuple(s for part in item.below for s in part.selections))
    # Introspection takes texts and yes/no only; other variables belong to the rest of the document.
    wanted = tuple(
        definition
        for definition in node.variable_definitions or ()
        if isinstance(variables.get(definition.variable.name.value), str | bool)
    )
    pruned = OperationDefinitionNode(
        operation=node.operation,
        name=node.name,
        variable_definitions=wanted,
        directives=(),
        selection_set=SelectionSetNode(selections=(replace(item.node, selection_set=below, directives=()),)),
    )
    document = DocumentNode(definitions=(pruned, *operation.fragments.values()))
    values = {d.variable.name.value: variables[d.variable.name.value] for d in wanted}
    result = execute_sync(schema, document, variable_values=values)
    if result.errors or result.data is None:
        raise TypeError(f"introspection failed: {result.errors}")
    return encode(next(iter(result.data.values())))
