"""What the assets room does; each function takes a unit of work and one command, and never commits."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from aftersales.access import require
from aftersales.assets import queries, rules
from aftersales.assets.commands import (
    AcceptAsset,
    AddComponent,
    AssetCommand,
    AssignInstallationGuide,
    CheckEligibility,
    ComponentDetails,
    RecordUsage,
    RegisterAsset,
    RetireAsset,
    UpdateAsset,
)
from aftersales.assets.models import Asset, AssetComponent
from aftersales.assets.tracking import record_revisit, start_tracking, stop_tracking
from aftersales.assets.workshop import check_in
from aftersales.journal import service as journal
from aftersales.kit.counters import next_number
from aftersales.kit.errors import InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import happened_on, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import CODE_LIMIT, NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.parties.models import Customer, ServiceUnit, Site
from aftersales.plugins.verdicts import EligibilityFacts, EligibilityVerdict
from aftersales.scope import TenantWork
from aftersales.terms.base import Label
from aftersales.work.models import Engineer

__all__ = [
    "accept_asset",
    "add_component",
    "assign_installation_guide",
    "check_eligibility",
    "check_in",
    "record_revisit",
    "record_usage",
    "register_asset",
    "retire_asset",
    "update_asset",
]

NUMBER_PREFIX = "A"


async def register_asset(uow: TenantWork, command: RegisterAsset) -> Asset:
    """Put an asset into the archive, under a vertical that the tenant has enabled.

    VERTICAL_NOT_ENABLED, ASSET_TYPE_UNKNOWN, ATTRIBUTES_INVALID (with the attribute), COMPONENT_UNKNOWN,
    SITE_OF_OTHER_CUSTOMER, ASSET_NUMBER_TAKEN. An installation date starts quality tracking (P09-09).
    """
    require(uow.actor, "asset.manage")
    terms = uow.scope.enabled(command.vertical)
    asset_type = rules.known_type(terms, command.asset_type)
    attributes = rules.typed_attributes(asset_type, command.attributes)
    customer = await uow.get(Customer, command.customer_id)
    if customer.state != "active":
        raise StateRefused("CUSTOMER_ARCHIVED", field="customerId")
    await _check_site(uow, command.site_id, customer.id)
    if command.parent_asset_id is not None:
        await _check_parent(uow, command.parent_asset_id, customer.id, child=None)
    if command.installation_guide_id is not None:
        await _check_guide(uow, command.vertical, command.installation_guide_id)
    installed_on = _past(uow, command.installed_on, "installedOn")
    for part in command.components:
        rules.check_component(asset_type, part.component)
    name = clean_text(command.name, "name", NAME_LIMIT, required=True)
    serial = clean_text(command.serial, "serial", NAME_LIMIT) or None
    usage = None if command.usage is None else rules.next_reading(None, command.usage)
    number = clean_text(command.number, "number", CODE_LIMIT)
    if not number:
        number = await next_number(uow, NUMBER_PREFIX, uow.now.astimezone(ZoneInfo(uow.scope.time_zone)).year)
    asset = uow.add(
        Asset(
            id=new_id(),
            number=number,
            name=name,
            vertical=command.vertical,
            asset_type=asset_type.code,
            customer_id=customer.id,
            site_id=command.site_id,
            parent_asset_id=command.parent_asset_id,
            serial=serial,
            attributes=attributes,
            installed_on=installed_on,
            usage=usage,
            remote_allowed=command.remote_allowed,
            installation_guide_id=command.installation_guide_id,
            created_at=uow.now,
        )
    )
    for part in command.components:
        _add_part(uow, asset, part)
    await _note(uow, "asset.created", asset, {"number": asset.number, "asset_type": asset.asset_type})
    if installed_on is not None:
        await start_tracking(uow, asset, installed_on)
    return asset


async def update_asset(uow: TenantWork, command: UpdateAsset) -> Asset:
    """Change an asset; its vertical must still be enabled. ASSET_CYCLE when it would be a part of itself."""
    asset = await load(uow, command)
    asset_type = rules.known_type(uow.scope.vertical(asset.vertical), asset.asset_type)
    await _check_site(uow, command.site_id, asset.customer_id)
    if command.parent_asset_id is not None:
        await _check_parent(uow, command.parent_asset_id, asset.customer_id, child=asset.id)
        asset.parent_asset_id = command.parent_asset_id
    if command.attributes:
        asset.attributes = rules.typed_attributes(asset_type, {**asset.attributes, **command.attributes})
    if command.name is not None:
        asset.name = clean_text(command.name, "name", NAME_LIMIT, required=True)
    if command.serial is not None:
        asset.serial = clean_text(command.serial, "serial", NAME_LIMIT) or None
    if command.remote_allowed is not None:
        asset.remote_allowed = command.remote_allowed
    asset.site_id = command.site_id or asset.site_id
    first = asset.installed_on is None
    if command.installed_on is not None:
        asset.installed_on = _past(uow, command.installed_on, "installedOn")
    await _note(uow, "asset.updated", asset, {"number": asset.number})
    if first and asset.installed_on is not None:
        await start_tracking(uow, asset, asset.installed_on)
    return asset


async def add_component(uow: TenantWork, command: AddComponent) -> Asset:
    """Add a part that the vertical names for the asset's type; COMPONENT_UNKNOWN for any other."""
    asset = await load(uow, command)
    asset_type = rules.known_type(uow.scope.vertical(asset.vertical), asset.asset_type)
    rules.check_component(asset_type, command.component)
    part = ComponentDetails(
        component=command.component,
        serial=command.serial,
        installed_on=_past(uow, command.installed_on, "installedOn"),
    )
    _add_part(uow, asset, part)
    await _note(uow, "asset.component_added", asset, {"component": part.component, "serial": part.serial})
    return asset


