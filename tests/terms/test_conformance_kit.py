"""The kit notices what it is there for: each kind of misbehaving vertical fails the test that is about it."""

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest
from msgspec import Struct

from aftersales import (
    AssetType,
    EventFacts,
    FaultGrade,
    GradeScheme,
    GradeVerdict,
    Label,
    SettingsProblem,
    VerticalSettings,
    WarrantyTerm,
    WorkType,
    hookimpl,
)
from aftersales.testing import VerticalConformance
from tests.terms.making import vertical

NAME = Label("名称", "Name")
WORK = WorkType(code="w", label=NAME, clause="P05-33")


class Facts(Struct, frozen=True, kw_only=True):
    """No facts at all."""


def kit(
    *, clauses: frozenset[str] | None = None, settings: type[VerticalSettings] = VerticalSettings, **hooks: Any
) -> Any:
    made = vertical(settings=settings, **hooks)
    return type("Kit", (VerticalConformance,), {"vertical": made, "clauses": clauses})()


def returning(*terms: Any) -> Any:
    @hookimpl
    def declare(settings: VerticalSettings) -> Sequence[Any]:
        return terms

    return declare


def test_a_label_without_chinese_is_noticed() -> None:
    english = WorkType(code="w", label=Label("Work", "Work"), clause="P05-33")

    with pytest.raises(AssertionError, match="Chinese name isn't Chinese"):
        kit(work_types=returning(english)).test_labels_speak_both_languages()


def test_a_label_without_english_is_noticed_however_deep() -> None:
    grades = GradeScheme(
        code="s",
        label=NAME,
        clause="P05-33",
        grades=(FaultGrade(code="g", label=Label("级别", " "), clause="P05-33", rank=1),),
        facts=Facts,
        default_grade="g",
    )

    with pytest.raises(AssertionError, match="lacks a name"):
        kit(fault_grades=returning(grades)).test_labels_speak_both_languages()


def test_a_clause_that_doesnt_exist_is_noticed() -> None:
    with pytest.raises(AssertionError, match="no clause P05-33"):
        kit(work_types=returning(WORK), clauses=frozenset({"P05-34"})).test_every_clause_exists()


def test_a_vertical_that_reads_a_file_while_declaring_is_noticed() -> None:
    @hookimpl
    def reading(settings: VerticalSettings) -> Sequence[Any]:
        with open(Path(__file__), encoding="utf-8") as file:
            file.read()
        return ()

    with pytest.raises(Exception, match="does I/O"):
        kit(work_types=reading).test_declarations_do_no_io()


def test_a_vertical_that_opens_a_socket_in_a_behaviour_is_noticed() -> None:
    @hookimpl
    def calling(event: EventFacts, settings: VerticalSettings) -> Sequence[Any]:
        socket.socket()
        return ()

    with pytest.raises(Exception, match="does I/O"):
        kit(on_event=calling).test_on_event_answers_with_follow_ups()


def test_terms_that_differ_from_call_to_call_are_noticed() -> None:
    codes = iter(("a", "b"))

    @hookimpl
    def changing(settings: VerticalSettings) -> Sequence[Any]:
        return (WorkType(code=next(codes), label=NAME, clause="P05-33"),)

    with pytest.raises(AssertionError, match="twice gives different"):
        kit(work_types=changing).test_declarations_are_the_same_each_time()


def test_an_odd_code_is_noticed() -> None:
    odd = WorkType(code="no spaces, please", label=NAME, clause="P05-33")

    with pytest.raises(AssertionError, match="isn't made of"):
        kit(work_types=returning(odd)).test_codes_are_names()


def test_a_statute_without_its_law_is_noticed() -> None:
    lawless = WorkType(code="w", label=NAME, source="statute")

    with pytest.raises(AssertionError, match="no clause"):
        kit(work_types=returning(lawless)).test_sources_are_honest()


def test_a_grade_that_isnt_declared_is_noticed() -> None:
    grades = GradeScheme(
        code="s",
        label=NAME,
        clause="P05-33",
        grades=(FaultGrade(code="g", label=NAME, clause="P05-33", rank=1),),
        facts=Facts,
        default_grade="g",
    )

    @hookimpl
    def classify_fault(facts: Facts, settings: VerticalSettings) -> GradeVerdict | None:
        return GradeVerdict(grade="unheard_of", reason=NAME)

    with pytest.raises(AssertionError, match="unheard_of isn't declared"):
        kit(fault_grades=returning(grades), classify_fault=classify_fault).test_classify_fault_answers_with_a_grade()


def test_settings_that_lose_something_in_storage_are_noticed() -> None:
    class Forgetful(VerticalSettings, frozen=True, kw_only=True):
        cups: Any = (1, 2)

    with pytest.raises(AssertionError, match="change when they are stored"):
        kit(settings=Forgetful).test_settings_have_defaults_and_survive_storage()


def test_settings_that_take_any_name_are_noticed() -> None:
    class Lenient(VerticalSettings, frozen=True, kw_only=True, forbid_unknown_fields=False):
        cups: int = 0

    with pytest.raises(AssertionError, match="unknown name"):
        kit(settings=Lenient).test_unknown_settings_are_refused()


def test_samples_that_the_vertical_itself_refuses_are_noticed() -> None:
    problem = SettingsProblem(field="cups", reason=Label("太少", "too few"))

    with pytest.raises(AssertionError, match="too few"):
        kit(settings_problems=returning(problem)).test_the_samples_of_settings_have_no_problems()


def test_a_vertical_that_declares_nothing_is_noticed() -> None:
    with pytest.raises(AssertionError, match="nothing at all"):
        kit().test_its_declarations_compile()


class TestAPlainVertical(VerticalConformance):
    """One warranty term and one asset type are enough."""

    vertical: ClassVar[Any] = vertical(
        "plain",
        asset_types=returning(AssetType(code="thing", label=NAME, clause="P05-33")),
        warranty_terms=returning(
            WarrantyTerm(
                code="t", label=NAME, clause="P05-31", warranty_class="t", amount=1, unit="year", starts_on="handover"
            )
        ),
    )
