"""Plan 5: a shift on a site, from the gate to the night's patrol, with a hazard in between."""

from typing import Any
from uuid import uuid4

from aftersales_server.demo.stories.story import Script, Story, instant

TOPICS = ("production", "electricity", "fire", "machinery")
CHECK_DUE = "2026-06-12 18:00"
"""The machine that was checked before the shift is checked after it, by its end (P05-16)."""
GAP_MINUTES = 360
"""From 22:00 to 04:00; this company allows an hour (P05-26, A29)."""


def play(story: Story) -> None:
    """Two workers, one digger, a blocked fire lane, and a check that nobody made."""
    manager = story.by("dispatcher")
    customer = story.find("customers", 'code: {eq: "G-XH"}')["id"]
    leader = story.find("engineers", 'code: {eq: "E01"}')["id"]
    officer = story.find("engineers", 'code: {eq: "E02"}')["id"]
    story.at("2026-06-12 07:00")
    mark = uuid4().hex[:6]
    site = manager.do("addSite", "site { id }", customerId=customer, name=f"南区施工现场 {mark}")["site"]["id"]
    for role, engineer in (("project_manager", leader), ("safety_officer", officer)):
        manager.do("appointSafetyRole", "siteRole { id }", role=role, siteId=site, engineerId=engineer)
    crew = [_worker(story, site, f"{mark}-{number}", name) for number, name in ((1, "周师傅"), (2, "吴师傅"))]
    story.note("Two workers join the crew; neither has signed the procedure of his trade yet.")

    _educate(story, site, crew, (leader, officer), TOPICS[:3])
    entry = {"siteId": site, "workerId": crew[0], "guard": "门卫老秦"}
    codes = story.refusal(lambda: manager.do("enterSite", "entry { id }", **entry), "entry after three of four topics")
    story.expect("entry after three topics", ["ENTRY_EDUCATION_MISSING"], codes)
    _educate(story, site, crew, (leader, officer), TOPICS[3:])
    for worker in crew:
        manager.do("enterSite", "entry { id }", siteId=site, workerId=worker, guard="门卫老秦")
    story.note("The fourth topic is taught; both are let in at the gate.")

    shift = _shift(story, site, crew)
    _briefing(story, site, crew)
    machine = manager.do(
        "registerMachine", "machine { id }", siteId=site, vertical="landscaping", code=f"WJ-{mark}", name="小型挖掘机"
    )["machine"]["id"]
    _check(story, machine, shift)
    story.note("The digger passes its check before the shift.")
    _hazard(story, site)

    story.at("2026-06-12 18:00")
    manager.do("closeShift", "shift { state }", shiftId=shift)
    alert = story.find("safetyAlerts", f'site: {{eq: "{site}"}}', "code clause machine { code }")
    story.expect("alert at the end of the shift", ("post_check_missing", "P05-16"), (alert["code"], alert["clause"]))
    story.note("The shift closes: nobody checked the digger after it, and whoever watches over safety is told.")
    _patrol(story, site, officer)


def _worker(story: Story, site: str, code: str, name: str) -> str:
    manager = story.by("dispatcher")
    worker: str = manager.do("registerWorker", "worker { id }", code=code, name=name, trade="铺装工")["worker"]["id"]
    member = manager.do("assignWorker", "crewMember { warnings }", siteId=site, workerId=worker)["crewMember"]
    story.expect("warning without the trade's procedure", ["procedure_acknowledged"], member["warnings"])
    return worker


def _educate(story: Story, site: str, crew: list[str], chairs: tuple[str, ...], topics: tuple[str, ...]) -> None:
    story.by("dispatcher").do(
        "recordEducation", "education { id }", siteId=site, topics=list(topics), chairEngineerIds=list(chairs),
        attendees=[{"workerId": worker} for worker in crew], evidence="签到表",
    )  # fmt: skip


def _shift(story: Story, site: str, crew: list[str]) -> str:
    manager = story.by("dispatcher")
    shift: str = manager.do(
        "planShift", "shift { id }", siteId=site, name="白班", foreman="钱队长",
        startsAt=instant("2026-06-12 08:00"), endsAt=instant("2026-06-12 18:00"),
    )["shift"]["id"]  # fmt: skip
    story.at("2026-06-12 07:45")
    codes = story.refusal(lambda: manager.do("startShift", "shift { id }", shiftId=shift), "a shift without a meeting")
    story.expect("shift without a meeting", ["SHIFT_WITHOUT_MEETING"], codes)
    manager.do("holdMeeting", "meeting { id }", shiftId=shift, safetyTopic="基坑边缘防护", workerIds=crew)
    story.at("2026-06-12 08:00")
    manager.do("startShift", "shift { state }", shiftId=shift)
    story.note("The shift begins after a meeting that spoke of safety.")
    return shift


