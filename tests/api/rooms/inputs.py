"""Inputs for every mutation and root, made from the schema: a new field joins without being listed here."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull, get_named_type, get_nullable_type

from aftersales_graphql.rooms.commands import ID_TYPES
from tests.api.rooms.api import EVERYTHING, Api, local
from tests.api.rooms.world import Company

Path = tuple[str | int, ...]

TYPES_BY_NAME = {
    **{
        "".join(part.capitalize() if number else part for number, part in enumerate(name.split("_"))): type_name
        for name, type_name in ID_TYPES.items()
    },
    "customer": "Customer", "asset": "Asset", "contract": "ServiceContract", "engineer": "Engineer",
    "campaign": "Campaign", "parent": "Ticket", "ticket": "Ticket", "site": "Site", "serviceUnit": "ServiceUnit",
    "release": "ProductRelease", "fleetReview": "FleetReview",
}  # fmt: skip
TYPES_OF_ROOTS = {"serviceUnits.parent": "ServiceUnit", "contract.id": "ServiceContract"}

VALUES: dict[str, Any] = {
    "kind": "fault", "channel": "web", "vertical": "solar", "assetType": "solar_water_heater", "step": "phone",
    "outcome": "unsolved", "to": "remote", "party": "company", "rule": "quality_tracking", "role": "safety_officer",
    "category": "condition", "confidentiality": "public", "campaign": "none", "segment": "none",
    "milestone": "resolved", "component": "tank", "level": 1, "usage": 20_000, "satisfied": True,
    "definition": {"zone": "Asia/Shanghai", "always_open": True}, "url": "https://example.org/other", "quantity": "1",
    "windowStart": local("2026-06-11 14:00"), "windowEnd": local("2026-06-11 16:00"),
    "startedAt": local("2026-06-10 09:00"), "endedAt": local("2026-06-10 09:00"),
    "validFrom": local("2026-06-10 09:00"), "validUntil": local("2026-06-10 18:00"), "validUntilDate": "2030-01-01",
    "startsOn": "2026-01-01", "curriculum": "upkeep", "region": "320100", "eventKinds": ["*"], "issuedOn": "2026-06-01",
    "severity": "low", "consequence": "record",
    "startsAt": local("2026-06-10 08:00"), "endsAt": local("2026-06-10 18:00"),
    "begin": local("2026-06-10 00:00"), "end": local("2026-06-10 09:00"),
}  # fmt: skip
"""Values by field; any other text is the field's own name."""

GIVEN: dict[str, dict[str, Any]] = {
    "requestExport": {"kind": "customers"},
    "carryOutRemedy": {"quantity": 1},
    "nameTrainee": {"name": "Wu"},
    "planTrainingSession": {
        "vertical": "solar",
        "curriculum": "users",
        "startsAt": local("2026-06-12 09:00"),
        "endsAt": local("2026-06-12 11:00"),
    },
    "publishCurriculum": {"trigger": "request", "units": ["all"]},
    "certifyWorker": {"validUntil": "2030-01-01"},
    "issueForms": {"quantity": 1},
    "completeHandover": {"due": "acceptance"},
    "recordDispatchCost": {"kind": "travel", "amount": "10.00", "currency": "CNY"},
    "startRecord": {"form": "suggestion_form", "values": {"suggestion": "longer hours"}},
    "saveFormTemplate": {"fields": [{"code": "a", "nameZh": "a", "nameEn": "a"}]},
    "addCertificate": {"validUntil": "2030-01-01"},
    "addWorkOrderLine": {"kind": "labour"},
    "createServiceUnit": {"kind": "department"},
    "answerQuote": {"channel": "signature"},
    "issueQuote": {
        "outcome": "bill_full",
        "phase": "after_term",
        "lines": [{"item": "parts", "code": "pump"}],
        "validUntil": "2026-06-20",
    },
    "publishPriceBook": {"validFrom": "2028-01-01", "vatRate": "0.13", "entries": []},
    "requestApproval": {"type": "refund", "amount": "10"},
    "setApprovalMatrix": {"type": "other", "rules": [{"approver": "Boss", "role": "owner"}]},
    "endPriceBook": {"validUntil": "2026-12-31"},
    "recordPayment": {"amount": "10"},
    "endSafetyRole": {"role": "project_manager"},
    "agreeWarranty": {"warrantyClass": "main_unit", "amount": 48, "unit": "month", "startsOn": "acceptance"},
    "openTicket": {"vertical": "solar"},
    "chooseRelease": {"channel": "on_site", "decision": "schedule"},
    "installRelease": {"channel": "on_site"},
    "publishRelease": {"kind": "upgrade"},
    "summariseProblems": {"year": 2026, "quarter": 2},
    "estimateCustomisation": {"amount": "10"},
    "quoteCustomisation": {"validUntil": "2026-06-20"},
    "orderParts": {"lines": [{"code": "tube", "quantity": 1, "unitPrice": "50"}]},
    "payPartOrder": {"amount": "1", "method": "cash"},
    "recordStockReturn": {"freight": "1"},
    "postReceivable": {"kind": "charge", "amount": "1"},
    "approveSettlement": {"amount": "1"},
    "recordDemand": {"demanded": "refund", "amount": "1"},
}
"""What a mutation needs beside its required fields, or instead of the values above."""

