"""The company's records, forms, files and handovers."""

from aftersales.kit.ids import new_id
from aftersales.records.models import StoredFile
from aftersales_graphql.machine.relay import decode_id, encode_id
from tests.api.rooms.api import Caller
from tests.fixtures.database import TestTenant

RESPONSE = {
    "reported_at": "2026-06-10T08:30:00+08:00", "responded_at": "2026-06-10T08:45:00+08:00", "problem": "it leaks",
    "response": "a new seal",
}  # fmt: skip


async def keep_records(owner: Caller, ids: dict[str, str], tenant: TestTenant) -> None:
    """One of each, through the API; a file as an upload leaves it."""
    fields = [{"code": "shine", "nameZh": "光泽", "nameEn": "Shine", "kind": "number"}]
    saved = await owner.do("saveFormTemplate", "formTemplate { id }", code="polish", nameZh="抛光", nameEn="Polish",
                           fields=fields)  # fmt: skip
    ids["FormTemplate"] = saved["formTemplate"]["id"]
    point = await owner.do("addFormPoint", "formPoint { id }", code="Q1", place="market hall")
    ids["FormPoint"] = point["formPoint"]["id"]
    issued = await owner.do("issueForms", "issue { id }", formPointId=ids["FormPoint"], quantity=100)
    ids["FormIssue"] = issued["issue"]["id"]
    started = await owner.do(
        "startRecord", "record { id }", form="response_record", assetId=ids["Asset"], values=RESPONSE
    )
    ids["ServiceRecord"] = started["record"]["id"]
    await owner.do("submitRecord", recordId=ids["ServiceRecord"])
    received = await owner.do(
        "recordReceipt", "receipt { id }", deliverable="user_manual", receivedBy="Mrs. Li", assetId=ids["Asset"],
        documentId=ids["Document"],
    )  # fmt: skip
    ids["DeliverableReceipt"] = received["receipt"]["id"]
    done = await owner.do("completeHandover", "handover { id }", due="handover", assetId=ids["Asset"])
    ids["Handover"] = done["handover"]["id"]
    cost = await owner.do(
        "recordDispatchCost", "cost { id }", appointmentId=ids["ServiceAppointment"], kind="travel", amount="60.00"
    )
    ids["DispatchCost"] = cost["cost"]["id"]
    async with tenant.work() as uow:
        file = uow.add(
            StoredFile(
                id=new_id(), name="seal.jpg", purpose="photo", media_type="image/jpeg", size=4, sha256="00",
                subject_type="ticket", subject_id=decode_id(ids["Ticket"])[1], ticket_id=decode_id(ids["Ticket"])[1],
                customer_id=decode_id(ids["Customer"])[1], state="stored", created_at=uow.now, created_by="test",
            )
        )  # fmt: skip
    ids["StoredFile"] = encode_id("StoredFile", file.id)
