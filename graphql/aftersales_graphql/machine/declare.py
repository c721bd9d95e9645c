"""The declaration of a type: a Strawberry type that also says where each of its fields comes from.

    @entity(tables.Ticket, filters=("status", "customer"), orders=("due_at",), visible=own_customer_only)
    class Ticket(Node):
        title: str
        due_at: datetime | None
        overdue: bool = sql(lambda ticket, scope: ticket.due_at < scope.now)
        customer: Optional["Customer"] = one("customer_id")
        events: list["TicketEvent"] = many("ticket_id", order="-occurred_at", cap=50)
        children: Connection["Ticket"] = connection("parent_id")

A field without a descriptor is the column of its name.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import strawberry
from sqlalchemy import BindParameter, ColumnElement, Table
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from strawberry.types.base import StrawberryContainer
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType

MAPPING = "aftersales"

Columns = ReadOnlyColumnCollection[str, Any]
Type = TypeVar("Type", bound=type)


@dataclass(frozen=True, slots=True)
class Viewer:
    """The caller as SQL sees them while a plan is made: roles are facts of the plan, ids are parameters."""

    roles: frozenset[str]
    is_customer: bool
    is_dealer: bool
    customer_id: BindParameter[Any]
    dealer_id: BindParameter[Any]
    member_id: BindParameter[Any]

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an SQL expression may use beside its own row."""

    tenant_id: BindParameter[Any]
    now: BindParameter[Any]
    viewer: Viewer


Expression = Callable[[Columns, Scope], ColumnElement[Any]]
Visible = Callable[[Columns, Viewer], ColumnElement[bool] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """Where a field's value comes from; `roles` limits who may select it."""

    roles: frozenset[str] | None = None
    vertical: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Mapped):
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed(Mapped):
    """`resolve(row, **arguments)` in Python, from the needed columns and nothing else."""

    needs: tuple[str, ...]
    resolve: Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sql(Mapped):
    build: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonPath(Mapped):
    path: tuple[str, ...]
    default: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded(Mapped):
    """An object inside a JSONB column of the same row: no join, no table."""

    column: str
    path: tuple[str, ...] = ()
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class One(Mapped):
    """The row that `key` of this row points at; or, with `remote`, the one row whose `remote` points here."""

    key: str | None = None
    remote: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Many(Mapped):
    remote: str
    order: tuple[str, ...] = ()
    cap: int = 100
    where: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged(Mapped):
    """A Relay connection; without `remote` over the whole table (a root field)."""

    remote: str | None = None
    where: Expression | None = None
    order: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Find(Mapped):
    """A root field: one row by its id or by another unique column."""

    by: str = "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyNode(Mapped):
    """The root fields `node(id:)` and `nodes(ids:)`."""

    several: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Function(Mapped):
    """A root field or mutation that Python computes; what it returns is shaped to the selection."""

    call: Callable[..., Any]
    kind: str = "query"


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter that isn't a plain column: `build(row, value, scope)` gets the value as an SQL parameter.

    `type` is the GraphQL type: bool, int, Decimal, date, datetime, str, an enum, or a list of texts (an array in SQL).
    With `target` it is the global id of that type, and the value the row's UUID.
    """

    name: str
    type: Any
    build: Callable[[Columns, BindParameter[Any], Scope], ColumnElement[bool]]
    description: str | None = None
    target: str | None = None


@dataclass(slots=True)
class Entity:
    """A declared type: its table, its filters and orders, and who may see which of its rows."""

    name: str
    origin: type
    table: Table
    filters: tuple[str | Filter, ...]
    orders: tuple[str, ...]
    default_order: tuple[str, ...]
    visible: Visible | None
    mappings: dict[str, Mapped] = field(default_factory=dict)
    inputs: dict[str, Any] = field(default_factory=dict)

    def field_named(self, python_name: str) -> StrawberryField:
        definition = self.origin.__strawberry_definition__  # type: ignore[attr-defined]
        for candidate in definition.fields:
            if candidate.python_name == python_name:
                return candidate  # type: ignore[no-any-return]
        raise TypeError(f"{self.name} has no field {python_name}")

    def column_named(self, python_name: str) -> str:
        """The table's column behind a field that is a plain column."""
        mapping = mapping_of(self.field_named(python_name))
        if not isinstance(mapping, Column):
            raise TypeError(f"{self.name}.{python_name} isn't a column")
        return mapping.name or python_name


class PlannedField(StrawberryField):
    """A Strawberry field whose arguments follow from what it maps to and from its target's declaration."""

    @property
    def arguments(self) -> list[Any]:
        if self._arguments is None:
            from aftersales_graphql.machine.inputs import arguments_of

            self._arguments = arguments_of(self)
        return self._arguments

    @arguments.setter
    def arguments(self, value: list[Any]) -> None:
        self._arguments = value


def mapping_of(declared: StrawberryField) -> Mapped:
    """The mapping of a field; a plain Strawberry field is the column of its name."""
    found = declared.metadata.get(MAPPING)
    return found if isinstance(found, Mapped) else Column()


def entity_of(type_: object) -> Entity | None:
    """The declaration behind a type, looking through optional, list, lazy and connection wrappers."""
    while True:
        if isinstance(type_, LazyType):
            type_ = type_.resolve_type()
        elif isinstance(type_, StrawberryContainer):
            type_ = type_.of_type
        else:
            break
    own = type_.__dict__.get("__aftersales_entity__") if isinstance(type_, type) else None
    if own is not None:
        return own  # type: ignore[no-any-return]
    definition = getattr(type_, "__strawberry_definition__", None)
    arguments = getattr(definition, "type_var_map", None) or {}
    return next((found for value in arguments.values() if (found := entity_of(value))), None)


