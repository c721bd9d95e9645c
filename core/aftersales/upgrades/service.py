"""What the upgrades room does; each function takes a unit of work and one command, and never commits."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from aftersales.access import require
from aftersales.assets import rules as asset_rules
from aftersales.assets.models import Asset
from aftersales.assets.service import visible
from aftersales.contracts.queries import counting_or_over
from aftersales.contracts.terms import terms_of
from aftersales.coverage.service import asset_warranties
from aftersales.fees import queries as fee_queries
from aftersales.fees.models import Quote
from aftersales.journal import service as journal
from aftersales.kit.clock import require_aware
from aftersales.kit.errors import InvalidInput, NotFound, StateRefused
from aftersales.kit.guards import happened, locked, today
from aftersales.kit.ids import new_id
from aftersales.kit.text import BODY_LIMIT, NAME_LIMIT, TITLE_LIMIT, clean_text
from aftersales.scope import TenantWork
from aftersales.terms.upgrades import UpgradeRule
from aftersales.tickets.handling import visible_to
from aftersales.tickets.models import Ticket
from aftersales.upgrades import queries, rules
from aftersales.upgrades.commands import (
    ChooseRelease,
    InstallRelease,
    PublishRelease,
    SummariseProblems,
    WithdrawRelease,
)
from aftersales.upgrades.models import BacklogItem, BacklogTicket, InstalledVersion, ProductRelease, ReleaseChoice

MOST_FIXES: Final = 200
MOST_ITEMS: Final = 200
NOTHING: Final = Decimal("0.00")


class ReleaseStanding(Struct, frozen=True, kw_only=True):
    """A release as it stands for an asset: `open` until the customer chose, and what it would cost today."""

    release_id: UUID
    release: str
    kind: str
    state: str
    entitlement: rules.Entitlement


async def publish_release(uow: TenantWork, command: PublishRelease) -> ProductRelease:
    """Put a release into the catalogue; the problems that led to it are released with it.

    VERTICAL_NOT_ENABLED, ASSET_TYPE_UNKNOWN, RELEASE_TAKEN, TOO_MANY_GIVEN, BACKLOG_ITEM_RELEASED.
    """
    require(uow.actor, "asset.manage")
    asset_rules.known_type(uow.scope.enabled(command.vertical), command.asset_type)
    for field, given, limit in (
        ("fixes", command.fixes, MOST_FIXES), ("backlogItemIds", command.backlog_item_ids, MOST_ITEMS),
    ):  # fmt: skip
        if len(given) > limit:
            raise InvalidInput("TOO_MANY_GIVEN", field=field, limit=limit, count=len(given))
    release = uow.add(
        ProductRelease(
            id=new_id(),
            vertical=command.vertical,
            asset_type=command.asset_type,
            kind=command.kind,
            subject=command.subject,
            release=clean_text(command.release, "release", NAME_LIMIT, required=True),
            title=clean_text(command.title, "title", TITLE_LIMIT, required=True),
            notes=clean_text(command.notes, "notes", BODY_LIMIT),
            fixes=[clean_text(fix, "fixes", TITLE_LIMIT, required=True) for fix in command.fixes],
            published_at=uow.now,
        )
    )
    await uow.flush()
    for item_id in sorted(set(command.backlog_item_ids)):
        item = await locked(uow, BacklogItem, item_id)
        if item.state == "released":
            raise StateRefused("BACKLOG_ITEM_RELEASED", field="backlogItemIds", cause=item.cause)
        if item.vertical != release.vertical:
            raise InvalidInput("RELEASE_OF_OTHER_PRODUCT", field="backlogItemIds")
        item.state, item.release_id = "released", release.id
    await _note_release(uow, "release.published", release)
    return release


async def withdraw_release(uow: TenantWork, command: WithdrawRelease) -> ProductRelease:
    """Nobody gets this release any more; where it is installed it stays. RELEASE_WITHDRAWN the second time."""
    require(uow.actor, "asset.manage")
    release = await locked(uow, ProductRelease, command.release_id, command.expected_version)
    reason = clean_text(command.reason, "reason", BODY_LIMIT, required=True)
    if release.state == "withdrawn":
        raise StateRefused("RELEASE_WITHDRAWN", field="releaseId", release=release.release)
    release.state, release.withdrawn_at, release.reason = "withdrawn", uow.now, reason
    await _note_release(uow, "release.withdrawn", release)
    return release


async def choose_release(uow: TenantWork, command: ChooseRelease) -> ReleaseChoice:
    """The customer picks a release or declines it (P10-07); until it is installed the choice may change.

    REMOTE_NOT_ALLOWED for a remote installation on an asset that allows none (P01-25), RELEASE_WITHDRAWN,
    RELEASE_INSTALLED, RELEASE_OF_OTHER_PRODUCT, ASSET_RETIRED, PERIOD_INVERTED for a date that
    is over, INSTANT_IMPOSSIBLE for one that nobody plans for.
    """
    require(uow.actor, "release.choose")
    asset, release = await _subject(uow, command.asset_id, command.release_id)
    quote = await _quote(uow, asset, command.ticket_id)
    choice = await queries.choice_of(uow, asset.id, release.id)
    if choice is not None and choice.state == "installed":
        raise StateRefused("RELEASE_INSTALLED", field="releaseId")
    planned_at = None if command.planned_at is None else require_aware(command.planned_at, "plannedAt")
    if planned_at is not None and planned_at.year > rules.LAST_YEAR:
        raise InvalidInput("INSTANT_IMPOSSIBLE", field="plannedAt", value=planned_at.isoformat())
    if command.decision == "schedule":
        rules.check_channel(command.channel, asset.remote_allowed)
        if planned_at is not None and planned_at < uow.now:
            raise InvalidInput("PERIOD_INVERTED", field="plannedAt")
    day = today(planned_at or uow.now, uow.scope.time_zone)
    found = await _entitlement(uow, asset, release, day)
    choice = _enter(uow, asset, release, choice, found, command.channel)
    choice.state = "scheduled" if command.decision == "schedule" else "declined"
    choice.planned_at = planned_at if command.decision == "schedule" else None
    choice.reason = clean_text(command.reason, "reason", BODY_LIMIT)
    choice.ticket_id = command.ticket_id
    choice.quote_id = quote.id if quote else None
    await _note(uow, f"release.{choice.state}", asset, release, {"channel": choice.channel, "basis": choice.basis})
    return choice


async def install_release(uow: TenantWork, command: InstallRelease) -> ReleaseChoice:
    """A release was installed: what it cost is fixed by the day of installation, and the asset's version with it.

    What isn't free needs a ticket of the asset whose quote the customer accepted: CONSENT_REQUIRED. RELEASE_NOT_CHOSEN
    for a patch that the customer didn't pick, RELEASE_DECLINED, RELEASE_INSTALLED, RELEASE_WITHDRAWN,
    REMOTE_NOT_ALLOWED, INSTANT_IN_FUTURE.
    """
    require(uow.actor, "asset.manage")
    asset, release = await _subject(uow, command.asset_id, command.release_id)
    choice = await queries.choice_of(uow, asset.id, release.id)
    rules.check_installable(release.kind, choice.state if choice else None)
    rules.check_channel(command.channel, asset.remote_allowed)
    at = happened(uow.now, command.at, "at", after=release.published_at)
    found = await _entitlement(uow, asset, release, today(at, uow.scope.time_zone))
    ticket_id = command.ticket_id or (choice.ticket_id if choice else None)
    quote = await _quote(uow, asset, ticket_id)
    if not found.free and quote is None:
        raise StateRefused("CONSENT_REQUIRED", field="ticketId")
    choice = _enter(uow, asset, release, choice, found, command.channel)
    choice.state, choice.installed_at = "installed", at
    choice.ticket_id = ticket_id
    # What is free stays free, whatever else a ticket of the asset was quoted for.
    choice.quote_id = quote.id if quote and not found.free else None
    choice.fee = NOTHING if found.free or quote is None else quote.total
    choice.currency = None if found.free or quote is None else quote.currency
    await uow.flush()
    await enter_version(uow, asset, "release", release.release, at, release_id=release.id)
    await _note(
        uow, "release.installed", asset, release,
        {"channel": choice.channel, "basis": found.basis, "clause": found.clause, "fee": choice.fee}, at=at,
    )  # fmt: skip
    return choice


async def releases_for(uow: TenantWork, asset_id: UUID, on: date | None = None) -> list[ReleaseStanding]:
    """Every published release of an asset's product, with what its customer decided and what it would cost.

    NOT_FOUND for an asset that isn't the caller's.
    """
    asset = await _seen(uow, asset_id)
    day = on or today(uow.now, uow.scope.time_zone)
    choices = await queries.choices_of(uow, asset.id)
    in_term = await _in_term(uow, asset, day)
    declared = await _rules(uow, asset, day)
    return [
        ReleaseStanding(
            release_id=release.id,
            release=release.release,
            kind=release.kind,
            state=choices[release.id].state if release.id in choices else "open",
            entitlement=rules.entitlement(rules.ReleaseTraits(release.kind, release.subject), declared, in_term),
        )
        for release in await queries.releases_of(uow, asset.vertical, asset.asset_type)
    ]


async def version_of(uow: TenantWork, asset_id: UUID) -> InstalledVersion | None:
    """What an asset runs; None when nothing is on record. NOT_FOUND for an asset that isn't the caller's."""
    return await queries.current_version(uow, (await _seen(uow, asset_id)).id)


async def summarise_problems(uow: TenantWork, command: SummariseProblems) -> list[BacklogItem]:
    """One item of the backlog per cause of the quarter's tickets, linked to all of them (P01-24).

    Done again it adds what came since, and nothing twice. VERTICAL_NOT_ENABLED, QUARTER_INVALID.
    """
    require(uow.actor, "asset.manage")
    uow.scope.vertical(command.vertical)
    first, following = rules.quarter_days(command.year, command.quarter)
    zone = ZoneInfo(uow.scope.time_zone)
    begin, end = datetime.combine(first, time(), zone), datetime.combine(following, time(), zone)
    period = {"vertical": command.vertical, "year": command.year, "quarter": command.quarter}
    items = {item.cause: item for item in await queries.items_of(uow, **period)}  # type: ignore[arg-type]
    known = await queries.linked(uow, **period)  # type: ignore[arg-type]
    touched: dict[str, BacklogItem] = {}
    for problem in await queries.problems(uow, command.vertical, begin, end):
        cause = problem["cause"][:NAME_LIMIT]
        item = items.get(cause)
        if item is None:
            item = items[cause] = uow.add(
                BacklogItem(id=new_id(), **period, cause=cause, tickets=0, state="open", created_at=uow.now)
            )
        touched[cause] = item
        if (item.id, problem["id"]) not in known:
            item.tickets += 1
            known.add((item.id, problem["id"]))
            uow.add(BacklogTicket(id=new_id(), item_id=item.id, ticket_id=problem["id"]))
    await journal.record(
        uow, "backlog.summarised", subject_type="tenant", subject_id=uow.scope.id, vertical=command.vertical,
        data={**period, "items": len(touched)},
    )  # fmt: skip
    return list(touched.values())


async def enter_version(
    uow: TenantWork, asset: Asset, origin: str, tag: str, at: datetime, *, release_id: UUID | None = None
) -> InstalledVersion:
    """Put on record what an asset runs from now on."""
    return uow.add(
        InstalledVersion(
            id=new_id(),
            asset_id=asset.id,
            customer_id=asset.customer_id,
            release_id=release_id,
            origin=origin,
            version_tag=tag,
            installed_at=at,
            actor=uow.actor.label,
        )
    )


async def _seen(uow: TenantWork, asset_id: UUID) -> Asset:
    asset = await uow.find(Asset, asset_id)
    if asset is None or not visible(uow, asset):
        raise NotFound("NOT_FOUND", field="assetId", thing="Asset")
    return asset


async def _subject(uow: TenantWork, asset_id: UUID, release_id: UUID) -> tuple[Asset, ProductRelease]:
    """The asset, locked so that its choices have one writer, and a release that is meant for it."""
    await _seen(uow, asset_id)
    asset = await locked(uow, Asset, asset_id)
    if asset.state == "retired":
        raise StateRefused("ASSET_RETIRED", field="assetId")
    release = await uow.get(ProductRelease, release_id)
    if (release.vertical, release.asset_type) != (asset.vertical, asset.asset_type):
        raise InvalidInput("RELEASE_OF_OTHER_PRODUCT", field="releaseId")
    if release.state == "withdrawn":
        raise StateRefused("RELEASE_WITHDRAWN", field="releaseId", release=release.release)
    return asset, release


def _enter(
    uow: TenantWork, asset: Asset, release: ProductRelease, choice: ReleaseChoice | None, found: rules.Entitlement,
    channel: str,
) -> ReleaseChoice:  # fmt: skip
    if choice is None:
        choice = uow.add(
            ReleaseChoice(
                id=new_id(), asset_id=asset.id, customer_id=asset.customer_id, release_id=release.id, reason=""
            )
        )
    choice.basis, choice.clause, choice.channel = found.basis, found.clause, channel
    choice.decided_at, choice.decided_by = uow.now, uow.actor.label
    return choice


async def _quote(uow: TenantWork, asset: Asset, ticket_id: UUID | None) -> Quote | None:
    """The accepted quote of a ticket about the asset; TICKET_OF_OTHER_ASSET, NOT_FOUND for somebody else's."""
    if ticket_id is None:
        return None
    ticket = await uow.get(Ticket, ticket_id)
    if not visible_to(uow.actor, ticket):
        raise NotFound("NOT_FOUND", thing="Ticket")
    if ticket.asset_id != asset.id:
        raise InvalidInput("TICKET_OF_OTHER_ASSET", field="ticketId")
    return next((quote for quote in await fee_queries.quotes_of(uow, ticket_id) if quote.state == "accepted"), None)


