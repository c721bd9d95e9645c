"""A service's operation as a mutation: its command Struct is the input, what it returns is the payload."""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Optional, get_args, get_origin, get_type_hints
from uuid import UUID

import strawberry
from msgspec import Struct
from strawberry.utils.str_converters import to_camel_case

from aftersales.kit.errors import NotFound
from aftersales_graphql.machine.frame import Call
from aftersales_graphql.machine.relay import Ref, id_of
from aftersales_graphql.machine.roots import Payload, mutation
from aftersales_graphql.machine.structs import id_fields, input_type, to_struct
from aftersales_tenants.models import Member

ID_TYPES = {
    "appointment_id": "ServiceAppointment",
    "approval_id": "Approval",
    "approver_engineer_id": "Engineer",
    "asset_id": "Asset",
    "asset_ids": "Asset",
    "authorisation_id": "RemoteAuthorisation",
    "backlog_item_ids": "BacklogItem",
    "based_on_plan_id": "ServicePlan",
    "broadcast_id": "Broadcast",
    "campaign_id": "Campaign",
    "care_plan_id": "CarePlan",
    "chair_engineer_ids": "Engineer",
    "charge_ids": "Charge",
    "commitment_id": "Commitment",
    "compared_with_plan_id": "ServicePlan",
    "complaint_about_ticket_id": "Ticket",
    "contact_id": "Contact",
    "contract_id": "ServiceContract",
    "contract_task_id": "ContractTask",
    "coverage_decision_id": "CoverageDecision",
    "customer_id": "Customer",
    "customer_ids": "Customer",
    "dealer_agreement_id": "DealerAgreement",
    "dealer_task_id": "DealerTask",
    "demand_id": "RemedyDemand",
    "document_id": "Document",
    "endpoint_id": "WebhookEndpoint",
    "engineer_id": "Engineer",
    "entry_id": "GateEntry",
    "feed_id": "CalendarFeed",
    "file_id": "StoredFile",
    "fleet_review_id": "FleetReview",
    "form_point_id": "FormPoint",
    "form_template_id": "FormTemplate",
    "gift_id": "CampaignGift",
    "guarantee_id": "ServiceGuarantee",
    "guide_release_id": "GuideRelease",
    "handler_member_id": "Member",
    "hazard_id": "Hazard",
    "import_id": "DataImport",
    "improvement_id": "ImprovementAction",
    "inspection_id": "Inspection",
    "installation_guide_id": "Engineer",
    "invoice_id": "Invoice",
    "invoice_line_ids": "InvoiceLine",
    "machine_id": "SiteMachine",
    "maintenance_rule_id": "MaintenanceRule",
    "member_id": "Member",
    "message_id": "OutboxMessage",
    "obligation_id": "PlannedObligation",
    "obligation_ids": "PlannedObligation",
    "outreach_event_id": "OutreachEvent",
    "outreach_point_id": "OutreachPoint",
    "owner_member_id": "Member",
    "parent_asset_id": "Asset",
    "parent_ticket_id": "Ticket",
    "parent_unit_id": "ServiceUnit",
    "part_order_id": "PartOrder",
    "permit_id": "SafetyPermit",
    "plan_document_id": "Document",
    "price_book_id": "PriceBook",
    "proposal_id": "Proposal",
    "quote_id": "Quote",
    "quote_line_id": "QuoteLine",
    "record_id": "ServiceRecord",
    "release_id": "ProductRelease",
    "remedy_id": "GuaranteeRemedy",
    "reminder_series_id": "ReminderSeries",
    "repair_id": "MachineRepair",
    "request_id": "CustomisationRequest",
    "revisit_id": "Revisit",
    "revisit_plan_id": "RevisitPlan",
    "run_id": "MachineRun",
    "service_plan_id": "ServicePlan",
    "service_unit_id": "ServiceUnit",
    "session_id": "RemoteSession",
    "settlement_id": "DealerSettlement",
    "sheet_id": "BriefingSheet",
    "shift_id": "SiteShift",
    "site_id": "Site",
    "succeeds_id": "Trainee",
    "successor_id": "Trainee",
    "survey_id": "Survey",
    "ticket_id": "Ticket",
    "trainee_id": "Trainee",
    "trainer_id": "Engineer",
    "training_duty_id": "TrainingDuty",
    "training_session_id": "TrainingSession",
    "work_order_id": "WorkOrder",
    "worker_id": "SiteWorker",
    "worker_ids": "SiteWorker",
}
"""The GraphQL type of every id that a command may carry, by the name of its field."""


