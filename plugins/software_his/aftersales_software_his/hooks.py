"""Every hook that this vertical implements; the engine registers this module."""

from aftersales_software_his.assets import asset_types, code_registries, work_types
from aftersales_software_his.behaviours import classify_fault
from aftersales_software_his.coverage import (
    covered_causes,
    customer_duties,
    exclusions,
    lifecycle_phases,
    required_fields,
    warranty_terms,
)
from aftersales_software_his.fees import service_fee_table
from aftersales_software_his.grades import fault_grades
from aftersales_software_his.planned import inspection_cadences, revisit_rules, training_curricula
from aftersales_software_his.records import closing_rules, deliverables, form_templates, record_rules
from aftersales_software_his.routing import channel_ladder, escalation_ladders, major_incidents, roles_and_routing
from aftersales_software_his.settings import settings_problems
from aftersales_software_his.targets import calendars, region_classes, sla_targets
from aftersales_software_his.upgrades import customisation_types, upgrade_rules

__all__ = [
    "asset_types",
    "calendars",
    "channel_ladder",
    "classify_fault",
    "closing_rules",
    "code_registries",
    "covered_causes",
    "customer_duties",
    "customisation_types",
    "deliverables",
    "escalation_ladders",
    "exclusions",
    "fault_grades",
    "form_templates",
    "inspection_cadences",
    "lifecycle_phases",
    "major_incidents",
    "record_rules",
    "region_classes",
    "required_fields",
    "revisit_rules",
    "roles_and_routing",
    "service_fee_table",
    "settings_problems",
    "sla_targets",
    "training_curricula",
    "upgrade_rules",
    "warranty_terms",
    "work_types",
]
