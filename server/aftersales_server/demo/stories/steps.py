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
