"""How grave a fault is and what its end needs: as the contract was signed, whatever the vertical says later."""

import msgspec

from aftersales import ClosingRule, GradeScheme
from aftersales.contracts.commands import LineDetails
from aftersales.tickets import service as tickets
from aftersales.tickets.commands import CloseTicket, OpenTicket, Regrade, Resolve
from aftersales_software_his import VERTICAL as HOSPITAL
from tests.contracts.lives import sign
from tests.contracts.upgrades import upgrade, upgraded
from tests.support.refusals import refused
from tests.tickets.world import World


def always_complex(scheme: GradeScheme) -> GradeScheme:
    """The next version takes what nobody graded for complex, and has no rule for the rest."""
    return msgspec.structs.replace(scheme, default_grade="complex", rules=())


def never_asks(rule: ClosingRule) -> ClosingRule:
    """The next version closes without asking the customer, and wants no call record either."""
    return msgspec.structs.replace(rule, before="resolve", needs="cause_and_measures")


async def test_an_upgrade_changes_neither_grades_nor_the_end_of_what_was_signed(hospital_world: World) -> None:
    """Given a contract with a call record at the start and the customer's word at the end, when the next version drops
    both, then both are still needed; a ticket without a contract follows the next version."""
    await sign(hospital_world, lines=(LineDetails(asset_id=hospital_world.asset.id),))
    await upgrade(hospital_world, upgraded(HOSPITAL, fault_grades=always_complex, closing_rules=never_asks))
    unheard = OpenTicket(
        kind="fault", channel="phone", title="It broke", customer_id=hospital_world.customer.id,
        asset_id=hospital_world.asset.id,
    )  # fmt: skip
    assert (await refused(hospital_world, tickets.open_ticket, unheard)).code == "CALL_RECORD_REQUIRED"
    signed = await hospital_world.open()
    other = await hospital_world.open(asset_id=None, call=None)
    assert (signed.grade, other.grade) == ("general", "complex")
    again = Regrade(ticket_id=signed.id, facts={"is_complex": True}, reason="looked at it")
    assert (await hospital_world.do(tickets.regrade, again)).grade == "complex"
    for ticket in (signed, other):
        await hospital_world.do(tickets.resolve, Resolve(ticket_id=ticket.id, cause="bug", measures="patched"))
    refusal = await refused(hospital_world, tickets.close_ticket, CloseTicket(ticket_id=signed.id))
    assert refusal.code == "CUSTOMER_CONFIRMATION_REQUIRED"
    assert (await hospital_world.do(tickets.close_ticket, CloseTicket(ticket_id=other.id))).state == "closed"
