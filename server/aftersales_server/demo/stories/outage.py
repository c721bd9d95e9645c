"""Plan 10: a grade-1 outage on a Sunday evening; on-call, lead group, emergency plan, the tenant's four hours."""

from aftersales_server.demo.stories.story import Script, Story

# Sunday 14 June 2026, 20:00 lies outside 08:30 to 17:00, Monday to Friday (P10-28): the on-call mobile (P10-29).
# Call-back "at once": our default of five minutes (P10-20, A59) -> 20:05.
CALL_BACK_DUE = "2026-06-14 20:05"
# The phone fails at 20:30; the tenant's table gives grade 1 four hours (P10-19, A57) -> Monday 15 June 00:30.
ON_SITE_DUE = "2026-06-15 00:30"
# Three quarters of four hours: 20:30 + 3 h.
ON_SITE_WARNING = "2026-06-14 23:30"
# Crash 19:50, running again 01:10: 5 h 20 min = 19,200 s (P10-09).
RESTORE_SECONDS = 19_200


def play(story: Story) -> None:
    """From the crash to the restored system."""
    asset = story.find("assets", 'number: {eq: "PM-JG"}', "id customer { id contacts { id name } } site { id }")
    contact = next(row["id"] for row in asset["customer"]["contacts"] if row["name"] == "许工")
    engineer = story.find("engineers", 'code: {eq: "E01"}')["id"]
    dispatcher, technician = story.by("dispatcher"), story.by("engineer")

    at = story.at("2026-06-14 20:00")
    ticket = story.open_ticket(
        "outage",
        "dispatcher",
        kind="fault",
        channel="phone",
        title="项目管理系统全面中断",
        description="所有用户无法登录,服务无响应。",
        customerId=asset["customer"]["id"],
        contactId=contact,
        assetId=asset["id"],
        component="server",
        facts={"down": True},
        errorCode="E500",
        crashedAt="2026-06-14T19:50:00+08:00",
        reportedAt=at,
        call={"handlerName": "值班手机", "caller": "许工", "notes": "全员无法登录", "phone": "139-5800-0003"},
    )
    ticket_id = ticket["id"]
    story.told(ticket_id, "owner")
    story.told(ticket_id, "quality_supervisor")
    story.note("Sunday 20:00: the system is down. Grade 1; the desk is closed, so the on-call mobile has it.")
    story.expect("grade", "G1", ticket["grade"])
    story.expect("queue", "on_call", ticket["queue"])
    story.expect("emergency", True, ticket["emergency"])
    story.expect_promise(ticket_id, "acknowledged", due=CALL_BACK_DUE, clause="P10-20", source="default")

    at = story.at("2026-06-14 20:30")
    technician.do(
        "recordAttempt", "ticket { id }",
        ticketId=ticket_id, step="phone", outcome="unsolved", startedAt="2026-06-14T20:04:00+08:00", endedAt=at,
        notes="电话指导重启服务,数据库无法启动。",
    )  # fmt: skip
    story.note("Called back at 20:04; by 20:30 the phone can't solve it.")
    story.expect_promise(ticket_id, "acknowledged", due=CALL_BACK_DUE, state="met", outcome="in_time")
    story.expect_promise(ticket_id, "on_site", due=ON_SITE_DUE, clause="P10-19", source="tenant")

    story.at("2026-06-14 20:35")
    refused = story.refusal(
        lambda: technician.do("startWork", "ticket { id }", ticketId=ticket_id), "work before the emergency plan"
    )
    story.expect("refusal of work without a plan", ["EMERGENCY_PLAN_REQUIRED"], refused)
    story.at("2026-06-14 20:40")
    dispatcher.do(
        "addEmergencyPlan", "ticket { id }",
        ticketId=ticket_id, body="切换备用服务器;从 19:30 备份恢复;林涛带备件到现场。",
    )  # fmt: skip
    at = story.at("2026-06-14 20:45")
    dispatcher.do("decideOnSite", "ticket { id }", ticketId=ticket_id, at=at, workType="recovery")
    story.note("Owner and quality supervisor convene; only with the emergency plan may work go on (P10-26).")
    story.expect_promise(ticket_id, "on_site", due=ON_SITE_DUE, clause="P10-19", state="running")
    visit = story.visit(ticket_id, engineer, "2026-06-14 21:00", "2026-06-15 02:00")
    at = story.at("2026-06-14 21:30")
    dispatcher.do("dispatchAppointment", "appointment { id }", appointmentId=visit, at=at)

    story.at("2026-06-14 23:31")
    alarm = story.alarm(ticket_id, "at_75_percent", "on_site")
    story.note("The worker warns the dispatcher: an hour is left.")
    story.expect("warning of the arrival", ON_SITE_WARNING, story.local(alarm["dueAt"]))
    at = story.at("2026-06-14 23:50")
    technician.do("recordArrival", "appointment { id }", appointmentId=visit, at=at)
    story.note("The engineer is in the machine room.")
    story.expect_promise(ticket_id, "on_site", due=ON_SITE_DUE, state="met", outcome="in_time")

    at = story.at("2026-06-15 01:10")
    restored = technician.do("reportRestored", "ticket { restoreSeconds }", ticketId=ticket_id, restoredAt=at)["ticket"]
    story.expect("seconds from crash to restoration", RESTORE_SECONDS, restored["restoreSeconds"])
    story.expect_promise(ticket_id, "restored", due=None, state="met", outcome="untimed", clause="P10-09")
    at = story.at("2026-06-15 01:30")
    technician.do("finishAppointment", "appointment { id }", appointmentId=visit, at=at, notes="备用服务器已接管")
    technician.do(
        "resolveTicket", "ticket { id }", "ResolveInput",
        ticketId=ticket_id, resolvedAt=at, cause="hardware: 数据库磁盘损坏", measures="切换备用服务器并恢复备份",
    )  # fmt: skip
    dispatcher.do("closeTicket", "ticket { state }", ticketId=ticket_id)
    story.note("The system runs again after 5 h 20 min: kept on record, although no number was promised (P10-09).")
    story.expect("state", "closed", story.ticket(ticket_id)["state"])
    story.explain(ticket_id, "on_site")


SCRIPT = Script(
    code="outage",
    slug="zhuxin-pm",
    title="A grade-1 outage on a Sunday evening",
    clauses=("P10-09", "P10-15", "P10-19", "P10-20", "P10-26", "P10-28", "P10-29", "P10-30"),
    play=play,
)
