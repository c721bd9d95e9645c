"""What intake accepts: kinds, channels, regions, codes; and to which queue a ticket goes. Pure."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from aftersales.kit.errors import InvalidInput
from aftersales.terms.classification import INTAKE_CHANNELS, TICKET_KINDS
from aftersales.terms.deadlines import Duty
from aftersales.terms.playbook import VerticalPlaybook

DESK: Final = "desk"
ON_CALL: Final = "on_call"
HEADQUARTERS: Final = "headquarters"
"""Where complaints go when the vertical names no owner for them: never to the team they are about."""


class Routing(Struct, frozen=True, kw_only=True):
    """The queue that owns a ticket, and the number on which it answers."""

    queue: str
    contact: str | None


def check_kind(kind: str) -> None:
    if kind not in TICKET_KINDS:
        raise InvalidInput("KIND_UNKNOWN", field="kind", value=kind, known=", ".join(TICKET_KINDS))


def check_channel(channel: str) -> None:
    if channel not in INTAKE_CHANNELS:
        raise InvalidInput("CHANNEL_UNKNOWN", field="channel", value=channel, known=", ".join(INTAKE_CHANNELS))


def check_codes(terms: VerticalPlaybook, error_code: str | None, module_code: str | None) -> None:
    """CODE_UNKNOWN for a code that isn't in the registry (P10-08); without a registry nothing is closed."""
    for name, label, value in (("error_code", "errorCode", error_code), ("module_code", "moduleCode", module_code)):
        registries = [registry for registry in terms.code_registries if registry.ticket_field == name]
        if value is not None and registries and not any(value in registry.entries for registry in registries):
            raise InvalidInput("CODE_UNKNOWN", field=label, field_name=label, value=value)


def check_component(terms: VerticalPlaybook, asset_type: str | None, component: str | None) -> None:
    if component is None:
        return
    if asset_type is None:
        raise InvalidInput("COMPONENT_NEEDS_ASSET", field="component")
    if terms.component(asset_type, component) is None:
        raise InvalidInput("COMPONENT_UNKNOWN", field="component", asset_type=asset_type, value=component)


def check_symptom(terms: VerticalPlaybook, component: str | None, symptom: str | None) -> None:
    """SYMPTOM_UNKNOWN for what neither a remedy (of the component) nor a target names; without any, all is free."""
    if symptom is None:
        return
    known = {name for target in terms.sla_targets for name in target.scope.symptoms}
    for remedy in terms.symptom_remedies:
        if component is None or remedy.component == component:
            known.update(remedy.symptoms)
    if known and symptom not in known:
        raise InvalidInput("SYMPTOM_UNKNOWN", field="symptom", value=symptom, known=", ".join(sorted(known)))


def check_work_type(terms: VerticalPlaybook, work_type: str | None) -> None:
    if work_type is not None and terms.work_type(work_type) is None:
        known = ", ".join(found.code for found in terms.work_types)
        raise InvalidInput("WORK_TYPE_UNKNOWN", field="workType", value=work_type, known=known)


def check_campaign(terms: VerticalPlaybook, campaign: str | None) -> None:
    known = sorted({offer.campaign for offer in terms.campaign_offers})
    if campaign is not None and campaign not in known:
        raise InvalidInput("CAMPAIGN_UNKNOWN", field="campaign", value=campaign, known=", ".join(known))


def complaint_queue(duties: Sequence[Duty]) -> str:
    """Who owns complaints (P10-31)."""
    return next((duty.owner for duty in duties if "complaint" in duty.kinds), HEADQUARTERS)


def route(*, kind: str, desk_open: bool, duties: Sequence[Duty], hotline: str | None, on_call: str | None) -> Routing:
    """Complaints to their owner; while the desk is closed to those on call (P10-28, P10-29); the rest to whom the
    vertical names for the kind, else to the desk."""
    if kind == "complaint":
        return Routing(queue=complaint_queue(duties), contact=None)
    when = "always" if desk_open else "desk_closed"
    duty = next((duty for duty in duties if kind in duty.kinds and duty.when == when), None)
    number = hotline if desk_open else on_call
    if duty is None:
        return Routing(queue=DESK if desk_open else ON_CALL, contact=number)
    return Routing(queue=duty.owner, contact=duty.contact or number)
