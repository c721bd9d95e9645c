"""Errors that a caller can act on: each class carries an HTTP status, each instance a stable code.

The messages of every code stand in `aftersales.kit.messages`, in Chinese and in English.
"""

from typing import Any, ClassVar, Literal

from aftersales.kit.messages import DEFAULT_LANGUAGE, Language, render

__all__ = [
    "AftersalesError",
    "Conflict",
    "Forbidden",
    "InvalidInput",
    "Language",
    "NotFound",
    "PluginFault",
    "StateRefused",
    "TooManyRequests",
    "Unauthenticated",
    "Unavailable",
]


class AftersalesError(Exception):
    """A refusal with a stable `code`, the input `field` it is about, and parameters for its message."""

    status: ClassVar[int] = 400
    kind: ClassVar[Literal["input", "state", "access", "missing", "conflict", "plugin", "unavailable"]] = "input"

    def __init__(self, code: str, *, field: str | None = None, **params: Any) -> None:
        self.code = code
        self.field = field
        self.params = params
        super().__init__(render(code, DEFAULT_LANGUAGE, params))

    def message(self, language: Language) -> str:
        """The sentence for a person, in the given language."""
        return render(self.code, language, self.params)


class InvalidInput(AftersalesError):
    """What was sent can't be right, whatever the state of the data."""

    status = 422


class NotFound(AftersalesError):
    """No such thing for this caller; the same answer whether it never existed or belongs to somebody else."""

    status = 404
    kind = "missing"


class StateRefused(AftersalesError):
    """A guard refuses: the request is well-formed, the thing's present state doesn't allow it."""

    status = 409
    kind = "state"


class Conflict(AftersalesError):
    """Somebody else was first: a stale version, a key used twice, a unique value taken."""

    status = 409
    kind = "conflict"


class Forbidden(AftersalesError):
    """Known caller without the right."""

    status = 403
    kind = "access"


class Unauthenticated(AftersalesError):
    """No caller could be established from the request."""

    status = 401
    kind = "access"


class PluginFault(AftersalesError):
    """A vertical raised, or returned what its hook doesn't promise; `vertical` and `hook` name the place."""

    status = 500
    kind = "plugin"


class Unavailable(AftersalesError):
    """The platform can't serve this now; trying later may help."""

    status = 503
    kind = "unavailable"


class TooManyRequests(AftersalesError):
    """More than the caller's share; `retry_after` seconds later there is room again."""

    status = 429
    kind = "unavailable"

    def __init__(self, code: str, *, retry_after: int, **params: Any) -> None:
        self.retry_after = retry_after
        super().__init__(code, seconds=retry_after, **params)
