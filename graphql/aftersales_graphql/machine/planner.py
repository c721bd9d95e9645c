"""The planner: one selection, one SQL statement, whatever its depth.

Every table in it is read under `tenant_id = $tenant` and under the viewer's row filter; objects become JSON in
PostgreSQL, under their response keys and in the selection's order.
"""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLObjectType, SelectionSetNode, get_named_type
from sqlalchemy import BindParameter, ColumnElement, any_, bindparam, cast, func, literal_column, select
from sqlalchemy import types as sql_types
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.sql.visitors import cloned_traverse

from aftersales.kit.errors import Forbidden, InvalidInput
from aftersales_graphql.machine import declare, pages
from aftersales_graphql.machine.arguments import argument_trees
from aftersales_graphql.machine.completion import Completion
from aftersales_graphql.machine.declare import Entity, Mapped, Scope, Viewer, entity_of, mapping_of
from aftersales_graphql.machine.embedding import embedded_json, json_at
from aftersales_graphql.machine.filters import bind_leaf
from aftersales_graphql.machine.frame import Bind, Shaper, Statement
from aftersales_graphql.machine.selection import Selected, Selections
from aftersales_graphql.machine.shaping import computed_shaper, list_shaper, object_shaper
from aftersales_graphql.machine.sql import as_json_value, global_id, text_literal, value_converter

DEFINITION = "strawberry-definition"
_DIALECT = asyncpg_dialect()  # type: ignore[no-untyped-call]

Sets = tuple[SelectionSetNode, ...]
Planned = tuple[Any, Shaper | None]


