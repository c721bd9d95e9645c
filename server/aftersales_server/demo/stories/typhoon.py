"""A landscaping company's own rules: a typhoon warning reaches each customer of the coast once; one has to be called.

Plan 5 says nothing of storms. The company took two rules of plan 11 into force for its own customers: owners are told
in the typhoon season (P11-44), and whatever a storm struck is looked at (P11-37).
"""

from typing import Any
from uuid import uuid4

from aftersales_server.demo.client import wait_for
from aftersales_server.demo.stories.story import Script, Story

REGIONS = ["3301", "3302"]
CUSTOMERS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("TF-NB", "甬江滨江公园", "330203", {"noticeChannels": ["inbox"]}),
    ("TF-BL", "北仑港区绿地", "330206", {"noticeChannels": ["email", "inbox"]}),
    ("TF-ZH", "镇海老街花园", "330211", {"noticesRefused": True}),
    ("TF-HF", "合肥滨湖绿道", "340111", {"noticeChannels": ["inbox"]}),
)
"""By code: name, region, and what its contact chose; none has an address for mail. The last one lies inland."""
# The season opens on 1 July; each owner has to be told within 30 days: by 31 July 24:00 (P11-44).
SEASON_DUE = "2026-08-01 00:00"
# 31 days from 1 July 00:00 to 31 July 24:00; three quarters are 23.25 days -> 24 July 06:00.
SEASON_WARNING = "2026-07-24 06:00"
# Struck on 9 July, looked at within three days, that day not counted: 10, 11, 12 -> 24:00.
AFTER_DUE = "2026-07-13 00:00"
SEASON: dict[str, Any] = {
    "code": "typhoon", "name": "台风季节提醒业主", "trigger": "season", "clause": "P11-44", "notice": True,
    "withinDays": 30,
    "seasons": [{"startsMonth": 7, "startsDay": 1, "endsMonth": 9, "endsDay": 30, "regions": REGIONS}],
}  # fmt: skip
AFTER: dict[str, Any] = {
    "code": "after_typhoon", "name": "台风后现场检查", "trigger": "event", "clause": "P11-37", "events": ["typhoon"],
    "withinDays": 3, "priority": "highest", "channels": ["visit"], "checkItems": ["stakes", "drainage"],
}  # fmt: skip
RECIPIENTS = """query Recipients($id: ID!) { broadcast(id: $id) { state recipients(first: 100) {
  nodes { state channel customer { code } } } } }"""
REVISITS = """query Revisits($customer: ID!) { revisits(last: 100, filter: {customer: {eq: $customer}}) {
  nodes { id code state since dueOn priority plan { id } site { region } } } }"""
INBOX = "query Inbox { notices(last: 50) { nodes { subject state } } }"


def play(story: Story) -> None:
    """From the season's first day to the last customer who knows."""
    office = story.by("owner")
    story.at("2026-06-25 09:00")
    customers = {row[0]: _customer(story, row) for row in CUSTOMERS}
    customers["G-XH"] = _own_inbox(story)
    season, after = (_put_into_force(story, rule) for rule in (SEASON, AFTER))
    story.at("2026-07-01 00:10")
    duties = {code: _revisit(story, customers[code], season) for code in ("G-XH", "TF-NB", "TF-BL", "TF-ZH")}
    for code in ("TF-NB", "TF-ZH"):
        story.follow("revisit", duties[code]["id"], code)
    story.note("The typhoon season opens: every owner on the coast has to be told.")
    story.expect("told by", "2026-07-31", duties["TF-NB"]["dueOn"])
    story.expect_owed("revisit", duties["TF-NB"]["id"], "seasonal duty", due=SEASON_DUE, clause="P11-44")
    story.explain_promise("revisit", duties["TF-NB"]["id"])
    story.expect("duties inland", [], _revisits(story, customers["TF-HF"], season))

    _warn(story)
    for code in ("G-XH", "TF-NB", "TF-BL"):
        _await_told(story, customers[code], season)
    story.expect_owed("revisit", duties["TF-NB"]["id"], "seasonal duty", due=SEASON_DUE, state="met", outcome="in_time")
    story.expect_owed("revisit", duties["TF-ZH"]["id"], "duty to the silent one", due=SEASON_DUE, state="running")
    story.note("With the warning three of four owners have been told; one takes no notices and is still owed a word.")
    _look(story, customers, after)

    story.at("2026-07-24 06:01")
    alarm = story.alarm_of("revisit", duties["TF-ZH"]["id"], "warning")
    story.expect("warning of the last duty", SEASON_WARNING, story.local(alarm["dueAt"]))
    story.note("Three quarters of the time are over: somebody has to call.")
    at = story.at("2026-07-31 17:00")
    office.do("completeRevisit", "revisit { state }", revisitId=duties["TF-ZH"]["id"], channel="phone", heldAt=at,
              findings="已电话告知加固支撑")  # fmt: skip
    story.note("The last one is told by telephone on the last day.")
    story.expect_owed(
        "revisit", duties["TF-ZH"]["id"], "duty to the silent one", due=SEASON_DUE, state="met", outcome="in_time"
    )
    for plan in (season, after):
        office.do("endRevisitPlan", "revisitPlan { state }", revisitPlanId=plan, reason="台风季节演示结束")


