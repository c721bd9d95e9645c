"""Every hook that this vertical implements; the engine registers this module."""

from aftersales_solar.assets import asset_types, symptom_remedies, work_types
from aftersales_solar.behaviours import classify_fault
from aftersales_solar.coverage import (
    covered_causes,
    customer_duties,
    exclusions,
    lifecycle_phases,
    required_fields,
    warranty_terms,
)
from aftersales_solar.fees import service_fee_table
from aftersales_solar.grades import fault_grades
from aftersales_solar.planned import checklists, inspection_cadences, revisit_rules, training_curricula
from aftersales_solar.proposals import proposal_rules
from aftersales_solar.records import closing_rules, deliverables, form_templates
from aftersales_solar.settings import settings_problems
from aftersales_solar.targets import calendars, escalation_ladders, roles_and_routing, service_tiers, sla_targets

__all__ = [
    "asset_types",
    "calendars",
    "checklists",
    "classify_fault",
    "closing_rules",
    "covered_causes",
    "customer_duties",
    "deliverables",
    "escalation_ladders",
    "exclusions",
    "fault_grades",
    "form_templates",
    "inspection_cadences",
    "lifecycle_phases",
    "proposal_rules",
    "required_fields",
    "revisit_rules",
    "roles_and_routing",
    "service_fee_table",
    "service_tiers",
    "settings_problems",
    "sla_targets",
    "symptom_remedies",
    "training_curricula",
    "warranty_terms",
    "work_types",
]
