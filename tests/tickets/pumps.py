"""A small vertical with a behaviour at every decision point of a ticket, some of them mad."""

import sys
from typing import Any

from msgspec import Struct

from aftersales import (
    AssetType,
    ClosingRule,
    EventFacts,
    FaultGrade,
    FollowUp,
    GradeScheme,
    GradeVerdict,
    Label,
    Refusal,
    TicketFacts,
    Vertical,
    VerticalSettings,
    hookimpl,
)


class PumpFacts(Struct, frozen=True, kw_only=True):
    mood: str = "calm"


def label(text: str) -> Label:
    return Label(text, text)


@hookimpl
def asset_types(settings: VerticalSettings) -> Any:
    return (AssetType(code="pump", label=label("pump"), clause="X-1"),)


@hookimpl
def fault_grades(settings: VerticalSettings) -> Any:
    grades = (
        FaultGrade(code="bad", label=label("bad"), clause="X-2", rank=1),
        FaultGrade(code="fair", label=label("fair"), clause="X-2", rank=4),
    )
    scheme = GradeScheme(
        code="pumps", label=label("pumps"), clause="X-2", grades=grades, facts=PumpFacts, default_grade="fair"
    )
    return (scheme,)


@hookimpl
def closing_rules(settings: VerticalSettings) -> Any:
    return (ClosingRule(code="reply", label=label("reply"), clause="X-3", before="close", needs="reply"),)


@hookimpl
def classify_fault(facts: PumpFacts, settings: VerticalSettings) -> Any:
    match facts.mood:
        case "furious":
            return GradeVerdict(grade="bad", reason=label("furious"), clause="X-4")
        case "confused":
            return GradeVerdict(grade="purple", reason=label("?"))
        case "broken":
            raise RuntimeError("no idea")
    return None


@hookimpl
def before_close(ticket: TicketFacts, settings: VerticalSettings) -> Any:
    if ticket.measures == "none":
        return (Refusal(reason=Label("没有措施", "nothing was done"), clause="X-5"),)
    return ("maybe",) if ticket.measures == "unclear" else ()


@hookimpl
def on_event(event: EventFacts, settings: VerticalSettings) -> Any:
    if event.kind == "ticket.started":
        return (FollowUp(topic="webhook", payload={"what": "pump"}, clause="X-6"),)
    return (FollowUp(topic="launch", payload={}),) if event.kind == "ticket.called" else ()


PUMPS = Vertical(
    name="pumps",
    label=label("pumps"),
    version="1.0",
    engine=">=0.1,<1",
    settings=VerticalSettings,
    hooks=sys.modules[__name__],
)
