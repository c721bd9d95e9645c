"""A caller of the public API: plain GraphQL over HTTP, as any tenant's own program would do it."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx

Found = TypeVar("Found")

POLL_SECONDS = 0.1
WAIT_SECONDS = 30.0


class RequestFailed(Exception):  # noqa: N818 - what happened
    """The API refused: `codes` are its stable error codes."""

    def __init__(self, operation: str, errors: list[dict[str, Any]]) -> None:
        self.codes = [code_of(error) for error in errors]
        told = "; ".join(f"{code_of(error)} {error.get('field') or ''} {error['message']}" for error in errors)
        super().__init__(f"{operation}: {told}")


class Caller:
    """One token at one address; `url` is a tenant's or the platform's GraphQL address."""

    def __init__(self, http: httpx.Client, url: str, token: str, language: str = "en") -> None:
        self._http = http
        self._url = url
        self._headers = {"authorization": f"Bearer {token}", "accept-language": language}

    def query(self, text: str, **variables: Any) -> dict[str, Any]:
        """The `data` of an operation; RequestFailed for its errors."""
        answer = self._http.post(self._url, json={"query": text, "variables": variables}, headers=self._headers)
        body: dict[str, Any] = answer.json()
        if body.get("errors"):
            raise RequestFailed(text.strip().splitlines()[0], body["errors"])
        answer.raise_for_status()
        data: dict[str, Any] = body["data"]
        return data

    def do(self, mutation: str, returning: str, input_type: str | None = None, **given: Any) -> dict[str, Any]:
        """Run a mutation whose input is `given`; its payload, or RequestFailed for its user errors.

        `returning` is the selection of the payload, `input_type` the input's name where it isn't the mutation's.
        """
        type_name = input_type or f"{mutation[0].upper()}{mutation[1:]}Input"
        text = (
            f"mutation Story($input: {type_name}!) {{ {mutation}(input: $input) "
            f"{{ {returning} userErrors {{ field code message }} }} }}"
        )
        payload: dict[str, Any] = self.query(text, input=given)[mutation]
        if payload["userErrors"]:
            raise RequestFailed(mutation, payload["userErrors"])
        return payload


def code_of(error: dict[str, Any]) -> str:
    """The stable code of a GraphQL error or of a user error."""
    extensions = error.get("extensions") or {}
    return str(error.get("code") or extensions.get("code") or "?")


def wait_for(what: str, look: Callable[[], Found | None], seconds: float = WAIT_SECONDS) -> Found:
    """What `look` finds, as soon as it finds something; TimeoutError names what didn't come."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found is not None:
            return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} didn't come within {seconds:g} s")
        time.sleep(POLL_SECONDS)
