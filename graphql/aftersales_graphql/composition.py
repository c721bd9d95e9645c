"""The parts of a tenant's schema: the core's rooms, and what the enabled verticals bring."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, get_args, get_origin, get_type_hints

from msgspec import Struct

from aftersales.plugins.registry import Registry
from aftersales.plugins.vertical import VerticalSettings
from aftersales_graphql.machine.attributes import attribute_fields
from aftersales_graphql.machine.declare import Expression
from aftersales_graphql.machine.schema import SchemaPart
from aftersales_graphql.rooms import (
    asset_commands,
    assets,
    broadcast_commands,
    broadcasts,
    campaign_commands,
    campaigns,
    commitments,
    contract_commands,
    contracts,
    coverage,
    coverage_commands,
    dealing,
    dealing_commands,
    document_commands,
    documents,
    eligibility,
    exchange,
    fee_commands,
    fees,
    guarantee_commands,
    guarantees,
    inspection_commands,
    inspections,
    journal,
    notice_commands,
    notices,
    organisation,
    outreach,
    outreach_commands,
    parties,
    party_commands,
    plan_documents,
    planned,
    planned_commands,
    proposal_commands,
    proposals,
    record_commands,
    records,
    revisit_commands,
    revisits,
    safety,
    safety_commands,
    safety_people,
    safety_work,
    simulation,
    site_commands,
    subscriptions,
    ticket_commands,
    tickets,
    training,
    training_commands,
    upgrade_commands,
    upgrades,
    work,
    work_commands,
)

CORE = SchemaPart(
    queries=(
        tickets.TicketQueries,
        parties.PartyQueries,
        assets.AssetQueries,
        contracts.ContractQueries,
        contract_commands.ContractCoverQueries,
        eligibility.EligibilityQueries,
        work.WorkQueries,
        work_commands.DispatchQueries,
        commitments.CommitmentQueries,
        coverage.CoverageQueries,
        fees.FeeQueries,
        fee_commands.FeeAnswerQueries,
        campaigns.CampaignQueries,
        campaign_commands.CampaignAnswerQueries,
        guarantees.GuaranteeQueries,
        guarantee_commands.GuaranteeAnswerQueries,
        training.TrainingQueries,
        training_commands.TrainingAnswerQueries,
        planned.PlannedQueries,
        planned_commands.PlannedAnswerQueries,
        revisits.RevisitQueries,
        revisit_commands.RevisitAnswerQueries,
        broadcasts.BroadcastQueries,
        broadcast_commands.BroadcastAnswerQueries,
        outreach.OutreachQueries,
        outreach_commands.OutreachAnswerQueries,
        upgrades.UpgradeQueries,
        upgrade_commands.UpgradeAnswerQueries,
        proposals.ProposalQueries,
        dealing.DealingQueries,
        dealing_commands.DealingAnswerQueries,
        journal.JournalQueries,
        notices.NoticeQueries,
        safety.SafetyQueries,
        safety_commands.SafetyGapQueries,
        safety_people.SafetyPeopleQueries,
        safety_work.SafetyWorkQueries,
        site_commands.SiteSafetyQueries,
        inspections.InspectionQueries,
        inspection_commands.InspectionAnswerQueries,
        documents.DocumentQueries,
        records.RecordQueries,
        record_commands.RecordAnswerQueries,
        organisation.OrganisationQueries,
        plan_documents.PlanDocumentQueries,
        simulation.SimulationQueries,
        exchange.ExchangeQueries,
        exchange.ExchangeAnswerQueries,
    ),
    mutations=(
        ticket_commands.TicketMutations,
        party_commands.PartyMutations,
        asset_commands.AssetMutations,
        contract_commands.ContractMutations,
        work_commands.WorkMutations,
        coverage_commands.CoverageMutations,
        fee_commands.FeeMutations,
        campaign_commands.CampaignMutations,
        guarantee_commands.GuaranteeMutations,
        training_commands.TrainingMutations,
        planned_commands.PlannedMutations,
        revisit_commands.RevisitMutations,
        broadcast_commands.BroadcastMutations,
        outreach_commands.OutreachMutations,
        upgrade_commands.UpgradeMutations,
        proposal_commands.ProposalMutations,
        dealing_commands.DealingMutations,
        safety_commands.SafetyMutations,
        site_commands.SiteSafetyMutations,
        inspection_commands.InspectionMutations,
        document_commands.DocumentMutations,
        record_commands.RecordMutations,
        notice_commands.NoticeMutations,
        exchange.ExchangeMutations,
    ),
    subscriptions=(subscriptions.EventSubscriptions, exchange.ExchangeSubscriptions),
)

Fields = dict[str, tuple[type[Struct], Expression | None]]


def parts_for(registry: Registry) -> Callable[[frozenset[str]], Sequence[SchemaPart]]:
    """The parts of a schema for a set of verticals; a vertical that isn't in the set leaves no trace in it."""

    def parts(verticals: frozenset[str]) -> Sequence[SchemaPart]:
        return [CORE, *(_vertical_part(registry, name) for name in sorted(verticals))]

    return parts


def _vertical_part(registry: Registry, name: str) -> SchemaPart:
    """`Asset.<vertical><AssetType>` for each type with attributes, `Ticket.<vertical><GradeScheme>` for facts."""
    attributes: Fields = {
        f"{name}_{declared.code}": (declared.attributes, _of_type(name, declared.code))
        for declared in _declared(registry, name, "asset_types")
        if declared.attributes is not None
    }
    facts: Fields = {
        f"{name}_{scheme.code}": (scheme.facts, _graded_by(name, [grade.code for grade in scheme.grades]))
        for scheme in _declared(registry, name, "fault_grades")
    }
    extensions = []
    if attributes:
        extensions.append(attribute_fields(assets.Asset, "attributes", attributes))
    if facts:
        extensions.append(attribute_fields(tickets.Ticket, "facts", facts))
    return SchemaPart(extensions=tuple(extensions))


def _of_type(vertical: str, code: str) -> Expression:
    return lambda asset, scope: (asset["vertical"] == vertical) & (asset["asset_type"] == code)


def _graded_by(vertical: str, grades: list[str]) -> Expression:
    return lambda ticket, scope: (ticket["vertical"] == vertical) & ticket["grade"].in_(grades)


def _declared(registry: Registry, name: str, hook: str) -> list[Any]:
    """Whatever the vertical may declare, by code: a schema must not change with a tenant's settings."""
    found: dict[str, Any] = {}
    for settings in _variants(registry.vertical(name).settings):
        for terms in registry.call(name, hook, settings=settings):
            for term in terms:
                found.setdefault(term.code, term)
    return [found[code] for code in sorted(found)]


def _variants(settings: type[VerticalSettings]) -> list[VerticalSettings]:
    """The default settings, and for every choice of a profile or the like the settings with that choice."""
    variants = [settings()]
    for field, hint in get_type_hints(settings).items():
        if get_origin(hint) is Literal:
            variants += [settings(**{field: choice}) for choice in get_args(hint)]
    return variants
