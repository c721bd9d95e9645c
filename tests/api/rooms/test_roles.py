"""Who may do what: every mutation and every restricted list, for every role."""

from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_nullable_type

from aftersales.access import RIGHTS, ROLES, Right
from tests.api.rooms.api import EVERYTHING, Api, Tables
from tests.api.rooms.inputs import Inputs
from tests.api.rooms.world import Company, found_company
from tests.fixtures.database import TestPlatform

MUTATIONS: dict[tuple[Right, ...], tuple[str, ...]] = {
    ("ticket.open",): ("requestCustomisation", "recordDemand", "openTicket", "fileComplaint", "logComplaint"),
    ("ticket.grade",): ("regradeTicket",),
    ("ticket.dispatch",): (
        "assignEngineer", "setParentTicket", "changeContract", "cancelWorkOrder", "planAppointment",
        "dispatchAppointment", "cancelAppointment", "openTicketFromMail", "scheduleVisit",
    ),
    ("ticket.work",): (
        "deliverCustomisation", "recordRequestTraining", "completeCustomisation", "withdrawCustomisation",
        "confirmDemandQuality",
        "acknowledgeTicket", "startWork", "proposePlan", "waitForCustomer", "resumeTicket", "recordAttempt",
        "escalateStep", "decideOnSite", "openRemoteSession", "closeRemoteSession", "reportRestored", "resolveTicket",
        "addCallRecord", "addEmergencyPlan", "createWorkOrder", "addWorkOrderLine", "completeWorkOrder",
        "signOffWorkOrder", "recordArrival", "finishAppointment", "passKnowledge",
        "registerOpinion", "takeDealerTask", "recordDealerAct",
    ),
    ("ticket.work", "ticket.confirm"): ("authoriseRemote", "revokeAuthorisation"),
    ("ticket.close",): ("closeTicket", "reopenTicket", "cancelTicket"),
    ("ticket.confirm",): ("confirmTicket", "rejectEngineer", "confirmAppointment", "moveAppointment"),
    ("party.manage",): (
        "createCustomer", "updateCustomer", "archiveCustomer", "confirmContactData", "addContact", "updateContact",
        "addSite", "updateSite", "issueWarrantyCard", "addFormPoint", "issueForms",
        "startImport", "cancelImport", "requestExport",
    ),
    ("asset.manage",): ("publishRelease", "withdrawRelease", "installRelease", "summariseProblems", 
        "registerAsset", "updateAsset", "addComponent", "assignInstallationGuide", "acceptAsset", "recordUsage",
        "retireAsset", "recordRevisit", "checkIn", "redeemOrder", "handOverGift", "recordCount",
        "recordDowntime", "recordUptime", "carryOutRemedy", "completeContractTask", "recordPresent",
        "fulfilObligation",
    ),
    ("contract.manage",): (
        "signContract", "addContractLine", "endContract", "publishPlan", "agreeWarranty", "openCampaign",
        "changeCampaign", "publishCampaign", "endCampaign", "openGuarantee", "endGuarantee", "checkGuarantee",
        "amendContract", "withdrawAmendment", "renewContract", "signDealerAgreement", "endDealerAgreement",
        "draftServicePlan",
        "changeServicePlan", "publishServicePlan", "retireServicePlan",
    ),
    ("coverage.decide",): ("decideCoverage", "recordQualityFinding", "startFleetReview", "cancelFleetReview"),
    ("plan.manage",): ("setMaintenanceRule", "endMaintenanceRule", "logOccurrence", "planExtraVisit"),
    ("feed.open",): ("openFeed", "revokeFeed"),
    ("calendar.manage",): ("saveCalendar",),
    ("staff.manage",): (
        "createServiceUnit", "updateServiceUnit", "createEngineer", "updateEngineer", "addCertificate",
        "joinProjectTeam", "leaveProjectTeam",
    ),
    ("webhook.manage",): ("addWebhookEndpoint", "updateWebhookEndpoint", "rotateWebhookSecret"),
    ("outbox.manage",): ("replayDeadLetter",),
    ("safety.manage",): (
        "appointSafetyRole", "endSafetyRole", "addSiteBranch", "activateSite", "reportHazard", "rectifyHazard",
        "verifyHazard", "resumeSiteWork", "recordIncident", "registerWorker", "updateWorker",
        "retireMachine", "certifyWorker", "assignWorker",
        "releaseWorker", "recordEducation", "approvePermit", "refusePermit", "registerMachine", "assignWatch",
        "endWatch", "saveStandard",
    ),
    ("safety.record",): (
        "acknowledgeSafety", "recordViolation", "requestPermit", "closePermit", "enterSite", "leaveSite", "planShift",
        "holdMeeting", "startShift", "closeShift", "issueBriefing", "acknowledgeBriefing", "startProcess",
        "reportDefect", "startRun", "stopRun", "startRepair", "finishRepair", "recordPatrol",
    ),
    ("inspection.record",): (
        "startInspection", "answerItems", "completeInspection", "cancelInspection", "addFinding",
    ),
    ("settings.manage",): ("reclassifyDocument", "publishCurriculum", "withdrawCurriculum", "setTrainingCadence",
        "publishChecklist", "saveFormTemplate", "retireFormTemplate",
    ),
    ("document.send",): (
        "answerWithPlan", "addDocument", "sendDocument", "releaseGuide", "withdrawGuide",
        "writeDocumentSection", "publishDocument", "recordReceipt", "completeHandover",
    ),
    ("record.fill",): (
        "startRecord", "fillRecord", "signRecord", "sealRecord", "submitRecord", "correctRecord",
    ),
    ("record.archive",): ("archiveRecord",),
    ("record.delete",): ("deleteRecord", "archiveFile"),
    ("revisit.plan",): (
        "openRevisitPlan", "endRevisitPlan", "planRevisit", "cancelRevisit", "recordNeeds", "addCareAction",
        "completeCareAction", "openSurvey", "closeSurvey", "completeImprovement",
    ),
    ("revisit.record",): ("completeRevisit", "fileRevisitRecord", "recordForum"),
    ("broadcast.send",): (
        "draftBroadcast", "sendBroadcast", "cancelBroadcast", "receiveWeatherWarning", "openReminderSeries",
        "endReminderSeries",
    ),
    ("outreach.manage",): (
        "createOutreachEvent", "updateOutreachEvent", "addOutreachPoint", "addOutreachStaff", "setOutreachGood",
        "publishOutreachEvent", "closeOutreachEvent",
    ),
    ("price.manage",): ("publishPriceBook", "endPriceBook"),
    ("quote.issue",): (
        "issueQuote", "withdrawQuote", "estimateCustomisation", "quoteCustomisation", "requestProposal",
        "recordSurvey", "sendProposal", "answerProposal", "linkProposalContract", "withdrawProposal",
    ),
    ("quote.answer",): ("answerQuote",),
    ("approval.manage",): ("setApprovalMatrix",),
    ("charge.record",): ("chargeWork", "recordDispatchCost"),
    ("training.manage",): (
        "requestTraining", "holdTraining", "planTrainingSession", "moveTrainingSession", "confirmTrainingSession",
        "holdTrainingSession", "cancelTrainingSession", "recordAttendance", "assessTrainee", "certifyTrainee",
    ),
    ("training.name",): (
        "nameTrainee", "endTrainee", "agreeTrainingSession", "provideTrainingVenue", "enrolTrainee",
        "withdrawTrainee",
    ),
    ("approval.request",): ("decideDemand", "requestApproval", "implementApproval"),
    ("release.choose",): ("chooseRelease",),
    ("dealing.order",): ("orderParts", "cancelPartOrder"),
    ("dealing.settle",): (
        "payPartOrder", "shipPartOrder", "recordStockReturn", "postReceivable", "approveSettlement",
        "noticeSettlement",
    ),
    ("dealing.confirm",): ("confirmSettlement",),
    ("invoice.issue",): ("issueInvoice", "issueCreditNote", "recordPayment"),
}  # fmt: skip
"""Any one of the rights is enough; `aftersales.access` says which roles have it."""
ALLOWED = {
    mutation: frozenset().union(*(RIGHTS[right] for right in rights))
    for rights, mutations in MUTATIONS.items()
    for mutation in mutations
}
for of_a_life in ("recordContractEvent", "enterPhase"):
    ALLOWED[of_a_life] = RIGHTS["asset.manage"] | RIGHTS["contract.manage"] | {"customer"}
