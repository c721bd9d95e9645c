"""The four built-in verticals pass the kit that every plugin author gets."""

from collections.abc import Mapping
from typing import Any, ClassVar

from aftersales.plugins.vertical import Vertical
from aftersales.testing import VerticalConformance
from aftersales_auto_4s import VERTICAL as AUTO_4S
from aftersales_landscaping import VERTICAL as LANDSCAPING
from aftersales_software_his import VERTICAL as SOFTWARE_HIS
from aftersales_solar import VERTICAL as SOLAR
from tests.seed.accounting import clauses

Samples = tuple[Mapping[str, Any], ...]


class TestSoftwareHis(VerticalConformance):
    """Both profiles, bare and filled in."""

    vertical: ClassVar[Vertical] = SOFTWARE_HIS
    clauses = frozenset(clauses())
    samples: ClassVar[Samples] = (
        {},
        {"profile": "hospital", "around_beijing": ["1310", "12"], "free_maintenance_months": 24},
        {"profile": "project_management"},
        {
            "profile": "project_management",
            "on_site_hours": {"g1": 4, "g2": 8, "g3": 24, "g4": 48},
            "call_back_minutes": 10,
            "phone_desk_make_up_days": False,
            "module_codes": {"COST": "成本"},
            "error_codes": {"E-1203": "成本汇总出错"},
        },
    )


class TestSolar(VerticalConformance):
    """Plans 9 and 14."""

    vertical: ClassVar[Vertical] = SOLAR
    clauses = frozenset(clauses())
    samples: ClassVar[Samples] = ({}, {"warranty_main_unit_months": 60, "quality_tracking_months": 6})


class TestAuto4s(VerticalConformance):
    """Plan 6, statute and the tenant's own values."""

    vertical: ClassVar[Vertical] = AUTO_4S
    clauses = frozenset(clauses())
    samples: ClassVar[Samples] = (
        {},
        {
            "acknowledge_minutes": 15,
            "repair_hours": 48,
            "minimum_campaign_kilometres": 5000,
            "labour_rate": "100.00",
            "warranty_months": 60,
            "warranty_kilometres": 100000,
        },
    )


class TestLandscaping(VerticalConformance):
    """Plan 5."""

    vertical: ClassVar[Vertical] = LANDSCAPING
    clauses = frozenset(clauses())
    samples: ClassVar[Samples] = (
        {},
        {"watering_every_days": 7, "watering_months": [6, 7, 8], "patrol_gap_minutes": 240, "defects_years": 3},
    )