def _warn(story: Story) -> None:
    """The warning comes in twice, and everybody has it once."""
    office = story.by("owner")
    mark = uuid4().hex[:8]
    title = f"台风预警 {mark}"
    warning: dict[str, Any] = {
        "kind": "typhoon", "regions": REGIONS, "externalId": f"CMA-{mark}", "vertical": "landscaping",
        "title": {"zh": title, "en": f"Typhoon warning {mark}"},
        "body": {"zh": "请加固支撑,疏通排水。", "en": "Please secure the stakes and clear the drains."},
    }  # fmt: skip
    story.at("2026-07-09 10:00")
    first = office.do("receiveWeatherWarning", "broadcast { id number }", **warning)["broadcast"]
    wait_for("the end of the broadcast", lambda: _recipients(story, first["id"]))
    again = office.do("receiveWeatherWarning", "broadcast { id number }", **warning)["broadcast"]
    story.note("The weather service warns of a typhoon, and sends its message twice.")
    story.expect("the second message", first["number"], again["number"])
    ours = {code for code, *_ in CUSTOMERS} | {"G-XH"}
    told = sorted(row for row in _recipients(story, first["id"]) or [] if row[0] in ours)
    story.expect(
        "copies by customer",
        [("G-XH", "inbox", "sent"), ("TF-BL", "inbox", "sent"), ("TF-NB", "inbox", "sent"),
         ("TF-ZH", None, "refused")],
        told,
    )  # fmt: skip
    inbox = story.by("customer").query(INBOX)["notices"]["nodes"]
    story.expect("copies in the customer's inbox", 1, [row["subject"] for row in inbox].count(title))


def _look(story: Story, customers: dict[str, str], after: str) -> None:
    """Whatever the storm struck is looked at within three days: one visit for each site, its items filled in."""
    office = story.by("owner")
    found = {code: _revisit(story, customers[code], after) for code in ("TF-NB", "TF-BL", "TF-ZH")}
    story.expect("checks inland", [], _revisits(story, customers["TF-HF"], after))
    for code, row in found.items():
        story.expect(f"checks at {code}", 1, len(_revisits(story, customers[code], after)))
        story.expect(f"check at {code}", ("highest", "2026-07-09", "2026-07-12"),
                     (row["priority"], row["since"], row["dueOn"]))  # fmt: skip
    struck = found["TF-NB"]["id"]
    story.follow("revisit", struck, "after the storm")
    story.expect_owed("revisit", struck, "check after the storm", due=AFTER_DUE, clause="P11-37")
    at = story.at("2026-07-11 15:00")
    half = [{"item": "stakes", "passed": True}]
    codes = story.refusal(
        lambda: office.do(
            "completeRevisit", "revisit { id }", revisitId=struck, channel="visit", heldAt=at, checks=half
        ),
        "a check that left the drains out",
    )
    story.expect("check without the drains", ["REVISIT_INCOMPLETE"], codes)
    for row in found.values():
        office.do(
            "completeRevisit", "revisit { state }", revisitId=row["id"], channel="visit", heldAt=at,
            checks=[*half, {"item": "drainage", "passed": True}],
        )  # fmt: skip
    story.note("The storm has passed; stakes and drains of every site on the coast are looked at.")
    story.expect_owed("revisit", struck, "check after the storm", due=AFTER_DUE, state="met", outcome="in_time")


