"""The one catalogue of error codes: what each says in Chinese and in English.

Codes are part of the API and never change their meaning. Texts are `str.format` templates. Each module here holds a
part of the catalogue under the name `MESSAGES`, {code: (Chinese, English)}; a code stands in one of them only.
"""

import pkgutil
from importlib import import_module
from typing import Any, Literal

Language = Literal["zh-CN", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")
DEFAULT_LANGUAGE: Language = "en"
VALUE_LIMIT = 200
"""Characters of a value that a message repeats; what a caller sent may be a thousand times as long."""


def _collected() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for part in pkgutil.iter_modules(__path__):
        messages: dict[str, tuple[str, str]] = import_module(f"{__name__}.{part.name}").MESSAGES
        if twice := found.keys() & messages.keys():
            raise RuntimeError(f"error codes in two parts of the catalogue: {sorted(twice)}")
        found |= messages
    return found


MESSAGES = _collected()


def render(code: str, language: Language, params: dict[str, Any]) -> str:
    """The message of `code`; a code without a catalogue entry is a programming error and raises KeyError."""
    chinese, english = MESSAGES[code]
    told = {name: _cut(str(value)) for name, value in params.items()}
    return (chinese if language == "zh-CN" else english).format(**told)


def _cut(text: str) -> str:
    return text if len(text) <= VALUE_LIMIT else f"{text[: VALUE_LIMIT - 1]}…"
