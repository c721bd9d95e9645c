"""What stories about money have in common: prices, assets of their own, a ticket's way to its end."""

from typing import Any

from aftersales_server.demo.stories.story import Story, instant

PRICES = "query Prices { priceBooks(first: 50) { nodes { id name } } }"

WHY = "query Why($id: ID!) { coverageExplanation(coverageDecisionId: $id) { summary rules } }"


def publish_prices(story: Story, name: str, **given: Any) -> None:
    """Publish a price table unless an earlier playing did."""
    known = story.by("finance").query(PRICES)["priceBooks"]["nodes"]
    if not any(row["name"] == name for row in known):
        story.by("finance").do("publishPriceBook", "priceBook { id }", name=name, **given)


def new_asset(story: Story, beside: str, **given: Any) -> dict[str, Any]:
    """Register an asset for the customer and site of the asset with the number `beside`."""
    owned = story.find("assets", f'number: {{eq: "{beside}"}}', "customer { id } site { id }")
    made = story.by("dispatcher").do(
        "registerAsset",
        "asset { id customer { id } site { id } }",
        customerId=owned["customer"]["id"],
        siteId=owned["site"]["id"],
        **given,
    )
    asset: dict[str, Any] = made["asset"]
    return asset


def report_fault(story: Story, name: str, asset: dict[str, Any], at: str, **given: Any) -> str:
    """Open a fault ticket on an asset at a local time; its id."""
    ticket = story.open_ticket(
        name, "dispatcher", kind="fault", channel="phone", customerId=asset["customer"]["id"],
        siteId=asset["site"]["id"] if asset["site"] else None, assetId=asset["id"], reportedAt=instant(at),
        call={"handlerName": "客服中心", "caller": "用户", "notes": given["title"]}, **given,
    )  # fmt: skip
    found: str = ticket["id"]
    return found


def decide(story: Story, ticket_id: str, **given: Any) -> dict[str, Any]:
    """Decide whether the work is free; the verdict."""
    decided = story.by("engineer").do(
        "decideCoverage",
        "decision { id outcome payer reason clause lastDay sequence }",
        ticketId=ticket_id,
        **given,
    )
    verdict: dict[str, Any] = decided["decision"]
    return verdict


def why(story: Story, verdict: dict[str, Any]) -> str:
    """The API's own words on a verdict: what decided, and what lost."""
    told = story.by("dispatcher").query(WHY, id=verdict["id"])["coverageExplanation"]
    return "\n".join([told["summary"], *told["rules"]])


def offer(story: Story, ticket_id: str, **given: Any) -> dict[str, Any]:
    """Issue a quote; its totals."""
    issued = story.by("finance").do(
        "issueQuote", "quote { id number net vat total state }", ticketId=ticket_id, **given
    )
    quote: dict[str, Any] = issued["quote"]
    return quote


def finish(story: Story, ticket_id: str, at: str, cause: str, measures: str) -> None:
    """Report the result of the work at a local time."""
    story.by("engineer").do(
        "resolveTicket", "ticket { id }", "ResolveInput", ticketId=ticket_id, resolvedAt=instant(at), cause=cause,
        measures=measures,
    )  # fmt: skip


def charge(story: Story, ticket_id: str) -> str:
    """Charge what was agreed and write the receipt; its total."""
    story.by("finance").do("chargeWork", "charges { id }", ticketId=ticket_id)
    issued = story.by("finance").do("issueInvoice", "invoice { number total }", ticketId=ticket_id, kind="receipt")
    total: str = issued["invoice"]["total"]
    return total


def sign_contract(story: Story, asset: dict[str, Any], **given: Any) -> str:
    """Sign a contract about an asset with its customer; its id."""
    signed = story.by("owner").do(
        "signContract", "contract { id }", customerId=asset["customer"]["id"], lines=[{"assetId": asset["id"]}], **given
    )
    found: str = signed["contract"]["id"]
    return found


def happened(story: Story, role: str, contract_id: str, event: str, on: str) -> dict[str, Any]:
    """Note on which day something happened in a contract's life; the contract as it stands then."""
    noted = story.by(role).do(
        "recordContractEvent", "contract { phase phaseSince freeUntil }", contractId=contract_id, event=event, on=on
    )
    contract: dict[str, Any] = noted["contract"]
    return contract


def name_trainee(story: Story, asset: dict[str, Any], name: str, role: str, **given: Any) -> str:
    """The customer names one of its people for training; the person's id."""
    named = story.by("customer").do(
        "nameTrainee", "trainee { id }", name=name, role=role, customerId=asset["customer"]["id"], **given
    )
    found: str = named["trainee"]["id"]
    return found


def plan_class(story: Story, duty_id: str, trainer_id: str, starts: str, ends: str, **given: Any) -> str:
    """Plan a class for a course that is due, in a local window, and have the customer agree; its id."""
    planned = story.by("dispatcher").do(
        "planTrainingSession", "session { id }", "PlanSessionInput", trainingDutyId=duty_id, trainerId=trainer_id,
        startsAt=instant(starts), endsAt=instant(ends), **given,
    )  # fmt: skip
    found: str = planned["session"]["id"]
    story.by("customer").do("agreeTrainingSession", "session { state }", "AgreeSessionInput", trainingSessionId=found)
    return found


def assess(story: Story, session_id: str, trainee_id: str, **shown: bool) -> None:
    """Note what somebody showed at the end of a class."""
    results = [{"outcome": outcome, "passed": passed} for outcome, passed in shown.items()]
    story.by("dispatcher").do(
        "assessTrainee", "enrolment { id }", trainingSessionId=session_id, traineeId=trainee_id, results=results
    )


def hold_class(story: Story, session_id: str, trainee_ids: list[str], until: str) -> None:
    """Confirm a class, teach all of it to these people, and note at its local end that it was held."""
    office, this = story.by("dispatcher"), {"trainingSessionId": session_id}
    confirmed = office.do("confirmTrainingSession", "session { units }", "ConfirmSessionInput", **this)["session"]
    for trainee in trainee_ids:
        office.do("enrolTrainee", "enrolment { id }", traineeId=trainee, **this)
    story.at(until)
    for trainee in trainee_ids:
        office.do("recordAttendance", "enrolment { id }", traineeId=trainee, units=confirmed["units"], **this)
    office.do("holdTrainingSession", "session { state }", "HoldSessionInput", **this)
