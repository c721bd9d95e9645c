"""Relay connections in SQL: keyset pages, page info and counts, each only as far as the selection asks for it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from graphql import GraphQLObjectType, get_named_type
from sqlalchemy import ColumnElement, case, cast, func, literal_column, select
from sqlalchemy import types as sql_types
from sqlalchemy.dialects.postgresql import aggregate_order_by

from aftersales.kit.errors import InvalidInput
from aftersales_graphql.machine.arguments import argument_trees, getter
from aftersales_graphql.machine.declare import Entity, Paged
from aftersales_graphql.machine.filters import conditions
from aftersales_graphql.machine.frame import Frame, Shaper
from aftersales_graphql.machine.relay import decode_cursor
from aftersales_graphql.machine.selection import Selected
from aftersales_graphql.machine.shaping import list_shaper, object_shaper
from aftersales_graphql.machine.sql import beyond, key_of_cursor, text_literal

if TYPE_CHECKING:
    from aftersales_graphql.machine.planner import Planner

PAGE_LIMIT = 100
PAGE_DEFAULT = 20
DEFINITION = "strawberry-definition"

Keys = list[tuple[ColumnElement[Any], bool]]


def page_size(tree: Any, variables: Mapping[str, Any], default: int, limit: int) -> int:
    """How many rows a page takes; PAGE_SIZE_INVALID when it is negative or beyond the limit."""
    value = default if tree is None else getter(tree)(variables)
    if not 0 <= value <= limit:
        raise InvalidInput("PAGE_SIZE_INVALID", field="first", limit=limit, value=value)
    return int(value)


def order_keys(entity: Entity, row: Any, names: tuple[str, ...]) -> Keys:
    """The keys of an order (`-name` is descending) with the id as the last one, so that the order is total."""
    keys: Keys = []
    ascending = True
    for name in names:
        ascending = not name.startswith("-")
        bare = name.removeprefix("-")
        if bare != "id":
            column = row.c[bare] if bare in row.c else row.c[entity.column_named(bare)]
            keys.append((column, ascending))
    return [*keys, (row.c.id, ascending)]


def connection_json(
    planner: "Planner",
    entity: Entity,
    type_: GraphQLObjectType,
    selected: Selected,
    field: Any,
    mapping: Paged,
    parent: Any,
    rows: int,
) -> tuple[Any, Shaper | None]:
    """One connection as a JSON expression, correlated to `parent` unless that is None."""
    page = _Page(planner, entity, selected, field, mapping, parent)
    planner.spend(rows * max(page.size, 1))
    return page.build(type_, selected, rows)


class _Page:
    def __init__(
        self, planner: "Planner", entity: Entity, selected: Selected, field: Any, mapping: Paged, parent: Any
    ) -> None:
        self.planner, self.entity, self.mapping, self.parent = planner, entity, mapping, parent
        variables = planner.variables
        trees = argument_trees(field.args, selected.node.arguments, variables)
        if trees.get("first") is not None and trees.get("last") is not None:
            raise InvalidInput("PAGE_BOTH_WAYS", field="last")
        self.backward = trees.get("last") is not None
        wanted = trees.get("last") if self.backward else trees.get("first")
        self.size = page_size(wanted, variables, PAGE_DEFAULT, PAGE_LIMIT)
        self.after, self.before = trees.get("after"), trees.get("before")
        self.filter = trees.get("filter")
        self.filter_names = self._declared_names(field, "filter")
        self.order = self._order(field, trees.get("orderBy"))

    def _declared_names(self, field: Any, argument: str) -> dict[str, str]:
        if argument not in field.args:
            return {}
        input_type: Any = get_named_type(field.args[argument].type)
        return {name: item.extensions[DEFINITION].python_name for name, item in input_type.fields.items()}

    def _order(self, field: Any, tree: Any) -> tuple[str, ...]:
        if not tree:
            return self.mapping.order if self.mapping.order is not None else self.entity.default_order
        items = tree if isinstance(tree, list) else [tree]
        names: list[str] = []
        for item in items:
            name = _value(item["field"])
            if name not in self.entity.orders:
                raise InvalidInput("ORDER_UNKNOWN", field="orderBy", value=name)
            if name not in {given.removeprefix("-") for given in names}:
                names.append(f"-{name}" if _value(item["direction"]) == "desc" else name)
        return tuple(names)

    def _source(self) -> Any:
        """The table under its row filters, the parent's key and the filter argument."""
        planner, target = self.planner, self.planner.aliased(self.entity)
        where = planner.visible(self.entity, target)
        if self.mapping.remote is not None and self.parent is not None:
            where.append(target.c[self.mapping.remote] == self.parent.c.id)
        if self.mapping.where is not None:
            where.append(self.mapping.where(target.c, planner.scope))
        if self.filter:
            where += conditions(self.entity, target.c, self.filter, self.filter_names, planner.scope, planner.new_bind)
        return target, where

    def _correlated(self, statement: Any) -> Any:
        return statement if self.parent is None else statement.correlate(self.parent)

    def _keys(self, row: Any) -> Keys:
        return order_keys(self.entity, row, self.order)

    def _edge_values(self, tree: Any, keys: Keys, field: str) -> list[ColumnElement[Any]]:
        take, order = getter(tree), ",".join(self.order)

        def one(index: int, expression: ColumnElement[Any]) -> Any:
            def bind(frame: Frame) -> Any:
                value = decode_cursor(take(frame.variables), order, len(keys), field)[index]
                try:
                    return key_of_cursor(expression, value)
                except (ArithmeticError, ValueError, InvalidInput) as error:
                    raise InvalidInput("CURSOR_INVALID", field=field) from error

            return bind

        return [
            self.planner.new_bind(expression.type, one(index, expression)) for index, (expression, _) in enumerate(keys)
        ]

    def build(self, type_: GraphQLObjectType, selected: Selected, rows: int) -> tuple[Any, Shaper | None]:
        planner = self.planner
        target, where = self._source()
        keys = self._keys(target)
        if self.after is not None:
            where.append(beyond(keys, self._edge_values(self.after, keys, "after")))
        if self.before is not None:
            flipped = [(expression, not up) for expression, up in keys]
            where.append(beyond(flipped, self._edge_values(self.before, keys, "before")))
        selection = planner.selections.collect(type_, selected.below)
        ahead = any(item.node.name.value == "pageInfo" for item in selection.values())
        ordered = [expression if up is not self.backward else expression.desc() for expression, up in keys]
        limit: Any = literal_column(str(self.size + 1 if ahead else self.size))
        # every column is named here; PostgreSQL drops those that nothing above reads
        taken = self._correlated(select(*target.c).select_from(target).where(*where)).order_by(*ordered).limit(limit)
        page = taken.subquery(planner.name("p"))
        body = _Body(self, page, rows, ahead)
        columns: list[ColumnElement[Any]] = []
        shapers: list[tuple[str, Shaper]] = []
        for key, item in selection.items():
            element, shaper = body.field(type_, item)
            columns.append(element.label(key))
            if shaper is not None:
                shapers.append((key, shaper))
        whole = select(*columns)
        if body.aggregates:
            source = select(*body.columns.values()).select_from(page).subquery(body.name)
            whole = whole.select_from(source)
        whole = self._correlated(whole)
        return planner.row_json(whole), object_shaper(shapers) if shapers else None

    def count(self) -> Any:
        target, where = self._source()
        counted = select(func.count()).select_from(target).where(*where)
        return self._correlated(counted).scalar_subquery()


