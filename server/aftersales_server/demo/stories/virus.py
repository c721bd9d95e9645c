"""Plans 8 and 10, one plugin: a virus gets advice under the one, and is removed free of charge under the other."""

from aftersales_server.demo.stories.steps import decide, finish, new_asset, report_fault, why
from aftersales_server.demo.stories.story import Script, Story


def advised(story: Story) -> None:
    """Plan 8: viruses are outside the free maintenance (P08-06); the hospital gets a recommended solution (P08-07)."""
    story.at("2026-04-01 09:00")
    asset = new_asset(
        story, "HIS-LF", name="廊坊二院 LIS", vertical="software_his", assetType="hospital_information_system",
        attributes={"product_version": "6.2"}, components=[{"component": "application"}],
    )  # fmt: skip
    story.by("dispatcher").do("acceptAsset", "asset { id }", assetId=asset["id"], acceptedOn="2026-04-01")
    story.at("2026-08-03 09:00")
    ticket = report_fault(story, "virus", asset, "2026-08-03 09:00", title="系统中毒,门诊卡顿", component="application")
    verdict = decide(story, ticket, component="application", cause="virus")
    story.note("A virus, in the fourth of twelve free months: no repair, a recommended solution.")
    story.expect("the virus", ("advise_only", "EXCLUDED", "P08-06"), _of(verdict))
    story.explanation = why(story, verdict)
    verdict = decide(story, ticket, component="application", cause="software_defect")
    story.note("On a second look it is the software's own defect: decided anew, and free; the first verdict stays.")
    story.expect("the defect", ("free", "COVERED", "P08-03"), _of(verdict))
    story.expect("decisions so far", 2, verdict["sequence"])
    finish(story, ticket, "2026-08-03 09:00", "software_defect: 内存泄漏", "补丁 6.2.1")


def removed(story: Story) -> None:
    """Plan 10: removing viruses is part of the service (P10-36), with no charge in the guarantee."""
    owner = story.by("owner")
    story.at("2026-01-15 10:00")
    asset = story.find("assets", 'number: {eq: "PM-JG"}', "id acceptedOn customer { id } site { id }")
    if asset["acceptedOn"] is None:
        owner.do("acceptAsset", "asset { id }", assetId=asset["id"], acceptedOn="2026-01-15")
    # The text leaves the length of the guarantee to the contract (P10-33, A60).
    owner.do(
        "agreeWarranty", "contract { id }", contractId=story.find("contracts", 'number: {eq: "ZX-2026-001"}')["id"],
        warrantyClass="software", amount=24, unit="month", startsOn="acceptance",
    )  # fmt: skip
    story.at("2026-08-03 09:00")
    ticket = report_fault(
        story, "virus", asset, "2026-08-03 09:00", title="服务器中毒", component="application",
        facts={"intermittent_or_indirect": True},
    )  # fmt: skip
    verdict = decide(story, ticket, component="application", cause="virus")
    story.note("A virus, in the eighth of twenty-four months of guarantee: removed, free of charge.")
    story.expect("the virus", ("free", "COVERED", "P10-36"), _of(verdict))
    story.explanation = why(story, verdict)
    story.by("dispatcher").do("startWork", "ticket { id }", ticketId=ticket)
    finish(story, ticket, "2026-08-03 09:00", "virus", "清除病毒并更新防护规则")


def _of(verdict: dict[str, str]) -> tuple[str, str, str]:
    return verdict["outcome"], verdict["reason"], verdict["clause"]


ADVISED = Script(
    code="virus_advised",
    slug="huakang-his",
    title="A virus in a hospital: advice only",
    clauses=("P08-03", "P08-06", "P08-07"),
    play=advised,
)
REMOVED = Script(
    code="virus_removed",
    slug="zhuxin-pm",
    title="The same virus under plan 10: removed free of charge",
    clauses=("P10-33", "P10-36"),
    play=removed,
)
