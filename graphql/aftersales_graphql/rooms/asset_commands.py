"""What is done with assets."""

from aftersales.assets import service, tracking, workshop
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.assets import Arrival, Asset
from aftersales_graphql.rooms.commands import command


@root
class AssetMutations:
    register_asset = command(service.register_asset, returns=Asset)
    update_asset = command(service.update_asset, returns=Asset)
    add_component = command(service.add_component, returns=Asset)
    assign_installation_guide = command(service.assign_installation_guide, returns=Asset)
    accept_asset = command(service.accept_asset, returns=Asset)
    record_usage = command(service.record_usage, returns=Asset)
    retire_asset = command(service.retire_asset, returns=Asset)
    record_revisit = command(tracking.record_revisit, returns=Asset)
    check_in = command(workshop.check_in, returns=Arrival)
