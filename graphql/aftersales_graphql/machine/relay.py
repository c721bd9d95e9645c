"""Relay's vocabulary: global ids, the Node interface, connections and their cursors."""

import binascii
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
import strawberry

from aftersales.kit.errors import InvalidInput

Item = TypeVar("Item")


@strawberry.interface(description="An object with a global id; `node(id:)` finds it again.")
class Node:
    id: strawberry.ID


@strawberry.type(description="Where a page stands in the whole list.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="One item of a page, with the cursor to go on from it.")
class Edge(Generic[Item]):
    cursor: str
    node: Item


@strawberry.type(description="A page of a list in a stable order (keyset, so rows never repeat or get lost).")
class Connection(Generic[Item]):
    edges: list[Edge[Item]]
    nodes: list[Item] = strawberry.field(description="The items alone, for callers that need no cursor per item.")
    page_info: PageInfo
    total_count: int = strawberry.field(description="Items in the whole list under this filter.")


@dataclass(frozen=True, slots=True)
class Ref:
    """Points at an entity that the planner shall read: what functions return instead of a row."""

    entity: type
    id: UUID


def encode_id(type_name: str, identifier: UUID) -> str:
    """The global id of a row: base64 of `Type:uuid`."""
    return b64encode(f"{type_name}:{identifier}".encode()).decode()


def decode_id(value: str, field: str = "id") -> tuple[str, UUID]:
    """The type's name and the row's id; ID_MALFORMED when `value` isn't a global id."""
    try:
        name, separator, identifier = b64decode(value, validate=True).decode().partition(":")
        if separator and name.isidentifier():
            return name, UUID(identifier)
    except (ValueError, binascii.Error):  # the one answer for every way of being malformed stands below
        name = ""
    raise InvalidInput("ID_MALFORMED", field=field, value=value[:100])


def id_of(type_name: str, value: str, field: str = "id") -> UUID | None:
    """The row's id when `value` names that type; None when it names another one (no such row can exist)."""
    name, identifier = decode_id(value, field)
    return identifier if name == type_name else None


def decode_cursor(value: str, order: str, length: int, field: str = "after") -> list[Any]:
    """The keys inside a cursor; CURSOR_INVALID when it is damaged or belongs to another order."""
    try:
        keys = msgspec.json.decode(b64decode(value, validate=True))
    except (ValueError, binascii.Error, msgspec.DecodeError, RecursionError):
        keys = None
    if not isinstance(keys, list) or len(keys) != length + 1 or keys[0] != order:
        raise InvalidInput("CURSOR_INVALID", field=field)
    return keys[1:]