ALLOWED["approveContractStep"] = RIGHTS["contract.manage"] | {"customer"}
ALLOWED["answerSurvey"] = RIGHTS["revisit.record"] | {"customer"}
ALLOWED["decideApproval"] = frozenset({"finance"})
"""Who decides stands in the tenant's own matrix, which names this role in the tests' company."""
ACCESS_CODES = {"FORBIDDEN", "APPROVAL_ROLE_REQUIRED"}

LISTS = {
    "webhookEndpoints": {"owner"},
    "deadLetters": {"owner"},
    "members": {"owner", "dispatcher"},
    "customers": {"owner", "dispatcher", "engineer", "finance", "quality_supervisor"},
    "commitments": {"owner", "dispatcher", "engineer", "finance", "quality_supervisor"},
}
"""Lists that only these roles may ask for; all others answer everybody with what the caller may see."""


@pytest.fixture
async def company_of_all(rooms: Api, platform: TestPlatform, tables: Tables) -> Company:
    return await found_company(rooms, platform, tables)


async def test_the_table_names_every_mutation(rooms: Api) -> None:
    """Given the schema, then each mutation stands in the table above, with the right that it needs."""
    root = rooms.schema(*EVERYTHING).graphql.mutation_type
    assert root is not None
    assert set(ALLOWED) == set(root.fields)
    assert sum(len(mutations) for mutations in MUTATIONS.values()) + 5 == len(ALLOWED)


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_may_do_what_its_rights_say_and_nothing_else(
    rooms: Api, company_of_all: Company, tables: Tables, role: str
) -> None:
    """Given a role, when it tries every mutation on real things, then it is refused exactly where it has no right."""
    root = rooms.schema(*EVERYTHING).graphql.mutation_type
    assert root is not None
    inputs, caller = Inputs(rooms, company_of_all), company_of_all.callers[role]
    wrong: dict[str, Any] = {}
    before = await tables.content(company_of_all.tenant.id)
    for allowed in (False, True):
        for name, field in root.fields.items():
            if (role in ALLOWED[name]) is not allowed:
                continue
            input_type = get_nullable_type(field.args["input"].type)
            assert isinstance(input_type, GraphQLInputObjectType)
            payload = await caller.mutate(name, "", **inputs.for_mutation(name, input_type))
            codes = [error["code"] for error in payload["userErrors"]]
            if (len(codes) == 1 and codes[0] in ACCESS_CODES) is allowed:
                wrong[name] = codes
        assert not wrong, wrong
        if not allowed:
            assert await tables.content(company_of_all.tenant.id) == before


