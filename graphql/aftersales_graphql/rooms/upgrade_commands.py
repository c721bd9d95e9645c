"""What is done with releases and changes; which releases there are for an asset."""

from datetime import date

import strawberry

from aftersales.customisation import service as customisation
from aftersales.upgrades import service
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import encode_id
from aftersales_graphql.machine.roots import query, root
from aftersales_graphql.rooms.commands import command, id_given
from aftersales_graphql.rooms.upgrades import BacklogItem, CustomisationRequest, ProductRelease, ReleaseChoice


@strawberry.type(description="A release as it stands for an asset: what the customer decided, what it would cost.")
class AssetRelease:
    release_id: strawberry.ID
    release: str
    kind: str
    state: str = strawberry.field(description="`open` until the customer chose.")
    free: bool
    clause: str | None
    reason_zh: str
    reason_en: str


@query()
async def asset_releases(call: Call, asset_id: strawberry.ID, on: date | None = None) -> list[AssetRelease]:
    """The published releases for an asset, the newest first, with what they would cost on a local day."""
    return [
        AssetRelease(
            release_id=strawberry.ID(encode_id("ProductRelease", found.release_id)),
            release=found.release,
            kind=found.kind,
            state=found.state,
            free=found.entitlement.free,
            clause=found.entitlement.clause,
            reason_zh=found.entitlement.reason.zh,
            reason_en=found.entitlement.reason.en,
        )
        for found in await service.releases_for(call.uow, id_given("Asset", asset_id, "assetId"), on)
    ]


@root
class UpgradeAnswerQueries:
    asset_releases = asset_releases


@root
class UpgradeMutations:
    publish_release = command(service.publish_release, returns=ProductRelease, under="release")
    withdraw_release = command(service.withdraw_release, returns=ProductRelease, under="release")
    choose_release = command(service.choose_release, returns=ReleaseChoice, under="choice")
    install_release = command(service.install_release, returns=ReleaseChoice, under="choice")
    summarise_problems = command(service.summarise_problems, returns=list[BacklogItem], under="items")
    request_customisation = command(customisation.request_customisation, returns=CustomisationRequest, under="request")
    estimate_customisation = command(
        customisation.estimate_customisation, returns=CustomisationRequest, under="request"
    )
    quote_customisation = command(customisation.quote_customisation, returns=CustomisationRequest, under="request")
    answer_with_plan = command(customisation.answer_with_plan, returns=CustomisationRequest, under="request")
    deliver_customisation = command(customisation.deliver_customisation, returns=CustomisationRequest, under="request")
    record_request_training = command(
        customisation.record_request_training, returns=CustomisationRequest, under="request"
    )
    complete_customisation = command(
        customisation.complete_customisation, returns=CustomisationRequest, under="request"
    )
    withdraw_customisation = command(
        customisation.withdraw_customisation, returns=CustomisationRequest, under="request"
    )
