"""Plan 9: a tank leaks; the local agent misses four hours, the company's twelve-hour backstop holds."""

from aftersales_server.demo.stories.story import Script, Story

# Call Wed 10 June 2026, 08:00: the agent's four hours -> 12:00 (P09-06), the company's twelve -> 20:00 (P09-07, A49).
AGENT_DUE = "2026-06-10 12:00"
COMPANY_DUE = "2026-06-10 20:00"
# Three quarters of each: 08:00 + 3 h and 08:00 + 9 h.
AGENT_WARNING = "2026-06-10 11:00"
COMPANY_WARNING = "2026-06-10 17:00"


def play(story: Story) -> None:
    """From the call to the new tank."""
    asset = story.find("assets", 'number: {eq: "SW-QF-3"}', "id customer { id } site { id }")
    agent_unit = story.find("serviceUnits", 'code: {eq: "LX-AGENT"}')["id"]
    company_engineer = story.find("engineers", 'code: {eq: "E01"}')["id"]
    dispatcher, technician = story.by("dispatcher"), story.by("engineer")

    at = story.at("2026-06-10 08:00")
    ticket = story.open_ticket(
        "tank",
        "dispatcher",
        kind="fault",
        channel="phone",
        title="储热水箱漏水",
        description="楼顶水箱底部持续漏水。",
        customerId=asset["customer"]["id"],
        siteId=asset["site"]["id"],
        assetId=asset["id"],
        component="tank",
        symptom="leak",
        facts={"leaking": True},
        workType="emergency_repair",
        serviceUnitId=agent_unit,
        reportedAt=at,
        call={"handlerName": "客服中心", "caller": "孟管家", "notes": "水箱漏水"},
    )
    ticket_id = ticket["id"]
    story.note("The caretaker calls the local agent: the tank leaks.")
    story.expect("grade", "emergency", ticket["grade"])
    story.expect_promise(ticket_id, "on_site", "agent", due=AGENT_DUE, clause="P09-06")
    story.expect_promise(ticket_id, "on_site", "company", due=COMPANY_DUE, clause="P09-07")

    story.at("2026-06-10 11:01")
    alarm = story.alarm(ticket_id, "agent_at_75_percent", "on_site")
    story.note("Nobody has been there at 11:00: the agent is reminded.")
    story.expect("the agent's warning", AGENT_WARNING, story.local(alarm["dueAt"]))
    story.expect("told of the agent's warning", "dealer", alarm["role"])

    story.at("2026-06-10 12:01")
    alarm = story.alarm(ticket_id, "agent_missed", "on_site")
    story.note("The agent missed its four hours: no breach yet, the duty passes to the company.")
    story.expect("kind of the alarm", "handover", alarm["kind"])
    story.expect("the handover", AGENT_DUE, story.local(alarm["dueAt"]))
    story.expect(
        "handed over at", AGENT_DUE, story.local(story.commitment(ticket_id, "on_site", "agent")["handedOverAt"])
    )
    story.expect_promise(ticket_id, "on_site", "company", due=COMPANY_DUE, state="running")

    at = story.at("2026-06-10 12:20")
    dispatcher.do("decideOnSite", "ticket { id }", ticketId=ticket_id, at=at, workType="emergency_repair")
    visit = story.visit(ticket_id, company_engineer, "2026-06-10 17:00", "2026-06-10 21:00")
    at = story.at("2026-06-10 15:00")
    dispatcher.do("dispatchAppointment", "appointment { id }", appointmentId=visit, at=at)
    story.note("The office sends its own engineer.")

    story.at("2026-06-10 17:01")
    alarm = story.alarm(ticket_id, "at_75_percent", "on_site")
    story.note("Nine of twelve hours are over: the dispatcher is warned.")
    story.expect("the company's warning", COMPANY_WARNING, story.local(alarm["dueAt"]))

    at = story.at("2026-06-10 19:40")
    technician.do("recordArrival", "appointment { id }", appointmentId=visit, at=at)
    story.note("The company's engineer arrives: the backstop holds, the agent's promise stays missed.")
    story.expect_promise(ticket_id, "on_site", "company", due=COMPANY_DUE, state="met", outcome="in_time")
    story.expect_promise(ticket_id, "on_site", "agent", due=AGENT_DUE, state="missed", outcome="late")

    at = story.at("2026-06-10 21:00")
    technician.do("finishAppointment", "appointment { id }", appointmentId=visit, at=at, notes="水箱已更换")
    technician.do(
        "resolveTicket", "ticket { id }", "ResolveInput",
        ticketId=ticket_id, resolvedAt=at, cause="product_quality: 内胆焊缝开裂",
        measures="保修期内免费更换水箱(P09-14)",
    )  # fmt: skip
    dispatcher.do("closeTicket", "ticket { state }", ticketId=ticket_id)
    story.note("The tank is replaced under warranty; the ticket is closed.")
    story.expect("state", "closed", story.ticket(ticket_id)["state"])
    story.explain(ticket_id, "on_site", "company")


SCRIPT = Script(
    code="tank_leak",
    slug="hefeng-solar",
    title="A tank leaks and the agent is late",
    clauses=("P09-05", "P09-06", "P09-07", "P09-21", "P14-06", "P14-07", "P14-21"),
    play=play,
)
