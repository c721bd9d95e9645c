"""Site safety: targets of zero, gates, checks, permits and who has to be there (P05-01 to P05-30, 40 to 45)."""

from collections.abc import Sequence

from aftersales import Label, SafetyRule, hookimpl
from aftersales_landscaping.settings import LandscapingSettings

HAZARD_CATEGORIES = ("behaviour", "condition", "environment", "management")

RULES = (
    SafetyRule(
        code="five_zeros", label=Label("五无", "Five zeros"), clause="P05-01", kind="zero_target", applies_to="company",
        conditions=("death", "serious_injury", "collapse", "poisoning", "fire"),
    ),
    SafetyRule(
        code="three_zeros", label=Label("无违规、无隐患、无事故", "No violation, no hazard, no accident"),
        clause="P05-40",
        kind="zero_target", applies_to="site", conditions=("violation", "hazard", "accident", "major_casualty"),
    ),
    SafetyRule(
        code="company_body", label=Label("公司级安全领导机构", "Safety body of the company"), clause="P05-02",
        kind="role", applies_to="company", conditions=("production_manager", "safety_supervision"), minimum=1,
    ),
    SafetyRule(
        code="project_manager", label=Label("安全第一责任人", "First responsible person"), clause="P05-03",
        kind="role", applies_to="site", conditions=("project_manager",), minimum=1,
    ),
    SafetyRule(
        code="safety_officer", label=Label("专职安全员一人", "One full-time safety officer"),
        clause="P05-04", note="A29",
        kind="role", applies_to="site", conditions=("safety_officer", "full_time"), minimum=1,
    ),
    SafetyRule(
        code="branches_take_part", label=Label("分公司参与安全管理", "Branches take part in safety"), clause="P05-44",
        kind="role", applies_to="branch", conditions=("safety_contact",), minimum=1,
    ),
    SafetyRule(
        code="responsibility_letters", label=Label("安全生产责任制", "Signed safety responsibility"), clause="P05-05",
        kind="record", applies_to="worker", conditions=("responsibility_letter",),
    ),
    SafetyRule(
        code="pre_shift_meeting", label=Label("班前会讲安全", "Safety is a topic before every shift"), clause="P05-06",
        kind="record", applies_to="shift", conditions=("pre_shift_meeting", "safety_topic"),
    ),
    SafetyRule(
        code="temporary_power_code", label=Label("临时用电规范", "Code for temporary power"), clause="P05-07",
        kind="check", applies_to="temporary_power", conditions=("JGJ 46",),
    ),
    SafetyRule(
        code="signs_and_guards", label=Label("安全标志和防护", "Safety signs and guards"), clause="P05-08",
        kind="check", applies_to="site", conditions=("safety_signs", "safety_guards"),
    ),
    SafetyRule(
        code="entry_education", label=Label("进场安全教育", "Safety education before entry"), clause="P05-10",
        kind="gate", applies_to="site_entry", conditions=("production", "electricity", "fire", "machinery"),
        chaired_by=("project_manager", "safety_officer"),
    ),
    SafetyRule(
        code="protective_equipment", label=Label("安全帽、工作服、严禁吸烟", "Helmet, work clothes, no smoking"),
        clause="P05-11", kind="check", applies_to="worker", conditions=("helmet", "work_clothes", "no_smoking"),
        violations=("no_helmet", "no_work_clothes", "smoking"),
    ),
    SafetyRule(
        code="special_workers", label=Label("特殊作业人员持证上岗", "Special workers hold a valid certificate"),
        clause="P05-12", kind="gate", applies_to="assignment", conditions=("protective_equipment", "valid_certificate"),
        violations=("no_protective_equipment", "no_certificate"),
    ),
    SafetyRule(
        code="trade_procedures", label=Label("按本工种操作规程作业", "Every trade follows its procedure"),
        clause="P05-41",
        kind="record", applies_to="trade", conditions=("procedure_acknowledged",),
    ),
    SafetyRule(
        code="process_briefing", label=Label("工序安全交底", "Safety briefing of every work process"), clause="P05-13",
        kind="gate", applies_to="work_process", conditions=("briefing_sheet", "acknowledged_by_every_worker"),
    ),
    SafetyRule(
        code="five_wire_supply", label=Label("三相五线制和漏电保护", "Five-wire supply, residual-current protection"),
        clause="P05-14", kind="check", applies_to="temporary_power",
        conditions=("five_wire_supply", "compliant_box", "residual_current_device"),
    ),
    SafetyRule(
        code="electricians_only", label=Label("专业电工", "Electricians only"), clause="P05-15",
        kind="gate", applies_to="temporary_power", conditions=("electrician",),
    ),
    SafetyRule(
        code="machine_checks", label=Label("班前班后检查、运转记录", "Checked before and after the shift, running log"),
        clause="P05-16", kind="check", applies_to="machine", conditions=("before_shift", "after_shift", "running_log"),
    ),
    SafetyRule(
        code="lock_out", label=Label("停机、断电、上锁挂牌或看护", "Stop, power off, and lock, tag or attend"),
        clause="P05-17", kind="gate", applies_to="machine_repair", conditions=("stopped", "power_off"),
        any_of=("lock", "tag", "attendant"),
    ),
    SafetyRule(
        code="no_faulty_machines", label=Label("严禁带病运转", "No faulty machine runs"), clause="P05-18",
        kind="gate", applies_to="machine", conditions=("not_defective", "certified_operator"),
        certificates=("machine_operator",),
    ),
    SafetyRule(
        code="machine_guards", label=Label("防护装置和保护接零", "Guards and protective neutral"), clause="P05-42",
        kind="check", applies_to="machine", conditions=("guards", "protective_neutral"),
    ),
    SafetyRule(
        code="hot_work", label=Label("动火专人看护、完工清理", "Fire watch, cleaned up afterwards"), clause="P05-19",
        kind="permit", applies_to="hot_work", conditions=("fire_watch", "cleaned_up"), at_close=("cleaned_up",),
        violations=("left_without_close_out", "no_fire_watch"),
    ),
    SafetyRule(
        code="flammables", label=Label("易燃易爆物品", "Flammables"), clause="P05-20",
        kind="permit", applies_to="flammables", conditions=("separate_store", "keeper", "extinguishers"),
        violations=("flammables_on_site",),
    ),
    SafetyRule(
        code="fire_equipment", label=Label("消防器材", "Fire equipment"), clause="P05-21",
        kind="check", applies_to="site", conditions=("enough", "not_buried", "not_enclosed", "not_diverted"),
        violations=("fire_equipment_buried", "fire_equipment_enclosed", "fire_equipment_diverted"),
    ),
    SafetyRule(
        code="escape_lanes", label=Label("疏散通道及消防通道", "Evacuation and fire lanes"), clause="P05-22",
        kind="check", applies_to="site", conditions=("evacuation_lane", "fire_lane"),
    ),
    SafetyRule(
        code="guards", label=Label("保卫、巡逻、门卫制度", "Guard, patrol and gate"), clause="P05-23",
        kind="record", applies_to="site", conditions=("guard", "patrol", "gate_log"),
    ),
    SafetyRule(
        code="fence_and_badges", label=Label("围挡标志和值勤标志", "Signs on the fence, badges on the guards"),
        clause="P05-43", kind="check", applies_to="site", conditions=("fence_signs", "guard_badges"),
    ),
    SafetyRule(
        code="night", label=Label("夜间标志灯和交通疏导", "Night lamps, traffic directed"), clause="P05-24",
        kind="check", applies_to="night", conditions=("warning_lamps", "traffic_person"),
    ),
    SafetyRule(
        code="visitors", label=Label("外部人员须经允许", "Outsiders only with permission"), clause="P05-25",
        kind="permit", applies_to="visitor", conditions=("site_leader",),
        condition_roles={"site_leader": ("project_manager",)}, violations=("outsider_without_permit",),
    ),
    SafetyRule(
        code="hazard_categories", label=Label("隐患四类", "Four kinds of hazards"), clause="P05-45",
        kind="record", applies_to="hazard", any_of=HAZARD_CATEGORIES,
    ),
    SafetyRule(
        code="hazard_rectified", label=Label("整改验收合格后方可施工", "Work resumes only after verification"),
        clause="P05-27", kind="stop_work", applies_to="hazard", conditions=("rectified", "verified"),
    ),
    SafetyRule(
        code="rainy_season_stop", label=Label("立即停工并汇报", "Stop work at once and report"), clause="P05-30",
        kind="stop_work", applies_to="hazard", conditions=("reported_to_leader", "plan_by_leader", "checked"),
    ),
)  # fmt: skip


