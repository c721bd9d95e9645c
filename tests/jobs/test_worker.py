"""A worker as a real process, with real PostgreSQL, Redis, SMTP and HTTP."""

import json
import signal

from standardwebhooks.webhooks import Webhook

from tests.jobs.receivers import Endpoint, Mailbox
from tests.jobs.stage import SECRET, Stage
from tests.support.wait import eventually


async def test_a_broken_promise_becomes_one_alarm_one_notice_and_one_mail(stage: Stage, post: Mailbox) -> None:
    """Given a promise whose deadline has passed, when a worker runs, then the dispatcher gets one mail in Chinese."""
    tenant = await stage.tenant("solar")
    await stage.promises(tenant, 1)

    stage.start_worker(AFTERSALES_SMTP_URL=post.url)
    await eventually(lambda: stage.count("notices where state = 'sent'"), what="the notice")
    await eventually(stage.settled, what="an empty outbox")

    assert stage.end_workers() == [0]
    assert await stage.count("alarms") == 1
    (mail,) = post.mails
    assert mail["To"] == "dispatcher@solar.example"
    (notice,) = await stage.rows("select * from notices")
    assert mail["Message-ID"] == f"<{notice['id']}@aftersales.invalid>"
    assert "超时" in notice["subject"]
    assert "P09-06" in notice["body"]


async def test_an_event_reaches_the_endpoints_that_want_it_and_the_signature_holds(
    stage: Stage, endpoint: Endpoint
) -> None:
    """Given two endpoints of which one wants ticket events, when a ticket is opened, then only that one hears of it."""
    tenant = await stage.tenant("solar")
    await stage.endpoint(tenant, endpoint.url, "ticket.*")
    await stage.endpoint(tenant, f"{endpoint.url}-other", "visit.done")
    event = await stage.event(tenant, "ticket.opened")

    stage.start_worker()
    await eventually(lambda: stage.count("webhook_deliveries where delivered_at is not null"), what="the delivery")

    (request,) = endpoint.requests
    assert request.path == "/hook"
    assert request.headers["webhook-id"] == str(event)
    body = Webhook(SECRET).verify(request.body, request.headers)
    assert body["type"] == "ticket.opened"
    assert body["tenant"] == "solar"
    assert body["data"]["id"] == str(event)
    (delivery,) = await stage.rows("select * from webhook_deliveries")
    assert delivery["status"] == 204


async def test_a_refused_delivery_is_tried_again_and_then_given_up(stage: Stage, endpoint: Endpoint) -> None:
    """Given an endpoint that answers 500 three times, when three attempts are allowed, then a dead letter remains."""
    tenant = await stage.tenant("solar")
    await stage.endpoint(tenant, endpoint.url, "*")
    endpoint.answers = [500, 503, 500]
    await stage.event(tenant, "ticket.opened")

    stage.start_worker(AFTERSALES_RETRY_ATTEMPTS="3")
    await eventually(lambda: stage.count("outbox_messages where dead_at is not null"), what="the dead letter")

    (dead,) = await stage.rows("select * from outbox_messages where dead_at is not null")
    assert dead["attempts"] == 3
    assert "500" in dead["last_error"]
    assert len(endpoint.requests) == 3
    assert len({request.headers["webhook-id"] for request in endpoint.requests}) == 1

    # When an admin has it replayed, then it arrives.
    from aftersales.notices.dead_letters import dead_letters, replay

    async with stage.doors.tenant(tenant) as uow:
        (letter,) = await dead_letters(uow)
        await replay(uow, letter.id)
    await eventually(lambda: stage.count("webhook_deliveries where delivered_at is not null"), what="the delivery")
    assert json.loads(endpoint.requests[-1].body)["type"] == "ticket.opened"


async def test_the_worker_ends_cleanly_on_sigterm(stage: Stage) -> None:
    """Given an idle worker that gave its sign of life, when it gets SIGTERM, then it ends with code 0."""
    worker = stage.start_worker()
    await eventually(lambda: stage.count("platform_settings where key = 'worker.heartbeat'"), what="the heartbeat")

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(10) == 0
