"""What is done about coverage."""

from aftersales.coverage import disputes, reviews, service
from aftersales_graphql.machine.roots import root
from aftersales_graphql.rooms.commands import command
from aftersales_graphql.rooms.contracts import ServiceContract
from aftersales_graphql.rooms.coverage import CoverageDecision, FleetReview, QualityFinding


@root
class CoverageMutations:
    decide_coverage = command(service.decide_coverage, returns=CoverageDecision, under="decision")
    record_quality_finding = command(disputes.record_quality_finding, returns=QualityFinding, under="finding")
    agree_warranty = command(service.agree_warranty, returns=ServiceContract, under="contract")
    start_fleet_review = command(reviews.start_fleet_review, returns=FleetReview)
    cancel_fleet_review = command(reviews.cancel_fleet_review, returns=FleetReview)
