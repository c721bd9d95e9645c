"""What every term has: a code, a name in two languages, the clause it comes from and who set it."""

from typing import Literal

from msgspec import Struct

Source = Literal["vertical", "tenant", "contract", "statute", "default"]
"""Who set a value. `vertical`: the industry's own text; `default`: ours, because the text gives none."""


class Label(Struct, frozen=True):
    """A name for people, in Chinese and in English."""

    zh: str
    en: str


class Term(Struct, frozen=True, kw_only=True):
    """A promise or a rule.

    `clause` is the number in the plan (`P09-11`), an article of law, or the tenant's own number; `note`
    names the reading that was chosen where the text is ambiguous (`A49`). `also_clauses` are further numbers that
    the same term keeps, such as the audience and the topics of a course.
    """

    code: str
    label: Label
    clause: str | None = None
    source: Source = "vertical"
    note: str | None = None
    also_clauses: tuple[str, ...] = ()
