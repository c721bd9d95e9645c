"""The same API answered the slow and obvious way: graphql-core over Python rows. What the planner must agree with."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from graphql import ExecutionResult, GraphQLResolveInfo, GraphQLSchema, build_schema, execute_sync, parse

from aftersales_graphql.machine.relay import decode_id, encode_id
from tests.api.world import World

_TABLES = {"Ticket": "tickets", "Customer": "customers", "Asset": "assets", "TicketEvent": "ticket_events"}


class Naive:
    """Resolves every field by itself, from the rows of one tenant."""

    def __init__(self, world: World, sdl: str) -> None:
        self._world = world
        self._schema: GraphQLSchema = build_schema(sdl)

    def ask(self, text: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The data that a caller without row limits gets."""
        result: ExecutionResult = execute_sync(
            self._schema,
            parse(text),
            variable_values=dict(variables or {}),
            field_resolver=self._resolve,
            type_resolver=lambda value, info, type_: value["__type"],
        )
        assert result.errors is None, result.errors
        assert result.data is not None
        return result.data

    def _rows(self, type_name: str) -> list[dict[str, Any]]:
        return [{**row, "__type": type_name} for row in self._world.of(_TABLES[type_name])]

    def _by_id(self, type_name: str, identifier: UUID | None) -> dict[str, Any] | None:
        return next((row for row in self._rows(type_name) if row["id"] == identifier), None)

    def _resolve(self, source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        name, parent = info.field_name, info.parent_type.name
        if parent == "Query":
            return self._root(name, arguments)
        if parent.endswith("Connection") or parent in {"PageInfo", "Age"} or parent.endswith("Edge"):
            return source[name]
        if name == "id":
            return encode_id(parent, source["id"])
        special = getattr(self, f"_{parent.lower()}_{name.lower()}", None)
        if special is not None:
            return special(source, arguments)
        value = source[_snake(name)]
        if name == "status":
            return value.upper()
        if isinstance(value, datetime):
            return value.isoformat()
        return str(value) if isinstance(value, Decimal) else value

    def _root(self, name: str, arguments: dict[str, Any]) -> Any:
        if name in {"ticket", "customer"}:
            return self._by_id(name.capitalize(), decode_id(arguments["id"])[1])
        if name == "node":
            return self._by_id(*decode_id(arguments["id"]))
        if name == "ticketByNumber":
            return next((row for row in self._rows("Ticket") if row["number"] == arguments["number"]), None)
        return self._connection(self._rows(name[:-1].capitalize()), arguments, "-opened_at")

    def _connection(self, rows: list[dict[str, Any]], arguments: dict[str, Any], order: str) -> dict[str, Any]:
        rows = sorted(rows, key=lambda row: row["id"].hex, reverse=order.startswith("-"))
        key = order.removeprefix("-")
        if rows and key in rows[0]:
            rows = sorted(rows, key=lambda row: row[key], reverse=order.startswith("-"))
        size = arguments.get("first") or 20
        page = rows[:size]
        return {
            "nodes": page,
            "edges": [{"node": row} for row in page],
            "totalCount": len(rows),
            "pageInfo": {"hasNextPage": len(rows) > size, "hasPreviousPage": False},
        }

    def _ticket_customer(self, ticket: dict[str, Any], arguments: dict[str, Any]) -> Any:
        return self._by_id("Customer", ticket["customer_id"])

    def _asset_customer(self, asset: dict[str, Any], arguments: dict[str, Any]) -> Any:
        return self._by_id("Customer", asset["customer_id"])

    def _ticket_asset(self, ticket: dict[str, Any], arguments: dict[str, Any]) -> Any:
        return self._by_id("Asset", ticket["asset_id"])

    def _ticket_parent(self, ticket: dict[str, Any], arguments: dict[str, Any]) -> Any:
        return self._by_id("Ticket", ticket["parent_id"])

    def _ticket_late(self, ticket: dict[str, Any], arguments: dict[str, Any]) -> bool | None:
        return None if ticket["due_at"] is None else ticket["due_at"] < self._world.now

    def _ticket_age(self, ticket: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
        hours = int((self._world.now - ticket["opened_at"]).total_seconds() // 3600)
        return {"hours": hours, "words": f"{hours} hours"}

    def _asset_colour(self, asset: dict[str, Any], arguments: dict[str, Any]) -> Any:
        return asset["attributes"]["colour"]

    def _ticket_events(self, ticket: dict[str, Any], arguments: dict[str, Any]) -> Any:
        rows = [row for row in self._rows("TicketEvent") if row["ticket_id"] == ticket["id"]]
        rows.sort(key=lambda row: row["occurred_at"], reverse=True)
        return rows[: arguments.get("first") or 50]

    def _ticket_children(self, ticket: dict[str, Any], arguments: dict[str, Any]) -> Any:
        return self._connection(
            [r for r in self._rows("Ticket") if r["parent_id"] == ticket["id"]], arguments, "number"
        )

    def _customer_tickets(self, customer: dict[str, Any], arguments: dict[str, Any]) -> Any:
        rows = [row for row in self._rows("Ticket") if row["customer_id"] == customer["id"]]
        return self._connection(rows, arguments, "-opened_at")


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
