"""What a Playbook is made of, when two tenants share one, and which declarations are nonsense."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from msgspec import Struct

from aftersales import (
    AssetType,
    Budget,
    CalendarDefinition,
    CalendarTerm,
    ChannelLadder,
    ClosingRule,
    ComponentType,
    Curriculum,
    FaultGrade,
    GradeRule,
    GradeScheme,
    Label,
    MajorIncidentRule,
    RegionClass,
    RoleOutcomes,
    SettingsProblem,
    SlaTarget,
    StatutoryFloor,
    SymptomRemedy,
    TargetScope,
    VerticalSettings,
    WarrantyTerm,
    WorkType,
    always_open_calendar,
    hookimpl,
    monday_to_friday,
)
from aftersales.kit.errors import InvalidInput, PluginFault
from aftersales.plugins.compiler import PlaybookCompiler
from aftersales.plugins.registry import Registry
from tests.dummy_vertical import DUMMY
from tests.terms.making import vertical

NAME = Label("名称", "Name")


def compiler() -> PlaybookCompiler:
    return PlaybookCompiler(Registry([DUMMY, vertical("empty")]))


def returning(*terms: Any) -> Any:
    """A declaration that returns these terms, under whatever hook it is put."""

    @hookimpl
    def declare(settings: VerticalSettings) -> Sequence[Any]:
        return terms

    return declare


def compiled(**hooks: Any) -> Any:
    return PlaybookCompiler(Registry([vertical(**hooks)])).playbook({"probe": {}}).verticals["probe"]


# --- sharing -----------------------------------------------------------------------------------------------------


def test_equal_settings_share_one_playbook() -> None:
    shared = compiler()

    assert shared.playbook({"dummy": {"response_hours": 8}}) is shared.playbook({"dummy": {"response_hours": 8}})
    assert shared.key({"dummy": {}, "empty": {}}) == shared.key({"empty": {}, "dummy": {}})


def test_changed_settings_have_another_key_and_other_terms() -> None:
    shared = compiler()
    before, after = shared.playbook({"dummy": {}}), shared.playbook({"dummy": {"response_hours": 8}})

    assert before.key != after.key
    assert before.verticals["dummy"].sla_targets[0].budget == Budget(amount=4, unit="working_hour")
    assert after.verticals["dummy"].sla_targets[0].budget == Budget(amount=8, unit="working_hour")


def test_another_version_of_a_vertical_has_another_key() -> None:
    older = PlaybookCompiler(Registry([vertical(version="1.0.0")]))
    newer = PlaybookCompiler(Registry([vertical(version="1.1.0")]))

    assert older.key({"probe": {}}) != newer.key({"probe": {}})


def test_the_same_settings_have_the_same_key_in_every_process() -> None:
    assert compiler().key({"dummy": {"response_hours": 8}}) == compiler().key({"dummy": {"response_hours": 8}})


def test_a_playbook_holds_enabled_verticals_only() -> None:
    assert set(compiler().playbook({"empty": {}}).verticals) == {"empty"}


def test_hooks_run_once_per_playbook() -> None:
    calls = []

    @hookimpl
    def work_types(settings: VerticalSettings) -> Sequence[WorkType]:
        calls.append(settings)
        return ()

    once = PlaybookCompiler(Registry([vertical(work_types=work_types)]))
    for _ in range(3):
        once.playbook({"probe": {}})

    assert len(calls) == 1


# --- settings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("raw", [{"response_hours": "soon"}, {"colour": "blue"}])
def test_settings_of_the_wrong_shape_are_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        compiler().check_settings("dummy", raw)

    assert (refused.value.code, refused.value.params["vertical"]) == ("VERTICAL_SETTINGS_INVALID", "dummy")


@pytest.mark.parametrize("answer", ["no", 7, (1,)])
def test_a_check_of_settings_that_answers_nonsense_is_the_verticals_fault(answer: Any) -> None:
    @hookimpl
    def settings_problems(settings: VerticalSettings) -> Any:
        return answer

    with pytest.raises(PluginFault) as failed:
        PlaybookCompiler(Registry([vertical(settings_problems=settings_problems)])).check_settings("probe", {})

    assert failed.value.params["hook"] == "settings_problems"


def test_the_first_problem_of_settings_is_told_in_both_languages() -> None:
    problem = SettingsProblem(field="colour", reason=Label("太红", "too red"))

    with pytest.raises(InvalidInput) as refused:
        PlaybookCompiler(Registry([vertical(settings_problems=returning(problem))])).check_settings("probe", {})

    assert refused.value.field == "colour"
    assert "太红" in refused.value.message("zh-CN")
    assert "too red" in refused.value.message("en")


def test_a_zone_that_doesnt_exist_is_refused_with_the_settings() -> None:
    with pytest.raises(InvalidInput) as refused:
        compiler().check_settings("dummy", {"time_zone": "Mars/Phobos"})

    assert refused.value.code == "ZONE_UNKNOWN"


# --- nonsense -----------------------------------------------------------------------------------------------------


class Facts(Struct, frozen=True, kw_only=True):
    """One fact."""

    burns: bool = False


class Unshowable(Struct, frozen=True, kw_only=True):
    """A fact that no schema can show."""

    anything: dict[str, object] | None = None


WORK = WorkType(code="w", label=NAME, clause="X-1")
HIGH = FaultGrade(code="high", label=NAME, clause="X-1", rank=1)
WARRANTY = WarrantyTerm(
    code="pot", label=NAME, clause="X-1", warranty_class="pot", amount=1, unit="year", starts_on="purchase"
)
TARGET = {"label": NAME, "clause": "X-1", "milestone": "on_site", "budget": Budget(amount=1, unit="hour")}


def scheme(**changes: Any) -> GradeScheme:
    values = {"grades": (HIGH,), "facts": Facts, "default_grade": "high", **changes}
    return GradeScheme(code="s", label=NAME, clause="X-1", **values)


def target(**changes: Any) -> SlaTarget:
    return SlaTarget(code="t", **{**TARGET, **changes})


def ladder(**changes: Any) -> ChannelLadder:
    values = {"code": "l", "steps": ("phone", "on_site"), "requires": {}, **changes}
    return ChannelLadder(label=NAME, clause="X-1", **values)


def closing(scope: TargetScope) -> ClosingRule:
    return ClosingRule(code="c", label=NAME, clause="X-1", before="close", needs="sign_off", scope=scope)


def asset(**changes: Any) -> AssetType:
    part = ComponentType(code="lid", label=NAME, warranty_class="pot")
    return AssetType(code="a", label=NAME, clause="X-1", **{"components": (part,), **changes})


def remedy(component: str) -> SymptomRemedy:
    return SymptomRemedy(code="r", label=NAME, clause="X-1", component=component, symptoms=("off",), remedy="repair")


def course(**changes: Any) -> Curriculum:
    values = {"audience": ("host",), "units": ("pouring",), "trigger": "request", **changes}
    return Curriculum(code="c", label=NAME, clause="X-1", **values)


NONSENSE: list[tuple[str, dict[str, tuple[Any, ...]], str]] = [
    ("work_types", {"work_types": (HIGH,)}, "FaultGrade instead of WorkType"),
    ("work_types", {"work_types": (WORK, WORK)}, "twice"),
    ("work_types", {"work_types": (WorkType(code="w", label=NAME),)}, "names no clause"),
    ("fault_grades", {"fault_grades": (scheme(), scheme(grades=()))}, "twice"),
    ("fault_grades", {"fault_grades": (scheme(default_grade="low"),)}, "isn't declared"),
    ("fault_grades", {"fault_grades": (scheme(rules=(GradeRule(grade="low", when={}),)),)}, "isn't declared"),
    ("fault_grades", {"fault_grades": (scheme(rules=(GradeRule(grade="high", when={"x": 1}),)),)}, "asks for a fact"),
    ("fault_grades", {"fault_grades": (scheme(facts=Unshowable),)}, "can't be shown"),
    ("asset_types", {"asset_types": (asset(attributes=Unshowable),)}, "can't be shown"),
    (
        "asset_types",
        {"asset_types": (asset(),), "warranty_terms": (WarrantyTerm(
            code="mug", label=NAME, clause="X-1", warranty_class="mug", amount=1, unit="year", starts_on="purchase",
        ),)},
        "unknown warranty class pot",
    ),
    ("symptom_remedies", {"symptom_remedies": (remedy("spout"),)}, "unknown component spout"),
    ("sla_targets", {"sla_targets": (target(scope=TargetScope(grades=("low",))),)}, "unknown grade low"),
    ("sla_targets", {"sla_targets": (target(scope=TargetScope(regions=("moon",))),)}, "unknown region class moon"),
    ("sla_targets", {"sla_targets": (target(calendar="lunar"),)}, "unknown calendar lunar"),
    ("sla_targets", {"sla_targets": (target(ladder="rope"),)}, "unknown ladder rope"),
    ("sla_targets", {"sla_targets": (target(source="default"),)}, "number of ours"),
    ("channel_ladder", {"channel_ladder": (ladder(), ladder(code="m"))}, "more than one"),
    ("channel_ladder", {"channel_ladder": (ladder(requires={"on_site": ("remote",)}),)}, "unknown step remote"),
    ("channel_ladder", {"channel_ladder": (ladder(grades=("low",)),)}, "unknown grade low"),
    ("closing_rules", {"closing_rules": (closing(TargetScope(grades=("low",))),)}, "unknown grade low"),
    ("training_curricula", {"training_curricula": (course(prerequisites=("basics",)),)}, "as a prerequisite"),
    ("training_curricula", {"training_curricula": (course(prerequisites=("c",)),)}, "as a prerequisite"),
    ("training_curricula", {"training_curricula": (course(asset_types=("kettle",)),)}, "unknown asset type"),
    ("training_curricula", {"training_curricula": (course(trigger="phase"),)}, "without a phase"),
    ("training_curricula", {"training_curricula": (course(phase="installation"),)}, "without that trigger"),
    *(
        ("training_curricula", {"training_curricula": (course(gate=gate),)}, f"gates {gate}, which nothing keeps")
        for gate in ("moonrise", "dispatch", "visit", "site_entry", "customisation_completed")
    ),
    (
        "training_curricula",
        {"training_curricula": (course(role_outcomes=(RoleOutcomes(role="guest", outcomes=("sip",)),)),)},
        "outside its audience",
    ),
    (
        "major_incidents",
        {"major_incidents": (MajorIncidentRule(
            code="m", label=NAME, clause="X-1", grades=("low",), notify_roles=("owner",),
        ),)},
        "unknown grade low",
    ),
    (
        "region_classes",
        {"region_classes": (
            RegionClass(code="a", label=NAME, clause="X-1", fallback=True),
            RegionClass(code="b", label=NAME, clause="X-1", fallback=True),
        )},
        "every other place",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("hook", "declared", "reason"), NONSENSE)
def test_nonsense_is_refused_with_the_hook_that_said_it(
    hook: str, declared: dict[str, tuple[Any, ...]], reason: str
) -> None:
    with pytest.raises(PluginFault) as failed:
        compiled(**{name: returning(*terms) for name, terms in declared.items()})

    assert failed.value.code == "VERTICAL_RETURNED_NONSENSE"
    assert (failed.value.params["vertical"], failed.value.params["hook"]) == ("probe", hook)
    assert reason in failed.value.message("en")


def test_a_declaration_that_is_no_sequence_is_nonsense() -> None:
    @hookimpl
    def work_types(settings: VerticalSettings) -> Any:
        return "w"

    with pytest.raises(PluginFault) as failed:
        compiled(work_types=work_types)

    assert "str instead of a sequence" in failed.value.message("en")


def test_a_calendar_that_never_opens_is_refused() -> None:
    never = CalendarDefinition(code="never", name="never", zone="Asia/Shanghai", weekly=monday_to_friday())
    term = CalendarTerm(code="never", label=NAME, clause="X-1", definition=never, purpose="phone_desk")

    with pytest.raises(InvalidInput) as refused:
        compiled(calendars=returning(term))

    assert refused.value.code == "CALENDAR_EMPTY"


# --- what a Playbook answers ----------------------------------------------------------------------------------------


def test_a_playbook_finds_its_terms_by_code() -> None:
    found = compiler().playbook({"dummy": {}}).verticals["dummy"]

    assert found.asset_type("teapot") is not None
    assert found.component("teapot", "spout") is not None
    assert found.calendar("hours") is not None
    assert found.work_type("gluing") is not None
    assert found.escalation_ladder("ladder") is not None
    assert found.asset_type("mug") is None
    assert found.component("mug", "spout") is None


def test_the_longest_matching_region_code_wins_and_the_fallback_takes_the_rest() -> None:
    def region(code: str, *members: str, fallback: bool = False) -> RegionClass:
        return RegionClass(code=code, label=NAME, clause="X-1", members=members, fallback=fallback)

    found = compiled(
        region_classes=returning(region("province", "13"), region("city", "1310"), region("rest", fallback=True))
    )

    assert [found.region_class_of(code).code for code in ("131002", "130100", "510100", None)] == [
        "city", "province", "rest", "rest",
    ]  # fmt: skip


def test_without_a_fallback_an_unknown_place_has_no_class() -> None:
    only = RegionClass(code="a", label=NAME, clause="X-1", members=("11",))

    assert compiled(region_classes=returning(only)).region_class_of("510100") is None


def test_an_always_open_calendar_compiles() -> None:
    term = CalendarTerm(
        code="on", label=NAME, clause="X-1", definition=always_open_calendar("Asia/Shanghai"), purpose="on_call"
    )

    assert compiled(calendars=returning(term)).calendar("on") == term


def test_a_verticals_own_term_below_its_own_floor_is_its_fault() -> None:
    floor = StatutoryFloor(
        code="f", label=NAME, clause="Law 1", source="statute", warranty_class="pot", amount=2, unit="year", law=NAME,
        effective_from=date(2020, 1, 1),
    )  # fmt: skip

    with pytest.raises(PluginFault) as failed:
        compiled(warranty_terms=returning(WARRANTY), statutory_floors=returning(floor))

    assert failed.value.params["hook"] == "warranty_terms"
