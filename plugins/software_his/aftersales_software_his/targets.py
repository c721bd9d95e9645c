"""Deadlines, the regions that plan 8 names, and the hours of plan 10's phone desk."""

from collections.abc import Sequence

from aftersales import (
    Budget,
    CalendarDefinition,
    CalendarTerm,
    HolidayList,
    Label,
    RegionClass,
    SlaTarget,
    TargetScope,
    always_open_calendar,
    hookimpl,
    monday_to_friday,
)
from aftersales_software_his.grades import COMPLEX, GENERAL
from aftersales_software_his.settings import (
    DEFAULT_AROUND_BEIJING,
    DEFAULT_CALL_BACK_MINUTES,
    LONGEST_ON_SITE_HOURS,
    SoftwareSettings,
)

PROBLEMS = ("fault", "question", "advice")
BEIJING, AROUND_BEIJING, ELSEWHERE = "beijing", "around_beijing", "elsewhere"
ON_SITE_BY_REGION = (
    (BEIJING, Label("北京 2 小时", "Beijing: 2 hours"), 2),
    (AROUND_BEIJING, Label("北京周边 12 小时", "Around Beijing: 12 hours"), 12),
    (ELSEWHERE, Label("外省市 48 小时", "Elsewhere: 48 hours"), 48),
)

HOSPITAL_TARGETS = (
    SlaTarget(
        code="feedback",
        label=Label("一般性问题 1 小时内反馈", "General problem: feedback within 1 hour"),
        clause="P08-12",
        note="A45",
        milestone="acknowledged",
        budget=Budget(amount=1, unit="hour"),
        scope=TargetScope(kinds=PROBLEMS, grades=(GENERAL,)),
        ladder="standard",
    ),
    SlaTarget(
        code="general_resolved",
        label=Label("一般性问题 8 小时内解决", "General problem: resolved within 8 hours"),
        clause="P08-13",
        note="A45",
        milestone="resolved",
        budget=Budget(amount=8, unit="hour"),
        scope=TargetScope(kinds=PROBLEMS, grades=(GENERAL,)),
        ladder="standard",
    ),
    SlaTarget(
        code="complex_plan",
        label=Label("复杂问题三个工作日内给出解决方案", "Complex problem: a solution proposed within 3 working days"),
        clause="P08-14",
        note="A48: counted from the call.",
        milestone="plan_proposed",
        budget=Budget(amount=3, unit="working_day"),
        scope=TargetScope(kinds=PROBLEMS, grades=(COMPLEX,)),
        calendar="working_days",
        ladder="standard",
    ),
    SlaTarget(
        code="complex_resolved",
        label=Label("复杂问题及时解决", "Complex problem: resolved promptly"),
        clause="P08-14",
        note="A05 A48: no number in the text.",
        milestone="resolved",
        budget=None,
        scope=TargetScope(kinds=PROBLEMS, grades=(COMPLEX,)),
    ),
    *(
        SlaTarget(
            code=f"on_site_{region}",
            label=label,
            clause="P08-20",
            note="A04 A46: arrival, counted from the decision to go on site.",
            milestone="on_site",
            budget=Budget(amount=hours, unit="hour"),
            starts_on="on_site_decided",
            scope=TargetScope(regions=(region,)),
            ladder="standard",
        )
        for region, label, hours in ON_SITE_BY_REGION
    ),
)


@hookimpl
def region_classes(settings: SoftwareSettings) -> Sequence[RegionClass]:
    if not settings.is_hospital:
        return ()
    own = settings.around_beijing
    return (
        RegionClass(code=BEIJING, label=Label("北京", "Beijing"), clause="P08-20", members=("11",)),
        RegionClass(
            code=AROUND_BEIJING,
            label=Label("北京周边", "Around Beijing"),
            clause="P08-20",
            source="default" if own is None else "tenant",
            note="A47: the text names no places; Hebei and Tianjin unless the tenant chooses.",
            members=DEFAULT_AROUND_BEIJING if own is None else own,
        ),
        RegionClass(code=ELSEWHERE, label=Label("外省市", "Elsewhere"), clause="P08-20", note="A47", fallback=True),
    )


