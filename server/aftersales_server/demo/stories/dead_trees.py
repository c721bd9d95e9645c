"""Plan 5: at the checkpoint after the second year too few trees are alive, and the same species and size are owed."""

from aftersales_server.demo.stories.steps import new_asset
from aftersales_server.demo.stories.story import Script, Story

# Handed over on 30 March 2024; 1,000 planted, 20 of them lost to human damage: 95 % of 980 is 931 (P05-38, A25).
CHECKPOINT = "2026-03-30"
COUNTED = {"species": "银杏", "size": "胸径 12 cm", "planted": 1000, "excluded": 20, "alive": 925}
SHORTFALL = 6
STATUS = "query Status($id: ID!) { guaranteeStatus(guaranteeId: $id) { met value base counted shortfall owed } }"


def play(story: Story) -> None:
    """Counted, missed, replanted."""
    owner, supervisor = story.by("owner"), story.by("quality_supervisor")
    story.at("2026-03-30 09:00")
    works = new_asset(
        story, "LW-XH", name="西溪花园银杏林", vertical="landscaping", assetType="landscape_works",
        attributes={"planted": 1000, "completed_on": "2024-03-20", "handed_over_on": "2024-03-30"},
    )  # fmt: skip
    opened = owner.do(
        "openGuarantee", "guarantee { id clause endsOn }", vertical="landscaping", guarantee="survival_rate",
        startsOn="2024-03-30", assetId=works["id"],
    )  # fmt: skip
    guarantee = opened["guarantee"]["id"]
    story.note("The second year after the handover ends: 95 % of the trees have to be alive.")
    story.expect("the guarantee's end", CHECKPOINT, opened["guarantee"]["endsOn"])
    here = {"guaranteeId": guarantee, "checkpointOn": CHECKPOINT}
    codes = story.refusal(lambda: owner.do("checkGuarantee", "check { met }", **here), "a verdict without a count")
    story.expect("a checkpoint without a count", ["CHECKPOINT_WITHOUT_COUNT"], codes)
    owner.do("recordCount", "count { id }", **here, lines=[COUNTED], evidence="清点表与照片 24 张")
    checked = owner.do("checkGuarantee", "check { met shortfall remedies { id species quantity } }", **here)["check"]
    story.note(
        f"925 of 980 are alive: {checked['shortfall']} trees short, to be replaced by the same species and size."
    )
    story.expect("the verdict", (False, SHORTFALL), (checked["met"], checked["shortfall"]))
    remedy = checked["remedies"][0]
    story.expect("what is owed", ("银杏", SHORTFALL), (remedy["species"], remedy["quantity"]))
    given = {"remedyId": remedy["id"], "quantity": SHORTFALL, "evidence": "补植照片 6 张"}
    codes = story.refusal(
        lambda: owner.do("carryOutRemedy", "remedy { id }", species="银杏", size="胸径 8 cm", **given), "smaller trees"
    )
    story.expect("smaller trees", ["REMEDY_MISMATCH"], codes)
    owner.do("carryOutRemedy", "remedy { id }", species="银杏", size="胸径 12 cm", **given)
    status = supervisor.query(STATUS, id=guarantee)["guaranteeStatus"]
    story.note("Six ginkgos of the same size are planted.")
    story.expect("still owed", 0, status["owed"])
    story.explanation = (
        f"{status['counted']} alive of {status['base']} that count (planted less human damage) are {status['value']}; "
        f"95 % are {931}."
    )


SCRIPT = Script(
    code="dead_trees",
    slug="lvyuan-landscape",
    title="Trees that died before the second-year checkpoint",
    clauses=("P05-37", "P05-38", "P05-40"),
    play=play,
)