def payload_type(name: str, fields: dict[str, Any]) -> type:
    """A payload: the named fields, each empty when the mutation was refused, and `userErrors`."""
    optional = {key: Optional[value] for key, value in fields.items()}  # noqa: UP045 - the argument is a value here
    namespace: dict[str, Any] = {"__annotations__": optional}
    namespace.update(dict.fromkeys(fields))
    return strawberry.type(type(name, (Payload,), namespace), name=name)


def command(
    service: Callable[..., Awaitable[Any]],
    *,
    returns: Any,
    under: str | None = None,
    name: str | None = None,
    roles: Iterable[str] | None = None,
    description: str | None = None,
    also: Mapping[str, tuple[Any, Callable[[Any], Any]]] | None = None,
) -> Any:
    """The mutation of a service's operation `service(uow, command)`; its input follows from the command's Struct.

    The service gets the unit of work and the command; the entity it gives back stands in the payload under the
    name of its type (or `under`), planned like any other read; `returns=list[...]` for several. `also` adds plain
    fields to the payload, each from what the service gave back.
    """
    struct = _command_of(service)
    unknown = id_fields(struct) - ID_TYPES.keys()
    if unknown:
        raise TypeError(f"{struct.__name__} carries ids of unknown types: {sorted(unknown)}")
    several = get_origin(returns) is list
    entity = get_args(returns)[0] if several else returns
    python_name = name or service.__name__
    key = under or _snake(entity.__name__)
    pascal = to_camel_case(python_name)[:1].upper() + to_camel_case(python_name)[1:]
    extra = also or {}
    payload = payload_type(f"{pascal}Payload", {key: returns, **{field: type_ for field, (type_, _) in extra.items()}})
    given = input_type(struct)
    names_members = any(ID_TYPES[field] == "Member" for field in id_fields(struct))

    async def run(call: Call, input: Any) -> Any:
        asked = to_struct(input, struct, ID_TYPES)
        if names_members:
            await _check_members(call, asked)
        done = await service(call.uow, asked)
        found = [Ref(entity, row.id) for row in done] if several else Ref(entity, done.id)
        return payload(**{key: found, **{field: take(done) for field, (_, take) in extra.items()}})

    run.__name__ = python_name
    run.__doc__ = description or inspect.getdoc(service)
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter("call", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Call),
            inspect.Parameter("input", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=given),
        ],
        return_annotation=payload,
    )
    return mutation(roles=roles, description=run.__doc__)(run)


def id_given(type_name: str, value: str, field: str) -> UUID:
    """The row's id in a query's argument; NOT_FOUND when it names another type, like an id that doesn't exist."""
    found = id_of(type_name, value, field)
    if found is None:
        raise NotFound("NOT_FOUND", field=field, thing=type_name)
    return found


async def _check_members(call: Call, command: Struct, prefix: str = "") -> None:
    """NOT_FOUND for a member that the tenant hasn't: the engine's rooms don't know members, so nothing else checks."""
    for name in command.__struct_fields__:
        value, path = getattr(command, name), f"{prefix}{to_camel_case(name)}"
        if isinstance(value, Struct):
            await _check_members(call, value, f"{path}.")
        elif ID_TYPES.get(name) == "Member" and value is not None and await call.uow.find(Member, value) is None:
            raise NotFound("NOT_FOUND", field=path, thing="Member")


def _command_of(service: Callable[..., Any]) -> type[Struct]:
    hints = get_type_hints(service)
    struct = hints.get("command")
    if not (isinstance(struct, type) and issubclass(struct, Struct)):
        raise TypeError(f"{service.__name__} takes no command Struct")
    return struct


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
