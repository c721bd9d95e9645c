"""Plan 9: a contract lived through three years, from the signature to the first visit that isn't free any more."""

from typing import Any

from aftersales_server.demo.client import wait_for
from aftersales_server.demo.stories.steps import (
    assess,
    happened,
    hold_class,
    name_trainee,
    new_asset,
    plan_class,
    sign_contract,
)
from aftersales_server.demo.stories.story import Script, Story, instant

SIGNED, ACCEPTED = "2026-03-02", "2026-03-10"
# Within two days of the acceptance on the 10th, that day not counted: 11th, 12th -> 24:00 (P09-30, A53).
TRAINING_DUE = "2026-03-13 00:00"
# Two visits each contract year, which begin on 10 March: the halves end on 9 September and 9 March (P09-20, A12).
# The main unit's three years hold the free ones (A52): three times two.
VISITS = ["2026-09-09", "2027-03-09", "2027-09-09", "2028-03-09", "2028-09-09", "2029-03-09"]
# The second half runs from 10 September 2026 00:00 to 9 March 2027 24:00: 21 + 31 + 30 + 31 + 31 + 28 + 9 = 181 days.
# Three quarters are 135.75 days: 21 to 1 October, 31, 30, 31 to 1 January (113), 22 more to the 23rd -> 18:00.
SECOND_WARNING, SECOND_DUE = "2027-01-23 18:00", "2027-03-10 00:00"
# Three years from 10 March 2026 end with the corresponding day, that day included (P09-10, A01).
FREE_UNTIL, BEHIND_TERM = "2029-03-10", "2029-03-11"
PLANNED = """query Planned($asset: ID!, $first: Date!, $last: Date!) {
  plannedVisits(assetId: $asset, first: $first, last: $last) { dueOn code clause free provider } }"""
DUTIES = """query Duties($id: ID!) { trainingDuties(first: 10, filter: {contract: {eq: $id}}) {
  nodes { id curriculum } } }"""


def play(story: Story) -> None:
    """Signed, accepted, trained, visited six times, once late; then the seventh is paid."""
    asset, contract = _sign(story)
    _accept(story, asset, contract)
    _train(story, asset, contract)
    ours = story.find("engineers", 'code: {eq: "E01"}')["id"]

    story.expect("visits of three years and two more", VISITS, _planned(story, asset, ACCEPTED, "2031-03-10"))
    first = _owed(story, asset, VISITS[0])
    story.follow("plannedObligation", first, "visit 1")
    story.expect_owed("plannedObligation", first, "first visit", due="2026-09-10 00:00", clause="P09-20")
    story.at("2026-09-01 09:00")
    codes = story.refusal(
        lambda: _send(story, first, _stranger(story), "2026-09-02"), "a repairer whom the company didn't authorise"
    )
    story.expect("unauthorised provider", ["PROVIDER_NOT_AUTHORISED"], codes)
    _visit(story, first, ours, "2026-09-02")
    story.note("The company's own engineer makes the year's first visit; the customer had agreed to the window.")
    story.expect_owed("plannedObligation", first, "first visit", due="2026-09-10 00:00", state="met", outcome="in_time")

    _late(story, asset, ours)
    for number, day in ((3, "2027-09-01"), (4, "2028-03-02"), (5, "2028-08-31"), (6, "2029-03-05")):
        story.at(f"{day} 08:00")
        visit = _owed(story, asset, VISITS[number - 1])
        free = _visit(story, visit, ours, day)["billable"] is False
        story.expect(f"visit {number} is free", True, free)
        story.expect(f"visit {number}", "in_time", story.promise("plannedObligation", visit)["outcome"])
    story.note("The late visit moved nothing: the next four are due by 9 September and 9 March, and all are kept.")
    _term_ends(story, asset, contract, ours)


def _sign(story: Story) -> tuple[dict[str, Any], str]:
    story.at(f"{SIGNED} 10:00")
    asset = new_asset(
        story, "SW-QF-3", name="泉府 7 号楼热水系统", vertical="solar", assetType="solar_water_heater",
        attributes={"collector": "vacuum_tube", "collector_count": 24, "tank_litres": 3000},
        components=[{"component": "tank"}, {"component": "collector"}],
    )  # fmt: skip
    contract = sign_contract(
        story, asset, title="太阳能热水系统三年服务合同", vertical="solar", startsOn=SIGNED, twoParty=True
    )
    codes = story.refusal(
        lambda: happened(story, "owner", contract, "site_survey", SIGNED), "work before the customer has signed too"
    )
    story.expect("work under half a signature", ["CONTRACT_NOT_SIGNED"], codes)
    story.by("customer").do("approveContractStep", "approval { party }", contractId=contract, step="contract")
    happened(story, "owner", contract, "site_survey", SIGNED)
    story.note("Company and customer sign; the design begins.")
    story.at("2026-03-04 08:00")
    happened(story, "owner", contract, "installation_started", "2026-03-04")
    story.expect("visits before the acceptance", [], _planned(story, asset, SIGNED, "2031-03-10"))
    return asset, contract


