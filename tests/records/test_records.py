"""Records from the first word to the archive: forms and their versions, corrections, what is refused, finding them."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftersales.kit.errors import AftersalesError
from aftersales.kit.ids import new_id
from aftersales.parties.models import Customer
from aftersales.records import forms, search, service
from aftersales.records.commands import (
    CorrectRecord,
    DeleteRecord,
    FieldDetails,
    FillRecord,
    RetireFormTemplate,
    SaveFormTemplate,
    SignRecord,
    StartRecord,
    SubmitRecord,
)
from aftersales.records.models import FormTemplateRow, ServiceRecord
from tests.records.filling import filed, start, submit
from tests.support.refusals import refused
from tests.tickets.world import World, member


def simple(code: str, **more: Any) -> FieldDetails:
    return FieldDetails(code=code, name_zh=code, name_en=code, **more)


def polish(*fields: FieldDetails, **more: Any) -> SaveFormTemplate:
    fields = fields or (simple("shine"),)
    return SaveFormTemplate(code="polish", name_zh="抛光", name_en="Polish", fields=fields, **more)


async def save(world: World, command: SaveFormTemplate) -> FormTemplateRow:
    row: FormTemplateRow = await world.do(service.save_form_template, command, world.owner)
    return row


async def test_a_record_keeps_the_version_under_which_it_was_begun(consumer: World) -> None:
    await save(consumer, polish())
    old = await start(consumer, "polish", {"shine": "good"})
    second = await save(consumer, polish(simple("shine"), simple("tool")))
    new = await start(consumer, "polish", {"shine": "good"})
    assert ((old.form_version, old.missing), (new.form_version, new.missing)) == (("1", []), ("2", ["tool"]))
    assert (await submit(consumer, old)).form_version == "1"
    await consumer.do(service.retire_form_template, RetireFormTemplate(form_template_id=second.id), consumer.owner)
    assert (await refused(consumer, service.start_record, StartRecord(form="polish"))).code == "FORM_UNKNOWN"
    await consumer.do(service.fill_record, FillRecord(record_id=new.id, values={"tool": "cloth"}))
    await submit(consumer, new)


async def test_a_tenants_own_form_takes_the_place_of_a_declared_one(consumer: World) -> None:
    own = SaveFormTemplate(code="service_log", name_zh="日志", name_en="Log", fields=(simple("entry"),))
    await save(consumer, own)
    record = await start(consumer, "service_log", {"entry": "quiet"})
    assert (record.form_version, record.title_en) == ("1", "Log")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ((simple("a", kind="choice"),), "FORM_INVALID"),
        ((simple("a"), simple("a")), "FORM_INVALID"),
        ((simple("a", minimum=Decimal(2), maximum=Decimal(1)),), "FORM_INVALID"),
        ((simple(" "),), "REQUIRED"),
        ((simple("a" * 61),), "TEXT_TOO_LONG"),
    ],
)
async def test_a_form_that_nobody_could_fill_in_is_refused(
    consumer: World, fields: tuple[FieldDetails, ...], code: str
) -> None:
    refusal = await refused(consumer, service.save_form_template, polish(*fields), consumer.owner)
    assert refusal.code == code
    assert (await refused(consumer, service.save_form_template, polish(*fields))).code == "FORBIDDEN"


FIELDS = (
    simple("weight", kind="number", minimum=Decimal("0.5"), maximum=Decimal(10), required=False),
    simple("day", kind="date", required=False),
    simple("at", kind="instant", required=False),
    simple("colour", kind="choice", choices=("red", "blue"), required=False),
    simple("tools", kind="choices", choices=("saw", "drill"), required=False),
    simple("done", kind="boolean", required=False),
    simple("photo", kind="photo", required=False),
    simple("text", required=False),
)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"weight": "0.49"}, "FORM_NUMBER_OUTSIDE"),
        ({"weight": 11}, "FORM_NUMBER_OUTSIDE"),
        ({"weight": "NaN"}, "FORM_VALUE_INVALID"),
        ({"weight": True}, "FORM_VALUE_INVALID"),
        ({"weight": "heavy"}, "FORM_VALUE_INVALID"),
        ({"day": "2026-02-30"}, "FORM_VALUE_INVALID"),
        ({"at": "2026-06-10T09:00:00"}, "FORM_VALUE_INVALID"),
        ({"colour": "green"}, "FORM_CHOICE_UNKNOWN"),
        ({"tools": ["saw", "axe"]}, "FORM_CHOICE_UNKNOWN"),
        ({"tools": "saw"}, "FORM_VALUE_INVALID"),
        ({"done": "yes"}, "FORM_VALUE_INVALID"),
        ({"photo": "a.jpg"}, "FORM_PHOTO_IS_A_FILE"),
        ({"text": 7}, "FORM_VALUE_INVALID"),
        ({"text": "x" * 20_001}, "TEXT_TOO_LONG"),
        ({"poem": "x"}, "FORM_FIELD_UNKNOWN"),
    ],
)
async def test_a_value_of_the_wrong_type_is_refused_by_name(consumer: World, values: dict[str, Any], code: str) -> None:
    await save(consumer, polish(*FIELDS))
    refusal = await refused(consumer, service.start_record, StartRecord(form="polish", values=values))
    assert (refusal.code, refusal.field) == (code, f"values.{next(iter(values))}")


@pytest.mark.parametrize("weight", ["0.5", "10", 10, 0.5])
async def test_limits_are_included_and_values_kept_in_one_form(consumer: World, weight: Any) -> None:
    await save(consumer, polish(*FIELDS))
    values = {"weight": weight, "day": "2026-06-10", "tools": ["saw", "saw"], "done": False}
    record = await start(consumer, "polish", values)
    assert record.field_values == {"weight": str(weight), "day": "2026-06-10", "tools": ["saw"], "done": False}
    emptied = FillRecord(record_id=record.id, values={"weight": None, "tools": []})
    changed = await consumer.do(service.fill_record, emptied)
    assert changed.field_values == {"day": "2026-06-10", "done": False}


async def test_a_correction_is_a_new_revision_and_the_old_one_stays(consumer: World) -> None:
    old = await filed(consumer, "suggestion_form", {"suggestion": "longer hours"})
    fill = FillRecord(record_id=old.id, values={"suggestion": "x"})
    assert (await refused(consumer, service.fill_record, fill)).code == "RECORD_STATE_REFUSED"
    correct = CorrectRecord(record_id=old.id, reason="misheard", values={"suggestion": "shorter hours"})
    assert (await refused(consumer, service.correct_record, CorrectRecord(record_id=old.id, reason=" "))).code == (
        "REQUIRED"
    )
    new = await consumer.do(service.correct_record, correct)
    assert (new.number, new.revision, new.state) == (old.number, 2, "draft")
    assert (await refused(consumer, service.correct_record, correct)).code == "RECORD_CORRECTION_OPEN"
    await submit(consumer, new)
    first, second = await consumer.read(ServiceRecord)
    assert (first.state, first.field_values["suggestion"]) == ("superseded", "longer hours")
    assert (second.state, second.previous_id) == ("submitted", first.id)
    assert (await refused(consumer, service.correct_record, correct)).code == "RECORD_STATE_REFUSED"


async def test_a_unique_record_can_be_corrected_and_two_drafts_become_one_record(consumer: World) -> None:
    """Given two drafts of a form that is one per customer, when both are submitted at once, then one is refused."""
    values = {code: "x" for code in ("customer_name", "address", "contact", "product_grade")}
    values["purchase_date"] = "2026-05-01"
    about: dict[str, Any] = {"customer_id": consumer.customer.id}
    drafts = [await start(consumer, "customer_profile", values, **about) for _ in range(2)]
    outcomes = await asyncio.gather(*(submit(consumer, draft) for draft in drafts), return_exceptions=True)
    codes = [outcome.code for outcome in outcomes if isinstance(outcome, AftersalesError)]
    assert codes == ["RECORD_EXISTS"]
    kept = next(outcome for outcome in outcomes if isinstance(outcome, ServiceRecord))
    correct = CorrectRecord(record_id=kept.id, reason="moved", values={"address": "y"})
    await submit(consumer, await consumer.do(service.correct_record, correct))


async def test_a_record_within_its_retention_period_isnt_deleted(consumer: World) -> None:
    await save(consumer, polish(keep_years=2))
    record = await filed(consumer, "polish", {"shine": "good"})
    delete = DeleteRecord(record_id=record.id, reason="tidying")
    consumer.later(days=365 * 2)
    refusal = await refused(consumer, service.delete_record, delete, consumer.owner)
    assert (refusal.code, refusal.params["until"]) == ("RECORD_KEPT_UNTIL", "2028-06-10")
    consumer.later(days=2)
    await consumer.do(service.delete_record, delete, consumer.owner)


async def test_bad_links_forms_and_signers_are_refused(consumer: World) -> None:
    other = Customer(id=new_id(), code="C2", name="Other", created_at=consumer.clock.now())
    await consumer.add(other)
    ticket = await consumer.open()
    stranger = member("customer", customer_id=other.id)

    def of_ticket(form: str, **about: Any) -> StartRecord:
        return StartRecord(form=form, ticket_id=ticket.id, **about)

    cases: list[tuple[str, StartRecord, Any]] = [
        ("FORM_UNKNOWN", StartRecord(form="poem"), None),
        ("RECORD_SUBJECT_REQUIRED", StartRecord(form="service_report"), None),
        ("RECORD_OF_OTHER_CUSTOMER", of_ticket("service_report", customer_id=other.id), None),
        ("NOT_FOUND", of_ticket("satisfaction_survey"), stranger),
        ("FORM_NOT_FOR_CALLER", of_ticket("service_report"), consumer.customer_member()),
        ("NOT_FOUND", StartRecord(form="service_report", ticket_id=new_id()), None),
        ("RECORD_SUBJECT_REQUIRED", StartRecord(form="customer_profile"), None),
        ("VERTICAL_NOT_ENABLED", StartRecord(form="service_log", vertical="poetry"), None),
    ]  # fmt: skip
    for code, command, actor in cases:
        assert (await refused(consumer, service.start_record, command, actor)).code == code
    survey = await start(
        consumer, "satisfaction_survey", {"satisfaction": "satisfied"}, consumer.customer_member(), ticket_id=ticket.id
    )
    wrong = SignRecord(record_id=survey.id, signer="boss", name="Li")
    assert (await refused(consumer, service.sign_record, wrong)).code == "SIGNER_UNKNOWN"
    send = SubmitRecord(record_id=survey.id)
    assert (await refused(consumer, service.submit_record, send, stranger)).code == "NOT_FOUND"
    stale = SubmitRecord(record_id=survey.id, expected_version=9)
    assert (await refused(consumer, service.submit_record, stale)).code == "VERSION_STALE"


# --- finding --------------------------------------------------------------------------------------------------


async def titles(world: World, text: str = "", actor: Any = None, **more: Any) -> list[str]:
    async with world.work(actor) as uow:
        return [one.title for one in await search.search(uow, text, **more)]


async def test_records_are_found_by_words_pairs_of_characters_and_values(consumer: World) -> None:
    wanted = await filed(consumer, "suggestion_form", {"suggestion": "水箱漏水,请更换 Pump-7"})
    await filed(consumer, "suggestion_form", {"suggestion": "水管没有漏气"})
    name = f"{wanted.number} 客户建议单"
    number = wanted.number
    for text in ("漏水", "水箱漏水", "pump-7", "PUMP", "7", number, number.partition("-")[2], "更换 pump"):
        assert await titles(consumer, text) == [name], text
    assert len(await titles(consumer, "水")) == 2
    assert await titles(consumer, "漏水 漏气") == []
    assert await titles(consumer, fields={"suggestion": "水管没有漏气"}) != []
    assert await titles(consumer, "漏水", fields={"suggestion": "水管没有漏气"}) == []
    assert (await refused(consumer, _search, "  ,。")).code == "SEARCH_TOO_SHORT"


async def _search(uow: Any, text: str) -> None:
    await search.search(uow, text)


async def test_a_customer_finds_only_its_own_and_nobody_what_was_deleted_or_corrected(consumer: World) -> None:
    other = Customer(id=new_id(), code="C2", name="Other", created_at=consumer.clock.now())
    await consumer.add(other)
    mine, stranger = consumer.customer_member(), member("customer", customer_id=other.id)
    record = await filed(consumer, "suggestion_form", {"suggestion": "longer hours"}, actor=mine)
    await filed(consumer, "service_log", {"day": "2026-06-10", "work_done": "longer"}, customer_id=mine.customer_id)
    assert len(await titles(consumer, "longer", mine)) == 1
    assert await titles(consumer, "longer", stranger) == []
    assert await titles(consumer, "longer", member("dealer", dealer_id=consumer.team.id)) == []
    assert len(await titles(consumer, "longer")) == 2
    correct = CorrectRecord(record_id=record.id, reason="x", values={"suggestion": "shorter"})
    await submit(consumer, await consumer.do(service.correct_record, correct))
    assert await titles(consumer, "longer", mine) == []
    [found] = await consumer.read(ServiceRecord, state="submitted", form="suggestion_form")
    await consumer.do(service.delete_record, DeleteRecord(record_id=found.id, reason="x"), consumer.owner)
    assert await titles(consumer, "shorter", mine) == []


async def test_pages_go_on_where_the_last_one_ended(consumer: World) -> None:
    for number in range(5):
        await filed(consumer, "suggestion_form", {"suggestion": f"idea {number}"})
    seen: list[str] = []
    before = None
    async with consumer.work() as uow:
        for _ in range(3):
            page = await search.search(uow, "idea", first=2, before=before)
            seen += [one.title for one in page]
            before = page[-1].id
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 5


async def test_every_form_of_every_vertical_can_be_begun(consumer: World) -> None:
    async with consumer.work() as uow:
        for form in await forms.forms_of(uow):
            assert forms.from_stored(forms.to_stored(form.template)) == form.template


@given(text=st.text(max_size=200))
def test_what_a_text_is_looked_for_by_is_among_what_it_is_found_by(text: str) -> None:
    assert set(search.query_tokens(text)) <= set(search.tokens_of(text))
    assert all(0 < len(token) <= search.TOKEN_LENGTH for token in search.tokens_of(text))
