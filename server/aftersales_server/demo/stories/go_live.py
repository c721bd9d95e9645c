"""Plan 8: the hospital's operators are trained before going live, and what has to be handed over is handed over."""

from typing import Any

from aftersales_server.demo.stories.steps import (
    assess,
    happened,
    hold_class,
    name_trainee,
    new_asset,
    plan_class,
    sign_contract,
)
from aftersales_server.demo.stories.story import Script, Story

SIGNED, LIVE, ACCEPTED = "2026-03-02", "2026-03-31", "2026-04-08"
OPERATORS = [f"住院收费员 {number}" for number in range(1, 11)]
# Twelve months of free maintenance from the acceptance, the corresponding day included (P08-02, A01, A44).
FREE_UNTIL = "2027-04-08"
STATUS = 'query Status($id: ID!) { handoverStatus(due: "go_live", contractId: $id) { complete missing } }'
TEAM = """query Team($customer: ID!, $contract: ID!) {
  trainedTeam(vertical: "software_his", curriculum: "operators", customerId: $customer, contractId: $contract) { size }
}"""


def play(story: Story) -> None:
    """Ten named, nine independent: no going live; the tenth as well: the phase is entered."""
    story.at(f"{SIGNED} 09:00")
    asset = new_asset(
        story, "HIS-LF", name="廊坊二院住院部 HIS", vertical="software_his", assetType="hospital_information_system",
        attributes={"product_version": "6.2", "operators": 10}, components=[{"component": "application"}],
    )  # fmt: skip
    contract = sign_contract(story, asset, title="住院部系统实施合同", vertical="software_his", startsOn=SIGNED)
    duty = story.find("trainingDuties", f'contract: {{eq: "{contract}"}}', "id curriculum state")
    story.follow("trainingDuty", duty["id"], "operators")
    story.note("The contract is signed: the hospital's operators have to be trained before going live.")
    story.expect("course", ("operators", "due"), (duty["curriculum"], duty["state"]))
    story.expect_owed("trainingDuty", duty["id"], "training of the operators", due=None, clause="P08-01")
    story.explain_promise("trainingDuty", duty["id"])

    session, people = _teach(story, asset, contract, duty["id"])
    nine, tenth = people[:9], people[9]
    for person in nine:
        assess(story, session, person, works_independently=True)
    assess(story, session, tenth, works_independently=False)
    story.note("Ten operators named by the hospital were taught; nine of them work independently.")

    story.at(f"{LIVE} 08:00")
    codes = story.refusal(lambda: happened(story, "owner", contract, "go_live", LIVE), "going live with nine of ten")
    story.expect("going live with nine of ten", ["TRAINING_GATE_CLOSED"], codes)
    codes = story.refusal(
        lambda: happened(story, "customer", contract, "acceptance", LIVE), "an acceptance with nine of ten"
    )
    story.expect("acceptance with nine of ten", ["TRAINING_GATE_CLOSED"], codes)
    _hand_over(story, contract)

    assess(story, session, tenth, works_independently=True)
    for person in people:
        story.by("dispatcher").do("certifyTrainee", "certificate { number }", traineeId=person, curriculum="operators")
    live = happened(story, "owner", contract, "go_live", LIVE)
    story.note("The tenth has practised and was assessed again: the system goes live.")
    story.expect("phase while live", ("installation", SIGNED), (live["phase"], live["phaseSince"]))
    team = story.by("customer").query(TEAM, customer=asset["customer"]["id"], contract=contract)["trainedTeam"]
    story.expect("trained team", 10, team["size"])
    story.expect_owed("trainingDuty", duty["id"], "training of the operators", due=None, state="met", outcome="untimed")

    story.at(f"{ACCEPTED} 10:00")
    accepted = happened(story, "customer", contract, "acceptance", ACCEPTED)
    story.note("The hospital accepts: twelve months of free maintenance begin.")
    story.expect("phase", ("free_maintenance", ACCEPTED), (accepted["phase"], accepted["phaseSince"]))
    story.expect("last free day", FREE_UNTIL, accepted["freeUntil"])


def _teach(story: Story, asset: dict[str, Any], contract: str, duty: str) -> tuple[str, list[str]]:
    """One class for everybody whom the hospital names."""
    story.at("2026-03-16 09:00")
    belonging = {"vertical": "software_his", "assetId": asset["id"], "contractId": contract}
    people = [name_trainee(story, asset, name, "operator", **belonging) for name in OPERATORS]
    trainer = story.find("engineers", 'code: {eq: "E02"}')["id"]
    session = plan_class(story, duty, trainer, "2026-03-20 09:00", "2026-03-20 17:00", venue="住院部三楼机房")
    codes = story.refusal(
        lambda: assess(story, session, people[0], works_independently=True), "an assessment before the class"
    )
    story.expect("assessment of somebody who isn't in the class", ["TRAINEE_NOT_ENROLLED"], codes)
    hold_class(story, session, people, "2026-03-20 17:00")
    return session, people


def _hand_over(story: Story, contract: str) -> None:
    """The security plan is due for going live (P08-05)."""
    office = story.by("dispatcher")
    status = office.query(STATUS, id=contract)["handoverStatus"]
    story.expect("missing for going live", (False, ["security_plan"]), (status["complete"], status["missing"]))
    handover = {"due": "go_live", "contractId": contract}
    codes = story.refusal(
        lambda: office.do("completeHandover", "handover { id }", **handover), "a handover without the security plan"
    )
    story.expect("handover without the security plan", ["DELIVERABLES_MISSING"], codes)
    document = office.do(
        "addDocument", "document { id }", title="住院部软件安全解决方案", body="权限、备份、防病毒、应急预案。"
    )["document"]["id"]
    office.do(
        "recordReceipt", "receipt { id }", deliverable="security_plan", receivedBy="刘主任", contractId=contract,
        documentId=document, receivedOn=LIVE,
    )  # fmt: skip
    done = office.do("completeHandover", "handover { received completedOn }", **handover)["handover"]
    story.note("The security plan is handed over, and somebody at the hospital signed for it.")
    story.expect("handed over", (["security_plan"], LIVE), (done["received"], done["completedOn"]))


SCRIPT = Script(
    code="go_live",
    slug="huakang-his",
    title="Operators trained before a hospital goes live",
    clauses=("P08-01", "P08-02", "P08-05"),
    play=play,
)