def _briefing(story: Story, site: str, crew: list[str]) -> None:
    manager = story.by("dispatcher")
    sheet = manager.do(
        "issueBriefing", "sheet { id }", siteId=site, process="铺装", content="切割机防护罩", issuedBy="钱队长",
        workerIds=crew,
    )["sheet"]["id"]  # fmt: skip
    manager.do("acknowledgeBriefing", "sheet { id }", sheetId=sheet, workerId=crew[0], evidence="签字")
    codes = story.refusal(lambda: manager.do("startProcess", "sheet { id }", sheetId=sheet), "one of two signed")
    story.expect("process with one of two signatures", ["BRIEFING_INCOMPLETE"], codes)
    manager.do("acknowledgeBriefing", "sheet { id }", sheetId=sheet, workerId=crew[1], evidence="签字")
    manager.do("startProcess", "sheet { state }", sheetId=sheet)
    story.note("Paving begins once both signed its safety briefing.")


def _check(story: Story, machine: str, shift: str) -> None:
    technician = story.by("engineer")
    begun = technician.do(
        "startInspection", "inspection { id items }", vertical="landscaping", checklist="machine_before_shift",
        machineId=machine, shiftId=shift,
    )["inspection"]  # fmt: skip
    passed = [{"item": item["code"], "passed": True} for item in begun["items"]]
    technician.do("answerItems", "inspection { id }", inspectionId=begun["id"], answers=passed, complete=True)
    owed = story.find("commitments", 'milestone: {eq: "post_shift_check"}, state: {eq: "running"}', "dueAt clause")
    story.expect("check after the shift", (CHECK_DUE, "P05-16"), (story.local(owed["dueAt"]), owed["clause"]))


def _hazard(story: Story, site: str) -> None:
    manager = story.by("dispatcher")
    story.at("2026-06-12 10:00")
    begun = story.by("engineer").do(
        "startInspection", "inspection { id }", vertical="landscaping", checklist="site_safety", siteId=site
    )["inspection"]["id"]
    found = story.by("engineer").do(
        "answerItems", "inspection { findings { hazard { id severity site { state } } } }", inspectionId=begun,
        answers=[{"item": "fire_lane", "passed": False, "note": "堆放材料"}],
    )["inspection"]["findings"][0]["hazard"]  # fmt: skip
    story.expect("blocked fire lane", ("critical", "stopped"), (found["severity"], found["site"]["state"]))
    story.note("An inspection finds the fire lane blocked: the work stops at once.")
    this: dict[str, Any] = {"hazardId": found["id"]}
    story.at("2026-06-12 10:40")
    manager.do("rectifyHazard", "hazard { id }", **this, rectification="清理消防通道")
    codes = story.refusal(
        lambda: manager.do("resumeSiteWork", "hazard { id }", "ResumeWorkInput", **this), "going on unverified"
    )
    story.expect("going on before the verification", ["HAZARD_NOT_VERIFIED"], codes)
    manager.do("verifyHazard", "hazard { id }", **this)
    resumed = manager.do("resumeSiteWork", "hazard { site { state } }", "ResumeWorkInput", **this)
    story.expect("site after the verification", "active", resumed["hazard"]["site"]["state"])
    story.note("It is cleared, verified, and only then does work go on.")


def _patrol(story: Story, site: str, officer: str) -> None:
    for when in ("2026-06-12 22:00", "2026-06-13 04:00"):
        at = story.at(when)
        story.by("engineer").do(
            "recordPatrol", "rounds { id }", siteId=site, rule="patrol", areas=["site"], engineerId=officer, at=at
        )
    audit = story.by("dispatcher").query(
        "query Audit($site: ID!, $begin: DateTime!, $end: DateTime!) { patrolAudit(siteId: $site, rule: \"patrol\","
        " begin: $begin, end: $end) { gaps { area minutes } } }",
        site=site, begin=instant("2026-06-12 22:00"), end=instant("2026-06-13 04:00"),
    )["patrolAudit"]  # fmt: skip
    gaps = [gap["minutes"] for gap in audit["gaps"] if gap["area"] == "site"]
    story.expect("gap of the night's patrol", [GAP_MINUTES], gaps)
    story.note(f"Rounds at 22:00 and 04:00 leave a gap of {GAP_MINUTES // 60} hours, and the audit finds it.")
    story.by("dispatcher").do("endWatch", "watches { id }", siteId=site, rule="patrol")


SCRIPT = Script(
    code="site_shift",
    slug="lvyuan-landscape",
    title="A shift on a site, and a hazard",
    clauses=("P05-06", "P05-10", "P05-13", "P05-16", "P05-22", "P05-26", "P05-27"),
    play=play,
)
