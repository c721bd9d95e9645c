"""Finding records and documents by the words and values in them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from aftersales.access import STAFF
from aftersales.documents.models import Document
from aftersales.kit.errors import InvalidInput
from aftersales.kit.text import TITLE_LIMIT, clean_text
from aftersales.records import search_queries
from aftersales.records.models import SearchEntry, SearchToken, ServiceRecord
from aftersales.records.rules import text_of
from aftersales.scope import TenantWork
from aftersales.terms.records import FormTemplate

TOKENS_LIMIT: Final = 4_000
"""Words of one record or document by which it is found; the rest of a very long one isn't."""
QUERY_TOKENS: Final = 20
TOKEN_LENGTH: Final = 60
PARTS_TOGETHER: Final = 4
"""How many neighbouring parts of a number such as `W-2026/7` are found together."""
PAGE_LIMIT: Final = 100
_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W_]+(?:[.\-_/][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")


def tokens_of(text: str) -> list[str]:
    """The tokens of a text, each once, in order: words in small letters, single and neighbouring Chinese characters.

    `W-2026/7` is found as a whole and by its parts: `W`, `W-2026`, `2026/7` …
    """
    found: dict[str, None] = {}
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).casefold()):
        pieces: list[str] = []
        for piece in _HAN.split(run):
            if piece.strip("._-/"):
                pieces.append(piece.strip("._-/"))
        for piece in pieces:
            parts = list(_PART.finditer(piece))
            found.setdefault(piece[:TOKEN_LENGTH])
            for number, first in enumerate(parts):
                for last in parts[number : number + PARTS_TOGETHER]:
                    found.setdefault(piece[first.start() : last.end()][:TOKEN_LENGTH])
        for han in _HAN.findall(run):
            for number, character in enumerate(han):
                found.setdefault(character)
                if number + 1 < len(han):
                    found.setdefault(han[number : number + 2])
    return list(found)


def query_tokens(text: str) -> list[str]:
    """What a text is looked for by: pairs where there are pairs, wholes where there are wholes.

    Whoever finds these finds the single characters and parts too, and those are common: `pump` of `pump-7`.
    """
    tokens = tokens_of(text)
    implied: set[str] = set()
    for token in tokens:
        if _HAN.fullmatch(token):
            implied |= set(token) if len(token) > 1 else set()
        else:
            implied |= {one for one in tokens_of(token)[1:] if one != token}
    return [token for token in tokens if token not in implied][:QUERY_TOKENS]


def field_token(code: str, value: str) -> str:
    """The token by which a record is found by the value of a field."""
    return f"={code[:TOKEN_LENGTH]}={value[:TOKEN_LENGTH].casefold()}"


class Found(Struct, frozen=True, kw_only=True):
    """A record or document that was found."""

    kind: str
    id: UUID
    title: str


async def index_record(uow: TenantWork, record: ServiceRecord, template: FormTemplate) -> None:
    """Have a submitted record found by its number, form, values and signers."""
    texts = [record.number, record.form, record.title_zh, record.title_en, record.person or ""]
    fields: list[str] = []
    for field in template.fields:
        for value in text_of(record.field_values.get(field.code)):
            fields.append(field_token(field.code, value))
            if field.kind not in {"boolean"}:
                texts.append(value)
    texts += [str(one["name"]) for one in record.signatures or ()]
    entry = SearchEntry(
        id=record.id, kind="record", title=f"{record.number} {record.title_zh}"[:TITLE_LIMIT],
        customer_id=record.customer_id, service_unit_id=record.service_unit_id, ticket_id=record.ticket_id,
        internal=record.internal, at=uow.now,
    )  # fmt: skip
    _add(uow, entry, [*fields, *tokens_of("\n".join(texts))])


async def note_document(uow: TenantWork, document_id: UUID) -> None:
    """Have a document found by its title and text; it is the company's own, so only staff find it.

    One that serves as a deliverable is found when it is published: it is written until then.
    """
    document = await uow.get(Document, document_id)
    if (document.deliverable is None) != (document.published_at is None):
        return
    entry = SearchEntry(
        id=document.id, kind="document", title=document.title, customer_id=None, service_unit_id=None,
        ticket_id=None, internal=True, at=uow.now,
    )  # fmt: skip
    _add(uow, entry, tokens_of("\n".join([document.title, document.body, *map(str, document.sections.values())])))


def _add(uow: TenantWork, entry: SearchEntry, tokens: Iterable[str]) -> None:
    uow.add(entry)
    for token in list(dict.fromkeys(tokens))[:TOKENS_LIMIT]:
        uow.add(SearchToken(token=token, entry_id=entry.id))


async def hide(uow: TenantWork, entry_id: UUID) -> None:
    """Find something no more."""
    entry = await uow.find(SearchEntry, entry_id)
    if entry is not None:
        entry.hidden = True


async def search(
    uow: TenantWork,
    text: str = "",
    *,
    fields: Mapping[str, Any] | None = None,
    kind: str | None = None,
    first: int = 20,
    before: UUID | None = None,
) -> list[Found]:
    """What holds all the words, and has all the values, latest first; `before` is the last one seen.

    Customers find their own records, dealers those of their unit, staff everything. SEARCH_TOO_SHORT without a word
    or value, PAGE_SIZE_INVALID.
    """
    if not 0 < first <= PAGE_LIMIT:
        raise InvalidInput("PAGE_SIZE_INVALID", field="first", value=first, limit=PAGE_LIMIT)
    tokens = query_tokens(clean_text(text, "text", TITLE_LIMIT))
    wanted = [field_token(code, value) for code, given in (fields or {}).items() for value in text_of(given)]
    # Values are rarer than words, longer words than shorter ones: the rarest leads.
    tokens = [*wanted, *sorted(tokens, key=len, reverse=True)][:QUERY_TOKENS]
    if not tokens:
        raise InvalidInput("SEARCH_TOO_SHORT", field="text")
    actor = uow.actor
    staff = actor.kind != "member" or bool(actor.roles & STAFF)
    rows = await search_queries.found(
        uow,
        tokens,
        kind=kind,
        customer_id=None if staff else actor.customer_id,
        dealer_id=None if staff else actor.dealer_id,
        staff=staff,
        before=before,
        first=first,
    )
    return [Found(kind=row["kind"], id=row["id"], title=row["title"]) for row in rows]
