"""Which Structs a vertical may declare for assets and facts."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec
import pytest

from aftersales.terms.attributes import attribute_problems


@pytest.mark.parametrize(
    "annotation",
    [
        str, int, float, bool, Decimal, date, datetime, str | None, date | None, Literal["a", "b"],
        Literal["a"] | None, tuple[str, ...], tuple[Literal["a"], ...], tuple[str, ...] | None,
    ],
)  # fmt: skip
def test_plain_values_choices_and_lists_of_them_are_fine(annotation: Any) -> None:
    made = msgspec.defstruct("Made", [("some_field", annotation, None)])

    assert list(attribute_problems(made)) == []


@pytest.mark.parametrize(
    "annotation",
    [dict[str, str], list[str], object, Any, bytes, str | int, tuple[str, int], Literal[1, 2], Literal["not a name"]],
)
def test_what_no_schema_can_show_is_told(annotation: Any) -> None:
    made = msgspec.defstruct("Made", [("some_field", annotation, None)])

    (problem,) = attribute_problems(made)

    assert problem.startswith("Made.some_field:")


@pytest.mark.parametrize("name", ["camelCase", "_hidden", "id", "tenant_id", "UPPER", "two__lines"])
def test_names_are_snake_case_and_not_the_engines(name: str) -> None:
    made = msgspec.defstruct("Made", [(name, str, "")])

    (problem,) = attribute_problems(made)

    assert "snake_case" in problem
