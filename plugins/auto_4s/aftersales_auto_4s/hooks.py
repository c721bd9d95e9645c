"""Every hook that this vertical implements; the engine registers this module."""

from aftersales_auto_4s.assets import asset_types, work_types
from aftersales_auto_4s.behaviours import classify_fault, judge_eligibility, on_event, segment_customer
from aftersales_auto_4s.campaign import campaign_eligibility, campaign_offers
from aftersales_auto_4s.coverage import (
    covered_causes,
    exclusions,
    lifecycle_phases,
    required_fields,
    statutory_floors,
    warranty_terms,
)
from aftersales_auto_4s.fees import labour_hours, service_fee_table
from aftersales_auto_4s.grades import fault_grades
from aftersales_auto_4s.planned import checklists, inspection_cadences
from aftersales_auto_4s.records import closing_rules, form_templates
from aftersales_auto_4s.settings import settings_problems
from aftersales_auto_4s.targets import escalation_ladders, roles_and_routing, sla_targets

__all__ = [
    "asset_types",
    "campaign_eligibility",
    "campaign_offers",
    "checklists",
    "classify_fault",
    "closing_rules",
    "covered_causes",
    "escalation_ladders",
    "exclusions",
    "fault_grades",
    "form_templates",
    "inspection_cadences",
    "judge_eligibility",
    "labour_hours",
    "lifecycle_phases",
    "on_event",
    "required_fields",
    "roles_and_routing",
    "segment_customer",
    "service_fee_table",
    "settings_problems",
    "sla_targets",
    "statutory_floors",
    "warranty_terms",
    "work_types",
]