def _field(mapping: Mapped, description: str | None, name: str | None, deprecated: str | None) -> Any:
    return PlannedField(
        graphql_name=name, description=description, metadata={MAPPING: mapping}, deprecation_reason=deprecated
    )


def _roles(roles: Iterable[str] | None) -> frozenset[str] | None:
    return None if roles is None else frozenset(roles)


def column(
    source: str | None = None, *, description: str | None = None, name: str | None = None,
    roles: Iterable[str] | None = None, deprecated: str | None = None,
) -> Any:  # fmt: skip
    """A column of the row, under its own name unless `source` says otherwise."""
    return _field(Column(name=source, roles=_roles(roles)), description, name, deprecated)


def sql(
    build: Expression, *, description: str | None = None, name: str | None = None,
    roles: Iterable[str] | None = None,
) -> Any:  # fmt: skip
    """An SQL expression over the row: `build(columns, scope)`."""
    return _field(Sql(build=build, roles=_roles(roles)), description, name, None)


def json_path(
    *path: str, default: Any = None, description: str | None = None, name: str | None = None,
    roles: Iterable[str] | None = None,
) -> Any:  # fmt: skip
    """A value inside a JSONB column: the column's name, then the keys."""
    return _field(JsonPath(path=path, default=default, roles=_roles(roles)), description, name, None)


def computed(
    *needs: str, resolve: Callable[..., Any], description: str | None = None, name: str | None = None,
    roles: Iterable[str] | None = None,
) -> Any:  # fmt: skip
    """A pure Python function of the needed columns: `resolve(row, call)`, with `row.<column>` typed as in the table."""
    return _field(Computed(needs=needs, resolve=resolve, roles=_roles(roles)), description, name, None)


def embedded(
    source: str,
    *path: str,
    when: Expression | None = None,
    description: str | None = None,
    name: str | None = None,
) -> Any:
    """An object that lies in a JSONB column of the row, at `path`; null when nothing is there or `when` fails."""
    return _field(Embedded(column=source, path=path, when=when), description, name, None)


def one(
    key: str | None = None, *, remote: str | None = None, description: str | None = None,
    name: str | None = None, roles: Iterable[str] | None = None,
) -> Any:  # fmt: skip
    """The row that this row's `key` names (or the one whose `remote` names this row); declare it Optional."""
    return _field(One(key=key, remote=remote, roles=_roles(roles)), description, name, None)


def many(
    remote: str, *, order: str | tuple[str, ...] = (), cap: int = 100, where: Expression | None = None,
    description: str | None = None, name: str | None = None, roles: Iterable[str] | None = None,
) -> Any:  # fmt: skip
    """The rows whose `remote` names this row, as a list of at most `cap`; `-column` orders descending."""
    order = (order,) if isinstance(order, str) else order
    return _field(Many(remote=remote, order=order, cap=cap, where=where, roles=_roles(roles)), description, name, None)


def connection(
    remote: str | None = None, *, where: Expression | None = None, order: str | tuple[str, ...] | None = None,
    description: str | None = None, name: str | None = None, roles: Iterable[str] | None = None,
) -> Any:  # fmt: skip
    """A Relay connection over the rows whose `remote` names this row, or over all rows (root fields)."""
    order = (order,) if isinstance(order, str) else order
    return _field(Paged(remote=remote, where=where, order=order, roles=_roles(roles)), description, name, None)


def find(
    by: str = "id", *, description: str | None = None, name: str | None = None,
    roles: Iterable[str] | None = None,
) -> Any:  # fmt: skip
    """A root field that finds one row by its global id, or by the unique field `by`."""
    return _field(Find(by=by, roles=_roles(roles)), description, name, None)


def fill_columns(origin: type) -> None:
    """Give every annotation without a descriptor the column of its name."""
    for attribute in inspect.get_annotations(origin):
        if attribute not in origin.__dict__:
            setattr(origin, attribute, column())


def entity(
    table: Any, *, name: str | None = None, description: str | None = None,
    filters: Iterable[str | Filter] = (), orders: Iterable[str] = (),
    default_order: str | tuple[str, ...] = (), visible: Visible | None = None,
) -> Callable[[Type], Type]:  # fmt: skip
    """Declare a type over a table (or a declarative class); see the module's docstring.

    `visible(row, viewer)` gives the condition under which the viewer sees a row, or None for every row.
    """

    def declare(origin: Type) -> Type:
        doc = description or (origin.__doc__ or "").strip() or None
        fill_columns(origin)
        made = strawberry.type(origin, name=name, description=doc)
        order = (default_order,) if isinstance(default_order, str) else default_order
        source: Table = table if isinstance(table, Table) else table.__table__
        definition = made.__strawberry_definition__  # type: ignore[attr-defined]
        made.__aftersales_entity__ = Entity(  # type: ignore[attr-defined]
            name=definition.name, origin=made, table=source, filters=tuple(filters), orders=tuple(orders),
            default_order=order, visible=visible,
        )  # fmt: skip
        return made

    return declare


def fields_of(holder: type) -> Mapping[str, StrawberryField]:
    """The declared fields of a Strawberry type by Python name."""
    return {f.python_name: f for f in holder.__strawberry_definition__.fields}  # type: ignore[attr-defined]