def _accept(story: Story, asset: dict[str, Any], contract: str) -> None:
    story.at(f"{ACCEPTED} 15:00")
    codes = story.refusal(
        lambda: happened(story, "owner", contract, "acceptance", ACCEPTED), "the company accepting its own work"
    )
    story.expect("acceptance by the company", ["CUSTOMER_MUST_SIGN"], codes)
    accepted = happened(story, "customer", contract, "acceptance", ACCEPTED)
    story.by("dispatcher").do("acceptAsset", "asset { id }", assetId=asset["id"], acceptedOn=ACCEPTED)
    story.note("The customer accepts: the term begins, and with it courses and visits fall due by themselves.")
    story.expect("phase", ("warranty", ACCEPTED), (accepted["phase"], accepted["phaseSince"]))
    story.expect("last free day", FREE_UNTIL, accepted["freeUntil"])


def _train(story: Story, asset: dict[str, Any], contract: str) -> None:
    """Operators on the first day, users on the second."""
    found = story.by("dispatcher").query(DUTIES, id=contract)["trainingDuties"]["nodes"]
    duties = {row["curriculum"]: row["id"] for row in found}
    story.expect("courses", ["operators", "users"], sorted(row["curriculum"] for row in found))
    trainer = story.find("engineers", 'code: {eq: "E01"}')["id"]
    for course, clause in (("operators", "P09-30"), ("users", "P09-36")):
        story.follow("trainingDuty", duties[course], course)
        story.expect_owed("trainingDuty", duties[course], f"training of {course}", due=TRAINING_DUE, clause=clause)
    story.explain_promise("trainingDuty", duties["operators"])
    belonging = {"vertical": "solar", "assetId": asset["id"], "contractId": contract}
    manager, electrician, user = (
        name_trainee(story, asset, name, role, **belonging)
        for name, role in (("孟管家", "equipment_manager"), ("柳电工", "electrician"), ("七号楼住户", "user"))
    )
    office = story.by("dispatcher")
    session = plan_class(story, duties["operators"], trainer, "2026-03-11 09:00", "2026-03-11 11:00")
    confirm = {"trainingSessionId": session}
    codes = story.refusal(
        lambda: office.do("confirmTrainingSession", "session { id }", "ConfirmSessionInput", **confirm),
        "a class without a place",
    )
    story.expect("class without a place", ["TRAINING_VENUE_REQUIRED"], codes)
    story.by("customer").do(
        "provideTrainingVenue", "session { venue }", "ProvideVenueInput", venue="物业会议室", **confirm
    )
    hold_class(story, session, [manager, electrician], "2026-03-11 11:00")
    everything = {"safe_use": True, "no_damage": True}
    assess(story, session, manager, simple_repair=True, **everything)
    assess(story, session, electrician, simple_repair=False, **everything)
    certify = {"traineeId": electrician, "curriculum": "operators"}
    codes = story.refusal(
        lambda: office.do("certifyTrainee", "certificate { number }", **certify), "an electrician who can't repair"
    )
    story.expect("certificate without a simple repair", ["CERTIFICATE_UNEARNED"], codes)
    assess(story, session, electrician, simple_repair=True)
    office.do("certifyTrainee", "certificate { number }", **certify)
    session = plan_class(
        story, duties["users"], trainer, "2026-03-12 14:00", "2026-03-12 15:00", venue="物业会议室"
    )  # fmt: skip
    hold_class(story, session, [user], "2026-03-12 15:00")
    story.note("Operators on the first day, users on the second: both courses within two days.")
    for course in ("operators", "users"):
        story.expect_owed("trainingDuty", duties[course], course, due=TRAINING_DUE, state="met", outcome="in_time")


def _late(story: Story, asset: dict[str, Any], engineer: str) -> None:
    """The second visit of the first year: nobody goes until it is too late."""
    second = _owed(story, asset, VISITS[1])
    story.follow("plannedObligation", second, "visit 2")
    story.at("2027-01-24 09:00")
    alarm = story.alarm_of("plannedObligation", second, "warning")
    story.expect("warning of the second visit", SECOND_WARNING, story.local(alarm["dueAt"]))
    story.at("2027-03-10 00:01")
    alarm = story.alarm_of("plannedObligation", second, "due")
    story.note("Nobody went in the second half-year: warned in January, and now the promise is broken.")
    story.expect("alarm of the second visit", (SECOND_DUE, "breach", "dispatcher"),
                 (story.local(alarm["dueAt"]), alarm["kind"], alarm["role"]))  # fmt: skip
    story.at("2027-03-12 09:00")
    _visit(story, second, engineer, "2027-03-15")
    story.note("The visit is made six days late.")
    story.expect_owed("plannedObligation", second, "second visit", due=SECOND_DUE, state="met", outcome="late")


