"""Keeps terms as they were promised, and gives them back typed.

The id of kept terms follows from their content, so contracts that were signed under equal terms share one row. What a
process decoded stays in memory: the busiest paths read signed terms without a statement of their own.
"""

import hashlib
from collections import OrderedDict
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import Text, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from aftersales.kit.entities import encode
from aftersales.kit.errors import NotFound
from aftersales.plans.models import TermSnapshot
from aftersales.plugins.vertical import VerticalSettings
from aftersales.scope import TenantScope, TenantWork
from aftersales.terms.playbook import DECLARATIONS, VerticalPlaybook

KEPT_IN_MEMORY: Final = 256
"""Decoded sets of terms per process; the least recently used goes first."""
_ID_BYTES: Final = 16

_snapshots: Any = TermSnapshot.__table__
_READ = select(_snapshots.c.vertical, _snapshots.c.terms).where(
    _snapshots.c.tenant_id == bindparam("tenant_id", type_=Uuid), _snapshots.c.id == bindparam("id", type_=Uuid)
)
_KEEP = (
    insert(TermSnapshot)
    .values(
        tenant_id=bindparam("tenant_id", type_=Uuid),
        id=bindparam("id", type_=Uuid),
        vertical=bindparam("vertical", type_=Text),
        playbook_key=bindparam("playbook_key", type_=Text),
        terms=bindparam("terms", type_=JSONB),
        created_at=bindparam("created_at"),
    )
    .on_conflict_do_nothing(index_elements=[TermSnapshot.tenant_id, TermSnapshot.id])
)


class _Forgotten(Struct, frozen=True):
    """Stands for a type of attributes that the vertical doesn't know any more."""


_decoded: OrderedDict[tuple[UUID, UUID], VerticalPlaybook] = OrderedDict()


def written(terms: VerticalPlaybook) -> dict[str, Any]:
    """Terms as a JSON column keeps them. The types of assets' attributes are the vertical's code: only their names."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(terms, enc_hook=_encode))
    return found


def read(
    stored: dict[str, Any], present: VerticalPlaybook | None, settings: type[VerticalSettings]
) -> VerticalPlaybook:
    """The terms as they were kept, whatever the vertical declares at `present`.

    Fields that terms got since then have their defaults. The settings of that day hold as long as the vertical still
    understands them; what was promised stands in the terms, not in them.
    """
    types = _types_of(present)

    def decode(_: type, value: Any) -> Any:
        return types.get(value, _Forgotten) if isinstance(value, str) else value

    try:
        kept = msgspec.convert(stored["settings"], settings, strict=False)
    except msgspec.ValidationError:
        kept = present.settings if present is not None else settings()
    terms: dict[str, Any] = {
        hook: msgspec.convert(stored.get(hook, ()), tuple[term_type, ...], dec_hook=decode)  # type: ignore[valid-type]
        for hook, term_type in DECLARATIONS.items()
    }
    return VerticalPlaybook(vertical=stored["vertical"], settings=kept, **terms)


async def keep(uow: TenantWork, terms: VerticalPlaybook) -> UUID:
    """Keep terms, once for all who were promised the same; their id."""
    stored = written(terms)
    text = msgspec.json.encode(stored, order="deterministic")
    terms_id = UUID(bytes=hashlib.sha256(text).digest()[:_ID_BYTES])
    await uow.fetch(
        _KEEP, id=terms_id, vertical=terms.vertical, playbook_key=uow.scope.playbook.key, terms=stored,
        created_at=uow.now,
    )  # fmt: skip
    return terms_id


async def load(uow: TenantWork, terms_id: UUID) -> VerticalPlaybook:
    """Kept terms; the first time in a process they are read from the database. NOT_FOUND for another tenant's."""
    key = (uow.tenant_id, terms_id)
    found = _decoded.get(key)
    if found is not None:
        _decoded.move_to_end(key)
        return found
    record = await uow.fetch_one(_READ, id=terms_id)
    if record is None:
        raise NotFound("NOT_FOUND", thing="TermSnapshot")
    scope = uow.scope
    present = present_terms(scope, record["vertical"])
    found = read(record["terms"], present, scope.registry.vertical(record["vertical"]).settings)
    _decoded[key] = found
    while len(_decoded) > KEPT_IN_MEMORY:
        _decoded.popitem(last=False)
    return found


def present_terms(scope: TenantScope, vertical: str) -> VerticalPlaybook | None:
    """What the vertical promises now; None once the tenant has it no more."""
    return scope.playbook.verticals.get(vertical) or scope.dormant.get(vertical)


def forget() -> None:
    """Empty the memory, as in a process that just began."""
    _decoded.clear()


def _encode(value: object) -> Any:
    return value.__qualname__ if isinstance(value, type) else encode(value)


def _types_of(present: VerticalPlaybook | None) -> dict[str, type[Struct]]:
    """The types that terms may name, by their names."""
    if present is None:
        return {}
    found = [kind.attributes for kind in present.asset_types if kind.attributes is not None]
    found += [scheme.facts for scheme in present.fault_grades]
    return {one.__qualname__: one for one in found}
