"""Work orders and the people who do the work."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from aftersales.tickets import service as tickets
from aftersales.tickets.commands import CancelTicket
from aftersales.work import service
from aftersales.work.models import Engineer, EngineerCertificate, WorkOrderLine
from tests.support.refusals import refused
from tests.tickets.world import World, member
from tests.work.visiting import order


async def test_an_order_is_of_a_type_of_the_vertical(solar_world: World) -> None:
    ticket = await solar_world.open()
    assert (await order(solar_world, ticket)).work_type == "any"
    unknown = service.CreateWorkOrder(ticket_id=ticket.id, work_type="magic")
    error = await refused(solar_world, service.create_work_order, unknown)
    assert (error.code, error.field) == ("WORK_TYPE_UNKNOWN", "workType")


async def test_nothing_is_ordered_for_a_ticket_that_is_over(solar_world: World) -> None:
    ticket = await solar_world.open()
    await solar_world.do(tickets.cancel_ticket, CancelTicket(ticket_id=ticket.id, reason="Twice"))
    error = await refused(solar_world, service.create_work_order, service.CreateWorkOrder(ticket_id=ticket.id))
    assert error.code == "TICKET_STATE_REFUSED"


@pytest.mark.parametrize("quantity", [Decimal(number) for number in ("0", "-1", "NaN", "1e9", "0.0004", "100000.0005")])
async def test_a_quantity_is_a_positive_number(solar_world: World, quantity: Decimal) -> None:
    work_order = await order(solar_world, await solar_world.open())
    line = service.AddWorkOrderLine(work_order_id=work_order.id, kind="labour", description="Hours", quantity=quantity)
    error = await refused(solar_world, service.add_work_order_line, line)
    assert (error.code, error.field) == ("QUANTITY_INVALID", "quantity")


async def test_an_order_is_completed_signed_off_and_then_closed_to_changes(solar_world: World) -> None:
    work_order = await order(solar_world, await solar_world.open())
    line = service.AddWorkOrderLine(
        work_order_id=work_order.id, kind="labour", description="Hours", quantity=Decimal("1.5")
    )
    await solar_world.do(service.add_work_order_line, line)
    early = service.SignOffWorkOrder(work_order_id=work_order.id, signed_off_by="Dr. Li")
    assert (await refused(solar_world, service.sign_off_work_order, early)).code == "WORK_ORDER_STATE_REFUSED"
    blank = service.CompleteWorkOrder(work_order_id=work_order.id, cause="", measures="x")
    assert (await refused(solar_world, service.complete_work_order, blank)).field == "cause"
    stale = service.CompleteWorkOrder(work_order_id=work_order.id, cause="a", measures="b", expected_version=4)
    assert (await refused(solar_world, service.complete_work_order, stale)).code == "VERSION_STALE"
    await solar_world.do(
        service.complete_work_order,
        service.CompleteWorkOrder(work_order_id=work_order.id, cause="Leak", measures="Sealed", expected_version=1),
    )
    await solar_world.do(service.sign_off_work_order, early)
    assert (await refused(solar_world, service.add_work_order_line, line)).code == "WORK_ORDER_STATE_REFUSED"
    [kept] = await solar_world.read(WorkOrderLine)
    assert kept.quantity == Decimal("1.5")


async def test_an_order_is_cancelled_with_a_reason(solar_world: World) -> None:
    work_order = await order(solar_world, await solar_world.open())
    command = service.CancelWorkOrder(work_order_id=work_order.id, reason="Solved by phone")
    assert (await refused(solar_world, service.cancel_work_order, command, member("engineer"))).code == "FORBIDDEN"
    assert (await solar_world.do(service.cancel_work_order, command)).state == "cancelled"


async def test_an_engineer_is_taken_up_and_changed(solar_world: World) -> None:
    created = await solar_world.do(
        service.create_engineer,
        service.CreateEngineer(code="E9", name="Qian", skills=("pump", "pump", "tank"), regions=("1101", "11")),
    )
    await solar_world.do(
        service.update_engineer,
        service.UpdateEngineer(engineer_id=created.id, party="agent", skills=("tank",), expected_version=1),
    )
    await solar_world.do(
        service.add_certificate,
        service.AddCertificate(engineer_id=created.id, certificate="welder", number="1", valid_until=date(2027, 1, 1)),
    )
    [stored] = await solar_world.read(Engineer, id=created.id)
    assert (stored.party, stored.skills, stored.regions) == ("agent", ["tank"], ["11", "1101"])
    assert [held.certificate for held in await solar_world.read(EngineerCertificate)] == ["welder"]


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"code": "E1"}, "ENGINEER_CODE_TAKEN", "code"),
        ({"name": ""}, "REQUIRED", "name"),
        ({"regions": ("00",)}, "REGION_UNKNOWN", "regions"),
        ({"skills": ("",)}, "REQUIRED", "skills"),
    ],
)
async def test_what_cannot_be_an_engineer_is_refused(
    solar_world: World, given: dict[str, Any], code: str, field: str
) -> None:
    command = service.CreateEngineer(**{"code": "E9", "name": "Qian", **given})
    error = await refused(solar_world, service.create_engineer, command)
    assert (error.code, error.field) == (code, field)


async def test_a_quantity_is_rounded_to_what_is_kept(solar_world: World) -> None:
    work_order = await order(solar_world, await solar_world.open())
    for quantity in (Decimal("0.0005"), Decimal("100000.0004")):
        await solar_world.do(
            service.add_work_order_line,
            service.AddWorkOrderLine(work_order_id=work_order.id, kind="labour", description="h", quantity=quantity),
        )
    lines = await solar_world.read(WorkOrderLine, work_order_id=work_order.id)
    assert [line.quantity for line in lines] == [Decimal("0.001"), Decimal(100_000)]
