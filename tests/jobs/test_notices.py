"""Notices and webhooks through a real worker: who is told, how often, and what is refused."""

import pytest
from standardwebhooks.webhooks import Webhook

from aftersales.kit.ids import new_id
from tests.jobs.receivers import Endpoint, Mailbox
from tests.jobs.stage import SECRET, Stage
from tests.support.wait import eventually

SUBJECT = {"zh": "重大事故", "en": "Major incident"}
BODY = {"zh": "请成立应急小组。", "en": "Convene the emergency group."}


async def test_a_mail_that_is_refused_for_now_comes_later_under_the_same_id(stage: Stage, post: Mailbox) -> None:
    """Given a mail server that refuses twice, when the notice is due, then it is sent at the third attempt."""
    tenant = await stage.tenant("solar")
    post.refusals = 2
    await stage.enqueue(tenant, "notice", {"roles": ["dispatcher"], "subject": SUBJECT, "body": BODY})

    stage.start_worker(AFTERSALES_SMTP_URL=post.url)
    await eventually(stage.settled, what="an empty outbox")

    (notice,) = await stage.rows("select * from notices")
    assert notice["state"] == "sent"
    assert post.ids == [f"<{notice['id']}@aftersales.invalid>"]
    (message,) = await stage.rows("select * from outbox_messages where topic = 'notice.send'")
    assert message["attempts"] == 2


async def test_when_nobody_holds_the_role_the_owner_is_told_and_told_why(stage: Stage, post: Mailbox) -> None:
    """Given no quality supervisor and an owner who reads English, when quality is to be told, then the owner is."""
    tenant = await stage.tenant("solar", roles=(("owner",), ("dispatcher",)))
    async with stage.doors.system_pool.acquire() as connection:
        await connection.execute("update members set language = 'en' where name = 'Owner'")
    await stage.enqueue(tenant, "notice", {"roles": ["quality_supervisor"], "subject": SUBJECT, "body": BODY})

    stage.start_worker(AFTERSALES_SMTP_URL=post.url)
    await eventually(stage.settled, what="an empty outbox")

    (notice,) = await stage.rows("select * from notices")
    assert notice["recipient"] == "Owner"
    assert notice["subject"] == "Major incident"
    assert "Nobody holds the role quality_supervisor" in notice["body"]
    assert [mail["To"] for mail in post.mails] == ["owner@solar.example"]


@pytest.mark.clause("P10-10")
async def test_a_notice_asked_for_twice_is_one_notice(stage: Stage, post: Mailbox) -> None:
    """Given an alert that is published twice under one key, when it is handled, then each member gets it once."""
    tenant = await stage.tenant("his", roles=(("owner",), ("dispatcher",), ("engineer",)))
    alert = {"roles": ["dispatcher", "engineer"], "subject": SUBJECT, "body": BODY, "dedupe_key": "alert:V"}
    await stage.enqueue(tenant, "notice", alert)
    await stage.enqueue(tenant, "notice", alert)

    stage.start_worker(AFTERSALES_SMTP_URL=post.url)
    await eventually(stage.settled, what="an empty outbox")

    assert sorted(mail["To"] for mail in post.mails) == ["dispatcher@his.example", "engineer@his.example"]
    assert await stage.count("notices") == 2


async def test_without_a_mail_server_the_notice_is_kept_as_undeliverable(stage: Stage) -> None:
    """Given no SMTP server, when a notice is due, then it can be read in the platform and nothing is dead."""
    tenant = await stage.tenant("solar")
    await stage.enqueue(tenant, "notice", {"roles": ["dispatcher"], "subject": SUBJECT, "body": BODY})

    stage.start_worker()
    await eventually(lambda: stage.count("notices where state = 'undeliverable'"), what="the notice")

    assert await stage.settled()
    assert await stage.count("outbox_messages where dead_at is not null") == 0


async def test_a_webhook_never_goes_into_our_own_network(stage: Stage, endpoint: Endpoint) -> None:
    """Given an endpoint on this machine, when private ones aren't allowed, then nothing is sent, and why is said."""
    tenant = await stage.tenant("solar")
    await stage.endpoint(tenant, endpoint.url, "*")
    await stage.endpoint(tenant, f"http://localhost:{endpoint.port}/", "*")
    await stage.endpoint(tenant, "file:///etc/passwd", "*")
    await stage.event(tenant, "ticket.opened")

    stage.start_worker(AFTERSALES_WEBHOOK_ALLOW_PRIVATE="0")
    await eventually(stage.settled, what="an empty outbox")

    errors = sorted(
        row["last_error"] for row in await stage.rows("select * from outbox_messages where dead_at is not null")
    )
    assert errors == [
        "127.0.0.1 is not a public address",
        "localhost is not a public address",
        "the URL must be http:// or https:// with a host",
    ]
    assert endpoint.requests == []


async def test_an_endpoint_that_is_gone_is_switched_off(stage: Stage, endpoint: Endpoint) -> None:
    """Given an endpoint that answers 410, when an event comes, then it is asked once and never again."""
    tenant = await stage.tenant("solar")
    await stage.endpoint(tenant, endpoint.url, "*")
    endpoint.answers = [410]
    await stage.event(tenant, "ticket.opened")
    stage.start_worker()
    await eventually(lambda: stage.count("webhook_endpoints where not active"), what="the switched-off endpoint")

    await stage.event(tenant, "ticket.answered")
    await eventually(stage.settled, what="an empty outbox")

    assert len(endpoint.requests) == 1


async def test_an_unknown_topic_is_a_dead_letter_at_once(stage: Stage) -> None:
    """Given a message that nobody handles, when a worker sees it, then it is dead and doesn't stop the others."""
    tenant = await stage.tenant("solar")
    await stage.enqueue(tenant, "telegram", {})
    await stage.enqueue(tenant, "event", {"event_id": str(new_id())})
    await stage.enqueue(tenant, "notice.send", {})
    await stage.promises(tenant, 1)

    stage.start_worker()
    await eventually(lambda: stage.count("notices"), what="the other notice")
    await eventually(stage.settled, what="an empty outbox")

    dead = await stage.rows("select * from outbox_messages where dead_at is not null order by id")
    assert [row["topic"] for row in dead] == ["telegram", "event", "notice.send"]
    assert dead[0]["last_error"] == "nobody handles the topic telegram"


@pytest.mark.clause("P06-03")
async def test_an_arrival_is_queued_until_the_dealer_system_has_it(stage: Stage, endpoint: Endpoint) -> None:
    """Given a car that arrived, when the dealer system's endpoint takes it, then its synchronisation is done."""
    tenant = await stage.tenant("workshop")
    arrival = await stage.arrival(tenant)
    assert await stage.count("arrivals where synchronisation = 'queued'") == 1
    await stage.endpoint(tenant, endpoint.url, "dms.arrival")
    endpoint.answers = [503]

    stage.start_worker()
    await eventually(lambda: stage.count("arrivals where synchronisation = 'done'"), what="the synchronisation")

    body = Webhook(SECRET).verify(endpoint.requests[-1].body, endpoint.requests[-1].headers)
    assert body["type"] == "dms.arrival"
    assert body["data"]["id"] == str(arrival)
    assert body["data"]["assetNumber"] == "沪A12345"
    assert len(endpoint.requests) == 2
    await eventually(stage.settled, what="an empty outbox")
