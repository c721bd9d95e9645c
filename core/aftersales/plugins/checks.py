"""What must hold in a compiled Playbook, so that no ticket ever finds a hole in it."""

from collections.abc import Collection, Iterable

import msgspec

from aftersales.calendars.rules import WorkingCalendar
from aftersales.kit.errors import InvalidInput, PluginFault
from aftersales.terms.attributes import attribute_problems
from aftersales.terms.deadlines import TargetScope
from aftersales.terms.floors import undercut_floor
from aftersales.terms.playbook import VerticalPlaybook


def nonsense(vertical: str, hook: str, reason: str) -> PluginFault:
    """The error for a hook that returned what it doesn't promise; names vertical and hook."""
    return PluginFault("VERTICAL_RETURNED_NONSENSE", vertical=vertical, hook=hook, reason=reason)


def check_references(playbook: VerticalPlaybook) -> None:
    """Whatever a term names by code must exist; VERTICAL_RETURNED_NONSENSE with the hook that names it."""
    for hook in ("fault_grades", "channel_ladder", "part_order_rules"):
        if len(getattr(playbook, hook)) > 1:
            raise nonsense(playbook.vertical, hook, "more than one declared")
    _check_grades(playbook)
    _check_deadlines(playbook)
    _check_parts(playbook)


def check_attributes(playbook: VerticalPlaybook) -> None:
    """The Structs for assets and facts hold only what the database and the schema can show."""
    for asset_type in playbook.asset_types:
        for problem in attribute_problems(asset_type.attributes) if asset_type.attributes else ():
            raise nonsense(playbook.vertical, "asset_types", problem)
    if playbook.grade_scheme is not None:
        for problem in attribute_problems(playbook.grade_scheme.facts):
            raise nonsense(playbook.vertical, "fault_grades", problem)


def check_floors(playbook: VerticalPlaybook) -> None:
    """No term is below a statutory floor: TERM_BELOW_STATUTORY_FLOOR for a tenant's own, else the vertical's fault."""
    for term in playbook.warranty_terms:
        floor = undercut_floor(term, playbook.statutory_floors)
        if floor is None:
            continue
        if term.source != "tenant":
            raise nonsense(playbook.vertical, "warranty_terms", f"{term.code} is below the floor {floor.code}")
        raise InvalidInput(
            "TERM_BELOW_STATUTORY_FLOOR",
            field="settings",
            term=term.code,
            floor_zh=floor.label.zh,
            floor_en=floor.label.en,
            law_zh=floor.law.zh,
            law_en=floor.law.en,
        )


def _check_grades(playbook: VerticalPlaybook) -> None:
    scheme = playbook.grade_scheme
    if scheme is None:
        return
    vertical, grades = playbook.vertical, _grades(playbook)
    if not {scheme.default_grade, *(rule.grade for rule in scheme.rules)} <= grades:
        raise nonsense(vertical, "fault_grades", "a rule or the default names a grade that isn't declared")
    facts = {field.encode_name for field in msgspec.structs.fields(scheme.facts)}
    for rule in scheme.rules:
        if not rule.when.keys() <= facts:
            raise nonsense(vertical, "fault_grades", f"the rule for {rule.grade} asks for a fact that isn't declared")


def _check_deadlines(playbook: VerticalPlaybook) -> None:
    vertical, grades = playbook.vertical, _grades(playbook)
    regions = {region.code for region in playbook.region_classes}
    calendars = {calendar.code for calendar in playbook.calendars}
    ladders = {ladder.code for ladder in playbook.escalation_ladders}
    for target in playbook.sla_targets:
        _check_scope(vertical, "sla_targets", target.code, target.scope, grades, regions)
        if target.calendar is not None and target.calendar not in calendars:
            raise nonsense(vertical, "sla_targets", f"{target.code} names the unknown calendar {target.calendar}")
        if target.ladder is not None and target.ladder not in ladders:
            raise nonsense(vertical, "sla_targets", f"{target.code} names the unknown ladder {target.ladder}")
        if target.source == "default" and target.budget is not None and not target.note:
            raise nonsense(vertical, "sla_targets", f"{target.code} is a number of ours without a note that says so")
    for calendar in playbook.calendars:
        WorkingCalendar.of(calendar.definition)
    if sum(region.fallback for region in playbook.region_classes) > 1:
        raise nonsense(vertical, "region_classes", "more than one class takes every other place")
    for rule in playbook.major_incidents:
        _check_known(vertical, "major_incidents", rule.code, rule.grades, grades, "grade")
    for ladder in playbook.channel_ladder:
        _check_known(vertical, "channel_ladder", ladder.code, ladder.grades, grades, "grade")
        named = {step for steps in ladder.requires.values() for step in steps} | ladder.requires.keys()
        _check_known(vertical, "channel_ladder", ladder.code, named, set(ladder.steps), "step")
    for closing in playbook.closing_rules:
        _check_scope(vertical, "closing_rules", closing.code, closing.scope, grades, regions)


def _check_parts(playbook: VerticalPlaybook) -> None:
    vertical = playbook.vertical
    classes = {term.warranty_class for term in playbook.warranty_terms}
    parts = [part for asset_type in playbook.asset_types for part in asset_type.components]
    for part in parts if classes else ():
        _check_known(vertical, "asset_types", part.code, (part.warranty_class,), classes, "warranty class")
    known = {part.code for part in parts}
    for remedy in playbook.symptom_remedies:
        _check_known(vertical, "symptom_remedies", remedy.code, (remedy.component,), known, "component")


def _grades(playbook: VerticalPlaybook) -> set[str]:
    scheme = playbook.grade_scheme
    return {grade.code for grade in scheme.grades} if scheme else set()


def _check_scope(
    vertical: str, hook: str, code: str, scope: TargetScope, grades: Collection[str], regions: Collection[str]
) -> None:
    _check_known(vertical, hook, code, scope.grades, grades, "grade")
    _check_known(vertical, hook, code, scope.regions, regions, "region class")


def _check_known(vertical: str, hook: str, code: str, named: Iterable[str], known: Collection[str], thing: str) -> None:
    for name in named:
        if name not in known:
            raise nonsense(vertical, hook, f"{code} names the unknown {thing} {name}")
