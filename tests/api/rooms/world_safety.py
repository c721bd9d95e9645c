"""Inspections and a site's daily safety, as part of the company that has something of everything."""

from typing import TYPE_CHECKING, Any

from tests.api.rooms.api import local

if TYPE_CHECKING:
    from tests.api.rooms.world import Company

EIGHT, SIX = local("2026-06-10 08:00"), local("2026-06-10 18:00")


async def site_safety(company: "Company") -> None:
    """A site with a crew, permits, a shift with a machine, a patrol; and a heater that was inspected."""
    owner, ids = company.owner, company.ids

    async def make(mutation: str, key: str, type_name: str, **given: Any) -> str:
        made: str = (await owner.do(mutation, f"{key} {{ id }}", **given))[key]["id"]
        ids.setdefault(type_name, made)
        return made

    site = (await owner.do("addSite", "site { id }", customerId=ids["Customer"], name="Park"))["site"]["id"]
    engineer = ids["Engineer"]
    for role in ("project_manager", "safety_officer"):
        await owner.do("appointSafetyRole", role=role, siteId=site, engineerId=engineer)
    worker = await make("registerWorker", "worker", "SiteWorker", code="W-1", name="Zhou", trade="mason")
    await owner.do(
        "certifyWorker", workerId=worker, certificate="machine_operator", number="M-1", validUntil="2030-01-01"
    )
    await owner.do("assignWorker", siteId=site, workerId=worker)
    await owner.do("acknowledgeSafety", record="responsibility_letter", workerId=worker, evidence="letter 1")
    await owner.do(
        "recordEducation", siteId=site, topics=["production", "electricity", "fire", "machinery"],
        chairEngineerIds=[engineer], attendees=[{"workerId": worker}], evidence="list 1",
    )  # fmt: skip
    await owner.do("recordViolation", siteId=site, code="smoking", workerId=worker, evidence="photo 1")
    await make(
        "requestPermit", "permit", "SafetyPermit", siteId=site, kind="hot_work", purpose="welding", holder="Zhou",
        validFrom=EIGHT, validUntil=SIX, workerIds=[worker], conditions=[{"code": "fire_watch", "detail": "Li"}],
    )  # fmt: skip
    await make("enterSite", "entry", "GateEntry", siteId=site, workerId=worker, guard="Qian")
    shift = await make(
        "planShift", "shift", "SiteShift", siteId=site, name="day", foreman="Sun", startsAt=EIGHT, endsAt=SIX
    )
    await owner.do("holdMeeting", shiftId=shift, safetyTopic="edges of pits", workerIds=[worker])
    await owner.do("startShift", shiftId=shift)
    await make(
        "issueBriefing", "sheet", "BriefingSheet", siteId=site, process="paving", content="mind the saw",
        issuedBy="Sun", workerIds=[worker],
    )  # fmt: skip
    machine = await make(
        "registerMachine", "machine", "SiteMachine", siteId=site, vertical="landscaping", code="M-1", name="digger"
    )
    check = await owner.do(
        "startInspection", "inspection { id }", vertical="landscaping", checklist="machine_before_shift",
        machineId=machine, shiftId=shift,
    )  # fmt: skip
    passed = [{"item": item, "passed": True} for item in ("guards", "protective_neutral", "sound")]
    await owner.do("answerItems", inspectionId=check["inspection"]["id"], answers=passed, complete=True)
    run = await make("startRun", "run", "MachineRun", machineId=machine, shiftId=shift, workerId=worker)
    await owner.do("stopRun", runId=run)
    await owner.do("closeShift", shiftId=shift)
    await make(
        "startRepair", "repair", "MachineRepair", machineId=machine, repairer="Wang",
        secured=["stopped", "power_off", "lock"],
    )  # fmt: skip
    await owner.do("assignWatch", siteId=site, rule="rainy_season", engineerId=engineer)
    await owner.do("recordPatrol", siteId=site, rule="patrol", engineerId=engineer)
    await owner.do(
        "saveStandard", vertical="landscaping", code="own", nameZh="自有标准", nameEn="Our own", designation="Q/1"
    )
    await _inspected(company)


async def _inspected(company: "Company") -> None:
    owner, ids = company.owner, company.ids
    await owner.do(
        "publishChecklist", vertical="solar", code="look", nameZh="外观", nameEn="A look",
        items=[{"code": "clean", "nameZh": "清洁", "nameEn": "Clean", "consequence": "record"}],
    )  # fmt: skip
    begun = await owner.do(
        "startInspection", "inspection { id }", vertical="solar", checklist="look", assetId=ids["Asset"]
    )
    ids["Inspection"] = begun["inspection"]["id"]
    await owner.do(
        "answerItems", inspectionId=ids["Inspection"], answers=[{"item": "clean", "passed": False}], complete=True
    )
