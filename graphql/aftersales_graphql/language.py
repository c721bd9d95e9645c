"""Which of the two languages a caller reads."""

from functools import lru_cache

from aftersales.kit.errors import Language
from aftersales.terms.base import Label


@lru_cache(maxsize=512)
def _preferred(accept_language: str) -> Language | None:
    ranked: list[tuple[float, int, Language]] = []
    for position, part in enumerate(accept_language.split(",")):
        tag, _, parameters = part.strip().partition(";")
        try:
            quality = float(parameters.strip().removeprefix("q=") or "1")
        except ValueError:
            continue
        primary = tag.strip().lower().split("-")[0]
        if quality > 0 and primary in {"zh", "en"}:
            ranked.append((-quality, position, "zh-CN" if primary == "zh" else "en"))
    return min(ranked)[2] if ranked else None


def choose_language(accept_language: str | None, default: Language) -> Language:
    """The caller's language after Accept-Language (RFC 9110); the tenant's when it names neither of ours."""
    return (_preferred(accept_language[:200]) if accept_language else None) or default


def told(label: Label, language: Language) -> str:
    """A label in the caller's language."""
    return label.zh if language == "zh-CN" else label.en
