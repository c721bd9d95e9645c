"""Checks on what people type: length in characters, no control characters, no accidental blanks."""

import unicodedata

from aftersales.kit.errors import InvalidInput

CODE_LIMIT = 60
NAME_LIMIT = 200
TITLE_LIMIT = 300
BODY_LIMIT = 20_000


def clean_text(value: str | None, field: str, limit: int, *, required: bool = False) -> str:
    """The text, stripped; REQUIRED when blank and `required`, TEXT_TOO_LONG beyond `limit` characters."""
    text = (value or "").strip()
    if required and not text:
        raise InvalidInput("REQUIRED", field=field, field_name=field)
    if len(text) > limit:
        raise InvalidInput("TEXT_TOO_LONG", field=field, field_name=field, limit=limit, length=len(text))
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\r\t" for character in text):
        raise InvalidInput("TEXT_INVALID", field=field, field_name=field)
    return text


def camel(name: str) -> str:
    """A field's name as callers write it: `due_days` is `dueDays`."""
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)