async def test_lists_of_the_house_are_for_those_who_keep_it(rooms: Api, company_of_all: Company) -> None:
    """Given every role, when it asks for every list, then it is refused exactly where the list isn't for it."""
    root = rooms.schema(*EVERYTHING).graphql.query_type
    assert root is not None
    lists = [name for name, field in root.fields.items() if "orderBy" in field.args]
    for role, caller in company_of_all.callers.items():
        for name in lists:
            answer = await caller.answer(f"{{ {name}(first: 5) {{ totalCount }} }}")
            refused = [error["extensions"]["code"] for error in answer.get("errors", ())]
            assert refused == ([] if role in LISTS.get(name, set(ROLES)) else ["FORBIDDEN"]), (role, name)


async def test_outsiders_find_no_node_of_the_house(rooms: Api, company_of_all: Company) -> None:
    """Given a customer and a dealer, when they ask for nodes by id, then what belongs to the house isn't there."""
    house = {
        "Alarm", "BriefingSheet", "BusinessCalendar", "CallRecord", "ChecklistTemplate", "ClockSegment",
        "ContractLine", "CrewMember", "DataExport", "DataImport", "Document", "EmergencyPlan",
        "EngineerCertificate",
        "FleetReview", "FleetVerdict", "GateEntry", "Hazard", "MachineRun", "Member", "Notice", "OutboxMessage",
        "SafetyAlert", "SafetyPermit", "SafetyViolation",
        "SiteMachine", "SiteRole", "SiteShift", "SiteWorker", "TicketGrading", "WarrantyCard", "WebhookDelivery",
        "WebhookEndpoint", "WorkOrderLine",
    }  # fmt: skip
    names = sorted(company_of_all.ids)
    for role in ("customer", "dealer"):
        found = await company_of_all.callers[role].nodes([company_of_all.ids[name] for name in names])
        seen = {name for name, node in zip(names, found, strict=True) if node is not None}
        assert not seen & house, role
        assert "Ticket" in seen, role


async def test_endpoints_and_dead_letters_are_the_owners_alone(company_of_all: Company) -> None:
    """Given a webhook endpoint with its secret, when staff who aren't owners ask by id, then it isn't there."""
    text = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    ids = [company_of_all.ids[name] for name in ("WebhookEndpoint", "WebhookDelivery", "OutboxMessage")]
    for role in ("dispatcher", "engineer", "finance", "quality_supervisor"):
        assert await company_of_all.callers[role].ask(text, ids=ids) == {"nodes": [None, None, None]}
    assert None not in (await company_of_all.owner.ask(text, ids=ids))["nodes"]