async def _entitlement(uow: TenantWork, asset: Asset, release: ProductRelease, day: date) -> rules.Entitlement:
    return rules.entitlement(
        rules.ReleaseTraits(release.kind, release.subject),
        await _rules(uow, asset, day),
        await _in_term(uow, asset, day),
    )


async def _rules(uow: TenantWork, asset: Asset, day: date) -> tuple[UpgradeRule, ...]:
    # What is free for life, or after the term, stays so when the contract is over (P03-14).
    contract = await counting_or_over(
        uow, customer_id=asset.customer_id, vertical=asset.vertical, asset_id=asset.id, asset_type=asset.asset_type,
        today=day,
    )  # fmt: skip
    return terms_of(uow.scope, asset.vertical, contract).upgrade_rules


async def _in_term(uow: TenantWork, asset: Asset, day: date) -> dict[str, bool]:
    """By warranty class, whether some part of it is within its term."""
    found: dict[str, bool] = {}
    for part in await asset_warranties(uow, asset.id, day):
        found[part.warranty_class] = found.get(part.warranty_class, False) or part.state == "in_term"
    return found


async def _note_release(uow: TenantWork, kind: str, release: ProductRelease) -> None:
    await journal.record(
        uow, kind, subject_type="release", subject_id=release.id, vertical=release.vertical,
        data={"release": release.release, "kind": release.kind, "asset_type": release.asset_type},
    )  # fmt: skip


async def _note(
    uow: TenantWork, kind: str, asset: Asset, release: ProductRelease, data: dict[str, object],
    at: datetime | None = None,
) -> None:  # fmt: skip
    await journal.record(
        uow, kind, subject_type="release", subject_id=release.id, asset_id=asset.id, customer_id=asset.customer_id,
        data={"release": release.release, **data}, at=at, vertical=asset.vertical,
    )  # fmt: skip
