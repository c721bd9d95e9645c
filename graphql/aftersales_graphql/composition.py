"""The parts of a tenant's schema: the core's rooms, and what the enabled verticals bring."""

from collections.abc import Callable, Sequence
from typing import Any

from aftersales.plugins.registry import Registry
from aftersales.terms.classification import AssetType
from msgspec import Struct

from aftersales_graphql.machine.attributes import attribute_fields
from aftersales_graphql.machine.declare import Expression
from aftersales_graphql.machine.schema import SchemaPart
from aftersales_graphql.rooms import (
    asset_commands,
    assets,
    commitments,
    contracts,
    documents,
    journal,
    notices,
    organisation,
    parties,
    party_commands,
    safety,
    subscriptions,
    ticket_commands,
    tickets,
    work,
)

CORE = SchemaPart(
    queries=(
        tickets.TicketQueries,
        parties.PartyQueries,
        assets.AssetQueries,
        contracts.ContractQueries,
        work.WorkQueries,
        commitments.CommitmentQueries,
        journal.JournalQueries,
        notices.NoticeQueries,
        safety.SafetyQueries,
        documents.DocumentQueries,
        organisation.OrganisationQueries,
    ),
    mutations=(ticket_commands.TicketMutations, party_commands.PartyMutations, asset_commands.AssetMutations),
    subscriptions=(subscriptions.EventSubscriptions,),
)


def parts_for(registry: Registry) -> Callable[[frozenset[str]], Sequence[SchemaPart]]:
    """The parts of a schema for a set of verticals; a vertical that isn't in the set leaves no trace in it."""

    def parts(verticals: frozenset[str]) -> Sequence[SchemaPart]:
        return [CORE, *(_vertical_part(registry, name) for name in sorted(verticals))]

    return parts


def _vertical_part(registry: Registry, name: str) -> SchemaPart:
    fields: dict[str, tuple[type[Struct], Expression | None]] = {}
    for asset_type in _asset_types(registry, name):
        if asset_type.attributes is not None:
            fields[f"{name}_{asset_type.code}"] = (asset_type.attributes, _of_type(name, asset_type.code))
    if not fields:
        return SchemaPart()
    return SchemaPart(extensions=(attribute_fields(assets.Asset, "attributes", fields),))


def _of_type(vertical: str, code: str) -> Expression:
    return lambda asset, scope: (asset["vertical"] == vertical) & (asset["asset_type"] == code)


def _asset_types(registry: Registry, name: str) -> list[AssetType]:
    """All types that the vertical may declare: those under its default settings (a profile may use fewer)."""
    settings: Any = registry.vertical(name).settings()
    found = [asset_type for types in registry.call(name, "asset_types", settings=settings) for asset_type in types]
    return sorted(found, key=lambda asset_type: asset_type.code)
