"""Where the gate stands: before the tickets' own operations, in every process that serves them."""

import asyncio
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest

from aftersales.fees import service
from aftersales.fees.models import PriceBook
from aftersales.fees.pricing import OrderLine
from aftersales.tickets import service as tickets
from aftersales.tickets.commands import StartWork
from tests.fees.shop import FINANCE, answer, book, publish, quote
from tests.support.refusals import refused
from tests.tickets.world import World

PROGRAM = """
import aftersales_tenants.gateway
from aftersales.tickets import guards
for operation in ("start", "resolve", "close", "cancel", "wait"):
    print(operation, *guards.names(operation))
"""


def test_whoever_opens_units_of_work_has_the_gate() -> None:
    """Given a fresh process, when it can open units of work, then work, result and end of a ticket are guarded."""
    told = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    found = {operation: guards for operation, *guards in (line.split() for line in told.stdout.splitlines())}
    for operation, guard in (
        ("start", "consent_before_work"),
        ("resolve", "consent_before_result"),
        ("close", "document_before_close"),
        ("cancel", "document_before_cancelling"),
    ):
        assert guard in found[operation]
    assert found["wait"] == []


@pytest.mark.clause("P01-05")
async def test_an_expansion_after_the_term_is_quoted_and_a_question_about_it_answered(solar_world: World) -> None:
    """Given the term is over, when an expansion is asked for, then it is no free job; advice costs nothing (A09)."""
    await publish(solar_world)
    ticket = await solar_world.open(kind="upgrade", title="a second collector")
    advice = await quote(solar_world, ticket, lines=(OrderLine(item="consultation", code="phone"),))
    assert (advice.total, advice.state) == (Decimal("0.00"), "not_required")
    offered = await quote(solar_world, ticket)
    start = StartWork(ticket_id=ticket.id)
    assert (await refused(solar_world, tickets.start_work, start)).code == "CONSENT_REQUIRED"
    await solar_world.do(service.answer_quote, answer(solar_world, offered))
    assert (await solar_world.do(tickets.start_work, start)).state == "in_progress"


async def test_two_price_books_for_one_period_are_not_published_at_once(solar_world: World) -> None:
    outcomes = await asyncio.gather(
        *(
            solar_world.do(service.publish_price_book, book(valid_from=date(2026, 1, day)), FINANCE)
            for day in (1, 2, 3)
        ),
        return_exceptions=True,
    )
    assert [getattr(outcome, "code", "") for outcome in outcomes].count("PRICE_BOOK_OVERLAPS") == 2
    assert len(await solar_world.read(PriceBook)) == 1
