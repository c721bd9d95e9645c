"""What a course can stand before: only what something in the engine really keeps."""

from aftersales.terms.planned import Curriculum
from aftersales.terms.playbook import VerticalPlaybook


def is_kept(course: Curriculum, terms: VerticalPlaybook) -> bool:
    """Whether the gate of a course is one that is kept under these terms; a course without a gate claims nothing.

    The acceptance of an asset, and a phase of the vertical's contracts, wait for those whom the customer named; a
    dispatch for courses of the company's own people, a visit for what is taught on visits. Entering a site waits for
    the education of a safety rule, completing a customisation for the record of its training: those must be declared.
    """
    gate = course.gate
    match gate:
        case None | "acceptance":
            return True
        case "dispatch":
            return course.given_to == "staff"
        case "visit":
            return course.trigger == "visit"
        case "site_entry":
            return any((rule.kind, rule.applies_to) == ("gate", "site_entry") for rule in terms.safety_rules)
        case "customisation_completed":
            return any(found.training for found in terms.customisation_types)
    return gate in {phase.code for phase in terms.lifecycle_phases}
