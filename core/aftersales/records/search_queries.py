"""The reads behind the search: postings of words, walked from the latest on, and probed one by one.

Every step is forced to be a look-up in an index (a LIMIT or OFFSET in a subquery keeps the planner from joining whole
postings): it ends with the first page, however common a word is.
"""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Text, Uuid, bindparam, or_, select, true
from sqlalchemy import literal_column as literal

from aftersales.records.models import SearchEntry, SearchToken
from aftersales.scope import TenantWork
from aftersales.tickets.models import Ticket

_entries: Any = SearchEntry.__table__
_tokens: Any = SearchToken.__table__
_tickets: Any = Ticket.__table__
_tenant = bindparam("tenant_id", type_=Uuid)


@cache
def _search(tokens: int, who: str, *, of_kind: bool, paged: bool) -> Any:
    """What holds so many tokens: the first one's postings, probed for the others; a customer's own entries instead."""
    entry = _entries.alias("entry")
    seen: list[ColumnElement[bool]] = [entry.c.tenant_id == _tenant, entry.c.hidden.is_(False)]
    if of_kind:
        seen.append(entry.c.kind == bindparam("kind", type_=Text))
    if who == "customer":
        seen += [entry.c.customer_id == bindparam("customer_id", type_=Uuid), entry.c.internal.is_(False)]
        found = select(entry.c.kind, entry.c.id, entry.c.title).where(*seen)
        ids, others = entry.c.id, range(tokens)
    else:
        if who == "dealer":
            seen.append(_of_dealer(entry))
        lead = _tokens.alias("lead")
        one = select(entry.c.kind, entry.c.id, entry.c.title).where(*seen, entry.c.id == lead.c.entry_id)
        row = one.limit(literal("1")).correlate(lead).lateral("row")
        found = (
            select(row.c.kind, row.c.id, row.c.title)
            .select_from(lead.join(row, true()))
            .where(lead.c.tenant_id == _tenant, lead.c.token == bindparam("token_0", type_=Text))
        )
        ids, others = lead.c.entry_id, range(1, tokens)
    for number in others:
        found = found.where(_holds(ids, number))
    if paged:
        found = found.where(ids < bindparam("before", type_=Uuid))
    return found.order_by(ids.desc()).limit(bindparam("first", type_=Integer))


def _holds(entry_id: Any, number: int) -> ColumnElement[bool]:
    """Whether an entry holds a token: one look-up by the key."""
    other = _tokens.alias(f"other_{number}")
    probe: Any = select(literal("1")).where(
        other.c.tenant_id == _tenant,
        other.c.token == bindparam(f"token_{number}", type_=Text),
        other.c.entry_id == entry_id,
    )
    held: ColumnElement[bool] = probe.offset(literal("0")).exists()
    return held


def _of_dealer(entry: Any) -> ColumnElement[bool]:
    """What names the dealer's unit, or a ticket that the unit has."""
    dealer, ticket = bindparam("dealer_id", type_=Uuid), _tickets.alias("ticket")
    given: Any = select(literal("1")).where(
        ticket.c.tenant_id == _tenant,
        ticket.c.id == entry.c.ticket_id,
        ticket.c.service_unit_id == dealer,
    )
    return or_(entry.c.service_unit_id == dealer, given.exists())


async def found(
    uow: TenantWork,
    tokens: list[str],
    *,
    kind: str | None,
    customer_id: UUID | None,
    dealer_id: UUID | None,
    staff: bool,
    before: UUID | None,
    first: int,
) -> list[Any]:
    """The entries that hold all the tokens and that the caller may see, latest first."""
    if not staff and customer_id is None and dealer_id is None:
        return []
    who = "staff" if staff else "customer" if customer_id is not None else "dealer"
    given: dict[str, Any] = {f"token_{number}": token for number, token in enumerate(tokens)}
    if kind is not None:
        given["kind"] = kind
    if before is not None:
        given["before"] = before
    if who == "customer":
        given["customer_id"] = customer_id
    elif who == "dealer":
        given["dealer_id"] = dealer_id
    statement = _search(len(tokens), who, of_kind=kind is not None, paged=before is not None)
    return await uow.fetch(statement, first=first, **given)