class Planner:
    """Plans one root field; make a new one for each statement."""

    def __init__(
        self,
        selections: Selections,
        variables: Mapping[str, Any],
        roles: frozenset[str],
        *,
        is_customer: bool,
        is_dealer: bool,
        completion: Completion,
        cost_limit: int,
    ) -> None:
        self.selections = selections
        self.variables = variables
        self.completion = completion
        self.cost = 0
        self._cost_limit = cost_limit
        self._aliases = 0
        self._binds: dict[str, Bind] = {}
        viewer = Viewer(
            roles=roles,
            is_customer=is_customer,
            is_dealer=is_dealer,
            customer_id=self._named("customer_id", sql_types.Uuid(), lambda frame: frame.call.principal.customer_id),
            dealer_id=self._named("dealer_id", sql_types.Uuid(), lambda frame: frame.call.principal.dealer_id),
            member_id=self._named("member_id", sql_types.Uuid(), lambda frame: frame.call.principal.member_id),
        )
        self.scope = Scope(
            tenant_id=self._named("tenant_id", sql_types.Uuid(), lambda frame: frame.call.principal.tenant_id),
            now=self._named("now", sql_types.DateTime(timezone=True), lambda frame: frame.call.now),
            viewer=viewer,
        )

    # --- root fields ------------------------------------------------------------------------------

    def find(self, entity: Entity, type_: GraphQLObjectType, selected: Selected, field: Any) -> Statement:
        """One row by the argument of a `find` field."""
        mapping = mapping_of(field.extensions[DEFINITION])
        trees = argument_trees(field.args, selected.node.arguments, self.variables)
        (tree,) = trees.values()
        by = mapping.by if isinstance(mapping, declare.Find) else "id"
        target = self.aliased(entity)
        column = target.c["id" if by == "id" else entity.column_named(by)]
        convert = value_converter(column.type, entity.name if by == "id" else None, by)
        value = bind_leaf(tree, column.type, convert, self.new_bind)
        return self._one_row(entity, type_, selected.below, target, column == value)

    def by_ids(self, entity: Entity, type_: GraphQLObjectType, below: Sets, rows: int = 1) -> Statement:
        """Rows by the frame's argument, UUIDs, at most `rows` of them: `{"id": …, "row": …}` for those that exist."""
        self.spend(rows)
        target = self.aliased(entity)
        wanted = self.new_bind(sql_types.ARRAY(sql_types.Uuid()), lambda frame: frame.argument)
        columns, shaper = self.columns(entity, type_, below, target, rows)
        inner = select(*columns).correlate(target)
        row = self.row_json(inner).label("row")
        outer = select(target.c.id.label("id"), row).where(*self.visible(entity, target))
        listed = outer.where(target.c.id == any_(wanted))
        shape = None if shaper is None else list_shaper(object_shaper([("row", shaper)]))
        return self._statement(self.list_json(listed), shape)

    def page(self, entity: Entity, type_: GraphQLObjectType, selected: Selected, field: Any) -> Statement:
        """A connection over the whole table."""
        mapping = mapping_of(field.extensions[DEFINITION])
        if not isinstance(mapping, declare.Paged):
            raise TypeError("page() plans connections")
        element, shaper = pages.connection_json(self, entity, type_, selected, field, mapping, None, 1)
        return self._statement(element, shaper)

    # --- objects ----------------------------------------------------------------------------------

    def columns(
        self, entity: Entity, type_: GraphQLObjectType, below: Sets, row: Any, rows: int
    ) -> tuple[list[ColumnElement[Any]], Shaper | None]:
        """The selected fields of one entity over the table alias `row`, labelled with their response keys."""
        found: list[ColumnElement[Any]] = []
        shapers: list[tuple[str, Shaper]] = []
        for key, selected in self.selections.collect(type_, below).items():
            element, shaper = self._field(entity, type_, selected, row, rows)
            found.append(element.label(key))
            if shaper is not None:
                shapers.append((key, shaper))
        return found, object_shaper(shapers) if shapers else None

    def _field(self, entity: Entity, type_: GraphQLObjectType, selected: Selected, row: Any, rows: int) -> Planned:
        name = selected.node.name.value
        if name == "__typename":
            return text_literal(type_.name), None
        field = type_.fields[name]
        declared = field.extensions[DEFINITION]
        mapping = mapping_of(declared)
        self.allow(mapping, f"{type_.name}.{name}")
        if isinstance(mapping, declare.Column):
            column = row.c[mapping.name or declared.python_name]
            if declared.python_name == "id":
                return global_id(entity.name, column), None
            return as_json_value(column, declared.type), None
        if isinstance(mapping, declare.Sql):
            return as_json_value(mapping.build(row.c, self.scope), declared.type), None
        if isinstance(mapping, declare.JsonPath):
            return json_at(row.c[mapping.path[0]], mapping.path[1:], mapping.default), None
        if isinstance(mapping, declare.Computed):
            shape = self.completion.plan(field.type, selected.below)
            return computed_shaper(entity.table, row, mapping, shape)
        if isinstance(mapping, declare.Embedded):
            below_type = _object_type(field)
            value = json_at(row.c[mapping.column], mapping.path, None)
            when = None if mapping.when is None else mapping.when(row.c, self.scope)
            return embedded_json(self, value, below_type, selected.below, (row,), when), None
        target = entity_of(declared.type)
        if target is None:
            raise TypeError(f"{type_.name}.{name} points at something that isn't an entity")
        if isinstance(mapping, declare.One):
            return self._one(target, _object_type(field), selected, mapping, row, rows)
        if isinstance(mapping, declare.Many):
            return self._many(target, field, selected, mapping, row, rows)
        if isinstance(mapping, declare.Paged):
            return pages.connection_json(self, target, _object_type(field), selected, field, mapping, row, rows)
        raise TypeError(f"{type_.name}.{name} can't be planned")

    def _one(
        self, entity: Entity, type_: GraphQLObjectType, selected: Selected, mapping: declare.One, row: Any, rows: int
    ) -> Planned:
        self.spend(rows)
        target = self.aliased(entity)
        columns, shaper = self.columns(entity, type_, selected.below, target, rows)
        if mapping.key is not None:
            joined = target.c.id == row.c[mapping.key]
        else:
            joined = target.c[mapping.remote or "id"] == row.c.id
        inner = select(*columns).select_from(target).where(*self.visible(entity, target), joined)
        if mapping.remote is not None:
            inner = inner.limit(literal_column("1"))
        return self.row_json(inner.correlate(row)), shaper

    def _many(
        self, entity: Entity, field: Any, selected: Selected, mapping: declare.Many, row: Any, rows: int
    ) -> Planned:
        trees = argument_trees(field.args, selected.node.arguments, self.variables)
        first = pages.page_size(trees.get("first"), self.variables, mapping.cap, mapping.cap)
        self.spend(rows * first)
        target = self.aliased(entity)
        found, shaper = self.columns(entity, _object_type(field), selected.below, target, rows * first)
        inner = select(*found).select_from(target).where(*self.visible(entity, target))
        inner = inner.where(target.c[mapping.remote] == row.c.id)
        if mapping.where is not None:
            inner = inner.where(mapping.where(target.c, self.scope))
        keys = pages.order_keys(entity, target, mapping.order or entity.default_order)
        inner = inner.order_by(*[key if up else key.desc() for key, up in keys]).limit(literal_column(str(first)))
        return self.list_json(inner.correlate(row)), list_shaper(shaper) if shaper else None

    # --- what every part uses ---------------------------------------------------------------------

    def aliased(self, entity: Entity) -> Any:
        return entity.table.alias(self.name("t"))

    def name(self, prefix: str) -> str:
        self._aliases += 1
        return f"{prefix}{self._aliases}"

    def visible(self, entity: Entity, row: Any) -> list[ColumnElement[bool]]:
        """The conditions under which any row of the entity may be read at all."""
        conditions: list[ColumnElement[bool]] = [row.c.tenant_id == self.scope.tenant_id]
        extra = entity.visible(row.c, self.scope.viewer) if entity.visible else None
        return [*conditions, extra] if extra is not None else conditions

    def allow(self, mapping: Mapped, what: str) -> None:
        if mapping.roles is not None and self.scope.viewer.roles.isdisjoint(mapping.roles):
            raise Forbidden("FORBIDDEN", field=what)

    def spend(self, rows: int) -> None:
        self.cost += rows
        if self.cost > self._cost_limit:
            raise InvalidInput("QUERY_TOO_COSTLY", limit=self._cost_limit)

    def row_json(self, inner: Any) -> Any:
        name = self.name("q")
        return select(func.row_to_json(literal_column(name))).select_from(inner.subquery(name)).scalar_subquery()

    def list_json(self, inner: Any) -> Any:
        name = self.name("q")
        rows = func.json_agg(literal_column(name))
        listed = func.coalesce(rows, literal_column("'[]'::json"))
        return select(listed).select_from(inner.subquery(name)).scalar_subquery()

    def new_bind(self, type_: sql_types.TypeEngine[Any], bind: Bind) -> BindParameter[Any]:
        return self._named(f"v{len(self._binds)}", type_, bind)

    def _named(self, name: str, type_: sql_types.TypeEngine[Any], bind: Bind) -> BindParameter[Any]:
        self._binds[name] = bind
        return bindparam(name, value=None, type_=type_)

    def _one_row(
        self, entity: Entity, type_: GraphQLObjectType, below: Sets, target: Any, where: ColumnElement[bool]
    ) -> Statement:
        self.spend(1)
        columns, shaper = self.columns(entity, type_, below, target, 1)
        inner = select(*columns).select_from(target).where(*self.visible(entity, target), where)
        return self._statement(self.row_json(inner), shaper)

    def _statement(self, element: Any, shaper: Shaper | None) -> Statement:
        binds = self._binds

        def inline(parameter: BindParameter[Any]) -> None:
            # Constants of declarations go into the SQL as literals, so that partial indexes can serve them.
            if parameter.key not in binds:
                parameter.literal_execute = True

        # as text, whatever a connection makes of json
        statement = cloned_traverse(select(cast(element, sql_types.Text)), {}, {"bindparam": inline})
        compiled = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        names: list[str] = list(compiled.positiontup or ())
        return Statement(str(compiled), tuple(binds[name] for name in names), shaper, self.cost)


def _object_type(field: Any) -> GraphQLObjectType:
    found = get_named_type(field.type)
    assert isinstance(found, GraphQLObjectType)  # noqa: S101 - the schema was checked
    return found