def _customer(story: Story, given: tuple[str, str, str, dict[str, Any]]) -> str:
    """The customer of that code with its contact, its site and its trees; made unless an earlier playing did."""
    code, name, region, chosen = given
    office = story.by("owner")
    text = f'query Known {{ customers(first: 1, filter: {{code: {{eq: "{code}"}}}}) {{ nodes {{ id }} }} }}'
    known = office.query(text)["customers"]["nodes"]
    if known:
        return str(known[0]["id"])
    made = office.do("createCustomer", "customer { id }", code=code, name=name, region=region)["customer"]["id"]
    office.do("addContact", "contact { id }", customerId=made, name=f"{name}管理员", position="管理处", **chosen)
    site = office.do("addSite", "site { id }", customerId=made, name=name, region=region)["site"]["id"]
    office.do(
        "registerAsset", "asset { id }", name=f"{name}绿化工程", vertical="landscaping", assetType="landscape_works",
        customerId=made, siteId=site, attributes={"planted": 200},
    )  # fmt: skip
    return str(made)


def _own_inbox(story: Story) -> str:
    """The demo's customer: its contact reads notices in the API."""
    owner = story.find("customers", 'code: {eq: "G-XH"}', "id contacts { id }")
    for contact in owner["contacts"]:
        story.by("owner").do("updateContact", "contact { id }", contactId=contact["id"], noticeChannels=["inbox"])
    return str(owner["id"])


def _put_into_force(story: Story, rule: dict[str, Any]) -> str:
    """The rule's plan; one that an earlier playing left behind is ended first."""
    office, condition = story.by("owner"), f'code: {{eq: "{rule["code"]}"}}, state: {{eq: "active"}}'
    text = f"query Plans {{ revisitPlans(first: 1, filter: {{{condition}}}) {{ nodes {{ id }} }} }}"
    for row in office.query(text)["revisitPlans"]["nodes"]:
        office.do("endRevisitPlan", "revisitPlan { state }", revisitPlanId=row["id"], reason="由新规则替代")
    opened = office.do("openRevisitPlan", "revisitPlan { id }", vertical="landscaping", own=rule)
    return str(opened["revisitPlan"]["id"])


def _revisits(story: Story, customer: str, plan: str) -> list[dict[str, Any]]:
    nodes = story.by("owner").query(REVISITS, customer=customer)["revisits"]["nodes"]
    return [row for row in nodes if row["plan"] and row["plan"]["id"] == plan]


def _revisit(story: Story, customer: str, plan: str) -> dict[str, Any]:
    """The customer's revisit under a plan, as soon as the worker has opened it."""

    def opened() -> dict[str, Any] | None:
        found = _revisits(story, customer, plan)
        return found[0] if found else None

    return wait_for("a revisit", opened)


def _await_told(story: Story, customer: str, plan: str) -> None:
    """Wait until the duty to tell the customer is done."""
    wait_for(
        "the customer's notice",
        lambda: [row["state"] for row in _revisits(story, customer, plan)] == ["done"] or None,
    )


def _recipients(story: Story, broadcast: str) -> list[tuple[str, str | None, str]] | None:
    """Customer, channel and state of every copy, once all are written."""
    found = story.by("owner").query(RECIPIENTS, id=broadcast)["broadcast"]
    if found["state"] != "sent":
        return None
    return [(row["customer"]["code"], row["channel"], row["state"]) for row in found["recipients"]["nodes"]]


SCRIPT = Script(
    code="typhoon",
    slug="lvyuan-landscape",
    title="A typhoon warning, once to everybody on the coast",
    clauses=("P11-27", "P11-37", "P11-44"),
    play=play,
)
