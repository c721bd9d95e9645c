"""Plan 8: a general fault turns complex over the National Day holiday; phone, remote, on site near Beijing."""

from aftersales_server.demo.stories.story import Script, Story

# 2026: National Day closes 1 to 7 October; Saturday 10 October is a make-up working day.
#
# Call Wed 30 Sep 10:00, general: feedback 1 h -> 11:00, resolved 8 h -> 18:00 (P08-12, P08-13; elapsed, A45).
FEEDBACK_DUE = "2026-09-30 11:00"
RESOLVED_DUE = "2026-09-30 18:00"
# Complex: 3 working days after the call (A48): Thu 8, Fri 9, Sat 10 October (make-up) -> 24:00 of the 10th.
PLAN_DUE = "2026-10-11 00:00"
# 75 % of the working time in between: 14 h of 30 Sep + 3 x 24 h = 86 h; 64.5 h = 14 + 24 + 24 + 2.5 -> 10 Oct 02:30.
PLAN_WARNING = "2026-10-10 02:30"
# Langfang (GB/T 2260 131002) is "around Beijing": 12 h from the decision on Fri 9 Oct 09:00 (P08-20, A46).
ON_SITE_DUE = "2026-10-09 21:00"


def play(story: Story) -> None:
    """From the call to the satisfied user."""
    asset = story.find(
        "assets", 'number: {eq: "HIS-LF"}', "id customer { id contacts { id mayAuthorise } } site { id }"
    )
    contact = next(row["id"] for row in asset["customer"]["contacts"] if row["mayAuthorise"])
    engineer = story.find("engineers", 'code: {eq: "E01"}')["id"]
    dispatcher, technician = story.by("dispatcher"), story.by("engineer")

    at = story.at("2026-09-30 10:00")
    ticket = story.open_ticket(
        "HIS",
        "dispatcher",
        kind="fault",
        channel="phone",
        title="门诊收费无法打印发票",
        description="三个收费窗口同时报错,重启无效。",
        customerId=asset["customer"]["id"],
        contactId=contact,
        assetId=asset["id"],
        reportedAt=at,
        call={"handlerName": "调度员", "caller": "刘主任", "notes": "收费窗口报错", "phone": "0316-200-0002"},
    )
    ticket_id = ticket["id"]
    story.note("The hospital calls: cashiers can't print invoices. Graded general, a named person records the call.")
    story.expect("grade", "general", ticket["grade"])
    story.expect("region class", "around_beijing", ticket["regionClass"])
    story.expect_promise(ticket_id, "acknowledged", due=FEEDBACK_DUE, clause="P08-12", source="vertical")
    story.expect_promise(ticket_id, "resolved", due=RESOLVED_DUE, clause="P08-13", source="vertical")

    at = story.at("2026-09-30 10:45")
    technician.do(
        "recordAttempt", "ticket { id }",
        ticketId=ticket_id, step="phone", outcome="unsolved", startedAt=_shanghai("10:20"), endedAt=at,
        notes="电话指导重装打印驱动,仍报错。",
    )  # fmt: skip
    story.note("A technician answers at 10:20; the phone doesn't solve it by 10:45.")
    story.expect_promise(ticket_id, "acknowledged", due=FEEDBACK_DUE, state="met", outcome="in_time")

    refused = story.refusal(
        lambda: technician.do("escalateStep", "ticket { id }", ticketId=ticket_id, to="on_site"),
        "a visit before remote was tried",
    )
    story.expect("refusal of a visit before remote (P08-19)", ["LADDER_STEP_REQUIRED"], refused)

    story.at("2026-09-30 10:55")
    technician.do(
        "regradeTicket", "ticket { grade }", "RegradeInput",
        ticketId=ticket_id, facts={"is_complex": True, "data_affected": True}, reason="收费与医保接口数据不一致",
    )  # fmt: skip
    story.note("Triage finds it complex: eight hours no longer run, a plan is owed in three working days.")
    story.expect_promise(ticket_id, "plan_proposed", due=PLAN_DUE, clause="P08-14")
    story.expect_promise(ticket_id, "resolved", due=None, clause="P08-14", state="running")

    story.at("2026-09-30 11:00")
    dispatcher.do(
        "authoriseRemote", "authorisation { id }",
        ticketId=ticket_id, contactId=contact, purpose="检查收费与医保接口", validFrom=_shanghai("11:00"),
        validUntil=_shanghai("13:00"), grantedThrough="phone",
    )  # fmt: skip
    at = story.at("2026-09-30 11:05")
    session = technician.do(
        "openRemoteSession", "session { id }", ticketId=ticket_id, engineerId=engineer, startedAt=at
    )["session"]["id"]
    at = story.at("2026-09-30 11:40")
    closed = technician.do(
        "closeRemoteSession", "session { minutes log }",
        sessionId=session, log="核对接口日志,需现场更换前置机配置。", outcome="unsolved", endedAt=at,
        findings="前置机证书损坏",
    )["session"]  # fmt: skip
    story.note("The customer authorises 11:00 to 13:00; a remote session of 35 minutes finds the cause, not the cure.")
    story.expect("minutes of the remote session", 35, closed["minutes"])

    at = story.at("2026-10-09 09:00")
    dispatcher.do("decideOnSite", "ticket { id }", ticketId=ticket_id, at=at, instructions="携带备用前置机")
    story.note("After the holiday somebody has to go: Langfang lies around Beijing.")
    story.expect_promise(ticket_id, "on_site", due=ON_SITE_DUE, clause="P08-20")
    visit = story.visit(ticket_id, engineer, "2026-10-09 16:00", "2026-10-09 20:00")
    at = story.at("2026-10-09 13:00")
    dispatcher.do("dispatchAppointment", "appointment { id }", appointmentId=visit, at=at)
    at = story.at("2026-10-09 17:30")
    technician.do("recordArrival", "appointment { id }", appointmentId=visit, at=at)
    story.note("The engineer arrives.")
    story.expect_promise(ticket_id, "on_site", due=ON_SITE_DUE, state="met", outcome="in_time")
    at = story.at("2026-10-09 20:30")
    technician.do("finishAppointment", "appointment { id }", appointmentId=visit, at=at, notes="前置机已更换")

    story.at("2026-10-10 02:31")
    alarm = story.alarm(ticket_id, "at_75_percent", "plan_proposed")
    story.note("The worker warns: three quarters of the time for the plan are over.")
    story.expect("warning of the plan", PLAN_WARNING, story.local(alarm["dueAt"]))
    story.expect("told of the warning", "dispatcher", alarm["role"])

    at = story.at("2026-10-10 11:00")
    technician.do(
        "proposePlan", "ticket { id }", ticketId=ticket_id, at=at, plan="更换前置机证书,补传 214 笔医保数据。"
    )
    story.note("On the make-up Saturday the plan is proposed.")
    story.expect_promise(ticket_id, "plan_proposed", due=PLAN_DUE, state="met", outcome="in_time")
    at = story.at("2026-10-10 16:00")
    technician.do(
        "resolveTicket", "ticket { id }", "ResolveInput",
        ticketId=ticket_id, resolvedAt=at, cause="software_defect: 前置机证书损坏", measures="更换证书,补传数据",
    )  # fmt: skip
    story.by("customer").do("confirmTicket", "ticket { id }", ticketId=ticket_id, satisfied=True, comment="恢复正常")
    dispatcher.do("closeTicket", "ticket { state }", ticketId=ticket_id)
    story.note("Resolved; the user is satisfied, so the ticket may be closed (P08-21).")
    story.expect_promise(ticket_id, "resolved", due=None, state="met", outcome="untimed")
    story.expect("state", "closed", story.ticket(ticket_id)["state"])
    story.explain(ticket_id, "plan_proposed")


def _shanghai(time: str) -> str:
    return f"2026-09-30T{time}:00+08:00"


SCRIPT = Script(
    code="hospital",
    slug="huakang-his",
    title="A hospital's fault turns complex over a holiday",
    clauses=("P08-11", "P08-12", "P08-13", "P08-14", "P08-15", "P08-16", "P08-19", "P08-20", "P08-21"),
    play=play,
)
