"""What must hold in a compiled Playbook, so that no ticket ever finds a hole in it."""

from collections.abc import Collection, Iterable

import msgspec

from aftersales.calendars.rules import WorkingCalendar
from aftersales.kit.errors import InvalidInput, PluginFault
from aftersales.records.core_forms import CORE_FORMS
from aftersales.records.rules import check_template
from aftersales.terms.attributes import attribute_problems
from aftersales.terms.cadences import cadence_problem, season_problem
from aftersales.terms.checklists import item_problems
from aftersales.terms.deadlines import TargetScope
from aftersales.terms.floors import undercut_floor
from aftersales.terms.gates import is_kept
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
    _check_curricula(playbook)
    _check_cadences(playbook)
    _check_revisits(playbook)
    _check_checklists(playbook)
    _check_records(playbook)


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


def _check_curricula(playbook: VerticalPlaybook) -> None:
    """A course names phases, roles, asset types and other courses that there are."""
    codes = {course.code for course in playbook.training_curricula}
    types = {found.code for found in playbook.asset_types}
    for course in playbook.training_curricula:
        roles = {found.role for found in course.role_outcomes}
        faults = {
            "names itself or an unknown course as a prerequisite": {*course.prerequisites} - (codes - {course.code}),
            "asks outcomes of a role outside its audience": roles - {*course.audience} if course.audience else set(),
            "names an unknown asset type": {*course.asset_types} - types,
            "has a phase without that trigger, or the trigger without a phase": (
                {"phase"} if (course.phase is None) == (course.trigger == "phase") else set()
            ),
        }
        for fault, found in faults.items():
            if found:
                raise nonsense(playbook.vertical, "training_curricula", f"{course.code} {fault}")
        if not is_kept(course, playbook):
            reason = f"{course.code} gates {course.gate}, which nothing keeps"
            raise nonsense(playbook.vertical, "training_curricula", reason)


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


def _check_cadences(playbook: VerticalPlaybook) -> None:
    """A cadence can fire, and doesn't always; it names phases, terms and types that exist.

    A problem in a value that the tenant set is the tenant's to mend: its own code instead of the vertical's fault.
    """
    vertical, hook = playbook.vertical, "inspection_cadences"
    phases = {phase.code for phase in playbook.lifecycle_phases}
    classes = {term.warranty_class for term in playbook.warranty_terms}
    types = {asset_type.code for asset_type in playbook.asset_types}
    for cadence in playbook.inspection_cadences:
        problem = cadence_problem(cadence)
        if problem is not None and cadence.source == "tenant":
            raise InvalidInput(problem.code, field="settings", cadence=cadence.code)
        if problem is not None:
            raise nonsense(vertical, hook, f"{cadence.code}: {problem.code} in {problem.field}")
        if cadence.phase is not None:
            _check_known(vertical, hook, cadence.code, (cadence.phase,), phases, "phase")
        if cadence.within_term is not None:
            _check_known(vertical, hook, cadence.code, (cadence.within_term,), classes, "warranty class")
        _check_known(vertical, hook, cadence.code, cadence.asset_types, types, "asset type")


def _check_revisits(playbook: VerticalPlaybook) -> None:
    """The seasons of revisits are seasons of a year."""
    for rule in playbook.revisit_rules:
        for problem in filter(None, map(season_problem, rule.seasons)):
            raise nonsense(playbook.vertical, "revisit_rules", f"{rule.code}: {problem} in seasons")


def _check_checklists(playbook: VerticalPlaybook) -> None:
    vertical = playbook.vertical
    types = {asset_type.code for asset_type in playbook.asset_types}
    standards = {standard.code for standard in playbook.reference_standards}
    for checklist in playbook.checklists:
        _check_known(vertical, "checklists", checklist.code, checklist.asset_types, types, "asset type")
        if checklist.standard is not None:
            _check_known(vertical, "checklists", checklist.code, (checklist.standard,), standards, "standard")
        for problem in item_problems(checklist.items):
            raise nonsense(vertical, "checklists", f"{checklist.code}: {problem}")


def _check_records(playbook: VerticalPlaybook) -> None:
    vertical, grades = playbook.vertical, _grades(playbook)
    regions = {region.code for region in playbook.region_classes}
    forms = {form.code for form in (*playbook.form_templates, *CORE_FORMS)}
    documents = {document.code for document in playbook.deliverables}
    for form in playbook.form_templates:
        try:
            check_template(form)
        except InvalidInput as fault:
            raise nonsense(vertical, "form_templates", f"{form.code}: {fault.params['reason']}") from fault
    for rule in playbook.record_rules:
        _check_known(vertical, "record_rules", rule.code, (*rule.needs, *rule.forms), forms, "form")
        _check_known(vertical, "record_rules", rule.code, rule.deliverables, documents, "deliverable")
        _check_scope(vertical, "record_rules", rule.code, rule.scope, grades, regions)
    for document in playbook.deliverables:
        if document.form is not None:
            _check_known(vertical, "deliverables", document.code, (document.form,), forms, "form")


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
