"""A calendar that changes moves what lists and dispatchers see of a ticket, not only its clocks."""

from aftersales.calendars.service import SaveCalendar, save_calendar
from aftersales.commitments import service as commitments
from aftersales.commitments.targets import choose
from aftersales.kit.actor import SYSTEM
from aftersales.tickets.handling import refresh_due, subject_of, target_facts
from aftersales.tickets.models import Ticket
from tests.commitments.promises import target
from tests.fixtures.database import TestPlatform
from tests.tickets.world import settle


async def test_a_saved_calendar_moves_its_tickets_next_deadline_too(platform: TestPlatform) -> None:
    """Given a ticket whose nearest deadline runs by a desk of two hours a day, when the desk is saved anew to be
    open day and night, then the ticket shows the new deadline in the same transaction."""
    world = await settle(platform, {"solar": {}}, vertical="solar", asset_type="solar_water_heater")
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    short = {"zone": "Asia/Shanghai", "weekly": {day: [["09:00", "11:00"]] for day in days}}
    long = {"zone": "Asia/Shanghai", "weekly": {day: [["00:00", "24:00"]] for day in days}}
    await world.do(save_calendar, SaveCalendar(code="own_desk", name="Desk", definition=short), SYSTEM)
    ticket = await world.open()
    signed = target("signed", "plan_proposed", 20, "working_hour", source="contract", calendar="own_desk")
    async with world.work(SYSTEM) as uow:
        stored = await uow.get(Ticket, ticket.id, for_update=True)
        await commitments.cancel(uow, subject_of(stored), "only the plan is owed", uow.now)
        facts = await target_facts(uow, stored)
        agreed = type(facts)(**{**vars(facts), "contract_targets": (signed,)})
        choice = choose((), agreed)["plan_proposed", "company"]
        ledger = await commitments.Ledger.of(uow, subject_of(stored))
        ledger.begin(choice, agreed, "reported", uow.now)
        await refresh_due(uow, stored)
    before = (await world.ticket(ticket.id)).next_due_at
    await world.do(save_calendar, SaveCalendar(code="own_desk", name="Desk", definition=long), SYSTEM)
    after = (await world.ticket(ticket.id)).next_due_at
    assert before is not None
    assert after is not None
    assert after < before
    async with world.work(SYSTEM) as uow:
        assert after == await commitments.earliest_due(uow, subject_of(ticket))