async def assign_installation_guide(uow: TenantWork, command: AssignInstallationGuide) -> Asset:
    """Name the engineer who guides the installation (P09-02); ASSET_ACCEPTED when it is over.

    SKILL_MISSING unless the engineer has the skill that the vertical asks for; ENGINEER_INACTIVE.
    """
    asset = await load(uow, command)
    if asset.accepted_on is not None:
        raise StateRefused("ASSET_ACCEPTED", field="assetId", accepted_on=asset.accepted_on)
    await _check_guide(uow, asset.vertical, command.installation_guide_id)
    asset.installation_guide_id = command.installation_guide_id
    await _note(uow, "asset.guide_assigned", asset, {"engineer_id": command.installation_guide_id})
    return asset


async def accept_asset(uow: TenantWork, command: AcceptAsset) -> Asset:
    """Record the acceptance; the training room makes a duty of every course that it triggers (P09-30).

    ASSET_ACCEPTED the second time; PERIOD_INVERTED before the installation. Without an installation date this
    day is taken for it.
    """
    return await _accept(uow, command, {})


async def take_over_acceptance(uow: TenantWork, command: AcceptAsset) -> Asset:
    """Record an acceptance from a company's old books, as `accept_asset` does.

    Courses whose last day was over before that aren't owed: the platform knows nothing of how they went.
    """
    return await _accept(uow, command, {"taken_over": True})


async def _accept(uow: TenantWork, command: AcceptAsset, more: dict[str, object]) -> Asset:
    asset = await load(uow, command)
    if asset.accepted_on is not None:
        raise StateRefused("ASSET_ACCEPTED", field="assetId", accepted_on=asset.accepted_on)
    accepted_on = happened_on(uow.now, uow.scope.time_zone, command.accepted_on, "acceptedOn")
    if asset.installed_on is not None and accepted_on < asset.installed_on:
        raise InvalidInput("PERIOD_INVERTED", field="acceptedOn")
    asset.accepted_on = accepted_on
    first = asset.installed_on is None
    asset.installed_on = asset.installed_on or accepted_on
    venue = clean_text(command.training_venue, "trainingVenue", TITLE_LIMIT) or None
    await _note(uow, "asset.accepted", asset, {"accepted_on": accepted_on, "training_venue": venue, **more})
    if first:
        await start_tracking(uow, asset, accepted_on)
    return asset


async def record_usage(uow: TenantWork, command: RecordUsage) -> Asset:
    """Note a meter reading; USAGE_BACKWARD below the last one."""
    asset = await load(uow, command)
    asset.usage = rules.next_reading(asset.usage, command.usage)
    await _note(uow, "asset.usage_read", asset, {"usage": asset.usage})
    return asset


async def retire_asset(uow: TenantWork, command: RetireAsset) -> Asset:
    """Take an asset out of service for good; its archive stays, its contacts and courses aren't owed any more."""
    asset = await load(uow, command, vertical_needed=False)
    asset.state = "retired"
    await stop_tracking(uow, asset, "asset retired")
    await _note(uow, "asset.retired", asset, {})
    return asset


