"""What site safety does when something happened elsewhere: machine checks of a shift, plantings that are accepted."""

from typing import Final

from aftersales.assets.models import Asset
from aftersales.commitments import service as commitments
from aftersales.inspections.models import Inspection
from aftersales.journal import reactions
from aftersales.journal.models import Event
from aftersales.kit.errors import StateRefused
from aftersales.safety import site_queries, site_rules
from aftersales.safety.declared import about, owed_by, rules_of
from aftersales.safety.models import SiteShift
from aftersales.safety.shifts import AFTER, BEFORE
from aftersales.scope import TenantWork

POST_CHECK: Final = "post_shift_check"


@reactions.after("inspection.completed")
async def owe_the_check_after_the_shift(uow: TenantWork, event: Event) -> None:
    """A machine that was checked before a shift is checked after it: owed by the shift's end (P05-16)."""
    inspection = await uow.get(Inspection, event.subject_id)
    if inspection.machine_id is None or inspection.shift_id is None or inspection.moment is None:
        return
    await uow.flush()
    before = [
        check["id"]
        for check in await site_queries.checks_of_shift(uow, inspection.shift_id)
        if check["machine_id"] == inspection.machine_id and check["moment"] == BEFORE
    ]
    if inspection.moment == AFTER:
        for check in before:
            await commitments.meet(uow, about("machine_check", check), POST_CHECK, uow.now)
        return
    shift = await uow.get(SiteShift, inspection.shift_id)
    declared = next((rule for _, rule in rules_of(uow, "check", "machine") if AFTER in rule.conditions), None)
    if declared is None or before[:1] != [inspection.id]:
        return
    budget, since = owed_by(shift.ends_at, uow.now)
    await commitments.start_fixed(
        uow, about("machine_check", inspection.id), vertical=inspection.vertical, milestone=POST_CHECK,
        budget=budget, clause=declared.clause, source=declared.source, at=since,
        label=declared.label,
    )  # fmt: skip


@reactions.after("asset.accepted")
async def check_before_acceptance(uow: TenantWork, event: Event) -> None:
    """ACCEPTANCE_CHECK_FAILED while something that has to hold of such an asset doesn't (P05-28)."""
    asset = await uow.get(Asset, event.subject_id)
    for rule in uow.scope.vertical(asset.vertical).safety_rules:
        if rule.kind != "check" or rule.asset_type != asset.asset_type:
            continue
        if not site_rules.is_concerned(rule, asset.attributes):
            continue
        missing = [name for name in rule.conditions if asset.attributes.get(name) is not True]
        if missing:
            raise StateRefused(
                "ACCEPTANCE_CHECK_FAILED", field="assetId", missing=", ".join(missing), clause=rule.clause or ""
            )
