"""Every hook that this vertical implements; the engine registers this module."""

from aftersales_landscaping.assets import asset_types, symptom_remedies, work_types
from aftersales_landscaping.behaviours import classify_fault
from aftersales_landscaping.checklists import checklists
from aftersales_landscaping.coverage import (
    covered_causes,
    exclusions,
    guarantees,
    lifecycle_phases,
    required_fields,
    statutory_floors,
    warranty_terms,
)
from aftersales_landscaping.fees import service_fee_table
from aftersales_landscaping.grades import fault_grades
from aftersales_landscaping.planned import inspection_cadences, training_curricula
from aftersales_landscaping.records import closing_rules, form_templates, reference_standards
from aftersales_landscaping.safety import safety_rules
from aftersales_landscaping.settings import settings_problems
from aftersales_landscaping.targets import escalation_ladders, roles_and_routing, sla_targets

__all__ = [
    "asset_types",
    "checklists",
    "classify_fault",
    "closing_rules",
    "covered_causes",
    "escalation_ladders",
    "exclusions",
    "fault_grades",
    "form_templates",
    "guarantees",
    "inspection_cadences",
    "lifecycle_phases",
    "reference_standards",
    "required_fields",
    "roles_and_routing",
    "safety_rules",
    "service_fee_table",
    "settings_problems",
    "sla_targets",
    "statutory_floors",
    "symptom_remedies",
    "training_curricula",
    "warranty_terms",
    "work_types",
]
