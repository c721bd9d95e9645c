"""Requests by mail: what is read from a message, whose it is, and what opens no ticket."""

from email.message import EmailMessage

import pytest

from aftersales.kit.errors import AftersalesError
from aftersales.kit.ids import new_id
from aftersales.parties.models import Contact, Customer
from aftersales.tickets import service
from aftersales.tickets.commands import OpenFromMail
from aftersales.tickets.mail import MAIL_LIMIT, read_mail
from aftersales.tickets.models import Ticket
from tests.support.refusals import refused
from tests.tickets.world import World, member


def mail(sender: str = "Li <Li@Hospital.example>", subject: str = "打印机 down", body: str = "自八点起。\n") -> str:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = "service@desk.example"
    message["Subject"] = subject
    message["Message-ID"] = "<one@hospital.example>"
    message.set_content(body, cte="base64")
    return message.as_bytes().decode("ascii")


@pytest.fixture
async def doctor(hospital: World) -> Contact:
    found = Contact(id=new_id(), customer_id=hospital.customer.id, name="Li", email="li@hospital.example")
    await hospital.add(found)
    return found


@pytest.mark.clause("P08-18")
async def test_a_mail_of_a_known_contact_opens_a_ticket_of_the_customer(hospital: World, doctor: Contact) -> None:
    ticket: Ticket = await hospital.do(service.open_from_mail, OpenFromMail(raw=mail()))
    assert (ticket.channel, ticket.customer_id, ticket.contact_id) == ("email", hospital.customer.id, doctor.id)
    assert (ticket.title, ticket.description) == ("打印机 down", "自八点起。")
    assert ticket.reported_at == hospital.clock.now()


@pytest.mark.clause("P08-18")
async def test_a_mail_that_is_delivered_twice_opens_one_ticket(hospital: World, doctor: Contact) -> None:
    first: Ticket = await hospital.do(service.open_from_mail, OpenFromMail(raw=mail()))
    hospital.later(minutes=5)
    again = await hospital.do(
        service.open_from_mail, OpenFromMail(raw="Received: from relay.example; Wed, 10 Jun 2026\n" + mail())
    )
    assert again.id == first.id
    assert len(await hospital.read(Ticket)) == 1


@pytest.mark.clause("P08-18")
async def test_an_address_of_nobody_or_of_several_opens_nothing(hospital: World) -> None:
    error = await refused(hospital, service.open_from_mail, OpenFromMail(raw=mail()))
    assert (error.code, error.field) == ("SENDER_UNKNOWN", "raw")
    others = [
        Customer(id=new_id(), code=code, name=code, email="LI@hospital.example", created_at=hospital.clock.now())
        for code in ("C2", "C3")
    ]
    await hospital.add(others[0])
    opened = await hospital.do(service.open_from_mail, OpenFromMail(raw=mail()))
    assert (opened.customer_id, opened.contact_id) == (others[0].id, None)
    await hospital.add(others[1])
    error = await refused(hospital, service.open_from_mail, OpenFromMail(raw=mail()))
    assert error.code == "SENDER_AMBIGUOUS"


async def test_mail_is_taken_in_by_the_desk_only(hospital: World, doctor: Contact) -> None:
    for actor in (hospital.customer_member(), member("dealer", dealer_id=hospital.team.id), member("engineer")):
        error = await refused(hospital, service.open_from_mail, OpenFromMail(raw=mail()), actor)
        assert error.code == "FORBIDDEN"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "MAIL_INVALID"),
        ("\u0000\ud800", "MAIL_INVALID"),
        ("Subject: x\n\nNobody wrote this", "MAIL_INVALID"),
        ("From: a@b.example, c@d.example\n\nTwo", "MAIL_INVALID"),
        ("From: nobody\n\nx", "MAIL_INVALID"),
        ("From: a@b.example\nAuto-Submitted: auto-replied\n\nAway", "MAIL_AUTOMATIC"),
        ("x" * (MAIL_LIMIT + 1), "MAIL_TOO_LONG"),
    ],
)
def test_what_is_no_mail_of_a_person_is_refused(raw: str, code: str) -> None:
    with pytest.raises(AftersalesError) as refusal:
        read_mail(raw)
    assert (refusal.value.code, refusal.value.field) == (code, "raw")
    assert refusal.value.message("zh-CN") != refusal.value.message("en")


def test_text_is_read_from_a_page_and_from_an_unknown_charset() -> None:
    page = "<head><title>no</title></head><p>It &amp; that</p><div>broke<br>twice</div>"
    assert read_mail(f"From: a@b.example\nContent-Type: text/html\n\n{page}").text == "It & that\nbroke\ntwice"
    strange = "From: a@b.example\nContent-Type: text/plain; charset=klingon\n\nBroken"
    assert read_mail(strange).text == "Broken"
    bare = "From: a@b.example\nContent-Type: text/plain; charset=gbk\nContent-Transfer-Encoding: 8bit\n\n打印机"
    assert read_mail(bare).text == "打印机"
    encoded = bare.replace("8bit", "base64").replace("打印机", "tPLTobv6")
    assert read_mail(encoded).text == "打印机"


def test_long_and_empty_mails_still_have_a_title_and_fit() -> None:
    found = read_mail(f"From: a@b.example\nSubject: {'x' * 400}\n\n{'y' * 30_000}\u0007")
    assert (len(found.title), len(found.text)) == (300, 20_000)
    assert found.text.endswith("…")
    assert read_mail("From: a@b.example\n\nNo subject\nhere").title == "No subject"
    assert read_mail("From: A@b.example\n\n").title == "a@b.example"
