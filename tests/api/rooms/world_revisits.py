"""One of everything around revisits, broadcasts and outreach, for the company of the API's tests."""

from decimal import Decimal
from typing import Any

from aftersales.broadcasts.models import BroadcastRecipient
from aftersales.kit.ids import new_id
from aftersales.outreach.models import OutreachEvent, OutreachGood, OutreachOpinion, OutreachPoint, OutreachStaff
from aftersales.revisits.models import CarePlan, ImprovementAction, Revisit, RevisitCopy
from aftersales_graphql.machine.relay import decode_id

NEWS = {"zh": "通知", "en": "News"}


async def revisited(company: Any) -> None:
    """Through the API what a person does; stored as they would be, a year's care plan and an event with its people."""
    owner, ids = company.owner, company.ids

    async def make(mutation: str, key: str, type_name: str, **given: Any) -> str:
        made: str = (await owner.do(mutation, f"{key} {{ id }}", **given))[key]["id"]
        ids.setdefault(type_name, made)
        return made

    customer = ids["Customer"]
    rule = {"code": "calls", "name": "Calls", "trigger": "manual"}
    await make("openRevisitPlan", "revisitPlan", "RevisitPlan", vertical="solar", own=rule)
    visit = await make("planRevisit", "revisit", "Revisit", customerId=customer, vertical="solar", rule="calls")
    await make("recordForum", "forum", "RevisitForum", title="Talk", customerIds=[customer])
    survey = await make("openSurvey", "survey", "Survey", title="2026", dimensions=["quality"])
    await make(
        "answerSurvey", "response", "SurveyResponse", surveyId=survey, customerId=customer, scores={"quality": 3}
    )
    news = await make("draftBroadcast", "broadcast", "Broadcast", kind="news", title=NEWS, body=NEWS)
    await make("openReminderSeries", "series", "ReminderSeries", name="Clean", title=NEWS, body=NEWS, months=6)
    await make("releaseGuide", "guide", "GuideRelease", documentId=ids["Document"], code="G", revision="v3")
    await make("takeDealerTask", "task", "DealerTask", ticketId=ids["Ticket"], serviceUnitId=ids["ServiceUnit"])
    async with company.tenant.work() as uow:
        client, now = company.row_id("Customer"), uow.now
        owed = await uow.get(Revisit, decode_id(visit)[1])
        uow.add(RevisitCopy(id=new_id(), revisit_id=owed.id, department="qc", record="sheet", at=now))
        uow.add(CarePlan(id=new_id(), customer_id=client, year=2026, created_at=now))
        uow.add(
            ImprovementAction(
                id=new_id(), survey_id=decode_id(survey)[1], dimension="quality", mean=Decimal(3), created_at=now
            )
        )
        uow.add(
            BroadcastRecipient(
                id=new_id(), broadcast_id=decode_id(news)[1], customer_id=client, person="customer", name="Li",
                state="undeliverable", created_at=now,
            )
        )  # fmt: skip
        event = uow.add(
            OutreachEvent(
                id=new_id(), code="squad", year=2026, title="Squad", vertical="solar", owner_department="service",
                phases=[{"code": "one", "starts_on": "2026-06-01", "ends_on": "2026-06-30"}], staffing=[],
                starts_on=now.date(), ends_on=now.date(), state="published", created_at=now,
            )
        )  # fmt: skip
        this = {"event_id": event.id}
        point = uow.add(
            OutreachPoint(
                id=new_id(), **this, kind="community", place="Estate", day=now.date(), starts="09:00", ends="17:00",
                staff=["Chen"],
            )
        )  # fmt: skip
        uow.add(OutreachStaff(id=new_id(), **this, department="service", name="Chen"))
        uow.add(OutreachGood(id=new_id(), **this, item="tables", needed=1, in_stock=1))
        uow.add(
            OutreachOpinion(
                id=new_id(), **this, point_id=point.id, day=now.date(), name="Wu", phone="1", category="opinion",
                content="longer hours", known_before=False, at=now, actor="test",
            )
        )  # fmt: skip