async def check_eligibility(uow: TenantWork, command: CheckEligibility) -> EligibilityVerdict:
    """Whether the asset may take part in a campaign, and why not (P06-05, P06-07); writes nothing.

    CAMPAIGN_UNKNOWN for a campaign that the asset's vertical doesn't have. A vertical without an opinion of its
    own says yes.
    """
    asset = await uow.get(Asset, command.asset_id)
    if not visible(uow, asset):
        raise NotFound("NOT_FOUND", thing="Asset")
    terms = uow.scope.vertical(asset.vertical)
    known = sorted({offer.campaign for offer in terms.campaign_offers})
    if command.campaign not in known:
        raise InvalidInput("CAMPAIGN_UNKNOWN", field="campaign", value=command.campaign, known=", ".join(known))
    unit = None if command.service_unit_id is None else await uow.get(ServiceUnit, command.service_unit_id)
    facts = EligibilityFacts(
        campaign=command.campaign,
        offer=command.offer,
        asset_type=asset.asset_type,
        attributes=asset.attributes,
        usage=asset.usage,
        service_unit=unit.code if unit else None,
        on=command.on or today(uow.now, uow.scope.time_zone),
    )
    verdict: EligibilityVerdict | None = await uow.scope.registry.behave(
        asset.vertical, "judge_eligibility", facts=facts, settings=terms.settings
    )
    return verdict or EligibilityVerdict(
        eligible=True, reason=Label("没有限制条件", "nothing restricts this campaign"), clause=None
    )


def visible(uow: TenantWork, asset: Asset) -> bool:
    """Customers see their own assets, dealers none, staff all of the tenant's."""
    if uow.actor.customer_id is not None:
        return asset.customer_id == uow.actor.customer_id
    return uow.actor.dealer_id is None


async def load(uow: TenantWork, command: AssetCommand, *, vertical_needed: bool = True) -> Asset:
    """The asset, locked. FORBIDDEN, NOT_FOUND, VERSION_STALE, VERTICAL_NOT_ENABLED, ASSET_RETIRED."""
    require(uow.actor, "asset.manage")
    asset = await locked(uow, Asset, command.asset_id, command.expected_version)
    if asset.state == "retired":
        raise StateRefused("ASSET_RETIRED", field="assetId")
    if vertical_needed:
        uow.scope.enabled(asset.vertical)
    return asset


def _add_part(uow: TenantWork, asset: Asset, part: ComponentDetails) -> None:
    uow.add(
        AssetComponent(
            id=new_id(),
            asset_id=asset.id,
            component=part.component,
            serial=clean_text(part.serial, "serial", NAME_LIMIT) or None,
            installed_on=part.installed_on or asset.installed_on,
        )
    )


async def _check_site(uow: TenantWork, site_id: UUID | None, customer_id: UUID) -> None:
    if site_id is not None and (await uow.get(Site, site_id)).customer_id != customer_id:
        raise InvalidInput("SITE_OF_OTHER_CUSTOMER", field="siteId")


async def _check_parent(uow: TenantWork, parent_id: UUID, customer_id: UUID, *, child: UUID | None) -> None:
    """PARENT_OF_OTHER_CUSTOMER, or ASSET_CYCLE. The parent is locked, so that two moves can't close a circle."""
    parent = await locked(uow, Asset, parent_id)
    if parent.customer_id != customer_id:
        raise InvalidInput("PARENT_OF_OTHER_CUSTOMER", field="parentAssetId")
    if child is not None and child in await queries.with_ancestors(uow, parent_id):
        raise InvalidInput("ASSET_CYCLE", field="parentAssetId")


async def _check_guide(uow: TenantWork, vertical: str, engineer_id: UUID) -> None:
    engineer = await uow.get(Engineer, engineer_id)
    if engineer.state != "active":
        raise StateRefused("ENGINEER_INACTIVE", field="installationGuideId")
    if rules.guide_skill_needed(uow.scope.vertical(vertical)) and rules.INSTALLATION_GUIDE not in engineer.skills:
        raise StateRefused("SKILL_MISSING", field="installationGuideId", skill=rules.INSTALLATION_GUIDE)


def _past(uow: TenantWork, value: date | None, field: str) -> date | None:
    return None if value is None else happened_on(uow.now, uow.scope.time_zone, value, field)


async def _note(uow: TenantWork, kind: str, asset: Asset, data: dict[str, object]) -> None:
    await journal.record(
        uow, kind, subject_type="asset", subject_id=asset.id, asset_id=asset.id, customer_id=asset.customer_id,
        data=data, vertical=asset.vertical,
    )  # fmt: skip