def _term_ends(story: Story, asset: dict[str, Any], contract: str, engineer: str) -> None:
    text = "query Contract($id: ID!) { contract(id: $id) { phase phaseSince } }"
    story.at(f"{BEHIND_TERM} 08:00")

    def entered() -> dict[str, Any] | None:
        found: dict[str, Any] = story.by("owner").query(text, id=contract)["contract"]
        return found if found["phase"] != "warranty" else None

    phase = wait_for("the phase behind the term", entered)
    story.expect("phase behind the term", ("lifetime_service", BEHIND_TERM), (phase["phase"], phase["phaseSince"]))
    story.expect("visits behind the term", [], _planned(story, asset, BEHIND_TERM, "2031-03-10"))
    extra = story.by("dispatcher").do(
        "planExtraVisit", "obligation { id free provider }", assetId=asset["id"], code="maintenance", dueOn="2029-09-09"
    )["obligation"]
    story.expect("a visit behind the term is free", False, extra["free"])
    ticket = _visit(story, extra["id"], engineer, "2029-03-20")
    story.note("The term is over: no visit comes by itself any more, and one that is asked for is billed.")
    story.expect("the visit is billed", True, ticket["billable"])


def _planned(story: Story, asset: dict[str, Any], first: str, last: str) -> list[str]:
    """The due days of free visits by an authorised unit, however far ahead."""
    found = story.by("customer").query(PLANNED, asset=asset["id"], first=first, last=last)["plannedVisits"]
    kept = [row for row in found if (row["code"], row["free"], row["provider"]) == ("maintenance", True,
                                                                                    "authorised_unit")]  # fmt: skip
    return [row["dueOn"] for row in kept]


def _owed(story: Story, asset: dict[str, Any], due_on: str) -> str:
    """The visit that is due on a day, as soon as the worker has stored it."""
    condition = f'asset: {{eq: "{asset["id"]}"}}, code: {{eq: "maintenance"}}, dueOn: {{eq: "{due_on}"}}'

    def stored() -> str | None:
        text = f"query Owed {{ plannedObligations(first: 1, filter: {{{condition}}}) {{ nodes {{ id }} }} }}"
        nodes = story.by("dispatcher").query(text)["plannedObligations"]["nodes"]
        return str(nodes[0]["id"]) if nodes else None

    return wait_for(f"the visit due on {due_on}", stored)


def _send(story: Story, visit: str, engineer: str, day: str) -> dict[str, Any]:
    planned = story.by("dispatcher").do(
        "scheduleVisit", "appointment { id ticket { id billable } }", obligationIds=[visit], engineerId=engineer,
        windowStart=instant(f"{day} 09:00"), windowEnd=instant(f"{day} 11:00"),
    )  # fmt: skip
    appointment: dict[str, Any] = planned["appointment"]
    return appointment


def _visit(story: Story, visit: str, engineer: str, day: str) -> dict[str, Any]:
    """Send somebody in a morning window, with the customer's consent; the visit is made. Gives its ticket."""
    sent = _send(story, visit, engineer, day)
    this = {"appointmentId": sent["id"]}
    story.by("customer").do("confirmAppointment", "appointment { state }", **this)
    at = story.at(f"{day} 09:10")
    story.by("engineer").do("recordArrival", "appointment { id }", at=at, **this)
    at = story.at(f"{day} 10:30")
    story.by("engineer").do("finishAppointment", "appointment { id }", at=at, notes="年检、保养,一切正常", **this)
    ticket: dict[str, Any] = sent["ticket"]
    return ticket


def _stranger(story: Story) -> str:
    """An engineer of a unit that the company didn't authorise."""
    text = 'query Unit { engineers(first: 1, filter: {code: {eq: "X01"}}) { nodes { id } } }'
    known = story.by("owner").query(text)["engineers"]["nodes"]
    if known:
        return str(known[0]["id"])
    unit = story.by("owner").do(
        "createServiceUnit", "serviceUnit { id }", code="LX-OTHER", name="历下个体维修", kind="agent", authorised=False
    )["serviceUnit"]["id"]
    made = story.by("owner").do("createEngineer", "engineer { id }", code="X01", name="个体师傅", serviceUnitId=unit)
    return str(made["engineer"]["id"])


SCRIPT = Script(
    code="solar_years",
    slug="hefeng-solar",
    title="Three years of a solar contract",
    clauses=("P09-20", "P09-29", "P09-30", "P09-31", "P09-35", "P09-36", "P09-12"),
    play=play,
)