class _Body:
    """The rows of a page with what edges, nodes and page info need of each of them."""

    def __init__(self, page: _Page, source: Any, rows: int, ahead: bool) -> None:
        self.page, self.source, self.rows, self.ahead = page, source, rows, ahead
        self.name = page.planner.name("r")
        self.aggregates = False
        self.columns: dict[str, Any] = {}
        ordered = [key if up is not page.backward else key.desc() for key, up in page._keys(source)]
        self._add("rn", func.row_number().over(order_by=ordered))

    def _add(self, name: str, expression: Any) -> Any:
        self.columns[name] = expression.label(name)
        return literal_column(f"{self.name}.{name}")

    def field(self, type_: GraphQLObjectType, item: Selected) -> tuple[Any, Shaper | None]:
        name = item.node.name.value
        inner: Any = None if name in {"__typename", "totalCount"} else get_named_type(type_.fields[name].type)
        if name == "__typename":
            return text_literal(type_.name), None
        if name == "totalCount":
            return self.page.count(), None
        if name == "pageInfo":
            return self._page_info(inner, item), None
        if name == "nodes":
            element, shaper = self._node(inner, item)
            return self._listed(element), list_shaper(shaper) if shaper else None
        return self._edges(inner, item)

    def _node(self, type_: Any, item: Selected) -> tuple[Any, Shaper | None]:
        planner, page = self.page.planner, self.page
        rows = self.rows * max(page.size, 1)
        columns, shaper = planner.columns(page.entity, type_, item.below, self.source, rows)
        return self._add(f"n{len(self.columns)}", planner.row_json(select(*columns).correlate(self.source))), shaper

    def _edges(self, type_: Any, item: Selected) -> tuple[Any, Shaper | None]:
        parts: list[Any] = []
        shapers: list[tuple[str, Shaper]] = []
        for key, below in self.page.planner.selections.collect(type_, item.below).items():
            name = below.node.name.value
            if name == "__typename":
                element, shaper = text_literal(type_.name), None
            elif name == "cursor":
                element, shaper = self._cursor(), None
            else:
                element, shaper = self._node(get_named_type(type_.fields[name].type), below)
            parts += [text_literal(key), element]
            if shaper is not None:
                shapers.append((key, shaper))
        return self._listed(func.json_build_object(*parts)), list_shaper(object_shaper(shapers)) if shapers else None

    def _listed(self, element: Any) -> Any:
        self.aggregates = True
        number: Any = literal_column(f"{self.name}.rn")
        order = number.desc() if self.page.backward else number
        listed: Any = func.json_agg(aggregate_order_by(element, order) if self.page.backward else element)
        if self.ahead:
            listed = listed.filter(number <= literal_column(str(self.page.size)))
        return func.coalesce(listed, literal_column("'[]'::json"))

    def _cursor(self) -> Any:
        """The cursor of a row, from key columns that the page carries along; encoded only where it is read."""
        keys: list[Any] = []
        for index, (key, _) in enumerate(self.page._keys(self.source)):
            exact = isinstance(key.type, sql_types.Numeric) and not isinstance(key.type, sql_types.Float)
            keys.append(self._add(f"k{index}", cast(key, sql_types.Text) if exact else key))
        listed = func.json_build_array(text_literal(",".join(self.page.order)), *keys)
        raw = func.convert_to(cast(listed, sql_types.Text), text_literal("UTF8"))
        encoded = func.encode(raw, text_literal("base64"))
        return func.replace(encoded, literal_column("E'\\n'"), text_literal(""))

    def _page_info(self, type_: Any, item: Selected) -> Any:
        page = self.page
        size: Any = literal_column(str(page.size))
        number: Any = literal_column(f"{self.name}.rn")
        more = func.count() > size
        edge_given = page.before is not None if page.backward else page.after is not None
        given: Any = literal_column("true" if edge_given else "false")
        parts: list[Any] = []
        for key, below in page.planner.selections.collect(type_, item.below).items():
            name = below.node.name.value
            if name == "__typename":
                element: Any = text_literal(type_.name)
            elif name == "hasNextPage":
                element = given if page.backward else more
            elif name == "hasPreviousPage":
                element = more if page.backward else given
            else:
                nearest = (name == "startCursor") is not page.backward
                cursor = self._cursor()
                last = func.least(self._add("cnt", func.count().over()), size)
                element = func.max(case((number == (literal_column("1") if nearest else last), cursor)))
                element = element.filter(size > literal_column("0"))
            self.aggregates = self.aggregates or (element is not given and name != "__typename")
            parts += [text_literal(key), element]
        return func.json_build_object(*parts)


def _value(tree: Any) -> str:
    """The value behind an enum constant of an argument."""
    value = tree.value
    return str(getattr(value, "value", value))
