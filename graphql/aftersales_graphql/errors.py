"""Errors as the API answers them: stable codes in `extensions.code`, sentences in the caller's language."""

from collections.abc import Sequence
from typing import Any

import strawberry
from graphql import GraphQLError

from aftersales.kit.errors import AftersalesError, Language
from aftersales.kit.messages import render

Answer = dict[str, Any]


@strawberry.type(description="Why a mutation did nothing: a stable code, and a sentence in the caller's language.")
class UserError:
    code: str = strawberry.field(description="Stable; documented; for programs.")
    field: str | None = strawberry.field(description="The input field that it is about, if any.")
    message: str = strawberry.field(description="For people; follows Accept-Language.")


class RequestRefused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A request that isn't executed at all: `errors` are ready to be answered, `status` is HTTP's."""

    def __init__(self, errors: list[Answer], status: int = 400) -> None:
        self.errors = errors
        self.status = status
        super().__init__(errors[0]["message"])


def user_error(error: AftersalesError, language: Language) -> UserError:
    return UserError(code=error.code, field=error.field, message=error.message(language))


def of_refusal(error: AftersalesError, language: Language, path: Sequence[str | int] | None = None) -> Answer:
    """A refusal as an entry of `errors`."""
    extensions: Answer = {"code": error.code}
    if error.field is not None:
        extensions["field"] = error.field
    answer: Answer = {"message": error.message(language), "extensions": extensions}
    if path is not None:
        answer["path"] = list(path)
    return answer


def of_catalogue(code: str, language: Language, path: Sequence[str | int] | None = None, **params: Any) -> Answer:
    """An entry of `errors` for a code of the catalogue."""
    answer: Answer = {"message": render(code, language, params), "extensions": {"code": code}}
    if path is not None:
        answer["path"] = list(path)
    return answer


def of_graphql(errors: Sequence[GraphQLError], code: str) -> list[Answer]:
    """GraphQL's own findings: its message and places, our code."""
    return [{**error.formatted, "extensions": {"code": code}} for error in errors]


def internal(language: Language, request_id: str, path: Sequence[str | int] | None = None) -> Answer:
    """What a caller learns of an unexpected exception: nothing but the number to ask with."""
    answer = of_catalogue("INTERNAL_ERROR", language, path, request_id=request_id)
    answer["extensions"]["requestId"] = request_id
    return answer
