"""What a ticket is about and how grave it is: asset types, kinds, grades, regions, registries."""

from typing import Any, Literal

from msgspec import Struct

from aftersales.terms.base import Label, Term

TicketKindCode = Literal[
    "fault",
    "question",
    "advice",
    "complaint",
    "suggestion",
    "return",
    "upgrade",
    "customisation",
    "maintenance",
]
TICKET_KINDS: tuple[TicketKindCode, ...] = (
    "fault", "question", "advice", "complaint", "suggestion", "return", "upgrade", "customisation", "maintenance",
)  # fmt: skip

ChannelCode = Literal["phone", "email", "web", "letter", "visit", "mobile", "outreach", "remote", "on_site"]
INTAKE_CHANNELS: tuple[ChannelCode, ...] = ("phone", "email", "web", "letter", "visit", "mobile", "outreach")


class ComponentType(Struct, frozen=True, kw_only=True):
    """A part of an asset that has a term or a symptom of its own; `warranty_class` groups parts under one term."""

    code: str
    label: Label
    warranty_class: str


class AssetType(Term, frozen=True, kw_only=True):
    """A product class of a vertical. `attributes` is the msgspec Struct that an asset's own data must fit."""

    components: tuple[ComponentType, ...] = ()
    attributes: type[Struct] | None = None


class FaultGrade(Term, frozen=True, kw_only=True):
    """A severity. `rank` 1 is the gravest; `emergency` opens round-the-clock handling."""

    rank: int
    emergency: bool = False


class GradeRule(Struct, frozen=True, kw_only=True):
    """`grade` applies when every named fact has the given value; rules are tried in order, first match wins."""

    grade: str
    when: dict[str, Any]
    clause: str | None = None


class GradeScheme(Term, frozen=True, kw_only=True):
    """The grades of a vertical and how facts lead to one.

    `facts` is the msgspec Struct of what intake records. `rules` decide without plugin code; only when none
    matches is the vertical's `classify_fault` asked, and after it `default_grade` holds.
    """

    grades: tuple[FaultGrade, ...]
    facts: type[Struct]
    rules: tuple[GradeRule, ...] = ()
    default_grade: str

    def grade(self, code: str) -> FaultGrade | None:
        return next((grade for grade in self.grades if grade.code == code), None)


class RegionClass(Term, frozen=True, kw_only=True):
    """A class of places that share a target. `members` are region codes (GB/T 2260 six-digit or prefixes).

    The class with `fallback=True` takes every place that no other class names.
    """

    members: tuple[str, ...] = ()
    fallback: bool = False


class CodeRegistry(Term, frozen=True, kw_only=True):
    """A closed list that tickets refer to, such as module codes and error codes (P10-08)."""

    entries: dict[str, Label]
    ticket_field: Literal["error_code", "module_code"]


class WorkType(Term, frozen=True, kw_only=True):
    """A kind of service that can be ordered, such as emergency repair or expansion."""

    skills: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
