"""Plan 6: a car in the workshop; arrival recorded and uploaded, targets from statute, tenant and default."""

from typing import Any

from aftersales_server.demo.client import wait_for
from aftersales_server.demo.receiver import Receiver, receiving
from aftersales_server.demo.stories.story import Script, Story

LAW = "家用汽车产品修理更换退货责任规定"
# Arrival Sat 20 June 2026, 09:10 (P06-03's own example). The dealership set itself 30 minutes for an answer -> 09:40.
ANSWER_DUE = "2026-06-20 09:40"
# A repair under the statutory warranty: five days, the day of arrival not counted: 21, 22, 23, 24, 25 June -> 24:00.
REPAIR_DUE = "2026-06-26 00:00"
KILOMETRES = 18_650


def play(story: Story) -> None:
    """From the gate to the key."""
    with receiving() as dealer_system:
        endpoint = _register(story, dealer_system)
        try:
            _visit(story, dealer_system)
        finally:
            _switch_off(story, endpoint)


def _visit(story: Story, dealer_system: Receiver) -> None:
    asset = story.find("assets", 'number: {eq: "CAR-ZH"}', "id customer { id } site { id }")
    workshop = story.find("serviceUnits", 'code: {eq: "JB01"}')["id"]
    dispatcher, technician = story.by("dispatcher"), story.by("engineer")

    at = story.at("2026-06-20 09:10")
    ticket = story.open_ticket(
        "brakes",
        "dispatcher",
        kind="fault",
        channel="visit",
        title="制动异响",
        component="brakes",
        customerId=asset["customer"]["id"],
        assetId=asset["id"],
        workType="warranty_repair",
        serviceUnitId=workshop,
        facts={"drivable": True},
        reportedAt=at,
    )
    ticket_id = ticket["id"]
    arrival = dispatcher.do(
        "checkIn", "arrival { id arrivedAt synchronisation }",
        assetId=asset["id"], arrivedAt=at, serviceUnitId=workshop, usage=KILOMETRES, ticketId=ticket_id,
        phone="136-1000-0009",
    )["arrival"]  # fmt: skip
    story.note("The car arrives; the front desk records it, reads the meter, and refreshes the phone number.")
    story.expect("arrival", "2026-06-20 09:10", story.local(arrival["arrivedAt"]))
    story.expect("synchronisation at check-in", "queued", arrival["synchronisation"])
    story.expect("contact data confirmed on", "2026-06-20", _customer(story, asset["id"])["contactConfirmedOn"])
    story.expect_promise(ticket_id, "acknowledged", due=ANSWER_DUE, source="tenant", clause=None)
    story.expect_promise(ticket_id, "plan_proposed", due=None, source="default")
    story.expect_promise(ticket_id, "resolved", due=REPAIR_DUE, source="statute", clause=LAW)

    upload = wait_for("the arrival at the dealer system", lambda: _upload(dealer_system, arrival["id"]))
    wait_for("the arrival's mark that it was uploaded", lambda: _done(story, asset["id"], arrival["id"]))
    story.note("The dealer system has the arrival, signed; the record says so.")
    story.expect("kilometres in the upload", KILOMETRES, upload["usage"])

    at = story.at("2026-06-20 09:25")
    dispatcher.do("acknowledgeTicket", "ticket { id }", "AcknowledgeInput", ticketId=ticket_id, at=at, notes="已接待")
    story.note("The service adviser answers within the half hour that the dealership set itself.")
    story.expect_promise(ticket_id, "acknowledged", due=ANSWER_DUE, state="met", outcome="in_time")
    at = story.at("2026-06-20 11:00")
    technician.do("proposePlan", "ticket { id }", ticketId=ticket_id, at=at, plan="更换前制动片,检查制动盘。")
    story.note("The repair is proposed: plan 6 names no time for it, so it is tracked only.")
    story.expect_promise(ticket_id, "plan_proposed", due=None, state="met", outcome="untimed")

    at = story.at("2026-06-23 17:00")
    technician.do(
        "resolveTicket", "ticket { id }", "ResolveInput",
        ticketId=ticket_id, resolvedAt=at, cause="product_quality: 制动片磨损异常", measures="三包更换前制动片",
    )  # fmt: skip
    dispatcher.do("closeTicket", "ticket { state }", ticketId=ticket_id)
    story.note("Repaired on the third day, before the law's loaner falls due.")
    story.expect_promise(ticket_id, "resolved", due=REPAIR_DUE, state="met", outcome="in_time")
    story.expect("state", "closed", story.ticket(ticket_id)["state"])
    story.explain(ticket_id, "resolved")


def _register(story: Story, dealer_system: Receiver) -> str:
    """Have arrivals sent to the receiver, and to none that an earlier run left behind."""
    owner = story.by("owner")
    listed = owner.query("{ webhookEndpoints(first: 100) { nodes { id url active } } }")["webhookEndpoints"]["nodes"]
    for row in listed:
        if row["active"] and row["url"].startswith("http://127.0.0.1:"):
            _switch_off(story, row["id"])
    made = owner.do("addWebhookEndpoint", "endpoint { id } secret", url=dealer_system.url, eventKinds=["dms.arrival"])
    dealer_system.secret = made["secret"]
    found: str = made["endpoint"]["id"]
    return found


def _switch_off(story: Story, endpoint_id: str) -> None:
    story.by("owner").do("updateWebhookEndpoint", "endpoint { id }", endpointId=endpoint_id, active=False)


def _upload(dealer_system: Receiver, arrival_id: str) -> dict[str, Any] | None:
    uploads = [body["data"] for body in dealer_system.received if body["type"] == "dms.arrival"]
    return uploads[-1] if uploads else None


def _done(story: Story, asset_id: str, arrival_id: str) -> bool | None:
    text = "query Arrivals($id: ID!) { asset(id: $id) { arrivals { id synchronisation } } }"
    arrivals = story.by("dispatcher").query(text, id=asset_id)["asset"]["arrivals"]
    return True if any(row["id"] == arrival_id and row["synchronisation"] == "done" for row in arrivals) else None


def _customer(story: Story, asset_id: str) -> dict[str, Any]:
    text = "query Owner($id: ID!) { asset(id: $id) { customer { contactConfirmedOn phone } } }"
    found: dict[str, Any] = story.by("dispatcher").query(text, id=asset_id)["asset"]["customer"]
    return found


SCRIPT = Script(
    code="workshop",
    slug="jingbei-4s",
    title="A workshop visit",
    clauses=("P06-03",),
    play=play,
)