@hookimpl
def safety_rules(settings: LandscapingSettings) -> Sequence[SafetyRule]:
    gap = settings.patrol_gap_minutes
    return (
        *RULES,
        SafetyRule(
            code="staked_trees",
            label=Label("大规格乔木支撑", "Large trees are staked"),
            clause="P05-28",
            note="A05: from which trunk on a tree is large is the tenant's.",
            kind="check",
            applies_to="large_tree",
            conditions=("staked",),
            asset_type="planting_batch",
            attribute="trunk_diameter_centimetres",
            threshold=settings.large_tree_centimetres,
        ),
        SafetyRule(
            code="rainy_season",
            label=Label("雨季全天候检查", "All-day checks in the rainy season"),
            clause="P05-29",
            note="A05: the months of the rainy season are the tenant's.",
            kind="patrol",
            applies_to="site",
            conditions=("flood", "lightning", "collapse"),
            months=settings.rainy_months,
            daily=True,
            named_person=True,
        ),
        SafetyRule(
            code="patrol",
            label=Label("安全员 24 小时巡视", "Patrol round the clock"),
            clause="P05-26",
            source="vertical" if gap is None else "tenant",
            note="A29: rounds may be delegated; no gap may be longer than the tenant's value.",
            kind="patrol",
            applies_to="site",
            conditions=("site", "rest_areas"),
            longest_gap_minutes=gap,
        ),
    )
