"""The tutorial for tenants is executed: every GraphQL block, in order, with the variables that stand below it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from aftersales_server.demo.client import Caller
from aftersales_server.demo.stories import SCRIPTS
from tests.e2e.conftest import RunningInstance

TUTORIAL = Path(__file__).parents[2] / "docs" / "tenants" / "README.md"
TENANT = "huakang-his"
CUSTOMER_SAYS = "Confirm"
"""The one operation of the tutorial that is the customer's."""

Block = tuple[str, str, dict[str, Any]]


def blocks() -> list[Block]:
    """Operation name, text and variables of every GraphQL block, in order."""
    found: list[Block] = []
    for language, text in re.findall(r"```(graphql|json)\n(.*?)```", TUTORIAL.read_text(encoding="utf-8"), re.DOTALL):
        if language == "graphql":
            name = re.match(r"(?:query|mutation) (\w+)", text)
            assert name is not None, text
            found.append((name[1], text, {}))
        else:
            found[-1][2].update(json.loads(text))
    return found


def placed(value: Any, known: dict[str, str]) -> Any:
    """The variables with ids in the place of their placeholders."""
    if isinstance(value, dict):
        return {key: placed(item, known) for key, item in value.items()}
    return known[value] if isinstance(value, str) and value.startswith("<") else value


@pytest.mark.clause("P08-11", "P08-12", "P08-13", "P08-21")
def test_given_the_tutorial_when_it_is_followed_then_the_promise_is_kept(instance: RunningInstance) -> None:
    url = f"{instance.settings.base_url}/t/{TENANT}/graphql"
    tokens = instance.access.tenant(TENANT).tokens
    callers = {role: Caller(instance.http, url, tokens[role]) for role in ("dispatcher", "customer")}
    known: dict[str, str] = {}
    answers: dict[str, dict[str, Any]] = {}
    for name, text, variables in blocks():
        caller = callers["customer" if name == CUSTOMER_SAYS else "dispatcher"]
        (answer,) = caller.query(text, **placed(variables, known)).values()
        assert answer.get("userErrors", []) == [], name
        answers[name] = answer
        if name == "Installation":
            known["<asset>"] = answer["nodes"][0]["id"]
            known["<customer>"] = answer["nodes"][0]["customer"]["id"]
        elif name == "Open":
            known["<ticket>"] = answer["ticket"]["id"]
        elif name == "Promises":
            known["<commitment>"] = answer["commitments"][0]["id"]
    promised = {row["milestone"]: row["clause"] for row in answers["Promises"]["commitments"]}
    assert promised == {"acknowledged": "P08-12", "resolved": "P08-13"}
    assert answers["Why"]["clause"] == "P08-12"
    assert answers["Close"]["ticket"]["state"] == "closed"
    assert "ticket.closed" in [row["kind"] for row in answers["Archive"]["archive"]["nodes"]]


def test_the_tutorial_names_every_story() -> None:
    told = TUTORIAL.read_text(encoding="utf-8")
    assert [script.code for script in SCRIPTS if f"| `{script.code}` |" not in told] == []