@hookimpl
def calendars(settings: SoftwareSettings) -> Sequence[CalendarTerm]:
    if settings.is_hospital:
        working_days = CalendarDefinition(
            code="working_days",
            name="工作日",
            zone=settings.time_zone,
            weekly=monday_to_friday(("00:00", "24:00")),
            holidays=HolidayList(country="CN"),
        )
        return (
            CalendarTerm(
                code="working_days",
                label=Label("工作日(含调休)", "Working days, make-up days included"),
                clause="P08-14",
                purpose="working_days",
                definition=working_days,
            ),
        )
    phone_desk = CalendarDefinition(
        code="phone_desk",
        name="电话支持时间",
        zone=settings.time_zone,
        weekly=monday_to_friday(("08:30", "17:00")),
        holidays=HolidayList(country="CN", make_up_days=settings.phone_desk_make_up_days),
    )
    return (
        CalendarTerm(
            code="phone_desk",
            label=Label("电话支持 8:30—17:00 周一至周五", "Phone desk 08:30–17:00, Monday to Friday"),
            clause="P10-28",
            note="A58: make-up working days are open unless the tenant reads it literally.",
            purpose="phone_desk",
            definition=phone_desk,
        ),
        CalendarTerm(
            code="on_call",
            label=Label("下班期间手机联系", "Mobile contact outside office hours"),
            clause="P10-29",
            purpose="on_call",
            definition=always_open_calendar(settings.time_zone, code="on_call", name="下班期间手机联系"),
        ),
    )


@hookimpl
def sla_targets(settings: SoftwareSettings) -> Sequence[SlaTarget]:
    return HOSPITAL_TARGETS if settings.is_hospital else _project_management_targets(settings)


def _project_management_targets(settings: SoftwareSettings) -> tuple[SlaTarget, ...]:
    minutes = settings.call_back_minutes
    call_back = SlaTarget(
        code="call_back",
        label=Label("立即以电话取得联系", "Immediate call-back"),
        clause="P10-20",
        source="default" if minutes is None else "tenant",
        note="A59: “立即” has no number; five minutes are our default.",
        milestone="acknowledged",
        budget=Budget(amount=DEFAULT_CALL_BACK_MINUTES if minutes is None else minutes, unit="minute"),
        scope=TargetScope(kinds=PROBLEMS),
        ladder="standard",
    )
    restored = SlaTarget(
        code="restored",
        label=Label("系统崩溃后尽快恢复", "Recovery after a crash as soon as possible"),
        clause="P10-09",
        note="A05: no number in the text.",
        milestone="restored",
        budget=None,
        scope=TargetScope(kinds=("fault",)),
    )
    on_site = SlaTarget(
        code="on_site",
        label=Label("电话无法解决,48 小时以内到现场", "Phone can't solve it: on site within 48 hours"),
        clause="P10-30",
        note="A58: elapsed; P10-24: the same when the engineer is needed at once.",
        milestone="on_site",
        budget=Budget(amount=LONGEST_ON_SITE_HOURS, unit="hour"),
        starts_on="phone_failed",
        also_starts_on=("on_site_decided",),
        scope=TargetScope(kinds=("fault",)),
        ladder="standard",
    )
    by_grade = tuple(
        SlaTarget(
            code=f"on_site_{grade.lower()}",
            label=Label(f"{grade} 现场响应 {hours} 小时", f"{grade}: on site within {hours} hours"),
            clause="P10-19",
            source="tenant",
            note="A57: the table is missing in the text; these are the tenant's hours.",
            milestone="on_site",
            budget=Budget(amount=hours, unit="hour"),
            starts_on="phone_failed",
            also_starts_on=("on_site_decided",),
            scope=TargetScope(kinds=("fault",), grades=(grade,)),
            ladder="standard",
        )
        for grade, hours in (settings.on_site_hours.by_grade() if settings.on_site_hours else ())
    )
    return (call_back, restored, on_site, *by_grade)