NEEDED_IDS = {
    "requestTraining": ("customerId",),
    "setTrainingCadence": ("customerId",),
    "nameTrainee": ("customerId",),
    "planTrainingSession": ("customerId",),
    "appointSafetyRole": ("engineerId",),
    "endSafetyRole": ("siteId",),
}
"""Ids without which a mutation makes no sense, though its input doesn't require them."""


class Inputs:
    """Makes inputs in which every id is one of the given company's."""

    def __init__(self, api: Api, company: Company) -> None:
        self._api = api
        self._ids = company.ids
        self._special = {
            "assignInstallationGuide.assetId": company.car,
            "node.id": company.ids["Ticket"],
            "nodes.ids": company.ids["Ticket"],
            "campaignEligibility.assetId": company.car,
            "campaignEligibility.campaign": "summer",
            "redeemOrder.assetId": company.car,
        }

    def type_of(self, field: str, root: str) -> str:
        """The type whose id a field holds."""
        found = TYPES_OF_ROOTS.get(f"{root}.{field}")
        if found is None and field == "id":
            found = get_named_type(self._query_field(root).type).name
        return found or TYPES_BY_NAME[field]

    def _query_field(self, root: str) -> Any:
        query = self._api.schema(*EVERYTHING).graphql.query_type
        assert query is not None
        return query.fields[root]

    def value(self, field: str, type_: Any, root: str) -> Any:
        """A value for a field of an input, or for an argument of a root."""
        if (special := self._special.get(f"{root}.{field}")) is not None:
            return special
        bare = get_nullable_type(type_)
        if isinstance(bare, GraphQLList):
            return [self.value(field, bare.of_type, root)]
        if isinstance(bare, GraphQLInputObjectType):
            return self.required(bare, root)
        if bare.name == "ID":
            return VALUES.get(field, self._ids[self.type_of(field, root)])
        if field in VALUES:
            return VALUES[field]
        return {"Int": 1, "Boolean": False, "Float": 1.0, "JSON": {}, "DateTime": None, "Date": "2026-06-01"}.get(
            bare.name, field
        )

    def required(self, input_type: GraphQLInputObjectType, root: str) -> dict[str, Any]:
        return {
            name: self.value(name, field.type, root)
            for name, field in input_type.fields.items()
            if isinstance(field.type, GraphQLNonNull)
        }

    def for_mutation(self, name: str, input_type: GraphQLInputObjectType, path: Path = ()) -> dict[str, Any]:
        """The required fields, what the mutation needs beside them, and the ids on the path."""
        given = {**self.required(input_type, name), **deepcopy(GIVEN.get(name, {}))}
        given.update({key: self.value(key, input_type.fields[key].type, name) for key in NEEDED_IDS.get(name, ())})
        here: Any = given
        type_: Any = input_type
        for key in path:
            if isinstance(key, int):
                continue
            field = type_.fields[key]
            if here.get(key) in (None, []):
                here[key] = self.value(key, field.type, name)
            type_ = get_named_type(field.type)
            here = here[key][0] if isinstance(here[key], list) and here[key] else here[key]
        return given


def id_paths(input_type: GraphQLInputObjectType, inputs: Inputs, root: str) -> Iterator[tuple[Path, str]]:
    """Where an input holds ids, and of which type."""
    for name, field in input_type.fields.items():
        bare = get_nullable_type(field.type)
        listed = isinstance(bare, GraphQLList)
        named = get_named_type(field.type)
        here: Path = (name, 0) if listed else (name,)
        if isinstance(named, GraphQLInputObjectType):
            for path, type_name in id_paths(named, inputs, root):
                yield (*here, *path), type_name
        elif named.name == "ID":
            yield here, inputs.type_of(name, root)


def put(given: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """The input with another value at the path."""
    changed = deepcopy(given)
    here: Any = changed
    for key in path[:-1]:
        here = here[key]
    here[path[-1]] = value
    return changed
