"""Plan 5: an emergency at two hours beside a normal warranty notice at two days."""

from aftersales_server.demo.stories.story import Script, Story

# Normal notice Fri 5 June 2026, 14:00: sent within two days, the day of the notice not counted (P05-33, A27):
# Sat 6, Sun 7 -> 24:00 of Sunday.
NORMAL_DUE = "2026-06-08 00:00"
# 14:00 Friday to 24:00 Sunday are 58 h; three quarters are 43.5 h -> Sunday 09:30.
NORMAL_WARNING = "2026-06-07 09:30"
# Emergency Fri 5 June 22:15: on site within two hours, day and night (P05-34, A28) -> Saturday 00:15.
EMERGENCY_DUE = "2026-06-06 00:15"


def play(story: Story) -> None:
    """A dead hedge on Friday afternoon, a broken main on Friday night."""
    asset = story.find("assets", 'number: {eq: "LW-XH"}', "id customer { id } site { id }")
    gardener = story.find("engineers", 'code: {eq: "E02"}')["id"]
    foreman = story.find("engineers", 'code: {eq: "E01"}')["id"]
    dispatcher, technician = story.by("dispatcher"), story.by("engineer")
    about = {"customerId": asset["customer"]["id"], "siteId": asset["site"]["id"], "assetId": asset["id"]}

    at = story.at("2026-06-05 14:00")
    normal = story.open_ticket(
        "hedge",
        "dispatcher",
        kind="fault",
        channel="web",
        title="东侧绿篱枯死",
        component="plant",
        symptom="dead",
        facts={"affected_plants": 12},
        reportedAt=at,
        **about,
    )
    story.note("A normal warranty notice: twelve plants of the hedge are dead.")
    story.expect("grade of the notice", "normal", normal["grade"])
    story.expect_promise(normal["id"], "dispatched", due=NORMAL_DUE, clause="P05-33")

    at = story.at("2026-06-05 22:15")
    emergency = story.open_ticket(
        "main",
        "dispatcher",
        kind="fault",
        channel="web",
        title="灌溉主管爆裂",
        component="irrigation",
        emergency=True,
        emergencyReason="水正流向地下车库",
        reportedAt=at,
        **about,
    )
    story.note("At night the irrigation main bursts: intake declares an emergency and says why.")
    story.expect("grade of the emergency", "emergency", emergency["grade"])
    story.expect_promise(emergency["id"], "on_site", due=EMERGENCY_DUE, clause="P05-34")
    at = story.at("2026-06-05 22:20")
    dispatcher.do("decideOnSite", "ticket { id }", ticketId=emergency["id"], at=at, workType="emergency_repair")
    visit = story.visit(emergency["id"], foreman, "2026-06-05 23:00", "2026-06-06 03:00")
    at = story.at("2026-06-05 22:40")
    dispatcher.do("dispatchAppointment", "appointment { id }", appointmentId=visit, at=at)
    at = story.at("2026-06-06 00:10")
    technician.do("recordArrival", "appointment { id }", appointmentId=visit, at=at)
    story.note("The crew is there five minutes before the two hours end.")
    story.expect_promise(emergency["id"], "on_site", due=EMERGENCY_DUE, state="met", outcome="in_time")
    at = story.at("2026-06-06 02:00")
    technician.do("finishAppointment", "appointment { id }", appointmentId=visit, at=at, notes="主管已更换")
    _finish(story, emergency["id"], "2026-06-06 02:10", "quality: 管件老化", "更换主管")

    story.at("2026-06-07 09:31")
    alarm = story.alarm(normal["id"], "at_75_percent", "dispatched")
    story.note("On Sunday morning nobody was sent for the hedge yet: the dispatcher is warned.")
    story.expect("warning of the notice", NORMAL_WARNING, story.local(alarm["dueAt"]))
    visit = story.visit(normal["id"], gardener, "2026-06-08 08:00", "2026-06-08 12:00")
    at = story.at("2026-06-07 23:00")
    dispatcher.do("dispatchAppointment", "appointment { id }", appointmentId=visit, at=at)
    story.note("Sunday 23:00 somebody is sent, an hour before the second day ends.")
    story.expect_promise(normal["id"], "dispatched", due=NORMAL_DUE, state="met", outcome="in_time")
    at = story.at("2026-06-08 08:30")
    technician.do("recordArrival", "appointment { id }", appointmentId=visit, at=at)
    at = story.at("2026-06-08 11:30")
    technician.do(
        "finishAppointment", "appointment { id }", appointmentId=visit, at=at, notes="补植 12 株,同品种同规格"
    )
    _finish(story, normal["id"], "2026-06-08 11:40", "company: 养护不到位", "按原设计品种规格补植(P05-37)")
    story.note("Both are done.")
    story.explain(normal["id"], "dispatched")


def _finish(story: Story, ticket_id: str, when: str, cause: str, measures: str) -> None:
    at = story.at(when)
    story.by("engineer").do(
        "resolveTicket", "ticket { id }", "ResolveInput",
        ticketId=ticket_id, resolvedAt=at, cause=cause, measures=measures,
    )  # fmt: skip
    story.by("dispatcher").do("closeTicket", "ticket { state }", ticketId=ticket_id)
    story.expect("state", "closed", story.ticket(ticket_id)["state"])


SCRIPT = Script(
    code="landscaping",
    slug="lvyuan-landscape",
    title="An emergency beside a normal notice",
    clauses=("P05-33", "P05-34", "P05-37"),
    play=play,
)
