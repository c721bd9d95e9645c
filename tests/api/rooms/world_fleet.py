"""A review of a fleet that a worker is at, with one verdict."""

from datetime import date
from uuid import UUID

from aftersales.coverage.models import FleetReview, FleetVerdict
from aftersales.kit.ids import new_id
from aftersales.scope import TenantWork


def add_fleet(uow: TenantWork, asset_id: UUID) -> None:
    """One row of every entity of a review."""
    review = uow.add(
        FleetReview(
            id=new_id(), vertical="solar", asset_type="solar_water_heater", component="tank", on_day=date(2026, 6, 10),
            playbook_key="solar", actor="member", created_at=uow.now, pages=1, assets_decided=1, outcomes={"free": 1},
            after=asset_id,
        )
    )  # fmt: skip
    uow.add(
        FleetVerdict(
            id=new_id(), fleet_review_id=review.id, asset_id=asset_id, outcome="free", payer="company",
            reason="COVERED", clause="P09-10", phase="in_term", last_day=date(2029, 3, 1),
        )
    )  # fmt: skip
